//! What rules find, for staff; and what a patient reads when a rule holds their dose: plain words, no numbers to puzzle
//! over, no blame and no alarm.

use stillwater_care::coded::Coded;
use stillwater_care::finding::Finding;
use stillwater_care::finding::Severity;
use stillwater_care::quantity::Impossible;
use stillwater_care::rules::{Override, Rule};

use crate::Words;

/// What was measured or answered, with unit and age: `160/89 mmHg, 5 min old`.
#[must_use]
pub fn measured(words: &Words, finding: &Finding) -> String {
    words.coded("measured", &finding.measured)
}

/// The limit, with unit: `below 160/100 mmHg`.
#[must_use]
pub fn limit(words: &Words, finding: &Finding) -> String {
    words.coded("limit", &finding.limit)
}

/// What would clear it.
#[must_use]
pub fn clears(words: &Words, finding: &Finding) -> String {
    words.coded("clears", &finding.clears)
}

/// What was seen when a rule found nothing.
#[must_use]
pub fn clear(words: &Words, seen: &Coded) -> String {
    words.coded("clear", seen)
}

/// Why a rule does not apply.
#[must_use]
pub fn not_applicable(words: &Words, why: &Coded) -> String {
    words.coded("skip", why)
}

/// Something measured, outside a finding: an alert's figures, where an answer is from.
#[must_use]
pub fn figures(words: &Words, measured: &Coded) -> String {
    words.coded("measured", measured)
}

/// Why a figure cannot be true.
#[must_use]
pub fn impossible(words: &Words, impossible: &Impossible) -> String {
    figures(words, &impossible.coded())
}

/// One finding in a line: rule, measured value, limit, what would clear it.
#[must_use]
pub fn line(words: &Words, finding: &Finding) -> String {
    let (measured, limit) = (measured(words, finding), limit(words, finding));
    format!("{}: {measured} (limit {limit}; {})", finding.rule, clears(words, finding))
}

/// Who may override, with the part that nobody may.
#[must_use]
pub fn override_by(words: &Words, rule: &Rule) -> String {
    let by = words.term(rule.override_by);
    match (rule.override_by, rule.severity) {
        (Override::Never | Override::TwoCliniciansInClinic, _) | (_, Severity::Warn | Severity::Escalate) => by,
        (_, Severity::Block) => words.say("override-but-no-block", &[("by", by.into())]),
    }
}

/// What a patient reads when a rule holds their step; a general sentence for an id that is not in the rule book.
#[must_use]
pub fn for_patient(words: &Words, rule_id: &str) -> String {
    let id = format!("patient-{}", rule_id.to_lowercase());
    if words.known(&id) { words.say(&id, &[]) } else { words.say("patient-general", &[]) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use stillwater_care::codes;
    use stillwater_care::quantity::{ReadingSource, Vitals};
    use stillwater_care::rules::RULES;

    use super::*;

    /// Every code of the rules has its message, with exactly the values that the code carries, and no message is left over.
    #[test]
    fn every_code_of_a_finding_has_a_message_with_exactly_its_values() {
        let words = Words::english();
        for (family, all) in [
            ("measured", codes::measured::ALL),
            ("limit", codes::limit::ALL),
            ("clears", codes::clears::ALL),
            ("clear", codes::clear::ALL),
            ("skip", codes::skip::ALL),
        ] {
            for (code, values) in all {
                let id = format!("{family}-{code}");
                let asked = words.variables(&id).unwrap_or_else(|| panic!("{id} has no message"));
                let asked = asked.iter().map(|name| name.split('-').next().unwrap_or_default());
                let mut asked: Vec<&str> = asked.collect();
                asked.dedup();
                let mut values = values.to_vec();
                values.sort_unstable();
                assert_eq!(asked, values, "{id}");
            }
            let said = words.ids().filter(|id| id.split('-').next() == Some(family)).count();
            assert_eq!(said, all.len(), "{family}: a message for no code");
        }
    }

    #[test]
    fn an_impossible_figure_says_what_would_be_right() {
        let words = Words::english();
        let swapped = impossible(words, &Impossible::PressureUpsideDown { systolic: 80, diastolic: 120 });
        assert!(swapped.contains("80/120 mmHg") && swapped.contains("swapped"), "{swapped}");
        let mut vitals = Vitals::at(Timestamp::UNIX_EPOCH, ReadingSource::Device);
        vitals.spo2_percent = Some(140);
        assert_eq!(
            vitals.check().map_err(|error| impossible(words, &error)),
            Err("oxygen saturation 140 is not possible: it must be from 50 to 100 %".to_owned())
        );
    }

    #[test]
    fn every_rule_has_its_own_words_for_patients() {
        let words = Words::english();
        let general = for_patient(words, "X99-no-such-rule");
        for rule in RULES {
            assert_ne!(for_patient(words, rule.id), general, "{}", rule.id);
        }
    }

    #[test]
    fn the_words_are_short_plain_and_calm() {
        let banned =
            ["contraindic", "hypertens", "mmHg", "mg", "block", "escalat", "danger!", "fail", "refus", "violat"];
        for rule in RULES {
            let text = for_patient(Words::english(), rule.id);
            for word in banned {
                assert!(!text.contains(word), "{}: {word:?} in {text:?}", rule.id);
            }
            assert!(!text.contains('!') && text.ends_with('.'), "{}: {text:?}", rule.id);
            for sentence in text.split(['.', ';', ':']).filter(|s| !s.trim().is_empty()) {
                let words = sentence.split_whitespace().count();
                assert!(words <= 24, "{}: a sentence of {words} words: {sentence:?}", rule.id);
            }
        }
    }

    #[test]
    fn nobody_is_told_to_stop_a_medicine() {
        for code in ["reason-and-lowest-dose", "another-day-as-prescribed"] {
            assert!(Words::english().code("clears", code).contains("never stop abruptly"), "{code}");
        }
        for id in ["D01-opioid", "D03-benzodiazepine", "D05-cyp", "D06-theophylline", "D07-maoi"] {
            assert!(for_patient(Words::english(), id).contains("do not stop"), "{id}");
        }
    }
}
