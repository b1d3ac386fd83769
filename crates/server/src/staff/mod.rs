//! The staff's rooms: the caseload and inbox, referrals, one patient's chart tab by tab, and people and access.
//!
//! A page builds a command and shows what the clinic's rules say to it; nothing clinical is decided here.

mod access_log;
mod adverse;
mod again;
mod answer;
mod caseload;
mod closing;
mod correct;
mod desk;
mod documents;
mod findings;
mod inbox;
mod intake;
mod liver;
mod measures;
mod medicines;
mod merge;
mod overview;
mod people;
mod plan;
mod prescribing;
mod referrals;
mod rota;
mod safety_plan;
mod session;
mod sessions;
mod supply;
mod therapy;

use crate::http::Routes;

/// The routes of the staff's rooms.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(caseload::routes())
        .and(overview::routes())
        .and(again::routes())
        .and(findings::routes())
        .and(inbox::routes())
        .and(plan::routes())
        .and(prescribing::routes())
        .and(sessions::routes())
        .and(measures::routes())
        .and(answer::routes())
        .and(referrals::routes())
        .and(therapy::routes())
        .and(safety_plan::routes())
        .and(intake::routes())
        .and(documents::routes())
        .and(access_log::routes())
        .and(merge::routes())
        .and(people::routes())
        .and(rota::routes())
        .and(session::routes())
}
