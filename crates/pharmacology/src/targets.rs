//! What the model is held to: published values with their source, beside what the typical person of the model gives.
//!
//! Origin: the project's reference on ketamine pharmacology, section 3. A value that was used to set a parameter says so: that the
//! model meets it shows nothing. The misses are named, and a test asserts that they are misses.

use crate::curve::Curve;
use crate::dose::{Dose, InfusionStep, Plan};
use crate::error::ModelError;
use crate::person::Person;
use crate::product::{Product, Route};
use crate::units::{Mg, Minutes};

/// What was given to a person of 70 kg.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Regimen {
    /// Racemate into a vein over a time.
    Infusion {
        /// Milligrams.
        mg: f64,
        /// Over so many minutes.
        minutes: f64,
    },
    /// Racemate into a vein in three steps of an hour: 0.28, 0.57 and 1.14 mg/kg/h.
    Steps,
    /// At once.
    At {
        /// What.
        product: Product,
        /// How.
        route: Route,
        /// Milligrams.
        mg: f64,
    },
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// Ketamine in plasma at this minute, ng/mL.
    LevelAt(f64),
    /// Norketamine at this minute, ng/mL.
    NorketamineAt(f64),
    /// The highest level, ng/mL.
    Peak,
    /// When it is reached, min.
    PeakAt,
    /// The area to this minute, ng·h/mL.
    AreaTo(f64),
    /// The highest norketamine, ng/mL.
    NorketaminePeak,
    /// Its area to this minute, ng·h/mL.
    NorketamineAreaTo(f64),
    /// The share that reaches plasma, per cent.
    Bioavailability,
    /// The largest rise of systolic pressure, mmHg.
    Systolic,
    /// The largest rise of diastolic pressure, mmHg.
    Diastolic,
    /// The largest rise of the pulse, per minute.
    Pulse,
    /// When systolic pressure is highest, min.
    SystolicPeakAt,
    /// The highest CADSS, mean of a population.
    MeanCadss,
    /// How many have dissociation, per cent.
    Dissociation,
    /// How many have sedation, per cent.
    Sedation,
}

impl Quantity {
    /// The unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::LevelAt(_) | Self::NorketamineAt(_) | Self::Peak | Self::NorketaminePeak => "ng/mL",
            Self::PeakAt | Self::SystolicPeakAt => "min",
            Self::AreaTo(_) | Self::NorketamineAreaTo(_) => "ng·h/mL",
            Self::Bioavailability | Self::Dissociation | Self::Sedation => "%",
            Self::Systolic | Self::Diastolic => "mmHg",
            Self::Pulse => "/min",
            Self::MeanCadss => "points",
        }
    }

    /// Whether it is a time at which something flat is highest, which nobody reads to the minute.
    #[must_use]
    pub fn is_a_time(self) -> bool {
        matches!(self, Self::PeakAt | Self::SystolicPeakAt)
    }
}

/// A published value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Its id in the reference.
    pub id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// The value.
    pub observed: f64,
    /// Its spread, as published; empty where none is.
    pub spread: &'static str,
    /// What was given.
    pub regimen: Regimen,
    /// What was measured.
    pub quantity: Quantity,
    /// What the default model gives, as the reference prints it.
    pub printed: f64,
    /// To how many decimals.
    pub decimals: usize,
    /// Used to set a parameter, so that meeting it shows nothing.
    pub fitted: bool,
}

/// Beyond this share of the published value a target counts as missed, as in the reference's list of misses.
const MISSED_BEYOND: f64 = 0.195;

impl Regimen {
    /// As a plan.
    ///
    /// # Errors
    /// Those of [`Dose`]; a test shows that no target has any.
    pub fn plan(self) -> Result<Plan, ModelError> {
        let zero = Minutes::new(0.0);
        let dose = match self {
            Self::Infusion { mg, minutes } => {
                Dose::infusion(Product::Racemate, zero, Mg::new(mg), Minutes::new(minutes))?
            }
            Self::Steps => {
                let step = |rate: f64| InfusionStep { amount: Mg::new(rate * 70.0), lasting: Minutes::new(60.0) };
                Dose::infusion_in_steps(Product::Racemate, zero, [0.28, 0.57, 1.14].map(step).to_vec())?
            }
            Self::At { product, route, mg } => Dose::at_once(product, route, zero, Mg::new(mg))?,
        };
        Ok(Plan::single(dose))
    }
}

impl Target {
    /// What the typical person of the model gives.
    ///
    /// # Errors
    /// As [`Regimen::plan`].
    pub fn model(&self) -> Result<f64, ModelError> {
        let last = match self.quantity {
            Quantity::LevelAt(to)
            | Quantity::NorketamineAt(to)
            | Quantity::AreaTo(to)
            | Quantity::NorketamineAreaTo(to) => to,
            _ => 480.0,
        };
        let minutes: Vec<Minutes> =
            (0..).map(f64::from).take_while(|m| *m < last).chain([last]).map(Minutes::new).collect();
        let curve = Curve::typical(&self.regimen.plan()?, Person::TYPICAL, &minutes)?;
        let points = curve.points();
        let end = points.read().0.last().map_or((f64::NAN, f64::NAN), |p| (p.ketamine.value(), p.norketamine.value()));
        let acute = curve.acute(Person::TYPICAL);
        let acute = acute.read().0;
        let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let metrics = curve.metrics();
        Ok(match self.quantity {
            Quantity::LevelAt(_) => end.0,
            Quantity::NorketamineAt(_) => end.1,
            Quantity::Peak => metrics.peak.read().0.value(),
            Quantity::PeakAt => metrics.peak_at.read().0.value(),
            Quantity::AreaTo(_) => metrics.area.read().0.value(),
            Quantity::NorketaminePeak => metrics.norketamine_peak.read().0.value(),
            Quantity::NorketamineAreaTo(_) => metrics.norketamine_area.read().0.value(),
            Quantity::Bioavailability => 100.0 * metrics.bioavailability.read().0.value(),
            Quantity::Systolic => highest(&mut acute.iter().map(|a| a.systolic.value())),
            Quantity::Diastolic => highest(&mut acute.iter().map(|a| a.diastolic.value())),
            Quantity::Pulse => highest(&mut acute.iter().map(|a| a.pulse.value())),
            Quantity::SystolicPeakAt => acute
                .iter()
                .max_by(|a, b| a.systolic.value().total_cmp(&b.systolic.value()))
                .map_or(f64::NAN, |a| a.at.value()),
            // The mean of a log-normal with a coefficient of variation of 100 per cent is 1.41 times its median.
            Quantity::MeanCadss => {
                std::f64::consts::SQRT_2 * highest(&mut curve.dissociation(true).read().0.iter().map(|c| c.value()))
            }
            Quantity::Dissociation => 100.0 * curve.chance_of_dissociation().read().0.value(),
            Quantity::Sedation => 100.0 * curve.chance_of_sedation().read().0.value(),
        })
    }

    /// Whether the model is further off than a fifth.
    #[must_use]
    pub fn missed_by(&self, model: f64) -> bool {
        (model / self.observed - 1.0).abs() > MISSED_BEYOND
    }
}

/// Every target that the typical person can be held to, in the order of the reference.
pub const ALL: &[Target] = &[
    Target {
        id: "IV-01",
        what: "racemate 0.5 mg/kg IV over 40 min: C at end, ng/mL",
        source: "Zarate 2006 via Zanos 2018 T1",
        observed: 185.0,
        spread: "range 100-250 (Krystal 1994)",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::LevelAt(40.0),
        printed: 212.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IV-02",
        what: "racemate 5 mg IV over 30 min: Cmax (S+R), ng/mL (venous)",
        source: "Hasan 2021 T1",
        observed: 32.1,
        spread: "S 15.6 ± 4.5, R 16.5 ± 4.9",
        regimen: Regimen::Infusion { mg: 5.0, minutes: 30.0 },
        quantity: Quantity::Peak,
        printed: 34.9,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "IV-03",
        what: "racemate 5 mg IV/30 min: C at 1 h (venous), ng/mL",
        source: "Hasan 2021 F1, digitised",
        observed: 13.0,
        spread: "about ± 15% digitising",
        regimen: Regimen::Infusion { mg: 5.0, minutes: 30.0 },
        quantity: Quantity::LevelAt(60.0),
        printed: 14.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IV-04",
        what: "racemate 5 mg IV/30 min: C at 2 h, ng/mL",
        source: "Hasan 2021 F1, digitised",
        observed: 6.84,
        spread: "",
        regimen: Regimen::Infusion { mg: 5.0, minutes: 30.0 },
        quantity: Quantity::LevelAt(120.0),
        printed: 7.69,
        decimals: 2,
        fitted: true,
    },
    Target {
        id: "IV-05",
        what: "racemate 5 mg IV/30 min: C at 4 h, ng/mL",
        source: "Hasan 2021 F1, digitised",
        observed: 3.48,
        spread: "",
        regimen: Regimen::Infusion { mg: 5.0, minutes: 30.0 },
        quantity: Quantity::LevelAt(240.0),
        printed: 3.84,
        decimals: 2,
        fitted: true,
    },
    Target {
        id: "IV-09",
        what: "racemate IV steps 0.28, 0.57, 1.14 mg/kg/h, 1 h each: C at 1 h (arterial), ng/mL",
        source: "Kamp 2020 F1, digitised",
        observed: 158.0,
        spread: "",
        regimen: Regimen::Steps,
        quantity: Quantity::LevelAt(60.0),
        printed: 95.9,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "IV-11",
        what: "same stepped infusion: C at 3 h, ng/mL",
        source: "Kamp 2020 F1, digitised",
        observed: 522.0,
        spread: "",
        regimen: Regimen::Steps,
        quantity: Quantity::LevelAt(180.0),
        printed: 483.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IV-13",
        what: "same stepped infusion: C at 5 h, ng/mL",
        source: "Kamp 2020 F1, digitised",
        observed: 123.0,
        spread: "",
        regimen: Regimen::Steps,
        quantity: Quantity::LevelAt(300.0),
        printed: 137.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IN-01",
        what: "esketamine IN 28 mg: Cmax, ng/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 43.8,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 28.0 },
        quantity: Quantity::Peak,
        printed: 44.2,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "IN-02",
        what: "esketamine IN 28 mg: AUC0-24, ng h/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 147.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 28.0 },
        quantity: Quantity::AreaTo(1440.0),
        printed: 142.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IN-05",
        what: "esketamine IN 84 mg: Cmax, ng/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 101.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::Peak,
        printed: 104.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IN-06",
        what: "esketamine IN 84 mg: AUC0-24, ng h/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 362.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::AreaTo(1440.0),
        printed: 342.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "IN-07",
        what: "esketamine IN: Tmax after last spray, min",
        source: "Spravato label (via secondary pages)",
        observed: 30.0,
        spread: "20-40",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::PeakAt,
        printed: 38.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "IN-09",
        what: "racemate IN 30 mg: Cmax, ng/mL",
        source: "doi 10.1002/phar.2669, T6",
        observed: 60.8,
        spread: "GSD 1.90",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intranasal, mg: 30.0 },
        quantity: Quantity::Peak,
        printed: 50.2,
        decimals: 1,
        fitted: false,
    },
    Target {
        id: "IN-10",
        what: "racemate IN 50 mg: Cmax, ng/mL",
        source: "doi 10.1002/phar.2669, T6",
        observed: 77.6,
        spread: "GSD 2.29",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intranasal, mg: 50.0 },
        quantity: Quantity::Peak,
        printed: 83.6,
        decimals: 1,
        fitted: false,
    },
    Target {
        id: "IN-11",
        what: "racemate IN bioavailability, %",
        source: "Yanagihara 2003",
        observed: 45.0,
        spread: "n=3; 11-22 in phar.2669",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intranasal, mg: 50.0 },
        quantity: Quantity::Bioavailability,
        printed: 40.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "IM-01",
        what: "racemate IM 0.5 mg/kg: C at 30 min, ng/mL",
        source: "Hirlinger 1984",
        observed: 147.0,
        spread: "median, n=10",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intramuscular, mg: 35.0 },
        quantity: Quantity::LevelAt(30.0),
        printed: 160.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "IM-02",
        what: "racemate IM 1.0 mg/kg: C at 15 min, ng/mL",
        source: "Hirlinger 1984",
        observed: 474.0,
        spread: "median, n=10",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intramuscular, mg: 70.0 },
        quantity: Quantity::LevelAt(15.0),
        printed: 396.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "PO-01",
        what: "racemate oral 0.5 mg/kg: Cmax, ng/mL",
        source: "Grant 1981 via Zanos 2018 T1",
        observed: 45.0,
        spread: " ± 10",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Oral, mg: 35.0 },
        quantity: Quantity::Peak,
        printed: 31.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "PO-02",
        what: "racemate oral bioavailability, %",
        source: "Yanagihara 2003; Grant 1981",
        observed: 18.0,
        spread: "16.5-20",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Oral, mg: 35.0 },
        quantity: Quantity::Bioavailability,
        printed: 20.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "SL-01",
        what: "racemate sublingual bioavailability, %",
        source: "Rolan 2014",
        observed: 29.0,
        spread: "90% CI 27-31",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Sublingual, mg: 100.0 },
        quantity: Quantity::Bioavailability,
        printed: 29.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "SL-03",
        what: "esketamine film 50 mg: bioavailability, %",
        source: "Simons 2022",
        observed: 26.0,
        spread: "SE 1",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Sublingual, mg: 50.0 },
        quantity: Quantity::Bioavailability,
        printed: 26.1,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "NK-01",
        what: "norketamine, stepped infusion, C at 3.08 h, ng/mL",
        source: "Kamp 2020 F1, digitised",
        observed: 346.0,
        spread: "",
        regimen: Regimen::Steps,
        quantity: Quantity::NorketamineAt(184.8),
        printed: 309.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "NK-04",
        what: "norketamine, stepped infusion, C at 5 h, ng/mL",
        source: "Kamp 2020 F1, digitised",
        observed: 254.0,
        spread: "",
        regimen: Regimen::Steps,
        quantity: Quantity::NorketamineAt(300.0),
        printed: 202.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "NK-05",
        what: "noresketamine IN 28 mg: Cmax, ng/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 59.1,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 28.0 },
        quantity: Quantity::NorketaminePeak,
        printed: 63.2,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "NK-06",
        what: "noresketamine IN 84 mg: AUC0-24, ng h/mL",
        source: "Perez-Ruixo 2021 T4",
        observed: 758.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::NorketamineAreaTo(1440.0),
        printed: 816.0,
        decimals: 0,
        fitted: true,
    },
    Target {
        id: "NK-09",
        what: "norketamine racemate IN 30 mg: Cmax, ng/mL",
        source: "doi 10.1002/phar.2669, T6",
        observed: 68.1,
        spread: "GSD 1.80",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intranasal, mg: 30.0 },
        quantity: Quantity::NorketaminePeak,
        printed: 68.3,
        decimals: 1,
        fitted: false,
    },
    Target {
        id: "NK-12",
        what: "norketamine IN 25 mg: AUC0-6, ng h/mL",
        source: "Yanagihara 2003",
        observed: 200.0,
        spread: "about 100 each, n=3",
        regimen: Regimen::At { product: Product::Racemate, route: Route::Intranasal, mg: 25.0 },
        quantity: Quantity::NorketamineAreaTo(360.0),
        printed: 171.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "BP-01",
        what: "0.5 mg/kg/40 min: largest mean rise SBP, mmHg",
        source: "ketamine infusion cohort, n=135, 741 infusions",
        observed: 7.4,
        spread: "",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::Systolic,
        printed: 7.41,
        decimals: 2,
        fitted: true,
    },
    Target {
        id: "BP-02",
        what: "0.5 mg/kg/40 min: largest mean rise DBP, mmHg",
        source: "ketamine infusion cohort, n=135, 741 infusions",
        observed: 6.0,
        spread: "",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::Diastolic,
        printed: 4.82,
        decimals: 2,
        fitted: false,
    },
    Target {
        id: "BP-03",
        what: "0.5 mg/kg/40 min: largest mean rise pulse, bpm",
        source: "ketamine infusion cohort, n=135, 741 infusions",
        observed: 1.9,
        spread: "",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::Pulse,
        printed: 2.64,
        decimals: 2,
        fitted: false,
    },
    Target {
        id: "BP-04",
        what: "0.5 mg/kg/40 min: time of the BP maximum, min",
        source: "ketamine infusion cohort, n=135, 741 infusions",
        observed: 35.0,
        spread: "30-40",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::SystolicPeakAt,
        printed: 43.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "BP-05",
        what: "esketamine IN 84 mg: placebo-adjusted mean maximum SBP rise, mmHg",
        source: "Doherty 2020",
        observed: 7.2,
        spread: "13.3 - 6.1; label 7-9",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::Systolic,
        printed: 7.82,
        decimals: 2,
        fitted: false,
    },
    Target {
        id: "BP-06",
        what: "esketamine IN 84 mg: time of BP peak, min",
        source: "Doherty 2020",
        observed: 40.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::SystolicPeakAt,
        printed: 50.0,
        decimals: 0,
        fitted: false,
    },
    Target {
        id: "CA-01",
        what: "CADSS total, 0.5 mg/kg/40 min, population mean (typical x 1.41)",
        source: "van Schalkwyk 2018",
        observed: 7.7,
        spread: "SD 9.2",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        quantity: Quantity::MeanCadss,
        printed: 10.4,
        decimals: 1,
        fitted: false,
    },
    Target {
        id: "DI-01",
        what: "dissociation incidence, esketamine 56 mg, %",
        source: "Spravato label (via secondary pages)",
        observed: 61.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 56.0 },
        quantity: Quantity::Dissociation,
        printed: 60.7,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "DI-02",
        what: "dissociation incidence, esketamine 84 mg, %",
        source: "Spravato label (via secondary pages)",
        observed: 69.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::Dissociation,
        printed: 69.0,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "SE-01",
        what: "sedation incidence (MOAA/S<5), 56 mg, %",
        source: "Spravato label (via secondary pages)",
        observed: 50.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 56.0 },
        quantity: Quantity::Sedation,
        printed: 49.6,
        decimals: 1,
        fitted: true,
    },
    Target {
        id: "SE-02",
        what: "sedation incidence (MOAA/S<5), esketamine 84 mg, %",
        source: "Spravato label (via secondary pages)",
        observed: 61.0,
        spread: "",
        regimen: Regimen::At { product: Product::Esketamine, route: Route::Intranasal, mg: 84.0 },
        quantity: Quantity::Sedation,
        printed: 60.9,
        decimals: 1,
        fitted: true,
    },
];
