//! Alerts: raised, taken on, passed up, resolved. Each has an owner to be and a clock.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CheckAnswer, CheckKind, DoseIrregularity, Point};
use crate::code::listed;
use crate::facts::Answered;
use crate::finding::{Finding, Urgency};
use crate::ids::{AlertId, EventId, SessionId};

/// Who is asked next when nobody has taken an alert on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EscalationLevel {
    /// The guide of the session or of the care team.
    Guide,
    /// The prescriber.
    Prescriber,
    /// Everybody on call.
    OnCall,
    /// The emergency services, called by a person: the program calls nobody outside.
    EmergencyServices,
}

impl EscalationLevel {
    /// All levels, from the first.
    pub const ALL: [Self; 4] = [Self::Guide, Self::Prescriber, Self::OnCall, Self::EmergencyServices];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Prescriber => "prescriber",
            Self::OnCall => "on-call",
            Self::EmergencyServices => "emergency-services",
        }
    }

    /// The rung above; the last one stays.
    #[must_use]
    pub fn above(self) -> Self {
        match self {
            Self::Guide => Self::Prescriber,
            Self::Prescriber => Self::OnCall,
            Self::OnCall | Self::EmergencyServices => Self::EmergencyServices,
        }
    }

    /// The highest rung that an alert climbs to by itself. What is only to be watched asks everybody on call and no
    /// further: an ambulance sent for light sleep teaches people to look away when one is needed.
    #[must_use]
    pub fn last_for(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Watch | Urgency::Review => Self::OnCall,
            Urgency::CallClinician | Urgency::Emergency => Self::EmergencyServices,
        }
    }
}

/// What an alert is about: a code, the ids that it belongs to, and what was measured or said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum AlertSubject {
    /// Somebody asked for help.
    Help {
        /// The call.
        call: EventId,
        /// The name of whoever called.
        by: String,
        /// In their words; may be empty.
        words: String,
    },
    /// A serious adverse event.
    AdverseEvent {
        /// Its entry.
        entry: EventId,
        /// What happened, as it was written down.
        words: String,
    },
    /// The patient left before the release gate let them.
    Left {
        /// The session.
        session: SessionId,
        /// How and with whom, as it was written down.
        words: String,
    },
    /// A session was stopped after the dose.
    Stopped {
        /// The session.
        session: SessionId,
        /// The name of whoever stopped it.
        by: String,
        /// Why, in their words; may be empty.
        words: String,
    },
    /// Blood pressure holds the dose, twice.
    DoseHeld {
        /// The session.
        session: SessionId,
        /// What each reading gave, oldest first.
        findings: Vec<Finding>,
    },
    /// A rule of a running session found something.
    InSession {
        /// The session.
        session: SessionId,
        /// What it found.
        finding: Finding,
        /// When that was measured or seen; absent where it was not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// An answer that the instrument marks as a matter of safety.
    SafetyAnswer {
        /// The instrument.
        instrument: String,
        /// Which of its safety items.
        safety: String,
        /// At which point it was answered.
        point: Point,
    },
    /// PCL-5 rose within about a week.
    Worsening {
        /// The total before.
        before: f64,
        /// The total now.
        now: f64,
        /// Days between the two.
        days: f64,
    },
    /// Whoever looked in, or the patient, is not sure or not fine.
    CheckIn {
        /// The session.
        session: SessionId,
        /// The name of whoever said so.
        by: String,
        /// What they said.
        answer: CheckAnswer,
        /// The signs that were not there.
        signs: Vec<GraveSign>,
    },
    /// A check was not done in time.
    CheckMissed {
        /// The session.
        session: SessionId,
        /// Which check.
        check: CheckKind,
        /// When it was due.
        due_at: Timestamp,
        /// Others that were due and missed with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<CheckKind>,
        /// How often it was due again and not done; 0 where it was missed once.
        #[serde(default, skip_serializing_if = "is_zero")]
        times: u32,
    },
    /// Measures were not answered while they counted.
    MeasuresMissed {
        /// In which course of the chart.
        course: u32,
        /// At which point.
        point: Point,
        /// Around which session of the course; 0 where it belongs to none.
        session_number: u32,
        /// Which time of a point that comes again, from 1.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        occurrence: u32,
        /// Which instruments.
        instruments: Vec<String>,
        /// When they were due.
        due_at: Timestamp,
    },
    /// Go was decided, and no dose was recorded while it counted.
    GoWithoutDose {
        /// The session.
        session: SessionId,
        /// When go was decided.
        go_at: Timestamp,
    },
    /// The clock of the program jumped while a session ran: times before and after it do not compare.
    ClockJumped {
        /// The session.
        session: SessionId,
        /// By how many seconds; less than nothing when it was set back.
        seconds: i64,
    },
    /// Consent was withdrawn while a dose works.
    ConsentWithdrawn {
        /// The session.
        session: SessionId,
        /// In their words; may be empty.
        words: String,
    },
    /// A dose was given otherwise than planned, and recorded as it was.
    DoseIrregular {
        /// The session.
        session: SessionId,
        /// When it was taken.
        taken_at: Timestamp,
        /// What was out of order.
        irregular: Vec<DoseIrregularity>,
    },
    /// The patient said, alone, that somebody there is or may be a danger to them.
    CompanionDanger {
        /// The session.
        session: SessionId,
        /// What they answered.
        answer: Answered,
    },
    /// PCL-5 rose again after the last dose.
    Relapse {
        /// In which course of the chart.
        course: u32,
        /// The instrument.
        instrument: String,
        /// Its lowest total since the first dose.
        lowest: f64,
        /// The total now.
        now: f64,
        /// Days since the last dose.
        days: f64,
    },
    /// A session did not take place.
    SessionMissed {
        /// The session.
        session: SessionId,
        /// When it was to begin.
        starts_at: Timestamp,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A point that came once, before points came again.
fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_one(n: &u32) -> bool {
    *n == 1
}

impl AlertSubject {
    /// The code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Help { .. } => "help",
            Self::AdverseEvent { .. } => "adverse-event",
            Self::Left { .. } => "left",
            Self::Stopped { .. } => "stopped",
            Self::DoseHeld { .. } => "dose-held",
            Self::InSession { .. } => "in-session",
            Self::SafetyAnswer { .. } => "safety-answer",
            Self::Worsening { .. } => "worsening",
            Self::CheckIn { .. } => "check-in",
            Self::CheckMissed { .. } => "check-missed",
            Self::MeasuresMissed { .. } => "measures-missed",
            Self::ConsentWithdrawn { .. } => "consent-withdrawn",
            Self::GoWithoutDose { .. } => "go-without-dose",
            Self::ClockJumped { .. } => "clock-jumped",
            Self::DoseIrregular { .. } => "dose-irregular",
            Self::SessionMissed { .. } => "session-missed",
            Self::CompanionDanger { .. } => "companion-danger",
            Self::Relapse { .. } => "relapse",
        }
    }

    /// The rule that raised it, by its id where it is one of the rule book.
    #[must_use]
    pub fn rule(&self) -> String {
        match self {
            Self::Help { .. } | Self::AdverseEvent { .. } | Self::Left { .. } | Self::Stopped { .. } => {
                self.code().to_owned()
            }
            Self::CheckIn { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::GoWithoutDose { .. }
            | Self::ClockJumped { .. }
            | Self::DoseIrregular { .. }
            | Self::SessionMissed { .. } => self.code().to_owned(),
            Self::CompanionDanger { .. } => "S03-danger".to_owned(),
            Self::DoseHeld { .. } => "S01-held".to_owned(),
            Self::InSession { finding, .. } => finding.rule.clone(),
            Self::SafetyAnswer { instrument, safety, .. } => format!("{instrument}/{safety}"),
            Self::Worsening { .. } => "F01-worsening".to_owned(),
            Self::Relapse { .. } => "F01-relapse".to_owned(),
            Self::CheckMissed { check, .. } => match check {
                CheckKind::Vitals => "S05-vitals-overdue".to_owned(),
                other => format!("S05-{}", other.code()),
            },
            Self::MeasuresMissed { .. } => "F01-measure-overdue".to_owned(),
        }
    }

    /// What makes two alerts one matter, of codes and ids alone. What was measured or said is no part of it.
    #[must_use]
    pub fn key(&self) -> String {
        let code = self.code();
        match self {
            Self::Help { call, .. } => format!("{code}/{call}"),
            Self::AdverseEvent { entry, .. } => format!("{code}/{entry}"),
            Self::Left { session, .. }
            | Self::Stopped { session, .. }
            | Self::DoseHeld { session, .. }
            | Self::ConsentWithdrawn { session, .. }
            | Self::GoWithoutDose { session, .. }
            | Self::ClockJumped { session, .. }
            | Self::CompanionDanger { session, .. }
            | Self::CheckIn { session, .. } => format!("{code}/{session}"),
            Self::DoseIrregular { session, taken_at, .. } => format!("{code}/{session}/{taken_at}"),
            Self::SessionMissed { session, starts_at } => format!("{code}/{session}/{starts_at}"),
            Self::InSession { session, finding, .. } => format!("{code}/{}/{session}", finding.rule),
            Self::SafetyAnswer { instrument, safety, .. } => format!("{code}/{instrument}/{safety}"),
            Self::Worsening { .. } => code.to_owned(),
            // The signs that are due together are one matter; the companion's look-in is another.
            Self::CheckMissed { session, check: CheckKind::LookIn, .. } => format!("{code}/look-in/{session}"),
            Self::CheckMissed { session, .. } => format!("{code}/vitals/{session}"),
            Self::Relapse { course, .. } => format!("{code}/{course}"),
            // The first of a point keeps the key that it had when there was only one.
            Self::MeasuresMissed { course, point, session_number, occurrence: 1, .. } => {
                format!("{code}/{course}/{}/{session_number}", point.code())
            }
            Self::MeasuresMissed { course, point, session_number, occurrence, .. } => {
                format!("{code}/{course}/{}/{session_number}/{occurrence}", point.code())
            }
        }
    }
}

/// A sign whose absence makes a look-in an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GraveSign {
    /// Does not answer to their name.
    DoesNotAnswer,
    /// Does not breathe easily.
    BreathesHard,
    /// Skin colour is not normal.
    ColourNotNormal,
}

impl GraveSign {
    /// All signs.
    pub const ALL: [Self; 3] = [Self::DoesNotAnswer, Self::BreathesHard, Self::ColourNotNormal];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DoesNotAnswer => "does-not-answer",
            Self::BreathesHard => "breathes-hard",
            Self::ColourNotNormal => "colour-not-normal",
        }
    }
}

/// An alert was raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRaised {
    /// Identity.
    pub alert: AlertId,
    /// How grave.
    pub urgency: Urgency,
    /// What it is about. While one is open, a second alert on the same matter is raised only when it is graver.
    pub about: AlertSubject,
    /// In which session, if one.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// Who is asked first.
    pub first: EscalationLevel,
    /// Minutes until it goes one rung up when nobody takes it on.
    pub answer_within_minutes: i64,
}

/// Somebody took an alert on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertOwned {
    /// Which.
    pub alert: AlertId,
}

/// Nobody answered in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertEscalated {
    /// Which.
    pub alert: AlertId,
    /// Who is asked now.
    pub to: EscalationLevel,
}

/// An alert was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertResolved {
    /// Which.
    pub alert: AlertId,
    /// What was found.
    pub words: String,
    /// What was done about it, who knows, and what is next; empty where it was resolved before these were asked.
    #[serde(default, skip_serializing_if = "AlertClosing::is_empty")]
    pub closing: AlertClosing,
}

/// What closing an alert asks beside what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertClosing {
    /// What was done.
    pub done: String,
    /// Who knows.
    pub told: String,
    /// What is next.
    pub next: String,
}

impl AlertClosing {
    /// Nothing was asked: an alert of an earlier version.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.told.is_empty() && self.next.is_empty()
    }
}

/// A new or worse fact came on a matter that was open, and the alert rings again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRenewed {
    /// Which.
    pub alert: AlertId,
    /// How grave the fact is.
    pub urgency: Urgency,
    /// The fact.
    pub about: AlertSubject,
    /// Who is asked at least; an alert that had climbed higher stays there.
    pub to: EscalationLevel,
    /// Minutes until it goes one rung up when nobody takes it on.
    pub answer_within_minutes: i64,
}

/// Somebody had an alert and the chart recorded nothing: it rings again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLapsed {
    /// Which.
    pub alert: AlertId,
}

/// Somebody wrote on an open alert what they see and do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertNoted {
    /// Which.
    pub alert: AlertId,
    /// In words.
    pub words: String,
}

listed!(EscalationLevel of "level");
