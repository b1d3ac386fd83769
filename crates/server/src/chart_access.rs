//! A chart opened by somebody who may: what stands in front of every page and form of a chart.
//!
//! A handler that takes one of these has the chart, and whoever may not open it never reaches the handler. Whoever may
//! not sees the same as when there is none.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use stillwater_care::Chart;
use stillwater_care::chart::{Act, Alert, Companion, Session};
use stillwater_care::event::EscalationLevel;
use stillwater_care::ids::PatientId;
use stillwater_care::roles::Role;
use stillwater_clinic::accounts::AuditNote;
use stillwater_clinic::charts::LoadedChart;
use stillwater_clinic::presence::Party;
use stillwater_clinic::{Principal, Subject, membership::may_open_chart};

use crate::http::Problem;
use crate::live::commands;
use crate::state::App;

/// The chart that an address names by its `{id}`, opened by staff on its care team.
#[derive(Clone, Debug)]
pub struct StaffChart {
    /// Who opened it.
    pub principal: Principal,
    /// The chart.
    pub open: Arc<LoadedChart>,
}

/// A patient's own chart.
#[derive(Clone, Debug)]
pub struct OwnChart {
    /// The patient, as they signed in.
    pub principal: Principal,
    /// Whose chart it is.
    pub patient: PatientId,
    /// The chart.
    pub open: Arc<LoadedChart>,
}

/// The chart that a companion stands beside, as long as they are the companion in force.
#[derive(Clone, Debug)]
pub struct CompanionChart {
    /// The companion, as they signed in.
    pub principal: Principal,
    /// Whose chart it is.
    pub patient: PatientId,
    /// The chart.
    pub open: Arc<LoadedChart>,
}

impl StaffChart {
    /// Opens the chart of a patient, when the reader is on its care team.
    ///
    /// # Errors
    /// When there is no such chart for this reader, or it cannot be read.
    pub async fn open(app: &App, principal: Principal, patient: PatientId) -> Result<Self, Problem> {
        let found = app.charts.load(patient).await.map_err(|error| commands::staff_problem_of(&error))?;
        let open = found.ok_or_else(Problem::not_found)?;
        if !Self::may_open(app, &principal, &open) {
            return Err(Problem::not_found());
        }
        if !Self::on_team(&principal, &open) {
            let note = AuditNote {
                at_ms: app.clock.now_ms(),
                who: principal.key(),
                what: "break-glass".into(),
                patient: Some(patient.0),
                about: "an alert that nobody of the team took".into(),
            };
            app.accounts.note(note).await.map_err(|cause| Problem::failure("writing the access log", &cause))?;
        }
        Ok(Self { principal, open })
    }

    /// Whether somebody may open a chart: its care team, and every clinician while an alert is open that the team did not take.
    #[must_use]
    pub fn may_open(app: &App, principal: &Principal, open: &LoadedChart) -> bool {
        Self::on_team(principal, open) || !beyond_the_team(app, principal, &open.chart).is_empty()
    }

    /// Whether somebody is on the care team of a chart.
    fn on_team(principal: &Principal, open: &LoadedChart) -> bool {
        let team: Vec<_> = open.chart.team.iter().map(|member| member.id).collect();
        may_open_chart(principal, open.chart.id, &team)
    }
}

impl FromRequestParts<App> for StaffChart {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, app).await?;
        let named = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        let id = named.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse().ok());
        Self::open(app, principal, id.ok_or_else(Problem::not_found)?).await
    }
}

/// The open alerts of a chart that are every clinician's: those that went past guide and prescriber with nobody taking them on,
/// at once where the rota has nobody on duty there; and those that this very clinician has taken on.
#[must_use]
pub fn beyond_the_team<'c>(app: &App, principal: &Principal, chart: &'c Chart) -> Vec<&'c Alert> {
    if !(principal.is(Role::Guide) || principal.is(Role::Prescriber)) {
        return Vec::new();
    }
    let (rota, now) = (app.rota.rota(), app.clock.now());
    let mine = |act: &Act| principal.staff().is_some() && act.by.staff() == principal.staff();
    chart
        .open_alerts()
        .into_iter()
        .filter(|alert| alert.owner().map_or_else(|| rota.asked(alert.level, now) >= EscalationLevel::OnCall, mine))
        .collect()
}

impl OwnChart {
    /// The chart.
    #[must_use]
    pub fn chart(&self) -> &Chart {
        &self.open.chart
    }

    /// The same chart as it is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn again(&self, app: &App) -> Result<Self, Problem> {
        Ok(Self { open: commands::chart_of(app, self.patient).await?, ..self.clone() })
    }
}

impl FromRequestParts<App> for OwnChart {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, app).await?;
        let Subject::Patient { patient, .. } = principal.subject else { return Err(Problem::forbidden()) };
        Ok(Self { open: commands::chart_of(app, patient).await?, principal, patient })
    }
}

impl CompanionChart {
    /// The chart.
    #[must_use]
    pub fn chart(&self) -> &Chart {
        &self.open.chart
    }

    /// The companion, as the chart knows them.
    #[must_use]
    pub fn companion(&self) -> Option<&Companion> {
        self.chart().companion.as_ref()
    }

    /// The session that they are here for.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.chart().current_session()
    }
}

impl FromRequestParts<App> for CompanionChart {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let LetInChart { beside, relieved } = LetInChart::from_request_parts(parts, app).await?;
        if relieved {
            return Err(relieved_now());
        }
        app.presence.heard(beside.patient, Party::Companion, app.clock.now_ms());
        Ok(beside)
    }
}

/// The same chart for what is open to whoever was let in: asking for help, and stopping. A phone in the room does not lose
/// these because somebody else was named meanwhile.
#[derive(Clone, Debug)]
pub struct LetInChart {
    /// The chart.
    pub beside: CompanionChart,
    /// Somebody else is the companion now.
    pub relieved: bool,
}

impl FromRequestParts<App> for LetInChart {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, app).await?;
        let Subject::Companion { patient, companion } = principal.subject else { return Err(Problem::forbidden()) };
        let open = commands::chart_of(app, patient).await?;
        if open.chart.let_in(companion).is_none() {
            return Err(no_longer());
        }
        let relieved = open.chart.companion.as_ref().is_none_or(|known| known.id != companion);
        Ok(Self { beside: CompanionChart { principal, patient, open }, relieved })
    }
}

fn relieved_now() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "Somebody else is the companion now",
        "You can still get help and stop the session: press Help.",
        "If you are with the person and think that this is a mistake, call the team.",
    )
}

fn no_longer() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "Somebody else is the companion now",
        "Thank you for being ready to help. This link no longer belongs to a treatment.",
        "If you think that is a mistake, call the team.",
    )
}
