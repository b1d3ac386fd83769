//! The expected course of one person: concentrations over time, and the figures read from them.

use serde::Serialize;

use crate::dose::{Plan, check_times};
use crate::error::ModelError;
use crate::kinetics::{Deviation, Kinetics};
use crate::modes::Modes;
use crate::parameters::VERSION;
use crate::person::Person;
use crate::preparation::Preparation;
use crate::schedule::Schedule;
use crate::standing::{Graded, Standing};
use crate::system::{State, solve};
use crate::units::{Hours, Minutes, NgHoursPerMl, NgPerMl, Share};

/// Milligrams per litre into nanograms per millilitre.
const NG_PER_ML: f64 = 1000.0;

const EFFECT_SITE_BASIS: &str = "one effect site with a half-time of 6 minutes; measured half-times run from 0 to 11.8";
const TERMINAL_BASIS: &str = "fitted to levels up to 8 h; not to be used for later levels or for detection windows";
const NORKETAMINE_BASIS: &str =
    "for display only; it drives no effect, and after oral and sublingual doses it is rough";

/// All concentrations at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The time, in the plan's minutes.
    pub at: Minutes,
    /// Ketamine in plasma, S and R together.
    pub ketamine: NgPerMl,
    /// Norketamine in plasma. For display only.
    pub norketamine: NgPerMl,
    /// Ketamine at the effect site, S and R together.
    pub effect_site: NgPerMl,
    /// S-ketamine at the effect site.
    pub effect_site_s: NgPerMl,
    /// R-ketamine at the effect site.
    pub effect_site_r: NgPerMl,
}

/// Where the drug has gone by a given time, in mg of ketamine. The parts add up to what was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Balance {
    /// Given so far.
    pub given: f64,
    /// Lost before it could be taken up, or waiting to be swallowed.
    pub outside: f64,
    /// Waiting in nose, mouth, muscle or gut.
    pub waiting: f64,
    /// Taken by the gut wall and liver before reaching plasma.
    pub first_pass: f64,
    /// In the body as ketamine.
    pub in_body: f64,
    /// Cleared from plasma.
    pub cleared: f64,
}

/// The figures read from a curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metrics {
    /// The highest plasma level, to the minute.
    pub peak: Graded<NgPerMl>,
    /// When it is reached.
    pub peak_at: Graded<Minutes>,
    /// The area under the plasma curve from zero to the last time asked for.
    pub area: Graded<NgHoursPerMl>,
    /// The area under the plasma curve of the whole plan, without end.
    pub area_to_infinity: Graded<NgHoursPerMl>,
    /// The half-life of the last phase. The model is not to be used for levels after about 8 h.
    pub terminal_half_life: Graded<Hours>,
    /// The highest norketamine level.
    pub norketamine_peak: Graded<NgPerMl>,
    /// The area under the norketamine curve from zero to the last time asked for.
    pub norketamine_area: Graded<NgHoursPerMl>,
    /// The share of the dose that reaches plasma as ketamine.
    pub bioavailability: Graded<Share>,
}

/// The expected course of one person under one plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    points: Graded<Vec<Point>>,
    metrics: Metrics,
    #[serde(skip)]
    balance: Vec<Balance>,
    /// The parameter version that made the curve.
    pub version: &'static str,
    /// The last time for which the model may be used, 8 h after the last dose.
    pub valid_until: Minutes,
}

impl Curve {
    /// The typical course for a person of this weight and age, at the asked times.
    ///
    /// # Errors
    /// [`ModelError::NoTime`], [`ModelError::TimeOutside`], [`ModelError::TimesNotAscending`]. Times beyond
    /// [`Plan::valid_until`] are answered, so that areas and half-lives can be read; whoever shows a curve to people
    /// asks [`crate::Expected`], which refuses them.
    pub fn typical(plan: &Plan, person: Person, times: &[Minutes]) -> Result<Self, ModelError> {
        Self::with(plan, person, &Deviation::NONE, times)
    }

    pub(crate) fn with(
        plan: &Plan,
        person: Person,
        deviation: &Deviation,
        times: &[Minutes],
    ) -> Result<Self, ModelError> {
        check_times(times)?;
        let asked: Vec<f64> = times.iter().map(|time| time.value()).collect();
        let last = asked.last().copied().unwrap_or_default();
        let fine = minute_by_minute(plan, last);
        let mut sums = Sums::new(&asked, &fine);
        for schedule in Schedule::of(plan) {
            let kinetics = Kinetics::of(schedule.preparation, person, deviation);
            let states = solve(&kinetics, &schedule, &asked)?;
            let between = solve(&kinetics, &schedule, &fine)?;
            sums.add(&schedule, &kinetics, &states, &between);
        }
        let standing = plan.preparations().iter().map(|preparation| preparation.plasma_standing()).max();
        let standing = standing.unwrap_or(Standing::Calculated);
        let basis = weakest_basis(plan, standing);
        Ok(Self {
            metrics: sums.metrics(plan, &fine, standing, basis),
            balance: sums.balances(plan, &asked),
            points: Graded::new(sums.points, standing, basis),
            version: VERSION,
            valid_until: plan.valid_until(),
        })
    }

    /// The points at the asked times, with the standing of the plasma level.
    #[must_use]
    pub const fn points(&self) -> &Graded<Vec<Point>> {
        &self.points
    }

    /// The effect-site level at the asked times. Calculated: nobody samples the effect site.
    #[must_use]
    pub fn effect_site(&self) -> Graded<Vec<NgPerMl>> {
        let (points, standing) = self.points.read();
        let levels = points.iter().map(|point| point.effect_site).collect();
        Graded::new(levels, standing.weaker(Standing::Calculated), EFFECT_SITE_BASIS)
    }

    /// The figures read from the curve.
    #[must_use]
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Where the drug has gone at each asked time.
    #[must_use]
    pub fn balance(&self) -> &[Balance] {
        &self.balance
    }

    /// How firmly the plasma levels stand.
    pub(crate) fn plasma_standing(&self) -> Standing {
        self.points.read().1
    }

    /// The points for work inside the crate, where the standing is put back on the result.
    pub(crate) fn raw_points(&self) -> &[Point] {
        self.points.read().0
    }
}

fn weakest_basis(plan: &Plan, standing: Standing) -> &'static str {
    let weakest = plan.preparations().into_iter().find(|preparation| preparation.plasma_standing() == standing);
    weakest.map_or("", Preparation::plasma_basis)
}

/// Every whole minute to the last asked time, and every start and end of a dose, where a peak can lie.
fn minute_by_minute(plan: &Plan, last: f64) -> Vec<f64> {
    let mut times: Vec<f64> = (0..=last.floor() as u32).map(f64::from).collect();
    times.extend(plan.doses().iter().flat_map(|dose| [dose.start().value(), dose.end().value()]));
    times.push(last);
    times.retain(|time| *time <= last);
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// What the preparations of a plan add up to.
struct Sums {
    points: Vec<Point>,
    fine: Vec<(f64, f64)>,
    area: f64,
    area_n: f64,
    area_to_infinity: f64,
    slowest: f64,
    available: f64,
    parts: Vec<Balance>,
}

impl Sums {
    fn new(asked: &[f64], fine: &[f64]) -> Self {
        let zero = NgPerMl::new(0.0);
        let empty = |at: &f64| Point {
            at: Minutes::new(*at),
            ketamine: zero,
            norketamine: zero,
            effect_site: zero,
            effect_site_s: zero,
            effect_site_r: zero,
        };
        Self {
            points: asked.iter().map(empty).collect(),
            fine: vec![(0.0, 0.0); fine.len()],
            area: 0.0,
            area_n: 0.0,
            area_to_infinity: 0.0,
            slowest: f64::INFINITY,
            available: 0.0,
            parts: vec![Balance::default(); asked.len()],
        }
    }

    fn add(&mut self, schedule: &Schedule, k: &Kinetics, states: &[State], fine: &[State]) {
        let s = schedule.preparation.product().s_share();
        for (point, state) in self.points.iter_mut().zip(states) {
            let more = |sum: NgPerMl, level: f64| NgPerMl::new(sum.value() + NG_PER_ML * level);
            point.ketamine = more(point.ketamine, state.ketamine[0] / k.v1);
            point.norketamine = more(point.norketamine, state.norketamine[0] / k.vn);
            point.effect_site = more(point.effect_site, state.effect);
            point.effect_site_s = more(point.effect_site_s, state.effect * s);
            point.effect_site_r = more(point.effect_site_r, state.effect * (1.0 - s));
        }
        for ((ketamine, norketamine), state) in self.fine.iter_mut().zip(fine) {
            *ketamine += NG_PER_ML * state.ketamine[0] / k.v1;
            *norketamine += NG_PER_ML * state.norketamine[0] / k.vn;
        }
        for (part, state) in self.parts.iter_mut().zip(states) {
            let from_gut = state.entered[2] - state.gut;
            part.waiting += state.depot + state.gut;
            part.first_pass += (1.0 - k.fg) * from_gut;
            part.in_body += state.ketamine.iter().sum::<f64>();
            part.cleared += k.cl * state.area;
            part.outside -= state.entered.iter().sum::<f64>();
        }
        if let Some(last) = fine.last() {
            self.area += NG_PER_ML * last.area;
            self.area_n += NG_PER_ML * last.area_n;
        }
        let [vein, depot, gut] = schedule.total().for_person(k);
        let available = vein + depot + k.fg * gut;
        self.available += available;
        self.area_to_infinity += NG_PER_ML * available / k.cl;
        self.slowest = self.slowest.min(Modes::of(k).slowest(depot > 0.0, gut > 0.0));
    }

    fn metrics(&self, plan: &Plan, fine: &[f64], standing: Standing, basis: &'static str) -> Metrics {
        let mut peak = (0.0, 0.0);
        let mut peak_n = 0.0_f64;
        for (at, (ketamine, norketamine)) in fine.iter().zip(&self.fine) {
            if *ketamine > peak.1 {
                peak = (*at, *ketamine);
            }
            peak_n = peak_n.max(*norketamine);
        }
        let weaker = standing.weaker(Standing::Calculated);
        Metrics {
            peak: Graded::new(NgPerMl::new(peak.1), standing, basis),
            peak_at: Graded::new(Minutes::new(peak.0), standing, basis),
            area: Graded::new(NgHoursPerMl::new(self.area), standing, basis),
            area_to_infinity: Graded::new(NgHoursPerMl::new(self.area_to_infinity), standing, basis),
            terminal_half_life: Graded::new(Hours::new(std::f64::consts::LN_2 / self.slowest), weaker, TERMINAL_BASIS),
            norketamine_peak: Graded::new(NgPerMl::new(peak_n), weaker, NORKETAMINE_BASIS),
            norketamine_area: Graded::new(NgHoursPerMl::new(self.area_n), weaker, NORKETAMINE_BASIS),
            bioavailability: Graded::new(Share::new(self.available / plan.amount().value()), standing, basis),
        }
    }

    fn balances(&self, plan: &Plan, asked: &[f64]) -> Vec<Balance> {
        let mut parts = self.parts.clone();
        for (part, time) in parts.iter_mut().zip(asked) {
            part.given = plan.given_by(Minutes::new(*time)).value();
            part.outside += part.given;
        }
        parts
    }
}
