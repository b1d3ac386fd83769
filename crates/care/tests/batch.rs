//! Several commands of one act: each is decided against the chart as the ones before it leave it, and either all count
//! or none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::borrow::Cow;

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::Setting;
use stillwater_care::ids::AlertId;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals};
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, guide};
use uuid::Uuid;

fn context(course: &Course, actor: Actor) -> Context<'static> {
    Context { now: course.now, actor, command_id: Uuid::nil(), protocols: Protocols::built_in() }
}

fn reading(course: &Course, systolic: i32) -> Command {
    let mut vitals = Vitals::at(course.now, ReadingSource::Device);
    vitals.blood_pressure = Some(BloodPressure { systolic, diastolic: 76 });
    Command::RecordVitals(VitalsRecorded { session: course.chart.current_session().map(|s| s.id), vitals })
}

/// Decides one after another, and as one batch: both must come to the same.
fn check_same(course: &mut Course, actor: &Actor, commands: Vec<Command>) -> Vec<Draft> {
    let each: Vec<(Uuid, Command)> = commands.into_iter().map(|command| (course.next_id(), command)).collect();
    let (drafts, after) = decide_batch(&course.chart, &context(course, actor.clone()), each.clone()).unwrap();
    let after = after.into_owned();
    let mut singly = Vec::new();
    for (command_id, command) in each {
        for draft in course.would(actor.clone(), command_id, command).unwrap() {
            singly.push(draft.clone());
            course.chart.apply(&draft.at(course.chart.seq + 1));
        }
    }
    assert_eq!(drafts, singly);
    assert_eq!(after, course.chart);
    drafts
}

#[test]
fn a_batch_yields_the_same_events_and_the_same_chart_as_its_commands_one_by_one() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(5);
    let rated_at = course.now;
    let commands = vec![
        reading(&course, 190),
        Command::RateSedation(SedationRated { session, moaas: 1, rated_at }),
        Command::MarkMoment(MarkMoment { session, words: "music".into() }),
    ];
    let drafts = check_same(&mut course, &guide(), commands);
    let raised = drafts.iter().filter(|draft| matches!(draft.event, Event::AlertRaised(_))).count();
    assert_eq!(raised, 2, "the pressure and the sedation each raise an alert");
}

#[test]
fn a_later_command_sees_what_an_earlier_one_of_the_same_act_did() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
    let alert = course.chart.open_alerts()[0].id;
    let own = Command::OwnAlert(alert);
    let resolve = Command::ResolveAlert(AlertResolved { alert, words: "well".into(), closing: Course::closing() });
    let drafts = check_same(&mut course, &guide(), vec![own.clone(), resolve]);
    assert_eq!(drafts.iter().map(|d| d.event.name()).collect::<Vec<_>>(), ["AlertOwned", "AlertResolved"]);
    // The second of two that exclude each other is the one refused.
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
    let alert = course.chart.open_alerts()[0].id;
    let twice = vec![(course.next_id(), Command::OwnAlert(alert)), (course.next_id(), Command::OwnAlert(alert))];
    let (place, _) = decide_batch(&course.chart, &context(&course, guide()), twice).unwrap_err();
    assert_eq!(place, 1);
}

#[test]
fn one_refusal_refuses_the_whole_batch_and_names_its_place() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic).schedule();
    let before = course.chart.clone();
    let each = vec![
        (course.next_id(), reading(&course, 118)),
        (course.next_id(), reading(&course, 20)),
        (course.next_id(), reading(&course, 122)),
    ];
    let (place, refusal) = decide_batch(&course.chart, &context(&course, guide()), each).unwrap_err();
    assert_eq!(place, 1);
    assert!(matches!(refusal, Refusal::Impossible(_)), "{refusal:?}");
    assert_eq!(course.chart, before);
}

#[test]
fn what_was_recorded_before_is_passed_over_and_the_rest_still_counts() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic).schedule();
    let first = (course.next_id(), reading(&course, 118));
    let second = (course.next_id(), reading(&course, 122));
    let (drafts, after) =
        decide_batch(&course.chart, &context(&course, guide()), vec![first.clone(), second.clone()]).unwrap();
    assert_eq!(drafts.len(), 2);
    let chart = after.into_owned();
    // Sent again, nothing new is recorded, and no copy of the chart is made.
    let (again, same) = decide_batch(&chart, &context(&course, guide()), vec![first.clone(), second]).unwrap();
    assert!(again.is_empty());
    assert!(matches!(same, Cow::Borrowed(_)));
    let more = vec![first, (course.next_id(), reading(&course, 120))];
    let (drafts, _) = decide_batch(&chart, &context(&course, guide()), more).unwrap();
    assert_eq!(drafts.len(), 1);
}

#[test]
fn an_alert_has_the_id_of_the_event_that_raised_it() {
    let mut course = Course::new();
    course.dosed(Setting::Home);
    course.minutes(21);
    let mut raised = course.tick();
    let session = course.chart.current_session().map(|s| s.id);
    raised.extend(course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session, words: String::new() })));
    let alerts: Vec<_> = raised
        .iter()
        .filter_map(|r| if let Event::AlertRaised(a) = &r.event { Some((r.id, a.alert)) } else { None })
        .collect();
    assert_eq!(alerts.len(), 2, "a look-in was missed and help was asked for");
    for (event, alert) in alerts {
        assert_eq!(alert, AlertId(event.0));
    }
}
