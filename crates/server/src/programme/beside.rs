//! This programme beside the published trials and beside conventional treatment, like beside like only.
//!
//! A programme has no control group. Its change is set beside the changes of groups from their own start, in trials' arms and
//! in studies without a control; never on one axis with a difference between arms. Nothing here is pooled.

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::proportion::Share;
use stillwater_programme::Figures;
use stillwater_programme::figures::{AtTime, RESPONSE_PERCENT};
use stillwater_trials::{Fact, Group, Measure, OwnChange, ReportedAs, Study};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Forest, ForestRow, Table};
use stillwater_ui::{self as ui, Notice};

use super::draw::setting;
use super::page::{figures, filter, filter_form, query};
use crate::estimate_text;
use crate::http::{Form, PageContext, Problem};
use crate::state::App;

/// The page.
pub async fn page(State(app): State<App>, ctx: PageContext, RawQuery(asked): RawQuery) -> Result<Markup, Problem> {
    let asked = Form::from_urlencoded(asked.unwrap_or_default().as_bytes());
    let filter = filter(&asked);
    let found = figures(&app, filter.clone(), ctx.now_ms).await?;
    let drawn = both(&found, "/programme/figures", &query(&filter));
    let body = html! {
        p { "Like beside like: groups beside their own past. " a href="/programme" { "Back to the programme" } " · " a href="/evidence" { "Evidence library" } }
        (filter_form(&app, ctx.words, &filter, "/programme/trials"))
        (ui::notice(Notice::Quiet, html! {
            p { strong { "Not a comparison." } " People, doses, therapy, times and measures differ, and a group beside its own past falls for many reasons. Randomised trials have found both: a large difference from midazolam was shown in 30 people, and none from placebo in 158, where the interval was not reached. How far trials' arms fell, control arms too, is what a fall here must be read against." }
        }))
        div .figures { @for figure in &drawn { (figure.draw()) } }
        section .section-of-figures {
            h2 { "What each trial found on its own primary outcome" }
            p .quiet { "For and against alike, in the words of the library; and what keeps each from being set beside this programme." }
            (primary_outcomes())
        }
        section .section-of-figures {
            h2 { "What patients could have instead" }
            p .quiet { "Trauma-focused therapy is the treatment that a ketamine programme must be read beside." }
            (conventional())
        }
        section .panel {
            h2 { "At 24 hours" }
            p { "The trials measured 24 hours with the IES-R (Feder 2014: 12.7 points lower after ketamine than after midazolam, a difference between arms). This programme asks the daily check, which is ours and has no published reliability. The two are different questions on different scales and stand on no axis together: see " a href="/programme#figure-next-day" { "the day after the first dose" } "." }
        }
    };
    Ok(ui::staff_page(&ctx, "Beside the trials", "programme", body))
}

/// The figures of the page.
pub fn both(figures: &Figures, base: &str, query: &str) -> Vec<Figure> {
    let mut all = vec![changes(figures), responders(figures), durability(figures)];
    for figure in &mut all {
        figure.base = base.to_owned();
        figure.query = query.to_owned();
    }
    all
}

/// When, from hours since the first dose.
fn when(hours: Option<f64>) -> String {
    match hours {
        None => "end of treatment".to_owned(),
        Some(h) if h < 48.0 => format!("{} hours", format::number(h, 0)),
        Some(h) if h < 24.0 * 60.0 => format!("{} days", format::number(h / 24.0, 0)),
        Some(h) => format!("{} months", format::number(h / 24.0 / 30.0, 0)),
    }
}

fn own_rows(figures: &Figures) -> impl Iterator<Item = (&AtTime, f64, f64, f64)> {
    figures.by_time.iter().filter_map(|at| {
        let difference = &at.change.as_ref().ok()?.change.difference;
        Some((at, difference.interval.low, difference.value, difference.interval.high))
    })
}

/// Changes of the PCL-5 in the studies, soonest first.
fn studies_changes() -> Vec<OwnChange> {
    let mut all: Vec<OwnChange> =
        stillwater_trials::library().own_changes().into_iter().filter(|one| one.measured == Measure::Pcl5).collect();
    all.sort_by(|a, b| {
        a.hours.unwrap_or(f64::MAX).total_cmp(&b.hours.unwrap_or(f64::MAX)).then_with(|| a.study.cmp(&b.study))
    });
    all
}

fn changes(figures: &Figures) -> Figure {
    let mut table = Table::with(&["Who", "When", "# People", "# Change of the PCL-5 (95 % interval)", "Standing"]);
    let mut rows = Vec::new();
    for (at, low, mid, high) in own_rows(figures) {
        let text = format!("{} ({} to {})", format::number(mid, 1), format::number(low, 1), format::number(high, 1));
        let who = format!("This programme ({}), {}", setting(figures), at.window.name);
        table.push([
            format!("This programme, {}", setting(figures)),
            at.window.name.to_owned(),
            format!("{} of {}", at.missing.answered, at.missing.expected),
            text.clone(),
            "measured here".to_owned(),
        ]);
        rows.push(ForestRow { label: who, estimate: Some((low, mid, high)), weight: Some(0.6), text });
    }
    for one in studies_changes() {
        let interval = one.interval.map_or_else(
            || "interval not reached".to_owned(),
            |(a, b)| format!("{} to {}", format::number(a, 1), format::number(b, 1)),
        );
        let text = format!("{} ({interval})", format::number(one.points, 1));
        let people = one.people.map_or_else(|| "not reached".to_owned(), |n| n.to_string());
        table.push([
            format!("{}: {}", one.study, one.arm),
            when(one.hours),
            people,
            text.clone(),
            one.standing.word().to_owned(),
        ]);
        let drug = one.arm.split_whitespace().next().unwrap_or_default();
        rows.push(ForestRow {
            label: format!("{}, {drug}, {}", one.study, when(one.hours)),
            estimate: Some(one.interval.map_or((one.points, one.points, one.points), |(a, b)| (a, one.points, b))),
            weight: None,
            text,
        });
    }
    let ends: Vec<f64> = rows.iter().filter_map(|row| row.estimate).flat_map(|(a, _, b)| [a, b]).chain([0.0]).collect();
    let mut figure = Figure::of_table(
        "beside-change",
        "Change of the PCL-5 from people's own start",
        table,
        "Squares: this programme, among those seen. Circles: arms of trials, control arms among them, and studies without a control. Not pooled and no difference between arms; a study without an interval is drawn as a point. Baselines, times and doses differ.".to_owned(),
    );
    figure.drawing = Some(Drawing::Forest(Forest {
        id: "beside-change".to_owned(),
        title: "Change of the PCL-5 from people's own start, here and in the published studies".to_owned(),
        says: rows.iter().map(|row| format!("{}: {}", row.label, row.text)).collect::<Vec<_>>().join("; "),
        rows,
        pooled: Vec::new(),
        x: Axis::nice("points of the PCL-5 (0 to 80), after less before", ends),
        null: Some(0.0),
        favours: Some(("lower is better".to_owned(), "worse".to_owned())),
    }));
    figure
}

fn responders(figures: &Figures) -> Figure {
    let mut table = Table::with(&["Who", "When", "Response", "# Share"]);
    for at in figures.by_time.iter().filter(|at| at.missing.expected > 0) {
        table.push([
            format!("This programme, {}", setting(figures)),
            at.window.name.to_owned(),
            format!("PCL-5 down by {RESPONSE_PERCENT:.0} % or more"),
            format!("{}; of all expected {}", estimate_text::rate(&at.response), estimate_text::bounds(&at.response)),
        ]);
    }
    let ptsd = |outcome: &str| outcome.starts_with("response: CAPS-5") || outcome.starts_with("response: PCL-5");
    for row in stillwater_trials::library().rows.iter().filter(|row| ptsd(&row.outcome)) {
        let Some(numbers) = row.numbers() else { continue };
        let arms = [
            (&row.arm, numbers.treated, numbers.treated_mean),
            (&row.comparator, numbers.control, numbers.control_mean),
        ];
        for (arm, people, share) in arms {
            let (Some(people), Some(share)) = (people, share) else { continue };
            let events = (share * people as f64).round();
            table.push([
                format!("{}: {arm}", row.trial),
                when(row.hours),
                row.outcome.trim_start_matches("response: ").trim_end_matches(" (proportion)").to_owned(),
                format!("{events} of {people}, {}", with_interval(share, people)),
            ]);
        }
    }
    Figure::of_table(
        "beside-response",
        "Responders",
        table,
        "Each with its own measure, time and Wilson 95 % interval; the CAPS-5 is rated by a clinician and the PCL-5 told by the patient. Control arms respond too.".to_owned(),
    )
}

/// A share of a trial's arm with Wilson's interval: "67 % (42 % to 85 %)".
fn with_interval(share: f64, people: usize) -> String {
    let events = (share * people as f64).round();
    let counted = Share::new(events as usize, people).map(|counted| counted.wilson(Confidence::PERCENT_95));
    counted.map_or_else(
        |_| format::percent(share),
        |ends| format!("{} ({} to {})", format::percent(share), format::percent(ends.low), format::percent(ends.high)),
    )
}

fn durability(figures: &Figures) -> Figure {
    let mut table = Table::with(&["Who", "# People", "Half had lost it after", "From when, and what counted"]);
    if let Ok(found) = &figures.durability.to_loss {
        table.push([
            format!("This programme, {}", setting(figures)),
            found.people.to_string(),
            format!("{} days", estimate_text::quantile(&found.median, 0)),
            "first PCL-5 with a response; first later one without".to_owned(),
        ]);
    }
    for row in stillwater_trials::library().rows.iter() {
        if (row.measure, row.reported_as) != (Measure::PtsdResponseLost, ReportedAs::MedianDays) {
            continue;
        }
        let Some(numbers) = row.numbers() else { continue };
        let Some(days) = numbers.treated_mean else { continue };
        table.push([
            format!("{}: {}", row.trial, row.arm),
            numbers.treated.map_or_else(|| "not reached".to_owned(), |n| n.to_string()),
            format!("{} days", format::number(days, 1)),
            row.outcome.trim_end_matches(" (median)").to_owned(),
        ]);
    }
    Figure::of_table(
        "beside-durability",
        "How long a response lasted",
        table,
        "Responders only, each by its own definition and counted from another day; this programme's by Kaplan and Meier, with those who took further doses among them.".to_owned(),
    )
}

/// For and against in the same type: neither is an alarm, and neither is a tick.
fn verdict(study: &Study) -> Markup {
    ui::flag(ui::Flag::Unknown, &study.stands())
}

fn primary_outcomes() -> Markup {
    let studies: Vec<&Study> =
        stillwater_trials::all().iter().filter(|study| study.group == Group::Randomised).collect();
    let rows: Vec<Vec<Markup>> = studies
        .iter()
        .map(|study| {
            vec![
                html! { a href=(format!("/evidence/{}", study.slug)) { (study.name) } br; (verdict(study)) },
                html! { (study.headline.shown()) },
                html! { (study.people.shown()) },
                html! { "Against " (study.control_kind.word()) ": " (study.control.shown()) ". " (study.limits.join(" ")) },
            ]
        })
        .collect();
    ui::data_table("Randomised trials in PTSD", &["Trial", "Primary outcome", "People", "What keeps it apart"], &rows)
}

fn conventional() -> Markup {
    let studies: Vec<&Study> =
        stillwater_trials::all().iter().filter(|study| study.group == Group::Conventional).collect();
    let rows: Vec<Vec<Markup>> = studies
        .iter()
        .map(|study| {
            let soon = study.speed.as_ref().and_then(Fact::says);
            vec![
                html! { a href=(format!("/evidence/{}", study.slug)) { (study.name) } },
                html! { (study.headline.shown()) },
                html! { (study.control.shown()) },
                html! { @match soon { Some(says) => (says), None => span .quiet { "not reached" } } },
            ]
        })
        .collect();
    ui::data_table("Conventional treatment", &["Treatment", "Found", "Against", "How soon"], &rows)
}
