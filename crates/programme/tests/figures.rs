//! The figures of a programme, on rows whose answers can be worked out by hand, and on charts of whole courses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_care::chart::Chart;
use stillwater_care::event::{EndReason, Point};
use stillwater_care::facts::{Route, Setting, Symptom};
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_evidence::estimate::CannotEstimate;
use stillwater_programme::figures::Marked;
use stillwater_programme::outcome_row::{AnsweredAlert, CourseStage, Dose, Harm, NotHeld, OutcomeRow, Pcl};
use stillwater_programme::scale::{Form, Part};
use stillwater_programme::{Figures, Filter, Prior};
use stillwater_testkit::Course;

const DAY: i64 = 86_400;
const START: i64 = 1_772_463_600;

fn pcl(day: f32, form: Form, total: f32) -> Pcl {
    let mut parts = [None; 10];
    parts[0] = Some(total);
    Pcl { day, form, parts }
}

fn dose(day: f32) -> Dose {
    Dose {
        day,
        route: Route::Intravenous,
        mg: 40.0,
        symptoms: Vec::new(),
        stopped: false,
        help: false,
        missed_check: false,
    }
}

/// Somebody treated at the start, with weekly PCL-5 totals by day; the first is the baseline.
fn treated(totals: &[(f32, f32)]) -> OutcomeRow {
    OutcomeRow {
        referred_at: Some(START - 30 * DAY),
        veteran: Some(true),
        site: None,
        trauma_therapies: Some(1),
        medicines_tried: Some(2),
        ketamine_before: None,
        protocol: Some("iv-single-clinic".to_owned()),
        setting: Some(Setting::Clinic),
        reached: CourseStage::AllDoses,
        ended: None,
        first_dose_at: Some(START),
        doses: vec![dose(0.0)],
        pcl: totals.iter().map(|(day, total)| pcl(*day, Form::Week, *total)).collect(),
        others: Vec::new(),
        pcl_due: vec![7.0, 14.0, 30.0, 60.0, 90.0],
        others_due: Vec::new(),
        harms: Vec::new(),
        not_held: Vec::new(),
        alerts: Vec::new(),
    }
}

fn line_of(chart: &Chart) -> OutcomeRow {
    OutcomeRow::all(chart, Protocols::built_in()).pop().unwrap()
}

fn figures(rows: &[OutcomeRow], days: i64) -> Figures {
    Figures::of(rows, &Filter::default(), START + days * DAY)
}

#[test]
fn everybody_treated_long_enough_ago_is_expected_and_nobody_else() {
    let mut late = treated(&[(-1.0, 50.0)]);
    late.first_dose_at = Some(START + 20 * DAY);
    let rows = [
        treated(&[(-1.0, 50.0), (7.0, 30.0), (14.0, 25.0)]),
        treated(&[(-1.0, 60.0), (8.0, 55.0)]),
        treated(&[(-1.0, 40.0)]),
        late,
    ];
    let found = figures(&rows, 25);
    let week = &found.by_time[0];
    assert_eq!((week.missing.expected, week.missing.answered, week.not_yet), (3, 2, 1));
    let change = week.change.as_ref().unwrap();
    assert!((change.change.difference.value - -12.5).abs() < 1e-9);
    // Two thirds of it, since one of three was not seen and is taken to be where they were.
    assert!((week.change_if_missing_unchanged.unwrap() - -12.5 * 2.0 / 3.0).abs() < 1e-9);
    let response = week.response.as_ref().unwrap();
    assert_eq!((response.share.events(), response.share.of()), (1, 2));
    assert!((response.if_missing_have_not - 1.0 / 3.0).abs() < 1e-12);
    let two = &found.by_time[1];
    assert_eq!((two.missing.expected, two.missing.answered, two.not_yet), (3, 1, 1));
    assert!(matches!(two.change, Err(CannotEstimate::TooFew { .. })), "one person has a change and no interval");
}

#[test]
fn nobody_is_missing_where_nothing_was_due() {
    let mut row = treated(&[(-1.0, 50.0), (7.0, 30.0)]);
    row.pcl_due = vec![7.0];
    row.ended = Some((EndReason::Withdrew, START + 8 * DAY));
    let mut due = treated(&[(-1.0, 50.0)]);
    due.ended = row.ended;
    let found = figures(&[row, due], 200);
    let expected: Vec<usize> = found.by_time.iter().map(|at| at.missing.expected).collect();
    assert_eq!(expected, [2, 1, 1, 1, 1, 0], "somebody who has left still owes what was due");
}

#[test]
fn a_month_form_is_never_compared_with_a_week_form() {
    let mut row = treated(&[(-1.0, 50.0)]);
    row.pcl.push(pcl(30.0, Form::Month, 20.0));
    let found = figures(&[row.clone()], 60);
    let month = &found.by_time[2];
    assert_eq!(month.window.name, "1 month");
    assert_eq!((month.missing.expected, month.missing.answered), (1, 0));
    assert_eq!(found.durability.to_response.as_ref().unwrap().events, 0);
    row.pcl.insert(0, pcl(-2.0, Form::Month, 60.0));
    let found = figures(&[row], 60);
    assert_eq!(found.by_time[2].missing.answered, 1);
    assert_eq!(found.durability.to_response.as_ref().unwrap().events, 1);
}

#[test]
fn remission_is_asked_only_of_those_who_began_above_the_cut() {
    let rows = [
        treated(&[(-1.0, 33.0), (7.0, 32.0)]),
        treated(&[(-1.0, 50.0), (7.0, 33.0)]),
        treated(&[(-1.0, 20.0), (7.0, 10.0)]),
    ];
    let remission = figures(&rows, 25).by_time[0].remission.clone().unwrap();
    assert_eq!((remission.share.events(), remission.share.of()), (1, 2));
}

#[test]
fn falls_and_rises_count_from_the_threshold_itself() {
    let rows = [
        treated(&[(-1.0, 45.0), (7.0, 35.0)]),
        treated(&[(-1.0, 45.0), (7.0, 30.0)]),
        treated(&[(-1.0, 45.0), (7.0, 27.0)]),
        treated(&[(-1.0, 45.0), (7.0, 60.0)]),
        treated(&[(-1.0, 45.0), (7.0, 59.5)]),
    ];
    let week = &figures(&rows, 25).by_time[0];
    let counts: Vec<usize> = week.fell_by.iter().map(|(_, rate)| rate.as_ref().unwrap().share.events()).collect();
    assert_eq!(counts, [3, 2, 1], "10, 15 and 18 points");
    assert_eq!(week.worse.as_ref().unwrap().share.events(), 1);
    assert_eq!(week.significant.as_ref().unwrap().share.events(), 1);
}

#[test]
fn response_and_its_loss_are_dated_at_the_measure_that_showed_them() {
    let mut left = treated(&[(-1.0, 50.0), (7.0, 20.0)]);
    left.ended = Some((EndReason::Withdrew, START + 10 * DAY));
    let mut again = treated(&[(-1.0, 50.0), (7.0, 20.0), (14.0, 22.0)]);
    again.doses.push(dose(8.0));
    let rows = [treated(&[(-1.0, 50.0), (7.0, 20.0), (14.0, 30.0), (28.0, 45.0)]), left, again, treated(&[])];
    let found = figures(&rows, 90).durability;
    let response = found.to_response.unwrap();
    assert_eq!((response.people, response.events), (4, 3));
    let loss = found.to_loss.unwrap();
    assert_eq!((loss.people, loss.events, loss.left_first), (3, 1, 1));
    assert_eq!(loss.curve.steps().iter().find(|step| step.events > 0).unwrap().time, 21.0);
    assert_eq!(found.dosed_again, 1);
    assert_eq!(found.doses_again, [1.0], "a day after the response, while still watched");
}

#[test]
fn harms_are_counted_over_doses_and_sessions() {
    let mut row = treated(&[]);
    row.doses = vec![dose(0.0), dose(7.0), dose(14.0), dose(21.0)];
    row.doses[0].symptoms = vec![Symptom::Nausea];
    row.doses[1].stopped = true;
    row.harms = vec![
        Harm { serious: true, related: true, not_judged: false },
        Harm { serious: false, related: false, not_judged: true },
    ];
    row.not_held = vec![NotHeld::NoGo(vec!["T01".to_owned(), "T02".to_owned()]), NotHeld::CalledOff];
    let mut untreated = treated(&[]);
    untreated.doses.clear();
    untreated.first_dose_at = None;
    untreated.harms = vec![Harm { serious: false, related: false, not_judged: true }];
    let found = figures(&[row, untreated], 60);
    assert_eq!((found.harms.doses, found.harms.people, found.harms.not_judged), (4, 1, 1));
    let rates: Vec<f64> = found.harms.events.iter().map(|(_, rate)| rate.as_ref().unwrap().rate).collect();
    assert_eq!(rates, [50.0, 25.0, 25.0, 25.0]);
    let of = |marked: Marked| {
        let (_, rate) = found.harms.sessions.iter().find(|(known, _)| *known == marked).unwrap();
        rate.as_ref().unwrap().share.events()
    };
    assert_eq!(
        (of(Marked::Stopped), of(Marked::Symptom(Symptom::Nausea)), of(Marked::Symptom(Symptom::ChestPain))),
        (1, 1, 0)
    );
    assert_eq!((found.not_held.held, found.not_held.no_go, found.not_held.called_off), (4, 1, 1));
    assert_eq!(found.not_held.rules.len(), 2);
}

#[test]
fn an_alert_that_nobody_took_on_counts_as_still_waiting() {
    let alert = |owned_after: Option<f32>| AnsweredAlert {
        by: "help".into(),
        in_session: true,
        acted: false,
        urgency: 2,
        raised_at: START,
        owned_after,
        resolved_after: None,
    };
    let mut row = treated(&[]);
    row.alerts = vec![alert(Some(4.0)), alert(Some(6.0)), alert(None)];
    let found = figures(&[row], 1);
    assert_eq!(found.answering.len(), 1);
    let one = &found.answering[0];
    assert_eq!((one.raised, one.not_owned, one.open), (3, 1, 3));
    assert_eq!(one.owned_median.time, Some(6.0), "with two of three answered, half is reached at the second");
    assert_eq!(one.owned_ninth.time, None, "nine in ten is not reached");
    assert_eq!(one.resolved_median.time, None);
}

#[test]
fn the_model_gives_the_plain_mean_where_nobody_is_missing() {
    let rows: Vec<OutcomeRow> = (0..12_u8)
        .map(|n| {
            let n = f32::from(n);
            treated(&[(-1.0, 45.0 + n), (7.0, 30.0 + n * 1.5 - (n % 3.0)), (14.0, 28.0 + (n * 7.0) % 5.0)])
        })
        .collect();
    let found = figures(&rows, 60);
    let adjusted = found.adjusted.unwrap();
    assert_eq!((adjusted.people, adjusted.at.len()), (12, 2));
    for ((window, estimate), plain) in adjusted.at.iter().zip(&found.by_time) {
        let mean = plain.change.as_ref().unwrap().change.difference.value;
        assert!((estimate.value - mean).abs() < 1e-6, "{}: {} and {mean}", window.name, estimate.value);
    }
}

#[test]
fn the_funnel_holds_everybody_once() {
    let mut rows: Vec<OutcomeRow> = CourseStage::ALL
        .into_iter()
        .map(|step| {
            let mut row = treated(&[]);
            row.reached = step;
            row
        })
        .collect();
    rows[1].ended = Some((EndReason::Ineligible, START));
    let funnel = figures(&rows, 1).funnel;
    assert_eq!(funnel.iter().map(|step| step.reached).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
    let everybody: usize = funnel.iter().map(|s| s.here + s.left.iter().map(|(_, n)| n).sum::<usize>()).sum();
    assert_eq!(everybody, 7);
    assert_eq!(funnel[1].left, [(EndReason::Ineligible, 1)]);
}

#[test]
fn a_filter_takes_only_those_who_are_known_to_fit() {
    let mut unasked = treated(&[]);
    unasked.veteran = None;
    let rows = [treated(&[]), unasked];
    let asked = |veteran| {
        let filter = Filter { veteran: Some(veteran), ..Filter::default() };
        Figures::of(&rows, &filter, START).people
    };
    assert_eq!((asked(true), asked(false)), (1, 0));
    let prior = |prior| Figures::of(&rows, &Filter { prior: Some(prior), ..Filter::default() }, START).people;
    assert_eq!([Prior::NoTherapy, Prior::Therapy, Prior::TwoMedicines, Prior::Ketamine].map(prior), [0, 2, 2, 0]);
    let site = Filter { site: Some("Hill".to_owned()), ..Filter::default() };
    assert_eq!(Figures::of(&rows, &site, START).people, 0);
    let elsewhere = Filter { setting: Some(Setting::Home), ..Filter::default() };
    assert_eq!(Figures::of(&rows, &elsewhere, START).people, 0);
}

#[test]
fn nobody_at_all_gives_reasons_and_no_numbers() {
    let found = figures(&[], 1);
    assert_eq!(found.people, 0);
    assert!(found.by_time.iter().all(|at| at.change.is_err() && at.response.is_err() && at.remission.is_err()));
    assert!(found.adjusted.is_err());
    assert!(found.durability.to_loss.is_err());
    assert!(found.harms.events.iter().all(|(_, rate)| rate.is_err()));
}

#[test]
fn a_chart_of_a_whole_course_gives_its_line() {
    let mut course = Course::new();
    let row = line_of(&course.chart);
    assert_eq!((row.reached, row.first_dose_at), (CourseStage::Referred, None));
    let session = course.dosed(Setting::Home);
    course.watch_and_release(session, Setting::Home);
    course.hours(24 * 7);
    course.answers("pcl-5-week", Point::Day7);
    let row = line_of(&course.chart);
    assert_eq!(row.reached, CourseStage::Treated, "six doses are planned and one was taken");
    assert_eq!(row.setting, Some(Setting::Home));
    assert_eq!(row.doses.len(), 1);
    assert_eq!(row.doses[0].day, 0.0);
    let baseline = row.baseline(Form::Week).unwrap();
    assert!(baseline.day <= 0.0 && baseline.part(Part::Total).is_some());
    let after: Vec<_> = row.followed().collect();
    assert_eq!(after.len(), 1);
    assert!((f64::from(after[0].0.day) - 7.0).abs() < 0.5, "{}", after[0].0.day);
    assert!(row.pcl_due.iter().any(|day| (day - 7.0).abs() < 0.1), "{:?}", row.pcl_due);
    assert!(row.pcl_due.iter().all(|day| *day > 0.0));
    for part in Part::ALL {
        assert!(after[0].0.part(part).is_some(), "{}", part.words());
    }
}

#[test]
fn a_line_keeps_its_shape_through_json_and_names_nobody() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let row = line_of(&course.chart);
    let text = serde_json::to_string(&row).unwrap();
    assert_eq!(serde_json::from_str::<OutcomeRow>(&text).unwrap(), row);
    let demographics = course.chart.demographics.as_ref().unwrap();
    for secret in [&demographics.name, &demographics.phone, &demographics.address, &demographics.birth_date.to_string()]
    {
        assert!(secret.is_empty() || !text.contains(secret.as_str()), "{secret} is in {text}");
    }
    assert_eq!(line_of(&Chart::new(PatientId(uuid::Uuid::nil()))).reached, CourseStage::Referred);
}

#[test]
fn alarms_are_counted_by_what_raised_them_and_by_what_came_of_them() {
    let alert = |by: &str, in_session, acted, resolved_after: Option<f32>| AnsweredAlert {
        by: by.into(),
        in_session,
        acted,
        urgency: 1,
        raised_at: START,
        owned_after: Some(1.0),
        resolved_after,
    };
    let mut row = treated(&[]);
    row.alerts = vec![
        alert("S06-pressure", true, false, Some(9.0)),
        alert("S06-pressure", true, true, Some(9.0)),
        alert("S06-pressure", true, false, None),
        alert("F01-measure-overdue", false, false, Some(60.0)),
    ];
    let sessions = row.doses.len();
    let burden = figures(&[row], 1).burden;
    assert_eq!(burden.sessions, sessions);
    let of = |cause: &stillwater_programme::figures::Cause| {
        (cause.raised, cause.in_session, cause.resolved, cause.no_action)
    };
    assert_eq!(of(&burden.all), (4, 3, 3, 2));
    assert_eq!(
        burden.causes.iter().map(|cause| cause.by.as_str()).collect::<Vec<_>>(),
        ["S06-pressure", "F01-measure-overdue"]
    );
    assert_eq!(of(&burden.causes[0]), (3, 3, 2, 1), "one that is open is not counted as closed with nothing done");
}
