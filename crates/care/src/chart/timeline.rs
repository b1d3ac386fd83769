//! Each event as a line of the timeline: codes, numbers, names and people's own words. The sentences for staff and for the
//! patient are made of it at the edge.

use jiff::Timestamp;

use crate::code::Code as _;
use crate::event::{AlertSubject, CancelReason, DoseIrregularity, Event, Recorded};
use crate::facts::Answered;
use crate::finding::Finding;
use crate::quantity::Vitals;

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

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
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

/// A value in a line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Nothing: what would be said of it is left out.
    Nothing,
    /// A name, a source, a version: data that is shown as it is.
    Text(String),
    /// A person's own words, quoted where there are any.
    Said(String),
    /// Why something was called off.
    Cancelled(CancelReason),
    /// How many, or how much.
    Number(f64),
    /// A member of a list of codes: `route` and `intravenous`.
    Code(&'static str, &'static str),
    /// An instrument, by its id.
    Instrument(String),
    /// Several, one after the other.
    Many(Vec<Told>),
    /// A part that has words of its own.
    Part(Line),
    /// Vital signs.
    Vitals(Vitals),
    /// What a finding measured.
    Measured(Finding),
    /// What an alert is about.
    Alert(AlertSubject),
    /// What was measured when an alert was raised, and when that was.
    AlertMeasured(AlertSubject, Timestamp),
}

/// A code, and the values that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The code.
    pub code: &'static str,
    /// Values by name.
    pub values: Vec<(&'static str, Told)>,
}

impl Line {
    fn new(code: &'static str) -> Self {
        Self { code, values: Vec::new() }
    }

    fn with(mut self, name: &'static str, told: impl Into<Told>) -> Self {
        self.values.push((name, told.into()));
        self
    }

    fn said(self, words: &str) -> Self {
        self.with("said", Told::Said(words.to_owned()))
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Told {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<f64> for Told {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Told {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<u32> for Told {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<i32> for Told {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

/// One event, told.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineEntry {
    /// For the filter.
    pub kind: TimelineKind,
    /// For staff.
    pub staff: Line,
    /// For the patient, a code; `None` for what is told to them in another way or not at all.
    pub patient: Option<&'static str>,
}

/// A part that is told only when there is something to tell.
fn part(any: bool, code: &'static str, name: &'static str, told: impl Into<Told>) -> Told {
    if any { Told::Part(Line::new(code).with(name, told)) } else { Told::Nothing }
}

/// What was out of order about a dose, in brackets behind it.
fn irregular(all: &[DoseIrregularity]) -> Told {
    let each = all.iter().map(|one| Told::Code("irregular", one.code())).collect();
    part(!all.is_empty(), "irregular-dose", "irregular", Told::Many(each))
}

fn yes_no(yes: bool, when: &'static str, otherwise: &'static str) -> Told {
    Told::Part(Line::new(if yes { when } else { otherwise }))
}

/// Describes one event.
#[must_use]
pub fn describe(recorded: &Recorded) -> TimelineEntry {
    use TimelineKind as K;
    let by = recorded.actor.name();
    let entry = |kind, staff: Line, patient| TimelineEntry { kind, staff, patient };
    let line = Line::new;
    let by_line = |code| Line::new(code).with("by", by);
    match &recorded.event {
        Event::PatientReferred(e) => {
            entry(K::Referral, line("referred").with("source", &e.source).said(&e.reason), Some("referred"))
        }
        Event::DemographicsChanged(_) => {
            entry(K::Referral, by_line("demographics-changed"), Some("demographics-changed"))
        }
        Event::RecordImported(e) => entry(
            K::Referral,
            line("record-imported")
                .with("source", &e.source)
                .with("facts", e.facts.len())
                .with("medicines", e.medicines.len())
                .with("measurements", e.measurements.len())
                .with("not-understood", e.not_understood.len()),
            Some("record-imported"),
        ),
        Event::HistoryAnswered(e) => {
            let yes: Vec<Told> = e
                .answers
                .iter()
                .filter(|a| a.answer == Answered::Yes)
                .map(|a| Told::Code("topic", a.topic.code()))
                .collect();
            let answers = e.answers.len();
            let yes = part(!yes.is_empty(), "yes-to", "topics", Told::Many(yes));
            let staff = by_line("history-answered").with("answers", answers).with("yes", yes);
            entry(K::Referral, staff, Some("history-answered"))
        }
        Event::MedicinesReviewed(e) => entry(
            K::Referral,
            by_line("medicines-reviewed").with("medicines", e.medicines.len()),
            Some("medicines-reviewed"),
        ),
        Event::BackgroundTaken(e) => {
            let count = |n: Option<u32>| n.map_or(Told::Part(line("not-asked")), Told::from);
            let ketamine = match e.ketamine_before {
                Some(Answered::Yes) => "yes",
                Some(Answered::No) => "no",
                Some(Answered::Unknown | Answered::Declined) => "not-known",
                None => "not-asked",
            };
            let staff = by_line("background-taken")
                .with("therapies", count(e.trauma_therapies))
                .with("medicines", count(e.medicines_tried))
                .with("ketamine", Told::Part(line(ketamine)))
                .with("site", part(!e.site.is_empty(), "treated-at", "site", &e.site));
            entry(K::Referral, staff, Some("background-taken"))
        }
        Event::CareTeamSet(e) => {
            let member = |m: &crate::event::TeamMember| {
                Told::Part(line("member").with("name", &m.name).with("role", Told::Code("role", m.role.code())))
            };
            let members = Told::Many(e.members.iter().map(member).collect());
            entry(K::Referral, line("care-team-set").with("members", members), Some("care-team-set"))
        }
        Event::InvitationMade(_) => entry(K::Referral, by_line("invitation-made"), None),
        Event::MeasureCompleted(e) => {
            let total = e.scores.get("total").copied().flatten();
            let flags: Vec<Told> =
                e.safety.iter().filter(|(_, v)| **v == Some(true)).map(|(k, _)| Told::from(k)).collect();
            let entered = e.entry == crate::event::MeasureEntry::EnteredTotal;
            let staff = line("measure-completed")
                .with("instrument", Told::Instrument(e.instrument.clone()))
                .with("total", total.map_or(Told::Nothing, |total| part(true, "total", "total", total)))
                .with("point", Told::Code("point", e.point.code()))
                .with("entered", if entered { Told::Part(line("entered")) } else { Told::Nothing })
                .with("missing", part(!e.missing.is_empty(), "unanswered", "count", e.missing.len()))
                .with("safety", part(!flags.is_empty(), "safety", "flags", Told::Many(flags)));
            entry(K::Measure, staff, Some("measure-completed"))
        }
        Event::VitalsRecorded(e) => {
            let staff = line("vitals-recorded")
                .with("vitals", Told::Vitals(e.vitals.clone()))
                .with("source", Told::Code("reading-source", e.vitals.source.code()));
            entry(K::Measure, staff, Some("vitals-recorded"))
        }
        Event::WeightRecorded(e) => entry(
            K::Measure,
            line("weight-recorded")
                .with("weight", e.weight_kg)
                .with("pounds", (crate::quantity::pounds(e.weight_kg) * 10.0).round() / 10.0),
            Some("weight-recorded"),
        ),
        Event::WeightConfirmed(_) => entry(K::Measure, line("weight-confirmed"), None),
        Event::HeightRecorded(e) => {
            entry(K::Measure, line("height-recorded").with("height", e.height_cm), Some("height-recorded"))
        }
        Event::RegionSet(e) => entry(K::Referral, by_line("region-set").with("region", &e.region), None),
        Event::LicenceShown(e) => {
            let staff = line("licence-shown").with("name", &e.name).with("region", &e.region).with("number", &e.number);
            entry(K::Decision, staff.with("until", &e.until.to_string()), None)
        }
        Event::ExaminedInPerson(e) => {
            entry(K::Decision, line("examined-in-person").with("by", &e.by), Some("examined-in-person"))
        }
        Event::MisuseChecked(e) => {
            let answer = |answer: crate::facts::Answered| Told::Code("answered", answer.code());
            let staff = by_line("misuse-checked")
                .with("other", answer(e.other_source))
                .with("craving", answer(e.craving))
                .with("lost", answer(e.lost_or_shared))
                .with("early", e.early_requests);
            entry(K::Measure, staff.said(&e.words), None)
        }
        Event::HoldingAnswerChanged(e) => {
            let rules = Told::Many(e.rules.iter().map(Told::from).collect());
            entry(K::Decision, by_line("holding-answer-changed").with("rules", rules).said(&e.why), None)
        }
        Event::SupplyHandedOut(e) => {
            let staff = by_line("supply-handed-out").with("units", e.units).with("mg", e.unit_mg).said(&e.from);
            entry(K::Decision, staff, Some("supply-handed-out"))
        }
        Event::SupplyTakenBack(e) => entry(
            K::Decision,
            by_line("supply-taken-back").with("units", e.units).said(&e.words),
            Some("supply-taken-back"),
        ),
        Event::SupplyCounted(e) => {
            entry(K::Measure, by_line("supply-counted").with("units", e.units), Some("supply-counted"))
        }
        Event::RemsRecorded(e) => {
            let staff = by_line("rems-recorded").with("fact", Told::Code("rems", e.fact.code()));
            entry(K::Decision, staff.said(&e.reference), None)
        }
        Event::ChildPughRated(e) => {
            entry(K::Measure, line("child-pugh-rated").with("class", Told::Code("child-pugh", e.class.code())), None)
        }
        Event::LabRecorded(e) => {
            let figure = |f: &crate::facts::LiverFigure| {
                Told::Part(
                    line("liver-figure")
                        .with("test", Told::Code("liver-test", f.test.code()))
                        .with("value", f.value)
                        .with("unit", Told::Code("lab-unit", f.unit.code()))
                        .with("upper", f.upper),
                )
            };
            let figures = Told::Many(e.figures.iter().map(figure).collect());
            let staff = line("lab-recorded")
                .with("kind", Told::Code("lab", e.kind.code()))
                .with("result", Told::Code("lab-result", e.result.code()))
                .with("figures", part(!e.figures.is_empty(), "figures", "figures", figures))
                .with("detail", part(!e.detail.is_empty(), "detail", "detail", &e.detail));
            entry(K::Measure, staff, Some("lab-recorded"))
        }
        Event::SuicideScreenReviewed(e) => {
            let decision = yes_no(e.proceed, "go-on", "do-not-go-on");
            entry(K::Decision, by_line("suicide-screen-reviewed").with("decision", decision).said(&e.words), None)
        }
        Event::ChartsMerged(e) => {
            entry(K::Decision, by_line("charts-merged").with("name", &e.name).said(&e.reason), None)
        }
        Event::ChartMergedInto(e) => entry(K::Decision, by_line("chart-merged-into").said(&e.reason), None),
        Event::OverrideCosigned(_) => entry(K::Decision, by_line("override-cosigned"), None),
        Event::FindingOverridden(e) => {
            let second = e.second.as_ref().map_or(Told::Nothing, |s| part(true, "with", "name", &s.name));
            let staff = by_line("finding-overridden")
                .with("second", second)
                .with("rule", &e.finding.rule)
                .with("measured", Told::Measured(e.finding.clone()))
                .said(&e.reason);
            entry(K::Decision, staff, None)
        }
        Event::EligibilityDecided(e) => {
            let staff = by_line("eligibility-decided")
                .with("decision", yes_no(e.eligible, "may-be-treated", "not-treated"))
                .with("setting", Told::Code("setting", e.setting.code()))
                .said(&e.reason);
            entry(K::Decision, staff, Some(if e.eligible { "eligible" } else { "ineligible" }))
        }
        Event::ConsentGiven(e) => {
            let staff = line("consent-given").with("version", &e.version).with("name", &e.signed_name);
            entry(K::Decision, staff, Some("consent-given"))
        }
        Event::ConsentWithdrawn(e) => {
            entry(K::Decision, by_line("consent-withdrawn").said(&e.words), Some("consent-withdrawn"))
        }
        Event::PlanOpened(e) => {
            let staff = by_line("plan-opened")
                .with("protocol", &e.protocol)
                .with("version", &e.protocol_version)
                .with("sessions", e.sessions);
            entry(K::Decision, staff, Some("plan-opened"))
        }
        Event::CourseEnded(e) => {
            let staff = line("course-ended").with("reason", Told::Code("end", e.reason.code())).said(&e.words);
            entry(K::Decision, staff, Some("course-ended"))
        }
        Event::OrderWritten(e) => {
            let each = |each: f64| Told::Part(line("per-kg").with("each", each).with("weight", e.weight_kg));
            let staff = by_line("order-written")
                .with("dose", e.dose_mg)
                .with("route", Told::Code("route", e.route.code()))
                .said(&e.reason)
                .with("each", e.dose_mg_per_kg.map_or(Told::Nothing, each));
            entry(K::Decision, staff, Some("order-written"))
        }
        Event::OrderCancelled(e) => entry(
            K::Decision,
            by_line("order-cancelled").with("said", Told::Cancelled(e.reason.clone())),
            Some("order-cancelled"),
        ),
        Event::CompanionNamed(e) => {
            let staff = line("companion-named").with("name", &e.name).with("relation", &e.relation);
            entry(K::Therapy, staff, Some("companion-named"))
        }
        Event::CompanionContactChanged(e) => {
            let staff = by_line("companion-contact-changed").with("relation", &e.relation).with("phone", &e.phone);
            entry(K::Therapy, staff, Some("companion-contact-changed"))
        }
        Event::CompanionBriefed(_) => entry(K::Therapy, by_line("companion-briefed"), Some("companion-briefed")),
        Event::CompanionConfirmed(_) => entry(K::Therapy, by_line("companion-confirmed"), Some("companion-confirmed")),
        Event::SafetyPlanWritten(_) => entry(K::Therapy, by_line("safety-plan-written"), Some("safety-plan-written")),
        Event::VisitHeld(e) => {
            let staff = by_line("visit-held")
                .with("kind", Told::Code("visit-capital", e.kind.code()))
                .with("minutes", Told::Number(e.minutes as f64));
            entry(K::Therapy, staff, Some("visit-held"))
        }
        Event::NoteWritten(e) => {
            entry(K::Therapy, by_line("note-written").with("kind", Told::Code("visit", e.kind.code())), None)
        }
        Event::NoteSigned(_) => entry(K::Therapy, by_line("note-signed"), None),
        Event::NoteAddendumAdded(_) => entry(K::Therapy, by_line("note-addendum-added"), None),
        Event::SessionScheduled(e) => {
            let staff = line(if e.unplanned { "session-unplanned" } else { "session-scheduled" })
                .with("number", e.number)
                .with("setting", Told::Code("setting", e.setting.code()));
            entry(K::Session, staff, Some("session-scheduled"))
        }
        Event::SessionCancelled(e) => entry(
            K::Session,
            by_line("session-cancelled").with("said", Told::Cancelled(e.reason.clone())),
            Some("session-cancelled"),
        ),
        Event::SessionHeld(e) => entry(
            K::Session,
            line("session-held").with("said", Told::Cancelled(e.reason.clone())),
            Some("session-held"),
        ),
        Event::DayAnswered(_) => entry(K::Session, by_line("day-answered"), Some("day-answered")),
        Event::CompanionArrived(_) => entry(K::Session, by_line("companion-arrived"), Some("companion-arrived")),
        Event::CompanionSeen(_) => entry(K::Session, by_line("companion-seen"), None),
        Event::ReadinessChecked(_) => entry(K::Session, by_line("readiness-checked"), None),
        Event::GoDecided(e) => {
            let staff = by_line("go-decided").with("decision", yes_no(e.go, "go", "no-go")).said(&e.reason);
            entry(K::Session, staff, Some(if e.go { "go" } else { "no-go" }))
        }
        Event::DoseTaken(e) => {
            let staff = line("dose-taken")
                .with("dose", e.dose_mg)
                .with("route", Told::Code("route", e.route.code()))
                .with("irregular", irregular(&e.irregular))
                .said(&e.words);
            entry(K::Session, staff, Some("dose-taken"))
        }
        Event::FurtherDoseTaken(e) => {
            let staff = line("further-dose-taken")
                .with("dose", e.dose_mg)
                .with("route", Told::Code("route", e.route.code()))
                .with("booster", yes_no(e.booster, "booster", "further-dose"))
                .with("irregular", irregular(&e.irregular))
                .said(&e.words);
            entry(K::Session, staff, Some("further-dose-taken"))
        }
        Event::DoseAmountRecorded(e) => {
            entry(K::Session, line("dose-amount-recorded").with("given", e.given_mg).said(&e.words), None)
        }
        Event::InfusionRecorded(e) => {
            let rate = part(e.rate_ml_per_hour.is_some(), "infusion-rate", "rate", e.rate_ml_per_hour.unwrap_or(0.0));
            let given = part(e.given_mg.is_some(), "infusion-given", "given", e.given_mg.unwrap_or(0.0));
            let staff = line("infusion-recorded")
                .with("step", Told::Code("infusion-step", e.step.code()))
                .with("rate", rate)
                .with("given", given);
            entry(K::Session, staff, None)
        }
        Event::SessionMissed(e) => entry(K::Session, line("session-missed").said(&e.words), Some("session-missed")),
        Event::SessionMoved(e) => entry(K::Session, by_line("session-moved").said(&e.words), Some("session-moved")),
        Event::SedationRated(e) => entry(K::Session, line("sedation-rated").with("level", e.moaas), None),
        Event::CheckInRecorded(e) => {
            let answer = Told::Code("check-answer", e.answer.code());
            entry(K::Session, by_line("check-in").with("answer", answer).said(&e.words), Some("check-in"))
        }
        Event::SymptomMarked(e) => {
            let symptom = Told::Code("symptom", e.symptom.code());
            entry(K::Session, line("symptom-marked").with("symptom", symptom).said(&e.words), None)
        }
        Event::DistressRated(e) => entry(K::Session, line("distress-rated").with("rating", e.rating), None),
        Event::MomentMarked(e) => {
            let staff = match e.asked_to_stop {
                None => by_line("moment-marked"),
                Some(phase) => by_line("asked-to-stop").with("phase", Told::Code("session-phase", phase.code())),
            };
            entry(K::Session, staff.with("words", &e.words), None)
        }
        Event::HelpRequested(e) => entry(K::Alert, by_line("help-requested").said(&e.words), Some("help-requested")),
        Event::CheckMissed(e) => {
            entry(K::Alert, line("check-missed").with("check", Told::Code("check", e.check.code())), None)
        }
        Event::SessionStopped(e) => {
            entry(K::Session, by_line("session-stopped").said(&e.reason), Some("session-stopped"))
        }
        Event::ReleaseChecked(_) => entry(K::Session, by_line("release-checked"), None),
        Event::PatientReleased(e) => {
            entry(K::Session, line("patient-released").with("with", &e.with), Some("patient-released"))
        }
        Event::PatientLeft(e) => entry(K::Session, line("patient-left").said(&e.words), Some("patient-left")),
        Event::SessionReviewed(e) => {
            entry(K::Session, by_line("session-reviewed").said(&e.words), Some("session-reviewed"))
        }
        Event::AlertRaised(e) => {
            let staff = line("alert-raised")
                .with("urgency", Told::Code("urgency", e.urgency.code()))
                .with("alert", Told::Alert(e.about.clone()))
                .with("measured", Told::AlertMeasured(e.about.clone(), recorded.occurred_at));
            entry(K::Alert, staff, None)
        }
        Event::AlertRenewed(e) => {
            let staff = line("alert-renewed")
                .with("urgency", Told::Code("urgency", e.urgency.code()))
                .with("alert", Told::Alert(e.about.clone()))
                .with("measured", Told::AlertMeasured(e.about.clone(), recorded.occurred_at));
            entry(K::Alert, staff, None)
        }
        Event::ContactLost(_) => entry(K::Session, line("contact-lost"), None),
        Event::ContactBack(_) => entry(K::Session, line("contact-back"), None),
        Event::ClockJumped(e) => {
            entry(K::Session, line("clock-jumped").with("seconds", Told::Number(e.seconds as f64)), None)
        }
        Event::AlertLapsed(_) => entry(K::Alert, line("alert-lapsed"), None),
        Event::AlertNoted(e) => entry(K::Alert, by_line("alert-noted").said(&e.words), None),
        Event::AlertOwned(_) => entry(K::Alert, by_line("alert-owned"), None),
        Event::AlertEscalated(e) => {
            entry(K::Alert, line("alert-escalated").with("level", Told::Code("level", e.to.code())), None)
        }
        Event::AlertResolved(e) if e.closing.is_empty() => {
            entry(K::Alert, by_line("alert-resolved").said(&e.words), None)
        }
        Event::AlertResolved(e) => {
            let staff = by_line("alert-closed")
                .with("found", &e.words)
                .with("done", &e.closing.done)
                .with("told", &e.closing.told)
                .with("next", &e.closing.next);
            entry(K::Alert, staff, None)
        }
        Event::AdverseEventRecorded(e) => {
            let serious = if e.serious { Told::Part(line("serious")) } else { Told::Nothing };
            let staff =
                line("adverse-event").with("serious", serious).with("what", &e.what).with("outcome", &e.outcome);
            entry(K::FollowUp, staff, Some("adverse-event"))
        }
        Event::AdverseEventReviewed(e) => {
            let decision = yes_no(e.proceed, "go-on", "do-not-go-on");
            let staff = by_line("adverse-event-reviewed").with("decision", decision).said(&e.words);
            entry(K::FollowUp, staff, Some("adverse-event-reviewed"))
        }
        Event::JournalWritten(e) => {
            let staff = if e.shared { line("journal-shared").said(&e.words) } else { line("journal-private") };
            entry(K::FollowUp, staff, Some("journal-written"))
        }
        Event::JournalSharingSet(e) => {
            let staff = line(if e.shared { "journal-entry-shared" } else { "journal-entry-taken-back" });
            entry(K::FollowUp, staff, Some("journal-sharing-set"))
        }
        Event::ContactMade(e) => {
            entry(K::FollowUp, by_line("contact-made").with("how", &e.how).said(&e.words), Some("contact-made"))
        }
        Event::CourseReviewed(e) => {
            let decision = Told::Code("review-decision", e.decision.code());
            entry(
                K::FollowUp,
                by_line("course-reviewed").with("decision", decision).said(&e.words),
                Some("course-reviewed"),
            )
        }
        Event::ItemCleared(e) => entry(K::FollowUp, by_line("item-cleared").said(&e.reason), None),
        Event::EntryCorrected(e) => {
            entry(K::FollowUp, by_line("entry-corrected").said(&e.why), Some("entry-corrected"))
        }
    }
}
