//! What every page of a chart shares: opening it for somebody who may, its head and tabs, sending a command, and showing
//! what held it with everything that was typed.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, Context};
use stillwater_care::event::Recorded;
use stillwater_care::finding::Finding;
use stillwater_care::ids::EventId;
use stillwater_care::roles::Actor;
use stillwater_care::{Refusal, outcome};
use stillwater_clinic::Principal;
use stillwater_clinic::accounts::AuditNote;
use stillwater_clinic::charts::{CommandRequest, ExecuteError, LoadedChart, Receipt};
use stillwater_ui::{self as ui, ChartHeader, Flag, Notice, Trend};
use stillwater_words::findings as finding_words;
use stillwater_words::{Reader, Words};
use uuid::Uuid;

use crate::auth::proof;
use crate::chart_access::StaffChart;
use crate::forms::day::moment_there;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::staff_problem_of as problem_of;
use crate::state::App;

/// A chart opened by somebody who may, with what they typed and what is to be said above the page.
pub struct ChartPage {
    pub app: App,
    pub ctx: PageContext,
    pub principal: Principal,
    pub open: Arc<LoadedChart>,
    pub typed: Form,
    pub top: Markup,
}

/// The small forms that sign.
const SIGNING: [&str; 2] = ["sign", "cosign"];

/// Draws a page of a chart.
pub type Draw = fn(&ChartPage) -> Markup;

impl ChartPage {
    /// Opens a chart and notes in the access log that it was looked at.
    pub async fn open(app: App, ctx: PageContext, staff: StaffChart, about: &str) -> Result<Self, Problem> {
        let StaffChart { principal, open } = staff;
        let audit = AuditNote {
            at_ms: ctx.now_ms,
            who: principal.key(),
            what: "chart-opened".into(),
            patient: Some(open.chart.id.0),
            about: about.into(),
        };
        app.accounts.note(audit).await.map_err(|cause| Problem::failure("writing the access log", &cause))?;
        Ok(Self { app, ctx, principal, open, typed: Form::blank(), top: html! {} })
    }

    pub fn chart(&self) -> &Chart {
        &self.open.chart
    }

    pub fn now(&self) -> Timestamp {
        stillwater_clinic::clock::timestamp_of(self.ctx.now_ms)
    }

    /// The address of a page of this chart.
    pub fn href(&self, tab: &str) -> String {
        if tab.is_empty() {
            format!("/patients/{}", self.chart().id)
        } else {
            format!("/patients/{}/{tab}", self.chart().id)
        }
    }

    /// A moment where the patient lives.
    pub fn when(&self, at: Timestamp) -> String {
        when(self.chart(), at, self.now())
    }

    /// For asking the rules without asking for a change.
    pub fn context(&self) -> Context<'static> {
        Context {
            now: self.now(),
            actor: Actor::Stillwater,
            command_id: Uuid::nil(),
            protocols: self.app.charts.protocols(),
        }
    }

    /// What was typed into one of the page's forms; blank for the others.
    pub fn typed_for(&self, form: &str) -> Form {
        if self.typed.get("form") == form { self.typed.clone() } else { Form::blank() }
    }

    /// A form of this page. `tab` is where it is sent.
    pub fn form(&self, name: &str, tab: &str, body: Markup) -> Markup {
        html! {
            form .stack method="post" action=(self.href(tab)) {
                (self.ctx.command_fields(self.chart().seq))
                input type="hidden" name="form" value=(name);
                (body)
            }
        }
    }

    /// The field in which whoever signs shows again that it is they, for the form of this name.
    pub fn proof_field(&self, form: &str) -> Markup {
        proof::field(self.ctx.proof_due, &self.typed_for(form))
    }

    /// A small form on one line, for a thing in a list: hidden fields and a button, with a line of words where asked for.
    pub fn small_form(
        &self,
        name: &str,
        tab: &str,
        hidden: &[(&str, &str)],
        words: Option<(&str, &str)>,
        button: &str,
    ) -> Markup {
        html! {
            form .row.small-form method="post" action=(self.href(tab)) {
                (self.ctx.command_fields(self.chart().seq))
                input type="hidden" name="form" value=(name);
                @for (field, value) in hidden { input type="hidden" name=(field) value=(value); }
                @if let Some((field, label)) = words {
                    @let kept = hidden.iter().all(|(field, value)| self.typed.get(field) == *value) && self.typed.get("form") == name;
                    input .words name=(field) aria-label=(label) placeholder=(label) value=[kept.then(|| self.typed.get(field)).filter(|v| !v.is_empty())];
                }
                @if SIGNING.contains(&name) && self.ctx.proof_due {
                    input name=(proof::FIELD) type="password" autocomplete="current-password" aria-label="Your password again, to sign" placeholder="your password again";
                }
                button .button.small type="submit" { (button) }
            }
        }
    }

    /// The page with the chart's head and tabs.
    pub fn page(&self, title: &str, tab: &str, body: Markup) -> Markup {
        ui::chart_page(
            &self.ctx,
            title,
            &header(self),
            tab,
            None,
            html! { (self.top) (ui::error_summary(&self.typed)) (body) },
        )
    }

    /// As [`ChartPage::page`], with a status for what went wrong.
    pub fn refused(&self, status: StatusCode, draw: Draw) -> Response {
        (status, draw(self)).into_response()
    }

    /// Sends a command. Done leads to `to`; whatever holds it is shown on the page with everything that was typed.
    /// `None` is a form that could not be read; what is wrong is beside its fields.
    pub async fn send(self, command: Option<Command>, to: String, draw: Draw) -> Result<Response, Problem> {
        let Some(command) = command.filter(|_| self.typed.is_sound()) else {
            return Ok(self.refused(StatusCode::UNPROCESSABLE_ENTITY, draw));
        };
        match self.ask(command).await? {
            CommandOutcome::Done(_) => Ok(Redirect::to(&to).into_response()),
            CommandOutcome::Held(view, status) => Ok(view.refused(status, draw)),
        }
    }

    /// Asks a command of the chart, as a decision that rests on what was seen.
    pub async fn ask(mut self, command: Command) -> Result<CommandOutcome, Problem> {
        if proof::signs(&command) && !proof::shown(&self.app, &self.principal, &mut self.typed).await? {
            return Ok(CommandOutcome::Held(Box::new(self), StatusCode::UNPROCESSABLE_ENTITY));
        }
        let ask = CommandRequest {
            patient: self.chart().id,
            actor: self.principal.actor(),
            command_id: self.typed.command_id()?,
            seen: self.typed.seen_seq(),
            command,
        };
        let status = match self.app.charts.execute(ask, self.now()).await {
            Ok(done) => return Ok(CommandOutcome::Done(Box::new((self, done)))),
            Err(ExecuteError::Refused(refusal)) => {
                self.top = refusal_notice(self.ctx.words, &refusal);
                match refusal {
                    Refusal::NotAllowed { .. } | Refusal::NotOnTeam => StatusCode::FORBIDDEN,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                }
            }
            Err(ExecuteError::Stale { since }) => {
                let patient = self.chart().id;
                self.open =
                    self.app.charts.load(patient).await.map_err(|e| problem_of(&e))?.ok_or_else(Problem::not_found)?;
                self.top = changed_notice(self.ctx.words, self.chart(), &since, self.now());
                StatusCode::CONFLICT
            }
            Err(error) => return Err(problem_of(&error)),
        };
        Ok(CommandOutcome::Held(Box::new(self), status))
    }
}

/// What became of a command.
pub enum CommandOutcome {
    /// Recorded, now or before.
    Done(Box<(ChartPage, Receipt)>),
    /// Held; the view says why above the page.
    Held(Box<ChartPage>, StatusCode),
}

/// What a refusal looks like above a page.
pub fn refusal_notice(words: &Words, refusal: &Refusal) -> Markup {
    let findings: &[Finding] = match refusal {
        Refusal::Blocked { findings, .. } | Refusal::NeedsReason { findings, .. } => findings,
        _ => &[],
    };
    let says = match refusal {
        Refusal::Blocked { gate, .. } => format!("The {} step is held. Nothing was recorded.", words.term(*gate)),
        Refusal::NeedsReason { gate, .. } => {
            format!("The {} step has warnings: write why you go on.", words.term(*gate))
        }
        other => stillwater_words::refusal(words, Reader::Staff, other),
    };
    let rows: Vec<Vec<Markup>> = findings
        .iter()
        .map(|f| {
            vec![
                html! { (words.term(f.severity)) },
                html! { (f.rule) },
                html! { (finding_words::measured(words, f)) },
                html! { (finding_words::limit(words, f)) },
                html! { (finding_words::clears(words, f)) },
            ]
        })
        .collect();
    html! {
        div .notice.due role="alert" {
            p { strong { (says) } }
            @if !rows.is_empty() { (ui::data_table("What holds it", &["", "Rule", "Found", "Limit", "What would clear it"], &rows)) }
        }
    }
}

/// What happened while a page was open, told above the form that was not recorded.
fn changed_notice(words: &stillwater_words::Words, chart: &Chart, since: &[Recorded], now: Timestamp) -> Markup {
    html! {
        div .notice.due role="alert" {
            p { strong { "This chart changed while your page was open, so nothing was recorded." } }
            p { "Read what happened. What you typed is still below; send it again if it is still right." }
            ul { @for recorded in since { li { (when(chart, recorded.occurred_at, now)) ": " (stillwater_words::timeline::staff(words, recorded)) } } }
        }
    }
}

/// A moment where the patient lives: the time alone today, with the day otherwise.
pub fn when(chart: &Chart, at: Timestamp, now: Timestamp) -> String {
    let (local, today) = (chart.zoned(at), chart.zoned(now));
    if local.date() == today.date() {
        local.strftime("%H:%M").to_string()
    } else if local.year() == today.year() {
        local.strftime("%-d %b %H:%M").to_string()
    } else {
        local.strftime("%-d %b %Y %H:%M").to_string()
    }
}

/// Reads a date and time typed where the patient lives.
pub fn local_time(chart: &Chart, typed: &mut Form, name: &str) -> Option<Timestamp> {
    let read = typed.needed::<jiff::civil::DateTime>(name, "Give the date and the time.")?;
    let zone = chart.zoned(Timestamp::UNIX_EPOCH).time_zone().clone();
    moment_there(&zone, typed, name, read)
}

/// Reads a date typed without a time, as noon where the patient lives; `None` when nothing was typed.
pub fn local_noon(chart: &Chart, typed: &mut Form, name: &str) -> Option<Timestamp> {
    let day = typed.optional::<jiff::civil::Date>(name, "Give the date as year, month, day.")?;
    let zone = chart.zoned(Timestamp::UNIX_EPOCH).time_zone().clone();
    zone.to_ambiguous_zoned(day.at(12, 0, 0, 0)).compatible().ok().map(|zoned| zoned.timestamp())
}

/// The id of an entry, as a form carries it.
pub fn event_id(typed: &Form, name: &str) -> Result<EventId, Problem> {
    typed.get(name).parse().map_err(|_| Problem::unreadable("The form does not say which entry it is about."))
}

/// The tabs of a chart: id, label.
const TABS: &[(&str, &str)] = &[
    ("", "Overview"),
    ("intake", "Intake"),
    ("findings", "Findings"),
    ("prescribing", "Prescribing"),
    ("plan", "Plan and orders"),
    ("sessions", "Sessions"),
    ("measures", "Measures"),
    ("therapy", "Therapy"),
    ("safety-plan", "Safety plan"),
    ("documents", "Documents"),
    ("access", "Access log"),
];

/// The head of a chart.
pub fn header(view: &ChartPage) -> ChartHeader {
    let chart = view.chart();
    let now = view.now();
    let age = chart.age_years(now).map_or_else(|| "age not known".to_owned(), |age| format!("{age} years"));
    let born = chart.demographics.as_ref().map(|d| d.born()).unwrap_or_default();
    let veteran = chart.demographics.as_ref().and_then(|d| d.veteran) == Some(true);
    let dose = chart.plan().map(|plan| format!(", dose {} of {}", chart.doses_of_plan(), plan.sessions));
    ChartHeader {
        who: html! { (chart.name()) span .quiet { (age) ", born " (born) @if veteran { ", veteran" } } },
        allergies: html! { (stillwater_words::alarm::allergies(view.ctx.words, chart)) },
        phase: html! { (stillwater_words::terms::phase(view.ctx.words, chart.phase())) (dose.unwrap_or_default()) },
        flags: html! {
            @for alert in chart.open_alerts() { (ui::flag(if alert.owner().is_none() { Flag::ActNow } else { Flag::Due }, &stillwater_words::alerts::what(view.ctx.words, &alert.about))) }
            @if let Some(screen) = chart.suicide_screen(view.now()).filter(|s| !s.reviewed && s.risk != stillwater_care::facts::SuicideRisk::None) {
                (ui::flag(Flag::ActNow, &format!("{} not reviewed", screen.instrument)))
            }
        },
        care_team: html! {
            @if chart.team.is_empty() { "nobody yet" }
            @else { (chart.team.iter().map(|m| format!("{} ({})", m.name, view.ctx.words.term(m.role))).collect::<Vec<_>>().join(", ")) }
        },
        tabs: TABS.iter().map(|(id, label)| (*id, view.href(id), (*label).to_owned())).collect(),
    }
}

/// The trend word as the pages draw it.
pub fn trend(trend: outcome::Trend) -> Trend {
    match trend {
        outcome::Trend::Better => Trend::Better,
        outcome::Trend::SlightlyBetter => Trend::SlightlyBetter,
        outcome::Trend::Same => Trend::Same,
        outcome::Trend::SlightlyWorse => Trend::SlightlyWorse,
        outcome::Trend::Worse => Trend::Worse,
        outcome::Trend::Unknown => Trend::Unknown,
    }
}

/// Choices from words and their stored values.
pub fn options<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect()
}

/// A quiet notice.
pub fn quiet(says: &str) -> Markup {
    ui::notice(Notice::Quiet, html! { p { (says) } })
}

/// The stored word of a choice.
pub fn stored<T: serde::Serialize>(choice: T) -> String {
    serde_json::to_value(choice).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Reads a choice by its stored word; notes `says` when there is none.
pub fn chosen<T: serde::de::DeserializeOwned>(typed: &mut Form, name: &str, says: &str) -> Option<T> {
    let read = typed.text(name).and_then(|word| serde_json::from_value(word.into()).ok());
    if read.is_none() {
        typed.wrong(name, says);
    }
    read
}
