//! Somebody who has misused ketamine or PCP is not given it, unless two clinicians in the clinic decide otherwise.
//!
//! Rule       Block on misuse of ketamine or PCP, ever. In the clinic a prescriber and a second clinician may override,
//!            each by name and with a reason; at home nobody may.
//! Hazard     HZ-10, misuse or dependence.
//! No answer  Never asked, not known or declined blocks, and cannot be overridden: it can be asked.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1 and E08: exclusion in NCT06795659 and OKTOP, verified twice. The override is a
//!            proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E08-ketamine-misuse",
    controls: Hazard::Misuse,
    says: "Block on misuse of ketamine or PCP, ever; two clinicians may override in the clinic.",
    no_answer: "Never asked, not known, declined, or imported and unconfirmed: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.1 and E08; verified: NCT06795659 eligibility (PTSD); OKTOP eligibility, MedPath. \
             Override: proposed default.",
    signed: None,
    override_by: Override::TwoCliniciansInClinic,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let clears = clears::two_clinicians_in_clinic();
    verdict(absent(rule, facts, HistoryTopic::KetamineMisuse, Severity::Block, clears), clear::no_ketamine_misuse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::{check_everywhere, set, well};

    #[test]
    fn blocks_on_any_misuse_and_on_any_doubt() {
        check_everywhere(
            &RULE,
            "
            ketamine-misuse   finding
            no                -
            yes               block
            candidate         block
            unknown           block: unknown
            declined          block: unknown
            none              block: missing
        ",
        );
    }

    #[test]
    fn two_clinicians_may_override_misuse_and_nobody_a_question_not_asked() {
        let mut facts = well(Setting::Clinic);
        set(&mut facts, "ketamine-misuse", "yes");
        let who = |facts: &Facts| RULE.judge(facts).findings().iter().map(|f| RULE.override_of(f)).collect::<Vec<_>>();
        assert_eq!(who(&facts), [Override::TwoCliniciansInClinic]);
        set(&mut facts, "ketamine-misuse", "none");
        assert_eq!(who(&facts), [Override::Never]);
    }
}
