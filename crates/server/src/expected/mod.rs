//! What a model of the drug expects of a session, for every room that shows it: the doses as recorded, for whom, and the
//! plain words for the phones.
//!
//! It is worked out afresh from the record at each drawing and nothing of it is stored. It decides nothing: no rule, alarm,
//! release or dose reads it (the care rules cannot even see it).

pub(crate) mod interactions;

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::facts::Route as Way;
use stillwater_pharmacology::units::{Kg, Mg, Minutes, Years};
use stillwater_pharmacology::{Dose, ModelError, Person, Plan, Product, Route, Strongest};

use crate::live::commands::local_time;

/// Virtual people behind the bands: enough that the fifth percentile stands still, few enough for each drawing.
pub(crate) const PEOPLE: usize = 300;
/// The bands must not flicker from drawing to drawing.
pub(crate) const SEED: u64 = 1;
/// Times on a phone are told to the next five minutes outwards: the model knows no finer.
const TOLD_TO_MS: i64 = 5 * 60_000;

/// The product and the route of the model for a way of giving it.
pub(crate) const fn preparation(way: Way) -> (Product, Route) {
    match way {
        Way::Intravenous => (Product::Racemate, Route::Intravenous),
        Way::Intramuscular => (Product::Racemate, Route::Intramuscular),
        Way::Sublingual => (Product::Racemate, Route::Sublingual),
        Way::Oral => (Product::Racemate, Route::Oral),
        Way::NasalEsketamine => (Product::Esketamine, Route::Intranasal),
    }
}

/// What is given from minute zero: by which way, how much, over how long, and at which minute it was stopped.
pub(crate) fn plan(way: Way, mg: f64, lasting: Option<f64>, stopped: Option<f64>) -> Result<Plan, ModelError> {
    let (zero, amount) = (Minutes::new(0.0), Mg::new(mg));
    let (product, route) = preparation(way);
    let dose = match (way, lasting) {
        (Way::Intravenous, Some(lasting)) => {
            let planned = Dose::infusion(product, zero, amount, Minutes::new(lasting))?;
            // Stopped in the minute in which it began: refused by the model, since nothing was given.
            stopped.map_or_else(|| Ok(planned.clone()), |stop| planned.stopped_at(Minutes::new(stop.max(0.0))))?
        }
        _ => Dose::at_once(product, route, zero, amount)?,
    };
    Ok(Plan::single(dose))
}

/// The plan of what was recorded as given in this session, counted from the dose. `None` before a dose.
pub(crate) fn plan_of(session: &Session) -> Option<Result<Plan, ModelError>> {
    let taken = session.dose()?;
    let stopped = session.stopped().map(|stop| minutes(taken.taken_at, stop.act.at));
    Some(plan(taken.route, taken.dose_mg, taken.infusion_minutes, stopped))
}

/// Minutes from one moment to another.
pub(crate) fn minutes(zero: Timestamp, at: Timestamp) -> f64 {
    (at.as_millisecond() - zero.as_millisecond()) as f64 / 60_000.0
}

/// Whether the model may still be shown for this session: up to 8 hours after the last of the drug was given.
pub(crate) fn holds(session: &Session, now: Timestamp) -> bool {
    let plan = plan_of(session).and_then(Result::ok);
    plan.zip(session.dose_at()).is_some_and(|(plan, at)| minutes(at, now) <= plan.valid_until().value())
}

/// Whether a tablet was in the mouth when the session was stopped: nobody knows then how much of it was taken up.
fn stopped_while_held(chart: &Chart, session: &Session) -> bool {
    let (Some(taken), Some(stop)) = (session.dose(), session.stopped()) else { return false };
    let hold =
        taken.order.and_then(|order| chart.order(order)).and_then(|order| order.written.hold_minutes).unwrap_or(0.0);
    minutes(taken.taken_at, stop.act.at) < hold
}

/// From when to when the drug is likely to be felt most, rounded outwards, and how far that can be trusted.
fn strongest(chart: &Chart, session: &Session, now: Timestamp) -> Option<(Timestamp, Timestamp, &'static str)> {
    let taken = session.dose()?;
    if !holds(session, now) || stopped_while_held(chart, session) {
        return None;
    }
    let weight = chart.order(taken.order?)?.written.weight_kg;
    let age = chart.age_years(taken.taken_at)?;
    let person = Person::adult(Kg::new(weight), Years::new(age as f64)).ok()?;
    let found = Strongest::of(&plan_of(session)?.ok()?, person, PEOPLE, SEED).ok()?;
    let (span, standing) = found.read();
    let at = |minute: Minutes| taken.taken_at.as_millisecond() + (minute.value() * 60_000.0) as i64;
    let from = at(span.from).div_euclid(TOLD_TO_MS) * TOLD_TO_MS;
    let to = (at(span.to) + TOLD_TO_MS - 1).div_euclid(TOLD_TO_MS) * TOLD_TO_MS;
    let from = Timestamp::from_millisecond(from).ok()?.max(taken.taken_at);
    Some((from, Timestamp::from_millisecond(to).ok()?, standing.label()))
}

/// Who reads it on a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The patient, resting.
    Patient,
    /// The companion beside them.
    Companion,
}

/// When the drug is likely to be felt most, in a sentence, with what it is and how far it can be trusted. Times are those of
/// where the patient is. Empty where the model has no answer; the element stays, so that it can be filled and emptied.
pub(crate) fn on_phone(chart: &Chart, session: &Session, now: Timestamp, reader: Reader) -> Markup {
    let span = strongest(chart, session, now);
    html! {
        section #strongest {
            @if let Some((from, to, label)) = span {
                p { "The medicine is usually strongest between " strong { (local_time(chart, from, now)) } " and " strong { (local_time(chart, to, now)) } "." }
                p .quiet {
                    "A model expects this; it is " (label) ". People differ. "
                    @match reader {
                        Reader::Patient => "How you feel is what counts.",
                        Reader::Companion => "What you see counts, before it, in it and after it. Look in all the same.",
                    }
                }
            }
        }
    }
}

/// Something that changes when the words are to go: for the layout of a page that stays open.
pub(crate) fn shown(chart: &Chart, now: Timestamp) -> u8 {
    u8::from(chart.running_session().is_some_and(|session| holds(session, now)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
    use stillwater_pharmacology::{Curve, Expected};

    use super::*;

    fn levels(plan: &Plan) -> Vec<f64> {
        let times: Vec<Minutes> = (0..48).map(|n| Minutes::new(f64::from(n) * 10.0)).collect();
        let curve = Curve::typical(plan, Person::TYPICAL, &times).unwrap();
        curve.points().read().0.iter().map(|point| point.ketamine.value()).collect()
    }

    #[test]
    fn an_infusion_that_was_stopped_is_that_of_the_part_that_ran() {
        let stopped = plan(Way::Intravenous, 35.0, Some(40.0), Some(15.0)).unwrap();
        let short = plan(Way::Intravenous, 35.0 * 15.0 / 40.0, Some(15.0), None).unwrap();
        for (a, b) in levels(&stopped).into_iter().zip(levels(&short)) {
            assert!((a - b).abs() <= 1e-9 * b.max(1.0), "{a} {b}");
        }
        let whole = plan(Way::Intravenous, 35.0, Some(40.0), None).unwrap();
        assert_eq!(levels(&stopped)[1], levels(&whole)[1], "up to the stop nothing differs");
        assert!(levels(&stopped)[4] < levels(&whole)[4] / 2.0);
        assert!(stopped.valid_until().value() < whole.valid_until().value());
    }

    #[test]
    fn a_stop_after_its_end_changes_nothing_and_one_at_once_expects_nothing() {
        let whole = plan(Way::Intravenous, 35.0, Some(40.0), None).unwrap();
        assert_eq!(plan(Way::Intravenous, 35.0, Some(40.0), Some(50.0)).unwrap(), whole);
        assert!(plan(Way::Intravenous, 35.0, Some(40.0), Some(0.0)).is_err());
        let tablet = plan(Way::Sublingual, 100.0, None, Some(30.0)).unwrap();
        assert_eq!(tablet, plan(Way::Sublingual, 100.0, None, None).unwrap(), "what was swallowed cannot be stopped");
    }

    #[test]
    fn a_second_dose_adds_to_what_is_left_of_the_first() {
        let first = plan(Way::Intravenous, 35.0, Some(40.0), None).unwrap();
        let dose = |start| Dose::infusion(Product::Racemate, Minutes::new(start), Mg::new(35.0), Minutes::new(40.0));
        let second = Plan::single(dose(60.0).unwrap());
        let both = Plan::new(vec![dose(0.0).unwrap(), dose(60.0).unwrap()]).unwrap();
        let (a, b, sum) = (levels(&first), levels(&second), levels(&both));
        for n in 0..sum.len() {
            assert!((a[n] + b[n] - sum[n]).abs() <= 1e-9 * sum[n].max(1.0), "{n}");
        }
        let times = [Minutes::new(100.0)];
        let band = |plan| Expected::of(plan, Person::TYPICAL, &times, 100, SEED).unwrap().points().read().0[0].ketamine;
        assert!(band(&both).p5 > band(&second).p5);
    }
}
