//! A value that cannot be: which field, and what is wrong with it, as codes with their numbers.

use jiff::{Timestamp, civil::Date};

use super::coded_enum;
use crate::command::CommandKind;
use crate::facts::LiverTest;

coded_enum! {
    /// A field of a form.
    #[derive(Copy, Eq)]
    Field {
        /// The person's name.
        PatientName = "patient-name",
        /// Where the person lives.
        Address = "address",
        /// The time zone of where the person lives.
        TimeZone = "time-zone",
        /// Date of birth.
        BirthDate = "birth-date",
        /// The number that sends help.
        EmergencyNumber = "emergency-number",
        /// Why somebody was referred.
        ReferralReason = "referral-reason",
        /// The place of treatment.
        Site = "site",
        /// Courses of trauma-focused therapy before.
        TraumaTherapies = "trauma-therapies",
        /// Medicines tried before.
        MedicinesTried = "medicines-tried",
        /// The history questions.
        History = "history",
        /// When something in the history happened.
        HappenedAt = "happened-at",
        /// The words beside a history answer.
        HistoryDetail = "history-detail",
        /// A medicine's name.
        Medicine = "medicine",
        /// Diazepam-equivalent a day.
        DiazepamEquivalent = "diazepam-equivalent",
        /// When a medicine was started or stopped.
        MedicineDate = "medicine-date",
        /// The care team.
        CareTeam = "care-team",
        /// Until when a personal link can be used.
        LinkExpiry = "link-expiry",
        /// A questionnaire or rating.
        Instrument = "instrument",
        /// The answers to a questionnaire.
        Answers = "answers",
        /// A suicide screen.
        SuicideScreen = "suicide-screen",
        /// When a form was filled in.
        FilledInAt = "filled-in-at",
        /// When vital signs were taken.
        ReadingAt = "reading-at",
        /// When the weight was measured.
        WeighedAt = "weighed-at",
        /// When a sample was taken.
        SampledAt = "sampled-at",
        /// Where the patient is treated, or a licence holds.
        Region = "region",
        /// The number of a licence.
        LicenceNumber = "licence-number",
        /// Who examined the patient in person.
        ExaminedBy = "examined-by",
        /// When somebody examined the patient in person.
        ExaminedAt = "examined-at",
        /// How often more was asked for early.
        EarlyRequests = "early-requests",
        /// A figure of the liver panel.
        LiverFigure = "liver-figure",
        /// A number of tablets or lozenges.
        SupplyUnits = "supply-units",
        /// The milligrams in one of them.
        UnitStrength = "unit-strength",
        /// When they were handed out, taken back or counted.
        SupplyAt = "supply-at",
        /// How they were taken back.
        TakenBackHow = "taken-back-how",
        /// The number of a certificate, an enrolment or a form.
        RemsReference = "rems-reference",
        /// Since when a fact of the safety programme holds.
        RemsAt = "rems-at",
        /// A pregnancy test.
        PregnancyTest = "pregnancy-test",
        /// What was found and done about a suicide screen.
        ScreenFindings = "screen-findings",
        /// Why a finding is overridden.
        OverrideReason = "override-reason",
        /// A rule of the book.
        Rule = "rule",
        /// The second clinician of an override.
        SecondClinician = "second-clinician",
        /// The name typed as a signature.
        Signature = "signature",
        /// Why somebody is or is not eligible.
        EligibilityReason = "eligibility-reason",
        /// Consent.
        Consent = "consent",
        /// A protocol.
        Protocol = "protocol",
        /// Why a course ends.
        CourseEndReason = "course-end-reason",
        /// The dose.
        Dose = "dose",
        /// Milligrams for each kilogram.
        DosePerKg = "dose-per-kg",
        /// Why an order is written in spite of warnings.
        OrderReason = "order-reason",
        /// Why an order is cancelled.
        OrderCancelReason = "order-cancel-reason",
        /// The companion's name.
        CompanionName = "companion-name",
        /// The companion's phone.
        CompanionPhone = "companion-phone",
        /// Who the companion is to the patient.
        CompanionRelation = "companion-relation",
        /// The companion.
        Companion = "companion",
        /// The companion's briefing.
        Briefing = "briefing",
        /// Step 1 of the safety plan.
        WarningSigns = "warning-signs",
        /// Step 2 of the safety plan.
        OwnCoping = "own-coping",
        /// Step 3 of the safety plan.
        PeopleAndPlaces = "people-and-places",
        /// Step 4 of the safety plan.
        PeopleWhoHelp = "people-who-help",
        /// Step 5 of the safety plan.
        Professionals = "professionals",
        /// Step 6 of the safety plan.
        MeansSafety = "means-safety",
        /// When a visit was held.
        HeldAt = "held-at",
        /// How long a visit lasted.
        VisitLength = "visit-length",
        /// The patient's intention.
        Intention = "intention",
        /// A note.
        Note = "note",
        /// An addition to a note.
        Addendum = "addendum",
        /// When a session is to begin.
        SessionStart = "session-start",
        /// Why a session is called off.
        SessionCancelReason = "session-cancel-reason",
        /// The questions of the day.
        DayQuestions = "day-questions",
        /// Where the patient is today.
        AddressToday = "address-today",
        /// How help gets in.
        WayIn = "way-in",
        /// How long an ambulance needs.
        AmbulanceTime = "ambulance-time",
        /// Whether the clinic is ready.
        Readiness = "readiness",
        /// When a substance was last used.
        LastUsedAt = "last-used-at",
        /// Why go or no-go.
        GoReason = "go-reason",
        /// When the dose began.
        BeganAt = "began-at",
        /// When something was rated.
        RatedAt = "rated-at",
        /// When a symptom was seen.
        SeenAt = "seen-at",
        /// The MOAA/S.
        Sedation = "sedation",
        /// The rating of distress.
        Distress = "distress",
        /// Words beside an observation.
        Words = "words",
        /// A moment of the session.
        Moment = "moment",
        /// The Aldrete score.
        AldreteScore = "aldrete-score",
        /// With whom the patient leaves.
        ReleasedWith = "released-with",
        /// How the patient left before release.
        HowTheyLeft = "how-they-left",
        /// The review of a session.
        SessionReview = "session-review",
        /// What was found about an alert.
        AlertFindings = "alert-findings",
        /// What was done about an alert.
        AlertDone = "alert-done",
        /// Who knows of an alert.
        AlertTold = "alert-told",
        /// What is next after an alert.
        AlertNext = "alert-next",
        /// What somebody writes on an open alert.
        AlertNote = "alert-note",
        /// An adverse event.
        AdverseEvent = "adverse-event",
        /// How an adverse event ended.
        AdverseOutcome = "adverse-outcome",
        /// What a prescriber found of an adverse event.
        AdverseReview = "adverse-review",
        /// The journal.
        Journal = "journal",
        /// The review of the course.
        CourseReview = "course-review",
        /// How it is known that two charts are one person's.
        MergeReason = "merge-reason",
        /// Why an item is cleared.
        ItemReason = "item-reason",
        /// What was wrong with an entry.
        CorrectionWhy = "correction-why",
        /// What stands in place of an entry.
        Correction = "correction",
        /// The milligrams that were really given.
        GivenDose = "given-dose",
        /// The route by which a dose was given.
        GivenRoute = "given-route",
        /// Why another amount was given than was ordered.
        AmountWhy = "amount-why",
        /// When something was done with an infusion.
        InfusionAt = "infusion-at",
        /// The rate of an infusion.
        InfusionRate = "infusion-rate",
        /// Why a session is moved.
        MoveReason = "move-reason",
    }
}

impl Field {
    /// The fields that must not be empty.
    pub const NEEDED: [Self; 45] = [
        Self::TakenBackHow,
        Self::RemsReference,
        Self::LicenceNumber,
        Self::ExaminedBy,
        Self::AddressToday,
        Self::MergeReason,
        Self::PatientName,
        Self::EmergencyNumber,
        Self::HistoryDetail,
        Self::Medicine,
        Self::ScreenFindings,
        Self::OverrideReason,
        Self::Signature,
        Self::EligibilityReason,
        Self::CourseEndReason,
        Self::OrderCancelReason,
        Self::CompanionName,
        Self::CompanionPhone,
        Self::WarningSigns,
        Self::Professionals,
        Self::Note,
        Self::Addendum,
        Self::SessionCancelReason,
        Self::GoReason,
        Self::Moment,
        Self::ReleasedWith,
        Self::HowTheyLeft,
        Self::SessionReview,
        Self::AlertFindings,
        Self::AlertDone,
        Self::AlertTold,
        Self::AlertNext,
        Self::AlertNote,
        Self::AdverseEvent,
        Self::AdverseOutcome,
        Self::AdverseReview,
        Self::Journal,
        Self::CourseReview,
        Self::ItemReason,
        Self::CorrectionWhy,
        Self::GivenDose,
        Self::GivenRoute,
        Self::AmountWhy,
        Self::InfusionRate,
        Self::MoveReason,
    ];
}

coded_enum! {
    /// What is wrong with a value.
    Problem {
        /// Nothing was entered where something is needed.
        Empty = "empty",
        /// More was entered than a page can hold.
        TooLong {
            /// The most characters.
            most: usize,
        } = "too-long",
        /// The name of a place is longer than a list can show.
        TooLongForAName {
            /// The most characters.
            most: usize,
        } = "too-long-for-a-name",
        /// A moment that has not come yet.
        InFuture {
            /// The moment.
            at: Timestamp,
        } = "in-future",
        /// A moment too far back.
        TooLongAgo {
            /// The moment.
            at: Timestamp,
            /// How many days ago.
            days: f64,
            /// The most days.
            most_days: f64,
        } = "too-long-ago",
        /// A birth date that has not come yet.
        BornInFuture {
            /// The date.
            date: Date,
        } = "born-in-future",
        /// A birth date before 1900.
        BornTooLongAgo {
            /// The date.
            date: Date,
        } = "born-too-long-ago",
        /// No time zone has this name.
        NoSuchTimeZone {
            /// The name given.
            given: String,
        } = "no-such-time-zone",
        /// No country, or no state in it, has this code.
        NoSuchRegion {
            /// What was given.
            given: String,
        } = "no-such-region",
        /// Only a liver panel has these figures.
        NotALiverPanel = "not-a-liver-panel",
        /// No laboratory reports such a figure or limit.
        NoSuchFigure {
            /// Which test.
            test: LiverTest,
            /// The most.
            most: f64,
        } = "no-such-figure",
        /// The test is not reported in this unit.
        NotItsUnit {
            /// Which test.
            test: LiverTest,
        } = "not-its-unit",
        /// One test has two figures in one panel.
        FigureTwice {
            /// Which test.
            test: LiverTest,
        } = "figure-twice",
        /// Nobody hands out, or has in hand, so many.
        NoSuchCount {
            /// The least.
            least: u32,
            /// The most.
            most: u32,
        } = "no-such-count",
        /// More than anybody has tried.
        TooManyTried {
            /// The most.
            most: u32,
        } = "too-many-tried",
        /// No history question was answered.
        NoQuestionAnswered = "no-question-answered",
        /// No item was answered.
        NoItemAnswered = "no-item-answered",
        /// No question of the day was answered.
        NoDayQuestionAnswered = "no-day-question-answered",
        /// A dose of diazepam that nobody takes.
        NoSuchDiazepamDose {
            /// The milligrams a day given.
            mg_per_day: f64,
            /// The most.
            most: f64,
        } = "no-such-diazepam-dose",
        /// A diazepam equivalent for something else than a benzodiazepine.
        NotABenzodiazepine {
            /// The medicine's name, as entered.
            medicine: String,
        } = "not-a-benzodiazepine",
        /// A medicine that stopped before it started.
        StoppedBeforeStarted = "stopped-before-started",
        /// A member of the team has no clinical role.
        NoClinicalRole = "no-clinical-role",
        /// The team lacks a guide or a prescriber.
        TeamIncomplete = "team-incomplete",
        /// A time that has passed.
        Passed = "passed",
        /// No instrument has this id.
        NoSuchInstrument {
            /// The id given.
            given: String,
        } = "no-such-instrument",
        /// A suicide screen as a total.
        TotalOfAScreen = "total-of-a-screen",
        /// A pregnancy test that reads "raised".
        CannotBeRaised = "cannot-be-raised",
        /// No rule has this id.
        NoSuchRule {
            /// The id given.
            given: String,
        } = "no-such-rule",
        /// No second clinician is named.
        NobodyElse = "nobody-else",
        /// The second clinician is not on the team.
        NotOnTheTeam = "not-on-the-team",
        /// The name typed as a signature is not that of who signs.
        NotTheSigner {
            /// The name of who signs.
            signer: String,
        } = "not-the-signer",
        /// No consent text has this version.
        NoSuchConsent {
            /// The version given.
            given: String,
            /// The versions that are known.
            known: Vec<&'static str>,
        } = "no-such-consent",
        /// Statements that are not ticked.
        NotAllTicked {
            /// How many.
            missing: usize,
            /// Of how many.
            statements: usize,
        } = "not-all-ticked",
        /// No protocol has this id.
        NoSuchProtocol {
            /// The id given.
            given: String,
            /// The ids that are offered.
            known: Vec<String>,
        } = "no-such-protocol",
        /// An infusion without mg/kg.
        OrderedByWeight = "ordered-by-weight",
        /// No positive number.
        NotPositive = "not-positive",
        /// A dose above what the protocol allows.
        AboveCeiling {
            /// The milligrams given.
            dose_mg: f64,
            /// The protocol's title, as its file has it.
            protocol: String,
            /// The most milligrams.
            most_mg: f64,
            /// The most milligrams for each kilogram.
            most_mg_per_kg: Option<f64>,
        } = "above-ceiling",
        /// A companion under age.
        UnderAge {
            /// The least age, years.
            least: u32,
        } = "under-age",
        /// A question of the briefing has no answer.
        BriefingUnanswered {
            /// How many questions it has.
            questions: usize,
        } = "briefing-unanswered",
        /// A question of the briefing is answered wrongly.
        BriefingWrong {
            /// Which question.
            question: &'static str,
        } = "briefing-wrong",
        /// A visit of no possible length.
        NoSuchLength {
            /// The minutes given.
            minutes: i64,
            /// The least.
            least: i64,
            /// The most.
            most: i64,
        } = "no-such-length",
        /// A start that is not in the coming year.
        NotInComingYear {
            /// The moment given.
            at: Timestamp,
        } = "not-in-coming-year",
        /// An amount that nobody can be given.
        NoSuchAmount {
            /// The milligrams given.
            given_mg: f64,
            /// The most.
            most_mg: f64,
        } = "no-such-amount",
        /// No rate of an infusion.
        NotARate = "not-a-rate",
        /// A dose that began before go was decided.
        BeforeGo = "before-go",
        /// No level of the MOAA/S.
        NoSuchLevel {
            /// The level given.
            given: i32,
        } = "no-such-level",
        /// Not on the scale of distress.
        NotOnScale {
            /// The rating given.
            given: i32,
        } = "not-on-scale",
        /// No Aldrete score.
        NoSuchScore {
            /// The score given.
            given: i32,
        } = "no-such-score",
        /// An entry of another kind.
        OtherKind {
            /// What yielded the entry.
            entry: CommandKind,
            /// What is to stand in its place.
            given: CommandKind,
        } = "other-kind",
        /// Something that stands in place of no entry.
        ReplacesNothing {
            /// What yielded the entry.
            entry: CommandKind,
        } = "replaces-nothing",
    }
}
