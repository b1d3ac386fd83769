//! Who is asking: sign-in, sessions, personal links, and what each role may open.

pub mod access;
mod health;
pub mod keys;
pub mod leave;
pub mod limit;
pub mod links;
pub mod pages;
pub mod password;
pub mod proof;
pub mod proofs;
pub mod session;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use stillwater_care::roles::Role;
use stillwater_clinic::{Principal, Subject};

use crate::http::problem::Problem;
use crate::state::App;

/// The page where somebody starts.
#[must_use]
pub fn home(principal: &Principal) -> &'static str {
    match principal.subject {
        Subject::Patient { .. } => "/my",
        Subject::Companion { .. } => "/companion",
        Subject::Staff(_) if principal.roles == [Role::Administrator] => "/people",
        Subject::Staff(_) => "/caseload",
    }
}

/// What the identity layer found out about a request.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    /// Who is asking; `None` when nobody is signed in.
    pub principal: Option<Principal>,
    /// The token that their forms must carry; empty when there is neither session nor form cookie.
    pub csrf: String,
}

impl FromRequestParts<App> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Presence>()
            .and_then(|presence| presence.principal.clone())
            .ok_or_else(Problem::signed_out)
    }
}
