//! `stillwater stats meta`: trials pooled.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::mean_difference::Sample;
use stillwater_evidence::meta::{
    self, Combined, Effect, Method, Missing, Model, Pooled, Side, begg, cumulative, egger, egger_mixed, leave_one_out,
    mantel_haenszel, peto, pool, subgroups, trim_and_fill,
};
use stillwater_evidence::proportion::{Share, TwoShares};

use super::Common;
use super::out::{self, Text, cannot, interval, number, p};
use super::values::{Values, pair};
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
    /// Leave out each trial in turn
    #[arg(long)]
    leave_one_out: bool,
    /// Add trials one by one, by this column of years
    #[arg(long, value_name = "COLUMN")]
    cumulative: Option<String>,
    /// Pool within the groups of this column, and test between them
    #[arg(long, value_name = "COLUMN")]
    subgroups: Option<String>,
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
    effects: Vec<Effect>,
    /// The tables of two by two that they were made from, where they were.
    tables: Vec<TwoShares>,
    log: bool,
    what: &'static str,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let (values, left) = whole.complete(&columns(args)?)?;
    let read = read(args, &values)?;
    let names = match &args.study {
        Some(column) => values.words(column)?,
        None => (1..=values.len()).map(|n| format!("row {n}")).collect(),
    };
    let model = Model { method: args.method.into(), hartung_knapp: args.hksj };
    let pooled = pool(&read.effects, model, confidence).map_err(cannot)?;
    let left_out =
        args.leave_one_out.then(|| leave_one_out(&read.effects, model, confidence)).transpose().map_err(cannot)?;
    let grown = match &args.cumulative {
        Some(column) => {
            let years: Vec<i32> =
                values.counts(column)?.into_iter().map(|year| i32::try_from(year).unwrap_or(i32::MAX)).collect();
            Some(cumulative(&read.effects, &years, model, confidence).map_err(cannot)?)
        }
        None => None,
    };
    let groups =
        args.subgroups.as_deref().map(|column| grouped(&values, column, &read, model, confidence)).transpose()?;
    let (egger, begg) = (egger(&read.effects), begg(&read.effects));
    let mixed = egger_mixed(&read.effects, model, confidence);
    let filled = [Missing::L0, Missing::R0].map(|by| trim_and_fill(&read.effects, model, by, confidence));
    let combined = if read.tables.is_empty() {
        None
    } else {
        Some((mantel_haenszel(&read.tables, confidence), peto(&read.tables, confidence)))
    };
    if args.common.json {
        return out::json(&json!({
            "left_out": left, "what": read.what, "logarithm": read.log, "studies": names, "effects": read.effects, "pooled": pooled,
            "egger": egger, "egger_mixed": mixed, "begg": begg, "trim_and_fill_l0": filled.first(), "trim_and_fill_r0": filled.last(), "leave_one_out": left_out, "cumulative": grown,
            "mantel_haenszel": combined.as_ref().map(|both| &both.0), "peto": combined.as_ref().map(|both| &both.1),
            "subgroups": groups.as_ref().map(|(names, found)| json!({"names": names, "found": found})),
        }));
    }
    let mut text = Text::default();
    text.line(format!("{} trials, {}. {}", pooled.trials, read.what, method(&pooled)));
    text.how_read(&whole, &left);
    table_of_trials(&mut text, &names, &read, &pooled, confidence);
    summary(&mut text, &read, &pooled);
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
    for (name, found) in ["L0", "R0"].into_iter().zip(&filled) {
        match found {
            Ok(found) => text.line(format!(
                "trim and fill ({name}): {} supposed missing on the {}, mean {} ({}); a what-if, no correction",
                found.missing,
                if found.side == Side::Left { "left" } else { "right" },
                number(found.pooled.mean.value),
                interval(found.pooled.mean.interval)
            )),
            Err(why) => text.line(format!("trim and fill ({name}) {why}")),
        }
    }
    if let Some((haenszel, peto)) = &combined {
        text.heading("Pooled from the counts");
        for (name, found) in [("Mantel-Haenszel", haenszel), ("Peto", peto)] {
            match found {
                Ok(found) => counts(&mut text, name, found),
                Err(why) => text.line(format!("{name} {why}")),
            }
        }
    }
    steps(&mut text, "Without each trial", &names, left_out.as_deref());
    steps(&mut text, "As trials were added", &names, grown.as_deref());
    if let Some((names, found)) = &groups {
        text.heading("Within groups");
        let rows: Vec<Vec<String>> =
            names.iter().zip(&found.groups).map(|(name, pooled)| step_row(name, pooled)).collect();
        text.table(&STEP, &rows);
        text.line(out::test("Between groups: Q", &found.between));
    }
    text.print()
}

/// The columns that a trial must have a value in.
fn columns(args: &Args) -> Result<Vec<&str>, CliError> {
    let mut columns: Vec<&str> = [&args.yi, &args.vi, &args.se, &args.study, &args.cumulative]
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
    if columns.is_empty() {
        return Err(CliError::Input(FROM.to_owned()));
    }
    Ok(columns)
}

/// What effects are made from.
const FROM: &str = "give --yi with --vi or --se, or --events with --of, or --means with --sds and --of";

fn read(args: &Args, values: &Values) -> Result<Read, CliError> {
    if let Some(yi) = &args.yi {
        let effects = values.whole(yi)?;
        let variances = match (&args.vi, &args.se) {
            (Some(vi), _) => values.whole(vi)?,
            (None, Some(se)) => values.whole(se)?.into_iter().map(|se| se * se).collect(),
            (None, None) => {
                return Err(CliError::Input("--yi needs --vi (variances) or --se (standard errors)".to_owned()));
            }
        };
        let effects = effects.into_iter().zip(variances).map(|(value, variance)| Effect { value, variance }).collect();
        return Ok(Read { effects, tables: Vec::new(), log: false, what: "effects as given" });
    }
    if let (Some(events), Some(of)) = (&args.events, &args.of) {
        return from_counts(args, values, events, of);
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
        let effects =
            treated.into_iter().zip(control).map(|(t, c)| make(t, c)).collect::<Result<_, _>>().map_err(cannot)?;
        return Ok(Read { effects, tables: Vec::new(), log: false, what });
    }
    Err(CliError::Input(FROM.to_owned()))
}

fn from_counts(args: &Args, values: &Values, events: &str, of: &str) -> Result<Read, CliError> {
    let shares = |events: &str, of: &str| -> Result<Vec<Share>, CliError> {
        let (events, of) = (values.counts(events)?, values.counts(of)?);
        events.into_iter().zip(of).map(|(events, of)| Share::new(events, of).map_err(cannot)).collect()
    };
    let ((e1, e0), (n1, n0)) = (pair("--events", events)?, pair("--of", of)?);
    let tables: Vec<TwoShares> = shares(e1, n1)?
        .into_iter()
        .zip(shares(e0, n0)?)
        .map(|(treated, control)| TwoShares { treated, control })
        .collect();
    let (make, what, log): (fn(TwoShares) -> Result<Effect, _>, _, _) = match args.measure.unwrap_or(Measure::Rr) {
        Measure::Rr => (meta::log_risk_ratio, "log risk ratio", true),
        Measure::Or => (meta::log_odds_ratio, "log odds ratio", true),
        Measure::Rd => (meta::risk_difference, "risk difference", false),
        _ => return Err(CliError::Input("events give --measure rr, or or rd".to_owned())),
    };
    let effects = tables.iter().map(|table| make(*table)).collect::<Result<_, _>>().map_err(cannot)?;
    Ok(Read { effects, tables, log, what })
}

fn grouped(
    values: &Values,
    column: &str,
    read: &Read,
    model: Model,
    confidence: Confidence,
) -> Result<(Vec<String>, meta::Subgroups), CliError> {
    let words = values.words(column)?;
    let names: Vec<String> = super::values::levels(&words).into_iter().map(str::to_owned).collect();
    let groups: Vec<Vec<Effect>> = names
        .iter()
        .map(|name| words.iter().zip(&read.effects).filter(|(word, _)| *word == name).map(|(_, e)| *e).collect())
        .collect();
    let slices: Vec<&[Effect]> = groups.iter().map(Vec::as_slice).collect();
    Ok((names, subgroups(&slices, model, confidence).map_err(cannot)?))
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
    if let Some(next) = &pooled.prediction {
        text.line(format!("where a further trial may fall: {} (normal)", interval(next.normal)));
        for (name, found) in [("t, Hartung and Knapp", next.hartung_knapp), ("t, Higgins 2009", next.higgins)] {
            if let Some(found) = found {
                text.line(format!("                                {} ({name})", interval(found)));
            }
        }
    }
    if pooled.i_squared >= 75.0 {
        text.line("The trials disagree so much that their mean describes none of them; read the prediction interval.");
    }
}

fn counts(text: &mut Text, name: &str, found: &Combined) {
    text.line(format!(
        "{name}: ratio {}, interval {}; {}",
        number(found.ratio.value),
        interval(found.ratio.interval),
        out::test("disagreement Q", &found.q)
    ));
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

fn steps(text: &mut Text, heading: &str, names: &[String], steps: Option<&[meta::TrialStep]>) {
    let Some(steps) = steps else { return };
    text.heading(heading);
    let rows: Vec<Vec<String>> =
        steps.iter().map(|step| step_row(names.get(step.trial).map_or("", String::as_str), &step.pooled)).collect();
    text.table(&STEP, &rows);
}
