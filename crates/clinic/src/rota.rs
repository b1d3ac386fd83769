//! The rota: who is on duty at which rung of the ladder of an alert, from when to when, in the rota's own time zone.
//!
//! It is a stream of its own in the log (decision 21): who was on call on a given night is asked months later, so a shift is
//! never changed; it is taken back and another is planned. Where a rota is kept, a rung with nobody on duty is passed over at
//! once: waiting five minutes for nobody helps nobody. An installation that keeps no rota goes by the care teams alone. A rota
//! that cannot be read stops nothing: who is on duty is then not known, every alert is every clinician's at once, and it is said.

use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use stillwater_care::event::EscalationLevel;
use stillwater_care::ids::StaffId;
use stillwater_store::{Append, AppendError, IndexRow, NewEvent, ReadError, Store, StoredEvent, StreamId, StreamKind};
use uuid::Uuid;

/// The stream; an installation has one rota.
const STREAM: StreamId = StreamId::new(StreamKind::Rota, Uuid::nil());
/// The stored names. Never reused.
const PLANNED: &str = "ShiftPlanned";
const TAKEN_BACK: &str = "ShiftTakenBack";
/// How often a change is tried again when another came first.
const TRIES: usize = 4;

/// The rungs that somebody is on duty at. The emergency services are called by a person and are on nobody's rota.
pub const RUNGS: [EscalationLevel; 3] = [EscalationLevel::Guide, EscalationLevel::Prescriber, EscalationLevel::OnCall];

/// One stretch of duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Which.
    pub shift: Uuid,
    /// Who.
    pub staff: StaffId,
    /// The name shown.
    pub name: String,
    /// At which rung.
    pub rung: EscalationLevel,
    /// From when.
    pub from: Timestamp,
    /// Until when; at that very moment it is over.
    pub to: Timestamp,
    /// The time zone in which it was planned.
    pub zone: String,
    /// Who planned it.
    pub by: StaffId,
}

#[derive(Debug, Serialize, Deserialize)]
struct TakenBack {
    shift: Uuid,
    by: StaffId,
}

/// The shifts that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rota {
    shifts: Vec<Shift>,
    seq: u64,
    fault: Option<String>,
}

impl Rota {
    /// The shifts that stand, by their beginning.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }

    /// Whether a rota is kept at all.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.shifts.is_empty()
    }

    /// Why who is on duty is not known, where an entry could not be read.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Who is on duty at a rung.
    pub fn on_duty(&self, rung: EscalationLevel, at: Timestamp) -> impl Iterator<Item = &Shift> {
        self.shifts.iter().filter(move |shift| shift.rung == rung && shift.from <= at && at < shift.to)
    }

    /// Who is asked at this moment for an alert that stands at a rung: that rung, or the next above it where somebody is on
    /// duty. The topmost rung is the same for everybody and is never passed over.
    #[must_use]
    pub fn asked(&self, rung: EscalationLevel, at: Timestamp) -> EscalationLevel {
        if self.fault.is_some() {
            return rung.max(EscalationLevel::OnCall);
        }
        if !self.is_kept() {
            return rung;
        }
        let staffed = |rung: &EscalationLevel| self.on_duty(*rung, at).next().is_some();
        let above = RUNGS.into_iter().filter(|known| *known >= rung);
        above.into_iter().find(staffed).unwrap_or(rung.max(EscalationLevel::OnCall))
    }

    /// The stretches between two moments in which nobody is on duty at a rung.
    #[must_use]
    pub fn uncovered(&self, rung: EscalationLevel, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let mut gaps = Vec::new();
        let mut reached = from;
        for shift in self.shifts.iter().filter(|shift| shift.rung == rung && shift.to > from && shift.from < to) {
            if shift.from > reached {
                gaps.push((reached, shift.from));
            }
            reached = reached.max(shift.to);
        }
        if reached < to {
            gaps.push((reached, to));
        }
        gaps
    }

    fn take_in(&mut self, stored: &StoredEvent) -> Result<(), RotaFailure> {
        let unreadable = |error: serde_json::Error| RotaFailure::Unreadable(format!("{}: {error}", stored.kind));
        match (stored.kind.as_str(), stored.version) {
            (PLANNED, 1) => self.shifts.push(serde_json::from_slice(&stored.payload).map_err(unreadable)?),
            (TAKEN_BACK, 1) => {
                let taken: TakenBack = serde_json::from_slice(&stored.payload).map_err(unreadable)?;
                self.shifts.retain(|shift| shift.shift != taken.shift);
            }
            (kind, version) => {
                return Err(RotaFailure::Unreadable(format!("{kind} of version {version} is not known here")));
            }
        }
        self.shifts.sort_by_key(|shift| (shift.from, shift.rung, shift.shift));
        self.seq = stored.seq;
        Ok(())
    }
}

/// What is wrong with a shift that is to be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftWrong {
    /// It ends before it begins.
    EndsFirst,
    /// It is longer than a day and a half, which is a slip of the keyboard.
    TooLong,
    /// It is over already.
    Over,
    /// The same person is on duty at that rung then.
    Twice,
    /// Nobody is put on duty at that rung.
    NoSuchRung,
}

/// The longest shift, hours. A proposal of this project, signed by nobody.
pub const LONGEST_HOURS: i64 = 36;

/// What is wrong with a shift, if anything.
#[must_use]
pub fn wrong(rota: &Rota, shift: &Shift, now: Timestamp) -> Option<ShiftWrong> {
    if !RUNGS.contains(&shift.rung) {
        Some(ShiftWrong::NoSuchRung)
    } else if shift.to <= shift.from {
        Some(ShiftWrong::EndsFirst)
    } else if shift.to.duration_since(shift.from) > SignedDuration::from_hours(LONGEST_HOURS) {
        Some(ShiftWrong::TooLong)
    } else if shift.to <= now {
        Some(ShiftWrong::Over)
    } else {
        let meets = |known: &&Shift| known.from < shift.to && shift.from < known.to;
        let same =
            |known: &&Shift| known.staff == shift.staff && known.rung == shift.rung && known.shift != shift.shift;
        rota.shifts.iter().filter(meets).any(|known| same(&known)).then_some(ShiftWrong::Twice)
    }
}

/// The rota could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RotaFailure {
    /// Reading failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Writing failed.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// What is kept cannot be understood by this version.
    #[error("the rota holds an entry that cannot be read: {0}")]
    Unreadable(String),
    /// What is to be kept cannot be put into its stored form.
    #[error("the rota's entry cannot be put into its stored form: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// The rota of an installation, read once and kept.
#[derive(Debug)]
pub struct RotaBook {
    store: Store,
    kept: RwLock<Rota>,
}

impl RotaBook {
    /// Reads the rota of a store. What cannot be read does not keep a clinic from starting: [`Rota::fault`] says it.
    #[must_use]
    pub fn open(store: Store) -> Self {
        let book = Self { store, kept: RwLock::default() };
        if let Err(cause) = book.catch_up() {
            book.kept.write().unwrap_or_else(PoisonError::into_inner).fault = Some(cause.to_string());
        }
        book
    }

    /// The rota as it stands.
    #[must_use]
    pub fn rota(&self) -> Rota {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn catch_up(&self) -> Result<(), RotaFailure> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        for stored in self.store.load(STREAM, kept.seq + 1)? {
            if let Err(cause) = kept.take_in(&stored) {
                kept.seq = stored.seq;
                kept.fault = Some(cause.to_string());
            }
        }
        Ok(())
    }

    /// Plans a shift. The same one sent again is planned once. On the present thread.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub fn plan(&self, shift: &Shift, now: Timestamp) -> Result<(), RotaFailure> {
        self.record(shift.shift, PLANNED, serde_json::to_vec(shift)?, now)
    }

    /// Takes a shift back. It stays in the log. On the present thread.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub fn take_back(&self, entry: Uuid, shift: Uuid, by: StaffId, now: Timestamp) -> Result<(), RotaFailure> {
        self.record(entry, TAKEN_BACK, serde_json::to_vec(&TakenBack { shift, by })?, now)
    }

    fn record(&self, event_id: Uuid, kind: &str, payload: Vec<u8>, now: Timestamp) -> Result<(), RotaFailure> {
        for left in (0..TRIES).rev() {
            let expected_seq = self.store.head(STREAM)?.map_or(0, |head| head.seq);
            let event = NewEvent {
                event_id,
                kind: kind.to_owned(),
                version: 1,
                recorded_at_ms: now.as_millisecond(),
                act_id: None,
                payload: payload.clone(),
            };
            let index = IndexRow { fold_version: "rota/1".to_owned(), ..IndexRow::default() };
            match self.store.append(Append { stream: STREAM, expected_seq, events: vec![event], index }) {
                Ok(_) => return self.catch_up(),
                Err(AppendError::Conflict { .. }) if left > 0 => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    fn shift(n: u128, rung: EscalationLevel, from: i64, to: i64) -> Shift {
        Shift {
            shift: Uuid::from_u128(n),
            staff: StaffId(Uuid::from_u128(100 + n)),
            name: format!("Example {n}"),
            rung,
            from: at(from),
            to: at(to),
            zone: "UTC".into(),
            by: StaffId(Uuid::from_u128(1)),
        }
    }

    fn rota(shifts: Vec<Shift>) -> Rota {
        Rota { shifts, ..Rota::default() }
    }

    use EscalationLevel::{EmergencyServices, Guide, OnCall, Prescriber};

    #[test]
    fn an_empty_rung_is_passed_over_at_once() {
        let kept = rota(vec![shift(1, Guide, 8, 16), shift(2, OnCall, 0, 24)]);
        for (rung, hour, asked) in [
            (Guide, 8, Guide),
            (Guide, 15, Guide),
            (Guide, 16, OnCall),
            (Prescriber, 9, OnCall),
            (OnCall, 30, OnCall),
            (Guide, 30, OnCall),
            (EmergencyServices, 9, EmergencyServices),
        ] {
            assert_eq!(kept.asked(rung, at(hour)), asked, "{rung:?} at {hour}");
        }
        assert_eq!(rota(Vec::new()).asked(Guide, at(3)), Guide, "where no rota is kept, nothing is passed over");
    }

    #[test]
    fn the_hours_without_anybody_are_listed() {
        let kept = rota(vec![shift(1, Guide, 2, 8), shift(2, Guide, 6, 10), shift(3, Guide, 12, 40)]);
        assert_eq!(kept.uncovered(Guide, at(0), at(24)), [(at(0), at(2)), (at(10), at(12))]);
        assert_eq!(kept.uncovered(Prescriber, at(0), at(24)), [(at(0), at(24))]);
        assert_eq!(kept.uncovered(Guide, at(12), at(24)), []);
    }

    #[test]
    fn a_shift_that_cannot_be_is_told_what_is_wrong() {
        let kept = rota(vec![shift(1, Guide, 8, 16)]);
        let mut same = shift(2, Guide, 15, 20);
        same.staff = StaffId(Uuid::from_u128(101));
        for (one, expected) in [
            (shift(2, Guide, 8, 8), Some(ShiftWrong::EndsFirst)),
            (shift(2, Guide, 8, 45), Some(ShiftWrong::TooLong)),
            (shift(2, Guide, 1, 4), Some(ShiftWrong::Over)),
            (shift(2, EmergencyServices, 8, 16), Some(ShiftWrong::NoSuchRung)),
            (same, Some(ShiftWrong::Twice)),
            (shift(2, Guide, 8, 44), None),
        ] {
            assert_eq!(wrong(&kept, &one, at(5)), expected, "{one:?}");
        }
    }
}
