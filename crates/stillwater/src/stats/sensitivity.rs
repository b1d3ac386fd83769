//! `stillwater stats sensitivity`: how far the answer at the last visit rests on what is supposed of those who left.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::json;
use stillwater_evidence::imputation::{Multiple, OverDelta, PersonColumn, Supposed, Supposition, Visits};
use stillwater_evidence::mixed::Factor;

use super::Common;
use super::models::{self, Coding, cannot, in_order};
use super::open::numbers;
use super::order;
use super::out::{self, Text, interval, maybe, number, p};
use super::values::{LeftOut, Values, names};
use crate::ending::{CliError, CliResult};
use crate::progress::Progress;

/// How far the answer at the last visit rests on what is supposed of those who left.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// One row per person: the columns of scores, a visit each, in the order of time
    #[arg(long, value_name = "COLUMNS", conflicts_with_all = ["outcome", "subject", "visit"])]
    visits: Option<String>,
    /// One row per visit: the column of outcomes
    #[arg(long, value_name = "COLUMN", requires_all = ["subject", "visit"])]
    outcome: Option<String>,
    /// The column that names the people
    #[arg(long, value_name = "COLUMN")]
    subject: Option<String>,
    /// The column of visits
    #[arg(long, value_name = "COLUMN")]
    visit: Option<String>,
    /// The visits in order, divided by commas, where their names do not say it
    #[arg(long, value_name = "VISITS")]
    visit_order: Option<String>,
    /// The column of arms; the reference is what people are supposed to jump to
    #[arg(long, value_name = "COLUMN")]
    arm: String,
    /// What else is known of each person, such as the score before
    #[arg(long, value_name = "COLUMNS")]
    covariate: Option<String>,
    /// Shift every answer that is filled in by each of these
    #[arg(long, value_name = "POINTS", allow_hyphen_values = true)]
    delta: Option<String>,
    /// Shift those of the reference arm too
    #[arg(long)]
    delta_in_reference: bool,
    /// Multiple imputation too, with so many copies
    #[arg(long, value_name = "N")]
    copies: Option<usize>,
    /// The same seed gives the same copies, on any number of threads
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    coding: Coding,
}

const ALL: [(Supposed, &str); 4] = [
    (Supposed::AtRandom, "at random"),
    (Supposed::JumpToReference, "jump to the reference"),
    (Supposed::CopyReference, "copy the reference"),
    (Supposed::CopyIncrements, "keep what was gained"),
];

struct Read {
    trial: Visits,
    left: LeftOut,
    taken: Vec<String>,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let covariates = args.covariate.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &covariates, Some(&args.arm))?;
    let Read { trial, left, taken } = match (&args.visits, &args.outcome, &args.subject, &args.visit) {
        (Some(visits), ..) => wide(args, &whole, visits, &covariates)?,
        (_, Some(outcome), Some(subject), Some(visit)) => long(args, &whole, (outcome, subject, visit), &covariates)?,
        _ => {
            return Err(CliError::input(
                "give --visits with a column for each visit, or --outcome, --subject and --visit with a row for each",
            ));
        }
    };
    let deltas = args.delta.as_deref().map(|list| numbers("--delta", list)).transpose()?.unwrap_or_default();
    let progress = Mutex::new(Progress::new("models fitted"));
    let watch = |done: u64, of: u64| {
        if let Ok(mut progress) = progress.lock() {
            progress.at(done, of);
        }
    };
    let found =
        trial.conditional_means(&ALL.map(|one| one.0), args.delta_in_reference, confidence, &watch).map_err(cannot)?;
    let copies: Option<Vec<Multiple>> = args
        .copies
        .map(|copies| {
            let one = |supposed| {
                let supposition = Supposition { supposed, delta: 0.0, delta_in_reference: args.delta_in_reference };
                trial.multiple(supposition, copies, args.seed, confidence, &watch)
            };
            ALL.iter().map(|(supposed, _)| one(*supposed)).collect::<Result<_, _>>()
        })
        .transpose()
        .map_err(cannot)?;
    if let Ok(mut progress) = progress.lock() {
        progress.end();
    }
    if args.common.json {
        return as_json(&trial, &left, &taken, &found, &deltas, copies.as_deref());
    }
    let mut text = Text::default();
    let last = trial.visits.last().map_or("", String::as_str);
    text.line(format!("The difference at {last}, supposing different things of those without an answer there."));
    text.line("Filled in from a mixed model with free covariances in which arm and columns work at each visit in their own way; then analysis of covariance. Errors: jackknife over people.");
    text.how_read(&whole, &left);
    for one in &taken {
        text.line(one);
    }
    let rows: Vec<Vec<String>> = trial
        .filled_in()
        .iter()
        .map(|one| vec![one.arm.clone(), one.last_visit.expected.to_string(), one.last_visit.missing().to_string()])
        .collect();
    text.table(&["arm", "people", "filled in"], &rows);
    by_supposition(&mut text, &trial, &found);
    if !deltas.is_empty() {
        shifted(&mut text, &found, &deltas);
    }
    if let Some(copies) = &copies {
        pooled(&mut text, copies);
    }
    text.print()
}

fn row(name: String, one: &OverDelta, delta: f64) -> Vec<String> {
    let (estimate, test) = one.at(delta);
    vec![name, number(estimate.value), number(estimate.standard_error), interval(estimate.interval), p(test.p)]
}

fn reference(trial: &Visits) -> &str {
    trial.arms.levels().first().map_or("", String::as_str)
}

fn by_supposition(text: &mut Text, trial: &Visits, found: &[Vec<OverDelta>]) {
    text.heading(&format!("Each arm less {}", reference(trial)));
    let mut rows = Vec::new();
    for ((_, name), arms) in ALL.iter().zip(found) {
        for one in arms {
            let mut cells = row(format!("{}: {name}", one.arm), one, 0.0);
            let (below, above) = one.tipping_points();
            cells.extend([maybe(below), maybe(above)]);
            rows.push(cells);
        }
    }
    text.table(&["", "difference", "SE", "interval", "p", "tips at a shift of", "or of"], &rows);
    text.line("A tipping point is the shift of the filled-in answers at which the interval just touches 0; judge whether those who left could be so much better or worse.");
}

fn shifted(text: &mut Text, found: &[Vec<OverDelta>], deltas: &[f64]) {
    text.heading("At random, and filled-in answers shifted");
    let mut rows = Vec::new();
    for one in found.first().map_or(&[][..], Vec::as_slice) {
        for delta in deltas {
            rows.push(row(format!("{}: by {}", one.arm, number(*delta)), one, *delta));
        }
    }
    text.table(&["", "difference", "SE", "interval", "p"], &rows);
}

fn pooled(text: &mut Text, copies: &[Multiple]) {
    text.heading("By multiple imputation (Rubin's rules; under a reference arm their errors are too large)");
    let mut rows = Vec::new();
    for ((_, name), multiple) in ALL.iter().zip(copies) {
        for (arm, found) in &multiple.arms {
            rows.push(vec![
                format!("{arm}: {name}"),
                number(found.estimate.value),
                number(found.estimate.standard_error),
                number(found.degrees_of_freedom),
                interval(found.estimate.interval),
                p(found.test.p),
                format!("{:.1} %", found.missing_share * 100.0),
            ]);
        }
    }
    text.table(&["", "difference", "SE", "df", "interval", "p", "of the variance by what is missing"], &rows);
    let redrawn: usize = copies.iter().map(|one| one.redrawn).sum();
    if redrawn > 0 {
        text.line(format!("{redrawn} draws of people gave no model and were drawn again."));
    }
}

fn as_json(
    trial: &Visits,
    left: &LeftOut,
    taken: &[String],
    found: &[Vec<OverDelta>],
    deltas: &[f64],
    copies: Option<&[Multiple]>,
) -> CliResult {
    let one = |one: &OverDelta| {
        let (estimate, test) = one.at(0.0);
        let shifted: Vec<_> = deltas
            .iter()
            .map(|delta| {
                let (estimate, test) = one.at(*delta);
                json!({"delta": delta, "estimate": estimate, "test": test})
            })
            .collect();
        json!({"arm": one.arm, "estimate": estimate, "test": test, "tipping_points": one.tipping_points(), "shifted": shifted})
    };
    let each: Vec<_> = ALL
        .iter()
        .zip(found)
        .map(|((supposed, _), arms)| json!({"supposed": supposed, "arms": arms.iter().map(one).collect::<Vec<_>>()}))
        .collect();
    out::json(&json!({
        "left_out": left, "columns": taken, "reference": reference(trial), "filled_in": trial.filled_in(),
        "conditional_mean": each,
        "multiple": copies.map(|copies| ALL.iter().zip(copies).map(|((supposed, _), found)| json!({"supposed": supposed, "found": found})).collect::<Vec<_>>()),
    }))
}

/// The columns about each person, from a file with a row for each.
fn columns(
    args: &Args,
    values: &Values,
    covariates: &[&str],
    taken: &mut Vec<String>,
) -> Result<Vec<PersonColumn>, CliError> {
    covariates
        .iter()
        .map(|column| {
            if args.coding.is_factor(values, column)? {
                let factor = args.coding.levels(values, column, false)?;
                taken.push(in_order(&factor));
                return Ok(PersonColumn::Levels(factor));
            }
            let numbers = values.whole(column)?;
            taken.push(models::as_number(values, column, &numbers)?);
            Ok(PersonColumn::Number((*column).to_owned(), numbers))
        })
        .collect()
}

fn arms(args: &Args, values: &Values, taken: &mut Vec<String>) -> Result<Factor, CliError> {
    let arms = args.coding.levels(values, &args.arm, true)?;
    taken.push(in_order(&arms));
    if arms.levels().len() < 2 {
        return Err(values.wrong(format!("column {:?} holds one arm only", args.arm)));
    }
    Ok(arms)
}

fn wide(args: &Args, whole: &Values, visits: &str, covariates: &[&str]) -> Result<Read, CliError> {
    let visits = names(visits);
    let (values, left) = whole.complete(&[&[args.arm.as_str()], covariates].concat())?;
    let mut taken = Vec::new();
    let scores: Vec<Vec<Option<f64>>> = visits.iter().map(|column| values.numbers(column)).collect::<Result<_, _>>()?;
    let answers =
        (0..values.len()).map(|row| scores.iter().map(|column| column.get(row).copied().flatten()).collect()).collect();
    let arms = arms(args, &values, &mut taken)?;
    let columns = columns(args, &values, covariates, &mut taken)?;
    let visits = visits.into_iter().map(str::to_owned).collect();
    Ok(Read { trial: Visits { arms, visits, answers, columns }, left, taken })
}

fn long(
    args: &Args,
    whole: &Values,
    (outcome, subject, visit): (&str, &str, &str),
    covariates: &[&str],
) -> Result<Read, CliError> {
    let (values, left) = whole.complete(&[&[subject, visit, args.arm.as_str()], covariates].concat())?;
    let visit_words = values.words(visit)?;
    let visits = order::visits(&values, visit, &visit_words, args.visit_order.as_deref())?;
    let (people, scores) = (values.words(subject)?, values.numbers(outcome)?);
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows: Vec<usize> = Vec::new();
    let mut answers: Vec<Vec<Option<Option<f64>>>> = Vec::new();
    for (row, person) in people.iter().enumerate() {
        let place = *first.entry(person).or_insert_with(|| {
            rows.push(row);
            answers.push(vec![None; visits.len()]);
            rows.len() - 1
        });
        let Some(at) = visit_words.get(row).and_then(|word| visits.iter().position(|one| one == word)) else {
            continue;
        };
        let Some(slot) = answers.get_mut(place).and_then(|own| own.get_mut(at)) else { continue };
        if slot.is_some() {
            return Err(values.wrong_at(row, visit, format!("{person} has this visit twice; keep one")));
        }
        *slot = Some(scores.get(row).copied().flatten());
    }
    for column in covariates.iter().copied().chain([args.arm.as_str()]) {
        let words = values.words(column)?;
        for (row, person) in people.iter().enumerate() {
            let begun = first.get(person.as_str()).and_then(|place| rows.get(*place)).and_then(|row| words.get(*row));
            if words.get(row) != begun {
                return Err(values.wrong_at(
                    row,
                    column,
                    format!("{person} has another value on an earlier row; here each person has one"),
                ));
            }
        }
    }
    let each = values.of_rows(&rows);
    let mut taken = vec![format!("{visit}: visits in the order {}", visits.join(", "))];
    let arms = arms(args, &each, &mut taken)?;
    let columns = columns(args, &each, covariates, &mut taken)?;
    let answers = answers.into_iter().map(|own| own.into_iter().map(Option::flatten).collect()).collect();
    let visits = visits.into_iter().map(str::to_owned).collect();
    Ok(Read { trial: Visits { arms, visits, answers, columns }, left, taken })
}
