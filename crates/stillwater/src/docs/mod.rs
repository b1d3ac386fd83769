//! `stillwater docs`: documents that are made from the program itself, for the repository.

mod pharmacology;

use stillwater_words::rule_book as book;

use crate::ending::{CliError, CliResult, Ended, print_text};

/// Which document.
#[derive(clap::Args)]
pub struct Args {
    #[arg(value_enum)]
    which: Which,
    /// One of the drawings of the document, in place of the document; `list` gives their names
    #[arg(long, value_name = "NAME")]
    plot: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Rules,
    Events,
    Access,
    Pharmacology,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    let text = match (args.which, args.plot.as_deref()) {
        (Which::Rules, None) => book::book_markdown(),
        (Which::Events, None) => stillwater_care::event::book::events_markdown(),
        (Which::Access, None) => stillwater_server::access_table::markdown(&stillwater_server::entries()),
        (Which::Pharmacology, None) => pharmacology::markdown()?,
        (Which::Pharmacology, Some("list")) => pharmacology::names().map(|name| format!("{name}\n")).collect(),
        (Which::Pharmacology, Some(name)) => pharmacology::plot(name)?,
        (_, Some(_)) => return Err(CliError::Input("only `docs pharmacology` has drawings".to_owned())),
    };
    print_text(&text)?;
    Ok(Ended::Clean)
}
