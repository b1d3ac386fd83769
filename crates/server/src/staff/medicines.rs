//! The list of medicines on the intake page: what is known of each by the tables, what the person at the desk chose, and the
//! question that is asked where the two do not agree or nobody knows.

use maud::{Markup, html};
use stillwater_care::chart::Chart;
use stillwater_care::event::Medicine;
use stillwater_care::facts::{MedicineClass, MedicineFact};
use stillwater_fhir::medicines::{Classed, classify_recorded};
use stillwater_ui::{self as ui, Field, Flag};
use stillwater_words::Words;

use super::desk::{ChartPage, local_noon, stored};
use crate::http::Form;

/// How many empty lines for medicines stand under those already known.
const SPARE_LINES: usize = 4;
/// A form has no more lines than this; a longer list is refused and not cut short.
const MOST_LINES: usize = 2000;

/// The medicines as they were sent. What has no class is looked up, and asked about with the boxes ticked that the tables
/// would tick; so is a class that the tables know and nobody ticked, once.
pub fn read(chart: &Chart, typed: &mut Form) -> Vec<Medicine> {
    let mut all = Vec::new();
    if typed.fields().any(|(name, _)| name == field(MOST_LINES, "name")) {
        typed.wrong(&field(0, "name"), format!("A list has at most {MOST_LINES} lines."));
    }
    for line in 0..MOST_LINES {
        let field = |part: &str| field(line, part);
        if !typed.fields().any(|(name, _)| name == field("name")) {
            break;
        }
        let Some(name) = typed.text(&field("name")).map(str::to_owned) else { continue };
        let written = |typed: &Form, part: &str| typed.text(&field(part)).unwrap_or_default().to_owned();
        let code = written(typed, "code");
        let classes = ask(typed, line, &name, &code);
        let diazepam_equivalent_mg_per_day = typed.optional(&field("dzp"), "Give milligrams a day.");
        let started_at = local_noon(chart, typed, &field("started"));
        let stopped_at = local_noon(chart, typed, &field("stopped"));
        let last_taken_at = local_noon(chart, typed, &field("last"));
        let from = typed.text(&field("from")).unwrap_or("staff").to_owned();
        all.push(Medicine {
            name,
            classes,
            started_at,
            stopped_at,
            diazepam_equivalent_mg_per_day,
            last_taken_at,
            dose: written(typed, "dose"),
            route: written(typed, "route"),
            frequency: written(typed, "frequency"),
            code,
            from,
        });
    }
    all
}

/// The classes ticked for a line; notes on the form what has to be looked at first.
fn ask(typed: &mut Form, line: usize, name: &str, code: &str) -> Vec<MedicineClass> {
    let class = field(line, "class");
    let chosen: Vec<MedicineClass> =
        MedicineClass::ALL.into_iter().filter(|one| typed.all(&class).any(|word| word == stored(*one))).collect();
    let known = classify_recorded(name, code).classes;
    // What was already asked about this name is not asked a second time: the person has answered.
    let question = format!("{name} {}", known.iter().map(|class| stored(*class)).collect::<Vec<_>>().join(" "));
    let asked = typed.get(&field(line, "asked")) == question;
    let told: Vec<MedicineClass> = known.iter().copied().filter(|class| counts(*class)).collect();
    let words =
        |all: &[MedicineClass]| all.iter().map(|one| Words::english().term(*one)).collect::<Vec<_>>().join(", ");
    let says = if chosen.is_empty() && told.is_empty() && known.contains(&MedicineClass::Other) {
        known.iter().for_each(|one| typed.add(&class, &stored(*one)));
        format!(
            "{name}: the tables know it, and no rule asks about it. It is marked as other now: look, and record again."
        )
    } else if chosen.is_empty() && told.is_empty() {
        format!(
            "{name}: in no table. Look it up and choose its kind, or \"other\"; \"not classed\" holds orders and doses until somebody has."
        )
    } else if chosen.is_empty() {
        known.iter().for_each(|one| typed.add(&class, &stored(*one)));
        format!(
            "{name}: known as {}, and ticked now. Look, correct it where it is wrong, and record again.",
            words(&told)
        )
    } else if !asked && told.iter().any(|one| !chosen.contains(one)) {
        format!(
            "{name}: known as {}, which is not ticked. Tick it, or record again to keep what you chose.",
            words(&told)
        )
    } else {
        return chosen;
    };
    typed.set(&field(line, "asked"), &question);
    typed.wrong(&field(line, "name"), says);
    chosen
}

/// A class that a rule asks about.
fn counts(class: MedicineClass) -> bool {
    !matches!(class, MedicineClass::Other | MedicineClass::NotClassed)
}

fn field(line: usize, part: &str) -> String {
    format!("m{line}-{part}")
}

/// The list, with every medicine that is known: those gone through, and those imported since.
pub fn panel(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("medicines");
    let gone_through = chart.medicines.as_deref().unwrap_or_default();
    let known: Vec<(&MedicineFact, bool)> = gone_through
        .iter()
        .map(|fact| (fact, false))
        .chain(chart.imported_medicines.iter().map(|fact| (fact, true)))
        .collect();
    let sent = (0..MOST_LINES).take_while(|line| typed.fields().any(|(name, _)| name == field(*line, "name"))).count();
    let lines = (known.len() + SPARE_LINES).max(sent);
    let rows: Vec<Vec<Markup>> = (0..lines).map(|line| row(chart, &typed, line, known.get(line).copied())).collect();
    let imported = chart.imported_medicines.len();
    html! {
        section .panel { h2 { "Medicines" }
            @if chart.medicines.is_none() { p { (ui::flag(Flag::Unknown, "nobody has gone through them")) @if imported > 0 { " The lines below were imported: check each, then record." } } }
            @else if imported > 0 { p { (ui::flag(Flag::Due, &format!("{imported} imported since they were gone through")) ) " Check each, then record." } }
            (view.form("medicines", "intake", html! {
                (ui::data_table("Medicines", &["Name", "Kind", "How it is taken", "Diazepam equivalent, mg a day", "When", "From"], &rows))
                p .hint { "Recording says that this is the whole list. Empty lines are left out; no line at all says: takes none. A medicine that is not classed holds orders and doses." }
                (Field::new("medicines-why", "Why a medicine that holds a dose is left out, or was stopped earlier").hint("a prescriber writes it; else leave it empty").typed(&typed))
                button .button.primary type="submit" { "Record the list" }
            })) }
    }
}

fn row(chart: &Chart, typed: &Form, line: usize, known: Option<(&MedicineFact, bool)>) -> Vec<Markup> {
    let fact = known.map(|(fact, _)| fact);
    let sent = !typed.get("form").is_empty();
    let value = |part: &str, kept: &dyn Fn(&MedicineFact) -> String| {
        if sent { typed.get(&field(line, part)).to_owned() } else { fact.map(kept).unwrap_or_default() }
    };
    let day = |at: Option<jiff::Timestamp>| at.map(|at| chart.local_date(at).to_string()).unwrap_or_default();
    let name = value("name", &|f| f.name.clone());
    let code = value("code", &|f| f.code.clone());
    let class = field(line, "class");
    let has = |one: MedicineClass| match (sent, fact) {
        (true, _) => typed.all(&class).any(|word| word == stored(one)),
        // A stored list without a class says that nobody chose one.
        (false, Some(fact)) if one == MedicineClass::NotClassed => fact.is_not_classed(),
        (false, fact) => fact.is_some_and(|fact| fact.is(one)),
    };
    let words = Words::english();
    let chosen: Vec<String> =
        MedicineClass::ALL.into_iter().filter(|one| has(*one)).map(|one| words.term(one)).collect();
    let error = typed.error(&field(line, "name"));
    let unclassed = has(MedicineClass::NotClassed);
    let Classed { classes, why, look, .. } =
        if name.trim().is_empty() { Classed::default() } else { classify_recorded(&name, &code) };
    let number = line + 1;
    let told = classes.iter().any(|class| *class != MedicineClass::Other);
    // An empty line is one line high until somebody fills it.
    let spare = name.trim().is_empty();
    let dates = [
        ("started", "Started", value("started", &|f| day(f.started_at))),
        ("stopped", "Stopped", value("stopped", &|f| day(f.stopped_at))),
        ("last", "Last taken", value("last", &|f| day(f.last_taken_at))),
    ];
    let taken = [
        ("dose", "Dose", value("dose", &|f| f.dose.clone())),
        ("route", "Route", value("route", &|f| f.route.clone())),
        ("frequency", "How often", value("frequency", &|f| f.frequency.clone())),
    ];
    let dzp = value("dzp", &|f| f.diazepam_equivalent_mg_per_day.map(|mg| mg.to_string()).unwrap_or_default());
    let from = value("from", &|f| f.from.clone());
    let from = if from.is_empty() { "staff".to_owned() } else { from };
    vec![
        html! {
            input name=(field(line, "name")) value=(name) aria-label=(format!("Medicine {number}")) aria-invalid=[error.map(|_| "true")];
            @if let Some(error) = error { p .error { (error) } }
            input type="hidden" name=(field(line, "from")) value=(from);
            input type="hidden" name=(field(line, "code")) value=(code);
            input type="hidden" name=(field(line, "asked")) value=(typed.get(&field(line, "asked")));
            @if told { @for said in &why { p .quiet { (said) } } }
            @for said in &look { p { (ui::flag(Flag::Due, said)) } }
        },
        html! {
            @if unclassed { (ui::flag(Flag::Unknown, "not classed")) }
            details open[error.is_some() || unclassed] { summary { @if chosen.is_empty() { "choose" } @else { (chosen.join(", ")) } }
                @for one in MedicineClass::ALL { label .row { input type="checkbox" name=(class) value=(stored(one)) checked[has(one)]; (words.term(one)) } } }
        },
        folded(
            spare,
            html! { @for (part, label, value) in &taken { input name=(field(line, part)) value=(value) placeholder=(label) aria-label=(format!("{label} of medicine {number}")); } },
        ),
        html! { input .short name=(field(line, "dzp")) inputmode="decimal" value=(dzp) aria-label=(format!("Diazepam equivalent of medicine {number}, mg a day")); },
        folded(
            spare,
            html! { @for (part, label, value) in &dates { label .row { span .quiet { (label) } input type="date" name=(field(line, part)) value=(value) aria-label=(format!("Medicine {number}: {}", label.to_lowercase())); } } },
        ),
        html! { span .quiet { @if fact.is_some() { (from) } @if known.is_some_and(|(_, imported)| imported) { ", imported" } } },
    ]
}

/// What may stand behind a word to press.
fn folded(fold: bool, body: Markup) -> Markup {
    if fold {
        html! { details { summary { "add" } (body) } }
    } else {
        body
    }
}
