//! People taken over from records made elsewhere: the one way in, for the page and for the command line.
//!
//! Whoever is here already, by name and date of birth, and whoever is recorded as deceased is left out. A person is taken
//! over whole, referral and record in one append, or not at all.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use stillwater_care::command::{Command, Refusal};
use stillwater_care::event::PatientReferred;
use stillwater_care::ids::PatientId;
use stillwater_care::name::folded_words;
use stillwater_care::roles::Actor;
use stillwater_fhir::ReadPerson;
use uuid::Uuid;

use crate::charts::{BatchRequest, Charts, ExecuteError};
use crate::random::uuid_from;

/// Why somebody was left out.
#[derive(Clone, Debug, PartialEq)]
pub enum LeftOut {
    /// Somebody of this name and date of birth has a chart here.
    AlreadyHere(PatientId),
    /// The record says that they have died.
    Deceased,
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
    ) -> Result<Result<PatientId, LeftOut>, ExecuteError> {
        self.place += 1;
        let patient = PatientId(self.nth_id(0));
        let key = key(&person.demographics.name, person.demographics.birth_date);
        match self.known.get(&key) {
            Some(there) if *there == patient => return Ok(Ok(patient)),
            Some(there) => return Ok(Err(LeftOut::AlreadyHere(*there))),
            None => {}
        }
        if person.is_deceased() {
            return Ok(Err(LeftOut::Deceased));
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
                Ok(Ok(patient))
            }
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

/// What somebody is known by.
fn key(name: &str, birth_date: Date) -> (String, Date) {
    (folded_words(name).join(" "), birth_date)
}
