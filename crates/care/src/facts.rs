//! What is known at one moment, gathered before any rule judges it.
//!
//! A rule is a pure function of these facts. They say what is *not* known as plainly as what is: an absent value
//! means that nobody asked or measured, and no rule may read it as normal. Every time is absolute, so that a rule can
//! tell a fresh reading from a stale one.

mod course;
mod day;
mod history;
mod liver;
mod medicine;
mod supply;

pub use course::{CourseFact, MisuseFact};
pub use day::{AmbulanceTime, CompanionFact, PlaceToday, ReadinessFacts, ReleaseFacts, SeenHow};
pub use history::{Answered, ConcernFact, HistoryFact, HistoryTopic, RecordedConcern};
pub use liver::{ChildPugh, ChildPughFact, LabUnit, LiverFigure, LiverTest};
pub use medicine::{MedicineClass, MedicineFact};
pub use supply::{CountFact, RemsFact, RemsRecord, SupplyFact, units_for};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::code::code_of;
use crate::finding::Urgency;
use crate::gate::Gate;
use crate::ids::StaffId;
use crate::quantity::{BloodPressure, Vitals, minutes_between};
use crate::subject::Subject;
use crate::telemedicine::TelemedicineRule;

/// Where the drug is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// In the clinic, staff in the room.
    Clinic,
    /// At home, with a companion and a remote guide.
    Home,
}

/// How the drug is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Intravenous infusion.
    Intravenous,
    /// Intramuscular injection.
    Intramuscular,
    /// Under the tongue.
    Sublingual,
    /// Swallowed.
    Oral,
    /// Nasal esketamine.
    NasalEsketamine,
}

impl Route {
    /// Passes the gut and liver first, so that interactions weigh more (clinical reference 2.1).
    #[must_use]
    pub fn first_pass(self) -> bool {
        matches!(self, Self::Sublingual | Self::Oral)
    }
}

/// Sex as recorded for reference ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Recorded as other.
    Other,
}

/// The newest result of one instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureFact {
    /// When it was completed.
    pub at: Timestamp,
    /// Scores by their id; `None` when too much was missing.
    pub scores: BTreeMap<String, Option<f64>>,
    /// Cut-offs by their id; `None` when unknown.
    pub cutoffs: BTreeMap<String, Option<bool>>,
    /// Safety items by their id; `None` when unanswered.
    pub safety: BTreeMap<String, Option<bool>>,
}

/// A laboratory test that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabKind {
    /// Liver tests (ALT, AST, ALP, GGT, bilirubin), read together by whoever enters them.
    LiverPanel,
    /// Urinalysis.
    Urinalysis,
    /// Pregnancy test.
    PregnancyTest,
    /// Urine drug screen.
    UrineDrugScreen,
}

impl LabKind {
    /// Every test.
    pub const ALL: [Self; 4] = [Self::LiverPanel, Self::Urinalysis, Self::PregnancyTest, Self::UrineDrugScreen];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LiverPanel => "liver-panel",
            Self::Urinalysis => "urinalysis",
            Self::PregnancyTest => "pregnancy-test",
            Self::UrineDrugScreen => "urine-drug-screen",
        }
    }
}

/// How a laboratory result reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabResult {
    /// Within limits, or negative.
    Normal,
    /// Outside limits, below the stop limit.
    Raised,
    /// At or past the stop limit, or positive.
    Abnormal,
    /// Could not be read.
    Unreadable,
}

impl LabResult {
    /// Every reading.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Raised, Self::Abnormal, Self::Unreadable];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Raised => "raised",
            Self::Abnormal => "abnormal",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One laboratory result.
#[derive(Clone, Debug, PartialEq)]
pub struct LabFact {
    /// Which test.
    pub kind: LabKind,
    /// How it reads.
    pub result: LabResult,
    /// When the sample was taken.
    pub at: Timestamp,
    /// The figures of a liver panel.
    pub figures: Vec<LiverFigure>,
}

/// A weight as recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightFact {
    /// When it was measured.
    pub at: Timestamp,
    /// Kilograms.
    pub kg: f64,
    /// A second person has confirmed it.
    pub confirmed: bool,
    /// Who of the staff recorded it.
    pub by: Option<StaffId>,
}

/// How great the risk of suicide is, by the newest screen (clinical reference 8; the instruments' own triage).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuicideRisk {
    /// No item endorsed.
    None,
    /// Low.
    Low,
    /// Moderate; an ASQ positive without current thoughts counts here (non-acute positive).
    Moderate,
    /// High; an ASQ acute positive counts here.
    High,
    /// Screened, but an item that matters was left unanswered.
    Unanswered,
}

/// The newest screen for suicide risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuicideFact {
    /// Risk.
    pub risk: SuicideRisk,
    /// When it was answered.
    pub at: Timestamp,
    /// `asq`, `c-ssrs-recent` or `c-ssrs-last-contact`.
    pub instrument: String,
    /// A clinician has seen this screen and recorded a decision to go on (C01 sign-off, clinic only).
    pub reviewed: bool,
}

/// The prescriber's newest decision of the course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionFact {
    /// May be treated.
    pub eligible: bool,
    /// In which setting; the home takes in the clinic.
    pub setting: Setting,
    /// When it was decided.
    pub at: Timestamp,
    /// When a later review of the course said stop, if one did.
    pub stopped_at: Option<Timestamp>,
}

/// A serious adverse event that holds the next dose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriousEventFact {
    /// When it was recorded.
    pub at: Timestamp,
    /// A prescriber has reviewed it, and said not to go on; else nobody has.
    pub reviewed: bool,
}

/// An alert that nobody has resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFact {
    /// How grave.
    pub urgency: Urgency,
    /// The rule that raised it.
    pub rule: String,
    /// When.
    pub raised_at: Timestamp,
}

/// The newest consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentFact {
    /// The version signed.
    pub version: String,
    /// The version in force.
    pub current_version: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
    /// The notice on compounded products taken at home was part of it.
    pub home_notice: bool,
}

/// A prescriber's licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceFact {
    /// Whose.
    pub prescriber: StaffId,
    /// For which country or part of one.
    pub region: String,
    /// The last day on which it holds.
    pub until: Date,
}

/// A dose taken earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct DoseFact {
    /// Route.
    pub route: Route,
    /// Setting.
    pub setting: Setting,
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram of body weight, where the weight was known.
    pub dose_mg_per_kg: Option<f64>,
    /// When it began.
    pub at: Timestamp,
    /// The session was reviewed afterwards by a clinician.
    pub reviewed: bool,
    /// The session was stopped early for a safety reason.
    pub stopped: bool,
}

/// The order being written, or the one in force.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFact {
    /// Route.
    pub route: Route,
    /// Setting.
    pub setting: Setting,
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram, as the prescriber wrote it; absent for a fixed dose.
    pub dose_mg_per_kg: Option<f64>,
    /// Infusion time, minutes, for an infusion.
    pub infusion_minutes: Option<f64>,
}

/// The plan in force.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFact {
    /// Route.
    pub route: Route,
    /// Setting.
    pub setting: Setting,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Hours that its protocol asks for between two doses; absent where the protocol is not known.
    pub interval_hours: Option<f64>,
}

/// What was last used, by the day-of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum LastUse {
    /// Asked; none in the window asked about.
    None,
    /// Used at that time.
    At {
        /// When.
        at: Timestamp,
    },
    /// Used, and not known when, or the person declined.
    Unknown,
}

/// What is known of the day itself. Each is absent until somebody answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayFacts {
    /// Alcohol or cannabis in the last days.
    pub alcohol_or_cannabis: Option<LastUse>,
    /// A benzodiazepine today.
    pub benzodiazepine_today: Option<Answered>,
    /// A stimulant.
    pub stimulant: Option<LastUse>,
    /// Grapefruit or its juice.
    pub grapefruit: Option<LastUse>,
    /// An opioid.
    pub opioid: Option<LastUse>,
    /// A monoamine oxidase inhibitor.
    pub maoi: Option<LastUse>,
    /// The list of medicines is still right.
    pub medicines_unchanged: Option<Answered>,
    /// Could be pregnant, asked again on the day.
    pub could_be_pregnant: Option<Answered>,
    /// When each question of the day was answered.
    pub answered_at: BTreeMap<Subject, Timestamp>,
    /// Readings of the day before the dose, oldest first.
    pub readings: Vec<Vitals>,
    /// An oximeter was issued or is in the room.
    pub oximeter_issued: bool,
    /// The fast was kept.
    pub fasted: Option<Answered>,
    /// An escort or pre-arranged ride, by name.
    pub escort_named: Option<Answered>,
    /// The room is ready: quiet, and a place to lie down.
    pub room_safe: Option<Answered>,
    /// Stairs are within reach.
    pub stairs_near: Option<Answered>,
    /// A bath, a pool or other water is within reach.
    pub water_near: Option<Answered>,
    /// A stove, a fire or another source of heat is in use within reach.
    pub heat_near: Option<Answered>,
    /// Somebody is in the patient's sole care.
    pub sole_care: Option<Answered>,
    /// A weapon is within reach.
    pub weapon_near: Option<Answered>,
    /// Other means that kill are within reach.
    pub other_means_near: Option<Answered>,
    /// Where the patient is.
    pub place_today: Option<PlaceToday>,
    /// How long an ambulance needs there.
    pub ambulance: Option<AmbulanceTime>,
    /// The companion, or somebody else there, is a danger to the patient: asked where nobody else can see it.
    pub companion_danger: Option<Answered>,
    /// The day after is planned: somebody to reach, nothing that has to be done early.
    pub tomorrow_planned: Option<Answered>,
    /// Agrees not to drive until tomorrow after sleep.
    pub no_driving_agreed: Option<Answered>,
    /// What is at hand in the clinic.
    pub readiness: ReadinessFacts,
    /// The companion.
    pub companion: Option<CompanionFact>,
}

/// What is known of a session after the dose.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionFacts {
    /// When the dose began.
    pub dose_at: Timestamp,
    /// Route.
    pub route: Route,
    /// When an infusion ended, or is to end.
    pub infusion_end_at: Option<Timestamp>,
    /// The last blood pressure before the dose.
    pub baseline_bp: Option<BloodPressure>,
    /// Oxygen saturation before the dose, %.
    pub baseline_spo2_percent: Option<i32>,
    /// Readings since the dose, oldest first.
    pub readings: Vec<Vitals>,
    /// Sedation by MOAA/S (5 alert to 0), oldest first.
    pub sedation: Vec<(Timestamp, i32)>,
    /// Symptoms marked since the dose.
    pub symptoms: Vec<SymptomFact>,
    /// Distress rated by the patient, 0 to 10, oldest first.
    pub distress: Vec<(Timestamp, i32)>,
    /// The moment from which the least time before release counts: the last dose, or the origin that the plan names.
    pub release_from: Timestamp,
    /// Release checks answered.
    pub release: ReleaseFacts,
    /// When each of them was last answered.
    pub release_times: BTreeMap<Subject, Timestamp>,
    /// The companion's sign-off at the end of a home session.
    pub companion_sign_off_at: Option<Timestamp>,
    /// Least minutes after the dose before release, from the plan.
    pub earliest_release_minutes: i64,
    /// Since when nothing is heard from the home; `None` while somebody is.
    pub contact_lost_since: Option<Timestamp>,
    /// The checks of the session, each with its own clock.
    pub checks: Vec<CheckFact>,
    /// An alert of this session that nobody has resolved.
    pub open_alerts: usize,
}

impl SessionFacts {
    /// Minutes since the dose.
    #[must_use]
    pub fn minutes(&self, now: Timestamp) -> i64 {
        minutes_between(self.dose_at, now)
    }
}

/// A symptom that turns a raised pressure into an emergency, or counts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Symptom {
    /// Chest pain.
    ChestPain,
    /// Severe headache.
    SevereHeadache,
    /// A change in vision, speech, strength or face.
    NeurologicalChange,
    /// Breathlessness.
    Breathlessness,
    /// Vomiting.
    Vomiting,
    /// Nausea.
    Nausea,
    /// Dizziness.
    Dizziness,
    /// Marked fear or panic.
    Panic,
    /// Strong dissociation.
    Dissociation,
    /// A danger to themselves or others.
    DangerToSelfOrOthers,
    /// Does not answer, or collapsed.
    Unresponsive,
}

impl Symptom {
    /// Every symptom, gravest last.
    pub const ALL: [Self; 11] = [
        Self::Nausea,
        Self::Dizziness,
        Self::Vomiting,
        Self::Dissociation,
        Self::Panic,
        Self::Breathlessness,
        Self::ChestPain,
        Self::SevereHeadache,
        Self::NeurologicalChange,
        Self::DangerToSelfOrOthers,
        Self::Unresponsive,
    ];
}

/// A symptom marked in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymptomFact {
    /// Which.
    pub symptom: Symptom,
    /// When.
    pub at: Timestamp,
}

/// A check of a running session that is to come or overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckFact {
    /// Which sign, or the look-in.
    pub what: Subject,
    /// When it is, or was, due.
    pub due_at: Timestamp,
}

/// Everything that is known at one moment.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The moment.
    pub now: Timestamp,
    /// The gate for which they were gathered.
    pub gate: Gate,
    /// When the day began where the patient lives.
    pub day_began_at: Timestamp,
    /// Setting of the plan, the order or the session judged.
    pub setting: Setting,
    /// Route, once a plan or order says it.
    pub route: Option<Route>,
    /// Thresholds which the protocol tightens: `(rule id, limit name)` to value.
    pub tightened: BTreeMap<(String, String), f64>,
    /// Age in whole years.
    pub age_years: Option<i64>,
    /// Sex as recorded.
    pub sex: Option<Sex>,
    /// History by topic; an absent topic was never asked.
    pub history: BTreeMap<HistoryTopic, HistoryFact>,
    /// What an imported record says that weighs by itself.
    pub concerns: Vec<ConcernFact>,
    /// Medicines; `None` when nobody has gone through them.
    pub medicines: Option<Vec<MedicineFact>>,
    /// Medicines taken over from another record since then, not yet gone through.
    pub imported_medicines: Vec<MedicineFact>,
    /// When somebody last went through the medicines.
    pub medicines_reviewed_at: Option<Timestamp>,
    /// Newest result of each instrument.
    pub measures: BTreeMap<String, MeasureFact>,
    /// Resting blood pressures taken outside sessions, oldest first.
    pub screening_bp: Vec<(Timestamp, BloodPressure)>,
    /// Newest weight, kg.
    pub weight_kg: Option<(Timestamp, f64)>,
    /// Every weight that stands, oldest first.
    pub weights: Vec<WeightFact>,
    /// Newest height, cm.
    pub height_cm: Option<(Timestamp, f64)>,
    /// Laboratory results, oldest first.
    pub labs: Vec<LabFact>,
    /// Newest decision on eligibility.
    pub decision: Option<DecisionFact>,
    /// Serious adverse events that no prescriber has reviewed and let treatment go on after, oldest first.
    pub serious_events: Option<Vec<SeriousEventFact>>,
    /// Alerts that nobody has resolved, of every session and course.
    pub open_alerts: Option<Vec<AlertFact>>,
    /// Where the patient lives, for calendar days.
    pub zone: TimeZone,
    /// The plan in force.
    pub plan: Option<PlanFact>,
    /// The country, and the state in it, where the patient is treated; absent until written down, and after a move.
    pub region: Option<String>,
    /// Licences that prescribers wrote down, oldest first.
    pub licences: Vec<LicenceFact>,
    /// Who writes the order, or wrote the one in force.
    pub prescriber: Option<StaffId>,
    /// When somebody last examined the patient in person.
    pub examined_in_person_at: Option<Timestamp>,
    /// The dated rules of telemedicine.
    pub telemedicine: Vec<TelemedicineRule>,
    /// Tablets or lozenges at home; absent until some were handed out.
    pub supply: Option<SupplyFact>,
    /// What is on record of the safety programme of nasal esketamine.
    pub rems: Vec<RemsRecord>,
    /// The newest Child-Pugh class; absent until somebody worked it out.
    pub child_pugh: Option<ChildPughFact>,
    /// BPIC-SS before the first dose of the course, where the service enters it.
    pub bpic_before: Option<f64>,
    /// How the course in force went; absent before a referral.
    pub course: Option<CourseFact>,
    /// What was looked at of misuse, oldest first.
    pub misuse: Vec<MisuseFact>,
    /// When the order judged was written.
    pub order_written_at: Option<Timestamp>,
    /// Newest consent.
    pub consent: Option<ConsentFact>,
    /// Newest suicide screen.
    pub suicide: Option<SuicideFact>,
    /// Doses taken, oldest first.
    pub doses: Vec<DoseFact>,
    /// The order judged.
    pub order: Option<OrderFact>,
    /// The day.
    pub day: DayFacts,
    /// The session after its dose.
    pub session: Option<SessionFacts>,
}

impl Facts {
    /// Facts of somebody about whom nothing is known.
    #[must_use]
    pub fn nothing_known(now: Timestamp, setting: Setting) -> Self {
        Self {
            now,
            gate: Gate::Dose,
            day_began_at: now,
            setting,
            route: None,
            tightened: BTreeMap::new(),
            age_years: None,
            sex: None,
            history: BTreeMap::new(),
            concerns: Vec::new(),
            medicines: None,
            imported_medicines: Vec::new(),
            medicines_reviewed_at: None,
            measures: BTreeMap::new(),
            screening_bp: Vec::new(),
            weight_kg: None,
            weights: Vec::new(),
            height_cm: None,
            labs: Vec::new(),
            decision: None,
            serious_events: None,
            open_alerts: None,
            zone: TimeZone::UTC,
            plan: None,
            region: None,
            licences: Vec::new(),
            prescriber: None,
            examined_in_person_at: None,
            telemedicine: Vec::new(),
            supply: None,
            rems: Vec::new(),
            child_pugh: None,
            bpic_before: None,
            course: None,
            misuse: Vec::new(),
            order_written_at: None,
            consent: None,
            suicide: None,
            doses: Vec::new(),
            order: None,
            day: DayFacts::default(),
            session: None,
        }
    }

    /// The day where the patient lives.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// The newest result of a laboratory test.
    #[must_use]
    pub fn newest_lab(&self, kind: LabKind) -> Option<&LabFact> {
        self.labs.iter().filter(|lab| lab.kind == kind).max_by_key(|lab| lab.at)
    }
}

code_of!(Setting of "setting" {
    Clinic = "clinic",
    Home = "home",
});

code_of!(Route of "route" {
    Intravenous = "intravenous",
    Intramuscular = "intramuscular",
    Sublingual = "sublingual",
    Oral = "oral",
    NasalEsketamine = "nasal-esketamine",
});

code_of!(HistoryTopic of "topic" {
    Aneurysm = "aneurysm",
    ArteriovenousMalformation = "arteriovenous-malformation",
    IntracerebralHaemorrhage = "intracerebral-haemorrhage",
    KetamineAllergy = "ketamine-allergy",
    CardiacEvent = "cardiac-event",
    Stroke = "stroke",
    PsychosisCurrent = "psychosis-current",
    PsychosisLifetime = "psychosis-lifetime",
    ManiaCurrent = "mania-current",
    ManiaLifetime = "mania-lifetime",
    CouldBePregnant = "could-be-pregnant",
    BreastFeeding = "breast-feeding",
    KetamineMisuse = "ketamine-misuse",
    SubstanceUseDisorderModerate = "substance-use-disorder-moderate",
    OpioidUseDisorder = "opioid-use-disorder",
    RaisedIntracranialPressure = "raised-intracranial-pressure",
    Glaucoma = "glaucoma",
    Thyrotoxicosis = "thyrotoxicosis",
    SleepApnoea = "sleep-apnoea",
    LungDisease = "lung-disease",
    Seizures = "seizures",
    LiverDiseaseSevere = "liver-disease-severe",
    BladderDisease = "bladder-disease",
    DissociativeDisorder = "dissociative-disorder",
    DissociativeSubtypeSevere = "dissociative-subtype-severe",
    LiverDiseaseChronic = "liver-disease-chronic",
});

code_of!(Answered of "answered" {
    Yes = "yes",
    No = "no",
    Unknown = "unknown",
    Declined = "declined",
});

code_of!(SuicideRisk of "suicide-risk" {
    None = "none",
    Low = "low",
    Moderate = "moderate",
    High = "high",
    Unanswered = "unanswered",
});

code_of!(Symptom of "symptom" {
    ChestPain = "chest-pain",
    SevereHeadache = "severe-headache",
    NeurologicalChange = "neurological-change",
    Breathlessness = "breathlessness",
    Vomiting = "vomiting",
    Nausea = "nausea",
    Dizziness = "dizziness",
    Panic = "panic",
    Dissociation = "dissociation",
    DangerToSelfOrOthers = "danger-to-self-or-others",
    Unresponsive = "unresponsive",
});
