//! The project's own chores: the one command that runs every test, the house rules, and the generated documents.
//!
//! Started as `cargo xtask <chore>`; `cargo xtask` alone lists them.

mod browser;
mod command;
mod deps;
mod docs;
mod rules;
mod rust_text;
mod steps;
mod tree;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask <chore>

  test [--quick]   every check and every test; --quick leaves the browser out
  walk             the browser walk alone, with a build before it
  rules            the house rules alone
  deps             licences, banned crates, doubled versions and native libraries in the dependency tree
  docs             write the generated documents again
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => steps::test(false),
        ["test", "--quick"] => steps::test(true),
        ["walk"] => steps::walk(),
        ["rules"] => rules::run(),
        ["deps"] => deps::run(),
        ["docs"] => docs::run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("There is no chore `{}`.\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\n{trouble:#}");
            ExitCode::FAILURE
        }
    }
}
