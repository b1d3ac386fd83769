//! Figures for screen and print: one way of drawing them, as SVG made on the server, each with its table.
//!
//! A drawing carries its title and a sentence for those who do not see it; series differ by marker and dash as well as by
//! colour, so that they can be told apart in grey. The same drawing can leave as a file of its own, with its style inside.

mod axis;
mod figure;
mod forest;
mod lines;
mod outcome;
mod session;

pub use axis::Axis;
pub use figure::{Drawing, Figure, Table};
pub use forest::{Forest, ForestRow, Pooled};
pub use lines::{Mark, Plot, Risk};
pub use outcome::{LinePoint, OutcomeChart, sparkline};
pub use session::{ExpectedLevel, SessionTrend, ShadePoint};

use maud::{Markup, PreEscaped, html};

/// One of the series in a drawing: a colour, a marker and a dash that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// The first and most important.
    A,
    /// The second.
    B,
    /// The third.
    C,
    /// The fourth.
    D,
    /// The fifth.
    E,
}

impl Series {
    /// Every series in order.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    fn class(self) -> &'static str {
        match self {
            Self::A => "s-a",
            Self::B => "s-b",
            Self::C => "s-c",
            Self::D => "s-d",
            Self::E => "s-e",
        }
    }

    /// The marker at a place, as the points of a path.
    fn marker(self, x: f64, y: f64) -> String {
        let (x0, x1, y0, y1) = (at(x - 4.5), at(x + 4.5), at(y - 4.5), at(y + 4.5));
        let (x, y) = (at(x), at(y));
        match self {
            Self::A => format!("M{x0} {y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0"),
            Self::B => format!("M{x0} {y0}H{x1}V{y1}H{x0}Z"),
            Self::C => format!("M{x} {y0}L{x1} {y}L{x} {y1}L{x0} {y}Z"),
            Self::D => format!("M{x} {y0}L{x1} {y1}L{x0} {y1}Z"),
            Self::E => format!("M{x0} {y0}H{x1}L{x} {y1}Z"),
        }
    }
}

/// A coordinate with one decimal, which is finer than any screen shows.
fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// How wide a text of this many letters is at most, in the drawing's units.
fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * 6.6
}

/// Wraps what a drawing holds, for a page: a box that scrolls by itself where the screen is too narrow.
fn on_page(id: &str, title: &str, says: &str, size: (f64, f64), inner: &Markup) -> Markup {
    let (title_id, desc_id) = (format!("{id}-title"), format!("{id}-desc"));
    html! {
        div .plot-box role="region" aria-label=(title) tabindex="0" {
            svg .plot id=(id) viewBox=(format!("0 0 {} {}", at(size.0), at(size.1))) role="img" aria-labelledby=(format!("{title_id} {desc_id}")) {
                title id=(title_id) { (title) }
                desc id=(desc_id) { (says) }
                (inner)
            }
        }
    }
}

/// The style that a file carries with it. The names are those of the page's style sheet.
const FILE_STYLE: &str = "
svg{font:12px system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;--ink:#16262b;--soft:#4a5a5e;--line:#d9d1c2;--a:#0f5558;--b:#8a5200;--c:#99311d;--d:#3b4fa0;--e:#5b6165;background:#fffdf9}
@media (prefers-color-scheme:dark){svg{--ink:#eae6dc;--soft:#b5bdbb;--line:#2c3c41;--a:#7cc9c4;--b:#f2c26b;--c:#f3a18e;--d:#a9b8ff;--e:#b5bdbb;background:#162327}}
text{fill:var(--ink)}.soft{fill:var(--soft)}.end{text-anchor:end}.mid{text-anchor:middle}.strong{font-weight:650}
.axis{stroke:var(--ink)}.grid{stroke:var(--line)}.rule{stroke:var(--soft);stroke-dasharray:5 4}
.s-a{--s:var(--a)}.s-b{--s:var(--b)}.s-c{--s:var(--c)}.s-d{--s:var(--d)}.s-e{--s:var(--e)}
.draw{fill:none;stroke:var(--s);stroke-width:2}.draw.s-b{stroke-dasharray:7 3}.draw.s-c{stroke-dasharray:2 3}.draw.s-d{stroke-dasharray:9 3 2 3}.draw.s-e{stroke-dasharray:4 4}
.whisker{stroke:var(--s);stroke-width:1.5}.marker{fill:var(--s)}.band{fill:var(--s);opacity:.14}.tick{stroke:var(--s);stroke-width:1.5}
";

/// A drawing as a file of its own.
fn as_file(title: &str, says: &str, size: (f64, f64), inner: &Markup) -> String {
    html! {
        (PreEscaped(r#"<?xml version="1.0" encoding="UTF-8"?>"#))
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", at(size.0), at(size.1))) width=(at(size.0)) height=(at(size.1)) role="img" {
            title { (title) }
            desc { (says) }
            style { (PreEscaped(FILE_STYLE)) }
            (inner)
        }
    }
    .into_string()
}
