//! A dosing session of the demo, minute by minute: at home with companion and guide, or in the clinic.

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{
    AmbulanceTime, Answered, LastUse, PlaceToday, ReadinessFacts, ReleaseFacts, SeenHow, Setting, Symptom,
};
use stillwater_care::ids::SessionId;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_hours, plus_minutes};
use stillwater_care::rules::Gate;

use super::answers::{AnsweringState, MainTrouble};
use super::course::Course;

/// What happens in a session beside the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    Usual,
    /// The pressure rises past the clinic's limit and settles.
    PressurePeak,
    /// The patient feels very sick.
    Vomiting,
    /// The patient asks to stop.
    StoppedByPatient,
}

/// Pressure above rest by minutes after the dose: the shape of the rise in the Yale report (peak about 40 minutes).
pub fn rise(minutes: i64, home: bool) -> f64 {
    let peak = if home { 50.0 } else { 40.0 };
    let t = minutes as f64;
    if t <= 0.0 {
        return 0.0;
    }
    let share = if t < peak { t / peak } else { (-(t - peak) / 35.0).exp() };
    14.0 * share
}

impl Course {
    /// Vital signs so many minutes after the dose.
    pub fn during(&mut self, at: Timestamp, minutes: i64, turn: Turn, source: ReadingSource, breaths: bool) -> Vitals {
        let home = source == ReadingSource::PatientEntered;
        let extra = if turn == Turn::PressurePeak && (25..=45).contains(&minutes) { 34.0 } else { 0.0 };
        let up = rise(minutes, home) + extra;
        let mut vitals = self.resting(at, source, breaths);
        if let Some(bp) = vitals.blood_pressure {
            vitals.blood_pressure =
                Some(BloodPressure { systolic: bp.systolic + up as i32, diastolic: bp.diastolic + (up * 0.65) as i32 });
        }
        vitals.heart_rate_per_min = vitals.heart_rate_per_min.map(|rate| rate + (up * 0.5) as i32);
        vitals
    }

    /// Schedules a session, and everything on the day up to go.
    pub fn up_to_go(&mut self, dose_at: Timestamp) -> Result<SessionId> {
        let guide = self.guide().actor();
        let scheduled_at = plus_hours(dose_at, -48).max(self.now);
        self.act(guide.clone(), scheduled_at, Command::ScheduleSession(dose_at))?;
        let session = self
            .chart
            .current_session()
            .map(|s| (s.id, s.setting))
            .ok_or_else(|| anyhow!("{} Demo: no session was scheduled", self.part.name))?;
        let (id, setting) = session;
        let home = setting == Setting::Home;
        if home && plus_hours(dose_at, -20) > self.now {
            self.measure(plus_hours(dose_at, -20), "pcl-5-week", Point::PreDose)?;
        }
        // The evening before, so that the daily check of the day after has something to be compared with.
        if plus_hours(dose_at, -14) > self.now {
            self.measure(plus_hours(dose_at, -14), "daily-check", Point::PreDose)?;
        }
        self.test_before_dose(plus_hours(dose_at, -3).max(self.now))?;
        let asq_at = plus_minutes(dose_at, -80);
        let state = AnsweringState {
            pcl5: 0.0,
            trouble: MainTrouble::Mixed,
            item9: 0,
            past_attempt: self.part.past_attempt,
            alcohol: 0,
        };
        self.measure_as(asq_at, "asq", Point::PreDose, state)?;
        if self.part.past_attempt {
            self.resolve_all(plus_minutes(asq_at, 4), "Known past attempt; no thoughts now; safety plan at hand.")?;
            if let Some(measure) = self.chart.newest_measure("asq").map(|m| m.id) {
                self.review_screen(plus_minutes(asq_at, 6), measure)?;
            }
        }
        let yes = Some(Answered::Yes);
        let none = home.then_some(Answered::No);
        let answers = DayAnswers {
            fasted: yes,
            alcohol_or_cannabis: Some(LastUse::None),
            benzodiazepine_today: Some(Answered::No),
            stimulant: Some(LastUse::None),
            grapefruit: Some(LastUse::None),
            opioid: Some(LastUse::None),
            maoi: Some(LastUse::None),
            medicines_unchanged: yes,
            could_be_pregnant: Some(if self.could_be_pregnant() { Answered::Yes } else { Answered::No }),
            room_safe: home.then_some(Answered::Yes),
            stairs_near: none,
            water_near: none,
            heat_near: none,
            sole_care: none,
            weapon_near: none,
            other_means_near: none,
            place_today: home.then_some(PlaceToday::OnRecord),
            way_in: home.then(|| "side door, the bell marked with the name".to_owned()),
            ambulance: home.then_some(AmbulanceTime::Minutes { minutes: 14 }),
            companion_danger: none,
            tomorrow_planned: yes,
            no_driving_agreed: yes,
            escort_named: (!home).then_some(Answered::Yes),
            still_willing: yes,
            oximeter_at_hand: Some(true),
        };
        self.go_through_medicines(plus_minutes(dose_at, -64))?;
        self.follow_through(plus_minutes(dose_at, -63), setting, Gate::Dose)?;
        self.act(
            stillwater_care::roles::Actor::Patient,
            self.on_the_day_of(dose_at, plus_minutes(dose_at, -62)),
            Command::AnswerDay(DayAnswered { session: id, answers }),
        )?;
        let (source, actor) = if home {
            (ReadingSource::PatientEntered, stillwater_care::roles::Actor::Patient)
        } else {
            (ReadingSource::Device, guide.clone())
        };
        for minutes in [-24, -21, -9] {
            let at = plus_minutes(dose_at, minutes);
            let vitals = self.resting(at, source, !home);
            self.act(actor.clone(), at, Command::RecordVitals(VitalsRecorded { vitals, session: Some(id) }))?;
        }
        self.act(
            guide.clone(),
            plus_minutes(dose_at, -8),
            Command::RateSedation(SedationRated { session: id, moaas: 5, rated_at: plus_minutes(dose_at, -8) }),
        )?;
        if home {
            self.count_supply(plus_minutes(dose_at, -8))?;
        }
        if home && let Some((companion, actor)) = self.companion() {
            self.act(actor, plus_minutes(dose_at, -16), Command::ArriveAsCompanion(id))
                .or_else(|_| Ok::<(), anyhow::Error>(()))?;
            let how = Some(SeenHow::Video);
            let seen =
                CompanionSeen { session: id, companion, sober: Answered::Yes, phone_verified: Answered::Yes, how };
            self.act(guide.clone(), plus_minutes(dose_at, -7), Command::SeeCompanion(seen))?;
        }
        if !home {
            let found =
                ReadinessFacts { oxygen: yes, suction: yes, airway_kit: yes, trained_person: yes, iv_access: yes };
            let checked = Command::CheckReadiness(ReadinessChecked { session: id, found });
            self.act(guide.clone(), plus_minutes(dose_at, -6), checked)?;
        }
        let go = DecideGo { session: id, go: true, reason: "Warnings gone through; vital signs in range.".to_owned() };
        self.act(guide, plus_minutes(dose_at, -2), Command::DecideGo(go))?;
        Ok(id)
    }

    /// The dose, and what follows up to `until` or the release.
    pub fn dose_and_watch(
        &mut self,
        id: SessionId,
        dose_at: Timestamp,
        turn: Turn,
        until: Option<Timestamp>,
    ) -> Result<()> {
        let home = self.chart.session(id).is_some_and(|s| s.setting == Setting::Home);
        let guide = self.guide().actor();
        let patient = stillwater_care::roles::Actor::Patient;
        let taker = if home { patient.clone() } else { guide.clone() };
        self.act(taker.clone(), dose_at, Command::TakeDose(TakeDose { session: id, taken_at: dose_at }))?;
        let mut steps: Vec<(i64, ScriptedAct)> = Vec::new();
        if home {
            steps.extend((1..=8).map(|n| (n * 14, ScriptedAct::LookIn)));
            steps.extend([(20, ScriptedAct::PatientOk), (48, ScriptedAct::PatientOk), (75, ScriptedAct::PatientOk)]);
            steps.extend([
                (35, ScriptedAct::Sedation(4)),
                (58, ScriptedAct::Vitals),
                (88, ScriptedAct::Sedation(5)),
                (112, ScriptedAct::Vitals),
                (117, ScriptedAct::Vitals),
            ]);
            steps.extend([
                (30, ScriptedAct::Distress(3)),
                (66, ScriptedAct::Distress(2)),
                (118, ScriptedAct::Sedation(5)),
            ]);
        } else {
            steps.extend([10, 20, 30, 40, 55, 70, 85, 97, 99].map(|m| (m, ScriptedAct::Vitals)));
            steps.extend([
                (15, ScriptedAct::Sedation(4)),
                (45, ScriptedAct::Sedation(4)),
                (72, ScriptedAct::Sedation(5)),
                (98, ScriptedAct::Sedation(5)),
            ]);
            steps.extend([(25, ScriptedAct::Distress(3)), (60, ScriptedAct::Distress(1))]);
        }
        steps.extend([
            (5, ScriptedAct::Moment("Eyeshade on, music started.")),
            (33, ScriptedAct::Moment("Tears, says it is all right.")),
        ]);
        match turn {
            Turn::Usual => {}
            Turn::PressurePeak => {
                steps.push((50, ScriptedAct::Resolve("Rested, breathed slowly; the pressure came down by itself.")))
            }
            Turn::Vomiting => {
                steps.push((42, ScriptedAct::Symptom(Symptom::Vomiting)));
                steps.push((52, ScriptedAct::Resolve("Vomited once, on the side; better since.")));
            }
            Turn::StoppedByPatient => {
                steps.push((38, ScriptedAct::Stop));
                steps.push((41, ScriptedAct::Resolve("Stopped at the patient's wish; stayed beside them.")));
            }
        }
        steps.sort_by_key(|(minutes, _)| *minutes);
        for (minutes, step) in steps {
            let at = plus_minutes(dose_at, minutes);
            if until.is_some_and(|until| at > until) {
                return Ok(());
            }
            self.step(id, at, minutes, turn, home, &step)?;
        }
        self.let_go(id, plus_minutes(dose_at, if home { 121 } else { 101 }), home)
    }

    fn step(
        &mut self,
        id: SessionId,
        at: Timestamp,
        minutes: i64,
        turn: Turn,
        home: bool,
        step: &ScriptedAct,
    ) -> Result<()> {
        let guide = self.guide().actor();
        let guide_again = guide.clone();
        let patient = stillwater_care::roles::Actor::Patient;
        match step {
            ScriptedAct::LookIn => {
                let Some((_, companion)) = self.companion() else { return Ok(()) };
                let check = CheckInRecorded {
                    session: id,
                    answer: CheckAnswer::Fine,
                    answers_to_name: Some(true),
                    breathing_easily: Some(true),
                    colour_normal: Some(true),
                    words: String::new(),
                    looked_at: None,
                };
                self.act(companion, at, Command::CheckIn(check))
            }
            ScriptedAct::PatientOk => {
                let check = CheckInRecorded {
                    session: id,
                    answer: CheckAnswer::Fine,
                    answers_to_name: None,
                    breathing_easily: None,
                    colour_normal: None,
                    words: String::new(),
                    looked_at: None,
                };
                self.act(patient, at, Command::CheckIn(check))
            }
            ScriptedAct::Vitals => {
                let (source, actor) =
                    if home { (ReadingSource::PatientEntered, patient) } else { (ReadingSource::Device, guide) };
                let vitals = self.during(at, minutes, turn, source, !home);
                self.act(actor, at, Command::RecordVitals(VitalsRecorded { vitals, session: Some(id) }))?;
                if home {
                    return Ok(());
                }
                // In the clinic alertness is rated with each set of readings.
                let moaas = if (15..70).contains(&minutes) { 4 } else { 5 };
                self.act(guide_again, at, Command::RateSedation(SedationRated { session: id, moaas, rated_at: at }))
            }
            ScriptedAct::Sedation(moaas) => {
                let rated = SedationRated { session: id, moaas: *moaas, rated_at: at };
                self.act(guide, at, Command::RateSedation(rated))
            }
            ScriptedAct::Distress(rating) => {
                let rated = DistressRated { session: id, rating: *rating, rated_at: at };
                self.act(guide, at, Command::RateDistress(rated))
            }
            ScriptedAct::Moment(words) => {
                let moment = MarkMoment { session: id, words: (*words).to_owned() };
                self.act(guide, at, Command::MarkMoment(moment))
            }
            ScriptedAct::Symptom(symptom) => {
                let marked = SymptomMarked { session: id, symptom: *symptom, seen_at: at, words: String::new() };
                self.act(guide, at, Command::MarkSymptom(marked))
            }
            ScriptedAct::Stop => {
                let stop = SessionStopped { session: id, reason: "I want to stop now.".to_owned() };
                self.act(patient, at, Command::StopSession(stop))
            }
            ScriptedAct::Resolve(words) => self.resolve_all(at, words),
        }
    }

    /// Release checks and release.
    pub fn let_go(&mut self, id: SessionId, at: Timestamp, home: bool) -> Result<()> {
        self.resolve_all(at, "Settled; the patient is well.")?;
        let yes = Some(Answered::Yes);
        let checks = ReleaseFacts {
            aldrete_total: (!home).then_some(10),
            aldrete_item_at_zero: (!home).then_some(false),
            oriented: yes,
            steady_gait: yes,
            no_vomiting: yes,
            breathing_normal: yes,
            distress_settled: yes,
            no_new_suicidal_thoughts: yes,
            escort: yes,
            no_driving_acknowledged: yes,
        };
        let guide = self.guide().actor();
        let checked = ReleaseChecked { session: id, checks, companion_sign_off: false };
        self.act(guide.clone(), at, Command::CheckRelease(checked))?;
        if home && let Some((_, companion)) = self.companion() {
            let signed = ReleaseChecked { session: id, checks: ReleaseFacts::default(), companion_sign_off: true };
            self.act(companion, plus_minutes(at, 1), Command::CheckRelease(signed))?;
        }
        let with = if home { "their companion, who stays for four hours" } else { "their sister, by car" };
        self.act(
            guide,
            plus_minutes(at, 2),
            Command::ReleasePatient(PatientReleased { session: id, with: with.to_owned() }),
        )
    }

    /// The review by the prescriber and the integration visit with its note.
    pub fn after_session(&mut self, dose_at: Timestamp, id: SessionId, until: Timestamp) -> Result<()> {
        let review_at = plus_hours(dose_at, 22);
        if review_at >= until {
            return self.answer_what_is_due(until);
        }
        self.answer_what_is_due(review_at)?;
        let review = SessionReviewed { session: id, words: "Tolerated well; the same dose next time.".to_owned() };
        let prescriber = self.prescriber().actor();
        self.act(prescriber, review_at, Command::ReviewSession(review))?;
        let visit_at = plus_hours(dose_at, 48);
        if visit_at >= until {
            return self.answer_what_is_due(until);
        }
        self.answer_what_is_due(visit_at)?;
        let visit = VisitHeld {
            kind: VisitKind::Integration,
            held_at: visit_at,
            minutes: 60,
            after_session: Some(id),
            intention: String::new(),
            covered: ["what came up", "one thing to practise", "sleep"].map(str::to_owned).to_vec(),
        };
        let guide = self.guide().actor();
        self.act(guide, plus_minutes(visit_at, 62), Command::HoldVisit(visit))?;
        self.note(
            plus_minutes(visit_at, 75),
            VisitKind::Integration,
            "Talked through what came up. Will practise grounding each evening.",
        )
    }

    /// A whole session with what follows, up to `until`.
    pub fn whole_session(&mut self, dose_at: Timestamp, turn: Turn, until: Timestamp) -> Result<SessionId> {
        let id = self.up_to_go(dose_at)?;
        self.dose_and_watch(id, dose_at, turn, None)?;
        self.after_session(dose_at, id, until)?;
        Ok(id)
    }
}

enum ScriptedAct {
    LookIn,
    PatientOk,
    Vitals,
    Sedation(i32),
    Distress(i32),
    Moment(&'static str),
    Symptom(Symptom),
    Stop,
    Resolve(&'static str),
}
