//! One line about one patient: what the caseload and the session board show without folding every chart.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use stillwater_care::chart::{Chart, Phase, SessionPhase};
use stillwater_care::duplicate::Identity;
use stillwater_care::event::{CheckKind, EndReason, Identifier};
use stillwater_care::facts::Setting;
use stillwater_care::ids::{PatientId, SessionId, StaffId};
use stillwater_care::items::{ItemKind, OpenItem, next_item_change, open_items_with};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::BloodPressure;
use stillwater_care::roles::Role;
use stillwater_care::schedule;
use stillwater_programme::OutcomeRow;

/// The shape of the stored line; a line of another shape is made again from its chart.
const SHAPE: u32 = 8;

/// Which version of the fold and of the schedule makes the index rows. Rows of another version are made again, since a
/// release that changes when something falls due would otherwise leave the old times in place.
#[must_use]
pub fn fold_version() -> String {
    format!("{}/{SHAPE}", env!("CARGO_PKG_VERSION"))
}

/// The session that runs or comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextSession {
    /// Which.
    pub session: SessionId,
    /// Of the course.
    pub number: u32,
    /// When it begins.
    pub starts_at: Timestamp,
    /// Where it stands.
    pub phase: SessionPhase,
    /// A dose was taken and nobody was released.
    pub running: bool,
    /// When the dose began.
    pub dose_at: Option<Timestamp>,
    /// The next check: what and when.
    pub next_check: Option<(CheckKind, Timestamp)>,
    /// The last blood pressure and when it was taken.
    pub last_bp: Option<(BloodPressure, Timestamp)>,
    /// Where.
    pub setting: Setting,
}

/// One line about one patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    shape: u32,
    /// Who.
    pub patient: PatientId,
    /// The head of the chart that this was made from.
    pub seq: u64,
    /// Name.
    pub name: String,
    /// Date of birth; absent until referred.
    pub birth_date: Option<Date>,
    /// Telephone; empty when none is known. Somebody referred a second time is told by it.
    pub phone: String,
    /// Numbers by which they are known elsewhere.
    pub identifiers: Vec<Identifier>,
    /// Age in years when it was made.
    pub age_years: Option<i64>,
    /// Served in the armed forces.
    pub veteran: Option<bool>,
    /// Where they are in their course.
    pub phase: Phase,
    /// How the course ended.
    pub ended: Option<EndReason>,
    /// Doses taken.
    pub doses: u32,
    /// Doses planned.
    pub planned: Option<u32>,
    /// The protocol's id.
    pub protocol: Option<String>,
    /// PCL-5 totals with their times, oldest first (the weekly form, with the monthly one where it is all there is).
    pub pcl5: Vec<(Timestamp, Option<f64>)>,
    /// PCL-5 before the first dose.
    pub pcl5_baseline: Option<f64>,
    /// When the patient was last heard.
    pub last_heard_at: Option<Timestamp>,
    /// Measures answered of those due so far.
    pub answered_of_due: (u32, u32),
    /// The care team.
    pub team: Vec<StaffId>,
    /// Whether no prescriber is on it, so that any may open it to complete the team.
    pub lacks_prescriber: bool,
    /// Open items, most pressing first.
    pub items: Vec<OpenItem>,
    /// The session that runs or comes next.
    pub next_session: Option<NextSession>,
    /// Referred.
    pub referred_at: Option<Timestamp>,
    /// When the ticker looks again.
    pub next_look_at: Option<Timestamp>,
    /// A row for statistics for each course, from which the figures of the programme are worked out.
    pub rows: Vec<OutcomeRow>,
}

impl Summary {
    /// The line of a chart.
    #[must_use]
    pub fn of(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Self {
        // Worked out once for each course: the items, the next look and the rows all rest on it, at every append.
        let by_course: Vec<_> =
            chart.courses().iter().map(|course| schedule::measures_in(chart, course, protocols)).collect();
        let due = by_course.last().map(Vec::as_slice).unwrap_or_default();
        let past: Vec<_> =
            due.iter().filter(|m| m.done.is_some() || (m.due_at <= now && schedule::expected(chart, m))).collect();
        let answered = past.iter().filter(|m| m.done.is_some()).count();
        Self {
            shape: SHAPE,
            patient: chart.id,
            seq: chart.seq,
            name: chart.name().to_owned(),
            birth_date: chart.demographics.as_ref().map(|d| d.birth_date),
            phone: chart.demographics.as_ref().map(|d| d.phone.clone()).unwrap_or_default(),
            identifiers: chart.demographics.as_ref().map(|d| d.identifiers.clone()).unwrap_or_default(),
            age_years: chart.age_years(now),
            veteran: chart.demographics.as_ref().and_then(|d| d.veteran),
            phase: chart.phase(),
            ended: chart.ended().map(|end| end.reason),
            doses: chart.doses_of_plan(),
            planned: chart.plan().map(|p| p.sessions),
            protocol: chart.plan().map(|p| p.protocol.clone()),
            pcl5: pcl5(chart),
            pcl5_baseline: chart
                .baseline_measure("pcl-5-week")
                .or_else(|| chart.baseline_measure("pcl-5-month"))
                .and_then(|m| m.value.scores.get("total").copied().flatten()),
            last_heard_at: chart.last_heard_at,
            answered_of_due: (count(answered), count(past.len())),
            team: chart.team.iter().map(|m| m.id).collect(),
            lacks_prescriber: !chart.team.iter().any(|m| m.role == Role::Prescriber),
            items: open_items_with(chart, protocols, due, now),
            next_session: next_session(chart, protocols),
            referred_at: chart.referred_at(),
            next_look_at: schedule::next_look_with(chart, protocols, due, now)
                .into_iter()
                .chain(next_item_change(chart, due, now))
                .min(),
            rows: OutcomeRow::all_with(chart, &by_course),
        }
    }

    /// What this person is known by.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        Identity { name: &self.name, birth_date: self.birth_date, phone: &self.phone, identifiers: &self.identifiers }
    }

    /// The stored form.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it has another shape.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let summary: Self = serde_json::from_slice(bytes)?;
        if summary.shape == SHAPE { Ok(summary) } else { Err(serde::de::Error::custom("another shape")) }
    }

    /// Its place in the caseload: the most pressing item first, then the older one.
    #[must_use]
    pub fn order(&self) -> (u8, Option<Timestamp>, String) {
        let first = self.items.first();
        (first.map_or(u8::MAX, |item| rank(item.kind())), first.map(|item| item.at), self.name.clone())
    }
}

/// The place of a kind in the caseload's order, from 0.
#[must_use]
pub fn rank(kind: ItemKind) -> u8 {
    ItemKind::ALL.iter().position(|known| *known == kind).map_or(u8::MAX, |at| at as u8)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn pcl5(chart: &Chart) -> Vec<(Timestamp, Option<f64>)> {
    let weekly = chart.measures_of("pcl-5-week");
    let all = if weekly.is_empty() { chart.measures_of("pcl-5-month") } else { weekly };
    all.into_iter().map(|m| (m.occurred_at, m.value.scores.get("total").copied().flatten())).collect()
}

fn next_session(chart: &Chart, protocols: &Protocols) -> Option<NextSession> {
    let session = chart.current_session()?;
    let check =
        chart.protocol_of(session, protocols).and_then(|p| schedule::next_checks(chart, session, p).into_iter().next());
    let last_bp = chart.readings_of(session).iter().rev().find_map(|v| v.blood_pressure.map(|bp| (bp, v.taken_at)));
    Some(NextSession {
        session: session.id,
        number: session.number,
        starts_at: session.starts_at,
        phase: session.phase(),
        running: session.phase().is_running(),
        dose_at: session.dose_at(),
        next_check: check.map(|c| (c.kind, c.due_at)),
        last_bp,
        setting: session.setting,
    })
}
