//! One patient's chart: a fold of everything that happened.
//!
//! [`Chart::apply`] cannot fail and refuses nothing; whatever is refused is refused by [`decide`](crate::decide) before
//! it becomes an event. Nothing is overwritten: a corrected entry stays, struck, beside the one that replaces it.

pub mod alarm;
mod allergies;
mod apply;
pub mod checks;
mod course;
mod entries;
mod entry_concerns;
pub mod facts_from_chart;
mod imported;
pub mod session;
mod standing;
mod suicide;
mod supply;
pub mod timeline;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::event::*;
use crate::facts::{HistoryFact, HistoryTopic, MedicineFact, Route, Setting};
use crate::finding::Finding;
use crate::ids::{AlertId, CompanionId, EventId, NoteId, OrderId, PatientId, SessionId};
use crate::quantity::days_between;
use crate::roles::{Actor, Role};

pub use crate::event::SessionPhase;
pub use alarm::{Alert, AlertState, Notice, NoticeState};
pub use course::{Course, CourseEnd};
pub use entries::{Entries, EventIds};
pub use session::{CallOff, Dosed, GoDecision, Hold, Leaving, Miss, Move, Release, Session, SessionState, Stop};

/// Something recorded, with who and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// The event.
    pub id: EventId,
    /// Place in the chart.
    pub seq: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub value: T,
}

/// Why an entry no longer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The correction.
    pub by: EventId,
    /// Who corrected it.
    pub actor: Actor,
    /// Why.
    pub why: String,
    /// What stands in its place.
    pub replaced_by: Option<EventId>,
}

/// Where somebody is in their course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Referred; nothing answered yet.
    Referred,
    /// Answering the screening questionnaires.
    Screening,
    /// Found eligible; consent and plan to come.
    Consent,
    /// Plan open; preparing.
    Preparation,
    /// A session runs today.
    Session,
    /// Between or after doses.
    FollowUp,
    /// The course has ended.
    Ended,
}

impl Phase {
    /// Every phase in the order of a course.
    pub const ALL: [Self; 7] =
        [Self::Referred, Self::Screening, Self::Consent, Self::Preparation, Self::Session, Self::FollowUp, Self::Ended];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Screening => "screening",
            Self::Consent => "consent",
            Self::Preparation => "preparation",
            Self::Session => "session",
            Self::FollowUp => "follow-up",
            Self::Ended => "ended",
        }
    }
}

/// The eligibility decision in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Eligibility {
    /// May be treated.
    pub eligible: bool,
    /// Where.
    pub setting: Setting,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// The findings that stood.
    pub findings: Vec<Finding>,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To which course.
    pub course: u32,
    /// Version of the text.
    pub version: String,
    /// Notice on products taken at home.
    pub home_notice: bool,
    /// Name typed.
    pub signed_name: String,
    /// When.
    pub signed_at: Timestamp,
    /// When withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
    /// The words of the withdrawal.
    pub withdrawal_words: String,
}

/// A plan. It holds the sessions that are scheduled, and the doses that are given, while it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which of its course, from 1.
    pub number: u32,
    /// Protocol id.
    pub protocol: String,
    /// Its version.
    pub protocol_version: String,
    /// Where.
    pub setting: Setting,
    /// How.
    pub route: Route,
    /// Sessions planned.
    pub sessions: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub by: Actor,
}

/// Where a dose order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Neither cancelled nor used.
    InForce,
    /// Cancelled, and why.
    Cancelled(CancelReason),
    /// A dose was taken on it, in this session.
    Used(SessionId),
}

/// A dose order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What was written.
    pub written: OrderWritten,
    /// When.
    pub written_at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Where it stands.
    pub state: OrderState,
}

impl Order {
    /// Written, not cancelled, not used.
    #[must_use]
    pub fn in_force(&self) -> bool {
        self.state == OrderState::InForce
    }
}

/// The companion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Identity.
    pub id: CompanionId,
    /// Name.
    pub name: String,
    /// Relation.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// 18 or older.
    pub adult: bool,
    /// Briefed at.
    pub briefed_at: Option<Timestamp>,
    /// Confirmed on their own link at.
    pub confirmed_at: Option<Timestamp>,
}

/// A clinical note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Identity.
    pub id: NoteId,
    /// For which kind of visit.
    pub kind: VisitKind,
    /// The text.
    pub text: String,
    /// When last written.
    pub written_at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Who signed it, and when.
    pub signed: Option<Act>,
    /// Additions after signing.
    pub addenda: Vec<Addendum>,
}

/// What was added to a signed note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addendum {
    /// Who added it, and when.
    pub act: Act,
    /// The addition.
    pub text: String,
}

/// Why an open item was cleared by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// Who cleared it, and when.
    pub act: Act,
    /// Why.
    pub reason: String,
}

/// Something done, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
}

/// A journal entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// Identity.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub words: String,
    /// Shared with the team now.
    pub shared: bool,
}

/// Everything about one patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Who.
    pub id: PatientId,
    /// Place of the newest event; 0 for an empty chart.
    pub seq: u64,
    /// Name and contact; absent until referred.
    pub demographics: Option<Demographics>,
    /// The courses, oldest first.
    pub(crate) courses: Vec<Course>,
    /// What was imported, newest last.
    pub imports: Entries<RecordImported>,
    /// History by topic.
    pub history: BTreeMap<HistoryTopic, HistoryFact>,
    /// What an imported record says that weighs by itself, in the order of its import.
    pub concerns: Vec<crate::facts::ConcernFact>,
    /// Answers that another one replaced, oldest first, by topic.
    pub history_before: BTreeMap<HistoryTopic, Vec<HistoryFact>>,
    /// Medicines as gone through; `None` until then.
    pub medicines: Option<Vec<MedicineFact>>,
    /// When somebody last went through the medicines with the patient.
    pub medicines_reviewed_at: Option<Timestamp>,
    /// Medicines imported and not yet gone through.
    pub imported_medicines: Vec<MedicineFact>,
    /// What was tried before, and where; `None` until somebody asked.
    pub background: Option<BackgroundTaken>,
    /// Care team.
    pub team: Vec<TeamMember>,
    /// Invitations.
    pub invitations: Entries<InvitationMade>,
    /// Measures.
    pub measures: Entries<MeasureCompleted>,
    /// Vital signs.
    pub vitals: Entries<VitalsRecorded>,
    /// Weights.
    pub weights: Entries<WeightRecorded>,
    /// Weights that a second person confirmed.
    pub weight_confirmations: Entries<WeightConfirmed>,
    /// Heights.
    pub heights: Entries<HeightRecorded>,
    /// Laboratory results.
    pub labs: Entries<LabRecorded>,
    /// Where the patient is treated; absent until written down, and again after a move.
    pub region: Option<String>,
    /// Licences that prescribers wrote down.
    pub licences: Entries<LicenceShown>,
    /// Examinations in person.
    pub examinations: Entries<ExaminedInPerson>,
    /// What was looked at of misuse.
    pub misuse_checks: Entries<MisuseChecked>,
    /// Classes of a chronic liver disease.
    pub child_pugh: Entries<ChildPughRated>,
    /// Tablets or lozenges handed out for the home.
    pub supply_out: Entries<SupplyHandedOut>,
    /// What of them was taken back.
    pub supply_back: Entries<SupplyTakenBack>,
    /// Counts of what is in hand at home.
    pub supply_counts: Entries<SupplyCounted>,
    /// Facts of the safety programme of nasal esketamine.
    pub rems: Entries<RemsRecorded>,
    /// Answers that held a dose and were changed, with the reason.
    pub changed_answers: Entries<HoldingAnswerChanged>,
    /// Reviews of suicide screens.
    pub suicide_reviews: Entries<SuicideScreenReviewed>,
    /// Overrides, shown forever.
    pub overrides: Entries<FindingOverridden>,
    /// Charts of the same person that were merged into this one.
    pub merged: Entries<ChartsMerged>,
    /// The chart of the same person that goes on in place of this one.
    pub merged_into: Option<PatientId>,
    /// The second signatures of overrides, by the override.
    pub cosigned: BTreeMap<EventId, Act>,
    /// Consents, newest last.
    pub consents: Vec<Consent>,
    /// Orders.
    pub orders: Vec<Order>,
    /// The companion in force.
    pub companion: Option<Companion>,
    /// Who was the companion before in this course. Their call for help and their stop still count during a session.
    pub companions_before: Vec<Companion>,
    /// The safety plan in force.
    pub safety_plan: Option<Entry<SafetyPlanWritten>>,
    /// Visits.
    pub visits: Entries<VisitHeld>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Dosing sessions.
    pub sessions: Vec<Session>,
    /// Doses.
    pub doses: Entries<DoseTaken>,
    /// Sedation ratings.
    pub sedation: Entries<SedationRated>,
    /// Look-ins.
    pub check_ins: Entries<CheckInRecorded>,
    /// Symptoms.
    pub symptoms: Entries<SymptomMarked>,
    /// Distress ratings.
    pub distress: Entries<DistressRated>,
    /// Missed checks.
    pub missed: Entries<CheckMissed>,
    /// Calls for help.
    pub help: Entries<HelpRequested>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Adverse events.
    pub adverse_events: Entries<AdverseEventRecorded>,
    /// Prescribers' reviews of adverse events.
    pub adverse_reviews: Entries<AdverseEventReviewed>,
    /// Journal.
    pub journal: Vec<JournalEntry>,
    /// Contacts.
    pub contacts: Entries<ContactMade>,
    /// Reviews of the course.
    pub reviews: Entries<CourseReviewed>,
    /// Items cleared by hand.
    pub cleared: BTreeMap<String, Clearing>,
    /// Entries that no longer stand.
    pub struck: BTreeMap<EventId, Strike>,
    /// When anything was last heard from the patient.
    pub last_heard_at: Option<Timestamp>,
    /// Ids of all events, so that a command sent twice is known.
    pub event_ids: EventIds,
}

impl Chart {
    /// An empty chart.
    #[must_use]
    pub fn new(id: PatientId) -> Self {
        Self {
            id,
            seq: 0,
            demographics: None,
            courses: Vec::new(),
            imports: Entries::default(),
            history: BTreeMap::new(),
            concerns: Vec::new(),
            history_before: BTreeMap::new(),
            medicines: None,
            medicines_reviewed_at: None,
            imported_medicines: Vec::new(),
            background: None,
            team: Vec::new(),
            invitations: Entries::default(),
            measures: Entries::default(),
            vitals: Entries::default(),
            weights: Entries::default(),
            weight_confirmations: Entries::default(),
            heights: Entries::default(),
            labs: Entries::default(),
            region: None,
            licences: Entries::default(),
            examinations: Entries::default(),
            misuse_checks: Entries::default(),
            child_pugh: Entries::default(),
            supply_out: Entries::default(),
            supply_back: Entries::default(),
            supply_counts: Entries::default(),
            rems: Entries::default(),
            changed_answers: Entries::default(),
            suicide_reviews: Entries::default(),
            overrides: Entries::default(),
            merged: Entries::default(),
            merged_into: None,
            cosigned: BTreeMap::new(),
            consents: Vec::new(),
            orders: Vec::new(),
            companion: None,
            companions_before: Vec::new(),
            safety_plan: None,
            visits: Entries::default(),
            notes: Vec::new(),
            sessions: Vec::new(),
            doses: Entries::default(),
            sedation: Entries::default(),
            check_ins: Entries::default(),
            symptoms: Entries::default(),
            distress: Entries::default(),
            missed: Entries::default(),
            help: Entries::default(),
            alerts: Vec::new(),
            adverse_events: Entries::default(),
            adverse_reviews: Entries::default(),
            journal: Vec::new(),
            contacts: Entries::default(),
            reviews: Entries::default(),
            cleared: BTreeMap::new(),
            struck: BTreeMap::new(),
            last_heard_at: None,
            event_ids: EventIds::default(),
        }
    }

    /// The chart that these events make.
    #[must_use]
    pub fn fold<'e>(id: PatientId, events: impl IntoIterator<Item = &'e Recorded>) -> Self {
        let mut chart = Self::new(id);
        events.into_iter().for_each(|event| chart.apply(event));
        chart
    }

    /// The name, or a dash for an empty chart.
    #[must_use]
    pub fn name(&self) -> &str {
        self.demographics.as_ref().map_or("–", |d| d.name.as_str())
    }

    /// Age in whole years on a day in the patient's own time zone.
    #[must_use]
    pub fn age_years(&self, now: Timestamp) -> Option<i64> {
        let (first, last) = self.demographics.as_ref()?.born_between();
        let today = self.local_date(now);
        let (oldest, youngest) = (age_on(first, today)?, age_on(last, today)?);
        // Where the day is not known, the age at which a rule looks harder: the young one before the old one.
        Some(if youngest >= YOUNG_ADULT_UNTIL && oldest >= OLD_FROM { oldest } else { youngest })
    }

    /// The civil date where the patient lives; UTC when the zone is unknown.
    #[must_use]
    pub fn local_date(&self, at: Timestamp) -> Date {
        self.zoned(at).date()
    }

    /// The moment in the patient's own time zone; UTC when the zone is unknown.
    #[must_use]
    pub fn zoned(&self, at: Timestamp) -> jiff::Zoned {
        self.demographics
            .as_ref()
            .and_then(|d| at.in_tz(&d.time_zone).ok())
            .unwrap_or_else(|| at.to_zoned(jiff::tz::TimeZone::UTC))
    }

    /// Whether an entry still stands.
    #[must_use]
    pub fn stands(&self, id: EventId) -> bool {
        !self.struck.contains_key(&id)
    }

    /// The entries that still stand.
    pub fn standing<'c, T>(&'c self, entries: &'c Entries<T>) -> impl DoubleEndedIterator<Item = &'c Entry<T>> {
        entries.iter().filter(|entry| self.stands(entry.id))
    }

    /// The order that the next dose would be given on.
    #[must_use]
    pub fn order_in_force(&self) -> Option<&Order> {
        self.orders.iter().rev().find(|order| order.in_force())
    }

    /// An order.
    #[must_use]
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.written.order == id)
    }

    /// A session.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// The session that is open now or comes next: not cancelled, not released, not stopped and released.
    #[must_use]
    pub fn current_session(&self) -> Option<&Session> {
        self.running_session().or_else(|| self.sessions.iter().rev().find(|session| session.phase().is_open()))
    }

    /// The session whose dose was taken and whose patient has not been released.
    #[must_use]
    pub fn running_session(&self) -> Option<&Session> {
        // A dose of long ago that is written down today does not stand in front of the one that is being watched.
        self.sessions.iter().filter(|session| session.phase().is_running()).max_by_key(|session| session.dose_at())
    }

    /// Whether a warning was answered with a reason when go was decided: for this value or a worse one.
    #[must_use]
    pub fn answered_at_go(&self, session: SessionId, warning: &Finding, now: Timestamp) -> bool {
        let go = self.session(session).and_then(Session::go);
        go.is_some_and(|go| go.findings.iter().any(|answered| crate::covers::covers(answered, go.act.at, warning, now)))
    }

    /// An alert.
    #[must_use]
    pub fn alert(&self, id: AlertId) -> Option<&Alert> {
        self.alerts.iter().find(|alert| alert.id == id)
    }

    /// Open alerts, gravest and oldest first.
    #[must_use]
    pub fn open_alerts(&self) -> Vec<&Alert> {
        let mut open: Vec<_> = self.alerts.iter().filter(|alert| alert.open()).collect();
        open.sort_by_key(|alert| (std::cmp::Reverse(alert.urgency), alert.raised_at));
        open
    }

    /// Notes that nobody has signed.
    pub fn unsigned_notes(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|note| note.signed.is_none())
    }

    /// Somebody who was let in as the companion: the one in force, and during a session any who was before them.
    #[must_use]
    pub fn let_in(&self, id: CompanionId) -> Option<&Companion> {
        let before = self.companions_before.iter().filter(|_| self.current_session().is_some());
        self.companion.iter().chain(before).find(|known| known.id == id)
    }

    /// Whether a member of staff is on the care team.
    #[must_use]
    pub fn on_team(&self, actor: &Actor) -> bool {
        actor.staff().is_some_and(|id| self.team.iter().any(|member| member.id == id))
    }

    /// The member of the team with a role.
    #[must_use]
    pub fn team_member(&self, role: Role) -> Option<&TeamMember> {
        self.team.iter().find(|member| member.role == role)
    }

    /// Where they are in their course.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let Some(course) = self.course() else { return Phase::Referred };
        // A dose taken after the end is watched like any other.
        if self.sessions_now().any(|s| s.phase().is_today()) {
            return Phase::Session;
        }
        if course.end.is_some() {
            return Phase::Ended;
        }
        if self.doses.iter().any(|dose| course.holds(dose.seq)) {
            return Phase::FollowUp;
        }
        if course.plan().is_some() {
            return Phase::Preparation;
        }
        if self.eligibility().is_some_and(|e| e.eligible) {
            return Phase::Consent;
        }
        let asked = self.measures.iter().any(|measure| course.holds(measure.seq));
        let told = self.history.values().any(|h| !h.candidate && h.recorded_at >= course.referred_at);
        if !asked && !told { Phase::Referred } else { Phase::Screening }
    }

    /// Days since the first dose.
    #[must_use]
    pub fn days_since_first_dose(&self, at: Timestamp) -> Option<f64> {
        self.first_dose_at().map(|dose| days_between(dose, at))
    }
}

/// From which age somebody counts as old, and below which as young, where only the year of birth is known.
const OLD_FROM: i64 = 65;
const YOUNG_ADULT_UNTIL: i64 = 25;

/// Whole years from a birth date to a day.
#[must_use]
pub fn age_on(birth: Date, day: Date) -> Option<i64> {
    if day < birth {
        return None;
    }
    let years = i64::from(day.year()) - i64::from(birth.year());
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    Some(if had_birthday { years } else { years - 1 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn age_turns_on_the_birthday_itself() {
        let birth = date(1990, 6, 15);
        assert_eq!(age_on(birth, date(2008, 6, 14)), Some(17));
        assert_eq!(age_on(birth, date(2008, 6, 15)), Some(18));
        assert_eq!(age_on(birth, date(1990, 6, 14)), None);
    }
}
