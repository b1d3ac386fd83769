//! `stillwater stats` for comparisons: known answers on an artificial trial, and what is said where there is none.
//!
//! The answers are those of R 4.2.2; the scripts stand beside the values in `crates/evidence/tests/reference/r`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../evidence/tests/data/trial.csv");

fn run(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stillwater"))
        .arg("stats")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses before it reads closes its input, which is no fault of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(args: &[&str], input: &str) -> String {
    let output = run(args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(args: &[&str], input: &str) -> Value {
    serde_json::from_str(&text(&[args, &["--json"]].concat(), input)).unwrap()
}

#[track_caller]
fn near(found: &Value, path: &str, expected: f64) {
    let at = found.pointer(path).unwrap_or_else(|| panic!("{path} is not in {found}"));
    let value = at.as_f64().unwrap_or_else(|| panic!("{path} is {at}"));
    assert!((value / expected - 1.0).abs() < 1e-6, "{path}: {value} and {expected}");
}

#[track_caller]
fn refused(args: &[&str], input: &str, says: &[&str]) {
    let output = run(args, input);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    for words in says {
        assert!(said.contains(words), "{args:?} should say {words:?}: {said}");
    }
}

#[test]
fn ancova_adjusts_the_arms_for_the_baseline_and_says_when_slopes_differ() {
    let asked = ["ancova", TRIAL, "--outcome", "week8", "--arm", "arm", "--covariate", "base"];
    let found = json(&asked, "");
    near(&found, "/differences/0/1/value", -4.21231647967201);
    near(&found, "/differences/0/1/standard_error", 1.85902052750423);
    near(&found, "/slopes_by_arm/Ok/0/p", 0.0319991283157102);
    let change = json(&[&asked[..], &["--change-from", "base"]].concat(), "");
    near(&change, "/differences/0/1/value", -4.21231647967201);
    let robust = json(&[&asked[..], &["--robust"]].concat(), "");
    near(&robust, "/differences/0/1/standard_error", 1.89543058512938);
    let clustered = json(&[&asked[..], &["--cluster", "cluster"]].concat(), "");
    near(&clustered, "/differences/0/1/standard_error", 1.8274926269763);
    let words = text(&[&asked[..], &["--cluster", "cluster"]].concat(), "");
    assert!(words.contains("ketamine - placebo") && words.contains("clusters are few"), "{words}");
    let turned = json(&[&asked[..], &["--reference", "ketamine"]].concat(), "");
    near(&turned, "/differences/0/1/value", 4.21231647967201);
}

#[test]
fn compare_gives_each_group_beside_the_control_with_who_was_missing() {
    let found = json(&["compare", TRIAL, "--outcome", "week8", "--group", "arm"], "");
    assert_eq!((&found["groups"][1]["group"], &found["groups"][1]["missing"]), (&"ketamine".into(), &7.into()));
    near(&found, "/comparisons/0/welch/Ok/test/p", 0.0308120652030842);
    near(&found, "/comparisons/0/rank_sum/Ok/p", 0.0308978264904514);
    let sites = json(&["compare", TRIAL, "--outcome", "week8", "--group", "site"], "");
    // Of two comparisons, Holm doubles the smaller p and leaves the larger as it is.
    let raw = sites["comparisons"][0]["welch"]["Ok"]["test"]["p"].as_f64().unwrap();
    near(&sites, "/comparisons/0/holm", 2.0 * raw);
    let pairs = json(&["compare", TRIAL, "--pairs", "week1,week8"], "");
    near(&pairs, "/signed_rank/Ok/p", 6.99562133143041e-08);
}

#[test]
fn shares_tell_what_the_missing_could_change() {
    let found = json(&["shares", TRIAL, "--outcome", "response", "--group", "arm"], "");
    near(&found, "/comparisons/0/fisher/Ok/p", 0.033724346633661);
    assert_eq!(found["comparisons"][0]["if_missing"].as_array().unwrap().len(), 4);
    let given = json(&["shares", "--counts", "10/15,3/15"], "");
    near(&given, "/comparisons/0/newcombe/low", 0.112129648680);
    near(&given, "/comparisons/0/e_value/Ok/0", 6.122_200_1);
    let none = text(&["shares", "--counts", "0/15,0/15"], "");
    assert!(none.contains("no events") && none.contains("none to give"), "{none}");
}

#[test]
fn rates_and_families_and_looks_agree_with_r() {
    let found = json(&["rates", "--events", "30,17", "--over", "210,190", "--per", "100"], "");
    near(&found, "/ratios/0/1/Ok/interval/high", 3.08599664586236);
    let groups = json(&["rates", TRIAL, "--events", "nausea", "--over", "sessions", "--group", "arm"], "");
    assert_eq!(groups["groups"][0]["rate"]["events"], 150);
    let adjusted = json(&["adjust", "--p", "0.01,0.02,0.03,0.04,0.05", "--names", "a,b,c,d,e"], "");
    near(&adjusted, "/adjusted/Holm/1", 0.08);
    near(&adjusted, "/adjusted/Benjamini-Yekutieli/0", 0.114_166_666_7);
    let looks = json(&["looks", "--looks", "5", "--boundary", "pocock"], "");
    near(&looks, "/looks/2/z", 2.413_178);
}

#[test]
fn sizes_agree_with_r() {
    near(&json(&["size", "means", "--difference", "10", "--sd", "15"], ""), "/size/exact", 36.305773122);
    let ancova = ["size", "ancova", "--difference=-5", "--sd", "10", "--correlation", "0.6"];
    near(&json(&ancova, ""), "/size/exact", 41.1813726613379);
    let some = json(&[&ancova[..], &["--people", "30"]].concat(), "");
    assert!(some["power"].as_f64().unwrap() < 0.8);
    let mmrm =
        ["size", "mmrm", "--difference", "0.5", "--sd", "1", "--correlation", "0.25", "--staying", "1,0.9,0.8,0.7"];
    near(&json(&mmrm, ""), "/size/exact", 86.9917503890357);
    let people = json(&["size", "events", "--hazard-ratio", "0.5", "--happens", "0.6,0.4"], "");
    assert_eq!(people["size"]["rounded_up"], 131);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let rows = "arm,y,z\na,1,0\na,1,0\nb,1,1\nb,1,2\n";
    let alike = text(&["compare", "-", "--outcome", "y", "--group", "arm"], rows);
    assert!(alike.contains("no variation in the values"), "{alike}");
    refused(&["compare", "-", "--outcome", "y", "--group", "z", "--reference", "9"], rows, &["\"9\"", "\"0\""]);
    refused(&["compare", "-"], rows, &["--outcome", "--pairs"]);
    refused(&["compare", "-", "--outcome", "y", "--group", "arm"], "arm,y\na,1\na,2\n", &["one group only"]);
    refused(&["ancova", "-", "--outcome", "y", "--arm", "arm"], rows, &["no variation in the outcome"]);
    refused(&["ancova", "-", "--outcome", "y", "--arm", "arm"], "arm,y\na,1\na,2\na,3\n", &["one arm only"]);
    refused(
        &["ancova", "-", "--outcome", "y", "--arm", "arm", "--covariate", "c"],
        "arm,y,c\na,1,5\nb,2,5\na,3,5\n",
        &["\"c\"", "explains nothing"],
    );
    refused(&["shares", "-", "--outcome", "z", "--group", "arm"], rows, &["holds 0, 2 besides \"1\""]);
    refused(
        &["shares", "-", "--outcome", "y", "--group", "arm", "--value", "yes"],
        rows,
        &["no cell of \"y\" is \"yes\""],
    );
    refused(&["shares", "--counts", "16/15,3/15"], "", &["treated", "no more than the number of people"]);
    refused(&["shares", "--counts", "ten,3/15"], "", &["10/15,3/15"]);
    refused(&["rates", "--events", "0,0", "--over", "0,5"], "", &["above 0"]);
    refused(&["rates", "-", "--events", "z", "--over", "o"], "z,o\n1,0\n", &["line 2", "\"o\"", "above 0"]);
    refused(&["adjust", "--p", "0.1,1.5"], "", &["1.5"]);
    refused(&["looks", "--looks", "0"], "", &["0 looks"]);
    refused(&["size", "means", "--difference", "0", "--sd", "15"], "", &["the size of the effect is 0"]);
    refused(
        &["size", "mmrm", "--difference", "5", "--sd", "9", "--correlation", "0.5", "--staying", "0.8,0.9"],
        "",
        &["no more than at the visit before"],
    );
    refused(
        &["size", "mmrm", "--difference", "5", "--sd", "9,9", "--correlation", "0.5", "--staying", "1,0.9,0.8"],
        "",
        &["3", "--sd 2"],
    );
}
