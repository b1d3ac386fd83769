//! Trouble as a page: the layer that turns a problem into what whoever asked can read.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use stillwater_ui::{self as ui, ProblemWords};

use crate::auth::Presence;
use crate::http::{PageContext, Problem};
use crate::state::App;

/// Turns a problem into a page for whoever is asking.
pub async fn readable(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_get = request.method() == Method::GET;
    let accept =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let wants_json = accept.contains("application/json");
    let wants_page = accept.contains("text/html") || !(wants_json || accept.contains("text/event-stream"));
    let mut response = next.run(request).await;
    let presence = response.extensions_mut().remove::<Presence>().unwrap_or_default();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // Only what the router itself answers: a handler's own page keeps its words.
        None if response.headers().contains_key(header::CONTENT_TYPE) => return response,
        None => match response.status() {
            StatusCode::NOT_FOUND => Problem::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                let mut problem = Problem::not_found();
                problem.status = StatusCode::METHOD_NOT_ALLOWED;
                problem
            }
            _ => return response,
        },
    };
    let mut answer = if wants_json {
        let body = serde_json::json!({ "title": problem.title, "what": problem.what, "next": problem.next });
        (problem.status, axum::Json(body)).into_response()
    } else if !wants_page {
        (problem.status, format!("{}\n{}\n{}\n", problem.title, problem.what, problem.next)).into_response()
    } else if problem.status == StatusCode::UNAUTHORIZED && is_get && !is_phone_path(&path) {
        Redirect::to("/sign-in").into_response()
    } else {
        let words = ProblemWords { title: &problem.title, what: &problem.what, next: &problem.next };
        match PageContext::new(&app, presence) {
            Ok(ctx) => (problem.status, ui::problem_page(&ctx, words, is_phone_path(&path))).into_response(),
            Err(_) => return response,
        }
    };
    if let Some(seconds) = problem.retry_after_s {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    answer
}

/// Whether an address belongs to the patient's and companion's pages.
fn is_phone_path(path: &str) -> bool {
    ["/my", "/companion", "/link", "/help", "/pause", "/leave"]
        .iter()
        .any(|room| path.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}
