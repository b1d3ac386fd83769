//! What an imported record brings into a chart: candidates for the history, and what weighs by itself.

use jiff::Timestamp;

use super::Chart;
use crate::codes::measured;
use crate::event::ImportedFact;
use crate::facts::{Answered, ConcernFact, HistoryFact, HistoryTopic, RecordedConcern};

impl Chart {
    /// Takes in one fact of a record that was imported at `at`.
    pub(super) fn take_imported(&mut self, fact: &ImportedFact, at: Timestamp) {
        let from = measured::imported(fact.kind.as_str(), fact.code.as_str(), fact.text.as_str());
        let lasts = fact.concern == Some(RecordedConcern::LastingHeartDisease);
        if let Some(concern) = fact.concern.filter(|concern| concern.is_suicidal()) {
            self.concerns.push(ConcernFact { concern, at: fact.at, recorded_at: at, from: from.clone() });
        }
        let Some(topic) = fact.candidate_for else { return };
        let mut now = HistoryFact {
            answer: Answered::Yes,
            happened_at: if lasts { None } else { fact.at },
            recorded_at: at,
            lasting: lasts.then(|| from.clone()),
            from,
            candidate: true,
        };
        let Some(known) = self.history.get(&topic) else {
            self.history.insert(topic, now);
            return;
        };
        if !known.candidate {
            // What a person answered outranks what another record says, unless the record tells of something after that
            // answer which nobody here has seen.
            let seen = known.answer == Answered::Yes || !happened_since(fact, known) || self.has_imported(fact);
            if seen {
                return;
            }
        } else if topic == HistoryTopic::CardiacEvent {
            let known_event = known.lasting.as_ref() != Some(&known.from);
            if lasts && known_event {
                now = HistoryFact { lasting: now.lasting, ..known.clone() };
            } else if !lasts {
                now.lasting.clone_from(&known.lasting);
                // The later of two events counts, and one without a date before any other.
                let earlier = known_event
                    && (known.happened_at.is_none() || fact.at.is_some_and(|at| Some(at) < known.happened_at));
                if earlier {
                    now = HistoryFact { lasting: now.lasting, ..known.clone() };
                }
            }
        }
        if let Some(before) = self.history.insert(topic, now).filter(|before| !before.candidate) {
            self.history_before.entry(topic).or_default().push(before);
        }
    }

    /// Whether an earlier import brought the same entry, so that whoever answered has had it before them.
    fn has_imported(&self, fact: &ImportedFact) -> bool {
        self.imports.iter().flat_map(|import| &import.value.facts).any(|earlier| {
            earlier.candidate_for == fact.candidate_for
                && earlier.text == fact.text
                && earlier.code == fact.code
                && earlier.at == fact.at
        })
    }
}

/// Whether the record tells of something after the answer, or of something whose time nobody knows.
fn happened_since(fact: &ImportedFact, known: &HistoryFact) -> bool {
    fact.at.is_none_or(|at| at > known.recorded_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, HistoryAnswered, RecordImported, Recorded, TopicAnswer};
    use crate::ids::{EventId, PatientId};
    use crate::roles::Actor;
    use uuid::Uuid;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    fn fact(topic: HistoryTopic, at: Option<i64>, concern: Option<RecordedConcern>) -> ImportedFact {
        ImportedFact {
            kind: "Condition".to_owned(),
            text: format!("{topic:?} {at:?}"),
            code: String::new(),
            at: at.map(day),
            status: "active".to_owned(),
            value: String::new(),
            origin: "bundle.json, line 1".to_owned(),
            candidate_for: Some(topic),
            concern,
        }
    }

    fn recorded(seq: u64, at: i64, event: Event) -> Recorded {
        let id = EventId(Uuid::from_u128(u128::from(seq)));
        Recorded { seq, id, occurred_at: day(at), recorded_at: day(at), actor: Actor::Stillwater, event }
    }

    fn import(facts: Vec<ImportedFact>) -> Event {
        Event::RecordImported(RecordImported {
            source: "bundle.json".to_owned(),
            facts,
            medicines: Vec::new(),
            measurements: Vec::new(),
            not_understood: Vec::new(),
        })
    }

    fn said_no(topic: HistoryTopic) -> Event {
        let answer = TopicAnswer { topic, answer: Answered::No, happened_at: None, detail: String::new() };
        Event::HistoryAnswered(HistoryAnswered { answers: vec![answer] })
    }

    #[track_caller]
    fn history(events: &[Recorded], topic: HistoryTopic) -> HistoryFact {
        Chart::fold(PatientId(Uuid::nil()), events).history.get(&topic).cloned().unwrap()
    }

    #[test]
    fn a_chronic_heart_disease_stands_beside_an_event_and_hides_no_date() {
        let topic = HistoryTopic::CardiacEvent;
        let lasting = || fact(topic, Some(10), Some(RecordedConcern::LastingHeartDisease));
        let (early, late) = (fact(topic, Some(50), None), fact(topic, Some(90), None));
        for facts in [
            vec![lasting(), early.clone(), late.clone()],
            vec![late.clone(), early.clone(), lasting()],
            vec![early.clone(), lasting(), late.clone()],
        ] {
            let known = history(&[recorded(1, 100, import(facts))], topic);
            assert_eq!(known.happened_at, Some(day(90)));
            assert!(known.lasting.is_some_and(|lasting| lasting != known.from));
        }
        let alone = history(&[recorded(1, 100, import(vec![lasting()]))], topic);
        assert_eq!((alone.happened_at, alone.lasting), (None, Some(alone.from)));
    }

    #[test]
    fn an_undated_event_hides_behind_no_dated_one() {
        let topic = HistoryTopic::CardiacEvent;
        let facts = vec![fact(topic, None, None), fact(topic, Some(10), None)];
        assert_eq!(history(&[recorded(1, 100, import(facts))], topic).happened_at, None);
    }

    #[test]
    fn a_later_record_brings_back_what_happened_since_the_answer_and_nothing_else() {
        let topic = HistoryTopic::Stroke;
        let after = |at| {
            history(&[recorded(1, 100, said_no(topic)), recorded(2, 200, import(vec![fact(topic, at, None)]))], topic)
        };
        assert!(after(Some(150)).candidate && after(None).candidate);
        assert_eq!(after(Some(50)).answer, Answered::No);
        let same = fact(topic, None, None);
        let seen = [
            recorded(1, 90, import(vec![same.clone()])),
            recorded(2, 100, said_no(topic)),
            recorded(3, 200, import(vec![same])),
        ];
        assert_eq!(history(&seen, topic).answer, Answered::No);
    }

    #[test]
    fn a_concern_about_suicide_is_kept_with_what_stood_there() {
        let mut attempt = fact(HistoryTopic::Stroke, Some(80), Some(RecordedConcern::SuicideAttempt));
        attempt.candidate_for = None;
        let chart = Chart::fold(PatientId(Uuid::nil()), &[recorded(1, 100, import(vec![attempt]))]);
        let kept: Vec<_> = chart.concerns.iter().map(|c| (c.concern, c.at, c.recorded_at)).collect();
        assert_eq!(kept, [(RecordedConcern::SuicideAttempt, Some(day(80)), day(100))]);
        assert!(chart.history.is_empty());
    }
}
