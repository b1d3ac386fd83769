//! What the medicines that somebody takes are known to do to the level of ketamine by the route in hand: looked up, with
//! grade and source, and "unknown" said as unknown. No dose follows from it.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::facts::{MedicineFact, Route as Way};
use stillwater_pharmacology::parameters::Grade;
use stillwater_pharmacology::{Interaction, Known, interaction};
use stillwater_ui::{self as ui, Flag};
use stillwater_words::Words;
use stillwater_words::timeline::capital;

use super::preparation;

/// The medicines taken now, each with what is known; `None` when nobody has gone through them.
pub(crate) struct Medicines {
    way: Way,
    found: Option<Vec<(String, Interaction)>>,
    /// Imported and not yet gone through: nobody knows whether they are taken.
    unread: usize,
}

/// What is known of one medicine as written in the chart. The name may carry a strength, so that each word is looked for;
/// the first that was ever measured for this product and route counts.
fn known(medicine: &MedicineFact, way: Way) -> Interaction {
    let (product, route) = preparation(way);
    let whole = interaction(&medicine.name, product, route);
    let words = medicine.name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(|word| interaction(word, product, route)).find(|found| found.grade.is_some()).unwrap_or(whole)
}

/// Looks up the medicines that are taken now.
pub(crate) fn of(chart: &Chart, way: Way, now: Timestamp) -> Medicines {
    let taken = chart.medicines.as_ref().map(|all| {
        let now_taken = all.iter().filter(|medicine| medicine.active_within_hours(now, 0.0));
        now_taken.map(|medicine| (medicine.name.clone(), known(medicine, way))).collect()
    });
    Medicines { way, found: taken, unread: chart.imported_medicines.len() }
}

impl Medicines {
    /// The factor by which the upper edge of the band of levels is widened: the largest that any of them gives.
    pub(crate) fn widens_by(&self) -> f64 {
        let all = self.found.iter().flatten();
        all.map(|(_, found)| found.widens_by()).fold(1.0, f64::max)
    }

    /// What is said below the drawing of the band.
    pub(crate) fn widened(&self) -> String {
        let factor = self.widens_by();
        if factor > 1.0 {
            format!(
                "The upper edge of the level is widened {} times for a medicine below; the typical course and the pressure are not moved. ",
                figure(factor)
            )
        } else {
            String::new()
        }
    }

    /// The table of them.
    pub(crate) fn table(&self, words: &Words) -> Markup {
        let title = format!("Taken now, for {}", product(words, self.way));
        html! {
            div .interactions {
                h3 { "Medicines and the level of ketamine" }
                @match &self.found {
                    None => p { (ui::flag(Flag::Unknown, "medicines not gone through")) " Nothing was looked up." },
                    Some(found) if found.is_empty() => p .quiet { "No medicine is taken now." },
                    Some(found) => {
                        (ui::data_table(&title, &["Medicine", "Level over time", "Highest level", "Grade", "Source"], &rows(found)))
                        p .quiet { "Unknown means that nobody measured it, not that nothing happens. No dose follows from it." }
                    }
                }
                @if self.unread > 0 { p { (ui::flag(Flag::Unknown, &format!("{} imported, not gone through", self.unread))) " These were not looked up." } }
            }
        }
    }
}

fn product(words: &Words, way: Way) -> String {
    let (product, _) = preparation(way);
    format!("{product}, {}", words.term(way))
}

fn rows(found: &[(String, Interaction)]) -> Vec<Vec<Markup>> {
    let change = |known: Known| match known {
        Known::Times(factor) => format!("{} times", figure(factor)),
        Known::Unchanged => "no change".to_owned(),
        Known::Unknown => "unknown".to_owned(),
    };
    let row = |(name, found): &(String, Interaction)| {
        vec![
            html! { (name) },
            html! { (change(found.area)) },
            html! { (change(found.peak)) },
            html! { (found.grade.map_or("none", word)) },
            html! { (capital(found.source)) },
        ]
    };
    found.iter().map(row).collect()
}

/// A factor with the two decimals that the sources give.
fn figure(factor: f64) -> String {
    format!("{factor:.2}")
}

const fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Verified => "verified",
        Grade::Secondary => "secondary",
        Grade::Unverified => "unverified",
        Grade::Chosen => "chosen",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medicine(name: &str) -> MedicineFact {
        MedicineFact { name: name.to_owned(), ..MedicineFact::default() }
    }

    fn taking(names: &[&str], way: Way) -> Medicines {
        let found = names.iter().map(|name| ((*name).to_owned(), known(&medicine(name), way))).collect();
        Medicines { way, found: Some(found), unread: 0 }
    }

    #[test]
    fn a_strength_after_the_name_hides_nothing() {
        let found = known(&medicine("Ticlopidine 250 mg tablet"), Way::NasalEsketamine);
        assert_eq!((found.area, found.peak), (Known::Times(1.29), Known::Unchanged));
    }

    #[test]
    fn the_band_is_widened_by_the_largest_factor_and_never_for_what_is_unknown() {
        assert_eq!(taking(&["ticlopidine", "clarithromycin", "sertraline"], Way::NasalEsketamine).widens_by(), 1.29);
        let oral = taking(&["clarithromycin"], Way::Oral);
        assert_eq!(oral.widens_by(), 1.0, "it was measured with esketamine and not with the racemate");
        assert!(oral.table(Words::english()).0.contains("unknown") && oral.widened().is_empty());
    }

    #[test]
    fn medicines_that_nobody_went_through_are_not_called_harmless() {
        let page = Medicines { way: Way::Intravenous, found: None, unread: 2 }.table(Words::english()).0;
        assert!(page.contains("not gone through") && page.contains("2 imported"), "{page}");
        assert!(!page.contains("No medicine is taken"));
    }

    #[test]
    fn grade_and_source_stand_beside_each_figure() {
        let page = taking(&["ticlopidine", "clarithromycin"], Way::NasalEsketamine).table(Words::english()).0;
        for words in ["1.29 times", "no change", "verified", "unverified", "Label text"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}
