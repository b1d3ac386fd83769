//! The journal: private unless shared, entry by entry, and taken back at any time.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::{JournalSharingSet, JournalWritten};
use stillwater_clinic::Principal;
use stillwater_ui::{Field, FieldGroup};

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn, local_time};
use crate::state::App;

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    let (chart, now) = (own.chart(), app.clock.now());
    let body = html! {
        p { "Only you see what you write here, unless you share an entry with your team." }
        form method="post" action="/my/journal" .stack data-once data-draft="journal" {
            (ctx.command_fields(chart.seq))
            (Field::area("words", "Write"))
            (FieldGroup::tick("shared", "Sharing", "Share this entry with my team"))
            button .button.primary type="submit" { "Keep" }
        }
        @for entry in chart.journal.iter().rev() {
            article .panel {
                p .quiet { (local_time(chart, entry.at, now)) " · " @if entry.shared { "shared with your team" } @else { "only you" } }
                p .as-written { (entry.words) }
                form method="post" action="/my/journal/share" data-once {
                    (ctx.command_fields(chart.seq))
                    input type="hidden" name="entry" value=(entry.id);
                    input type="hidden" name="shared" value=(if entry.shared { "" } else { "yes" });
                    button .button type="submit" { @if entry.shared { "Stop sharing" } @else { "Share with my team" } }
                }
            }
        }
        p { a href="/my" { "Back to my page" } }
    };
    Ok(phone(&ctx, "Journal", body))
}

pub(super) async fn write(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    let entry = JournalWritten { words: typed.get("words").trim().to_owned(), shared: typed.ticked("shared") };
    done(&app, &ctx, &own.principal, &own, &typed, Command::WriteJournal(entry)).await
}

pub(super) async fn share(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    let entry = typed.get("entry").parse().map_err(|_| Problem::unreadable("an entry that is not there"))?;
    let set = JournalSharingSet { entry, shared: typed.ticked("shared") };
    done(&app, &ctx, &own.principal, &own, &typed, Command::SetJournalSharing(set)).await
}

async fn done(
    app: &App,
    ctx: &PageContext,
    principal: &Principal,
    own: &OwnChart,
    typed: &Form,
    command: Command,
) -> Result<Response, Problem> {
    match commands::ask(app, principal, own.patient, typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/journal").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(ctx, &plain(ctx, &refusal), "/my/journal")),
    }
}
