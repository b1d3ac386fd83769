//! Pooling what the reader ticks: a plain form, one picture, and a reason wherever no mean is told.

use axum::extract::RawQuery;
use maud::{Markup, html};
use stillwater_trials::{ArmDifference, Headline, NotPooled, Quantity, Repooled, When, Withheld, library, pool};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Forest, ForestRow, Pooled, Table};
use stillwater_ui::{self as ui, Notice, data_table};

use super::draw::{ends, favours, fit, measured, told};
use super::{FILES, reviewed};
use crate::estimate_text;
use crate::http::{Form, PageContext};

/// A quantity at a time, with the rows that could be pooled and those that the reader ticked.
struct Choice {
    quantity: Quantity,
    when: When,
    rows: Vec<ArmDifference>,
    ticked: Vec<ArmDifference>,
    /// Whether somebody ticked, or these are the rows shown unasked.
    picked: bool,
}

/// Every quantity at every time for which there is a row.
fn sets() -> Vec<(Quantity, When, usize)> {
    let all = library().between();
    let pairs = Quantity::ALL.into_iter().flat_map(|quantity| When::ALL.into_iter().map(move |when| (quantity, when)));
    pairs
        .map(|(quantity, when)| {
            let rows = all.iter().filter(|one| one.quantity == quantity && one.when == when);
            let mut studies: Vec<&str> = rows.map(|one| one.study.as_str()).collect();
            studies.dedup();
            (quantity, when, studies.len())
        })
        .filter(|(_, _, studies)| *studies > 0)
        .collect()
}

fn set_id(quantity: Quantity, when: When) -> String {
    format!("{}.{}", quantity.id(), when.id())
}

impl Choice {
    /// What the query asks for: a set that is not known is the first; without a tick, the first row of each study.
    fn of(asked: &Form) -> Self {
        let wanted = asked.get("set");
        let known = sets().into_iter().find(|(quantity, when, _)| set_id(*quantity, *when) == wanted);
        let (quantity, when) =
            known.map_or((Quantity::PtsdStandardised, When::Weeks), |(quantity, when, _)| (quantity, when));
        let all = library().between().into_iter();
        let rows: Vec<ArmDifference> = all.filter(|one| one.quantity == quantity && one.when == when).collect();
        let ticked = if asked.ticked("chosen") {
            rows.iter().filter(|row| asked.all("pick").any(|pick| pick == row.id)).cloned().collect()
        } else {
            let mut seen: Vec<&str> = Vec::new();
            let first = rows.iter().filter(|row| {
                let new = !seen.contains(&row.study.as_str());
                seen.push(&row.study);
                new
            });
            first.cloned().collect()
        };
        Self { quantity, when, rows, ticked, picked: asked.ticked("chosen") }
    }

    /// The query that gives this choice again.
    fn query(&self) -> String {
        let picks: String = self.ticked.iter().map(|one| format!("&pick={}", one.id)).collect();
        format!("?set={}&chosen=yes{picks}", set_id(self.quantity, self.when))
    }

    /// What comes of it. Unasked, only trials that are alike are pooled.
    fn pooled(&self) -> Result<Repooled, NotPooled> {
        match stillwater_trials::unlike(&self.ticked) {
            Some(why) if !self.picked => Err(why),
            _ => pool(&self.ticked),
        }
    }

    fn told(&self, estimate: (f64, f64, f64)) -> String {
        told(estimate, self.quantity.decimals())
    }
}

pub async fn page(ctx: PageContext, RawQuery(asked): RawQuery) -> Markup {
    let asked = Form::from_urlencoded(asked.unwrap_or_default().as_bytes());
    let choice = Choice::of(&asked);
    let pooled = choice.pooled();
    let body = html! {
        p { a href="/evidence" { "All studies" } " · Tick what belongs together. Only differences between arms are offered, of one quantity at one time; a fall from people's own start cannot be pooled with them." }
        (choose_set(&choice))
        (headline(&choice, &pooled))
        div .figures { (draw(&choice, &pooled).draw()) }
        (choose_rows(&choice))
        section .panel.not-known {
            h2 { "What this cannot say" }
            ul {
                li { "Abdallah 2022, the largest trial (158 people), did not show a difference; the interval was not reached, so that it is not among the rows. Any pool of ketamine here leaves out the strongest evidence against it." }
                li { "Pooling a handful of small trials gives a wide interval, and rightly." }
                li { "Trials with different controls, therapies and scales are not the same question." }
            }
            p .quiet { "Last read against the sources on " (reviewed()) "." }
        }
    };
    ui::staff_page(&ctx, "Pool trials", "evidence", body)
}

fn choose_set(choice: &Choice) -> Markup {
    html! {
        form .filter-row method="get" action="/evidence/pool" {
            label { "Quantity and time"
                select name="set" {
                    @for (quantity, when, studies) in sets() {
                        option value=(set_id(quantity, when)) selected[quantity == choice.quantity && when == choice.when] {
                            (quantity.name()) ", " (when.name()) " (" (studies) @if studies == 1 { " study)" } @else { " studies)" }
                        }
                    }
                }
            }
            button .button type="submit" { "Show" }
        }
    }
}

fn choose_rows(choice: &Choice) -> Markup {
    let rows: Vec<Vec<Markup>> = choice
        .rows
        .iter()
        .map(|row| {
            let ticked = choice.ticked.iter().any(|one| one.id == row.id);
            vec![
                html! { label .choice.tick { input type="checkbox" name="pick" value=(row.id) checked[ticked]; span { (row.study) } } },
                html! { (measured(row)) },
                html! { (row.control.word()) },
                html! { (row.people.map_or_else(|| "not told".to_owned(), |n| format!("{n} people"))) },
                html! { (choice.told(ends(row))) },
                html! { @if let Some(slug) = &row.slug { a href=(format!("/evidence/{slug}")) { "Page" span .sr { " of " (row.study) } } } },
            ]
        })
        .collect();
    let headings = ["Study", "Measured", "Control", "# Of", "# Difference (95 %)", "More"];
    html! {
        form .pool-rows method="get" action="/evidence/pool" {
            h2 { "Pick" }
            input type="hidden" name="set" value=(set_id(choice.quantity, choice.when));
            input type="hidden" name="chosen" value="yes";
            (data_table("Rows that may be pooled", &headings, &rows))
            button .button.primary type="submit" { "Pool what is ticked" }
        }
    }
}

/// What is told first: the mean, or why there is none.
fn headline(choice: &Choice, found: &Result<Repooled, NotPooled>) -> Markup {
    match found {
        Err(why) => ui::notice(Notice::Quiet, html! { p { strong { "No mean." } " " (sentence(&why.to_string())) } }),
        Ok(found) => match found.headline {
            Headline::Withheld(Withheld::Disagreement { i_squared }) => {
                let low = choice.ticked.iter().map(|one| one.effect.value).fold(f64::INFINITY, f64::min);
                let high = choice.ticked.iter().map(|one| one.effect.value).fold(f64::NEG_INFINITY, f64::max);
                let decimals = choice.quantity.decimals();
                ui::notice(
                    Notice::Quiet,
                    html! { p { strong { "No mean is told." } (format!(
                        " The {} trials disagree too much for one number: {} % of the variance lies between them (I²; above {} % none is told). They run from {} to {}.",
                        found.pooled.trials,
                        format::number(i_squared, 0),
                        format::number(stillwater_trials::MOST_DISAGREEMENT, 0),
                        format::number(low, decimals),
                        format::number(high, decimals),
                    )) } },
                )
            }
            Headline::Mean => {
                let mean = &found.pooled.mean;
                let estimate = (mean.interval.low, mean.value, mean.interval.high);
                ui::notice(
                    Notice::Quiet,
                    html! {
                        p { strong { (choice.told(estimate)) } ", " (found.pooled.trials) " trials. " (reading(choice, found)) }
                    },
                )
            }
        },
    }
}

fn reading(choice: &Choice, found: &Repooled) -> String {
    let mean = &found.pooled.mean;
    let mut words = if mean.interval.contains(0.0) {
        "The interval includes zero: these trials together do not show a difference.".to_owned()
    } else {
        "The interval leaves out zero.".to_owned()
    };
    if let Some(prediction) = found.pooled.prediction.and_then(|one| one.hartung_knapp) {
        words.push_str(&format!(
            " Another trial like these is expected between {}.",
            estimate_text::interval(prediction, choice.quantity.decimals()).replace(" to ", " and ")
        ));
    }
    if found.pooled.trials == 2 {
        words.push_str(
            " With two trials the interval rests on one degree of freedom: it is honest, and it says little.",
        );
    }
    if found.mixes_controls {
        words.push_str(" Several kinds of control are mixed, which changes the answer.");
    }
    words
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The figure for a query, for its files.
pub fn figure(asked: &Form) -> Option<Figure> {
    let choice = Choice::of(asked);
    let pooled = choice.pooled();
    Some(draw(&choice, &pooled))
}

fn draw(choice: &Choice, found: &Result<Repooled, NotPooled>) -> Figure {
    let decimals = choice.quantity.decimals();
    let mut table = Table::with(&[
        "Study",
        "Measured",
        "Control",
        "# People",
        "# Difference",
        "# Low",
        "# High",
        "# Weight",
        "Standing",
    ]);
    let mut rows = Vec::new();
    for (at, one) in choice.ticked.iter().enumerate() {
        let weight = found.as_ref().ok().and_then(|found| found.pooled.weights.get(at).copied());
        let (low, mid, high) = ends(one);
        table.push([
            one.study.clone(),
            measured(one),
            one.control.word().to_owned(),
            one.people.map_or_else(String::new, |n| n.to_string()),
            format::number(mid, 3),
            format::number(low, 3),
            format::number(high, 3),
            weight.map_or_else(String::new, format::percent),
            one.standing.short().to_owned(),
        ]);
        let label = if one.slug.is_some() {
            let what = one.measure.split(',').next().unwrap_or_default();
            fit(&format!("{}, {what}", one.study))
        } else {
            fit(&one.study)
        };
        rows.push(ForestRow { label, estimate: Some((low, mid, high)), weight, text: choice.told((low, mid, high)) });
    }
    if let Ok(found) = found {
        totals(&mut table, found);
    }
    let told = found.as_ref().ok().filter(|found| found.headline == Headline::Mean);
    let (low, high) = span(choice);
    let pooled: Vec<Pooled> = told.map(|found| diamond(choice, found)).into_iter().collect();
    // An interval far wider than every study's would press them all into a line; it is told in words and runs off the picture.
    let reach = (high - low).max(1e-6) * 0.6;
    let beyond = pooled.iter().flat_map(|one| {
        let (from, to) = one.prediction.unwrap_or((one.estimate.1, one.estimate.1));
        [one.estimate.0.min(from).max(low - reach), one.estimate.2.max(to).min(high + reach)]
    });
    let cut = pooled.iter().any(|one| one.estimate.0 < low - reach || one.estimate.2 > high + reach);
    let forest = Forest {
        id: "plot-pool".to_owned(),
        title: format!("{}, {}", choice.quantity.name(), choice.when.name()),
        says: says(choice, found),
        x: Axis::nice("treated less control", [low, high, 0.0].into_iter().chain(beyond)),
        rows,
        pooled,
        null: Some(0.0),
        favours: Some(favours(choice.quantity)),
    };
    Figure {
        id: "pool".to_owned(),
        heading: format!("{}, {}", choice.quantity.name(), choice.when.name()),
        drawing: (!choice.ticked.is_empty()).then_some(Drawing::Forest(forest)),
        table,
        line: line(choice, found, decimals, cut),
        missing: None,
        base: FILES.to_owned(),
        query: choice.query(),
        estimand: Vec::new(),
    }
}

/// The lowest and the highest end of what was ticked.
fn span(choice: &Choice) -> (f64, f64) {
    choice
        .ticked
        .iter()
        .map(ends)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one.0), high.max(one.2)))
}

fn diamond(choice: &Choice, found: &Repooled) -> Pooled {
    let mean = &found.pooled.mean;
    let estimate = (mean.interval.low, mean.value, mean.interval.high);
    Pooled {
        label: "Pooled (dots: another)".to_owned(),
        estimate,
        prediction: found.pooled.prediction.and_then(|one| one.hartung_knapp).map(|one| (one.low, one.high)),
        text: choice.told(estimate),
    }
}

fn totals(table: &mut Table, found: &Repooled) {
    let mut push = |what: &str, cells: [String; 3]| {
        let [mid, low, high] = cells;
        let blank = String::new;
        table.push([what.to_owned(), blank(), blank(), blank(), mid, low, high, blank(), blank()]);
    };
    let pooled = &found.pooled;
    match found.headline {
        Headline::Mean => {
            let (mean, ends) = (pooled.mean.value, pooled.mean.interval);
            push("Pooled", [format::number(mean, 3), format::number(ends.low, 3), format::number(ends.high, 3)]);
            if let Some(next) = pooled.prediction.and_then(|one| one.hartung_knapp) {
                push("Another trial", [String::new(), format::number(next.low, 3), format::number(next.high, 3)]);
            }
        }
        Headline::Withheld(_) => push("Pooled: not told, since the trials disagree too much", Default::default()),
    }
    let spread = pooled.spread;
    let interval = |pick: fn(&stillwater_evidence::meta::SpreadInterval) -> stillwater_evidence::estimate::Interval| {
        spread.as_ref().map_or_else(Default::default, |one| {
            let ends = pick(one);
            [format::number(ends.low, 3), format::number(ends.high, 3)]
        })
    };
    let [low, high] = interval(|one| one.tau_squared);
    push("τ²", [format::number(pooled.tau_squared, 3), low, high]);
    let [low, high] = interval(|one| one.i_squared);
    push("I², %", [format::number(pooled.i_squared, 1), low, high]);
}

fn says(choice: &Choice, found: &Result<Repooled, NotPooled>) -> String {
    let k = choice.ticked.len();
    match found {
        Err(why) => format!("{k} shown, not pooled: {why}."),
        Ok(found) if found.headline == Headline::Mean => {
            let mean = &found.pooled.mean;
            let estimate = (mean.interval.low, mean.value, mean.interval.high);
            format!("{k} trials pool to {}.", choice.told(estimate))
        }
        Ok(_) => format!("{k} trials that disagree too much for a mean."),
    }
}

/// Number, method and caveat in one line.
fn line(choice: &Choice, found: &Result<Repooled, NotPooled>, decimals: usize, cut: bool) -> String {
    let caveat = match choice.quantity {
        Quantity::ProlongedExposure | Quantity::CognitiveProcessing => {
            "Mostly against waiting lists, which flatter any treatment: not on one ladder with active controls. Data: National Center for PTSD through Metapsy, ODC-By 1.0."
        }
        Quantity::Madrs | Quantity::MadrsResponse => "Of depression, not of PTSD.",
        _ => {
            "Few, small trials whose blinding is doubtful; the largest trial, which did not show a difference (its interval was not reached), is not among them."
        }
    };
    let Ok(found) = found else {
        return format!("k = {}; each with its normal 95 % interval. Not pooled. {caveat}", choice.ticked.len());
    };
    let pooled = &found.pooled;
    let people: usize = choice.ticked.iter().filter_map(|one| one.people).sum();
    let off = if cut { " The pooled interval runs off the picture." } else { "" };
    format!(
        "k = {}, {people} people where told. Random effects by restricted maximum likelihood, interval after Hartung, Knapp, Sidik and Jonkman, prediction by t with k − 1. τ² {}, I² {} %, Q {} (p {}).{off} {caveat}",
        pooled.trials,
        format::number(pooled.tau_squared, decimals.max(2)),
        format::number(pooled.i_squared, 0),
        format::number(pooled.q.statistic, 1),
        if pooled.q.p < 0.001 { "below 0.001".to_owned() } else { format::number(pooled.q.p, 3) },
    )
}
