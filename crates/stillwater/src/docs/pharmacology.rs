//! How well the model of the drug fits what was published: the document with its table, and the drawings beside it.

use std::fmt::Write;

use stillwater_pharmacology::parameters::VERSION;
use stillwater_pharmacology::targets::{ALL, Quantity, Regimen, Target};
use stillwater_pharmacology::units::Minutes;
use stillwater_pharmacology::{Curve, Expected, ModelError, Person, Product, Route, SymptomCourse};
use stillwater_ui::plot::{Axis, Mark, Plot, Series};

use crate::ending::CliError;

/// Virtual people behind each band, and the seed that they are drawn from.
const PEOPLE: usize = 2_000;
const SEED: u64 = 1;

/// What is drawn over the band of one regimen.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Ketamine,
    Systolic,
}

struct Drawing {
    name: &'static str,
    title: &'static str,
    regimen: Regimen,
    of: Of,
    until: f64,
}

const fn at(product: Product, route: Route, mg: f64) -> Regimen {
    Regimen::At { product, route, mg }
}

const DRAWINGS: [Drawing; 10] = [
    Drawing {
        name: "infusion",
        title: "Racemate 35 mg into a vein over 40 min",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "low-infusion",
        title: "Racemate 5 mg into a vein over 30 min",
        regimen: Regimen::Infusion { mg: 5.0, minutes: 30.0 },
        of: Of::Ketamine,
        until: 270.0,
    },
    Drawing {
        name: "steps",
        title: "Racemate into a vein in three steps of an hour",
        regimen: Regimen::Steps,
        of: Of::Ketamine,
        until: 360.0,
    },
    Drawing {
        name: "muscle",
        title: "Racemate 35 mg into a muscle",
        regimen: at(Product::Racemate, Route::Intramuscular, 35.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "muscle-70",
        title: "Racemate 70 mg into a muscle",
        regimen: at(Product::Racemate, Route::Intramuscular, 70.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "nose-esketamine",
        title: "Esketamine 84 mg through the nose",
        regimen: at(Product::Esketamine, Route::Intranasal, 84.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "nose-racemate",
        title: "Racemate 50 mg through the nose",
        regimen: at(Product::Racemate, Route::Intranasal, 50.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "mouth",
        title: "Racemate 35 mg swallowed",
        regimen: at(Product::Racemate, Route::Oral, 35.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "tongue",
        title: "Racemate 100 mg under the tongue (no published level to set beside it, only the share that reaches plasma)",
        regimen: at(Product::Racemate, Route::Sublingual, 100.0),
        of: Of::Ketamine,
        until: 240.0,
    },
    Drawing {
        name: "pressure",
        title: "Rise of systolic pressure, racemate 35 mg into a vein over 40 min",
        regimen: Regimen::Infusion { mg: 35.0, minutes: 40.0 },
        of: Of::Systolic,
        until: 180.0,
    },
];

/// The names of the drawings, each a file `docs/pharmacology/NAME.svg`.
pub fn names() -> impl Iterator<Item = &'static str> {
    DRAWINGS.iter().map(|drawing| drawing.name)
}

/// One drawing as a file.
pub fn plot(name: &str) -> Result<String, CliError> {
    let drawing = DRAWINGS.iter().find(|drawing| drawing.name == name).ok_or_else(|| {
        CliError::Input(format!("there is no drawing {name:?}; there are {}", names().collect::<Vec<_>>().join(", ")))
    })?;
    Ok(drawn(drawing).map_err(CliError::failure)?.svg_file())
}

/// Where a published value stands: minute and value. A highest level has no published minute of its own here, and is drawn at
/// the minute at which the model has its own.
fn observed(target: &Target, drawing: &Drawing) -> Result<Option<(f64, bool)>, ModelError> {
    if target.regimen != drawing.regimen {
        return Ok(None);
    }
    let own_peak = || -> Result<f64, ModelError> {
        let times: Vec<Minutes> = (0..=480).map(|m| Minutes::new(f64::from(m))).collect();
        let curve = Curve::typical(&drawing.regimen.plan()?, Person::TYPICAL, &times)?;
        Ok(curve.metrics().peak_at.read().0.value())
    };
    Ok(match (drawing.of, target.quantity) {
        (Of::Ketamine, Quantity::LevelAt(minute)) => Some((minute, true)),
        (Of::Ketamine, Quantity::Peak) => Some((own_peak()?, false)),
        // The cohort's largest mean rise was seen at 30 to 40 minutes.
        (Of::Systolic, Quantity::Systolic) => Some((35.0, true)),
        _ => None,
    })
}

fn drawn(drawing: &Drawing) -> Result<Plot, ModelError> {
    let steps = 80;
    let times: Vec<Minutes> =
        (0..=steps).map(|n| Minutes::new(drawing.until * f64::from(n) / f64::from(steps))).collect();
    let expected = Expected::of(&drawing.regimen.plan()?, Person::TYPICAL, &times, PEOPLE, SEED)?;
    let values: Vec<(f64, [f64; 3])> = expected
        .points()
        .read()
        .0
        .iter()
        .map(|point| {
            let band = match drawing.of {
                Of::Ketamine => {
                    let band = point.ketamine;
                    [band.p5.value(), band.typical.value(), band.p95.value()]
                }
                Of::Systolic => {
                    let band = point.systolic;
                    [band.p5.value(), band.typical.value(), band.p95.value()]
                }
            };
            (point.at.value(), band)
        })
        .collect();
    let mut marks = vec![
        Mark::Band {
            series: Series::A,
            points: values.iter().map(|(t, [low, _, high])| (*t, *low, *high)).collect(),
            step: false,
        },
        Mark::Line {
            series: Series::A,
            points: values.iter().map(|(t, [_, typical, _])| (*t, *typical)).collect(),
            step: false,
        },
    ];
    let mut highest: Vec<f64> = values.iter().map(|(_, [_, _, high])| *high).chain([0.0]).collect();
    let mut key = vec![(Series::A, "model: typical person, and 5th to 95th percentile".to_owned())];
    for target in ALL {
        if let Some((minute, timed)) = observed(target, drawing)? {
            let series = if timed { Series::B } else { Series::C };
            highest.push(target.observed);
            marks.push(Mark::Whisker {
                series,
                x: minute,
                low: target.observed,
                mid: target.observed,
                high: target.observed,
                nudge: 0.0,
            });
            if !key.iter().any(|(known, _)| *known == series) {
                let words = if timed { "published" } else { "published highest level, at the model's own time of it" };
                key.push((series, words.to_owned()));
            }
        }
    }
    let unit = if drawing.of == Of::Ketamine { "ketamine in plasma, ng/mL" } else { "mmHg above the start" };
    Ok(Plot {
        id: format!("fit-{}", drawing.name),
        title: drawing.title.to_owned(),
        says: format!(
            "{PEOPLE} virtual people of 70 kg and 40 years, seed {SEED}, parameters {VERSION}. Model, not measured."
        ),
        x: Axis::nice("minutes since the beginning of the dose", [0.0, drawing.until]),
        y: Axis::nice(unit, highest),
        marks,
        key,
        risk: Vec::new(),
    })
}

/// The document.
pub fn markdown() -> Result<String, CliError> {
    let mut table = String::new();
    let mut missed = Vec::new();
    let mut errors: Vec<f64> = Vec::new();
    // Those of values that set no parameter, which alone can show a fit.
    let mut apart: Vec<f64> = Vec::new();
    for target in ALL {
        let model = target.model().map_err(CliError::failure)?;
        let decimals = target.decimals.max(usize::from(model < 10.0));
        let far = (model / target.observed - 1.0) * 100.0;
        errors.push(far.abs());
        if !target.fitted {
            apart.push(far.abs());
        }
        let verdict = match (target.missed_by(model), target.fitted) {
            (true, true) => "**missed**, though fitted",
            (true, false) => "**missed**",
            (false, true) => "fitted",
            (false, false) => "met",
        };
        if target.missed_by(model) {
            missed.push(format!(
                "- **{}**, {} ({}): published {} {unit}, model {model:.decimals$} {unit}.",
                target.id,
                target.what,
                target.source,
                target.observed,
                unit = target.quantity.unit()
            ));
        }
        // Writing into a text cannot fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {model:.decimals$} | {far:+.0} % | {verdict} |",
            target.id,
            target.what,
            target.source,
            target.observed,
            if target.spread.is_empty() { "–" } else { target.spread }
        );
    }
    errors.sort_by(f64::total_cmp);
    apart.sort_by(f64::total_cmp);
    let median =
        |sorted: &[f64]| sorted.get(sorted.len() / 2).copied().ok_or_else(|| CliError::failure("there are no targets"));
    let (middle, apart_middle) = (median(&errors)?, median(&apart)?);
    let drawings: String = DRAWINGS
        .iter()
        .map(|drawing| format!("**{0}**\n\n![{0}](pharmacology/{1}.svg)\n\n", drawing.title, drawing.name))
        .collect();
    let one = SymptomCourse::with_doses_on(&[0.0]).map_err(CliError::failure)?;
    let six = SymptomCourse::with_doses_on(&[0.0, 2.0, 4.0, 7.0, 9.0, 11.0]).map_err(CliError::failure)?;
    let effect = |course: &SymptomCourse, day: f64| format!("{:.2}", course.effect_size(day).read().0);
    Ok(include_str!("pharmacology.md")
        .replace("{{sy01}}", &effect(&one, 1.0))
        .replace("{{sy02}}", &effect(&one, 7.0))
        .replace("{{sy03}}", &effect(&six, 14.0))
        .replace("{{sy04}}", &format!("{:.0}", six.half_gone_after().read().0))
        .replace("{{table}}", &table)
        .replace("{{missed}}", &missed.join("\n"))
        .replace("{{count}}", &ALL.len().to_string())
        .replace("{{middle}}", &format!("{middle:.0}"))
        .replace("{{apart}}", &apart.len().to_string())
        .replace("{{apart_middle}}", &format!("{apart_middle:.0}"))
        .replace("{{people}}", &PEOPLE.to_string())
        .replace("{{seed}}", &SEED.to_string())
        .replace("{{version}}", VERSION)
        .replace("{{drawings}}", drawings.trim_end()))
}
