//! Whose rows a figure is worked out from.

use serde::{Deserialize, Serialize};
use stillwater_care::facts::Setting;

use crate::outcome_row::OutcomeRow;

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

    /// Whether it is known of a row. Somebody whom nobody asked is in none.
    fn holds(self, row: &OutcomeRow) -> bool {
        match self {
            Self::NoTherapy => row.trauma_therapies == Some(0),
            Self::Therapy => row.trauma_therapies.is_some_and(|n| n > 0),
            Self::TwoMedicines => row.medicines_tried.is_some_and(|n| n > 1),
            Self::Ketamine => row.ketamine_before == Some(true),
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
    /// Whether a row is asked for.
    #[must_use]
    pub fn takes(&self, row: &OutcomeRow) -> bool {
        self.protocol.as_ref().is_none_or(|wanted| row.protocol.as_ref() == Some(wanted))
            && self.setting.is_none_or(|wanted| row.setting == Some(wanted))
            && self.veteran.is_none_or(|wanted| row.veteran == Some(wanted))
            && self.site.as_ref().is_none_or(|wanted| row.site.as_ref() == Some(wanted))
            && self.prior.is_none_or(|wanted| wanted.holds(row))
    }

    /// Whether everybody is asked for.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}
