//! The rota: who is on duty now, which hours of the coming week have nobody, and planning and taking back shifts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use stillwater_care::event::EscalationLevel;
use stillwater_care::ids::StaffId;
use stillwater_care::roles::Role;
use stillwater_clinic::Principal;
use stillwater_clinic::accounts::{Account, AuditNote};
use stillwater_clinic::clock::timestamp_of;
use stillwater_clinic::rota::{LONGEST_HOURS, RUNGS, Rota, Shift, ShiftWrong, wrong};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use uuid::Uuid;

use crate::auth::access::{PLANNERS, STAFF};
use crate::forms::day::moment_there;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// How far ahead the page looks for hours that nobody covers.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many shifts the page lists.
const SHOWN: usize = 100;

pub fn routes() -> Routes {
    Routes::new().get("rota", "/rota", STAFF, page).post("rota.send", "/rota", PLANNERS, send)
}

async fn page(State(app): State<App>, ctx: PageContext, principal: Principal) -> Result<Markup, Problem> {
    let people = clinicians(&app).await?;
    Ok(draw(&app, &ctx, &principal, &people, &Form::blank()))
}

/// Those who may be put on duty.
async fn clinicians(app: &App) -> Result<Vec<Account>, Problem> {
    let all = app.accounts.accounts().await.map_err(|cause| Problem::failure("reading the accounts", &cause))?;
    let treats = |account: &Account| account.roles.contains(&Role::Guide) || account.roles.contains(&Role::Prescriber);
    Ok(all.into_iter().filter(|account| account.active && account.patient.is_none() && treats(account)).collect())
}

async fn send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    mut typed: Form,
) -> Result<Response, Problem> {
    let Some(by) = principal.staff() else { return Err(Problem::forbidden()) };
    let id = typed.command_id()?;
    let now = timestamp_of(ctx.now_ms);
    let people = clinicians(&app).await?;
    let (what, about, done) = match typed.get("form") {
        "plan" => {
            let Some(shift) = read(&app, &people, &mut typed, id, by, now) else {
                let again = draw(&app, &ctx, &principal, &people, &typed);
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
            };
            let (about, app) = (format!("{} {}", shift.rung.code(), shift.shift), app.clone());
            ("shift-planned", about, tokio::task::spawn_blocking(move || app.rota.plan(&shift, now)).await)
        }
        "take-back" => {
            let shift: Uuid = typed.get("shift").parse().map_err(|_| Problem::not_found())?;
            let app = app.clone();
            let done = tokio::task::spawn_blocking(move || app.rota.take_back(id, shift, by, now)).await;
            ("shift-taken-back", shift.to_string(), done)
        }
        _ => return Err(Problem::unreadable("The form does not say what is to be done.")),
    };
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("changing the rota", cause);
    done.map_err(|cause| failed(&cause))?.map_err(|cause| failed(&cause))?;
    let note = AuditNote { at_ms: ctx.now_ms, who: principal.key(), what: what.into(), patient: None, about };
    app.accounts.note(note).await.map_err(|cause| failed(&cause))?;
    Ok(Redirect::to("/rota").into_response())
}

fn read(app: &App, people: &[Account], typed: &mut Form, id: Uuid, by: StaffId, now: Timestamp) -> Option<Shift> {
    let rung = RUNGS.into_iter().find(|rung| rung.code() == typed.get("rung"));
    if rung.is_none() {
        typed.wrong("rung", "Choose for what.");
    }
    let who = people.iter().find(|account| account.id.to_string() == typed.get("staff"));
    match (who, rung) {
        (None, _) => typed.wrong("staff", "Choose who."),
        (Some(who), Some(EscalationLevel::Prescriber)) if !who.roles.contains(&Role::Prescriber) => {
            typed.wrong("staff", "Only a prescriber is on duty as the prescriber.");
        }
        _ => {}
    }
    let zone = typed.required("zone", "Give the time zone of the rota, for example America/Denver.");
    let from = typed.needed::<DateTime>("from", "Give the date and the time.");
    let to = typed.needed::<DateTime>("to", "Give the date and the time.");
    let known = jiff::tz::TimeZone::get(&zone);
    if known.is_err() && !zone.is_empty() {
        typed.wrong("zone", "No time zone has this name; one is America/Denver.");
    }
    let there = known.ok()?;
    let from = from.and_then(|from| moment_there(&there, typed, "from", from));
    let to = to.and_then(|to| moment_there(&there, typed, "to", to));
    let (who, rung, from, to) = (who?, rung?, from?, to?);
    let shift = Shift { shift: id, staff: StaffId(who.id), name: who.display_name.clone(), rung, from, to, zone, by };
    match wrong(&app.rota.rota(), &shift, now) {
        None => {}
        Some(ShiftWrong::EndsFirst) => typed.wrong("to", "It ends before it begins; give a later time."),
        Some(ShiftWrong::TooLong) => {
            typed.wrong("to", format!("It is longer than {LONGEST_HOURS} hours; plan it as several shifts."));
        }
        Some(ShiftWrong::Over) => typed.wrong("to", "It is over already; plan one that is to come."),
        Some(ShiftWrong::Twice) => typed.wrong("staff", "They are on duty for this at that time already."),
        Some(ShiftWrong::NoSuchRung) => typed.wrong("rung", "Nobody is put on duty for this."),
    }
    typed.is_sound().then_some(shift)
}

fn rung_word(rung: EscalationLevel) -> &'static str {
    match rung {
        EscalationLevel::Guide => "guide, asked first",
        EscalationLevel::Prescriber => "prescriber",
        EscalationLevel::OnCall => "on call, asked last",
        EscalationLevel::EmergencyServices => "emergency services",
    }
}

fn local(shift: &Shift, at: Timestamp) -> String {
    in_zone(&shift.zone, at)
}

fn in_zone(zone: &str, at: Timestamp) -> String {
    let zoned = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.strftime("%a %-d %b %H:%M").to_string()
}

fn draw(app: &App, ctx: &PageContext, principal: &Principal, people: &[Account], typed: &Form) -> Markup {
    let rota = app.rota.rota();
    let now = timestamp_of(ctx.now_ms);
    let zone = rota.shifts().last().map_or("UTC", |shift| shift.zone.as_str()).to_owned();
    let plans = principal.is(Role::Manager) || principal.is(Role::Administrator);
    let body = html! {
        @if let Some(fault) = rota.fault() {
            (ui::notice(ui::Notice::ActNow, html! { p { "The rota cannot be read, so who is on duty is not known and every alert is every clinician's at once. " (fault) } }))
        } @else if !rota.is_kept() { (ui::notice(ui::Notice::Due, html! { p { "No rota is kept: alerts go by the care teams alone. Once one shift is planned, a rung with nobody on duty is passed over at once." } })) }
        (now_table(&rota, now))
        (gaps(&rota, &zone, now))
        @if plans { (plan_form(ctx, people, &zone, typed)) }
        (shifts(ctx, &rota, now, plans))
    };
    ui::staff_page(ctx, "Rota", "rota", body)
}

fn now_table(rota: &Rota, now: Timestamp) -> Markup {
    let rows: Vec<Vec<Markup>> = RUNGS
        .into_iter()
        .map(|rung| {
            let names: Vec<&str> = rota.on_duty(rung, now).map(|shift| shift.name.as_str()).collect();
            let asked = rota.asked(rung, now);
            vec![
                html! { (rung_word(rung)) },
                html! {
                    @if !names.is_empty() { (names.join(", ")) }
                    @else if asked == rung { (ui::flag(Flag::ActNow, "nobody")) }
                    @else { (ui::flag(Flag::Due, "nobody")) " an alert goes to: " (rung_word(asked)) }
                },
            ]
        })
        .collect();
    html! { section .panel { h2 { "On duty now" } (ui::data_table("On duty now", &["For", "Who"], &rows)) } }
}

fn gaps(rota: &Rota, zone: &str, now: Timestamp) -> Markup {
    let until = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    let rows: Vec<Vec<Markup>> = RUNGS
        .into_iter()
        .flat_map(|rung| rota.uncovered(rung, now, until).into_iter().map(move |gap| (rung, gap)))
        .map(|(rung, (from, to))| {
            vec![html! { (rung_word(rung)) }, html! { (in_zone(zone, from)) }, html! { (in_zone(zone, to)) }]
        })
        .collect();
    html! {
        section .panel {
            h2 { "The coming seven days" }
            @if rows.is_empty() { p { (ui::flag(Flag::Ok, "somebody is on duty at every rung")) } }
            @else { p .quiet { "Times of " (zone) "." } (ui::data_table("Hours that nobody covers", &["For", "From", "To"], &rows)) }
        }
    }
}

fn plan_form(ctx: &PageContext, people: &[Account], zone: &str, typed: &Form) -> Markup {
    let mut typed = typed.clone();
    if typed.get("zone").is_empty() {
        typed.set("zone", zone);
    }
    let who = people.iter().map(|account| (account.id.to_string(), account.display_name.clone())).collect();
    let rungs = RUNGS.into_iter().map(|rung| (rung.code().to_owned(), rung_word(rung).to_owned())).collect();
    html! {
        section .panel {
            h2 { "Plan a shift" }
            (ui::error_summary(&typed))
            form .stack method="post" action="/rota" {
                (ctx.command_fields(0))
                input type="hidden" name="form" value="plan";
                (FieldGroup::list("staff", "Who", who).typed(&typed))
                (FieldGroup::list("rung", "For", rungs).typed(&typed))
                (Field::date_time("from", "From").typed(&typed))
                (Field::date_time("to", "To").typed(&typed))
                (Field::new("zone", "Time zone of the rota").autocomplete("off").typed(&typed))
                button .button.primary type="submit" { "Plan" }
            }
        }
    }
}

fn shifts(ctx: &PageContext, rota: &Rota, now: Timestamp, plans: bool) -> Markup {
    let rows: Vec<Vec<Markup>> = rota
        .shifts()
        .iter()
        .filter(|shift| shift.to > now)
        .take(SHOWN)
        .map(|shift| {
            vec![
                html! { (shift.name) },
                html! { (rung_word(shift.rung)) },
                html! { (local(shift, shift.from)) },
                html! { (local(shift, shift.to)) " " span .quiet { (shift.zone) } },
                html! { @if plans {
                    form method="post" action="/rota" {
                        (ctx.command_fields(0))
                        input type="hidden" name="form" value="take-back";
                        input type="hidden" name="shift" value=(shift.shift);
                        button .button.small type="submit" { "Take back" }
                    }
                } },
            ]
        })
        .collect();
    html! {
        section .panel {
            h2 { "Shifts" }
            @if rows.is_empty() { (ui::empty("No shift is planned.")) }
            @else { (ui::data_table("Shifts", &["Who", "For", "From", "To", ""], &rows)) }
        }
    }
}
