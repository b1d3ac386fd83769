//! The development targets of the reference: what the default model gives, to the printed precision, beside what was
//! observed. Origin: the project's reference on ketamine pharmacology, section 3. The misses are named and asserted as
//! misses, so that a change that hides one is noticed.

use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{Curve, Dose, Person, Plan, Product, Route, Step};

/// Target | regimen | quantity | observed | what the default model gives, as printed.
const TARGETS: &str = "
    IV-01 | racemate IV 35 mg over 40 min | C at 40      | 185  | 212
    IV-02 | racemate IV 5 mg over 30 min  | Cmax         | 32.1 | 34.9
    IV-03 | racemate IV 5 mg over 30 min  | C at 60      | 13   | 14
    IV-04 | racemate IV 5 mg over 30 min  | C at 120     | 6.84 | 7.69
    IV-05 | racemate IV 5 mg over 30 min  | C at 240     | 3.48 | 3.84
    IV-09 | racemate IV in steps          | C at 60      | 158  | 95.9
    IV-11 | racemate IV in steps          | C at 180     | 522  | 483
    IV-13 | racemate IV in steps          | C at 300     | 123  | 137
    IN-01 | esketamine IN 28 mg           | Cmax         | 43.8 | 44.2
    IN-02 | esketamine IN 28 mg           | AUC to 1440  | 147  | 142
    IN-05 | esketamine IN 84 mg           | Cmax         | 101  | 104
    IN-06 | esketamine IN 84 mg           | AUC to 1440  | 362  | 342
    IN-07 | esketamine IN 84 mg           | Tmax         | 30   | 38
    IN-09 | racemate IN 30 mg             | Cmax         | 60.8 | 50.2
    IN-10 | racemate IN 50 mg             | Cmax         | 77.6 | 83.6
    IN-11 | racemate IN 50 mg             | F            | 45   | 40
    IM-01 | racemate IM 35 mg             | C at 30      | 147  | 160
    IM-02 | racemate IM 70 mg             | C at 15      | 474  | 396
    PO-01 | racemate PO 35 mg             | Cmax         | 45   | 31
    PO-02 | racemate PO 35 mg             | F            | 18   | 20
    SL-01 | racemate SL 100 mg            | F            | 29   | 29
    SL-03 | esketamine SL 50 mg           | F            | 26   | 26.1
    NK-01 | racemate IV in steps          | N at 184.8   | 346  | 309
    NK-04 | racemate IV in steps          | N at 300     | 254  | 202
    NK-05 | esketamine IN 28 mg           | Nmax         | 59.1 | 63.2
    NK-06 | esketamine IN 84 mg           | NAUC to 1440 | 758  | 816
    NK-09 | racemate IN 30 mg             | Nmax         | 68.1 | 68.3
    NK-12 | racemate IN 25 mg             | NAUC to 360  | 200  | 171
    BP-01 | racemate IV 35 mg over 40 min | SBP rise     | 7.4  | 7.41
    BP-02 | racemate IV 35 mg over 40 min | DBP rise     | 6    | 4.82
    BP-03 | racemate IV 35 mg over 40 min | pulse rise   | 1.9  | 2.64
    BP-04 | racemate IV 35 mg over 40 min | SBP peak at  | 35   | 43
    BP-05 | esketamine IN 84 mg           | SBP rise     | 7.2  | 7.82
    BP-06 | esketamine IN 84 mg           | SBP peak at  | 40   | 50
    CA-01 | racemate IV 35 mg over 40 min | mean CADSS   | 7.7  | 10.4
    DI-01 | esketamine IN 56 mg           | dissociation | 61   | 60.7
    DI-02 | esketamine IN 84 mg           | dissociation | 69   | 69.0
    SE-01 | esketamine IN 56 mg           | sedation     | 50   | 49.6
    SE-02 | esketamine IN 84 mg           | sedation     | 61   | 60.9
";

/// Targets that the default model misses by more than a fifth, as the reference says.
const MISSES: [&str; 9] = ["IV-09", "IN-07", "PO-01", "NK-04", "BP-02", "BP-03", "BP-04", "BP-06", "CA-01"];

fn plan(regimen: &str) -> Plan {
    let zero = Minutes::new(0.0);
    if regimen == "racemate IV in steps" {
        // 0.28, 0.57 and 1.14 mg/kg/h, an hour each, for 70 kg.
        let steps = [0.28, 0.57, 1.14].map(|rate| Step { amount: Mg::new(rate * 70.0), lasting: Minutes::new(60.0) });
        return Plan::single(Dose::infusion_in_steps(Product::Racemate, zero, steps.to_vec()).unwrap());
    }
    let words: Vec<&str> = regimen.split_whitespace().collect();
    let product = if words[0] == "racemate" { Product::Racemate } else { Product::Esketamine };
    let amount = Mg::new(words[2].parse().unwrap());
    let dose = match words[1] {
        "IV" => Dose::infusion(product, zero, amount, Minutes::new(words[5].parse().unwrap())),
        "IM" => Dose::at_once(product, Route::Intramuscular, zero, amount),
        "IN" => Dose::at_once(product, Route::Intranasal, zero, amount),
        "SL" => Dose::at_once(product, Route::Sublingual, zero, amount),
        "PO" => Dose::at_once(product, Route::Oral, zero, amount),
        other => panic!("no such route: {other}"),
    };
    Plan::single(dose.unwrap())
}

fn answer(plan: &Plan, quantity: &str) -> f64 {
    let (what, last) = match quantity.rsplit_once(' ') {
        Some((what, number)) if number.parse::<f64>().is_ok() => (what, number.parse().unwrap()),
        _ => (quantity, 480.0),
    };
    let minutes: Vec<Minutes> =
        (0..).map(f64::from).take_while(|m| *m < last).chain([last]).map(Minutes::new).collect();
    let curve = Curve::typical(plan, Person::TYPICAL, &minutes).unwrap();
    let points = curve.points().read().0.clone();
    let acute = curve.acute(Person::TYPICAL).read().0.clone();
    let highest = |values: Vec<f64>| values.into_iter().fold(0.0, f64::max);
    let metrics = curve.metrics();
    match what {
        "C at" => points.last().unwrap().ketamine.value(),
        "N at" => points.last().unwrap().norketamine.value(),
        "Cmax" => metrics.peak.read().0.value(),
        "Tmax" => metrics.peak_at.read().0.value(),
        "AUC to" => metrics.area.read().0.value(),
        "Nmax" => metrics.norketamine_peak.read().0.value(),
        "NAUC to" => metrics.norketamine_area.read().0.value(),
        "F" => 100.0 * metrics.bioavailability.read().0.value(),
        "SBP rise" => highest(acute.iter().map(|a| a.systolic.value()).collect()),
        "DBP rise" => highest(acute.iter().map(|a| a.diastolic.value()).collect()),
        "pulse rise" => highest(acute.iter().map(|a| a.pulse.value()).collect()),
        "SBP peak at" => {
            acute.iter().max_by(|a, b| a.systolic.value().total_cmp(&b.systolic.value())).unwrap().at.value()
        }
        // The mean of a log-normal with a coefficient of variation of 100 per cent is 1.41 times its median.
        "mean CADSS" => 2.0_f64.sqrt() * highest(curve.dissociation(true).read().0.iter().map(|c| c.value()).collect()),
        "dissociation" => 100.0 * curve.chance_of_dissociation().read().0.value(),
        "sedation" => 100.0 * curve.chance_of_sedation().read().0.value(),
        other => panic!("no such quantity: {other}"),
    }
}

#[test]
fn gives_every_target_of_the_reference_to_the_printed_precision() {
    let mut wrong = Vec::new();
    for line in TARGETS.lines().filter(|line| line.contains('|')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [id, regimen, quantity, observed, printed] = cells[..] else { panic!("{line}") };
        let value = answer(&plan(regimen), quantity);
        let decimals = printed.split_once('.').map_or(0, |(_, after)| after.len());
        // A peak is flat, and the grid on which the reference read its time is not told: a minute either way.
        let half = if quantity.contains("Tmax") || quantity.contains("peak at") {
            1.0
        } else {
            0.5 * 10.0_f64.powi(-i32::try_from(decimals).unwrap())
        };
        // A little more than half a digit: the reference prints with its own rounding.
        if (value - printed.parse::<f64>().unwrap()).abs() > half * 1.02 {
            wrong.push(format!("{id} {regimen} {quantity}: {value:.4}, printed {printed}"));
        }
        let observed: f64 = observed.parse().unwrap();
        let misses = (value / observed - 1.0).abs() > 0.195;
        if misses != MISSES.contains(&id) {
            wrong.push(format!("{id} is {}a miss: {value:.2} against {observed}", if misses { "" } else { "not " }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
