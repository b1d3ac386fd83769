//! Combinations of age, sex, service and setting that too few people share are made coarser, step by step.
//!
//! Somebody who knows a person ("a woman of 41, a veteran, treated at home") must not find them alone in the set. Every
//! combination *as printed* is shared by at least `k` people (k-anonymity, Sweeney 2002, by local recoding): a
//! combination that is rarer goes one [step](STEPS) up, for those people only, until it is not. Nobody is taken out.

use std::collections::BTreeMap;

use stillwater_care::chart::{Chart, age_on};
use stillwater_care::code::Code;
use stillwater_care::facts::{Setting, Sex};

/// How much was taken from a person's combination; each step includes those before it.
pub const STEPS: [&str; 6] = [
    "as recorded, age in bands of about 10 years",
    "age in bands of about 20 years",
    "age suppressed",
    "age and service suppressed",
    "age, service and sex suppressed",
    "everything suppressed, with protocol, route, product and dose, which would tell the setting",
];

/// The last step, at which nothing is left.
pub const LAST: u8 = 5;

/// What is printed in place of something that was taken out.
pub const SUPPRESSED: &str = "suppressed";
/// What is printed where nobody asked or decided.
pub const UNKNOWN: &str = "unknown";

/// Age bands, each with the first age that is above it, and the wider band that it lies in.
const BANDS: [(&str, i64, &str); 7] = [
    ("0-17", 18, "0-34"),
    ("18-24", 25, "0-34"),
    ("25-34", 35, "0-34"),
    ("35-44", 45, "35-54"),
    ("45-54", 55, "35-54"),
    ("55-64", 65, "55+"),
    ("65+", i64::MAX, "55+"),
];
/// Every age band that can be printed.
pub const AGE_BANDS: [&str; 12] =
    ["0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+", "0-34", "35-54", "55+", UNKNOWN, SUPPRESSED];

/// What somebody who knows a person may know of them, before anything is made coarser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quasi {
    band: Option<u8>,
    sex: &'static str,
    veteran: &'static str,
    setting: &'static str,
}

/// A combination as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printed {
    /// Age at referral, in a band.
    pub age_band: &'static str,
    /// Sex as recorded.
    pub sex: &'static str,
    /// Served in the armed forces.
    pub veteran: &'static str,
    /// Where the course takes place.
    pub setting: &'static str,
}

impl Quasi {
    /// From what is known of somebody.
    #[must_use]
    pub fn new(age_years: Option<i64>, sex: Option<Sex>, veteran: Option<bool>, setting: Option<Setting>) -> Self {
        Self {
            band: age_years
                .and_then(|age| BANDS.iter().position(|(_, above, _)| age < *above))
                .and_then(|at| u8::try_from(at).ok()),
            sex: match sex {
                Some(Sex::Female) => "female",
                Some(Sex::Male) => "male",
                Some(Sex::Other) => "other",
                None => UNKNOWN,
            },
            veteran: match veteran {
                Some(true) => "yes",
                Some(false) => "no",
                None => UNKNOWN,
            },
            setting: setting.map_or(UNKNOWN, Code::code),
        }
    }

    /// Of a chart: age on the day of the first referral, and the setting of the plan or of the decision.
    #[must_use]
    pub fn of(chart: &Chart) -> Self {
        let who = chart.demographics.as_ref();
        let age = who
            .zip(chart.courses().first().map(|course| course.referred_at))
            .and_then(|(who, at)| age_on(who.birth_date, chart.local_date(at)));
        let setting = chart
            .plan()
            .map(|plan| plan.setting)
            .or_else(|| chart.eligibility().filter(|e| e.eligible).map(|e| e.setting));
        Self::new(age, who.map(|who| who.sex), who.and_then(|who| who.veteran), setting)
    }

    /// The combination as printed at a step.
    #[must_use]
    pub fn printed(&self, step: u8) -> Printed {
        let band = self.band.and_then(|band| BANDS.get(usize::from(band)));
        let or_suppressed = |kept: bool, value: &'static str| if kept { value } else { SUPPRESSED };
        Printed {
            age_band: match (step, band) {
                (0, Some((narrow, _, _))) => narrow,
                (1, Some((_, _, wide))) => wide,
                (0 | 1, None) => UNKNOWN,
                _ => SUPPRESSED,
            },
            sex: or_suppressed(step < 4, self.sex),
            veteran: or_suppressed(step < 3, self.veteran),
            setting: or_suppressed(step < LAST, self.setting),
        }
    }
}

/// How far each person's combination was made coarser, in the order in which the people were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The step of each person.
    pub steps: Vec<u8>,
}

impl Levels {
    /// How many people stand at each step.
    #[must_use]
    pub fn counts(&self) -> [usize; STEPS.len()] {
        let mut counts = [0; STEPS.len()];
        for step in &self.steps {
            if let Some(count) = counts.get_mut(usize::from(*step)) {
                *count += 1;
            }
        }
        counts
    }
}

/// So few people that nobody could be hidden among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are {people} people, and each combination has to be shared by at least {k}; nobody could be hidden among so few"
)]
pub struct TooFew {
    /// People in the set.
    pub people: usize,
    /// The least that must share a combination.
    pub k: usize,
}

/// Finds the step of each person, so that every printed combination is shared by at least `k`.
///
/// # Errors
/// [`TooFew`] when there are fewer than `k` people and more than none.
pub fn coarsen(people: &[Quasi], k: usize) -> Result<Levels, TooFew> {
    if !people.is_empty() && people.len() < k {
        return Err(TooFew { people: people.len(), k });
    }
    let mut steps = vec![0_u8; people.len()];
    for step in 0..LAST {
        let counts = count(people, &steps);
        for (quasi, at) in people.iter().zip(&mut steps) {
            if *at <= step && counts.get(&quasi.printed(*at)).is_some_and(|n| *n < k) {
                *at = step + 1;
            }
        }
    }
    // Whoever is left alone with nothing printed is joined by the smallest other combination.
    loop {
        let mut counts = count(people, &steps);
        let nothing = Quasi::new(None, None, None, None).printed(LAST);
        match counts.remove(&nothing) {
            Some(few) if few < k => {}
            _ => return Ok(Levels { steps }),
        }
        let Some((smallest, _)) = counts.into_iter().min_by_key(|(printed, n)| (*n, *printed)) else {
            return Ok(Levels { steps });
        };
        for (quasi, at) in people.iter().zip(&mut steps) {
            if quasi.printed(*at) == smallest {
                *at = LAST;
            }
        }
    }
}

fn count(people: &[Quasi], steps: &[u8]) -> BTreeMap<Printed, usize> {
    let mut counts = BTreeMap::new();
    for (quasi, step) in people.iter().zip(steps) {
        *counts.entry(quasi.printed(*step)).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn crowd(n: u64, seed: u64) -> Vec<Quasi> {
        let mut state = seed;
        let mut draw = |below: u64| {
            // A linear congruential generator (Knuth's MMIX constants), for a crowd that is the same each time.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        (0..n)
            .map(|_| {
                let age = (draw(20) > 0).then(|| 16 + i64::try_from(draw(70)).unwrap());
                let sex =
                    [Some(Sex::Male), Some(Sex::Female), Some(Sex::Other), None].get(draw(9) as usize % 4).copied();
                let veteran = [Some(true), Some(false), None].get(draw(3) as usize).copied().flatten();
                let setting =
                    [Some(Setting::Clinic), Some(Setting::Home), None].get(draw(3) as usize).copied().flatten();
                Quasi::new(age, sex.flatten(), veteran, setting)
            })
            .collect()
    }

    #[track_caller]
    fn check(people: &[Quasi], k: usize) -> Levels {
        let levels = coarsen(people, k).unwrap();
        assert_eq!(levels.steps.len(), people.len(), "nobody is taken out");
        for (printed, n) in count(people, &levels.steps) {
            assert!(n >= k, "{n} share {printed:?}");
        }
        levels
    }

    #[test]
    fn every_printed_combination_is_shared_by_k_or_more() {
        for n in [5, 6, 9, 17, 40, 300, 2000] {
            for k in [1, 2, 5, 11] {
                for seed in 1..20 {
                    if n as usize >= k {
                        check(&crowd(n, seed), k);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_taken_where_enough_share_it_and_a_lone_one_loses_only_what_it_must() {
        let common = Quasi::new(Some(40), Some(Sex::Male), Some(true), Some(Setting::Clinic));
        let older = Quasi::new(Some(50), Some(Sex::Male), Some(true), Some(Setting::Clinic));
        let mut people = vec![common; 5];
        people.extend([older; 5]);
        assert_eq!(check(&people, 5).counts(), [10, 0, 0, 0, 0, 0]);
        // Four of each: neither fills its band, and the wider one holds both.
        assert_eq!(check(&[[common; 4], [older; 4]].concat(), 5).counts(), [0, 8, 0, 0, 0, 0]);
        // One woman alone: nobody else is at a step where she could hide, so five men lose everything with her.
        people.push(Quasi::new(Some(40), Some(Sex::Female), None, None));
        assert_eq!(check(&people, 5).counts(), [5, 0, 0, 0, 0, 6]);
    }

    #[test]
    fn too_few_people_are_refused() {
        let one = Quasi::new(Some(40), Some(Sex::Male), Some(true), None);
        assert_eq!(coarsen(&[one; 4], 5), Err(TooFew { people: 4, k: 5 }));
        assert_eq!(coarsen(&[], 5).unwrap().steps.len(), 0);
    }

    #[test]
    fn bands_turn_at_their_edges_and_lie_within_the_wider_ones() {
        let at = |age: i64, step| Quasi::new(Some(age), None, None, None).printed(step).age_band;
        for (age, narrow, wide) in
            [(17, "0-17", "0-34"), (18, "18-24", "0-34"), (24, "18-24", "0-34"), (34, "25-34", "0-34")]
                .into_iter()
                .chain([(35, "35-44", "35-54"), (54, "45-54", "35-54"), (55, "55-64", "55+"), (65, "65+", "55+")])
        {
            assert_eq!((at(age, 0), at(age, 1), at(age, 2)), (narrow, wide, SUPPRESSED), "{age}");
            assert!(AGE_BANDS.contains(&narrow) && AGE_BANDS.contains(&wide));
        }
    }
}
