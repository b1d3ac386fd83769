//! Which suicide screen counts: the worst of a day stands until a prescriber has signed it, whatever was answered since.

use jiff::Timestamp;

use super::facts_from_chart::{SUICIDE_SCREENS, suicide_risk};
use super::{Chart, Entry};
use crate::event::MeasureCompleted;
use crate::facts::{SuicideFact, SuicideRisk};
use crate::ids::EventId;
use crate::quantity::hours_between;

/// For how long a low or moderate screen outweighs a better one that came after it (clinical reference 10, C01: no screen
/// older than 24 hours counts). A high one does so until it is signed, however long that takes: a proposed default.
const OUTWEIGHS_HOURS: f64 = 24.0;

/// The graver, the higher. An item that matters and was left open weighs more than a moderate answer, which a clinician
/// may sign.
fn weight(risk: SuicideRisk) -> u8 {
    match risk {
        SuicideRisk::None => 0,
        SuicideRisk::Low => 1,
        SuicideRisk::Moderate => 2,
        SuicideRisk::Unanswered => 3,
        SuicideRisk::High => 4,
    }
}

impl Chart {
    /// Every suicide screen that was not struck, in the order in which it was recorded.
    pub fn suicide_screens(&self) -> impl DoubleEndedIterator<Item = &Entry<MeasureCompleted>> {
        self.standing(&self.measures).filter(|m| SUICIDE_SCREENS.contains(&m.value.instrument.as_str()))
    }

    /// Whether the newest review of a screen is a prescriber's word that treatment may go on. Nobody else may say so.
    #[must_use]
    pub fn screen_signed(&self, screen: EventId) -> bool {
        let newest = self.suicide_reviews.iter().rev().find(|review| review.value.measure == screen);
        newest.is_some_and(|review| review.value.proceed)
    }

    /// Whether a screen outweighs those after it: nobody has signed it, and it is grave or recent enough.
    #[must_use]
    pub fn screen_stands(&self, screen: &Entry<MeasureCompleted>, now: Timestamp) -> bool {
        let grave = match suicide_risk(&screen.value) {
            SuicideRisk::High => true,
            SuicideRisk::Low | SuicideRisk::Moderate => hours_between(screen.occurred_at, now) < OUTWEIGHS_HOURS,
            // What was left open is asked again, and the answer counts.
            SuicideRisk::None | SuicideRisk::Unanswered => false,
        };
        grave && !self.screen_signed(screen.id)
    }

    /// The screen that counts now: the worst among the newest and those that still outweigh it.
    #[must_use]
    pub fn suicide_screen(&self, now: Timestamp) -> Option<SuicideFact> {
        let newest = self.suicide_screens().max_by_key(|m| (m.occurred_at, m.seq))?;
        let judged = self
            .suicide_screens()
            .filter(|m| m.id == newest.id || self.screen_stands(m, now))
            .max_by_key(|m| (weight(suicide_risk(&m.value)), m.occurred_at, m.seq))?;
        Some(SuicideFact {
            risk: suicide_risk(&judged.value),
            at: judged.occurred_at,
            instrument: judged.value.instrument.clone(),
            reviewed: self.screen_signed(judged.id),
        })
    }
}
