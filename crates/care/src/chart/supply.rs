//! What should be at the patient's home, by what was handed out, taken back and used.

use jiff::Timestamp;

use super::{Chart, Session};
use crate::facts::{CountFact, RemsRecord, Setting, SupplyFact, units_for};

impl Chart {
    /// Tablets or lozenges at home at a moment; `None` until some were handed out.
    #[must_use]
    pub fn supply(&self, now: Timestamp) -> Option<SupplyFact> {
        let newest = self.standing(&self.supply_out).max_by_key(|out| (out.value.at, out.seq))?;
        let unit_mg = newest.value.unit_mg;
        let mut counts: Vec<CountFact> = self
            .standing(&self.supply_counts)
            .map(|count| CountFact {
                at: count.value.at,
                units: i64::from(count.value.units),
                expected: self.units_expected(count.value.at),
            })
            .collect();
        counts.sort_by_key(|count| count.at);
        let last_dose = self.standing(&self.doses).map(|dose| dose.value.taken_at).max();
        let since = |count: &&CountFact| last_dose.is_none_or(|last| count.at > last);
        Some(SupplyFact {
            unit_mg,
            expected: self.units_expected(now),
            counted: counts.last().copied(),
            differed: counts.iter().rev().filter(since).find(|count| count.units != count.expected).copied(),
        })
    }

    /// How many units there should be at a moment. Doses of before anything was handed out used something else.
    fn units_expected(&self, at: Timestamp) -> i64 {
        let until = |when: &Timestamp| *when <= at;
        let out: Vec<_> = self.standing(&self.supply_out).filter(|out| until(&out.value.at)).collect();
        let Some(first) = out.iter().map(|out| out.value.at).min() else { return 0 };
        let handed: i64 = out.iter().map(|out| i64::from(out.value.units)).sum();
        let back: i64 = self
            .standing(&self.supply_back)
            .filter(|back| until(&back.value.at))
            .map(|back| i64::from(back.value.units))
            .sum();
        let at_home = |id| self.session(id).is_some_and(|session: &Session| session.setting == Setting::Home);
        let used: f64 = self
            .standing(&self.doses)
            .filter(|dose| at_home(dose.value.session) && dose.value.taken_at >= first && until(&dose.value.taken_at))
            .map(|dose| {
                // Each dose is counted by the strength that was handed out last before it.
                let by = out.iter().filter(|out| out.value.at <= dose.value.taken_at).max_by_key(|out| out.value.at);
                by.map_or(0.0, |by| units_for(dose.value.dose_mg, by.value.unit_mg))
            })
            .sum();
        handed - back - used as i64
    }

    /// What is on record of the safety programme, as seen for a session.
    pub(super) fn rems_records(&self, session: Option<&Session>) -> Vec<RemsRecord> {
        self.standing(&self.rems)
            .map(|r| RemsRecord {
                fact: r.value.fact,
                at: r.value.at,
                until: r.value.until,
                of_this_session: r.value.session.is_some() && r.value.session == session.map(|s| s.id),
                dose_at: r.value.session.and_then(|id| self.session(id)).and_then(Session::dose_at),
            })
            .collect()
    }
}
