//! From a chart to the facts that the rules judge.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Chart, Entry, Session};
use crate::event::{CourseReviewed, MeasureCompleted, OrderWritten, ReviewDecision};
use crate::facts::{
    Answered, ChildPughFact, CompanionFact, ConsentFact, CourseFact, DayFacts, DoseFact, Facts, LabFact, LicenceFact,
    MeasureFact, MisuseFact, OrderFact, PlanFact, SessionFacts, Setting, SuicideRisk, SymptomFact, WeightFact,
};
use crate::gate::Gate;
use crate::ids::StaffId;
use crate::protocol::{ClockOrigin, Protocol, Protocols};
use crate::quantity::Vitals;
use crate::telemedicine::Telemedicine;

/// Which instruments are suicide screens.
pub const SUICIDE_SCREENS: [&str; 3] = ["asq", "c-ssrs-recent", "c-ssrs-last-contact"];

/// What the facts are gathered for, where the chart alone does not say it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'s> {
    /// Setting that is being considered before a plan exists.
    pub setting: Option<Setting>,
    /// An order being written.
    pub order: Option<&'s OrderFact>,
    /// Who would write the order.
    pub prescriber: Option<StaffId>,
    /// The session judged.
    pub session: Option<&'s Session>,
}

fn order_fact(order: &OrderWritten) -> OrderFact {
    OrderFact {
        route: order.route,
        setting: order.setting,
        dose_mg: order.dose_mg,
        dose_mg_per_kg: order.dose_mg_per_kg,
        infusion_minutes: order.infusion_minutes,
    }
}

impl Chart {
    /// The protocol of the plan in force.
    #[must_use]
    pub fn protocol<'p>(&self, protocols: &'p Protocols) -> Option<&'p Protocol> {
        let plan = self.plan()?;
        protocols.get(&plan.protocol, &plan.protocol_version)
    }

    /// The protocol by which a session is watched: that of the plan under which it is held.
    #[must_use]
    pub fn protocol_of<'p>(&self, session: &Session, protocols: &'p Protocols) -> Option<&'p Protocol> {
        let plan = self.plan_of(session)?;
        protocols.get(&plan.protocol, &plan.protocol_version)
    }

    /// Everything that is known at `now`.
    #[must_use]
    pub fn facts(&self, now: Timestamp, protocols: &Protocols, scope: Scope<'_>) -> Facts {
        let protocol = match scope.session {
            Some(session) => self.protocol_of(session, protocols),
            None => self.protocol(protocols),
        };
        let setting = scope
            .session
            .map(|session| session.setting)
            .or(scope.setting)
            .or(scope.order.map(|order| order.setting))
            .or(self.plan().map(|plan| plan.setting))
            .or(self.eligibility().map(|e| e.setting))
            .unwrap_or(Setting::Clinic);
        let order = scope.order.cloned().or_else(|| self.order_in_force().map(|order| order_fact(&order.written)));
        Facts {
            now,
            gate: Gate::Dose,
            day_began_at: self.zoned(now).start_of_day().map_or(now, |start| start.timestamp()),
            setting,
            route: order.as_ref().map(|order| order.route).or(self.plan().map(|plan| plan.route)),
            tightened: protocol.map(|p| p.tighten.clone()).unwrap_or_default(),
            age_years: self.age_years(now),
            sex: self.demographics.as_ref().map(|d| d.sex),
            history: self.history.clone(),
            concerns: self.concerns.clone(),
            // An imported list is no answer: until somebody has gone through it with the patient, the rules ask for that,
            // and judge what stands in it as well.
            medicines: self.medicines.clone(),
            imported_medicines: self.imported_medicines.clone(),
            medicines_reviewed_at: self.medicines_reviewed_at,
            measures: self.newest_measures(),
            screening_bp: self
                .standing(&self.vitals)
                .filter(|v| v.value.session.is_none())
                .filter_map(|v| v.value.vitals.blood_pressure.map(|bp| (v.value.vitals.taken_at, bp)))
                .collect(),
            weight_kg: self
                .standing(&self.weights)
                .map(|w| (w.value.taken_at, w.value.weight_kg))
                .max_by_key(|(at, _)| *at),
            weights: self.weight_facts(),
            height_cm: self
                .standing(&self.heights)
                .map(|h| (h.value.taken_at, h.value.height_cm))
                .max_by_key(|(at, _)| *at),
            labs: self
                .standing(&self.labs)
                .map(|l| LabFact {
                    kind: l.value.kind,
                    result: l.value.result,
                    at: l.value.taken_at,
                    figures: l.value.figures.clone(),
                })
                .collect(),
            decision: self.decision_fact(),
            serious_events: Some(self.serious_events_open()),
            open_alerts: Some(self.open_alert_facts()),
            zone: self.zoned(now).time_zone().clone(),
            plan: self.plan().map(|plan| PlanFact {
                route: plan.route,
                setting: plan.setting,
                opened_at: plan.opened_at,
                interval_hours: protocol.map(|p| p.session_interval_hours as f64),
            }),
            region: self.region.clone(),
            licences: self.licence_facts(),
            prescriber: scope.prescriber.or_else(|| self.order_in_force().and_then(|order| order.by.staff())),
            examined_in_person_at: self.standing(&self.examinations).map(|e| e.value.examined_at).max(),
            telemedicine: Telemedicine::built_in().rules.clone(),
            supply: self.supply(now),
            rems: self.rems_records(scope.session),
            child_pugh: self
                .standing(&self.child_pugh)
                .map(|c| ChildPughFact { class: c.value.class, at: c.value.rated_at })
                .max_by_key(|c| c.at),
            bpic_before: self.baseline_measure("bpic-ss").and_then(|m| m.value.scores.get("total").copied().flatten()),
            course: self.course_fact(),
            misuse: self
                .standing(&self.misuse_checks)
                .map(|m| MisuseFact {
                    at: m.occurred_at,
                    other_source: m.value.other_source,
                    craving: m.value.craving,
                    lost_or_shared: m.value.lost_or_shared,
                    early_requests: m.value.early_requests,
                })
                .collect(),
            order_written_at: match scope.order {
                Some(_) => Some(now),
                None => self.order_in_force().map(|order| order.written_at),
            },
            consent: self.consents_now().next_back().map(|c| ConsentFact {
                version: c.version.clone(),
                current_version: protocol.map_or_else(|| c.version.clone(), |p| p.consent.clone()),
                signed_at: c.signed_at,
                withdrawn_at: c.withdrawn_at,
                home_notice: c.home_notice,
            }),
            suicide: self.suicide_screen(now),
            doses: self.dose_facts(),
            order,
            day: scope.session.map(|s| self.day_facts(s)).unwrap_or_default(),
            session: scope.session.and_then(|s| self.session_facts(s, protocol)),
        }
    }

    fn newest_measures(&self) -> BTreeMap<String, MeasureFact> {
        let mut newest: BTreeMap<String, (&Entry<MeasureCompleted>, MeasureFact)> = BTreeMap::new();
        for m in self.standing(&self.measures) {
            let later = newest
                .get(&m.value.instrument)
                .is_none_or(|(known, _)| (known.occurred_at, known.seq) <= (m.occurred_at, m.seq));
            if later {
                let fact = MeasureFact {
                    at: m.occurred_at,
                    scores: m.value.scores.clone(),
                    cutoffs: m.value.cutoffs.clone(),
                    safety: m.value.safety.clone(),
                };
                newest.insert(m.value.instrument.clone(), (m, fact));
            }
        }
        newest.into_iter().map(|(id, (_, fact))| (id, fact)).collect()
    }

    fn course_fact(&self) -> Option<CourseFact> {
        self.course()?;
        let mut doses: Vec<Timestamp> = self.doses_now().map(|dose| dose.value.taken_at).collect();
        doses.sort_unstable();
        let total = |m: &Entry<MeasureCompleted>| m.value.scores.get("total").copied().flatten();
        // The week's form is the one that follows a course; the month's stands in where only it was asked before.
        let before = |id: &'static str| self.baseline_measure(id).and_then(total).map(|score| (id, score));
        let known = before("pcl-5-week").or_else(|| before("pcl-5-month"));
        let first = doses.first().copied();
        let since = |id: &str| {
            let after = |m: &&Entry<MeasureCompleted>| first.is_some_and(|first| m.occurred_at > first);
            let newest = self.measures_of(id).into_iter().rfind(after)?;
            Some((newest.occurred_at, total(newest)?))
        };
        let go_on = |r: &&Entry<CourseReviewed>| r.value.decision != ReviewDecision::Stop;
        Some(CourseFact {
            doses,
            pcl5_before: known.map(|(_, score)| score),
            pcl5_since: known.and_then(|(id, _)| since(id)),
            reviewed_at: self.standing_now(&self.reviews).filter(go_on).map(|r| r.occurred_at).max(),
        })
    }

    fn licence_facts(&self) -> Vec<LicenceFact> {
        self.standing(&self.licences)
            .map(|l| LicenceFact {
                prescriber: l.value.prescriber,
                region: l.value.region.clone(),
                until: l.value.until,
            })
            .collect()
    }

    fn weight_facts(&self) -> Vec<WeightFact> {
        let confirmed = |id| self.weight_confirmations.iter().any(|c| c.value.weight == id);
        let mut weights: Vec<_> = self
            .standing(&self.weights)
            .map(|w| WeightFact {
                at: w.value.taken_at,
                kg: w.value.weight_kg,
                confirmed: confirmed(w.id),
                by: w.actor.staff(),
            })
            .collect();
        weights.sort_by_key(|w| w.at);
        weights
    }

    fn dose_facts(&self) -> Vec<DoseFact> {
        let mut doses: Vec<_> = self
            .standing(&self.doses)
            .map(|d| {
                let session = self.session(d.value.session);
                DoseFact {
                    route: d.value.route,
                    setting: session.map_or(Setting::Clinic, |s| s.setting),
                    dose_mg: d.value.dose_mg,
                    dose_mg_per_kg: d.value.dose_mg_per_kg,
                    // The next dose keeps its distance from the last of a session, a booster too.
                    at: session.and_then(Session::last_dose_at).unwrap_or(d.value.taken_at),
                    reviewed: session.is_some_and(|s| s.is_reviewed()),
                    stopped: session.is_some_and(|s| s.stopped().is_some()),
                }
            })
            .collect();
        let elsewhere = self.standing(&self.merged).flat_map(|merged| &merged.value.doses);
        doses.extend(elsewhere.map(|dose| DoseFact {
            route: dose.route,
            setting: dose.setting,
            dose_mg: dose.dose_mg,
            dose_mg_per_kg: dose.dose_mg_per_kg,
            at: dose.taken_at,
            reviewed: dose.reviewed,
            stopped: dose.stopped,
        }));
        doses.sort_by_key(|d| d.at);
        doses
    }

    /// Readings that belong to a session, oldest first.
    #[must_use]
    pub fn readings_of(&self, session: &Session) -> Vec<Vitals> {
        let mut readings: Vec<_> = self
            .standing(&self.vitals)
            .filter(|v| v.value.session == Some(session.id))
            .map(|v| v.value.vitals.clone())
            .collect();
        readings.sort_by_key(|v| v.taken_at);
        readings
    }

    fn day_facts(&self, session: &Session) -> DayFacts {
        let day = &session.day;
        let before_dose = |v: &Vitals| session.dose_at().is_none_or(|dose| v.taken_at <= dose);
        let companion = self.companion.as_ref().map(|c| {
            let seen = session.companion_seen.filter(|seen| seen.companion == c.id);
            CompanionFact {
                adult: Some(if c.adult { Answered::Yes } else { Answered::No }),
                briefed: c.briefed_at.is_some() && c.confirmed_at.is_some(),
                sober: seen.map(|s| s.sober),
                phone_verified: seen.map(|s| s.phone_verified),
                present_confirmed_at: seen.map(|s| s.at),
                seen_how: seen.and_then(|s| s.how),
            }
        });
        DayFacts {
            alcohol_or_cannabis: day.alcohol_or_cannabis,
            benzodiazepine_today: day.benzodiazepine_today,
            stimulant: day.stimulant,
            grapefruit: day.grapefruit,
            opioid: day.opioid,
            maoi: day.maoi,
            medicines_unchanged: day.medicines_unchanged,
            could_be_pregnant: day.could_be_pregnant,
            answered_at: session
                .day_answered_at
                .iter()
                .chain(&session.readiness_times)
                .map(|(q, at)| (*q, *at))
                .collect(),
            readings: self.readings_of(session).into_iter().filter(before_dose).collect(),
            oximeter_issued: day.oximeter_at_hand.unwrap_or(session.setting == Setting::Clinic),
            fasted: day.fasted,
            escort_named: day.escort_named,
            room_safe: day.room_safe,
            stairs_near: day.stairs_near,
            water_near: day.water_near,
            heat_near: day.heat_near,
            sole_care: day.sole_care,
            weapon_near: day.weapon_near,
            other_means_near: day.other_means_near,
            place_today: day.place_today.clone(),
            ambulance: day.ambulance,
            companion_danger: day.companion_danger,
            tomorrow_planned: day.tomorrow_planned,
            no_driving_agreed: day.no_driving_agreed,
            readiness: session.readiness,
            companion,
        }
    }

    fn session_facts(&self, session: &Session, protocol: Option<&Protocol>) -> Option<SessionFacts> {
        let dose = session.dose()?;
        let readings = self.readings_of(session);
        let before = readings.iter().rev().filter(|v| v.taken_at <= dose.taken_at);
        let mut sedation: Vec<_> = self
            .standing(&self.sedation)
            .filter(|s| s.value.session == session.id)
            .map(|s| (s.value.rated_at, s.value.moaas))
            .collect();
        sedation.sort_by_key(|(at, _)| *at);
        let mut distress: Vec<_> = self
            .standing(&self.distress)
            .filter(|d| d.value.session == session.id)
            .map(|d| (d.value.rated_at, d.value.rating))
            .collect();
        distress.sort_by_key(|(at, _)| *at);
        Some(SessionFacts {
            dose_at: dose.taken_at,
            route: dose.route,
            infusion_end_at: session.infusion_end_at(),
            baseline_bp: before.clone().find_map(|v| v.blood_pressure),
            baseline_spo2_percent: before.clone().find_map(|v| v.spo2_percent),
            readings: readings.iter().filter(|v| v.taken_at > dose.taken_at).cloned().collect(),
            sedation,
            symptoms: self
                .standing(&self.symptoms)
                .filter(|s| s.value.session == session.id)
                .map(|s| SymptomFact { symptom: s.value.symptom, at: s.value.seen_at })
                .collect(),
            distress,
            release_from: session
                .clock_at(protocol.map_or(ClockOrigin::LastDevice, |p| p.monitoring.release_clock))
                .unwrap_or(dose.taken_at),
            release: session.release_checks.clone(),
            release_times: session.release_times.clone(),
            companion_sign_off_at: session.companion_sign_off_at,
            earliest_release_minutes: protocol.map_or(120, |p| p.monitoring.earliest_release_minutes),
            contact_lost_since: session.contact_lost_since,
            checks: protocol.map(|p| super::checks::check_facts(self, session, p)).unwrap_or_default(),
            open_alerts: self.alerts.iter().filter(|a| a.open() && a.session == Some(session.id)).count(),
        })
    }
}

/// The risk that a screen shows, by its own triage rules. A rule that could not be worked out is *unanswered*, never none.
#[must_use]
pub fn suicide_risk(measure: &MeasureCompleted) -> SuicideRisk {
    let rule = |id: &str| measure.rules.get(id).copied().flatten();
    if measure.instrument == "asq" {
        let declined_acuity = measure.safety.get("acuity_declined").copied().flatten() == Some(true);
        return match (rule("acute"), rule("positive"), rule("non_acute")) {
            (Some(true), _, _) => SuicideRisk::High,
            _ if declined_acuity => SuicideRisk::High,
            (_, Some(true), Some(true)) => SuicideRisk::Moderate,
            (_, Some(false), _) => SuicideRisk::None,
            (_, Some(true), _) | (_, None, _) => SuicideRisk::Unanswered,
        };
    }
    match (rule("high"), rule("moderate"), rule("low"), rule("negative")) {
        (Some(true), _, _, _) => SuicideRisk::High,
        (Some(false), Some(true), _, _) => SuicideRisk::Moderate,
        (Some(false), Some(false), Some(true), _) => SuicideRisk::Low,
        (_, _, _, Some(true)) => SuicideRisk::None,
        _ => SuicideRisk::Unanswered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, ImportedFact, Medicine, RecordImported, Recorded};
    use crate::facts::{HistoryTopic, MedicineClass};
    use crate::ids::{EventId, PatientId};
    use crate::roles::Actor;
    use uuid::Uuid;

    fn imported() -> Chart {
        let medicine = Medicine {
            name: "Example opioid".to_owned(),
            classes: vec![MedicineClass::Opioid],
            from: "import".to_owned(),
            ..Medicine::default()
        };
        let fact = ImportedFact {
            kind: "Condition".to_owned(),
            text: "Stroke".to_owned(),
            code: "230690007".to_owned(),
            at: None,
            status: "active".to_owned(),
            value: String::new(),
            origin: "bundle.json, line 1".to_owned(),
            candidate_for: Some(HistoryTopic::Stroke),
            concern: None,
        };
        let record = RecordImported {
            source: "bundle.json".to_owned(),
            facts: vec![fact],
            medicines: vec![medicine],
            measurements: Vec::new(),
            not_understood: Vec::new(),
        };
        let recorded = Recorded {
            seq: 1,
            id: EventId(Uuid::from_u128(1)),
            occurred_at: Timestamp::UNIX_EPOCH,
            recorded_at: Timestamp::UNIX_EPOCH,
            actor: Actor::Stillwater,
            event: Event::RecordImported(record),
        };
        Chart::fold(PatientId(Uuid::nil()), [&recorded])
    }

    #[test]
    fn an_imported_list_of_medicines_is_not_taken_for_one_gone_through() {
        let chart = imported();
        assert_eq!(chart.imported_medicines.len(), 1);
        assert_eq!(chart.facts(Timestamp::UNIX_EPOCH, Protocols::built_in(), Scope::default()).medicines, None);
    }

    #[test]
    fn an_imported_condition_is_a_candidate_that_counts_until_somebody_has_looked() {
        let facts = imported().facts(Timestamp::UNIX_EPOCH, Protocols::built_in(), Scope::default());
        let stroke = facts.history.get(&HistoryTopic::Stroke);
        assert!(stroke.is_some_and(|fact| fact.candidate && fact.answer == Answered::Yes));
    }
}
