//! What the day of a dose adds: where the patient is, how far help is, who is with them and how they were met, whether the
//! clinic is ready, and what is answered before somebody leaves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Answered;
use crate::code::code_of;

/// Where the patient is today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum PlaceToday {
    /// At the address on record.
    OnRecord,
    /// Somewhere else.
    Elsewhere {
        /// The address, as the patient said it.
        address: String,
    },
    /// Nobody could say.
    Unknown,
}

/// How long an ambulance needs to where the patient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum AmbulanceTime {
    /// About so many minutes.
    Minutes {
        /// How many.
        minutes: i64,
    },
    /// Nobody could say.
    Unknown,
}

/// How the guide met the companion on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenHow {
    /// In the same room.
    InPerson,
    /// By a video call, outside of this program.
    Video,
    /// By telephone: heard, and not seen.
    Telephone,
}

impl SeenHow {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Video, Self::Telephone];
}

code_of!(SeenHow of "seen-how" {
    InPerson = "in-person",
    Video = "video",
    Telephone = "telephone",
});

/// What must be at hand in the clinic, as staff found it. Each is absent until somebody looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadinessFacts {
    /// Oxygen: a cylinder more than half full or a wall outlet, with mask and cannula.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oxygen: Option<Answered>,
    /// Suction, switched on and drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suction: Option<Answered>,
    /// Bag and masks, airways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub airway_kit: Option<Answered>,
    /// Somebody who can rescue an airway is on site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_person: Option<Answered>,
    /// A way into a vein, for an infusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iv_access: Option<Answered>,
}

/// What is known of the companion on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanionFact {
    /// Is 18 or older.
    pub adult: Option<Answered>,
    /// Has done the briefing.
    pub briefed: bool,
    /// Sober, by their own word and the guide's eyes.
    pub sober: Option<Answered>,
    /// The phone was called or reached live.
    pub phone_verified: Option<Answered>,
    /// The guide saw or heard them there: when.
    pub present_confirmed_at: Option<Timestamp>,
    /// How.
    pub seen_how: Option<SeenHow>,
}

/// The release checks (clinical reference 4.6). Each is absent until somebody answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFacts {
    /// Modified Aldrete score, 0 to 10.
    #[serde(default)]
    pub aldrete_total: Option<i32>,
    /// Any Aldrete item at 0.
    #[serde(default)]
    pub aldrete_item_at_zero: Option<bool>,
    /// Knows who, where and when.
    #[serde(default)]
    pub oriented: Option<Answered>,
    /// Walks steadily.
    #[serde(default)]
    pub steady_gait: Option<Answered>,
    /// Not vomiting.
    #[serde(default)]
    pub no_vomiting: Option<Answered>,
    /// Distress has settled.
    #[serde(default)]
    pub distress_settled: Option<Answered>,
    /// Breathes normally: not slow, not shallow, without pauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breathing_normal: Option<Answered>,
    /// No new thoughts of suicide.
    #[serde(default)]
    pub no_new_suicidal_thoughts: Option<Answered>,
    /// An adult escort or a pre-arranged ride, named.
    #[serde(default)]
    pub escort: Option<Answered>,
    /// "No driving until tomorrow after sleep" was acknowledged.
    #[serde(default)]
    pub no_driving_acknowledged: Option<Answered>,
}
