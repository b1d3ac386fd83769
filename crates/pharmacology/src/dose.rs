//! What was given, when and by which way: single doses, infusions in steps, and several of them in one course.

use serde::Serialize;

use crate::error::ModelError;
use crate::preparation::Preparation;
use crate::product::{Product, Route};
use crate::units::{Mg, Minutes};

/// The largest single dose taken for a dose; more is taken for a mistaken unit.
const LARGEST_MG: f64 = 2000.0;
/// The latest time taken for a time, in minutes: ten weeks.
const LATEST_MINUTES: f64 = 100_000.0;
/// The nasal doses that the esketamine device can give, in milligrams.
const DEVICE_DOSES_MG: [f64; 3] = [28.0, 56.0, 84.0];

/// One stretch of an infusion at a constant rate. An amount of zero is a pause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct InfusionStep {
    /// How much is given over the whole stretch.
    pub amount: Mg,
    /// How long the stretch lasts.
    pub lasting: Minutes,
}

/// How a dose goes in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) enum Given {
    AtOnce(Mg),
    Steps(Vec<InfusionStep>),
}

/// One dose of one preparation, checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dose {
    preparation: Preparation,
    start: Minutes,
    given: Given,
}

impl Dose {
    /// A dose given at once: an intravenous bolus, an injection, sprays, a lozenge, a drink.
    ///
    /// # Errors
    /// [`ModelError::NotModelled`], [`ModelError::DoseOutside`], [`ModelError::TimeOutside`], and
    /// [`ModelError::NotADeviceDose`] for nasal esketamine other than 28, 56 or 84 mg.
    pub fn at_once(product: Product, route: Route, start: Minutes, amount: Mg) -> Result<Self, ModelError> {
        let preparation = Preparation::new(product, route)?;
        check_amount(amount)?;
        let devices = product == Product::Esketamine && route == Route::Intranasal;
        if devices && !DEVICE_DOSES_MG.contains(&amount.value()) {
            return Err(ModelError::NotADeviceDose { mg: amount.value() });
        }
        Ok(Self { preparation, start: check_time(start)?, given: Given::AtOnce(amount) })
    }

    /// An intravenous infusion at one rate.
    ///
    /// # Errors
    /// As for [`Dose::infusion_in_steps`].
    pub fn infusion(product: Product, start: Minutes, amount: Mg, lasting: Minutes) -> Result<Self, ModelError> {
        Self::infusion_in_steps(product, start, vec![InfusionStep { amount, lasting }])
    }

    /// An intravenous infusion whose rate changes: the steps follow each other without a gap.
    ///
    /// # Errors
    /// [`ModelError::DoseOutside`] when a step is negative or the whole is zero or absurd,
    /// [`ModelError::EndBeforeStart`] when a step does not last, [`ModelError::TimeOutside`].
    pub fn infusion_in_steps(product: Product, start: Minutes, steps: Vec<InfusionStep>) -> Result<Self, ModelError> {
        let preparation = Preparation::new(product, Route::Intravenous)?;
        check_time(start)?;
        let mut from = start.value();
        for step in &steps {
            let to = from + step.lasting.value();
            if step.lasting.value().is_nan() || to <= from {
                return Err(ModelError::EndBeforeStart { start: from, end: to });
            }
            if step.amount.value().is_nan() || step.amount.value() < 0.0 {
                return Err(ModelError::DoseOutside { mg: step.amount.value() });
            }
            from = check_time(Minutes::new(to))?.value();
        }
        check_amount(Mg::new(steps.iter().map(|step| step.amount.value()).sum()))?;
        Ok(Self { preparation, start, given: Given::Steps(steps) })
    }

    /// The same infusion stopped early. A stop at or after the planned end changes nothing: all had been given.
    ///
    /// # Errors
    /// [`ModelError::NotAnInfusion`] for a dose given at once, [`ModelError::EndBeforeStart`] for a stop at or before
    /// the start, [`ModelError::TimeOutside`], and [`ModelError::DoseOutside`] when nothing had been given yet.
    pub fn stopped_at(&self, stop: Minutes) -> Result<Self, ModelError> {
        let Given::Steps(steps) = &self.given else {
            return Err(ModelError::NotAnInfusion { route: self.preparation.route() });
        };
        let stop = check_time(stop)?.value();
        if stop <= self.start.value() {
            return Err(ModelError::EndBeforeStart { start: self.start.value(), end: stop });
        }
        let mut kept = Vec::new();
        let mut from = self.start.value();
        for step in steps {
            let to = from + step.lasting.value();
            if to <= stop {
                kept.push(*step);
            } else if from < stop {
                let share = (stop - from) / (to - from);
                let amount = Mg::new(step.amount.value() * share);
                kept.push(InfusionStep { amount, lasting: Minutes::new(stop - from) });
            }
            from = to;
        }
        Self::infusion_in_steps(self.preparation.product(), self.start, kept)
    }

    /// Which product by which route.
    #[must_use]
    pub const fn preparation(&self) -> Preparation {
        self.preparation
    }

    /// When the dose starts.
    #[must_use]
    pub const fn start(&self) -> Minutes {
        self.start
    }

    /// When the dose has all been given: the start itself unless it is an infusion.
    #[must_use]
    pub fn end(&self) -> Minutes {
        match &self.given {
            Given::AtOnce(_) => self.start,
            Given::Steps(steps) => {
                Minutes::new(steps.iter().fold(self.start.value(), |from, step| from + step.lasting.value()))
            }
        }
    }

    /// How much is given in all.
    #[must_use]
    pub fn amount(&self) -> Mg {
        match &self.given {
            Given::AtOnce(amount) => *amount,
            Given::Steps(steps) => Mg::new(steps.iter().map(|step| step.amount.value()).sum()),
        }
    }

    fn given_by(&self, time: f64) -> f64 {
        match &self.given {
            Given::AtOnce(amount) if self.start.value() <= time => amount.value(),
            Given::AtOnce(_) => 0.0,
            Given::Steps(steps) => {
                let mut from = self.start.value();
                let mut given = 0.0;
                for step in steps {
                    let share = ((time - from) / step.lasting.value()).clamp(0.0, 1.0);
                    given += step.amount.value() * share;
                    from += step.lasting.value();
                }
                given
            }
        }
    }

    pub(crate) const fn given(&self) -> &Given {
        &self.given
    }

    /// Whether the dose runs over a stretch of time.
    #[must_use]
    pub const fn is_infusion(&self) -> bool {
        matches!(self.given, Given::Steps(_))
    }
}

/// All doses of a session or course, in the order of their start.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    doses: Vec<Dose>,
}

impl Plan {
    /// How long after the last dose the model may be used.
    pub const VALID_AFTER_LAST_DOSE: Minutes = Minutes::new(480.0);

    /// The doses, in the order of their start. Doses may share a start; infusions may not overlap.
    ///
    /// # Errors
    /// [`ModelError::NoDose`], [`ModelError::TimesNotAscending`], [`ModelError::InfusionsOverlap`].
    pub fn new(doses: Vec<Dose>) -> Result<Self, ModelError> {
        if doses.is_empty() {
            return Err(ModelError::NoDose);
        }
        for (index, (earlier, later)) in doses.iter().zip(doses.iter().skip(1)).enumerate() {
            if later.start.value() < earlier.start.value() {
                return Err(ModelError::TimesNotAscending { position: index + 2, minutes: later.start.value() });
            }
        }
        let mut first_ends = f64::NEG_INFINITY;
        for infusion in doses.iter().filter(|dose| dose.is_infusion()) {
            let next_starts = infusion.start.value();
            if next_starts < first_ends {
                return Err(ModelError::InfusionsOverlap { first_ends, next_starts });
            }
            first_ends = infusion.end().value();
        }
        Ok(Self { doses })
    }

    /// A plan of one dose.
    #[must_use]
    pub fn single(dose: Dose) -> Self {
        Self { doses: vec![dose] }
    }

    /// The doses in order.
    #[must_use]
    pub fn doses(&self) -> &[Dose] {
        &self.doses
    }

    /// How much is given in all.
    #[must_use]
    pub fn amount(&self) -> Mg {
        Mg::new(self.doses.iter().map(|dose| dose.amount().value()).sum())
    }

    /// How much has been given by this time.
    #[must_use]
    pub fn given_by(&self, time: Minutes) -> Mg {
        Mg::new(self.doses.iter().map(|dose| dose.given_by(time.value())).sum())
    }

    /// When the last dose has all been given.
    #[must_use]
    pub fn last_dose_ends(&self) -> Minutes {
        Minutes::new(self.doses.iter().map(|dose| dose.end().value()).fold(0.0, f64::max))
    }

    /// The last time for which the model may be used: 8 h after the last dose.
    #[must_use]
    pub fn valid_until(&self) -> Minutes {
        Minutes::new(self.last_dose_ends().value() + Self::VALID_AFTER_LAST_DOSE.value())
    }

    /// The preparations in the plan, each once, in the order of their first dose.
    #[must_use]
    pub fn preparations(&self) -> Vec<Preparation> {
        let mut found = Vec::new();
        for dose in &self.doses {
            if !found.contains(&dose.preparation) {
                found.push(dose.preparation);
            }
        }
        found
    }
}

/// Checks that times are given, are times, and ascend.
pub(crate) fn check_times(times: &[Minutes]) -> Result<(), ModelError> {
    if times.is_empty() {
        return Err(ModelError::NoTime);
    }
    let mut before = f64::NEG_INFINITY;
    for (index, time) in times.iter().enumerate() {
        let minutes = check_time(*time)?.value();
        if minutes <= before {
            return Err(ModelError::TimesNotAscending { position: index + 1, minutes });
        }
        before = minutes;
    }
    Ok(())
}

fn check_time(time: Minutes) -> Result<Minutes, ModelError> {
    let minutes = time.value();
    if (0.0..=LATEST_MINUTES).contains(&minutes) { Ok(time) } else { Err(ModelError::TimeOutside { minutes }) }
}

fn check_amount(amount: Mg) -> Result<(), ModelError> {
    let mg = amount.value();
    if mg > 0.0 && mg <= LARGEST_MG { Ok(()) } else { Err(ModelError::DoseOutside { mg }) }
}
