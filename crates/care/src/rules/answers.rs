//! How every rule reads an answer, an age or a laboratory result, so that missing, stale and impossible mean the same
//! thing in each of them, and never count as normal.

use jiff::Timestamp;

use super::Rule;
use crate::facts::{Answered, Facts, HistoryTopic, LabFact, LastUse, MedicineClass, MedicineFact};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{age_words, hours_between};

/// What a rule says once it has gathered its findings.
pub(crate) fn verdict(findings: Vec<Finding>, clear: impl Into<String>) -> Verdict {
    if findings.is_empty() { Verdict::Clear(clear.into()) } else { Verdict::Found(findings) }
}

/// A number as staff write it: at most four decimals, no trailing zeros.
pub(crate) fn number(value: f64) -> String {
    format!("{}", (value * 10_000.0).round() / 10_000.0)
}

/// A count with its unit, in the singular where it is one: `1 hour`, `24 hours`.
pub(crate) fn count(value: f64, unit: &str) -> String {
    let plural = if (value - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("{} {unit}{plural}", number(value))
}

/// A history topic that must be answered "no". A candidate from an import counts as "yes" until staff have looked.
pub(crate) fn absent(
    rule: &Rule,
    facts: &Facts,
    topic: HistoryTopic,
    present: Severity,
    clears: &str,
) -> Option<Finding> {
    let words = topic.words();
    let limit = format!("{words}: no");
    let Some(fact) = facts.history.get(&topic) else {
        return Some(rule.finding(
            Severity::Block,
            Cause::Missing,
            format!("{words}: never asked"),
            limit,
            "ask and record the answer",
        ));
    };
    if fact.candidate && fact.answer != Answered::No {
        let measured = format!("{words}: {}, not yet confirmed", fact.from);
        return Some(rule.finding(present, Cause::Met, measured, limit, "staff confirm or refute the imported entry"));
    }
    match fact.answer {
        Answered::No => None,
        Answered::Yes => {
            Some(rule.finding(present, Cause::Met, format!("{words}: yes ({})", fact.from), limit, clears))
        }
        Answered::Unknown => {
            let measured = format!("{words}: asked, not known");
            Some(rule.finding(Severity::Block, Cause::Unknown, measured, limit, "find out and record yes or no"))
        }
        Answered::Declined => {
            let measured = format!("{words}: asked, would rather not say");
            Some(rule.finding(
                Severity::Block,
                Cause::Unknown,
                measured,
                limit,
                "a clinician asks again and records yes or no",
            ))
        }
    }
}

/// A question of the day or of release whose answer must be `wanted`; another answer weighs `otherwise`.
pub(crate) fn require_answer(
    rule: &Rule,
    question: &str,
    answer: Option<Answered>,
    wanted: Answered,
    otherwise: Severity,
    clears: &str,
) -> Option<Finding> {
    let want = if wanted == Answered::Yes { "yes" } else { "no" };
    let limit = format!("{question}: {want}");
    let Some(answer) = answer else {
        let measured = format!("{question}: not asked");
        return Some(rule.finding(Severity::Block, Cause::Missing, measured, limit, "ask and record the answer"));
    };
    if answer == wanted {
        return None;
    }
    let (cause, said) = match answer {
        Answered::Yes => (Cause::Met, "yes"),
        Answered::No => (Cause::Met, "no"),
        Answered::Unknown => (Cause::Unknown, "not known"),
        Answered::Declined => (Cause::Unknown, "would rather not say"),
    };
    Some(rule.finding(otherwise, cause, format!("{question}: {said}"), limit, clears))
}

/// Something used less than `hours` ago. Not asked and "not known when" both block.
pub(crate) fn used_within(
    rule: &Rule,
    facts: &Facts,
    what: &str,
    used: Option<LastUse>,
    hours: f64,
    severity: Severity,
) -> Option<Finding> {
    let limit = format!("no {what} in the last {}", count(hours, "hour"));
    match used {
        None => Some(rule.finding(
            Severity::Block,
            Cause::Missing,
            format!("{what}: not asked today"),
            limit,
            "ask and record the answer",
        )),
        Some(LastUse::None) => None,
        Some(LastUse::Unknown) => {
            let measured = format!("{what}: used, and not known when");
            Some(rule.finding(Severity::Block, Cause::Unknown, measured, limit, "find out when it was last used"))
        }
        Some(LastUse::At { at }) if at > facts.now => Some(rule.finding(
            Severity::Block,
            Cause::Impossible,
            format!("{what}: last use lies in the future"),
            limit,
            "correct the time",
        )),
        Some(LastUse::At { at }) if hours_between(at, facts.now) < hours => {
            let measured = format!("{what}: last used {} ago", age_words(at, facts.now));
            let clears = format!("wait until {} have passed since the last use", count(hours, "hour"));
            Some(rule.finding(severity, Cause::Met, measured, limit, clears))
        }
        Some(LastUse::At { .. }) => None,
    }
}

/// Something measured too long ago, or at a time that has not come yet. The limit itself is already too old.
pub(crate) fn stale(
    rule: &Rule,
    what: &str,
    at: Timestamp,
    now: Timestamp,
    hours: f64,
    clears: &str,
) -> Option<Finding> {
    let words = match hours {
        h if h < 1.0 => format!("{} old", count(h * 60.0, "minute")),
        h if h >= 48.0 && h % 24.0 == 0.0 => format!("{} old", count(h / 24.0, "day")),
        h => format!("{} old", count(h, "hour")),
    };
    let limit = format!("{what} less than {words}");
    if at > now {
        return Some(rule.finding(
            Severity::Block,
            Cause::Impossible,
            format!("{what}: dated in the future"),
            limit,
            "correct the date",
        ));
    }
    if hours_between(at, now) < hours {
        return None;
    }
    Some(rule.finding(Severity::Block, Cause::TooOld, format!("{what}: {} old", age_words(at, now)), limit, clears))
}

/// The finding that something was never measured.
pub(crate) fn missing(rule: &Rule, what: &str, limit: impl Into<String>, clears: &str) -> Finding {
    rule.finding(Severity::Block, Cause::Missing, format!("{what}: none recorded"), limit, clears)
}

/// A laboratory result, there and less than `days` old; else the finding that says what is wrong.
pub(crate) fn dated_lab<'f>(
    rule: &Rule,
    facts: &'f Facts,
    what: &str,
    lab: Option<&'f LabFact>,
    days: f64,
) -> Result<&'f LabFact, Finding> {
    let clears = format!("a new {what}");
    let lab =
        lab.ok_or_else(|| missing(rule, what, format!("{what} less than {} old", count(days, "day")), &clears))?;
    match stale(rule, what, lab.at, facts.now, days * 24.0, &clears) {
        Some(finding) => Err(finding),
        None => Ok(lab),
    }
}

/// The medicines, or the finding that nobody has gone through them.
pub(crate) fn medicines<'f>(rule: &Rule, facts: &'f Facts) -> Result<&'f [MedicineFact], Finding> {
    facts.medicines.as_deref().ok_or_else(|| {
        rule.finding(
            Severity::Block,
            Cause::Missing,
            "medicines: nobody has gone through them",
            "a list of medicines gone through with the patient",
            "go through the medicines and record them, or that there are none",
        )
    })
}

/// Medicines of a class taken now, or stopped less than `hours` ago. A stop that lies in the future is still taken.
pub(crate) fn active(
    list: &[MedicineFact],
    class: MedicineClass,
    now: Timestamp,
    hours: f64,
) -> impl Iterator<Item = &MedicineFact> {
    list.iter().filter(move |m| m.is(class) && m.active_within_hours(now, hours))
}

/// What is said of a medicine: its name, whether it is taken now, and where that is from.
pub(crate) fn taken(medicine: &MedicineFact, now: Timestamp) -> String {
    match medicine.stopped_at {
        Some(stopped) if stopped <= now => {
            format!("{}, stopped {} ago ({})", medicine.name, age_words(stopped, now), medicine.from)
        }
        _ => format!("{}, taken now ({})", medicine.name, medicine.from),
    }
}
