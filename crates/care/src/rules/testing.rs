//! How a rule is tested: a table of plain words, one row per case, against somebody who is otherwise well.
//!
//! Columns are set apart by two blanks or more; the last one says what the rule must find. `.` leaves a column as it is
//! for the well person, `none` means that nobody asked or measured. Findings are `-` (clear), `n/a` (does not apply),
//! or words such as `block: too old`, several of them joined by ` + `.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod day;
mod prescribing;

use jiff::{SignedDuration, Timestamp};

use super::Rule;
use crate::code::Code as _;
use crate::codes;
use crate::facts::*;
use crate::finding::{Cause, Severity, Urgency, Verdict};
use crate::gate::Gate;
use crate::quantity::{BloodPressure, ReadingSource, Vitals};
use crate::subject::Subject;

/// The fixed moment at which every table is judged.
pub fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

/// `5 min`, `29 d 23 h 59 min`: that long ago. `in 5 min` lies ahead.
pub fn ago(words: &str) -> Timestamp {
    let (ahead, words) = match words.strip_prefix("in ") {
        Some(rest) => (true, rest),
        None => (false, words),
    };
    let parts: Vec<&str> = words.split_whitespace().collect();
    assert!(parts.len().is_multiple_of(2), "not an age: {words:?}");
    let mut seconds = 0.0;
    for pair in parts.chunks(2) {
        let each = match pair[1] {
            "s" => 1.0,
            "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            other => panic!("unknown unit of time {other:?} in {words:?}"),
        };
        seconds += pair[0].parse::<f64>().unwrap_or_else(|_| panic!("not a number: {words:?}")) * each;
    }
    let span = SignedDuration::from_secs(seconds.round() as i64);
    if ahead { now() + span } else { now() - span }
}

/// The figures of a liver panel within limits.
const HEALTHY_LIVER: &str = "alt 24/45, ast 22/40, bilirubin 0.7/1.2";

/// Somebody for whom everything was asked and measured, and all of it is within every limit.
pub fn well(setting: Setting) -> Facts {
    let mut facts = Facts::nothing_known(now(), setting);
    let route = if setting == Setting::Home { Route::Sublingual } else { Route::Intravenous };
    facts.route = Some(route);
    facts.age_years = Some(41);
    facts.sex = Some(Sex::Female);
    for topic in HistoryTopic::ALL {
        facts.history.insert(topic, history(Answered::No));
    }
    facts.day_began_at = ago("10 h");
    facts.medicines = Some(Vec::new());
    facts.medicines_reviewed_at = Some(ago("3 d"));
    for id in ["pcl-5-month", "asq", "bladder-check", "audit-c", "dast-10", "stop-bang"] {
        let scores = [("total".to_owned(), Some(1.0))].into();
        let safety = [("blood".to_owned(), Some(false)), ("refer".to_owned(), Some(false))].into();
        facts.measures.insert(id.to_owned(), MeasureFact { at: ago("10 d"), scores, cutoffs: [].into(), safety });
    }
    facts.screening_bp = pressures("122/78@9 d, 118/76@9 d");
    facts.weight_kg = Some((ago("3 d"), 70.0));
    facts.weights =
        vec![WeightFact { at: ago("3 d"), kg: 70.0, confirmed: false, by: Some(prescribing::prescriber()) }];
    facts.height_cm = Some((ago("12 d"), 170.0));
    for kind in [LabKind::LiverPanel, LabKind::Urinalysis, LabKind::UrineDrugScreen] {
        let figures = if kind == LabKind::LiverPanel { prescribing::figures(HEALTHY_LIVER) } else { Vec::new() };
        facts.labs.push(LabFact { kind, result: LabResult::Normal, at: ago("12 d"), figures });
    }
    facts.decision = Some(DecisionFact { eligible: true, setting: Setting::Home, at: ago("4 d"), stopped_at: None });
    facts.serious_events = Some(Vec::new());
    facts.open_alerts = Some(Vec::new());
    facts.consent = Some(ConsentFact {
        version: "current".into(),
        current_version: "current".into(),
        signed_at: ago("5 d"),
        withdrawn_at: None,
        home_notice: true,
    });
    facts.suicide =
        Some(SuicideFact { risk: SuicideRisk::None, at: ago("2 h"), instrument: "asq".into(), reviewed: false });
    let per_kg = if setting == Setting::Home { None } else { Some(0.5) };
    let dose_mg = if setting == Setting::Home { 100.0 } else { 35.0 };
    facts.order = Some(OrderFact { route, setting, dose_mg, dose_mg_per_kg: per_kg, infusion_minutes: Some(40.0) });
    facts.day = day::well();
    facts.session = Some(session(route));
    facts.course = Some(CourseFact::default());
    facts.supply = prescribing::supply("4 of 50");
    facts.misuse = prescribing::misuse("no no no 0@2 d");
    facts.region = Some("US-CO".to_owned());
    facts.prescriber = Some(prescribing::prescriber());
    facts.licences = prescribing::licences("mine US-CO 2027-06-30");
    facts.telemedicine = prescribing::telemedicine("2026-01-01 2026-12-31");
    facts.plan = Some(PlanFact { route, setting, opened_at: ago("9 d"), interval_hours: Some(40.0) });
    facts.order_written_at = Some(ago("1 d"));
    if setting == Setting::Home {
        // Whoever is treated at home had their first dose in the clinic.
        facts.doses = doses("sublingual 100 mg @30 d");
    }
    facts
}

/// What is answered before release.
const RELEASE_CHECKS: [Subject; 10] = [
    Subject::BreathingNormal,
    Subject::AldreteScore,
    Subject::AldreteItem,
    Subject::Oriented,
    Subject::WalksSteadily,
    Subject::NotVomiting,
    Subject::DistressSettled,
    Subject::NoNewSuicidalThoughts,
    Subject::EscortOrRide,
    Subject::NoDrivingAcknowledged,
];

/// A session near its end, in which all went well.
fn session(route: Route) -> SessionFacts {
    SessionFacts {
        dose_at: ago("155 min"),
        route,
        infusion_end_at: Some(ago("115 min")),
        baseline_bp: Some(BloodPressure { systolic: 118, diastolic: 76 }),
        baseline_spo2_percent: Some(98),
        readings: vec![reading("124/80", ago("20 min")), reading("120/78", ago("5 min"))],
        sedation: vec![(ago("5 min"), 5)],
        symptoms: Vec::new(),
        distress: vec![(ago("5 min"), 1)],
        release_from: ago("155 min"),
        release_times: RELEASE_CHECKS.iter().map(|check| (*check, ago("5 min"))).collect(),
        release: ReleaseFacts {
            aldrete_total: Some(10),
            aldrete_item_at_zero: Some(false),
            oriented: Some(Answered::Yes),
            steady_gait: Some(Answered::Yes),
            no_vomiting: Some(Answered::Yes),
            distress_settled: Some(Answered::Yes),
            breathing_normal: Some(Answered::Yes),
            no_new_suicidal_thoughts: Some(Answered::Yes),
            escort: Some(Answered::Yes),
            no_driving_acknowledged: Some(Answered::Yes),
        },
        companion_sign_off_at: Some(ago("3 min")),
        earliest_release_minutes: 100,
        contact_lost_since: None,
        checks: CHECKS.map(|what| CheckFact { what, due_at: ago("in 5 min") }).to_vec(),
        open_alerts: 0,
    }
}

/// What is checked while a session runs.
const CHECKS: [Subject; 6] = [
    Subject::BloodPressure,
    Subject::HeartRate,
    Subject::OxygenSaturation,
    Subject::BreathingRate,
    Subject::Alertness,
    Subject::LookIn,
];

fn history(answer: Answered) -> HistoryFact {
    HistoryFact {
        answer,
        happened_at: None,
        recorded_at: ago("10 d"),
        from: codes::measured::answered_by("patient"),
        lasting: None,
        candidate: false,
    }
}

fn reading(bp: &str, at: Timestamp) -> Vitals {
    Vitals {
        taken_at: at,
        blood_pressure: Some(pressure(bp)),
        heart_rate_per_min: Some(72),
        spo2_percent: Some(98),
        respiratory_rate_per_min: Some(14),
        source: ReadingSource::Device,
    }
}

fn pressure(text: &str) -> BloodPressure {
    let (s, d) = text.split_once('/').unwrap_or_else(|| panic!("not a pressure: {text:?}"));
    BloodPressure { systolic: s.trim().parse().unwrap(), diastolic: d.trim().parse().unwrap() }
}

/// `A@5 min, B@now`, oldest first: each item with its time.
fn items(text: &str) -> Vec<(&str, Timestamp)> {
    if text == "none" {
        return Vec::new();
    }
    text.split(',')
        .map(|item| match item.trim().split_once('@') {
            Some((what, "now")) => (what, now()),
            Some((what, when)) => (what, ago(when)),
            None => (item.trim(), now()),
        })
        .collect()
}

fn pressures(text: &str) -> Vec<(Timestamp, BloodPressure)> {
    items(text).into_iter().map(|(bp, at)| (at, pressure(bp))).collect()
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

fn must_word<T: serde::de::DeserializeOwned>(text: &str) -> T {
    word(text).unwrap_or_else(|| panic!("not a known word: {text:?}"))
}

fn answer(cell: &str) -> Option<Answered> {
    if cell == "none" { None } else { Some(must_word(cell)) }
}

fn last_use(cell: &str) -> Option<LastUse> {
    match cell {
        "none" => None,
        "no" => Some(LastUse::None),
        "unknown" => Some(LastUse::Unknown),
        when => Some(LastUse::At { at: ago(when) }),
    }
}

fn lab_result(cell: &str) -> LabResult {
    match cell {
        "normal" => LabResult::Normal,
        "raised" => LabResult::Raised,
        "abnormal" => LabResult::Abnormal,
        "unreadable" => LabResult::Unreadable,
        other => panic!("not a laboratory result: {other:?}"),
    }
}

/// `opioid`, `benzodiazepine 8`, `cyp-inducer started 13 d`, `maoi stopped 2 d`, joined by `+`.
fn medicines(cell: &str) -> Option<Vec<MedicineFact>> {
    if cell == "none" {
        return None;
    }
    if cell == "empty" {
        return Some(Vec::new());
    }
    let one = |text: &str| {
        let (text, stopped_at) = match text.split_once(" stopped ") {
            Some((rest, when)) => (rest, Some(ago(when))),
            None => (text, None),
        };
        let (text, started_at) = match text.split_once(" started ") {
            Some((rest, when)) => (rest, Some(ago(when))),
            None => (text, None),
        };
        let (class, equivalent) = match text.split_once(' ') {
            Some((class, mg)) => (class, Some(mg.parse().unwrap())),
            None => (text, None),
        };
        MedicineFact {
            name: format!("synthetic {class}"),
            classes: vec![must_word(class)],
            started_at,
            stopped_at,
            diazepam_equivalent_mg_per_day: equivalent,
            from: "listed by patient".into(),
            ..MedicineFact::default()
        }
    };
    Some(cell.split('+').map(|text| one(text.trim())).collect())
}

/// `intravenous 35 mg 0.5 mg/kg @48 h unreviewed stopped`, joined by `+`, oldest first.
fn doses(cell: &str) -> Vec<DoseFact> {
    if cell == "none" {
        return Vec::new();
    }
    let one = |text: &str| {
        let (what, when) = text.split_once('@').unwrap_or_else(|| panic!("a dose needs a time: {text:?}"));
        let words: Vec<&str> = what.split_whitespace().collect();
        let reviewed = !when.contains("unreviewed");
        let stopped = when.contains("stopped");
        let home = when.contains("at home");
        let when = when.replace("unreviewed", "").replace("stopped", "").replace("at home", "");
        DoseFact {
            route: must_word(words[0]),
            setting: if home { Setting::Home } else { Setting::Clinic },
            dose_mg: words[1].parse().unwrap(),
            dose_mg_per_kg: words.get(3).map(|w| w.parse().unwrap()),
            at: ago(when.trim()),
            reviewed,
            stopped,
        }
    };
    cell.split('+').map(|text| one(text.trim())).collect()
}

fn set_sign(readings: &mut Vec<Vitals>, cell: &str, put: impl Fn(&mut Vitals, i32)) {
    // A list replaces the readings; each item is a reading of this one sign.
    readings.clear();
    for (value, at) in items(cell) {
        let mut vitals = Vitals::at(at, ReadingSource::Device);
        put(&mut vitals, value.parse().unwrap_or_else(|_| panic!("not a number: {value:?}")));
        readings.push(vitals);
    }
}

fn set_history(facts: &mut Facts, topic: HistoryTopic, cell: &str) {
    let fact = match cell {
        "none" => {
            facts.history.remove(&topic);
            return;
        }
        "candidate" => HistoryFact {
            candidate: true,
            from: codes::measured::imported("Condition", "0", "synthetic"),
            ..history(Answered::Yes)
        },
        "lasting" => {
            let from = codes::measured::imported("Condition", "0", "synthetic");
            HistoryFact { candidate: true, lasting: Some(from.clone()), from, ..history(Answered::Yes) }
        }
        other => match other.strip_prefix("yes ") {
            Some(when) => HistoryFact { happened_at: Some(ago(when)), ..history(Answered::Yes) },
            None => history(must_word(other)),
        },
    };
    facts.history.insert(topic, fact);
}

fn set_order(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "order" {
        assert_eq!(cell, "none");
        facts.order = None;
        return true;
    }
    if column == "route" && cell == "none" {
        facts.route = None;
        facts.order = None;
        return true;
    }
    let Some(order) = facts.order.as_mut() else {
        return matches!(column, "route" | "dose mg" | "mg/kg" | "infusion min");
    };
    let maybe = |cell: &str| if cell == "none" { None } else { Some(cell.parse::<f64>().unwrap()) };
    match column {
        "route" => {
            order.route = must_word(cell);
            facts.route = Some(order.route);
        }
        "dose mg" => order.dose_mg = cell.parse().unwrap(),
        "mg/kg" => order.dose_mg_per_kg = maybe(cell),
        "infusion min" => order.infusion_minutes = maybe(cell),
        _ => return false,
    }
    true
}

fn set_plan(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "plan" {
        assert_eq!(cell, "none");
        facts.plan = None;
        return true;
    }
    if column == "order written" {
        facts.order_written_at = (cell != "none").then(|| ago(cell));
        return true;
    }
    let Some(plan) = facts.plan.as_mut() else { return false };
    match column {
        "plan route" => plan.route = must_word(cell),
        "plan opened" => plan.opened_at = ago(cell),
        "plan hours" => plan.interval_hours = cell.parse().ok(),
        _ => return false,
    }
    true
}

fn set_release(release: &mut ReleaseFacts, column: &str, cell: &str) -> bool {
    match column {
        "aldrete" => release.aldrete_total = cell.parse().ok(),
        "aldrete item 0" => release.aldrete_item_at_zero = answer(cell).map(|a| a == Answered::Yes),
        "oriented" => release.oriented = answer(cell),
        "gait" => release.steady_gait = answer(cell),
        "not vomiting" => release.no_vomiting = answer(cell),
        "settled" => release.distress_settled = answer(cell),
        "breathing normal" => release.breathing_normal = answer(cell),
        "no new thoughts" => release.no_new_suicidal_thoughts = answer(cell),
        "ride" => release.escort = answer(cell),
        "no driving" => release.no_driving_acknowledged = answer(cell),
        _ => return false,
    }
    true
}

fn set_session(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "session" {
        assert_eq!(cell, "none");
        facts.session = None;
        return true;
    }
    let Some(session) = facts.session.as_mut() else { return false };
    if let Some(what) = column.strip_suffix(" due") {
        let what: Subject = must_word(what);
        session.checks.retain(|check| check.what != what);
        if cell != "none" {
            session.checks.push(CheckFact { what, due_at: ago(cell) });
        }
        return true;
    }
    match column {
        "session route" => session.route = must_word(cell),
        "since dose" => {
            session.dose_at = ago(cell);
            session.release_from = ago(cell);
        }
        "since last dose" => session.release_from = ago(cell),
        "checked" if cell == "none" => session.release_times.clear(),
        "checked" => session.release_times.values_mut().for_each(|at| *at = ago(cell)),
        "infusion ended" => session.infusion_end_at = (cell != "none").then(|| ago(cell)),
        "baseline bp" => session.baseline_bp = (cell != "none").then(|| pressure(cell)),
        "baseline spo2" => session.baseline_spo2_percent = cell.parse().ok(),
        "bp" => {
            session.readings = pressures(cell)
                .into_iter()
                .map(|(at, bp)| Vitals { blood_pressure: Some(bp), ..Vitals::at(at, ReadingSource::Device) })
                .collect();
        }
        "hr" => set_sign(&mut session.readings, cell, |v, n| v.heart_rate_per_min = Some(n)),
        "oxygen" => set_sign(&mut session.readings, cell, |v, n| v.spo2_percent = Some(n)),
        "breaths" => set_sign(&mut session.readings, cell, |v, n| v.respiratory_rate_per_min = Some(n)),
        "last oxygen" => {
            for v in &mut session.readings {
                v.spo2_percent = cell.parse().ok();
            }
        }
        "moaas" => session.sedation = items(cell).into_iter().map(|(n, at)| (at, n.parse().unwrap())).collect(),
        "distress" => session.distress = items(cell).into_iter().map(|(n, at)| (at, n.parse().unwrap())).collect(),
        "symptoms" => {
            session.symptoms =
                items(cell).into_iter().map(|(s, at)| SymptomFact { symptom: must_word(s), at }).collect();
        }
        "silent" => session.contact_lost_since = (cell != "none").then(|| ago(cell)),
        "sign-off" => session.companion_sign_off_at = (cell != "none").then(|| ago(cell)),
        "plan's earliest" => session.earliest_release_minutes = cell.parse().unwrap(),
        "open alerts" => session.open_alerts = cell.parse().unwrap(),
        _ => return set_release(&mut session.release, column, cell),
    }
    true
}

fn set_consent(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "consent" {
        assert_eq!(cell, "none");
        facts.consent = None;
        return true;
    }
    let Some(consent) = facts.consent.as_mut() else { return false };
    match column {
        "signed" => consent.signed_at = ago(cell),
        "version" => consent.version = cell.to_owned(),
        "withdrawn" => consent.withdrawn_at = (cell != "no").then(|| ago(cell)),
        "home notice" => consent.home_notice = cell == "yes",
        _ => return false,
    }
    true
}

fn set_standing(facts: &mut Facts, column: &str, cell: &str) -> bool {
    match (column, facts.decision.as_mut()) {
        ("decision", _) if cell == "none" => facts.decision = None,
        ("decision", Some(decision)) if cell == "not" => decision.eligible = false,
        ("decision", Some(decision)) => decision.setting = must_word(cell),
        ("decided", Some(decision)) => decision.at = ago(cell),
        ("course stopped", Some(decision)) => decision.stopped_at = (cell != "no").then(|| ago(cell)),
        ("serious events", _) if cell == "not looked" => facts.serious_events = None,
        ("serious events", _) => {
            let one = |(event, _): (&str, Timestamp)| SeriousEventFact {
                at: ago(event.trim_end_matches(" reviewed")),
                reviewed: event.ends_with("reviewed"),
            };
            facts.serious_events = Some(items(cell).into_iter().map(one).collect());
        }
        ("alerts open", _) if cell == "not looked" => facts.open_alerts = None,
        ("alerts open", _) => {
            let one = |(urgency, raised_at): (&str, Timestamp)| AlertFact {
                urgency: must_word(urgency),
                rule: "help".to_owned(),
                raised_at,
            };
            facts.open_alerts = Some(items(cell).into_iter().map(one).collect());
        }
        _ => return false,
    }
    true
}

fn set_screen(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "risk" && cell == "none" {
        facts.suicide = None;
        return true;
    }
    let Some(screen) = facts.suicide.as_mut() else { return matches!(column, "screened" | "reviewed") };
    match column {
        "risk" => screen.risk = if cell == "clear" { SuicideRisk::None } else { must_word(cell) },
        "screened" => screen.at = ago(cell),
        "reviewed" => screen.reviewed = cell == "yes",
        _ => return false,
    }
    true
}

fn set_measure(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if let Some(id) = column.strip_prefix("measure ") {
        if cell == "none" {
            facts.measures.remove(id);
        } else {
            let scores = [("total".to_owned(), Some(1.0))].into();
            let known = facts.measures.entry(id.to_owned()).or_insert(MeasureFact {
                at: now(),
                scores,
                cutoffs: [].into(),
                safety: [].into(),
            });
            known.at = ago(cell);
        }
        return true;
    }
    let (kind, place) = match (column.strip_prefix("score "), column.strip_prefix("flag ")) {
        (Some(place), _) => ("score", place),
        (_, Some(place)) => ("flag", place),
        _ => return false,
    };
    let (id, name) = place.split_once('.').expect("score instrument.name");
    if cell == "none" && kind == "score" {
        facts.measures.remove(id);
        return true;
    }
    let measure = facts.measures.entry(id.to_owned()).or_insert(MeasureFact {
        at: ago("10 d"),
        scores: [].into(),
        cutoffs: [].into(),
        safety: [].into(),
    });
    if kind == "score" {
        measure.scores.insert(name.to_owned(), (cell != "unknown").then(|| cell.parse().unwrap()));
    } else if cell == "none" {
        measure.safety.remove(name);
    } else {
        measure.safety.insert(name.to_owned(), (cell != "unknown").then_some(cell == "yes"));
    }
    true
}

fn set_person(facts: &mut Facts, column: &str, cell: &str) -> bool {
    match column {
        "age years" => facts.age_years = cell.parse().ok(),
        "sex" => facts.sex = word(cell),
        "gate" => facts.gate = must_word(cell),
        "medicines" => facts.medicines = medicines(cell),
        "imported" => facts.imported_medicines = medicines(cell).unwrap_or_default(),
        "gone through" => facts.medicines_reviewed_at = (cell != "none").then(|| ago(cell)),
        "history asked" => facts.history.values_mut().for_each(|fact| fact.recorded_at = ago(cell)),
        "screening bp" => facts.screening_bp = pressures(cell),
        "weight" => facts.weight_kg = cell.parse().ok().map(|kg| (facts.weight_kg.map_or(now(), |(at, _)| at), kg)),
        "weights" => {
            facts.weights = items(cell)
                .into_iter()
                .map(|(kg, at)| {
                    let (kg, confirmed) = kg.strip_suffix(" confirmed").map_or((kg, false), |kg| (kg, true));
                    let (kg, other) = kg.strip_suffix(" by other").map_or((kg, false), |kg| (kg, true));
                    let by = Some(if other { prescribing::another() } else { prescribing::prescriber() });
                    WeightFact { at, kg: kg.parse().unwrap(), confirmed, by }
                })
                .collect();
        }
        "height" => facts.height_cm = cell.parse().ok().map(|cm| (ago("12 d"), cm)),
        "weight age" => facts.weight_kg = facts.weight_kg.map(|(_, kg)| (ago(cell), kg)),
        "doses" => facts.doses = doses(cell),
        _ => {
            if let Some(kind) = word::<LabKind>(column) {
                facts.labs.retain(|lab| lab.kind != kind);
                if let Some((result, when)) = cell.split_once(' ') {
                    let figures =
                        if kind == LabKind::LiverPanel { prescribing::figures(HEALTHY_LIVER) } else { Vec::new() };
                    facts.labs.push(LabFact { kind, result: lab_result(result), at: ago(when), figures });
                }
                return true;
            }
            let Some(topic) = word::<HistoryTopic>(column) else { return false };
            set_history(facts, topic, cell);
        }
    }
    true
}

/// Sets one column of a table in the facts.
pub fn set(facts: &mut Facts, column: &str, cell: &str) {
    if cell == "." {
        return;
    }
    let known = set_person(facts, column, cell)
        || set_order(facts, column, cell)
        || set_plan(facts, column, cell)
        || prescribing::set(facts, column, cell)
        || set_consent(facts, column, cell)
        || set_standing(facts, column, cell)
        || set_screen(facts, column, cell)
        || set_measure(facts, column, cell)
        || day::set(facts, column, cell)
        || set_session(facts, column, cell);
    assert!(known, "no column is named {column:?}");
}

/// A verdict in the words of a table.
pub fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::NotApplicable(_) => "n/a".to_owned(),
        Verdict::Clear(_) => "-".to_owned(),
        Verdict::Found(findings) => {
            let one = |f: &crate::finding::Finding| {
                let strength = match (f.severity, f.urgency) {
                    (Severity::Escalate, Some(Urgency::Watch)) => "watch",
                    (Severity::Escalate, Some(Urgency::CallClinician)) => "call",
                    (Severity::Escalate, Some(Urgency::Emergency)) => "emergency",
                    (severity, _) => severity.code(),
                };
                match f.cause {
                    Cause::Met => strength.to_owned(),
                    cause => format!("{strength}: {}", cause.code().replace('-', " ")),
                }
            };
            findings.iter().map(one).collect::<Vec<_>>().join(" + ")
        }
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// The gate at which a rule stands first.
pub fn first_gate(rule: &Rule) -> Gate {
    rule.gates[0]
}

/// Judges every row of a table with one rule, at the first of its gates unless a column says which.
pub fn check_rule(rule: &Rule, setting: Setting, table: &str) {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let header = cells(lines.next().expect("a table has a header"));
    assert_eq!(header.last(), Some(&"finding"), "the last column is `finding`: {header:?}");
    let mut rows = 0;
    for line in lines {
        let row = cells(line);
        assert_eq!(row.len(), header.len(), "{}: the row has another number of columns: {line:?}", rule.id);
        let mut facts = Facts { gate: first_gate(rule), ..well(setting) };
        for (column, cell) in header.iter().zip(&row).take(header.len() - 1) {
            set(&mut facts, column, cell);
        }
        let verdict = rule.judge(&facts);
        assert_eq!(
            words(&verdict),
            row[row.len() - 1],
            "{} in the {}, row {:?}:\n{verdict:#?}",
            rule.id,
            setting.code(),
            line.trim()
        );
        for finding in verdict.findings() {
            assert_eq!(finding.rule, rule.id);
            for (all, said) in [
                (codes::measured::ALL, &finding.measured),
                (codes::limit::ALL, &finding.limit),
                (codes::clears::ALL, &finding.clears),
            ] {
                assert!(all.iter().any(|(code, _)| *code == said.code), "{}: {said:?}", rule.id);
            }
            assert!(!format!("{finding:?}").contains("NaN"), "{finding:?}");
        }
        rows += 1;
    }
    assert!(rows > 0, "{}: the table has no row", rule.id);
}

/// The same table in both settings.
pub fn check_everywhere(rule: &Rule, table: &str) {
    check_rule(rule, Setting::Clinic, table);
    check_rule(rule, Setting::Home, table);
}
