//! The documents that go with a set: the codebook, the instruments with their licences, and what was done to the data.

use std::fmt::Write;

use stillwater_instruments::{Catalogue, Instrument, Number, OptionSet};

use super::CONSENT_NOTICE;
use super::cells::STEPS;
use super::redcap;
use super::rows::Left;
use super::table::{CsvWriter, Table, csv_text};

/// The codebook as CSV: one line for each column of each table given.
#[must_use]
pub fn codebook_csv(tables: &[Table]) -> String {
    csv_text(|lines| {
        lines.texts(["table", "column", "type", "unit", "values", "meaning", "made_from", "redcap_field"])?;
        for table in tables {
            for column in table.columns() {
                let values = column.values.join("; ");
                let field = redcap::field(*table, column);
                let cells =
                    [table.name(), column.name, column.kind.word(), column.unit, &values, column.meaning, column.from];
                lines.texts(cells.into_iter().chain([field.as_str()]))?;
            }
        }
        Ok(())
    })
}

/// Every instrument with its scores and items: range, direction, what missing items do, and its licence. Items are named
/// by their topic in our own words; the publishers' texts are not carried.
#[must_use]
pub fn instruments_csv() -> String {
    let header = "instrument,short,title,version,part,id,meaning,minimum,maximum,worse,missing_items,licence,holder,terms,attribution";
    csv_text(|lines| {
        lines.texts(header.split(','))?;
        for instrument in Catalogue::built_in().iter() {
            for score in &instrument.scores {
                let (min, max) = (figure(score.min), figure(score.max));
                let missing = format!("{}, at most {} missing", score.missing.word(), score.max_missing);
                let part = ["score", &score.id, &score.label, &min, &max, score.direction.word(), &missing];
                line(instrument, part, lines)?;
            }
            for item in &instrument.items {
                let range = instrument.options_of(item).and_then(OptionSet::range);
                let (min, max) = range.map_or_else(Default::default, |(min, max)| (figure(min), figure(max)));
                line(instrument, ["item", &item.id, &item.topic, &min, &max, "", ""], lines)?;
            }
        }
        Ok(())
    })
}

fn line(instrument: &Instrument, part: [&str; 7], lines: &mut CsvWriter<Vec<u8>>) -> csv::Result<()> {
    let licence = &instrument.licence;
    let about = [instrument.id.as_str(), &instrument.short, &instrument.title, &instrument.version];
    let rights = [licence.status.as_str(), &licence.holder, &licence.terms, &licence.attribution];
    lines.texts(about.into_iter().chain(part).chain(rights))
}

fn figure(number: Number) -> String {
    number.as_f64().to_string()
}

/// The data dictionary for a reader: each table, each column.
#[must_use]
pub fn dictionary(tables: &[Table]) -> String {
    let mut out = String::from(
        "# Data dictionary\n\nAn empty cell means what its column says. Days and minutes are intervals, and are exact; see the \
         README for what was done to dates.\n",
    );
    for table in tables {
        let _ = write!(out, "\n## {}\n\nOne row: {}.\n\n", table.name(), table.one_row());
        out.push_str(
            "| column | type | unit | values | meaning | made from |\n| --- | --- | --- | --- | --- | --- |\n",
        );
        for column in table.columns() {
            let values: Vec<String> = column.values.iter().map(|value| format!("`{value}`")).collect();
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} | {} |",
                column.name,
                column.kind.word(),
                column.unit,
                values.join(", "),
                column.meaning,
                column.from
            );
        }
    }
    out.push_str("\n## Instruments\n\nScores and items, their ranges and terms, are in `instruments.csv`.\n\n");
    out.push_str("| id | title | version | licence | holder |\n| --- | --- | --- | --- | --- |\n");
    for instrument in Catalogue::built_in().iter() {
        let licence = &instrument.licence;
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            instrument.id, instrument.title, instrument.version, licence.status, licence.holder
        );
    }
    out
}

/// What is told of one export.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Sign-in name of whoever asked for it.
    pub by: &'a str,
    /// When, in UTC.
    pub at: &'a str,
    /// Version of the program.
    pub version: &'a str,
    /// Whether the key was given, and so may be used again.
    pub key_kept: bool,
    /// The least that share a combination.
    pub k: usize,
    /// People at each step of coarsening.
    pub coarsened: [usize; STEPS.len()],
    /// Rows of each table.
    pub rows: &'a [(Table, u64)],
    /// Charts that were erased, and so are not in the set.
    pub erased: usize,
    /// Charts that could not be read, and so are not in the set.
    pub unreadable: usize,
    /// Entries that have no place in the tables.
    pub left: Left,
    /// The formats written.
    pub formats: &'a [&'static str],
}

/// The README of a set.
#[must_use]
pub fn readme(about: &About<'_>) -> String {
    let people: usize = about.coarsened.iter().sum();
    let changed: usize = about.coarsened.iter().skip(1).sum();
    let mut out = format!(
        "# A de-identified set from a Stillwater clinic\n\n\
         Written by `{}` on {} with Stillwater {}. {people} people. Formats: {}.\n\n\
         **Who is in it.** Everybody who was referred, treated or not; `doses_taken` tells them apart.\n\n\
         **Consent.** {CONSENT_NOTICE}\n\n\
         **Not for publishing.** Names are gone; people are not beyond finding. Keep the set under an agreement, link it with nothing \
         that names people, and do not try to find anybody in it.\n\n## What is here\n\n| table | rows | one row is |\n| --- | ---: | --- |\n",
        about.by,
        about.at,
        about.version,
        about.formats.join(", "),
    );
    for (table, rows) in about.rows {
        let _ = writeln!(out, "| {} | {rows} | {} |", table.name(), table.one_row());
    }
    out.push_str(
        "\n`codebook.csv` and `data-dictionary.md` tell each column, `instruments.csv` each score and item with its licence. `study_id` joins the tables.\n\n## What was done\n\n",
    );
    out.push_str(if about.key_kept {
        "- **Study ids** are keyed digests under a key file that was kept: another set with the same key has the same ids and shifts. Whoever has that \
         file and the clinic's record can name everybody here.\n"
    } else {
        "- **Study ids** are keyed digests under a key that was drawn for this set and thrown away: no later set will match, and nobody can work them out again.\n"
    });
    let _ = write!(
        out,
        "- **Times** are days from the referral and from the first dose. Dates in `people` are moved by a number of days of each person's own, within \
         ±182, never 0, and are given only for courses whose moved end lies at least 182 days before the export; weekdays and seasons mean nothing.\n\
         - **Rare combinations** of age band, sex, service and setting were made coarser until each, as printed, is shared by at least {} people. Nobody was \
         taken out; {changed} of {people} lost something:\n\n| step | people | what is left |\n| ---: | ---: | --- |\n",
        about.k
    );
    for (step, (count, words)) in about.coarsened.iter().zip(STEPS).enumerate() {
        let _ = writeln!(out, "| {step} | {count} | {words} |");
    }
    if about.rows.iter().any(|(table, _)| *table == Table::Items) {
        out.push_str(
            "\n- **Items** are in it: an answer on exposure to combat, say, can suggest the service that was suppressed.\n",
        );
    }
    let _ = write!(
        out,
        "\n- **Left out altogether:** names, contact, birth dates, words that anybody typed (the story of an adverse event, notes, journals, reasons), staff, \
         ids of the installation, laboratory results, history, names of medicines.\n\
         - **Not in the set:** {} erased charts; {} charts that could not be read; {} measures by instruments unknown to this program; {} answers that were no \
         option of their item.\n\
         - **Not in the record:** the site, and treatments before referral. Medicines are given as counts.\n\
         - **Missing:** a measure that was due and not answered has a row with no value and the reason; one that could still be answered has no row.\n",
        about.erased, about.unreadable, about.left.unknown_instruments, about.left.unreadable_answers
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codebook_has_a_line_for_each_column_and_a_place_for_each_value() {
        let lines = codebook_csv(&Table::ALL).lines().count();
        assert_eq!(lines, 1 + Table::ALL.iter().map(|table| table.columns().len()).sum::<usize>());
        let text = dictionary(&Table::ALL);
        for table in Table::ALL {
            assert!(text.contains(&format!("\n## {}\n", table.name())));
            for column in table.columns() {
                assert!(column.meaning.ends_with('.'), "{}", column.name);
                assert!(text.contains(&format!("| `{}` |", column.name)));
            }
        }
    }

    #[test]
    fn each_instrument_is_told_with_its_licence_and_without_its_publishers_words() {
        let csv = instruments_csv();
        for instrument in Catalogue::built_in().iter() {
            assert!(csv.contains(&instrument.id) && !instrument.licence.status.is_empty());
            for item in instrument.items.iter().filter(|item| item.text.len() > 20 && item.text != item.topic) {
                assert!(!csv.contains(&item.text), "{}", item.id);
            }
        }
    }

    #[test]
    fn the_readme_says_how_many_what_was_suppressed_and_that_research_consent_is_unknown() {
        let about = About {
            by: "manager",
            at: "2026-03-02",
            version: "0.1.0",
            key_kept: false,
            k: 5,
            coarsened: [10, 2, 0, 0, 0, 1],
            rows: &[(Table::People, 13)],
            erased: 1,
            unreadable: 2,
            left: Left { unknown_instruments: 3, unreadable_answers: 4 },
            formats: &["csv"],
        };
        let text = readme(&about);
        for words in [
            "13 people",
            "3 of 13",
            "at least 5 people",
            "1 erased",
            "2 charts that could",
            "3 measures",
            "4 answers",
            "thrown away",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
        assert!(text.contains(CONSENT_NOTICE));
        assert!(readme(&About { key_kept: true, ..about }).contains("key file that was kept"));
    }
}
