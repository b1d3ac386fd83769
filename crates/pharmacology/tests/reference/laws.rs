//! Laws that hold for every plan and person, tried on random ones, and the questions that the model refuses.

use proptest::prelude::*;
use stillwater_pharmacology::units::{Kg, Mg, Minutes, Years};
use stillwater_pharmacology::{Curve, Dose, InfusionStep, ModelError, Person, Plan, Preparation, Product, Route};

fn times() -> Vec<Minutes> {
    (0..=60).map(|i| Minutes::new(f64::from(i) * 10.0)).collect()
}

fn curve(plan: &Plan, person: Person) -> Curve {
    Curve::typical(plan, person, &times()).unwrap()
}

fn levels(plan: &Plan, person: Person) -> Vec<[f64; 3]> {
    let curve = curve(plan, person);
    let points = curve.points().read().0.iter();
    points.map(|p| [p.ketamine.value(), p.effect_site.value(), p.norketamine.value()]).collect()
}

fn once(preparation: Preparation, at: f64, mg: f64) -> Dose {
    let devices = preparation == Preparation::new(Product::Esketamine, Route::Intranasal).unwrap();
    let mg = if devices { 28.0 * (mg / 60.0).ceil().clamp(1.0, 3.0) } else { mg };
    Dose::at_once(preparation.product(), preparation.route(), Minutes::new(at), Mg::new(mg)).unwrap()
}

fn any_person() -> impl Strategy<Value = Person> {
    (35.0..200.0_f64, 18.0..110.0_f64).prop_map(|(kg, years)| Person::adult(Kg::new(kg), Years::new(years)).unwrap())
}

fn any_preparation() -> impl Strategy<Value = Preparation> {
    (0..Preparation::ALL.len()).prop_map(|index| Preparation::ALL[index])
}

/// Doses far enough apart that no nasal device counts as a further one of the same sitting.
fn any_plan() -> impl Strategy<Value = Plan> {
    prop::collection::vec((any_preparation(), 0.0..30.0_f64, 1.0..180.0_f64), 1..4).prop_map(|doses| {
        let dose = |(index, (preparation, late, mg)): (usize, (Preparation, f64, f64))| {
            once(preparation, index as f64 * 120.0 + late, mg)
        };
        Plan::new(doses.into_iter().enumerate().map(dose).collect()).unwrap()
    })
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_milligram_is_somewhere(plan in any_plan(), person in any_person()) {
        for balance in curve(&plan, person).balance() {
            let found = balance.outside + balance.waiting + balance.first_pass + balance.in_body + balance.cleared;
            prop_assert!(near(found, balance.given, balance.given), "{balance:?}");
            for part in [balance.outside, balance.waiting, balance.first_pass, balance.in_body, balance.cleared] {
                prop_assert!(part >= -1e-9 * balance.given.max(1.0), "{balance:?}");
            }
        }
    }

    #[test]
    fn doses_add_up(plan in any_plan(), person in any_person()) {
        let whole = levels(&plan, person);
        let mut sum = vec![[0.0; 3]; whole.len()];
        for dose in plan.doses() {
            for (sum, level) in sum.iter_mut().zip(levels(&Plan::single(dose.clone()), person)) {
                for i in 0..3 { sum[i] += level[i]; }
            }
        }
        for (whole, sum) in whole.iter().zip(&sum) {
            for i in 0..3 { prop_assert!(near(whole[i], sum[i], whole[i]), "{whole:?} {sum:?}"); }
        }
    }

    #[test]
    fn twice_the_dose_gives_twice_the_level(
        person in any_person(), preparation in any_preparation(), mg in 1.0..500.0_f64,
    ) {
        prop_assume!(preparation != Preparation::new(Product::Esketamine, Route::Intranasal).unwrap());
        let one = levels(&Plan::single(once(preparation, 0.0, mg)), person);
        let two = levels(&Plan::single(once(preparation, 0.0, 2.0 * mg)), person);
        for (one, two) in one.iter().zip(&two) {
            for i in 0..3 { prop_assert!(near(2.0 * one[i], two[i], two[i])); }
        }
    }

    #[test]
    fn a_higher_dose_gives_a_higher_curve(
        person in any_person(), preparation in any_preparation(), mg in 1.0..170.0_f64, more in 1.01..3.0_f64,
    ) {
        let low = levels(&Plan::single(once(preparation, 0.0, mg)), person);
        let high = levels(&Plan::single(once(preparation, 0.0, mg * more)), person);
        for (low, high) in low.iter().zip(&high) {
            for i in 0..3 { prop_assert!(high[i] >= low[i]); }
        }
    }

    #[test]
    fn faster_clearance_gives_a_smaller_area(
        preparation in any_preparation(), mg in 1.0..500.0_f64, kg in 35.0..200.0_f64, years in 60.0..90.0_f64,
    ) {
        let area = |years| {
            let person = Person::adult(Kg::new(kg), Years::new(years)).unwrap();
            let curve = curve(&Plan::single(once(preparation, 0.0, mg)), person);
            curve.metrics().area_to_infinity.read().0.value()
        };
        prop_assert!(area(years) < area(years + 5.0));
    }

    #[test]
    fn a_stepped_infusion_is_the_sum_of_its_steps(
        person in any_person(), parts in prop::collection::vec((0.5..60.0_f64, 1.0..60.0_f64), 1..5),
    ) {
        let steps = parts.iter().map(|(mg, minutes)| InfusionStep { amount: Mg::new(*mg), lasting: Minutes::new(*minutes) });
        let whole = Dose::infusion_in_steps(Product::Racemate, Minutes::new(0.0), steps.collect()).unwrap();
        let mut from = 0.0;
        let mut single = Vec::new();
        for (mg, minutes) in &parts {
            let dose = Dose::infusion(Product::Racemate, Minutes::new(from), Mg::new(*mg), Minutes::new(*minutes));
            single.push(dose.unwrap());
            from = single.last().unwrap().end().value();
        }
        let whole = levels(&Plan::single(whole), person);
        let parts = levels(&Plan::new(single).unwrap(), person);
        for (whole, parts) in whole.iter().zip(&parts) {
            for i in 0..3 { prop_assert!(near(whole[i], parts[i], whole[i])); }
        }
    }

    #[test]
    fn stopping_an_infusion_never_raises_a_level(
        person in any_person(), mg in 1.0..200.0_f64, minutes in 5.0..120.0_f64, share in 0.05..1.2_f64,
    ) {
        let dose = Dose::infusion(Product::Esketamine, Minutes::new(10.0), Mg::new(mg), Minutes::new(minutes)).unwrap();
        let stopped = dose.stopped_at(Minutes::new(10.0 + share * minutes)).unwrap();
        prop_assert!(stopped.amount().value() <= mg * (1.0 + 1e-12));
        let (whole, less) = (levels(&Plan::single(dose), person), levels(&Plan::single(stopped), person));
        for (whole, less) in whole.iter().zip(&less) {
            for i in 0..3 { prop_assert!(less[i] <= whole[i] + 1e-9 * whole[i].max(1.0)); }
        }
    }
}

#[test]
fn the_area_to_infinity_is_where_the_area_goes() {
    for preparation in Preparation::ALL {
        let plan = Plan::single(once(preparation, 0.0, 60.0));
        let day = Curve::typical(&plan, Person::TYPICAL, &[Minutes::new(6000.0)]).unwrap();
        let (area, whole) = (day.metrics().area.read().0.value(), day.metrics().area_to_infinity.read().0.value());
        assert!((area / whole - 1.0).abs() < 1e-6, "{preparation}: {area} of {whole}");
    }
}

#[test]
fn the_last_phase_has_the_half_life_of_the_reference() {
    let plan = Plan::single(once(Preparation::ALL[0], 0.0, 35.0));
    let curve = Curve::typical(&plan, Person::TYPICAL, &[Minutes::new(2400.0), Minutes::new(2460.0)]).unwrap();
    let points = curve.points().read().0;
    let rate = (points[0].ketamine.value() / points[1].ketamine.value()).ln();
    let half_life = curve.metrics().terminal_half_life.read().0.value();
    assert!((half_life - 2.0_f64.ln() / rate).abs() < 1e-6, "{half_life}");
    assert!((half_life - 3.8).abs() < 0.05, "{half_life}");
}

#[test]
fn refuses_doses_that_are_not_doses() {
    let at = Minutes::new(0.0);
    for mg in [0.0, -1.0, f64::NAN, f64::INFINITY, 2000.1] {
        let oral = Dose::at_once(Product::Racemate, Route::Oral, at, Mg::new(mg));
        assert!(matches!(oral, Err(ModelError::DoseOutside { .. })), "{mg}");
        let infusion = Dose::infusion(Product::Racemate, at, Mg::new(mg), Minutes::new(40.0));
        assert!(matches!(infusion, Err(ModelError::DoseOutside { .. })), "{mg}");
    }
    let spray = Dose::at_once(Product::Esketamine, Route::Intranasal, at, Mg::new(50.0));
    assert_eq!(spray, Err(ModelError::NotADeviceDose { mg: 50.0 }));
    let muscle = Dose::at_once(Product::Esketamine, Route::Intramuscular, at, Mg::new(50.0));
    assert!(matches!(muscle, Err(ModelError::NotModelled { .. })));
}

#[test]
fn refuses_times_that_cannot_be() {
    let infusion =
        |start, minutes| Dose::infusion(Product::Racemate, Minutes::new(start), Mg::new(35.0), Minutes::new(minutes));
    for minutes in [0.0, -5.0, f64::NAN] {
        assert!(matches!(infusion(0.0, minutes), Err(ModelError::EndBeforeStart { .. })), "{minutes}");
    }
    for start in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(infusion(start, 40.0), Err(ModelError::TimeOutside { .. })), "{start}");
    }
    let dose = infusion(10.0, 40.0).unwrap();
    assert_eq!(dose.stopped_at(Minutes::new(10.0)), Err(ModelError::EndBeforeStart { start: 10.0, end: 10.0 }));
    let early = infusion(0.0, 40.0).unwrap();
    assert_eq!(
        Plan::new(vec![early.clone(), dose.clone()]),
        Err(ModelError::InfusionsOverlap { first_ends: 40.0, next_starts: 10.0 })
    );
    assert!(Plan::new(vec![early.clone(), infusion(40.0, 40.0).unwrap()]).is_ok());
    assert!(matches!(Plan::new(vec![dose, early.clone()]), Err(ModelError::TimesNotAscending { position: 2, .. })));
    assert_eq!(Plan::new(vec![]), Err(ModelError::NoDose));
    let ask = |times: &[f64]| {
        let times: Vec<_> = times.iter().map(|t| Minutes::new(*t)).collect();
        Curve::typical(&Plan::single(early.clone()), Person::TYPICAL, &times).map(|_| ())
    };
    assert_eq!(ask(&[]), Err(ModelError::NoTime));
    assert_eq!(ask(&[5.0, 5.0]), Err(ModelError::TimesNotAscending { position: 2, minutes: 5.0 }));
    assert!(matches!(ask(&[f64::NAN]), Err(ModelError::TimeOutside { .. })));
}
