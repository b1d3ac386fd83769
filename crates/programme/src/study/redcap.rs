//! The set as REDCap reads it: a data dictionary in its 18 columns, and records in its import format, in which every
//! form but the first is a repeating instrument.
//!
//! REDCap is a product of Vanderbilt University; this is written from its public help on the data dictionary and on
//! importing repeating instruments, and has not been tried on a server of theirs.

use std::io::Write;

use super::table::{Cell, Column, CsvWriter, Kind, Table, csv_text};

/// The header of a data dictionary.
pub const HEADER: [&str; 18] = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
];

/// The longest field name that REDCap advises.
pub const LONGEST_FIELD: usize = 26;

/// Field names are one list for a whole project, so those of each table begin with letters of its own.
fn prefix(table: Table) -> &'static str {
    match table {
        Table::People => "pp",
        Table::Measures => "me",
        Table::Items => "it",
        Table::Doses => "do",
        Table::Readings => "re",
        Table::AdverseEvents => "ae",
        Table::Dispositions => "di",
    }
}

/// The field name of a column: lower-case letters, digits and underscores, at most [`LONGEST_FIELD`] of them.
#[must_use]
pub fn field(table: Table, column: &Column) -> String {
    let name = match column.name {
        "study_id" => return "study_id".to_owned(),
        "referral_date_shifted" => "referral_date_moved",
        "first_dose_date_shifted" => "first_dose_date_moved",
        name => name,
    };
    format!("{}_{name}", prefix(table))
}

/// A code as REDCap takes it: letters, digits and underscores.
fn code(value: &str) -> String {
    value.replace('+', "_plus").replace('-', "_")
}

/// The data dictionary of the tables given.
#[must_use]
pub fn dictionary(tables: &[Table]) -> String {
    csv_text(|lines| {
        lines.texts(HEADER)?;
        for table in tables {
            for column in table.columns() {
                // The record's id is a field of the first form alone.
                if column.name == "study_id" && *table != Table::People {
                    continue;
                }
                lines.texts(line(*table, column).iter().map(String::as_str))?;
            }
        }
        Ok(())
    })
}

fn line(table: Table, column: &Column) -> Vec<String> {
    let (kind, choices, validation) = match (column.kind, column.values) {
        (Kind::Text, []) if column.name.ends_with("_date_shifted") => ("text", String::new(), "date_ymd"),
        (Kind::Text, []) => ("text", String::new(), ""),
        (Kind::Text, values) => {
            let choices: Vec<String> = values.iter().map(|value| format!("{}, {value}", code(value))).collect();
            ("dropdown", choices.join(" | "), "")
        }
        (Kind::Whole, _) => ("text", String::new(), "integer"),
        (Kind::Real, _) => ("text", String::new(), "number"),
        (Kind::Truth, _) => ("yesno", String::new(), ""),
    };
    let label = column.name.replace('_', " ");
    let note =
        if column.unit.is_empty() { column.meaning.to_owned() } else { format!("{}. {}", column.unit, column.meaning) };
    let mut cells = vec![
        field(table, column),
        table.name().to_owned(),
        String::new(),
        kind.to_owned(),
        label,
        choices,
        note,
        validation.to_owned(),
    ];
    cells.resize(HEADER.len(), String::new());
    cells
}

/// The header of the records of one table.
#[must_use]
pub fn record_header(table: Table) -> Vec<String> {
    let mut names =
        vec!["study_id".to_owned(), "redcap_repeat_instrument".to_owned(), "redcap_repeat_instance".to_owned()];
    names.extend(table.columns().iter().skip(1).map(|column| field(table, column)));
    names.push(format!("{}_complete", table.name()));
    names
}

/// One record. `instance` counts the rows of this table for this person, from 1; people have one row and none.
///
/// # Errors
/// What whatever is written into refuses.
pub fn record<W: Write>(table: Table, instance: u64, row: &[Cell], lines: &mut CsvWriter<W>) -> csv::Result<()> {
    let mut cells = row.iter().zip(table.columns());
    let Some((id, _)) = cells.next() else { return Ok(()) };
    lines.cell(id)?;
    if table == Table::People {
        lines.text("")?;
        lines.text("")?;
    } else {
        lines.text(table.name())?;
        lines.figure(instance)?;
    }
    for (cell, column) in cells {
        match cell {
            Cell::Truth(value) => lines.text(if *value { "1" } else { "0" })?,
            Cell::Code(value) if !column.values.is_empty() => lines.text(&code(value))?,
            other => lines.cell(other)?,
        }
    }
    // 2: the form is complete.
    lines.text("2")?;
    lines.end_line()
}

/// How to take the files into REDCap, for the tables given.
#[must_use]
pub fn guide(tables: &[Table]) -> String {
    let forms: Vec<String> =
        tables.iter().filter(|t| **t != Table::People).map(|table| format!("`{}`", table.name())).collect();
    let files: Vec<String> = tables.iter().map(|table| format!("`data-{}.csv`", table.name())).collect();
    format!(
        "# Into REDCap\n\n\
         1. Make a classic (not longitudinal) project, and upload `data-dictionary.csv` under *Data Dictionary*.\n\
         2. Enable *repeating instruments* for {}. `people` does not repeat.\n\
         3. Import {} with the *Data Import Tool*, in this order; a large file may have to be cut into parts, each with the header.\n\n\
         The record id is `study_id`. Codes are those of the codebook with `_` for `-` and `_plus` for `+`; yes is 1 and no 0; each \
         form is marked complete (2). Field names are at most {LONGEST_FIELD} letters, and stand in the last column of the codebook. \
         Written from REDCap's public help, and not tried on a server.\n",
        forms.join(", "),
        files.join(", "),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn field_names_are_short_plain_and_used_once() {
        let mut seen = BTreeSet::new();
        for table in Table::ALL {
            for column in table.columns() {
                let name = field(table, column);
                assert!(name.len() <= LONGEST_FIELD, "{name}");
                assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
                assert!(name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains("__"), "{name}");
                assert!(seen.insert(name.clone()) || name == "study_id", "{name} twice");
            }
        }
    }

    #[test]
    fn codes_are_plain_and_stay_apart() {
        for column in Table::ALL.iter().flat_map(|table| table.columns()) {
            let codes: BTreeSet<String> = column.values.iter().map(|value| code(value)).collect();
            assert_eq!(codes.len(), column.values.len(), "{}", column.name);
            for code in codes {
                assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{code}");
            }
        }
    }

    #[test]
    fn the_dictionary_has_18_columns_and_begins_with_the_record_id() {
        let text = dictionary(&Table::ALL);
        assert!(
            text.starts_with("Variable / Field Name,Form Name,Section Header,Field Type,Field Label,\"Choices, Calc")
        );
        assert_eq!(HEADER.len(), 18);
        assert!(text.lines().nth(1).unwrap().starts_with("study_id,people,,text,study id,"));
        let columns: usize = Table::ALL.iter().map(|table| table.columns().len()).sum();
        assert_eq!(text.lines().count(), 1 + columns - (Table::ALL.len() - 1));
        assert!(text.contains("pp_age_band,people,,dropdown,age band,\"0_17, 0-17 | 18_24, 18-24"));
        assert!(text.contains("do_stopped_early,doses,,yesno"));
    }

    #[test]
    fn the_guide_names_each_file_and_each_form_that_repeats() {
        let text = guide(&[Table::People, Table::Doses]);
        assert!(text.contains("*repeating instruments* for `doses`. `people` does not"));
        assert!(text.contains("`data-people.csv`, `data-doses.csv`"));
    }

    #[test]
    fn records_carry_the_form_and_the_count_of_a_repeating_instrument() {
        let row = [
            Cell::Text("p1".to_owned()),
            Cell::Whole(1),
            Cell::Real(2.5),
            Cell::Real(0.0),
            Cell::Code("home"),
            Cell::Code("nasal-esketamine"),
            Cell::Text("a, b".to_owned()),
            Cell::Real(40.0),
            Cell::Absent,
            Cell::Absent,
            Cell::Truth(true),
        ];
        let out = csv_text(|lines| record(Table::Doses, 3, &row, lines));
        assert_eq!(out, "p1,doses,3,1,2.5,0,home,nasal_esketamine,\"a, b\",40,,,1,2\n");
        let header = record_header(Table::Doses);
        assert_eq!(header.len(), 14);
        assert!(
            header.join(",").starts_with("study_id,redcap_repeat_instrument,redcap_repeat_instance,do_session_number")
        );
        assert_eq!(header.last().unwrap(), "doses_complete");
    }
}
