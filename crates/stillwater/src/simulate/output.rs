//! What was simulated, as a table, as JSON, or drawn.

use std::fmt::Write as _;

use serde_json::json;
use stillwater_pharmacology::{Band, Curve, Expected, ExpectedPoint, Graded};
use stillwater_ui::plot::{Axis, Mark, Plot, Series};

use super::args::{Format, SimulationRequest};
use super::run::SimulationRun;
use crate::ending::CliError;

impl SimulationRun {
    /// In the format asked for.
    pub fn told(&self, ask: &SimulationRequest) -> Result<String, CliError> {
        match ask.format {
            Format::Table => Ok(table(&self.curve, &self.expected)),
            Format::Json => {
                let json = as_json(ask, &self.curve, &self.expected);
                Ok(serde_json::to_string_pretty(&json).map_err(CliError::failure)? + "\n")
            }
            Format::Svg => Ok(drawn(&self.expected).svg_file() + "\n"),
        }
    }
}

fn table(curve: &Curve, expected: &Expected) -> String {
    let mut out = String::new();
    let (points, standing) = expected.points().read();
    let metrics = curve.metrics();
    let _ = writeln!(out, "Model, not measured: {}.", standing.label());
    let _ = writeln!(
        out,
        "Typical, and 5th to 95th percentile of {} virtual people; parameters {}; holds until {:.0} min.\n",
        expected.people,
        expected.version,
        expected.valid_until.value()
    );
    let _ = writeln!(out, "{:>6}  {:>24}  {:>20}  {:>20}", "min", "ketamine ng/mL", "systolic mmHg", "diastolic mmHg");
    let cell = |typical: f64, low: f64, high: f64| format!("{typical:.1} ({low:.1} to {high:.1})");
    for point in points {
        let _ = writeln!(
            out,
            "{:>6.0}  {:>24}  {:>20}  {:>20}",
            point.at.value(),
            cell(point.ketamine.typical.value(), point.ketamine.p5.value(), point.ketamine.p95.value()),
            cell(point.systolic.typical.value(), point.systolic.p5.value(), point.systolic.p95.value()),
            cell(point.diastolic.typical.value(), point.diastolic.p5.value(), point.diastolic.p95.value()),
        );
    }
    let _ = writeln!(out);
    let _ = writeln!(out, "Cmax        {}", metrics.peak);
    let _ = writeln!(out, "Tmax        {}", metrics.peak_at);
    let _ = writeln!(out, "AUC(0-t)    {}", metrics.area);
    let _ = writeln!(out, "AUC(0-inf)  {}", metrics.area_to_infinity);
    let _ = writeln!(out, "half-life   {}", metrics.terminal_half_life);
    let _ = writeln!(out, "F           {}", metrics.bioavailability);
    out
}

fn graded<T: Clone>(value: &Graded<T>, unit: &str, number: fn(&T) -> f64) -> serde_json::Value {
    let (read, standing) = value.read();
    json!({ "value": number(read), "unit": unit, "standing": standing.word(), "basis": value.basis() })
}

fn as_json(args: &SimulationRequest, curve: &Curve, expected: &Expected) -> serde_json::Value {
    let (points, standing) = expected.points().read();
    let metrics = curve.metrics();
    fn band<T: Copy>(band: &Band<T>, number: fn(T) -> f64) -> serde_json::Value {
        json!({ "typical": number(band.typical), "p5": number(band.p5), "p25": number(band.p25),
                "p50": number(band.p50), "p75": number(band.p75), "p95": number(band.p95) })
    }
    let row = |point: &ExpectedPoint| {
        json!({
            "minute": point.at.value(),
            "ketamine": band(&point.ketamine, |level| level.value()),
            "systolic": band(&point.systolic, |rise| rise.value()),
            "diastolic": band(&point.diastolic, |rise| rise.value()),
        })
    };
    json!({
        "model": "model, not measured",
        "parameters": expected.version,
        "holds_until_minute": expected.valid_until.value(),
        "person": { "weight_kg": args.weight, "age_years": args.age, "hypertension": args.hypertension },
        "people": expected.people,
        "seed": args.seed,
        "standing": standing.word(),
        "units": { "ketamine": "ng/mL", "systolic": "mmHg above baseline", "diastolic": "mmHg above baseline" },
        "points": points.iter().map(row).collect::<Vec<_>>(),
        "metrics": {
            "cmax": graded(&metrics.peak, "ng/mL", |v| v.value()),
            "tmax": graded(&metrics.peak_at, "min", |v| v.value()),
            "auc": graded(&metrics.area, "ng·h/mL", |v| v.value()),
            "auc_to_infinity": graded(&metrics.area_to_infinity, "ng·h/mL", |v| v.value()),
            "half_life": graded(&metrics.terminal_half_life, "h", |v| v.value()),
            "bioavailability": graded(&metrics.bioavailability, "", |v| v.value()),
        },
    })
}

fn drawn(expected: &Expected) -> Plot {
    let (points, standing) = expected.points().read();
    let last = points.last().map_or(1.0, |point| point.at.value()).max(1.0);
    let band = points.iter().map(|p| (p.at.value(), p.ketamine.p5.value(), p.ketamine.p95.value()));
    let line = points.iter().map(|p| (p.at.value(), p.ketamine.typical.value()));
    let label = format!("{}; {}", standing.label(), expected.version);
    Plot {
        id: "simulated".to_owned(),
        title: "Expected ketamine in plasma: model, not measured".to_owned(),
        says: label.clone(),
        x: Axis::nice("minutes", [0.0, last]),
        y: Axis::nice(
            "ketamine in plasma, ng/mL: model, not measured",
            points.iter().map(|p| p.ketamine.p95.value()).chain([0.0]),
        ),
        marks: vec![
            Mark::Band { series: Series::A, points: band.collect(), step: false },
            Mark::Line { series: Series::A, points: line.collect(), step: false },
        ],
        key: vec![(Series::A, format!("typical, and 5th to 95th percentile of {} virtual people", expected.people))],
        risk: Vec::new(),
    }
}
