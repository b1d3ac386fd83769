//! What the drug does while it is there: blood pressure, pulse, dissociation, sedation, and receptor occupancy.
//!
//! Acute effects are established in size for a group and not for one person; occupancy is calculated and was never
//! measured well in people (reference, sections 2.2 to 2.5 and 4). Nothing here is a dose, a discharge or an alarm.

use serde::Serialize;

use crate::curve::{Curve, Point};
use crate::kinetics::Deviation;
use crate::parameters as p;
use crate::person::Person;
use crate::standing::{Graded, Standing};
use crate::units::{Bpm, CadssPoints, Minutes, Mmhg, Share};

const PRESSURE_BASIS: &str = "large trials and a label for the size in a group; the size in one person is not predictable; S-ketamine is taken to drive it";
const CADSS_BASIS: &str = "near linear in plasma level in volunteers; differs very much between people";
const CHANCE_BASIS: &str =
    "drawn through the label's shares at 56 and 84 mg of nasal esketamine; they contain the placebo share";
const OCCUPANCY_BASIS: &str = "calculated from affinities that are unverified; no accepted human curve exists";

/// The weight of the body's answer to R-ketamine against S-ketamine in dissociation.
const R_AGAINST_S: f64 = 0.3;
/// Molar mass of ketamine, g/mol.
const MOLAR_MASS: f64 = 237.7;

/// The level that drives blood pressure: S-ketamine at the effect site, ng/mL.
pub(crate) fn pressure_drive(point: &Point) -> f64 {
    point.effect_site_s.value()
}

/// The level that drives dissociation and sedation, ng/mL.
pub(crate) fn dissociation_drive(point: &Point) -> f64 {
    point.effect_site_s.value() + R_AGAINST_S * point.effect_site_r.value()
}

/// The rise of systolic pressure in mmHg under this drive.
pub(crate) fn systolic_rise(drive: f64, person: Person, deviation: &Deviation) -> f64 {
    p::EMAX_PRESSURE.value * deviation.pressure * person.pressure_factor() * drive / (p::EC50_PRESSURE.value + drive)
}

/// How diastolic follows systolic pressure.
pub(crate) const DIASTOLIC_SHARE: f64 = 0.65;

fn pulse_rise(drive: f64) -> f64 {
    let up = drive.powf(1.5);
    35.0 * up / (500.0_f64.powf(1.5) + up)
}

/// Points of the CADSS under this drive.
pub(crate) fn cadss(drive: f64, first_session: bool, deviation: &Deviation) -> f64 {
    92.0 * drive / (1400.0 + drive) * deviation.dissociation * if first_session { 1.0 } else { 0.7 }
}

/// Occupancy of NMDA receptors under these levels of S and R (ng/mL); `affinity` halves or doubles both constants.
fn occupancy(s: f64, r: f64, affinity: f64) -> f64 {
    let molar = |level: f64| p::FU.value * level / MOLAR_MASS;
    let z = molar(s) / (0.5 * affinity) + molar(r) / (1.7 * affinity);
    z / (1.0 + z)
}

/// Expected changes from baseline at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Acute {
    /// The time, in the plan's minutes.
    pub at: Minutes,
    /// Systolic pressure, change from baseline.
    pub systolic: Mmhg,
    /// Diastolic pressure, change from baseline.
    pub diastolic: Mmhg,
    /// Pulse, change from baseline.
    pub pulse: Bpm,
}

/// The share of receptors held, with affinities halved and doubled beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Occupancy {
    /// The time, in the plan's minutes.
    pub at: Minutes,
    /// With the affinities of the reference.
    pub middle: Share,
    /// With half the affinity.
    pub low: Share,
    /// With twice the affinity.
    pub high: Share,
}

impl Curve {
    /// Expected change of blood pressure and pulse at the asked times, for this person.
    #[must_use]
    pub fn acute(&self, person: Person) -> Graded<Vec<Acute>> {
        let at = |point: &Point| {
            let drive = pressure_drive(point);
            let systolic = systolic_rise(drive, person, &Deviation::NONE);
            Acute {
                at: point.at,
                systolic: Mmhg::new(systolic),
                diastolic: Mmhg::new(DIASTOLIC_SHARE * systolic),
                pulse: Bpm::new(pulse_rise(drive)),
            }
        };
        Graded::new(self.raw_points().iter().map(at).collect(), self.plasma_standing(), PRESSURE_BASIS)
    }

    /// Expected dissociation in points of the CADSS; less in later sessions than in the first (by how much is unverified).
    #[must_use]
    pub fn dissociation(&self, first_session: bool) -> Graded<Vec<CadssPoints>> {
        let points = self.raw_points().iter();
        let scores =
            points.map(|point| CadssPoints::new(cadss(dissociation_drive(point), first_session, &Deviation::NONE)));
        Graded::new(scores.collect(), self.plasma_standing(), CADSS_BASIS)
    }

    /// The share of people who report dissociation in such a session, by the highest of the asked times.
    #[must_use]
    pub fn chance_of_dissociation(&self) -> Graded<Share> {
        self.chance(47.6, 1.065)
    }

    /// The share of people sedated (MOAA/S below 5) in such a session, by the highest of the asked times.
    #[must_use]
    pub fn chance_of_sedation(&self) -> Graded<Share> {
        self.chance(72.5, 1.35)
    }

    fn chance(&self, middle: f64, steepness: f64) -> Graded<Share> {
        let most = self.raw_points().iter().map(dissociation_drive).fold(0.0, f64::max);
        let share = if most > 0.0 { 1.0 / (1.0 + (middle / most).powf(steepness)) } else { 0.0 };
        Graded::new(Share::new(share), self.plasma_standing().weaker(Standing::Calculated), CHANCE_BASIS)
    }

    /// The share of NMDA receptors held at the asked times. Calculated, not measured.
    #[must_use]
    pub fn occupancy(&self) -> Graded<Vec<Occupancy>> {
        let at = |point: &Point| {
            let (s, r) = (point.effect_site_s.value(), point.effect_site_r.value());
            let share = |affinity: f64| Share::new(occupancy(s, r, affinity));
            Occupancy { at: point.at, middle: share(1.0), low: share(2.0), high: share(0.5) }
        };
        Graded::new(self.raw_points().iter().map(at).collect(), Standing::Calculated, OCCUPANCY_BASIS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check values of the reference, section 2.5: racemate at a steady level, then esketamine.
    #[test]
    fn reproduces_the_check_values_of_occupancy() {
        for (level, expected) in [(50.0, 0.13), (100.0, 0.23), (185.0, 0.36), (500.0, 0.60), (2210.0, 0.87)] {
            let share = occupancy(level / 2.0, level / 2.0, 1.0);
            assert!((share - expected).abs() < 0.006, "{level}: {share}");
        }
        assert!((occupancy(100.0, 0.0, 1.0) - 0.32).abs() < 0.006);
    }

    #[test]
    fn no_drug_does_nothing() {
        assert_eq!(systolic_rise(0.0, Person::TYPICAL, &Deviation::NONE), 0.0);
        assert_eq!(pulse_rise(0.0), 0.0);
        assert_eq!(cadss(0.0, true, &Deviation::NONE), 0.0);
        assert_eq!(occupancy(0.0, 0.0, 1.0), 0.0);
    }
}
