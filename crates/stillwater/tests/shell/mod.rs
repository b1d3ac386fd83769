//! `stillwater stats` run as a researcher runs it.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs `stillwater stats` with these words and this input.
pub fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stillwater"))
        .arg("stats")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses before it reads closes its input, which is no fault of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// What it prints.
#[track_caller]
pub fn text(args: &[&str], input: &[u8]) -> String {
    let output = run(args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it gives as JSON.
#[track_caller]
pub fn json(args: &[&str], input: &[u8]) -> Value {
    let printed = text(&[args, &["--json"]].concat(), input);
    serde_json::from_str(&printed).unwrap()
}

/// A number in it, so far from the expected one at most.
#[track_caller]
pub fn near(found: &Value, path: &str, expected: f64, apart: f64) {
    let at = found.pointer(path).unwrap_or_else(|| panic!("{path} is not in {found}"));
    let value = at.as_f64().unwrap_or_else(|| panic!("{path} is {at}"));
    assert!((value - expected).abs() <= apart, "{path}: {value} and {expected}");
}

/// That it prints all of these.
#[track_caller]
pub fn prints(args: &[&str], input: &[u8], wanted: &[&str]) {
    let printed = text(args, input);
    for words in wanted {
        assert!(printed.contains(words), "{args:?} should print {words:?}:\n{printed}");
    }
}

/// That it refuses with these words.
#[track_caller]
pub fn refused(args: &[&str], input: &[u8], says: &[&str]) {
    let output = run(args, input);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
    for words in says {
        assert!(said.contains(words), "{args:?} should say {words:?}: {said}");
    }
}
