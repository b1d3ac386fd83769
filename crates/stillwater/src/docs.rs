//! `stillwater docs`: documents that are made from the program itself, for the repository.

use stillwater_care::rules::book;

use crate::outcome::{Done, Ended, say_all};

/// Which document.
#[derive(clap::Args)]
pub struct Args {
    #[arg(value_enum)]
    which: Which,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Rules,
    Events,
    Access,
}

/// Runs it.
pub fn run(args: &Args) -> Done {
    let text = match args.which {
        Which::Rules => book::book_markdown(),
        Which::Events => stillwater_care::event::book::events_markdown(),
        Which::Access => stillwater_server::auth::access::markdown(&stillwater_server::entries()),
    };
    say_all(&text)?;
    Ok(Ended::Clean)
}
