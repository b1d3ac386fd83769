//! The guide's and prescriber's cockpit of one dosing session, and the board of all that run.
//!
//! Nothing clinical is decided here: what a rule says, when a check is due and whether a step is held all come from
//! the care rules; these pages show it and send commands.

mod acts;
mod alerts;
mod board;
mod cockpit;
mod gate;
mod model;
mod quick;
mod rail;
mod reality;
mod release;
mod strip;
mod timeline;
mod trend;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::Markup;
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::command::Context;
use stillwater_care::ids::SessionId;
use stillwater_care::protocol::{Protocol, Protocols};
use stillwater_care::roles::Actor;
use stillwater_clinic::Principal;
use stillwater_clinic::accounts::AuditNote;
use stillwater_clinic::charts::LoadedChart;
use stillwater_clinic::presence::{Party, SignsOfLife};

use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::live::{Follow, LiveView, follow};
use crate::state::App;

pub(crate) use model::of_order;
pub(crate) use reality::{given_fields, read_given};

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("cockpit", "/patients/{id}/sessions/{sid}", CHART, show)
        .stream("cockpit.live", "/live/patients/{id}/sessions/{sid}", CHART, stream)
        .post("cockpit.update", "/patients/{id}/sessions/{sid}/update", CLINICAL, acts::update)
        .post("cockpit.event", "/patients/{id}/sessions/{sid}/event", CLINICAL, acts::event)
        .post("cockpit.day", "/patients/{id}/sessions/{sid}/day", CLINICAL, acts::day)
        .post("cockpit.companion", "/patients/{id}/sessions/{sid}/companion", CLINICAL, acts::companion)
        .post("cockpit.ready", "/patients/{id}/sessions/{sid}/ready", CLINICAL, acts::ready)
        .post("cockpit.go", "/patients/{id}/sessions/{sid}/go", CLINICAL, acts::go)
        .post("cockpit.dose", "/patients/{id}/sessions/{sid}/dose", CLINICAL, acts::dose)
        .post("cockpit.release-check", "/patients/{id}/sessions/{sid}/release-check", CLINICAL, acts::release_check)
        .post("cockpit.release", "/patients/{id}/sessions/{sid}/release", CLINICAL, acts::release)
        .post("cockpit.stop", "/patients/{id}/sessions/{sid}/stop", CLINICAL, acts::stop)
        .post("cockpit.given", "/patients/{id}/sessions/{sid}/given", CLINICAL, acts::given)
        .post("cockpit.amount", "/patients/{id}/sessions/{sid}/amount", CLINICAL, acts::amount)
        .post("cockpit.infusion", "/patients/{id}/sessions/{sid}/infusion", CLINICAL, acts::infusion)
        .post("cockpit.booster", "/patients/{id}/sessions/{sid}/booster", CLINICAL, acts::booster)
        .post("cockpit.earlier", "/patients/{id}/sessions/{sid}/earlier", CLINICAL, acts::earlier)
        .post("cockpit.leave", "/patients/{id}/sessions/{sid}/leave", CLINICAL, acts::leave)
        .post("cockpit.own", "/patients/{id}/sessions/{sid}/own", CLINICAL, acts::own)
        .post("cockpit.note-alert", "/patients/{id}/sessions/{sid}/note-alert", CLINICAL, acts::note_alert)
        .post("cockpit.resolve", "/patients/{id}/sessions/{sid}/resolve", CLINICAL, acts::resolve)
        .get("board", "/board", CHART, board::show)
        .stream("board.live", "/live/board", CHART, board::stream)
}

/// Everything that drawing one session needs.
struct CockpitView<'s> {
    ctx: &'s PageContext,
    presence: &'s SignsOfLife,
    open: &'s LoadedChart,
    chart: &'s Chart,
    session: &'s Session,
    protocol: Option<&'s Protocol>,
    protocols: &'static Protocols,
    now: jiff::Timestamp,
    /// May send commands; a manager only looks.
    acts: bool,
}

impl<'s> CockpitView<'s> {
    fn of(app: &'s App, ctx: &'s PageContext, open: &'s LoadedChart, session: SessionId) -> Option<Self> {
        let protocols = app.charts.protocols();
        let principal = ctx.principal.as_ref();
        Some(Self {
            ctx,
            presence: &app.presence,
            open,
            chart: &open.chart,
            session: open.chart.session(session)?,
            protocol: open.chart.session(session).and_then(|held| open.chart.protocol_of(held, protocols)),
            protocols,
            now: app.clock.now(),
            acts: principal.is_some_and(|person| {
                use stillwater_care::roles::Role;
                person.is(Role::Guide) || person.is(Role::Prescriber)
            }),
        })
    }

    /// The address of this session, with what comes behind it.
    fn href(&self, act: &str) -> String {
        format!("/patients/{}/sessions/{}{act}", self.chart.id, self.session.id)
    }

    fn context(&self) -> Context<'static> {
        let actor = self.ctx.principal.as_ref().map_or(Actor::Stillwater, Principal::actor);
        Context { now: self.now, actor, command_id: uuid::Uuid::nil(), protocols: self.protocols }
    }

    /// The layout of the page: what is on it besides the figures.
    fn layout(&self) -> String {
        self.session.phase().code().to_owned()
    }

    /// A time of day where the patient lives, with the date when it is not today.
    fn time(&self, at: jiff::Timestamp) -> String {
        crate::live::commands::local_time(self.chart, at, self.now)
    }
}

/// What a form was answered with, shown where the form is.
struct FormReply<'s> {
    /// Which form: the last part of its address.
    form: &'static str,
    /// The answer.
    words: Markup,
    /// What was typed, kept.
    typed: &'s Form,
}

fn session_of(sid: &str) -> Result<SessionId, Problem> {
    sid.parse().map_err(|_| Problem::not_found())
}

async fn show(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    Path((_, sid)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let session = session_of(&sid)?;
    let StaffChart { principal, open } = staff;
    let patient = open.chart.id;
    let scene = CockpitView::of(&app, &ctx, &open, session).ok_or_else(Problem::not_found)?;
    let audit = AuditNote {
        at_ms: ctx.now_ms,
        who: principal.key(),
        what: "chart-opened".into(),
        patient: Some(patient.0),
        about: format!("session {}", scene.session.number),
    };
    app.accounts.note(audit).await.map_err(|cause| Problem::failure("writing the audit trail", &cause))?;
    app.presence.heard(patient, Party::Guide, ctx.now_ms);
    Ok(cockpit::page(&scene, None))
}

/// What a page says about itself when it opens its stream.
#[derive(Debug, Default, Deserialize)]
struct Shown {
    #[serde(default)]
    shown: String,
}

async fn stream(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    Path((_, sid)): Path<(String, String)>,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let session = session_of(&sid)?;
    let StaffChart { principal, open } = staff;
    let patient = open.chart.id;
    if open.chart.session(session).is_none() {
        return Err(Problem::not_found());
    }
    app.presence.heard(patient, Party::Guide, ctx.now_ms);
    let response = follow(&app, ctx, Follow::One(patient), &shown.shown, move |app, ctx, open| {
        let open = open.filter(|open| StaffChart::may_open(app, &principal, open))?;
        let scene = CockpitView::of(app, ctx, open, session)?;
        Some(LiveView { layout: scene.layout(), parts: cockpit::parts(&scene), by_time: rail::links(&scene) })
    });
    Ok(response)
}
