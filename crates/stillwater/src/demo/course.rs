//! One synthetic person's course, walked through `decide` with the ticker running over the time that passes.

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use jiff::civil::Date;
use stillwater_care::chart::Chart;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{
    Answered, HistoryTopic, LabKind, LabResult, LabUnit, LiverFigure, LiverTest, Setting, Sex, units_for,
};
use stillwater_care::finding::{Cause, Finding, Urgency};
use stillwater_care::ids::{CompanionId, EventId, PatientId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_hours, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_care::schedule;
use stillwater_care::subject::Subject;
use stillwater_care::telemedicine::{self, Telemedicine};
use uuid::Uuid;

use super::answers::{AnsweringState, MainTrouble, answer};
use super::random::Random;
use super::{Person, STAFF, Staff};

/// How somebody's symptoms move after the first dose.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// Points that a dose takes away at its best.
    pub fall: f64,
    /// Days after which half of it is gone again.
    pub half_gone_days: f64,
}

/// A person to be.
#[derive(Clone, Debug)]
pub struct CastMember {
    /// Number in the cast.
    pub number: u32,
    /// Given name.
    pub name: &'static str,
    /// What they can be signed in as.
    pub known_as: Option<&'static str>,
    /// Birth date.
    pub birth_date: Date,
    /// Sex as recorded.
    pub sex: Sex,
    /// Served.
    pub veteran: bool,
    /// Weight, kg.
    pub weight_kg: f64,
    /// Resting pressure.
    pub pressure: BloodPressure,
    /// PCL-5 before treatment.
    pub pcl5: f64,
    /// What troubles them.
    pub trouble: MainTrouble,
    /// What a dose does.
    pub effect: Effect,
    /// How likely they answer what is due.
    pub answers_share: f64,
    /// Drinks.
    pub alcohol: i64,
    /// A past attempt.
    pub past_attempt: bool,
    /// The second team has them.
    pub second_team: bool,
    /// Why they were referred.
    pub reason: &'static str,
}

/// A course on its way.
pub struct Course {
    /// Who.
    pub part: CastMember,
    /// The chart so far.
    pub chart: Chart,
    /// Numbers.
    pub random: Random,
    /// Where the script stands.
    pub now: Timestamp,
    drafts: Vec<Draft>,
    commands: u64,
    settle: bool,
}

impl Course {
    /// Begins a course with a referral.
    pub fn refer(seed: u64, part: CastMember, at: Timestamp) -> Result<Self> {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(part.number)));
        let id = Uuid::from_u64_pair(random.bits(), random.bits());
        let mut course = Self {
            chart: Chart::new(PatientId(v7(at, id))),
            part,
            random,
            now: at,
            drafts: Vec::new(),
            commands: 0,
            settle: true,
        };
        let part = &course.part;
        let demographics = Demographics {
            name: format!("{} Demo", part.name),
            birth_date: part.birth_date,
            birth_known_to: None,
            sex: part.sex,
            veteran: Some(part.veteran),
            phone: format!("555-01{:02}", part.number % 100),
            address: format!("{} Example Street, Demo Town", part.number),
            time_zone: "America/Denver".to_owned(),
            emergency_number: "911".to_owned(),
            identifiers: vec![Identifier { system: "MRN".to_owned(), value: format!("DEMO-{:05}", part.number) }],
        };
        let referral = PatientReferred {
            demographics,
            reason: part.reason.to_owned(),
            source: "entered by hand (demo)".to_owned(),
        };
        let (guide, prescriber) = (course.guide(), course.prescriber());
        course.act(guide.actor(), at, Command::ReferPatient(referral))?;
        let member = |s: Staff| TeamMember { id: s.id(), name: s.name.to_owned(), role: s.role };
        let manager = STAFF[2];
        let members = vec![member(guide), member(prescriber), member(manager)];
        course.act(prescriber.actor(), plus_minutes(at, 2), Command::SetCareTeam(CareTeamSet { members }))?;
        Ok(course)
    }

    /// The guide of the team.
    pub fn guide(&self) -> Staff {
        if self.part.second_team { STAFF[4] } else { STAFF[0] }
    }

    /// The prescriber of the team.
    pub fn prescriber(&self) -> Staff {
        if self.part.second_team { STAFF[5] } else { STAFF[1] }
    }

    /// The companion as an actor.
    pub fn companion(&self) -> Option<(CompanionId, Actor)> {
        let companion = self.chart.companion.as_ref()?;
        Some((companion.id, Actor::Companion { id: companion.id, name: companion.name.clone() }))
    }

    /// Leaves open alerts as they are from now on, instead of letting staff answer them.
    pub fn leave_alerts_open(&mut self) {
        self.settle = false;
    }

    /// What is recorded.
    pub fn finish(self) -> Person {
        Person {
            id: self.chart.id,
            known_as: self.part.known_as,
            companion: self.chart.companion.as_ref().map(|c| (c.id, c.name.clone())),
            drafts: self.drafts,
        }
    }

    /// One command at one moment; the ticker has looked at everything before it.
    pub fn act(&mut self, actor: Actor, at: Timestamp, command: Command) -> Result<()> {
        self.pass_time(at)?;
        self.send(actor, at, command)
    }

    fn send(&mut self, actor: Actor, at: Timestamp, command: Command) -> Result<()> {
        self.commands += 1;
        let command_id = v7(at, Uuid::from_u64_pair(self.random.bits(), self.random.bits()));
        let name = command.name();
        let context = Context { now: at, actor, command_id, protocols: Protocols::built_in() };
        let drafts = decide(&self.chart, &context, command)
            .map_err(|refusal| anyhow!("{} Demo, {at}: {name} was refused: {}", self.part.name, refusal.code()))?;
        for draft in drafts {
            self.chart.apply(&draft.clone().at(self.chart.seq + 1));
            self.drafts.push(draft);
        }
        self.now = self.now.max(at);
        Ok(())
    }

    /// Lets the ticker look at every moment up to `until` at which the chart wants to be looked at.
    pub fn pass_time(&mut self, until: Timestamp) -> Result<()> {
        for _ in 0..200 {
            let next = schedule::next_look(&self.chart, Protocols::built_in(), self.now);
            let Some(at) = next.filter(|at| *at < until) else { break };
            let before = self.chart.seq;
            let at = at.max(self.now);
            self.send(Actor::Stillwater, at, Command::Tick)?;
            if self.settle {
                self.answer_alerts(plus_minutes(at, 1), until)?;
            }
            if self.chart.seq == before {
                // Nothing came of this look; the next one is later.
                self.now = self.now.max(plus_minutes(at, 1));
            }
        }
        Ok(())
    }

    /// Staff take on what is open, and resolve it, a little later.
    fn answer_alerts(&mut self, from: Timestamp, until: Timestamp) -> Result<()> {
        let open: Vec<(stillwater_care::AlertId, Urgency)> =
            self.chart.open_alerts().iter().map(|a| (a.id, a.urgency)).collect();
        for (alert, urgency) in open {
            let wait = match urgency {
                Urgency::Review => self.random.between(60, 900),
                _ => self.random.between(0, 3),
            };
            let at = plus_minutes(from, wait);
            if at >= until {
                continue;
            }
            let guide = self.guide().actor();
            self.send(guide.clone(), at, Command::OwnAlert(alert))?;
            let words = "Looked into it with the patient; nothing more is needed.".to_owned();
            let done = plus_minutes(at, self.random.between(2, 9)).min(until);
            self.send(guide, done, Command::ResolveAlert(AlertResolved { alert, words, closing: closing() }))?;
        }
        Ok(())
    }

    /// Resolves what is open now, with words.
    pub fn resolve_all(&mut self, at: Timestamp, words: &str) -> Result<()> {
        self.pass_time(at)?;
        let open: Vec<_> = self.chart.open_alerts().iter().map(|a| a.id).collect();
        for alert in open {
            let actor = self.prescriber().actor();
            self.act(
                actor,
                at,
                Command::ResolveAlert(AlertResolved { alert, words: words.to_owned(), closing: closing() }),
            )?;
        }
        Ok(())
    }

    /// PCL-5 that the person would show at a moment.
    pub fn severity(&mut self, at: Timestamp) -> f64 {
        let mut easing: f64 = 0.0;
        for dose in &self.chart.doses {
            let days = stillwater_care::quantity::days_between(dose.value.taken_at, at);
            if days > 0.0 {
                let grown = 1.0 - (-days / 0.8).exp();
                let kept = 0.5_f64.powf(days / self.part.effect.half_gone_days);
                easing = easing.max(self.part.effect.fall * grown * kept);
            }
        }
        // Later doses of a course build on the earlier ones, up to half as much again.
        let doses = self.chart.doses.len().saturating_sub(1) as f64;
        easing *= 1.0 + (doses * 0.12).min(0.5);
        (self.part.pcl5 - easing + self.random.bell() * 2.2).clamp(0.0, 80.0)
    }

    fn state(&mut self, at: Timestamp) -> AnsweringState {
        AnsweringState {
            pcl5: self.severity(at),
            trouble: self.part.trouble,
            item9: 0,
            past_attempt: self.part.past_attempt,
            alcohol: self.part.alcohol,
        }
    }

    /// The patient answers one instrument.
    pub fn measure(&mut self, at: Timestamp, instrument: &str, point: Point) -> Result<()> {
        let state = self.state(at);
        self.measure_as(at, instrument, point, state)
    }

    /// The patient answers one instrument in a given state.
    pub fn measure_as(&mut self, at: Timestamp, instrument: &str, point: Point, state: AnsweringState) -> Result<()> {
        let answers = answer(&mut self.random, instrument, state);
        let complete = CompleteMeasure { instrument: instrument.to_owned(), point, session: None, answers };
        self.act(Actor::Patient, at, Command::CompleteMeasure(complete))
    }

    /// The patient answers what falls due up to a moment, a point at a time, as reliably as they are.
    pub fn answer_what_is_due(&mut self, until: Timestamp) -> Result<()> {
        for _ in 0..60 {
            let now = self.now;
            let due = schedule::measures(&self.chart, Protocols::built_in());
            let mut open: Vec<_> = due
                .into_iter()
                .filter(|m| m.done.is_none() && schedule::watched(m.point) && m.due_at > now && m.due_at < until)
                .collect();
            open.sort_by_key(|m| (m.due_at, m.key.clone()));
            let Some(first) = open.first().cloned() else { break };
            open.retain(|m| {
                (m.point, m.session_number, m.occurrence) == (first.point, first.session_number, first.occurrence)
            });
            let late = self.random.between(5, (first.closes_at.as_second() - first.due_at.as_second()) / 60 / 2);
            let at = plus_minutes(first.due_at, late);
            if self.random.chance(self.part.answers_share) {
                if at >= until {
                    break;
                }
                for (n, measure) in (0..).zip(open) {
                    self.measure(plus_minutes(at, n * 3), &measure.instrument, measure.point)?;
                }
                if self.settle {
                    self.answer_alerts(self.now, until)?;
                }
            } else {
                // Left unanswered: the ticker notices once the window has closed.
                let closed = plus_minutes(first.closes_at, 2);
                self.pass_time(closed.min(until))?;
                if closed < until && self.settle {
                    self.answer_alerts(closed, until)?;
                }
            }
            self.now = self.now.max(plus_minutes(first.due_at, 1));
        }
        self.pass_time(until)?;
        self.now = self.now.max(until);
        Ok(())
    }

    /// The patient answers the screening and baseline questionnaires and the history.
    pub fn screen(&mut self, at: Timestamp) -> Result<()> {
        let guide = self.guide().actor();
        let invited = InvitationMade { invited: Invited::Patient, expires_at: plus_hours(at, 24 * 7) };
        self.act(guide, at, Command::Invite(invited))?;
        self.history(plus_minutes(at, 90), &[])?;
        let mut when = plus_minutes(at, 100);
        for instrument in schedule::SCREENING {
            when = plus_minutes(when, 3);
            self.measure(when, instrument, Point::Screening)?;
        }
        for instrument in schedule::BASELINE {
            when = plus_minutes(when, 5);
            self.measure(when, instrument, Point::Baseline)?;
        }
        let until = plus_minutes(when, 60);
        if self.settle {
            self.answer_alerts(plus_minutes(when, 4), until)?;
        }
        if self.part.past_attempt {
            let screen = self.chart.newest_measure("asq").map(|m| m.id);
            if let Some(measure) = screen {
                self.review_screen(until, measure)?;
            }
        }
        Ok(())
    }

    /// The prescriber looks at a suicide screen and goes on.
    pub fn review_screen(&mut self, at: Timestamp, measure: EventId) -> Result<()> {
        let review = SuicideScreenReviewed {
            measure,
            proceed: true,
            words: "A past attempt years ago; no thoughts now. Safety plan gone through together.".to_owned(),
        };
        let prescriber = self.prescriber().actor();
        self.act(prescriber, at, Command::ReviewSuicideScreen(review))
    }

    /// Answers every history question with no, but for those given.
    pub fn history(&mut self, at: Timestamp, but: &[(HistoryTopic, Answered)]) -> Result<()> {
        let could_be = self.part.sex == Sex::Female && self.chart.age_years(at).is_some_and(|age| age < 50);
        let answers = HistoryTopic::ALL
            .into_iter()
            .map(|topic| {
                let given = but.iter().find(|(t, _)| *t == topic).map(|(_, answer)| *answer);
                let pregnant = topic == HistoryTopic::CouldBePregnant && could_be;
                let answer = given.unwrap_or(if pregnant { Answered::Yes } else { Answered::No });
                TopicAnswer { topic, answer, happened_at: None, detail: String::new() }
            })
            .collect();
        self.act(Actor::Patient, at, Command::AnswerHistory(HistoryAnswered { answers }))
    }

    /// Staff measure, weigh, take samples and go through the medicines.
    pub fn examine(&mut self, at: Timestamp) -> Result<()> {
        let guide = self.guide().actor();
        let medicines = if self.random.chance(0.5) {
            vec![Medicine {
                name: "Sertraline 100 mg".to_owned(),
                classes: vec![stillwater_care::facts::MedicineClass::Other],
                started_at: Some(plus_hours(at, -24 * 400)),
                from: "gone through with the patient".to_owned(),
                ..Medicine::default()
            }]
        } else {
            Vec::new()
        };
        self.act(guide.clone(), at, Command::ReviewMedicines(MedicinesReviewed { medicines }))?;
        // The total of the service's own form.
        let drugs = EnterScores {
            instrument: "dast-10".to_owned(),
            point: Point::Baseline,
            completed_at: at,
            scores: [("total".to_owned(), 0.0)].into(),
        };
        let sleep = EnterScores { instrument: "stop-bang".to_owned(), ..drugs.clone() };
        let sleep = EnterScores { scores: [("total".to_owned(), f64::from(self.part.number % 4))].into(), ..sleep };
        self.act(guide.clone(), at, Command::EnterScores(drugs))?;
        self.act(guide.clone(), at, Command::EnterScores(sleep))?;
        // By the person's number, so that everything drawn after it stays as it is.
        let tried = |turn: u32, most: u32| Some(self.part.number.wrapping_mul(turn) % (most + 1));
        let background = BackgroundTaken {
            site: if self.part.second_team { "Demo Hill" } else { "Demo Town" }.to_owned(),
            trauma_therapies: tried(7, 3),
            medicines_tried: tried(11, 4),
            ketamine_before: Some(Answered::No),
        };
        self.act(guide.clone(), at, Command::TakeBackground(background))?;
        let weight = WeightRecorded { weight_kg: self.part.weight_kg, taken_at: at };
        self.act(guide.clone(), at, Command::RecordWeight(weight))?;
        // A body mass index of 24 to 26, by the person's number.
        let height_cm = (100.0 * (self.part.weight_kg / (24.0 + f64::from(self.part.number % 3))).sqrt()).round();
        self.act(guide.clone(), at, Command::RecordHeight(HeightRecorded { height_cm, taken_at: at }))?;
        for minutes in [0, 3] {
            let vitals = self.resting(plus_minutes(at, minutes), ReadingSource::Device, true);
            self.act(
                guide.clone(),
                plus_minutes(at, minutes),
                Command::RecordVitals(VitalsRecorded { vitals, session: None }),
            )?;
        }
        self.grounds(plus_minutes(at, 15))?;
        let mut labs = vec![LabKind::LiverPanel, LabKind::Urinalysis];
        if self.could_be_pregnant() {
            labs.push(LabKind::PregnancyTest);
        }
        for kind in labs {
            self.lab(plus_minutes(at, 20), kind)?;
        }
        Ok(())
    }

    /// Where the patient is treated, the prescriber's licence there, and for all but one in five an examination in person:
    /// the others are treated at home while the telemedicine rule lasts.
    fn grounds(&mut self, at: Timestamp) -> Result<()> {
        let (guide, prescriber) = (self.guide(), self.prescriber());
        self.act(guide.actor(), at, Command::SetRegion(RegionSet { region: "US-CO".to_owned() }))?;
        let licence = ShowLicence {
            region: "US-CO".to_owned(),
            number: format!("DEMO-{}", prescriber.name.len()),
            until: plus_hours(at, 24 * 700).to_zoned(jiff::tz::TimeZone::UTC).date(),
        };
        self.act(prescriber.actor(), at, Command::ShowLicence(licence))?;
        if !self.part.number.is_multiple_of(5) { self.examine_in_person(at) } else { Ok(()) }
    }

    fn examine_in_person(&mut self, at: Timestamp) -> Result<()> {
        let prescriber = self.prescriber();
        let by = format!("{}, prescriber", prescriber.name);
        self.act(prescriber.actor(), at, Command::RecordExamination(ExaminedInPerson { examined_at: at, by }))
    }

    /// What staff do before an order or a dose because a rule would hold it: they look for signs of misuse, ask what is missing,
    /// repeat tests, review a course that does not help, and see in person whoever the telemedicine rule no longer covers.
    pub(super) fn follow_through(&mut self, at: Timestamp, setting: Setting, gate: Gate) -> Result<()> {
        let aged = |since| stillwater_care::quantity::days_between(since, at) > 6.0;
        if self.chart.misuse_checks.last().is_none_or(|look| aged(look.occurred_at)) {
            let guide = self.guide().actor();
            let look = MisuseChecked {
                other_source: Answered::No,
                craving: Answered::No,
                lost_or_shared: Answered::No,
                early_requests: 0,
                words: String::new(),
            };
            self.act(guide, at, Command::CheckMisuse(look))?;
        }
        // The session comes within two weeks of its order.
        let day = self.chart.local_date(plus_hours(at, 24 * 14));
        let rules = &Telemedicine::built_in().rules;
        let covered = self.chart.region.as_deref().and_then(|region| telemedicine::in_force(rules, region, day));
        if setting == Setting::Home && covered.is_none() && self.chart.examinations.is_empty() {
            self.examine_in_person(at)?;
        }
        for _ in 0..4 {
            let Some(held) = self.held_at(at, gate) else { break };
            match (held.rule.as_str(), held.cause) {
                ("F01-response", Cause::Missing) => {
                    self.measure(at, "pcl-5-week", Point::Unscheduled)?;
                }
                ("F01-labs", _) if held.measured.values.get("what") == Some(&Subject::LiverPanel.into()) => {
                    self.lab(at, LabKind::LiverPanel)?;
                }
                ("F01-labs", _) => {
                    self.measure(at, "bladder-check", Point::Unscheduled)?;
                }
                _ => {
                    let words =
                        "Seen together: little change so far; sleep is better, and they want to go on.".to_owned();
                    let prescriber = self.prescriber().actor();
                    let review = CourseReviewed { decision: ReviewDecision::Change, words };
                    self.act(prescriber, at, Command::ReviewCourse(review))?;
                }
            }
        }
        Ok(())
    }

    /// What the dose needs is handed out where it is not there, and counted before the guide.
    pub(super) fn count_supply(&mut self, at: Timestamp) -> Result<()> {
        const UNIT_MG: f64 = 50.0;
        let guide = self.guide().actor();
        let dose_mg = self.chart.order_in_force().map_or(0.0, |order| order.written.dose_mg);
        let needed = units_for(dose_mg, UNIT_MG) as i64;
        let there = |chart: &Chart| chart.supply(at).map_or(0, |supply| supply.expected);
        let more = needed - there(&self.chart);
        if let Ok(units) = u32::try_from(more)
            && units > 0
        {
            let from = "Demo Town pharmacy, by courier".to_owned();
            let out = SupplyHandedOut { units, unit_mg: UNIT_MG, at: plus_hours(at, -20), from };
            self.act(guide.clone(), at, Command::HandOutSupply(out))?;
        }
        let units = u32::try_from(there(&self.chart)).unwrap_or(0);
        self.act(guide, at, Command::CountSupply(SupplyCounted { units, at }))
    }

    /// The first finding of the course's own rules that would hold a step.
    fn held_at(&self, at: Timestamp, gate: Gate) -> Option<Finding> {
        let actor = self.prescriber().actor();
        let context = Context { now: at, actor, command_id: Uuid::nil(), protocols: Protocols::built_in() };
        let session = self.chart.current_session().filter(|_| gate == Gate::Dose);
        let scope = Scope { session, ..Scope::default() };
        let ours = ["F01-response", "F01-worsening", "F01-review", "F01-labs"];
        let blocking = gate_now(&self.chart, &context, gate, scope).blocking;
        blocking.into_iter().find(|finding| ours.contains(&finding.rule.as_str()))
    }

    /// The list is gone through again, and is as it was.
    pub fn go_through_medicines(&mut self, at: Timestamp) -> Result<()> {
        let medicines = self.chart.medicines.iter().flatten().map(Medicine::from).collect();
        let guide = self.guide().actor();
        self.act(guide, at, Command::ReviewMedicines(MedicinesReviewed { medicines }))
    }

    /// A moment before a dose, or the beginning of the dose's day where midnight lies between them.
    pub fn on_the_day_of(&self, dose_at: Timestamp, at: Timestamp) -> Timestamp {
        let midnight = self.chart.zoned(dose_at).start_of_day().map_or(at, |start| start.timestamp());
        at.max(midnight)
    }

    pub fn could_be_pregnant(&self) -> bool {
        self.chart.history.get(&HistoryTopic::CouldBePregnant).is_some_and(|h| h.answer == Answered::Yes)
    }

    fn lab(&mut self, at: Timestamp, kind: LabKind) -> Result<()> {
        let guide = self.guide().actor();
        let lab = LabRecorded {
            kind,
            result: LabResult::Normal,
            taken_at: at,
            detail: "within limits".to_owned(),
            figures: figures(kind),
        };
        self.act(guide, at, Command::RecordLab(lab))
    }

    /// A pregnancy test before a dose, where one is asked for.
    pub fn test_before_dose(&mut self, at: Timestamp) -> Result<()> {
        if self.could_be_pregnant() { self.lab(at, LabKind::PregnancyTest) } else { Ok(()) }
    }

    /// Vital signs at rest, near the person's own.
    pub fn resting(&mut self, at: Timestamp, source: ReadingSource, with_breaths: bool) -> Vitals {
        let base = self.part.pressure;
        let bp = BloodPressure {
            systolic: base.systolic + i32::try_from(self.random.between(-4, 4)).unwrap_or(0),
            diastolic: base.diastolic + i32::try_from(self.random.between(-3, 3)).unwrap_or(0),
        };
        let mut vitals = Vitals::at(at, source);
        vitals.blood_pressure = Some(bp);
        vitals.heart_rate_per_min = Some(i32::try_from(self.random.between(62, 82)).unwrap_or(70));
        vitals.spo2_percent = Some(i32::try_from(self.random.between(97, 99)).unwrap_or(98));
        if with_breaths {
            vitals.respiratory_rate_per_min = Some(i32::try_from(self.random.between(13, 17)).unwrap_or(15));
        }
        vitals
    }

    /// The prescriber decides that the person may be treated.
    pub fn decide_yes(&mut self, at: Timestamp, setting: Setting) -> Result<()> {
        let prescriber = self.prescriber();
        let decision = DecideEligibility {
            eligible: true,
            setting,
            reason: "Symptoms after two earlier treatments; warnings gone through with the patient.".to_owned(),
            signed_name: prescriber.name.to_owned(),
        };
        self.act(prescriber.actor(), at, Command::DecideEligibility(decision))
    }

    /// The prescriber decides that the person is not treated here.
    pub fn decide_no(&mut self, at: Timestamp, setting: Setting, reason: &str) -> Result<()> {
        let prescriber = self.prescriber();
        let decision = DecideEligibility {
            eligible: false,
            setting,
            reason: reason.to_owned(),
            signed_name: prescriber.name.to_owned(),
        };
        self.act(prescriber.actor(), at, Command::DecideEligibility(decision))?;
        let end = CourseEnded { reason: EndReason::Ineligible, words: reason.to_owned() };
        self.act(prescriber.actor(), plus_minutes(at, 30), Command::EndCourse(end))
    }

    /// The patient signs.
    pub fn consent(&mut self, at: Timestamp, setting: Setting) -> Result<()> {
        let version = if setting == Setting::Home { "home-1" } else { "clinic-1" };
        let statements = stillwater_care::consent::text(version)
            .map(|text| text.statements.iter().map(|s| s.id.clone()).collect())
            .ok_or_else(|| anyhow!("there is no consent text {version}"))?;
        let consent =
            GiveConsent { version: version.to_owned(), statements, signed_name: format!("{} Demo", self.part.name) };
        self.act(Actor::Patient, at, Command::GiveConsent(consent))
    }

    /// Plan, companion, safety plan and preparation visits.
    pub fn prepare(&mut self, at: Timestamp, protocol: &str) -> Result<()> {
        let (guide, prescriber) = (self.guide(), self.prescriber());
        self.act(prescriber.actor(), at, Command::OpenPlan(protocol.to_owned()))?;
        let home = self.chart.plan().is_some_and(|p| p.setting == Setting::Home);
        let visits = if home { 2 } else { 1 };
        for n in 0..visits {
            let held_at = plus_hours(at, 24 + n * 48);
            let visit = VisitHeld {
                kind: VisitKind::Preparation,
                held_at,
                minutes: 60,
                after_session: None,
                intention: "To sleep through, and to stay in the room when memories come.".to_owned(),
                covered: ["what to expect", "intention", "music and eyeshade", "how to stop"]
                    .map(str::to_owned)
                    .to_vec(),
            };
            self.act(guide.actor(), plus_minutes(held_at, 65), Command::HoldVisit(visit))?;
            self.note(
                plus_minutes(held_at, 80),
                VisitKind::Preparation,
                "Went through what to expect and how to stop. Calm, and clear about the intention.",
            )?;
        }
        let plan = SafetyPlanWritten {
            warning_signs: "Not sleeping two nights running; staying away from people.".to_owned(),
            own_coping: "Walk, breathe out slowly, cold water on the face.".to_owned(),
            people_and_places: "The library; the park by the river.".to_owned(),
            people_who_help: "My companion.".to_owned(),
            professionals: "My guide, 555-0100. 988 (veterans: press 1).".to_owned(),
            means_safety: "Medicines are locked away; my companion has the key.".to_owned(),
        };
        self.act(guide.actor(), plus_hours(at, 26), Command::WriteSafetyPlan(plan))?;
        if home {
            let named = NameCompanion {
                name: format!("{} Companion-Demo", self.part.name),
                relation: "lives in the same home".to_owned(),
                phone: format!("555-02{:02}", self.part.number % 100),
                adult: true,
            };
            self.act(Actor::Patient, plus_hours(at, 27), Command::NameCompanion(named))?;
            if let Some((_, companion)) = self.companion() {
                let right: Vec<usize> = BRIEFING.iter().map(|q| q.right).collect();
                self.act(companion.clone(), plus_hours(at, 30), Command::BriefCompanion(right))?;
                self.act(companion, plus_minutes(plus_hours(at, 30), 4), Command::ConfirmCompanion)?;
            }
        }
        Ok(())
    }

    /// A note, signed.
    pub fn note(&mut self, at: Timestamp, kind: VisitKind, text: &str) -> Result<()> {
        let guide = self.guide().actor();
        let write = WriteNote { note: None, kind, text: text.to_owned() };
        self.act(guide.clone(), at, Command::WriteNote(write))?;
        let id = self.chart.notes.last().map(|n| n.id);
        if let Some(id) = id {
            self.act(guide, plus_minutes(at, 2), Command::SignNote(id))?;
        }
        Ok(())
    }

    /// The order for the next dose.
    pub fn order(&mut self, at: Timestamp) -> Result<()> {
        let Some(protocol) = self.chart.protocol(Protocols::built_in()).cloned() else {
            return Err(anyhow!("{} Demo has no plan to order on", self.part.name));
        };
        let aged = |since| stillwater_care::quantity::days_between(since, at) > 6.0;
        if self.now < at && self.chart.medicines_reviewed_at.is_none_or(aged) {
            self.go_through_medicines(plus_minutes(at, -40).max(self.now))?;
        }
        let aged = |weighed| stillwater_care::quantity::days_between(weighed, at) > 25.0;
        if self.now < at && self.newest_weight_at().is_none_or(aged) {
            let weight = WeightRecorded { weight_kg: self.part.weight_kg, taken_at: plus_minutes(at, -30) };
            let guide = self.guide().actor();
            self.act(guide, plus_minutes(at, -30), Command::RecordWeight(weight))?;
        }
        self.follow_through(at, protocol.setting, Gate::Order)?;
        let dose_mg_per_kg = protocol.dose.start_mg_per_kg;
        let dose_mg = match dose_mg_per_kg {
            Some(each) => (each * self.part.weight_kg).round(),
            // From 65 years, and light at home, the start is the lower one.
            None if self.part.weight_kg < 55.0 || self.chart.age_years(at).is_none_or(|years| years >= 65) => 50.0,
            None => protocol.dose.start_mg.unwrap_or(50.0),
        };
        let order =
            WriteOrder { dose_mg, dose_mg_per_kg, reason: "Warnings gone through with the patient.".to_owned() };
        let prescriber = self.prescriber().actor();
        self.act(prescriber, at, Command::WriteOrder(order))
    }

    fn newest_weight_at(&self) -> Option<Timestamp> {
        self.chart.weights.iter().map(|w| w.value.taken_at).max()
    }

    /// The usual way up to the first order: screening, examination, decision, consent, preparation, order.
    pub fn up_to_order(&mut self, setting: Setting) -> Result<Timestamp> {
        let referred = self.now;
        self.screen(plus_hours(referred, 20))?;
        self.examine(plus_hours(referred, 48))?;
        self.decide_yes(plus_hours(referred, 54), setting)?;
        self.consent(plus_hours(referred, 76), setting)?;
        let protocol = if setting == Setting::Home { "sl-home" } else { "iv-single-clinic" };
        let opened = plus_hours(referred, 80);
        self.prepare(opened, protocol)?;
        let ordered = plus_hours(opened, 24 * 4);
        self.order(ordered)?;
        Ok(ordered)
    }
}

/// The figures of a healthy liver, for a liver panel.
fn figures(kind: LabKind) -> Vec<LiverFigure> {
    if kind != LabKind::LiverPanel {
        return Vec::new();
    }
    let u_per_l = |test, value, upper| LiverFigure { test, value, unit: LabUnit::UPerL, upper };
    vec![
        u_per_l(LiverTest::Alt, 24.0, 45.0),
        u_per_l(LiverTest::Ast, 22.0, 40.0),
        LiverFigure { test: LiverTest::Bilirubin, value: 0.7, unit: LabUnit::MgPerDl, upper: 1.2 },
    ]
}

/// A version 7 id from a moment and random bits.
fn v7(at: Timestamp, bits: Uuid) -> Uuid {
    let millis = u128::try_from(at.as_millisecond().max(0)).unwrap_or(0);
    let random = bits.as_u128() & ((1 << 80) - 1);
    let value = (millis << 80) | random;
    let value = (value & !(0xf << 76)) | (0x7 << 76);
    let value = (value & !(0x3 << 62)) | (0x2 << 62);
    Uuid::from_u128(value)
}

/// What staff of the demo write when they close an alert.
fn closing() -> AlertClosing {
    AlertClosing {
        done: "Talked it through with the patient.".to_owned(),
        told: "the care team".to_owned(),
        next: "nothing more".to_owned(),
    }
}
