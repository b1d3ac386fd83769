//! Asking something of a chart from a session page, and what can come of it.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use stillwater_care::Chart;
use stillwater_care::command::{Command, Refusal};
use stillwater_care::event::Recorded;
use stillwater_care::ids::PatientId;
use stillwater_clinic::Principal;
use stillwater_clinic::charts::{BatchRequest, ExecuteError, LoadedChart};

use crate::http::{Form, Problem};
use crate::state::App;

/// What came of asking.
#[derive(Debug)]
pub enum CommandOutcome {
    /// It is recorded.
    Done(Arc<LoadedChart>),
    /// The clinic's rules refused it.
    Refused(Refusal),
    /// Something happened since the page was opened.
    Stale(Vec<Recorded>),
}

/// A failure that is nobody's answer: what the reader is told, and what is logged.
#[must_use]
pub fn problem_of(error: &ExecuteError) -> Problem {
    let not_recorded = |what: &str| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Nothing was recorded",
            what,
            "If it matters now, telephone. Then tell whoever runs this installation.",
        )
    };
    match error {
        ExecuteError::Full => not_recorded("The disk is full, so nothing was recorded."),
        ExecuteError::Unreadable(cause) => {
            tracing::error!(%cause, "a chart cannot be read");
            not_recorded("Part of this chart cannot be read, so it cannot be assessed and nothing was recorded.")
        }
        ExecuteError::Contended => contended(),
        ExecuteError::Erased => Problem::not_found(),
        ExecuteError::Failure(cause) => Problem::failure("recording in a chart", cause),
        ExecuteError::Refused(_) | ExecuteError::Stale { .. } => Problem::internal(),
    }
}

/// Others wrote in the same chart each time that this was tried. Nothing is wrong with it: the same form is sent again.
#[must_use]
pub fn contended() -> Problem {
    let mut problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "Nothing was recorded yet",
        "Others are writing in this chart at the same moment.",
        "Send it again. If it matters now, telephone.",
    );
    problem.retry_after_s = Some(1);
    problem
}

/// The same for staff at a desk, who have more to do about it.
#[must_use]
pub fn staff_problem_of(error: &ExecuteError) -> Problem {
    match error {
        ExecuteError::Erased => Problem::not_found(),
        ExecuteError::Contended => contended(),
        ExecuteError::Full => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Nothing was recorded",
            "The disk that keeps the charts is full.",
            "Write it down, tell whoever runs this installation, and enter it again when there is room.",
        ),
        ExecuteError::Unreadable(cause) => {
            tracing::error!(%cause, "a chart cannot be read");
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "This chart cannot be assessed",
                "It holds an entry that this version cannot read, so nothing in it can be relied on here.",
                "Do not treat by this page. Tell whoever runs this installation.",
            )
        }
        other => Problem::failure("working on a chart", other),
    }
}

/// The chart of a patient, which must be there.
///
/// # Errors
/// When there is none, or it cannot be read.
pub async fn chart_of(app: &App, patient: PatientId) -> Result<Arc<LoadedChart>, Problem> {
    app.charts.load(patient).await.map_err(|error| problem_of(&error))?.ok_or_else(Problem::not_found)
}

/// What a command may rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestsOn {
    /// A decision: it rests on what the person saw, and is stale once that has changed.
    WhatWasSeen,
    /// True whatever else happened meanwhile: a reading, a check-in, a call for help, a stop.
    Itself,
}

/// Asks one thing of a chart.
///
/// # Errors
/// When the form is not ours or the store fails; a refusal is no error.
pub async fn ask(
    app: &App,
    principal: &Principal,
    patient: PatientId,
    typed: &Form,
    rests_on: RestsOn,
    command: Command,
) -> Result<CommandOutcome, Problem> {
    ask_all(app, principal, patient, typed, rests_on, vec![command]).await
}

/// Asks several things that were entered in one form. All are recorded together or none is, so that a slip in one of them
/// does not leave the others half-entered.
///
/// # Errors
/// As [`ask`].
pub async fn ask_all(
    app: &App,
    principal: &Principal,
    patient: PatientId,
    typed: &Form,
    rests_on: RestsOn,
    commands: Vec<Command>,
) -> Result<CommandOutcome, Problem> {
    let seen = match rests_on {
        RestsOn::WhatWasSeen => typed.seen_seq(),
        RestsOn::Itself => None,
    };
    let batch = BatchRequest::of_form(patient, principal.actor(), seen, typed.command_id()?, commands);
    match app.charts.execute_batch(batch, app.clock.now()).await {
        Ok(done) => Ok(CommandOutcome::Done(done.open)),
        Err(ExecuteError::Refused(refusal)) => Ok(CommandOutcome::Refused(refusal)),
        Err(ExecuteError::Stale { since }) => Ok(CommandOutcome::Stale(since)),
        Err(error) => Err(problem_of(&error)),
    }
}

/// Whether a form was sent from the phone's outbox, which wants a plain yes or no and no page.
#[must_use]
pub fn from_outbox(headers: &HeaderMap) -> bool {
    headers.contains_key("x-outbox")
}

/// The answer when it is recorded: on to the page, or a plain yes to the outbox.
#[must_use]
pub fn recorded(headers: &HeaderMap, page: &str) -> Response {
    if from_outbox(headers) { StatusCode::NO_CONTENT.into_response() } else { Redirect::to(page).into_response() }
}

/// When what was entered happened: the outbox says when the button was pressed, which may be a while before it is sent.
/// A time in the future or more than a day back is not believed, and the present is taken.
#[must_use]
pub fn happened_at(typed: &Form, now: Timestamp) -> Timestamp {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let said: Option<i64> = typed.get("occurred_at_ms").parse().ok();
    let now_ms = now.as_millisecond();
    said.filter(|ms| *ms <= now_ms && now_ms - ms < DAY_MS)
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(now)
}

/// A time of day where the patient lives, with the date when it is not today.
#[must_use]
pub fn local_time(chart: &Chart, at: Timestamp, now: Timestamp) -> String {
    let there = chart.zoned(at);
    let form = if there.date() == chart.local_date(now) { "%H:%M" } else { "%a %-d %b %Y, %H:%M" };
    there.strftime(form).to_string()
}

/// A refusal as the outbox keeps and shows it.
#[must_use]
pub fn refused_plainly(what: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Not recorded", what, "Look at it again, or tell your team.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_from_the_outbox_is_believed_within_a_day_and_never_from_the_future() {
        let now = Timestamp::from_second(1_000_000).unwrap_or_default();
        let said = |ms: i64| {
            let typed = Form::from_fields(vec![("occurred_at_ms".into(), ms.to_string())]);
            happened_at(&typed, now).as_millisecond()
        };
        assert_eq!(said(999_000_000), 999_000_000);
        assert_eq!(said(1_000_000_001), 1_000_000_000);
        assert_eq!(said(1), 1_000_000_000);
        assert_eq!(happened_at(&Form::blank(), now), now);
    }
}
