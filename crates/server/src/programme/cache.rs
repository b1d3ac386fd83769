//! Figures that were worked out, kept until a chart changes or a minute has passed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stillwater_clinic::charts::Charts;
use stillwater_programme::{Figures, Filter};

/// Windows close and alerts wait as time passes, so that figures grow old even if nothing happens.
const SECONDS_KEPT: i64 = 60;
/// More answers than this are never kept.
const ANSWERS_KEPT: usize = 64;

/// Figures by what was asked, with the state of the charts that they were worked out from.
#[derive(Debug, Default)]
pub struct FigureCache(Mutex<HashMap<Filter, (u64, Arc<Figures>)>>);

impl FigureCache {
    /// The figures for a filter at `now`, in seconds since 1970 UTC. Blocks while it works them out: call it where that
    /// holds up nobody.
    pub fn figures(&self, charts: &Charts, filter: &Filter, now: i64) -> Arc<Figures> {
        let version = charts.version();
        if let Some((of, figures)) = self.lock().get(filter)
            && *of == version
            && (0..SECONDS_KEPT).contains(&(now - figures.now))
        {
            return Arc::clone(figures);
        }
        let summaries = charts.summaries();
        let figures = Arc::new(Figures::of(summaries.iter().flat_map(|summary| &summary.rows), filter, now));
        let mut kept = self.lock();
        if kept.len() >= ANSWERS_KEPT {
            kept.clear();
        }
        kept.insert(filter.clone(), (version, Arc::clone(&figures)));
        figures
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Filter, (u64, Arc<Figures>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
