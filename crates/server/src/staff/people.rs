//! People and access: the accounts of staff, made and stopped by administrators. Passwords are set by their owners
//! through a link that is shown once.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::ids::StaffId;
use stillwater_care::roles::Role;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use uuid::Uuid;

use crate::auth::access::ADMINISTRATOR;
use crate::auth::links;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;
use stillwater_clinic::accounts::{Account, AuditNote};
use stillwater_clinic::{Principal, Subject};

const STAFF: [Role; 4] = [Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator];

pub fn routes() -> Routes {
    Routes::new().get("people", "/people", ADMINISTRATOR, page).post("people.send", "/people", ADMINISTRATOR, send)
}

async fn page(State(app): State<App>, ctx: PageContext, principal: Principal) -> Result<Markup, Problem> {
    draw(&app, &ctx, &principal, &Form::blank(), html! {}).await
}

async fn send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("changing an account", cause);
    match typed.get("form") {
        "new" => {
            let account = match new_account(&app, &mut typed).await? {
                Some(account) => account,
                None => {
                    let page = draw(&app, &ctx, &principal, &typed, html! {}).await?;
                    return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
                }
            };
            app.accounts.create_account(account.clone()).await.map_err(|cause| failed(&cause))?;
            note(&app, &ctx, &principal, "account-made", account.id).await?;
            link_page(&app, &ctx, &principal, &headers, &account).await
        }
        "link" => {
            let account = account_of(&app, &typed).await?;
            note(&app, &ctx, &principal, "password-link-made", account.id).await?;
            link_page(&app, &ctx, &principal, &headers, &account).await
        }
        form @ ("stop" | "start") => {
            let account = account_of(&app, &typed).await?;
            if form == "stop" && principal.staff() == Some(StaffId(account.id)) {
                let top = ui::notice(
                    ui::Notice::Due,
                    html! { p { "You cannot stop your own account; another administrator can." } },
                );
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&app, &ctx, &principal, &typed, top).await?)
                    .into_response());
            }
            let active = form == "start";
            app.accounts.set_active(account.id, active).await.map_err(|cause| failed(&cause))?;
            if !active {
                app.accounts
                    .end_all_sessions(Subject::Staff(StaffId(account.id)))
                    .await
                    .map_err(|cause| failed(&cause))?;
            }
            note(&app, &ctx, &principal, if active { "account-started" } else { "account-stopped" }, account.id)
                .await?;
            Ok(Redirect::to("/people").into_response())
        }
        "roles" => {
            let account = account_of(&app, &typed).await?;
            let roles: Vec<String> = STAFF
                .iter()
                .map(|role| role.code())
                .filter(|word| typed.all("roles").any(|sent| sent == *word))
                .map(str::to_owned)
                .collect();
            let own = principal.staff() == Some(StaffId(account.id));
            if roles.is_empty() || (own && !roles.iter().any(|word| word == Role::Administrator.code())) {
                let says = if own {
                    "You cannot take the administrator's role from yourself; another administrator can."
                } else {
                    "Leave at least one role, or stop the account."
                };
                let top = ui::notice(ui::Notice::Due, html! { p { (says) } });
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&app, &ctx, &principal, &typed, top).await?)
                    .into_response());
            }
            let store = app.charts.store().clone();
            tokio::task::spawn_blocking(move || store.set_account_roles(account.id, roles))
                .await
                .map_err(|cause| failed(&cause))?
                .map_err(|cause| failed(&cause))?;
            // A session carries the roles held when it began, so the new ones count from the next sign-in.
            app.accounts.end_all_sessions(Subject::Staff(StaffId(account.id))).await.map_err(|cause| failed(&cause))?;
            note(&app, &ctx, &principal, "roles-changed", account.id).await?;
            Ok(Redirect::to("/people").into_response())
        }
        _ => Err(Problem::unreadable("The form does not say what is to be done.")),
    }
}

/// Reads a new account; `None` when something is wrong with it. Its id is that of the form, so that the same form sent
/// twice makes one account.
async fn new_account(app: &App, typed: &mut Form) -> Result<Option<Account>, Problem> {
    let id = typed.command_id()?;
    let login = typed.required("login", "Give a sign-in name.").to_lowercase();
    let display_name = typed.required("display_name", "Give the name that others see.");
    let roles: Vec<Role> =
        STAFF.into_iter().filter(|role| typed.all("roles").any(|word| word == role.code())).collect();
    if roles.is_empty() {
        typed.wrong("roles", "Choose at least one role.");
    }
    if !login.is_empty() {
        let taken = app
            .accounts
            .account_by_login(&login)
            .await
            .map_err(|cause| Problem::failure("finding an account", &cause))?;
        if taken.is_some() {
            typed.wrong("login", "This sign-in name is taken; choose another.");
        }
    }
    let account = Account { id, login, display_name, roles, password_hash: None, active: true, patient: None };
    Ok(typed.is_sound().then_some(account))
}

async fn account_of(app: &App, typed: &Form) -> Result<Account, Problem> {
    let id: Uuid = typed.get("account").parse().map_err(|_| Problem::not_found())?;
    let account = app.accounts.account(id).await.map_err(|cause| Problem::failure("finding an account", &cause))?;
    account.filter(|a| a.patient.is_none()).ok_or_else(Problem::not_found)
}

async fn note(app: &App, ctx: &PageContext, principal: &Principal, what: &str, about: Uuid) -> Result<(), Problem> {
    let audit = AuditNote {
        at_ms: ctx.now_ms,
        who: principal.key(),
        what: what.into(),
        patient: None,
        about: about.to_string(),
    };
    app.accounts.note(audit).await.map_err(|cause| Problem::failure("writing the audit trail", &cause))
}

async fn link_page(
    app: &App,
    ctx: &PageContext,
    principal: &Principal,
    headers: &HeaderMap,
    account: &Account,
) -> Result<Response, Problem> {
    let link = links::invite_account(app, account.id, &account.display_name).await?;
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scheme = ctx.scheme;
    let top = ui::notice(
        ui::Notice::Done,
        html! {
            p { strong { "A link for " (account.display_name) " to set a password" } ". It is shown this once, works once, and ends after two days." }
            p { code #new-link { (scheme) "://" (host) (link.path) } }
        },
    );
    Ok(draw(app, ctx, principal, &Form::blank(), top).await?.into_response())
}

async fn draw(
    app: &App,
    ctx: &PageContext,
    principal: &Principal,
    typed: &Form,
    top: Markup,
) -> Result<Markup, Problem> {
    let mut accounts = app.accounts.accounts().await.map_err(|cause| Problem::failure("listing accounts", &cause))?;
    accounts.retain(|account| account.patient.is_none());
    accounts.sort_by(|a, b| (!a.active, &a.display_name).cmp(&(!b.active, &b.display_name)));
    let act = |form: &str, account: &Account, button: &str| {
        html! { form method="post" action="/people" {
        (ctx.command_fields(0)) input type="hidden" name="form" value=(form); input type="hidden" name="account" value=(account.id);
        button .button.small type="submit" { (button) } } }
    };
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .map(|a| {
            let own = principal.staff() == Some(StaffId(a.id));
            vec![
                html! { (a.display_name) },
                html! { (a.login) },
                html! { details { summary { (a.roles.iter().map(|role| ctx.words.term(*role)).collect::<Vec<_>>().join(", ")) }
                    form .row method="post" action="/people" {
                        (ctx.command_fields(0)) input type="hidden" name="form" value="roles"; input type="hidden" name="account" value=(a.id);
                        @for role in STAFF { label .row { input type="checkbox" name="roles" value=(role.code()) checked[a.roles.contains(&role)]; (ctx.words.term(role)) } }
                        button .button.small type="submit" { "Change the roles" }
                    } } },
                match (a.active, &a.password_hash) {
                    (false, _) => html! { span .quiet { "stopped" } },
                    (true, None) => ui::flag(Flag::Due, "no password yet"),
                    (true, Some(_)) => ui::flag(Flag::Ok, "active"),
                },
                html! { div .row { @if a.active { (act("link", a, "New password link")) } @if a.active && !own { (act("stop", a, "Stop")) } @if !a.active { (act("start", a, "Let in again")) } } },
            ]
        })
        .collect();
    let roles = STAFF.iter().map(|role| (role.code().to_owned(), ctx.words.term(*role))).collect();
    let body = html! {
        (top) (ui::error_summary(typed))
        (ui::data_table("Staff", &["Name", "Sign-in name", "Roles", "State", ""], &rows))
        section .panel { h2 { "Somebody new" }
            form .stack.narrow-form method="post" action="/people" {
                (ctx.command_fields(0)) input type="hidden" name="form" value="new";
                (Field::new("display_name", "Name that others see").autocomplete("off").typed(typed))
                (Field::new("login", "Sign-in name").autocomplete("off").typed(typed))
                (FieldGroup::several("roles", "Roles", roles).hint("Administrators manage people and open no chart.").typed(typed))
                button .button.primary type="submit" { "Make the account" }
            } }
    };
    Ok(ui::staff_page(ctx, "People & access", "people", body))
}
