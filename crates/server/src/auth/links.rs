//! Personal links: a patient's and a companion's way in, and the one by which a member of staff sets a password.
//!
//! Opening a link changes nothing, since mail programs open links too; pressing the button uses it up.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::ids::{CompanionId, PatientId};
use stillwater_care::roles::Role;
use stillwater_digest::{from_hex, to_hex};
use stillwater_ui::{self as ui, Field};
use uuid::Uuid;

use super::pages::{Sender, audit, check_new_password, new_password_fields, subject_of};
use super::{Principal, Subject, session};
use crate::auth::access::Who;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;
use stillwater_clinic::accounts::{Link, LinkFor};
use stillwater_clinic::random;

const DAY_MS: i64 = 24 * 60 * 60_000;
/// How long a patient's or companion's link waits to be used.
pub const PERSONAL_LINK_MS: i64 = 14 * DAY_MS;
/// How long a link for setting a password waits to be used.
pub const PASSWORD_LINK_MS: i64 = 2 * DAY_MS;

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("link", "/link/{token}", Who::Anyone, open).post(
        "link.use",
        "/link/{token}",
        Who::Anyone,
        use_link,
    )
}

/// A new link as it is shown once, to whoever hands it on. Only digests are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The path to put behind the clinic's address.
    pub path: String,
    /// The code to hand over separately; companions only.
    pub code: Option<String>,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// Makes a link for a patient's own phone.
///
/// # Errors
/// When there is no randomness or the store does not answer.
pub async fn invite_patient(app: &App, patient: PatientId, name: &str) -> Result<Invitation, Problem> {
    invite(app, LinkFor::Patient { patient: patient.0 }, name, PERSONAL_LINK_MS).await
}

/// Makes a link and a code for a companion.
///
/// # Errors
/// When there is no randomness or the store does not answer.
pub async fn invite_companion(
    app: &App,
    patient: PatientId,
    companion: CompanionId,
    name: &str,
) -> Result<Invitation, Problem> {
    let link_for = LinkFor::Companion { patient: patient.0, companion: companion.0 };
    invite(app, link_for, name, PERSONAL_LINK_MS).await
}

/// Makes a link by which the holder of an account sets its password: for the first administrator, a new colleague, or after forgetting.
///
/// # Errors
/// When there is no randomness or the store does not answer.
pub async fn invite_account(app: &App, account: Uuid, name: &str) -> Result<Invitation, Problem> {
    invite(app, LinkFor::Account { account }, name, PASSWORD_LINK_MS).await
}

async fn invite(app: &App, link_for: LinkFor, name: &str, lasts_ms: i64) -> Result<Invitation, Problem> {
    let token = random::bytes::<32>()?;
    let digest = app.keys.digest("link", &token);
    let code = match link_for {
        LinkFor::Companion { .. } => Some(random::six_digits()?),
        LinkFor::Patient { .. } | LinkFor::Account { .. } => None,
    };
    let now_ms = app.accounts.now_ms();
    let expires_at_ms = now_ms + lasts_ms;
    let link = Link {
        digest,
        link_for,
        name: name.to_owned(),
        code_digest: code.as_deref().map(|code| code_digest(app, &digest, code)),
        created_at_ms: now_ms,
        expires_at_ms,
        used_at_ms: None,
        revoked: false,
    };
    app.accounts.keep_link(link).await.map_err(|cause| Problem::failure("keeping a link", &cause))?;
    Ok(Invitation { path: format!("/link/{}", to_hex(&token)), code, expires_at_ms })
}

/// The code is digested together with its link, so that equal codes do not look equal in the store.
fn code_digest(app: &App, link: &[u8; 32], code: &str) -> [u8; 32] {
    let mut secret = link.to_vec();
    secret.extend_from_slice(code.as_bytes());
    app.keys.digest("link-code", &secret)
}

/// The link behind a token, if it still opens.
async fn living(app: &App, token: &str) -> Result<Option<Link>, Problem> {
    let Some(token) = from_hex::<32>(token) else { return Ok(None) };
    let digest = app.keys.digest("link", &token);
    let link = app.accounts.link(digest).await.map_err(|cause| Problem::failure("finding a link", &cause))?;
    let now_ms = app.accounts.now_ms();
    Ok(link.filter(|link| link.used_at_ms.is_none() && !link.revoked && now_ms < link.expires_at_ms))
}

async fn open(State(app): State<App>, ctx: PageContext, Path(token): Path<String>) -> Result<Response, Problem> {
    match living(&app, &token).await? {
        Some(link) => Ok(ask(&ctx, &link, &token, &Form::blank()).into_response()),
        None => Ok(dead(&ctx)),
    }
}

/// What someone sees whose link does not open any more. Expired, used, withdrawn and mistyped look the same.
fn dead(ctx: &PageContext) -> Response {
    let page = ui::phone_page(
        ctx,
        "This link does not open any more",
        html! {
            p .lead { "Links work once, and for a limited time. Nothing is lost: what you have sent is kept." }
            p { "Ask your team for a new one: " (ui::phone_link(&ctx.clinic.on_call_phone)) "." }
            @match &ctx.principal {
                Some(principal) => p { "You are still signed in on this device. " a href=(crate::auth::home(principal)) { "Go to your pages" } "." },
                None => p .quiet { "If you have opened it on another phone before, it still works there." },
            }
        },
    );
    (StatusCode::GONE, page).into_response()
}

fn ask(ctx: &PageContext, link: &Link, token: &str, typed: &Form) -> Markup {
    let action = format!("/link/{token}");
    match link.link_for {
        LinkFor::Account { .. } => ui::sign_in_page(
            ctx,
            "Set your password",
            html! {
                p { "Hello " (link.name) ". Choose a password; you will be signed in with it." }
                (ui::error_summary(typed))
                form method="post" action=(action) .stack data-once {
                    (ctx.csrf_field())
                    (new_password_fields(typed))
                    button .button.primary type="submit" { "Set password and sign in" }
                }
            },
        ),
        LinkFor::Patient { .. } => ui::phone_page(
            ctx,
            "Welcome",
            html! {
                p .lead { "This link opens your own pages at " (ctx.clinic.name) "." }
                p { "It works once, and this phone then stays signed in. Use a phone that only you unlock." }
                form method="post" action=(action) .stack data-once {
                    (ctx.csrf_field())
                    button .button.primary type="submit" { "Open my pages" }
                }
            },
        ),
        LinkFor::Companion { .. } => ui::phone_page(
            ctx,
            "Welcome, companion",
            html! {
                p .lead { "Thank you for staying with someone during their treatment." }
                p { "Type the six digits that their team or they have given you." }
                (ui::error_summary(typed))
                form method="post" action=(action) .stack data-once {
                    (ctx.csrf_field())
                    (Field::new("code", "Your six digits").inputmode("numeric").autocomplete("one-time-code").typed(typed))
                    button .button.primary type="submit" { "Open my pages" }
                }
            },
        ),
    }
}

async fn use_link(
    State(app): State<App>,
    ctx: PageContext,
    sender: Sender,
    Path(token): Path<String>,
    mut typed: Form,
) -> Result<Response, Problem> {
    app.limits.by_address.attempt(&sender.0, ctx.now_ms).map_err(Problem::too_many)?;
    let Some(link) = living(&app, &token).await? else { return Ok(dead(&ctx)) };
    let refused = |typed: &Form| (StatusCode::UNPROCESSABLE_ENTITY, ask(&ctx, &link, &token, typed)).into_response();
    let (subject, name, roles) = match link.link_for {
        LinkFor::Patient { patient } => {
            (Subject::Patient { patient: PatientId(patient), account: None }, link.name.clone(), vec![Role::Patient])
        }
        LinkFor::Companion { patient, companion } => {
            if !code_matches(&app, &link, &ctx, &mut typed)? {
                return Ok(refused(&typed));
            }
            (
                Subject::Companion { patient: PatientId(patient), companion: CompanionId(companion) },
                link.name.clone(),
                vec![Role::Companion],
            )
        }
        LinkFor::Account { account } => {
            let failed = |cause: &dyn std::fmt::Display| Problem::failure("setting a password", cause);
            let found = app.accounts.account(account).await.map_err(|cause| failed(&cause))?;
            let Some((account, subject)) = found
                .filter(|account| account.active)
                .and_then(|account| subject_of(&account).map(|subject| (account, subject)))
            else {
                return Ok(dead(&ctx));
            };
            check_new_password(&mut typed, &account.login);
            if !typed.is_sound() {
                return Ok(refused(&typed));
            }
            let hash = app.passwords.hash(typed.get("password")).await.map_err(|cause| failed(&cause))?;
            // The link is used up before the password is set: of two who press at once, one wins.
            if !app.accounts.use_link(link.digest).await.map_err(|cause| failed(&cause))? {
                return Ok(dead(&ctx));
            }
            app.accounts.set_password(account.id, hash).await.map_err(|cause| failed(&cause))?;
            app.accounts.end_all_sessions(subject).await.map_err(|cause| failed(&cause))?;
            return enter(&app, &ctx, subject, account.display_name, account.roles).await;
        }
    };
    let used = app.accounts.use_link(link.digest).await.map_err(|cause| Problem::failure("using a link", &cause))?;
    if !used {
        return Ok(dead(&ctx));
    }
    enter(&app, &ctx, subject, name, roles).await
}

/// Whether the typed code is the link's. Guesses are counted for each link.
fn code_matches(app: &App, link: &Link, ctx: &PageContext, typed: &mut Form) -> Result<bool, Problem> {
    let code: String = typed.get("code").chars().filter(|character| !character.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        typed.wrong("code", "The code is six digits, such as 042 317.");
        return Ok(false);
    }
    app.limits.by_link.attempt(&to_hex(&link.digest), ctx.now_ms).map_err(Problem::too_many)?;
    let given = code_digest(app, &link.digest, &code);
    let right = link.code_digest.is_some_and(|kept| bool::from(subtle::ConstantTimeEq::ct_eq(&kept[..], &given[..])));
    if !right {
        typed.wrong("code", "That is not the code for this link. Look again, or ask the team for a new link and code.");
    }
    Ok(right)
}

async fn enter(
    app: &App,
    ctx: &PageContext,
    subject: Subject,
    name: String,
    roles: Vec<Role>,
) -> Result<Response, Problem> {
    if let Some(before) = &ctx.principal {
        app.accounts.end_session(before.session).await.map_err(|cause| Problem::failure("ending a session", &cause))?;
    }
    let cookie = session::begin(app, subject, &name, &roles).await?;
    let principal = Principal { subject, roles, name, session: [0; 32] };
    audit(app, ctx.now_ms, &principal.key(), "link-used", "").await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(crate::auth::home(&principal))).into_response())
}
