//! `stillwater stats` as a researcher runs it: known data in, known answers out, and what it says to a file that it cannot use.
//!
//! The answers are those of R 4.2.2 (metafor 3.8-1, survival 3.5-3, mmrm's published example), to the digits printed here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// BCG vaccine trials: events and people, vaccinated and not (Colditz 1994, published counts).
const BCG: &str = "trial,year,tpos,tn,cpos,cn,alloc
1,1948,4,123,11,139,random
2,1949,6,306,29,303,random
3,1960,3,231,11,220,random
4,1977,62,13598,248,12867,random
5,1973,33,5069,47,5808,alternate
6,1953,180,1541,372,1451,alternate
7,1973,8,2545,10,629,random
8,1980,505,88391,499,88391,random
9,1968,29,7499,45,7277,random
10,1961,17,1716,65,1665,systematic
11,1974,186,50634,141,27338,systematic
12,1969,5,2498,3,2341,systematic
13,1976,27,16913,29,17854,systematic
";

/// Remission of leukaemia in weeks (Gehan 1965, published data).
const GEHAN: &str = "time,cens,treat
1,1,control\n10,1,6-MP\n22,1,control\n7,1,6-MP\n3,1,control\n32,0,6-MP\n12,1,control\n23,1,6-MP\n8,1,control\n22,1,6-MP
17,1,control\n6,1,6-MP\n2,1,control\n16,1,6-MP\n11,1,control\n34,0,6-MP\n8,1,control\n32,0,6-MP\n12,1,control\n25,0,6-MP
2,1,control\n11,0,6-MP\n5,1,control\n20,0,6-MP\n4,1,control\n19,0,6-MP\n15,1,control\n6,1,6-MP\n8,1,control\n17,0,6-MP
23,1,control\n35,0,6-MP\n5,1,control\n6,1,6-MP\n11,1,control\n13,1,6-MP\n4,1,control\n9,0,6-MP\n1,1,control\n6,0,6-MP
8,1,control\n10,0,6-MP
";

const FEV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../evidence/tests/data/fev.csv");

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

fn json(args: &[&str], input: &str) -> Value {
    let mut all = args.to_vec();
    all.push("--json");
    let output = run(&all, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn near(found: &Value, path: &str, expected: f64, apart: f64) {
    let at = found.pointer(path).unwrap_or_else(|| panic!("{path} is not in {found}"));
    let value = at.as_f64().unwrap_or_else(|| panic!("{path} is {at}"));
    assert!((value - expected).abs() <= apart, "{path}: {value} and {expected}");
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
fn meta_pools_the_bcg_trials_as_metafor_does() {
    let counts = ["meta", "-", "--events", "tpos,cpos", "--of", "tn,cn"];
    let reml = json(&counts, BCG);
    near(&reml, "/pooled/mean/value", -0.714_532, 1e-4);
    near(&reml, "/pooled/mean/standard_error", 0.179_782, 1e-4);
    near(&reml, "/pooled/tau_squared", 0.313_243, 1e-4);
    near(&reml, "/pooled/q/statistic", 152.233_008, 1e-6);
    let dl = json(&[&counts[..], &["--method", "dl"]].concat(), BCG);
    near(&dl, "/pooled/mean/value", -0.714_117, 1e-6);
    near(&dl, "/pooled/i_squared", 92.1173, 1e-4);
    let ee = json(&[&counts[..], &["--method", "ee"]].concat(), BCG);
    near(&ee, "/pooled/mean/standard_error", 0.040_499, 1e-6);
    let text = run(
        &[&counts[..], &["--hksj", "--leave-one-out", "--cumulative", "year", "--subgroups", "alloc"]].concat(),
        BCG,
    );
    let text = String::from_utf8(text.stdout).unwrap();
    for words in [
        "Hartung and Knapp",
        "Egger's regression",
        "Begg and Mazumdar",
        "Mantel-Haenszel",
        "Peto",
        "Without each trial",
        "As trials were added",
        "Between groups",
        "disagree so much",
    ] {
        assert!(text.contains(words), "{words} is missing:\n{text}");
    }
}

#[test]
fn survival_compares_the_gehan_groups_as_r_does() {
    let found = json(&["survival", "-", "--time", "time", "--event", "cens", "--group", "treat"], GEHAN);
    near(&found, "/log_rank/test/statistic", 16.792_94, 1e-4);
    assert_eq!(found["groups"][0]["group"], "control");
    near(&found, "/groups/0/median/time", 8.0, 1e-9);
    near(&found, "/groups/1/median/time", 23.0, 1e-9);
    let coded = GEHAN.replace(",6-MP", ",0").replace(",control", ",1");
    let cox = json(&["survival", "-", "--time", "time", "--event", "cens", "--cox", "treat"], &coded);
    near(&cox, "/cox/effects/0/hazard_ratio/log", 1.572_13, 1e-5);
    near(&cox, "/cox/effects/0/hazard_ratio/log_standard_error", 0.412_397, 1e-5);
}

#[test]
fn mmrm_gives_the_published_differences_of_its_example() {
    let columns =
        ["--outcome", "FEV1", "--subject", "USUBJID", "--visit", "AVISIT", "--arm", "ARMCD", "--covariate", "RACE,SEX"];
    let found = json(&[&["mmrm", FEV][..], &columns].concat(), "");
    near(&found, "/deviance", 3386.450, 2e-3);
    assert_eq!(found["differences"].as_array().unwrap().len(), 4);
    let text = run(&[&["mmrm", FEV, "--structure", "ar1"][..], &columns].concat(), "");
    let text = String::from_utf8(text.stdout).unwrap();
    for words in [
        "missing at random",
        "Covariance between visits",
        "Satterthwaite",
        "type III",
        "Least-squares means",
        "TRT - PBO VIS4",
    ] {
        assert!(text.contains(words), "{words} is missing:\n{text}");
    }
}

#[test]
fn mixed_fits_a_line_for_each_person() {
    let mut rows = String::from("id,week,score\n");
    for person in 0..12 {
        for week in 0..4 {
            let noise = f64::from((person * 7 + week * 5) % 11) - 5.0;
            let score = 50.0 + f64::from(person) - (3.0 + f64::from(person % 3)) * f64::from(week) + noise / 4.0;
            rows.push_str(&format!("p{person},{week},{score}\n"));
        }
    }
    let found =
        json(&["mixed", "-", "--outcome", "score", "--subject", "id", "--fixed", "week", "--slope", "week"], &rows);
    assert_eq!(found["people"], 12);
    near(&found, "/fixed/coefficients/1/estimate/value", -4.0, 0.3);
    assert_eq!(found["random"].as_array().unwrap().len(), 2);
}

#[test]
fn crossover_and_change_say_who_was_missing() {
    let rows = "person,order,first,second\n1,KM,20,40\n2,KM,25,38\n3,KM,18,\n4,MK,42,22\n5,MK,39,30\n6,MK,41,19\n";
    let asked =
        ["crossover", "-", "--first", "first", "--second", "second", "--order", "order", "--treatment-first", "KM"];
    let found = json(&asked, rows);
    // First less second is -20 and -13 with the treatment first, 20, 9 and 22 with the control first: half of -16.5 less 17.
    near(&found, "/treatment/Ok/difference/value", -16.75, 1e-12);
    assert_eq!(found["treatment_first"]["answered"], 2);
    let scores = "base,week2\n50,30\n40,41\n60,\n45,25\nNA,20\n55,20\n";
    let found =
        json(&["change", "-", "--before", "base", "--after", "week2", "--reliable", "15", "--remission", "32"], scores);
    near(&found, "/mean_change/Ok/change/difference/value", -18.5, 1e-12);
    near(&found, "/response/Ok/value", 0.75, 1e-12);
    near(&found, "/response/Ok/if_missing_have_not", 0.5, 1e-12);
    near(&found, "/classes/Ok/deteriorated/value", 0.0, 1e-12);
}

#[test]
fn what_cannot_be_used_is_named_with_its_line_and_column() {
    refused(&["meta", "-", "--yi", "effect", "--vi", "vi"], BCG, &["no column \"effect\"", "\"tpos\""]);
    refused(&["meta", "-", "--events", "tpos,cpos", "--of", "tn"], BCG, &["--of", "two columns"]);
    refused(&["meta", "-"], BCG, &["--yi", "--events", "--means"]);
    refused(
        &["meta", "-", "--yi", "y", "--vi", "v"],
        "y,v\n1,0.2\ntwo,0.1\n",
        &["line 3", "\"y\"", "\"two\" is not a number"],
    );
    refused(
        &["meta", "-", "--yi", "y", "--vi", "v"],
        "y,v\n,0.2\n,0.1\n",
        &["no row holds a value in each of \"y\", \"v\""],
    );
    refused(
        &["meta", "-", "--yi", "y", "--vi", "v"],
        "y,v\n1,0.2\n2\n",
        &["line 3", "1 cells where the headings are 2"],
    );
    refused(&["meta", "-", "--yi", "y", "--vi", "v"], "y,v\n", &["headings and no rows"]);
    refused(&["meta", "-", "--yi", "y", "--vi", "v"], "y,v\n1,0\n2,1\n", &["variance", "above 0"]);
    refused(&["meta", "-", "--events", "a,b", "--of", "c,d"], "a,b,c,d\n5,1,4,9\n", &["cannot be estimated"]);
    let survival = ["survival", "-", "--time", "time", "--event", "cens", "--event-value", "dead"];
    refused(&survival, GEHAN, &["no cell of \"cens\" is \"dead\"", "--event-value"]);
    refused(&["survival", "/nowhere/at-all.csv", "--time", "t", "--event", "e"], "", &["cannot be read"]);
    let crossed = ["crossover", "-", "--first", "a", "--second", "b", "--order", "o", "--treatment-first", "KM"];
    refused(&crossed, "a,b,o\n1,2,AB\n3,4,BA\n", &["AB, BA", "KM"]);
    refused(&["change", "-", "--before", "a", "--after", "b", "--level", "100"], "a,b\n1,2\n", &["--level is 100"]);
}

#[test]
fn data_that_say_nothing_are_told_and_not_fitted() {
    let one = "id,visit,y\n1,1,5\n1,2,6\n";
    refused(&["mmrm", "-", "--outcome", "y", "--subject", "id", "--visit", "visit"], one, &["cannot be estimated"]);
    let alike = run(&["change", "-", "--before", "a", "--after", "b"], "a,b\n5,3\n5,3\n5,3\n");
    let said = String::from_utf8_lossy(&alike.stdout).into_owned();
    assert!(alike.status.success() && said.contains("no variation"), "{said}");
}

#[test]
fn power_is_that_of_the_formula_where_nobody_leaves_and_the_same_from_the_same_seed() {
    let asked =
        ["power", "--people", "64,64", "--effect=-5", "--baseline", "50,8", "--visit-spread", "6", "--visits", "14"];
    let found = json(&asked, "");
    // Two arms of 64, a difference of half a standard deviation (sqrt(8 squared + 6 squared) = 10): R's power.t.test gives 0.8015.
    near(&found, "/power/share", 0.8015, 0.03);
    assert_eq!(found, json(&asked, ""));
    let without = asked.map(|word| if word == "--effect=-5" { "--effect=0" } else { word });
    let none = json(&without, "");
    near(&none, "/power/share", 0.05, 0.02);
    let spread = json(&[&asked[..], &["--exposure", "sl:100"]].concat(), "");
    let words = spread["assumptions"].to_string();
    assert!(words.contains("sl:100 mg") && words.contains("hypothesis"), "{words}");
    refused(&[&asked[..], &["--exposure", "spoon:5"]].concat(), "", &["spoon:5", "sl:100"]);
    refused(
        &["power", "--people", "1,64", "--effect=-5", "--baseline", "50,8", "--visit-spread", "6", "--visits", "14"],
        "",
        &["--people", "2 to"],
    );
}
