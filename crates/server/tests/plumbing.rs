//! Sign-in, links, tokens, limits and headers, asked for over HTTP as a browser would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use stillwater_care::ids::{CompanionId, PatientId};
use stillwater_care::roles::Role;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::clock::FixedClock;
use stillwater_server::access_table;
use stillwater_server::auth::access::Who;
use stillwater_server::auth::links;
use stillwater_server::auth::password::hash_now;
use stillwater_server::http::{Piece, Routes, live};
use stillwater_server::router::layered;
use stillwater_server::state::{App, Clinic};
use stillwater_server::{entries, router};
use support::{Cookies, Page};
use uuid::Uuid;

const NOON: i64 = 1_763_899_200_000;
const MINUTE: i64 = 60_000;
const PASSWORD: &str = "lantern river copper";

/// A clinic with one guide, one administrator without a password, and a clock that stands still.
struct Clinic1 {
    app: App,
    clock: Arc<FixedClock>,
    router: Router,
    _folder: support::Folder,
}

/// One browser: it keeps its cookies, and asks whichever clinic it is told.
#[derive(Default)]
struct Browser {
    cookies: Cookies,
}

fn guide_id() -> Uuid {
    Uuid::from_u128(7)
}

fn administrator_id() -> Uuid {
    Uuid::from_u128(8)
}

async fn clinic_with(clinic: Clinic, routes: Option<Routes>) -> Clinic1 {
    let clock = Arc::new(FixedClock::at(NOON));
    let folder = support::Folder::new();
    let app = support::open(&folder, clock.clone(), clinic);
    let account = |id, login: &str, role, hash| Account {
        id,
        login: login.into(),
        display_name: format!("Example {login}"),
        roles: vec![role],
        password_hash: hash,
        active: true,
        patient: None,
    };
    let hash = Some(hash_now(PASSWORD).unwrap());
    app.accounts.create_account(account(guide_id(), "guide", Role::Guide, hash)).await.unwrap();
    app.accounts.create_account(account(administrator_id(), "admin", Role::Administrator, None)).await.unwrap();
    let router = match routes {
        Some(routes) => layered(routes, app.clone()),
        None => router(app.clone()),
    };
    Clinic1 { app, clock, router, _folder: folder }
}

async fn clinic() -> Clinic1 {
    clinic_with(Clinic::default(), None).await
}

impl Browser {
    async fn send(&mut self, clinic: &Clinic1, request: Request<Body>) -> Page {
        self.cookies.send(&clinic.router, request).await
    }

    async fn get(&mut self, clinic: &Clinic1, path: &str) -> Page {
        let request = Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
        self.send(clinic, request).await
    }

    async fn post_raw(&mut self, clinic: &Clinic1, path: &str, body: String) -> Page {
        self.send(clinic, support::form_request(path, body)).await
    }

    /// Opens `form` for its token and sends the fields to `path`.
    async fn post(&mut self, clinic: &Clinic1, form: &str, path: &str, fields: &str) -> Page {
        let token = csrf_of(&self.get(clinic, form).await.body);
        self.post_raw(clinic, path, format!("csrf={token}&{fields}")).await
    }

    async fn sign_in(&mut self, clinic: &Clinic1) -> Page {
        let password = PASSWORD.replace(' ', "+");
        self.post(clinic, "/sign-in", "/sign-in", &format!("login=Guide&password={password}")).await
    }
}

fn csrf_of(page: &str) -> String {
    let (_, after) = page.split_once("name=\"csrf\" content=\"").expect("the page names its token");
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn signing_in_opens_staff_pages_and_signing_out_closes_them() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    assert_eq!(browser.get(&clinic, "/password").await.header("location"), "/sign-in");
    let answer = browser.sign_in(&clinic).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/caseload"));
    let page = browser.get(&clinic, "/password").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Example guide"));
    let before = browser.cookies.clone();
    browser.post(&clinic, "/password", "/sign-out", "").await;
    browser.cookies = before;
    assert_eq!(
        browser.get(&clinic, "/password").await.header("location"),
        "/sign-in",
        "an old cookie is worth nothing"
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_read_the_same() {
    let clinic = clinic().await;
    let mut texts = Vec::new();
    for login in ["guide", "nobody", "admin"] {
        let mut browser = Browser::default();
        let fields = format!("login={login}&password=not+the+password");
        let answer = browser.post(&clinic, "/sign-in", "/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(&format!("value=\"{login}\"")), "the name typed is kept");
        assert!(!answer.body.contains("not the password"), "the password is never shown again");
        texts.push(answer.body.contains("do not match"));
    }
    assert_eq!(texts, [true, true, true]);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    for body in ["", "csrf=", "csrf=0000", "login=guide"] {
        assert_eq!(browser.post_raw(&clinic, "/sign-out", body.into()).await.status, StatusCode::FORBIDDEN, "{body}");
    }
    assert_eq!(browser.get(&clinic, "/password").await.status, StatusCode::OK, "still signed in");
    let mut stranger = Browser::default();
    let answer = stranger.post_raw(&clinic, "/sign-in", "csrf=&login=guide&password=x".into()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "no cookie, no token, no way in");
}

#[tokio::test]
async fn a_token_of_one_session_is_worth_nothing_in_another() {
    let clinic = clinic().await;
    let (mut one, mut other) = (Browser::default(), Browser::default());
    one.sign_in(&clinic).await;
    other.sign_in(&clinic).await;
    let token = csrf_of(&one.get(&clinic, "/password").await.body);
    assert_eq!(other.post_raw(&clinic, "/sign-out", format!("csrf={token}")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_request_that_another_site_sends_is_refused_even_with_the_token() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    let token = csrf_of(&browser.get(&clinic, "/password").await.body);
    for (name, value) in [
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = Request::post("/sign-out")
            .header("host", "clinic.example")
            .header(name, value)
            .header("x-csrf-token", &token)
            .body(Body::empty())
            .unwrap();
        assert_eq!(browser.send(&clinic, request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let request = Request::post("/sign-out")
        .header("host", "clinic.example")
        .header("origin", "https://clinic.example")
        .header("sec-fetch-site", "same-origin")
        .header("x-csrf-token", &token)
        .body(Body::empty())
        .unwrap();
    assert_eq!(browser.send(&clinic, request).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_a_password_is_stopped_and_says_how_long() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    let token = csrf_of(&browser.get(&clinic, "/sign-in").await.body);
    let guess = format!("csrf={token}&login=guide&password=wrong+wrong+wrong");
    for _ in 0..8 {
        assert_eq!(browser.post_raw(&clinic, "/sign-in", guess.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = browser.post_raw(&clinic, "/sign-in", guess).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "900"));
    assert!(answer.body.contains("15 minutes"));
    let right = format!("csrf={token}&login=guide&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(browser.post_raw(&clinic, "/sign-in", right.clone()).await.status, StatusCode::TOO_MANY_REQUESTS);
    clinic.clock.advance_ms(15 * MINUTE);
    assert_eq!(browser.post_raw(&clinic, "/sign-in", right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_when_unused_and_after_half_a_day_in_any_case() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    clinic.clock.advance_ms(30 * MINUTE - 1);
    assert_eq!(browser.get(&clinic, "/password").await.status, StatusCode::OK);
    clinic.clock.advance_ms(30 * MINUTE);
    assert_eq!(browser.get(&clinic, "/password").await.header("location"), "/sign-in");
    browser.sign_in(&clinic).await;
    for _ in 0..35 {
        clinic.clock.advance_ms(20 * MINUTE);
        assert_eq!(browser.get(&clinic, "/password").await.status, StatusCode::OK);
    }
    clinic.clock.advance_ms(20 * MINUTE);
    assert_eq!(browser.get(&clinic, "/password").await.header("location"), "/sign-in", "12 hours are over");
}

#[tokio::test]
async fn a_live_stream_alone_does_not_keep_a_screen_signed_in() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    for _ in 0..3 {
        clinic.clock.advance_ms(10 * MINUTE);
        let request = Request::get("/password").header("accept", "text/event-stream").body(Body::empty()).unwrap();
        browser.send(&clinic, request).await;
    }
    assert_eq!(browser.get(&clinic, "/password").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_bound_to_the_host() {
    let secure = clinic_with(Clinic { secure: true, ..Clinic::default() }, None).await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&secure).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-stillwater="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"));
    assert!(answer.header("strict-transport-security").contains("max-age="));
    let plain = clinic().await;
    let answer = Browser::default().sign_in(&plain).await;
    assert!(answer.header("set-cookie").starts_with("stillwater=") && !answer.header("set-cookie").contains("Secure"));
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn every_page_carries_the_strict_headers_and_no_inline_style_or_script() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    for path in ["/", "/sign-in", "/password", "/help", "/look", "/link/00", "/nothing", "/people", "/healthz"] {
        let answer = browser.get(&clinic, path).await;
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(!answer.body.contains("style=") && !answer.body.contains("<style"), "{path}");
        assert!(
            !answer.body.contains("onclick") && !answer.body.replace("></script>", "").contains("</script>"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_unknown_page_is_told_kindly_and_not_as_a_fault() {
    let clinic = clinic().await;
    let answer = Browser::default().get(&clinic, "/no/such/page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("There is no page here"));
    let answer = Browser::default().get(&clinic, "/my/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("Help now"), "a phone page keeps its way to help");
    let answer = Browser::default().get(&clinic, "/drafts").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_oversized_form_is_refused_before_it_is_read() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    let token = csrf_of(&browser.get(&clinic, "/sign-in").await.body);
    let body = format!("csrf={token}&login={}", "a".repeat(64 * 1024));
    let answer = browser.post_raw(&clinic, "/sign-in", body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("64 KB"));
}

#[tokio::test]
async fn a_patients_link_opens_once_and_then_says_whom_to_ask() {
    let clinic = clinic().await;
    let patient = PatientId(Uuid::from_u128(21));
    let link = links::invite_patient(&clinic.app, patient, "Example Patient").await.unwrap();
    let mut phone = Browser::default();
    for _ in 0..2 {
        let page = phone.get(&clinic, &link.path).await;
        assert_eq!(page.status, StatusCode::OK, "looking does not use it up");
    }
    let answer = phone.post(&clinic, &link.path, &link.path, "").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/my"));
    assert!(phone.get(&clinic, "/pause").await.body.contains("Take your time"));
    assert_eq!(phone.get(&clinic, "/look").await.status, StatusCode::OK);
    let mut thief = Browser::default();
    let answer = thief.get(&clinic, &link.path).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.body.contains("Ask your team for a new one") && answer.body.contains("555-0100"));
    assert_eq!(thief.post(&clinic, "/sign-in", &link.path, "").await.status, StatusCode::GONE);
    assert_eq!(thief.get(&clinic, "/pause").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_or_mistyped_link_does_not_open() {
    let clinic = clinic().await;
    let link = links::invite_patient(&clinic.app, PatientId(Uuid::from_u128(21)), "Example Patient").await.unwrap();
    clinic.clock.advance_ms(links::PERSONAL_LINK_MS);
    for path in [link.path.as_str(), "/link/0000", &format!("/link/{}", "ab".repeat(32))] {
        assert_eq!(Browser::default().get(&clinic, path).await.status, StatusCode::GONE, "{path}");
    }
}

#[tokio::test]
async fn a_companion_needs_the_code_and_may_not_guess_it() {
    let clinic = clinic().await;
    let (patient, companion) = (PatientId(Uuid::from_u128(21)), CompanionId(Uuid::from_u128(22)));
    let link = links::invite_companion(&clinic.app, patient, companion, "Example Companion").await.unwrap();
    let code = link.code.clone().unwrap();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    let mut phone = Browser::default();
    for _ in 0..4 {
        let answer = phone.post(&clinic, &link.path, &link.path, &format!("code={wrong}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = phone.post(&clinic, &link.path, &link.path, &format!("code={}+{}", &code[..3], &code[3..])).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/companion"));
    let again = links::invite_companion(&clinic.app, patient, companion, "Example Companion").await.unwrap();
    let wrong = if again.code.as_deref() == Some("111111") { "222222" } else { "111111" };
    for expected in [422, 422, 422, 422, 422, 429] {
        let answer = Browser::default().post(&clinic, &again.path, &again.path, &format!("code={wrong}")).await;
        assert_eq!(answer.status.as_u16(), expected);
    }
}

#[tokio::test]
async fn the_first_administrator_sets_a_password_by_a_link_that_works_once() {
    let clinic = clinic().await;
    let link = links::invite_account(&clinic.app, administrator_id(), "Example admin").await.unwrap();
    let mut browser = Browser::default();
    let short = browser.post(&clinic, &link.path, &link.path, "password=short&again=short").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("at least 12 characters"));
    let differing = browser.post(&clinic, &link.path, &link.path, "password=harbour+maple+chalk&again=harbour").await;
    assert!(differing.body.contains("not the same"));
    let fields = "password=harbour+maple+chalk&again=harbour+maple+chalk";
    let answer = browser.post(&clinic, &link.path, &link.path, fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/people"));
    assert_eq!(browser.get(&clinic, &link.path).await.status, StatusCode::GONE);
    let mut later = Browser::default();
    let answer = later.post(&clinic, "/sign-in", "/sign-in", "login=admin&password=harbour+maple+chalk").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn changing_a_password_needs_the_old_one_and_ends_other_sessions() {
    let clinic = clinic().await;
    let (mut here, mut elsewhere) = (Browser::default(), Browser::default());
    here.sign_in(&clinic).await;
    elsewhere.sign_in(&clinic).await;
    let new = "password=harbour+maple+chalk&again=harbour+maple+chalk";
    let wrong = here.post(&clinic, "/password", "/password", &format!("current=wrong&{new}")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let current = PASSWORD.replace(' ', "+");
    let answer = here.post(&clinic, "/password", "/password", &format!("current={current}&{new}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(here.get(&clinic, "/password").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get(&clinic, "/password").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn roles_are_held_to_their_pages() {
    let clinic = clinic().await;
    let mut guide = Browser::default();
    guide.sign_in(&clinic).await;
    let answer = guide.get(&clinic, "/pause").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("not open to you"));
}

#[tokio::test]
async fn a_route_that_names_nobody_is_closed_and_a_panic_shows_nothing_of_the_inside() {
    async fn secret() -> &'static str {
        "secret"
    }
    async fn breaks() -> &'static str {
        panic!("the inside of the machine")
    }
    let routes = Routes::new().get("for nobody", "/secret", Who::Roles(&[]), secret).get(
        "breaks",
        "/breaks",
        Who::Anyone,
        breaks,
    );
    let clinic = clinic_with(Clinic::default(), Some(routes)).await;
    let answer = Browser::default().get(&clinic, "/secret").await;
    assert!(!answer.body.contains("secret") && answer.status != StatusCode::OK);
    let answer = Browser::default().get(&clinic, "/breaks").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("Something went wrong on our side") && !answer.body.contains("inside of the machine"));
}

#[tokio::test]
async fn a_draft_is_kept_for_its_writer() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    browser.sign_in(&clinic).await;
    let answer = browser.post(&clinic, "/password", "/drafts", "draft_key=note%3A1&note=half+a+sentence").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let kept = clinic.app.accounts.draft(&format!("staff:{}", guide_id()), "note:1").await.unwrap();
    assert_eq!(kept.as_deref(), Some("note=half+a+sentence"));
    assert_eq!(clinic.app.accounts.draft("staff:someone-else", "note:1").await.unwrap(), None);
}

#[tokio::test]
async fn files_are_kept_by_browsers_until_they_change() {
    let clinic = clinic().await;
    let mut browser = Browser::default();
    let page = browser.get(&clinic, "/sign-in").await.body;
    let path = page.split("href=\"").find(|piece| piece.contains("stillwater.css")).unwrap().split('"').next().unwrap();
    let file = browser.get(&clinic, path).await;
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
    assert!(file.header("cache-control").contains("immutable"));
    let request = Request::get(path).header("if-none-match", file.header("etag")).body(Body::empty()).unwrap();
    assert_eq!(browser.send(&clinic, request).await.status, StatusCode::NOT_MODIFIED);
    assert_eq!(browser.get(&clinic, "/assets/0/../../etc/passwd").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_live_stream_sends_pieces_with_their_place_and_ends_when_the_server_stops() {
    async fn stream(State(app): State<App>) -> axum::response::Response {
        let (send, receive) = tokio::sync::mpsc::channel(4);
        let markup = maud::html! { p #strip { "142/91 <mmHg>" } };
        send.send(Piece::Fragment { gid: Some(41), id: "strip".into(), markup }).await.unwrap();
        let stop = app.stop.clone();
        tokio::spawn(async move {
            send.send(Piece::Resync).await.unwrap();
            // The stream has taken both pieces when the channel is empty again.
            while send.capacity() < send.max_capacity() {
                tokio::task::yield_now().await;
            }
            stop.cancel();
            // The sender outlives the stop: it is the stop that ends the stream.
            send.closed().await;
        });
        live(&app, receive)
    }
    let clinic =
        clinic_with(Clinic::default(), Some(Routes::new().stream("stream", "/stream", Who::Anyone, stream))).await;
    let answer = Browser::default().get(&clinic, "/stream").await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("x-accel-buffering"), "no");
    assert!(answer.body.contains("event: fragment") && answer.body.contains("id: 41"), "{}", answer.body);
    assert!(answer.body.contains("&lt;mmHg&gt;"));
}

#[test]
fn no_two_routes_share_a_name_in_the_access_table() {
    assert_eq!(access_table::name_clashes(&entries()), Vec::<String>::new());
}

#[test]
fn the_access_table_prints_a_line_for_each_route() {
    let printed = access_table::markdown(&entries());
    assert!(printed.contains("| sign-out | `POST /sign-out` | – | yes |"));
    assert!(printed.contains("| pause | `GET /pause` | – | yes | yes | – | – | – | – |"));
}
