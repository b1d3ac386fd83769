//! What a question, a measurement or a limit is about. The codes are stored.

use crate::code::coded_enum;

coded_enum! {
    /// What something is about.
    pub enum Subject of "subject" {
        /// Age.
        Age = "age",
        /// Body weight.
        Weight = "weight",
        /// Body height.
        Height = "height",
        /// A body weight that can be true.
        UsableWeight = "usable-weight",
        /// The dose order.
        Order = "order",
        /// A dose.
        Dose = "dose",
        /// The plan.
        Plan = "plan",
        /// The site's certificate in the safety programme of esketamine.
        RemsSite = "rems-site",
        /// The pharmacy's certificate in it.
        RemsPharmacy = "rems-pharmacy",
        /// Tablets or lozenges at home.
        HomeSupply = "home-supply",
        /// The count of them.
        SupplyCount = "supply-count",
        /// The patient's enrolment in it.
        RemsEnrolment = "rems-enrolment",
        /// A prescriber on site.
        RemsPrescriberOnSite = "rems-prescriber-on-site",
        /// The monitoring form of the last dose.
        RemsFormSent = "rems-form-sent",
        /// Where the patient is treated.
        Region = "region",
        /// The course in force.
        Course = "course",
        /// A look for signs of misuse.
        MisuseCheck = "misuse-check",
        /// Another source of a controlled medicine.
        OtherSource = "other-source",
        /// Craving, or use other than prescribed.
        Craving = "craving",
        /// Doses lost, stolen or passed on.
        LostOrShared = "lost-or-shared",
        /// A prescriber's licence.
        Licence = "licence",
        /// An examination in person.
        ExaminationInPerson = "examination-in-person",
        /// The route.
        Route = "route",
        /// How long an infusion is to run.
        InfusionTime = "infusion-time",
        /// When an infusion ended.
        InfusionEnd = "infusion-end",
        /// A pressure in a session.
        Pressure = "pressure",
        /// A blood pressure.
        BloodPressure = "blood-pressure",
        /// The upper pressure.
        SystolicPressure = "systolic-pressure",
        /// The lower pressure.
        DiastolicPressure = "diastolic-pressure",
        /// A blood pressure at rest.
        RestingPressure = "resting-pressure",
        /// The pressure before the dose.
        PressureBeforeDose = "pressure-before-dose",
        /// Two pressures since the dose.
        TwoPressures = "two-pressures",
        /// Heart rate.
        HeartRate = "heart-rate",
        /// Oxygen saturation.
        OxygenSaturation = "oxygen-saturation",
        /// Breathing rate.
        BreathingRate = "breathing-rate",
        /// Body weight, where a figure is refused.
        BodyWeight = "body-weight",
        /// Alertness by MOAA/S.
        Alertness = "alertness",
        /// Distress, 0 to 10.
        Distress = "distress",
        /// The companion's look-in.
        LookIn = "look-in",
        /// The modified Aldrete score.
        AldreteScore = "aldrete-score",
        /// Whether an Aldrete item is at 0.
        AldreteItem = "aldrete-item",
        /// A screen for suicide risk.
        SuicideScreen = "suicide-screen",
        /// PCL-5.
        Pcl5 = "pcl-5",
        /// AUDIT-C.
        AuditC = "audit-c",
        /// AUDIT.
        Audit = "audit",
        /// STOP-BANG.
        StopBang = "stop-bang",
        /// The class of a chronic liver disease.
        ChildPugh = "child-pugh",
        /// DAST-10.
        Dast10 = "dast-10",
        /// BPIC-SS.
        BpicSs = "bpic-ss",
        /// The bladder check.
        BladderCheck = "bladder-check",
        /// A safety question of the bladder check.
        BloodInUrine = "blood-in-urine",
        /// A safety question of the bladder check.
        BladderReferral = "bladder-referral",
        /// Liver tests.
        LiverPanel = "liver-panel",
        /// Urinalysis.
        Urinalysis = "urinalysis",
        /// A pregnancy test.
        PregnancyTest = "pregnancy-test",
        /// Consent.
        Consent = "consent",
        /// The prescriber's decision on eligibility.
        EligibilityDecision = "eligibility-decision",
        /// Serious adverse events.
        SeriousEvents = "serious-events",
        /// Alerts.
        Alerts = "alerts",
        /// The companion.
        Companion = "companion",
        /// A question of the day.
        CompanionAdult = "companion-adult",
        /// A question of the day.
        CompanionSober = "companion-sober",
        /// A question of the day.
        CompanionPhone = "companion-phone",
        /// Whether the companion is there.
        CompanionPresence = "companion-presence",
        /// The companion's word at the end.
        CompanionSignOff = "companion-sign-off",
        /// Alcohol or cannabis.
        AlcoholOrCannabis = "alcohol-or-cannabis",
        /// A stimulant.
        Stimulant = "stimulant",
        /// Grapefruit.
        Grapefruit = "grapefruit",
        /// An answer of the medical history.
        History = "history",
        /// The list of medicines.
        MedicineList = "medicine-list",
        /// An opioid.
        Opioid = "opioid",
        /// A monoamine oxidase inhibitor.
        Maoi = "maoi",
        /// A question of the day.
        MedicinesUnchanged = "medicines-unchanged",
        /// A question of the day.
        CouldBePregnantToday = "could-be-pregnant-today",
        /// A question of the day.
        StillWilling = "still-willing",
        /// A question of the day.
        BenzodiazepineToday = "benzodiazepine-today",
        /// A question of the day.
        FastKept = "fast-kept",
        /// A question of the day.
        RideNamed = "ride-named",
        /// A question of the day.
        RoomSafe = "room-safe",
        /// A question of the day.
        StairsNear = "stairs-near",
        /// A question of the day.
        WaterNear = "water-near",
        /// A question of the day.
        HeatNear = "heat-near",
        /// A question of the day.
        SoleCare = "sole-care",
        /// A question of the day.
        WeaponNear = "weapon-near",
        /// A question of the day.
        OtherMeansNear = "other-means-near",
        /// A question of the day.
        PlaceToday = "place-today",
        /// A question of the day.
        AmbulanceTime = "ambulance-time",
        /// A question of the day that nobody else may see.
        CompanionDanger = "companion-danger",
        /// A question of the day.
        TomorrowPlanned = "tomorrow-planned",
        /// A question of the day.
        NoDrivingAgreed = "no-driving-agreed",
        /// How the companion was met.
        CompanionSeenHow = "companion-seen-how",
        /// An item of the clinic's readiness.
        ClinicOxygen = "clinic-oxygen",
        /// An item of the clinic's readiness.
        ClinicSuction = "clinic-suction",
        /// An item of the clinic's readiness.
        ClinicAirwayKit = "clinic-airway-kit",
        /// An item of the clinic's readiness.
        ClinicTrainedPerson = "clinic-trained-person",
        /// An item of the clinic's readiness.
        ClinicIvAccess = "clinic-iv-access",
        /// A release check.
        Oriented = "oriented",
        /// A release check.
        WalksSteadily = "walks-steadily",
        /// A release check.
        NotVomiting = "not-vomiting",
        /// A release check.
        DistressSettled = "distress-settled",
        /// A release check.
        BreathingNormal = "breathing-normal",
        /// A release check.
        NoNewSuicidalThoughts = "no-new-suicidal-thoughts",
        /// A release check.
        NoDrivingAcknowledged = "no-driving-acknowledged",
        /// A release check.
        EscortOrRide = "escort-or-ride",
    }
}
