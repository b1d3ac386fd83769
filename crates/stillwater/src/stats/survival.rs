//! `stillwater stats survival`: time until something happens.

use clap::ValueEnum;
use serde_json::{Value, json};
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Test};
use stillwater_evidence::survival::{
    CompetingCurve, CompetingObservation, Covariate, Curve, Fit, LogRank, Observation, Proportional, Quantile,
    RestrictedComparison, Scale, Ties, TimeTransform, Weight, aalen_johansen, compare_restricted, cox, gray,
    kaplan_meier, log_rank, proportional_hazards,
};

use super::Common;
use super::happened::Happened;
use super::models::{self, Coding};
use super::out::{self, Text, cannot, interval, maybe, number, or_why, p};
use super::values::{LeftOut, Values, names};
use crate::ending::{CliError, CliResult};

/// Time until something happens.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of times watched
    #[arg(long, value_name = "COLUMN")]
    time: String,
    /// The column that says whether it happened
    #[arg(long, value_name = "COLUMN")]
    event: String,
    /// The word or number in it that means it did
    #[arg(long, value_name = "VALUE")]
    event_value: Option<String>,
    /// The word or number in it that means last seen without it; may be given again
    #[arg(long, value_name = "VALUE")]
    censored_value: Vec<String>,
    /// What shut it out instead: another value of the event column; may be given again
    #[arg(long, value_name = "VALUE")]
    competing: Vec<String>,
    /// Compare the groups of this column
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// Fit Cox's model with these columns
    #[arg(long, value_name = "COLUMNS")]
    cox: Option<String>,
    /// What to do where it happened to several at one time
    #[arg(long, value_name = "HOW", default_value = "efron")]
    ties: TieMethod,
    /// Print the curve at these times
    #[arg(long, value_name = "TIMES")]
    at: Option<String>,
    /// The mean time without it, up to this time
    #[arg(long, value_name = "TIME")]
    restrict: Option<f64>,
    /// The scale of the curve's intervals
    #[arg(long, value_name = "SCALE", default_value = "log-log")]
    interval: OnScale,
    /// Draw the curves into this new file
    #[arg(long, value_name = "FILE")]
    svg: Option<std::path::PathBuf>,
    #[command(flatten)]
    coding: Coding,
}

#[derive(Clone, Copy, ValueEnum)]
enum TieMethod {
    Efron,
    Breslow,
    Exact,
}

#[derive(Clone, Copy, ValueEnum)]
enum OnScale {
    LogLog,
    Log,
}

struct Group {
    name: String,
    observations: Vec<Observation>,
    curve: Curve,
    /// With several causes: the curve of each, the event asked about first.
    causes: Vec<CompetingCurve>,
    /// The people behind them.
    competing: Vec<CompetingObservation>,
}

type Found<T> = Result<T, CannotEstimate>;

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let scale = match args.interval {
        OnScale::LogLog => Scale::LogLog,
        OnScale::Log => Scale::Log,
    };
    let at = args.at.as_deref().map(times).transpose()?;
    let columns = args.cox.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &columns, args.group.as_deref())?;
    let needed = [&[args.time.as_str(), &args.event][..], args.group.as_deref().as_slice()].concat();
    let (values, left) = whole.complete(&needed)?;
    let times = lengths(&values, &args.time)?;
    let happened =
        Happened::read(&values, &args.event, args.event_value.as_deref(), &args.competing, &args.censored_value)?;
    let groups = groups(args, &values, &times, &happened, confidence)?;
    let compared = (groups.len() > 1).then(|| {
        let slices: Vec<&[Observation]> = groups.iter().map(|group| group.observations.as_slice()).collect();
        [Weight::LogRank, Weight::PetoPeto].map(|weight| log_rank(&slices, weight))
    });
    let model =
        if columns.is_empty() { None } else { Some(fitted(args, &values, &times, &happened, &columns, confidence)?) };
    if let Some(path) = &args.svg {
        if happened.causes.len() > 1 {
            return Err(CliError::input(
                "--svg draws Kaplan-Meier curves, which are not right beside competing causes; leave --competing out, or the drawing",
            ));
        }
        let named: Vec<(&str, &Curve)> = groups.iter().map(|group| (group.name.as_str(), &group.curve)).collect();
        super::draw::write(path, &super::draw::curves(&named, &args.time, scale, confidence)?)?;
    }
    let beside = beside(args, &groups, &happened, confidence);
    if args.common.json {
        return as_json(args, &groups, &left, &happened, compared, model, &beside, scale, confidence);
    }
    let mut text = Text::default();
    text.how_read(&whole, &left);
    text.line(&happened.words);
    if happened.causes.len() > 1 {
        shares(&mut text, &groups, &happened.causes, at.as_deref());
        if args.restrict.is_some() {
            text.line("The restricted mean is that of one cause alone and is not given beside competing ones.");
        }
    } else {
        curves(args, &mut text, &groups, at.as_deref(), scale, confidence);
    }
    if let Some(both) = &compared {
        differ(&mut text, &groups, both, happened.causes.len() > 1);
    }
    beside.print(&mut text);
    if let Some(found) = &model {
        text.heading("Cox's proportional hazards");
        if happened.causes.len() > 1 {
            text.line("Of the rate of this cause among those still watched: the other causes count as last seen.");
        }
        for one in &found.taken {
            text.line(one);
        }
        if let Some(words) = found.left.words() {
            text.line(words);
        }
        match &found.fit {
            Ok((fit, tests)) => cox_text(&mut text, fit, tests),
            Err(why) => text.line(format!("The hazard ratios {why}.")),
        }
    }
    text.print()
}

#[expect(clippy::too_many_arguments, reason = "each is one part of what is printed")]
fn as_json(
    args: &Args,
    groups: &[Group],
    left: &LeftOut,
    happened: &Happened,
    compared: Option<[Found<LogRank>; 2]>,
    model: Option<Model>,
    beside: &Beside,
    scale: Scale,
    confidence: Confidence,
) -> CliResult {
    let several = happened.causes.len() > 1;
    let causes = |curves: &[CompetingCurve]| -> Value {
        happened.causes.iter().zip(curves).map(|(name, curve)| json!([name, curve])).collect()
    };
    let each: Vec<Value> = groups
        .iter()
        .map(|group| {
            let (name, people, events) = (&group.name, group.curve.people(), group.curve.events());
            if several {
                return json!({ "group": name, "people": people, "events": events, "causes": causes(&group.causes) });
            }
            json!({
                "group": name, "people": people, "events": events,
                "median": group.curve.median(scale, confidence),
                "median_level": group.curve.level(0.5),
                "restricted_mean": args.restrict.map(|limit| group.curve.restricted_mean(limit, confidence)),
                "steps": group.curve.steps(),
            })
        })
        .collect();
    let (plain, early) = compared.map_or((None, None), |[plain, early]| (Some(plain), Some(early)));
    let (fit, tests, taken, lacking) = match model {
        None => (Value::Null, Value::Null, Value::Null, Value::Null),
        Some(Model { fit: Ok((fit, tests)), taken, left }) => (json!(fit), json!(tests), json!(taken), json!(left)),
        Some(Model { fit: Err(why), taken, left }) => {
            (or_why::<Fit>(&Err(why)), Value::Null, json!(taken), json!(left))
        }
    };
    out::json(&json!({
        "left_out": left, "coding": happened.words, "groups": each,
        "restricted_difference": beside.restricted.iter().map(|(name, found)| json!({"of": name, "found": or_why(found)})).collect::<Vec<_>>(),
        "gray": beside.gray.iter().map(|(name, found)| json!({"cause": name, "test": or_why(found)})).collect::<Vec<_>>(),
        "log_rank": plain.as_ref().map(or_why), "peto_peto": early.as_ref().map(or_why),
        "cox": fit, "cox_columns": taken, "cox_left_out": lacking, "proportional_hazards": tests,
        "competing": (several && groups.len() == 1).then(|| groups.first().map(|group| causes(&group.causes))),
    }))
}

/// Groups beside each other beyond the log-rank test: restricted means, and Gray's test of each cause.
struct Beside {
    restricted: Vec<(String, Found<RestrictedComparison>)>,
    gray: Vec<(String, Found<Test>)>,
}

fn beside(args: &Args, groups: &[Group], happened: &Happened, confidence: Confidence) -> Beside {
    let mut found = Beside { restricted: Vec::new(), gray: Vec::new() };
    let Some((reference, others)) = groups.split_first().filter(|(_, others)| !others.is_empty()) else { return found };
    if happened.causes.len() > 1 {
        let slices: Vec<&[CompetingObservation]> = groups.iter().map(|group| group.competing.as_slice()).collect();
        let causes = happened.causes.iter().enumerate();
        found.gray = causes.map(|(cause, name)| (name.clone(), gray(&slices, cause))).collect();
    } else if let Some(limit) = args.restrict {
        let one = |other: &Group| {
            let both = compare_restricted(&other.curve, &reference.curve, limit, confidence);
            (format!("{} - {}", other.name, reference.name), both)
        };
        found.restricted = others.iter().map(one).collect();
    }
    found
}

impl Beside {
    fn print(&self, text: &mut Text) {
        if !self.restricted.is_empty() {
            text.heading("Restricted means beside each other (nothing is taken for granted of how the curves run)");
        }
        for (name, found) in &self.restricted {
            match found {
                Ok(both) => text.line(format!(
                    "{name}: difference {}, SE {}, interval {}; {}; ratio {}, interval {}",
                    number(both.difference.value),
                    number(both.difference.standard_error),
                    interval(both.difference.interval),
                    out::test("z", &both.test),
                    number(both.ratio.value),
                    interval(both.ratio.interval)
                )),
                Err(why) => text.line(format!("{name}: {why}")),
            }
        }
        if !self.gray.is_empty() {
            text.heading("Does the share with each cause differ between groups? (Gray)");
        }
        for (name, found) in &self.gray {
            match found {
                Ok(test) => text.line(out::test(&format!("{name}: chi squared"), test)),
                Err(why) => text.line(format!("{name}: {why}")),
            }
        }
    }
}

/// Times watched: numbers from 0 on.
fn lengths(values: &Values, column: &str) -> Result<Vec<f64>, CliError> {
    let times = values.whole(column)?;
    match times.iter().position(|time| *time < 0.0) {
        Some(row) => Err(values.wrong_at(row, column, "a time watched is below 0")),
        None => Ok(times),
    }
}

fn groups(
    args: &Args,
    values: &Values,
    times: &[f64],
    happened: &Happened,
    confidence: Confidence,
) -> Result<Vec<Group>, CliError> {
    let (names, of): (Vec<String>, Vec<usize>) = match &args.group {
        None => (vec!["everybody".to_owned()], vec![0; values.len()]),
        Some(column) => {
            let factor = args.coding.levels(values, column, true)?;
            (factor.levels().to_vec(), factor.codes().to_vec())
        }
    };
    names
        .into_iter()
        .enumerate()
        .map(|(code, name)| {
            let inside =
                || times.iter().zip(&happened.what).zip(&of).filter(|(_, of)| **of == code).map(|(one, _)| one);
            let observations: Vec<Observation> =
                inside().map(|(time, what)| Observation { time: *time, event: *what == Some(0) }).collect();
            let curve = kaplan_meier(&observations).map_err(cannot)?;
            let competing: Vec<CompetingObservation> =
                inside().map(|(time, what)| CompetingObservation { time: *time, cause: *what }).collect();
            let causes = if happened.causes.len() > 1 {
                aalen_johansen(&competing, happened.causes.len(), confidence).map_err(cannot)?
            } else {
                Vec::new()
            };
            Ok(Group { name, observations, curve, causes, competing })
        })
        .collect()
}

fn times(list: &str) -> Result<Vec<f64>, CliError> {
    names(list)
        .into_iter()
        .map(|time| {
            time.parse::<f64>()
                .ok()
                .filter(|time| time.is_finite() && *time >= 0.0)
                .ok_or_else(|| CliError::Input(format!("--at holds {time:?}, which is not a time from 0 on")))
        })
        .collect()
}

fn reached(quantile: &Quantile) -> Vec<String> {
    [quantile.time, quantile.low, quantile.high]
        .into_iter()
        .map(|end| end.map_or_else(|| "not reached".to_owned(), number))
        .collect()
}

fn curves(args: &Args, text: &mut Text, groups: &[Group], at: Option<&[f64]>, scale: Scale, confidence: Confidence) {
    let on = if scale == Scale::LogLog { "log-log" } else { "log" };
    text.line(format!(
        "Kaplan and Meier, {on} intervals. Who was last seen without it is taken to be like those still watched."
    ));
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let mut row = vec![group.name.clone(), group.curve.people().to_string(), group.curve.events().to_string()];
            row.extend(reached(&group.curve.median(scale, confidence)));
            row
        })
        .collect();
    text.table(&["group", "people", "events", "median", "from", "to"], &rows);
    for group in groups {
        match group.curve.level(0.5) {
            Some((from, Some(to))) => text.line(format!(
                "{}: the curve is level at exactly a half from {} to {}; the middle is given, as R does, and any time between would serve.",
                group.name,
                number(from),
                number(to)
            )),
            Some((from, None)) => text.line(format!(
                "{}: the curve is level at exactly a half from {} to the end; any later time would serve as the median.",
                group.name,
                number(from)
            )),
            None => {}
        }
    }
    if let Some(limit) = args.restrict {
        text.heading(&format!("Mean time without it, up to {}", number(limit)));
        for group in groups {
            match group.curve.restricted_mean(limit, confidence) {
                Ok(mean) => text.line(format!(
                    "{}: {}, SE {}, interval {}",
                    group.name,
                    number(mean.value),
                    number(mean.standard_error),
                    interval(mean.interval)
                )),
                Err(why) => text.line(format!("{}: {why}", group.name)),
            }
        }
    }
    if let Some(at) = at {
        text.heading("The curve");
        let mut rows = Vec::new();
        for group in groups {
            for row in group.curve.at_risk_table(at) {
                let at = group.curve.at(row.time, scale, confidence);
                rows.push(vec![
                    group.name.clone(),
                    number(row.time),
                    row.at_risk.to_string(),
                    row.events.to_string(),
                    at.map_or_else(|| "-".to_owned(), |at| number(at.share)),
                    at.map_or_else(|| "-".to_owned(), |at| number(at.standard_error)),
                    at.and_then(|at| at.interval).map_or_else(|| "-".to_owned(), interval),
                ]);
            }
        }
        text.table(&["group", "time", "at risk", "events by then", "share without", "SE", "interval"], &rows);
    }
}

/// The share to whom each cause has happened, in each group, at the times asked for or at the end.
fn shares(text: &mut Text, groups: &[Group], causes: &[String], at: Option<&[f64]>) {
    text.line("Each cause shutting out the others (Aalen and Johansen). A Kaplan-Meier curve of one cause would count who met another as still to come, and is not given.");
    let mut rows = Vec::new();
    for group in groups {
        let last = group.curve.last_time();
        for (name, curve) in causes.iter().zip(&group.causes) {
            for time in at.map_or_else(|| vec![last], <[f64]>::to_vec) {
                let step = curve.at(time);
                // Before anything happened the share is 0; past the last person nothing is known.
                let share = if time > last { None } else { Some(step.map_or(0.0, |step| step.share)) };
                rows.push(vec![
                    group.name.clone(),
                    name.clone(),
                    number(time),
                    group.curve.at_risk(time).to_string(),
                    curve.steps.iter().filter(|one| one.time <= time).map(|one| one.events).sum::<usize>().to_string(),
                    maybe(share),
                    step.map_or_else(|| "-".to_owned(), |step| number(step.standard_error)),
                    step.and_then(|step| step.interval).map_or_else(|| "-".to_owned(), interval),
                ]);
            }
        }
    }
    text.table(&["group", "cause", "time", "at risk", "events by then", "share by then", "SE", "interval"], &rows);
}

fn differ(text: &mut Text, groups: &[Group], both: &[Found<LogRank>; 2], several: bool) {
    text.heading("Do the groups differ?");
    if several {
        text.line(
            "In the rate of the cause asked about, among those still watched; the other causes count as last seen.",
        );
    }
    let [plain, early] = both;
    match plain {
        Ok(plain) => {
            let rows: Vec<Vec<String>> = groups
                .iter()
                .zip(&plain.groups)
                .map(|(group, one)| {
                    let apart = (one.observed - one.expected).powi(2) / one.expected;
                    vec![
                        group.name.clone(),
                        one.people.to_string(),
                        number(one.observed),
                        number(one.expected),
                        if apart.is_finite() { number(apart) } else { "-".to_owned() },
                    ]
                })
                .collect();
            text.table(&["group", "people", "observed", "expected", "(O-E)^2/E"], &rows);
            text.line(out::test("log-rank: chi squared", &plain.test));
        }
        Err(why) => text.line(format!("The log-rank test {why}.")),
    }
    match early {
        Ok(early) => text.line(out::test("Peto and Peto: chi squared", &early.test)),
        Err(why) => text.line(format!("Peto and Peto's test {why}.")),
    }
}

/// A model asked for: what came of it, how its columns were taken, and who is missing from it.
struct Model {
    fit: Found<(Fit, Found<Proportional>)>,
    taken: Vec<String>,
    left: LeftOut,
}

fn fitted(
    args: &Args,
    all: &Values,
    times: &[f64],
    happened: &Happened,
    names: &[&str],
    confidence: Confidence,
) -> Result<Model, CliError> {
    let (values, left, places) = all.complete_at(names)?;
    let observations: Vec<Observation> = places
        .iter()
        .filter_map(|place| {
            let (time, what) = (times.get(*place)?, happened.what.get(*place)?);
            Some(Observation { time: *time, event: *what == Some(0) })
        })
        .collect();
    let mut taken = Vec::new();
    let mut data: Vec<(String, Vec<f64>)> = Vec::new();
    for name in names {
        if !args.coding.is_factor(&values, name)? {
            let numbers = values.whole(name)?;
            taken.push(models::as_number(&values, name, &numbers)?);
            data.push(((*name).to_owned(), numbers));
            continue;
        }
        let factor = args.coding.levels(&values, name, false)?;
        taken.push(models::in_order(&factor));
        for (code, level) in factor.levels().iter().enumerate().skip(1) {
            let column = factor.codes().iter().map(|here| f64::from(u8::from(*here == code))).collect();
            data.push((format!("{name} {level}"), column));
        }
    }
    let columns: Vec<Covariate<'_>> = data.iter().map(|(name, values)| Covariate { name, values }).collect();
    let ties = match args.ties {
        TieMethod::Efron => Ties::Efron,
        TieMethod::Breslow => Ties::Breslow,
        TieMethod::Exact => Ties::Exact,
    };
    let fit = cox(&observations, &columns, ties, confidence).map(|fit| {
        let tests = proportional_hazards(&observations, &columns, &fit, TimeTransform::Survival);
        (fit, tests)
    });
    Ok(Model { fit, taken, left })
}

fn cox_text(text: &mut Text, fit: &Fit, tests: &Found<Proportional>) {
    let ties = match fit.ties {
        Ties::Efron => "Efron's",
        Ties::Breslow => "Breslow's",
        Ties::Exact => "the exact",
    };
    text.line(format!("{} people with every column, {} events, {ties} way with ties.", fit.people, fit.events));
    let rows: Vec<Vec<String>> = fit
        .effects
        .iter()
        .map(|effect| {
            vec![
                effect.name.clone(),
                number(effect.hazard_ratio.log),
                number(effect.hazard_ratio.value),
                number(effect.hazard_ratio.log_standard_error),
                interval(effect.hazard_ratio.interval),
                number(effect.z),
                p(effect.p),
            ]
        })
        .collect();
    text.table(&["", "coefficient", "hazard ratio", "SE", "interval of the ratio", "z", "p"], &rows);
    text.line(format!(
        "log likelihood {}, without any effect {}",
        number(fit.log_likelihood),
        number(fit.log_likelihood_null)
    ));
    text.line(out::test("likelihood ratio: chi squared", &fit.likelihood_ratio));
    text.line(out::test("Wald: chi squared", &fit.wald));
    text.line(out::test("score: chi squared", &fit.score));
    text.line("");
    match tests {
        Ok(tests) => {
            text.line("Are the hazards proportional? (Grambsch and Therneau, on the Kaplan-Meier clock)");
            let rows: Vec<Vec<String>> = tests
                .columns
                .iter()
                .chain(std::iter::once(&("all together".to_owned(), tests.global)))
                .map(|(name, test)| {
                    vec![name.clone(), number(test.statistic), maybe(test.degrees_of_freedom), p(test.p)]
                })
                .collect();
            text.table(&["", "chi squared", "df", "p"], &rows);
        }
        Err(why) => text.line(format!("Whether the hazards are proportional {why}.")),
    }
}
