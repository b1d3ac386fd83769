//! How `stillwater stats` reads a table: dividers, decimals, encodings, what is missing, and the order of visits and groups.
//!
//! The deviances are those of a restricted likelihood maximised with scipy 1.17.1 (a program of its own, which gives mmrm's printed
//! 3386.450 on the example of 200 people).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod shell;

use shell::{json, near, prints, refused, text};

const FEV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../evidence/tests/data/fev.csv");
const FEV_COLUMNS: [&str; 10] =
    ["--outcome", "FEV1", "--subject", "USUBJID", "--visit", "AVISIT", "--arm", "ARMCD", "--covariate", "RACE,SEX"];
const POOL: [&str; 6] = ["meta", "-", "--yi", "y", "--vi", "v"];

/// Fourteen people at four visits whose answers hang on the one before.
fn weeks() -> String {
    let mut rows = "id,visit,arm,y\n".to_owned();
    for person in 0..14_u32 {
        let mut state = 0.0;
        for (n, visit) in ["Week 1", "Week 2", "Week 10", "Week 12"].iter().enumerate() {
            let n = u32::try_from(n).unwrap();
            let shock = f64::from((person * 37 + n * 53 + (person * n) % 7) % 19) - 9.0;
            state = 0.8 * state + shock;
            let (arm, slope) = if person % 2 == 0 { ("Ketamine", 4.0) } else { ("Placebo", 2.0) };
            rows.push_str(&format!("p{person},{visit},{arm},{}\n", 50.0 - slope * f64::from(n) + state));
        }
    }
    rows
}

fn mmrm<'a>(further: &[&'a str]) -> Vec<&'a str> {
    let usual = ["mmrm", "-", "--outcome", "y", "--subject", "id", "--visit", "visit", "--arm", "arm"];
    [&usual[..], &["--structure", "ar1"], further].concat()
}

#[test]
fn visits_stand_in_time_and_their_order_is_printed() {
    let rows = weeks();
    let found = json(&mmrm(&[]), rows.as_bytes());
    near(&found, "/deviance", 304.428_992, 1e-4);
    assert_eq!(
        found["visits"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect::<Vec<_>>(),
        ["Week 1", "Week 2", "Week 10", "Week 12"]
    );
    let alphabet = json(&mmrm(&["--visit-order", "Week 1,Week 10,Week 12,Week 2"]), rows.as_bytes());
    near(&alphabet, "/deviance", 322.234_188, 1e-4);
    prints(&mmrm(&[]), rows.as_bytes(), &["visits in the order Week 1, Week 2, Week 10, Week 12"]);
    refused(&mmrm(&["--visit-order", "Week 1,Week 2,Week 10"]), rows.as_bytes(), &["leaves out \"Week 12\""]);
    refused(
        &mmrm(&["--visit-order", "Week 1,Week 2,Week 10,Week 9"]),
        rows.as_bytes(),
        &["no \"Week 9\"", "\"Week 12\""],
    );
    refused(&mmrm(&["--visit-order", "Week 1,Week 1,Week 2,Week 10,Week 12"]), rows.as_bytes(), &["twice"]);
}

#[test]
fn a_difference_is_the_treatment_less_its_control_unless_told_otherwise() {
    let rows = weeks();
    let first = json(&mmrm(&[]), rows.as_bytes());
    assert_eq!(first["differences"][0]["arm"], "Ketamine - Placebo");
    let turned = json(&mmrm(&["--reference", "Ketamine"]), rows.as_bytes());
    assert_eq!(turned["differences"][0]["arm"], "Placebo - Ketamine");
    let difference = |found: &serde_json::Value| found["differences"][3]["estimate"]["value"].as_f64().unwrap();
    assert!((difference(&first) + difference(&turned)).abs() < 1e-6);
    prints(&mmrm(&[]), rows.as_bytes(), &["arm: groups Placebo (reference), Ketamine"]);
    refused(&mmrm(&["--reference", "Sham"]), rows.as_bytes(), &["\"Sham\"", "\"Ketamine\", \"Placebo\""]);
}

#[test]
fn a_missing_group_is_missing_and_no_group_of_its_own() {
    let whole = std::fs::read_to_string(FEV).unwrap();
    let answered = "\"PT1\",\"VIS2\",\"TRT\",\"Black or African American\"";
    assert!(whole.contains(answered));
    let asked = [&["mmrm", "-"][..], &FEV_COLUMNS].concat();
    for missing in ["NA", "", "N/A"] {
        let rows = whole.replacen(answered, &format!("\"PT1\",\"VIS2\",\"TRT\",{missing}"), 1);
        let found = json(&asked, rows.as_bytes());
        assert_eq!(found["rows"]["answered"], 536, "{missing:?}");
        near(&found, "/deviance", 3_381.264_087, 1e-3);
        let names = found["fixed"]["coefficients"].to_string();
        assert!(!names.contains("RACE NA"), "{names}");
    }
    let sex = whole.replacen(
        "\"PT1\",\"VIS2\",\"TRT\",\"Black or African American\",\"Female\"",
        "\"PT1\",\"VIS2\",\"TRT\",\"Black or African American\",NA",
        1,
    );
    let printed = text(&asked, sex.as_bytes());
    assert!(printed.contains("536 of 800 used") && printed.contains("1 without \"SEX\" (line 3)"), "{printed}");
}

#[test]
fn a_person_in_two_arms_is_refused_by_name_and_line() {
    let rows = weeks().replacen("p3,Week 10,Placebo", "p3,Week 10,Ketamine", 1);
    refused(&mmrm(&[]), rows.as_bytes(), &["line 16", "\"arm\"", "p3", "\"Placebo\" on line 14", "one arm"]);
}

#[test]
fn numeric_codes_are_groups_where_told_and_it_is_said_where_they_look_like_codes() {
    let rows: String = weeks()
        .lines()
        .enumerate()
        .map(|(n, line)| if n == 0 { format!("{line},site\n") } else { format!("{line},{}\n", 1 + (n - 1) / 4 % 3) })
        .collect();
    let slope = json(&mmrm(&["--covariate", "site"]), rows.as_bytes());
    let groups = json(&mmrm(&["--covariate", "site", "--factor", "site"]), rows.as_bytes());
    let names = |found: &serde_json::Value| found["fixed"]["coefficients"].to_string();
    assert!(names(&slope).contains("\"site\"") && !names(&slope).contains("site 2"));
    assert!(names(&groups).contains("site 2") && names(&groups).contains("site 3"));
    prints(
        &mmrm(&["--covariate", "site"]),
        rows.as_bytes(),
        &["one slope, though it holds only 1, 2, 3", "--factor site"],
    );
    let third = json(&mmrm(&["--covariate", "site", "--factor", "site", "--reference", "site=3"]), rows.as_bytes());
    assert!(names(&third).contains("site 1") && !names(&third).contains("site 3"));
    refused(&mmrm(&["--factor", "site"]), rows.as_bytes(), &["--factor names \"site\""]);
}

#[test]
fn dividers_decimals_and_encodings_give_the_same_answer() {
    let plain = "trial,y,v\na,-0.5,0.25\nb,0.125,0.5\nc,-1.5,0.75\n";
    let wanted = json(&POOL, plain.as_bytes())["pooled"].clone();
    let semicolons = plain.replace(',', ";");
    let german = semicolons.replace('.', ",");
    let tabs = plain.replace(',', "\t");
    let utf16: Vec<u8> =
        [vec![0xFF, 0xFE], german.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    let excel = format!("\u{feff}sep=;\r\n{}", german.replace('\n', "\r\n"));
    for bytes in [semicolons.as_bytes(), german.as_bytes(), tabs.as_bytes(), &utf16, excel.as_bytes()] {
        assert_eq!(json(&POOL, bytes)["pooled"], wanted, "{:?}", String::from_utf8_lossy(bytes));
    }
    prints(&POOL, &utf16, &["read as UTF-16", "divided by semicolons", "decimals written with a comma"]);
    refused(&POOL, b"y;v\n1,234;0,125\n2;0.5\n", &["line 2, column \"y\"", "has a comma", "--decimal comma"]);
    refused(&POOL, b"y;v\n1,234;1\n2;1\n", &["line 2, column \"y\"", "1.234 or 1234"]);
    refused(&POOL, b"y,v\n1,0.5\n\xE9,1\n", &["line 3", "UTF-8"]);
}

#[test]
fn a_row_that_lacks_a_value_is_left_out_and_counted_with_its_line() {
    let holes = "trial,y,v\na,-0.5,0.25\nb,N/A,0.5\nc,,0.1\nd,0.125,0.5\ne,-1.5,-99\n,,\nf,-1.5,0.75\n";
    let asked = [&POOL[..], &["--study", "trial", "--missing", "-99"]].concat();
    let found = json(&asked, holes.as_bytes());
    let without = json(&POOL, b"trial,y,v\na,-0.5,0.25\nd,0.125,0.5\nf,-1.5,0.75\n");
    assert_eq!(found["pooled"], without["pooled"]);
    assert_eq!(found["left_out"]["missing"]["y"], serde_json::json!([3, 4]));
    prints(
        &asked,
        holes.as_bytes(),
        &[
            "Left out: 3 of 6 rows",
            "2 without \"y\" (lines 3, 4)",
            "1 without \"v\" (line 6)",
            "1 row without any value left out (line 7)",
        ],
    );
    refused(&POOL, b"y,v\nNA,1\n,2\n", &["no row holds a value in each of \"y\", \"v\""]);
}
