//! Whose lines a figure is worked out from.

use serde::{Deserialize, Serialize};
use stillwater_care::facts::Setting;

use crate::line::Line;

/// What was tried before this course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Prior {
    /// No trauma-focused therapy.
    NoTherapy,
    /// At least one course of trauma-focused therapy.
    Therapy,
    /// At least two medicines for PTSD or depression.
    TwoMedicines,
    /// Ketamine or esketamine.
    Ketamine,
}

impl Prior {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::NoTherapy, Self::Therapy, Self::TwoMedicines, Self::Ketamine];

    /// The word in an address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoTherapy => "no-therapy",
            Self::Therapy => "therapy",
            Self::TwoMedicines => "two-medicines",
            Self::Ketamine => "ketamine",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoTherapy => "no trauma-focused therapy",
            Self::Therapy => "trauma-focused therapy",
            Self::TwoMedicines => "two medicines or more",
            Self::Ketamine => "ketamine or esketamine",
        }
    }

    /// Whether it is known of a line. Somebody whom nobody asked is in none.
    fn holds(self, line: &Line) -> bool {
        match self {
            Self::NoTherapy => line.trauma_therapies == Some(0),
            Self::Therapy => line.trauma_therapies.is_some_and(|n| n > 0),
            Self::TwoMedicines => line.medicines_tried.is_some_and(|n| n > 1),
            Self::Ketamine => line.ketamine_before == Some(true),
        }
    }
}

/// What a reader asked for; an absent part asks for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// A protocol's id.
    pub protocol: Option<String>,
    /// Where the course takes place.
    pub setting: Option<Setting>,
    /// Served in the armed forces, or did not. Somebody whom nobody asked is in neither.
    pub veteran: Option<bool>,
    /// The place of treatment, in the clinic's own words.
    pub site: Option<String>,
    /// What was tried before.
    pub prior: Option<Prior>,
}

impl Filter {
    /// Whether a line is asked for.
    #[must_use]
    pub fn takes(&self, line: &Line) -> bool {
        self.protocol.as_ref().is_none_or(|wanted| line.protocol.as_ref() == Some(wanted))
            && self.setting.is_none_or(|wanted| line.setting == Some(wanted))
            && self.veteran.is_none_or(|wanted| line.veteran == Some(wanted))
            && self.site.as_ref().is_none_or(|wanted| line.site.as_ref() == Some(wanted))
            && self.prior.is_none_or(|wanted| wanted.holds(line))
    }

    /// Whether everybody is asked for.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}
