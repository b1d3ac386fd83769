//! Golden values of the reference, to 0.1 per cent.
//!
//! Origin: the project's reference on ketamine pharmacology, section 3, "Golden values". There they were worked out
//! with a matrix exponential in Python, one in Rust and an ODE solver, which agreed. Tolerance 0.1 per cent, or half a
//! unit of the last printed digit where that is more.

use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{Curve, Dose, Person, Plan, Product, Route};

/// ng/mL for a typical adult of 70 kg: C plasma ketamine, Ce effect site, N norketamine.
/// Columns: 0.25, 0.5, 0.6667, 1, 1.5, 2, 4 and 8 h.
const GOLDEN: &str = "
    racemate 35 mg IV over 40 min     | C  |  121.64  183.28  212.02  110.99   72.44   56.05   27.56   11.53
    racemate 35 mg IV over 40 min     | Ce |   70.12  146.90  183.86  138.69   81.22   60.36   28.75   11.86
    racemate 35 mg IV over 40 min     | N  |   16.49   48.07   71.20   90.84   85.49   74.25   42.24   21.72
    racemate 35 mg IM                 | C  |  197.85  160.16  129.19   89.72   63.06   49.23   24.72   10.46
    racemate 35 mg IM                 | Ce |  136.91  170.14  150.32  105.34   69.59   52.87   25.76   10.75
    racemate 35 mg IM                 | N  |   33.83   66.73   77.72   83.43   76.51   66.25   38.10   19.85
    racemate 100 mg oral              | C  |   82.55   86.68   79.37   62.96   45.28   34.43   16.23    6.69
    racemate 100 mg oral              | Ce |   52.38   81.41   82.20   69.47   49.84   37.28   16.96    6.88
    racemate 100 mg oral              | N  |  393.95  516.51  522.25  457.92  323.34  219.07   70.94   33.58
    racemate 100 mg sublingual        | C  |   77.11  107.49  105.88   91.85   71.22   55.98   25.93   10.22
    racemate 100 mg sublingual        | Ce |   40.15   90.59  101.95   97.23   76.77   60.09   27.19   10.52
    racemate 100 mg sublingual        | N  |   91.33  263.50  322.05  357.04  314.29  244.97   86.33   35.94
    racemate 50 mg intranasal         | C  |   82.29   79.53   72.78   58.66   44.71   35.44   16.98    6.83
    racemate 50 mg intranasal         | Ce |   55.26   77.03   76.15   64.22   48.34   37.94   17.77    7.03
    racemate 50 mg intranasal         | N  |   26.37   70.35   94.11  113.01  106.57   88.15   37.69   16.87
    esketamine 84 mg intranasal       | C  |   74.44   99.91  104.05   94.61   74.28   57.77   25.22    9.36
    esketamine 84 mg intranasal       | Ce |   44.44   83.97   97.19   98.33   79.92   62.25   26.54    9.64
    esketamine 84 mg intranasal       | N  |   34.21  104.41  146.46  184.74  180.62  151.70   63.83   27.13
";

fn plan(regimen: &str) -> Plan {
    let at = Minutes::new(0.0);
    let once = |product, route, mg| Dose::at_once(product, route, at, Mg::new(mg));
    let dose = match regimen {
        "racemate 35 mg IV over 40 min" => Dose::infusion(Product::Racemate, at, Mg::new(35.0), Minutes::new(40.0)),
        "racemate 35 mg IM" => once(Product::Racemate, Route::Intramuscular, 35.0),
        "racemate 100 mg oral" => once(Product::Racemate, Route::Oral, 100.0),
        "racemate 100 mg sublingual" => once(Product::Racemate, Route::Sublingual, 100.0),
        "racemate 50 mg intranasal" => once(Product::Racemate, Route::Intranasal, 50.0),
        "esketamine 84 mg intranasal" => once(Product::Esketamine, Route::Intranasal, 84.0),
        other => panic!("no such regimen: {other}"),
    };
    Plan::single(dose.unwrap())
}

#[test]
fn reproduces_every_golden_value() {
    let times: Vec<Minutes> = [15.0, 30.0, 40.0, 60.0, 90.0, 120.0, 240.0, 480.0].map(Minutes::new).to_vec();
    let mut seen = 0;
    for row in GOLDEN.lines().filter(|line| !line.trim().is_empty()) {
        let [regimen, state, values] = row.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("unreadable row: {row}")
        };
        let curve = Curve::typical(&plan(regimen), Person::TYPICAL, &times).unwrap();
        let points = curve.points().read().0;
        for (point, printed) in points.iter().zip(values.split_whitespace()) {
            let printed: f64 = printed.parse().unwrap();
            let level = match state {
                "C" => point.ketamine,
                "Ce" => point.effect_site,
                "N" => point.norketamine,
                other => panic!("no such state: {other}"),
            };
            let off = (level.value() - printed).abs();
            assert!(off <= (0.001 * printed).max(0.005), "{regimen} {state} at {}: {level} not {printed}", point.at);
            seen += 1;
        }
    }
    assert_eq!(seen, 6 * 3 * 8);
}
