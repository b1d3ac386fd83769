//! What may be pooled: differences between arms of one quantity at one time. Changes from people's own start are another type.

use serde::Deserialize;
use stillwater_evidence::distribution::t_quantile;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::meta::{Arm, Effect, mean_difference, risk_difference};
use stillwater_evidence::proportion::{Share, TwoShares};

use crate::fact::Standing;
use crate::row::{Comparison, Measure, Numbers, ReportedAs, ReportedOutcome};
use crate::study::{ControlKind, Group, Study};

/// A quantity. Two effects are pooled only if theirs is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Symptoms of PTSD, standardised (Hedges's g).
    PtsdStandardised,
    /// Symptoms of PTSD down by 30 % or more, as a difference of shares.
    PtsdResponse,
    /// Points of CAPS-5.
    Caps5,
    /// Points of PCL-5.
    Pcl5,
    /// Points of IES-R.
    IesR,
    /// Points of MADRS, a scale of depression.
    Madrs,
    /// MADRS halved, as a difference of shares.
    MadrsResponse,
    /// Prolonged exposure against control, standardised.
    ProlongedExposure,
    /// Cognitive processing therapy against control, standardised.
    CognitiveProcessing,
}

impl Quantity {
    /// Every quantity, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::PtsdStandardised,
        Self::PtsdResponse,
        Self::Caps5,
        Self::Pcl5,
        Self::IesR,
        Self::Madrs,
        Self::MadrsResponse,
        Self::ProlongedExposure,
        Self::CognitiveProcessing,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::PtsdStandardised => "ptsd-g",
            Self::PtsdResponse => "ptsd-response",
            Self::Caps5 => "caps-5",
            Self::Pcl5 => "pcl-5",
            Self::IesR => "ies-r",
            Self::Madrs => "madrs",
            Self::MadrsResponse => "madrs-response",
            Self::ProlongedExposure => "exposure-g",
            Self::CognitiveProcessing => "cpt-g",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PtsdStandardised => "PTSD symptoms, ketamine, standardised (g)",
            Self::PtsdResponse => "PTSD down by 30 % or more, ketamine, difference of shares",
            Self::Caps5 => "CAPS-5, ketamine, points",
            Self::Pcl5 => "PCL-5, ketamine, points",
            Self::IesR => "IES-R, ketamine, points",
            Self::Madrs => "Depression (MADRS), ketamine, points",
            Self::MadrsResponse => "Depression (MADRS) halved, ketamine, difference of shares",
            Self::ProlongedExposure => "PTSD symptoms, prolonged exposure, standardised (g)",
            Self::CognitiveProcessing => "PTSD symptoms, cognitive processing therapy, standardised (g)",
        }
    }

    /// Whether a number below zero favours the treatment. For shares that responded it is the other way.
    #[must_use]
    pub fn lower_is_better(self) -> bool {
        !matches!(self, Self::PtsdResponse | Self::MadrsResponse)
    }

    /// How many decimals its numbers are told with.
    #[must_use]
    pub fn decimals(self) -> usize {
        match self {
            Self::Caps5 | Self::Pcl5 | Self::IesR | Self::Madrs => 1,
            _ => 2,
        }
    }

    /// The quantities that a row gives.
    fn of(measure: Measure, reported_as: ReportedAs) -> &'static [Self] {
        match (measure, reported_as) {
            (Measure::PtsdResponse, ReportedAs::Share) => &[Self::PtsdResponse],
            (Measure::MadrsResponse, ReportedAs::Share) => &[Self::MadrsResponse],
            (Measure::IesR, ReportedAs::Total) => &[Self::IesR],
            (Measure::Caps5, ReportedAs::Total) => &[Self::PtsdStandardised, Self::Caps5],
            (Measure::Pcl5, ReportedAs::Total | ReportedAs::Change) => &[Self::PtsdStandardised, Self::Pcl5],
            (Measure::Pcl5, ReportedAs::AdjustedDifference) => &[Self::Pcl5],
            (Measure::Madrs, ReportedAs::Total) => &[Self::Madrs],
            _ => &[],
        }
    }
}

/// When, since the first dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// 12 to 36 hours.
    NextDay,
    /// Day 2 to 5.
    Days,
    /// One to two weeks, the end of most courses.
    Weeks,
    /// About 30 days.
    Month,
    /// About 90 days.
    Quarter,
    /// After the end of a psychotherapy.
    AfterTherapy,
}

impl When {
    /// Every time, in order.
    pub const ALL: [Self; 6] = [Self::NextDay, Self::Days, Self::Weeks, Self::Month, Self::Quarter, Self::AfterTherapy];

    /// Its name in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NextDay => "24h",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Month => "30d",
            Self::Quarter => "90d",
            Self::AfterTherapy => "after",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NextDay => "24 hours",
            Self::Days => "2 to 5 days",
            Self::Weeks => "1 to 2 weeks",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
            Self::AfterTherapy => "after the therapy",
        }
    }

    fn of(hours: f64) -> Option<Self> {
        match hours {
            h if (12.0..=36.0).contains(&h) => Some(Self::NextDay),
            h if h > 36.0 && h < 144.0 => Some(Self::Days),
            h if (144.0..=360.0).contains(&h) => Some(Self::Weeks),
            h if (600.0..=900.0).contains(&h) => Some(Self::Month),
            h if (2000.0..=2400.0).contains(&h) => Some(Self::Quarter),
            _ => None,
        }
    }
}

/// Why a row cannot be pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPoolable {
    /// Its numbers were not checked.
    #[error("its numbers were not checked")]
    NotChecked,
    /// It is a change from people's own start.
    #[error("it is a change from people's own start, which is another quantity than a difference between arms")]
    OwnStart,
    /// Nothing is compared.
    #[error("nothing is compared in it")]
    NothingCompared,
    /// It was pooled from trials already.
    #[error("it was pooled from trials already, which would count twice")]
    AlreadyPooled,
    /// It was measured before the treatment.
    #[error("it was measured before the treatment")]
    Before,
    /// Its time is not known, or fits none that is pooled.
    #[error("its time is not known, or fits none of the times that are pooled")]
    NoTime,
    /// It is a count or an outcome that is not pooled.
    #[error("it is a count, or an outcome that is not pooled here")]
    NotAnEffect,
    /// Its standard error is not known.
    #[error("its standard error is not known")]
    NoStandardError,
}

/// A difference between two arms, ready to be pooled. It can only be made from a row that compares arms and was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmDifference {
    /// Its name in addresses.
    pub id: String,
    /// The study's name.
    pub study: String,
    /// The study's page, where it has one.
    pub slug: Option<String>,
    /// What was measured, in the words of the table.
    pub measure: String,
    /// Hours since the first dose; none for a psychotherapy.
    pub hours: Option<f64>,
    /// The quantity.
    pub quantity: Quantity,
    /// The time.
    pub when: When,
    /// The kind of control.
    pub control: ControlKind,
    /// People in both arms, where known.
    pub people: Option<usize>,
    /// How sure we are.
    pub standing: Standing,
    /// The difference with its variance; below zero favours the treatment, but for shares that responded.
    pub effect: Effect,
    /// The 95 % interval as the table tells it, which may be a t interval; none where it is told for another quantity only.
    pub interval: Option<(f64, f64)>,
}

impl ArmDifference {
    /// The differences that a row gives.
    ///
    /// # Errors
    /// Why it gives none.
    pub fn all_of(study: &Study, row: &ReportedOutcome) -> Result<Vec<Self>, NotPoolable> {
        let numbers = row.numbers().ok_or(NotPoolable::NotChecked)?;
        if matches!(study.group, Group::Pooled | Group::Conventional) {
            return Err(NotPoolable::AlreadyPooled);
        }
        match row.compared {
            Comparison::Arms => {}
            Comparison::OwnStart => return Err(NotPoolable::OwnStart),
            Comparison::Nothing => return Err(NotPoolable::NothingCompared),
        }
        let quantities = Quantity::of(row.measure, row.reported_as);
        if quantities.is_empty() {
            return Err(NotPoolable::NotAnEffect);
        }
        let hours = row.hours.ok_or(NotPoolable::NoTime)?;
        if hours <= 0.0 {
            return Err(NotPoolable::Before);
        }
        let when = When::of(hours).ok_or(NotPoolable::NoTime)?;
        let made = quantities.iter().map(|quantity| {
            Ok(Self {
                id: format!("r{}", row.number),
                study: study.name.clone(),
                slug: Some(study.slug.clone()),
                measure: row.outcome.clone(),
                hours: Some(hours),
                quantity: *quantity,
                when,
                control: study.control_kind,
                people: numbers.treated.zip(numbers.control).map(|(a, b)| a + b),
                standing: row.standing,
                effect: effect(*quantity, numbers).ok_or(NotPoolable::NoStandardError)?,
                // The table's interval belongs to the difference wherever there is one.
                interval: numbers
                    .interval
                    .filter(|_| (*quantity == Quantity::PtsdStandardised) == numbers.difference.is_none()),
            })
        });
        made.collect()
    }
}

fn arms(numbers: &Numbers) -> Option<(Arm, Arm)> {
    let arm = |n: Option<usize>, mean: Option<f64>, sd: Option<f64>| {
        Some(Arm { n: n?, mean: mean?, standard_deviation: sd? })
    };
    let treated = arm(numbers.treated, numbers.treated_mean, numbers.treated_sd)?;
    Some((treated, arm(numbers.control, numbers.control_mean, numbers.control_sd)?))
}

/// The count behind a share that is told with four decimals.
fn share(n: Option<usize>, share: Option<f64>) -> Option<Share> {
    let n = n?;
    let events = (share? * n as f64).round();
    if events < 0.0 { None } else { Share::new(events as usize, n).ok() }
}

fn effect(quantity: Quantity, numbers: &Numbers) -> Option<Effect> {
    match quantity {
        Quantity::PtsdStandardised | Quantity::ProlongedExposure | Quantity::CognitiveProcessing => {
            Some(Effect::from_standard_error(numbers.standardised?, numbers.standardised_error?))
        }
        Quantity::PtsdResponse | Quantity::MadrsResponse => {
            let treated = share(numbers.treated, numbers.treated_mean)?;
            risk_difference(TwoShares { treated, control: share(numbers.control, numbers.control_mean)? }).ok()
        }
        Quantity::Caps5 | Quantity::Pcl5 | Quantity::IesR | Quantity::Madrs => match numbers.difference_error {
            Some(error) => Some(Effect::from_standard_error(numbers.difference?, error)),
            None => arms(numbers).and_then(|(treated, control)| mean_difference(treated, control).ok()),
        },
    }
}

/// The control of a trial of a psychotherapy, as the file has it.
#[derive(Clone, Copy, Deserialize)]
enum TherapyControl {
    Waitlist,
    #[serde(rename = "TAU")]
    UsualCare,
    Other,
}

impl TherapyControl {
    /// In words, and its kind.
    fn against(self) -> (&'static str, ControlKind) {
        match self {
            Self::Waitlist => ("a waiting list", ControlKind::Passive),
            Self::UsualCare => ("usual care", ControlKind::Passive),
            Self::Other => ("another control", ControlKind::Other),
        }
    }
}

/// A trial of a psychotherapy, as the file has it: positive favours the therapy there.
#[derive(Deserialize)]
struct TherapyLine {
    study: String,
    comparator: TherapyControl,
    instrument: String,
    n_t: Option<usize>,
    n_c: Option<usize>,
    g: f64,
    g_se: f64,
}

/// The trials of psychotherapies, with the sign turned so that below zero favours the therapy everywhere.
pub(crate) fn between_of_therapy() -> Result<Vec<ArmDifference>, String> {
    let files = [
        ("pe", Quantity::ProlongedExposure, include_str!("../data/prolonged_exposure.csv")),
        ("cpt", Quantity::CognitiveProcessing, include_str!("../data/cognitive_processing.csv")),
    ];
    let mut found = Vec::new();
    for (name, quantity, text) in files {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (at, line) in reader.deserialize::<TherapyLine>().enumerate() {
            let line = line.map_err(|error| format!("the trials of psychotherapy: {error}"))?;
            found.push(ArmDifference {
                id: format!("{name}{}", at + 1),
                measure: format!("{}, against {}", line.instrument, line.comparator.against().0),
                control: line.comparator.against().1,
                study: line.study,
                slug: None,
                hours: None,
                quantity,
                when: When::AfterTherapy,
                people: line.n_t.zip(line.n_c).map(|(a, b)| a + b),
                standing: Standing::Verified,
                effect: Effect::from_standard_error(-line.g, line.g_se),
                interval: None,
            });
        }
    }
    Ok(found)
}

/// A change from people's own start. It holds drug, expectation, time and selection together, and there is no way to pool it.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnChange {
    /// The study's name.
    pub study: String,
    /// The study's page.
    pub slug: String,
    /// Who changed.
    pub arm: String,
    /// What was measured, in the words of the table.
    pub measure: String,
    /// What was measured.
    pub measured: Measure,
    /// Hours since the first dose, where known.
    pub hours: Option<f64>,
    /// How many people.
    pub people: Option<usize>,
    /// The change in the scale's points.
    pub points: f64,
    /// Its 95 % interval, where it is known.
    pub interval: Option<(f64, f64)>,
    /// How sure we are.
    pub standing: Standing,
}

impl OwnChange {
    /// The changes that a row gives: of the whole group without a control, or of each arm of a trial whose row is of change.
    #[must_use]
    pub fn all_of(study: &Study, row: &ReportedOutcome) -> Vec<Self> {
        let Some(numbers) = row.numbers() else { return Vec::new() };
        let change = |arm: &str, people: Option<usize>, points: f64, interval: Option<(f64, f64)>| Self {
            study: study.name.clone(),
            slug: study.slug.clone(),
            arm: arm.to_owned(),
            measure: row.outcome.clone(),
            measured: row.measure,
            hours: row.hours,
            people,
            points,
            interval,
            standing: row.standing,
        };
        match row.compared {
            Comparison::OwnStart => {
                let points = numbers.difference.into_iter();
                points.map(|points| change(&row.arm, numbers.treated, points, numbers.interval)).collect()
            }
            Comparison::Arms if row.reported_as == ReportedAs::Change => {
                let Some((treated, control)) = arms(numbers) else { return Vec::new() };
                [(&row.arm, treated), (&row.comparator, control)]
                    .into_iter()
                    .map(|(name, arm)| change(name, Some(arm.n), arm.mean, interval_of_mean(arm)))
                    .collect()
            }
            Comparison::Arms | Comparison::Nothing => Vec::new(),
        }
    }
}

/// The t interval of a mean.
fn interval_of_mean(arm: Arm) -> Option<(f64, f64)> {
    if arm.n < 2 {
        return None;
    }
    let n = arm.n as f64;
    let half = t_quantile(Confidence::PERCENT_95.upper_point(), n - 1.0) * arm.standard_deviation / n.sqrt();
    Some((arm.mean - half, arm.mean + half))
}
