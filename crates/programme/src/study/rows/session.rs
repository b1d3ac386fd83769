//! Doses, readings, and what went wrong.

use stillwater_care::event::Relation;
use stillwater_care::facts::{Route, Symptom};
use stillwater_care::ids::SessionId;
use stillwater_care::quantity::{ReadingSource, Vitals};

use super::Gather;
use crate::study::table::{Cell, Row, Table};

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
            let session = chart.session(dose.is.session);
            let product = chart.order(dose.is.order).map_or("", |order| order.is.product.as_str());
            let known = self.study.protocols.iter().any(|protocol| protocol.product == product);
            let [referral, first] = self.days(dose.is.taken_at);
            let row = vec![
                self.id(),
                self.session_number(Some(dose.is.session)),
                referral,
                first,
                session.map_or(Cell::Absent, |session| self.unless_hidden(session.setting.word())),
                self.unless_hidden(route(dose.is.route)),
                match (self.hidden, known) {
                    (true, _) => self.unless_hidden("other"),
                    (false, true) => Cell::Text(product.to_owned()),
                    (false, false) => Cell::Code("other"),
                },
                self.number_unless_hidden(Some(dose.is.dose_mg)),
                self.number_unless_hidden(dose.is.dose_mg_per_kg),
                self.number_unless_hidden(dose.is.infusion_minutes),
                Cell::Truth(session.is_some_and(|session| session.stopped.is_some())),
            ];
            self.push(Table::Doses, dose.is.taken_at, dose.seq, row);
        }
    }

    pub(super) fn readings(&mut self) {
        let chart = self.chart;
        for entry in chart.standing(&chart.vitals) {
            let vitals = &entry.is.vitals;
            let row = self.reading(entry.is.session, vitals, None, None);
            self.push(Table::Readings, vitals.taken_at, entry.seq, row);
        }
        for rated in chart.standing(&chart.sedation) {
            let none = Vitals::at(rated.is.rated_at, ReadingSource::Manual);
            let row = self.reading(Some(rated.is.session), &none, Some(rated.is.moaas), None);
            self.push(Table::Readings, rated.is.rated_at, rated.seq, row);
        }
        for rated in chart.standing(&chart.distress) {
            let none = Vitals::at(rated.is.rated_at, ReadingSource::PatientEntered);
            let row = self.reading(Some(rated.is.session), &none, None, Some(rated.is.rating));
            self.push(Table::Readings, rated.is.rated_at, rated.seq, row);
        }
    }

    fn reading(&self, session: Option<SessionId>, vitals: &Vitals, moaas: Option<i32>, distress: Option<i32>) -> Row {
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
            let severity = if event.is.serious { "serious" } else { "not-serious" };
            let outcome = if event.is.outcome.trim().is_empty() { "not-recorded" } else { "told" };
            let [referral, first] = self.days(event.occurred_at);
            let row = vec![
                self.id(),
                self.session_number(event.is.session),
                self.minutes(event.is.session, event.occurred_at),
                referral,
                first,
                Cell::Code("adverse-event"),
                Cell::Code("not-coded"),
                Cell::Code(severity),
                Cell::Code(relation(event.is.relation)),
                Cell::Code(outcome),
            ];
            self.push(Table::AdverseEvents, event.occurred_at, event.seq, row);
        }
        for marked in chart.standing(&chart.symptoms) {
            let [referral, first] = self.days(marked.is.seen_at);
            let row = vec![
                self.id(),
                self.session_number(Some(marked.is.session)),
                self.minutes(Some(marked.is.session), marked.is.seen_at),
                referral,
                first,
                Cell::Code("symptom"),
                Cell::Code(symptom(marked.is.symptom)),
                Cell::Code("not-graded"),
                Cell::Code("not-judged"),
                Cell::Code("not-recorded"),
            ];
            self.push(Table::AdverseEvents, marked.is.seen_at, marked.seq, row);
        }
    }
}
