//! The safety rules, one file each, and the list that makes them the rule book.
//!
//! A rule is a pure function of [`Facts`]. A protocol may tighten a limit; it can never loosen one past the rule's own
//! default. All findings of a gate are shown, in the order of [`RULES`], which is the order of the rule book.

/// A limit of `RULE`, or of another rule of the same file, by its name; looked up while compiling.
macro_rules! named {
    ($name:literal) => {
        named!(RULE, $name)
    };
    ($rule:ident, $name:literal) => {
        const { $crate::rules::limit_named($rule.limits, $name) }
    };
}

/// The value in force of a limit of `RULE`, by its name.
macro_rules! limit {
    ($rule:expr, $facts:expr, $($name:tt)+) => {
        $rule.limit($facts, named!($($name)+))
    };
}

mod ages;
mod answers;

code_of!(Hazard of "hazard" {
    UnsuitablePerson = "unsuitable-person",
    Pregnancy = "pregnancy",
    PressureSurge = "pressure-surge",
    Respiratory = "respiratory",
    Suicide = "suicide",
    WrongDose = "wrong-dose",
    Interaction = "interaction",
    Unattended = "unattended",
    EarlyRelease = "early-release",
    Misuse = "misuse",
    Consent = "consent",
    Psychosis = "psychosis",
    OrganHarm = "organ-harm",
    LostToFollowUp = "lost-to-follow-up",
});

code_of!(Override of "override" {
    Never = "never",
    PrescriberInClinic = "prescriber-in-clinic",
    Prescriber = "prescriber",
    TwoCliniciansInClinic = "two-clinicians-in-clinic",
});

#[cfg(test)]
mod checks;
pub mod dose;
pub mod eligibility;
pub mod follow_through;
pub mod interactions;
pub mod session;
pub mod suicide;
#[cfg(test)]
pub(crate) mod testing;

use crate::code::code_of;
use crate::coded::{Coded, Value};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
pub use crate::gate::Gate;
use crate::subject::Subject;
use crate::unit::Unit;

/// A harm that rules control; described in `docs/hazards.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hazard {
    /// HZ-01: treated although a condition makes the drug dangerous.
    UnsuitablePerson,
    /// HZ-02: harm to a pregnancy or a breast-fed child.
    Pregnancy,
    /// HZ-03: a pressure surge harms somebody already high.
    PressureSurge,
    /// HZ-04: breathing or consciousness fails.
    Respiratory,
    /// HZ-05: suicidal crisis missed or made worse.
    Suicide,
    /// HZ-06: wrong dose, unit, weight or interval.
    WrongDose,
    /// HZ-07: another drug raises, lowers or adds to the effect.
    Interaction,
    /// HZ-08: alone, or unwatched, when something goes wrong.
    Unattended,
    /// HZ-09: released too early; falls, driving.
    EarlyRelease,
    /// HZ-10: misuse or dependence.
    Misuse,
    /// HZ-11: treated without valid consent.
    Consent,
    /// HZ-12: psychosis or mania provoked.
    Psychosis,
    /// HZ-13: slow organ harm (bladder, liver) missed.
    OrganHarm,
    /// HZ-14: worsening or relapse goes unseen after the session.
    LostToFollowUp,
}

impl Hazard {
    /// Every hazard, by number.
    pub const ALL: [Self; 14] = [
        Self::UnsuitablePerson,
        Self::Pregnancy,
        Self::PressureSurge,
        Self::Respiratory,
        Self::Suicide,
        Self::WrongDose,
        Self::Interaction,
        Self::Unattended,
        Self::EarlyRelease,
        Self::Misuse,
        Self::Consent,
        Self::Psychosis,
        Self::OrganHarm,
        Self::LostToFollowUp,
    ];

    /// The number in the hazard log.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::UnsuitablePerson => "HZ-01",
            Self::Pregnancy => "HZ-02",
            Self::PressureSurge => "HZ-03",
            Self::Respiratory => "HZ-04",
            Self::Suicide => "HZ-05",
            Self::WrongDose => "HZ-06",
            Self::Interaction => "HZ-07",
            Self::Unattended => "HZ-08",
            Self::EarlyRelease => "HZ-09",
            Self::Misuse => "HZ-10",
            Self::Consent => "HZ-11",
            Self::Psychosis => "HZ-12",
            Self::OrganHarm => "HZ-13",
            Self::LostToFollowUp => "HZ-14",
        }
    }
}

/// Who may let a step go ahead in spite of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Override {
    /// Nobody.
    Never,
    /// A named prescriber with a reason, in the clinic only.
    PrescriberInClinic,
    /// A named prescriber with a reason.
    Prescriber,
    /// Two named clinicians with a reason, in the clinic only: a prescriber, and a second prescriber or guide.
    TwoCliniciansInClinic,
}

/// Which way a protocol may move a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TightenDirection {
    /// Only downward.
    Lower,
    /// Only upward.
    Higher,
    /// Not at all.
    Fixed,
}

/// A number that a rule compares with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Name, unique within the rule: `clinic-block-systolic`.
    pub name: &'static str,
    /// The default, which is also the loosest value allowed.
    pub default: f64,
    /// Unit.
    pub unit: Unit,
    /// Which way a protocol may move it.
    pub tighter: TightenDirection,
    /// Of which facts it is the greatest age, and where; `None` for any other limit.
    pub oldest: Option<Oldest>,
}

/// Which facts a limit says the greatest age of, and at which gates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oldest {
    /// The facts.
    pub facts: &'static [Subject],
    /// The gates.
    pub gates: &'static [Gate],
    /// In one setting only.
    pub setting: Option<Setting>,
}

/// The value of a limit that is in force for somebody: the rule's own, or what their protocol tightened it to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InForce {
    /// The limit's name in its rule.
    pub name: &'static str,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

impl From<InForce> for Value {
    fn from(limit: InForce) -> Self {
        Self::Limit { limit: limit.name.into(), value: limit.value, unit: limit.unit }
    }
}

/// One safety rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Number and name: `S01-bp-clinic`; the number is the clinical reference's.
    pub id: &'static str,
    /// The hazard that it controls.
    pub controls: Hazard,
    /// What it does, in a sentence that a clinician can sign.
    pub says: &'static str,
    /// What a missing, stale or impossible value does.
    pub no_answer: &'static str,
    /// The steps in front of which it stands.
    pub gates: &'static [Gate],
    /// The gravest severity that it can give.
    pub severity: Severity,
    /// The numbers.
    pub limits: &'static [Limit],
    /// Where the numbers come from: title, link or section, and standing.
    pub source: &'static str,
    /// Who signed the default; `None` says so on screen.
    pub signed: Option<&'static str>,
    /// Who may override.
    pub override_by: Override,
    /// The rule itself.
    pub check: fn(&Rule, &Facts) -> Verdict,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Rule {
    /// Judges the facts.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Verdict {
        (self.check)(self, facts)
    }

    /// The value of one of this rule's limits in force: the protocol's where that is tighter, else the rule's own. The
    /// limit comes from [`limit_named`], so that one which the rule does not have does not build.
    #[must_use]
    pub fn limit(&self, facts: &Facts, limit: &'static Limit) -> InForce {
        let asked = facts.tightened.get(&(self.id.to_owned(), limit.name.to_owned()));
        let value = asked.map_or(limit.default, |value| limit.tightened_to(*value));
        InForce { name: limit.name, value, unit: limit.unit }
    }

    /// The greatest age that this rule accepts of a fact at the gate for which the facts were gathered.
    #[must_use]
    pub fn oldest(&self, facts: &Facts, fact: Subject) -> Option<InForce> {
        let asked = |limit: &&'static Limit| {
            limit.oldest.is_some_and(|oldest| {
                oldest.facts.contains(&fact)
                    && oldest.gates.contains(&facts.gate)
                    && oldest.setting.is_none_or(|setting| setting == facts.setting)
            })
        };
        self.limits.iter().find(asked).map(|limit| self.limit(facts, limit))
    }

    /// A finding of this rule.
    #[must_use]
    pub fn finding(&self, severity: Severity, cause: Cause, measured: Coded, limit: Coded, clears: Coded) -> Finding {
        Finding { rule: self.id.to_owned(), severity, cause, urgency: None, measured, limit, clears }
    }

    /// A finding that blocks.
    #[must_use]
    pub fn block(&self, cause: Cause, measured: Coded, limit: Coded, clears: Coded) -> Finding {
        self.finding(Severity::Block, cause, measured, limit, clears)
    }

    /// Who may override one finding of this rule. What can be asked or measured is never overridden: only a value that
    /// was met is. A block falls to two clinicians where the rule says so, and otherwise to nobody.
    #[must_use]
    pub fn override_of(&self, finding: &Finding) -> Override {
        match (finding.severity, finding.cause, self.override_by) {
            (Severity::Block, Cause::Met, Override::TwoCliniciansInClinic) => Override::TwoCliniciansInClinic,
            (Severity::Block, _, _) => Override::Never,
            (Severity::Escalate | Severity::Warn, _, by) => by,
        }
    }

    /// A finding that calls for somebody.
    #[must_use]
    pub fn call(&self, urgency: Urgency, cause: Cause, measured: Coded, limit: Coded, clears: Coded) -> Finding {
        Finding { urgency: Some(urgency), ..self.finding(Severity::Escalate, cause, measured, limit, clears) }
    }
}

/// The limit of a rule by its name. For constants only: a name that the rule does not have stops the build.
///
/// # Panics
/// While compiling, when no limit has the name.
#[must_use]
#[expect(clippy::panic, reason = "only the compiler evaluates it; see `limit!`")]
pub const fn limit_named(limits: &'static [Limit], name: &str) -> &'static Limit {
    match limits {
        [] => panic!("the rule has no limit of this name"),
        [first, rest @ ..] => {
            if same(first.name.as_bytes(), name.as_bytes()) {
                first
            } else {
                limit_named(rest, name)
            }
        }
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([], []) => true,
        ([x, a @ ..], [y, b @ ..]) => *x == *y && same(a, b),
        _ => false,
    }
}

impl Limit {
    /// A limit that a protocol may only lower.
    #[must_use]
    pub const fn lower(name: &'static str, default: f64, unit: Unit) -> Self {
        Self { name, default, unit, tighter: TightenDirection::Lower, oldest: None }
    }

    /// A limit that a protocol may only raise.
    #[must_use]
    pub const fn higher(name: &'static str, default: f64, unit: Unit) -> Self {
        Self { name, default, unit, tighter: TightenDirection::Higher, oldest: None }
    }

    /// A limit that a protocol cannot move.
    #[must_use]
    pub const fn fixed(name: &'static str, default: f64, unit: Unit) -> Self {
        Self { name, default, unit, tighter: TightenDirection::Fixed, oldest: None }
    }

    /// The same limit as the greatest age of these facts at these gates.
    #[must_use]
    pub const fn oldest(self, facts: &'static [Subject], gates: &'static [Gate]) -> Self {
        Self { oldest: Some(Oldest { facts, gates, setting: None }), ..self }
    }

    /// As [`Limit::oldest`], in one setting only.
    #[must_use]
    pub const fn oldest_in(self, setting: Setting, facts: &'static [Subject], gates: &'static [Gate]) -> Self {
        Self { oldest: Some(Oldest { facts, gates, setting: Some(setting) }), ..self }
    }

    /// The value in force when a protocol asks for `value`: never looser than the default.
    #[must_use]
    pub fn tightened_to(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return self.default;
        }
        match self.tighter {
            TightenDirection::Lower => value.min(self.default),
            TightenDirection::Higher => value.max(self.default),
            TightenDirection::Fixed => self.default,
        }
    }

    /// Whether a protocol may ask for `value`.
    #[must_use]
    pub fn allows(&self, value: f64) -> bool {
        value.is_finite()
            && match self.tighter {
                TightenDirection::Lower => value <= self.default,
                TightenDirection::Higher => value >= self.default,
                TightenDirection::Fixed => (value - self.default).abs() < f64::EPSILON,
            }
    }
}

/// What one rule says at one gate.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The rule.
    pub rule: &'static Rule,
    /// What it says.
    pub verdict: Verdict,
}

/// Every rule that stands at `gate`, judged, in the order of the rule book.
#[must_use]
pub fn assess(gate: Gate, facts: &Facts) -> Vec<Assessment> {
    let facts = &Facts { gate, ..facts.clone() };
    RULES
        .iter()
        .filter(|rule| rule.gates.contains(&gate))
        .map(|rule| Assessment { rule, verdict: rule.judge(facts) })
        .collect()
}

/// The rules that judge the list of medicines, judged before any plan or order: what they say of medicines that are known.
/// That nobody has gone through the list is D09's word alone, and that there is no route yet is nobody's.
#[must_use]
pub fn assess_medicines(facts: &Facts) -> Vec<Finding> {
    let facts = &Facts { gate: Gate::Order, ..facts.clone() };
    let judged = interactions::ON_MEDICINES.iter().flat_map(|rule| {
        let findings = rule.judge(facts).findings().to_vec();
        let first = rule.id == interactions::d09_medicine_list::RULE.id;
        findings.into_iter().filter(move |finding| first || finding.cause != Cause::Missing)
    });
    judged.collect()
}

/// The rule with an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The rule book, in order: eligibility, interactions, dose, session, suicide, follow-through.
pub static RULES: &[&Rule] = &[
    &eligibility::e01_age::RULE,
    &eligibility::e02_age_caution::RULE,
    &eligibility::e03_vascular::RULE,
    &eligibility::e04_cardiac_stroke::RULE,
    &eligibility::e05_screening_pressure::RULE,
    &eligibility::e06_psychosis_mania::RULE,
    &eligibility::e07_pregnancy::RULE,
    &eligibility::e07_pregnancy::DOSE,
    &eligibility::e08_ketamine_misuse::RULE,
    &eligibility::e09_substance_use::RULE,
    &eligibility::e10_liver::RULE,
    &eligibility::e10_liver::DOSE,
    &eligibility::e11_brain_eye_thyroid::RULE,
    &eligibility::e12_airway_lung::RULE,
    &eligibility::e13_seizures::RULE,
    &eligibility::e14_bladder::RULE,
    &eligibility::e15_baseline::RULE,
    &eligibility::e16_consent::RULE,
    &eligibility::e17_dissociative::RULE,
    &eligibility::e18_in_force::RULE,
    &eligibility::e19_serious_event::RULE,
    &interactions::d01_opioid::RULE,
    &interactions::d01_opioid::TODAY,
    &interactions::d02_alcohol_cannabis::RULE,
    &interactions::d03_benzodiazepine::RULE,
    &interactions::d03_benzodiazepine::TODAY,
    &interactions::d04_stimulant::RULE,
    &interactions::d04_stimulant::LISTED,
    &interactions::d05_cyp::RULE,
    &interactions::d05_cyp::GRAPEFRUIT,
    &interactions::d06_theophylline::RULE,
    &interactions::d07_maoi::RULE,
    &interactions::d07_maoi::TODAY,
    &interactions::d08_effect_blunters::RULE,
    &interactions::d09_medicine_list::RULE,
    &interactions::d09_medicine_list::TODAY,
    &interactions::d09_medicine_list::CLASSED,
    &interactions::d10_thyroid_hormone::RULE,
    &dose::r01_cap::RULE,
    &dose::r02_step::RULE,
    &dose::r02_first_at_home::RULE,
    &dose::r03_interval::RULE,
    &dose::r04_route_change::RULE,
    &dose::r05_weight_unit::RULE,
    &dose::r05_weight_change::RULE,
    &dose::r05_body_size::RULE,
    &dose::r06_iv_rate::RULE,
    &dose::r07_home_supply::RULE,
    &dose::r08_esketamine_rems::RULE,
    &session::s01_bp_clinic::RULE,
    &session::s01_bp_home::RULE,
    &session::s01_pulse::RULE,
    &session::s01_oxygen::RULE,
    &session::s01_breathing::RULE,
    &session::s02_fasting_ride::RULE,
    &session::s03_companion::RULE,
    &session::s03_seen::RULE,
    &session::s03_danger::RULE,
    &session::s04_room::RULE,
    &session::s04_place::RULE,
    &session::s04_means::RULE,
    &session::s05_checks::PRESSURE,
    &session::s05_checks::PULSE,
    &session::s05_checks::OXYGEN,
    &session::s05_checks::BREATHING,
    &session::s05_checks::ALERTNESS,
    &session::s05_checks::LOOK_IN,
    &session::s06_pressure::RULE,
    &session::s06_pulse::RULE,
    &session::s06_oxygen::RULE,
    &session::s06_breathing::RULE,
    &session::s06_sedation::RULE,
    &session::s06_symptoms::RULE,
    &session::s06_distress::RULE,
    &session::s06_duration::RULE,
    &session::s07_contact::RULE,
    &session::s08_time::RULE,
    &session::s08_signs::RULE,
    &session::s08_breathing::RULE,
    &session::s08_checks::RULE,
    &session::s09_no_driving::RULE,
    &session::s10_open_alert::RULE,
    &session::s11_clinic_ready::RULE,
    &suicide::c01_screening::RULE,
    &suicide::c01_screening::DOSE,
    &follow_through::f01_telemedicine::RULE,
    &follow_through::f01_licence::RULE,
    &follow_through::f01_response::RULE,
    &follow_through::f01_response::WORSE,
    &follow_through::f01_review::RULE,
    &follow_through::f01_labs::RULE,
    &follow_through::f01_misuse::RULE,
];
