//! The staff's rooms: the caseload and inbox, referrals, one patient's chart tab by tab, and people and access.
//!
//! A page builds a command and shows what the clinic's rules say to it; nothing clinical is decided here.

mod access_log;
mod answer;
mod caseload;
mod desk;
mod documents;
mod findings;
mod inbox;
mod intake;
mod measures;
mod overview;
mod people;
mod plan;
mod referrals;
mod safety_plan;
pub mod session;
mod sessions;
mod therapy;

use crate::auth::access::{ADMINISTRATOR, CHART, CLINICAL, PRESCRIBER, Row, Who};
use crate::http::Routes;

/// The routes of the staff's rooms.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(caseload::routes())
        .and(overview::routes())
        .and(findings::routes())
        .and(inbox::routes())
        .and(plan::routes())
        .and(sessions::routes())
        .and(measures::routes())
        .and(answer::routes())
        .and(referrals::routes())
        .and(therapy::routes())
        .and(safety_plan::routes())
        .and(intake::routes())
        .and(documents::routes())
        .and(access_log::routes())
        .and(people::routes())
}

const fn row(id: &'static str, who: Who) -> Row {
    Row { id, who }
}

/// Who may use the staff's rooms. Pages of a chart ask besides that the reader is on its care team, and each command
/// inside a page has its own roles.
pub const ACCESS: &[Row] = &[
    row("caseload", CHART),
    row("chart", CHART),
    row("chart.send", CHART),
    row("inbox", CHART),
    row("inbox.send", CHART),
    row("plan", CHART),
    row("plan.send", CLINICAL),
    row("sessions", CHART),
    row("sessions.send", CHART),
    row("measures", CHART),
    row("measures.send", CLINICAL),
    row("measure", CHART),
    row("measure.send", CLINICAL),
    row("referrals", CHART),
    row("referrals.new", CHART),
    row("referrals.new.send", CHART),
    row("referrals.import", CHART),
    row("referrals.import.send", CHART),
    row("team", CHART),
    row("team.send", CHART),
    row("therapy", CHART),
    row("therapy.send", CLINICAL),
    row("safety-plan", CHART),
    row("safety-plan.send", CLINICAL),
    row("intake", CHART),
    row("intake.send", CHART),
    row("documents", CHART),
    row("access-log", CHART),
    row("people", ADMINISTRATOR),
    row("people.send", ADMINISTRATOR),
    row("findings", CHART),
    row("findings.send", PRESCRIBER),
];
