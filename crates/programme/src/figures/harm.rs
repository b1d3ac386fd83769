//! What went wrong, over how many doses; and how soon somebody answered an alert.

use serde::Serialize;
use stillwater_care::facts::Symptom;
use stillwater_care::finding::Urgency;
use stillwater_evidence::change::Rate;
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Missing};
use stillwater_evidence::incidence::{Incidence, incidence};
use stillwater_evidence::survival::{Observation, Quantile, Scale, kaplan_meier};

use crate::outcome_row::{AnsweredAlert, Dose, Harm, NotHeld, OutcomeRow, urgency};

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Harms {
    /// Doses taken.
    pub doses: usize,
    /// People who took them.
    pub people: usize,
    /// Adverse events per 100 doses: all, related to the drug, serious, serious and related.
    pub events: Vec<(&'static str, Result<Incidence, CannotEstimate>)>,
    /// Events whose relation to the drug nobody has judged.
    pub not_judged: usize,
    /// Sessions in which something was marked or done, of those with a dose.
    pub sessions: Vec<(Marked, Result<Rate, CannotEstimate>)>,
}

/// What was marked or done in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Marked {
    /// It was stopped early.
    Stopped,
    /// Somebody called for help.
    Help,
    /// A check was missed.
    CheckMissed,
    /// A symptom.
    Symptom(Symptom),
}

/// Sessions that were planned and not held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NotHeldCount {
    /// Sessions with a dose.
    pub held: usize,
    /// A clinician decided against it on the day.
    pub no_go: usize,
    /// Called off before a dose.
    pub called_off: usize,
    /// The rules that stood at a decision against, each with how often.
    pub rules: Vec<(String, usize)>,
}

/// How soon alerts of one urgency were answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answering {
    /// How grave.
    pub urgency: Urgency,
    /// How many were raised.
    pub raised: usize,
    /// How many nobody has taken on.
    pub not_owned: usize,
    /// How many are not resolved.
    pub open: usize,
    /// Minutes until half were taken on, with the interval.
    pub owned_median: Quantile,
    /// Minutes until nine in ten were taken on.
    pub owned_ninth: Quantile,
    /// Minutes until half were resolved.
    pub resolved_median: Quantile,
    /// Minutes until nine in ten were resolved.
    pub resolved_ninth: Quantile,
}

const USUAL: Confidence = Confidence::PERCENT_95;

pub(crate) fn harms(rows: &[&OutcomeRow]) -> Harms {
    let doses: Vec<&Dose> = rows.iter().flat_map(|row| &row.doses).collect();
    let all: Vec<&Harm> = rows.iter().filter(|row| !row.doses.is_empty()).flat_map(|row| &row.harms).collect();
    let rate = |holds: fn(&Harm) -> bool| {
        let events = all.iter().filter(|harm| holds(harm)).count();
        incidence(events, doses.len() as f64, 100.0, USUAL)
    };
    let share = |holds: &dyn Fn(&Dose) -> bool| {
        let events = doses.iter().filter(|dose| holds(dose)).count();
        Rate::new(events, Missing { expected: doses.len(), answered: doses.len() }, USUAL)
    };
    let mut sessions = vec![
        (Marked::Stopped, share(&|dose| dose.stopped)),
        (Marked::Help, share(&|dose| dose.help)),
        (Marked::CheckMissed, share(&|dose| dose.missed_check)),
    ];
    sessions.extend(
        Symptom::ALL.map(|symptom| (Marked::Symptom(symptom), share(&|dose| dose.symptoms.contains(&symptom)))),
    );
    Harms {
        doses: doses.len(),
        people: rows.iter().filter(|row| !row.doses.is_empty()).count(),
        events: vec![
            ("all adverse events", rate(|_| true)),
            ("related to the drug", rate(|harm| harm.related)),
            ("serious", rate(|harm| harm.serious)),
            ("serious and related", rate(|harm| harm.serious && harm.related)),
        ],
        not_judged: all.iter().filter(|harm| harm.not_judged).count(),
        sessions,
    }
}

pub(crate) fn not_held(rows: &[&OutcomeRow]) -> NotHeldCount {
    let mut count = NotHeldCount { held: rows.iter().map(|row| row.doses.len()).sum(), ..NotHeldCount::default() };
    let mut rules = std::collections::BTreeMap::<&str, usize>::new();
    for one in rows.iter().flat_map(|row| &row.not_held) {
        match one {
            NotHeld::CalledOff => count.called_off += 1,
            NotHeld::NoGo(stood) => {
                count.no_go += 1;
                for rule in stood {
                    *rules.entry(rule).or_default() += 1;
                }
            }
        }
    }
    count.rules = rules.into_iter().map(|(rule, n)| (rule.to_owned(), n)).collect();
    count.rules.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    count
}

/// Gravest first.
pub(crate) fn answering(rows: &[&OutcomeRow], now: i64) -> Vec<Answering> {
    [Urgency::Emergency, Urgency::CallClinician, Urgency::Watch, Urgency::Review]
        .into_iter()
        .filter_map(|level| {
            let alerts: Vec<&AnsweredAlert> =
                rows.iter().flat_map(|row| &row.alerts).filter(|a| urgency(a.urgency) == Some(level)).collect();
            let waited = |alert: &AnsweredAlert| ((now - alert.raised_at) as f64 / 60.0).max(0.0);
            // An alert that still waits has waited so long without being answered; leaving it out would flatter us.
            let times = |after: fn(&AnsweredAlert) -> Option<f32>| -> Vec<Observation> {
                let one = |alert: &&AnsweredAlert| match after(alert) {
                    Some(minutes) => Observation { time: f64::from(minutes).max(0.0), event: true },
                    None => Observation { time: waited(alert), event: false },
                };
                alerts.iter().map(one).collect()
            };
            // Times are finite and from 0 on, so that only a level without any alert has no curve, and no line.
            let owned = kaplan_meier(&times(|alert| alert.owned_after.or(alert.resolved_after))).ok()?;
            let resolved = kaplan_meier(&times(|alert| alert.resolved_after)).ok()?;
            Some(Answering {
                urgency: level,
                raised: alerts.len(),
                not_owned: alerts.len() - owned.events(),
                open: alerts.len() - resolved.events(),
                owned_median: owned.median(Scale::LogLog, USUAL),
                owned_ninth: owned.quantile(0.9, Scale::LogLog, USUAL),
                resolved_median: resolved.median(Scale::LogLog, USUAL),
                resolved_ninth: resolved.quantile(0.9, Scale::LogLog, USUAL),
            })
        })
        .collect()
}
