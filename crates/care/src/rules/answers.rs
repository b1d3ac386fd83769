//! How every rule reads an answer, an age or a laboratory result, so that missing, stale and impossible mean the same
//! thing in each of them, and never count as normal.

use jiff::Timestamp;

use super::{InForce, Rule};
use crate::coded::{Coded, Value};
use crate::codes::{clears, limit, measured};
use crate::facts::{Answered, Facts, HistoryTopic, LabFact, LastUse, MedicineClass, MedicineFact, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::hours_between;
use crate::subject::Subject;
use crate::unit::Unit;

/// What a rule says once it has gathered its findings.
pub(crate) fn verdict(findings: impl IntoIterator<Item = Finding>, clear: Coded) -> Verdict {
    let findings: Vec<Finding> = findings.into_iter().collect();
    if findings.is_empty() { Verdict::Clear(clear) } else { Verdict::Found(findings) }
}

/// One finding, and nothing else.
pub(crate) fn found(finding: Finding) -> Verdict {
    Verdict::Found(vec![finding])
}

/// A history topic that must be answered "no". A candidate from an import counts as "yes" until staff have looked.
pub(crate) fn absent(
    rule: &Rule,
    facts: &Facts,
    topic: HistoryTopic,
    present: Severity,
    clears: Coded,
) -> Option<Finding> {
    let wanted = limit::history_no(topic);
    let Some(fact) = facts.history.get(&topic) else {
        return Some(rule.block(Cause::Missing, measured::never_asked(topic), wanted, clears::ask()));
    };
    if fact.candidate && fact.answer != Answered::No {
        let imported = measured::unconfirmed(topic, fact.from.clone());
        return Some(rule.finding(present, Cause::Met, imported, wanted, clears::confirm_import()));
    }
    match fact.answer {
        Answered::No => old_answer(rule, facts, topic, fact.recorded_at),
        Answered::Yes => {
            Some(rule.finding(present, Cause::Met, measured::history_yes(topic, fact.from.clone()), wanted, clears))
        }
        Answered::Unknown => {
            Some(rule.block(Cause::Unknown, measured::history_not_known(topic), wanted, clears::find_out()))
        }
        Answered::Declined => {
            Some(rule.block(Cause::Unknown, measured::history_declined(topic), wanted, clears::ask_again()))
        }
    }
}

/// A history answer older than the rule accepts at this gate.
pub(crate) fn old_answer(rule: &Rule, facts: &Facts, topic: HistoryTopic, at: Timestamp) -> Option<Finding> {
    let most = rule.oldest(facts, Subject::History)?;
    let wanted = limit::history_younger_than(topic, most);
    if at > facts.now {
        let ahead = measured::dated_in_future(Subject::History);
        return Some(rule.block(Cause::Impossible, ahead, wanted, clears::ask_again()));
    }
    if hours_between(at, facts.now) < span_hours(most) {
        return None;
    }
    let asked = measured::history_old(topic, Value::age(at, facts.now));
    Some(rule.block(Cause::TooOld, asked, wanted, clears::ask_again()))
}

/// An answer of the day that is too old for the dose: of another day, or longer ago than the rule accepts. Answers that
/// are no answers of the day have no time here, and are not judged.
pub(crate) fn old_day_answer(rule: &Rule, facts: &Facts, question: Subject) -> Option<Finding> {
    let at = *facts.day.answered_at.get(&question)?;
    let most = rule.oldest(facts, question)?;
    let limit = limit::answered_within(question, most);
    if at > facts.now {
        return Some(rule.block(
            Cause::Impossible,
            measured::dated_in_future(question),
            limit,
            clears::ask_again_today(),
        ));
    }
    let age = Value::age(at, facts.now);
    if at < facts.day_began_at {
        let other_day = measured::answered_another_day(question, age);
        return Some(rule.block(Cause::TooOld, other_day, limit, clears::ask_again_today()));
    }
    (hours_between(at, facts.now) >= span_hours(most))
        .then(|| rule.block(Cause::TooOld, measured::old(question, age), limit, clears::ask_again_today()))
}

/// A fact older than the rule accepts at this gate; `None` where the rule names no age for it there.
pub(crate) fn aged(rule: &Rule, facts: &Facts, what: Subject, at: Timestamp, clears: Coded) -> Option<Finding> {
    rule.oldest(facts, what).and_then(|most| stale(rule, what, at, facts.now, most, clears))
}

/// A span of time in hours.
fn span_hours(most: InForce) -> f64 {
    match most.unit {
        Unit::Minutes => most.value / 60.0,
        Unit::Days => most.value * 24.0,
        _ => most.value,
    }
}

/// A question of the day whose answer must be `wanted`, and fresh; another answer weighs `otherwise`.
pub(crate) fn require_today(
    rule: &Rule,
    facts: &Facts,
    question: Subject,
    answer: Option<Answered>,
    wanted: Answered,
    otherwise: Severity,
    clears: Coded,
) -> Option<Finding> {
    require_answer(rule, question, answer, wanted, otherwise, clears).or_else(|| old_day_answer(rule, facts, question))
}

/// A question whose answer must be `wanted`; another answer weighs `otherwise`.
pub(crate) fn require_answer(
    rule: &Rule,
    question: Subject,
    answer: Option<Answered>,
    wanted: Answered,
    otherwise: Severity,
    clears: Coded,
) -> Option<Finding> {
    let limit = limit::answer(question, wanted);
    let Some(answer) = answer else {
        return Some(rule.block(Cause::Missing, measured::not_asked(question), limit, clears::ask()));
    };
    if answer == wanted {
        return None;
    }
    let cause = match answer {
        Answered::Yes | Answered::No => Cause::Met,
        Answered::Unknown | Answered::Declined => Cause::Unknown,
    };
    Some(rule.finding(otherwise, cause, measured::answer(question, answer), limit, clears))
}

/// Something used less than `hours` ago. Not asked and "not known when" both block.
pub(crate) fn used_within(
    rule: &Rule,
    facts: &Facts,
    what: Subject,
    used: Option<LastUse>,
    hours: InForce,
    severity: Severity,
) -> Option<Finding> {
    let limit = limit::none_within(what, hours);
    match used {
        None => Some(rule.block(Cause::Missing, measured::not_asked_today(what), limit, clears::ask())),
        Some(LastUse::None) => old_day_answer(rule, facts, what),
        Some(LastUse::Unknown) => {
            Some(rule.block(Cause::Unknown, measured::used_when_not_known(what), limit, clears::find_last_use()))
        }
        Some(LastUse::At { at }) if at > facts.now => {
            Some(rule.block(Cause::Impossible, measured::used_in_future(what), limit, clears::correct_time()))
        }
        Some(LastUse::At { at }) if hours_between(at, facts.now) < hours.value => {
            let used = measured::last_used(what, Value::age(at, facts.now));
            Some(rule.finding(severity, Cause::Met, used, limit, clears::wait_since_use(hours)))
        }
        Some(LastUse::At { .. }) => old_day_answer(rule, facts, what),
    }
}

/// What warns in the clinic, where somebody is in the room, and blocks at home, with what would clear it there.
pub(crate) fn home_blocks(facts: &Facts, in_clinic: Coded, at_home: Coded) -> (Severity, Coded) {
    match facts.setting {
        Setting::Clinic => (Severity::Warn, in_clinic),
        Setting::Home => (Severity::Block, at_home),
    }
}

/// Something that the patient is asked about on the day: used less than `hours` ago, home blocks and clinic warns.
pub(crate) fn asked_today(
    rule: &Rule,
    facts: &Facts,
    what: Subject,
    used: Option<LastUse>,
    hours: InForce,
    clear: Coded,
) -> Verdict {
    let (severity, _) = home_blocks(facts, clears::reason(), clears::ask());
    verdict(used_within(rule, facts, what, used, hours, severity), clear)
}

/// Something measured too long ago, or at a time that has not come yet. The limit itself is already too old.
pub(crate) fn stale(
    rule: &Rule,
    what: Subject,
    at: Timestamp,
    now: Timestamp,
    most: InForce,
    clears: Coded,
) -> Option<Finding> {
    let limit = limit::younger_than(what, most);
    if at > now {
        return Some(rule.block(Cause::Impossible, measured::dated_in_future(what), limit, clears::correct_date()));
    }
    if hours_between(at, now) < span_hours(most) {
        return None;
    }
    Some(rule.block(Cause::TooOld, measured::old(what, Value::age(at, now)), limit, clears))
}

/// The finding that something was never measured.
pub(crate) fn missing(rule: &Rule, what: Subject, limit: Coded, clears: Coded) -> Finding {
    rule.block(Cause::Missing, measured::none_recorded(what), limit, clears)
}

/// The finding that no order was written.
pub(crate) fn no_order(rule: &Rule) -> Verdict {
    found(missing(rule, Subject::Order, limit::an_order(), clears::write_order()))
}

/// A laboratory result, there and less than `days` old; else the finding that says what is wrong.
pub(crate) fn dated_lab<'f>(
    rule: &Rule,
    facts: &'f Facts,
    what: Subject,
    lab: Option<&'f LabFact>,
    days: InForce,
) -> Result<&'f LabFact, Finding> {
    let lab = lab.ok_or_else(|| missing(rule, what, limit::younger_than(what, days), clears::new_one(what)))?;
    match stale(rule, what, lab.at, facts.now, days, clears::new_one(what)) {
        Some(finding) => Err(finding),
        None => Ok(lab),
    }
}

/// Every medicine that is known, and the finding that nobody has gone through them, where nobody has.
pub(crate) struct MedicineList<'f> {
    gone_through: &'f [MedicineFact],
    imported: &'f [MedicineFact],
    nobody: Option<Finding>,
    now: Timestamp,
}

/// A medicine of the list, and whether anybody has gone through it with the patient.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'f> {
    /// The medicine.
    pub medicine: &'f MedicineFact,
    unconfirmed: bool,
    now: Timestamp,
}

/// The medicines that a rule judges: those gone through with the patient, and those of another record that nobody has
/// gone through yet, which count as taken until somebody has.
pub(crate) fn medicines<'f>(rule: &Rule, facts: &'f Facts) -> MedicineList<'f> {
    let nobody = facts.medicines.is_none().then(|| {
        let nobody = measured::medicines_not_gone_through();
        rule.block(Cause::Missing, nobody, limit::medicines_gone_through(), clears::go_through_medicines())
    });
    MedicineList {
        gone_through: facts.medicines.as_deref().unwrap_or_default(),
        imported: &facts.imported_medicines,
        nobody,
        now: facts.now,
    }
}

impl<'f> MedicineList<'f> {
    /// Every medicine.
    pub fn all(&self) -> impl Iterator<Item = Listed<'f>> + use<'f> {
        let now = self.now;
        let listed = move |unconfirmed| move |medicine| Listed { medicine, unconfirmed, now };
        self.gone_through.iter().map(listed(false)).chain(self.imported.iter().map(listed(true)))
    }

    /// Medicines of a class taken now, or stopped less than `hours` ago. A stop that lies in the future is still taken.
    pub fn active(&self, class: MedicineClass, hours: f64) -> impl Iterator<Item = Listed<'f>> + use<'f> {
        let now = self.now;
        self.all().filter(move |m| m.medicine.is(class) && m.medicine.active_within_hours(now, hours))
    }

    /// What the rule says: that nobody has gone through the list, where that is so, and what it found in it.
    pub fn verdict(self, findings: impl IntoIterator<Item = Finding>, clear: Coded) -> Verdict {
        verdict(self.nobody.into_iter().chain(findings), clear)
    }
}

impl Listed<'_> {
    /// What is said of it: its name, whether it is taken now, where that is from, and whether anybody has confirmed it.
    pub fn taken(&self) -> Coded {
        let (name, from) = (self.medicine.name.as_str(), self.medicine.from.as_str());
        let taken = match self.medicine.stopped_at {
            Some(stopped) if stopped <= self.now => {
                measured::medicine_stopped(name, Value::age(stopped, self.now), from)
            }
            _ => measured::medicine_taken(name, from),
        };
        self.marked(taken)
    }

    /// What is said of it, marked where nobody has confirmed it.
    pub fn marked(&self, said: Coded) -> Coded {
        if self.unconfirmed { measured::medicine_unconfirmed(said) } else { said }
    }
}
