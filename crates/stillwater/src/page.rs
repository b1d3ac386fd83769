//! The printable page of one record, and who is already here.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use stillwater_care::ids::PatientId;
use stillwater_clinic::charts::{Charts, LoadedChart, Summary};
use stillwater_words::{Words, findings, timeline};

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
    let mut out = String::new();
    let name = escape(chart.name());
    // Writing into a text cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Record of {name}</title><style>{STYLE}</style></head>\n<body>\n<h1>{name}</h1>\n\
         <p class=\"quiet\">Whole record, {} events, exported {} UTC. Patient {}.</p>\n",
        open.log.len(),
        minute(now),
        chart.id
    );
    if let Some(who) = &chart.demographics {
        heading(&mut out, "Who", &["", ""]);
        row(&mut out, &["Born".to_owned(), who.birth_date.to_string()]);
        row(&mut out, &["Sex as recorded".to_owned(), format!("{:?}", who.sex).to_lowercase()]);
        let veteran = match who.veteran {
            Some(true) => "yes",
            Some(false) => "no",
            None => "nobody asked",
        };
        row(&mut out, &["Served in the armed forces".to_owned(), veteran.to_owned()]);
        row(&mut out, &["Phone".to_owned(), who.phone.clone()]);
        row(&mut out, &["Address".to_owned(), who.address.clone()]);
        row(&mut out, &["Phase".to_owned(), chart.phase().words().to_owned()]);
        for course in chart.courses() {
            row(&mut out, &["Referred because".to_owned(), course.referral_reason.clone()]);
        }
        end(&mut out);
    }
    if !chart.history.is_empty() {
        heading(&mut out, "History", &["Question", "Answer", "From"]);
        for (topic, fact) in &chart.history {
            let answer = format!("{:?}", fact.answer).to_lowercase();
            let answer = if fact.candidate { format!("{answer} (imported, not confirmed)") } else { answer };
            row(&mut out, &[topic.words().to_owned(), answer, findings::figures(Words::english(), &fact.from)]);
        }
        end(&mut out);
    }
    let medicines = chart.medicines.as_ref().unwrap_or(&chart.imported_medicines);
    if !medicines.is_empty() {
        let title =
            if chart.medicines.is_some() { "Medicines" } else { "Medicines, imported and not yet gone through" };
        heading(&mut out, title, &["Medicine", "Since", "Until", "From"]);
        for medicine in medicines {
            let day = |at: Option<Timestamp>, none: &str| {
                at.map_or_else(|| none.to_owned(), |at| minute(at).chars().take(10).collect())
            };
            row(
                &mut out,
                &[
                    medicine.name.clone(),
                    day(medicine.started_at, "not known"),
                    day(medicine.stopped_at, "still taken"),
                    medicine.from.clone(),
                ],
            );
        }
        end(&mut out);
    }
    if !chart.measures.is_empty() {
        heading(&mut out, "Questionnaires", &["When (UTC)", "Which", "Scores"]);
        for measure in chart.standing(&chart.measures) {
            let scores: Vec<_> = measure
                .value
                .scores
                .iter()
                .map(|(id, score)| format!("{id} {}", score.map_or_else(|| "–".to_owned(), |s| s.to_string())))
                .collect();
            row(&mut out, &[minute(measure.occurred_at), measure.value.instrument.clone(), scores.join(", ")]);
        }
        end(&mut out);
    }
    if !chart.vitals.is_empty() {
        heading(&mut out, "Vital signs", &["When (UTC)", "Reading", "Source"]);
        for vitals in chart.standing(&chart.vitals) {
            let is = &vitals.value.vitals;
            row(&mut out, &[minute(is.taken_at), timeline::vitals(Words::english(), is), is.source.word().to_owned()]);
        }
        end(&mut out);
    }
    for import in &chart.imports {
        heading(
            &mut out,
            &format!("Taken over from {}", import.value.source),
            &["What", "When", "Status, value", "Origin"],
        );
        for fact in &import.value.facts {
            let when = fact.at.map(|at| minute(at).chars().take(10).collect()).unwrap_or_default();
            let said = [fact.status.as_str(), fact.value.as_str()]
                .into_iter()
                .filter(|s| !s.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
            row(&mut out, &[format!("{}: {}", fact.kind, fact.text), when, said, fact.origin.clone()]);
        }
        end(&mut out);
        heading(&mut out, "Not taken over", &["What", "Why", "Origin"]);
        for one in &import.value.not_understood {
            row(&mut out, &[one.what.clone(), one.why.clone(), one.origin.clone()]);
        }
        end(&mut out);
    }
    heading(&mut out, "Everything that happened", &["", "When (UTC)", "What", "Who"]);
    for recorded in &open.log {
        let struck = if chart.stands(recorded.id) { "" } else { " class=\"struck\"" };
        let cells = [
            recorded.seq.to_string(),
            minute(recorded.occurred_at),
            timeline::staff(Words::english(), recorded),
            recorded.actor.name().to_owned(),
        ];
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        let _ = writeln!(out, "<tr{struck}>{cells}</tr>");
    }
    end(&mut out);
    out.push_str("</body>\n</html>\n");
    out
}

fn heading(out: &mut String, title: &str, columns: &[&str]) {
    let _ = writeln!(out, "<h2>{}</h2>\n<table>", escape(title));
    if columns.iter().any(|column| !column.is_empty()) {
        let cells: String = columns.iter().map(|column| format!("<th scope=\"col\">{}</th>", escape(column))).collect();
        let _ = writeln!(out, "<thead><tr>{cells}</tr></thead>");
    }
    out.push_str("<tbody>\n");
}

fn row(out: &mut String, cells: &[String]) {
    let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
    let _ = writeln!(out, "<tr>{cells}</tr>");
}

fn end(out: &mut String) {
    out.push_str("</tbody></table>\n");
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_record_stays_text() {
        assert_eq!(escape("<script>&\"'"), "&lt;script&gt;&amp;&quot;&#39;");
    }
}
