//! `stillwater stats meta`: trials pooled.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Test};
use stillwater_evidence::mean_difference::Sample;
use stillwater_evidence::meta::{
    self, Begg, ClusteredEffects, Combined, CombinedDifference, Effect, Filled, Method, Missing, MixedEgger, Model,
    Pooled, Regression, Side, TableMeasure, begg, clustered, corrected, cumulative, egger, egger_mixed, has_empty_cell,
    leave_one_out, mantel_haenszel, mantel_haenszel_difference, mantel_haenszel_odds, peto, pool, regress, subgroups,
    trim_and_fill,
};
use stillwater_evidence::proportion::{Share, TwoShares};

use super::Common;
use super::cox::as_numbers;
use super::draw;
use super::models::Coding;
use super::order;
use super::out::{self, Text, cannot, interval, number, or_why, p};
use super::values::{Values, names, pair};
use crate::ending::{CliError, CliResult};

/// Pools trials.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of effects: a difference, or the logarithm of a ratio
    #[arg(long, value_name = "COLUMN", group = "from")]
    yi: Option<String>,
    /// The column of variances
    #[arg(long, value_name = "COLUMN", requires = "yi")]
    vi: Option<String>,
    /// The column of standard errors, in place of variances
    #[arg(long, value_name = "COLUMN", requires = "yi", conflicts_with = "vi")]
    se: Option<String>,
    /// Events, treated and control
    #[arg(long, value_name = "COLUMN,COLUMN", group = "from", requires = "of")]
    events: Option<String>,
    /// People, treated and control
    #[arg(long, value_name = "COLUMN,COLUMN")]
    of: Option<String>,
    /// Means, treated and control
    #[arg(long, value_name = "COLUMN,COLUMN", group = "from", requires_all = ["sds", "of"])]
    means: Option<String>,
    /// Standard deviations, treated and control
    #[arg(long, value_name = "COLUMN,COLUMN")]
    sds: Option<String>,
    /// What is made of events or means
    #[arg(long, value_name = "MEASURE")]
    measure: Option<Measure>,
    /// The column that names the trials
    #[arg(long, value_name = "COLUMN")]
    study: Option<String>,
    /// How the spread between trials is estimated
    #[arg(long, value_name = "METHOD", default_value = "reml")]
    method: SpreadMethod,
    /// Take the doubt of the mean from how far the trials lie apart (Hartung, Knapp, Sidik and Jonkman)
    #[arg(long)]
    hksj: bool,
    /// Regress the effects on these columns of the trials
    #[arg(long, value_name = "COLUMNS")]
    moderators: Option<String>,
    /// Errors that let trials of one cluster, such as a laboratory, go together
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Draw the trials and what they pool to into this new file
    #[arg(long, value_name = "FILE")]
    svg: Option<std::path::PathBuf>,
    /// Draw the funnel of the trials into this new file
    #[arg(long, value_name = "FILE")]
    funnel_svg: Option<std::path::PathBuf>,
    #[command(flatten)]
    coding: Coding,
    /// Leave out each trial in turn
    #[arg(long)]
    leave_one_out: bool,
    /// Add trials one by one, by this column of years
    #[arg(long, value_name = "COLUMN")]
    cumulative: Option<String>,
    /// Pool within the groups of this column, and test between them
    #[arg(long, value_name = "COLUMN")]
    subgroups: Option<String>,
    /// What is added to each cell of a trial in which a cell is 0; none leaves such a trial out of the pooling of effects
    #[arg(long, value_name = "N", default_value = "0.5", value_parser = correction)]
    correction: f64,
    /// On which side trim and fill supposes trials to be missing, in place of against the slope
    #[arg(long, value_name = "SIDE")]
    side: Option<MissingSide>,
}

#[derive(Clone, Copy, ValueEnum)]
enum MissingSide {
    Left,
    Right,
}

/// What is added to the cells of a trial with an empty one: a number, or none.
fn correction(written: &str) -> Result<f64, String> {
    if written == "none" {
        return Ok(0.0);
    }
    let number = written.parse::<f64>().ok().filter(|add| (0.0..=1.0).contains(add));
    number.ok_or_else(|| "give a number from 0 to 1, such as 0.5, or none".to_owned())
}

#[derive(Clone, Copy, ValueEnum)]
enum Measure {
    /// Log risk ratio
    Rr,
    /// Log odds ratio
    Or,
    /// Risk difference
    Rd,
    /// Mean difference
    Md,
    /// Standardised mean difference, Hedges's g
    Smd,
}

#[derive(Clone, Copy, ValueEnum)]
enum SpreadMethod {
    /// One common effect
    Ee,
    /// DerSimonian and Laird
    Dl,
    /// Restricted maximum likelihood
    Reml,
    /// Maximum likelihood
    Ml,
    /// Paule and Mandel
    Pm,
    /// Sidik and Jonkman
    Sj,
    /// Hedges
    He,
    /// Hunter and Schmidt
    Hs,
}

impl From<SpreadMethod> for Method {
    fn from(how: SpreadMethod) -> Self {
        match how {
            SpreadMethod::Ee => Self::Equal,
            SpreadMethod::Dl => Self::DerSimonianLaird,
            SpreadMethod::Reml => Self::Reml,
            SpreadMethod::Ml => Self::MaximumLikelihood,
            SpreadMethod::Pm => Self::PauleMandel,
            SpreadMethod::Sj => Self::SidikJonkman,
            SpreadMethod::He => Self::Hedges,
            SpreadMethod::Hs => Self::HunterSchmidt,
        }
    }
}

struct Read {
    /// The effects, one for each trial that can be weighed.
    effects: Vec<Effect>,
    /// The rows that they stand in.
    rows: Vec<usize>,
    /// The tables of two by two of every trial, where there are some.
    tables: Vec<TwoShares>,
    measure: TableMeasure,
    log: bool,
    what: &'static str,
    /// What was done to which trial.
    notes: Vec<String>,
}

impl Read {
    fn every(effects: Vec<Effect>, what: &'static str) -> Self {
        let rows = (0..effects.len()).collect();
        let measure = TableMeasure::RiskRatio;
        Self { effects, rows, tables: Vec::new(), measure, log: false, what, notes: Vec::new() }
    }

    /// Those of a value for each row that belong to the effects.
    fn of<T: Clone>(&self, each: &[T]) -> Vec<T> {
        self.rows.iter().filter_map(|row| each.get(*row).cloned()).collect()
    }
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let (values, left) = whole.complete(&columns(args)?)?;
    let every = match &args.study {
        Some(column) => values.words(column)?,
        None => (1..=values.len()).map(|row| format!("row {row}")).collect(),
    };
    let read = read(args, &values, &every)?;
    let names = read.of(&every);
    let model = Model { method: args.method.into(), hartung_knapp: args.hksj };
    let pooled = pool(&read.effects, model, confidence);
    if let Err(why) = &pooled
        && read.tables.is_empty()
    {
        return Err(cannot(why.clone()));
    }
    let further = Further::find(args, &values, &read, model, confidence)?;
    if let Ok(pooled) = &pooled {
        if let Some(path) = &args.svg {
            draw::write(path, &draw::forest(&names, &read.effects, pooled, read.log, read.what, confidence))?;
        }
        if let Some(path) = &args.funnel_svg {
            draw::write(path, &draw::funnel(&read.effects, pooled, read.log, read.what, confidence))?;
        }
    } else if args.svg.is_some() || args.funnel_svg.is_some() {
        return Err(CliError::input("there is nothing pooled to draw; leave --svg and --funnel-svg out to see why"));
    }
    let left_out = args.leave_one_out.then(|| leave_one_out(&read.effects, model, confidence));
    let grown = match &args.cumulative {
        Some(column) => {
            let years: Vec<i32> =
                values.counts(column)?.into_iter().map(|year| i32::try_from(year).unwrap_or(i32::MAX)).collect();
            Some(cumulative(&read.effects, &read.of(&years), model, confidence))
        }
        None => None,
    };
    let groups =
        args.subgroups.as_deref().map(|column| grouped(&values, column, &read, model, confidence)).transpose()?;
    let (egger, begg) = (egger(&read.effects), begg(&read.effects));
    let mixed = egger_mixed(&read.effects, model, confidence);
    let side = args.side.map(|side| match side {
        MissingSide::Left => Side::Left,
        MissingSide::Right => Side::Right,
    });
    let filled = [Missing::L0, Missing::R0].map(|by| trim_and_fill(&read.effects, model, by, side, confidence));
    let combined = combined(&read, confidence);
    if args.common.json {
        let steps = |steps: &Option<Result<Vec<meta::TrialStep>, CannotEstimate>>| steps.as_ref().map(or_why);
        return out::json(&json!({
            "left_out": left, "what": read.what, "logarithm": read.log, "notes": read.notes, "studies": names,
            "effects": read.effects, "pooled": or_why(&pooled),
            "egger": egger, "egger_mixed": mixed, "begg": begg, "trim_and_fill_l0": filled.first(),
            "trim_and_fill_r0": filled.last(), "leave_one_out": steps(&left_out), "cumulative": steps(&grown),
            "mantel_haenszel": combined.as_ref().map(|both| &both.mantel_haenszel),
            "mantel_haenszel_measure": combined.as_ref().map(|both| both.named),
            "peto": combined.as_ref().map(|both| &both.peto),
            "meta_regression": further.regression.as_ref().map(|(_, found)| or_why(found)),
            "clustered": further.clustered.as_ref().map(or_why),
            "subgroups": groups.as_ref().map(|(names, found)| json!({"names": names, "found": or_why(found)})),
        }));
    }
    let mut text = Text::default();
    match &pooled {
        Ok(pooled) => text.line(format!("{} trials, {}. {}", pooled.trials, read.what, method(pooled))),
        Err(why) => text.line(format!("{}: the pooled effect {why}.", read.what)),
    }
    text.how_read(&whole, &left);
    for note in &read.notes {
        text.line(note);
    }
    if let Ok(pooled) = &pooled {
        table_of_trials(&mut text, &names, &read, pooled, confidence);
        summary(&mut text, &read, pooled);
        small_beside_large(&mut text, &egger, &begg, &mixed, &filled, args.side.is_some());
    }
    if let Some(combined) = &combined {
        combined.print(&mut text);
    }
    further.print(&mut text);
    steps(&mut text, "Without each trial", &names, left_out.as_ref());
    steps(&mut text, "As trials were added", &names, grown.as_ref());
    if let Some((names, found)) = &groups {
        text.heading("Within groups");
        match found {
            Ok(found) => {
                let rows: Vec<Vec<String>> =
                    names.iter().zip(&found.groups).map(|(name, pooled)| step_row(name, pooled)).collect();
                text.table(&STEP, &rows);
                text.line(out::test("Between groups: Q", &found.between));
            }
            Err(why) => text.line(format!("Within groups the effects {why}.")),
        }
    }
    text.print()
}

/// What goes with the trials' effects, and errors by clusters of trials.
struct Further {
    regression: Option<(Vec<String>, Result<Regression, CannotEstimate>)>,
    clustered: Option<Result<ClusteredEffects, CannotEstimate>>,
}

impl Further {
    fn find(args: &Args, values: &Values, read: &Read, model: Model, confidence: Confidence) -> Result<Self, CliError> {
        let wanted = args.moderators.as_deref().map(names).unwrap_or_default();
        args.coding.check(values, &wanted, None)?;
        let used = values.of_rows(&read.rows);
        let mut taken = Vec::new();
        let data = as_numbers(&args.coding, &used, &wanted, &mut taken)?;
        let columns: Vec<(&str, &[f64])> =
            data.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
        let regression = (!columns.is_empty()).then(|| (taken, regress(&read.effects, &columns, model, confidence)));
        let clustered = match &args.cluster {
            Some(column) => {
                let words = used.words(column)?;
                Some(clustered(&read.effects, &columns, &words, model, confidence))
            }
            None => None,
        };
        Ok(Self { regression, clustered })
    }

    fn print(&self, text: &mut Text) {
        let row = |one: &meta::Coefficient| {
            vec![
                one.name.clone(),
                number(one.estimate.value),
                number(one.estimate.standard_error),
                interval(one.estimate.interval),
                number(one.test.statistic),
                p(one.test.p),
            ]
        };
        const HEADINGS: [&str; 6] = ["", "coefficient", "SE", "interval", "z or t", "p"];
        if let Some((taken, found)) = &self.regression {
            text.heading("Meta-regression (it compares trials and not people)");
            for line in taken {
                text.line(line);
            }
            match found {
                Ok(found) => {
                    text.table(&HEADINGS, &found.coefficients.iter().map(row).collect::<Vec<_>>());
                    let explained = found
                        .explained
                        .map_or_else(String::new, |share| format!(", {share:.2} % of the spread explained"));
                    text.line(format!("tau squared left {}{explained}", number(found.tau_squared)));
                    text.line(out::test("left over: Q", &found.residual));
                    text.line(out::test("all columns together:", &found.moderators));
                }
                Err(why) => text.line(format!("The regression {why}.")),
            }
        }
        match &self.clustered {
            Some(Ok(found)) => {
                text.heading(&format!("Errors by {} clusters (robust, with a small-sample factor)", found.clusters));
                text.table(&HEADINGS, &found.coefficients.iter().map(row).collect::<Vec<_>>());
            }
            Some(Err(why)) => text.line(format!("Errors by clusters: {why}.")),
            None => {}
        }
    }
}

fn small_beside_large(
    text: &mut Text,
    egger: &Result<Test, CannotEstimate>,
    begg: &Result<Begg, CannotEstimate>,
    mixed: &Result<MixedEgger, CannotEstimate>,
    filled: &[Result<Filled, CannotEstimate>],
    side_given: bool,
) {
    text.heading("Small trials beside large ones");
    text.line(
        egger
            .as_ref()
            .map_or_else(|why| format!("Egger's regression {why}"), |t| out::test("Egger's regression: t", t)),
    );
    text.line(begg.as_ref().map_or_else(
        |why| format!("Begg and Mazumdar {why}"),
        |b| format!("Begg and Mazumdar: tau {}, p {}", number(b.tau), p(b.p)),
    ));
    text.line(mixed.as_ref().map_or_else(
        |why| format!("Egger's question with spread between trials {why}"),
        |m| {
            let limit = format!("limit {} ({})", number(m.limit.value), interval(m.limit.interval));
            format!("{}; {limit}", out::test("Egger's question with spread between trials: z", &m.slope))
        },
    ));
    for (name, found) in ["L0", "R0"].into_iter().zip(filled) {
        match found {
            Ok(found) => text.line(format!(
                "trim and fill ({name}): {} supposed missing on the {} ({}), mean {} ({}); a what-if, no correction",
                found.missing,
                if found.side == Side::Left { "left" } else { "right" },
                if side_given { "as asked" } else { "against the slope over the standard error" },
                number(found.pooled.mean.value),
                interval(found.pooled.mean.interval)
            )),
            Err(why) => text.line(format!("trim and fill ({name}) {why}")),
        }
    }
}

/// The columns that a trial must have a value in.
fn columns(args: &Args) -> Result<Vec<&str>, CliError> {
    let mut columns: Vec<&str> = [&args.yi, &args.vi, &args.se, &args.study, &args.cumulative, &args.cluster]
        .into_iter()
        .filter_map(|one| one.as_deref())
        .collect();
    for (option, list) in
        [("--events", &args.events), ("--of", &args.of), ("--means", &args.means), ("--sds", &args.sds)]
    {
        if let Some(list) = list {
            let (first, second) = pair(option, list)?;
            columns.extend([first, second]);
        }
    }
    columns.extend(args.moderators.as_deref().map(names).unwrap_or_default());
    if columns.is_empty() {
        return Err(CliError::Input(FROM.to_owned()));
    }
    Ok(columns)
}

/// What effects are made from.
const FROM: &str = "give --yi with --vi or --se, or --events with --of, or --means with --sds and --of";

fn read(args: &Args, values: &Values, names: &[String]) -> Result<Read, CliError> {
    // What cannot be used is said with the trial and its line.
    let of_trial = |row: usize, why: CannotEstimate| {
        let name = names.get(row).map_or("", String::as_str);
        values.wrong(format!("line {}, {name}: its effect {why}", values.line(row)))
    };
    if let Some(yi) = &args.yi {
        let effects = values.whole(yi)?;
        let (column, errors) = match (&args.vi, &args.se) {
            (Some(vi), _) => (vi, false),
            (None, Some(se)) => (se, true),
            (None, None) => {
                return Err(CliError::Input("--yi needs --vi (variances) or --se (standard errors)".to_owned()));
            }
        };
        let mut made = Vec::with_capacity(effects.len());
        for (row, (value, doubt)) in effects.into_iter().zip(values.whole(column)?).enumerate() {
            let variance = if errors { doubt * doubt } else { doubt };
            if doubt <= 0.0 || !variance.is_finite() || variance <= 0.0 {
                let what = if errors { "a standard error" } else { "a variance" };
                return Err(values.wrong_at(
                    row,
                    column,
                    format!("{} is no {what}, which must be above 0", number(doubt)),
                ));
            }
            made.push(Effect { value, variance });
        }
        return Ok(Read::every(made, "effects as given"));
    }
    if let (Some(events), Some(of)) = (&args.events, &args.of) {
        return from_counts(args, values, names, events, of);
    }
    if let (Some(means), Some(sds), Some(of)) = (&args.means, &args.sds, &args.of) {
        let arms = |at: usize| -> Result<Vec<Sample>, CliError> {
            let column = |option, list| pair(option, list).map(|pair| if at == 0 { pair.0 } else { pair.1 });
            let (n, means, sds) = (
                values.counts(column("--of", of)?)?,
                values.whole(column("--means", means)?)?,
                values.whole(column("--sds", sds)?)?,
            );
            Ok(n.into_iter()
                .zip(means)
                .zip(sds)
                .map(|((n, mean), sd)| Sample { n, mean, standard_deviation: sd })
                .collect())
        };
        let (treated, control) = (arms(0)?, arms(1)?);
        let (make, what): (fn(Sample, Sample) -> Result<Effect, _>, _) = match args.measure.unwrap_or(Measure::Smd) {
            Measure::Md => (meta::mean_difference, "mean difference"),
            Measure::Smd => (meta::standardised_mean_difference, "standardised mean difference (Hedges's g)"),
            _ => return Err(CliError::Input("means give --measure md or smd".to_owned())),
        };
        let effects = treated
            .into_iter()
            .zip(control)
            .enumerate()
            .map(|(row, (t, c))| make(t, c).map_err(|why| of_trial(row, why)))
            .collect::<Result<_, _>>()?;
        return Ok(Read::every(effects, what));
    }
    Err(CliError::Input(FROM.to_owned()))
}

fn from_counts(args: &Args, values: &Values, names: &[String], events: &str, of: &str) -> Result<Read, CliError> {
    let shares = |events: &str, of: &str| -> Result<Vec<Share>, CliError> {
        let (counted, people) = (values.counts(events)?, values.counts(of)?);
        counted
            .into_iter()
            .zip(people)
            .enumerate()
            .map(|(row, (events_here, of_here))| {
                let name = names.get(row).map_or("", String::as_str);
                Share::new(events_here, of_here)
                    .map_err(|why| values.wrong_at(row, events, format!("{name}: its effect {why}")))
            })
            .collect()
    };
    let ((e1, e0), (n1, n0)) = (pair("--events", events)?, pair("--of", of)?);
    let tables: Vec<TwoShares> = shares(e1, n1)?
        .into_iter()
        .zip(shares(e0, n0)?)
        .map(|(treated, control)| TwoShares { treated, control })
        .collect();
    let (measure, what, log) = match args.measure.unwrap_or(Measure::Rr) {
        Measure::Rr => (TableMeasure::RiskRatio, "log risk ratio", true),
        Measure::Or => (TableMeasure::OddsRatio, "log odds ratio", true),
        Measure::Rd => (TableMeasure::RiskDifference, "risk difference", false),
        _ => return Err(CliError::Input("events give --measure rr, or or rd".to_owned())),
    };
    let (mut effects, mut rows, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut added, mut without) = (Vec::new(), Vec::new());
    for (row, table) in tables.iter().enumerate() {
        let name = names.get(row).map_or("", String::as_str);
        let place = format!("{name} (line {})", values.line(row));
        let empty = has_empty_cell(*table);
        let made = match measure {
            _ if args.correction > 0.0 => corrected(*table, measure, args.correction),
            TableMeasure::RiskRatio => meta::log_risk_ratio(*table),
            TableMeasure::OddsRatio => meta::log_odds_ratio(*table),
            TableMeasure::RiskDifference => meta::risk_difference(*table),
        };
        match made {
            Ok(effect) => {
                effects.push(effect);
                rows.push(row);
                if empty && args.correction > 0.0 {
                    added.push(place.clone());
                }
            }
            Err(why) => notes.push(format!("{place} is left out of the pooled effect: it {why}.")),
        }
        if table.treated.events() + table.control.events() == 0 {
            without.push(place);
        }
    }
    if !added.is_empty() {
        notes.push(format!(
            "{} added to each cell of {}, where a cell is 0 (--correction sets how much; none leaves such trials out).",
            number(args.correction),
            added.join(", ")
        ));
    }
    if !without.is_empty() {
        notes.push(format!("No event in either arm of {}.", without.join(", ")));
    }
    Ok(Read { effects, rows, tables, measure, log, what, notes })
}

/// Counts pooled as they are, without adding anything to an empty cell.
struct Counted {
    /// What Mantel and Haenszel's is.
    named: &'static str,
    mantel_haenszel: Result<MantelHaenszel, CannotEstimate>,
    peto: Result<Combined, CannotEstimate>,
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum MantelHaenszel {
    Ratio(Combined),
    Difference(CombinedDifference),
}

fn combined(read: &Read, confidence: Confidence) -> Option<Counted> {
    if read.tables.is_empty() {
        return None;
    }
    let tables = &read.tables;
    let (named, mantel_haenszel) = match read.measure {
        TableMeasure::RiskRatio => ("risk ratio", mantel_haenszel(tables, confidence).map(MantelHaenszel::Ratio)),
        TableMeasure::OddsRatio => ("odds ratio", mantel_haenszel_odds(tables, confidence).map(MantelHaenszel::Ratio)),
        TableMeasure::RiskDifference => {
            ("risk difference", mantel_haenszel_difference(tables, confidence).map(MantelHaenszel::Difference))
        }
    };
    Some(Counted { named, mantel_haenszel, peto: peto(tables, confidence) })
}

impl Counted {
    fn print(&self, text: &mut Text) {
        text.heading("Pooled from the counts, nothing added to an empty cell");
        let ratio = |name: &str, found: &Combined| {
            format!(
                "{name} {}, interval {} (logarithm {}, SE {}); {}",
                number(found.ratio.value),
                interval(found.ratio.interval),
                number(found.ratio.log),
                number(found.ratio.log_standard_error),
                out::test("disagreement Q", &found.q)
            )
        };
        let name = format!("Mantel-Haenszel {}", self.named);
        match &self.mantel_haenszel {
            Ok(MantelHaenszel::Ratio(found)) => text.line(ratio(&name, found)),
            Ok(MantelHaenszel::Difference(found)) => text.line(format!(
                "{name} {}, SE {}, interval {}; {}",
                number(found.difference.value),
                number(found.difference.standard_error),
                interval(found.difference.interval),
                out::test("disagreement Q", &found.q)
            )),
            Err(why) => text.line(format!("{name} {why}.")),
        }
        match &self.peto {
            Ok(found) => text.line(ratio("Peto odds ratio", found)),
            Err(why) => text.line(format!("Peto odds ratio {why}.")),
        }
    }
}

/// The groups of a column and what was found in each.
type Grouped = (Vec<String>, Result<meta::Subgroups, CannotEstimate>);

fn grouped(
    values: &Values,
    column: &str,
    read: &Read,
    model: Model,
    confidence: Confidence,
) -> Result<Grouped, CliError> {
    // A trial whose group is missing belongs to none.
    let words = read.of(&values.groups(column)?);
    let known: Vec<String> = words.iter().flatten().cloned().collect();
    let names: Vec<String> = order::groups(values, column, &known, None)?.into_iter().map(str::to_owned).collect();
    let groups: Vec<Vec<Effect>> = names
        .iter()
        .map(|name| {
            words.iter().zip(&read.effects).filter(|(word, _)| word.as_ref() == Some(name)).map(|(_, e)| *e).collect()
        })
        .collect();
    let slices: Vec<&[Effect]> = groups.iter().map(Vec::as_slice).collect();
    Ok((names, subgroups(&slices, model, confidence)))
}

fn method(pooled: &Pooled) -> String {
    let spread = match pooled.model.method {
        Method::Equal => "one effect taken as common to all",
        Method::DerSimonianLaird => "random effects by DerSimonian and Laird",
        Method::Reml => "random effects by restricted maximum likelihood",
        Method::MaximumLikelihood => "random effects by maximum likelihood",
        Method::PauleMandel => "random effects by Paule and Mandel",
        Method::SidikJonkman => "random effects by Sidik and Jonkman",
        Method::Hedges => "random effects by Hedges",
        Method::HunterSchmidt => "random effects by Hunter and Schmidt",
    };
    let doubt = if pooled.model.hartung_knapp { ", Hartung and Knapp's interval without a floor" } else { "" };
    format!("{spread}{doubt}; inverse-variance weights.")
}

fn table_of_trials(text: &mut Text, names: &[String], read: &Read, pooled: &Pooled, confidence: Confidence) {
    let z = stillwater_evidence::distribution::normal_quantile(confidence.upper_point());
    let rows: Vec<Vec<String>> = names
        .iter()
        .zip(&read.effects)
        .zip(&pooled.weights)
        .map(|((name, effect), weight)| {
            let se = effect.variance.sqrt();
            vec![
                name.clone(),
                number(effect.value),
                number(se),
                format!("{} to {}", number(effect.value - z * se), number(effect.value + z * se)),
                format!("{:.2} %", weight * 100.0),
            ]
        })
        .collect();
    text.heading("Trials");
    text.table(&["study", "effect", "SE", "interval", "weight"], &rows);
}

fn summary(text: &mut Text, read: &Read, pooled: &Pooled) {
    text.heading("Pooled");
    text.line(format!(
        "mean {}, SE {}, interval {}; {}",
        number(pooled.mean.value),
        number(pooled.mean.standard_error),
        interval(pooled.mean.interval),
        out::test(if pooled.model.hartung_knapp { "t" } else { "z" }, &pooled.test)
    ));
    if read.log {
        text.line(format!(
            "as a ratio {}, interval {}",
            number(pooled.mean.value.exp()),
            interval(pooled.mean.interval.map(f64::exp))
        ));
    }
    text.line(out::test("Q", &pooled.q));
    let se = pooled.tau_squared_standard_error.map_or_else(String::new, |se| format!(" (SE {})", number(se)));
    text.line(format!(
        "tau squared {}{se}, tau {}, I squared {:.2} %, H squared {}",
        number(pooled.tau_squared),
        number(pooled.tau_squared.sqrt()),
        pooled.i_squared,
        number(pooled.h_squared)
    ));
    if let Some(spread) = &pooled.spread {
        text.line(format!(
            "Q-profile: tau squared {}, I squared {} %, H squared {}",
            interval(spread.tau_squared),
            interval(spread.i_squared),
            interval(spread.h_squared)
        ));
    }
    // One prediction interval for one set of trials: the one that goes with the interval of the mean. The others are in the JSON.
    if let Some(next) = &pooled.prediction {
        let (found, how) = match (pooled.model.hartung_knapp, next.hartung_knapp) {
            (true, Some(found)) => (found, "t with k - 1, after Hartung and Knapp"),
            _ => (next.normal, "normal"),
        };
        text.line(format!("where a further trial may fall: {} ({how})", interval(found)));
    }
    if pooled.i_squared >= 75.0 {
        text.line("The trials disagree so much that their mean describes none of them; read the prediction interval.");
    }
}

const STEP: [&str; 7] = ["", "mean", "SE", "interval", "p", "tau squared", "I squared"];

fn step_row(name: &str, pooled: &Pooled) -> Vec<String> {
    vec![
        name.to_owned(),
        number(pooled.mean.value),
        number(pooled.mean.standard_error),
        interval(pooled.mean.interval),
        p(pooled.test.p),
        number(pooled.tau_squared),
        format!("{:.1} %", pooled.i_squared),
    ]
}

fn steps(
    text: &mut Text,
    heading: &str,
    names: &[String],
    steps: Option<&Result<Vec<meta::TrialStep>, CannotEstimate>>,
) {
    let Some(steps) = steps else { return };
    text.heading(heading);
    let steps = match steps {
        Ok(steps) => steps,
        Err(why) => return text.line(format!("The steps {why}.")),
    };
    let rows: Vec<Vec<String>> =
        steps.iter().map(|step| step_row(names.get(step.trial).map_or("", String::as_str), &step.pooled)).collect();
    text.table(&STEP, &rows);
}
