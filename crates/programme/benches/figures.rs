//! What the figures cost: one row from one chart, as at each append, and a whole programme from 5,000 and 100,000 rows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use divan::{Bencher, black_box};
use stillwater_care::event::{EndReason, Point};
use stillwater_care::facts::{Route, Setting, Symptom};
use stillwater_care::protocol::Protocols;
use stillwater_programme::outcome_row::{AnsweredAlert, CourseStage, Dose, OutcomeRow, Pcl};
use stillwater_programme::scale::Form;
use stillwater_programme::{Figures, Filter};
use stillwater_testkit::Course;

const DAY: i64 = 86_400;
const NOW: i64 = 1_790_000_000;

fn main() {
    divan::main();
}

/// Numbers that look drawn and are the same each time (a 64-bit linear congruential generator).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

fn row(draw: &mut Draw) -> OutcomeRow {
    let first = NOW - (draw.next() * 300.0) as i64 * DAY;
    let base = 35.0 + (draw.next() * 40.0).round();
    let fall = draw.next() * 30.0;
    let mut pcl = vec![(-3.0, Form::Week, base), (-2.0, Form::Month, base)];
    for (day, form) in
        [(7.0_f32, Form::Week), (14.0, Form::Week), (30.0, Form::Month), (60.0, Form::Month), (90.0, Form::Month)]
    {
        let back = (day - 14.0).max(0.0) / 90.0 * fall;
        if draw.next() > 0.2 && first + day as i64 * DAY < NOW {
            let noise = (draw.next() - 0.5) * 16.0;
            pcl.push((day + draw.next(), form, (base - fall + back + noise).clamp(0.0, 80.0).round()));
        }
    }
    OutcomeRow {
        referred_at: Some(first - 20 * DAY),
        veteran: Some(draw.next() < 0.5),
        site: None,
        trauma_therapies: Some(1),
        medicines_tried: Some(2),
        ketamine_before: None,
        protocol: Some("sl-home".to_owned()),
        setting: Some(Setting::Home),
        reached: CourseStage::Treated,
        ended: (draw.next() < 0.1).then_some((EndReason::Withdrew, first + 40 * DAY)),
        first_dose_at: Some(first),
        doses: (0..6_u8)
            .map(|n| Dose {
                day: f32::from(n) * 7.0,
                route: Route::Sublingual,
                mg: 100.0,
                symptoms: if draw.next() < 0.2 { vec![Symptom::Nausea] } else { Vec::new() },
                stopped: false,
                help: false,
                missed_check: draw.next() < 0.05,
            })
            .collect(),
        pcl: pcl
            .into_iter()
            .map(|(day, form, total)| Pcl { day, form, parts: [Some(total); 10].map(|part| part.map(|t: f32| t)) })
            .collect(),
        others: Vec::new(),
        pcl_due: vec![7.0, 14.0, 30.0, 60.0, 90.0],
        others_due: Vec::new(),
        harms: Vec::new(),
        not_held: Vec::new(),
        alerts: vec![AnsweredAlert {
            by: "help".into(),
            in_session: true,
            acted: true,
            urgency: 1,
            raised_at: first,
            owned_after: Some(draw.next() * 20.0),
            resolved_after: Some(20.0 + draw.next() * 60.0),
        }],
    }
}

#[divan::bench(args = [5_000, 100_000], sample_count = 10)]
fn whole_programme(bencher: Bencher, people: usize) {
    let mut draw = Draw(1);
    let rows: Vec<OutcomeRow> = (0..people).map(|_| row(&mut draw)).collect();
    bencher.bench_local(|| Figures::of(black_box(&rows), &Filter::default(), NOW));
}

#[divan::bench(sample_count = 200)]
fn one_line_from_one_chart(bencher: Bencher) {
    let mut course = Course::new();
    let mut session = course.dosed(Setting::Home);
    course.watch_and_release(session, Setting::Home);
    course.integrate(session);
    // Three more, before the weight of the preparation is too old for an order.
    for _ in 0..3 {
        course.hours(24 * 7);
        course.answers("pcl-5-week", Point::PreDose);
        course.order(Setting::Home);
        session = course.next_dose(Setting::Home);
        course.watch_and_release(session, Setting::Home);
        course.integrate(session);
    }
    let chart = course.chart.clone();
    bencher.bench_local(|| OutcomeRow::all(black_box(&chart), Protocols::built_in()));
}
