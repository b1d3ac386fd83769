//! The names under which anything is stored, each written down once.
//!
//! Payloads and the enumerations inside them are read back by these names for as long as any chart exists. Renaming a case
//! or a field in the code, or a case's code, changes this list and fails here: then either the old name is pinned with
//! `#[serde(rename)]`, so that no byte changes, or the event gets its next version.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the list is a file, and is written again when its environment variable asks for it"
)]

use std::fmt::Write as _;
use std::path::Path;

use serde::de::{self, Deserializer, Visitor};
use stillwater_care::event::*;
use stillwater_care::{coded, codes, facts, finding, quantity, roles, rules, subject, unit};

/// Asks a type what it is called inside: the names of its fields, or the codes of its cases.
struct Ask<'n>(&'n mut Vec<&'static str>);

/// Nothing is read: the type has said its names by then.
#[derive(Debug)]
struct Asked;

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("asked")
    }
}

impl std::error::Error for Asked {}

impl de::Error for Asked {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Ask<'_> {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
        Err(Asked)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        self.0.extend(fields);
        Err(Asked)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        cases: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        self.0.extend(cases);
        Err(Asked)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The names inside a type. A type whose case stands in a field of its own names its cases when a false one is given.
fn names<T: de::DeserializeOwned>(tag: Option<&str>) -> String {
    if let Some(tag) = tag {
        let Err(error) = serde_json::from_value::<T>(serde_json::json!({ tag: "?" })) else { panic!("no such case") };
        let said = error.to_string();
        let (_, cases) = said.split_once("expected ").expect("the cases are named");
        return format!("{tag}: {}", cases.trim_start_matches("one of ").replace('`', ""));
    }
    let mut names = Vec::new();
    let _ = T::deserialize(Ask(&mut names));
    assert!(!names.is_empty(), "{} says no names", std::any::type_name::<T>());
    names.join(", ")
}

macro_rules! list {
    ($out:ident: $($kind:ty $(, by $tag:literal)?);+ $(;)?) => {$(
        let tag: Option<&str> = None $(.or(Some($tag)))?;
        let _ = writeln!($out, "{}: {}", stringify!($kind).replace(' ', ""), names::<$kind>(tag));
    )+};
}

#[test]
fn no_stored_name_changes_unseen() {
    let mut out = String::new();
    list!(out:
        roles::Role; roles::Actor, by "is";
        finding::Severity; finding::Cause; finding::Urgency; finding::Finding; rules::Gate; unit::Unit;
        coded::Coded; coded::Value; subject::Subject;
        facts::Setting; facts::Route; facts::Sex; facts::HistoryTopic; facts::RecordedConcern; BirthKnownTo; facts::Answered; facts::MedicineClass;
        facts::LabKind; facts::LabResult; facts::Symptom; facts::LastUse, by "is"; facts::ReleaseFacts;
        facts::PlaceToday, by "is"; facts::AmbulanceTime, by "is"; facts::SeenHow; facts::ReadinessFacts;
        quantity::ReadingSource; quantity::BloodPressure; quantity::Vitals;
        Identifier; Demographics; PatientReferred; DemographicsChanged; RecordImported; ImportedFact; NotUnderstood; Medicine;
        ImportedMeasurement, by "is"; HistoryAnswered; TopicAnswer; MedicinesReviewed; BackgroundTaken; CareTeamSet;
        TeamMember; InvitationMade; Invited, by "for";
        Point; MeasureEntry; MeasureCompleted; VitalsRecorded; WeightRecorded; WeightConfirmed; HeightRecorded; RegionSet; LicenceShown; ExaminedInPerson; MisuseChecked; ChildPughRated; SupplyHandedOut; SupplyTakenBack; SupplyCounted; facts::RemsFact; RemsRecorded; HoldingAnswerChanged; facts::LiverFigure; facts::LiverTest; facts::LabUnit; facts::ChildPugh; LabRecorded; SuicideScreenReviewed;
        FindingOverridden; OverrideCosigned; MergedDose; ChartsMerged; ChartMergedInto; SecondClinician; EligibilityDecided; ConsentGiven; ConsentWithdrawn; PlanOpened; EndReason;
        CourseEnded; AfterHold; OrderWritten; CancelReason, by "is"; OrderCancelled;
        CompanionNamed; CompanionContactChanged; CompanionBriefed; CompanionConfirmed; SafetyPlanWritten; VisitKind; VisitHeld; NoteWritten;
        NoteSigned; NoteAddendumAdded;
        SessionScheduled; SessionCancelled; DayAnswers; DayAnswered; CompanionArrived; CompanionSeen; GoDecided;
        DoseTaken; SedationRated; CheckAnswer; CheckInRecorded; SymptomMarked; DistressRated; SessionPhase; MomentMarked;
        HelpRequested; CheckKind; CheckMissed; SessionStopped; ReleaseChecked; PatientReleased; PatientLeft;
        SessionReviewed;
        EscalationLevel; GraveSign; AlertSubject, by "is"; AlertRaised; AlertOwned; AlertEscalated; AlertResolved;
        AlertClosing; ContactLost; ContactBack; ClockJumped; AlertRenewed; AlertLapsed; AlertNoted;
        Relation; AdverseEventRecorded; JournalWritten; JournalSharingSet; ContactMade; ReviewDecision; CourseReviewed;
        ItemCleared; EntryCorrected; SessionHeld; AdverseEventReviewed;
        DoseIrregularity; FurtherDoseTaken; DoseAmountRecorded; InfusionStep; InfusionRecorded; SessionMissed; SessionMoved;
        ReadinessChecked;
    );
    for (name, all) in
        [("measured", codes::measured::ALL), ("limit", codes::limit::ALL), ("clears", codes::clears::ALL)]
    {
        for (code, values) in all {
            writeln!(out, "codes::{name} {code}: {}", values.join(", ")).unwrap();
        }
    }
    for (name, _) in STORED_NAMES {
        assert!(out.lines().any(|line| line.starts_with(&format!("{name}: "))), "the payload {name} is not listed");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/stored-fields.txt");
    if std::env::var_os("STILLWATER_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, &out).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, out, "a stored name changed: pin it, or give the event its next version");
}
