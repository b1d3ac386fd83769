//! Two treatments in the same people, one after the other, in both orders, as in Feder and colleagues 2014.
//!
//! Each person's two periods are compared within the person; a period effect cancels between the two orders (Hills and Armitage
//! 1979). What the first treatment leaves behind in the second period cannot be told from the treatment effect, and the test for it
//! is weak: choosing the analysis by that test is wrong more often than it says (Freeman 1989), so both analyses are always given.

use crate::estimate::{CannotEstimate, Confidence, Missing, at_least};
use crate::mean_difference::{MeanDifference, Sample, one_sample, pooled};
use serde::Serialize;

/// The order in which one person had the two treatments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The treatment under study first, then the control.
    TreatmentFirst,
    /// The control first, then the treatment under study.
    ControlFirst,
}

/// One person's outcome in each period; a period not reached or not measured is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Person {
    /// The order.
    pub order: Order,
    /// The outcome in the first period.
    pub first: Option<f64>,
    /// The outcome in the second period.
    pub second: Option<f64>,
}

/// The analyses of a two-period crossover. An effect is treatment less control.
///
/// An analysis for which there are too few people holds the reason instead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossover {
    /// The treatment effect within people, free of the period effect. It takes it that nothing is carried over.
    pub treatment: Result<MeanDifference, CannotEstimate>,
    /// The treatment effect by the plain paired test, which takes it that the periods are alike as well.
    pub paired: Result<MeanDifference, CannotEstimate>,
    /// The treatment effect in the first period alone, between people, by Student's test: nothing can be carried over into it.
    pub first_period: Result<MeanDifference, CannotEstimate>,
    /// How much higher the second period is than the first, whatever the treatment.
    pub period: Result<MeanDifference, CannotEstimate>,
    /// How much the sums of both periods differ between the orders, treatment first less control first. Carry-over and chance
    /// differences between the two groups of people cannot be told apart.
    pub carry_over: Result<MeanDifference, CannotEstimate>,
    /// How many with the treatment first have both periods.
    pub treatment_first: Missing,
    /// How many with the control first have both periods.
    pub control_first: Missing,
}

/// Half of a difference: the estimate and its interval, with the same test.
fn halved(found: MeanDifference) -> MeanDifference {
    let mut half = found;
    half.difference.value /= 2.0;
    half.difference.standard_error /= 2.0;
    half.difference.interval = half.difference.interval.map(|end| end / 2.0);
    half
}

/// Analyses a two-period crossover.
pub fn crossover(people: &[Person], confidence: Confidence) -> Result<Crossover, CannotEstimate> {
    at_least("people", people.len(), 1)?;
    let values = people.iter().flat_map(|person| [person.first, person.second]).flatten();
    if values.clone().next().is_none() {
        return Err(CannotEstimate::AllMissing { what: "outcomes", missing: 2 * people.len() });
    }
    if values.into_iter().any(|value| !value.is_finite()) {
        return Err(CannotEstimate::NotFinite { what: "the outcomes" });
    }
    let of_order = |order: Order| people.iter().filter(move |person| person.order == order);
    let both = |order: Order, of: fn(f64, f64) -> f64| -> Vec<f64> {
        of_order(order).filter_map(|person| Some(of(person.first?, person.second?))).collect()
    };
    let first_less_second: fn(f64, f64) -> f64 = |a, b| a - b;
    let within_first = both(Order::TreatmentFirst, first_less_second);
    let within_second = both(Order::ControlFirst, first_less_second);
    let sum: fn(f64, f64) -> f64 = |a, b| a + b;
    let differences: Vec<f64> =
        within_first.iter().copied().chain(within_second.iter().map(|difference| -difference)).collect();
    let first_period = |order: Order| -> Vec<f64> { of_order(order).filter_map(|person| person.first).collect() };
    let two = |a: &[f64], b: &[f64]| pooled(Sample::of(a)?, Sample::of(b)?, confidence);
    let negated = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| -value).collect() };
    let count_of = |order: Order, answered: usize| Missing { expected: of_order(order).count(), answered };
    Ok(Crossover {
        // Half the difference between the orders of (first less second): the period effect is in both and cancels.
        treatment: two(&within_first, &within_second).map(halved),
        paired: Sample::of(&differences).and_then(|sample| one_sample(sample, confidence)),
        first_period: two(&first_period(Order::TreatmentFirst), &first_period(Order::ControlFirst)),
        // Half the difference of (second less first) and (first less second): the treatment effect is in both and cancels.
        period: two(&negated(&within_first), &within_second).map(halved),
        carry_over: two(&both(Order::TreatmentFirst, sum), &both(Order::ControlFirst, sum)),
        treatment_first: count_of(Order::TreatmentFirst, within_first.len()),
        control_first: count_of(Order::ControlFirst, within_second.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Confidence = Confidence::PERCENT_95;

    fn people(order: Order, rows: &[(f64, f64)]) -> Vec<Person> {
        rows.iter().map(|&(first, second)| Person { order, first: Some(first), second: Some(second) }).collect()
    }

    /// A treatment of -12 and a second period 3 higher, with no noise but between people: both come out exactly.
    #[test]
    fn tells_the_treatment_from_the_period() {
        let levels = [40.0, 44.0, 52.0, 47.0];
        let mut all = people(Order::TreatmentFirst, &levels.map(|level| (level - 12.0 + level / 100.0, level + 3.0)));
        all.extend(people(Order::ControlFirst, &levels.map(|level| (level, level + 3.0 - 12.0 + level / 100.0))));
        let found = crossover(&all, USUAL).unwrap();
        let mean_noise = levels.iter().sum::<f64>() / 400.0;
        assert!((found.treatment.unwrap().difference.value - (-12.0 + mean_noise)).abs() < 1e-9);
        assert!((found.period.unwrap().difference.value - 3.0).abs() < 1e-9);
        assert!(found.carry_over.unwrap().difference.value.abs() < 1e-9);
    }

    #[test]
    fn people_who_left_after_the_first_period_count_in_it_and_are_told() {
        let mut all = people(Order::TreatmentFirst, &[(20.0, 33.0), (25.0, 30.0), (18.0, 35.0)]);
        all.extend(people(Order::ControlFirst, &[(34.0, 22.0), (37.0, 20.0)]));
        all.push(Person { order: Order::ControlFirst, first: Some(60.0), second: None });
        let found = crossover(&all, USUAL).unwrap();
        assert_eq!((found.control_first.expected, found.control_first.answered), (3, 2));
        let first = found.first_period.unwrap();
        assert!((first.difference.value - (21.0 - 131.0 / 3.0)).abs() < 1e-9);
        assert_eq!(first.test.degrees_of_freedom, Some(4.0));
    }

    #[test]
    fn one_order_alone_still_gives_the_paired_analysis_and_says_why_not_the_others() {
        let found = crossover(&people(Order::TreatmentFirst, &[(20.0, 33.0), (25.0, 30.0)]), USUAL).unwrap();
        assert!(found.paired.is_ok());
        assert!(matches!(found.treatment, Err(CannotEstimate::TooFew { .. })));
        assert!(matches!(found.first_period, Err(CannotEstimate::TooFew { .. })));
    }

    #[test]
    fn nobody_nothing_and_the_impossible_are_named() {
        assert!(crossover(&[], USUAL).is_err());
        let silent = Person { order: Order::ControlFirst, first: None, second: None };
        assert_eq!(crossover(&[silent; 3], USUAL), Err(CannotEstimate::AllMissing { what: "outcomes", missing: 6 }));
        let wrong = Person { first: Some(f64::NAN), ..silent };
        assert!(matches!(crossover(&[wrong], USUAL), Err(CannotEstimate::NotFinite { .. })));
    }
}
