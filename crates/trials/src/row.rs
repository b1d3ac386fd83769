//! A row of the table of numbers: one outcome of one study at one time.

use serde::Deserialize;

use crate::fact::Standing;

/// What a row compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Two arms of a trial.
    Arms,
    /// People with themselves before.
    OwnStart,
    /// Nothing.
    Nothing,
}

/// What a row measures, as far as anything is worked out from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Measure {
    /// CAPS-5, in points.
    #[serde(rename = "caps-5")]
    Caps5,
    /// PCL-5, in points.
    #[serde(rename = "pcl-5")]
    Pcl5,
    /// IES-R, in points.
    #[serde(rename = "ies-r")]
    IesR,
    /// MADRS, in points.
    #[serde(rename = "madrs")]
    Madrs,
    /// The share whose CAPS-5 or PCL-5 fell by 30 % or more.
    #[serde(rename = "ptsd-response")]
    PtsdResponse,
    /// The share whose MADRS was halved.
    #[serde(rename = "madrs-response")]
    MadrsResponse,
    /// How long it took until a response of PTSD was lost.
    #[serde(rename = "ptsd-response-lost")]
    PtsdResponseLost,
    /// Something else, told and not reckoned with: a count, another scale, a result that was pooled already.
    #[serde(rename = "other")]
    Other,
}

/// In which form a row gives what it measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportedAs {
    /// The level at that time.
    Total,
    /// The change of each arm from its start.
    Change,
    /// A difference between arms out of a model.
    AdjustedDifference,
    /// A share of people.
    Share,
    /// A median of days.
    MedianDays,
    /// Some other form.
    Other,
}

/// A row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    trial: String,
    year: Option<u16>,
    arm: String,
    comparator: Option<String>,
    outcome: String,
    hours_after_dose: Option<f64>,
    n_t: Option<usize>,
    mean_t: Option<f64>,
    sd_t: Option<f64>,
    n_c: Option<usize>,
    mean_c: Option<f64>,
    sd_c: Option<f64>,
    md: Option<f64>,
    ci_lo: Option<f64>,
    ci_hi: Option<f64>,
    smd: Option<f64>,
    se: Option<f64>,
    md_se: Option<f64>,
    source: Option<String>,
    verified: Standing,
    note: String,
    measure: Measure,
    reported_as: ReportedAs,
    compared: Comparison,
}

/// The numbers of a row that was checked. Negative favours the treatment on every symptom scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// People in the treated arm.
    pub treated: Option<usize>,
    /// Their mean, or the share of them.
    pub treated_mean: Option<f64>,
    /// Their standard deviation.
    pub treated_sd: Option<f64>,
    /// People in the control arm.
    pub control: Option<usize>,
    /// Their mean, or the share of them.
    pub control_mean: Option<f64>,
    /// Their standard deviation.
    pub control_sd: Option<f64>,
    /// The difference in the scale's points; a difference of shares; or, where the outcome says so, an odds ratio.
    pub difference: Option<f64>,
    /// The standard error of the difference, where it does not follow from the arms.
    pub difference_error: Option<f64>,
    /// The 95 % interval: of the difference where there is one, and otherwise of the standardised difference.
    pub interval: Option<(f64, f64)>,
    /// The standardised difference.
    pub standardised: Option<f64>,
    /// Its standard error.
    pub standardised_error: Option<f64>,
}

/// One outcome of one study at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedOutcome {
    /// Its number in the table, from 1.
    pub number: usize,
    /// The study's name in the table.
    pub trial: String,
    /// The year, where known.
    pub year: Option<u16>,
    /// What the treated arm had.
    pub arm: String,
    /// What the other arm had; empty where there is none.
    pub comparator: String,
    /// What was measured, in words.
    pub outcome: String,
    /// What was measured.
    pub measure: Measure,
    /// In which form.
    pub reported_as: ReportedAs,
    /// What is compared.
    pub compared: Comparison,
    /// Hours since the first dose, where they are known.
    pub hours: Option<f64>,
    /// How sure we are.
    pub standing: Standing,
    /// Where it was read; none where it was not checked.
    pub source: Option<String>,
    note: String,
    numbers: Numbers,
}

impl ReportedOutcome {
    fn of(number: usize, line: FileRow) -> Self {
        Self {
            number,
            trial: line.trial,
            year: line.year,
            arm: line.arm,
            comparator: line.comparator.unwrap_or_default(),
            outcome: line.outcome,
            hours: line.hours_after_dose,
            standing: line.verified,
            source: line.source,
            note: line.note,
            measure: line.measure,
            reported_as: line.reported_as,
            compared: line.compared,
            numbers: Numbers {
                treated: line.n_t,
                treated_mean: line.mean_t,
                treated_sd: line.sd_t,
                control: line.n_c,
                control_mean: line.mean_c,
                control_sd: line.sd_c,
                difference: line.md,
                difference_error: line.md_se,
                interval: line.ci_lo.zip(line.ci_hi),
                standardised: line.smd,
                standardised_error: line.se,
            },
        }
    }

    /// The numbers; none where they were not checked.
    #[must_use]
    pub fn numbers(&self) -> Option<&Numbers> {
        (self.standing != Standing::Unverified).then_some(&self.numbers)
    }

    /// What to know about the numbers; none where they were not checked.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        (self.standing != Standing::Unverified && !self.note.is_empty()).then_some(self.note.as_str())
    }
}

/// Reads the table.
///
/// # Errors
/// What cannot be read, in a sentence with its line.
pub fn read(text: &str) -> Result<Vec<ReportedOutcome>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines: Result<Vec<FileRow>, csv::Error> = reader.deserialize().collect();
    let lines = lines.map_err(|error| format!("the table of trials: {error}"))?;
    Ok(lines.into_iter().enumerate().map(|(at, line)| ReportedOutcome::of(at + 1, line)).collect())
}
