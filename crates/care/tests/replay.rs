//! The past judged again: under the same protocol nothing is different, and under a tighter one what it would have held is
//! found, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_care::event::{AlertSubject, Point};
use stillwater_care::facts::Setting;
use stillwater_care::protocol::{Protocol, Protocols};
use stillwater_care::quantity::plus_hours;
use stillwater_care::replay::{Difference, What, in_place_of, replay};
use stillwater_care::rules::Gate;
use stillwater_testkit::Course;

fn course(setting: Setting) -> Course {
    let mut course = Course::new();
    let session = course.dosed(setting);
    course.watch_and_release(session, setting).integrate(session);
    course
}

#[test]
fn under_what_was_in_force_nothing_is_different() {
    for setting in [Setting::Clinic, Setting::Home] {
        let course = course(setting);
        let found = replay(course.chart.id, &course.log, Protocols::built_in());
        assert!(found.gates >= 5, "{found:?}");
        // No ticker looks while this course goes on, so that what would have been missed was never written down.
        let missed = |one: &Difference| match &one.what {
            What::Missed { .. } => true,
            What::Raised { about, .. } => matches!(about, AlertSubject::MeasuresMissed { .. }),
            _ => false,
        };
        let others: Vec<_> = found.differences.into_iter().filter(|one| !missed(one)).collect();
        assert_eq!(others, Vec::new(), "{setting:?}");
    }
}

#[test]
fn a_tighter_protocol_would_have_held_the_gate_that_it_tightens() {
    let course = course(Setting::Clinic);
    let known = Protocols::built_in().get("iv-single-clinic", &course.chart.plan().unwrap().protocol_version).unwrap();
    let mut tighter: Protocol = known.clone();
    // 118/74 was taken before the dose: a protocol that blocks from 110 on would have held it.
    for limit in ["clinic-block-systolic", "clinic-warn-systolic"] {
        tighter.tighten.insert(("S01-bp-clinic".to_owned(), limit.to_owned()), 110.0);
    }
    let found = replay(course.chart.id, &course.log, &in_place_of(Protocols::built_in(), &tighter));
    let held: Vec<_> = found
        .differences
        .iter()
        .filter_map(|one| match &one.what {
            What::Held { gate, by } => Some((*gate, by[0].rule.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(held, [(Gate::Dose, "S01-bp-clinic"), (Gate::Dose, "S01-bp-clinic")], "at go and at the dose");
}

#[test]
fn follow_up_that_a_protocol_adds_would_have_been_missed_where_nobody_answered_it() {
    let mut course = course(Setting::Clinic);
    let session = course.chart.sessions.last().unwrap().id;
    let dose_at = course.chart.session(session).unwrap().dose_at().unwrap();
    for hours in [30, 100, 230, 420] {
        course.now = plus_hours(dose_at, hours);
        course.tick();
    }
    let named = |protocols: &Protocols| -> Vec<(bool, Point)> {
        let found = replay(course.chart.id, &course.log, protocols);
        let point = |one: &Difference| match &one.what {
            What::Raised { about: AlertSubject::MeasuresMissed { point, .. }, .. } => Some((true, *point)),
            What::NotRaised { about: AlertSubject::MeasuresMissed { point, .. }, .. } => Some((false, *point)),
            _ => None,
        };
        found.differences.iter().filter_map(point).collect()
    };
    assert_eq!(named(Protocols::built_in()), [], "what was in force told of all that it asked");
    let known = Protocols::built_in().newest("iv-single-clinic").unwrap();
    let mut other = known.clone();
    other.measures.retain(|measure| measure.point != Point::Day3);
    for measure in other.measures.iter_mut().filter(|measure| measure.point == Point::Day14) {
        measure.point = Point::EndOfCourse;
    }
    let differences = named(&in_place_of(Protocols::built_in(), &other));
    let expected = [(false, Point::Day3), (false, Point::Day14), (true, Point::EndOfCourse)];
    assert_eq!(differences.len(), expected.len(), "{differences:?}");
    assert!(expected.iter().all(|one| differences.contains(one)), "{differences:?}");
}
