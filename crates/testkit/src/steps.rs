//! The usual steps of a healthy person's course, each through `decide`.

use jiff::Timestamp;
use jiff::civil::date;
use stillwater_care::command::*;
use stillwater_care::consent;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::ids::SessionId;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_care::schedule::{BASELINE, SCREENING};
use stillwater_instruments::{Answer, Catalogue, Number, OptionSet, Responses};

use crate::course::{Course, companion, guide, prescriber, second_prescriber};

/// A person whom no rule holds, with what a test wants to change.
#[derive(Clone, Debug)]
pub struct Healthy {
    /// Year of birth.
    pub born: i16,
    /// History answers other than "no".
    pub history: Vec<(HistoryTopic, Answered)>,
    /// Medicines.
    pub medicines: Vec<Medicine>,
    /// Resting pressure.
    pub pressure: (i32, i32),
    /// Somebody has examined them in person.
    pub examined: bool,
    /// A baseline measure or laboratory test to leave out.
    pub without: Option<&'static str>,
}

impl Default for Healthy {
    fn default() -> Self {
        Self {
            born: 1985,
            history: Vec::new(),
            medicines: Vec::new(),
            pressure: (118, 74),
            examined: true,
            without: None,
        }
    }
}

/// The lowest answer to every item that is asked.
fn lowest(instrument: &str) -> Responses {
    let Some(known) = Catalogue::built_in().get(instrument) else { panic!("{instrument} is not known") };
    let mut responses = Responses::default();
    for _ in 0..2 {
        for item in known.asked(&responses.clone()) {
            let low = known.options_of(item).and_then(OptionSet::range).map_or(Number::whole(0), |(low, _)| low);
            let answer = if item.multi { Answer::List(vec![low]) } else { Answer::Value(low) };
            responses.0.entry(item.id.clone()).or_insert(answer);
        }
    }
    responses
}

impl Course {
    /// Refers somebody and gives them a team.
    pub fn refer(&mut self, who: &Healthy) -> &mut Self {
        let demographics = Demographics {
            name: "Somebody Example".to_owned(),
            birth_date: date(who.born, 5, 5),
            birth_known_to: None,
            sex: Sex::Male,
            veteran: Some(false),
            phone: "555-0101".to_owned(),
            address: "1 Example Street".to_owned(),
            time_zone: "America/Denver".to_owned(),
            emergency_number: "911".to_owned(),
            identifiers: Vec::new(),
        };
        let referral = PatientReferred { demographics, reason: "example".to_owned(), source: "by hand".to_owned() };
        self.does(prescriber(), Command::ReferPatient(referral));
        let member = |actor: &Actor, role| match actor {
            Actor::Staff { id, name, .. } => TeamMember { id: *id, name: name.clone(), role },
            _ => panic!("a team has staff"),
        };
        let members = vec![
            member(&guide(), Role::Guide),
            member(&prescriber(), Role::Prescriber),
            member(&second_prescriber(), Role::Prescriber),
        ];
        self.does(prescriber(), Command::SetCareTeam(CareTeamSet { members }));
        self
    }

    /// The patient answers an instrument with its lowest answers.
    pub fn answers(&mut self, instrument: &str, point: Point) -> &mut Self {
        self.answers_with(instrument, point, lowest(instrument))
    }

    /// The patient answers an instrument.
    pub fn answers_with(&mut self, instrument: &str, point: Point, answers: Responses) -> &mut Self {
        let complete = CompleteMeasure { instrument: instrument.to_owned(), point, session: None, answers };
        self.does(Actor::Patient, Command::CompleteMeasure(complete));
        self
    }

    /// History, questionnaires, examination and laboratory tests.
    pub fn screen(&mut self, who: &Healthy) -> &mut Self {
        let answers = HistoryTopic::ALL
            .into_iter()
            .map(|topic| {
                let given = who.history.iter().find(|(t, _)| *t == topic).map_or(Answered::No, |(_, a)| *a);
                TopicAnswer { topic, answer: given, happened_at: None, detail: String::new() }
            })
            .collect();
        self.does(Actor::Patient, Command::AnswerHistory(HistoryAnswered { answers }));
        for instrument in SCREENING.iter().chain(&BASELINE) {
            if who.without != Some(instrument) {
                self.minutes(2).answers(instrument, Point::Baseline);
            }
        }
        if who.without != Some("dast-10") {
            self.enters_total("dast-10", 0.0);
        }
        if who.without != Some("stop-bang") {
            self.enters_total("stop-bang", 1.0);
        }
        self.does(guide(), Command::ReviewMedicines(MedicinesReviewed { medicines: who.medicines.clone() }));
        let background = BackgroundTaken {
            site: "Example site".to_owned(),
            trauma_therapies: Some(1),
            medicines_tried: Some(2),
            ketamine_before: Some(Answered::No),
        };
        self.does(guide(), Command::TakeBackground(background));
        self.grounds(who);
        let taken_at = self.now;
        self.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at }));
        self.does(guide(), Command::RecordHeight(HeightRecorded { height_cm: 178.0, taken_at }));
        for _ in 0..2 {
            self.minutes(3);
            let vitals = self.vitals(who.pressure.0, who.pressure.1);
            self.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: None }));
        }
        for (name, kind) in [("liver", LabKind::LiverPanel), ("urine", LabKind::Urinalysis)] {
            if who.without != Some(name) {
                let lab = Self::normal_lab(kind, self.now);
                self.does(guide(), Command::RecordLab(lab));
            }
        }
        self
    }

    /// A laboratory result within limits, with its figures where it has any.
    #[must_use]
    pub fn normal_lab(kind: LabKind, taken_at: Timestamp) -> LabRecorded {
        LabRecorded {
            kind,
            result: LabResult::Normal,
            taken_at,
            detail: String::new(),
            figures: Self::figures(kind, 24.0),
        }
    }

    /// The figures of a liver panel with an ALT, where 45 is the upper limit; none for another test.
    #[must_use]
    pub fn figures(kind: LabKind, alt: f64) -> Vec<LiverFigure> {
        if kind != LabKind::LiverPanel {
            return Vec::new();
        }
        let u_per_l = |test, value, upper| LiverFigure { test, value, unit: LabUnit::UPerL, upper };
        vec![
            u_per_l(LiverTest::Alt, alt, 45.0),
            u_per_l(LiverTest::Ast, 22.0, 40.0),
            LiverFigure { test: LiverTest::Bilirubin, value: 0.7, unit: LabUnit::MgPerDl, upper: 1.2 },
        ]
    }

    /// Where the patient is treated, the licences of both prescribers there, and the examination in person.
    pub fn grounds(&mut self, who: &Healthy) -> &mut Self {
        self.does(guide(), Command::SetRegion(RegionSet { region: "US-CO".to_owned() }));
        for own in [prescriber(), second_prescriber()] {
            let licence = ShowLicence { region: "US-CO".into(), number: "EX-1".into(), until: date(2099, 12, 31) };
            self.does(own, Command::ShowLicence(licence));
        }
        if who.examined {
            let examined = ExaminedInPerson { examined_at: self.now, by: "Prescriber Example, physician".into() };
            self.does(prescriber(), Command::RecordExamination(examined));
        }
        self
    }

    /// Vital signs now.
    #[must_use]
    pub fn vitals(&self, systolic: i32, diastolic: i32) -> Vitals {
        let mut vitals = Vitals::at(self.now, ReadingSource::Device);
        vitals.blood_pressure = Some(BloodPressure { systolic, diastolic });
        vitals.heart_rate_per_min = Some(70);
        vitals.spo2_percent = Some(98);
        vitals.respiratory_rate_per_min = Some(14);
        vitals
    }

    /// The decision asked for.
    #[must_use]
    pub fn yes(setting: Setting) -> Command {
        Command::DecideEligibility(DecideEligibility {
            eligible: true,
            setting,
            reason: "example".to_owned(),
            signed_name: "Prescriber Example".to_owned(),
        })
    }

    /// The patient signs everything.
    #[must_use]
    pub fn signs(setting: Setting) -> Command {
        let version = if setting == Setting::Home { "home-1" } else { "clinic-1" };
        let statements = consent::text(version).map(|t| t.statements.iter().map(|s| s.id.clone()).collect());
        Command::GiveConsent(GiveConsent {
            version: version.to_owned(),
            statements: statements.unwrap_or_default(),
            signed_name: "Somebody Example".to_owned(),
        })
    }

    /// From an empty chart to the decision.
    pub fn eligible(&mut self, setting: Setting) -> &mut Self {
        let who = Healthy::default();
        self.refer(&who).screen(&who);
        self.does(prescriber(), Self::yes(setting));
        self
    }

    /// From an empty chart to a prepared patient with an order.
    pub fn prepared(&mut self, setting: Setting) -> &mut Self {
        self.eligible(setting);
        self.does(Actor::Patient, Self::signs(setting));
        self.prepare(setting);
        self.order(setting);
        self
    }

    /// Plan, visits, safety plan and companion.
    pub fn prepare(&mut self, setting: Setting) -> &mut Self {
        let protocol = if setting == Setting::Home { "sl-home" } else { "iv-single-clinic" };
        self.does(prescriber(), Command::OpenPlan(protocol.to_owned()));
        for _ in 0..2 {
            self.hours(24);
            let visit = VisitHeld {
                kind: VisitKind::Preparation,
                held_at: self.now,
                minutes: 60,
                after_session: None,
                intention: "example".to_owned(),
                covered: Vec::new(),
            };
            self.does(guide(), Command::HoldVisit(visit));
        }
        self.looks_for_misuse();
        let words = || "example".to_owned();
        let plan = SafetyPlanWritten {
            warning_signs: words(),
            own_coping: words(),
            people_and_places: words(),
            people_who_help: words(),
            professionals: words(),
            means_safety: words(),
        };
        self.does(guide(), Command::WriteSafetyPlan(plan));
        if setting == Setting::Home {
            let named = NameCompanion {
                name: "Companion Example".into(),
                relation: "friend".into(),
                phone: "555-0102".into(),
                adult: true,
            };
            self.does(Actor::Patient, Command::NameCompanion(named));
            let right = BRIEFING.iter().map(|q| q.right).collect();
            self.does(companion(&self.chart), Command::BriefCompanion(right));
            self.does(companion(&self.chart), Command::ConfirmCompanion);
        }
        self
    }

    /// The usual order: 40 mg (0.5 mg/kg at 80 kg) into a vein, or 100 mg under the tongue.
    #[must_use]
    pub fn usual_order(setting: Setting) -> WriteOrder {
        match setting {
            Setting::Clinic => WriteOrder { dose_mg: 40.0, dose_mg_per_kg: Some(0.5), reason: "example".into() },
            Setting::Home => WriteOrder { dose_mg: 100.0, dose_mg_per_kg: None, reason: "example".into() },
        }
    }

    /// Writes the usual order.
    pub fn order(&mut self, setting: Setting) -> &mut Self {
        let now = self.now;
        let old = |at| stillwater_care::quantity::days_between(at, now) > 6.0;
        if self.chart.medicines_reviewed_at.is_none_or(old) {
            self.goes_through_medicines();
        }
        if self.chart.misuse_checks.last().is_none_or(|look| old(look.occurred_at)) {
            self.looks_for_misuse();
        }
        self.does(prescriber(), Command::WriteOrder(Self::usual_order(setting)));
        self
    }

    /// Schedules a session an hour from now.
    ///
    /// # Panics
    /// When it cannot be scheduled.
    pub fn schedule(&mut self) -> SessionId {
        let starts_at = plus_minutes(self.now, 60);
        self.does(guide(), Command::ScheduleSession(starts_at));
        match self.chart.current_session() {
            Some(session) => session.id,
            None => panic!("no session was scheduled"),
        }
    }

    /// The day's answers of somebody whom no rule holds.
    #[must_use]
    pub fn good_day(setting: Setting) -> DayAnswers {
        let yes = Some(Answered::Yes);
        let home = setting == Setting::Home;
        let none = home.then_some(Answered::No);
        DayAnswers {
            fasted: yes,
            alcohol_or_cannabis: Some(LastUse::None),
            benzodiazepine_today: Some(Answered::No),
            stimulant: Some(LastUse::None),
            grapefruit: Some(LastUse::None),
            opioid: Some(LastUse::None),
            maoi: Some(LastUse::None),
            medicines_unchanged: yes,
            could_be_pregnant: Some(Answered::No),
            room_safe: home.then_some(Answered::Yes),
            stairs_near: none,
            water_near: none,
            heat_near: none,
            sole_care: none,
            weapon_near: none,
            other_means_near: none,
            place_today: home.then_some(PlaceToday::OnRecord),
            way_in: home.then(|| "code 4711, second floor".to_owned()),
            ambulance: home.then_some(AmbulanceTime::Minutes { minutes: 12 }),
            companion_danger: none,
            tomorrow_planned: yes,
            no_driving_agreed: yes,
            escort_named: (!home).then_some(Answered::Yes),
            still_willing: yes,
            oximeter_at_hand: Some(true),
        }
    }

    /// Everything on the day before go.
    pub fn day(&mut self, session: SessionId, setting: Setting) -> &mut Self {
        self.goes_through_medicines();
        self.answers("asq", Point::PreDose);
        self.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers: Self::good_day(setting) }));
        for _ in 0..2 {
            self.minutes(5);
            let vitals = self.vitals(118, 74);
            self.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        }
        match setting {
            Setting::Home => {
                self.counts_supply();
                self.does(companion(&self.chart), Command::ArriveAsCompanion(session));
                self.see_companion(session);
            }
            Setting::Clinic => {
                self.finds_clinic_ready(session);
            }
        }
        self
    }

    /// The guide goes through the medicines with the patient again, and finds them as they were.
    pub fn goes_through_medicines(&mut self) -> &mut Self {
        let medicines = self.chart.medicines.iter().flatten().map(Medicine::from).collect();
        self.does(guide(), Command::ReviewMedicines(MedicinesReviewed { medicines }));
        self
    }

    /// What a dose at home needs is there, and is counted before the guide.
    pub fn counts_supply(&mut self) -> &mut Self {
        let there = |course: &Self| course.chart.supply(course.now).map_or(0, |supply| supply.expected);
        if there(self) < 2 {
            let out = SupplyHandedOut { units: 2, unit_mg: 50.0, at: self.now, from: "Pharmacy Example".into() };
            self.does(guide(), Command::HandOutSupply(out));
        }
        let units = u32::try_from(there(self)).unwrap_or(0);
        self.does(Actor::Patient, Command::CountSupply(SupplyCounted { units, at: self.now }));
        self
    }

    /// The guide looks for signs of misuse, and finds none.
    pub fn looks_for_misuse(&mut self) -> &mut Self {
        let look = MisuseChecked {
            other_source: Answered::No,
            craving: Answered::No,
            lost_or_shared: Answered::No,
            early_requests: 0,
            words: String::new(),
        };
        self.does(guide(), Command::CheckMisuse(look));
        self
    }

    /// The guide enters a total from the service's own form.
    pub fn enters_total(&mut self, instrument: &str, total: f64) -> &mut Self {
        let scores = [("total".to_owned(), total)].into();
        let entered =
            EnterScores { instrument: instrument.to_owned(), point: Point::Baseline, completed_at: self.now, scores };
        self.does(guide(), Command::EnterScores(entered));
        self
    }

    /// The guide looks over the clinic, and finds everything at hand.
    pub fn finds_clinic_ready(&mut self, session: SessionId) -> &mut Self {
        self.does(guide(), Command::CheckReadiness(ReadinessChecked { session, found: Self::all_at_hand() }));
        self
    }

    /// Everything at hand in the clinic.
    #[must_use]
    pub fn all_at_hand() -> ReadinessFacts {
        let yes = Some(Answered::Yes);
        ReadinessFacts { oxygen: yes, suction: yes, airway_kit: yes, trained_person: yes, iv_access: yes }
    }

    /// The guide sees the companion there.
    pub fn see_companion(&mut self, session: SessionId) -> &mut Self {
        let Some(companion) = self.chart.companion.as_ref().map(|c| c.id) else { panic!("no companion") };
        let how = Some(SeenHow::Video);
        let seen = CompanionSeen { session, companion, sober: Answered::Yes, phone_verified: Answered::Yes, how };
        self.does(guide(), Command::SeeCompanion(seen));
        self
    }

    /// Go.
    #[must_use]
    pub fn go(session: SessionId) -> Command {
        Command::DecideGo(DecideGo { session, go: true, reason: "example".to_owned() })
    }

    /// The dose, now.
    #[must_use]
    pub fn dose(&self, session: SessionId) -> Command {
        Command::TakeDose(TakeDose { session, taken_at: self.now })
    }

    /// Who records the dose in a setting.
    #[must_use]
    pub fn taker(setting: Setting) -> Actor {
        if setting == Setting::Home { Actor::Patient } else { guide() }
    }

    /// From an empty chart to a dose just taken.
    pub fn dosed(&mut self, setting: Setting) -> SessionId {
        self.prepared(setting);
        self.next_dose(setting)
    }

    /// Schedules, prepares the day and takes the dose.
    pub fn next_dose(&mut self, setting: Setting) -> SessionId {
        let session = self.schedule();
        self.day(session, setting);
        self.does(guide(), Self::go(session));
        self.minutes(2);
        let dose = self.dose(session);
        self.does(Self::taker(setting), dose);
        session
    }

    /// A look-in by the companion.
    #[must_use]
    pub fn looks_fine(session: SessionId) -> Command {
        Command::CheckIn(CheckInRecorded {
            session,
            answer: CheckAnswer::Fine,
            answers_to_name: Some(true),
            breathing_easily: Some(true),
            colour_normal: Some(true),
            words: String::new(),
            looked_at: None,
        })
    }

    /// Watches until release is due, and releases.
    pub fn watch_and_release(&mut self, session: SessionId, setting: Setting) -> &mut Self {
        let home = setting == Setting::Home;
        for _ in 0..12 {
            self.minutes(10);
            let vitals = self.vitals(120, 76);
            self.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
            let rated = SedationRated { session, moaas: 5, rated_at: self.now };
            self.does(guide(), Command::RateSedation(rated));
            if home {
                self.does(companion(&self.chart), Self::looks_fine(session));
            }
        }
        self.minutes(2);
        self.does(
            guide(),
            Command::CheckRelease(ReleaseChecked { session, checks: Self::well(), companion_sign_off: false }),
        );
        if home {
            let signed = ReleaseChecked { session, checks: ReleaseFacts::default(), companion_sign_off: true };
            self.does(companion(&self.chart), Command::CheckRelease(signed));
        }
        self.does(guide(), Command::ReleasePatient(PatientReleased { session, with: "a friend".into() }));
        self
    }

    /// Release checks of somebody who is well.
    #[must_use]
    pub fn well() -> ReleaseFacts {
        let yes = Some(Answered::Yes);
        ReleaseFacts {
            aldrete_total: Some(10),
            aldrete_item_at_zero: Some(false),
            oriented: yes,
            steady_gait: yes,
            no_vomiting: yes,
            breathing_normal: yes,
            distress_settled: yes,
            no_new_suicidal_thoughts: yes,
            escort: yes,
            no_driving_acknowledged: yes,
        }
    }

    /// What staff write when they close an alert, beside what they found.
    #[must_use]
    pub fn closing() -> AlertClosing {
        let said = || "example".to_owned();
        AlertClosing { done: said(), told: said(), next: said() }
    }

    /// Integration visit and review after a session.
    pub fn integrate(&mut self, session: SessionId) -> &mut Self {
        self.hours(24);
        let visit = VisitHeld {
            kind: VisitKind::Integration,
            held_at: self.now,
            minutes: 60,
            after_session: Some(session),
            intention: String::new(),
            covered: Vec::new(),
        };
        self.does(guide(), Command::HoldVisit(visit));
        self.does(prescriber(), Command::ReviewSession(SessionReviewed { session, words: "well".into() }));
        self
    }
}
