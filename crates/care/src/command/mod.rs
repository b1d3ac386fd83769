//! Commands, and the one place where they are decided.
//!
//! [`decide`] is the only way in: no interface can go round a rule. It refuses in a fixed order: not allowed to this
//! role, not on the care team, the course has ended, not now, a value that cannot be, and then the rules. It is pure and
//! gives the same events for the same chart, context and command.

mod alert;
mod decision;
mod follow_up;
mod holding;
mod measure;
mod merge;
mod preparation;
mod prescribing;
mod reality;
mod referral;
mod refusal;
mod session;
mod spacing;
mod supply;

use std::borrow::Cow;

use jiff::Timestamp;
use uuid::Uuid;

pub use crate::context::Context;
pub use decision::{CancelOrder, Gathered, WriteOrder, gate_now};
pub use holding::{ChangeAnswers, HoldingAnswers};
pub use measure::{CompleteMeasure, EnterScores};
pub use preparation::{BRIEFING, BRIEFING_VERSION, BriefingQuestion, WriteNote};
pub use prescribing::ShowLicence;
pub use reality::{GiveBooster, LATE_ENTRY_MINUTES, MissSession, MoveSession, RecordDose};
pub use refusal::{Act, AfterSession, BeforeDose, Field, NotNow, OfSession, Problem, Refusal};
pub use session::{CancelSession, MarkMoment};
pub use spacing::first_permitted_start;

use crate::chart::Chart;
use crate::event::*;
use crate::facts::Setting;
use crate::ids::{AlertId, CompanionId, EventId, NoteId, OrderId, SessionId, StaffId};
use crate::quantity::Vitals;
use crate::roles::{Actor, Role};
use crate::rules::Gate;

macro_rules! commands {
    (
        $($(#[$doc:meta])+ $name:ident $(($payload:ty))? : $($role:ident)|+,)+
        program: $($(#[$own_doc:meta])+ $own:ident $(($own_payload:ty))?),+ $(,)?
    ) => {
        /// Something that somebody wants to add to a chart.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        pub enum Command {
            $($(#[$doc])+ $name $(($payload))?,)+
            $($(#[$own_doc])+ $own $(($own_payload))?,)+
        }

        impl Command {
            /// Which command it is, without what it holds.
            #[must_use]
            pub fn kind(&self) -> CommandKind {
                match self {
                    $(commands!(@pattern $name $(($payload))?) => CommandKind::$name,)+
                    $(commands!(@pattern $own $(($own_payload))?) => CommandKind::$own,)+
                }
            }

            /// The name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                self.kind().name()
            }
        }

        /// Which command, without what it holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CommandKind {
            $($(#[$doc])+ $name,)+
            $($(#[$own_doc])+ $own,)+
        }

        impl CommandKind {
            /// Every command.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+ $(Self::$own),+];

            /// The name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                    $(Self::$own => stringify!($own),)+
                }
            }

            /// The roles that may ask for it; none for what only the program itself asks.
            #[must_use]
            pub fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$name => &[$(Role::$role),+],)+
                    $(Self::$own => &[],)+
                }
            }
        }

        /// Every command that a person may ask for, with the roles that may, for the printed access table.
        pub const COMMAND_ACCESS: &[(&str, &[Role])] = &[$((stringify!($name), &[$(Role::$role),+])),+];
    };
    (@pattern $name:ident ($payload:ty)) => { Self::$name(_) };
    (@pattern $name:ident) => { Self::$name };
}

/// A correction of an earlier entry.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectEntry {
    /// The entry that was wrong.
    pub corrects: EventId,
    /// Why.
    pub why: String,
    /// What stands in its place; `None` where it should never have been recorded.
    pub replacement: Option<Box<Command>>,
}

/// An override asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideFinding {
    /// At which step.
    pub gate: Gate,
    /// The rule whose finding stands.
    pub rule: String,
    /// Why the prescriber goes on.
    pub reason: String,
    /// The second clinician, where the rule asks for two.
    pub second: Option<StaffId>,
}

/// A decision on eligibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecideEligibility {
    /// May be treated.
    pub eligible: bool,
    /// Where.
    pub setting: Setting,
    /// Why; needed for a no, and for a yes in spite of warnings.
    pub reason: String,
    /// The name typed as a signature.
    pub signed_name: String,
}

/// Signing consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiveConsent {
    /// The version shown.
    pub version: String,
    /// The statements ticked.
    pub statements: Vec<String>,
    /// The name typed as a signature.
    pub signed_name: String,
}

/// Naming a companion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCompanion {
    /// Name.
    pub name: String,
    /// Relation.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// 18 or older.
    pub adult: bool,
}

/// Putting right how the companion is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeCompanionContact {
    /// Relation.
    pub relation: String,
    /// Phone.
    pub phone: String,
}

/// Go or no-go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecideGo {
    /// Which session.
    pub session: SessionId,
    /// Go.
    pub go: bool,
    /// Why; needed for a no-go, and for a go in spite of warnings.
    pub reason: String,
}

/// Recording that the dose was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeDose {
    /// Which session.
    pub session: SessionId,
    /// When it began.
    pub taken_at: Timestamp,
}

commands! {
    /// Refer somebody.
    ReferPatient(PatientReferred): Guide | Prescriber | Manager,
    /// Take over a record from elsewhere.
    ImportRecord(RecordImported): Guide | Prescriber | Manager,
    /// Change name, contact or address.
    ChangeDemographics(DemographicsChanged): Guide | Prescriber | Manager,
    /// Answer history questions.
    AnswerHistory(HistoryAnswered): Patient | Guide | Prescriber,
    /// Go through the medicines.
    ReviewMedicines(MedicinesReviewed): Guide | Prescriber,
    /// Write down what was tried before, and where the person is treated.
    TakeBackground(BackgroundTaken): Guide | Prescriber,
    /// Set the care team.
    SetCareTeam(CareTeamSet): Prescriber | Manager,
    /// Make a personal link.
    Invite(InvitationMade): Guide | Prescriber | Manager,
    /// Complete a questionnaire or rating by its items.
    CompleteMeasure(CompleteMeasure): Patient | Guide | Prescriber,
    /// Enter scores from the service's own licensed form.
    EnterScores(EnterScores): Guide | Prescriber,
    /// Record vital signs.
    RecordVitals(VitalsRecorded): Patient | Companion | Guide | Prescriber,
    /// Record the body weight.
    RecordWeight(WeightRecorded): Guide | Prescriber,
    /// Confirm a weight that another person recorded.
    ConfirmWeight(EventId): Guide | Prescriber,
    /// Record the body height.
    RecordHeight(HeightRecorded): Guide | Prescriber,
    /// Write down where the patient is treated.
    SetRegion(RegionSet): Guide | Prescriber,
    /// Write down one's own licence.
    ShowLicence(ShowLicence): Prescriber,
    /// Record an examination in person.
    RecordExamination(ExaminedInPerson): Prescriber,
    /// Record what was seen of misuse.
    CheckMisuse(MisuseChecked): Guide | Prescriber,
    /// Record the class of a chronic liver disease.
    RateChildPugh(ChildPughRated): Prescriber,
    /// Change answers that hold a dose, with a reason.
    ChangeAnswers(ChangeAnswers): Prescriber,
    /// Hand out tablets or lozenges for the home.
    HandOutSupply(SupplyHandedOut): Guide | Prescriber,
    /// Take back what was not used.
    TakeBackSupply(SupplyTakenBack): Guide | Prescriber,
    /// Count what is in hand at home.
    CountSupply(SupplyCounted): Patient | Guide | Prescriber,
    /// Write down a fact of the safety programme of nasal esketamine.
    RecordRems(RemsRecorded): Guide | Prescriber,
    /// Record a laboratory result.
    RecordLab(LabRecorded): Guide | Prescriber,
    /// Decide on a suicide screen.
    ReviewSuicideScreen(SuicideScreenReviewed): Guide | Prescriber,
    /// Go on in spite of a finding.
    OverrideFinding(OverrideFinding): Prescriber,
    /// Take over what another chart of the same person holds.
    MergeCharts(ChartsMerged): Prescriber,
    /// Close this chart, since another of the same person goes on.
    CloseAsDuplicate(ChartMergedInto): Prescriber,
    /// Sign an override as the second clinician.
    CosignOverride(EventId): Guide | Prescriber,
    /// Decide who may be treated.
    DecideEligibility(DecideEligibility): Prescriber,
    /// Sign consent.
    GiveConsent(GiveConsent): Patient,
    /// Withdraw consent.
    WithdrawConsent(ConsentWithdrawn): Patient | Guide | Prescriber,
    /// Open a plan on a protocol, named by its id.
    OpenPlan(String): Prescriber,
    /// End the course.
    EndCourse(CourseEnded): Prescriber,
    /// Write a dose order.
    WriteOrder(WriteOrder): Prescriber,
    /// Cancel a dose order.
    CancelOrder(CancelOrder): Prescriber,
    /// Name a companion.
    NameCompanion(NameCompanion): Patient | Guide,
    /// Put right how the companion is reached; they stay the companion.
    ChangeCompanionContact(ChangeCompanionContact): Patient | Guide | Prescriber,
    /// Do the briefing: the option chosen for each question, in order.
    BriefCompanion(Vec<usize>): Companion,
    /// Confirm on the companion's own link.
    ConfirmCompanion: Companion,
    /// Write a safety plan.
    WriteSafetyPlan(SafetyPlanWritten): Patient | Guide | Prescriber,
    /// Record a visit.
    HoldVisit(VisitHeld): Guide | Prescriber,
    /// Write a note, or rewrite one that nobody has signed.
    WriteNote(WriteNote): Guide | Prescriber,
    /// Sign a note, which locks it.
    SignNote(NoteId): Guide | Prescriber,
    /// Add to a signed note.
    AddAddendum(NoteAddendumAdded): Guide | Prescriber,
    /// Schedule a dosing session.
    ScheduleSession(Timestamp): Guide | Prescriber | Manager,
    /// Call a session off before any dose.
    CancelSession(CancelSession): Patient | Guide | Prescriber,
    /// Answer questions of the day.
    AnswerDay(DayAnswered): Patient | Guide | Prescriber,
    /// The companion says that they are there.
    ArriveAsCompanion(SessionId): Companion,
    /// The guide saw the companion.
    SeeCompanion(CompanionSeen): Guide | Prescriber,
    /// Record whether the clinic is ready for a dose.
    CheckReadiness(ReadinessChecked): Guide | Prescriber,
    /// Go or no-go.
    DecideGo(DecideGo): Guide | Prescriber,
    /// The dose is taken.
    TakeDose(TakeDose): Patient | Guide | Prescriber,
    /// Record a dose that was given, whatever was planned.
    RecordDose(RecordDose): Patient | Companion | Guide | Prescriber,
    /// Give the booster of the protocol.
    GiveBooster(GiveBooster): Guide | Prescriber,
    /// Record how much of a dose was really given.
    RecordAmount(DoseAmountRecorded): Guide | Prescriber,
    /// Record that an infusion was paused, resumed, set to another rate, or ended.
    RecordInfusion(InfusionRecorded): Guide | Prescriber,
    /// Say that a session did not take place.
    MissSession(MissSession): Guide | Prescriber | Manager,
    /// Move a session to another time.
    MoveSession(MoveSession): Guide | Prescriber | Manager,
    /// Rate sedation.
    RateSedation(SedationRated): Guide | Prescriber,
    /// Look in, or say "I'm OK".
    CheckIn(CheckInRecorded): Patient | Companion | Guide | Prescriber,
    /// Mark a symptom.
    MarkSymptom(SymptomMarked): Patient | Companion | Guide | Prescriber,
    /// Rate distress.
    RateDistress(DistressRated): Patient | Guide | Prescriber,
    /// Mark a moment.
    MarkMoment(MarkMoment): Patient | Companion | Guide | Prescriber,
    /// Ask for help.
    AskForHelp(HelpRequested): Patient | Companion | Guide | Prescriber,
    /// Stop the session.
    StopSession(SessionStopped): Patient | Companion | Guide | Prescriber,
    /// Answer release checks.
    CheckRelease(ReleaseChecked): Companion | Guide | Prescriber,
    /// Let the patient go.
    ReleasePatient(PatientReleased): Guide | Prescriber,
    /// Record that the patient left before the release gate let them.
    RecordLeaving(PatientLeft): Guide | Prescriber,
    /// Review the session.
    ReviewSession(SessionReviewed): Prescriber,
    /// Take an alert on.
    OwnAlert(AlertId): Guide | Prescriber,
    /// Write on an open alert what is seen and done.
    NoteAlert(AlertNoted): Guide | Prescriber,
    /// Resolve an alert.
    ResolveAlert(AlertResolved): Guide | Prescriber,
    /// Record an adverse event.
    RecordAdverseEvent(AdverseEventRecorded): Guide | Prescriber,
    /// Review an adverse event.
    ReviewAdverseEvent(AdverseEventReviewed): Prescriber,
    /// Write in the journal.
    WriteJournal(JournalWritten): Patient,
    /// Share a journal entry or take it back.
    SetJournalSharing(JournalSharingSet): Patient,
    /// Record a contact.
    RecordContact(ContactMade): Guide | Prescriber | Manager,
    /// Review the course.
    ReviewCourse(CourseReviewed): Prescriber,
    /// Clear an open item by hand.
    ClearItem(ItemCleared): Guide | Prescriber | Manager,
    /// Correct an earlier entry.
    Correct(CorrectEntry): Guide | Prescriber,
    program:
    /// Time has passed. Only the program itself asks this, and nobody else may.
    Tick,
    /// Nothing is heard any more from the home of a running session.
    NoteContactLost(ContactLost),
    /// Somebody is heard again from there.
    NoteContactBack(ContactBack),
    /// The clock jumped.
    NoteClockJump(ClockJumped),
}

/// An event decided, with the time at which it happened.
type Decided = Vec<(Timestamp, Event)>;

/// Decides a command against a chart: the events that it yields, with nothing recorded.
///
/// The events of the command come first, then those of the watch rules, which look at the chart as it will be. A command
/// already recorded yields no events.
///
/// # Errors
/// [`Refusal`] in the order given at the top of this module.
pub fn decide(chart: &Chart, context: &Context<'_>, command: Command) -> Result<Vec<Draft>, Refusal> {
    let each = vec![(context.command_id, command)];
    decide_batch(chart, context, each).map(|(drafts, _)| drafts).map_err(|(_, refusal)| refusal)
}

/// Decides several commands that were entered in one act, each against the chart as the ones before it leave it. The
/// context's own command id stands aside for the id beside each command.
///
/// Gives back all events in their order, and the chart with them: a copy of its own, made once at the first event, or
/// the very chart that came in when there was nothing to add.
///
/// # Errors
/// The place of the first command that is refused, from 0, and why; then nothing of the batch counts.
pub fn decide_batch<'c>(
    chart: &'c Chart,
    context: &Context<'_>,
    commands: Vec<(Uuid, Command)>,
) -> Result<(Vec<Draft>, Cow<'c, Chart>), (usize, Refusal)> {
    let mut after = Cow::Borrowed(chart);
    let mut drafts = Vec::with_capacity(commands.len() + 2);
    let mut context = context.clone();
    for (place, (command_id, command)) in commands.into_iter().enumerate() {
        context.command_id = command_id;
        decide_next(&mut after, &mut drafts, &context, command).map_err(|refusal| (place, refusal))?;
    }
    Ok((drafts, after))
}

/// Decides one command against the chart as it stands, and folds what it yields.
fn decide_next(
    after: &mut Cow<'_, Chart>,
    drafts: &mut Vec<Draft>,
    context: &Context<'_>,
    command: Command,
) -> Result<(), Refusal> {
    if after.event_ids.contains(&EventId::of_command(context.command_id, 0)) {
        return Ok(());
    }
    check_access(after, context, &command)?;
    let author = if command.kind().roles().is_empty() { &Actor::Stillwater } else { &context.actor };
    let first = drafts.len();
    for (occurred_at, event) in route(after, context, command)? {
        fold(after, drafts, first, context, author, occurred_at, event);
    }
    // What somebody's act takes the ground from falls with it, by their hand.
    for event in crate::hold::consequences(after, drafts.get(first..).unwrap_or_default()) {
        fold(after, drafts, first, context, author, context.now, event);
    }
    let own = drafts.get(first..).unwrap_or_default();
    for event in crate::watch::watch(after, own, context) {
        fold(after, drafts, first, context, &Actor::Stillwater, context.now, event);
    }
    Ok(())
}

/// Adds one event to the drafts and to the chart. `first` is the place of the command's first draft, from which the ids
/// of its events count.
fn fold(
    after: &mut Cow<'_, Chart>,
    drafts: &mut Vec<Draft>,
    first: usize,
    context: &Context<'_>,
    actor: &Actor,
    occurred_at: Timestamp,
    event: Event,
) {
    let id = EventId::nth_of_command(context.command_id, drafts.len() - first);
    let draft = Draft { id, occurred_at, recorded_at: context.now, actor: actor.clone(), event };
    let after = after.to_mut();
    let recorded = draft.at(after.seq + 1);
    after.apply(&recorded);
    drafts.push(recorded.into_draft());
}

fn check_access(chart: &Chart, context: &Context<'_>, command: &Command) -> Result<(), Refusal> {
    let actor = &context.actor;
    let allowed = match actor.role() {
        Some(role) => command.kind().roles().contains(&role),
        None => command.kind().roles().is_empty(),
    };
    if !allowed {
        return Err(Refusal::NotAllowed { role: actor.role(), act: Act::Command(command.kind()) });
    }
    if command.kind().roles().is_empty() {
        return Ok(());
    }
    if let Actor::Companion { id, .. } = actor {
        // Whoever was let in and stands beside the patient is heard, although somebody else is the companion by now.
        let heard = matches!(command, Command::AskForHelp(_) | Command::StopSession(_));
        let known = if heard { chart.let_in(*id) } else { chart.companion.as_ref().filter(|known| known.id == *id) };
        if known.is_none() {
            return Err(Refusal::NotOnTeam);
        }
    }
    // The team decides; whoever is on call may answer an alert; the manager's commands and the first referral need no team.
    // An ended chart stays with its team: nobody else refers that person again, or makes themselves the team to do so.
    let team_free = match command {
        Command::OwnAlert(_) | Command::NoteAlert(_) | Command::ResolveAlert(_) | Command::StopSession(_) => true,
        Command::ReferPatient(_) | Command::SetCareTeam(_) | Command::ImportRecord(_) => chart.ended().is_none(),
        _ => false,
    } || actor.role() == Some(Role::Manager);
    if actor.staff().is_some() && !team_free && !chart.team.is_empty() && !chart.on_team(actor) {
        return Err(Refusal::NotOnTeam);
    }
    if chart.demographics.is_none() && !matches!(command, Command::ReferPatient(_)) {
        return Err(NotNow::NoPatient.into());
    }
    let still_open = matches!(
        command,
        Command::OwnAlert(_)
            | Command::NoteAlert(_)
            | Command::ResolveAlert(_)
            | Command::AskForHelp(_)
            | Command::SignNote(_)
            | Command::AddAddendum(_)
            | Command::RecordAdverseEvent(_)
            | Command::ReviewAdverseEvent(_)
            | Command::RecordContact(_)
            | Command::Correct(_)
            | Command::ClearItem(_)
            | Command::SetCareTeam(_)
            | Command::CompleteMeasure(_)
            | Command::WriteJournal(_)
            | Command::SetJournalSharing(_)
            | Command::StopSession(_)
            | Command::RecordDose(_)
            | Command::RecordAmount(_)
            | Command::RecordInfusion(_)
            | Command::RecordVitals(_)
            | Command::RateSedation(_)
            | Command::CheckIn(_)
            | Command::MarkSymptom(_)
            | Command::RateDistress(_)
            | Command::MarkMoment(_)
            | Command::RecordLeaving(_)
            | Command::CheckRelease(_)
            | Command::ReleasePatient(_)
            | Command::ReviewSession(_)
            | Command::ReviewSuicideScreen(_)
            | Command::ReferPatient(_)
    );
    let still_open = still_open && !(chart.merged_into.is_some() && matches!(command, Command::ReferPatient(_)));
    if chart.merged_into.is_some() && !still_open {
        return Err(NotNow::MergedAway.into());
    }
    if chart.ended().is_some() && !still_open {
        return Err(NotNow::CourseEnded.into());
    }
    Ok(())
}

fn route(chart: &Chart, context: &Context<'_>, command: Command) -> Result<Decided, Refusal> {
    let now = context.now;
    let event = |event: Event| Ok(vec![(now, event)]);
    match command {
        Command::ReferPatient(c) => referral::refer(chart, context, c),
        Command::ImportRecord(c) => event(Event::RecordImported(c)),
        Command::ChangeDemographics(c) => referral::change_demographics(context, c),
        Command::TakeBackground(c) => referral::take_background(context, c),
        Command::AnswerHistory(c) => referral::answer_history(chart, context, c),
        Command::ReviewMedicines(c) => holding::answer(chart, context, HoldingAnswers::Medicines(c)),
        Command::SetCareTeam(c) => referral::set_team(c, now),
        Command::Invite(c) => referral::invite(chart, context, c),
        Command::CompleteMeasure(c) => measure::complete(chart, context, c),
        Command::EnterScores(c) => measure::enter_scores(chart, context, c),
        Command::RecordVitals(c) => measure::record_vitals(chart, context, c),
        Command::RecordWeight(c) => measure::record_weight(context, c),
        Command::ConfirmWeight(id) => measure::confirm_weight(chart, context, id),
        Command::RecordHeight(c) => measure::record_height(context, c),
        Command::SetRegion(c) => prescribing::set_region(context, &c),
        Command::ShowLicence(c) => prescribing::show_licence(context, &c),
        Command::RecordExamination(c) => prescribing::examined_in_person(context, c),
        Command::CheckMisuse(c) => prescribing::check_misuse(context, c),
        Command::RateChildPugh(c) => measure::rate_child_pugh(context, c),
        Command::ChangeAnswers(c) => holding::change(chart, context, c),
        Command::HandOutSupply(c) => supply::hand_out(context, c),
        Command::TakeBackSupply(c) => supply::take_back(context, c),
        Command::CountSupply(c) => supply::count(context, c),
        Command::RecordRems(c) => supply::record_rems(chart, context, c),
        Command::RecordLab(c) => measure::record_lab(context, c),
        Command::ReviewSuicideScreen(c) => measure::review_suicide_screen(chart, context, c),
        Command::OverrideFinding(c) => decision::override_finding(chart, context, c),
        Command::MergeCharts(c) => merge::merge(chart, context, c),
        Command::CloseAsDuplicate(c) => merge::close(chart, context, c),
        Command::CosignOverride(id) => decision::cosign_override(chart, context, id),
        Command::DecideEligibility(c) => decision::decide_eligibility(chart, context, c),
        Command::GiveConsent(c) => decision::give_consent(chart, context, c),
        Command::WithdrawConsent(c) => decision::withdraw_consent(chart, context, c),
        Command::OpenPlan(id) => decision::open_plan(chart, context, &id),
        Command::EndCourse(c) => decision::end_course(chart, context, c),
        Command::WriteOrder(c) => decision::write_order(chart, context, c),
        Command::CancelOrder(c) => decision::cancel_order(chart, context, c),
        Command::NameCompanion(c) => preparation::name_companion(chart, context, c),
        Command::ChangeCompanionContact(c) => preparation::change_companion_contact(chart, context, c),
        Command::BriefCompanion(c) => preparation::brief(chart, context, &c),
        Command::ConfirmCompanion => preparation::confirm(chart, context),
        Command::WriteSafetyPlan(c) => preparation::write_safety_plan(context, c),
        Command::HoldVisit(c) => preparation::hold_visit(chart, context, c),
        Command::WriteNote(c) => preparation::write_note(chart, context, c),
        Command::SignNote(id) => preparation::sign_note(chart, context, id),
        Command::AddAddendum(c) => preparation::add_addendum(chart, context, c),
        Command::ScheduleSession(at) => session::schedule(chart, context, at),
        Command::CancelSession(c) => session::cancel(chart, context, c),
        Command::AnswerDay(c) => holding::answer(chart, context, HoldingAnswers::Day(c)),
        Command::ArriveAsCompanion(id) => session::companion_arrives(chart, context, id),
        Command::SeeCompanion(c) => holding::answer(chart, context, HoldingAnswers::Companion(c)),
        Command::CheckReadiness(c) => session::check_readiness(chart, context, c),
        Command::DecideGo(c) => session::decide_go(chart, context, c),
        Command::TakeDose(c) => session::take_dose(chart, context, c),
        Command::RecordDose(c) => reality::record_dose(chart, context, c),
        Command::GiveBooster(c) => reality::give_booster(chart, context, c),
        Command::RecordAmount(c) => reality::record_amount(chart, context, c),
        Command::RecordInfusion(c) => reality::record_infusion(chart, context, c),
        Command::MissSession(c) => reality::record_missed(chart, context, c),
        Command::MoveSession(c) => reality::move_session(chart, context, c),
        Command::RateSedation(c) => session::rate_sedation(chart, context, c),
        Command::CheckIn(c) => session::check_in(chart, context, c),
        Command::MarkSymptom(c) => session::mark_symptom(chart, context, c),
        Command::RateDistress(c) => session::rate_distress(chart, context, c),
        Command::MarkMoment(c) => session::mark_moment(chart, context, c),
        Command::AskForHelp(c) => session::ask_for_help(chart, context, c),
        Command::StopSession(c) => session::stop(chart, context, c),
        Command::CheckRelease(c) => session::check_release(chart, context, c),
        Command::ReleasePatient(c) => session::release(chart, context, c),
        Command::RecordLeaving(c) => session::leave(chart, context, c),
        Command::ReviewSession(c) => session::review(chart, context, c),
        Command::OwnAlert(id) => alert::own(chart, context, id),
        Command::NoteAlert(c) => alert::note(chart, context, c),
        Command::ResolveAlert(c) => alert::resolve(chart, context, c),
        Command::RecordAdverseEvent(c) => follow_up::adverse_event(context, c),
        Command::ReviewAdverseEvent(c) => follow_up::review_adverse_event(chart, context, c),
        Command::WriteJournal(c) => follow_up::write_journal(context, c),
        Command::SetJournalSharing(c) => follow_up::share(chart, context, c),
        Command::RecordContact(c) => event(Event::ContactMade(c)),
        Command::ReviewCourse(c) => follow_up::review_course(context, c),
        Command::ClearItem(c) => follow_up::clear_item(chart, context, c),
        Command::Correct(c) => follow_up::correct(chart, context, c),
        Command::NoteContactLost(c) => alert::contact_lost(chart, context, c),
        Command::NoteContactBack(c) => alert::contact_back(chart, context, c),
        Command::NoteClockJump(c) => alert::clock_jumped(chart, context, c),
        Command::Tick => Ok(crate::watch::tick(chart, context).into_iter().map(|e| (now, e)).collect()),
    }
}

/// Refuses a text that must not be empty, or that is longer than a page can hold.
fn need(field: Field, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, Problem::Empty));
    }
    limit(field, text)
}

/// The most characters of a text.
const MOST_CHARACTERS: usize = 20_000;

/// Refuses a text longer than a page can hold.
fn limit(field: Field, text: &str) -> Result<(), Refusal> {
    if text.chars().count() > MOST_CHARACTERS {
        return Err(Refusal::invalid(field, Problem::TooLong { most: MOST_CHARACTERS }));
    }
    Ok(())
}

/// Refuses a time in the future (two minutes are allowed for clocks that differ) or further back than `most_days`.
fn check_time(field: Field, at: Timestamp, now: Timestamp, most_days: f64) -> Result<(), Refusal> {
    if at > crate::quantity::plus_minutes(now, 2) {
        return Err(Refusal::invalid(field, Problem::InFuture { at }));
    }
    let days = crate::quantity::days_between(at, now);
    if days > most_days {
        return Err(Refusal::invalid(field, Problem::TooLongAgo { at, days, most_days }));
    }
    Ok(())
}

/// The companion who asks.
fn asking_companion(context: &Context<'_>) -> Option<CompanionId> {
    match &context.actor {
        Actor::Companion { id, .. } => Some(*id),
        _ => None,
    }
}

/// An order's identity, made from its command.
fn order_id(context: &Context<'_>) -> OrderId {
    OrderId(EventId::of_command(context.command_id, 0).0)
}

/// Checks vital signs as entered.
fn check_vitals(vitals: &Vitals, now: Timestamp) -> Result<(), Refusal> {
    vitals.check()?;
    check_time(Field::ReadingAt, vitals.taken_at, now, 366.0)
}
