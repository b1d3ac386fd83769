//! Courses: from a referral to the end of treatment, and what hangs on each.
//!
//! A course begins with a referral. It ends with [`CourseEnded`](crate::event::CourseEnded), and a further referral of
//! the ended chart begins the next one. Decisions, consent, plans, sessions and their counts, measures that are due and
//! the baseline belong to one course; the time since the last dose, the doses of a lifetime, history, medicines and
//! documents belong to the person and are looked at across all.

use jiff::Timestamp;

use super::{Chart, Consent, Eligibility, Entries, Entry, Plan, Session};
use crate::event::{DoseTaken, EndReason, MeasureCompleted};

/// How a course ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseEnd {
    /// How.
    pub reason: EndReason,
    /// When.
    pub at: Timestamp,
    /// In words.
    pub words: String,
}

/// One course.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Which of the chart, from 1.
    pub number: u32,
    /// When the person was referred.
    pub referred_at: Timestamp,
    /// Why.
    pub referral_reason: String,
    /// By whom, or out of which file.
    pub referral_source: String,
    /// The decision in force.
    pub eligibility: Option<Eligibility>,
    /// The plans, oldest first; the last one is in force.
    pub plans: Vec<Plan>,
    /// How it ended; `None` while it goes on.
    pub end: Option<CourseEnd>,
    /// The places in the chart that it holds: from its referral up to the next one.
    pub(super) first_seq: u64,
    pub(super) before_seq: u64,
}

impl Course {
    pub(super) fn begun(number: u32, seq: u64, at: Timestamp, reason: &str, source: &str) -> Self {
        Self {
            number,
            referred_at: at,
            referral_reason: reason.to_owned(),
            referral_source: source.to_owned(),
            eligibility: None,
            plans: Vec::new(),
            end: None,
            first_seq: seq,
            before_seq: u64::MAX,
        }
    }

    /// Whether what was recorded at this place belongs to the course. What is recorded after a course has ended and
    /// before the next referral, a late answer for example, still belongs to it.
    #[must_use]
    pub fn holds(&self, seq: u64) -> bool {
        (self.first_seq..self.before_seq).contains(&seq)
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.plans.last()
    }
}

impl Chart {
    /// Every course, oldest first; the last one is in force, or has ended.
    #[must_use]
    pub fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// The course in force, or the one that ended last. `None` for an empty chart.
    #[must_use]
    pub fn course(&self) -> Option<&Course> {
        self.courses.last()
    }

    /// When the person was referred to the course in force.
    #[must_use]
    pub fn referred_at(&self) -> Option<Timestamp> {
        self.course().map(|course| course.referred_at)
    }

    /// The eligibility decision in force.
    #[must_use]
    pub fn eligibility(&self) -> Option<&Eligibility> {
        self.course()?.eligibility.as_ref()
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.course()?.plan()
    }

    /// The plan under which a session is held, whatever plan was opened since: it is watched by that one.
    #[must_use]
    pub fn plan_of(&self, session: &Session) -> Option<&Plan> {
        let course = self.courses.iter().find(|course| course.number == session.course)?;
        course.plans.iter().find(|plan| plan.number == session.plan).or_else(|| course.plan())
    }

    /// How the course ended, unless one goes on.
    #[must_use]
    pub fn ended(&self) -> Option<&CourseEnd> {
        self.course()?.end.as_ref()
    }

    /// The entries of one course that still stand.
    pub fn standing_in<'c, T>(
        &'c self,
        course: &'c Course,
        entries: &'c Entries<T>,
    ) -> impl DoubleEndedIterator<Item = &'c Entry<T>> {
        self.standing(entries).filter(|entry| course.holds(entry.seq))
    }

    /// The entries of the course in force that still stand.
    pub fn standing_now<'c, T>(&'c self, entries: &'c Entries<T>) -> impl DoubleEndedIterator<Item = &'c Entry<T>> {
        let course = self.course();
        self.standing(entries).filter(move |entry| course.is_some_and(|course| course.holds(entry.seq)))
    }

    /// The sessions of one course, in the order in which they were scheduled.
    pub fn sessions_in<'c>(&'c self, course: &'c Course) -> impl DoubleEndedIterator<Item = &'c Session> {
        self.sessions.iter().filter(|session| session.course == course.number)
    }

    /// The sessions of the course in force.
    pub fn sessions_now(&self) -> impl DoubleEndedIterator<Item = &Session> {
        let number = self.course_number();
        self.sessions.iter().filter(move |session| session.course == number)
    }

    /// The doses of the course in force.
    pub fn doses_now(&self) -> impl DoubleEndedIterator<Item = &Entry<DoseTaken>> {
        self.standing_now(&self.doses)
    }

    /// How many doses were given under one plan of a course.
    #[must_use]
    pub fn doses_under(&self, course: &Course, plan: &Plan) -> u32 {
        let under = |dose: &&Entry<DoseTaken>| {
            self.session(dose.value.session).is_some_and(|session| session.plan == plan.number)
        };
        u32::try_from(self.standing_in(course, &self.doses).filter(under).count()).unwrap_or(u32::MAX)
    }

    /// How many doses were given under the plan in force.
    #[must_use]
    pub fn doses_of_plan(&self) -> u32 {
        self.course().and_then(|course| Some(self.doses_under(course, course.plan()?))).unwrap_or(0)
    }

    /// The consents of the course in force, newest last.
    pub fn consents_now(&self) -> impl DoubleEndedIterator<Item = &Consent> {
        let number = self.course_number();
        self.consents.iter().filter(move |consent| consent.course == number)
    }

    /// The consent in force: the newest of the course, unless withdrawn.
    #[must_use]
    pub fn consent(&self) -> Option<&Consent> {
        self.consents_now().next_back().filter(|consent| consent.withdrawn_at.is_none())
    }

    /// All standing results of one instrument in one course, oldest first.
    #[must_use]
    pub fn measures_in(&self, course: &Course, instrument: &str) -> Vec<&Entry<MeasureCompleted>> {
        let of_instrument = self.standing(&self.measures).filter(|m| m.value.instrument == instrument);
        let mut all: Vec<_> = of_instrument.filter(|m| course.holds(m.seq)).collect();
        all.sort_by_key(|m| (m.occurred_at, m.seq));
        all
    }

    /// All standing results of one instrument in the course in force, oldest first.
    #[must_use]
    pub fn measures_of(&self, instrument: &str) -> Vec<&Entry<MeasureCompleted>> {
        self.course().map(|course| self.measures_in(course, instrument)).unwrap_or_default()
    }

    /// The newest standing result of one instrument in the course in force.
    #[must_use]
    pub fn newest_measure(&self, instrument: &str) -> Option<&Entry<MeasureCompleted>> {
        self.measures_of(instrument).pop()
    }

    /// The newest result before the first dose of the course, of one instrument.
    #[must_use]
    pub fn baseline_measure(&self, instrument: &str) -> Option<&Entry<MeasureCompleted>> {
        let first = self.first_dose_at();
        self.measures_of(instrument).into_iter().rfind(|m| first.is_none_or(|dose| m.occurred_at <= dose))
    }

    /// When the first dose of a course was taken.
    #[must_use]
    pub fn first_dose_in(&self, course: &Course) -> Option<Timestamp> {
        self.standing_in(course, &self.doses).map(|dose| dose.value.taken_at).min()
    }

    /// When the first dose of the course in force was taken.
    #[must_use]
    pub fn first_dose_at(&self) -> Option<Timestamp> {
        self.first_dose_in(self.course()?)
    }

    /// The number of the course in force; 0 for an empty chart.
    pub(super) fn course_number(&self) -> u32 {
        self.course().map_or(0, |course| course.number)
    }
}
