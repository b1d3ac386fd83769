//! What `stillwater stats` once got wrong or refused as a whole: empty cells, codes of events, competing causes, groups in which nothing
//! happened, one visit or one arm, and tables at the edge of what can be used.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod shell;

use serde_json::Value;
use shell::{json, near, prints, refused, run, text};

const BCG: &str = "trial,year,tpos,tn,cpos,cn
1,1948,4,123,11,139\n2,1949,6,306,29,303\n3,1960,3,231,11,220\n4,1977,62,13598,248,12867\n5,1973,33,5069,47,5808
6,1953,180,1541,372,1451\n7,1973,8,2545,10,629\n8,1980,505,88391,499,88391\n9,1968,29,7499,45,7277\n10,1961,17,1716,65,1665
11,1974,186,50634,141,27338\n12,1969,5,2498,3,2341\n13,1976,27,16913,29,17854\n";

const ZERO: &str = "study,ai,n1,ci,n2\na,0,20,0,20\nb,0,20,2,20\nc,2,20,4,20\n";

fn counts<'a>(further: &[&'a str]) -> Vec<&'a str> {
    [&["meta", "-", "--events", "tpos,cpos", "--of", "tn,cn"][..], further].concat()
}

fn zero<'a>(further: &[&'a str]) -> Vec<&'a str> {
    [&["meta", "-", "--events", "ai,ci", "--of", "n1,n2", "--study", "study", "--method", "ee"][..], further].concat()
}

/// The values that metafor's own tests of `rma.mh` hold.
#[test]
fn mantel_and_haenszel_pool_the_measure_asked_for_and_name_it() {
    let odds = json(&counts(&["--measure", "or"]), BCG.as_bytes());
    near(&odds, "/mantel_haenszel/Ok/ratio/log", -0.4734, 5e-5);
    near(&odds, "/mantel_haenszel/Ok/q/statistic", 163.9426, 5e-5);
    let difference = json(&counts(&["--measure", "rd"]), BCG.as_bytes());
    near(&difference, "/mantel_haenszel/Ok/difference/value", -0.0033, 5e-5);
    near(&difference, "/mantel_haenszel/Ok/q/statistic", 386.7759, 5e-5);
    let risk = json(&counts(&[]), BCG.as_bytes());
    near(&risk, "/mantel_haenszel/Ok/ratio/log", -0.453_710, 1e-6);
    for (measure, name) in [("rr", "risk ratio"), ("or", "odds ratio"), ("rd", "risk difference")] {
        let printed = text(&counts(&["--measure", measure]), BCG.as_bytes());
        assert!(
            printed.contains(&format!("Mantel-Haenszel {name} ")) && printed.contains("Peto odds ratio"),
            "{printed}"
        );
    }
}

/// metafor: log odds ratio -0.901, SE 0.746, three trials; statsmodels 0.15.0 `StratifiedTable` for Mantel-Haenszel.
#[test]
fn a_trial_with_an_empty_cell_is_named_and_does_not_stop_the_others() {
    let found = json(&zero(&["--measure", "or"]), ZERO.as_bytes());
    near(&found, "/pooled/mean/value", -0.901_235, 1e-6);
    near(&found, "/pooled/mean/standard_error", 0.746_270, 1e-6);
    assert_eq!(found["pooled"]["trials"], 3);
    near(&found, "/mantel_haenszel/Ok/ratio/log", -1.252_763, 1e-6);
    near(&found, "/mantel_haenszel/Ok/ratio/log_standard_error", 0.871_165, 1e-6);
    prints(
        &zero(&["--measure", "or"]),
        ZERO.as_bytes(),
        &["added to each cell of a (line 2), b (line 3)", "No event in either arm of a (line 2)"],
    );
    let none = json(&zero(&["--measure", "or", "--correction", "none"]), ZERO.as_bytes());
    assert_eq!(none["pooled"]["trials"], 1);
    assert_eq!(none["studies"], serde_json::json!(["c"]));
    near(&none, "/mantel_haenszel/Ok/ratio/log", -1.252_763, 1e-6);
    prints(
        &zero(&["--measure", "rr", "--correction", "none"]),
        ZERO.as_bytes(),
        &["a (line 2) is left out of the pooled effect", "no events in the treated group"],
    );
    // Not one trial can be weighed: the counts still can.
    let bare = "study,ai,n1,ci,n2\nb,0,20,2,20\nc,2,20,0,20\n";
    let printed = text(&zero(&["--measure", "or", "--correction", "none"]), bare.as_bytes());
    assert!(printed.contains("cannot be estimated") && printed.contains("Peto odds ratio 1,"), "{printed}");
    refused(
        &zero(&[]),
        b"study,ai,n1,ci,n2\nb,21,20,2,20\n",
        &["line 2", "\"ai\"", "b: its effect", "no more than the number of people"],
    );
    refused(&["meta", "-", "--yi", "y", "--vi", "v"], b"y,v\n1,0.2\n2,0\n", &["line 3, column \"v\"", "above 0"]);
}

#[test]
fn two_trials_can_be_left_out_one_by_one() {
    let two = "trial,y,v\na,-0.5,0.25\nb,0.125,0.5\n";
    let asked = ["meta", "-", "--yi", "y", "--vi", "v", "--study", "trial", "--leave-one-out"];
    let found = json(&asked, two.as_bytes());
    near(&found, "/leave_one_out/0/pooled/mean/value", 0.125, 1e-12);
    prints(
        &[&asked[..], &["--hksj"]].concat(),
        two.as_bytes(),
        &["Pooled", "Without each trial", "cannot be estimated"],
    );
}

/// Remission in weeks with 1 for last seen and 2 for relapse, as the lung data of R's survival package code death.
const CODED: &str = "week,status,arm\n6,2,drug\n6,2,drug\n6,2,drug\n6,1,drug\n7,2,drug\n9,1,drug\n1,2,none\n1,2,none\n2,2,none\n5,2,none\n";

fn survival<'a>(further: &[&'a str]) -> Vec<&'a str> {
    [&["survival", "-", "--time", "week", "--event", "status"][..], further].concat()
}

#[test]
fn the_code_of_an_event_is_printed_and_an_unknown_one_refused() {
    refused(&survival(&[]), CODED.as_bytes(), &["\"2\", \"1\"", "--event-value"]);
    let found = json(&survival(&["--event-value", "2"]), CODED.as_bytes());
    assert_eq!(found["groups"][0]["events"], 8);
    prints(
        &survival(&["--event-value", "2"]),
        CODED.as_bytes(),
        &["status: 2 means that it happened; last seen without it: 1."],
    );
    let stray = CODED.replace("9,1,drug", "9,3,drug");
    refused(&survival(&["--event-value", "2"]), stray.as_bytes(), &["line 7", "\"status\"", "1, 3", "--competing"]);
    refused(
        &survival(&["--event-value", "2", "--censored-value", "1"]),
        stray.as_bytes(),
        &["line 7", "\"3\" is neither"],
    );
    let both =
        json(&survival(&["--event-value", "2", "--censored-value", "1", "--censored-value", "3"]), stray.as_bytes());
    assert_eq!(both["groups"][0]["events"], 8);
    // A status that is missing takes the row with it.
    let missing = CODED.replace("9,1,drug", "9,NA,drug");
    prints(&survival(&["--event-value", "2"]), missing.as_bytes(), &["1 without \"status\" (line 7)"]);
}

const CAUSES: &str =
    "t,c,g\n1.0,1,B\n38.01,2,A\n22.02,3,B\n6.03,1,A\n43.04,1,B\n27.05,2,A\n11.06,1,B\n48.07,2,A\n32.08,1,B
16.09,1,A\n53.1,0,B\n37.11,2,A\n21.12,1,B\n5.13,2,A\n42.14,3,B\n26.15,1,A\n";

const LIFELINES: [(&str, &str, &str, f64); 7] = [
    ("A", "1", "10", 0.125),
    ("A", "1", "30", 0.375),
    ("A", "2", "10", 0.125),
    ("A", "2", "30", 0.25),
    ("B", "1", "10", 0.125),
    ("B", "1", "30", 0.375),
    ("B", "2", "30", 0.0),
];

/// lifelines 0.30.3, `AalenJohansenFitter`, in each group.
#[test]
fn competing_causes_are_given_by_group_and_time_without_a_curve_of_one_cause() {
    let asked = [
        "survival",
        "-",
        "--time",
        "t",
        "--event",
        "c",
        "--event-value",
        "1",
        "--competing",
        "2",
        "--competing",
        "3",
        "--group",
        "g",
        "--at",
        "10,30",
    ];
    let printed = text(&asked, CAUSES.as_bytes());
    let cells: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    let share = |group: &str, cause: &str, time: &str| -> f64 {
        let row = cells.iter().find(|row| row.len() > 6 && row[0] == group && row[1] == cause && row[2] == time);
        row.unwrap_or_else(|| panic!("{group} {cause} {time}:\n{printed}"))[5].parse().unwrap()
    };
    for (group, cause, time, wanted) in LIFELINES {
        assert!((share(group, cause, time) - wanted).abs() < 1e-5, "{group} {cause} {time}\n{printed}");
    }
    assert!(
        !printed.contains("median") && printed.contains("Aalen and Johansen") && printed.contains("not given"),
        "{printed}"
    );
    let found = json(&asked, CAUSES.as_bytes());
    assert_eq!(found["groups"][0]["causes"].as_array().unwrap().len(), 3);
    assert_eq!(found["groups"][0].get("median"), None);
}

#[test]
fn a_group_without_events_and_everybody_last_seen_keep_their_curves() {
    let one = "week,status,arm\n1,1,a\n2,1,a\n3,0,a\n4,0,b\n5,0,b\n6,0,b\n";
    prints(
        &survival(&["--group", "arm", "--cox", "arm"]),
        one.as_bytes(),
        &["Kaplan and Meier", "log-rank: chi squared", "The hazard ratios cannot be estimated"],
    );
    let nobody = "week,status,arm\n1,0,a\n2,0,a\n3,0,b\n4,0,b\n";
    let printed =
        text(&survival(&["--group", "arm", "--cox", "arm", "--at", "2", "--restrict", "2"]), nobody.as_bytes());
    for words in ["stands nowhere", "not reached", "The log-rank test cannot", "The hazard ratios cannot", "no events"]
    {
        assert!(printed.contains(words), "{words}: {printed}");
    }
    let tied = "week,status,dose\n2,1,1\n2,1,2\n2,1,4\n2,1,3\n";
    let printed = text(&survival(&["--cox", "dose", "--ties", "exact"]), tied.as_bytes());
    assert!(printed.contains("The hazard ratios cannot be estimated") && !printed.contains("inf"), "{printed}");
}

#[test]
fn a_median_on_a_level_stretch_says_so() {
    let level = "week,status\n1,1\n3,1\n6,1\n8,1\n";
    prints(
        &survival(&[]),
        level.as_bytes(),
        &["4.5", "level at exactly a half from 3 to 6", "any time between would serve"],
    );
    let end = "week,status\n1,1\n3,1\n6,0\n8,0\n";
    let found = json(&survival(&[]), end.as_bytes());
    near(&found, "/groups/0/median/time", 3.0, 0.0);
    prints(&survival(&[]), end.as_bytes(), &["from 3 to the end"]);
}

#[test]
fn columns_of_codes_are_groups_in_cox_where_told() {
    let rows: String = CODED
        .lines()
        .enumerate()
        .map(|(n, line)| if n == 0 { format!("{line},site\n") } else { format!("{line},{}\n", n % 3 + 1) })
        .collect();
    let asked = survival(&["--event-value", "2", "--cox", "site"]);
    prints(&asked, rows.as_bytes(), &["one slope, though it holds only 1, 2, 3"]);
    let groups = json(&[&asked[..], &["--factor", "site", "--reference", "site=3"]].concat(), rows.as_bytes());
    let names: Vec<&Value> =
        groups["cox"]["effects"].as_array().unwrap().iter().map(|effect| &effect["name"]).collect();
    assert_eq!(names, ["site 1", "site 2"]);
}

const PEOPLE: &str = "id,visit,arm,y\n1,v1,a,5\n2,v1,a,7\n3,v1,b,9\n4,v1,b,8\n5,v1,b,12\n";

#[test]
fn one_visit_or_one_arm_is_fitted() {
    let asked = ["mmrm", "-", "--outcome", "y", "--subject", "id", "--visit", "visit", "--arm", "arm"];
    // With one visit the model is a comparison of two means with one variance: 29/3 less 6, t 2.3 on 3 degrees of freedom.
    let found = json(&asked, PEOPLE.as_bytes());
    near(&found, "/differences/0/estimate/value", 29.0 / 3.0 - 6.0, 1e-9);
    near(&found, "/differences/0/estimate/degrees_of_freedom", 3.0, 1e-3);
    near(&found, "/covariance/0/0", (2.0 + 26.0 / 3.0) / 3.0, 1e-4);
    for structure in ["ar1", "ar1h", "cs", "csh"] {
        let other = json(&[&asked[..], &["--structure", structure]].concat(), PEOPLE.as_bytes());
        near(&other, "/deviance", found["deviance"].as_f64().unwrap(), 1e-6);
    }
    let visits = "id,visit,arm,y\n1,v1,a,5\n1,v2,a,4\n2,v1,a,7\n2,v2,a,3\n3,v1,a,9\n3,v2,a,8\n4,v1,a,6\n4,v2,a,1\n";
    let one = json(&asked, visits.as_bytes());
    near(&one, "/means/1/estimate/value", 4.0, 1e-9);
    assert!(one["differences"].as_array().unwrap().is_empty());
    prints(&asked, visits.as_bytes(), &["one arm only"]);
    let both = "id,visit,arm,y\n1,v1,a,5\n2,v1,a,7\n3,v1,a,9\n";
    near(&json(&asked, both.as_bytes()), "/means/0/estimate/value", 7.0, 1e-9);
    // A covariate with one value explains nothing and is named.
    let sex = PEOPLE.replace("id,", "sex,id,").replace('\n', "\nF,");
    let sex = sex.trim_end_matches("F,");
    refused(
        &[&asked[..], &["--covariate", "sex"]].concat(),
        sex.as_bytes(),
        &["\"sex\" holds only \"F\"", "leave it out"],
    );
}

/// Every analysis on tables at the edge: it answers or refuses with a reason, and never falls over.
#[test]
fn no_table_makes_an_analysis_fall_over() {
    let asked: Vec<Vec<&str>> = [
        "meta - --yi a --vi b --leave-one-out --cumulative d --subgroups c",
        "meta - --yi a --se b --hksj --method dl --side left",
        "meta - --events a,b --of d,d --measure or --correction none",
        "meta - --events a,b --of d,d --measure rd --subgroups c",
        "meta - --means a,b --sds b,a --of d,d --measure md",
        "mmrm - --outcome a --subject d --visit c",
        "mmrm - --outcome a --subject d --visit b --arm c --structure ar1",
        "mmrm - --outcome a --subject c --visit d --covariate b --factor b --structure csh --likelihood ml",
        "mixed - --outcome a --subject c --fixed b,d --interaction b:d --slope b",
        "survival - --time a --event b --group c --cox d --at 0,1,5 --restrict 3",
        "survival - --time a --event b --event-value 1 --competing 2 --group c --cox d --at 0,1,5 --restrict 3",
        "survival - --time d --event b --event-value 2 --censored-value 0 --censored-value 1 --cox c,a --ties exact",
        "crossover - --first a --second b --order c --treatment-first x",
        "change - --before a --after b --reliable 5 --remission 2 --response 0",
    ]
    .iter()
    .map(|line| line.split(' ').collect())
    .collect();
    let cells = ["0", "1", "2", "-1", "NA", "", "1e308", "x", "0.5", "1,5", "y", "3"];
    let mut tables: Vec<String> =
        ["a,b,c,d\n", "a,b,c,d\n1,1,x,1\n", "", "\n\n", "a\n1\n", "a,b,c,d\n1,1,x,1\n1,1,x,1\n1,1,x,1\n"]
            .map(str::to_owned)
            .to_vec();
    // Tables of every size up to 14 rows, their cells drawn by a fixed rule; each column mostly of one kind.
    let mut state = 12_345_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for size in 1..=14 {
        for kind in 0..4 {
            let mut table = "a,b,c,d\n".to_owned();
            for row in 0..size {
                let number = |draw: &mut dyn FnMut(usize) -> usize| match kind {
                    0 => draw(3).to_string(),
                    1 => "1".to_owned(),
                    2 => (draw(40)).to_string(),
                    _ => cells[draw(cells.len())].to_owned(),
                };
                let a = number(&mut draw);
                let b = number(&mut draw);
                let c = if draw(3) == 0 { "x" } else { "y" };
                let d = if kind == 3 { number(&mut draw) } else { (row % 5 + draw(3)).to_string() };
                table.push_str(&format!("\"{a}\",\"{b}\",{c},\"{d}\"\n"));
            }
            tables.push(table);
        }
    }
    let mut answered = 0;
    for table in &tables {
        for args in &asked {
            let output = run(args, table.as_bytes());
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                matches!(output.status.code(), Some(0 | 2)) && !said.contains("panicked"),
                "{args:?} on\n{table}\n{said}"
            );
            assert!(
                output.status.code() == Some(0) || said.len() > 20,
                "{args:?} on\n{table}\nrefused without a reason"
            );
            answered += usize::from(output.status.success());
        }
    }
    assert!(answered > 100, "{answered} answered");
}
