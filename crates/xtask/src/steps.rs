//! The one command that runs every check and every test, each step announced in words and timed.

use std::io::IsTerminal;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{run, run_and_read};
use crate::{browser, deps, rules};

/// One step that ran: what it was, how long it took, and how it ended.
struct StepOutcome {
    says: &'static str,
    took: Duration,
    ended: Result<String>,
}

/// Runs every step, later ones also after a failure, and fails if any failed.
pub fn test(quick: bool) -> Result<()> {
    let mut outcomes = vec![
        step("The house rules hold", || rules::run().map(|()| String::new())),
        step("The dependencies are what we allow", || deps::run().map(|()| String::new())),
        step("The tools are there", || rust_components().map(|()| String::new())),
        step("The code is formatted", || cargo(&["fmt", "--all", "--check"]).map(|()| String::new())),
        step("Clippy finds nothing, warnings counted as faults", || {
            let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
            cargo(&arguments).map(|()| String::new())
        }),
        step("Every Rust test passes", rust_tests),
    ];
    if quick {
        println!("\nThe browser walk is left out, as --quick asks.");
    } else {
        outcomes.extend(walk_steps());
    }
    close(&outcomes)
}

/// Builds the program and walks through it in the browser, and nothing else.
pub fn walk() -> Result<()> {
    close(&walk_steps())
}

/// A walk without its browser or its program would only repeat the fault that is already told, so the first fault ends it.
fn walk_steps() -> Vec<StepOutcome> {
    let mut outcomes =
        vec![step("What the browser walk needs is there", || browser::prepare().map(|()| String::new()))];
    if outcomes.iter().all(|outcome| outcome.ended.is_ok()) {
        outcomes.push(step("The program builds", || {
            cargo(&["build", "--package", "stillwater", "--locked"]).map(|()| String::new())
        }));
    }
    if outcomes.iter().all(|outcome| outcome.ended.is_ok()) {
        outcomes.push(step("The demo clinic is walked through in a browser", browser::walk));
    }
    outcomes
}

fn step(says: &'static str, run: impl FnOnce() -> Result<String>) -> StepOutcome {
    println!("\n== {says} ==");
    let started = Instant::now();
    let ended = run();
    let took = started.elapsed();
    match &ended {
        Ok(_) => println!("-- done in {:.1} s", took.as_secs_f64()),
        Err(trouble) => println!("-- FAILED after {:.1} s: {trouble:#}", took.as_secs_f64()),
    }
    StepOutcome { says, took, ended }
}

fn close(outcomes: &[StepOutcome]) -> Result<()> {
    println!("\n== Summary ==");
    for outcome in outcomes {
        let (word, detail) = match &outcome.ended {
            Ok(detail) => ("passed", detail.clone()),
            Err(trouble) => ("FAILED", format!("{trouble:#}")),
        };
        let detail = if detail.is_empty() { detail } else { format!(": {detail}") };
        println!("  {word} {:>7.1} s  {}{detail}", outcome.took.as_secs_f64(), outcome.says);
    }
    let failed = outcomes.iter().filter(|outcome| outcome.ended.is_err()).count();
    println!("{} steps passed, {failed} failed", outcomes.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} steps failed; the first lines under each FAILED step above say why.", outcomes.len());
    }
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(Command::new("cargo").args(arguments))
}

/// A minimal Rust installation lacks the formatter and Clippy; rustup can add them.
fn rust_components() -> Result<()> {
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let is_there =
            Command::new("cargo").args([tool, "--version"]).output().is_ok_and(|output| output.status.success());
        if is_there {
            println!("cargo {tool} is there");
        } else {
            println!("cargo {tool} is missing; rustup is asked to add {component}");
            run(Command::new("rustup").args(["component", "add", component])).with_context(|| {
                format!("`cargo {tool}` is needed: install the component {component} of your Rust toolchain")
            })?;
        }
    }
    Ok(())
}

/// Passed, failed and ignored tests, added up over all test programs.
#[derive(Default, Debug, PartialEq, Eq)]
struct TestCount {
    programs: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl TestCount {
    fn add(&mut self, line: &str) {
        let plain = without_colour(line);
        let Some(rest) = plain.strip_prefix("test result: ") else { return };
        self.programs += 1;
        let words: Vec<&str> = rest.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let [number, kind] = pair else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            match *kind {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().take_while(|c| !c.is_ascii_alphabetic()).for_each(drop);
        } else {
            plain.push(letter);
        }
    }
    plain
}

fn rust_tests() -> Result<String> {
    let colour = if std::io::stdout().is_terminal() { "always" } else { "never" };
    let mut count = TestCount::default();
    let mut command = Command::new("cargo");
    command.args(["test", "--workspace", "--locked", "--no-fail-fast", "--color", colour]);
    let ended = run_and_read(&mut command, |line| count.add(line));
    let TestCount { programs, passed, failed, ignored } = count;
    let told = format!("{passed} passed, {failed} failed, {ignored} ignored in {programs} test programs");
    println!("Rust tests: {told}");
    ended.with_context(|| told.clone())?;
    if passed == 0 {
        bail!("No test ran, which cannot be right.");
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_the_closing_lines_of_test_programs() {
        let mut count = TestCount::default();
        count.add("running 3 tests");
        count.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        count.add("test result: \u{1b}[31mFAILED\u{1b}[m. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(count, TestCount { programs: 2, passed: 7, failed: 2, ignored: 1 });
    }

    #[test]
    fn fails_when_a_step_fails() {
        let outcomes = [step("One", || Ok(String::new())), step("Two", || bail!("it broke"))];
        assert!(close(&outcomes).is_err());
        assert!(close(&outcomes.into_iter().take(1).collect::<Vec<_>>()).is_ok());
    }
}
