//! `stillwater stats shares`: who had it in two groups: difference, ratios, exact test, and what the missing could change.

use serde_json::json;
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test};
use stillwater_evidence::proportion::{Fisher, Ratio, Share, TwoShares, e_value, e_value_of_interval};

use super::models::{Coding, in_order};
use super::open::{Open, whole};
use super::out::{self, Text, interval, number, p};
use super::values::{Values, levels, names, same};
use crate::ending::{CliError, CliResult};

/// Who had it in two groups.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    open: Open,
    /// Without a file: so many of so many, treated and control, such as 10/15,3/15
    #[arg(long, value_name = "N/OF,N/OF", conflicts_with_all = ["file", "outcome", "group"])]
    counts: Option<String>,
    /// The column that says who had it
    #[arg(long, value_name = "COLUMN", requires = "group")]
    outcome: Option<String>,
    /// The word or number in it that means they did
    #[arg(long, value_name = "VALUE", default_value = "1")]
    value: String,
    /// The column of groups
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    #[command(flatten)]
    coding: Coding,
}

type Found<T> = Result<T, CannotEstimate>;

/// One group: who had it, who was asked, who did not answer.
#[derive(Clone, Debug, serde::Serialize)]
struct Group {
    name: String,
    with: usize,
    answered: usize,
    missing: usize,
}

impl Group {
    fn share(&self) -> Result<Share, CliError> {
        Share::new(self.with, self.answered).map_err(|why| CliError::Input(format!("{}: {why}", self.name)))
    }
}

#[derive(serde::Serialize)]
struct Compared {
    first: String,
    second: String,
    difference: Estimate,
    newcombe: Interval,
    risk_ratio: Found<Ratio>,
    odds_ratio: Found<Ratio>,
    chi_squared: Found<Test>,
    chi_squared_corrected: Found<Test>,
    fisher: Found<Fisher>,
    e_value: Found<(f64, f64)>,
    /// What is supposed of the missing, the difference then, and Newcombe's interval.
    if_missing: Vec<(&'static str, f64, Interval)>,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let confidence = args.open.confidence()?;
    let (groups, said) = match (&args.counts, args.open.values()?, &args.outcome, &args.group) {
        (Some(counts), ..) => (given(counts)?, Vec::new()),
        (None, Some(values), Some(outcome), Some(group)) => read(args, &values, outcome, group)?,
        (None, Some(_), ..) => {
            return Err(CliError::input(
                "say --outcome COLUMN and --group COLUMN, and with --value what in it means that they had it",
            ));
        }
        (None, None, ..) => {
            return Err(CliError::input("give a file with --outcome and --group, or --counts such as 10/15,3/15"));
        }
    };
    let Some((reference, others)) = groups.split_first() else { return Err(CliError::input("there is no group")) };
    let found: Vec<Compared> =
        others.iter().map(|one| compared(one, reference, confidence)).collect::<Result<_, CliError>>()?;
    if args.open.json {
        let shares: Vec<_> = groups
            .iter()
            .map(|group| {
                let share = group.share()?;
                Ok(json!({"group": group, "share": share.value(), "wilson": share.wilson(confidence), "exact": share.exact(confidence)}))
            })
            .collect::<Result<_, CliError>>()?;
        return out::json(&json!({"groups": shares, "comparisons": found}));
    }
    let mut text = Text::default();
    for line in said {
        text.line(line);
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let share = group.share()?;
            Ok(vec![
                group.name.clone(),
                format!("{} of {}", group.with, group.answered),
                group.missing.to_string(),
                number(share.value()),
                interval(share.wilson(confidence)),
                interval(share.exact(confidence)),
            ])
        })
        .collect::<Result<_, CliError>>()?;
    text.table(&["group", "had it", "missing", "share", "Wilson", "exact"], &rows);
    for one in &found {
        told(&mut text, one);
    }
    text.print()
}

fn given(counts: &str) -> Result<Vec<Group>, CliError> {
    let wrong = || {
        CliError::Input(format!("--counts is {counts:?}; write so many of so many, treated first, such as 10/15,3/15"))
    };
    let one = |(name, written): (&str, &str)| {
        let (with, of) = written.split_once('/').ok_or_else(wrong)?;
        let number = |cell: &str| cell.trim().parse::<f64>().map_err(|_| wrong()).and_then(|n| whole("--counts", n));
        Ok::<Group, CliError>(Group { name: name.to_owned(), with: number(with)?, answered: number(of)?, missing: 0 })
    };
    match names(counts).as_slice() {
        [treated, control] => Ok(vec![one(("control", control))?, one(("treated", treated))?]),
        _ => Err(wrong()),
    }
}

fn read(args: &Args, file: &Values, outcome: &str, group: &str) -> Result<(Vec<Group>, Vec<String>), CliError> {
    args.coding.check(file, &[], Some(group))?;
    let (values, left) = file.complete(&[group])?;
    let factor = args.coding.levels(&values, group, true)?;
    let marks = values.groups(outcome)?;
    let answered: Vec<String> = marks.iter().flatten().cloned().collect();
    if !answered.iter().any(|mark| same(mark, &args.value)) {
        let known = levels(&answered).into_iter().take(10).collect::<Vec<_>>().join(", ");
        return Err(values.wrong(format!(
            "no cell of {outcome:?} is {:?}; there are {known}; say with --value which of them means that they had it",
            args.value
        )));
    }
    let others: Vec<&str> = levels(&answered).into_iter().filter(|mark| !same(mark, &args.value)).collect();
    if others.len() > 1 {
        return Err(values.wrong(format!(
            "column {outcome:?} holds {} besides {:?}; only one value may mean that they did not have it; name the others with --missing",
            others.join(", "),
            args.value
        )));
    }
    let mut groups: Vec<Group> =
        factor.levels().iter().map(|name| Group { name: name.clone(), with: 0, answered: 0, missing: 0 }).collect();
    if groups.len() < 2 {
        return Err(values.wrong(format!("column {group:?} holds one group only")));
    }
    for (code, mark) in factor.codes().iter().zip(&marks) {
        let Some(own) = groups.get_mut(*code) else { continue };
        match mark {
            Some(mark) => {
                own.answered += 1;
                own.with += usize::from(same(mark, &args.value));
            }
            None => own.missing += 1,
        }
    }
    let mut said = vec![format!("{outcome} is {} by {group}.", args.value), in_order(&factor)];
    said.extend(file.notes().into_iter().chain(left.words()));
    Ok((groups, said))
}

fn compared(one: &Group, reference: &Group, confidence: Confidence) -> Result<Compared, CliError> {
    let two = TwoShares { treated: one.share()?, control: reference.share()? };
    let risk_ratio = two.risk_ratio(confidence);
    let e = risk_ratio.clone().and_then(|ratio| Ok((e_value(ratio.value)?, e_value_of_interval(ratio.interval)?)));
    let supposed = |name: &'static str, treated_have: bool, control_have: bool| {
        let share = |group: &Group, have: bool| {
            Share::new(group.with + if have { group.missing } else { 0 }, group.answered + group.missing)
                .map_err(out::cannot)
        };
        let two = TwoShares { treated: share(one, treated_have)?, control: share(reference, control_have)? };
        Ok::<_, CliError>((name, two.treated.value() - two.control.value(), two.risk_difference_newcombe(confidence)))
    };
    let if_missing = if one.missing + reference.missing == 0 {
        Vec::new()
    } else {
        vec![
            supposed("no missing person had it", false, false)?,
            supposed("every missing person had it", true, true)?,
            supposed("only the missing of the first had it", true, false)?,
            supposed("only the missing of the second had it", false, true)?,
        ]
    };
    Ok(Compared {
        first: one.name.clone(),
        second: reference.name.clone(),
        difference: two.risk_difference_wald(confidence),
        newcombe: two.risk_difference_newcombe(confidence),
        risk_ratio,
        odds_ratio: two.odds_ratio(confidence),
        chi_squared: two.chi_squared(false),
        chi_squared_corrected: two.chi_squared(true),
        fisher: two.fisher(confidence),
        e_value: e,
        if_missing,
    })
}

fn ratio(text: &mut Text, name: &str, found: &Found<Ratio>) {
    match found {
        Ok(ratio) => text.line(format!("{name} {}, interval {}", number(ratio.value), interval(ratio.interval))),
        Err(why) => text.line(format!("{name} {why}")),
    }
}

fn told(text: &mut Text, one: &Compared) {
    text.heading(&format!("{} - {}", one.first, one.second));
    text.line(format!(
        "difference {}, interval {} (Newcombe), {} (Wald)",
        number(one.difference.value),
        interval(one.newcombe),
        interval(one.difference.interval)
    ));
    if one.newcombe.contains(0.0) {
        text.line("number needed to treat: none to give, since the interval of the difference holds 0");
    } else {
        let (low, high) = (1.0 / one.newcombe.high.abs(), 1.0 / one.newcombe.low.abs());
        let (low, high) = (low.min(high), low.max(high));
        let to = if one.difference.value > 0.0 { "for one more to have it" } else { "for one fewer to have it" };
        text.line(format!(
            "number needed {to}: {}, interval {} to {}",
            number(1.0 / one.difference.value.abs()),
            number(low),
            number(high)
        ));
    }
    ratio(text, "risk ratio", &one.risk_ratio);
    ratio(text, "odds ratio", &one.odds_ratio);
    for (name, found) in [("chi squared", &one.chi_squared), ("chi squared, corrected", &one.chi_squared_corrected)] {
        match found {
            Ok(test) => text.line(out::test(name, test)),
            Err(why) => text.line(format!("{name} {why}")),
        }
    }
    match &one.fisher {
        Ok(fisher) => text.line(format!(
            "Fisher's exact test: p {}, conditional odds ratio {}, interval {}",
            p(fisher.p),
            number(fisher.odds_ratio),
            interval(fisher.interval)
        )),
        Err(why) => text.line(format!("Fisher's exact test {why}")),
    }
    if let Ok((value, of_interval)) = one.e_value {
        text.line(format!("E-value {} (of the interval: {})", number(value), number(of_interval)));
    }
    if !one.if_missing.is_empty() {
        text.line("If");
        let rows: Vec<Vec<String>> = one
            .if_missing
            .iter()
            .map(|(name, value, newcombe)| vec![(*name).to_owned(), number(*value), interval(*newcombe)])
            .collect();
        text.table(&["", "difference", "Newcombe"], &rows);
    }
}
