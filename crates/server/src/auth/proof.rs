//! Proof that it is still they: asked again before anything is signed.
//!
//! A clinic's screen stands open while its owner is at the bedside. Whoever signs a decision, an order, GO or a note shows again
//! that it is they, unless they did within the last five minutes. [`shown`] is the one call through which every signature goes:
//! today a password answers it, and a passkey or a one-time code can, without any page or command changing.

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_ui::Field;

use super::{Principal, Subject};
use crate::http::Form;
use crate::http::problem::Problem;
use crate::state::App;
use stillwater_clinic::accounts::AuditNote;

/// The field in which a password is typed again.
pub const FIELD: &str = "proof";

/// Whether a command is a signature.
#[must_use]
pub fn signs(command: &Command) -> bool {
    match command {
        // A no only ever holds a dose back, and must not wait for a password.
        Command::DecideGo(decision) => decision.go,
        Command::ReviewSuicideScreen(review) => review.proceed,
        Command::ReviewAdverseEvent(review) => review.proceed,
        Command::DecideEligibility(_)
        | Command::OverrideFinding(_)
        | Command::CosignOverride(_)
        | Command::MergeCharts(_)
        | Command::WriteOrder(_)
        | Command::SignNote(_) => true,
        _ => false,
    }
}

/// Whether somebody has to show again that it is they before they can sign.
#[must_use]
pub fn due(app: &App, principal: &Principal) -> bool {
    app.proofs.due(principal, app.accounts.now_ms())
}

/// Whether whoever signs has shown that it is they: within the last minutes, or with this form. What is missing or wrong is
/// noted beside the field.
///
/// # Errors
/// When too many were wrong, or the accounts cannot be read.
pub async fn shown(app: &App, principal: &Principal, typed: &mut Form) -> Result<bool, Problem> {
    if !due(app, principal) {
        return Ok(true);
    }
    if typed.get(FIELD).is_empty() {
        typed.wrong(
            FIELD,
            "You signed in more than 5 minutes ago. Type your password to sign. Nothing was recorded yet.",
        );
        return Ok(false);
    }
    if right(app, principal, typed.get(FIELD)).await? {
        return Ok(true);
    }
    typed.wrong(FIELD, "That is not the password you sign in with. Nothing was recorded.");
    Ok(false)
}

/// Whether this is the password of whoever is signed in. Right is noted as a proof; wrong is limited and goes into the access log.
async fn right(app: &App, principal: &Principal, password: &str) -> Result<bool, Problem> {
    let Subject::Staff(id) = principal.subject else { return Err(Problem::forbidden()) };
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("asking for the password again", cause);
    let account = app.accounts.account(id.0).await.map_err(|cause| failed(&cause))?.filter(|account| account.active);
    let Some(account) = account else { return Err(Problem::signed_out()) };
    let now_ms = app.accounts.now_ms();
    let key = app.keys.stand_in(&account.login);
    app.limits.by_login.attempt(&key, now_ms).map_err(Problem::too_many)?;
    let right = app.passwords.matches(password, account.password_hash.as_deref()).await;
    if right.map_err(|cause| failed(&cause))? {
        app.limits.by_login.forgive(&key);
        app.proofs.note(principal.session, now_ms);
        return Ok(true);
    }
    let note = AuditNote {
        at_ms: now_ms,
        who: principal.key(),
        what: "proof-refused".into(),
        patient: None,
        about: String::new(),
    };
    app.accounts.note(note).await.map_err(|cause| failed(&cause))?;
    Ok(false)
}

/// Lifts the cover from a screen that nobody touched.
pub(super) async fn uncover(State(app): State<App>, principal: Principal, typed: Form) -> Result<StatusCode, Problem> {
    let right = right(&app, &principal, typed.get(FIELD)).await?;
    Ok(if right { StatusCode::NO_CONTENT } else { StatusCode::UNPROCESSABLE_ENTITY })
}

/// The field for it, in a form that signs; nothing while the last proof holds.
#[must_use]
pub fn field(due: bool, typed: &Form) -> Markup {
    html! {
        @if due { (Field::password(FIELD, "Your password again, to sign").autocomplete("current-password").typed(typed)) }
    }
}
