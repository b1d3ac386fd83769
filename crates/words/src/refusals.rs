//! Why something was not done, for whoever asked.

use stillwater_care::command::{Act, BRIEFING, Field, NotNow, Problem, Refusal};
use stillwater_care::finding::Finding;
use stillwater_instruments::Catalogue;

use crate::{Reader, Value, Words, briefing, findings, ready, terms};

type Values<'v> = Vec<(&'static str, Value<'v>)>;

/// A refusal, as its reader is told it.
#[must_use]
pub fn refusal(words: &Words, reader: Reader, refusal: &Refusal) -> String {
    let (case, values) = case(words, reader, refusal);
    words.say(&format!("refusal-{case}-{}", reader.code()), &values)
}

fn case<'v>(words: &Words, reader: Reader, refusal: &'v Refusal) -> (&'static str, Values<'v>) {
    match refusal {
        Refusal::NotAllowed { role, act } => (
            "not-allowed",
            vec![
                ("role", role.map_or("none".to_owned(), |role| words.term(role)).into()),
                ("act", act_words(words, *act).into()),
            ],
        ),
        Refusal::NotOnTeam => ("not-on-team", Vec::new()),
        Refusal::NotNow(state) => {
            ("not-now", vec![("why", why(words, state).into()), ("instead", instead(words, state).into())])
        }
        Refusal::Invalid { field, problem: wrong } => (
            "invalid",
            vec![
                ("field", words.code("field", field.code()).into()),
                ("problem", problem(words, wrong).into()),
                ("right", right(words, *field, wrong).into()),
            ],
        ),
        Refusal::Impossible(figure) => ("impossible", vec![("figure", findings::impossible(words, figure).into())]),
        Refusal::Answers(error) => (
            "answers",
            vec![
                ("error", crate::answers::error(words, error).into()),
                ("item", error.item.as_str().into()),
                ("allowed", crate::answers::allowed(words, &error.allowed).into()),
            ],
        ),
        Refusal::Blocked { gate, findings } => ("blocked", of_findings(words, reader, words.term(*gate), findings)),
        Refusal::NeedsReason { gate, findings } => {
            ("needs-reason", of_findings(words, reader, words.term(*gate), findings))
        }
        Refusal::NotReady { missing } => {
            let steps: Vec<String> = missing.iter().map(|step| ready::step(words, *step)).collect();
            ("not-ready", vec![("steps", steps.join("; ").into())])
        }
    }
}

fn of_findings(words: &Words, reader: Reader, gate: String, found: &[Finding]) -> Values<'static> {
    let each: Vec<String> = found.iter().map(|finding| findings::line(words, finding)).collect();
    let first = found.first().map_or_else(
        || words.code("refusal-nothing-found", reader.code()),
        |finding| findings::for_patient(words, &finding.rule),
    );
    vec![("gate", gate.into()), ("findings", each.join(". ").into()), ("first", first.into())]
}

fn act_words(words: &Words, act: Act) -> String {
    match act {
        Act::Command(kind) => kind.name().to_owned(),
        Act::ReadingOutsideSession | Act::ProceedAfterScreen | Act::StrikeWhatHolds | Act::ChangeWhatHolds => {
            words.code("act", act.code())
        }
    }
}

/// What stands in the way, as the middle of a sentence.
#[must_use]
pub fn why(words: &Words, state: &NotNow) -> String {
    words.say(&format!("not-now-{}", state.code()), &state_values(words, state))
}

/// What to do instead, as the end of a sentence.
#[must_use]
pub fn instead(words: &Words, state: &NotNow) -> String {
    words.say(&format!("not-now-{}-instead", state.code()), &state_values(words, state))
}

fn state_values<'v>(words: &Words, state: &'v NotNow) -> Values<'v> {
    match state {
        NotNow::ForTheClinician { topic } => vec![("topic", words.term(*topic).into())],
        NotNow::TextNotOurs { instrument } => {
            let short = Catalogue::built_in().get(instrument).map_or(instrument.as_str(), |known| known.short.as_str());
            vec![("instrument", short.into())]
        }
        NotNow::NothingToOverride { rule, gate } => vec![("rule", (*rule).into()), ("gate", words.term(*gate).into())],
        NotNow::OverrideNotAllowed { rule, by, setting, finding } => vec![
            ("rule", (*rule).into()),
            ("by", words.term(*by).into()),
            ("setting", words.term(*setting).into()),
            ("clears", findings::clears(words, finding).into()),
        ],
        NotNow::SessionRunning { asked } => vec![("asked", asked.code().into())],
        NotNow::ProtocolNotKnown { protocol, version } => {
            vec![("protocol", protocol.as_str().into()), ("version", version.as_str().into())]
        }
        NotNow::SessionOpen { number, phase } => {
            vec![("number", number.to_string().into()), ("phase", terms::session_phase(words, *phase).into())]
        }
        NotNow::TooSoon { first } => vec![("first", first.strftime("%A %-d %b %Y, %H:%M").to_string().into())],
        NotNow::LastSessionNotReviewed { number } => vec![("number", number.to_string().into())],
        NotNow::AllSessionsHeld { sessions } => vec![("sessions", sessions.to_string().into())],
        NotNow::SessionIs { phase, asked } => {
            vec![("phase", terms::session_phase(words, *phase).into()), ("asked", asked.code().into())]
        }
        NotNow::NotBoosterTime { minutes, from_minutes, to_minutes } => vec![
            ("minutes", minutes.to_string().into()),
            ("from_minutes", from_minutes.to_string().into()),
            ("to_minutes", to_minutes.to_string().into()),
        ],
        NotNow::DoseTaken { asked } => vec![("asked", asked.code().into())],
        NotNow::NoPatient
        | NotNow::CourseEnded
        | NotNow::AlreadyInCare
        | NotNow::NotTheCompanion
        | NotNow::NotTheNewestWeight
        | NotNow::OwnWeight
        | NotNow::NotASuicideScreen
        | NotNow::NotDecided
        | NotNow::NoConsentInForce
        | NotNow::NotEligible
        | NotNow::EligibleInClinicOnly
        | NotNow::NoPlan
        | NotNow::OrderInForce
        | NotNow::NoWeight
        | NotNow::NoOrder
        | NotNow::OrderNotInForce
        | NotNow::NoOrderForSetting
        | NotNow::NotBriefed
        | NotNow::StaffChangeCompanion
        | NotNow::MergedAway
        | NotNow::SameChart
        | NotNow::AlreadyMerged
        | NotNow::NoOverrideToSign
        | NotNow::OverrideSigned
        | NotNow::OwnOverride
        | NotNow::NoCompanion
        | NotNow::NotConfirmed
        | NotNow::NoDoseInSession
        | NotNow::NoNote
        | NotNow::NoteLocked
        | NotNow::NoteOfAnother
        | NotNow::NoteSigned
        | NotNow::NotTheAuthor
        | NotNow::NoteNotSigned
        | NotNow::NoConsent
        | NotNow::NoSession
        | NotNow::NoBooster
        | NotNow::BoosterTaken
        | NotNow::AlertHoldsBooster
        | NotNow::NotAnInfusion
        | NotNow::SessionDaysAway
        | NotNow::SessionHoursAway
        | NotNow::NoGo
        | NotNow::GoExpired
        | NotNow::StaffGiveTheDose
        | NotNow::CompanionSignsOff
        | NotNow::NotReleased
        | NotNow::NoAlert
        | NotNow::AlertResolved
        | NotNow::AlertYours
        | NotNow::NoAdverseEvent
        | NotNow::NoJournalEntry
        | NotNow::ItemNotOpen
        | NotNow::AlreadyCorrected
        | NotNow::NotStruck
        | NotNow::FromAnotherRecord => Vec::new(),
    }
}

/// What is wrong with a value, as the middle of a sentence.
#[must_use]
pub fn problem(words: &Words, problem: &Problem) -> String {
    words.say(&format!("problem-{}", problem.code()), &problem_values(words, problem))
}

/// What would be right, as the end of a sentence: what the field is for when it is empty.
#[must_use]
pub fn right(words: &Words, field: Field, problem: &Problem) -> String {
    match problem {
        Problem::Empty => words.say(&format!("field-{}-right", field.code()), &[]),
        _ => words.say(&format!("problem-{}-right", problem.code()), &problem_values(words, problem)),
    }
}

fn problem_values<'v>(words: &Words, problem: &'v Problem) -> Values<'v> {
    let one = |name: &'static str, value: Value<'v>| vec![(name, value)];
    match problem {
        Problem::TooLong { most } | Problem::TooLongForAName { most } => one("most", grouped(*most).into()),
        Problem::InFuture { at } | Problem::NotInComingYear { at } => one("at", at.to_string().into()),
        Problem::TooLongAgo { at, days, most_days } => vec![
            ("at", at.to_string().into()),
            ("days", format!("{days:.0}").into()),
            ("most_days", format!("{most_days:.0}").into()),
        ],
        Problem::BornInFuture { date } | Problem::BornTooLongAgo { date } => one("date", date.to_string().into()),
        Problem::NoSuchTimeZone { given }
        | Problem::NoSuchRegion { given }
        | Problem::NoSuchInstrument { given }
        | Problem::NoSuchRule { given } => one("given", given.as_str().into()),
        Problem::NoSuchCount { least, most } => {
            vec![("least", least.to_string().into()), ("most", most.to_string().into())]
        }
        Problem::NoSuchFigure { test, most } => {
            vec![("test", words.term(*test).into()), ("most", grouped(*most as usize).into())]
        }
        Problem::NotItsUnit { test } | Problem::FigureTwice { test } => one("test", words.term(*test).into()),
        Problem::TooManyTried { most } => one("most", most.to_string().into()),
        Problem::NoSuchDiazepamDose { mg_per_day, most } => {
            vec![("mg_per_day", mg_per_day.to_string().into()), ("most", most.to_string().into())]
        }
        Problem::NotABenzodiazepine { medicine } => one("medicine", medicine.as_str().into()),
        Problem::NoSuchConsent { given, known } => {
            vec![("given", given.as_str().into()), ("known", any_of(words, known).into())]
        }
        Problem::NotAllTicked { missing, statements } => {
            vec![("missing", missing.to_string().into()), ("statements", statements.to_string().into())]
        }
        Problem::NoSuchProtocol { given, known } => {
            vec![("given", given.as_str().into()), ("known", any_of(words, known).into())]
        }
        Problem::AboveCeiling { dose_mg, protocol, most_mg, most_mg_per_kg } => vec![
            ("dose_mg", dose_mg.to_string().into()),
            ("protocol", protocol.as_str().into()),
            ("most_mg", most_mg.to_string().into()),
            ("most_mg_per_kg", most_mg_per_kg.map_or_else(|| "none".to_owned(), |most| most.to_string()).into()),
        ],
        Problem::NotTheSigner { signer } => one("signer", signer.as_str().into()),
        Problem::NoSuchAmount { given_mg, most_mg } => {
            vec![("given_mg", (*given_mg).into()), ("most_mg", (*most_mg).into())]
        }
        Problem::UnderAge { least } => one("least", least.to_string().into()),
        Problem::BriefingUnanswered { questions } => one("questions", (*questions).into()),
        Problem::BriefingWrong { question } => {
            let asked = BRIEFING.into_iter().find(|known| known.id == *question);
            vec![
                ("question", asked.map(|asked| briefing::question(words, asked)).unwrap_or_default().into()),
                ("because", words.say(&format!("briefing-{question}-because"), &[]).into()),
            ]
        }
        Problem::NoSuchLength { minutes, least, most } => vec![
            ("minutes", minutes.to_string().into()),
            ("least", least.to_string().into()),
            ("most", most.to_string().into()),
        ],
        Problem::NoSuchLevel { given } | Problem::NotOnScale { given } | Problem::NoSuchScore { given } => {
            one("given", given.to_string().into())
        }
        Problem::OtherKind { entry, given } => vec![("entry", entry.name().into()), ("given", given.name().into())],
        Problem::ReplacesNothing { entry } => one("entry", entry.name().into()),
        Problem::Empty
        | Problem::NoQuestionAnswered
        | Problem::NoItemAnswered
        | Problem::NoDayQuestionAnswered
        | Problem::StoppedBeforeStarted
        | Problem::NoClinicalRole
        | Problem::TeamIncomplete
        | Problem::Passed
        | Problem::TotalOfAScreen
        | Problem::CannotBeRaised
        | Problem::NobodyElse
        | Problem::NotOnTheTeam
        | Problem::OrderedByWeight
        | Problem::NotPositive
        | Problem::NotARate
        | Problem::NotALiverPanel
        | Problem::BeforeGo => Vec::new(),
    }
}

/// A list of which any will do: `a or b`.
fn any_of(words: &Words, known: &[impl AsRef<str>]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    known.join(&format!(" {} ", words.say("refusal-or", &[])))
}

/// A whole number with a comma after each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use stillwater_care::chart::SessionPhase;
    use stillwater_care::coded::Coded;
    use stillwater_care::command::{AfterSession, BeforeDose, CommandKind, OfSession};
    use stillwater_care::facts::{HistoryTopic, LiverTest, Setting};
    use stillwater_care::finding::{Cause, Severity};
    use stillwater_care::readiness::ReadyStep;
    use stillwater_care::roles::Role;
    use stillwater_care::rules::{Gate, Override};
    use stillwater_instruments::AnswerError;

    use super::*;

    fn finding() -> Finding {
        Finding {
            rule: "R03-dose-interval".into(),
            severity: Severity::Block,
            cause: Cause::Met,
            urgency: None,
            measured: Coded::new("dose-in-future"),
            limit: Coded::new("an-order"),
            clears: Coded::new("correct-date"),
        }
    }

    /// The words of a message are there, and take the values that are given: all of them, and no others. A value may be
    /// used by the sentence or by the one that stands beside it.
    fn check_messages(ids: &[String], values: &Values<'_>) {
        let words = Words::english();
        let mut taken = BTreeSet::new();
        for id in ids {
            let variables = words.variables(id).unwrap_or_else(|| panic!("{id} has no words"));
            taken.extend(variables.iter().map(String::as_str));
            let said = words.say(id, values);
            assert!(!said.is_empty() && !said.contains('{') && said != *id, "{id}: {said}");
        }
        let given: BTreeSet<&str> = values.iter().map(|(name, _)| *name).collect();
        assert_eq!(taken, given, "{ids:?}");
    }

    /// One state of each kind with its values; the kinds without are known by their code alone.
    fn states() -> Vec<NotNow> {
        let (rule, gate, setting) = ("R03-dose-interval", Gate::Dose, Setting::Home);
        let phase = SessionPhase::Released;
        let mut all = vec![
            NotNow::ForTheClinician { topic: HistoryTopic::Aneurysm },
            NotNow::TextNotOurs { instrument: "pcl-5-week".into() },
            NotNow::NothingToOverride { rule, gate },
            NotNow::OverrideNotAllowed { rule, by: Override::Never, setting, finding: Box::new(finding()) },
            NotNow::ProtocolNotKnown { protocol: "none".into(), version: "1".into() },
            NotNow::SessionOpen { number: 2, phase },
            NotNow::TooSoon { first: jiff::civil::date(2026, 3, 4).at(2, 40, 0, 0) },
            NotNow::LastSessionNotReviewed { number: 1 },
            NotNow::AllSessionsHeld { sessions: 6 },
            NotNow::NotBoosterTime { minutes: 5, from_minutes: 20, to_minutes: 30 },
        ];
        all.extend(
            [AfterSession::Eligibility, AfterSession::Plan, AfterSession::EndOfCourse]
                .map(|asked| NotNow::SessionRunning { asked }),
        );
        all.extend(
            [OfSession::Entry, OfSession::Observation, OfSession::Amount, OfSession::Move, OfSession::Review]
                .map(|asked| NotNow::SessionIs { phase, asked }),
        );
        all.extend(
            [BeforeDose::CallOff, BeforeDose::DayQuestions, BeforeDose::Go, BeforeDose::Dose]
                .map(|asked| NotNow::DoseTaken { asked }),
        );
        all
    }

    #[test]
    fn every_state_that_stands_in_the_way_has_words_and_a_way_on() {
        let ids = |code: &str| [format!("not-now-{code}"), format!("not-now-{code}-instead")];
        let states = states();
        for (code, values) in NotNow::CODES {
            match states.iter().find(|state| state.code() == *code) {
                None => {
                    assert!(values.is_empty(), "no {code} among the states of this test");
                    check_messages(&ids(code), &Vec::new());
                }
                Some(_) => {
                    for state in states.iter().filter(|state| state.code() == *code) {
                        check_messages(&ids(code), &state_values(Words::english(), state));
                    }
                }
            }
        }
    }

    fn problems() -> Vec<Problem> {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let date = jiff::civil::date(1890, 1, 1);
        let given = || "something".to_owned();
        let above = |most_mg_per_kg| Problem::AboveCeiling {
            dose_mg: 90.0,
            protocol: "A protocol".into(),
            most_mg: 80.0,
            most_mg_per_kg,
        };
        vec![
            Problem::TooLong { most: 20_000 },
            Problem::TooLongForAName { most: 80 },
            Problem::InFuture { at },
            Problem::TooLongAgo { at, days: 400.0, most_days: 366.0 },
            Problem::BornInFuture { date },
            Problem::BornTooLongAgo { date },
            Problem::NoSuchTimeZone { given: given() },
            Problem::NoSuchRegion { given: given() },
            Problem::NoSuchCount { least: 1, most: 1_000 },
            Problem::NotALiverPanel,
            Problem::NoSuchFigure { test: LiverTest::Alt, most: 50_000.0 },
            Problem::NotItsUnit { test: LiverTest::Bilirubin },
            Problem::FigureTwice { test: LiverTest::Alt },
            Problem::TooManyTried { most: 60 },
            Problem::NoSuchDiazepamDose { mg_per_day: 900.0, most: 500.0 },
            Problem::NotABenzodiazepine { medicine: given() },
            Problem::NoSuchInstrument { given: given() },
            Problem::NoSuchRule { given: given() },
            Problem::NoSuchConsent { given: given(), known: vec!["home-1", "clinic-1"] },
            Problem::NotAllTicked { missing: 2, statements: 8 },
            Problem::NoSuchProtocol { given: given(), known: vec!["iv".into()] },
            above(Some(1.0)),
            above(None),
            Problem::NoSuchAmount { given_mg: 200_000.0, most_mg: 100_000.0 },
            Problem::UnderAge { least: 18 },
            Problem::NotTheSigner { signer: "Prescriber Example".into() },
            Problem::BriefingUnanswered { questions: 3 },
            Problem::BriefingWrong { question: BRIEFING[0].id },
            Problem::NoSuchLength { minutes: 0, least: 1, most: 600 },
            Problem::NotInComingYear { at },
            Problem::NoSuchLevel { given: 9 },
            Problem::NotOnScale { given: 11 },
            Problem::NoSuchScore { given: 12 },
            Problem::OtherKind { entry: CommandKind::RecordWeight, given: CommandKind::RecordVitals },
            Problem::ReplacesNothing { entry: CommandKind::RecordWeight },
        ]
    }

    #[test]
    fn every_problem_of_a_value_has_words_and_says_what_would_be_right() {
        let words = Words::english();
        let problems = problems();
        for (code, values) in Problem::CODES {
            let id = format!("problem-{code}");
            let ids = [id.clone(), format!("{id}-right")];
            let ids = if *code == "empty" { &ids[..1] } else { &ids[..] };
            let mut found = problems.iter().filter(|problem| problem.code() == *code).peekable();
            if found.peek().is_none() {
                assert!(values.is_empty(), "no {code} among the problems of this test");
                check_messages(ids, &Vec::new());
            }
            for problem in found {
                check_messages(ids, &problem_values(words, problem));
            }
        }
    }

    #[test]
    fn every_field_has_a_name_and_what_may_not_be_empty_says_what_belongs_there() {
        let words = Words::english();
        for (code, _) in Field::CODES {
            assert!(words.has(&format!("field-{code}")), "{code}");
        }
        for field in Field::NEEDED {
            let said = right(words, field, &Problem::Empty);
            assert!(!said.starts_with("field-"), "{said}");
        }
    }

    #[test]
    fn every_case_is_said_to_every_reader() {
        let cases = [
            Refusal::NotAllowed { role: Some(Role::Guide), act: Act::Command(CommandKind::OpenPlan) },
            Refusal::NotAllowed { role: None, act: Act::ProceedAfterScreen },
            Refusal::NotAllowed { role: Some(Role::Guide), act: Act::StrikeWhatHolds },
            Refusal::NotAllowed { role: Some(Role::Patient), act: Act::ChangeWhatHolds },
            Refusal::NotAllowed { role: Some(Role::Companion), act: Act::ReadingOutsideSession },
            Refusal::NotOnTeam,
            Refusal::NotNow(NotNow::NoPlan),
            Refusal::Invalid { field: Field::Note, problem: Problem::Empty },
            Refusal::Impossible(stillwater_care::quantity::check_weight_kg(700.0).unwrap_err()),
            Refusal::Answers(AnswerError {
                name: "unknown-item",
                item: "x".into(),
                given: Some("1".into()),
                allowed: Box::new(stillwater_instruments::Allowed::ItemOf("x".into())),
            }),
            Refusal::Blocked { gate: Gate::Dose, findings: vec![finding()] },
            Refusal::NeedsReason { gate: Gate::Order, findings: vec![finding()] },
            Refusal::NotReady { missing: vec![ReadyStep::PlanOpen, ReadyStep::TwoPressures] },
        ];
        for reader in Reader::ALL {
            for case in &cases {
                let said = refusal(Words::english(), reader, case);
                assert!(
                    said.contains(' ') && !said.contains('{') && !said.contains('$'),
                    "{reader:?} {case:?}: {said}"
                );
            }
        }
    }

    #[test]
    fn each_reader_is_told_in_their_own_way() {
        let said = |reader, case: Refusal| refusal(Words::english(), reader, &case);
        let no_plan = || Refusal::NotNow(NotNow::NoPlan);
        assert_eq!(said(Reader::Staff, no_plan()), "Not now: no plan is open. What to do: open a plan first.");
        assert_eq!(said(Reader::Patient, no_plan()), "Not just now: no plan is open. What to do: open a plan first.");
        let long = || Refusal::Invalid { field: Field::Note, problem: Problem::TooLong { most: 20_000 } };
        assert_eq!(
            said(Reader::Staff, long()),
            "note: it is longer than 20,000 characters. It should be a shorter text."
        );
        assert_eq!(
            said(Reader::Patient, long()),
            "Please look again: it is longer than 20,000 characters. We need a shorter text."
        );
        let briefing =
            Refusal::Invalid { field: Field::Briefing, problem: Problem::BriefingWrong { question: "driving" } };
        assert!(said(Reader::Companion, briefing).ends_with("No driving until the next day, after a night's sleep."));
        let ceiling =
            Problem::AboveCeiling { dose_mg: 90.0, protocol: "Drip".into(), most_mg: 80.0, most_mg_per_kg: Some(1.0) };
        assert_eq!(
            said(Reader::Staff, Refusal::Invalid { field: Field::Dose, problem: ceiling }),
            "dose: 90 mg is above the ceiling of Drip. It should be at most 80 mg and 1 mg/kg."
        );
        let held = Refusal::Blocked { gate: Gate::Dose, findings: Vec::new() };
        assert_eq!(
            said(Reader::PatientInSession, held),
            "Your dose is on hold. Your team needs to look at something first."
        );
        let program = Refusal::NotAllowed { role: None, act: Act::Command(CommandKind::OpenPlan) };
        assert_eq!(said(Reader::Staff, program), "This may not be done by the program itself (OpenPlan).");
    }
}
