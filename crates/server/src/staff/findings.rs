//! Every rule and what it says of this patient now, gate by gate; overriding where a rule allows it; and the decision
//! whether they may be treated.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::Entry;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::code::Code as _;
use stillwater_care::command::{Command, DecideEligibility, Gathered, OverrideFinding, gate_now};
use stillwater_care::event::FindingOverridden;
use stillwater_care::facts::Setting;
use stillwater_care::finding::{Cause, Finding, Severity, Verdict};
use stillwater_care::ids::StaffId;
use stillwater_care::roles::Role;
use stillwater_care::rules::{Assessment, Gate, Override};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::findings as finding_words;

use super::desk::{ChartPage, chosen, event_id, options, stored};
use crate::auth::access::{CHART, CLINICAL, PRESCRIBER};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

pub fn routes() -> Routes {
    const PATH: &str = "/patients/{id}/findings";
    Routes::new().get("findings", PATH, CHART, page).post("findings.send", PATH, PRESCRIBER, send).post(
        "findings.cosign",
        "/patients/{id}/findings/cosign",
        CLINICAL,
        cosign,
    )
}

async fn page(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "findings").await?;
    view.typed = Form::from_urlencoded(query.unwrap_or_default().as_bytes());
    Ok(draw(&view))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "findings").await?;
    view.typed = typed;
    let command = read(&mut view);
    let to = view.href("findings");
    view.send(command, to, draw).await
}

/// The second clinician signs an override, in their own session.
async fn cosign(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "findings").await?;
    view.typed = typed;
    let command = Command::CosignOverride(event_id(&view.typed, "override")?);
    let to = view.href("findings");
    view.send(Some(command), to, draw).await
}

fn read(view: &mut ChartPage) -> Option<Command> {
    let second = second_clinician(view);
    let typed = &mut view.typed;
    match typed.get("form") {
        "decide" => {
            let decision = typed.required("decision", "Choose whether this person may be treated.");
            let setting = chosen(typed, "setting", "Choose where.");
            let signed_name = typed.required("signed_name", "Type your name as a signature.");
            Some(Command::DecideEligibility(DecideEligibility {
                eligible: decision == "eligible",
                setting: setting?,
                reason: typed.get("reason").trim().to_owned(),
                signed_name,
            }))
        }
        "override" => Some(Command::OverrideFinding(OverrideFinding {
            gate: chosen(typed, "gate", "The form does not say at which step.")?,
            rule: typed.get("rule").to_owned(),
            reason: typed.get("override-reason").trim().to_owned(),
            second,
        })),
        _ => None,
    }
}

fn second_clinician(view: &ChartPage) -> Option<StaffId> {
    let id = view.typed.get("second").parse().ok()?;
    view.chart().team.iter().any(|m| m.id == id).then_some(id)
}

/// The setting that the page judges for: asked for, else as the chart has it.
fn setting(view: &ChartPage) -> Option<Setting> {
    serde_json::from_value(view.typed.get("setting").into()).ok()
}

fn draw(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let context = view.context();
    let setting = setting(view);
    let of =
        |gate| gate_now(chart, &context, gate, Scope { setting, session: chart.current_session(), ..Scope::default() });
    let eligibility = gate_now(chart, &context, Gate::Eligibility, Scope { setting, ..Scope::default() });
    let href = |setting: Setting| format!("{}?setting={}", view.href("findings"), setting.code());
    let body = html! {
        p .row { "Judged for: "
            @for one in [Setting::Clinic, Setting::Home] {
                a .button.small href=(href(one)) aria-current=[(eligibility.facts.setting == one).then_some("true")] { (view.ctx.words.term(one)) }
            }
        }
        @if let Some(decided) = chart.eligibility() {
            (ui::notice(ui::Notice::Quiet, html! { p { strong { @if decided.eligible { "May be treated (" (view.ctx.words.term(decided.setting)) ")" } @else { "Not treated" } } ", decided by " (decided.by.name()) " " (view.when(decided.at)) ". " (decided.reason) } }))
        }
        (overrides(view))
        (gate(view, Gate::Eligibility, &eligibility, true))
        (decision(view, &eligibility))
        (gate(view, Gate::Order, &of(Gate::Order), chart.plan().is_some()))
        @if chart.current_session().is_some() { (gate(view, Gate::Dose, &of(Gate::Dose), true)) }
    };
    view.page("Findings", "findings", body)
}

/// Every override ever made in this chart: of what, by whom, with whom, and why.
fn overrides(view: &ChartPage) -> Markup {
    let chart = view.chart();
    if chart.overrides.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = chart
        .overrides
        .iter()
        .rev()
        .map(|one| {
            vec![
                html! { (view.when(one.occurred_at)) },
                html! { strong { (one.value.finding.rule) } " at the " (view.ctx.words.term(one.value.gate)) " step" br; span .quiet { (finding_words::measured(view.ctx.words, &one.value.finding)) } },
                html! { (one.actor.name()) (cosignature(view, one)) },
                html! { (one.value.reason) @if let Some(strike) = chart.struck.get(&one.id) { br; strong { "struck by " (strike.actor.name()) ": " (strike.why) } } },
            ]
        })
        .collect();
    html! { section .panel { h2 { "Overrides" } (ui::data_table("Rules that were overridden", &["When", "Rule and what it found", "By", "Reason"], &rows)) } }
}

/// The second signature of an override: by whom and when, or whom it waits for, with the button for whoever may give it.
fn cosignature(view: &ChartPage, one: &Entry<FindingOverridden>) -> Markup {
    let Some(asked) = &one.value.second else { return html! {} };
    if let Some(act) = view.chart().cosigned.get(&one.id) {
        return html! { br; "second signature: " (act.by.name()) ", " (view.when(act.at)) };
    }
    let mine = one.actor.staff().is_some_and(|by| Some(by) == view.principal.staff());
    let may = !mine && (view.principal.is(Role::Guide) || view.principal.is(Role::Prescriber));
    html! {
        br; (ui::flag(Flag::ActNow, "not in force")) " waits for the signature of " (asked.name)
        @if may && !view.chart().struck.contains_key(&one.id) {
            (view.small_form("cosign", "findings/cosign", &[("override", &one.id.to_string())], None, "Sign as the second clinician"))
        }
    }
}

fn gate(view: &ChartPage, gate: Gate, gathered: &Gathered, unfolded: bool) -> Markup {
    let (held, warned) = (gathered.blocking.len(), gathered.warnings.len());
    let says = match (held, warned) {
        (0, 0) => ui::flag(Flag::Ok, "nothing holds it"),
        (0, n) => ui::flag(Flag::Due, &format!("{n} need a recorded reason")),
        (n, _) => ui::flag(Flag::ActNow, &format!("held by {n}")),
    };
    let mut rows: Vec<(u8, Vec<Markup>)> = Vec::new();
    for assessment in &gathered.assessments {
        match &assessment.verdict {
            Verdict::Found(findings) => {
                for finding in findings {
                    let overridden = gathered.overridden.contains(finding);
                    rows.push((
                        rank(finding, overridden),
                        found(view, gate, gathered, assessment, finding, overridden),
                    ));
                }
            }
            Verdict::Clear(seen) => rows.push((
                8,
                passed(assessment, ui::flag(Flag::Ok, "clear"), &finding_words::clear(view.ctx.words, seen)),
            )),
            Verdict::NotApplicable(why) => rows.push((
                9,
                passed(
                    assessment,
                    html! { span .quiet { "does not apply" } },
                    &finding_words::not_applicable(view.ctx.words, why),
                ),
            )),
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
    let at = view.ctx.words.term(gate);
    let name = format!("{at} step");
    html! {
        details .panel.gate open[unfolded] {
            summary { h2 .inline { "At the " (at) " step" } " " (says) }
            (ui::data_table(&name, &["State", "Rule", "Found, against the limit", "What would clear it", "Source and standing", "Override"], &rows))
        }
    }
}

fn rank(finding: &Finding, overridden: bool) -> u8 {
    match (overridden, finding.severity, finding.cause) {
        (true, _, _) => 7,
        (_, Severity::Block, Cause::Met) => 0,
        (_, Severity::Escalate, _) => 1,
        (_, Severity::Block, _) => 2,
        (_, Severity::Warn, _) => 3,
    }
}

fn rule_cell(assessment: &Assessment) -> Markup {
    html! { code { (assessment.rule.id) } br; span .quiet { (assessment.rule.says) } }
}

fn standing(assessment: &Assessment) -> Markup {
    html! { (assessment.rule.source) br; span .quiet { "Signed: " (assessment.rule.signed.unwrap_or("nobody yet")) } }
}

fn passed(assessment: &Assessment, state: Markup, seen: &str) -> Vec<Markup> {
    vec![state, rule_cell(assessment), html! { (seen) }, html! {}, standing(assessment), html! {}]
}

fn found(
    view: &ChartPage,
    gate: Gate,
    gathered: &Gathered,
    assessment: &Assessment,
    finding: &Finding,
    overridden: bool,
) -> Vec<Markup> {
    let state = match (overridden, finding.cause, finding.severity) {
        (true, ..) => ui::flag(Flag::Due, "overridden"),
        (_, Cause::Missing | Cause::Unknown | Cause::TooOld, _) => {
            ui::flag(Flag::Unknown, &view.ctx.words.term(finding.cause))
        }
        (_, Cause::Impossible, _) => ui::flag(Flag::ActNow, "impossible value"),
        (_, Cause::Met, Severity::Warn) => ui::flag(Flag::Due, "warns"),
        (_, Cause::Met, Severity::Escalate) => ui::flag(Flag::ActNow, "a clinician decides"),
        (_, Cause::Met, Severity::Block) => ui::flag(Flag::ActNow, "blocks"),
    };
    vec![
        state,
        rule_cell(assessment),
        html! { strong { (finding_words::measured(view.ctx.words, finding)) } br; span .quiet { "limit: " (finding_words::limit(view.ctx.words, finding)) } },
        html! { (finding_words::clears(view.ctx.words, finding)) },
        standing(assessment),
        override_cell(view, gate, gathered, assessment, finding, overridden),
    ]
}

fn override_cell(
    view: &ChartPage,
    gate: Gate,
    gathered: &Gathered,
    assessment: &Assessment,
    finding: &Finding,
    overridden: bool,
) -> Markup {
    let by = assessment.rule.override_of(finding);
    if finding.severity == Severity::Warn {
        return html! { span .quiet { "no override needed: write a reason with the step" } };
    }
    let allowed = match by {
        Override::Never => false,
        Override::Prescriber => true,
        Override::PrescriberInClinic | Override::TwoCliniciansInClinic => gathered.facts.setting == Setting::Clinic,
    };
    html! {
        (view.ctx.words.term(by))
        @if allowed && !overridden && view.principal.is(Role::Prescriber) {
            @let mine = view.typed.get("form") == "override" && view.typed.get("rule") == finding.rule && view.typed.get("gate") == stored(gate);
            details open[mine] { summary { "Override" }
                form .stack method="post" action=(view.href("findings")) {
                    (view.ctx.command_fields(view.chart().seq))
                    input type="hidden" name="form" value="override";
                    input type="hidden" name="gate" value=(stored(gate));
                    input type="hidden" name="rule" value=(finding.rule);
                    textarea name="override-reason" rows="3" aria-label=(format!("Reason for overriding {}", finding.rule)) { "\n" @if mine { (view.typed.get("override-reason")) } }
                    @if by == Override::TwoCliniciansInClinic {
                        p .quiet { "It counts once the second clinician has signed it on this page, in their own session." }
                        select name="second" aria-label="Second clinician, who is asked to sign" {
                            option value="" { "second clinician" }
                            @for member in view.chart().team.iter().filter(|m| m.role != Role::Manager && Some(m.id) != view.principal.staff()) {
                                option value=(member.id) selected[mine && view.typed.get("second") == member.id.to_string()] { (member.name) }
                            }
                        }
                    }
                    @if view.ctx.proof_due {
                        input name=(crate::auth::proof::FIELD) type="password" autocomplete="current-password" aria-label="Your password again, to sign" placeholder="your password again";
                    }
                    button .button.small type="submit" { "Record the override" }
                }
            }
        }
    }
}

fn decision(view: &ChartPage, gathered: &Gathered) -> Markup {
    if !view.principal.is(Role::Prescriber) || view.chart().ended().is_some() {
        return html! { p .quiet { "The decision is a prescriber's of this care team." } };
    }
    let typed = view.typed_for("decide");
    let says = match (gathered.blocking.len(), gathered.warnings.len()) {
        (0, 0) => "Nothing holds a yes.".to_owned(),
        (0, n) => format!("A yes needs a reason: {n} warnings stand."),
        (n, _) => format!("A yes is held by {n} findings above. A no can be signed now."),
    };
    html! {
        section .panel #decide {
            h2 { "Decision" }
            p { (says) }
            (view.form("decide", "findings", html! {
                (FieldGroup::one("decision", "May this person be treated?", options([("eligible", "Yes, may be treated"), ("not-eligible", "No, not treated here")])).typed(&typed))
                (FieldGroup::one("setting", "Where", options([("clinic", "In the clinic"), ("home", "At home")])).typed(&typed))
                (Field::area("reason", "Reason").hint("Needed for a no, in words that can be told to them, and for a yes in spite of warnings.").typed(&typed))
                (Field::new("signed_name", "Your name, as a signature").autocomplete("off").typed(&typed))
                (view.proof_field("decide"))
                button .button.primary type="submit" { "Sign the decision" }
            }))
        }
    }
}
