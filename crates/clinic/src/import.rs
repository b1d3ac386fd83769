//! People taken over from records made elsewhere: the one way in, for the page and for the command line.
//!
//! A later record of somebody who is here already, by name and date of birth, brings what it holds beyond the earlier ones
//! into their chart. Whoever is recorded as deceased, and a record that was merged away or is not active, is left out. A
//! person is taken over whole, referral and record in one append, or not at all.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use stillwater_care::command::{Command, Refusal};
use stillwater_care::event::{ImportedFact, ImportedMeasurement, Medicine, PatientReferred, RecordImported};
use stillwater_care::ids::PatientId;
use stillwater_care::name::folded_words;
use stillwater_care::roles::Actor;
use stillwater_fhir::{PersonStanding, ReadPerson};
use uuid::Uuid;

use crate::charts::{BatchRequest, Charts, ExecuteError};
use crate::random::uuid_from;

/// What became of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenOver {
    /// They have a chart now.
    New(PatientId),
    /// They had one, and what their record brought beyond it stands there now, to be confirmed.
    Merged(PatientId),
}

impl TakenOver {
    /// Whose chart it is.
    #[must_use]
    pub fn patient(self) -> PatientId {
        match self {
            Self::New(patient) | Self::Merged(patient) => patient,
        }
    }
}

/// Why somebody was left out.
#[derive(Clone, Debug, PartialEq)]
pub enum LeftOut {
    /// Somebody of this name and date of birth has a chart here, which holds all of this record.
    AlreadyHere(PatientId),
    /// Somebody of this name has a chart here, and only a part of the date of birth is known.
    MayBeHere(PatientId),
    /// The record says that they have died.
    Deceased,
    /// The record was merged into another one, which is named.
    ReplacedBy(String),
    /// The record is marked as not active.
    Inactive,
    /// The clinic's rules refused the referral or the record.
    Refused(Refusal),
}

/// One import of any number of people. While it is held no other one runs, so that two files with the same person in them
/// bring one.
#[derive(Debug)]
pub struct Import<'c> {
    charts: &'c Charts,
    actor: Actor,
    id: Uuid,
    place: u64,
    known: HashMap<(String, Date), PatientId>,
    _alone: MutexGuard<'c, ()>,
}

impl<'c> Import<'c> {
    /// Begins an import, on a thread that may wait. Everybody's ids come from the import's own and their place in it, so that
    /// the same import done again brings nobody twice.
    #[must_use]
    pub fn begin(charts: &'c Charts, actor: Actor, id: Uuid) -> Self {
        let alone = charts.importing.lock().unwrap_or_else(PoisonError::into_inner);
        let known = charts
            .summaries()
            .iter()
            .filter_map(|summary| Some((key(&summary.name, summary.birth_date?), summary.patient)))
            .collect();
        Self { charts, actor, id, place: 0, known, _alone: alone }
    }

    /// Refers one person and takes their record over.
    ///
    /// # Errors
    /// As [`Charts::execute`], but for a refusal, which is an answer.
    pub fn take_over(
        &mut self,
        person: ReadPerson,
        now: Timestamp,
    ) -> Result<Result<TakenOver, LeftOut>, ExecuteError> {
        self.place += 1;
        let patient = PatientId(self.nth_id(0));
        let key = key(&person.demographics.name, person.demographics.birth_date);
        match person.standing.clone() {
            PersonStanding::InForce => {}
            PersonStanding::Deceased => return Ok(Err(LeftOut::Deceased)),
            PersonStanding::ReplacedBy(by) => return Ok(Err(LeftOut::ReplacedBy(by))),
            PersonStanding::Inactive => return Ok(Err(LeftOut::Inactive)),
        }
        match self.known.get(&key) {
            Some(there) if *there == patient => return Ok(Ok(TakenOver::New(patient))),
            Some(there) => return self.merge(*there, person.record, now),
            None => {}
        }
        if person.demographics.birth_known_to.is_some() {
            let (first, last) = person.demographics.born_between();
            let alike = self.known.iter().find(|((name, born), _)| *name == key.0 && first <= *born && *born <= last);
            if let Some((_, there)) = alike {
                return Ok(Err(LeftOut::MayBeHere(*there)));
            }
        }
        let referral = PatientReferred {
            demographics: person.demographics,
            reason: person.referral_reason,
            source: person.record.source.clone(),
        };
        let commands = vec![
            (self.nth_id(1), Command::ReferPatient(referral)),
            (self.nth_id(2), Command::ImportRecord(person.record)),
        ];
        let batch = BatchRequest { patient, actor: self.actor.clone(), seen: None, commands };
        match self.charts.execute_batch_blocking(batch, now) {
            Ok(_) => {
                self.known.insert(key, patient);
                Ok(Ok(TakenOver::New(patient)))
            }
            Err(ExecuteError::Refused(refusal)) => Ok(Err(LeftOut::Refused(refusal))),
            Err(error) => Err(error),
        }
    }

    /// Takes over what the record of somebody known brings beyond the records that came before it.
    fn merge(
        &mut self,
        there: PatientId,
        mut record: RecordImported,
        now: Timestamp,
    ) -> Result<Result<TakenOver, LeftOut>, ExecuteError> {
        if let Some(open) = self.charts.load_blocking(there)? {
            let before = || open.chart.imports.iter().map(|import| &import.value);
            record.facts.retain(|fact| !before().flat_map(|import| &import.facts).any(|known| same_fact(known, fact)));
            record.medicines.retain(|medicine| {
                !before().flat_map(|import| &import.medicines).any(|known| same_medicine(known, medicine))
            });
            record.measurements.retain(|measured| {
                !before().flat_map(|import| &import.measurements).any(|known| same_measurement(known, measured))
            });
        }
        if record.facts.is_empty() && record.medicines.is_empty() && record.measurements.is_empty() {
            return Ok(Err(LeftOut::AlreadyHere(there)));
        }
        let commands = vec![(self.nth_id(2), Command::ImportRecord(record))];
        let batch = BatchRequest { patient: there, actor: self.actor.clone(), seen: None, commands };
        match self.charts.execute_batch_blocking(batch, now) {
            Ok(_) => Ok(Ok(TakenOver::Merged(there))),
            Err(ExecuteError::Refused(refusal)) => Ok(Err(LeftOut::Refused(refusal))),
            Err(error) => Err(error),
        }
    }

    /// An id of the person at the present place: as old as the import, and otherwise a digest.
    fn nth_id(&self, part: u8) -> Uuid {
        let digest =
            Sha256::new().chain_update(self.id).chain_update(self.place.to_le_bytes()).chain_update([part]).finalize();
        let mut ten = [0; 10];
        for (to, from) in ten.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        let made_at_ms = i64::try_from(self.id.as_u128() >> 80).unwrap_or(0);
        uuid_from(made_at_ms, &ten)
    }
}

/// The same entry, wherever its file stood.
fn same_fact(known: &ImportedFact, fact: &ImportedFact) -> bool {
    ImportedFact { origin: String::new(), ..known.clone() } == ImportedFact { origin: String::new(), ..fact.clone() }
}

fn same_medicine(known: &Medicine, medicine: &Medicine) -> bool {
    Medicine { from: String::new(), ..known.clone() } == Medicine { from: String::new(), ..medicine.clone() }
}

fn same_measurement(known: &ImportedMeasurement, measured: &ImportedMeasurement) -> bool {
    use ImportedMeasurement::{Lab, Vitals, Weight};
    match (known, measured) {
        (Vitals { vitals: one, .. }, Vitals { vitals: other, .. }) => one == other,
        (Weight { weight_kg: one, taken_at: at, .. }, Weight { weight_kg: other, taken_at: then, .. }) => {
            (one, at) == (other, then)
        }
        (Lab { lab: one, .. }, Lab { lab: other, .. }) => one == other,
        _ => false,
    }
}

/// What somebody is known by.
fn key(name: &str, birth_date: Date) -> (String, Date) {
    (folded_words(name).join(" "), birth_date)
}
