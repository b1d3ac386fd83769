//! Each event told in a sentence: for staff, and for the patient.

use crate::event::{Event, Recorded};

/// The kinds by which a timeline can be filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimelineKind {
    /// Referral, history, team.
    Referral,
    /// Questionnaires and readings.
    Measure,
    /// Decisions, consent, plan, orders.
    Decision,
    /// Preparation, visits, notes.
    Therapy,
    /// The session.
    Session,
    /// Alerts and calls for help.
    Alert,
    /// Follow-up and corrections.
    FollowUp,
}

impl TimelineKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Referral, Self::Measure, Self::Decision, Self::Therapy, Self::Session, Self::Alert, Self::FollowUp];

    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Measure => "measures",
            Self::Decision => "decisions",
            Self::Therapy => "therapy",
            Self::Session => "session",
            Self::Alert => "alerts",
            Self::FollowUp => "follow-up",
        }
    }
}

/// One event, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// For the filter.
    pub kind: TimelineKind,
    /// For staff.
    pub staff: String,
    /// For the patient; `None` for what is told to them in another way or not at all.
    pub patient: Option<String>,
}

fn short(instrument: &str) -> &str {
    stillwater_instruments::Catalogue::built_in().get(instrument).map_or(instrument, |i| i.short.as_str())
}

fn quoted(words: &str) -> String {
    if words.trim().is_empty() { String::new() } else { format!(": “{}”", words.trim()) }
}

/// Tells one event.
#[must_use]
pub fn describe(recorded: &Recorded) -> TimelineEntry {
    use TimelineKind as K;
    let by = recorded.actor.name();
    let story =
        |kind, staff: String, patient: Option<&str>| TimelineEntry { kind, staff, patient: patient.map(str::to_owned) };
    match &recorded.event {
        Event::PatientReferred(e) => story(
            K::Referral,
            format!("Referred ({}){}", e.source, quoted(&e.reason)),
            Some("You were referred to us."),
        ),
        Event::DemographicsChanged(_) => story(
            K::Referral,
            format!("{by} changed name, contact or address"),
            Some("Your contact details were changed."),
        ),
        Event::RecordImported(e) => story(
            K::Referral,
            format!(
                "Record taken over from {}: {} facts, {} medicines, {} measurements; {} not understood",
                e.source,
                e.facts.len(),
                e.medicines.len(),
                e.measurements.len(),
                e.not_understood.len()
            ),
            Some("A record from another service was added."),
        ),
        Event::HistoryAnswered(e) => {
            let yes: Vec<_> =
                e.answers.iter().filter(|a| a.answer == crate::facts::Answered::Yes).map(|a| a.topic.words()).collect();
            let told = if yes.is_empty() { String::new() } else { format!("; yes to: {}", yes.join(", ")) };
            story(
                K::Referral,
                format!("{by} answered {} history questions{told}", e.answers.len()),
                Some("Questions about your health were answered."),
            )
        }
        Event::MedicinesReviewed(e) => story(
            K::Referral,
            format!("{by} went through the medicines: {}", e.medicines.len()),
            Some("Your medicines were gone through."),
        ),
        Event::BackgroundTaken(e) => {
            let count = |n: Option<u32>| n.map_or_else(|| "not asked".to_owned(), |n| n.to_string());
            let ketamine = match e.ketamine_before {
                Some(crate::facts::Answered::Yes) => "yes",
                Some(crate::facts::Answered::No) => "no",
                Some(_) => "not known",
                None => "not asked",
            };
            let site = if e.site.is_empty() { String::new() } else { format!("; treated at {}", e.site) };
            story(
                K::Referral,
                format!(
                    "{by} wrote down what was tried before: trauma-focused therapies {}, medicines {}, ketamine {ketamine}{site}",
                    count(e.trauma_therapies),
                    count(e.medicines_tried)
                ),
                Some("What you had tried before was written down."),
            )
        }
        Event::CareTeamSet(e) => {
            let names: Vec<_> = e.members.iter().map(|m| format!("{} ({})", m.name, m.role.word())).collect();
            story(K::Referral, format!("Care team: {}", names.join(", ")), Some("Your care team was set."))
        }
        Event::InvitationMade(_) => story(K::Referral, format!("{by} made a personal link"), None),
        Event::MeasureCompleted(e) => {
            let total = e.scores.get("total").copied().flatten().map(|t| format!(" {t}")).unwrap_or_default();
            let flags: Vec<_> = e.safety.iter().filter(|(_, v)| **v == Some(true)).map(|(k, _)| k.as_str()).collect();
            let flagged = if flags.is_empty() { String::new() } else { format!("; safety: {}", flags.join(", ")) };
            let entered =
                if e.entry == crate::event::MeasureEntry::EnteredTotal { ", total entered by staff" } else { "" };
            let missing =
                if e.missing.is_empty() { String::new() } else { format!("; {} unanswered", e.missing.len()) };
            story(
                K::Measure,
                format!("{}{total} ({}{entered}){missing}{flagged}", short(&e.instrument), e.point.words()),
                Some("You answered a questionnaire."),
            )
        }
        Event::VitalsRecorded(e) => story(
            K::Measure,
            format!("Vital signs: {} ({})", vitals_words(&e.vitals), e.vitals.source.word()),
            Some("Blood pressure and pulse were taken."),
        ),
        Event::WeightRecorded(e) => {
            story(K::Measure, format!("Weight {} kg", e.weight_kg), Some("Your weight was recorded."))
        }
        Event::LabRecorded(e) => {
            story(K::Measure, format!("{:?}: {:?} {}", e.kind, e.result, e.detail), Some("A test result was recorded."))
        }
        Event::SuicideScreenReviewed(e) => story(
            K::Decision,
            format!(
                "{by} reviewed the suicide screen ({}){}",
                if e.proceed { "go on" } else { "do not go on" },
                quoted(&e.words)
            ),
            None,
        ),
        Event::FindingOverridden(e) => {
            let second = e.second.as_ref().map(|s| format!(" with {}", s.name)).unwrap_or_default();
            story(
                K::Decision,
                format!("{by}{second} overrode {} ({}){}", e.finding.rule, e.finding.measured, quoted(&e.reason)),
                None,
            )
        }
        Event::EligibilityDecided(e) => story(
            K::Decision,
            format!(
                "{by} decided: {} ({}){}",
                if e.eligible { "may be treated" } else { "not treated" },
                e.setting.word(),
                quoted(&e.reason)
            ),
            Some(if e.eligible {
                "Your prescriber decided that you can be treated."
            } else {
                "Your prescriber decided that this treatment is not right for you now."
            }),
        ),
        Event::ConsentGiven(e) => story(
            K::Decision,
            format!("Consent {} signed by {}", e.version, e.signed_name),
            Some("You signed consent."),
        ),
        Event::ConsentWithdrawn(e) => {
            story(K::Decision, format!("Consent withdrawn by {by}{}", quoted(&e.words)), Some("Consent was withdrawn."))
        }
        Event::PlanOpened(e) => story(
            K::Decision,
            format!("{by} opened a plan: {} version {}, {} sessions", e.protocol, e.protocol_version, e.sessions),
            Some("Your plan was opened."),
        ),
        Event::CourseEnded(e) => story(
            K::Decision,
            format!("Course ended: {}{}", e.reason.words(), quoted(&e.words)),
            Some("This course ended."),
        ),
        Event::OrderWritten(e) => {
            let each = e.dose_mg_per_kg.map(|x| format!(" ({x} mg/kg at {} kg)", e.weight_kg)).unwrap_or_default();
            story(
                K::Decision,
                format!("{by} ordered {} mg {}{each}{}", e.dose_mg, e.route.word(), quoted(&e.reason)),
                Some("Your dose was ordered."),
            )
        }
        Event::OrderCancelled(e) => story(
            K::Decision,
            format!("{by} cancelled the order{}", quoted(&e.reason)),
            Some("A dose order was cancelled."),
        ),
        Event::CompanionNamed(e) => {
            story(K::Therapy, format!("Companion named: {} ({})", e.name, e.relation), Some("You named a companion."))
        }
        Event::CompanionBriefed(_) => {
            story(K::Therapy, format!("{by} did the companion's briefing"), Some("Your companion did the briefing."))
        }
        Event::CompanionConfirmed(_) => {
            story(K::Therapy, format!("{by} confirmed that they will be there"), Some("Your companion confirmed."))
        }
        Event::SafetyPlanWritten(_) => {
            story(K::Therapy, format!("Safety plan written by {by}"), Some("Your safety plan was written."))
        }
        Event::VisitHeld(e) => story(
            K::Therapy,
            format!("{} visit, {} min, with {by}", capital(e.kind.word()), e.minutes),
            Some("A visit was held."),
        ),
        Event::NoteWritten(e) => story(K::Therapy, format!("{by} wrote a {} note", e.kind.word()), None),
        Event::NoteSigned(_) => story(K::Therapy, format!("{by} signed a note"), None),
        Event::NoteAddendumAdded(_) => story(K::Therapy, format!("{by} added to a signed note"), None),
        Event::SessionScheduled(e) => story(
            K::Session,
            format!("Session {} scheduled ({})", e.number, e.setting.word()),
            Some("A session was scheduled."),
        ),
        Event::SessionCancelled(e) => story(
            K::Session,
            format!("{by} called the session off{}", quoted(&e.reason)),
            Some("A session was called off."),
        ),
        Event::DayAnswered(_) => story(
            K::Session,
            format!("Questions of the day answered by {by}"),
            Some("You answered the questions of the day."),
        ),
        Event::CompanionArrived(_) => {
            story(K::Session, format!("{by} says they are there"), Some("Your companion is with you."))
        }
        Event::CompanionSeen(_) => story(K::Session, format!("{by} saw the companion there"), None),
        Event::GoDecided(e) => story(
            K::Session,
            format!("{by}: {}{}", if e.go { "go" } else { "no-go" }, quoted(&e.reason)),
            Some(if e.go { "Your team said go." } else { "Your team decided: no dose today." }),
        ),
        Event::DoseTaken(e) => {
            story(K::Session, format!("Dose: {} mg {}", e.dose_mg, e.route.word()), Some("You took your dose."))
        }
        Event::SedationRated(e) => story(K::Session, format!("MOAA/S {}", e.moaas), None),
        Event::CheckInRecorded(e) => story(
            K::Session,
            format!("{by}: {}{}", e.answer.words(), quoted(&e.words)),
            Some("A check-in was recorded."),
        ),
        Event::SymptomMarked(e) => {
            story(K::Session, format!("{}{}", capital(e.symptom.words()), quoted(&e.words)), None)
        }
        Event::DistressRated(e) => story(K::Session, format!("Distress {}/10", e.rating), None),
        Event::MomentMarked(e) => story(K::Session, format!("{by}: {}", e.words), None),
        Event::HelpRequested(e) => {
            story(K::Alert, format!("{by} asked for help{}", quoted(&e.words)), Some("Help was asked for."))
        }
        Event::CheckMissed(e) => story(K::Alert, format!("Missed: {}", e.check.words()), None),
        Event::SessionStopped(e) => story(
            K::Session,
            format!("{by} stopped the session{}", quoted(&e.reason)),
            Some("The session was stopped."),
        ),
        Event::ReleaseChecked(_) => story(K::Session, format!("Release checks by {by}"), None),
        Event::PatientReleased(e) => {
            story(K::Session, format!("Released, with {}", e.with), Some("The session ended."))
        }
        Event::PatientLeft(e) => story(
            K::Session,
            format!("Left against advice{}", quoted(&e.words)),
            Some("You left before the end of the session."),
        ),
        Event::SessionReviewed(e) => story(
            K::Session,
            format!("{by} reviewed the session{}", quoted(&e.words)),
            Some("Your prescriber reviewed the session."),
        ),
        Event::AlertRaised(e) => story(
            K::Alert,
            format!(
                "Alert ({}): {}{}",
                e.urgency.word(),
                e.what,
                if e.measured.is_empty() { String::new() } else { format!(" [{}]", e.measured) }
            ),
            None,
        ),
        Event::AlertOwned(_) => story(K::Alert, format!("{by} took the alert on"), None),
        Event::AlertEscalated(e) => {
            story(K::Alert, format!("Nobody answered: the alert went to {}", e.to.words()), None)
        }
        Event::AlertResolved(e) => story(K::Alert, format!("{by} resolved the alert{}", quoted(&e.words)), None),
        Event::AdverseEventRecorded(e) => story(
            K::FollowUp,
            format!("Adverse event{}: {} ({})", if e.serious { ", serious" } else { "" }, e.what, e.outcome),
            Some("A side effect was recorded."),
        ),
        Event::JournalWritten(e) => story(
            K::FollowUp,
            if e.shared {
                format!("Journal, shared by the patient{}", quoted(&e.words))
            } else {
                "A private journal entry".to_owned()
            },
            Some("You wrote in your journal."),
        ),
        Event::JournalSharingSet(e) => story(
            K::FollowUp,
            format!("The patient {} a journal entry", if e.shared { "shared" } else { "took back" }),
            Some("You changed who sees a journal entry."),
        ),
        Event::ContactMade(e) => story(
            K::FollowUp,
            format!("{by} was in touch by {}{}", e.how, quoted(&e.words)),
            Some("Your team was in touch."),
        ),
        Event::CourseReviewed(e) => story(
            K::FollowUp,
            format!("{by} reviewed the course: {:?}{}", e.decision, quoted(&e.words)),
            Some("Your course was reviewed."),
        ),
        Event::ItemCleared(e) => story(K::FollowUp, format!("{by} cleared an open item{}", quoted(&e.reason)), None),
        Event::EntryCorrected(e) => story(
            K::FollowUp,
            format!("{by} corrected an earlier entry{}", quoted(&e.why)),
            Some("An entry was corrected."),
        ),
    }
}

/// Vital signs as they stand in a timeline: `142/91 mmHg, pulse 88, SpO2 97 %`.
#[must_use]
pub fn vitals_words(vitals: &crate::quantity::Vitals) -> String {
    let parts = [
        vitals.blood_pressure.map(|bp| format!("{bp} mmHg")),
        vitals.heart_rate_per_min.map(|rate| format!("pulse {rate}")),
        vitals.spo2_percent.map(|spo2| format!("SpO2 {spo2} %")),
        vitals.respiratory_rate_per_min.map(|rate| format!("breathing {rate}/min")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The words with a capital letter at their beginning.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
