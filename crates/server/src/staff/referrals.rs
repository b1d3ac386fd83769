//! How people come in: the list of referrals, a referral by hand, records imported from elsewhere, and the care team.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::Refusal;
use stillwater_care::chart::Phase;
use stillwater_care::command::Command;
use stillwater_care::duplicate::{Alike, Identity};
use stillwater_care::event::{
    BirthKnownTo, CareTeamSet, Demographics, Identifier, NotUnderstood, PatientReferred, TeamMember,
};
use stillwater_care::facts::{MedicineClass, RecordedConcern, Sex};
use stillwater_care::ids::{EventId, PatientId, StaffId};
use stillwater_care::roles::Role;
use stillwater_clinic::Principal;
use stillwater_clinic::accounts::AuditNote;
use stillwater_clinic::charts::{CommandRequest, ExecuteError, LoadedChart, Summary};
use stillwater_clinic::import::{Import, LeftOut, TakenOver};
use stillwater_fhir::{ReadPerson, medicines, other_format, read_bundles, unpacked};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::Words;
use uuid::Uuid;

use super::caseload::{list, until};
use super::desk::{chosen, options, refusal_notice};
use crate::auth::access::CHART;
use crate::http::{Form, PageContext, Problem, Routes, Upload};
use crate::live::commands::staff_problem_of as problem_of;
use crate::state::App;

/// How many people one file may bring: each takes a stretch of ids from the one command id of the form.
const MOST_PEOPLE: usize = 2000;

pub fn routes() -> Routes {
    Routes::new()
        .get("referrals", "/referrals", CHART, page)
        .get("referrals.new", "/referrals/new", CHART, new_page)
        .post("referrals.new.send", "/referrals/new", CHART, new_send)
        .get("referrals.import", "/referrals/import", CHART, import_page)
        .upload("referrals.import.send", "/referrals/import", CHART, import_send)
        .get("team", "/referrals/{id}/team", CHART, team_page)
        .post("team.send", "/referrals/{id}/team", CHART, team_send)
}

async fn page(State(app): State<App>, ctx: PageContext, principal: Principal) -> Markup {
    let waiting: Vec<_> = list(&app, &principal, false).into_iter().filter(|s| s.phase <= Phase::Screening).collect();
    let rows: Vec<Vec<Markup>> = waiting
        .iter()
        .map(|s| {
            let on_team = principal.staff().is_some_and(|id| s.team.contains(&id));
            vec![
                html! { @if on_team { a href=(format!("/patients/{}", s.patient)) { (s.name) } } @else { (s.name) } },
                html! { (stillwater_words::terms::phase(ctx.words, s.phase)) },
                html! { @match s.referred_at { Some(at) => (until(at.as_millisecond(), ctx.now_ms)), None => "–" } },
                html! { (s.answered_of_due.0) " of " (s.answered_of_due.1) },
                html! { @match s.items.first() { Some(item) => (stillwater_words::items::what(ctx.words, &item.about)), None => "–" } },
                html! { a href=(format!("/referrals/{}/team", s.patient)) { @if s.team.is_empty() { (ui::flag(Flag::Due, "set the care team")) } @else { "care team (" (s.team.len()) ")" } } },
            ]
        })
        .collect();
    let body = html! {
        p .row { a .button.primary href="/referrals/new" { "Refer by hand" } a .button href="/referrals/import" { "Import records" } }
        @if rows.is_empty() { (ui::empty("Nobody is waiting. People referred or being screened appear here.")) }
        @else { (ui::data_table(&format!("{} referred or in screening", rows.len()), &["Patient", "Phase", "Referred", "Answered", "Next", "Care team"], &rows)) }
    };
    ui::staff_page(&ctx, "Referrals", "referrals", body)
}

async fn new_page(ctx: PageContext) -> Markup {
    let mut typed = Form::blank();
    typed.set("emergency_number", &ctx.clinic.emergency_number);
    new_form(&ctx, &typed, html! {})
}

/// The fields that say who somebody is.
pub fn demographics_fields(typed: &Form) -> Markup {
    html! {
        (Field::new("name", "Full name").autocomplete("off").typed(typed))
        (Field::date("birth_date", "Date of birth").typed(typed))
        @if !typed.get("birth_known_to").is_empty() {
            input type="hidden" name="birth_known_to" value=(typed.get("birth_known_to"));
            p .hint { "Only the year or the month of birth is known; the last day that it can be stands here. Enter the whole date once it is known." }
        }
        (FieldGroup::one("sex", "Sex, as it matters for laboratory limits and pregnancy", options([("female", "female"), ("male", "male"), ("other", "other or not given")])).typed(typed))
        (FieldGroup::one("veteran", "Served in the armed forces", options([("yes", "yes"), ("no", "no"), ("unknown", "not known")])).typed(typed))
        (Field::area("identifiers", "Numbers elsewhere").hint("one a line, its kind first: MRN 123456").typed(typed))
        (Field::new("phone", "Phone").inputmode("tel").autocomplete("off").typed(typed))
        (Field::area("address", "Address").hint("Read out to the emergency services when a dose is taken at home.").typed(typed))
        (Field::new("time_zone", "Time zone").hint("For example America/Denver or Europe/London.").autocomplete("off").typed(typed))
        (Field::new("emergency_number", "Emergency number at that address").inputmode("tel").autocomplete("off").typed(typed))
    }
}

/// The numbers as they stand in the field: one a line, its kind first.
pub fn identifier_lines(identifiers: &[Identifier]) -> String {
    identifiers.iter().map(|one| format!("{} {}", one.system, one.value)).collect::<Vec<_>>().join("\n")
}

fn read_identifiers(typed: &mut Form) -> Vec<Identifier> {
    let mut identifiers = Vec::new();
    let lines: Vec<String> = typed.get("identifiers").lines().map(|line| line.trim().to_owned()).collect();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        match line.rsplit_once(char::is_whitespace) {
            Some((system, value)) => {
                identifiers.push(Identifier { system: system.trim().to_owned(), value: value.to_owned() });
            }
            None => typed.wrong("identifiers", "Write what kind of number it is before each, for example MRN 123456."),
        }
    }
    identifiers
}

/// Reads who somebody is.
pub fn read_demographics(typed: &mut Form) -> Option<Demographics> {
    let name = typed.required("name", "Give the full name.");
    let birth_date = typed.needed("birth_date", "Give the date of birth.");
    let sex: Option<Sex> = chosen(typed, "sex", "Choose one.");
    let time_zone = typed.required("time_zone", "Give the time zone where the patient lives.");
    let emergency_number = typed.required("emergency_number", "Give the number that sends help to the patient.");
    let veteran = match typed.get("veteran") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Some(Demographics {
        name,
        birth_date: birth_date?,
        // The record's vague date stays vague until somebody enters another.
        birth_known_to: match typed.get("birth_known_to").split_once(' ') {
            Some((known, date)) if birth_date.is_some_and(|born| born.to_string() == date) => match known {
                "year" => Some(BirthKnownTo::Year),
                "month" => Some(BirthKnownTo::Month),
                _ => None,
            },
            _ => None,
        },
        sex: sex?,
        veteran,
        phone: typed.get("phone").trim().to_owned(),
        address: typed.get("address").trim().to_owned(),
        time_zone,
        emergency_number,
        identifiers: read_identifiers(typed),
    })
}

fn new_form(ctx: &PageContext, typed: &Form, top: Markup) -> Markup {
    let body = html! {
        (top) (ui::error_summary(typed))
        form .stack.narrow-form method="post" action="/referrals/new" {
            (ctx.command_fields(0))
            (demographics_fields(typed))
            (Field::area("reason", "Why they are referred").typed(typed))
            (Field::new("source", "By whom").autocomplete("off").typed(typed))
            @if typed.get("ask-other") == "yes" {
                input type="hidden" name="ask-other" value="yes";
                (FieldGroup::tick("other-person", "Is it somebody else?", "I have asked: this is another person, and gets a chart of their own").typed(typed))
            }
            button .button.primary type="submit" { "Refer" }
        }
    };
    ui::staff_page(ctx, "Refer by hand", "referrals", body)
}

async fn new_send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    mut typed: Form,
) -> Result<Response, Problem> {
    let command_id = typed.command_id()?;
    let demographics = read_demographics(&mut typed);
    let source = typed.required("source", "Say who refers them.");
    let Some(demographics) = demographics.filter(|_| typed.is_sound()) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, new_form(&ctx, &typed, html! {})).into_response());
    };
    // The id is made from the form, so that the same form sent twice refers one person.
    let patient = PatientId(EventId::of_command(command_id, 0x4000).0);
    let who = Identity {
        name: &demographics.name,
        birth_date: Some(demographics.birth_date),
        phone: &demographics.phone,
        identifiers: &demographics.identifiers,
    };
    let known = app.charts.alike(who, patient);
    let other = typed.ticked("other-person");
    if !known.is_empty() && !other {
        typed.set("ask-other", "yes");
        let page = new_form(&ctx, &typed, here_already(&principal, &known));
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    if !known.is_empty() {
        let about = known.iter().map(|(_, known)| known.patient.to_string()).collect::<Vec<_>>().join(" ");
        let note = AuditNote {
            at_ms: ctx.now_ms,
            who: principal.key(),
            what: "second-chart-confirmed".into(),
            patient: Some(patient.0),
            about: format!("somebody else than {about}"),
        };
        app.accounts.note(note).await.map_err(|cause| Problem::failure("writing the access log", &cause))?;
    }
    let referral = PatientReferred { demographics, reason: typed.get("reason").trim().to_owned(), source };
    match execute(&app, &principal, patient, command_id, Command::ReferPatient(referral)).await {
        Ok(()) => Ok(Redirect::to("/referrals").into_response()),
        Err(ExecuteError::Refused(refusal)) => {
            let page = new_form(&ctx, &typed, refusal_notice(ctx.words, &refusal));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(problem_of(&error)),
    }
}

/// Who has a chart and may be the person who is being referred: shown before a second chart is begun.
fn here_already(principal: &Principal, known: &[(Alike, Arc<Summary>)]) -> Markup {
    let rows: Vec<Vec<Markup>> = known
        .iter()
        .map(|(alike, known)| {
            let agree = match alike {
                Alike::Identifier => "the same number",
                Alike::NameAndBirth => "the same name and date of birth",
                Alike::NameAndPhone => "the same name and telephone",
                Alike::BirthAndPhone => "the same date of birth and telephone",
            };
            let on_team = principal.staff().is_some_and(|id| known.team.contains(&id));
            vec![
                html! { @if on_team { a href=(format!("/patients/{}", known.patient)) { (known.name) } } @else { (known.name) } },
                html! { @match known.birth_date { Some(born) => (born), None => "–" } },
                html! { (agree) },
                html! { @if known.ended.is_some() { "their course has ended: " @if on_team { a href=(format!("/patients/{}/refer", known.patient)) { "refer them again in that chart" } } @else { "its care team refers them again in that chart" } } @else { "in care now" } },
            ]
        })
        .collect();
    html! {
        div .notice.due role="alert" {
            p { strong { "This may be somebody who has a chart here. Nothing was recorded." } }
            p { "Two charts of one person hide each other's doses and history. Ask for the full name, the date of birth and the telephone. If it is the same person, go on in their chart, or ask its care team." }
            (ui::data_table("Charts that may be theirs", &["Name", "Born", "Agrees in", "Where they are"], &rows))
        }
    }
}

async fn execute(
    app: &App,
    principal: &Principal,
    patient: PatientId,
    command_id: Uuid,
    command: Command,
) -> Result<(), ExecuteError> {
    let ask = CommandRequest { patient, actor: principal.actor(), command_id, seen: None, command };
    app.charts.execute(ask, app.clock.now()).await.map(|_| ())
}

async fn import_page(ctx: PageContext) -> Markup {
    import_form(&ctx, html! {})
}

fn import_form(ctx: &PageContext, top: Markup) -> Markup {
    let body = html! {
        (top)
        section .panel {
            p { "A FHIR bundle, a list of them, a file with one bundle or one resource a line (NDJSON), or one of these packed with gzip. Everything taken over keeps where it came from; what is not understood is listed. Nothing imported counts as checked: staff confirm it in the chart." }
            form .stack method="post" action="/referrals/import" enctype="multipart/form-data" {
                (ctx.command_fields(0))
                div .field { label for="f-file" { "File" } input #f-file type="file" name="file" accept=".json,.ndjson,.jsonl,.gz,application/json,application/fhir+json,application/gzip"; }
                button .button.primary type="submit" { "Import" }
            }
        }
    };
    ui::staff_page(ctx, "Import records", "referrals", body)
}

async fn import_send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    upload: Upload,
) -> Result<Response, Problem> {
    let command_id = upload.typed.command_id()?;
    let Some(file) = upload.files.into_iter().next() else {
        let page = import_form(
            &ctx,
            ui::notice(ui::Notice::Due, html! { p { "Choose a file first. Nothing was imported." } }),
        );
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let now = app.clock.now();
    let name = file.name.clone();
    // One file at a time: what a file holds while it is read is then held once, however many people import.
    let _turn = READING.lock().await;
    let read = tokio::task::spawn_blocking(move || {
        let bytes = unpacked(file.bytes, MOST_UNPACKED)?;
        if let Some(other) = other_format(&file.name, &bytes) {
            return Err(other.to_string());
        }
        let text = String::from_utf8(bytes).map_err(|_| "The file is not text in UTF-8; expected JSON.".to_owned())?;
        Ok(read_bundles(&file.name, &text, now))
    })
    .await
    .map_err(|cause| Problem::failure("reading an import", &cause))?;
    let outcomes = match read {
        Ok(outcomes) if outcomes.len() <= MOST_PEOPLE => outcomes,
        Ok(outcomes) => {
            let says = format!(
                "{} people are in this file; at most {MOST_PEOPLE} are taken at once. Nothing was imported.",
                outcomes.len()
            );
            return Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                import_form(&ctx, ui::notice(ui::Notice::Due, html! { p { (says) } })),
            )
                .into_response());
        }
        Err(says) => {
            return Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                import_form(&ctx, ui::notice(ui::Notice::Due, html! { p { (says) } })),
            )
                .into_response());
        }
    };
    let charts = Arc::clone(&app.charts);
    let actor = principal.actor();
    // The form's own id is the import's, so that the same form sent twice brings nobody twice.
    let answers = tokio::task::spawn_blocking(move || {
        let mut import = Import::begin(&charts, actor, command_id);
        outcomes
            .into_iter()
            .map(|outcome| match outcome {
                Ok(person) => {
                    let told = Told::of(&person);
                    import.take_over(person, now).map(|taken| Ok((told, taken)))
                }
                Err(error) => Ok(Err(error)),
            })
            .collect::<Result<Vec<_>, ExecuteError>>()
    })
    .await
    .map_err(|cause| Problem::failure("importing people", &cause))?
    .map_err(|error| problem_of(&error))?;
    let taken = answers.iter().filter(|answer| matches!(answer, Ok((_, Ok(_))))).count();
    let told = answers.iter().map(|answer| match answer {
        Ok((person, Ok(taken))) => person_told(person, *taken, ctx.words),
        Ok((person, Err(why))) => left_out(ctx.words, person, why),
        Err(error) => {
            html! { section .panel { p { (ui::flag(Flag::ActNow, "not imported")) " " (error.to_string()) } } }
        }
    });
    let body = html! {
        (ui::notice(ui::Notice::Done, html! { p { strong { (name) } ": " (taken) " people taken over, " (answers.len() - taken) " not." } p { a href="/referrals" { "To the referrals" } } }))
        @for one in told { (one) }
    };
    Ok(ui::staff_page(&ctx, "What was imported", "referrals", body).into_response())
}

/// Files are read one after the other.
static READING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What a packed file may hold.
const MOST_UNPACKED: usize = 128 * 1024 * 1024;

/// What the page tells of somebody once their record is in the chart, and no more of it.
struct Told {
    name: String,
    facts: usize,
    candidates: usize,
    suicidal: bool,
    medicines: usize,
    classes: Vec<(MedicineClass, usize)>,
    measurements: usize,
    entries: usize,
    not_understood: Vec<NotUnderstood>,
}

impl Told {
    fn of(person: &ReadPerson) -> Self {
        let record = &person.record;
        Self {
            name: person.demographics.name.clone(),
            facts: record.facts.len(),
            candidates: record.facts.iter().filter(|fact| fact.candidate_for.is_some()).count(),
            suicidal: record.facts.iter().filter_map(|fact| fact.concern).any(RecordedConcern::is_suicidal),
            medicines: record.medicines.len(),
            classes: medicines::by_class(&record.medicines),
            measurements: record.measurements.len(),
            entries: person.account.entries,
            not_understood: record.not_understood.clone(),
        }
    }
}

/// Somebody who was not taken over, and why.
fn left_out(words: &Words, person: &Told, why: &LeftOut) -> Markup {
    let flag = ui::flag(Flag::ActNow, "not imported");
    html! {
        section .panel {
            h2 { (person.name) }
            @match why {
                LeftOut::AlreadyHere(_) => p { (flag) " Already here: somebody of this name and date of birth has a chart, which holds all of this record." },
                LeftOut::MayBeHere(_) => p { (flag) " Somebody of this name and year of birth has a chart. Send the record with the whole date of birth." },
                LeftOut::ReplacedBy(by) => p { (flag) " This record was merged away: it is replaced by " (by) "." },
                LeftOut::Inactive => p { (flag) " This record is marked as not active." },
                LeftOut::Deceased => p { (flag) " Recorded as deceased." },
                LeftOut::Refused(refusal) => (refusal_notice(words, refusal)),
            }
        }
    }
}

fn person_told(person: &Told, taken: TakenOver, words: &Words) -> Markup {
    let patient = taken.patient();
    let classes: Vec<String> =
        person.classes.iter().map(|(class, number)| format!("{number} {}", words.term(*class))).collect();
    let rows: Vec<Vec<Markup>> = person
        .not_understood
        .iter()
        .map(|n| vec![html! { (n.origin) }, html! { (n.what) }, html! { (n.why) }])
        .collect();
    html! {
        section .panel {
            h2 { (person.name) }
            @if matches!(taken, TakenOver::Merged(_)) { p { "Somebody who is here already: what is new in the record stands in their chart, to be confirmed." } }
            @if person.suicidal { p { (ui::flag(Flag::ActNow, "suicidality in the record")) " Read it now, and screen." } }
            p { (person.facts) " facts (" (person.candidates) " to be confirmed by staff), " (person.medicines) " medicines, " (person.measurements) " measurements, out of " (person.entries) " entries." }
            @if !classes.is_empty() { p { "Medicines that a rule asks about or nobody has classed: " (classes.join(", ")) "." } }
            p .row { a .button.small href=(format!("/referrals/{patient}/team")) { "Set the care team" } }
            @if !rows.is_empty() { details { summary { (rows.len()) " entries not understood" } (ui::data_table("Not understood", &["Where", "What", "Why"], &rows)) } }
        }
    }
}

/// Opens the care team of a patient: for those on it, for managers, for everybody while there is none, and for every
/// prescriber while it has none, since a guide who brought somebody in could not complete it.
async fn team_of(app: &App, principal: &Principal, id: &str) -> Result<Arc<LoadedChart>, Problem> {
    let patient: PatientId = id.parse().map_err(|_| Problem::not_found())?;
    let open = app.charts.load(patient).await.map_err(|e| problem_of(&e))?.ok_or_else(Problem::not_found)?;
    let team = &open.chart.team;
    let lacks_prescriber = !team.iter().any(|m| m.role == Role::Prescriber);
    let may = team.is_empty()
        || principal.is(Role::Manager)
        || (lacks_prescriber && principal.is(Role::Prescriber))
        || team.iter().any(|m| Some(m.id) == principal.staff());
    if may { Ok(open) } else { Err(Problem::not_found()) }
}

async fn team_page(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Markup, Problem> {
    let open = team_of(&app, &principal, &id).await?;
    team_form(&app, &ctx, &principal, &open, &Form::blank(), html! {}).await
}

async fn team_form(
    app: &App,
    ctx: &PageContext,
    principal: &Principal,
    open: &LoadedChart,
    typed: &Form,
    top: Markup,
) -> Result<Markup, Problem> {
    let chart = &open.chart;
    if !principal.is(Role::Prescriber) && !principal.is(Role::Manager) {
        let body = html! {
            section .panel {
                @if chart.team.is_empty() { p { "Nobody is on the team yet." } }
                @else { ul { @for member in &chart.team { li { (member.name) ", " (ctx.words.term(member.role)) } } } }
                p .quiet { "A prescriber or a programme manager sets the care team." }
            }
        };
        return Ok(ui::staff_page(ctx, &format!("Care team of {}", chart.name()), "referrals", body));
    }
    let accounts = app.accounts.accounts().await.map_err(|cause| Problem::failure("listing accounts", &cause))?;
    let clinical = [Role::Guide, Role::Prescriber, Role::Manager];
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .filter(|a| a.active && a.patient.is_none() && a.roles.iter().any(|role| clinical.contains(role)))
        .map(|account| {
            let field = format!("role-{}", account.id);
            let sent = typed.fields().any(|(name, _)| name == field);
            let now = chart.team.iter().find(|m| m.id == StaffId(account.id)).map(|m| m.role);
            let chosen = if sent { Role::from_code(typed.get(&field)) } else { now };
            vec![
                html! { (account.display_name) },
                html! {
                    select name=(field) aria-label=(format!("Role of {}", account.display_name)) {
                        option value="" { "not on the team" }
                        @for role in account.roles.iter().filter(|role| clinical.contains(role)) { option value=(role.code()) selected[chosen == Some(*role)] { (ctx.words.term(*role)) } }
                    }
                },
            ]
        })
        .collect();
    let body = html! {
        (top)
        form .stack method="post" action=(format!("/referrals/{}/team", chart.id)) {
            (ctx.command_fields(chart.seq))
            (ui::data_table("Staff", &["Name", "On this team as"], &rows))
            p .hint { "At least one guide and one prescriber. Only the team opens the chart." }
            button .button.primary type="submit" { "Set the care team" }
        }
    };
    Ok(ui::staff_page(ctx, &format!("Care team of {}", chart.name()), "referrals", body))
}

async fn team_send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    Path(id): Path<String>,
    typed: Form,
) -> Result<Response, Problem> {
    let open = team_of(&app, &principal, &id).await?;
    let accounts = app.accounts.accounts().await.map_err(|cause| Problem::failure("listing accounts", &cause))?;
    let members = accounts
        .iter()
        .filter(|account| account.active)
        .filter_map(|account| {
            let role = Role::from_code(typed.get(&format!("role-{}", account.id)))?;
            account.roles.contains(&role).then(|| TeamMember {
                id: StaffId(account.id),
                name: account.display_name.clone(),
                role,
            })
        })
        .collect();
    let command = Command::SetCareTeam(CareTeamSet { members });
    match execute(&app, &principal, open.chart.id, typed.command_id()?, command).await {
        Ok(()) => Ok(Redirect::to("/referrals").into_response()),
        Err(ExecuteError::Refused(refusal)) => {
            let status = match refusal {
                Refusal::NotAllowed { .. } => StatusCode::FORBIDDEN,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = team_form(&app, &ctx, &principal, &open, &typed, refusal_notice(ctx.words, &refusal)).await?;
            Ok((status, page).into_response())
        }
        Err(error) => Err(problem_of(&error)),
    }
}
