//! Doses, readings, and what went wrong.

use stillwater_care::code::Code as _;
use stillwater_care::event::Relation;
use stillwater_care::facts::{Route, Symptom};
use stillwater_care::ids::SessionId;
use stillwater_care::quantity::{ReadingSource, Vitals};

use super::Gather;
use crate::study::table::{Cell, StudyRow, Table};

fn route(route: Route) -> &'static str {
    match route {
        Route::Intravenous => "intravenous",
        Route::Intramuscular => "intramuscular",
        Route::Sublingual => "sublingual",
        Route::Oral => "oral",
        Route::NasalEsketamine => "nasal-esketamine",
    }
}

fn source(source: ReadingSource) -> &'static str {
    match source {
        ReadingSource::Device => "device",
        ReadingSource::Manual => "manual",
        ReadingSource::PatientEntered => "patient-entered",
        ReadingSource::CompanionEntered => "companion-entered",
        ReadingSource::Imported => "imported",
    }
}

fn symptom(symptom: Symptom) -> &'static str {
    match symptom {
        Symptom::Nausea => "nausea",
        Symptom::Dizziness => "dizziness",
        Symptom::Vomiting => "vomiting",
        Symptom::Dissociation => "dissociation",
        Symptom::Panic => "panic",
        Symptom::Breathlessness => "breathlessness",
        Symptom::ChestPain => "chest-pain",
        Symptom::SevereHeadache => "severe-headache",
        Symptom::NeurologicalChange => "neurological-change",
        Symptom::DangerToSelfOrOthers => "danger-to-self-or-others",
        Symptom::Unresponsive => "unresponsive",
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Unrelated => "unrelated",
        Relation::Possible => "possible",
        Relation::Probable => "probable",
        Relation::Definite => "definite",
        Relation::NotJudged => "not-judged",
    }
}

impl Gather<'_> {
    pub(super) fn doses(&mut self) {
        let chart = self.chart;
        for dose in chart.standing(&chart.doses) {
            let session = chart.session(dose.value.session);
            let product = dose
                .value
                .order
                .and_then(|order| chart.order(order))
                .map_or("", |order| order.written.product.as_str());
            let known = self.study.protocols.iter().any(|protocol| protocol.product == product);
            let [referral, first] = self.days(dose.value.taken_at);
            let row = vec![
                self.id(),
                self.session_number(Some(dose.value.session)),
                referral,
                first,
                session.map_or(Cell::Absent, |session| self.unless_hidden(session.setting.code())),
                self.unless_hidden(route(dose.value.route)),
                match (self.hidden, known) {
                    (true, _) => self.unless_hidden("other"),
                    (false, true) => Cell::Text(product.to_owned()),
                    (false, false) => Cell::Code("other"),
                },
                self.number_unless_hidden(Some(dose.value.dose_mg)),
                self.number_unless_hidden(dose.value.dose_mg_per_kg),
                self.number_unless_hidden(dose.value.infusion_minutes),
                Cell::Truth(session.is_some_and(|session| session.stopped().is_some())),
            ];
            self.push(Table::Doses, dose.value.taken_at, dose.seq, row);
        }
    }

    pub(super) fn readings(&mut self) {
        let chart = self.chart;
        for entry in chart.standing(&chart.vitals) {
            let vitals = &entry.value.vitals;
            let row = self.reading(entry.value.session, vitals, None, None);
            self.push(Table::Readings, vitals.taken_at, entry.seq, row);
        }
        for rated in chart.standing(&chart.sedation) {
            let none = Vitals::at(rated.value.rated_at, ReadingSource::Manual);
            let row = self.reading(Some(rated.value.session), &none, Some(rated.value.moaas), None);
            self.push(Table::Readings, rated.value.rated_at, rated.seq, row);
        }
        for rated in chart.standing(&chart.distress) {
            let none = Vitals::at(rated.value.rated_at, ReadingSource::PatientEntered);
            let row = self.reading(Some(rated.value.session), &none, None, Some(rated.value.rating));
            self.push(Table::Readings, rated.value.rated_at, rated.seq, row);
        }
    }

    fn reading(
        &self,
        session: Option<SessionId>,
        vitals: &Vitals,
        moaas: Option<i32>,
        distress: Option<i32>,
    ) -> StudyRow {
        let [referral, first] = self.days(vitals.taken_at);
        vec![
            self.id(),
            self.session_number(session),
            self.minutes(session, vitals.taken_at),
            referral,
            first,
            Cell::whole(vitals.blood_pressure.map(|bp| bp.systolic)),
            Cell::whole(vitals.blood_pressure.map(|bp| bp.diastolic)),
            Cell::whole(vitals.heart_rate_per_min),
            Cell::whole(vitals.spo2_percent),
            Cell::whole(vitals.respiratory_rate_per_min),
            Cell::whole(moaas),
            Cell::whole(distress),
            if vitals.is_empty() { Cell::Absent } else { self.unless_hidden(source(vitals.source)) },
        ]
    }

    pub(super) fn adverse_events(&mut self) {
        let chart = self.chart;
        for event in chart.standing(&chart.adverse_events) {
            let severity = if event.value.serious { "serious" } else { "not-serious" };
            let outcome = if event.value.outcome.trim().is_empty() { "not-recorded" } else { "told" };
            let [referral, first] = self.days(event.occurred_at);
            let row = vec![
                self.id(),
                self.session_number(event.value.session),
                self.minutes(event.value.session, event.occurred_at),
                referral,
                first,
                Cell::Code("adverse-event"),
                Cell::Code("not-coded"),
                Cell::Code(severity),
                Cell::Code(relation(event.value.relation)),
                Cell::Code(outcome),
            ];
            self.push(Table::AdverseEvents, event.occurred_at, event.seq, row);
        }
        for marked in chart.standing(&chart.symptoms) {
            let [referral, first] = self.days(marked.value.seen_at);
            let row = vec![
                self.id(),
                self.session_number(Some(marked.value.session)),
                self.minutes(Some(marked.value.session), marked.value.seen_at),
                referral,
                first,
                Cell::Code("symptom"),
                Cell::Code(symptom(marked.value.symptom)),
                Cell::Code("not-graded"),
                Cell::Code("not-judged"),
                Cell::Code("not-recorded"),
            ];
            self.push(Table::AdverseEvents, marked.value.seen_at, marked.seq, row);
        }
    }
}
