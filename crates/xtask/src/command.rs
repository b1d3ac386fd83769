//! Runs other programs in the project's root: each is told before it starts, and a failure carries its words.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tree;

/// Runs a command in the project's root with its output passed through, and fails when it does.
pub fn run(command: &mut Command) -> Result<()> {
    let told = told(command);
    println!("$ {told}");
    std::io::stdout().flush()?;
    let status = command.current_dir(tree::root()).status().with_context(|| format!("starting `{told}`"))?;
    if !status.success() {
        bail!("`{told}` ended with {status}");
    }
    Ok(())
}

/// Runs a command with its standard output both shown and handed back line by line.
pub fn run_and_read(command: &mut Command, mut line: impl FnMut(&str)) -> Result<()> {
    let told = told(command);
    println!("$ {told}");
    std::io::stdout().flush()?;
    let mut child = command
        .current_dir(tree::root())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{told}`"))?;
    let output = child.stdout.take().context("the command's output is not connected")?;
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while output.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        std::io::stdout().flush()?;
        line(text.trim_end());
        bytes.clear();
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{told}` ended with {status}");
    }
    Ok(())
}

fn told(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fails_when_a_command_fails() {
        assert!(run(&mut Command::new("false")).is_err());
        assert!(run(&mut Command::new("true")).is_ok());
        assert!(run(&mut Command::new("no-such-program-here")).is_err());
    }

    #[test]
    fn hands_back_each_line_that_a_command_prints() {
        let mut lines = Vec::new();
        let ended = run_and_read(Command::new("printf").arg("a\nb\n"), |line| lines.push(line.to_owned()));
        assert!(ended.is_ok());
        assert_eq!(lines, ["a", "b"]);
    }
}
