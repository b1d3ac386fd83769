//! An independent solver beside the exact solution.
//!
//! A Dormand-Prince 5(4) integrator works through the equations of the reference (section 2.1), typed here once more
//! with their typical numbers, so that a slip in the matrix of the crate shows. Agreement is to 1e-6 of each curve's
//! highest value, far above the integrator's own tolerance of 1e-10.

use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{Curve, Dose, InfusionStep, Person, Plan, Product, Route};

type X = [f64; 8];

/// One way in, with the numbers of the reference's tables 1b and 1c.
struct Absorption {
    cl: f64,
    ka_m: f64,
    ka_g: f64,
    fg: f64,
    gn: f64,
}

fn slope(w: &Absorption, x: &X, vein: f64, gut: f64) -> X {
    let [m, g, k1, k2, k3, n1, n2, ce] = *x;
    let (v1, v2, v3, q2, q3) = (72.0, 72.0, 148.0, 140.0, 54.0);
    let (fm, cln, qn, vn, vn2) = (0.75, 49.0, 21.4, 58.0, 109.0);
    let ke = 2.0_f64.ln() / 0.1;
    [
        -w.ka_m * m,
        gut - w.ka_g * g,
        vein + w.ka_m * m + w.fg * w.ka_g * g - (w.cl + q2 + q3) / v1 * k1 + q2 / v2 * k2 + q3 / v3 * k3,
        q2 / v1 * k1 - q2 / v2 * k2,
        q3 / v1 * k1 - q3 / v3 * k3,
        fm * w.cl / v1 * k1 + (1.0 - w.fg) * w.gn * w.ka_g * g - (cln + qn) / vn * n1 + qn / vn2 * n2,
        qn / vn * n1 - qn / vn2 * n2,
        ke * (k1 / v1 - ce),
    ]
}

/// Dormand and Prince, J Comput Appl Math 6:19 (1980). Steps are halved until the two orders agree.
fn dormand_prince(w: &Absorption, x: X, vein: f64, gut: f64, hours: f64) -> X {
    const A: [&[f64]; 6] = [
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
        &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
        &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
        &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
    ];
    const E: [f64; 7] =
        [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339200.0, 22.0 / 525.0, -1.0 / 40.0];
    let (mut x, mut t, mut h) = (x, 0.0, (hours / 4.0).min(0.01));
    while t < hours {
        h = h.min(hours - t);
        let mut k = vec![slope(w, &x, vein, gut)];
        let mut next = x;
        for row in A {
            next = x;
            for (weight, k) in row.iter().zip(&k) {
                for (n, k) in next.iter_mut().zip(k) {
                    *n += h * weight * k;
                }
            }
            k.push(slope(w, &next, vein, gut));
        }
        let error = (0..8)
            .map(|i| {
                let e: f64 = h * E.iter().zip(&k).map(|(e, k)| e * k[i]).sum::<f64>();
                e.abs() / (1e-12 + 1e-10 * x[i].abs().max(next[i].abs()))
            })
            .fold(0.0, f64::max);
        if error <= 1.0 {
            t += h;
            x = next;
        }
        h *= (0.9 * error.max(1e-10).powf(-0.2)).clamp(0.2, 5.0);
    }
    x
}

/// An event of the reference's model: at this minute, amounts jump into K1, M and G, and from here on rates run.
struct Event(f64, [f64; 3], [f64; 2]);

fn check(way: &Absorption, events: &[Event], plan: &Plan) {
    let times: Vec<f64> = (0..=96).map(|i| f64::from(i) * 5.0 + 0.25).collect();
    let minutes: Vec<Minutes> = times.iter().map(|t| Minutes::new(*t)).collect();
    let curve = Curve::typical(plan, Person::TYPICAL, &minutes).unwrap();
    let (mut x, mut now, mut rates) = ([0.0; 8], 0.0, [0.0; 2]);
    let mut waiting = events.iter().peekable();
    let mut expected = Vec::new();
    for t in times {
        while let Some(Event(at, [vein, depot, gut], next)) = waiting.next_if(|event| event.0 <= t) {
            x = dormand_prince(way, x, rates[0], rates[1], (at - now) / 60.0);
            now = *at;
            x[2] += vein;
            x[0] += depot;
            x[1] += gut;
            rates = *next;
        }
        x = dormand_prince(way, x, rates[0], rates[1], (t - now) / 60.0);
        now = t;
        expected.push([1000.0 * x[2] / 72.0, 1000.0 * x[7], 1000.0 * x[5] / 58.0]);
    }
    let highest = expected.iter().fold([0.0_f64; 3], |top, row| [0, 1, 2].map(|i| top[i].max(row[i])));
    for (point, row) in curve.points().read().0.iter().zip(&expected) {
        let got = [point.ketamine, point.effect_site, point.norketamine].map(|level| level.value());
        for i in 0..3 {
            assert!((got[i] - row[i]).abs() <= 1e-6 * highest[i], "{i} at {}: {} not {}", point.at, got[i], row[i]);
        }
    }
}

#[test]
fn agrees_on_a_stepped_infusion_with_a_bolus_before_it() {
    let way = Absorption { cl: 82.0, ka_m: 1.0, ka_g: 1.0, fg: 0.0, gn: 0.0 };
    let events = [
        Event(5.0, [7.0, 0.0, 0.0], [0.0, 0.0]),
        Event(10.0, [0.0; 3], [20.0, 0.0]),
        Event(40.0, [0.0; 3], [0.0, 0.0]),
        Event(50.0, [0.0; 3], [80.0, 0.0]),
        Event(95.0, [0.0; 3], [0.0, 0.0]),
    ];
    let step = |mg, minutes| InfusionStep { amount: Mg::new(mg), lasting: Minutes::new(minutes) };
    let steps = vec![step(10.0, 30.0), step(0.0, 10.0), step(60.0, 45.0)];
    let bolus = Dose::at_once(Product::Racemate, Route::Intravenous, Minutes::new(5.0), Mg::new(7.0)).unwrap();
    let infusion = Dose::infusion_in_steps(Product::Racemate, Minutes::new(10.0), steps).unwrap();
    check(&way, &events, &Plan::new(vec![bolus, infusion]).unwrap());
}

#[test]
fn agrees_on_nasal_esketamine_in_two_sittings() {
    let way = Absorption { cl: 90.0, ka_m: 1.82, ka_g: 1.45, fg: 0.17, gn: 0.34 };
    let (nose56, nose84) = (56.0 * 0.2675, 28.0 * 0.35 + 56.0 * 0.185);
    let events = [
        Event(0.0, [0.0, nose56, 0.0], [0.0, (56.0 - nose56) / 0.5]),
        Event(30.0, [0.0; 3], [0.0, 0.0]),
        Event(200.0, [0.0, nose84, 0.0], [0.0, (84.0 - nose84) / 0.5]),
        Event(230.0, [0.0; 3], [0.0, 0.0]),
    ];
    let spray = |at, mg| Dose::at_once(Product::Esketamine, Route::Intranasal, Minutes::new(at), Mg::new(mg)).unwrap();
    check(&way, &events, &Plan::new(vec![spray(0.0, 56.0), spray(200.0, 84.0)]).unwrap());
}

#[test]
fn agrees_on_lozenge_film_injection_and_drink() {
    let at_20 = Minutes::new(20.0);
    let once = |product, route, mg| Plan::single(Dose::at_once(product, route, at_20, Mg::new(mg)).unwrap());
    let lozenge = Absorption { cl: 82.0, ka_m: 3.0, ka_g: 1.5, fg: 0.20, gn: 0.60 };
    let held = [Event(20.0, [0.0, 11.25, 0.0], [0.0; 2]), Event(30.0, [0.0, 0.0, 88.75], [0.0; 2])];
    check(&lozenge, &held, &once(Product::Racemate, Route::Sublingual, 100.0));
    let film = Absorption { cl: 90.0, ka_m: 3.0, ka_g: 1.5, fg: 0.12, gn: 0.60 };
    let held = [Event(20.0, [0.0, 8.0, 0.0], [0.0; 2]), Event(30.0, [0.0, 0.0, 42.0], [0.0; 2])];
    check(&film, &held, &once(Product::Esketamine, Route::Sublingual, 50.0));
    let muscle = Absorption { cl: 82.0, ka_m: 5.0, ka_g: 1.0, fg: 0.0, gn: 0.0 };
    check(&muscle, &[Event(20.0, [0.0, 32.55, 0.0], [0.0; 2])], &once(Product::Racemate, Route::Intramuscular, 35.0));
    let drink = Absorption { cl: 90.0, ka_m: 1.0, ka_g: 2.5, fg: 0.12, gn: 0.70 };
    check(&drink, &[Event(20.0, [0.0, 0.0, 80.0], [0.0; 2])], &once(Product::Esketamine, Route::Oral, 80.0));
}
