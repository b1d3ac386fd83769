//! Answers of synthetic people: a total that is aimed at, spread over the items by what troubles the person most.

use stillwater_instruments::{Answer, Catalogue, Number, OptionSet, Responses};

use super::random::Random;

/// What troubles a person most; items of these topics are answered higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MainTrouble {
    /// Flashbacks and anxiety.
    FlashbacksAndAnxiety,
    /// Nightmares and being on guard.
    NightmaresAndGuard,
    /// No one thing.
    Mixed,
}

impl MainTrouble {
    fn weight(self, n: usize) -> f64 {
        // PCL-5 items: 1 memories, 2 nightmares, 3 flashbacks, 4 and 5 reactions to cues, 17 on guard, 18 startle.
        match (self, n) {
            (Self::FlashbacksAndAnxiety, 3..=5) => 1.8,
            (Self::FlashbacksAndAnxiety, 1 | 18) => 1.4,
            (Self::NightmaresAndGuard, 2 | 17) => 1.9,
            (Self::NightmaresAndGuard, 20 | 18) => 1.5,
            (_, 16) => 0.35,
            (_, 8) => 0.6,
            _ => 1.0,
        }
    }
}

/// Spreads a total over items with room for `most` each, by weight, so that the sum is exactly the total.
fn spread(random: &mut Random, total: i64, most: i64, weights: &[f64]) -> Vec<i64> {
    let mut left = total.clamp(0, most * i64::try_from(weights.len()).unwrap_or(0));
    let mut given = vec![0_i64; weights.len()];
    while left > 0 {
        let open: f64 = given.iter().zip(weights).filter(|(g, _)| **g < most).map(|(_, w)| *w).sum();
        let mut at = random.unit() * open;
        for (g, w) in given.iter_mut().zip(weights) {
            if *g >= most {
                continue;
            }
            at -= w;
            if at <= 0.0 {
                *g += 1;
                left -= 1;
                break;
            }
        }
    }
    given
}

fn numbered(prefix: &str, values: &[i64]) -> Responses {
    let mut responses = Responses::default();
    for (n, value) in values.iter().enumerate() {
        responses.set(&format!("{prefix}{}", n + 1), *value);
    }
    responses
}

/// How somebody is when they answer.
#[derive(Clone, Copy, Debug)]
pub struct AnsweringState {
    /// PCL-5 total aimed at.
    pub pcl5: f64,
    /// What troubles them most.
    pub trouble: MainTrouble,
    /// Thoughts of being better off dead (PHQ-9 item 9), 0 to 3.
    pub item9: i64,
    /// A past attempt: keeps the ASQ positive.
    pub past_attempt: bool,
    /// Drinks.
    pub alcohol: i64,
}

/// The answers of somebody in a state to an instrument.
pub fn answer(random: &mut Random, instrument: &str, state: AnsweringState) -> Responses {
    let pcl = state.pcl5.clamp(0.0, 80.0).round() as i64;
    let share = state.pcl5.clamp(0.0, 80.0) / 80.0;
    let weights: Vec<f64> = (1..=20).map(|n| state.trouble.weight(n)).collect();
    match instrument {
        "pcl-5-month" => numbered("pcl5_", &spread(random, pcl, 4, &weights)),
        "pcl-5-week" => numbered("pcl5w_", &spread(random, pcl, 4, &weights)),
        "phq-9" => {
            let total = (share * 24.0 + random.bell() * 1.5).clamp(0.0, 24.0).round() as i64;
            let mut responses = numbered("phq9_", &spread(random, total, 3, &[1.0; 8]));
            responses.set("phq9_9", state.item9);
            if total + state.item9 > 0 {
                responses.set("phq9_10", (share * 3.0).round() as i64);
            }
            responses
        }
        "gad-7" => {
            let total = (share * 22.0 + random.bell() * 1.5).clamp(0.0, 21.0).round() as i64;
            numbered("gad7_", &spread(random, total, 3, &[1.0; 7]))
        }
        "b-ipf" => {
            let total = (share * 42.0 + random.bell() * 3.0).clamp(0.0, 42.0).round() as i64;
            let weights = match state.trouble {
                MainTrouble::NightmaresAndGuard => [1.8, 0.6, 1.3, 1.2, 1.8, 0.6, 1.0],
                _ => [1.0; 7],
            };
            numbered("bipf_", &spread(random, total, 6, &weights))
        }
        "daily-check" => {
            let each = share * 4.6;
            let weigh = |n: usize| (each * state.trouble.weight(n)).clamp(0.0, 4.0).round() as i64;
            let mut responses = numbered("daily_", &[weigh(1), weigh(2), weigh(3), weigh(17), weigh(5)]);
            responses.set("daily_6", 0);
            responses
        }
        "pc-ptsd-5" => {
            let yes = if share > 0.35 { 1 } else { 0 };
            Responses::from([
                ("pcptsd5_0", 1),
                ("pcptsd5_1", 1),
                ("pcptsd5_2", 1),
                ("pcptsd5_3", 1),
                ("pcptsd5_4", yes),
                ("pcptsd5_5", yes),
            ])
        }
        "asq" => {
            let mut responses = Responses::from([("asq_1", 0), ("asq_2", 0), ("asq_3", 0), ("asq_4", 0)]);
            if state.past_attempt {
                responses.set("asq_4", 1);
                responses.set("asq_5", 0);
            }
            responses
        }
        "audit-c" => {
            let mut responses = Responses::from([("auditc_1", state.alcohol.min(4))]);
            if state.alcohol > 0 {
                responses.set("auditc_2", (state.alcohol - 1).clamp(0, 4));
                responses.set("auditc_3", (state.alcohol - 2).clamp(0, 4));
            }
            responses
        }
        "bladder-check" => numbered("bladder_", &[i64::from(random.chance(0.2)), 0, 0, 0, 0, 0, 0]),
        "acute-effects-check" => numbered("acute_", &(0..6).map(|_| random.between(0, 2)).collect::<Vec<_>>()),
        "lec-5" => {
            let happened = match state.trouble {
                MainTrouble::FlashbacksAndAnxiety => [10, 7],
                MainTrouble::NightmaresAndGuard => [6, 8],
                MainTrouble::Mixed => [3, 12],
            };
            let mut responses = Responses::default();
            for n in 1..=17 {
                // "Happened to me" is 1; "doesn't apply" is the last answer.
                let code = if happened.contains(&n) { 1 } else { doesnt_apply() };
                responses.0.insert(format!("lec5_{n}"), Answer::List(vec![Number::whole(code)]));
            }
            responses
        }
        _ => Responses::default(),
    }
}

/// The last answer of the LEC-5.
fn doesnt_apply() -> i64 {
    Catalogue::built_in()
        .get("lec-5")
        .and_then(|i| i.option_sets.first())
        .and_then(OptionSet::range)
        .and_then(|(_, most)| most.as_i64())
        .unwrap_or(6)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_instruments::ScoreContext;

    #[test]
    fn every_answer_is_one_that_the_instrument_takes_and_totals_are_met() {
        let mut random = Random::new(3);
        for (pcl5, trouble) in [
            (0.0, MainTrouble::Mixed),
            (54.0, MainTrouble::NightmaresAndGuard),
            (80.0, MainTrouble::FlashbacksAndAnxiety),
        ] {
            let state = AnsweringState { pcl5, trouble, item9: 0, past_attempt: false, alcohol: 2 };
            for instrument in [
                "pcl-5-month",
                "pcl-5-week",
                "phq-9",
                "gad-7",
                "b-ipf",
                "daily-check",
                "pc-ptsd-5",
                "asq",
                "audit-c",
                "bladder-check",
                "acute-effects-check",
                "lec-5",
            ] {
                let responses = answer(&mut random, instrument, state);
                let scored =
                    Catalogue::built_in().get(instrument).unwrap().score(&responses, &ScoreContext::new(), None);
                let scored = scored.unwrap_or_else(|error| panic!("{instrument}: {error}"));
                assert!(scored.missing.is_empty(), "{instrument}: {:?}", scored.missing);
                if instrument.starts_with("pcl") {
                    assert_eq!(scored.scores.get("total").unwrap().unwrap().as_f64(), pcl5);
                }
            }
        }
    }
}
