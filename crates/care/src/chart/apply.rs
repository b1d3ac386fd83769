//! One arm for every event. The compiler lists what a new event must be told.

use super::{
    Act, Addendum, Alert, Chart, Clearing, Companion, Consent, Course, CourseEnd, Eligibility, Entry, GoDecision, Hold,
    JournalEntry, Leaving, Miss, Note, Order, OrderState, Plan, Release, Session, Stop, Strike,
    session::CompanionPresence,
};
use jiff::Timestamp;

use crate::codes::measured;
use crate::event::{
    Event, ImportedMeasurement, InfusionStep, Medicine, PatientReferred, Recorded, VitalsRecorded, WeightRecorded,
};
use crate::facts::{HistoryFact, MedicineFact};
use crate::ids::{AlertId, SessionId};
use crate::roles::Actor;

impl Chart {
    /// Takes in one more event. Cannot fail.
    pub fn apply(&mut self, recorded: &Recorded) {
        let Recorded { seq, id, occurred_at, recorded_at, actor, event } = recorded;
        let (id, at) = (*id, *occurred_at);
        self.seq = *seq;
        self.event_ids.insert(id);
        if matches!(actor, Actor::Patient) {
            self.last_heard_at = Some(at);
        }
        self.note_entry(actor, event, *recorded_at);
        // Whoever at home does something, and a telephone call that staff record, are heard.
        if matches!(actor, Actor::Patient | Actor::Companion { .. }) || matches!(event, Event::ContactMade(_)) {
            for session in self.sessions.iter_mut().filter(|session| session.phase().is_running()) {
                session.heard_at = session.heard_at.max(Some(*recorded_at));
                session.contact_lost_since = None;
            }
        }
        macro_rules! entry {
            ($payload:expr) => {
                Entry { id, seq: *seq, occurred_at: at, actor: actor.clone(), value: $payload.clone() }
            };
        }
        match event {
            Event::PatientReferred(e) => {
                self.demographics = Some(e.demographics.clone());
                self.begin_course(*seq, at, e);
            }
            Event::DemographicsChanged(e) => {
                // Whoever moves may be in another state: where they are treated is written down again.
                if self.demographics.as_ref().is_some_and(|known| known.address != e.demographics.address) {
                    self.region = None;
                }
                self.demographics = Some(e.demographics.clone());
            }
            Event::RecordImported(e) => {
                for fact in &e.facts {
                    self.take_imported(fact, at);
                }
                self.imported_medicines.extend(e.medicines.iter().map(medicine_fact));
                for measurement in &e.measurements {
                    match measurement {
                        ImportedMeasurement::Vitals { vitals, .. } => self.vitals.push(Entry {
                            id,
                            seq: *seq,
                            occurred_at: vitals.taken_at,
                            actor: actor.clone(),
                            value: VitalsRecorded { vitals: vitals.clone(), session: None },
                        }),
                        ImportedMeasurement::Weight { weight_kg, taken_at, .. } => self.weights.push(Entry {
                            id,
                            seq: *seq,
                            occurred_at: *taken_at,
                            actor: actor.clone(),
                            value: WeightRecorded { weight_kg: *weight_kg, taken_at: *taken_at },
                        }),
                        ImportedMeasurement::Lab { lab, .. } => self.labs.push(Entry {
                            id,
                            seq: *seq,
                            occurred_at: lab.taken_at,
                            actor: actor.clone(),
                            value: lab.clone(),
                        }),
                    }
                }
                self.imports.push(entry!(e));
            }
            Event::HistoryAnswered(e) => {
                for given in &e.answers {
                    let from = if given.detail.is_empty() {
                        measured::answered_by(actor.name())
                    } else {
                        measured::answered_by_with(actor.name(), given.detail.as_str())
                    };
                    let now = HistoryFact {
                        answer: given.answer,
                        happened_at: given.happened_at,
                        recorded_at: at,
                        from,
                        lasting: None,
                        candidate: false,
                    };
                    if let Some(before) = self.history.insert(given.topic, now)
                        && before.answer != given.answer
                    {
                        self.history_before.entry(given.topic).or_default().push(before);
                    }
                }
            }
            Event::MedicinesReviewed(e) => {
                self.medicines = Some(e.medicines.iter().map(medicine_fact).collect());
                // They stood on the page that was gone through, and what was recorded takes their place.
                self.imported_medicines.clear();
                self.medicines_reviewed_at = Some(at);
            }
            Event::BackgroundTaken(e) => self.background = Some(e.clone()),
            Event::CareTeamSet(e) => self.team.clone_from(&e.members),
            Event::InvitationMade(e) => self.invitations.push(entry!(e)),
            Event::MeasureCompleted(e) => self.measures.push(entry!(e)),
            Event::VitalsRecorded(e) => self.vitals.push(entry!(e)),
            Event::WeightRecorded(e) => self.weights.push(entry!(e)),
            Event::WeightConfirmed(e) => self.weight_confirmations.push(entry!(e)),
            Event::HeightRecorded(e) => self.heights.push(entry!(e)),
            Event::LabRecorded(e) => self.labs.push(entry!(e)),
            Event::RegionSet(e) => self.region = Some(e.region.clone()),
            Event::LicenceShown(e) => self.licences.push(entry!(e)),
            Event::MisuseChecked(e) => self.misuse_checks.push(entry!(e)),
            Event::ChildPughRated(e) => self.child_pugh.push(entry!(e)),
            Event::HoldingAnswerChanged(e) => self.changed_answers.push(entry!(e)),
            Event::SupplyHandedOut(e) => self.supply_out.push(entry!(e)),
            Event::SupplyTakenBack(e) => self.supply_back.push(entry!(e)),
            Event::SupplyCounted(e) => self.supply_counts.push(entry!(e)),
            Event::RemsRecorded(e) => self.rems.push(entry!(e)),
            Event::ExaminedInPerson(e) => self.examinations.push(entry!(e)),
            Event::SuicideScreenReviewed(e) => self.suicide_reviews.push(entry!(e)),
            Event::ChartsMerged(e) => {
                for given in &e.history {
                    let fact = HistoryFact {
                        answer: given.answer,
                        happened_at: given.happened_at,
                        recorded_at: at,
                        from: measured::answered_by_with(actor.name(), e.name.as_str()),
                        lasting: None,
                        candidate: true,
                    };
                    if let Some(before) = self.history.insert(given.topic, fact) {
                        self.history_before.entry(given.topic).or_default().push(before);
                    }
                }
                self.imported_medicines.extend(e.medicines.iter().map(medicine_fact));
                let actor = || actor.clone();
                for lab in &e.labs {
                    let value = lab.clone();
                    self.labs.push(Entry { id, seq: *seq, occurred_at: lab.taken_at, actor: actor(), value });
                }
                for vitals in &e.vitals {
                    let value = VitalsRecorded { vitals: vitals.clone(), session: None };
                    self.vitals.push(Entry { id, seq: *seq, occurred_at: vitals.taken_at, actor: actor(), value });
                }
                for weight in &e.weights {
                    let value = weight.clone();
                    self.weights.push(Entry { id, seq: *seq, occurred_at: weight.taken_at, actor: actor(), value });
                }
                self.merged.push(entry!(e));
            }
            Event::ChartMergedInto(e) => self.merged_into = Some(e.into),
            Event::OverrideCosigned(e) => {
                self.cosigned.entry(e.overridden).or_insert_with(|| Act { at, by: actor.clone() });
            }
            Event::FindingOverridden(e) => self.overrides.push(entry!(e)),
            Event::EligibilityDecided(e) => {
                let decided = Eligibility {
                    eligible: e.eligible,
                    setting: e.setting,
                    reason: e.reason.clone(),
                    at,
                    by: actor.clone(),
                    findings: e.findings.clone(),
                };
                self.with_course(|course| course.eligibility = Some(decided));
            }
            Event::ConsentGiven(e) => self.consents.push(Consent {
                course: self.course_number(),
                version: e.version.clone(),
                home_notice: e.home_notice,
                signed_name: e.signed_name.clone(),
                signed_at: at,
                withdrawn_at: None,
                withdrawal_words: String::new(),
            }),
            Event::ConsentWithdrawn(e) => {
                if let Some(consent) = self.consents.last_mut() {
                    consent.withdrawn_at = Some(at);
                    consent.withdrawal_words.clone_from(&e.words);
                }
            }
            Event::PlanOpened(e) => {
                let number = self.plan().map_or(0, |plan| plan.number).saturating_add(1);
                let plan = Plan {
                    number,
                    protocol: e.protocol.clone(),
                    protocol_version: e.protocol_version.clone(),
                    setting: e.setting,
                    route: e.route,
                    sessions: e.sessions,
                    opened_at: at,
                    by: actor.clone(),
                };
                self.with_course(|course| course.plans.push(plan));
                // Opening a plan calls off what was to come. In a record from before it did, what is still to come in the
                // same setting goes on under the new plan; in another setting it stays with the plan that it was made for.
                let course = self.course_number();
                let still = |s: &&mut Session| s.course == course && s.phase().is_open() && s.setting == e.setting;
                for session in self.sessions.iter_mut().filter(still) {
                    session.plan = number;
                }
            }
            Event::CourseEnded(e) => {
                let end = CourseEnd { reason: e.reason, at, words: e.words.clone() };
                self.with_course(|course| course.end = Some(end));
            }
            Event::OrderWritten(e) => self.orders.push(Order {
                written: e.clone(),
                written_at: at,
                by: actor.clone(),
                state: OrderState::InForce,
            }),
            Event::OrderCancelled(e) => {
                for order in self.orders.iter_mut().filter(|order| order.written.order == e.order && order.in_force()) {
                    order.state = OrderState::Cancelled(e.reason.clone());
                }
            }
            Event::CompanionNamed(e) => {
                self.companions_before.extend(self.companion.take());
                self.companion = Some(Companion {
                    id: e.companion,
                    name: e.name.clone(),
                    relation: e.relation.clone(),
                    phone: e.phone.clone(),
                    adult: e.adult,
                    briefed_at: None,
                    confirmed_at: None,
                });
            }
            Event::CompanionContactChanged(e) => {
                if let Some(companion) = self.companion.as_mut().filter(|c| c.id == e.companion) {
                    companion.relation.clone_from(&e.relation);
                    companion.phone.clone_from(&e.phone);
                }
            }
            Event::CompanionBriefed(e) => {
                if let Some(companion) = self.companion.as_mut().filter(|c| c.id == e.companion) {
                    companion.briefed_at = Some(at);
                }
            }
            Event::CompanionConfirmed(e) => {
                if let Some(companion) = self.companion.as_mut().filter(|c| c.id == e.companion) {
                    companion.confirmed_at = Some(at);
                }
            }
            Event::SafetyPlanWritten(e) => self.safety_plan = Some(entry!(e)),
            Event::VisitHeld(e) => self.visits.push(entry!(e)),
            Event::NoteWritten(e) => {
                if let Some(note) = self.notes.iter_mut().find(|note| note.id == e.note) {
                    if note.signed.is_none() {
                        note.text.clone_from(&e.text);
                        note.written_at = at;
                    }
                } else {
                    self.notes.push(Note {
                        id: e.note,
                        kind: e.kind,
                        text: e.text.clone(),
                        written_at: at,
                        by: actor.clone(),
                        signed: None,
                        addenda: Vec::new(),
                    });
                }
            }
            Event::NoteSigned(e) => {
                if let Some(note) = self.notes.iter_mut().find(|note| note.id == e.note) {
                    note.signed = Some(Act { at, by: actor.clone() });
                }
            }
            Event::NoteAddendumAdded(e) => {
                if let Some(note) = self.notes.iter_mut().find(|note| note.id == e.note) {
                    note.addenda.push(Addendum { act: Act { at, by: actor.clone() }, text: e.text.clone() });
                }
            }
            Event::SessionScheduled(e) => {
                let mut session = Session::scheduled(e.session, e.number, e.starts_at, e.setting);
                session.course = self.course_number();
                session.plan = self.plan().map_or(0, |plan| plan.number);
                session.unplanned = e.unplanned;
                self.sessions.push(session);
            }
            Event::SessionCancelled(e) => {
                self.with_session(e.session, |s| s.cancel(e.reason.clone()));
            }
            Event::SessionHeld(e) => {
                let hold = Hold { act: Act { at, by: actor.clone() }, reason: e.reason.clone() };
                self.with_session(e.session, |s| s.hold(hold));
            }
            Event::DayAnswered(e) => {
                let by_patient = matches!(actor, Actor::Patient);
                self.with_session(e.session, |s| {
                    s.take_day_answers(at, &e.answers);
                    if by_patient {
                        s.last_patient_at = Some(at);
                    }
                });
            }
            Event::CompanionArrived(e) => {
                self.with_session(e.session, |s| s.companion_arrived_at = Some(at));
            }
            Event::CompanionSeen(e) => self.with_session(e.session, |s| {
                s.companion_seen = Some(CompanionPresence {
                    companion: e.companion,
                    at,
                    sober: e.sober,
                    phone_verified: e.phone_verified,
                    how: e.how,
                });
            }),
            Event::ReadinessChecked(e) => self.with_session(e.session, |s| s.take_readiness(at, &e.found)),
            Event::GoDecided(e) => {
                let warnings = e.findings.iter().map(|finding| finding.rule.clone()).collect();
                let act = Act { at, by: actor.clone() };
                let decision = GoDecision { act, warnings, findings: e.findings.clone() };
                self.with_session(e.session, |s| s.decide_go(e.go, decision));
            }
            Event::DoseTaken(e) => {
                self.with_session(e.session, |s| s.take_dose(e.clone()));
                for order in self.orders.iter_mut().filter(|order| Some(order.written.order) == e.order) {
                    order.state = OrderState::Used(e.session);
                }
                self.doses.push(entry!(e));
            }
            Event::FurtherDoseTaken(e) => self.with_session(e.session, |s| s.further.push(e.clone())),
            Event::DoseAmountRecorded(e) => self.give_amount(e.session, e.given_mg),
            Event::InfusionRecorded(e) => {
                self.with_session(e.session, |s| s.record_infusion(e.clone()));
                if let Some(given_mg) = e.given_mg.filter(|_| e.step == InfusionStep::Ended) {
                    self.give_amount(e.session, given_mg);
                }
            }
            Event::SessionMissed(e) => {
                let act = Act { at, by: actor.clone() };
                let miss = Miss { act, starts_at: e.starts_at, words: e.words.clone() };
                self.with_session(e.session, |s| s.miss(miss));
            }
            Event::SessionMoved(e) => {
                let act = Act { at, by: actor.clone() };
                self.with_session(e.session, |s| s.move_to(act, e.to, &e.words));
            }
            Event::SedationRated(e) => self.sedation.push(entry!(e)),
            Event::CheckInRecorded(e) => {
                let by_patient = matches!(actor, Actor::Patient);
                self.with_session(e.session, |s| {
                    if by_patient {
                        s.last_patient_at = s.last_patient_at.max(Some(at));
                    }
                });
                self.check_ins.push(entry!(e));
            }
            Event::SymptomMarked(e) => self.symptoms.push(entry!(e)),
            Event::DistressRated(e) => self.distress.push(entry!(e)),
            Event::MomentMarked(_) => {}
            Event::HelpRequested(e) => self.help.push(entry!(e)),
            Event::CheckMissed(e) => {
                self.with_session(e.session, |s| s.missed.push((e.check, e.due_at)));
                self.missed.push(entry!(e));
            }
            Event::SessionStopped(e) => {
                let stop = Stop { act: Act { at, by: actor.clone() }, reason: e.reason.clone() };
                self.with_session(e.session, |s| s.stop(stop));
            }
            Event::ReleaseChecked(e) => self.with_session(e.session, |s| s.take_release_checks(at, e)),
            Event::PatientReleased(e) => {
                let release = Release { act: Act { at, by: actor.clone() }, leaving: Leaving::With(e.with.clone()) };
                self.with_session(e.session, |s| s.release(release));
            }
            Event::PatientLeft(e) => {
                let leaving = Leaving::AgainstAdvice(e.words.clone());
                let release = Release { act: Act { at, by: actor.clone() }, leaving };
                self.with_session(e.session, |s| s.release(release));
            }
            Event::SessionReviewed(e) => {
                let act = Act { at, by: actor.clone() };
                self.with_session(e.session, |s| s.review(act));
            }
            Event::ContactLost(e) => self.with_session(e.session, |s| s.contact_lost_since = Some(e.since)),
            Event::ContactBack(e) => self.with_session(e.session, |s| s.contact_lost_since = None),
            Event::ClockJumped(_) => {}
            Event::AlertRaised(e) => {
                let alert = Alert::raised(e, self.course_number(), at, |rung| self.on_rung(rung));
                self.alerts.push(alert);
            }
            Event::AlertOwned(e) => {
                let act = Act { at, by: actor.clone() };
                self.with_alert(e.alert, |alert| alert.own(act));
            }
            Event::AlertEscalated(e) => {
                let person = self.on_rung(e.to);
                self.with_alert(e.alert, |alert| alert.escalate(e.to, at, person));
            }
            Event::AlertRenewed(e) => {
                let rung = self.alert(e.alert).map_or(e.to, |alert| alert.level.max(e.to));
                let person = self.on_rung(rung);
                self.with_alert(e.alert, |alert| alert.renew(e, at, person));
            }
            Event::AlertLapsed(e) => {
                let person = self.alert(e.alert).and_then(|alert| self.on_rung(alert.level));
                self.with_alert(e.alert, |alert| alert.lapse(at, person));
            }
            Event::AlertNoted(e) => {
                let act = Act { at, by: actor.clone() };
                self.with_alert(e.alert, |alert| {
                    alert.note(act, &e.words);
                    alert.entry(at);
                });
            }
            Event::AlertResolved(e) => {
                let resolved = Act { at, by: actor.clone() };
                self.with_alert(e.alert, |alert| alert.resolve(resolved, &e.words, &e.closing));
            }
            Event::AdverseEventRecorded(e) => self.adverse_events.push(entry!(e)),
            Event::AdverseEventReviewed(e) => self.adverse_reviews.push(entry!(e)),
            Event::JournalWritten(e) => {
                self.journal.push(JournalEntry { id, at, words: e.words.clone(), shared: e.shared })
            }
            Event::JournalSharingSet(e) => {
                if let Some(entry) = self.journal.iter_mut().find(|entry| entry.id == e.entry) {
                    entry.shared = e.shared;
                }
            }
            Event::ContactMade(e) => self.contacts.push(entry!(e)),
            Event::CourseReviewed(e) => self.reviews.push(entry!(e)),
            Event::ItemCleared(e) => {
                let act = Act { at, by: actor.clone() };
                self.cleared.insert(e.item.clone(), Clearing { act, reason: e.reason.clone() });
            }
            Event::EntryCorrected(e) => {
                self.struck.insert(
                    e.corrects,
                    Strike { by: id, actor: actor.clone(), why: e.why.clone(), replaced_by: e.replaced_by },
                );
            }
        }
    }

    /// The referral of a new or an ended chart begins a course. What was named for the course before, its companion,
    /// ends with it; what is known of the person stays.
    fn begin_course(&mut self, seq: u64, at: Timestamp, referral: &PatientReferred) {
        if let Some(going_on) = self.courses.last_mut().filter(|course| course.end.is_none()) {
            going_on.referral_reason.clone_from(&referral.reason);
            going_on.referral_source.clone_from(&referral.source);
            return;
        }
        if let Some(ended) = self.courses.last_mut() {
            ended.before_seq = seq;
            self.companion = None;
            self.companions_before.clear();
        }
        let number = self.course_number().saturating_add(1);
        self.courses.push(Course::begun(number, seq, at, &referral.reason, &referral.source));
    }

    /// Changes the course in force. A chart without a referral has none, and nothing changes.
    fn with_course(&mut self, change: impl FnOnce(&mut Course)) {
        if let Some(course) = self.courses.last_mut() {
            change(course);
        }
    }

    /// Writes what was really given into the dose of a session, wherever the chart holds it.
    fn give_amount(&mut self, session: SessionId, given_mg: f64) {
        self.with_session(session, |s| s.give_amount(given_mg));
        self.doses
            .change(|dose| dose.value.session == session, |dose| super::session::amend(&mut dose.value, given_mg));
    }

    fn with_alert(&mut self, id: AlertId, change: impl FnOnce(&mut Alert)) {
        if let Some(alert) = self.alerts.iter_mut().find(|alert| alert.id == id) {
            change(alert);
        }
    }

    fn with_session(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        if let Some(session) = self.sessions.iter_mut().find(|session| session.id == id) {
            change(session);
        }
    }
}

fn medicine_fact(medicine: &Medicine) -> MedicineFact {
    MedicineFact {
        name: medicine.name.clone(),
        classes: medicine.classes.clone(),
        started_at: medicine.started_at,
        stopped_at: medicine.stopped_at,
        diazepam_equivalent_mg_per_day: medicine.diazepam_equivalent_mg_per_day,
        last_taken_at: medicine.last_taken_at,
        dose: medicine.dose.clone(),
        route: medicine.route.clone(),
        frequency: medicine.frequency.clone(),
        code: medicine.code.clone(),
        from: medicine.from.clone(),
    }
}
