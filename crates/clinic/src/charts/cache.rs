//! Folded charts kept for a while, the longest unused forgotten first.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use stillwater_care::ids::PatientId;

use super::LoadedChart;

/// A bounded set of folded charts.
#[derive(Debug)]
pub(super) struct Cache(Mutex<LruCache<PatientId, Arc<LoadedChart>>>);

impl Cache {
    pub(super) fn new(most: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(most)))
    }

    pub(super) fn get(&self, patient: PatientId) -> Option<Arc<LoadedChart>> {
        self.lock().get(&patient).cloned()
    }

    /// Keeps a chart, unless a newer one is already there.
    pub(super) fn put(&self, patient: PatientId, open: Arc<LoadedChart>) {
        let mut kept = self.lock();
        if kept.peek(&patient).is_none_or(|known| known.chart.seq <= open.chart.seq) {
            kept.put(patient, open);
        }
    }

    pub(super) fn forget(&self, patient: PatientId) {
        self.lock().pop(&patient);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<PatientId, Arc<LoadedChart>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::Chart;
    use uuid::Uuid;

    const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

    fn open(n: u128, seq: u64) -> (PatientId, Arc<LoadedChart>) {
        let id = PatientId(Uuid::from_u128(n));
        let mut chart = Chart::new(id);
        chart.seq = seq;
        (id, Arc::new(LoadedChart { chart, log: Vec::new() }))
    }

    #[test]
    fn forgets_the_chart_that_was_longest_unused() {
        let cache = Cache::new(TWO);
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
        let cache = Cache::new(TWO);
        let (id, newer) = open(1, 5);
        cache.put(id, newer);
        cache.put(id, open(1, 4).1);
        assert_eq!(cache.get(id).map(|open| open.chart.seq), Some(5));
    }
}
