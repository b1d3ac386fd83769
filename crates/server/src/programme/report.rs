//! The programme as one file that needs nothing else: for printing, for a board, for whoever asks whether it works.

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use stillwater_programme::Figures;
use stillwater_ui::{self as ui, Notice, assets};

use super::draw::sections;
use super::page::{CAVEAT, headline};

const STYLE: &str = "
body{background:var(--ground)}main{max-width:1100px;margin:0 auto;padding:24px}
.figures{display:block}.figure{margin-block:16px;box-shadow:none}
@media print{@page{margin:14mm}body{background:#fff}main{padding:0;max-width:none}.figure{break-inside:avoid;border:0;padding:0}
.table-wrap{overflow:visible}.plot{min-width:0;max-width:150mm}.figure table{font-size:7.5pt;width:100%}.figure th,.figure td{padding:2px 4px;white-space:normal}.figure th[scope=row]{min-width:0}h2{break-after:avoid}.headline{grid-template-columns:repeat(5,1fr)}}
";

/// The report as an HTML document. `clinic` is its name; `by` is who asked for it, in words.
#[must_use]
pub fn report(figures: &Figures, clinic: &str, asked: &str, by: &str, now: Timestamp) -> String {
    let at = now.strftime("%-d %B %Y, %H:%M UTC");
    let body: Markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Programme report: " (clinic) }
                style { (PreEscaped(assets::stylesheet())) (PreEscaped(STYLE)) }
            }
            body .staff {
                main {
                    h1 { "Programme report" }
                    p { strong { (clinic) } ", " (asked) ". Made " (at) " by " (by) ", Stillwater " (env!("CARGO_PKG_VERSION")) "." }
                    (headline(figures))
                    (ui::notice(Notice::Quiet, html! { p { strong { "What these figures cannot say." } " " (CAVEAT) } }))
                    @for section in sections(figures, "", "") {
                        section .section-of-figures {
                            h2 { (section.heading) }
                            @if !section.says.is_empty() { p .quiet { (section.says) } }
                            div .figures { @for figure in &section.figures { (figure.draw_open()) } }
                        }
                    }
                    p .quiet { "Counts of few people can point to somebody: treat this report as you treat the record. It informs clinicians and replaces none." }
                }
            }
        }
    };
    body.into_string()
}
