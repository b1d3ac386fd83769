//! At home the room is safe, each danger asked by itself.
//!
//! Rule       At home, block unless each is answered: the room is ready, no stairs, no water and no heat within reach, and
//!            nobody is in the person's sole care. Driving is S09's, the address S04-place's, and what kills S04-means'.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  Not asked, asked another day or 2 hours ago or longer, not known or declined blocks.
//! Source     Clinical reference 1.5, 5.2 and S04: report on the Perry autopsy, verified for the case; the rule is a
//!            proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears, skip};
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{require_today, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// What is asked.
const ASKED: [Subject; 5] =
    [Subject::RoomSafe, Subject::StairsNear, Subject::WaterNear, Subject::HeatNear, Subject::SoleCare];

/// The rule.
pub const RULE: Rule = Rule {
    id: "S04-room",
    controls: Hazard::Unattended,
    says: "At home, each asked by itself: the room is ready; no stairs, no water, no heat within reach; nobody in sole care.",
    no_answer: "Not asked, asked 2 hours ago or longer or another day, not known or declined blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[ages::day_answer(&ASKED)],
    source: "Clinical reference 1.5, 5.2 and S04; case verified in news reports of the Perry autopsy; rule: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::room_of_the_clinic());
    }
    let day = &facts.day;
    let asked = [
        (Subject::RoomSafe, day.room_safe, Answered::Yes, clears::make_room_safe()),
        (Subject::StairsNear, day.stairs_near, Answered::No, clears::make_room_safe()),
        (Subject::WaterNear, day.water_near, Answered::No, clears::make_room_safe()),
        (Subject::HeatNear, day.heat_near, Answered::No, clears::make_room_safe()),
        (Subject::SoleCare, day.sole_care, Answered::No, clears::somebody_else_cares()),
    ];
    let findings = asked.into_iter().filter_map(|(question, answer, wanted, clears)| {
        require_today(rule, facts, question, answer, wanted, Severity::Block, clears)
    });
    verdict(findings, clear::room_safe())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn an_unsafe_or_unknown_room_blocks_at_home_only() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            room       finding
            yes        -
            no         block
            unknown    block: unknown
            declined   block: unknown
            none       block: missing
        ",
        );
        for danger in ["stairs", "water", "heat", "sole care"] {
            let table = format!(
                "{danger}   finding\nno   -\nyes   block\nunknown   block: unknown\ndeclined   block: unknown\nnone   block: missing"
            );
            check_rule(&RULE, Setting::Home, &table);
        }
        check_rule(&RULE, Setting::Home, "stairs   water   heat   finding\nyes   yes   yes   block + block + block");
        check_rule(&RULE, Setting::Clinic, "room   finding\nno   n/a\nnone   n/a");
    }
}
