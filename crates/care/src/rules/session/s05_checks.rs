//! A check that is not done in time calls somebody: every sign of the protocol has a clock of its own.
//!
//! Rule       Blood pressure, pulse, oxygen saturation, breathing and alertness are each due at the minutes of the protocol;
//!            one that is not read 3 minutes after it was due (at home 10) calls, and is due again every 5 minutes. At
//!            home the companion looks in every 15 minutes: 5 minutes late calls, 15 minutes late asks the prescriber, 20 minutes late is
//!            an emergency. One reading counts for its own sign alone.
//! Hazard     HZ-08, alone or unwatched when something goes wrong.
//! No answer  This rule is what a missing reading does: no reading is never a normal one. What a protocol does not ask for
//!            has no clock.
//! Source     Clinical reference 4.2, 5.3 and S05: 3 minutes in the clinic, look-ins at 20, 30 and 35 minutes; 10 minutes
//!            for a reading at home and the 5 minutes of a further miss are proposed defaults.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Urgency, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The numbers of a sign's clock.
const OF_SIGN: &[Limit] = &[
    Limit::lower("late-minutes", 3.0, Unit::Minutes),
    Limit::lower("late-minutes-at-home", 10.0, Unit::Minutes),
    Limit::fixed("again-minutes", 5.0, Unit::Minutes),
];

/// A sign's rule.
const fn sign(id: &'static str, says: &'static str) -> Rule {
    Rule {
        id,
        controls: Hazard::Unattended,
        says,
        no_answer: "A missing reading is what this rule calls for; it is never a normal one.",
        gates: &[Gate::InSession],
        severity: Severity::Escalate,
        limits: OF_SIGN,
        source: "Clinical reference 4.2 and S05; proposed default.",
        signed: None,
        override_by: Override::Never,
        check,
    }
}

/// Blood pressure.
pub const PRESSURE: Rule = sign(
    "S05-pressure",
    "In session: a blood pressure 3 minutes late (at home 10) calls, and is due again every 5 minutes.",
);
/// Pulse.
pub const PULSE: Rule =
    sign("S05-pulse", "In session: a pulse 3 minutes late (at home 10) calls, and is due again every 5 minutes.");
/// Oxygen saturation.
pub const OXYGEN: Rule = sign(
    "S05-oxygen",
    "In session: an oxygen saturation 3 minutes late (at home 10) calls, and is due again every 5 minutes.",
);
/// Breathing.
pub const BREATHING: Rule =
    sign("S05-breathing", "In session: a breathing rate 3 minutes late calls, and is due again every 5 minutes.");
/// Alertness.
pub const ALERTNESS: Rule =
    sign("S05-alertness", "In session: a rating of alertness 3 minutes late calls, and is due again every 5 minutes.");
/// The companion's look-in.
pub const LOOK_IN: Rule = Rule {
    id: "S05-look-in",
    controls: Hazard::Unattended,
    says: "At home: a look-in is due every 15 minutes; 5 minutes late calls; 15 minutes late asks the prescriber; 20 minutes late is an emergency.",
    no_answer: "A missing look-in is what this rule calls for; it is never a normal one.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::fixed("every-minutes", 15.0, Unit::Minutes),
        Limit::lower("late-minutes", 5.0, Unit::Minutes),
        Limit::fixed("prescriber-minutes", 15.0, Unit::Minutes),
        Limit::lower("emergency-minutes", 20.0, Unit::Minutes),
    ],
    source: "Clinical reference 5.3 and S05; proposed default.",
    signed: None,
    override_by: Override::Never,
    check: check_look_in,
};

/// The sign that a rule of this file watches.
fn sign_of(rule: &Rule) -> Subject {
    match rule.id {
        "S05-pressure" => Subject::BloodPressure,
        "S05-pulse" => Subject::HeartRate,
        "S05-oxygen" => Subject::OxygenSaturation,
        "S05-breathing" => Subject::BreathingRate,
        "S05-alertness" => Subject::Alertness,
        _ => Subject::LookIn,
    }
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let what = sign_of(rule);
    let name = match facts.setting {
        Setting::Clinic => named!(PRESSURE, "late-minutes"),
        Setting::Home => named!(PRESSURE, "late-minutes-at-home"),
    };
    overdue(rule, facts, what, name, None)
}

fn check_look_in(rule: &Rule, facts: &Facts) -> Verdict {
    let emergency = Some(named!(LOOK_IN, "emergency-minutes"));
    overdue(rule, facts, Subject::LookIn, named!(LOOK_IN, "late-minutes"), emergency)
}

fn overdue(
    rule: &Rule,
    facts: &Facts,
    what: Subject,
    late: &'static Limit,
    emergency: Option<&'static Limit>,
) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let Some(check) = session.checks.iter().find(|check| check.what == what) else {
        return Verdict::NotApplicable(skip::sign_not_watched(what));
    };
    let minutes = hours_between(check.due_at, facts.now) * 60.0;
    let late = rule.limit(facts, late);
    if minutes < late.value {
        return verdict(None, clear::check_not_late(what));
    }
    let urgency = match emergency.map(|limit| rule.limit(facts, limit)) {
        Some(limit) if minutes >= limit.value => Urgency::Emergency,
        _ => Urgency::CallClinician,
    };
    let measured = measured::check_not_done(what, Value::age(check.due_at, facts.now));
    found(rule.call(urgency, Cause::Missing, measured, limit::done_within(late), clears::do_check_now(what)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn each_sign_calls_by_its_own_clock() {
        for rule in [&PRESSURE, &PULSE, &OXYGEN, &BREATHING, &ALERTNESS] {
            let column = match sign_of(rule) {
                Subject::BloodPressure => "blood-pressure due",
                Subject::HeartRate => "heart-rate due",
                Subject::OxygenSaturation => "oxygen-saturation due",
                Subject::BreathingRate => "breathing-rate due",
                _ => "alertness due",
            };
            let table = |cells: &str| format!("{column}  finding\n{cells}");
            check_rule(
                rule,
                Setting::Clinic,
                &table("in 1 min  -\n2 min  -\n3 min  call: missing\n50 min  call: missing\nnone  n/a"),
            );
            check_rule(rule, Setting::Home, &table("9 min  -\n10 min  call: missing\nnone  n/a"));
        }
    }

    #[test]
    fn a_look_in_that_is_not_done_becomes_an_emergency() {
        check_rule(
            &LOOK_IN,
            Setting::Home,
            "
            look-in due    finding
            4 min          -
            5 min          call: missing
            19 min         call: missing
            20 min         emergency: missing
            none           n/a
        ",
        );
        check_rule(&LOOK_IN, Setting::Home, "session   finding\nnone   n/a");
    }
}
