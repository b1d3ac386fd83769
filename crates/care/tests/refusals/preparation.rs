//! The companion, the safety plan, visits and notes.

use super::*;
use stillwater_care::ids::NoteId;
use stillwater_care::quantity::plus_hours;

fn name(change: fn(&mut NameCompanion)) -> Command {
    let mut name = NameCompanion { name: words(), relation: words(), phone: words(), adult: true };
    change(&mut name);
    Command::NameCompanion(name)
}

fn reach(phone: &str) -> Command {
    Command::ChangeCompanionContact(ChangeCompanionContact { relation: words(), phone: phone.into() })
}

fn plan(change: fn(&mut SafetyPlanWritten)) -> Command {
    let mut plan = SafetyPlanWritten {
        warning_signs: words(),
        own_coping: words(),
        people_and_places: words(),
        people_who_help: words(),
        professionals: words(),
        means_safety: words(),
    };
    change(&mut plan);
    Command::WriteSafetyPlan(plan)
}

fn visit(course: &Course, change: fn(&mut VisitHeld)) -> Command {
    let mut held = VisitHeld {
        kind: VisitKind::Preparation,
        held_at: course.now,
        minutes: 50,
        after_session: None,
        intention: String::new(),
        covered: Vec::new(),
    };
    change(&mut held);
    Command::HoldVisit(held)
}

fn write(note: Option<NoteId>, text: &str) -> Command {
    Command::WriteNote(WriteNote { note, kind: VisitKind::Review, text: text.into() })
}

fn no_note() -> NoteId {
    NoteId(Uuid::from_u128(6))
}

fn add(note: NoteId, text: &str) -> Command {
    Command::AddAddendum(NoteAddendumAdded { note, text: text.into() })
}

pub const ROWS: &[Row] = &[
    (State::Referred, Who::Patient, |_| name(|c| c.name.clear()), "invalid/companion-name/empty"),
    (State::Referred, Who::Patient, |_| name(|c| c.phone.clear()), "invalid/companion-phone/empty"),
    (State::Referred, Who::Patient, |_| name(|c| c.relation = long()), "invalid/companion-relation/too-long"),
    (State::Referred, Who::Patient, |_| name(|c| c.adult = false), "invalid/companion/under-age"),
    (State::Referred, Who::Patient, |_| reach("555-0103"), "not-now/no-companion"),
    (State::Prepared(Home), Who::Patient, |_| reach(""), "invalid/companion-phone/empty"),
    (State::Dosed(Home), Who::Patient, |_| reach("555-0103"), "not-now/staff-change-companion"),
    (State::Dosed(Home), Who::Patient, |_| name(|_| {}), "not-now/staff-change-companion"),
    (
        State::Prepared(Home),
        Who::Companion,
        |_| Command::BriefCompanion(vec![0]),
        "invalid/briefing/briefing-unanswered",
    ),
    (
        State::Prepared(Home),
        Who::Companion,
        |_| Command::BriefCompanion(vec![1, 1, 1]),
        "invalid/briefing/briefing-wrong",
    ),
    (State::Referred, Who::Patient, |_| plan(|p| p.warning_signs.clear()), "invalid/warning-signs/empty"),
    (State::Referred, Who::Patient, |_| plan(|p| p.professionals.clear()), "invalid/professionals/empty"),
    (State::Referred, Who::Patient, |_| plan(|p| p.own_coping = long()), "invalid/own-coping/too-long"),
    (State::Referred, Who::Patient, |_| plan(|p| p.people_and_places = long()), "invalid/people-and-places/too-long"),
    (State::Referred, Who::Patient, |_| plan(|p| p.people_who_help = long()), "invalid/people-who-help/too-long"),
    (State::Referred, Who::Patient, |_| plan(|p| p.means_safety = long()), "invalid/means-safety/too-long"),
    (State::Prepared(Home), Who::Guide, |c| visit(c, |v| v.minutes = 0), "invalid/visit-length/no-such-length"),
    (
        State::Prepared(Home),
        Who::Guide,
        |c| visit(c, |v| v.held_at = plus_hours(v.held_at, 1)),
        "invalid/held-at/in-future",
    ),
    (State::Prepared(Home), Who::Guide, |c| visit(c, |v| v.intention = long()), "invalid/intention/too-long"),
    (
        State::Scheduled(Home),
        Who::Guide,
        |c| visit(c, |v| v.after_session = Some(no_session())),
        "not-now/no-dose-in-session",
    ),
    (State::Referred, Who::Guide, |c| visit(c, |_| {}), "not-now/no-plan"),
    (State::Referred, Who::Guide, |_| write(None, ""), "invalid/note/empty"),
    (State::Referred, Who::Guide, |_| write(Some(no_note()), "x"), "not-now/no-note"),
    (State::Referred, Who::Guide, |_| Command::SignNote(no_note()), "not-now/no-note"),
    (State::Referred, Who::Guide, |_| add(no_note(), ""), "invalid/addendum/empty"),
    (State::Referred, Who::Guide, |_| add(no_note(), "x"), "not-now/no-note"),
];

/// The refusals of a note as it goes its way, in order: code by code.
pub fn codes_of_a_note() -> Vec<String> {
    let mut course = State::Referred.chart();
    course.does(guide(), write(None, "first"));
    let note = course.chart.notes[0].id;
    let mut codes = vec![
        course.refused(prescriber(), write(Some(note), "mine")).code(),
        course.refused(prescriber(), Command::SignNote(note)).code(),
        course.refused(guide(), add(note, "more")).code(),
    ];
    course.does(guide(), Command::SignNote(note));
    codes.push(course.refused(guide(), write(Some(note), "again")).code());
    codes.push(course.refused(guide(), Command::SignNote(note)).code());
    codes
}

/// A companion who was named and has not read the briefing.
pub fn code_of_an_unbriefed_companion() -> String {
    let mut course = State::Referred.chart();
    course.does(Actor::Patient, name(|_| {}));
    course.refused(companion(&course.chart), Command::ConfirmCompanion).code()
}

#[test]
fn a_note_is_its_authors_until_signed_and_nobodys_after() {
    let expected = [
        "not-now/note-of-another",
        "not-now/not-the-author",
        "not-now/note-not-signed",
        "not-now/note-locked",
        "not-now/note-signed",
    ];
    assert_eq!(codes_of_a_note(), expected);
    assert_eq!(code_of_an_unbriefed_companion(), "not-now/not-briefed");
}
