//! Every column of every table: its name, unit, meaning, codes and source. The files, the codebook and the REDCap
//! dictionary are all written from this list.

use super::cells::{AGE_BANDS, SUPPRESSED, UNKNOWN};
use super::table::{Column, Kind, Table};

/// Points of a course, as [`Point`](stillwater_care::event::Point) has them.
pub const POINTS: [&str; 14] = [
    "screening",
    "baseline",
    "pre-dose",
    "in-session",
    "hours-4",
    "hours-24",
    "day-2",
    "day-3",
    "day-7",
    "day-10",
    "day-14",
    "monthly",
    "end-of-course",
    "unscheduled",
];
/// Why a value is not there.
pub const MISSING: [&str; 3] = ["not-answered", "course-ended", "items-left-out"];
/// Routes.
pub const ROUTES: [&str; 6] = ["intravenous", "intramuscular", "sublingual", "oral", "nasal-esketamine", SUPPRESSED];
/// Symptoms that are marked in a session, in the order of [`Symptom::ALL`](stillwater_care::facts::Symptom::ALL).
pub const SYMPTOMS: [&str; 12] = [
    "nausea",
    "dizziness",
    "vomiting",
    "dissociation",
    "panic",
    "breathlessness",
    "chest-pain",
    "severe-headache",
    "neurological-change",
    "danger-to-self-or-others",
    "unresponsive",
    "not-coded",
];
/// Steps of a course.
pub const DISPOSITIONS: [&str; 13] = [
    "eligible",
    "ineligible",
    "consent-signed",
    "consent-withdrawn",
    "plan-opened",
    "first-dose",
    "completed",
    "ended-ineligible",
    "ended-withdrew",
    "ended-adverse-event",
    "ended-no-benefit",
    "ended-moved",
    "ended-lost-to-follow-up",
];

const SETTINGS: [&str; 4] = ["clinic", "home", UNKNOWN, SUPPRESSED];

const fn text(
    name: &'static str,
    values: &'static [&'static str],
    meaning: &'static str,
    from: &'static str,
) -> Column {
    Column { name, kind: Kind::Text, unit: "", meaning, values, from }
}

const fn whole(name: &'static str, unit: &'static str, meaning: &'static str, from: &'static str) -> Column {
    Column { name, kind: Kind::Whole, unit, meaning, values: &[], from }
}

const fn real(name: &'static str, unit: &'static str, meaning: &'static str, from: &'static str) -> Column {
    Column { name, kind: Kind::Real, unit, meaning, values: &[], from }
}

const fn truth(name: &'static str, meaning: &'static str, from: &'static str) -> Column {
    Column { name, kind: Kind::Truth, unit: "", meaning, values: &[], from }
}

const STUDY_ID: Column =
    text("study_id", &[], "The person, under a pseudonym that holds within one key.", "keyed digest of the chart's id");
const FROM_REFERRAL: Column = real(
    "day_from_referral",
    "days",
    "Days since the referral, to four decimals. Below 0 for what was taken over from an earlier record.",
    "time of the entry",
);
const FROM_FIRST_DOSE: Column = real(
    "day_from_first_dose",
    "days",
    "Days since the first dose began; below 0 before it. Empty for somebody who has taken none.",
    "time of the entry",
);
const SESSION: Column =
    whole("session_number", "", "Dosing session of the course, from 1. Empty where it belongs to none.", "session");

/// One row for each person.
pub const PEOPLE: &[Column] = &[
    STUDY_ID,
    text(
        "age_band",
        &AGE_BANDS,
        "Age on the day of referral, years. Made coarser or suppressed for rare combinations.",
        "date of birth and referral",
    ),
    text("sex", &["female", "male", "other", UNKNOWN, SUPPRESSED], "Sex as recorded.", "demographics"),
    text(
        "veteran",
        &["yes", "no", UNKNOWN, SUPPRESSED],
        "Served in the armed forces; unknown where nobody asked.",
        "demographics",
    ),
    text("setting", &SETTINGS, "Where the course takes place; unknown until it is decided.", "plan, or the decision"),
    text("protocol", &[], "Protocol with its version; suppressed with the setting. Empty without a plan.", "plan"),
    text(
        "phase",
        &["referred", "screening", "consent", "preparation", "session", "follow-up", "ended"],
        "Where the person stood when the set was made.",
        "chart",
    ),
    whole(
        "doses_planned",
        "doses",
        "Doses of the plan. Empty without a plan, and suppressed (empty) with the setting.",
        "plan",
    ),
    whole("doses_taken", "doses", "Doses taken.", "doses"),
    whole(
        "medicines_taken",
        "medicines",
        "Medicines taken, when the list was gone through with the person. Empty until then.",
        "review of medicines",
    ),
    whole(
        "medicines_stopped",
        "medicines",
        "Medicines on that list that had been stopped. Empty until then.",
        "review of medicines",
    ),
    real(
        "weight_kg",
        "kg",
        "First weight recorded. Empty where none was, and where the setting is suppressed.",
        "weights",
    ),
    text(
        "referral_date_shifted",
        &[],
        "Day of the referral, moved by this person's own number of days (182 at most). Only for courses that ended long enough ago; see the method.",
        "referral",
    ),
    text("first_dose_date_shifted", &[], "Day of the first dose, moved by the same number. Empty as above.", "doses"),
    whole(
        "coarsening",
        "",
        "How far the combination of age, sex, service and setting was made coarser: 0 not at all, 5 all suppressed.",
        "method",
    ),
];

/// One row for each score.
pub const MEASURES: &[Column] = &[
    STUDY_ID,
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    text("point", &POINTS, "Point of the course for which it was asked.", "measure"),
    SESSION,
    text("instrument", &[], "Id of the instrument.", "measure"),
    text("instrument_version", &[], "Version of the instrument's file that made the score.", "measure"),
    text("score", &[], "Id of the score; for a measure not answered, the instrument's main score.", "instrument"),
    real("value", "points", "The score as shown at the time. Empty where missing says why.", "measure"),
    text(
        "entry",
        &["answers", "entered-total"],
        "Answered item by item, or a total that staff read off their own form. Empty where not answered.",
        "measure",
    ),
    text(
        "missing",
        &MISSING,
        "Why there is no value: not answered while it counted, due after the course had ended, or too many items left out. Empty where there is one. For a measure not answered the days are those on which it was due.",
        "schedule of the protocol",
    ),
];

/// One row for each answer.
pub const ITEMS: &[Column] = &[
    STUDY_ID,
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    text("point", &POINTS, "Point of the course for which it was asked.", "measure"),
    SESSION,
    text("instrument", &[], "Id of the instrument.", "measure"),
    text("instrument_version", &[], "Version of the instrument's file.", "measure"),
    text("item", &[], "Id of the item; the topic stands in instruments.csv.", "instrument"),
    whole("choice", "", "Which of several answers to an item that takes a list, from 1; otherwise 1.", "measure"),
    real("value", "as the item's options", "The answer. Empty where missing says why.", "measure"),
    text(
        "missing",
        &["left-out", "not-applicable"],
        "Left unanswered, or answered that it does not apply. Empty where there is a value.",
        "measure",
    ),
];

/// One row for each dose.
pub const DOSES: &[Column] = &[
    STUDY_ID,
    SESSION,
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    text("setting", &SETTINGS, "Where it was taken.", "session"),
    text("route", &ROUTES, "How it was given.", "dose"),
    text(
        "product",
        &[],
        "Product of a protocol that this program knows; other where the order's words are no protocol's.",
        "order",
    ),
    real("dose_mg", "mg", "Milligrams. Empty where the setting is suppressed.", "dose"),
    real(
        "dose_mg_per_kg",
        "mg/kg",
        "Milligrams for each kilogram, as the prescriber wrote it. Empty for a fixed dose, and where the setting is suppressed.",
        "dose",
    ),
    real(
        "infusion_minutes",
        "min",
        "Length of an infusion. Empty otherwise, and where the setting is suppressed.",
        "dose",
    ),
    truth("stopped_early", "The session was stopped before its planned end.", "session"),
];

/// One row for each reading.
pub const READINGS: &[Column] = &[
    STUDY_ID,
    SESSION,
    real(
        "minutes_since_dose",
        "min",
        "Minutes since the session's dose began; below 0 before it. Empty outside a session and where no dose was given.",
        "reading",
    ),
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    whole("systolic", "mmHg", "Systolic blood pressure. Empty where not measured.", "vital signs"),
    whole("diastolic", "mmHg", "Diastolic blood pressure. Empty where not measured.", "vital signs"),
    whole("pulse", "beats/min", "Heart rate. Empty where not measured.", "vital signs"),
    whole("spo2", "%", "Oxygen saturation by pulse oximeter. Empty where not measured.", "vital signs"),
    whole("respiratory_rate", "breaths/min", "Breathing rate. Empty where not measured.", "vital signs"),
    whole("sedation_moaas", "MOAA/S", "Sedation, 5 alert to 0 no response. Empty where not rated.", "sedation rating"),
    whole("distress", "0 to 10", "Distress as the person rated it. Empty where not rated.", "distress rating"),
    text(
        "source",
        &["device", "manual", "patient-entered", "companion-entered", "imported", SUPPRESSED],
        "Where vital signs came from. Empty for a rating.",
        "vital signs",
    ),
];

/// One row for each adverse event.
pub const ADVERSE_EVENTS: &[Column] = &[
    STUDY_ID,
    SESSION,
    real("minutes_since_dose", "min", "Minutes since the session's dose began. Empty outside a session.", "entry"),
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    text(
        "recorded_as",
        &["adverse-event", "symptom"],
        "An adverse event that a clinician recorded, or a symptom marked in a session.",
        "entry",
    ),
    text(
        "kind",
        &SYMPTOMS,
        "Which symptom. A clinician's adverse event is told in words, which are not exported: not-coded.",
        "symptom",
    ),
    text(
        "severity",
        &["serious", "not-serious", "not-graded"],
        "Serious: death, danger to life, hospital, lasting harm. Symptoms are not graded.",
        "adverse event",
    ),
    text(
        "relation",
        &["unrelated", "possible", "probable", "definite", "not-judged"],
        "Relation to the drug, as the clinician judged it.",
        "adverse event",
    ),
    text(
        "outcome",
        &["told", "not-recorded"],
        "Outcomes are told in words, which are not exported; this says whether there is one.",
        "adverse event",
    ),
];

/// One row for each step of the course.
pub const DISPOSITIONS_TABLE: &[Column] = &[
    STUDY_ID,
    FROM_REFERRAL,
    FROM_FIRST_DOSE,
    text(
        "disposition",
        &DISPOSITIONS,
        "What was decided or reached; ended-… with the reason for which a course ended. The decision on eligibility is the one in force.",
        "decision, consents, plan, doses, end of course",
    ),
    text(
        "rules",
        &[],
        "Rules that stood when eligibility was decided, with a space between them; see the rule book. Suppressed where the combination was made coarser, since a rule on age or pregnancy would tell it. The words of a reason are not exported.",
        "decision",
    ),
];

impl Table {
    /// Its columns, in order.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::People => PEOPLE,
            Self::Measures => MEASURES,
            Self::Items => ITEMS,
            Self::Doses => DOSES,
            Self::Readings => READINGS,
            Self::AdverseEvents => ADVERSE_EVENTS,
            Self::Dispositions => DISPOSITIONS_TABLE,
        }
    }
}
