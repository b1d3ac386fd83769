//! One row for statistics from one chart: who was treated how, what was measured when, what went wrong, who answered.
//!
//! The row is made again at each append and kept beside the chart's index row, so that the figures of a programme never
//! fold a chart. It names nobody: no name, no date of birth, no words that somebody typed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stillwater_care::chart::{CallOff, Chart, Course, Entry, Session, SessionState};
use stillwater_care::event::{AdverseEventRecorded, EndReason, Relation};
use stillwater_care::facts::{Route, Setting, Symptom};
use stillwater_care::finding::Urgency;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{days_between, minutes_between};
use stillwater_care::schedule::{DueMeasure, measures_in};

use crate::scale::{Form, Other, PARTS, Part};

/// How far somebody came, each step including those before it.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CourseStage {
    /// Referred.
    #[default]
    Referred,
    /// Answered a questionnaire of the screening.
    Screened,
    /// Found eligible.
    Eligible,
    /// Signed the consent.
    Consented,
    /// Took a first dose.
    Treated,
    /// Took every dose that was planned.
    AllDoses,
    /// Answered a PCL-5 four weeks or more after the first dose.
    FollowedUp,
}

impl CourseStage {
    /// Every step in order.
    pub const ALL: [Self; 7] = [
        Self::Referred,
        Self::Screened,
        Self::Eligible,
        Self::Consented,
        Self::Treated,
        Self::AllDoses,
        Self::FollowedUp,
    ];

    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Screened => "screened",
            Self::Eligible => "found eligible",
            Self::Consented => "consented",
            Self::Treated => "first dose",
            Self::AllDoses => "all planned doses",
            Self::FollowedUp => "PCL-5 at 4 weeks or later",
        }
    }
}

/// One PCL-5 that was filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pcl {
    /// Days since the first dose; zero or below for the baseline.
    pub day: f32,
    /// Which form.
    pub form: Form,
    /// Its parts, in the order of [`Part::ALL`]; none where too much was left out.
    pub parts: [Option<f32>; PARTS],
}

impl Pcl {
    /// One part of it.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<f64> {
        let place = Part::ALL.iter().position(|known| *known == part)?;
        self.parts.get(place).copied().flatten().map(f64::from)
    }
}

/// One result of another scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScaleScore {
    /// Which scale.
    pub scale: Other,
    /// Days since the first dose; zero or below for the baseline.
    pub day: f32,
    /// The score.
    pub score: f32,
}

/// One dose and what was seen in its session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dose {
    /// Days since the first dose.
    pub day: f32,
    /// How it was given.
    pub route: Route,
    /// Milligrams.
    pub mg: f32,
    /// Symptoms that were marked, each once.
    pub symptoms: Vec<Symptom>,
    /// The session was stopped early.
    pub stopped: bool,
    /// Somebody called for help.
    pub help: bool,
    /// A check was missed.
    pub missed_check: bool,
}

/// An adverse event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Harm {
    /// Serious: death, danger to life, hospital, lasting harm.
    pub serious: bool,
    /// Related to the drug possibly, probably or definitely.
    pub related: bool,
    /// Nobody has judged the relation yet.
    pub not_judged: bool,
}

/// A session that was planned and not held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NotHeld {
    /// A clinician decided against it on the day; these rules stood.
    NoGo(Vec<String>),
    /// It was called off before the day's decision, or after it and before a dose.
    CalledOff,
}

/// How an alert was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnsweredAlert {
    /// What raised it: the rule's id in a session, otherwise the code of what it is about.
    #[serde(default)]
    pub by: String,
    /// Raised in a session.
    #[serde(default)]
    pub in_session: bool,
    /// Staff recorded something in the chart between taking it on, or its beginning, and its end.
    #[serde(default)]
    pub acted: bool,
    /// How grave, as [`Urgency`] counts, from 0.
    pub urgency: u8,
    /// When it was raised, in seconds since 1970 UTC.
    pub raised_at: i64,
    /// Minutes until somebody took it on.
    pub owned_after: Option<f32>,
    /// Minutes until it was resolved.
    pub resolved_after: Option<f32>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutcomeRow {
    /// When the person was referred, in seconds since 1970 UTC.
    pub referred_at: Option<i64>,
    /// Served in the armed forces.
    pub veteran: Option<bool>,
    /// The place of treatment, in the clinic's own words.
    pub site: Option<String>,
    /// Courses of trauma-focused therapy before.
    pub trauma_therapies: Option<u32>,
    /// Medicines tried before.
    pub medicines_tried: Option<u32>,
    /// Ketamine as a treatment before.
    pub ketamine_before: Option<bool>,
    /// The protocol of the plan.
    pub protocol: Option<String>,
    /// Where: of the plan, or of the decision.
    pub setting: Option<Setting>,
    /// How far they came.
    pub reached: CourseStage,
    /// How and when the course ended, in seconds since 1970 UTC.
    pub ended: Option<(EndReason, i64)>,
    /// When the first dose was taken, in seconds since 1970 UTC.
    pub first_dose_at: Option<i64>,
    /// Doses, in order of time.
    pub doses: Vec<Dose>,
    /// PCL-5: the newest of each form before the first dose, and all after it, in order of time.
    pub pcl: Vec<Pcl>,
    /// Other scales, kept in the same way.
    pub others: Vec<ScaleScore>,
    /// Days since the first dose on which a PCL-5 of either form was or will be due by the protocol, whether or not the
    /// course has ended meanwhile.
    pub pcl_due: Vec<f32>,
    /// The same for other scales.
    pub others_due: Vec<(Other, f32)>,
    /// Adverse events.
    pub harms: Vec<Harm>,
    /// Sessions that were planned and not held.
    pub not_held: Vec<NotHeld>,
    /// Alerts.
    pub alerts: Vec<AnsweredAlert>,
}

impl OutcomeRow {
    /// The rows of a chart, one for each course, with what is due in it. Somebody who was treated twice is told of
    /// twice, each course from its own baseline; a chart without a referral gives one empty row.
    #[must_use]
    pub fn all(chart: &Chart, protocols: &Protocols) -> Vec<Self> {
        let due: Vec<_> = chart.courses().iter().map(|course| measures_in(chart, course, protocols)).collect();
        Self::all_with(chart, &due)
    }

    /// [`OutcomeRow::all`] by whoever has worked out already what is due in each course, in the order of the courses.
    #[must_use]
    pub fn all_with(chart: &Chart, due: &[Vec<DueMeasure>]) -> Vec<Self> {
        if chart.courses().is_empty() {
            return vec![Self::default()];
        }
        chart.courses().iter().zip(due).map(|(course, due)| Self::of(chart, course, due)).collect()
    }

    /// The row of one course of a chart, with what is due in it ([`stillwater_care::schedule::measures_in`]).
    #[must_use]
    pub fn of(chart: &Chart, course: &Course, due: &[DueMeasure]) -> Self {
        let first = chart.first_dose_in(course);
        let before = chart.background.as_ref();
        let pcl = pcl(chart, course, first);
        let doses = doses(chart, course, first);
        Self {
            referred_at: Some(course.referred_at.as_second()),
            veteran: chart.demographics.as_ref().and_then(|d| d.veteran),
            site: before.map(|b| b.site.clone()).filter(|site| !site.is_empty()),
            trauma_therapies: before.and_then(|b| b.trauma_therapies),
            medicines_tried: before.and_then(|b| b.medicines_tried),
            ketamine_before: before.and_then(|b| b.ketamine_before).and_then(|answer| match answer {
                stillwater_care::facts::Answered::Yes => Some(true),
                stillwater_care::facts::Answered::No => Some(false),
                _ => None,
            }),
            protocol: course.plan().map(|plan| plan.protocol.clone()),
            setting: course
                .plan()
                .map(|plan| plan.setting)
                .or_else(|| course.eligibility.as_ref().filter(|e| e.eligible).map(|e| e.setting)),
            reached: reached(chart, course, doses.len(), &pcl),
            ended: course.end.as_ref().map(|end| (end.reason, end.at.as_second())),
            first_dose_at: first.map(Timestamp::as_second),
            doses,
            pcl,
            others: others(chart, course, first),
            pcl_due: due_days(due, first, |instrument| Form::ALL.iter().any(|form| form.instrument() == instrument)),
            others_due: Other::ALL
                .into_iter()
                .flat_map(|scale| {
                    due_days(due, first, |instrument| scale.source().0 == instrument)
                        .into_iter()
                        .map(move |d| (scale, d))
                })
                .collect(),
            harms: chart.standing_in(course, &chart.adverse_events).map(harm).collect(),
            not_held: chart.sessions_in(course).filter_map(not_held).collect(),
            alerts: chart
                .alerts
                .iter()
                .filter(|alert| alert.course == course.number)
                .map(|alert| AnsweredAlert {
                    by: alert.about.rule(),
                    in_session: alert.session.is_some(),
                    acted: alert.entry_at > alert.owner().map_or(alert.raised_at, |act| act.at),
                    urgency: alert.urgency as u8,
                    raised_at: alert.raised_at.as_second(),
                    owned_after: alert.owner().map(|act| minutes(alert.raised_at, act.at)),
                    resolved_after: alert.resolved().map(|act| minutes(alert.raised_at, act.at)),
                })
                .collect(),
        }
    }

    /// The newest PCL-5 of a form before the first dose.
    #[must_use]
    pub fn baseline(&self, form: Form) -> Option<&Pcl> {
        self.pcl.iter().rev().find(|pcl| pcl.form == form && pcl.day <= 0.0)
    }

    /// Each PCL-5 after the first dose with the baseline of the same form, where there is one.
    pub fn followed(&self) -> impl Iterator<Item = (&Pcl, Option<&Pcl>)> {
        self.pcl.iter().filter(|pcl| pcl.day > 0.0).map(|pcl| (pcl, self.baseline(pcl.form)))
    }

    /// The newest result of another scale before the first dose.
    #[must_use]
    pub fn other_baseline(&self, scale: Other) -> Option<&ScaleScore> {
        self.others.iter().rev().find(|seen| seen.scale == scale && seen.day <= 0.0)
    }
}

/// The urgency that a row's number stands for.
#[must_use]
pub fn urgency(number: u8) -> Option<Urgency> {
    [Urgency::Review, Urgency::Watch, Urgency::CallClinician, Urgency::Emergency]
        .into_iter()
        .find(|known| *known as u8 == number)
}

fn minutes(from: Timestamp, to: Timestamp) -> f32 {
    minutes_between(from, to) as f32
}

fn day(first: Option<Timestamp>, at: Timestamp) -> f32 {
    first.map_or(0.0, |first| days_between(first, at) as f32)
}

fn reached(chart: &Chart, course: &Course, doses: usize, pcl: &[Pcl]) -> CourseStage {
    let followed = pcl.iter().any(|pcl| pcl.day >= 28.0);
    let all = course.plan().is_some_and(|plan| chart.doses_under(course, plan) >= plan.sessions);
    // Somebody who answers at four weeks without having taken every planned dose has still been followed up; the step
    // counts only those who did both, so that each step of a funnel holds those of the next.
    if all && doses > 0 {
        return if followed { CourseStage::FollowedUp } else { CourseStage::AllDoses };
    }
    if doses > 0 {
        return CourseStage::Treated;
    }
    if chart.consents.iter().any(|consent| consent.course == course.number) {
        return CourseStage::Consented;
    }
    if course.eligibility.as_ref().is_some_and(|e| e.eligible) || course.plan().is_some() {
        return CourseStage::Eligible;
    }
    if chart.measures.iter().any(|measure| course.holds(measure.seq)) {
        CourseStage::Screened
    } else {
        CourseStage::Referred
    }
}

/// Keeps what comes after the first dose, and of what comes before it only the newest.
fn from_baseline<T>(all: Vec<T>, day: impl Fn(&T) -> f32) -> Vec<T> {
    let before = all.iter().filter(|one| day(one) <= 0.0).count();
    all.into_iter().skip(before.saturating_sub(1)).collect()
}

fn pcl(chart: &Chart, course: &Course, first: Option<Timestamp>) -> Vec<Pcl> {
    let mut all: Vec<Pcl> = Form::ALL
        .into_iter()
        .flat_map(|form| {
            let filled: Vec<Pcl> = chart
                .measures_in(course, form.instrument())
                .into_iter()
                .map(|measure| Pcl {
                    day: day(first, measure.occurred_at),
                    form,
                    parts: Part::ALL.map(|part| part.of(&measure.value).map(|score| score as f32)),
                })
                .collect();
            from_baseline(filled, |pcl| pcl.day)
        })
        .collect();
    all.sort_by(|a, b| a.day.total_cmp(&b.day));
    all
}

fn others(chart: &Chart, course: &Course, first: Option<Timestamp>) -> Vec<ScaleScore> {
    Other::ALL
        .into_iter()
        .flat_map(|scale| {
            let (instrument, score) = scale.source();
            let scored = |m: &Entry<stillwater_care::event::MeasureCompleted>| {
                let score = m.value.scores.get(score).copied().flatten()?;
                Some(ScaleScore { scale, day: day(first, m.occurred_at), score: score as f32 })
            };
            let all: Vec<ScaleScore> = chart.measures_in(course, instrument).into_iter().filter_map(scored).collect();
            from_baseline(all, |seen| seen.day)
        })
        .collect()
}

/// The days after the first dose on which an instrument is due; none before there is one.
fn due_days(due: &[DueMeasure], first: Option<Timestamp>, asks: impl Fn(&str) -> bool) -> Vec<f32> {
    let Some(first) = first else { return Vec::new() };
    let after = due.iter().filter(|measure| measure.due_at > first && asks(&measure.instrument));
    after.map(|measure| day(Some(first), measure.due_at)).collect()
}

fn doses(chart: &Chart, course: &Course, first: Option<Timestamp>) -> Vec<Dose> {
    let mut doses: Vec<Dose> = chart
        .standing_in(course, &chart.doses)
        .map(|dose| {
            let session = dose.value.session;
            let mut symptoms: Vec<Symptom> = chart
                .standing(&chart.symptoms)
                .filter(|s| s.value.session == session)
                .map(|s| s.value.symptom)
                .collect();
            symptoms.sort_unstable();
            symptoms.dedup();
            Dose {
                day: day(first, dose.value.taken_at),
                route: dose.value.route,
                mg: dose.value.dose_mg as f32,
                symptoms,
                stopped: chart.session(session).is_some_and(|s| s.stopped().is_some()),
                help: chart.standing(&chart.help).any(|h| h.value.session == Some(session)),
                missed_check: chart.standing(&chart.missed).any(|m| m.value.session == session),
            }
        })
        .collect();
    doses.sort_by(|a, b| a.day.total_cmp(&b.day));
    doses
}

fn harm(entry: &Entry<AdverseEventRecorded>) -> Harm {
    Harm {
        serious: entry.value.serious,
        related: matches!(entry.value.relation, Relation::Possible | Relation::Probable | Relation::Definite),
        not_judged: entry.value.relation == Relation::NotJudged,
    }
}

fn not_held(session: &Session) -> Option<NotHeld> {
    match &session.state {
        SessionState::CalledOff(CallOff::NoGo(decision)) => Some(NotHeld::NoGo(decision.warnings.clone())),
        // The figures count a session that did not take place with those called off.
        SessionState::CalledOff(CallOff::Cancelled(_) | CallOff::Stopped(_)) | SessionState::Missed(_) => {
            Some(NotHeld::CalledOff)
        }
        SessionState::Scheduled
        | SessionState::Ready(_)
        | SessionState::Watched(_)
        | SessionState::Released(..)
        | SessionState::Reviewed(..) => None,
    }
}
