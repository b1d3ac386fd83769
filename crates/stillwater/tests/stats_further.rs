//! `stillwater stats` for what is missing, for hazards, for trials beside each other, and its drawings.
//!
//! The answers are those of R 4.2.2; the scripts stand beside the values in `crates/evidence/tests/reference/r`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

macro_rules! data {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../evidence/tests/data/", $name)
    };
}

const TRIAL: &str = data!("trial.csv");
const LONG: &str = data!("trial_long.csv");
const INTERVALS: &str = data!("trial_intervals.csv");

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
fn near(found: &Value, path: &str, expected: f64, relative: f64) {
    let at = found.pointer(path).unwrap_or_else(|| panic!("{path} is not in {found}"));
    let value = at.as_f64().unwrap_or_else(|| panic!("{path} is {at}"));
    assert!((value / expected - 1.0).abs() < relative, "{path}: {value} and {expected}");
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

/// A path that nothing stands at, which is taken away at the end.
struct NewFile(PathBuf);

impl NewFile {
    fn called(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stillwater-{}-{name}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn sensitivity_supposes_several_things_of_those_who_left_and_finds_where_the_answer_tips() {
    let wide = ["sensitivity", TRIAL, "--visits", "week1,week2,week4,week8", "--arm", "arm", "--covariate", "base"];
    let found = json(&[&wide[..], &["--delta", "0,10"]].concat(), "");
    near(&found, "/conditional_mean/0/arms/0/estimate/value", -4.05302912524289, 1e-4);
    near(&found, "/conditional_mean/0/arms/0/estimate/standard_error", 1.88429176285249, 1e-4);
    near(&found, "/conditional_mean/1/arms/0/estimate/value", -3.57008555910277, 1e-4);
    assert_eq!(found["filled_in"][1]["last_visit"]["answered"], 53);
    // The interval at random does not hold 0; shifting those who left by the tipping point brings it there.
    let tip = found["conditional_mean"][0]["arms"][0]["tipping_points"][1].as_f64().unwrap();
    let asked = format!("--delta={tip}");
    let there = json(&[&wide[..], &[&asked]].concat(), "");
    let high = there["conditional_mean"][0]["arms"][0]["shifted"][0]["estimate"]["interval"]["high"].as_f64().unwrap();
    assert!(high.abs() < 1e-6, "{high}");
    let long = ["sensitivity", LONG, "--outcome", "score", "--subject", "id", "--visit", "week"];
    let same = json(&[&long[..], &["--arm", "arm", "--covariate", "base"]].concat(), "");
    near(&same, "/conditional_mean/0/arms/0/estimate/value", -4.05302912524289, 1e-4);
}

#[test]
fn cox_takes_spells_strata_clusters_a_penalty_and_competing_causes() {
    let spells = [
        "cox",
        INTERVALS,
        "--start",
        "start",
        "--stop",
        "stop",
        "--event",
        "relapse",
        "--covariate",
        "arm,base,boosted",
    ];
    let found =
        json(&[&spells[..], &["--reference", "arm=placebo", "--strata", "site", "--cluster", "id"]].concat(), "");
    near(&found, "/fit/effects/0/hazard_ratio/log", -0.77220572140885, 1e-6);
    near(&found, "/fit/effects/0/hazard_ratio/log_standard_error", 0.27313323537522, 1e-6);
    let person = ["cox", TRIAL, "--time", "time", "--event", "status", "--event-value", "1", "--covariate", "arm,base"];
    let person = [&person[..], &["--reference", "arm=placebo"]].concat();
    let gray = json(&[&person[..], &["--competing", "2", "--fine-gray", "--ties", "breslow"]].concat(), "");
    near(&gray, "/fit/effects/0/hazard_ratio/log", -0.73865666918426, 1e-6);
    let rows = "t,e,x\n1,1,1\n2,1,1\n3,1,1\n9,0,0\n9,0,0\n";
    let asked = ["cox", "-", "--time", "t", "--event", "e", "--covariate", "x"];
    refused(&asked, rows, &["x separates", "no bound"]);
    let bounded = text(&[&asked[..], &["--firth"]].concat(), rows);
    assert!(bounded.contains("Firth") && bounded.contains("events are few"), "{bounded}");
    let backwards = ["cox", "-", "--start", "a", "--stop", "b", "--event", "e", "--covariate", "x"];
    refused(&backwards, "a,b,e,x\n0,5,1,1\n7,6,0,0\n", &["line 3", "\"b\"", "end later"]);
}

#[test]
fn survival_compares_restricted_means_and_shares_of_each_cause() {
    let alone = ["survival", TRIAL, "--time", "time", "--event", "status", "--event-value", "1", "--group", "arm"];
    let means =
        json(&[&alone[..], &["--censored-value", "0", "--censored-value", "2", "--restrict", "60"]].concat(), "");
    near(&means, "/restricted_difference/0/found/difference/value", 47.2701948267938 - 35.1337621839119, 1e-8);
    let causes = json(&[&alone[..], &["--competing", "2"]].concat(), "");
    near(&causes, "/gray/0/test/statistic", 6.97061857983387, 1e-8);
    near(&causes, "/gray/1/test/p", 0.318068108499385, 1e-7);
}

#[test]
fn mmrm_lets_a_covariate_work_by_visit_averages_visits_and_takes_toeplitz() {
    let asked = [
        "mmrm",
        LONG,
        "--outcome",
        "score",
        "--subject",
        "id",
        "--visit",
        "week",
        "--arm",
        "arm",
        "--covariate",
        "base",
    ];
    let toeplitz = json(&[&asked[..], &["--structure", "toeph"]].concat(), "");
    near(&toeplitz, "/deviance", 3120.56603977068, 1e-6);
    let by_visit = json(&[&asked[..], &["--by-visit", "base", "--average", "4,8", "--average", "8"]].concat(), "");
    // The mean of one visit is that visit's difference.
    let last = by_visit["differences"][3]["estimate"]["value"].as_f64().unwrap();
    near(&by_visit, "/averages/1/1/value", last, 1e-9);
    let four = by_visit["differences"][2]["estimate"]["value"].as_f64().unwrap();
    near(&by_visit, "/averages/0/1/value", (four + last) / 2.0, 1e-9);
    // Where the baseline works at each visit, its own change leaves every difference as it is.
    let change = json(&[&asked[..], &["--by-visit", "base", "--change-from", "base"]].concat(), "");
    near(&change, "/differences/3/estimate/value", last, 1e-6);
    let small = text(&[&asked[..], &["--kenward-roger"]].concat(), "");
    assert!(small.contains("Kenward and Roger's errors"), "{small}");
    refused(&[&asked[..], &["--kenward-roger", "--likelihood", "ml"]].concat(), "", &["restricted likelihood"]);
    refused(&[&asked[..], &["--by-visit", "age"]].concat(), "", &["\"age\"", "not among the covariates"]);
    refused(&[&asked[..], &["--average", "9"]].concat(), "", &["\"9\"", "1, 2, 4, 8"]);
}

const TRIALS: &str =
    "trial,g,se,lab,year\na,0.2,0.1,x,1990\nb,0.5,0.2,x,1995\nc,0.9,0.3,y,2001\nd,0.1,0.15,z,2004\ne,0.6,0.25,z,2010\n";

#[test]
fn meta_regresses_on_columns_and_lets_trials_of_a_cluster_go_together() {
    let asked = ["meta", "-", "--yi", "g", "--se", "se", "--study", "trial"];
    let found = json(&[&asked[..], &["--moderators", "year", "--cluster", "lab"]].concat(), TRIALS);
    assert_eq!(found["meta_regression"]["coefficients"][1]["name"], "year");
    assert_eq!(found["clustered"]["clusters"], 3);
    let said = text(&[&asked[..], &["--moderators", "year", "--cluster", "lab"]].concat(), TRIALS);
    assert!(said.contains("Meta-regression") && said.contains("3 clusters"), "{said}");
    let one = text(
        &[&asked[..], &["--cluster", "same"]].concat(),
        &TRIALS
            .replace("year\n", "year,same\n")
            .replace("1990\n", "1990,k\n")
            .replace("1995\n", "1995,k\n")
            .replace("2001\n", "2001,k\n")
            .replace("2004\n", "2004,k\n")
            .replace("2010\n", "2010,k\n"),
    );
    assert!(one.contains("1 clusters"), "{one}");
}

#[test]
fn drawings_are_written_to_new_files_and_overwrite_nothing() {
    let (forest, funnel) = (NewFile::called("forest.svg"), NewFile::called("funnel.svg"));
    let asked = [
        "meta",
        "-",
        "--yi",
        "g",
        "--se",
        "se",
        "--study",
        "trial",
        "--svg",
        forest.path(),
        "--funnel-svg",
        funnel.path(),
    ];
    text(&asked, TRIALS);
    assert!(forest.read().contains("<svg") && forest.read().contains("5 trials"));
    assert!(funnel.read().contains("Funnel of 5 trials") && !funnel.read().contains("NaN"));
    refused(&asked, TRIALS, &["is there already", "not overwritten"]);
    let curves = NewFile::called("curves.svg");
    let survival = ["survival", TRIAL, "--time", "time", "--event", "status", "--event-value", "1", "--group", "arm"];
    text(&[&survival[..], &["--censored-value", "0", "--censored-value", "2", "--svg", curves.path()]].concat(), "");
    assert!(curves.read().contains("60 people") && curves.read().contains("ketamine"));
    let means = NewFile::called("means.svg");
    let mmrm = ["mmrm", LONG, "--outcome", "score", "--subject", "id", "--visit", "week", "--arm", "arm"];
    text(&[&mmrm[..], &["--svg", means.path()]].concat(), "");
    assert!(means.read().contains("least-squares means") && means.read().contains("placebo"));
    let nowhere = [&mmrm[..], &["--svg", "/nowhere/at/all.svg"]].concat();
    refused(&nowhere, "", &["cannot be written"]);
}

#[test]
fn what_cannot_be_supposed_is_named() {
    let rows = "arm,a,b\nx,1,2\nx,2,3\ny,1,NA\ny,2,NA\n";
    refused(&["sensitivity", "-", "--visits", "a,b", "--arm", "arm"], rows, &["cannot be estimated"]);
    refused(&["sensitivity", "-", "--arm", "arm"], rows, &["--visits", "--outcome"]);
    refused(&["sensitivity", "-", "--visits", "a,b", "--arm", "arm"], "arm,a,b\nx,1,2\nx,2,3\n", &["one arm only"]);
    let long = "id,v,y,arm\n1,1,5,x\n1,2,6,y\n2,1,4,y\n2,2,7,y\n";
    let asked = ["sensitivity", "-", "--outcome", "y", "--subject", "id", "--visit", "v", "--arm", "arm"];
    refused(&asked, long, &["line 3", "\"arm\"", "1 has another value"]);
    refused(&asked, "id,v,y,arm\n1,1,5,x\n1,1,6,x\n2,1,4,y\n", &["line 3", "this visit twice"]);
}

#[test]
fn logistic_gives_odds_and_standardised_shares_once_and_over_visits() {
    let once = ["logistic", TRIAL, "--outcome", "response", "--arm", "arm", "--covariate", "base,site"];
    let found = json(&once, "");
    near(&found, "/odds_ratios/1/ratio/log", 0.992561886078911, 1e-6);
    near(&found, "/odds_ratios/1/ratio/log_standard_error", 0.414871543644001, 1e-6);
    near(&found, "/standardised/1/1/value", 0.604180522161977, 1e-6);
    let firth = json(&[&once[..], &["--firth"]].concat(), "");
    near(&firth, "/odds_ratios/1/ratio/log", 0.944272283417271, 1e-6);
    let visits =
        ["logistic", LONG, "--outcome", "better", "--arm", "arm", "--covariate", "week,base", "--factor", "week"];
    let alike = json(&[&visits[..], &["--subject", "id"]].concat(), "");
    near(&alike, "/odds_ratios/1/ratio/log", 0.678943937733319, 1e-5);
    near(&alike, "/correlation", 0.192465694407099, 1e-5);
    refused(&["logistic", "-", "--outcome", "y", "--arm", "a"], "a,y\nx,1\nx,2\nz,3\n", &["holds 1, 2, 3", "--value"]);
    let apart = "a,y\nx,0\nx,0\nx,0\nz,1\nz,1\nz,0\nz,1\n";
    refused(&["logistic", "-", "--outcome", "y", "--arm", "a"], apart, &["a z", "no bound"]);
}

#[test]
fn table1_counts_who_is_missing_and_tests_nothing() {
    let asked = ["table1", TRIAL, "--columns", "age,sex,base,week8", "--group", "arm", "--median", "base"];
    let said = text(&asked, "");
    for words in ["people", "placebo", "everybody", "standardised difference", "  missing", "  female", "No tests"] {
        assert!(said.contains(words), "{words} is missing:\n{said}");
    }
    let found = json(&asked, "");
    assert_eq!(found["lines"][0]["cells"], serde_json::json!(["60", "60", "120"]));
    refused(&[&asked[..6], &["--median", "week1"]].concat(), "", &["\"week1\"", "not among --columns"]);
}

#[test]
fn power_by_other_analyses_and_with_leaving_by_score_says_what_it_did() {
    let asked = [
        "power",
        "--people",
        "30,30",
        "--effect=-6",
        "--baseline",
        "50,8",
        "--visit-spread",
        "6",
        "--visits",
        "2,4",
        "--leaving",
        "0.1",
        "--trials",
        "200",
    ];
    let power = |further: &[&str]| json(&[&asked[..], further].concat(), "")["power"]["share"].as_f64().unwrap();
    // A baseline that explains 41 % of the variance must show; three binomial standard errors of the difference are 0.14.
    assert!(power(&["--analysis", "ancova"]) > power(&[]) + 0.02);
    let unseen = text(&[&asked[..], &["--analysis", "ancova", "--leaving-unseen", "0.8"]].concat(), "");
    for words in ["Analysis of covariance", "missing not at random", "not the one that was put in"] {
        assert!(unseen.contains(words), "{words} is missing:\n{unseen}");
    }
    assert!(!unseen.contains("missing completely at random"));
    let few = asked.map(|word| if word == "200" { "20" } else { word });
    let mixed = text(&[&few[..], &["--analysis", "mmrm"]].concat(), "");
    assert!(mixed.contains("Mixed model"), "{mixed}");
}
