//! How a payload of an earlier version comes up to today's: one pure step for each version, done one after the other.
//!
//! A stored event is never changed. Where a payload has to change, the event gets the next version in the list, and the
//! step from the version before it stands here with a sample of each in `tests/golden/`.

use serde_json::{Value, json};

use super::UnreadableEvent;

/// Makes the payload of the next version out of one.
type Step = fn(Value) -> Value;

/// Every step: the event's stored name, the version that it takes, and what makes the next version of it.
pub(super) const STEPS: &[(&str, u16, Step)] =
    &[("OrderCancelled", 1, reason_in_words), ("SessionCancelled", 1, reason_in_words)];

/// Brings a payload up to the version in which the event is written today.
///
/// # Errors
/// When the version is none that was ever written by this build or one before it.
pub(super) fn to_current(name: &str, version: u16, current: u16, mut payload: Value) -> Result<Value, UnreadableEvent> {
    let unknown = || UnreadableEvent::Version { name: name.to_owned(), version };
    if version == 0 || version > current {
        return Err(unknown());
    }
    for at in version..current {
        let (_, _, step) = STEPS.iter().find(|(of, from, _)| *of == name && *from == at).ok_or_else(unknown)?;
        payload = step(payload);
    }
    Ok(payload)
}

/// Version 1 said why something was called off in words, and the program's own reasons were English sentences among them.
/// Version 2 says the program's reasons in codes, and keeps a person's words as they are.
fn reason_in_words(mut payload: Value) -> Value {
    if let Some(reason) = payload.get_mut("reason") {
        *reason = match reason.as_str() {
            Some("consent was withdrawn") => json!({ "is": "consent-withdrawn" }),
            Some("the course has ended") => json!({ "is": "course-ended" }),
            _ => json!({ "is": "words", "words": reason.take() }),
        };
    }
    payload
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::event::STORED_NAMES;

    #[test]
    fn every_version_but_the_first_has_the_step_that_leads_to_it() {
        for (name, current) in STORED_NAMES {
            for at in 1..*current {
                let steps = STEPS.iter().filter(|(of, from, _)| of == name && *from == at).count();
                assert_eq!(steps, 1, "{name} from version {at}");
            }
        }
        for (name, from, _) in STEPS {
            assert!(
                STORED_NAMES.iter().any(|(of, current)| of == name && from < current),
                "{name} from version {from}"
            );
        }
    }

    #[test]
    fn a_reason_of_the_programs_own_becomes_a_code_and_a_persons_words_stay_theirs() {
        let came = |reason: &str| reason_in_words(json!({ "order": 1, "reason": reason }));
        assert_eq!(came("the course has ended"), json!({ "order": 1, "reason": { "is": "course-ended" } }));
        assert_eq!(came("consent was withdrawn"), json!({ "order": 1, "reason": { "is": "consent-withdrawn" } }));
        assert_eq!(came("too early"), json!({ "order": 1, "reason": { "is": "words", "words": "too early" } }));
    }

    #[test]
    fn a_version_that_was_never_written_is_an_error_and_never_a_guess() {
        for version in [0, 3, u16::MAX] {
            let error = to_current("OrderCancelled", version, 2, json!({})).unwrap_err();
            assert!(error.to_string().contains(&format!("version {version}")), "{error}");
        }
        assert!(to_current("NoteSigned", 1, 2, json!({})).is_err(), "no step leads from there");
    }
}
