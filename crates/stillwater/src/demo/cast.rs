//! Who is in the demo clinic, and how far each of them has come.

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use stillwater_care::command::{Command, WriteNote};
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, HistoryTopic, Setting, Sex};
use stillwater_care::quantity::{BloodPressure, plus_hours, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_words::timeline::capital;

use super::Person;
use super::answers::MainTrouble;
use super::course::{CastMember, Course, Effect};
use super::random::Random;
use super::session::Turn;

const NAMES: [&str; 62] = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kelp", "Larch", "Maple",
    "Nettle", "Oak", "Pine", "Quince", "Rowan", "Sage", "Teasel", "Umber", "Violet", "Willow", "Xylem", "Yarrow",
    "Zinnia", "Amber", "Basalt", "Cobalt", "Dune", "Ember", "Flint", "Granite", "Heath", "Islet", "Jasper", "Knoll",
    "Lagoon", "Marble", "Nimbus", "Onyx", "Pebble", "Quartz", "Ravine", "Slate", "Tarn", "Upland", "Vale", "Wharf",
    "Yew", "Zephyr", "Bracken", "Clover", "Fern", "Garnet", "Harbour", "Lichen", "Meadow", "Reed", "Thicket", "Brook",
    "Cairn",
];

/// How far somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Referred,
    Screening,
    DecisionDue,
    Danger,
    Ineligible(HistoryTopic),
    Consent,
    Preparing(Setting),
    Today,
    Infused {
        days_ago: i64,
        turn: Turn,
    },
    Home {
        sessions: u32,
        days_ago: i64,
        turn: Turn,
    },
    Withdrew,
    Harmed,
    Completed,
    /// Better for months after two sessions, and referred again.
    Again,
    /// Treated in the clinic first, and going on at home.
    Moved,
    Live,
    LiveInfusion,
}

/// Every person of the clinic.
pub fn all(seed: u64, now: Timestamp) -> Result<Vec<Person>> {
    let mut random = Random::new(seed);
    stages().into_iter().enumerate().map(|(index, stage)| one(seed, &mut random, index, stage, now)).collect()
}

fn stages() -> Vec<Stage> {
    let usual = Turn::Usual;
    let mut stages = vec![
        Stage::Live,
        // The veteran with flashbacks and anxiety, and the survivor of an assault: see `shape`.
        Stage::Home { sessions: 4, days_ago: 9, turn: usual },
        Stage::Infused { days_ago: 16, turn: usual },
        Stage::Screening,
        Stage::Danger,
        Stage::Today,
    ];
    stages.extend([Stage::Referred; 5]);
    stages.extend([Stage::Screening; 4]);
    stages.extend([Stage::DecisionDue; 3]);
    stages.extend([
        Stage::Ineligible(HistoryTopic::Aneurysm),
        Stage::Ineligible(HistoryTopic::PsychosisCurrent),
        Stage::Ineligible(HistoryTopic::Stroke),
    ]);
    stages.extend([Stage::Consent; 3]);
    stages.extend([
        Stage::Preparing(Setting::Home),
        Stage::Preparing(Setting::Clinic),
        Stage::Preparing(Setting::Home),
        Stage::Preparing(Setting::Clinic),
    ]);
    for (days_ago, turn) in [
        (1, usual),
        (2, Turn::PressurePeak),
        (4, usual),
        (6, usual),
        (8, usual),
        (11, Turn::Vomiting),
        (13, usual),
        (18, usual),
        (24, usual),
        (31, usual),
        (45, usual),
    ] {
        stages.push(Stage::Infused { days_ago, turn });
    }
    stages.push(Stage::LiveInfusion);
    for (sessions, days_ago, turn) in [
        (1, 3, usual),
        (1, 6, Turn::StoppedByPatient),
        (2, 2, usual),
        (2, 8, usual),
        (3, 5, usual),
        (3, 12, usual),
        (4, 1, usual),
        (5, 6, usual),
        (6, 20, usual),
    ] {
        stages.push(Stage::Home { sessions, days_ago, turn });
    }
    stages.extend([Stage::Withdrew, Stage::Withdrew, Stage::Harmed, Stage::Harmed]);
    stages.extend([Stage::Completed; 7]);
    stages.extend([Stage::Again, Stage::Moved]);
    stages
}

fn part(random: &mut Random, index: usize) -> CastMember {
    let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let effects = [
        Effect { fall: 27.0, half_gone_days: 28.0 },
        Effect { fall: 21.0, half_gone_days: 16.0 },
        // Comes back within days.
        Effect { fall: 24.0, half_gone_days: 5.0 },
        // Hardly any.
        Effect { fall: 3.0, half_gone_days: 10.0 },
        Effect { fall: 15.0, half_gone_days: 12.0 },
    ];
    let effect = usize::try_from(random.between(0, 4)).ok().and_then(|n| effects.get(n)).copied().unwrap_or(effects[0]);
    let year = i16::try_from(random.between(1963, 1998)).unwrap_or(1980);
    let month = i8::try_from(random.between(1, 12)).unwrap_or(6);
    let day = i8::try_from(random.between(1, 28)).unwrap_or(15);
    CastMember {
        number,
        name: NAMES.get(index % NAMES.len()).copied().unwrap_or("Someone"),
        known_as: None,
        birth_date: Date::new(year, month, day).unwrap_or(date(1980, 6, 15)),
        sex: if random.chance(0.45) { Sex::Female } else { Sex::Male },
        veteran: random.chance(0.4),
        weight_kg: (random.between(560, 980) as f64) / 10.0,
        pressure: BloodPressure {
            systolic: i32::try_from(random.between(108, 124)).unwrap_or(118),
            diastolic: i32::try_from(random.between(66, 78)).unwrap_or(74),
        },
        pcl5: random.between(42, 66) as f64,
        trouble: match random.between(0, 2) {
            0 => MainTrouble::FlashbacksAndAnxiety,
            1 => MainTrouble::NightmaresAndGuard,
            _ => MainTrouble::Mixed,
        },
        effect,
        answers_share: 0.84 + random.unit() * 0.15,
        alcohol: random.between(0, 2),
        past_attempt: false,
        second_team: index > 8 && random.chance(0.25),
        reason: "Two earlier treatments without lasting relief.",
    }
}

/// The people whom the demo can be seen through.
fn shape(part: &mut CastMember, index: usize) {
    part.second_team = part.second_team && index > 8;
    match index {
        0 => {
            part.known_as = Some("patient");
            part.trouble = MainTrouble::NightmaresAndGuard;
            part.pressure = BloodPressure { systolic: 116, diastolic: 72 };
        }
        1 => {
            part.known_as = Some("veteran");
            part.veteran = true;
            part.sex = Sex::Male;
            part.birth_date = date(1984, 3, 9);
            part.pcl5 = 58.0;
            part.trouble = MainTrouble::FlashbacksAndAnxiety;
            part.effect = Effect { fall: 27.0, half_gone_days: 30.0 };
            part.answers_share = 0.97;
            part.reason = "Flashbacks and anxiety since deployment; therapy and two medicines without lasting relief.";
        }
        2 => {
            part.known_as = Some("survivor");
            part.veteran = false;
            part.sex = Sex::Female;
            part.birth_date = date(1991, 11, 2);
            part.pcl5 = 55.0;
            part.trouble = MainTrouble::NightmaresAndGuard;
            part.effect = Effect { fall: 26.0, half_gone_days: 13.0 };
            part.answers_share = 1.0;
            part.reason = "Nightmares and being on guard after an assault; lost work, and a relationship suffered.";
        }
        3 => part.known_as = Some("screening"),
        5 => part.known_as = Some("today"),
        _ => {}
    }
}

fn one(seed: u64, random: &mut Random, index: usize, stage: Stage, now: Timestamp) -> Result<Person> {
    let mut part = part(random, index);
    shape(&mut part, index);
    let days = |n: i64| plus_hours(now, -24 * n);
    let mut jitter = || plus_minutes(now, -random.between(30, 600));
    match stage {
        Stage::Referred => {
            Ok(Course::refer(seed, part, plus_hours(jitter(), -24 * i64::try_from(index % 5).unwrap_or(0)))?.finish())
        }
        Stage::Screening => {
            let mut course = Course::refer(seed, part, days(3))?;
            let guide = course.guide().actor();
            let invited = InvitationMade { invited: Invited::Patient, expires_at: plus_hours(now, 24 * 7) };
            course.act(guide, days(2), Command::Invite(invited))?;
            if index != 3 {
                course.history(plus_hours(days(2), 4), &[])?;
                course.measure(plus_hours(days(2), 5), "pc-ptsd-5", Point::Screening)?;
                course.measure(plus_hours(days(2), 6), "asq", Point::Screening)?;
            }
            Ok(course.finish())
        }
        Stage::DecisionDue => {
            let mut course = Course::refer(seed, part, days(6))?;
            course.screen(days(5))?;
            course.examine(days(2))?;
            Ok(course.finish())
        }
        Stage::Danger => {
            let mut course = Course::refer(seed, part, days(2))?;
            course.leave_alerts_open();
            course.screen(plus_hours(now, -5))?;
            // Answered a few minutes ago: thoughts of being better off dead, with nobody on it yet.
            let at = plus_minutes(now, -4);
            let state = super::answers::AnsweringState {
                pcl5: 61.0,
                trouble: MainTrouble::Mixed,
                item9: 2,
                past_attempt: false,
                alcohol: 1,
            };
            course.measure_as(at, "phq-9", Point::Unscheduled, state)?;
            Ok(course.finish())
        }
        Stage::Ineligible(topic) => {
            let mut course = Course::refer(seed, part, days(20))?;
            course.screen(days(19))?;
            course.history(days(18), &[(topic, Answered::Yes)])?;
            course.examine(days(17))?;
            let reason = format!(
                "{}: this treatment is not safe here. Referred on to trauma-focused therapy.",
                capital(&stillwater_words::Words::english().term(topic))
            );
            course.decide_no(days(16), Setting::Clinic, &reason)?;
            Ok(course.finish())
        }
        Stage::Consent => {
            let mut course = Course::refer(seed, part, days(9))?;
            course.screen(days(8))?;
            course.examine(days(6))?;
            let setting = if index.is_multiple_of(2) { Setting::Home } else { Setting::Clinic };
            course.decide_yes(days(1), setting)?;
            Ok(course.finish())
        }
        Stage::Preparing(setting) => {
            let mut course = Course::refer(seed, part, days(12))?;
            course.up_to_order(setting)?;
            let guide = course.guide().actor();
            let starts = plus_hours(now, if setting == Setting::Home { 18 } else { 60 });
            let at = plus_minutes(now, -90).max(course.now);
            course.act(guide, at, Command::ScheduleSession(starts))?;
            Ok(course.finish())
        }
        Stage::Today => {
            let mut course = Course::refer(seed, part, days(12))?;
            course.up_to_order(Setting::Clinic)?;
            let guide = course.guide().actor();
            course.act(guide, plus_hours(now, -20), Command::ScheduleSession(plus_minutes(now, 95)))?;
            Ok(course.finish())
        }
        Stage::Infused { days_ago, turn } => {
            let dose_at = plus_minutes(days(days_ago), 75);
            let mut course = Course::refer(seed, part, plus_hours(dose_at, -24 * 12))?;
            course.up_to_order(Setting::Clinic)?;
            course.whole_session(dose_at, turn, now)?;
            course.answer_what_is_due(now)?;
            leave_a_note(&mut course, now)?;
            if days_ago > 40 {
                course.act(
                    course.prescriber().actor(),
                    plus_minutes(now, -200),
                    Command::EndCourse(CourseEnded {
                        reason: EndReason::Completed,
                        words: "All that was planned was done.".into(),
                    }),
                )?;
                course.answer_what_is_due(now)?;
            }
            Ok(course.finish())
        }
        Stage::Home { sessions, days_ago, turn } => {
            let course = home_course(seed, part, sessions, plus_minutes(days(days_ago), 100), turn, now)?;
            Ok(course.finish())
        }
        Stage::Withdrew => {
            let mut course = home_course(seed, part, 1, days(40), Turn::Usual, days(30))?;
            course.act(
                Actor::Patient,
                days(29),
                Command::WithdrawConsent(ConsentWithdrawn { words: "I would rather stop here.".into() }),
            )?;
            let words = "Withdrew after the first session; therapy goes on.".to_owned();
            let prescriber = course.prescriber().actor();
            course.act(prescriber, days(28), Command::EndCourse(CourseEnded { reason: EndReason::Withdrew, words }))?;
            Ok(course.finish())
        }
        Stage::Harmed => {
            let mut course = home_course(seed, part, 2, days(30), Turn::PressurePeak, days(26))?;
            let adverse = AdverseEventRecorded {
                what: "Raised blood pressure for six hours after the dose, with headache".to_owned(),
                serious: index.is_multiple_of(2),
                relation: Relation::Probable,
                session: course.chart.sessions.last().map(|s| s.id),
                outcome: "Seen in the emergency department; well the next day.".to_owned(),
            };
            let guide = course.guide().actor();
            course.act(guide, days(25), Command::RecordAdverseEvent(adverse))?;
            course.resolve_all(plus_hours(days(25), 2), "Spoke with the patient; course stopped.")?;
            let words = "Stopped after raised blood pressure.".to_owned();
            let prescriber = course.prescriber().actor();
            course.act(
                prescriber,
                days(24),
                Command::EndCourse(CourseEnded { reason: EndReason::AdverseEvent, words }),
            )?;
            course.answer_what_is_due(now)?;
            Ok(course.finish())
        }
        Stage::Completed => {
            let last = 35 + i64::try_from(index % 6).unwrap_or(0) * 9;
            let mut course = home_course(seed, part, 6, days(last), Turn::Usual, days(4))?;
            let prescriber = course.prescriber().actor();
            let words = "Six sessions; review with the patient.".to_owned();
            course.act(
                prescriber.clone(),
                days(3),
                Command::ReviewCourse(CourseReviewed { decision: ReviewDecision::Stop, words: words.clone() }),
            )?;
            course.act(
                prescriber,
                plus_hours(days(3), 1),
                Command::EndCourse(CourseEnded { reason: EndReason::Completed, words }),
            )?;
            course.answer_what_is_due(now)?;
            Ok(course.finish())
        }
        Stage::Again => {
            part.second_team = false;
            part.known_as = Some("again");
            again(seed, part, now)
        }
        Stage::Moved => {
            part.second_team = false;
            part.known_as = Some("moved");
            moved(seed, part, now)
        }
        Stage::Live => live(seed, part, now),
        Stage::LiveInfusion => {
            part.known_as = Some("infusion");
            live_infusion(seed, part, now)
        }
    }
}

/// Two sessions at home some months ago, asked each month how they are, and referred again a week ago.
fn again(seed: u64, part: CastMember, now: Timestamp) -> Result<Person> {
    let days = |n: i64| plus_hours(now, -24 * n);
    let mut course = home_course(seed, part, 2, days(130), Turn::Usual, days(100))?;
    let (guide, prescriber) = (course.guide().actor(), course.prescriber().actor());
    let words = "Two sessions; sleeping through, and back at work.".to_owned();
    course.act(prescriber, days(99), Command::EndCourse(CourseEnded { reason: EndReason::Completed, words }))?;
    course.answer_what_is_due(days(9))?;
    course.resolve_all(days(9), "Rang the patient: the nightmares are back. Referred again.")?;
    let Some(demographics) = course.chart.demographics.clone() else { return Ok(course.finish()) };
    let referral = PatientReferred {
        demographics,
        reason: "Well for three months after two sessions; the nightmares are back.".to_owned(),
        source: "the care team (demo)".to_owned(),
    };
    course.act(guide, days(8), Command::ReferPatient(referral))?;
    course.screen(days(6))?;
    Ok(course.finish())
}

/// One infusion in the clinic, and a plan at home opened two days ago: consent to it, a companion and an order are still to come.
fn moved(seed: u64, part: CastMember, now: Timestamp) -> Result<Person> {
    let days = |n: i64| plus_hours(now, -24 * n);
    let dose_at = plus_minutes(days(12), 80);
    let mut course = Course::refer(seed, part, plus_hours(dose_at, -24 * 12))?;
    let referred = course.now;
    course.screen(plus_hours(referred, 20))?;
    course.examine(plus_hours(referred, 48))?;
    course.decide_yes(plus_hours(referred, 54), Setting::Home)?;
    course.consent(plus_hours(referred, 76), Setting::Clinic)?;
    let opened = plus_hours(referred, 80);
    course.prepare(opened, "iv-single-clinic")?;
    course.order(plus_hours(opened, 24 * 4))?;
    course.whole_session(dose_at, Turn::Usual, days(4))?;
    course.answer_what_is_due(days(2))?;
    let prescriber = course.prescriber().actor();
    course.act(prescriber, plus_minutes(days(2), 30), Command::OpenPlan("sl-home".into()))?;
    course.answer_what_is_due(now)?;
    Ok(course.finish())
}

/// A course at home whose last session was at `last_dose`, up to `until`.
fn home_course(
    seed: u64,
    part: CastMember,
    sessions: u32,
    last_dose: Timestamp,
    turn: Turn,
    until: Timestamp,
) -> Result<Course> {
    let between = 9;
    let first = plus_hours(last_dose, -24 * between * i64::from(sessions.saturating_sub(1)));
    let mut course = Course::refer(seed, part, plus_hours(first, -24 * 14))?;
    course.up_to_order(Setting::Home)?;
    for n in 0..sessions {
        let dose_at = plus_hours(first, 24 * between * i64::from(n));
        let is_last = n + 1 == sessions;
        let next = if is_last { until } else { plus_hours(dose_at, 24 * (between - 3)) };
        let turn = if is_last { turn } else { Turn::Usual };
        if n > 0 {
            course.order(plus_hours(dose_at, -60).max(course.now))?;
        }
        course.whole_session(dose_at, turn, next)?;
        course.answer_what_is_due(next)?;
    }
    leave_a_note(&mut course, until)?;
    if course.part.known_as == Some("veteran") {
        let at = plus_hours(until, -30);
        let words = "Slept five hours. Went to the shop at noon, with people in it.".to_owned();
        if at > course.now {
            course.act(Actor::Patient, at, Command::WriteJournal(JournalWritten { words, shared: true }))?;
        }
    }
    Ok(course)
}

/// One note in a handful is left unsigned, as happens.
fn leave_a_note(course: &mut Course, until: Timestamp) -> Result<()> {
    if course.part.number.is_multiple_of(7) && course.chart.ended().is_none() {
        let guide = course.guide().actor();
        let at = plus_minutes(until, -20).max(course.now);
        let note =
            WriteNote { note: None, kind: VisitKind::Integration, text: "Spoke by phone. Sleeping better.".to_owned() };
        course.act(guide, at, Command::WriteNote(note))?;
    }
    Ok(())
}

/// The home session that goes on right now: the second of its course, 24 minutes in.
fn live(seed: u64, part: CastMember, now: Timestamp) -> Result<Person> {
    let dose_at = plus_minutes(now, -24);
    let first = plus_hours(dose_at, -24 * 9);
    let mut course = home_course(seed, part, 1, first, Turn::Usual, plus_hours(first, 24 * 6))?;
    course.order(plus_hours(dose_at, -60))?;
    let id = course.up_to_go(dose_at)?;
    course.dose_and_watch(id, dose_at, Turn::Usual, Some(now))?;
    Ok(course.finish())
}

/// The infusion that goes on in the clinic right now: it has just begun.
fn live_infusion(seed: u64, part: CastMember, now: Timestamp) -> Result<Person> {
    let dose_at = plus_minutes(now, -1);
    let mut course = Course::refer(seed, part, plus_hours(dose_at, -24 * 12))?;
    course.up_to_order(Setting::Clinic)?;
    let id = course.up_to_go(dose_at)?;
    course.dose_and_watch(id, dose_at, Turn::Usual, Some(now))?;
    Ok(course.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T21:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_course_of_the_demo_is_accepted_by_the_rules() {
        let people = all(1, now()).unwrap();
        assert!(people.len() >= 55, "{}", people.len());
        assert!(people.iter().map(|p| p.drafts.len()).sum::<usize>() > 3000);
        for known in ["patient", "infusion", "veteran", "survivor", "screening", "today", "again", "moved"] {
            assert!(people.iter().any(|p| p.known_as == Some(known)), "{known}");
        }
    }

    #[test]
    fn the_demo_goes_on_after_the_telemedicine_rule_has_ended() {
        for now in ["2026-12-31T21:00:00Z", "2027-01-05T21:00:00Z", "2027-04-05T21:00:00Z"] {
            let people = all(1, now.parse().unwrap()).unwrap();
            let doses = people.iter().flat_map(|p| &p.drafts).filter(|d| d.event.name() == "DoseTaken").count();
            assert!(doses > 60, "{now}: {doses}");
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_clinic_and_another_seed_another() {
        let ids = |seed| -> Vec<_> {
            all(seed, now())
                .unwrap()
                .iter()
                .flat_map(|p| p.drafts.iter().map(|d| (d.id, d.event.clone())).collect::<Vec<_>>())
                .collect()
        };
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7), ids(8));
    }
}
