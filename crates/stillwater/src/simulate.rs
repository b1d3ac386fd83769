//! `stillwater simulate`: what the model of the drug expects, for somebody at a shell. A model, and no advice on dosing.

use std::fmt::Write as _;

use serde_json::json;
use stillwater_pharmacology::units::{Kg, Mg, Minutes, Years};
use stillwater_pharmacology::{
    Band, Curve, Dose, Expected, ExpectedPoint, Graded, ModelError, Person, Plan, Product, Route, Standing,
};

use crate::outcome::{Done, Ended, Trouble, say, say_all};

const AFTER: &str = "\
A model, not a measurement, and no advice on dosing. Levels of one person differ from the typical by a factor of about two.
Every value stands beside its standing: established, calculated, or hypothesis. The model holds until 8 h after the last dose.

Examples:
  stillwater simulate --route intravenous --dose 35/40
  stillwater simulate --route sublingual --dose 100 --dose 50@30 --weight 82 --age 56 --people 2000
  stillwater simulate --product esketamine --route intranasal --dose 84 --format json
  stillwater simulate --route intramuscular --dose 35 --people 500 --format svg > curve.svg

Exit codes: 0 done; 2 a dose, person or time that the model does not take; 3 the output cannot be written.";

/// What was given to whom, and what to tell.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Which ketamine
    #[arg(long, value_enum, default_value_t = ProductName::Racemate)]
    product: ProductName,
    /// Which way in
    #[arg(long, value_enum)]
    route: RouteName,
    /// MG, MG@START or MG@START/LASTING in minutes; MG/LASTING is an infusion from the start. May be given again
    #[arg(long = "dose", required = true, value_name = "MG[@START][/LASTING]")]
    doses: Vec<String>,
    /// Body weight, kg
    #[arg(long, default_value_t = 70.0)]
    weight: f64,
    /// Age, years
    #[arg(long, default_value_t = 40.0)]
    age: f64,
    /// Hypertension has been diagnosed
    #[arg(long)]
    hypertension: bool,
    /// The last minute
    #[arg(long, default_value_t = 240.0)]
    until: f64,
    /// Minutes between two rows
    #[arg(long, default_value_t = 10.0)]
    every: f64,
    /// Virtual people behind the percentiles
    #[arg(long, default_value_t = 1000)]
    people: usize,
    /// The same seed draws the same people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ProductName {
    Racemate,
    Esketamine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum RouteName {
    Intravenous,
    Intramuscular,
    Intranasal,
    Sublingual,
    Oral,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Svg,
}

/// Runs it.
pub fn run(args: &Args) -> Done {
    let plan = plan(args)?;
    let person = Person::adult(Kg::new(args.weight), Years::new(args.age)).map_err(Trouble::input)?;
    let person = if args.hypertension { person.with_hypertension() } else { person };
    if !(args.every > 0.0 && args.until >= args.every && args.until / args.every <= 100_000.0) {
        return Err(Trouble::input(format!(
            "--every {} and --until {} give no times; --every must be above 0 and at most --until",
            args.every, args.until
        )));
    }
    let times: Vec<Minutes> = (0..)
        .map(|row| f64::from(row) * args.every)
        .take_while(|minute| *minute <= args.until)
        .map(Minutes::new)
        .collect();
    let curve = Curve::typical(&plan, person, &times).map_err(Trouble::input)?;
    let expected = Expected::of(&plan, person, &times, args.people, args.seed).map_err(Trouble::input)?;
    match args.format {
        Format::Table => say_all(&table(&curve, &expected))?,
        Format::Json => {
            say(serde_json::to_string_pretty(&as_json(args, &curve, &expected)).map_err(Trouble::failure)?)?
        }
        Format::Svg => say_all(&svg(&expected))?,
    }
    Ok(Ended::Clean)
}

fn plan(args: &Args) -> Result<Plan, Trouble> {
    let product = match args.product {
        ProductName::Racemate => Product::Racemate,
        ProductName::Esketamine => Product::Esketamine,
    };
    let route = match args.route {
        RouteName::Intravenous => Route::Intravenous,
        RouteName::Intramuscular => Route::Intramuscular,
        RouteName::Intranasal => Route::Intranasal,
        RouteName::Sublingual => Route::Sublingual,
        RouteName::Oral => Route::Oral,
    };
    let doses = args.doses.iter().map(|written| dose(product, route, written)).collect::<Result<Vec<_>, _>>()?;
    Plan::new(doses).map_err(Trouble::input)
}

fn dose(product: Product, route: Route, written: &str) -> Result<Dose, Trouble> {
    let number = |text: &str| {
        text.trim().parse::<f64>().map_err(|_| {
            Trouble::input(format!("--dose {written} cannot be read at \"{text}\"; write 35, 50@30 or 35@0/40"))
        })
    };
    let (rest, lasting) = match written.split_once('/') {
        Some((rest, lasting)) => (rest, Some(number(lasting)?)),
        None => (written, None),
    };
    let (amount, start) = match rest.split_once('@') {
        Some((amount, start)) => (number(amount)?, number(start)?),
        None => (number(rest)?, 0.0),
    };
    let (amount, start) = (Mg::new(amount), Minutes::new(start));
    let made = match lasting {
        Some(_) if route != Route::Intravenous => Err(ModelError::NotAnInfusion { route }),
        Some(lasting) => Dose::infusion(product, start, amount, Minutes::new(lasting)),
        None => Dose::at_once(product, route, start, amount),
    };
    made.map_err(|error| Trouble::input(format!("--dose {written}: {error}")))
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

fn as_json(args: &Args, curve: &Curve, expected: &Expected) -> serde_json::Value {
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

fn svg(expected: &Expected) -> String {
    const WIDTH: f64 = 720.0;
    const HEIGHT: f64 = 320.0;
    const LEFT: f64 = 56.0;
    const FLOOR: f64 = HEIGHT - 44.0;
    let (points, standing): (&Vec<ExpectedPoint>, Standing) = expected.points().read();
    let last = points.last().map_or(1.0, |point| point.at.value()).max(1.0);
    let highest = points.iter().map(|point| point.ketamine.p95.value()).fold(1.0, f64::max);
    let place = |minute: f64, level: f64| {
        format!("{:.1},{:.1}", LEFT + minute / last * (WIDTH - LEFT - 12.0), FLOOR - level / highest * (FLOOR - 40.0))
    };
    let join = |points: Vec<String>| points.join(" ");
    let top = points.iter().map(|p| place(p.at.value(), p.ketamine.p95.value()));
    let bottom = points.iter().rev().map(|p| place(p.at.value(), p.ketamine.p5.value()));
    let outline = join(top.chain(bottom).collect());
    let line = join(points.iter().map(|p| place(p.at.value(), p.ketamine.typical.value())).collect());
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">
<title>Expected ketamine in plasma: model, not measured</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="{LEFT}" y="18" font-weight="bold">Ketamine in plasma, ng/mL: model, not measured</text>
<text x="{LEFT}" y="34" fill="#555">{label}; shaded: nine in ten of {people} virtual people; {version}</text>
<polygon points="{outline}" fill="#0f5558" opacity="0.18"/>
<polyline points="{line}" fill="none" stroke="#0f5558" stroke-width="2"/>
<path d="M{LEFT} 40V{FLOOR}H{WIDTH}" fill="none" stroke="#555"/>
<text x="{x}" y="52" text-anchor="end">{highest:.0}</text>
<text x="{x}" y="{FLOOR}" text-anchor="end">0</text>
<text x="{LEFT}" y="{below}">0 min</text>
<text x="{end}" y="{below}" text-anchor="end">{last:.0} min</text>
</svg>
"##,
        label = standing.label(),
        people = expected.people,
        version = expected.version,
        x = LEFT - 6.0,
        below = FLOOR + 18.0,
        end = WIDTH - 12.0,
    )
}
