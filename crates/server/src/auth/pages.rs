//! Signing in, setting a password, and the few pages that belong to nobody in particular.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::roles::Role;
use stillwater_ui::{self as ui, Field};

use super::{Principal, Subject, password, session};
use crate::auth::access::{ACCOUNTS, SIGNED_IN, Who};
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;
use stillwater_clinic::accounts::{Account, AuditNote};

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("start", "/", Who::Anyone, start)
        .get("health", "/healthz", Who::Anyone, super::health::health)
        .get("sign-in", "/sign-in", Who::Anyone, sign_in_page)
        .post("sign-in.send", "/sign-in", Who::Anyone, sign_in)
        .post("uncover", "/uncover", SIGNED_IN, super::proof::uncover)
        .get("password", "/password", ACCOUNTS, password_page)
        .post("password.send", "/password", ACCOUNTS, change_password)
        .get("help", "/help", Who::Anyone, help)
        .post("draft.save", "/drafts", SIGNED_IN, save_draft)
}

/// The sender's address, as far as it is known, for limiting guesses.
#[derive(Clone, Debug)]
pub struct Sender(pub String);

impl FromRequestParts<App> for Sender {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // The last entry is the one that our own proxy wrote; those before it are whatever the sender claimed.
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .filter(|_| app.clinic.behind_proxy)
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .map(|last| last.trim().to_owned());
        let direct = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        Ok(Self(forwarded.or_else(direct).unwrap_or_else(|| "unknown".into())))
    }
}

async fn start(ctx: PageContext) -> Redirect {
    Redirect::to(ctx.principal.as_ref().map_or("/sign-in", crate::auth::home))
}

async fn sign_in_page(ctx: PageContext) -> Response {
    match &ctx.principal {
        Some(principal) => Redirect::to(crate::auth::home(principal)).into_response(),
        None => sign_in_form(&ctx, &Form::blank()).into_response(),
    }
}

fn sign_in_form(ctx: &PageContext, typed: &Form) -> Markup {
    ui::sign_in_page(
        ctx,
        "Sign in",
        html! {
            (ui::error_summary(typed))
            form method="post" action="/sign-in" .stack data-once {
                (ctx.csrf_field())
                (Field::new("login", "Sign-in name").autocomplete("username").typed(typed))
                (Field::password("password", "Password").autocomplete("current-password").typed(typed))
                button .button.primary type="submit" { "Sign in" }
            }
            p .quiet { "Patients and companions come in by the link that their team sent them." }
            p .quiet { "Forgotten your password? Ask the person who manages people and access for a new link." }
        },
    )
}

async fn sign_in(
    State(app): State<App>,
    ctx: PageContext,
    sender: Sender,
    mut typed: Form,
) -> Result<Response, Problem> {
    let login = typed.get("login").trim().to_lowercase();
    if login.is_empty() {
        typed.wrong("login", "Write your sign-in name.");
    }
    if typed.get("password").is_empty() {
        typed.wrong("password", "Write your password.");
    }
    if !typed.is_sound() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, sign_in_form(&ctx, &typed)).into_response());
    }
    let login_key = app.keys.stand_in(&login);
    app.limits.by_address.attempt(&sender.0, ctx.now_ms).map_err(Problem::too_many)?;
    app.limits.by_login.attempt(&login_key, ctx.now_ms).map_err(Problem::too_many)?;
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("signing in", cause);
    let account = app.accounts.account_by_login(&login).await.map_err(|cause| failed(&cause))?;
    let stored = account.as_ref().filter(|account| account.active).and_then(|account| account.password_hash.as_deref());
    let matches = app.passwords.matches(typed.get("password"), stored).await.map_err(|cause| failed(&cause))?;
    match account.filter(|_| matches).and_then(|account| subject_of(&account).map(|subject| (subject, account))) {
        Some((subject, account)) => {
            app.limits.by_login.forgive(&login_key);
            let roles = account.roles.clone();
            let cookie = session::begin(&app, subject, &account.display_name, &roles).await?;
            // A session that the browser held before must not outlive this one.
            if let Some(before) = &ctx.principal {
                app.accounts.end_session(before.session).await.map_err(|cause| failed(&cause))?;
            }
            audit(&app, ctx.now_ms, &account.id.to_string(), "sign-in", "").await?;
            let principal = Principal { subject, roles, name: account.display_name, session: [0; 32] };
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(crate::auth::home(&principal))).into_response())
        }
        None => {
            audit(&app, ctx.now_ms, "", "sign-in-refused", &login_key).await?;
            typed.wrong("password", "That name and password do not match. Check both and try again.");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, sign_in_form(&ctx, &typed)).into_response())
        }
    }
}

/// Who an account stands for; `None` when it has no role that can sign in.
#[must_use]
pub fn subject_of(account: &Account) -> Option<Subject> {
    match account.patient {
        Some(patient) => account
            .roles
            .contains(&Role::Patient)
            .then_some(Subject::Patient { patient: PatientId(patient), account: Some(account.id) }),
        None => {
            let staff = [Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator];
            staff.iter().any(|role| account.roles.contains(role)).then_some(Subject::Staff(StaffId(account.id)))
        }
    }
}

async fn password_page(State(app): State<App>, ctx: PageContext, principal: Principal) -> Result<Markup, Problem> {
    let account = own_account(&app, &principal).await?;
    Ok(password_form(&ctx, &account.login, &Form::blank()))
}

fn password_form(ctx: &PageContext, login: &str, typed: &Form) -> Markup {
    ui::account_page(
        ctx,
        "Change your password",
        html! {
            (ui::error_summary(typed))
            form method="post" action="/password" .stack data-once {
                (ctx.csrf_field())
                // Password keepers need the name beside the password to store it rightly.
                input type="text" name="login" value=(login) autocomplete="username" readonly hidden;
                (Field::password("current", "Password now").autocomplete("current-password").typed(typed))
                (new_password_fields(typed))
                button .button.primary type="submit" { "Change password" }
            }
            p .quiet { "Other devices where you are signed in will be signed out." }
        },
    )
}

/// The two fields of a new password.
#[must_use]
pub fn new_password_fields(typed: &Form) -> Markup {
    html! {
        (Field::password("password", "New password")
            .hint("At least 12 characters. Several words in a row are good.")
            .autocomplete("new-password").typed(typed))
        (Field::password("again", "The same once more").autocomplete("new-password").typed(typed))
    }
}

/// Checks the two fields of a new password and notes what is wrong.
pub fn check_new_password(typed: &mut Form, login: &str) {
    if let Some(says) = password::refusal(typed.get("password"), login) {
        typed.wrong("password", says);
    }
    if typed.get("password") != typed.get("again") {
        typed.wrong("again", "The two are not the same. Type the new password again.");
    }
}

async fn own_account(app: &App, principal: &Principal) -> Result<Account, Problem> {
    let id = principal.account().ok_or_else(Problem::forbidden)?;
    let account = app.accounts.account(id).await.map_err(|cause| Problem::failure("finding an account", &cause))?;
    account.filter(|account| account.active).ok_or_else(Problem::forbidden)
}

async fn change_password(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    sender: Sender,
    mut typed: Form,
) -> Result<Response, Problem> {
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("changing a password", cause);
    let account = own_account(&app, &principal).await?;
    let login_key = app.keys.stand_in(&account.login);
    app.limits.by_address.attempt(&sender.0, ctx.now_ms).map_err(Problem::too_many)?;
    app.limits.by_login.attempt(&login_key, ctx.now_ms).map_err(Problem::too_many)?;
    let stored = account.password_hash.as_deref();
    let right = app.passwords.matches(typed.get("current"), stored).await.map_err(|cause| failed(&cause))?;
    if !right {
        typed.wrong("current", "That is not your password now.");
    }
    check_new_password(&mut typed, &account.login);
    if !typed.is_sound() {
        let page = password_form(&ctx, &account.login, &typed);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.limits.by_login.forgive(&login_key);
    let hash = app.passwords.hash(typed.get("password")).await.map_err(|cause| failed(&cause))?;
    app.accounts.set_password(account.id, hash).await.map_err(|cause| failed(&cause))?;
    app.accounts.end_all_sessions(principal.subject).await.map_err(|cause| failed(&cause))?;
    let cookie = session::begin(&app, principal.subject, &principal.name, &principal.roles).await?;
    audit(&app, ctx.now_ms, &principal.key(), "password-changed", "").await?;
    let page = ui::account_page(
        &ctx,
        "Your password is changed",
        html! {
            p { "Use the new one from now on. Other devices are signed out." }
            p { a .button href=(crate::auth::home(&principal)) { "Go on" } }
        },
    );
    Ok(([(header::SET_COOKIE, cookie)], page).into_response())
}

/// Help that needs no sign-in and no script: numbers that call when touched.
async fn help(ctx: PageContext) -> Markup {
    let clinic = &ctx.clinic;
    ui::phone_page(
        &ctx,
        "Help now",
        html! {
            p .lead { "You do not have to decide how bad it is. Call." }
            div .stack {
                (ui::call_button("Your team, day and night", &clinic.on_call_phone))
                (ui::call_button("Emergency: someone is in danger or cannot be woken", &clinic.emergency_number))
                (ui::call_button("Crisis line, for thoughts of suicide or of not wanting to go on", &clinic.crisis_number))
            }
            @if let Some(then) = &clinic.crisis_veterans {
                p { "Veterans: call " (ui::phone_link(&clinic.crisis_number)) ", then " (then) "." }
            }
            @if let Some(principal) = &ctx.principal {
                p { a .button href=(crate::auth::home(principal)) { "Back" } }
            }
        },
    )
}

/// Keeps what someone is typing, so that a closed page loses nothing. Sent by the page itself, now and then.
async fn save_draft(State(app): State<App>, principal: Principal, typed: Form) -> Result<StatusCode, Problem> {
    let key = typed.get("draft_key");
    if key.is_empty() || key.len() > 120 {
        return Err(Problem::unreadable("A draft needs a name of at most 120 characters."));
    }
    app.accounts
        .keep_draft(&principal.key(), key, &typed.to_draft())
        .await
        .map_err(|cause| Problem::failure("keeping a draft", &cause))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes a line of the audit trail; when that fails, so does the act.
pub(super) async fn audit(app: &App, now_ms: i64, who: &str, what: &str, about: &str) -> Result<(), Problem> {
    app.accounts
        .note(AuditNote { at_ms: now_ms, who: who.into(), what: what.into(), patient: None, about: about.into() })
        .await
        .map_err(|cause| Problem::failure("writing the audit trail", &cause))
}
