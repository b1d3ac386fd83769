//! What stands in the way although everything that was sent could be true: the state of the chart, told as a code with
//! its numbers and ids. What to do instead is said with it, at the edge.

use super::coded_enum;
use crate::chart::SessionPhase;
use crate::facts::{HistoryTopic, Setting};
use crate::finding::Finding;
use crate::rules::{Gate, Override};

coded_enum! {
    /// A state in which a command cannot be done.
    NotNow {
        /// Nobody was referred under this id yet.
        NoPatient = "no-patient",
        /// The course has ended.
        CourseEnded = "course-ended",
        /// The person is in care already.
        AlreadyInCare = "already-in-care",
        /// Another record names this, and only a clinician confirms or refutes it.
        ForTheClinician {
            /// What the other record names.
            topic: HistoryTopic,
        } = "for-the-clinician",
        /// The companion named is not the one in force.
        NotTheCompanion = "not-the-companion",
        /// The text of an instrument may not be shown.
        TextNotOurs {
            /// The instrument's id.
            instrument: String,
        } = "text-not-ours",
        /// The entry is not the newest weight of this chart.
        NotTheNewestWeight = "not-the-newest-weight",
        /// Whoever recorded a weight cannot be the second person who confirms it.
        OwnWeight = "own-weight",
        /// The entry is no suicide screen of this chart.
        NotASuicideScreen = "not-a-suicide-screen",
        /// The rule finds nothing at this gate that stands in the way.
        NothingToOverride {
            /// The rule.
            rule: &'static str,
            /// Where.
            gate: Gate,
        } = "nothing-to-override",
        /// The finding cannot be overridden here.
        OverrideNotAllowed {
            /// The rule.
            rule: &'static str,
            /// By whom it could be.
            by: Override,
            /// Where the person is treated.
            setting: Setting,
            /// The finding, with what would clear it.
            finding: Box<Finding>,
        } = "override-not-allowed",
        /// This chart was merged into another of the same person.
        MergedAway = "merged-away",
        /// A chart cannot be merged with itself.
        SameChart = "same-chart",
        /// The other chart was merged into this one already.
        AlreadyMerged = "already-merged",
        /// There is no override that waits for a second signature.
        NoOverrideToSign = "no-override-to-sign",
        /// The override has its second signature.
        OverrideSigned = "override-signed",
        /// Whoever overrode a finding cannot be the second clinician as well.
        OwnOverride = "own-override",
        /// A session is running.
        SessionRunning {
            /// What has to wait for its end.
            asked: AfterSession,
        } = "session-running",
        /// The prescriber has not decided that this person may be treated: told to whoever would sign consent.
        NotDecided = "not-decided",
        /// There is no consent in force to withdraw.
        NoConsentInForce = "no-consent-in-force",
        /// Nobody has decided that this person may be treated.
        NotEligible = "not-eligible",
        /// Eligibility was decided for the clinic, and the protocol is for home.
        EligibleInClinicOnly = "eligible-in-clinic-only",
        /// No plan is open.
        NoPlan = "no-plan",
        /// The protocol of the plan is not known to this installation.
        ProtocolNotKnown {
            /// Its id.
            protocol: String,
            /// Its version.
            version: String,
        } = "protocol-not-known",
        /// An order is in force already.
        OrderInForce = "order-in-force",
        /// Nobody was weighed, so that no dose can be worked out.
        NoWeight = "no-weight",
        /// There is no such order.
        NoOrder = "no-order",
        /// The order was used or cancelled.
        OrderNotInForce = "order-not-in-force",
        /// No order is in force for the session's setting.
        NoOrderForSetting = "no-order-for-setting",
        /// The companion has not done the briefing.
        NotBriefed = "not-briefed",
        /// The companion has not done the briefing and confirmed.
        NotConfirmed = "not-confirmed",
        /// The session has begun, and until its end only staff change who the companion is or how they are reached.
        StaffChangeCompanion = "staff-change-companion",
        /// Nobody is named as the companion.
        NoCompanion = "no-companion",
        /// No dose was taken in the session that a visit is to follow.
        NoDoseInSession = "no-dose-in-session",
        /// There is no such note.
        NoNote = "no-note",
        /// The note is signed and locked.
        NoteLocked = "note-locked",
        /// Somebody else is writing this note.
        NoteOfAnother = "note-of-another",
        /// The note is signed already.
        NoteSigned = "note-signed",
        /// Only its author signs a note.
        NotTheAuthor = "not-the-author",
        /// The note is not signed yet, so that it is changed and not added to.
        NoteNotSigned = "note-not-signed",
        /// Consent is not signed.
        NoConsent = "no-consent",
        /// Another session is in the calendar or going on.
        SessionOpen {
            /// Its number in the course.
            number: u32,
            /// Where it stands.
            phase: SessionPhase,
        } = "session-open",
        /// The next dose may not be given so soon after the last one.
        TooSoon {
            /// The first minute that is permitted, on the calendar of the patient.
            first: jiff::civil::DateTime,
        } = "too-soon",
        /// The last session was not reviewed.
        LastSessionNotReviewed {
            /// Its number in the course.
            number: u32,
        } = "last-session-not-reviewed",
        /// Every session of the plan was held.
        AllSessionsHeld {
            /// How many the plan has.
            sessions: u32,
        } = "all-sessions-held",
        /// There is no such session.
        NoSession = "no-session",
        /// The session is not where it would have to be.
        SessionIs {
            /// Where it stands.
            phase: SessionPhase,
            /// What was asked of it.
            asked: OfSession,
        } = "session-is",
        /// The dose of the session was taken.
        DoseTaken {
            /// What was asked, which belongs before the dose.
            asked: BeforeDose,
        } = "dose-taken",
        /// The session is more than a day away.
        SessionDaysAway = "session-days-away",
        /// The session is hours away.
        SessionHoursAway = "session-hours-away",
        /// Nobody has said go.
        NoGo = "no-go",
        /// Go was decided too long ago.
        GoExpired = "go-expired",
        /// In the clinic, staff give and record the dose.
        StaffGiveTheDose = "staff-give-the-dose",
        /// The protocol has no booster.
        NoBooster = "no-booster",
        /// The booster of the session was given.
        BoosterTaken = "booster-taken",
        /// It is not the time of the booster.
        NotBoosterTime {
            /// Minutes since the dose.
            minutes: i64,
            /// The first minute of the booster.
            from_minutes: i64,
            /// The last minute of the booster.
            to_minutes: i64,
        } = "not-booster-time",
        /// An alert that calls a clinician is open, and holds the booster.
        AlertHoldsBooster = "alert-holds-booster",
        /// The dose was no infusion.
        NotAnInfusion = "not-an-infusion",
        /// The companion signs off on their own phone.
        CompanionSignsOff = "companion-signs-off",
        /// The patient was not released yet.
        NotReleased = "not-released",
        /// There is no such alert.
        NoAlert = "no-alert",
        /// The alert is resolved.
        AlertResolved = "alert-resolved",
        /// Whoever asks has the alert already.
        AlertYours = "alert-yours",
        /// There is no such adverse event.
        NoAdverseEvent = "no-adverse-event",
        /// There is no such journal entry.
        NoJournalEntry = "no-journal-entry",
        /// The item is no longer open.
        ItemNotOpen = "item-not-open",
        /// The entry was corrected already.
        AlreadyCorrected = "already-corrected",
        /// Entries of this kind are not struck.
        NotStruck = "not-struck",
        /// The entry came from another record.
        FromAnotherRecord = "from-another-record",
    }
}

coded_enum! {
    /// What has to wait for the end of a session.
    #[derive(Copy, Eq)]
    AfterSession {
        /// Deciding on eligibility.
        Eligibility = "eligibility",
        /// Opening a plan.
        Plan = "plan",
        /// Ending the course.
        EndOfCourse = "end-of-course",
    }
}

coded_enum! {
    /// What was asked of a session that stands elsewhere.
    #[derive(Copy, Eq)]
    OfSession {
        /// Something that is recorded as long as a session is open.
        Entry = "entry",
        /// Something that is recorded between the dose and the release.
        Observation = "observation",
        /// How much of a dose was given, or what was done with an infusion.
        Amount = "amount",
        /// Moving it to another time.
        Move = "move",
        /// The review after it.
        Review = "review",
    }
}

coded_enum! {
    /// What belongs before the dose.
    #[derive(Copy, Eq)]
    BeforeDose {
        /// Calling the session off.
        CallOff = "call-off",
        /// The questions of the day.
        DayQuestions = "day-questions",
        /// Go or no-go.
        Go = "go",
        /// The dose itself.
        Dose = "dose",
    }
}
