//! What is noticed without being asked: the watch rules run after every command over the chart as it will be, and the
//! ticker's rules run as time passes. Both only raise, pass up and record; neither decides a dose.
//!
//! How long an alert may wait before it goes one rung up is a proposal of this project (the anchors are the times of
//! clinical reference 5.3 for a missed look-in at home) and is signed by nobody yet.

mod raise;

use jiff::Timestamp;
use stillwater_instruments::Catalogue;

use raise::{Noticed, Raise, measured_at, of_safety, raise};

use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session};
use crate::context::Context;
use crate::event::*;
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Urgency};
use crate::ids::SessionId;
use crate::quantity::days_between;
use crate::rules::{self, Gate};
use crate::schedule;

/// Minutes until an alert that nobody took on goes one rung up.
#[must_use]
pub fn answer_within_minutes(urgency: Urgency, in_session: bool) -> i64 {
    match (urgency, in_session) {
        (Urgency::Emergency, _) => 2,
        (Urgency::CallClinician, true) => 5,
        (Urgency::CallClinician, false) => 15,
        (Urgency::Watch, true) => 10,
        (Urgency::Watch, false) => 60,
        (Urgency::Review, _) => 24 * 60,
    }
}

/// What the watch rules add after a command. `after` is the chart with the command's own events.
#[must_use]
pub fn watch(after: &Chart, drafts: &[Draft], context: &Context<'_>) -> Vec<Event> {
    let mut events = Noticed::after(drafts.len(), context);
    let mut look: Option<(SessionId, &[&str])> = None;
    for draft in drafts {
        match &draft.event {
            Event::MeasureCompleted(measure) => watch_measure(after, measure, context.now, &mut events),
            Event::HelpRequested(help) => {
                let by = draft.actor.name().to_owned();
                raise(
                    after,
                    &mut events,
                    Raise {
                        urgency: Urgency::Emergency,
                        about: AlertSubject::Help { call: draft.id, by, words: help.words.clone() },
                        session: help.session,
                        first: EscalationLevel::Guide,
                    },
                );
            }
            Event::CheckInRecorded(check) => watch_check_in(after, check, draft, &mut events),
            Event::VitalsRecorded(VitalsRecorded { session: Some(id), vitals }) => {
                look = Some((*id, &OF_READINGS));
                as_it_was(after, *id, vitals.taken_at, &OF_READINGS, context, &mut events);
                held_before_dose(after, *id, context, &mut events);
            }
            Event::SedationRated(SedationRated { session: id, rated_at, .. }) => {
                look = Some((*id, &OF_SEDATION));
                as_it_was(after, *id, *rated_at, &OF_SEDATION[..1], context, &mut events);
            }
            Event::SymptomMarked(SymptomMarked { session: id, .. }) => look = Some((*id, &OF_SYMPTOMS)),
            Event::DistressRated(DistressRated { session: id, rated_at, .. }) => {
                look = Some((*id, &OF_DISTRESS));
                as_it_was(after, *id, *rated_at, &OF_DISTRESS, context, &mut events);
            }
            Event::ClockJumped(jump) => raise(
                after,
                &mut events,
                Raise {
                    urgency: Urgency::CallClinician,
                    about: AlertSubject::ClockJumped { session: jump.session, seconds: jump.seconds },
                    session: Some(jump.session),
                    first: EscalationLevel::Guide,
                },
            ),
            Event::DayAnswered(day) => companion_danger(after, day, &mut events),
            Event::ConsentWithdrawn(withdrawn) => consent_withdrawn(after, withdrawn, &mut events),
            Event::AdverseEventRecorded(adverse) if adverse.serious => raise(
                after,
                &mut events,
                Raise {
                    urgency: Urgency::CallClinician,
                    about: AlertSubject::AdverseEvent { entry: draft.id, words: adverse.what.clone() },
                    session: None,
                    first: EscalationLevel::Prescriber,
                },
            ),
            Event::DoseTaken(dose) => {
                if let Some(alert) = of_dose(dose.session, dose.taken_at, &dose.irregular) {
                    raise(after, &mut events, alert);
                }
            }
            Event::FurtherDoseTaken(dose) => {
                if let Some(alert) = of_dose(dose.session, dose.taken_at, &dose.irregular) {
                    raise(after, &mut events, alert);
                }
            }
            Event::DoseAmountRecorded(amount) => {
                if let Some(alert) = of_amount(after, amount) {
                    raise(after, &mut events, alert);
                }
            }
            Event::SessionMissed(missed) if !matches!(draft.actor, crate::roles::Actor::Stillwater) => {
                raise(after, &mut events, of_missed(missed.session, missed.starts_at));
            }
            Event::PatientLeft(left) => raise(
                after,
                &mut events,
                Raise {
                    urgency: Urgency::CallClinician,
                    about: AlertSubject::Left { session: left.session, words: left.words.clone() },
                    session: Some(left.session),
                    first: EscalationLevel::Prescriber,
                },
            ),
            Event::SessionStopped(stopped) if after.session(stopped.session).is_some_and(|s| s.dose().is_some()) => {
                raise(
                    after,
                    &mut events,
                    Raise {
                        urgency: Urgency::CallClinician,
                        about: AlertSubject::Stopped {
                            session: stopped.session,
                            by: draft.actor.name().to_owned(),
                            words: stopped.reason.clone(),
                        },
                        session: Some(stopped.session),
                        first: EscalationLevel::Guide,
                    },
                )
            }
            _ => {}
        }
    }
    if let Some((id, rules)) = look
        && let Some(session) = after.session(id)
    {
        in_session(after, session, rules, context, &mut events);
    }
    events.events
}

/// A second reading that holds the dose tells the team, so that nobody sits alone with a locked page.
fn held_before_dose(chart: &Chart, id: SessionId, context: &Context<'_>, events: &mut Noticed) {
    let Some(session) = chart.session(id).filter(|s| s.dose().is_none() && s.phase().is_open()) else { return };
    let scope = Scope { session: Some(session), ..Scope::default() };
    let mut facts = chart.facts(context.now, context.protocols, scope);
    let of_pressure = |id: &str| id == "S01-bp-clinic" || id == "S01-bp-home";
    let mut held: Vec<Finding> = Vec::new();
    for reading in std::mem::take(&mut facts.day.readings) {
        // Each reading by itself, at the time when it was fresh.
        facts.now = reading.taken_at;
        facts.day.readings = vec![reading];
        for rule in rules::RULES.iter().filter(|rule| of_pressure(rule.id)) {
            let verdict = rule.judge(&facts);
            held.extend(
                verdict.findings().iter().filter(|f| f.severity == Severity::Block && f.cause == Cause::Met).cloned(),
            );
        }
    }
    if held.len() < 2 {
        return;
    }
    raise(
        chart,
        events,
        Raise {
            urgency: Urgency::Watch,
            about: AlertSubject::DoseHeld { session: id, findings: held },
            session: Some(id),
            first: EscalationLevel::Guide,
        },
    );
}

/// Which rules new vital signs, a sedation rating, a symptom, a distress rating and the passing of time can change. An
/// alert that somebody has resolved is not raised again by news of something else.
const OF_READINGS: [&str; 4] = ["S06-pressure", "S06-pulse", "S06-oxygen", "S06-breathing"];
const OF_SEDATION: [&str; 2] = ["S06-sedation", "S06-duration"];
const OF_SYMPTOMS: [&str; 2] = ["S06-symptoms", "S06-pressure"];
const OF_DISTRESS: [&str; 1] = ["S06-distress"];
const OF_TIME: [&str; 3] = ["S06-duration", "S06-distress", "S07-contact"];
/// The clocks of the checks, looked at as time passes by what is due (`missed_checks`).
#[cfg(test)]
const OF_CHECKS: [&str; 6] =
    ["S05-pressure", "S05-pulse", "S05-oxygen", "S05-breathing", "S05-alertness", "S05-look-in"];

/// Judges what is known of the session by the given rules, and raises what calls for somebody.
fn in_session(chart: &Chart, session: &Session, rules_of: &[&str], context: &Context<'_>, events: &mut Noticed) {
    if !session.phase().is_running() {
        return;
    }
    let facts = chart.facts(context.now, context.protocols, Scope { session: Some(session), ..Scope::default() });
    by_rules(chart, session, &facts, rules_of, events);
}

fn by_rules(chart: &Chart, session: &Session, facts: &Facts, rules_of: &[&str], events: &mut Noticed) {
    for assessment in rules::assess(Gate::InSession, facts).iter().filter(|a| rules_of.contains(&a.rule.id)) {
        let gravest = assessment.verdict.findings().iter().filter(|f| f.urgency.is_some()).max_by_key(|f| f.urgency);
        if let Some(finding) = gravest {
            raise(chart, events, from_finding(finding, session, facts.now));
        }
    }
}

/// Judges one entry by itself, as things stood when it was measured, whenever it arrives: entered late, stamped before the
/// dose, or by a clock that ran back. What was measured later does not hide it, and the alert says how old it is.
fn as_it_was(
    chart: &Chart,
    id: SessionId,
    at: Timestamp,
    rules_of: &[&str],
    context: &Context<'_>,
    events: &mut Noticed,
) {
    let Some(session) = chart.session(id).filter(|session| session.dose().is_some()) else { return };
    let mut facts = chart.facts(context.now, context.protocols, Scope { session: Some(session), ..Scope::default() });
    let Some(known) = &mut facts.session else { return };
    let dose_at = known.dose_at;
    let until = |taken: Timestamp| taken <= at && (taken > dose_at || taken == at);
    known.readings = chart.readings_of(session).into_iter().filter(|v| until(v.taken_at)).collect();
    known.sedation.retain(|(rated, _)| *rated <= at);
    known.distress.retain(|(rated, _)| *rated <= at);
    by_rules(chart, session, &facts, rules_of, events);
}

/// Consent withdrawn while a dose works: somebody is told, and stopping is offered at once.
fn consent_withdrawn(chart: &Chart, withdrawn: &ConsentWithdrawn, events: &mut Noticed) {
    let Some(session) = chart.running_session().filter(|session| session.stopped().is_none()) else { return };
    raise(
        chart,
        events,
        Raise {
            urgency: Urgency::CallClinician,
            about: AlertSubject::ConsentWithdrawn { session: session.id, words: withdrawn.words.clone() },
            session: Some(session.id),
            first: EscalationLevel::Guide,
        },
    );
}

/// Somebody there is, or may be, a danger to the patient: the team hears of it, and the phones show nothing.
fn companion_danger(chart: &Chart, day: &DayAnswered, events: &mut Noticed) {
    let Some(answer) = day.answers.companion_danger.filter(|answer| *answer != Answered::No) else { return };
    let urgency = if answer == Answered::Yes { Urgency::CallClinician } else { Urgency::Watch };
    let about = AlertSubject::CompanionDanger { session: day.session, answer };
    raise(chart, events, Raise { urgency, about, session: Some(day.session), first: EscalationLevel::Guide });
}

fn from_finding(finding: &Finding, session: &Session, now: Timestamp) -> Raise {
    Raise {
        urgency: finding.urgency.unwrap_or(Urgency::Watch),
        about: AlertSubject::InSession { session: session.id, finding: finding.clone(), at: measured_at(finding, now) },
        session: Some(session.id),
        first: if finding.urgency >= Some(Urgency::CallClinician) {
            EscalationLevel::Prescriber
        } else {
            EscalationLevel::Guide
        },
    }
}

fn watch_measure(chart: &Chart, measure: &MeasureCompleted, now: Timestamp, events: &mut Noticed) {
    let Some(instrument) = Catalogue::built_in().get(&measure.instrument) else { return };
    for safety in &instrument.safety {
        if measure.safety.get(&safety.id).copied().flatten() != Some(true) {
            continue;
        }
        let (urgency, first) = of_safety(safety.level);
        raise(
            chart,
            events,
            Raise {
                urgency,
                about: AlertSubject::SafetyAnswer {
                    instrument: measure.instrument.clone(),
                    safety: safety.id.clone(),
                    point: measure.point,
                },
                session: measure.session,
                first,
            },
        );
    }
    if !worsening(chart, measure, events) {
        relapse(chart, measure, now, events);
    }
}

/// Points of PCL-5 above its lowest since the first dose that are looked at, and that call a clinician; and the days after the
/// last dose from which on they are. The points are those of clinical reference 7.3 for a rise within a week; that a slower
/// rise after the last dose counts as well, and the week that is left to each dose, are proposals of this project. Signed by
/// nobody yet.
const RELAPSE_POINTS: (f64, f64) = (10.0, 15.0);
const RELAPSE_AFTER_DAYS: f64 = 7.0;

/// A rise after the last dose, however slow: benefit is lost weeks after the last dose, when nobody sees the patient weekly.
fn relapse(chart: &Chart, measure: &MeasureCompleted, now: Timestamp, events: &mut Noticed) {
    if measure.instrument != "pcl-5-week" && measure.instrument != "pcl-5-month" {
        return;
    }
    let doses = || chart.doses_now().map(|dose| dose.value.taken_at);
    let (Some(first), Some(last)) = (doses().min(), doses().max()) else { return };
    let days = days_between(last, now);
    if days < RELAPSE_AFTER_DAYS {
        return;
    }
    let score = |m: &MeasureCompleted| m.scores.get("total").copied().flatten();
    let since = chart.measures_of(&measure.instrument);
    let lowest = since.iter().filter(|m| m.occurred_at > first).filter_map(|m| score(&m.value)).reduce(f64::min);
    let (Some(lowest), Some(is)) = (lowest, score(measure)) else { return };
    let (urgency, to) = match is - lowest {
        rise if rise >= RELAPSE_POINTS.1 => (Urgency::CallClinician, EscalationLevel::Prescriber),
        rise if rise >= RELAPSE_POINTS.0 => (Urgency::Watch, EscalationLevel::Guide),
        _ => return,
    };
    let course = chart.course().map_or(0, |course| course.number);
    let about = AlertSubject::Relapse { course, instrument: measure.instrument.clone(), lowest, now: is, days };
    raise(chart, events, Raise { urgency, about, session: None, first: to });
}

/// PCL-5 15 points or more up within about a week goes to a clinician (clinical reference 7.3; a proposed default). Whether
/// it was so.
fn worsening(chart: &Chart, measure: &MeasureCompleted, events: &mut Noticed) -> bool {
    if measure.instrument != "pcl-5-week" {
        return false;
    }
    let all = chart.measures_of("pcl-5-week");
    let [.., before, newest] = all.as_slice() else { return false };
    let score = |m: &MeasureCompleted| m.scores.get("total").copied().flatten();
    let (Some(was), Some(is)) = (score(&before.value), score(&newest.value)) else { return false };
    let days = days_between(before.occurred_at, newest.occurred_at);
    let worse = is - was >= 15.0 && days <= 10.0;
    if worse {
        raise(
            chart,
            events,
            Raise {
                urgency: Urgency::CallClinician,
                about: AlertSubject::Worsening { before: was, now: is, days },
                session: None,
                first: EscalationLevel::Prescriber,
            },
        );
    }
    worse
}

fn watch_check_in(chart: &Chart, check: &CheckInRecorded, draft: &Draft, events: &mut Noticed) {
    let grave = check.answers_to_name == Some(false)
        || check.breathing_easily == Some(false)
        || check.colour_normal == Some(false);
    let urgency = match (grave, check.answer) {
        (true, _) => Urgency::Emergency,
        (false, CheckAnswer::NotFine) => Urgency::CallClinician,
        (false, CheckAnswer::Unsure) => Urgency::Watch,
        (false, CheckAnswer::Fine) => return,
    };
    let signs: Vec<GraveSign> = [
        (check.answers_to_name, GraveSign::DoesNotAnswer),
        (check.breathing_easily, GraveSign::BreathesHard),
        (check.colour_normal, GraveSign::ColourNotNormal),
    ]
    .into_iter()
    .filter_map(|(seen, sign)| (seen == Some(false)).then_some(sign))
    .collect();
    raise(
        chart,
        events,
        Raise {
            urgency,
            about: AlertSubject::CheckIn {
                session: check.session,
                by: draft.actor.name().to_owned(),
                answer: check.answer,
                signs,
            },
            session: Some(check.session),
            first: if grave { EscalationLevel::Prescriber } else { EscalationLevel::Guide },
        },
    );
}

/// What the passing of time adds: missed checks, alerts that go one rung up, effects that last, measures whose window
/// closed.
#[must_use]
pub fn tick(chart: &Chart, context: &Context<'_>) -> Vec<Event> {
    let now = context.now;
    let mut events = Noticed::after(0, context);
    for alert in chart.alerts.iter().filter(|alert| alert.next_rung_at().is_some_and(|at| at <= now)) {
        events.push(Event::AlertEscalated(AlertEscalated { alert: alert.id, to: alert.level.above() }));
    }
    for alert in chart.alerts.iter().filter(|alert| alert.lapses_at().is_some_and(|at| at <= now)) {
        events.push(Event::AlertLapsed(AlertLapsed { alert: alert.id }));
    }
    if let Some(session) = chart.running_session() {
        missed_checks(chart, session, context, &mut events);
        in_session(chart, session, &OF_TIME, context, &mut events);
    }
    go_without_dose(chart, context, &mut events);
    if chart.ended().is_none() {
        missed_sessions(chart, now, &mut events);
    }
    if schedule::follows_up(chart) {
        missed_measures(chart, context, now, &mut events);
    }
    events.events
}

/// A check that was not done is due again, and each further miss asks somebody higher. A look-in at home: first an alarm and a
/// call (20 minutes after the last one), then a clinician (30), then a welfare call (35): clinical reference 5.3.
fn missed_checks(chart: &Chart, session: &Session, context: &Context<'_>, events: &mut Noticed) {
    let Some(protocol) = chart.protocol_of(session, context.protocols) else { return };
    let mut missed = schedule::next_checks(chart, session, protocol);
    missed.retain(|check| check.missed_at <= context.now);
    for check in &missed {
        events.push(Event::CheckMissed(CheckMissed { session: session.id, check: check.kind, due_at: check.due_at }));
    }
    let (look_ins, signs): (Vec<_>, Vec<_>) = missed.into_iter().partition(|check| check.kind == CheckKind::LookIn);
    for group in [look_ins, signs] {
        let Some(first) = group.first() else { continue };
        let times = group.iter().map(|check| check.misses).max().unwrap_or_default();
        let look_in = first.kind == CheckKind::LookIn;
        raise(
            chart,
            events,
            Raise {
                urgency: if look_in && times >= 2 { Urgency::Emergency } else { Urgency::CallClinician },
                about: AlertSubject::CheckMissed {
                    session: session.id,
                    check: first.kind,
                    due_at: first.due_at,
                    also: group.iter().skip(1).map(|check| check.kind).collect(),
                    times,
                },
                session: Some(session.id),
                first: rung_of_miss(session.setting, look_in, times),
            },
        );
    }
}

/// Who is asked at the first miss and at each further one. A reading that nobody takes asks everybody on call in the end; a
/// look-in that nobody makes means that somebody is sent.
fn rung_of_miss(setting: Setting, look_in: bool, times: u32) -> EscalationLevel {
    use EscalationLevel::{EmergencyServices, Guide, OnCall, Prescriber};
    match (look_in, setting, times) {
        (true, _, 0) | (false, Setting::Home, 0) => Guide,
        (true, _, 1) | (false, Setting::Home, 1) | (false, Setting::Clinic, 0) => Prescriber,
        (true, ..) => EmergencyServices,
        (false, ..) => OnCall,
    }
}

/// After go without a dose the guide is asked: was it given and not recorded, or is there none today?
fn go_without_dose(chart: &Chart, context: &Context<'_>, events: &mut Noticed) {
    let Some(session) = chart.current_session() else { return };
    let Some(go_at) = session.ready_since() else { return };
    if schedule::go_to_ask_about(chart, session).is_none_or(|at| at > context.now) {
        return;
    }
    raise(
        chart,
        events,
        Raise {
            urgency: Urgency::Watch,
            about: AlertSubject::GoWithoutDose { session: session.id, go_at },
            session: Some(session.id),
            first: EscalationLevel::Guide,
        },
    );
}

/// A session whose time passed and that nobody began: it is called missed, and somebody reaches the patient.
fn missed_sessions(chart: &Chart, now: Timestamp, events: &mut Noticed) {
    for session in chart.sessions_now().filter(|s| schedule::session_missed_at(s).is_some_and(|at| at <= now)) {
        let (id, starts_at) = (session.id, session.starts_at);
        events.push(Event::SessionMissed(SessionMissed { session: id, starts_at, words: String::new() }));
        raise(chart, events, of_missed(id, starts_at));
    }
}

fn of_missed(session: SessionId, starts_at: Timestamp) -> Raise {
    Raise {
        urgency: Urgency::Watch,
        about: AlertSubject::SessionMissed { session, starts_at },
        session: None,
        first: EscalationLevel::Guide,
    }
}

/// A dose that departs from the plan: late on paper or less than ordered is looked at, everything else calls a clinician.
fn of_dose(session: SessionId, taken_at: Timestamp, irregular: &[DoseIrregularity]) -> Option<Raise> {
    if irregular.is_empty() {
        return None;
    }
    let mild = |one: &DoseIrregularity| matches!(one, DoseIrregularity::LateEntry | DoseIrregularity::LessThanOrdered);
    let (urgency, first) = if irregular.iter().all(mild) {
        (Urgency::Watch, EscalationLevel::Guide)
    } else {
        (Urgency::CallClinician, EscalationLevel::Prescriber)
    };
    let about = AlertSubject::DoseIrregular { session, taken_at, irregular: irregular.to_vec() };
    Some(Raise { urgency, about, session: Some(session), first })
}

/// More was given than was ordered.
fn of_amount(chart: &Chart, amount: &DoseAmountRecorded) -> Option<Raise> {
    let dose = chart.session(amount.session)?.dose()?;
    let more = dose.ordered_mg.is_some_and(|ordered| amount.given_mg > ordered + 0.05);
    more.then(|| of_dose(amount.session, dose.taken_at, &[DoseIrregularity::MoreThanOrdered])).flatten()
}

fn missed_measures(chart: &Chart, context: &Context<'_>, now: Timestamp, events: &mut Noticed) {
    let missed = schedule::measures(chart, context.protocols)
        .into_iter()
        .filter(|m| schedule::watched(m.point) && m.missed(now) && schedule::asked(chart, m));
    for group in schedule::by_point(missed) {
        let about = AlertSubject::from(group);
        if chart.alerts.iter().any(|alert| alert.about.key() == about.key()) {
            continue;
        }
        raise(chart, events, Raise { urgency: Urgency::Review, about, session: None, first: EscalationLevel::Guide });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_a_running_session_is_looked_at_by_something() {
        let looked: Vec<&str> =
            [&OF_READINGS[..], &OF_SEDATION, &OF_SYMPTOMS, &OF_DISTRESS, &OF_TIME, &OF_CHECKS].concat();
        for rule in rules::RULES.iter().filter(|rule| rule.gates.contains(&Gate::InSession)) {
            assert!(looked.contains(&rule.id), "{} is never looked at", rule.id);
        }
        for id in looked {
            assert!(rules::rule(id).is_some(), "{id} is not in the rule book");
        }
    }
}
