//! `stillwater rules`: the rule book, printed from the rules themselves.

use stillwater_words::rule_book as book;

use crate::ending::{CliError, CliResult, Ended, print_line, print_text};

/// How to print it.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  stillwater rules | less\n  stillwater rules --format json > rules.json")]
pub struct Args {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    match args.format {
        Format::Text => print_text(&book::book_text(100))?,
        Format::Markdown => print_text(&book::book_markdown())?,
        Format::Json => print_line(serde_json::to_string_pretty(&book::book_json()).map_err(CliError::failure)?)?,
    }
    Ok(Ended::Clean)
}
