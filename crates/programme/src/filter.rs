//! Whose lines a figure is worked out from.

use serde::{Deserialize, Serialize};
use stillwater_care::facts::Setting;

use crate::line::Line;

/// What a reader asked for; an absent part asks for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// A protocol's id.
    pub protocol: Option<String>,
    /// Where the course takes place.
    pub setting: Option<Setting>,
    /// Served in the armed forces, or did not. Somebody whom nobody asked is in neither.
    pub veteran: Option<bool>,
}

impl Filter {
    /// Whether a line is asked for.
    #[must_use]
    pub fn takes(&self, line: &Line) -> bool {
        self.protocol.as_ref().is_none_or(|wanted| line.protocol.as_ref() == Some(wanted))
            && self.setting.is_none_or(|wanted| line.setting == Some(wanted))
            && self.veteran.is_none_or(|wanted| line.veteran == Some(wanted))
    }

    /// Whether everybody is asked for.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}
