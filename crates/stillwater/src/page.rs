//! The printable page of one record, and who is already here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use stillwater_care::chart::Chart;
use stillwater_care::facts::{MedicineClass, MedicineFact};
use stillwater_care::ids::PatientId;
use stillwater_clinic::charts::{Charts, LoadedChart, Summary};
use stillwater_words::{Words, findings, terms, timeline};

/// Everybody in the folder, by name in lower case and date of birth.
pub fn known_people(charts: &Charts) -> BTreeMap<(String, Date), PatientId> {
    let named = |summary: &Summary| Some(((summary.name.to_lowercase(), summary.birth_date?), summary.patient));
    charts.summaries().iter().filter_map(|summary| named(summary)).collect()
}

const STYLE: &str = "body{font:11pt/1.45 Georgia,serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1b2420}\
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #99a8a0}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;\
border-bottom:1px solid #dde4e0;overflow-wrap:anywhere}th{font-weight:600}.quiet{color:#4c5a54}\
.struck td{text-decoration:line-through}@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}";

/// The page: everything that a reader needs, in one file.
pub fn record(open: &LoadedChart, now: Timestamp) -> String {
    let chart = &open.chart;
    let words = Words::english();
    let page = html! {
        (DOCTYPE) "\n"
        html lang=(words.tag()) { "\n"
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "Record of " (chart.name()) }
                style { (PreEscaped(STYLE)) }
            } "\n"
            body { "\n"
                h1 { (chart.name()) } "\n"
                p class="quiet" {
                    "Whole record, " (open.log.len()) " events, exported " (minute(now)) " UTC. Patient " (chart.id) "."
                } "\n"
                (who(chart))
                (history(chart, words))
                (medicines(chart, words))
                (questionnaires(chart))
                (vital_signs(chart, words))
                (imports(chart))
                (everything(open, words))
            } "\n"
        } "\n"
    };
    page.into_string()
}

fn who(chart: &Chart) -> Markup {
    let Some(who) = &chart.demographics else { return html! {} };
    let veteran = match who.veteran {
        Some(true) => "yes",
        Some(false) => "no",
        None => "nobody asked",
    };
    let rows = html! {
        (row(&["Born", &who.born()]))
        (row(&["Sex as recorded", &format!("{:?}", who.sex).to_lowercase()]))
        (row(&["Served in the armed forces", veteran]))
        (row(&["Phone", &who.phone]))
        (row(&["Address", &who.address]))
        (row(&["Phase", &terms::phase(Words::english(), chart.phase())]))
        @for course in chart.courses() { (row(&["Referred because", &course.referral_reason])) }
    };
    section("Who", &[], &rows)
}

fn history(chart: &Chart, words: &Words) -> Markup {
    if chart.history.is_empty() {
        return html! {};
    }
    let rows = html! {
        @for (topic, fact) in &chart.history {
            @let answer = format!("{:?}", fact.answer).to_lowercase();
            @let answer = if fact.candidate { format!("{answer} (imported, not confirmed)") } else { answer };
            (row(&[&words.term(*topic), &answer, &findings::figures(words, &fact.from)]))
        }
    };
    section("History", &["Question", "Answer", "From"], &rows)
}

fn medicines(chart: &Chart, words: &Words) -> Markup {
    html! {
        (medicine_table("Medicines", chart.medicines.as_deref().unwrap_or_default(), words))
        (medicine_table("Medicines, imported and not yet gone through", &chart.imported_medicines, words))
    }
}

fn medicine_table(title: &str, medicines: &[MedicineFact], words: &Words) -> Markup {
    if medicines.is_empty() {
        return html! {};
    }
    let rows = html! {
        @for medicine in medicines {
            @let classes: Vec<String> = medicine.classes.iter().map(|class| words.term(*class)).collect();
            @let classes = if classes.is_empty() { words.term(MedicineClass::NotClassed) } else { classes.join(", ") };
            @let taken = [medicine.dose.as_str(), &medicine.route, &medicine.frequency];
            @let taken = taken.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", ");
            (row(&[
                &medicine.name,
                &classes,
                &taken,
                &medicine.started_at.map_or_else(|| "not known".to_owned(), day),
                &medicine.stopped_at.map_or_else(|| "still taken".to_owned(), day),
                &medicine.from,
            ]))
        }
    };
    section(title, &["Medicine", "Class", "How it is taken", "Since", "Until", "From"], &rows)
}

fn questionnaires(chart: &Chart) -> Markup {
    if chart.measures.is_empty() {
        return html! {};
    }
    let rows = html! {
        @for measure in chart.standing(&chart.measures) {
            @let scores: Vec<_> = measure
                .value
                .scores
                .iter()
                .map(|(id, score)| format!("{id} {}", score.map_or_else(|| "–".to_owned(), |s| s.to_string())))
                .collect();
            (row(&[&minute(measure.occurred_at), &measure.value.instrument, &scores.join(", ")]))
        }
    };
    section("Questionnaires", &["When (UTC)", "Which", "Scores"], &rows)
}

fn vital_signs(chart: &Chart, words: &Words) -> Markup {
    if chart.vitals.is_empty() {
        return html! {};
    }
    let rows = html! {
        @for vitals in chart.standing(&chart.vitals) {
            @let is = &vitals.value.vitals;
            (row(&[&minute(is.taken_at), &timeline::vitals(words, is), &words.term(is.source)]))
        }
    };
    section("Vital signs", &["When (UTC)", "Reading", "Source"], &rows)
}

fn imports(chart: &Chart) -> Markup {
    html! {
        @for import in &chart.imports {
            @let facts = html! {
                @for fact in &import.value.facts {
                    @let said = [fact.status.as_str(), fact.value.as_str()];
                    @let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
                    (row(&[
                        &format!("{}: {}", fact.kind, fact.text),
                        &fact.at.map(day).unwrap_or_default(),
                        &said.join(", "),
                        &fact.origin,
                    ]))
                }
            };
            (section(
                &format!("Taken over from {}", import.value.source),
                &["What", "When", "Status, value", "Origin"],
                &facts,
            ))
            @let left = html! {
                @for one in &import.value.not_understood { (row(&[&one.what, &one.why, &one.origin])) }
            };
            (section("Not taken over", &["What", "Why", "Origin"], &left))
        }
    }
}

fn everything(open: &LoadedChart, words: &Words) -> Markup {
    let rows = html! {
        @for recorded in &open.log {
            @let struck = !open.chart.stands(recorded.id);
            tr class=[struck.then_some("struck")] {
                td { (recorded.seq) }
                td { (minute(recorded.occurred_at)) }
                td { (timeline::staff(words, recorded)) }
                td { (recorded.actor.name()) }
            } "\n"
        }
    };
    section("Everything that happened", &["", "When (UTC)", "What", "Who"], &rows)
}

/// A heading with its table; without columns, the table has no head.
fn section(title: &str, columns: &[&str], rows: &Markup) -> Markup {
    html! {
        h2 { (title) } "\n"
        table { "\n"
            @if !columns.is_empty() {
                thead { tr { @for column in columns { th scope="col" { (column) } } } } "\n"
            }
            tbody { "\n" (rows) }
        } "\n"
    }
}

fn row(cells: &[&str]) -> Markup {
    html! { tr { @for cell in cells { td { (cell) } } } "\n" }
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_record_stays_text() {
        let told = section("<b>", &["<i>"], &row(&["<script>&\"'"])).into_string();
        assert!(told.contains("<h2>&lt;b&gt;</h2>") && told.contains("<th scope=\"col\">&lt;i&gt;</th>"), "{told}");
        assert!(told.contains("<td>&lt;script&gt;&amp;&quot;'</td>"), "{told}");
    }
}
