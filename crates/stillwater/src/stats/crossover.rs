//! `stillwater stats crossover`: two treatments in the same people, one after the other, in both orders.

use stillwater_evidence::crossover::{Order, Person, crossover};
use stillwater_evidence::estimate::CannotEstimate;
use stillwater_evidence::mean_difference::MeanDifference;

use super::Common;
use super::out::{self, Text, interval, number, p};
use super::values::levels;
use crate::ending::CliResult;

/// Two treatments in the same people in both orders.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of outcomes in the first period
    #[arg(long, value_name = "COLUMN")]
    first: String,
    /// The column of outcomes in the second period
    #[arg(long, value_name = "COLUMN")]
    second: String,
    /// The column that says in which order somebody had the two
    #[arg(long, value_name = "COLUMN")]
    order: String,
    /// The word in it that means the treatment under study came first
    #[arg(long, value_name = "VALUE")]
    treatment_first: String,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let (values, left) = whole.complete(&[&args.order])?;
    let confidence = args.common.confidence()?;
    let orders = values.words(&args.order)?;
    let known = levels(&orders);
    if known.len() != 2 || !known.contains(&args.treatment_first.as_str()) {
        return Err(values.wrong(format!(
            "column {:?} holds {}; a crossover has two orders, one of them {:?}",
            args.order,
            known.join(", "),
            args.treatment_first
        )));
    }
    let (first, second) = (values.numbers(&args.first)?, values.numbers(&args.second)?);
    let people: Vec<Person> = orders
        .iter()
        .zip(first.into_iter().zip(second))
        .map(|(order, (first, second))| Person {
            order: if *order == args.treatment_first { Order::TreatmentFirst } else { Order::ControlFirst },
            first,
            second,
        })
        .collect();
    let found = crossover(&people, confidence).map_err(out::cannot)?;
    if args.common.json {
        return out::json(&found);
    }
    let mut text = Text::default();
    text.how_read(&whole, &left);
    text.line(format!(
        "Both periods: treatment first {}; control first {}.",
        out::missing(found.treatment_first),
        out::missing(found.control_first)
    ));
    text.line("Treatment less control. Both analyses are given whatever the test for carry-over says (Freeman 1989).");
    text.line("");
    text.table(
        &["", "estimate", "SE", "interval", "t", "df", "p"],
        &[
            row("treatment, within people", &found.treatment),
            row("treatment, plain paired", &found.paired),
            row("treatment, first period alone", &found.first_period),
            row("second period less first", &found.period),
            row("carry-over (sums, treatment first less control first)", &found.carry_over),
        ],
    );
    text.print()
}

fn row(name: &str, found: &Result<MeanDifference, CannotEstimate>) -> Vec<String> {
    match found {
        Ok(found) => vec![
            name.to_owned(),
            number(found.difference.value),
            number(found.difference.standard_error),
            interval(found.difference.interval),
            number(found.test.statistic),
            out::maybe(found.test.degrees_of_freedom),
            p(found.test.p),
        ],
        Err(why) => vec![name.to_owned(), why.to_string()],
    }
}
