//! What the model expects of a session, behind what was measured: labelled as a model, with its standing and spread.
//!
//! It is worked out afresh from the recorded dose, and from an infusion that was stopped, at each drawing; nothing of it
//! is stored. It decides nothing: no rule, alarm, release or dose reads it (the care rules cannot even see it).

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::event::OrderWritten;
use stillwater_care::quantity::plus_minutes;
use stillwater_pharmacology::units::{Kg, Minutes, NgPerMl, Years};
use stillwater_pharmacology::{Band, Expected, ExpectedPoint, ModelError, Person, Plan};
use stillwater_ui::plot::{ExpectedLevel, ShadePoint};
use stillwater_ui::score_text;
use stillwater_words::Words;

use super::CockpitView;
use crate::expected::interactions::{self, Medicines};
use crate::expected::{PEOPLE, SEED, minutes, plan, plan_of};

/// Minutes between the points of a curve.
const STEP: f64 = 5.0;

/// The expected course of a session.
pub(super) struct Model {
    points: Vec<ExpectedPoint>,
    label: &'static str,
    basis: &'static str,
    version: &'static str,
    /// The last minute for which it may be shown.
    valid_until: f64,
    /// Weight and age that it was worked out for.
    person: String,
    /// What the medicines taken now are known to do to the level.
    medicines: Medicines,
}

/// Why nothing is expected.
pub(super) enum Nothing {
    /// No dose was recorded.
    NoDose,
    /// So many minutes after the dose the model no longer holds.
    Past,
    /// It was refused, in words.
    Refused(String),
}

/// What is expected from the dose to the given minute.
pub(super) fn expected(chart: &Chart, session: &Session, now: Timestamp, to: f64) -> Result<Model, Nothing> {
    let Some(taken) = session.dose() else { return Err(Nothing::NoDose) };
    let Some(plan) = plan_of(session) else { return Err(Nothing::NoDose) };
    let plan = plan.map_err(refused)?;
    if minutes(taken.taken_at, now) > plan.valid_until().value() {
        return Err(Nothing::Past);
    }
    let weight = taken.order.and_then(|order| chart.order(order)).map(|order| order.written.weight_kg);
    let medicines = interactions::of(chart, taken.route, now);
    of_plan(&plan, weight, chart.age_years(taken.taken_at), to, medicines)
}

fn refused(error: ModelError) -> Nothing {
    Nothing::Refused(error.to_string())
}

fn of_plan(
    plan: &Plan,
    weight_kg: Option<f64>,
    age: Option<i64>,
    to: f64,
    medicines: Medicines,
) -> Result<Model, Nothing> {
    let valid_until = plan.valid_until().value();
    let (Some(weight), Some(age)) = (weight_kg, age) else {
        return Err(Nothing::Refused("weight or age is not known".to_owned()));
    };
    let person = Person::adult(Kg::new(weight), Years::new(age as f64)).map_err(refused)?;
    let to = to.min(valid_until);
    let mut times: Vec<f64> = (0..).map(|n| f64::from(n) * STEP).take_while(|minute| *minute <= to).collect();
    // The level is highest where an infusion ends, which after a stop is between two steps.
    times.push(plan.last_dose_ends().value().min(to));
    times.sort_by(f64::total_cmp);
    times.dedup();
    let times: Vec<Minutes> = times.into_iter().map(Minutes::new).collect();
    let expected = Expected::of(plan, person, &times, PEOPLE, SEED).map_err(refused)?;
    let (points, standing) = expected.points().read();
    let mut points = points.clone();
    // Only the upper edge moves: the look-up is a caution and shifts nobody's typical course.
    for point in &mut points {
        point.ketamine.p95 = NgPerMl::new(point.ketamine.p95.value() * medicines.widens_by());
    }
    Ok(Model {
        points,
        label: standing.label(),
        basis: expected.points().basis(),
        version: expected.version,
        valid_until,
        person: format!("{} kg, {age} years", score_text(weight)),
        medicines,
    })
}

/// How long the course of an order is drawn, minutes.
const ORDER_MINUTES: f64 = 240.0;

/// What is to be expected of an order that is in force: levels and pressure over the hours after the dose.
pub(crate) fn of_order(words: &Words, chart: &Chart, order: &OrderWritten, now: Timestamp) -> Markup {
    let medicines = || interactions::of(chart, order.route, now);
    let model = plan(order.route, order.dose_mg, order.infusion_minutes, None)
        .map_err(refused)
        .and_then(|plan| of_plan(&plan, Some(order.weight_kg), chart.age_years(now), ORDER_MINUTES, medicines()));
    let model = match model {
        Ok(model) => model,
        Err(Nothing::Refused(why)) => {
            return html! { p .quiet { "No expected course is drawn: " (why) "." } (medicines().table(words)) };
        }
        Err(Nothing::NoDose | Nothing::Past) => return html! {},
    };
    html! {
        div .expected {
            h3 { "Expected course of this dose: " strong { "model, not measured" } }
            (curve(&model, 0.0, ORDER_MINUTES, None))
            p .quiet { (shaded(&model)) (model.medicines.widened()) (standing(&model)) ". It decides nothing: no order or dose rests on it." }
            (table(&model, 30.0))
            (model.medicines.table(words))
        }
    }
}

impl Model {
    /// Expected systolic pressure above what was measured before the dose, for the trend.
    pub(super) fn pressure(&self, baseline: f64) -> Vec<ShadePoint> {
        self.shade(|p| &p.systolic, |rise| baseline + rise.value())
    }

    fn shade<T: Copy>(&self, of: fn(&ExpectedPoint) -> &Band<T>, number: impl Fn(T) -> f64) -> Vec<ShadePoint> {
        let point = |p: &ExpectedPoint| ShadePoint {
            minute: p.at.value(),
            low: number(of(p).p5),
            typical: number(of(p).typical),
            high: number(of(p).p95),
        };
        self.points.iter().map(point).collect()
    }
}

/// The words below the trend, and the expected level on the same minutes.
pub(super) fn below(
    scene: &CockpitView<'_>,
    model: &Result<Model, Nothing>,
    from: f64,
    to: f64,
    baseline: bool,
) -> Markup {
    let model = match model {
        Ok(model) => model,
        Err(Nothing::NoDose) => return html! {},
        Err(Nothing::Past) => {
            return html! { p .quiet { "The model of the drug's course holds for 8 hours after a dose and is no longer shown." } };
        }
        Err(Nothing::Refused(why)) => return html! { p .quiet { "No expected course is drawn: " (why) "." } },
    };
    let now = scene.session.dose_at().map(|at| minutes(at, scene.now)).filter(|minute| *minute <= to);
    let until = scene.session.dose_at().map(|at| plus_minutes(at, model.valid_until as i64));
    html! {
        div .expected {
            h3 { "Expected: " strong { "model, not measured" } }
            (curve(model, from, to, now))
            p .quiet {
                (shaded(model))
                (model.medicines.widened())
                @if baseline { "In the trend above the shade is systolic pressure, counted from the last reading before the dose. " }
                @else { "No reading before the dose, so no pressure is expected in the trend. " }
                (standing(model))
                @if let Some(until) = until { "; holds until " (scene.time(until)) }
                ". It decides nothing: no alarm, release or dose rests on it."
            }
            (table(model, 20.0))
            (model.medicines.table(scene.ctx.words))
        }
    }
}

fn shaded(model: &Model) -> String {
    format!("Shaded: nine in ten people of {}; dashed: the typical one. ", model.person)
}

fn standing(model: &Model) -> String {
    format!("Standing: {} ({}). Parameters {}", model.label, model.basis, model.version)
}

/// The expected level in plasma over minutes since the dose.
fn curve(model: &Model, from: f64, to: f64, now: Option<f64>) -> Markup {
    ExpectedLevel {
        says: "Expected ketamine in plasma over minutes since the dose, from a model; figures stand in the table below"
            .to_owned(),
        minutes: (from, to),
        points: model.shade(|p| &p.ketamine, |level: NgPerMl| level.value()),
        label: ["ketamine in plasma,".to_owned(), "ng/mL".to_owned()],
        now: now.map(|minute| (minute, "now".to_owned())),
    }
    .draw()
}

fn table(model: &Model, every: f64) -> Markup {
    html! {
        details .as-table id="expected-table" {
            summary { "The expected course as a table" }
            (stillwater_ui::data_table("Expected, model, not measured: typical (5th to 95th percentile)", &["# Minutes since the dose", "# Ketamine, ng/mL", "# Systolic change, mmHg", "# Diastolic change, mmHg"], &rows(model, every)))
        }
    }
}

fn rows(model: &Model, every: f64) -> Vec<Vec<Markup>> {
    fn cell<T: Copy>(band: &Band<T>, number: fn(T) -> f64) -> Markup {
        html! { (format!("{:.0} ({:.0} to {:.0})", number(band.typical), number(band.p5), number(band.p95))) }
    }
    model
        .points
        .iter()
        .filter(|point| point.at.value() % every == 0.0)
        .map(|point| {
            vec![
                html! { (format!("{:.0}", point.at.value())) },
                cell(&point.ketamine, |level| level.value()),
                cell(&point.systolic, |rise| rise.value()),
                cell(&point.diastolic, |rise| rise.value()),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use stillwater_care::facts::{MedicineFact, Route as Way};
    use stillwater_care::ids::PatientId;

    use super::*;

    fn with(medicine: &str) -> Model {
        let mut chart = Chart::new(PatientId(uuid::Uuid::nil()));
        chart.medicines = Some(vec![MedicineFact { name: medicine.to_owned(), ..MedicineFact::default() }]);
        let medicines = interactions::of(&chart, Way::NasalEsketamine, Timestamp::UNIX_EPOCH);
        let plan = plan(Way::NasalEsketamine, 84.0, None, None).unwrap();
        of_plan(&plan, Some(70.0), Some(40), 120.0, medicines).unwrap_or_else(|_| panic!("it is drawn"))
    }

    #[test]
    fn a_known_interaction_widens_the_upper_edge_and_moves_nothing_else() {
        let (plain, wide) = (with("sertraline"), with("ticlopidine"));
        for (a, b) in plain.points.iter().zip(&wide.points) {
            assert!((b.ketamine.p95.value() - 1.29 * a.ketamine.p95.value()).abs() < 1e-9);
            assert_eq!((a.ketamine.typical, a.ketamine.p5), (b.ketamine.typical, b.ketamine.p5));
            assert_eq!(a.systolic, b.systolic);
        }
        assert!(wide.medicines.widened().contains("1.29 times") && plain.medicines.widened().is_empty());
    }
}
