//! The targets on symptoms and on deep pressure, and what virtual people look like together. Origin: the project's reference on
//! ketamine pharmacology, sections 2.3, 2.7 and 3.

use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{
    Curve, Dose, ModelError, Person, Plan, Product, Route, Standing, SymptomCourse, VirtualTrial, relative_exposures,
    virtual_readings,
};

fn six_in_two_weeks() -> SymptomCourse {
    SymptomCourse::with_doses_on(&[0.0, 2.0, 4.0, 7.0, 9.0, 11.0]).unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64, apart: f64) {
    assert!((found - expected).abs() <= apart, "{found} and {expected}");
}

/// SY-01 and SY-02, Borgogna 2024: 0.35 at 24 h and 0.24 at a week. Both were used to set the curve.
#[test]
fn one_dose_gives_the_pooled_effects_at_a_day_and_a_week() {
    let one = SymptomCourse::with_doses_on(&[0.0]).unwrap();
    near(*one.effect_size(1.0).read().0, 0.336, 5e-4);
    near(*one.effect_size(7.0).read().0, 0.262, 5e-4);
    assert_eq!(one.effect_size(1.0).standing(), Standing::Hypothesis);
}

/// SY-03, Feder 2021: 1.13 at two weeks (0.36 to 1.91). The model gives 0.67: a miss of 0.46, inside the trial's interval.
#[test]
fn six_doses_miss_the_effect_of_feder_2021_and_stay_inside_its_interval() {
    let found = *six_in_two_weeks().effect_size(14.0).read().0;
    near(found, 0.666, 5e-4);
    assert!((found - 1.13).abs() > 0.4 && (0.36..1.91).contains(&found));
}

/// SY-04, Murrough 2013: half had relapsed 18 days after the last of six infusions; the reference's model prints 22.2. Half of
/// the effect is gone here after the same time to within half a day, which is the reading of "relapse" that reproduces it.
#[test]
fn half_of_the_effect_of_six_doses_is_gone_after_three_weeks() {
    let found = *six_in_two_weeks().half_gone_after().read().0;
    near(found, 22.2, 0.5);
    assert!(found / 18.0 - 1.0 > 0.195, "a miss, as the reference says");
}

/// CV-01, Langsjo 2005: mean arterial pressure 24 mmHg up at about 1959 ng/mL of S-ketamine. The reference's model prints 22.9.
#[test]
fn deep_levels_raise_pressure_as_langsjo_measured() {
    // An infusion of esketamine that reaches the level, found by halving.
    let at_end = |mg: f64| {
        let dose = Dose::infusion(Product::Esketamine, Minutes::new(0.0), Mg::new(mg), Minutes::new(40.0)).unwrap();
        let curve = Curve::typical(&Plan::single(dose), Person::TYPICAL, &[Minutes::new(40.0)]).unwrap();
        let acute = curve.acute(Person::TYPICAL).read().0[0];
        let mean = (acute.systolic.value() + 2.0 * acute.diastolic.value()) / 3.0;
        (curve.effect_site().read().0[0].value(), mean)
    };
    let (mut low, mut high) = (100.0, 2000.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_end(middle).0 < 1959.0 { low = middle } else { high = middle }
    }
    let (level, rise) = at_end(low);
    near(level, 1959.0, 0.1);
    near(rise, 22.9, 0.2);
}

/// The reference's check of virtual sessions: the highest reading of a session is about 18 ± 8 mmHg above the start, and one
/// session in a hundred exceeds 40. The grid of its readings is not told; here every 20 minutes to 80.
#[test]
fn the_highest_reading_of_virtual_sessions_is_what_cohorts_see() {
    let dose = Dose::infusion(Product::Racemate, Minutes::new(0.0), Mg::new(35.0), Minutes::new(40.0)).unwrap();
    let plan = Plan::single(dose);
    let times: Vec<Minutes> = [20.0, 40.0, 60.0, 80.0].map(Minutes::new).to_vec();
    let highest: Vec<f64> = (0..2_000)
        .map(|number| {
            let readings = virtual_readings(&plan, Person::TYPICAL, &times, 7, number).unwrap();
            readings.read().0.iter().map(|rise| rise.value()).fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    let n = highest.len() as f64;
    let mean = highest.iter().sum::<f64>() / n;
    let sd = (highest.iter().map(|rise| (rise - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    near(mean, 18.0, 2.0);
    near(sd, 8.0, 1.5);
    let beyond = highest.iter().filter(|rise| **rise > 40.0).count() as f64 / n;
    assert!((0.001..0.03).contains(&beyond), "{beyond} exceed 40 mmHg");
}

#[test]
fn trials_on_paper_disagree_and_the_same_seed_gives_the_same_people() {
    let course = six_in_two_weeks();
    let largest: Vec<f64> = (0..400).map(|seed| VirtualTrial::drawn(seed).largest).collect();
    near(largest.iter().sum::<f64>() / 400.0, 1.0, 0.1);
    assert!(largest.contains(&0.0) && largest.iter().any(|one| *one > 1.8));
    let of = |number: u64| *course.change_of(VirtualTrial::TYPICAL, 14.0, 3, number).read().0;
    assert_eq!(of(5).to_bits(), of(5).to_bits());
    let mean = (0..4_000).map(of).sum::<f64>() / 4_000.0;
    // Eight points that every arm gains, and 0.67 of 12 points, somewhat less since people who fade sooner lose more.
    near(mean, -15.6, 0.8);
    let none = VirtualTrial { largest: 0.0, everybody_gains: 8.0 };
    near(*course.change_of(none, 14.0, 3, 1).read().0, -8.0, 1e-12);
}

#[test]
fn exposures_lie_about_one_and_spread_as_clearance_does() {
    let dose = Dose::infusion(Product::Racemate, Minutes::new(0.0), Mg::new(35.0), Minutes::new(40.0)).unwrap();
    let plan = Plan::single(dose);
    let of = |seed| relative_exposures(&plan, Person::TYPICAL, 2_000, seed).unwrap().read().0.clone();
    let found = of(4);
    assert_eq!(found, of(4));
    let mut sorted = found.clone();
    sorted.sort_by(f64::total_cmp);
    near(sorted[1_000], 1.0, 1e-12);
    let mean = found.iter().sum::<f64>() / 2_000.0;
    let cv = (found.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 1_999.0).sqrt() / mean;
    // Clearance varies by 25 % between people, and the area over eight hours by somewhat less.
    assert!((0.15..0.30).contains(&cv), "{cv}");
    assert!(matches!(relative_exposures(&plan, Person::TYPICAL, 3, 1), Err(ModelError::PeopleOutside { .. })));
}

#[test]
fn no_dose_and_a_day_that_is_none_are_refused() {
    assert!(matches!(SymptomCourse::with_doses_on(&[]), Err(ModelError::NoDose)));
    assert!(matches!(SymptomCourse::with_doses_on(&[0.0, -1.0]), Err(ModelError::TimeOutside { .. })));
    let oral = Dose::at_once(Product::Racemate, Route::Oral, Minutes::new(0.0), Mg::new(35.0)).unwrap();
    let refused = virtual_readings(&Plan::single(oral), Person::TYPICAL, &[], 1, 1);
    assert!(matches!(refused, Err(ModelError::NoTime)));
}
