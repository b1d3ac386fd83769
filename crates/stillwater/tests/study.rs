//! `export --study` from end to end: the built program over a small clinic, and what is in its folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod clinic;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use clinic::{Room, fill};
use stillwater_programme::study::Table;
use stillwater_store::{Options, Store};

struct Ran {
    code: i32,
    all: String,
}

fn run(args: &[&str]) -> Ran {
    let output =
        Command::new(env!("CARGO_BIN_EXE_stillwater")).env_remove("STILLWATER_DATA").args(args).output().unwrap();
    let all = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ran { code: output.status.code().unwrap(), all }
}

#[track_caller]
fn check(ran: &Ran, code: i32, says: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.all);
    for words in says {
        assert!(ran.all.contains(words), "{words:?} is not in:\n{}", ran.all);
    }
}

fn export(clinic: &str, out: &str, more: &[&str]) -> Ran {
    let mut args = vec!["export", "--study", "--by", "manager", "--data", clinic, "--out", out];
    args.extend(more);
    run(&args)
}

/// Every file below a folder, by its name within it.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                into.insert(
                    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(Path::new(folder), Path::new(folder), &mut found);
    found
}

/// Reads CSV as RFC 4180 has it.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quoted) {
            ('"', true) if letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\n', false) => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (letter, _) => field.push(letter),
        }
    }
    assert!(field.is_empty() && row.is_empty(), "the last line has its end");
    rows
}

fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("{name} in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn a_set_is_written_whole_with_its_codebook_and_names_nobody() {
    let room = Room::new("study-whole");
    let (clinic, out) = (room.at("clinic"), room.at("set"));
    fill(&clinic, 24);
    check(&export(&clinic, &out, &["--items"]), 0, &["24 people", "records no consent to research"]);
    let all = files(&out);
    for table_of in Table::ALL {
        let rows = table(&all[&format!("csv/{}.csv", table_of.name())]);
        let names: Vec<&str> = table_of.columns().iter().map(|column| column.name).collect();
        assert_eq!(rows[0], names);
        assert!(rows.len() > 1, "{} has rows", table_of.name());
        assert!(rows.iter().all(|row| row.len() == names.len()));
        let records = table(&all[&format!("redcap/data-{}.csv", table_of.name())]);
        assert_eq!(records.len(), rows.len());
        assert!(records.iter().all(|row| row.len() == names.len() + 3));
    }
    let readme = String::from_utf8(all["README.md"].clone()).unwrap();
    for words in ["24 people", "`manager`", "shared by at least 5 people", "no consent to research", "thrown away"] {
        assert!(readme.contains(words), "{words} is not in\n{readme}");
    }
    for (name, bytes) in &all {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        for word in ["zz-marker", "somebody example", "prescriber example", "555-0", "example street", "america/"] {
            assert!(!text.contains(word), "{word} is in {name}");
        }
        for patient in 0..24 {
            assert!(!text.contains(&clinic::patient(patient).to_string()));
        }
    }
    assert!(String::from_utf8(all["redcap/README.md"].clone()).unwrap().contains("`data-items.csv`"));
    assert!(!Path::new(&room.at(".set.unfinished")).exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&out), mode(&format!("{out}/csv/people.csv"))), (0o700, 0o600));
    }
}

#[test]
fn parquet_holds_what_the_csv_holds() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let room = Room::new("study-parquet");
    let (clinic, out) = (room.at("clinic"), room.at("set"));
    fill(&clinic, 20);
    check(&export(&clinic, &out, &["--items", "--format", "csv,parquet"]), 0, &[]);
    for of in Table::ALL {
        let csv = table(&std::fs::read(format!("{out}/csv/{}.csv", of.name())).unwrap());
        let file = std::fs::File::open(format!("{out}/parquet/{}.parquet", of.name())).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let mut read = vec![of.columns().iter().map(|column| column.name.to_owned()).collect::<Vec<_>>()];
        for row in reader.get_row_iter(None).unwrap() {
            let cell = |field: &Field| match field {
                Field::Null => String::new(),
                Field::Str(text) => text.clone(),
                Field::Long(value) => value.to_string(),
                Field::Double(value) => value.to_string(),
                Field::Bool(value) => value.to_string(),
                other => panic!("{other:?}"),
            };
            read.push(row.unwrap().get_column_iter().map(|(_, field)| cell(field)).collect());
        }
        assert!(read == csv, "{} differs", of.name());
    }
}

#[test]
fn each_printed_combination_is_shared_by_as_many_as_asked_for() {
    let room = Room::new("study-cells");
    let clinic = room.at("clinic");
    fill(&clinic, 40);
    for k in ["2", "5", "11"] {
        let out = room.at(k);
        check(&export(&clinic, &out, &["--smallest-cell", k, "--format", "csv"]), 0, &["40 people"]);
        let rows = table(&std::fs::read(format!("{out}/csv/people.csv")).unwrap());
        let parts = ["age_band", "sex", "veteran", "setting"].map(|name| column(&rows, name));
        let mut counts = BTreeMap::new();
        for at in 0..rows.len() - 1 {
            *counts.entry(parts.each_ref().map(|part| part[at].clone())).or_insert(0) += 1;
        }
        assert_eq!(counts.values().sum::<i32>(), 40, "nobody is taken out");
        assert!(counts.values().all(|n| *n >= k.parse().unwrap()), "{counts:?}");
        assert!(counts.len() > 1, "and not everything is suppressed: {counts:?}");
        assert!(!Path::new(&format!("{out}/redcap")).exists(), "only what was asked for");
    }
    check(&export(&clinic, &room.at("none"), &["--smallest-cell", "41"]), 2, &["there are 40 people"]);
    assert!(!Path::new(&room.at("none")).exists());
}

#[test]
fn the_same_key_file_gives_the_same_ids_and_no_key_gives_others() {
    let room = Room::new("study-key");
    let (clinic, key) = (room.at("clinic"), room.at("key"));
    fill(&clinic, 8);
    let ids = |name: &str, more: &[&str]| {
        let out = room.at(name);
        check(&export(&clinic, &out, more), 0, &[]);
        let ids = column(&table(&std::fs::read(format!("{out}/csv/people.csv")).unwrap()), "study_id");
        ids.into_iter().collect::<BTreeSet<_>>()
    };
    let first = ids("one", &["--key-file", &key]);
    assert_eq!(first.len(), 8);
    assert_eq!(ids("two", &["--key-file", &key]), first);
    let (third, fourth) = (ids("three", &[]), ids("four", &[]));
    assert!(third.is_disjoint(&first) && third.is_disjoint(&fourth));
    let readme = std::fs::read_to_string(room.at("two/README.md")).unwrap();
    assert!(readme.contains("a key file that was kept"));
    check(
        &export(&clinic, &room.at("five"), &["--key-file", &room.at("five/key")]),
        2,
        &["must not lie in the folder"],
    );
    std::fs::write(&key, "not a key").unwrap();
    check(&export(&clinic, &room.at("six"), &["--key-file", &key]), 2, &["holds no key"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        check(&export(&clinic, &room.at("seven"), &["--key-file", &key]), 2, &["others can read"]);
    }
}

#[test]
fn only_a_manager_or_an_administrator_takes_a_set_out_and_it_is_written_down() {
    let room = Room::new("study-who");
    let (clinic, out) = (room.at("clinic"), room.at("set"));
    fill(&clinic, 6);
    let by = |login: &str| run(&["export", "--study", "--by", login, "--data", &clinic, "--out", &out]);
    check(&by("guide"), 2, &["neither a manager nor an administrator"]);
    check(&by("nobody"), 2, &["nobody signs in here as"]);
    check(&by("former"), 2, &["nobody signs in here as"]);
    check(&run(&["export", "--study", "--data", &clinic, "--out", &out]), 2, &["--by"]);
    check(
        &run(&["export", "Somebody", "--study", "--by", "manager", "--data", &clinic, "--out", &out]),
        2,
        &["--study"],
    );
    check(&run(&["export", "Somebody", "--items", "--data", &clinic, "--out", &out]), 2, &["--study"]);
    let entries = |patient| {
        let store = Store::open(Path::new(&clinic), Options::default()).unwrap();
        store.audit_entries(patient, None, 100).unwrap()
    };
    assert!(entries(None).is_empty(), "what was refused took nothing out");
    assert!(!Path::new(&out).exists());
    check(&by("Manager"), 0, &["6 people"]);
    let all = entries(None);
    assert_eq!(all.len(), 7);
    assert_eq!(all[0].what, "study-export: a de-identified set of 6 people");
    assert!(all[0].who.starts_with("staff:"));
    let own = entries(Some(clinic::patient(3)));
    assert_eq!(own.len(), 1, "each person's access log tells it");
    assert_eq!(own[0].what, "study-export: in a de-identified set for research");
    check(&by("manager"), 2, &["is not empty"]);
    assert_eq!(entries(None).len(), 7);
}

#[test]
fn a_chart_that_cannot_be_read_is_named_and_counted_and_the_rest_is_written() {
    let room = Room::new("study-unreadable");
    let (clinic, out) = (room.at("clinic"), room.at("set"));
    fill(&clinic, 6);
    clinic::unreadable(&clinic);
    check(&export(&clinic, &out, &[]), 1, &["left out: chart", "6 people"]);
    assert!(std::fs::read_to_string(room.at("set/README.md")).unwrap().contains("1 charts that could not be read"));
}

#[test]
fn an_empty_folder_is_taken_and_what_a_broken_run_left_is_named() {
    let room = Room::new("study-folder");
    let (clinic, out) = (room.at("clinic"), room.at("set"));
    fill(&clinic, 0);
    check(&export(&clinic, &out, &[]), 2, &["there is nobody in"]);
    assert!(!Path::new(&out).exists());
    let clinic = room.at("other");
    fill(&clinic, 5);
    std::fs::create_dir_all(room.at(".set.unfinished")).unwrap();
    check(&export(&clinic, &out, &[]), 2, &["was left by a run that did not end"]);
    std::fs::remove_dir(room.at(".set.unfinished")).unwrap();
    std::fs::create_dir_all(&out).unwrap();
    check(&export(&clinic, &out, &["--format", "parquet"]), 0, &["5 people"]);
    let written: Vec<String> = files(&out).into_keys().collect();
    assert_eq!(written.iter().filter(|name| name.starts_with("parquet/")).count(), 6);
    assert!(!written.iter().any(|name| name.starts_with("csv/") || name.starts_with("redcap/")), "{written:?}");
}
