//! A model of the session: commands by all roles in any order, time that passes, and clocks that jump. After each step the
//! properties hold that no alarm goes quiet, that stop and help work in every state, that what can happen can be recorded,
//! and that no dose passes what is known.
//!
//! The walks are drawn from fixed seeds, so that a failure is the same on every machine; it prints its seed and every step
//! that led there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::chart::{AlertState, SessionPhase};
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Route, Setting, Symptom};
use stillwater_care::finding::{Severity, Urgency};
use stillwater_care::ids::SessionId;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_care::rules::{self, Gate};
use stillwater_care::schedule;
use stillwater_care::watch::answer_within_minutes;
use stillwater_testkit::{Course, companion, guide, prescriber, second_prescriber, stranger};

/// Walks from each place in each setting, and steps in each.
const WALKS: u64 = 16;
const STEPS: usize = 60;

/// Where a walk begins.
#[derive(Clone, Copy, Debug)]
enum Start {
    Scheduled,
    DayDone,
    Gone,
    Dosed,
}

struct Walk {
    course: Course,
    session: SessionId,
    setting: Setting,
    random: u64,
    steps: Vec<String>,
    seed: u64,
}

impl Walk {
    fn from(start: &Course, session: SessionId, setting: Setting, seed: u64) -> Self {
        Self { course: start.clone(), session, setting, random: seed, steps: Vec::new(), seed }
    }

    /// SplitMix64: a few lines, and the same numbers on every machine.
    fn below(&mut self, n: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }

    fn say(&self, what: &str) -> String {
        format!("seed {}, {:?}: {what}\n{}", self.seed, self.setting, self.steps.join("\n"))
    }

    fn people(&self) -> Vec<Actor> {
        let mut people = vec![Actor::Patient, guide(), prescriber(), second_prescriber()];
        if self.setting == Setting::Home {
            people.push(companion(&self.course.chart));
        }
        people
    }

    fn step(&mut self) {
        match self.below(10) {
            0..=2 => {
                let minutes = self.one(&[1, 2, 3, 5, 10, 15, 30, 60]);
                self.course.minutes(minutes);
                self.tick(&format!("{minutes} min pass"));
            }
            3 => {
                // The clock of the machine jumps: on without a look, or back.
                let minutes = self.one(&[-30_i64, -5, -1, 90, 240]);
                self.course.now = self.course.now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
                self.steps.push(format!("the clock jumps by {minutes} min"));
                if minutes > 0 {
                    self.tick("the ticker looks");
                }
            }
            _ => {
                let who = self.one(&self.people());
                let command = self.command();
                self.act(who, command);
            }
        }
    }

    fn tick(&mut self, what: &str) {
        self.steps.push(what.to_owned());
        let now = self.course.now;
        // A graver fact may leave a rung due at once; the ticker looks again as long as the chart asks for it.
        for _ in 0..4 {
            self.course.tick();
            let asks = schedule::next_look(&self.course.chart, Protocols::built_in(), now);
            if asks.is_none_or(|at| at > now) {
                break;
            }
        }
        let chart = &self.course.chart;
        for alert in chart.alerts.iter().filter(|alert| alert.open()) {
            let due = alert.next_step_at().filter(|at| *at <= now);
            assert_eq!(due, None, "{}", self.say(&format!("nobody moved {:?} on", alert.about)));
        }
        if let Some(session) = chart.running_session() {
            let protocol = chart.protocol_of(session, Protocols::built_in()).unwrap();
            for check in schedule::next_checks(chart, session, protocol).iter().filter(|check| check.missed_at <= now) {
                let told = session.missed.contains(&(check.kind, check.due_at));
                assert!(told, "{}", self.say(&format!("nobody was told of {check:?}")));
            }
        }
        for session in chart.sessions_now() {
            let waits = schedule::session_missed_at(session).is_some_and(|at| at <= now);
            assert!(!waits, "{}", self.say("a session that nobody began is not called missed"));
        }
    }

    fn act(&mut self, who: Actor, command: Command) {
        let said = format!("{}: {command:?}", who.name());
        let before = self.course.chart.clone();
        let accepted = self.course.try_do(who, command.clone()).is_ok();
        self.steps.push(format!("{} {said}", if accepted { "·" } else { "refused" }));
        if !accepted {
            return;
        }
        match command {
            Command::AskForHelp(_) => self.a_call_for_help_rings(&before),
            Command::TakeDose(c) => self.the_dose_passed_nothing_known(&before, c.session),
            Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }) => {
                self.a_reading_was_judged(session, &vitals);
            }
            Command::RecordDose(c) => self.the_dose_is_on_record(&before, &c),
            Command::RecordAmount(c) => {
                let given = self.course.chart.session(c.session).and_then(|s| s.dose()).map(|dose| dose.dose_mg);
                assert_eq!(given, Some(c.given_mg), "{}", self.say("another amount stands than was recorded"));
            }
            Command::MoveSession(c) => {
                let moved = self.course.chart.session(c.session).unwrap();
                let was = before.session(c.session).unwrap();
                assert_eq!(moved.moves.len(), was.moves.len() + 1, "{}", self.say("a move left no trace"));
                assert_eq!(moved.phase(), SessionPhase::Scheduled, "{}", self.say("go went with the session"));
            }
            _ => {}
        }
    }

    /// Each call for help rings by itself, whatever else is open and whoever has it.
    fn a_call_for_help_rings(&self, before: &stillwater_care::chart::Chart) {
        let ringing = |chart: &stillwater_care::chart::Chart| {
            let calls = chart.alerts.iter().filter(|a| a.is_call_for_help() && a.state == AlertState::Unowned);
            calls.filter(|a| a.urgency == Urgency::Emergency).count()
        };
        assert_eq!(ringing(&self.course.chart), ringing(before) + 1, "{}", self.say("a call for help rang nobody"));
    }

    /// The session that is watched, where one is: a dose that nobody planned brings one of its own.
    fn watched(&self) -> SessionId {
        self.course.chart.running_session().map_or(self.session, |session| session.id)
    }

    /// A dose that was given stands with its own time, and whatever was out of order about it tells somebody.
    fn the_dose_is_on_record(&self, before: &stillwater_care::chart::Chart, said: &RecordDose) {
        let chart = &self.course.chart;
        let of = |chart: &stillwater_care::chart::Chart| {
            let further: usize = chart.sessions.iter().map(|session| session.further.len()).sum();
            chart.doses.len() + further
        };
        assert_eq!(of(chart), of(before) + 1, "{}", self.say("a dose that was given is not there"));
        let since = self.course.log.iter().rev().take_while(|recorded| recorded.recorded_at == self.course.now);
        let irregular = since.clone().find_map(|recorded| match &recorded.event {
            Event::DoseTaken(dose) if dose.taken_at == said.taken_at => Some(dose.irregular.clone()),
            Event::FurtherDoseTaken(dose) if dose.taken_at == said.taken_at => Some(dose.irregular.clone()),
            _ => None,
        });
        let irregular = irregular.unwrap_or_else(|| panic!("{}", self.say("no entry has the time that was said")));
        let late = self.course.now.as_second() - said.taken_at.as_second() > 5 * 60;
        let flagged = irregular.contains(&DoseIrregularity::LateEntry);
        assert_eq!(flagged, late, "{}", self.say("a late entry is not flagged, or one in time is"));
        let told = chart.alerts.iter().any(|alert| {
            alert.open()
                && matches!(&alert.about, AlertSubject::DoseIrregular { taken_at, .. } if *taken_at == said.taken_at)
        });
        assert!(irregular.is_empty() || told, "{}", self.say(&format!("nobody is told of {irregular:?}")));
    }

    /// No dose while anything stands against it: what the gate finds, what was decided or withdrawn, a call that is open.
    fn the_dose_passed_nothing_known(&self, before: &stillwater_care::chart::Chart, session: SessionId) {
        let session = before.session(session).unwrap();
        assert!(before.order_in_force().is_some(), "{}", self.say("a dose without an order"));
        assert!(session.phase() == SessionPhase::Ready, "{}", self.say("a dose without a go"));
        assert!(before.consent().is_some(), "{}", self.say("a dose without consent"));
        assert!(before.eligibility().is_some_and(|e| e.eligible), "{}", self.say("a dose after a no"));
        let called = before.open_alerts().into_iter().find(|alert| alert.urgency >= Urgency::CallClinician);
        assert!(called.is_none(), "{}", self.say(&format!("a dose while somebody is called: {called:?}")));
        let scope = Scope { session: Some(session), ..Scope::default() };
        let facts = before.facts(self.course.now, Protocols::built_in(), scope);
        for assessment in rules::assess(Gate::Dose, &facts) {
            for finding in assessment.verdict.findings() {
                assert!(finding.severity < Severity::Block, "{}", self.say(&format!("a dose past {finding:?}")));
            }
        }
    }

    /// A reading beyond a limit has an alert at least as grave, whenever it was entered and whoever has the alert.
    fn a_reading_was_judged(&self, session: SessionId, reading: &Vitals) {
        let chart = &self.course.chart;
        let session = chart.session(session).unwrap();
        if session.dose().is_none() {
            return;
        }
        let scope = Scope { session: Some(session), ..Scope::default() };
        let mut facts = chart.facts(self.course.now, Protocols::built_in(), scope);
        let Some(known) = &mut facts.session else { return };
        known.readings = vec![reading.clone()];
        known.symptoms.clear();
        let of_readings = ["S06-pressure", "S06-pulse", "S06-oxygen", "S06-breathing"];
        for assessment in rules::assess(Gate::InSession, &facts) {
            if !of_readings.contains(&assessment.rule.id) {
                continue;
            }
            for finding in assessment.verdict.findings().iter().filter(|finding| finding.urgency.is_some()) {
                let open = chart.alerts.iter().any(|alert| {
                    let same =
                        matches!(&alert.about, AlertSubject::InSession { finding: f, .. } if f.rule == finding.rule);
                    same && alert.open() && Some(alert.urgency) >= finding.urgency
                });
                assert!(open, "{}", self.say(&format!("no alert tells of {finding:?}")));
            }
        }
    }

    /// What holds after every step.
    fn holds(&mut self, seen: &mut BTreeMap<stillwater_care::ids::AlertId, Urgency>) {
        let chart = &self.course.chart;
        for alert in &chart.alerts {
            let before = seen.insert(alert.id, alert.urgency);
            assert!(before.is_none_or(|before| alert.urgency >= before), "{}", self.say("an alert became milder"));
            if alert.state == AlertState::Unowned {
                let pending = chart.pending_notices().any(|notice| notice.alert == alert.id);
                assert!(pending, "{}", self.say(&format!("nobody is told of {:?}", alert.about)));
            }
            if let Some(at) = alert.next_rung_at() {
                let minutes = answer_within_minutes(alert.urgency, alert.session.is_some());
                let latest = plus_minutes(alert.renewed_at.max(alert.level_since), minutes);
                assert!(at <= latest, "{}", self.say(&format!("{:?} waits longer than it may", alert.about)));
            }
            let waits = matches!(alert.state, AlertState::Owned(_)) && alert.urgency >= Urgency::CallClinician;
            assert!(!waits || alert.lapses_at().is_some(), "{}", self.say("an owned alert has no clock"));
        }
        assert_eq!(seen.len(), chart.alerts.len(), "{}", self.say("an alert went missing"));
        let watched = self.watched();
        for who in self.people() {
            for session in BTreeSet::from([self.session, watched]) {
                let stop = SessionStopped { session, reason: String::new() };
                self.can(&who, Command::StopSession(stop));
                self.can(&who, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
            }
            self.a_dose_that_was_given_can_be_recorded(&who);
        }
        let running = self.course.chart.session(watched).is_some_and(|s| s.phase().is_running());
        if running {
            self.everything_that_happens_can_be_recorded();
        }
        self.a_session_that_did_not_take_place_can_be_called_missed();
        let nothing = Command::MarkMoment(MarkMoment { session: self.session, words: "example".into() });
        let refused = self.course.would(stranger(), id(), nothing).is_err();
        assert!(refused, "{}", self.say("somebody off the team wrote in the chart"));
    }

    /// In every state of the session and of the chart: now or late, as ordered or not, with a session or with none.
    fn a_dose_that_was_given_can_be_recorded(&self, who: &Actor) {
        let now = self.course.now;
        // One of them at each step: together they meet every state many times over.
        let ways = [(Some(self.session), 0, 40.0), (Some(self.watched()), 25, 3.5), (None, 90, 300.0)];
        let (session, late, dose_mg) = ways[self.steps.len() % ways.len()];
        self.can(who, gave(session, plus_minutes(now, -late), Some(dose_mg), Some(Route::Sublingual)));
    }

    fn a_session_that_did_not_take_place_can_be_called_missed(&self) {
        let chart = &self.course.chart;
        for session in chart.sessions_now() {
            let waits = matches!(session.phase(), SessionPhase::Scheduled | SessionPhase::Ready);
            if waits && session.starts_at <= self.course.now {
                self.can(&guide(), Command::MissSession(MissSession { session: session.id, words: String::new() }));
            }
        }
    }

    fn everything_that_happens_can_be_recorded(&self) {
        let (session, now) = (self.watched(), self.course.now);
        let moments = [now, plus_minutes(now, -30)];
        for at in moments {
            let (vitals, by) = (reading(at, 190, 120, 150, 79, 6), guide());
            self.can(&by, Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
            self.can(&by, Command::RateSedation(SedationRated { session, moaas: 2, rated_at: at }));
            let marked = SymptomMarked { session, symptom: Symptom::ChestPain, seen_at: at, words: String::new() };
            self.can(&Actor::Patient, Command::MarkSymptom(marked));
            self.can(&Actor::Patient, Command::RateDistress(DistressRated { session, rating: 9, rated_at: at }));
        }
        self.can(&guide(), Command::MarkMoment(MarkMoment { session, words: "example".into() }));
        self.can(&guide(), Command::RecordLeaving(PatientLeft { session, words: "walked out".into() }));
        self.can(&guide(), adverse(session));
        self.can(&guide(), amount(session, 12.5));
        let dose = self.course.chart.session(session).and_then(|session| session.dose());
        if dose.is_some_and(|dose| dose.route == Route::Intravenous) {
            for step in InfusionStep::ALL {
                self.can(&guide(), infusion(session, step, plus_minutes(now, -1)));
            }
        }
        if self.setting == Setting::Home {
            self.can(&companion(&self.course.chart), look_in(session, CheckAnswer::NotFine, Some(false)));
        }
    }

    fn can(&self, who: &Actor, command: Command) {
        let name = command.name();
        if let Err(refusal) = self.course.would(who.clone(), id(), command) {
            panic!("{}", self.say(&format!("{} could not {name}: {refusal:?}", who.name())));
        }
    }

    fn command(&mut self) -> Command {
        let (session, now) = (self.watched(), self.course.now);
        match self.below(26) {
            0..=3 => {
                let late = self.one(&[0, 0, 0, 3, 12, 40]);
                let (systolic, diastolic) =
                    self.one(&[(118, 74), (128, 82), (142, 91), (165, 104), (186, 112), (214, 128)]);
                let pulse = self.one(&[38, 70, 88, 118, 145]);
                let (oxygen, breaths) = (self.one(&[98, 94, 91, 88, 79]), self.one(&[14, 9, 7, 28]));
                let vitals = reading(plus_minutes(now, -late), systolic, diastolic, pulse, oxygen, breaths);
                Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) })
            }
            4 => {
                let moaas = self.one(&[5, 5, 4, 3, 1]);
                Command::RateSedation(SedationRated { session, moaas, rated_at: now })
            }
            5 => {
                let symptom = self.one(&Symptom::ALL);
                Command::MarkSymptom(SymptomMarked { session, symptom, seen_at: now, words: String::new() })
            }
            6 => {
                let rating = self.one(&[0, 3, 8, 10]);
                Command::RateDistress(DistressRated { session, rating, rated_at: now })
            }
            7 => {
                let answer = self.one(&CheckAnswer::ALL);
                let answers_to_name = self.one(&[Some(true), Some(true), Some(false), None]);
                look_in(session, answer, answers_to_name)
            }
            8 => Command::AskForHelp(HelpRequested { session: Some(session), words: "example".into() }),
            9 if self.below(4) == 0 => Command::StopSession(SessionStopped { session, reason: "example".into() }),
            10 | 11 => match self.course.chart.open_alerts().first().map(|alert| alert.id) {
                Some(alert) => Command::OwnAlert(alert),
                None => Course::go(session),
            },
            12 => match self.course.chart.open_alerts().last().map(|alert| alert.id) {
                Some(alert) => {
                    Command::ResolveAlert(AlertResolved { alert, words: "example".into(), closing: Course::closing() })
                }
                None => Course::go(session),
            },
            13 => adverse(session),
            14 if self.below(3) == 0 => Command::WithdrawConsent(ConsentWithdrawn { words: String::new() }),
            15 if self.below(3) == 0 => Command::DecideEligibility(DecideEligibility {
                eligible: false,
                setting: self.setting,
                reason: "example".into(),
                signed_name: "Prescriber Example".into(),
            }),
            16 => Course::go(session),
            17 | 18 => self.course.dose(session),
            20 | 21 => {
                let late = self.one(&[0, 0, 3, 12, 40, 200]);
                let named = self.one(&[Some(session), Some(session), Some(self.session), None]);
                let dose_mg = self.one(&[Some(80.0), Some(40.0), Some(17.5), Some(100.0), Some(260.0)]);
                match self.below(3) {
                    // Most walks are of one dose.
                    0 => {
                        let route = self.one(&[None, None, Some(Route::Sublingual)]);
                        gave(named, plus_minutes(now, -late), dose_mg, route)
                    }
                    _ => amount(session, dose_mg.unwrap_or(0.0)),
                }
            }
            22 => {
                let step = self.one(&InfusionStep::ALL);
                let late = self.one(&[0, 0, 1, 7]);
                infusion(session, step, plus_minutes(now, -late))
            }
            23 if self.below(3) == 0 => Command::MissSession(MissSession { session, words: "example".into() }),
            24 => {
                let hours = self.one(&[1, 24, 200]);
                let starts_at = plus_minutes(now, hours * 60);
                Command::MoveSession(MoveSession { session, starts_at, words: "example".into() })
            }
            _ => {
                let checks = Course::well();
                Command::CheckRelease(ReleaseChecked { session, checks, companion_sign_off: false })
            }
        }
    }
}

fn id() -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000)
}

fn reading(at: Timestamp, systolic: i32, diastolic: i32, pulse: i32, oxygen: i32, breaths: i32) -> Vitals {
    let mut vitals = Vitals::at(at, ReadingSource::Device);
    vitals.blood_pressure = Some(BloodPressure { systolic, diastolic });
    vitals.heart_rate_per_min = Some(pulse);
    vitals.spo2_percent = Some(oxygen);
    vitals.respiratory_rate_per_min = Some(breaths);
    vitals
}

fn look_in(session: SessionId, answer: CheckAnswer, answers_to_name: Option<bool>) -> Command {
    Command::CheckIn(CheckInRecorded {
        session,
        answer,
        answers_to_name,
        breathing_easily: Some(true),
        colour_normal: Some(true),
        words: String::new(),
        looked_at: None,
    })
}

fn adverse(session: SessionId) -> Command {
    Command::RecordAdverseEvent(AdverseEventRecorded {
        what: "example".into(),
        serious: true,
        relation: Relation::Probable,
        session: Some(session),
        outcome: "going on".into(),
    })
}

fn gave(session: Option<SessionId>, taken_at: Timestamp, dose_mg: Option<f64>, route: Option<Route>) -> Command {
    Command::RecordDose(RecordDose { session, taken_at, dose_mg, route, words: "example".into() })
}

fn amount(session: SessionId, given_mg: f64) -> Command {
    Command::RecordAmount(DoseAmountRecorded { session, given_mg, words: "example".into() })
}

fn infusion(session: SessionId, step: InfusionStep, at: Timestamp) -> Command {
    let rate_ml_per_hour = (step == InfusionStep::RateSet).then_some(60.0);
    Command::RecordInfusion(InfusionRecorded { session, step, at, rate_ml_per_hour, given_mg: None })
}

/// A chart at one of the places where walks begin.
fn begin(start: Start, setting: Setting) -> (Course, SessionId) {
    let mut course = Course::new();
    course.prepared(setting);
    let session = course.schedule();
    if !matches!(start, Start::Scheduled) {
        course.day(session, setting);
    }
    if matches!(start, Start::Gone | Start::Dosed) {
        course.does(guide(), Course::go(session));
    }
    if matches!(start, Start::Dosed) {
        course.minutes(2);
        let dose = course.dose(session);
        course.does(Course::taker(setting), dose);
    }
    (course, session)
}

fn walk(start: Start, setting: Setting) {
    let (course, session) = begin(start, setting);
    let mut doses = 0;
    for seed in 0..WALKS {
        let mut walk = Walk::from(&course, session, setting, seed * 7919 + start as u64);
        let mut seen = walk.course.chart.alerts.iter().map(|alert| (alert.id, alert.urgency)).collect();
        for step in 0..STEPS {
            // Left to itself, chance seldom comes to the dose before something ends the day.
            if matches!(start, Start::Gone) && step as u64 == seed % 4 {
                let dose = walk.course.dose(session);
                walk.act(Course::taker(setting), dose);
            }
            walk.step();
            walk.holds(&mut seen);
        }
        doses += usize::from(walk.course.chart.session(session).is_some_and(|s| s.dose().is_some()));
    }
    // A walk that reaches nothing proves nothing.
    assert!(!matches!(start, Start::Gone | Start::Dosed) || doses > 0, "{start:?} {setting:?}: no walk reached a dose");
}

#[test]
fn from_a_scheduled_session_every_walk_keeps_the_properties() {
    walk(Start::Scheduled, Setting::Clinic);
    walk(Start::Scheduled, Setting::Home);
}

#[test]
fn from_a_day_that_is_prepared_every_walk_keeps_the_properties() {
    walk(Start::DayDone, Setting::Clinic);
    walk(Start::DayDone, Setting::Home);
}

#[test]
fn from_a_go_every_walk_keeps_the_properties() {
    walk(Start::Gone, Setting::Clinic);
    walk(Start::Gone, Setting::Home);
}

#[test]
fn from_a_dose_every_walk_keeps_the_properties() {
    walk(Start::Dosed, Setting::Clinic);
    walk(Start::Dosed, Setting::Home);
}
