//! Words for the codes that stand in several places: phases, points, checks, visits, endings, and who is asked next.

use stillwater_care::chart::{Phase, SessionPhase};

use crate::Words;

/// Where somebody stands in their care.
#[must_use]
pub fn phase(words: &Words, phase: Phase) -> String {
    words.code("phase", phase.code())
}

/// Where a session stands.
#[must_use]
pub fn session_phase(words: &Words, phase: SessionPhase) -> String {
    words.code("session-phase", phase.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_word() {
        let words = Words::english();
        let said = |family: &str, code: &str| assert!(words.has(&format!("{family}-{code}")), "{family}-{code}");
        Phase::ALL.iter().for_each(|phase| said("phase", phase.code()));
        SessionPhase::ALL.iter().for_each(|phase| said("session-phase", phase.code()));
    }
}
