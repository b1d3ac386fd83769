//! The programme page and its filters.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use stillwater_care::code::Code as _;
use stillwater_care::facts::Setting;
use stillwater_evidence::survival::Quantile;
use stillwater_programme::figures::TWO_WEEKS;
use stillwater_programme::{Figures, Filter, Prior};
use stillwater_ui::format;
use stillwater_ui::{self as ui, Notice};
use stillwater_words::Words;

use super::draw::{sections, setting};
use crate::estimate_text;
use crate::http::{Form, PageContext, Problem};
use crate::state::App;

/// What stands above every figure of a programme. The span of falls is that of the uncontrolled studies in the evidence
/// library (Artin 2022 to Albott 2018); the trial without effect is Abdallah 2022.
pub(super) const CAVEAT: &str = "They have no control group. A fall after treatment mixes the drug with expectation, therapy, time, selection on a high score, and the loss of those who did badly. Uncontrolled studies find falls of 12 to 33 points on the PCL-5; the largest randomised trial did not show a difference from placebo; the interval was not reached.";

const SETTINGS: [Setting; 2] = [Setting::Clinic, Setting::Home];

/// What the query asks for; a word that is not known asks for everybody.
pub(super) fn filter(asked: &Form) -> Filter {
    let text = |name: &str| Some(asked.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    Filter {
        protocol: text("protocol"),
        setting: text("setting").and_then(|word| SETTINGS.into_iter().find(|known| known.code() == word)),
        veteran: match asked.get("veteran") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        site: text("site"),
        prior: text("prior").and_then(|word| Prior::ALL.into_iter().find(|known| known.word() == word)),
    }
}

/// The query that gives this filter, with its question mark; empty for everybody.
pub(super) fn query(filter: &Filter) -> String {
    let mut link = Form::blank();
    if let Some(protocol) = &filter.protocol {
        link.set("protocol", protocol);
    }
    if let Some(setting) = filter.setting {
        link.set("setting", setting.code());
    }
    if let Some(veteran) = filter.veteran {
        link.set("veteran", if veteran { "yes" } else { "no" });
    }
    if let Some(site) = &filter.site {
        link.set("site", site);
    }
    if let Some(prior) = filter.prior {
        link.set("prior", prior.word());
    }
    if filter.is_everybody() { String::new() } else { format!("?{}", link.to_draft()) }
}

pub(super) async fn figures(app: &App, filter: Filter, now_ms: i64) -> Result<Arc<Figures>, Problem> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || app.programme.figures(&app.charts, &filter, now_ms / 1_000))
        .await
        .map_err(|error| Problem::failure("working out the figures", &error))
}

pub(super) async fn page(
    State(app): State<App>,
    ctx: PageContext,
    RawQuery(asked): RawQuery,
) -> Result<Markup, Problem> {
    let asked = Form::from_urlencoded(asked.unwrap_or_default().as_bytes());
    let filter = filter(&asked);
    let figures = figures(&app, filter.clone(), ctx.now_ms).await?;
    let query = query(&filter);
    let body = html! {
        (crate::expiry_notice::at(ctx.now_ms))
        p { "What everybody's courses add up to. " a href=(format!("/programme/trials{query}")) { "Beside the published trials" } " · " a href="/evidence" { "Evidence library" } }
        (filter_form(&app, ctx.words, &filter, "/programme"))
        @if figures.treated == 0 { (ui::empty("Nobody who fits has been treated yet. Change what is asked for above, or come back after the first dose.")) }
        (headline(&figures))
        (ui::notice(Notice::Quiet, html! {
            p { strong { "What these figures cannot say." } " " (CAVEAT) }
        }))
        @for section in sections(&figures, "/programme/figures", &query) {
            section .section-of-figures {
                h2 { (section.heading) }
                @if !section.says.is_empty() { p .quiet { (section.says) } }
                div .figures { @for figure in &section.figures { (figure.draw()) } }
            }
        }
        section .panel {
            h2 { "What is not known here" }
            ul {
                li { "What had been tried before, where nobody asked: such a person is in none of the groups of that filter." }
                li { "Whether anybody guessed what they were given, or what they expected." }
                li { "What happened to people after they were last heard." }
            }
        }
    };
    Ok(ui::staff_page(&ctx, "Programme", "programme", body))
}

pub(super) fn filter_form(app: &App, words: &Words, filter: &Filter, action: &str) -> Markup {
    let protocols: Vec<_> = app.charts.protocols().offered().collect();
    let sites: BTreeSet<String> = app
        .charts
        .summaries()
        .iter()
        .flat_map(|summary| summary.rows.iter().filter_map(|line| line.site.clone()).collect::<Vec<_>>())
        .collect();
    html! {
        form .filter-row method="get" action=(action) {
            label { "Protocol"
                select name="protocol" {
                    option value="" { "every protocol" }
                    @for one in &protocols { option value=(one.id) selected[filter.protocol.as_ref() == Some(&one.id)] { (one.title) } }
                }
            }
            label { "Setting"
                select name="setting" {
                    option value="" { "clinic and home" }
                    @for one in SETTINGS { option value=(one.code()) selected[filter.setting == Some(one)] { (words.term(one)) } }
                }
            }
            label { "Veterans"
                select name="veteran" {
                    option value="" { "everybody" }
                    option value="yes" selected[filter.veteran == Some(true)] { "veterans" }
                    option value="no" selected[filter.veteran == Some(false)] { "not veterans" }
                }
            }
            @if !sites.is_empty() {
                label { "Site"
                    select name="site" {
                        option value="" { "every site" }
                        @for one in &sites { option value=(one) selected[filter.site.as_ref() == Some(one)] { (one) } }
                    }
                }
            }
            label { "Tried before"
                select name="prior" {
                    option value="" { "whatever" }
                    @for one in Prior::ALL { option value=(one.word()) selected[filter.prior == Some(one)] { (one.words()) } }
                }
            }
            button .button type="submit" { "Show" }
            @if !filter.is_everybody() { a .button href=(action) { "Everybody" } }
        }
    }
}

pub(super) fn headline(figures: &Figures) -> Markup {
    let two_weeks = figures.by_time.iter().find(|at| at.window == TWO_WEEKS);
    let item = |value: String, what: &str, more: String| {
        html! { li { (what) strong { (value) } span .quiet { (more) } } }
    };
    let together = figures.filter.setting.is_none();
    html! {
        p .headline-of {
            strong { "These figures: " (setting(figures)) "." }
            @if together { " " span .quiet { "Dose, watching and people differ between the clinic and the home: choose a setting to see either alone." } }
        }
        ul .headline {
            (item(figures.treated.to_string(), "treated", format!("of {} referred", figures.people)))
            @if let Some(at) = two_weeks {
                @match &at.change {
                    Ok(found) => (item(format!("{} points", format::number(found.change.difference.value, 1)), "PCL-5 at 2 weeks", format!("95 % interval {}; {} of {} seen", estimate_text::interval(found.change.difference.interval, 1), at.missing.answered, at.missing.expected))),
                    Err(why) => (item("–".to_owned(), "PCL-5 at 2 weeks", estimate_text::why(why))),
                }
                @match &at.response {
                    Ok(found) => (item(format::percent(found.value), "responded at 2 weeks", format!("{} of {} seen; {} of all expected, if those not seen had done badly or well", found.share.events(), found.share.of(), estimate_text::bounds(&at.response)))),
                    Err(why) => (item("–".to_owned(), "responded at 2 weeks", estimate_text::why(why))),
                }
            }
            @match &figures.durability.to_loss {
                Ok(found) => (item(found.median.time.map_or_else(|| "not reached".to_owned(), |days| format!("{} days", format::number(days, 0))), "half have lost their response by", format!("{} of {} responders; 95 % interval {}", found.events, found.people, ends(&found.median)))),
                Err(why) => (item("–".to_owned(), "half have lost their response by", estimate_text::why(why))),
            }
            @if let Some((_, rate)) = figures.harms.events.get(2) {
                @match rate {
                    Ok(found) => (item(format::number(found.rate, 1), "serious adverse events per 100 doses", format!("{} in {} doses; 95 % interval {}", found.events, figures.harms.doses, estimate_text::interval(found.interval, 1)))),
                    Err(_) => (item("–".to_owned(), "serious adverse events per 100 doses", "no dose was given".to_owned())),
                }
            }
        }
    }
}

/// The interval of a median in words.
fn ends(median: &Quantile) -> String {
    let end = |end: Option<f64>| end.map_or_else(|| "not reached".to_owned(), |days| format::number(days, 0));
    format!("{} to {}", end(median.low), end(median.high))
}
