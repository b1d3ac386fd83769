//! Each subcommand as somebody meets it: the built program, its output and its exit code, with good input and bad.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stillwater_store::{Append, IndexRow, NewEvent, Options, Store, StreamId, Uuid};

/// What a run left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stillwater"));
    command.env_remove("STILLWATER_DATA");
    command
}

fn run_with(args: &[&str], input: &str) -> Ran {
    let mut child =
        program().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that refuses early does not read to the end.
        let _ = pipe.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(args: &[&str]) -> Ran {
    run_with(args, "")
}

#[track_caller]
fn check(ran: &Ran, code: i32, says: &[&str]) {
    let all = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.code, code, "{all}");
    for words in says {
        assert!(all.contains(words), "{words:?} is not in:\n{all}");
    }
}

/// A folder of its own for one test, taken away at the end.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stillwater-commands-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.at(name)
    }

    /// A folder with an empty installation.
    fn clinic(&self) -> String {
        let path = self.at("clinic");
        drop(Store::open(Path::new(&path), Options::default()).unwrap());
        path
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn person(name: &str, born: &str, resources: &[Value]) -> String {
    let mut entries = vec![
        json!({"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": born,
        "name": [{"use": "official", "text": name}], "address": [{"line": ["1 Sample Street"], "state": "CO", "country": "US"}]}}),
    ];
    entries.extend(resources.iter().map(|resource| json!({ "resource": resource })));
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn condition(words: &str) -> Value {
    json!({"resourceType": "Condition", "id": "c", "code": {"text": words}, "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"code": "active"}]}})
}

const SAMPLES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../fhir/tests/samples/veterans.ndjson"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../fhir/tests/samples/general.ndjson"),
];

// --- help -----------------------------------------------------------------------------------------------------------

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let ran = run(&["--help"]);
    check(
        &ran,
        0,
        &["Exit codes:", "screen", "score", "import", "export", "verify", "backup", "restore", "rules", "serve"],
    );
    assert!(!ran.out.contains("docs "), "the command for generated documents is for the repository only");
    for command in ["screen", "score", "import", "export", "verify", "backup", "restore", "serve"] {
        check(&run(&[command, "--help"]), 0, &["Example", "Exit codes:"]);
    }
}

#[test]
fn the_page_of_commands_names_every_command_and_every_option() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md")).unwrap();
    let help = run(&["--help"]).out;
    let names: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 9, "{help}");
    for name in names {
        assert!(page.contains(&format!("## {name}")), "docs/commands.md has no part on {name}");
        let own = run(&[name, "--help"]).out;
        for word in own.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
            let option = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            assert!(option == "--help" || page.contains(option), "docs/commands.md does not name {option} of {name}");
        }
    }
}

#[test]
fn wrong_use_ends_with_2() {
    check(&run(&["scoer"]), 2, &["score"]);
    check(&run(&["screen"]), 2, &["<FILE>"]);
    check(&run(&["score"]), 2, &["INSTRUMENT"]);
}

// --- score ----------------------------------------------------------------------------------------------------------

#[test]
fn score_gives_scores_bands_cutoffs_and_what_a_safety_item_asks_for() {
    let listed = run(&["score", "--list"]);
    check(&listed, 0, &["phq-9", "pcl-5-month", "scored only"]);
    // Item ids are taken from the program's own refusal, so that this test knows none of them.
    let refused = run_with(&["score", "phq-9"], "{\"not-an-item\": 1}");
    check(&refused, 2, &["\"name\":\"unknown-item\"", "\"item\":\"not-an-item\""]);
    let ids = item_ids("phq-9");
    let given: serde_json::Map<String, Value> = ids.iter().take(9).map(|id| (id.clone(), json!(2))).collect();
    let ran = run_with(&["score", "phq-9"], &Value::Object(given).to_string());
    check(&ran, 0, &[]);
    let scored: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(scored["instrument"], "phq-9");
    assert_eq!(scored["scores"]["total"], 18);
    assert!(scored["bands"]["total"].is_string());
    assert!(!scored["flags"].as_array().unwrap().is_empty(), "{scored}");
    let met: Vec<_> = scored["safety"].as_object().unwrap().values().filter(|item| item["met"] == true).collect();
    assert!(met.iter().all(|item| item["level"].is_string() && !item["action"].as_str().unwrap().is_empty()));
}

fn item_ids(instrument: &str) -> Vec<String> {
    let catalogue = stillwater_instruments::Catalogue::built_in();
    catalogue.get(instrument).unwrap().items.iter().map(|item| item.id.clone()).collect()
}

#[test]
fn score_takes_context_and_earlier_scores() {
    let ids = item_ids("audit-c");
    let answers = json!({ids[0].clone(): 1, ids[1].clone(): 1, ids[2].clone(): 1}).to_string();
    let cutoffs = |sex: &str| {
        let ran = run_with(&["score", "audit-c", "--context", sex], &answers);
        check(&ran, 0, &[]);
        serde_json::from_str::<Value>(&ran.out).unwrap()["cutoffs"].clone()
    };
    assert_ne!(cutoffs("sex=female"), cutoffs("sex=male"));
    let ran = run_with(&["score", "audit-c", "--previous", "{\"total\": 9}"], &answers);
    check(&ran, 0, &["\"change\""]);
    check(&run_with(&["score", "audit-c", "--context", "female"], &answers), 2, &["expected NAME=VALUE"]);
    check(&run_with(&["score", "audit-c", "--previous", "{\"total\" 9}"], &answers), 2, &["--previous, column 10"]);
}

#[test]
fn score_suggests_the_nearest_instrument() {
    check(&run_with(&["score", "phq9"], "{}"), 2, &["there is no instrument \"phq9\"", "did you mean phq-9?"]);
    check(&run_with(&["score", "zzzzzzzzzzzzzzzz"], "{}"), 2, &["--list"]);
}

#[test]
fn score_says_where_json_breaks_and_names_answer_errors() {
    check(&run_with(&["score", "gad-7"], "{\"a\": 1,\n \"b\" 2}"), 2, &["standard input, line 2, column 6"]);
    check(&run_with(&["score", "gad-7"], ""), 2, &["standard input is empty; expected answers such as {"]);
    check(&run_with(&["score", "gad-7"], "[1]"), 2, &["expected answers such as"]);
    let first = &item_ids("gad-7")[0];
    let error = |answer: &str| run_with(&["score", "gad-7"], &format!("{{\"{first}\": {answer}}}"));
    check(&error("7"), 2, &["\"name\":\"out-of-range\"", &format!("\"item\":\"{first}\""), "\"allowed\":"]);
    check(&error("\"often\""), 2, &["\"name\":\"not-a-number\""]);
    check(&error("\"na\""), 2, &["\"name\":\"na-not-allowed\""]);
}

#[test]
fn score_refuses_an_item_that_is_given_twice() {
    let first = &item_ids("phq-9")[0];
    let ran = run_with(&["score", "phq-9"], &format!("{{\"{first}\": 3, \"{first}\": 0}}\n{{\"{first}\": 3}}"));
    check(&ran, 2, &["\"name\":\"given-twice\"", &format!("\"item\":\"{first}\""), "3 and 0"]);
    assert_eq!(ran.out.lines().count(), 2);
}

#[test]
fn a_later_record_of_somebody_known_is_merged_into_their_chart() {
    let room = Room::new("merge");
    let clinic = room.clinic();
    let first = room.file("first.json", person("Zoë Synthetic", "1985-04-02", &[condition("Asthma")]));
    let same_person = "Zoe\u{308} Synthetic";
    let second =
        room.file("second.json", person(same_person, "1985-04-02", &[condition("Asthma"), condition("Epilepsy")]));
    check(&run(&["import", &first, "--data", &clinic]), 0, &["imported  Zoë Synthetic", "1 imported"]);
    check(&run(&["import", &second, "--data", &clinic]), 0, &["merged", "1 imported, 0 left out"]);
    check(&run(&["import", &second, "--data", &clinic]), 1, &["already here as", "0 imported, 1 left out"]);
}

#[test]
fn score_gives_one_line_for_each_record() {
    let ran = run_with(&["score", "gad-7"], &"{}\n".repeat(3));
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3));
}

#[test]
fn score_runs_vectors_and_fails_on_any_difference() {
    let room = Room::new("vectors");
    let first = &item_ids("gad-7")[0];
    let vector = |expect: &str| {
        format!(
            "{{\"vectors\": [{{\"id\": \"v1\", \"instrument\": \"gad-7\", \"responses\": {{\"{first}\": 9}}, \"expect\": {{\"error\": \"{expect}\"}}}}]}}"
        )
    };
    let good = room.file("good.json", vector("out-of-range"));
    check(&run(&["score", "--vectors", &good]), 0, &["1 passed, 0 failed"]);
    let bad = room.file("bad.json", vector("off-step"));
    check(
        &run(&["score", "--vectors", &bad]),
        1,
        &["v1 error: expected \"off-step\", got \"out-of-range\"", "0 passed, 1 failed"],
    );
    let broken = room.file("broken.json", "{\"vectors\": 3}");
    check(&run(&["score", "--vectors", &broken]), 2, &["expected a vector file"]);
    check(&run(&["score", "--vectors", &room.at("none.json")]), 2, &["none.json cannot be read"]);
}

// --- screen ---------------------------------------------------------------------------------------------------------

#[test]
fn screen_tells_findings_what_is_missing_and_what_was_not_understood() {
    let ran = run(&["screen", SAMPLES[0], SAMPLES[1]]);
    check(
        &ran,
        1,
        &[
            "BLOCK",
            "In the record, to be confirmed by staff:",
            "Normal pregnancy: it is not marked as over and began more than ten months ago",
            "Missing:",
            "Not taken over:",
            "clears:",
            "veterans.ndjson, line 1",
            "general.ndjson, line 3",
        ],
    );
    let json = run(&["screen", "--format", "json", SAMPLES[0], SAMPLES[1]]);
    assert_eq!(json.code, 1);
    let people: Vec<Value> = json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(people.len(), 6);
    let after_stroke = &people[3];
    let rules: Vec<_> =
        after_stroke["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(rules.iter().any(|rule| rule.starts_with("E04")), "{rules:?}");
    assert_eq!(after_stroke["held_back"], true);
    for person in &people {
        assert!(
            person["missing"].as_array().unwrap().iter().all(|f| f["cause"] == "missing" || f["cause"] == "too-old")
        );
        assert!(!person["not_understood"].as_array().unwrap().is_empty());
    }
}

#[test]
fn screen_judges_every_imported_medicine_and_says_its_class_and_why() {
    let order = |id: &str, name: &str| {
        json!({"resourceType": "MedicationRequest", "id": id, "status": "active", "subject": {"reference": "Patient/p"},
            "medicationCodeableConcept": {"text": name}})
    };
    let taken = [
        order("a", "Methadose 10 mg"),
        order("b", "Phenelzine 15 mg"),
        order("c", "Teofilina 200 mg"),
        order("d", "Clarithromycin 500 mg"),
        order("e", "Zzyrtabex"),
    ];
    let room = Room::new("medicines");
    let file = room.file("one.json", person("Synthetic Sample", "1985-04-02", &taken));
    check(
        &run(&["screen", &file]),
        1,
        &[
            "D01-opioid: Methadose 10 mg, taken now",
            "D05-cyp: Clarithromycin 500 mg",
            "D06-theophylline: Teofilina 200 mg",
            "D07-maoi: Phenelzine 15 mg",
            "D09-medicine-class: Zzyrtabex",
            "imported and not yet confirmed",
            "Methadose 10 mg: opioid",
            "\"Methadose 10 mg\" names methadone",
            "in no table; look it up",
        ],
    );
    let ran = run(&["screen", &file, "--format", "json"]);
    let person: Value = serde_json::from_str(&ran.out).unwrap();
    let medicines = person["medicines"].as_array().unwrap();
    assert_eq!(medicines.len(), 5);
    assert_eq!(medicines[0]["standing"], "imported, unconfirmed");
    assert_eq!(medicines[4]["classes"], json!(["not-classed"]));
    assert!(
        !medicines[0]["why"].as_array().unwrap().is_empty() && !medicines[4]["look"].as_array().unwrap().is_empty()
    );
}

#[test]
fn screen_is_stricter_at_home() {
    let room = Room::new("home");
    let file = room.file("one.json", person("Synthetic Sample", "1985-04-02", &[condition("Opioid dependence")]));
    let severity = |setting: &str| {
        let ran = run(&["screen", &file, "--format", "json", "--setting", setting]);
        let person: Value = serde_json::from_str(&ran.out).unwrap();
        let all = person["findings"].as_array().unwrap().clone();
        all.iter().find(|f| f["rule"].as_str().unwrap().starts_with("E09")).unwrap()["severity"].clone()
    };
    assert_eq!(severity("home"), "block");
    assert_eq!(severity("clinic"), "warn");
}

#[test]
fn screen_says_where_a_bundle_breaks_and_goes_on() {
    let room = Room::new("broken");
    let good = person("Synthetic Sample", "1985-04-02", &[]);
    let file = room.file("people.ndjson", format!("{good}\n{{\"resourceType\": oops\n{good}\n"));
    let ran = run(&["screen", &file, "--format", "json"]);
    check(&ran, 2, &["people.ndjson, line 2, column 18"]);
    assert_eq!(ran.out.lines().count(), 3);
    assert_eq!(ran.out.matches("\"name\":\"Synthetic Sample\"").count(), 2);
    check(&run(&["screen", &room.at("none.json")]), 2, &["none.json cannot be read"]);
    check(&run(&["screen", room.0.to_str().unwrap()]), 2, &["is a folder"]);
    check(&run(&["screen", &room.file("empty.json", "")]), 2, &["there is nothing in it"]);
    check(&run(&["screen", &room.file("bytes.ndjson", b"\xff{}\n")]), 2, &["line 1, byte 1: this is not UTF-8"]);
    check(&run(&["screen", &room.file("wide.ndjson", b"\xff\xfe{}\n")]), 2, &["this is text in UTF-16"]);
    check(&run(&["screen", &room.file("p.json", r#"{"resourceType": "Patient"}"#)]), 2, &["expected a FHIR R4 Bundle"]);
}

#[test]
fn screen_reads_standard_input_and_a_bundle_over_many_lines() {
    let value: Value = serde_json::from_str(&person("Synthetic Sample", "1985-04-02", &[condition("Stroke")])).unwrap();
    let ran = run_with(&["screen", "-"], &serde_json::to_string_pretty(&value).unwrap());
    check(&ran, 1, &["Synthetic Sample", "standard input, line 1", "E04"]);
}

#[cfg(target_os = "linux")]
#[test]
fn screen_and_score_read_ten_thousand_records_in_flat_memory() {
    let line = format!("{}\n", person("Synthetic Sample", "1985-04-02", &[condition("Stroke")]));
    let screen = grown_kb(&["screen", "-", "--format", "json"], &line);
    assert!(screen < 4096, "screen grew by {screen} KB over 9,000 people");
    let score = grown_kb(&["score", "gad-7"], "{}\n");
    assert!(score < 4096, "score grew by {score} KB over 9,000 records");
}

/// How much the program's memory grew between the thousandth and the ten thousandth record.
#[cfg(target_os = "linux")]
fn grown_kb(args: &[&str], line: &str) -> u64 {
    let mut child =
        program().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let peak = |id: u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let answered = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&answered);
    let reader = std::thread::spawn(move || {
        for line in output.lines() {
            line.unwrap();
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    // The program reads ahead by its buffer, so the last few answers of a stretch may come with the next one.
    let mut until = |records: usize, at_least: u64| {
        input.write_all(line.repeat(records).as_bytes()).unwrap();
        let patience = Instant::now();
        while answered.load(Ordering::Relaxed) < at_least {
            assert!(patience.elapsed() < Duration::from_secs(1800), "no answer");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    until(100_000 / line.len() + 1_000, 1_000);
    let early = peak(child.id());
    until(9_000, 9_000);
    let late = peak(child.id());
    drop(input);
    assert!(child.wait().unwrap().code().is_some());
    reader.join().unwrap();
    assert!(answered.load(Ordering::Relaxed) >= 10_000);
    late.saturating_sub(early)
}

// --- import and export ----------------------------------------------------------------------------------------------

#[test]
fn import_takes_people_in_once_and_export_writes_the_whole_record() {
    let room = Room::new("import");
    let clinic = room.clinic();
    let people = room.file(
        "people.ndjson",
        format!(
            "{}\n{}\n",
            person("Synthetic <One>", "1985-04-02", &[condition("Stroke"), json!({"resourceType": "Wombat"})]),
            person("Synthetic Two", "1990-04-02", &[]).replace("\"gender\"", "\"deceasedBoolean\":true,\"gender\"")
        ),
    );
    let ran = run(&["import", &people, "--data", &clinic]);
    check(
        &ran,
        1,
        &[
            "imported  Synthetic <One>",
            "1 facts",
            "left out  Synthetic Two",
            "recorded as deceased",
            "1 imported, 1 left out",
        ],
    );
    check(&run(&["import", &people, "--data", &clinic]), 1, &["already here as", "0 imported, 2 left out"]);
    check(&run(&["verify", "--data", &clinic]), 0, &["2 events in 1 charts", "Sound", "with the key"]);

    let out = room.at("out");
    let ran = run(&["export", "synthetic <one>", "--data", &clinic, "--out", &out]);
    check(&ran, 0, &["not sealed"]);
    let paths: Vec<&str> = ran.out.lines().take(2).collect();
    let record: Value = serde_json::from_str(&std::fs::read_to_string(paths[0]).unwrap()).unwrap();
    assert_eq!(record["events"].as_array().unwrap().len(), 2);
    assert_eq!(record["events"][1]["what"]["facts"][0]["candidate_for"], "stroke");
    assert_eq!(record["summary"]["demographics"]["name"], "Synthetic <One>");
    let page = std::fs::read_to_string(paths[1]).unwrap();
    assert!(page.contains("Synthetic &lt;One&gt;") && !page.contains("Synthetic <One>"));
    assert!(page.contains("Wombat: 1 entry") && page.contains("Everything that happened"));
    for outside in ["http://", "https://", "<script", "<link", "src="] {
        assert!(!page.contains(outside), "the page is whole in itself, and has no {outside}");
    }
    #[cfg(unix)]
    for path in &paths {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let id = record["patient"].as_str().unwrap();
    let report = room.at("report.html");
    check(&run(&["report", "--programme", "--data", &clinic, "--out", &report]), 0, &["1 people, 0 treated"]);
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(page.contains("Programme report") && page.contains("<style>") && !page.contains("Synthetic"));
    assert!(!page.contains("src=") && !page.contains("href="), "the report needs something else");
    check(&run(&["report", "--programme", "--data", &clinic, "--out", &report]), 2, &["never overwrites"]);
    let asked = ["report", "--programme", "--data", &clinic, "--protocol", "oral", "--out", &room.at("x.html")];
    check(&run(&asked), 2, &["there is no protocol", "sl-home"]);
    check(&run(&["export", id, "--data", &clinic, "--out", &out]), 2, &["never overwrites"]);
    check(&run(&["export", "Nobody Known", "--data", &clinic, "--out", &out]), 2, &["there is nobody called"]);
    let stranger = "0199f6d2-0000-7000-8000-000000000001";
    check(&run(&["export", stranger, "--data", &clinic, "--out", &out]), 2, &["there is no patient"]);
}

#[test]
fn import_goes_on_after_a_bundle_that_cannot_be_read() {
    let room = Room::new("import-broken");
    let clinic = room.clinic();
    let file = room.file("people.ndjson", format!("nonsense\n{}\n", person("Synthetic One", "1985-04-02", &[])));
    check(
        &run(&["import", &file, "--data", &clinic]),
        2,
        &["people.ndjson, line 1, column 2", "1 imported, 0 left out, 1 bundles"],
    );
    check(&run(&["import", &room.at("none.json"), "--data", &clinic]), 2, &["there is no file"]);
}

#[test]
fn import_takes_in_every_sample() {
    let room = Room::new("import-samples");
    let clinic = room.clinic();
    let ran = run(&["import", SAMPLES[0], SAMPLES[1], "--data", &clinic]);
    let imported = ran.out.lines().filter(|line| line.starts_with("imported")).count();
    let deceased = ran.out.matches("recorded as deceased").count();
    assert_eq!(imported + deceased, 6, "{}{}", ran.out, ran.err);
    assert!(imported >= 4);
}

// --- verify, backup, restore ----------------------------------------------------------------------------------------

fn with_events(folder: &str, number: u128) {
    let store = Store::open(Path::new(folder), Options::default()).unwrap();
    let event = |id: u128| NewEvent {
        event_id: Uuid::from_u128(id),
        kind: "Test".to_owned(),
        version: 1,
        recorded_at_ms: 1_000,
        act_id: None,
        payload: b"synthetic".to_vec(),
    };
    store
        .append(Append {
            stream: StreamId::patient(Uuid::from_u128(1)),
            expected_seq: 0,
            events: (1..=number).map(event).collect(),
            index: IndexRow::default(),
        })
        .unwrap();
}

#[test]
fn commands_say_which_folder_is_missing() {
    let room = Room::new("missing");
    let none = room.at("nowhere");
    for args in [
        vec!["backup", "--data", &none, "--to", "x"],
        vec!["export", "a", "--data", &none, "--out", "x"],
        vec!["import", SAMPLES[0], "--data", &none],
    ] {
        check(&run(&args), 2, &["there is no folder", "nowhere"]);
    }
    check(&run(&["verify", "--data", &none]), 2, &["nowhere"]);
    let empty = room.0.to_str().unwrap();
    check(&run(&["verify", "--data", empty]), 2, &["holds no stillwater.db"]);
    assert!(!Path::new(&none).exists(), "a mistyped name makes no folder");
}

#[test]
fn verify_finds_a_changed_event_and_says_which() {
    let room = Room::new("changed");
    let clinic = room.clinic();
    with_events(&clinic, 3);
    check(&run(&["verify", "--data", &clinic]), 0, &["3 events in 1 charts", "Head: 3 "]);
    // The event's id stands in the file as sixteen bytes; the recorded time behind it is what a forger would change.
    let path = format!("{clinic}/stillwater.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let id = Uuid::from_u128(2).into_bytes();
    let mut changed = 0;
    for at in 0..bytes.len() - 40 {
        if bytes[at..].starts_with(&id) && bytes[at + 16..].starts_with(b"Test") {
            bytes[at + 16] = b'B';
            changed += 1;
        }
    }
    assert_eq!(changed, 1, "the row is found once");
    std::fs::write(&path, bytes).unwrap();
    let ran = run(&["verify", "--data", &clinic]);
    check(&ran, 1, &["NOT SOUND: patient 00000000-0000-0000-0000-000000000001, event 2", "restore"]);
    let copy = room.at("copy.db");
    check(&run(&["backup", "--data", &clinic, "--to", &copy]), 1, &["did not pass its checks"]);
    assert!(!Path::new(&copy).exists());
}

#[test]
fn a_damaged_file_is_named_by_every_command() {
    let room = Room::new("damaged");
    let clinic = room.clinic();
    std::fs::write(format!("{clinic}/stillwater.db"), vec![0x5a; 8192]).unwrap();
    let verified = run(&["verify", "--data", &clinic]);
    check(&verified, 1, &["stillwater.db", "damaged"]);
    check(&run(&["import", SAMPLES[0], "--data", &clinic]), 2, &["stillwater.db", "damaged", "restore"]);
    let backup = run(&["backup", "--data", &clinic, "--to", &room.at("copy.db")]);
    assert_ne!(backup.code, 0, "{}", backup.out);
}

#[test]
fn backup_and_restore_bring_everything_back() {
    let room = Room::new("backup");
    let clinic = room.clinic();
    with_events(&clinic, 2);
    let copy = room.at("copy.db");
    check(
        &run(&["backup", "--data", &clinic, "--to", &copy, "--with-key"]),
        0,
        &["2 events in 1 charts, checked and sound"],
    );
    check(&run(&["backup", "--data", &clinic, "--to", &copy]), 2, &["never overwrites"]);
    check(&run(&["verify", "--data", &copy]), 0, &["2 events", "without a key"]);
    let key = format!("{copy}.key");
    let new = room.at("new");
    check(
        &run(&["restore", "--from", &copy, "--key", &key, "--data", &new]),
        0,
        &["2 events in 1 charts, checked and sound"],
    );
    check(&run(&["verify", "--data", &new]), 0, &["with the key"]);
    check(&run(&["restore", "--from", &copy, "--data", &new]), 2, &["not empty"]);
    check(&run(&["restore", "--from", &room.at("none.db"), "--data", &room.at("n2")]), 2, &["there is no backup"]);
    check(&run(&["restore", "--from", &copy, "--data", &room.at("n3")]), 0, &["Put installation.key into"]);
    let junk = room.file("junk.db", vec![0x5a; 4096]);
    let ran = run(&["restore", "--from", &junk, "--data", &room.at("n4")]);
    assert!(ran.code == 1 || ran.code == 2, "{}{}", ran.out, ran.err);
    let wrong = room.file("wrong.key", "not a key");
    check(&run(&["restore", "--from", &copy, "--key", &wrong, "--data", &room.at("n5")]), 2, &["wrong.key"]);
}

#[test]
fn a_folder_in_use_says_by_whom_and_is_still_verified() {
    let room = Room::new("in-use");
    let clinic = room.clinic();
    let store = Store::open(Path::new(&clinic), Options::default()).unwrap();
    let said = format!("in use by the process with id {}", std::process::id());
    check(&run(&["import", SAMPLES[0], "--data", &clinic]), 2, &[&said]);
    check(&run(&["verify", "--data", &clinic]), 0, &["Sound", "the folder is in use"]);
    check(&run(&["backup", "--data", &clinic, "--to", &room.at("live.db")]), 0, &["sound"]);
    drop(store);
}

// --- rules and docs -------------------------------------------------------------------------------------------------

#[test]
fn rules_print_in_three_ways() {
    check(&run(&["rules"]), 0, &["E01", "Hazard", "Source"]);
    check(&run(&["rules", "--format", "markdown"]), 0, &["# ", "E01"]);
    let json: Value = serde_json::from_str(&run(&["rules", "--format", "json"]).out).unwrap();
    assert!(json.to_string().contains("E01"));
    check(&run(&["rules", "--format", "pdf"]), 2, &["markdown"]);
}

#[test]
fn the_document_on_the_model_of_the_drug_and_its_drawings_are_current() {
    const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
    let same = |path: String, args: &[&str]| {
        let ran = run(args);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(ran.out == kept, "{path} is stale; write it again with `cargo xtask docs`");
    };
    same(format!("{DOCS}/pharmacology.md"), &["docs", "pharmacology"]);
    let names = run(&["docs", "pharmacology", "--plot", "list"]).out;
    assert!(names.lines().count() >= 8);
    for name in names.lines() {
        same(format!("{DOCS}/pharmacology/{name}.svg"), &["docs", "pharmacology", "--plot", name]);
    }
    let files = std::fs::read_dir(format!("{DOCS}/pharmacology")).unwrap().count();
    assert_eq!(files, names.lines().count(), "a drawing in docs/pharmacology that nobody prints any more");
}

#[test]
fn generated_documents_are_printed() {
    check(&run(&["docs", "rules"]), 0, &["E01"]);
    check(&run(&["docs", "events"]), 0, &["| RecordImported |", "### DoseTaken, version 1"]);
    check(&run(&["docs", "access"]), 0, &["# Who may use which page"]);
    check(&run(&["docs", "pharmacology", "--plot", "nothing"]), 2, &["there is no drawing", "infusion"]);
    check(&run(&["docs", "rules", "--plot", "infusion"]), 2, &["only `docs pharmacology` has drawings"]);
}

// --- serve ----------------------------------------------------------------------------------------------------------

#[cfg(unix)]
#[test]
fn serve_prints_a_link_for_the_first_administrator_answers_and_stops_when_asked() {
    let room = Room::new("serve");
    let folder = room.at("new-clinic");
    check(&run(&["serve", "--data", &folder]), 2, &["--on-call-phone"]);
    let mut child = program()
        .args(["serve", "--data", &folder, "--port", "0", "--on-call-phone", "555-0100"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let address = first.rsplit("http://").next().unwrap().to_owned();
    assert!(lines.next().unwrap().contains("sign-in name \"administrator\""));
    let link = lines.next().unwrap();
    let path = link.split(&address).nth(1).unwrap().trim().to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(600))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let status = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(status.success());
    assert_eq!(lines.next().as_deref(), Some("Stopped."));
    assert!(child.wait().unwrap().success());
    check(&run(&["verify", "--data", &folder]), 0, &["Sound"]);
}

#[test]
fn serve_says_when_its_address_is_taken() {
    let room = Room::new("taken");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = room.at("clinic");
    check(
        &run(&["serve", "--data", &folder, "--port", &port, "--on-call-phone", "555-0100"]),
        3,
        &["cannot be listened on", "--port"],
    );
}

#[test]
fn simulate_tells_the_golden_levels_with_unit_and_standing() {
    let ran = run(&["simulate", "--route", "intravenous", "--dose", "35/40", "--every", "20", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    // The reference's golden value at the end of the infusion: 212.02 ng/mL.
    let level = told["points"][2]["ketamine"]["typical"].as_f64().unwrap();
    assert!((level - 212.02).abs() < 0.212, "{level}");
    assert_eq!(told["metrics"]["cmax"]["unit"], "ng/mL");
    assert_eq!(told["metrics"]["cmax"]["standing"], "established");
    assert_eq!(told["metrics"]["half_life"]["standing"], "calculated");
    let again = run(&["simulate", "--route", "intravenous", "--dose", "35/40", "--every", "20", "--format", "json"]);
    assert_eq!(ran.out, again.out, "the same seed tells the same");
    check(&run(&["simulate", "--route", "sublingual", "--dose", "100"]), 0, &["calculated, not measured", "Tmax"]);
    check(
        &run(&["simulate", "--route", "oral", "--dose", "100", "--format", "svg"]),
        0,
        &["<svg", "model, not measured"],
    );
}

#[test]
fn simulate_runs_a_file_of_scenarios_or_none_of_them() {
    let room = Room::new("scenarios");
    let good = "[infusion]\nroute = \"intravenous\"\ndoses = [\"35/40\"]\nevery = 20\nformat = \"json\"\n\n[lozenge-82kg]\nroute = \"sublingual\"\ndoses = [\"100\", \"50@30\"]\nweight = 82\nformat = \"svg\"\n";
    let out = room.at("curves");
    let file = room.file("good.toml", good);
    check(&run(&["simulate", "--scenarios", &file, "--out", &out]), 0, &["infusion.json", "lozenge-82kg.svg"]);
    let told: Value = serde_json::from_str(&std::fs::read_to_string(format!("{out}/infusion.json")).unwrap()).unwrap();
    assert!((told["points"][2]["ketamine"]["typical"].as_f64().unwrap() - 212.02).abs() < 0.01);
    assert!(std::fs::read_to_string(format!("{out}/lozenge-82kg.svg")).unwrap().contains("model, not measured"));
    check(&run(&["simulate", "--scenarios", &file, "--out", &out]), 2, &["nothing is overwritten"]);
    let none = room.at("none");
    let refused = |text: &str, says: &[&str]| {
        let file = room.file("bad.toml", text);
        check(&run(&["simulate", "--scenarios", &file, "--out", &none]), 2, says);
        assert!(!std::path::Path::new(&none).exists(), "something was written");
    };
    refused(&good.replace("weight = 82", "weight = 820"), &["scenario lozenge-82kg", "820 kg"]);
    refused(&good.replace("weight", "wieght"), &["bad.toml", "wieght", "weight"]);
    refused(&good.replace("sublingual", "spoon"), &["spoon", "sublingual"]);
    refused("[\"../x\"]\nroute = \"oral\"\ndoses = [\"35\"]\n", &["../x", "letters, digits"]);
    refused("", &["holds no scenario"]);
    check(&run(&["simulate", "--scenarios", &file]), 2, &["--out"]);
}

#[test]
fn simulate_names_what_it_does_not_take() {
    let told = |rest: &[&str]| {
        let mut all = vec!["simulate", "--route", "intravenous"];
        all.extend_from_slice(rest);
        run(&all)
    };
    check(&told(&["--dose", "0"]), 2, &["0 mg", "above 0"]);
    check(&told(&["--dose=-5"]), 2, &["-5 mg"]);
    check(&told(&["--dose", "lots"]), 2, &["cannot be read", "35@0/40"]);
    check(&told(&["--dose", "35", "--weight", "0"]), 2, &["0 kg", "35 to 200 kg"]);
    check(&told(&["--dose", "35", "--age", "12"]), 2, &["12 years"]);
    check(&told(&["--dose", "35/40", "--dose", "35@20/40"]), 2, &["overlap"]);
    check(&told(&["--dose", "35", "--until", "600"]), 2, &["beyond the model", "8 h"]);
    check(&told(&["--dose", "35", "--people", "3"]), 2, &["3 virtual people"]);
    check(&told(&["--dose", "35", "--every", "0"]), 2, &["every must be above 0"]);
    check(&run(&["simulate", "--route", "oral", "--dose", "100/40"]), 2, &["only an intravenous dose"]);
}
