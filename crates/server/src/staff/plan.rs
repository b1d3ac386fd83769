//! Consent as it stands, the plan and its protocol, and dose orders.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::OrderState;
use stillwater_care::command::{CancelOrder, Command, WriteOrder};
use stillwater_care::consent;
use stillwater_care::event::ConsentWithdrawn;
use stillwater_care::protocol::Protocol;
use stillwater_care::readiness;
use stillwater_care::roles::Role;
use stillwater_care::unit::Unit;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::{Words, findings as finding_words};

use super::desk::ChartPage;
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::expected::interactions;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::staff::session::of_order;
use crate::state::App;

pub fn routes() -> Routes {
    Routes::new().get("plan", "/patients/{id}/plan", CHART, page).post(
        "plan.send",
        "/patients/{id}/plan",
        CLINICAL,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "plan").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "plan").await?;
    view.typed = typed;
    let command = read(&mut view.typed);
    let to = view.href("plan");
    view.send(command, to, draw).await
}

fn read(typed: &mut Form) -> Option<Command> {
    match typed.get("form") {
        "withdraw" => {
            Some(Command::WithdrawConsent(ConsentWithdrawn { words: typed.get("withdraw-words").trim().to_owned() }))
        }
        "open" => Some(Command::OpenPlan(typed.required("protocol", "Choose a protocol."))),
        "order" => {
            let dose_mg = typed.needed("dose_mg", "Give the dose in milligrams, for example 35.");
            let dose_mg_per_kg =
                typed.optional("dose_mg_per_kg", "Give the milligrams for each kilogram, for example 0.5.");
            Some(Command::WriteOrder(WriteOrder {
                dose_mg: dose_mg?,
                dose_mg_per_kg,
                reason: typed.get("reason").trim().to_owned(),
            }))
        }
        "cancel" => {
            let Ok(order) = typed.get("order").parse() else { return None };
            Some(Command::CancelOrder(CancelOrder { order, reason: typed.get("cancel-reason").trim().to_owned() }))
        }
        _ => None,
    }
}

fn draw(view: &ChartPage) -> Markup {
    let body = html! {
        (crate::expiry_notice::for_day(view.chart().local_date(view.now())))
        (consent_part(view))
        (plan_part(view))
        (orders_part(view))
    };
    view.page("Plan and orders", "plan", body)
}

fn consent_part(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("withdraw");
    let rows: Vec<Vec<Markup>> = chart
        .consents
        .iter()
        .rev()
        .map(|c| {
            let title = consent::text(&c.version).map_or("a text that is not known here", |t| t.title.as_str());
            vec![
                html! { (c.version) br; span .quiet { (title) } },
                html! { (c.signed_name) " · " (view.when(c.signed_at)) },
                html! { @if c.home_notice { "read" } @else { "not part of this text" } },
                html! { @match c.withdrawn_at { Some(at) => (ui::flag(Flag::ActNow, &format!("withdrawn {} {}", view.when(at), c.withdrawal_words))), None => (ui::flag(Flag::Ok, "stands")) } },
            ]
        })
        .collect();
    html! {
        section .panel {
            h2 { "Consent" }
            @if rows.is_empty() { p { (ui::flag(Flag::Unknown, "not signed")) " The patient reads and signs it on their own page once eligibility is decided." } }
            @else { (ui::data_table("Consents", &["Version", "Signed", "Notice on products taken at home", "State"], &rows)) }
            @if chart.consent().is_some() {
                details open[view.typed.get("form") == "withdraw"] { summary { "The patient withdraws consent" }
                    (view.form("withdraw", "plan", html! {
                        p .hint { "Orders in force are cancelled with it." }
                        (Field::area("withdraw-words", "In the patient's words").typed(&typed))
                        button .button type="submit" { "Record the withdrawal" }
                    })) }
            }
        }
    }
}

fn protocol_facts(words: &Words, protocol: &Protocol) -> Markup {
    let dose = &protocol.dose;
    let start = match (dose.start_mg, dose.start_mg_per_kg) {
        (Some(mg), _) => format!("{mg} mg"),
        (None, Some(each)) => format!("{each} mg/kg"),
        (None, None) => "not given".to_owned(),
    };
    let most = dose.ceiling_mg_per_kg.map(|each| format!(" and {each} mg/kg")).unwrap_or_default();
    ui::key_values(&[
        ("What", html! { (protocol.summary) }),
        ("Route and setting", html! { (words.term(protocol.route)) ", " (words.term(protocol.setting)) }),
        ("Sessions", html! { (protocol.sessions) ", at least " (protocol.session_interval_hours) " h apart" }),
        ("Start dose", html! { (start) }),
        ("Ceiling", html! { (dose.ceiling_mg) " mg" (most) }),
        ("Source", html! { (protocol.source) }),
        ("Signed", html! { @if protocol.signed.trim().is_empty() { "nobody yet" } @else { (protocol.signed) } }),
    ])
}

fn plan_part(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let protocols = view.app.charts.protocols();
    let typed = view.typed_for("open");
    let all = || protocols.offered().map(|p| (p.id.clone(), format!("{} (version {})", p.title, p.version))).collect();
    html! {
        section .panel {
            h2 { "Plan" }
            @match chart.plan() {
                Some(plan) => {
                    p { strong { (plan.protocol) " version " (plan.protocol_version) } ", opened " (view.when(plan.opened_at)) " by " (plan.by.name()) ". "
                        "Doses given: " (chart.doses_of_plan()) " of " (plan.sessions) "." }
                    (still_needed(view))
                    @match chart.protocol(protocols) { Some(protocol) => (protocol_facts(view.ctx.words, protocol)), None => (ui::flag(Flag::ActNow, "this version of the protocol is not known here")) }
                }
                None => p .quiet { "No plan is open." },
            }
            @if view.principal.is(Role::Prescriber) && chart.ended().is_none() {
                details open[chart.plan().is_none() || view.typed.get("form") == "open"] { summary { @if chart.plan().is_some() { "Open another plan" } @else { "Open a plan" } }
                    @if chart.plan().is_some() { p .hint { "Orders in force and sessions that have not begun are called off with it. Each dose so far is followed up by the plan under which it was given; what the new plan needs is listed here once it is open." } }
                    (view.form("open", "plan", html! {
                        (FieldGroup::one("protocol", "Protocol", all()).typed(&typed))
                        button .button.primary type="submit" { "Open the plan" }
                    }))
                    @for protocol in protocols.offered() { details { summary { (protocol.title) } (protocol_facts(view.ctx.words, protocol)) } }
                }
            }
        }
    }
}

/// What the plan needs before a session can be held under it, where something is missing.
fn still_needed(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let ready = readiness::plan_ready(chart, view.app.charts.protocols(), view.now());
    let more = chart.plan().is_some_and(|plan| chart.doses_of_plan() < plan.sessions);
    let missing: Vec<_> = ready.iter().filter(|item| !item.done).collect();
    html! {
        @if chart.ended().is_none() && more && !missing.is_empty() {
            h3 { "Still needed before a session" }
            ul { @for item in missing { li { (ui::flag(Flag::Due, "open")) " " (stillwater_words::ready::step(view.ctx.words, item.step)) } } }
        }
    }
}

/// What the protocol's start dose comes to, as text to check against; the fields stay empty.
fn dose_hint(view: &ChartPage) -> String {
    let chart = view.chart();
    let Some(protocol) = chart.protocol(view.app.charts.protocols()) else { return String::new() };
    let newest = chart.standing(&chart.weights).max_by_key(|w| w.value.taken_at);
    let Some(weight) = newest else {
        return "No weight is recorded. An order by weight needs one, taken here.".to_owned();
    };
    let (kg, age) = (weight.value.weight_kg, view.ctx.words.ago(weight.value.taken_at, view.now()));
    let weight = view.ctx.words.amount(kg, Unit::Kg);
    match (protocol.dose.start_mg_per_kg, protocol.start_dose_mg(kg)) {
        (Some(each), Some(mg)) => {
            format!("The protocol starts at {each} mg/kg: at {weight}, weighed {age} ago, that is {mg} mg.")
        }
        (None, Some(mg)) => {
            format!("The protocol starts at {mg} mg whatever the weight ({weight}, weighed {age} ago).")
        }
        _ => format!("Newest weight: {weight}, {age} ago."),
    }
}

fn orders_part(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("order");
    let prescriber = view.principal.is(Role::Prescriber);
    let rows: Vec<Vec<Markup>> = chart
        .orders
        .iter()
        .rev()
        .map(|order| {
            let is = &order.written;
            let each = is.dose_mg_per_kg.map(|each| format!("{each} mg/kg at {}", view.ctx.words.amount(is.weight_kg, Unit::Kg))).unwrap_or_else(|| "fixed".into());
                        vec![
                html! { strong { (is.dose_mg) " mg" } " " (view.ctx.words.term(is.route)) br; span .quiet { (each) " · " (is.product) } },
                html! { (view.when(order.written_at)) " · " (order.by.name()) },
                html! { @match &order.state {
                    OrderState::Cancelled(why) => { "cancelled: " (stillwater_words::cancel_reason(view.ctx.words, why)) },
                    OrderState::Used(id) => @match chart.session(*id) { Some(session) => { "used in session " (session.number) }, None => "used" },
                    OrderState::InForce => (ui::flag(Flag::Ok, "in force")),
                } },
                html! {
                    @for warning in &is.warnings { p { code { (warning.rule) } " " (finding_words::measured(view.ctx.words, warning)) } }
                    (is.reason)
                },
                html! { @if order.in_force() && prescriber {
                    (view.small_form("cancel", "plan", &[("order", &is.order.to_string())], Some(("cancel-reason", "Why the order is cancelled")), "Cancel the order"))
                } },
            ]
        })
        .collect();
    html! {
        section .panel {
            h2 { "Orders" }
            @if rows.is_empty() { p .quiet { "No order was written." } }
            @else { (ui::data_table("Orders", &["Dose", "Written", "State", "Warnings and reason", ""], &rows)) }
            @if let Some(order) = chart.order_in_force() { (of_order(view.ctx.words, chart, &order.written, view.now())) }
            @if prescriber && chart.plan().is_some() && chart.order_in_force().is_none() {
                h3 { "Write an order" }
                p { (dose_hint(view)) }
                @if let Some(protocol) = chart.protocol(view.app.charts.protocols()) { (interactions::of(chart, protocol.route, view.now()).table(view.ctx.words)) }
                (view.form("order", "plan", html! {
                    div .row.top {
                        (Field::number("dose_mg", "Dose", "mg").typed(&typed))
                        (Field::number("dose_mg_per_kg", "Dose by weight", "mg/kg").hint("Both are typed, and must agree. Empty for a fixed dose.").typed(&typed))
                    }
                    (Field::area("reason", "Reason").hint("Needed when the order has warnings.").typed(&typed))
                    (view.proof_field("order"))
                    button .button.primary type="submit" { "Sign the order" }
                }))
            }
        }
    }
}
