//! A guide's and a prescriber's day over HTTP, as their browsers ask for it: from a referral to a signed decision, and
//! what is shown when a rule, a role or another person's entry stands in the way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use stillwater_care::ids::PatientId;
use stillwater_care::roles::Role;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::clock::FixedClock;
use stillwater_server::auth::password::hash_now;
use stillwater_server::state::{App, Clinic};
use support::{Browser, Page};
use uuid::Uuid;

const NOON: i64 = 1_763_899_200_000;
const PASSWORD: &str = "lantern river copper";
const STAFF: [(u128, &str, Role); 6] = [
    (1, "guide", Role::Guide),
    (2, "prescriber", Role::Prescriber),
    (3, "manager", Role::Manager),
    (4, "admin", Role::Administrator),
    (5, "stranger", Role::Guide),
    (6, "colleague", Role::Prescriber),
];

struct House {
    app: App,
    clock: Arc<FixedClock>,
    _folder: support::Folder,
}

async fn house() -> House {
    let clock = Arc::new(FixedClock::at(NOON));
    let folder = support::Folder::new();
    let app = support::open(&folder, clock.clone(), Clinic::default());
    let hash = hash_now(PASSWORD).unwrap();
    for (id, login, role) in STAFF {
        let account = Account {
            id: Uuid::from_u128(id),
            login: login.into(),
            display_name: format!("Example {login}"),
            roles: vec![role],
            password_hash: Some(hash.clone()),
            active: true,
            patient: None,
        };
        app.accounts.create_account(account).await.unwrap();
    }
    House { app, clock, _folder: folder }
}

impl House {
    async fn browser(&self, login: &str) -> Browser {
        let mut browser = Browser::of(&self.app);
        let answer = browser.send_form("/sign-in", "/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} signs in: {}", answer.body);
        browser
    }
}

/// Filling in a form of a page, found by its name.
trait Fills {
    async fn fill(&mut self, page: &str, path: &str, form: &str, fields: &[(&str, &str)]) -> Page;
    async fn fill_shown(&mut self, shown: &str, path: &str, form: &str, fields: &[(&str, &str)]) -> Page;
}

impl Fills for Browser {
    /// Opens a page and sends one of its forms with the hidden fields that it came with.
    async fn fill(&mut self, page: &str, path: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.body);
        self.fill_shown(&shown.body, path, form, fields).await
    }

    /// Sends a form of a page that was opened before.
    async fn fill_shown(&mut self, shown: &str, path: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![
            ("csrf", token(shown)),
            ("command_id", hidden(shown, "command_id")),
            ("seq", hidden(shown, "seq")),
            ("form", form.to_owned()),
        ];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.post(path, &all).await
    }
}

fn token(page: &str) -> String {
    between(page, "name=\"csrf\" content=\"")
}

/// The value of the last hidden field of that name, which belongs to the last form of the page.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let (_, after) = page.rsplit_once(&mark).unwrap_or_else(|| panic!("the page has no {name}"));
    after.split('"').next().unwrap().to_owned()
}

fn between(page: &str, mark: &str) -> String {
    page.split_once(mark).expect("the page names it").1.split('"').next().unwrap().to_owned()
}

/// Refers somebody by hand as the manager, and puts the guide and the prescriber on the team.
async fn referred(house: &House) -> PatientId {
    let mut manager = house.browser("manager").await;
    let fields = [
        ("name", "Example Patient"),
        ("birth_date", "1988-04-12"),
        ("sex", "female"),
        ("veteran", "yes"),
        ("phone", "555-0111"),
        ("address", "1 Example Street"),
        ("time_zone", "America/Denver"),
        ("emergency_number", "911"),
        ("reason", "PTSD, two treatments tried"),
        ("source", "Example practice"),
    ];
    let shown = manager.get("/referrals/new").await.body;
    for _ in 0..2 {
        let answer = manager.fill_shown(&shown, "/referrals/new", "", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    let all = house.app.charts.summaries();
    assert_eq!(all.len(), 1, "the form sent twice refers one person");
    let patient = all[0].patient;
    let team = format!("/referrals/{patient}/team");
    let (guide, prescriber) = (format!("role-{}", Uuid::from_u128(1)), format!("role-{}", Uuid::from_u128(2)));
    let fields = [(guide.as_str(), "guide"), (prescriber.as_str(), "prescriber")];
    let answer = manager.fill(&team, &team, "", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    patient
}

#[tokio::test]
async fn a_guides_day_from_the_caseload_to_a_signed_note() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let caseload = guide.get("/caseload").await;
    assert!(caseload.body.contains(&format!("/patients/{patient}")), "{}", caseload.body);
    for tab in [
        "",
        "/intake",
        "/findings",
        "/plan",
        "/sessions",
        "/measures",
        "/therapy",
        "/safety-plan",
        "/documents",
        "/access",
    ] {
        let page = guide.get(&format!("/patients/{patient}{tab}")).await;
        assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.body);
        assert!(page.body.contains("Example Patient"));
    }
    let intake = format!("/patients/{patient}/intake");
    let vitals =
        [("vitals-at", "2025-11-23T04:30"), ("vitals-source", "device"), ("systolic", "128"), ("diastolic", "82")];
    let answer = guide.fill(&intake, &intake, "vitals", &vitals).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(guide.get(&intake).await.body.contains("128/82"));

    let therapy = format!("/patients/{patient}/therapy");
    let answer =
        guide.fill(&therapy, &therapy, "note", &[("note-kind", "preparation"), ("text", "Looks forward to it.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = guide.get(&therapy).await.body;
    assert!(page.contains("not signed"));
    let note = between(&page, "name=\"note\" value=\"");
    let answer = guide.fill(&therapy, &therapy, "sign", &[("note", &note)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let late = guide
        .fill(&therapy, &therapy, "note", &[("note", &note), ("note-kind", "preparation"), ("text", "Rewritten.")])
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("signed and locked"), "{}", late.body);

    let log = guide.get(&format!("/patients/{patient}/access")).await.body;
    assert!(log.contains("Example guide"), "{log}");
}

#[tokio::test]
async fn a_wrong_reading_is_refused_and_stays_in_the_form() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let intake = format!("/patients/{patient}/intake");
    let vitals =
        [("vitals-at", "2025-11-23T04:30"), ("vitals-source", "device"), ("systolic", "80"), ("diastolic", "120")];
    let answer = guide.fill(&intake, &intake, "vitals", &vitals).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("80/120") && answer.body.contains("value=\"120\""), "{}", answer.body);
    let open = house.app.charts.load(patient).await.unwrap().unwrap();
    assert!(open.chart.vitals.is_empty());
}

#[tokio::test]
async fn a_prescribers_day_is_held_by_missing_data_and_a_no_is_signed() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut prescriber = house.browser("prescriber").await;
    let findings = format!("/patients/{patient}/findings");
    let page = prescriber.get(&findings).await.body;
    assert!(page.contains("Not known: ") && page.contains("Signed: nobody yet"), "missing data is a failed check");
    let yes = [
        ("decision", "eligible"),
        ("setting", "clinic"),
        ("reason", "Seen and discussed."),
        ("signed_name", "Example prescriber"),
    ];
    let held = prescriber.fill(&findings, &findings, "decide", &yes).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held.body.contains("The eligibility step is held") && held.body.contains("Seen and discussed."));
    let no = [
        ("decision", "not-eligible"),
        ("setting", "clinic"),
        ("reason", "Not now: the record is incomplete."),
        ("signed_name", "Example prescriber"),
    ];
    let done = prescriber.fill(&findings, &findings, "decide", &no).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, findings.as_str()), "{}", done.body);
    assert!(prescriber.get(&findings).await.body.contains("Not treated"));
}

#[tokio::test]
async fn a_decision_on_a_page_that_grew_old_shows_what_changed_and_keeps_the_reason() {
    let house = house().await;
    let patient = referred(&house).await;
    let (mut guide, mut prescriber) = (house.browser("guide").await, house.browser("prescriber").await);
    let findings = format!("/patients/{patient}/findings");
    let shown = prescriber.get(&findings).await.body;
    let intake = format!("/patients/{patient}/intake");
    let weight = [("weight-at", "2025-11-23T04:00"), ("weight_kg", "71.5")];
    assert_eq!(guide.fill(&intake, &intake, "weight", &weight).await.status, StatusCode::SEE_OTHER);
    let no = [
        ("decision", "not-eligible"),
        ("setting", "clinic"),
        ("reason", "Waits for a letter."),
        ("signed_name", "Example prescriber"),
    ];
    let stale = prescriber.fill_shown(&shown, &findings, "decide", &no).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Weight 71.5 kg") && stale.body.contains("Waits for a letter."), "{}", stale.body);
    let seq = house.app.charts.load(patient).await.unwrap().unwrap().chart.seq;
    assert_eq!(hidden(&stale.body, "seq"), seq.to_string(), "the form is ready to be sent again");
    let again = prescriber.fill_shown(&stale.body, &findings, "decide", &no).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
}

#[tokio::test]
async fn a_form_sent_twice_is_recorded_once() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let chart = format!("/patients/{patient}");
    let shown = guide.get(&chart).await.body;
    for _ in 0..2 {
        let fields = [("how", "telephone"), ("contact-words", "Says hello.")];
        let answer = guide.fill_shown(&shown, &chart, "contact", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    assert_eq!(house.app.charts.load(patient).await.unwrap().unwrap().chart.contacts.len(), 1);
}

#[tokio::test]
async fn somebody_elses_patient_looks_like_none_and_the_wrong_role_is_refused() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut stranger = house.browser("stranger").await;
    for path in
        [format!("/patients/{patient}"), format!("/patients/{patient}/findings"), format!("/referrals/{patient}/team")]
    {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!stranger.get("/caseload?show=all").await.body.contains("Example Patient"));
    assert_eq!(stranger.get("/patients/not-an-id").await.status, StatusCode::NOT_FOUND);

    let mut admin = house.browser("admin").await;
    assert_eq!(admin.get("/caseload").await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get(&format!("/patients/{patient}")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get("/people").await.status, StatusCode::OK);

    let mut guide = house.browser("guide").await;
    let findings = format!("/patients/{patient}/findings");
    let page = guide.get(&format!("/patients/{patient}")).await.body;
    let sent = guide
        .fill_shown(
            &page,
            &findings,
            "decide",
            &[("decision", "eligible"), ("setting", "clinic"), ("signed_name", "X")],
        )
        .await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert_eq!(guide.get("/people").await.status, StatusCode::FORBIDDEN);
    let plan = format!("/patients/{patient}/plan");
    let sent = guide.fill_shown(&page, &plan, "open", &[("protocol", "any")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN, "the command itself is a prescriber's: {}", sent.body);
}

#[tokio::test]
async fn a_personal_link_is_shown_once_and_its_making_is_recorded() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let chart = format!("/patients/{patient}");
    let shown = guide.get(&chart).await.body;
    let first = guide.fill_shown(&shown, &chart, "invite-patient", &[]).await;
    assert!(first.body.contains("id=\"new-link\"") && first.body.contains("/link/"), "{}", first.body);
    let second = guide.fill_shown(&shown, &chart, "invite-patient", &[]).await;
    assert!(!second.body.contains("id=\"new-link\"") && second.body.contains("made already"));
    assert_eq!(house.app.charts.load(patient).await.unwrap().unwrap().chart.invitations.len(), 1);
}

#[tokio::test]
async fn an_administrator_makes_an_account_whose_owner_sets_the_password() {
    let house = house().await;
    let mut admin = house.browser("admin").await;
    let shown = admin.get("/people").await.body;
    let fields = [("display_name", "Example newcomer"), ("login", "Newcomer"), ("roles", "guide")];
    let made = admin.fill_shown(&shown, "/people", "new", &fields).await;
    assert!(made.body.contains("id=\"new-link\""), "{}", made.body);
    let account = house.app.accounts.account_by_login("newcomer").await.unwrap().unwrap();
    assert_eq!((account.roles.as_slice(), account.password_hash.as_deref()), (&[Role::Guide][..], None));
    let taken = admin.fill("/people", "/people", "new", &fields).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("taken"));
    let id = account.id.to_string();
    let stopped = admin.fill("/people", "/people", "stop", &[("account", &id)]).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER);
    assert!(!house.app.accounts.account(account.id).await.unwrap().unwrap().active);
    let own = Uuid::from_u128(4).to_string();
    let refused = admin.fill("/people", "/people", "stop", &[("account", &own)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_struck_entry_stays_visible_with_its_correction() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let (chart, intake) = (format!("/patients/{patient}"), format!("/patients/{patient}/intake"));
    let weight = [("weight-at", "2025-11-23T04:00"), ("weight_kg", "171.5")];
    assert_eq!(guide.fill(&intake, &intake, "weight", &weight).await.status, StatusCode::SEE_OTHER);
    house.clock.advance_ms(60_000);
    let page = guide.get(&chart).await.body;
    let entry = between(&page, "name=\"entry\" value=\"");
    let fields = [("entry", entry.as_str()), ("why", "a one too many")];
    let answer = guide.fill(&chart, &chart, "correct", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = guide.get(&chart).await.body;
    assert!(page.contains("<s>Weight 171.5 kg (378.1 lb)</s>") && page.contains("a one too many"), "{page}");
}

#[tokio::test]
async fn an_imported_file_tells_of_each_person_and_of_each_line_that_failed() {
    let house = house().await;
    let mut manager = house.browser("manager").await;
    let shown = manager.get("/referrals/import").await.body;
    let person = |name: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{{"resourceType":"Patient","id":"p1","name":[{{"family":"{name}","given":["Example"]}}],"birthDate":"1980-01-02","gender":"male"}}}},{{"resource":{{"resourceType":"Basic","id":"b1","subject":{{"reference":"Patient/p1"}}}}}}]}}"#
        )
    };
    let file = format!("{}\nnot json\n{}\n", person("Firstone"), person("Secondone"));
    for _ in 0..2 {
        let answer = import(&mut manager, &shown, &file).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(answer.body.contains("2 people taken over, 1 not"), "{}", answer.body);
        assert!(answer.body.contains("people.ndjson, line 2"), "{}", answer.body);
    }
    assert_eq!(house.app.charts.summaries().len(), 2, "the same form sent twice brings nobody twice");
    let referrals = manager.get("/referrals").await.body;
    assert!(referrals.contains("Firstone") && referrals.contains("set the care team"));
}

/// Sends a file of records by the form of a page that is open.
async fn import(browser: &mut Browser, shown: &str, file: &str) -> Page {
    let mut body = String::new();
    for (name, value) in [("csrf", token(shown)), ("command_id", hidden(shown, "command_id"))] {
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.ndjson\"\r\n\r\n{file}\r\n--edge--\r\n"
    );
    let request = Request::post("/referrals/import")
        .header("accept", "text/html")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn the_same_person_again_and_the_deceased_are_left_out_of_an_import() {
    let house = house().await;
    let mut manager = house.browser("manager").await;
    let person = |name: &str, more: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{{"resourceType":"Patient","id":"p1","name":[{{"family":"{name}","given":["Example"]}}],"birthDate":"1980-01-02"{more},"gender":"male"}}}}]}}"#
        )
    };
    let file = [
        person("Firstone", ""),
        person("FIRSTONE", ""),
        person("Thirdone", r#","deceasedBoolean":true"#),
        person("Fourthone", r#","deceasedDateTime":"2025-02-03""#),
    ]
    .join("\n");
    let shown = manager.get("/referrals/import").await.body;
    let answer = import(&mut manager, &shown, &file).await.body;
    assert!(answer.contains("1 people taken over, 3 not"), "{answer}");
    assert!(answer.contains("Already here") && answer.contains("Recorded as deceased"), "{answer}");
    let shown = manager.get("/referrals/import").await.body;
    let answer = import(&mut manager, &shown, &file).await.body;
    assert!(answer.contains("0 people taken over, 4 not"), "another form brings nobody twice: {answer}");
    assert_eq!(house.app.charts.summaries().len(), 1);
}

#[tokio::test]
async fn measures_entered_by_staff_are_scored_drawn_and_never_filled_in_for_them() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let form = format!("/patients/{patient}/measures/pcl-5-week");
    let shown = guide.get(&form).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.body.contains("checked"), "no answer is chosen beforehand");
    let items: Vec<String> = (1..=20).map(|n| format!("pcl5w_{n}")).collect();
    let mut fields: Vec<(&str, &str)> = items.iter().map(|item| (item.as_str(), "2")).collect();
    fields.push(("point", "baseline"));
    let answer = guide.fill_shown(&shown.body, &form, "items", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = guide.get(&format!("/patients/{patient}/measures")).await.body;
    assert!(page.contains("total 40") && page.contains("id=\"outcome\"") && page.contains("hypervigilance"), "{page}");
    assert!(page.contains("Not enough results"), "one result is no change");

    fields[0].1 = "9";
    let refused = guide.fill(&form, &form, "items", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let screen = format!("/patients/{patient}/measures/c-ssrs-recent");
    let page = guide.get(&screen).await.body;
    assert!(page.contains("wish to be dead") && !page.contains("Scores from your own form"), "by items only");
    assert_eq!(guide.get(&format!("/patients/{patient}/measures/nothing")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_alert_is_taken_on_and_resolved_from_the_inbox() {
    let house = house().await;
    let patient = referred(&house).await;
    let mut guide = house.browser("guide").await;
    let form = format!("/patients/{patient}/measures/asq");
    let items: Vec<(&str, &str)> =
        vec![("asq_1", "1"), ("asq_2", "1"), ("asq_3", "1"), ("asq_4", "1"), ("asq_5", "1"), ("point", "screening")];
    let answer = guide.fill(&form, &form, "items", &items).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = guide.get("/inbox").await.body;
    assert!(page.contains("I have it"), "a positive screen raises an alert that nobody has: {page}");
    let item = format!("alert/{}", between(&page, "name=\"item\" value=\"alert/"));
    let id = patient.to_string();
    let own = guide.fill_shown(&page, "/inbox", "own", &[("patient", &id), ("item", &item)]).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.body);
    let alert = |open: &stillwater_clinic::charts::LoadedChart| {
        open.chart.alerts.iter().find(|a| format!("alert/{}", a.id) == item).cloned().unwrap()
    };
    let open = house.app.charts.load(patient).await.unwrap().unwrap();
    assert_eq!(alert(&open).owner().map(|act| act.by.name().to_owned()).as_deref(), Some("Example guide"));
    let silent = guide.fill("/inbox", "/inbox", "resolve", &[("patient", &id), ("item", &item), ("words", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "resolving needs words");
    let half = [("patient", id.as_str()), ("item", &item), ("words", "Spoke for an hour; safe tonight.")];
    let half = guide.fill("/inbox", "/inbox", "resolve", &half).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY, "closing asks all four: {}", half.body);
    let resolved = guide
        .fill(
            "/inbox",
            "/inbox",
            "resolve",
            &[
                ("patient", &id),
                ("item", &item),
                ("words", "Spoke for an hour; safe tonight."),
                ("done", "Wrote the safety plan with them."),
                ("told", "the prescriber"),
                ("next", "call tomorrow"),
            ],
        )
        .await;
    assert_eq!(resolved.status, StatusCode::SEE_OTHER, "{}", resolved.body);
    let open = house.app.charts.load(patient).await.unwrap().unwrap();
    assert!(alert(&open).resolved().is_some());
    let mut stranger = house.browser("stranger").await;
    let page = stranger.get("/inbox").await.body;
    assert!(!page.contains("Example Patient"));
}
