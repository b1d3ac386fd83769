//! Folded charts kept for a while, the longest unused forgotten first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stillwater_care::ids::PatientId;

use super::LoadedChart;

#[derive(Debug)]
struct Slot {
    used: u64,
    open: Arc<LoadedChart>,
}

/// A bounded set of folded charts.
#[derive(Debug)]
pub(super) struct Cache {
    most: usize,
    kept: Mutex<(u64, HashMap<PatientId, Slot>)>,
}

impl Cache {
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new((0, HashMap::new())) }
    }

    pub(super) fn get(&self, patient: PatientId) -> Option<Arc<LoadedChart>> {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (turn, kept) = &mut *guard;
        *turn += 1;
        let found = kept.get_mut(&patient)?;
        found.used = *turn;
        Some(Arc::clone(&found.open))
    }

    /// Keeps a chart, unless a newer one is already there.
    pub(super) fn put(&self, patient: PatientId, open: Arc<LoadedChart>) {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (turn, kept) = &mut *guard;
        *turn += 1;
        if kept.get(&patient).is_some_and(|known| known.open.chart.seq > open.chart.seq) {
            return;
        }
        kept.insert(patient, Slot { used: *turn, open });
        if kept.len() > self.most
            && let Some(oldest) = kept.iter().min_by_key(|(_, k)| k.used).map(|(patient, _)| *patient)
        {
            kept.remove(&oldest);
        }
    }

    pub(super) fn forget(&self, patient: PatientId) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&patient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::Chart;
    use uuid::Uuid;

    fn open(n: u128, seq: u64) -> (PatientId, Arc<LoadedChart>) {
        let id = PatientId(Uuid::from_u128(n));
        let mut chart = Chart::new(id);
        chart.seq = seq;
        (id, Arc::new(LoadedChart { chart, log: Vec::new() }))
    }

    #[test]
    fn forgets_the_chart_that_was_longest_unused() {
        let cache = Cache::new(2);
        let charts: Vec<_> = (0..3).map(|n| open(n, 1)).collect();
        for (id, chart) in charts.iter().take(2) {
            cache.put(*id, Arc::clone(chart));
        }
        assert!(charts.first().is_some_and(|(id, _)| cache.get(*id).is_some()));
        if let Some((id, chart)) = charts.last() {
            cache.put(*id, Arc::clone(chart));
        }
        let kept: Vec<bool> = charts.iter().map(|(id, _)| cache.get(*id).is_some()).collect();
        assert_eq!(kept, [true, false, true]);
    }

    #[test]
    fn an_older_fold_never_replaces_a_newer_one() {
        let cache = Cache::new(2);
        let (id, newer) = open(1, 5);
        cache.put(id, newer);
        cache.put(id, open(1, 4).1);
        assert_eq!(cache.get(id).map(|open| open.chart.seq), Some(5));
    }
}
