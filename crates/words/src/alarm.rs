//! An alert in one sentence: what, value, limit, what to do, by when; and, opened, in a card of at most five lines.

use jiff::Timestamp;
use stillwater_care::chart::{Alert, Chart, Session};
use stillwater_care::event::AlertSubject;
use stillwater_care::facts::{Answered, PlaceToday, Setting};
use stillwater_care::finding::Urgency;
use stillwater_care::quantity::minutes_between;

use crate::timeline::capital;
use crate::{Words, alerts, findings};

/// The newest value of the sign that an alert is about, with when it was measured, where it is newer than the alert's own.
#[must_use]
pub fn latest(words: &Words, chart: &Chart, alert: &Alert) -> Option<(String, Timestamp)> {
    let AlertSubject::InSession { finding, at, .. } = &alert.about else { return None };
    let session = alert.session.and_then(|id| chart.session(id))?;
    let readings = chart.readings_of(session);
    let said = |id: &str, value: String| words.say(id, &[("value", value.into())]);
    let newest = match finding.rule.as_str() {
        "S06-pressure" => readings
            .iter()
            .rev()
            .find_map(|v| Some((said("vitals-blood-pressure", v.blood_pressure?.to_string()), v.taken_at))),
        "S06-pulse" => readings
            .iter()
            .rev()
            .find_map(|v| Some((said("vitals-pulse", v.heart_rate_per_min?.to_string()), v.taken_at))),
        "S06-oxygen" => {
            readings.iter().rev().find_map(|v| Some((said("vitals-spo2", v.spo2_percent?.to_string()), v.taken_at)))
        }
        "S06-breathing" => readings
            .iter()
            .rev()
            .find_map(|v| Some((said("vitals-breathing", v.respiratory_rate_per_min?.to_string()), v.taken_at))),
        "S06-sedation" | "S06-duration" => chart
            .standing(&chart.sedation)
            .filter(|s| s.value.session == session.id)
            .max_by_key(|s| s.value.rated_at)
            .map(|s| (said("alarm-moaas", s.value.moaas.to_string()), s.value.rated_at)),
        "S06-distress" => chart
            .standing(&chart.distress)
            .filter(|d| d.value.session == session.id)
            .max_by_key(|d| d.value.rated_at)
            .map(|d| (said("alarm-distress", d.value.rating.to_string()), d.value.rated_at)),
        _ => None,
    };
    newest.filter(|(_, taken)| at.is_none_or(|at| *taken > at))
}

/// The whole alert in one sentence: `BP 186/112 at T+27: limit below 180/110. No further dose; the clinician comes now, by
/// 23:33`.
#[must_use]
pub fn sentence(words: &Words, chart: &Chart, alert: &Alert) -> String {
    let session = alert.session.and_then(|id| chart.session(id));
    let what = match &alert.about {
        AlertSubject::InSession { finding, at, .. } => {
            let at = when(words, chart, session, at.unwrap_or(alert.renewed_at));
            words.say(
                "alarm-in-session",
                &[
                    ("value", alerts::value(words, &finding.measured).into()),
                    ("at", at.into()),
                    ("limit", findings::limit(words, finding).into()),
                    ("do", capital(&findings::clears(words, finding)).into()),
                ],
            )
        }
        about => capital(&alerts::what(words, about)),
    };
    match alert.by_when() {
        Some(by) => words.say("alarm-by", &[("what", what.into()), ("time", clock(chart, by).into())]),
        None => words.say("alarm-now", &[("what", what.into())]),
    }
}

/// `T+27` in a session after its dose, else the time of day where the patient is.
fn when(words: &Words, chart: &Chart, session: Option<&Session>, at: Timestamp) -> String {
    match session.and_then(Session::dose_at) {
        Some(dose_at) if at >= dose_at => {
            words.say("alarm-since-dose", &[("minutes", minutes_between(dose_at, at).into())])
        }
        _ => clock(chart, at),
    }
}

fn clock(chart: &Chart, at: Timestamp) -> String {
    chart.zoned(at).strftime("%H:%M").to_string()
}

/// The card: whom to reach or where to look, situation, background, assessment, request. At most five lines.
#[must_use]
pub fn card(words: &Words, chart: &Chart, alert: &Alert, now: Timestamp) -> Vec<String> {
    let session = alert.session.and_then(|id| chart.session(id));
    let age = chart.age_years(now).map_or_else(String::new, |years| words.say("alarm-age", &[("years", years.into())]));
    let home = session.is_some_and(|s| s.setting == Setting::Home);
    let demographics = chart.demographics.as_ref();
    let who = [("name", chart.name().into()), ("age", age.into())];
    let head = match alert.urgency {
        Urgency::Emergency => words.say("alarm-head-emergency", &who),
        Urgency::CallClinician => words.say("alarm-head-call", &who),
        Urgency::Watch | Urgency::Review => words.say("alarm-head-watch", &who),
    };
    let mut lines = vec![head];
    let since = clock(chart, alert.raised_at);
    let mut situation = vec![match &alert.about {
        AlertSubject::InSession { finding, at, .. } => words.say(
            "alarm-value-at",
            &[
                ("value", alerts::value(words, &finding.measured).into()),
                ("at", when(words, chart, session, at.unwrap_or(alert.renewed_at)).into()),
            ],
        ),
        about => alerts::what(words, about),
    }];
    if let Some((value, at)) = latest(words, chart, alert) {
        let at = when(words, chart, session, at);
        situation.push(words.say("alarm-latest", &[("value", value.into()), ("at", at.into())]));
    }
    situation.push(words.say("alarm-since", &[("time", since.into())]));
    lines.push(words.say("alarm-situation", &[("said", situation.join("; ").into())]));
    if let Some(background) = background(words, chart, session, home) {
        lines.push(words.say("alarm-background", &[("said", background.into())]));
    }
    if let AlertSubject::InSession { finding, .. } = &alert.about {
        lines.push(words.say(
            "alarm-assessment",
            &[("limit", findings::limit(words, finding).into()), ("rule", finding.rule.as_str().into())],
        ));
    }
    let act = match &alert.about {
        AlertSubject::InSession { finding, .. } => findings::clears(words, finding),
        AlertSubject::ConsentWithdrawn { .. } => words.say("alarm-do-stop", &[]),
        AlertSubject::CheckMissed { .. } => words.say("alarm-do-check", &[]),
        AlertSubject::Help { .. } | AlertSubject::CheckIn { .. } | AlertSubject::Left { .. } => {
            words.say("alarm-do-reach", &[])
        }
        _ => words.say("alarm-do-look", &[]),
    };
    let number = demographics.map_or("", |d| d.emergency_number.as_str());
    let mut request = vec![act];
    if alert.urgency == Urgency::Emergency && !number.is_empty() {
        request.push(words.say("alarm-call", &[("number", number.into())]));
    }
    request.push(next(words, chart, alert));
    lines.push(words.say("alarm-request", &[("said", request.join("; ").into())]));
    lines
}

/// What was given and when; at home, where help would go and whom to reach there.
fn background(words: &Words, chart: &Chart, session: Option<&Session>, home: bool) -> Option<String> {
    let dose = session.and_then(Session::dose);
    let mut said = Vec::new();
    if let (Some(session), Some(dose)) = (session, dose) {
        said.push(words.say(
            "alarm-dose",
            &[
                ("mg", dose.dose_mg.into()),
                ("route", words.term(dose.route).into()),
                ("time", clock(chart, dose.taken_at).into()),
                ("number", session.number.into()),
            ],
        ));
    }
    if home && let Some(session) = session {
        said.push(place(words, chart, session));
        if let Some(companion) = &chart.companion {
            let (name, phone) = (companion.name.as_str(), companion.phone.as_str());
            said.push(words.say("alarm-companion", &[("name", name.into()), ("phone", phone.into())]));
        }
    }
    if session.is_some() {
        said.push(words.say("alarm-allergies", &[("said", allergies(words, chart).into())]));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// Where help is sent: the address as it was said today, how to get in, and how long an ambulance was said to need.
fn place(words: &Words, chart: &Chart, session: &Session) -> String {
    let on_record = chart.demographics.as_ref().map_or("", |person| person.address.as_str());
    let mut said = vec![match &session.day.place_today {
        Some(PlaceToday::Elsewhere { address }) => {
            words.say("alarm-address-today", &[("address", address.as_str().into())])
        }
        Some(PlaceToday::OnRecord) => words.say("alarm-address-today", &[("address", on_record.into())]),
        Some(PlaceToday::Unknown) | None => words.say("alarm-address-not-asked", &[("address", on_record.into())]),
    }];
    if let Some(way_in) = &session.day.way_in {
        said.push(words.say("alarm-way-in", &[("words", way_in.as_str().into())]));
    }
    said.join(", ")
}

/// What is known of allergies, in words. Not asked is said as such and never reads as none.
#[must_use]
pub fn allergies(words: &Words, chart: &Chart) -> String {
    let known = chart.allergies();
    let ketamine = match known.ketamine {
        Some((Answered::Yes, false)) => "allergy-ketamine-yes",
        Some((Answered::Yes, true)) => "allergy-ketamine-unconfirmed",
        Some((Answered::No, _)) => "allergy-ketamine-no",
        Some((Answered::Unknown | Answered::Declined, _)) => "allergy-ketamine-unknown",
        None => "allergy-ketamine-not-asked",
    };
    let imported = known.imported.iter().map(|name| words.say("allergy-imported", &[("name", (*name).into())]));
    std::iter::once(words.say(ketamine, &[])).chain(imported).collect::<Vec<_>>().join(", ")
}

/// What happens next by itself.
fn next(words: &Words, chart: &Chart, alert: &Alert) -> String {
    let time = |at: Timestamp| clock(chart, at);
    match (alert.owner(), alert.lapses_at(), alert.next_rung_at()) {
        (Some(act), Some(at), _) => words.say(
            "alarm-next-owned",
            &[("name", act.by.name().into()), ("time", time(act.at).into()), ("again", time(at).into())],
        ),
        (Some(act), None, _) => {
            words.say("alarm-next-has-it", &[("name", act.by.name().into()), ("time", time(act.at).into())])
        }
        (None, _, Some(at)) => words.say(
            "alarm-next-rung",
            &[("time", time(at).into()), ("level", words.code("level", alert.level.above().code()).into())],
        ),
        (None, _, None) => words.say("alarm-next-nobody", &[]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use stillwater_care::command::Command;
    use stillwater_care::event::VitalsRecorded;
    use stillwater_testkit::{Course, guide};

    #[test]
    fn one_sentence_says_what_value_limit_what_to_do_and_by_when() {
        let mut course = Course::new();
        let session = course.dosed(Setting::Clinic);
        course.minutes(27);
        let vitals = course.vitals(186, 100);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        let alert = course.chart.open_alerts()[0];
        let by = clock(&course.chart, stillwater_care::quantity::plus_minutes(course.now, 5));
        assert_eq!(
            sentence(Words::english(), &course.chart, alert),
            format!(
                "BP 186/100 at T+27: limit below 160/100 mmHg. Repeat in 5 minutes, and ask for symptoms; by {by}."
            )
        );
        let card = card(Words::english(), &course.chart, alert, course.now);
        assert!(card.len() <= 5, "{card:#?}");
        assert!(card.iter().all(|line| !line.contains("alarm-") && !line.contains('{')), "{card:#?}");
        course.minutes(5);
        let vitals = course.vitals(150, 90);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        let alert = course.chart.open_alerts()[0];
        let (value, at) = latest(Words::english(), &course.chart, alert).unwrap();
        assert!(value.contains("150/90") && at == course.now, "the alert shows its latest value: {value}");
    }

    #[test]
    fn a_card_at_home_has_the_address_and_whom_to_reach() {
        let mut course = Course::new();
        course.dosed(Setting::Home);
        course.minutes(20);
        course.tick();
        let alert = course.chart.open_alerts()[0];
        let card = card(Words::english(), &course.chart, alert, course.now).join("\n");
        assert!(card.contains("1 Example Street") && card.contains("555-0102"), "{card}");
        assert!(card.contains("today at 1 Example Street") && card.contains("code 4711"), "{card}");
        assert!(card.contains("allergies: ketamine no"), "{card}");
    }
}
