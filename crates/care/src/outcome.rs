//! How a measure has moved over a course: the points to draw, the change since the start, and the one word for it.
//!
//! Every page takes its trend from here, and its sentence from `words::outcome`, so that the caseload, the chart and the patient's phone
//! never disagree. *Better* and *worse* are kept for changes that reach the instrument's default reliable change; a
//! change of at least a third of it is called slight (a proposal of this project, signed by nobody yet).

use jiff::Timestamp;
use stillwater_instruments::{Answer, Catalogue, Instrument, Number};

use crate::chart::Chart;
use crate::code::coded_enum;
use crate::protocol::Protocols;
use crate::schedule;

/// Which way a measure has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Better by at least the reliable change.
    Better,
    /// Better, but chance could give that.
    SlightlyBetter,
    /// No change to speak of.
    Same,
    /// Worse, but chance could give that.
    SlightlyWorse,
    /// Worse by at least the reliable change.
    Worse,
    /// Fewer than two results, or no reliable change is known.
    Unknown,
}

/// The change of one score between two results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Now minus then; `None` when either is missing.
    pub points: Option<f64>,
    /// The instrument's default reliable change.
    pub reliable: Option<f64>,
    /// Which way.
    pub trend: Trend,
}

/// The change of a score between two results.
#[must_use]
pub fn change(instrument: &str, score: &str, then: Option<f64>, now: Option<f64>) -> Change {
    let known = Catalogue::built_in().get(instrument);
    let reliable = known.and_then(|i| i.default_reliable_change(score)).and_then(|c| c.points).map(Number::as_f64);
    let higher_is_better = known
        .and_then(|i| i.score_named(score))
        .is_some_and(|s| s.direction == stillwater_instruments::model::Direction::HigherBetter);
    let points = then.zip(now).map(|(then, now)| now - then);
    let trend = points.zip(reliable).map_or(Trend::Unknown, |(points, reliable)| {
        trend_of(if higher_is_better { -points } else { points }, reliable)
    });
    Change { points, reliable, trend }
}

/// The trend of a score that got worse by so many points (better, when negative).
fn trend_of(worse_by: f64, reliable: f64) -> Trend {
    match worse_by {
        w if w <= -reliable => Trend::Better,
        w if w <= -reliable / 3.0 => Trend::SlightlyBetter,
        w if w < reliable / 3.0 => Trend::Same,
        w if w < reliable => Trend::SlightlyWorse,
        _ => Trend::Worse,
    }
}

/// One place on the time axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// When it was answered, or due.
    pub at: Timestamp,
    /// The score; `None` for a measure that was due and not answered, or answered too thinly to score.
    pub score: Option<f64>,
}

/// What a score that is followed is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// As the instrument names it; data in the instrument's own language.
    Score(String),
    /// One of the symptoms that are followed one by one.
    Symptom(FollowedSymptom),
}

/// A score over the course.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Which instrument.
    pub instrument: String,
    /// Which of its scores, or the items of a single symptom.
    pub score: String,
    /// What it is called.
    pub label: Label,
    /// Results and missed measures, oldest first.
    pub places: Vec<Place>,
    /// The lowest and highest possible score.
    pub range: (f64, f64),
    /// The default cut-off and what it means.
    pub cut_off: Option<(f64, String)>,
    /// From the last result before the first dose to the newest one.
    pub change: Change,
}

impl Series {
    /// The newest score.
    #[must_use]
    pub fn newest(&self) -> Option<f64> {
        self.places.iter().rev().find_map(|place| place.score)
    }

    /// Whether nothing was ever answered or due.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// One score of an instrument over the course, with the measures that were due and missed. `None` when the instrument or
/// the score is not known.
#[must_use]
pub fn series(chart: &Chart, protocols: &Protocols, now: Timestamp, instrument: &str, score: &str) -> Option<Series> {
    let known = Catalogue::built_in().get(instrument)?;
    let about = known.score_named(score)?;
    let mut places: Vec<Place> = chart
        .measures_of(instrument)
        .into_iter()
        .map(|m| Place { at: m.occurred_at, score: m.value.scores.get(score).copied().flatten() })
        .collect();
    places.extend(missed(chart, protocols, now, instrument));
    places.sort_by_key(|place| place.at);
    let cut_off = known.default_cutoff(score).map(|c| (c.value.as_f64(), c.meaning.clone()));
    let baseline = chart.baseline_measure(instrument).and_then(|m| m.value.scores.get(score).copied().flatten());
    let newest = chart.newest_measure(instrument);
    let is_later = newest.map(|m| m.id) != chart.baseline_measure(instrument).map(|m| m.id);
    let newest = newest.filter(|_| is_later).and_then(|m| m.value.scores.get(score).copied().flatten());
    Some(Series {
        instrument: instrument.to_owned(),
        score: score.to_owned(),
        label: Label::Score(if about.label.is_empty() { score.to_owned() } else { about.label.clone() }),
        places,
        range: (about.min.as_f64(), about.max.as_f64()),
        cut_off,
        change: change(instrument, score, baseline, newest),
    })
}

fn missed(chart: &Chart, protocols: &Protocols, now: Timestamp, instrument: &str) -> impl Iterator<Item = Place> {
    schedule::measures(chart, protocols)
        .into_iter()
        .filter(move |due| due.missed(now))
        .filter({
            let instrument = instrument.to_owned();
            move |due| due.instrument == instrument
        })
        .map(|due| Place { at: due.due_at, score: None })
}

coded_enum! {
    /// The five symptoms that are followed one by one.
    pub enum FollowedSymptom of "followed-symptom" {
        /// Intrusive memories.
        Memories = "intrusive-memories",
        /// Nightmares.
        Nightmares = "nightmares",
        /// Flashbacks.
        Flashbacks = "flashbacks",
        /// Anxiety and reactions to reminders.
        Reminders = "anxiety-and-reminders",
        /// Hypervigilance.
        Vigilance = "hypervigilance",
    }
}

impl FollowedSymptom {
    /// The PCL-5 items that ask for it.
    #[must_use]
    pub const fn items(self) -> &'static [u32] {
        match self {
            Self::Memories => &[1],
            Self::Nightmares => &[2],
            Self::Flashbacks => &[3],
            Self::Reminders => &[4, 5],
            Self::Vigilance => &[17],
        }
    }
}

/// The five symptoms over the course, from the items of the weekly PCL-5, each 0 (not at all) to 4 (extremely). Where two
/// items ask for one symptom their mean is taken, and only when both were answered.
#[must_use]
pub fn symptoms(chart: &Chart) -> Vec<Series> {
    const INSTRUMENT: &str = "pcl-5-week";
    let Some(known) = Catalogue::built_in().get(INSTRUMENT) else { return Vec::new() };
    FollowedSymptom::ALL
        .iter()
        .map(|followed| {
            let items = followed.items();
            let of = |m: &crate::event::MeasureCompleted| mean_of_items(known, m, items);
            let measures = chart.measures_of(INSTRUMENT);
            let places: Vec<_> = measures.iter().map(|m| Place { at: m.occurred_at, score: of(&m.value) }).collect();
            let baseline = chart.baseline_measure(INSTRUMENT);
            let newest = measures.last().filter(|m| Some(m.id) != baseline.map(|b| b.id));
            let points = baseline.and_then(|m| of(&m.value)).zip(newest.and_then(|m| of(&m.value))).map(|(b, n)| n - b);
            Series {
                instrument: INSTRUMENT.to_owned(),
                score: items.iter().map(|n| format!("item {n}")).collect::<Vec<_>>().join(" and "),
                label: Label::Symptom(*followed),
                places,
                range: (0.0, 4.0),
                cut_off: None,
                // One item has no known reliable change, so it gets no trend word.
                change: Change { points, reliable: None, trend: Trend::Unknown },
            }
        })
        .collect()
}

/// One of the five symptoms in one filled-in form, 0 to 4; none when an item that asks for it was left out.
#[must_use]
pub fn symptom(measure: &crate::event::MeasureCompleted, followed: FollowedSymptom) -> Option<f64> {
    let known = Catalogue::built_in().get(&measure.instrument)?;
    mean_of_items(known, measure, followed.items())
}

fn mean_of_items(known: &Instrument, measure: &crate::event::MeasureCompleted, items: &[u32]) -> Option<f64> {
    let mut sum = 0.0;
    for n in items {
        let item = known.items.iter().find(|item| item.n == *n)?;
        match measure.answers.get(&item.id) {
            Answer::Value(value) => sum += value.as_f64(),
            Answer::List(_) | Answer::NotApplicable | Answer::Missing | Answer::Other(_) => return None,
        }
    }
    (!items.is_empty()).then(|| sum / items.len() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(then: f64, now: f64, trend: Trend) {
        let change = change("pcl-5-week", "total", Some(then), Some(now));
        assert_eq!(change.trend, trend, "{then} to {now}");
    }

    #[test]
    fn better_and_worse_begin_at_the_reliable_change_itself() {
        check(52.0, 37.0, Trend::Better);
        check(52.0, 38.0, Trend::SlightlyBetter);
        check(52.0, 48.0, Trend::Same);
        check(52.0, 52.0, Trend::Same);
        check(52.0, 53.0, Trend::Same);
        check(52.0, 57.0, Trend::SlightlyWorse);
        check(52.0, 67.0, Trend::Worse);
    }

    #[test]
    fn a_missing_result_gives_no_trend() {
        for (then, now) in [(None, Some(30.0)), (Some(52.0), None), (None, None)] {
            let change = change("pcl-5-week", "total", then, now);
            assert_eq!(change.trend, Trend::Unknown);
            assert_eq!(change.points, None);
        }
    }

    #[test]
    fn a_measure_without_a_known_reliable_change_gets_no_trend_word() {
        let change = change("who-5", "index", Some(40.0), Some(60.0));
        assert_eq!(change.trend, Trend::Unknown);
        assert_eq!((change.points, change.reliable), (Some(20.0), None));
    }

    #[test]
    fn slight_begins_at_a_third_of_the_reliable_change() {
        for (worse_by, trend) in [
            (-15.0, Trend::Better),
            (-14.9, Trend::SlightlyBetter),
            (-5.0, Trend::SlightlyBetter),
            (-4.9, Trend::Same),
            (4.9, Trend::Same),
            (5.0, Trend::SlightlyWorse),
            (14.9, Trend::SlightlyWorse),
            (15.0, Trend::Worse),
        ] {
            assert_eq!(trend_of(worse_by, 15.0), trend, "{worse_by}");
        }
    }

    #[test]
    fn the_symptoms_name_items_that_the_instrument_has() {
        let known = Catalogue::built_in().get("pcl-5-week").unwrap();
        for followed in FollowedSymptom::ALL {
            for n in followed.items() {
                assert!(known.items.iter().any(|item| item.n == *n), "{followed:?}: item {n}");
            }
        }
    }

    #[test]
    fn a_symptom_of_two_items_needs_both_answers() {
        let known = Catalogue::built_in().get("pcl-5-week").unwrap();
        let mut answers = stillwater_instruments::Responses::default();
        answers.set("pcl5w_4", 3);
        let mut measure = crate::event::MeasureCompleted {
            instrument: known.id.clone(),
            instrument_version: known.version.clone(),
            point: crate::event::Point::Day7,
            session: None,
            entry: crate::event::MeasureEntry::Answers,
            answers: answers.clone(),
            scores: Default::default(),
            bands: Default::default(),
            cutoffs: Default::default(),
            rules: Default::default(),
            safety: Default::default(),
            missing: Vec::new(),
        };
        assert_eq!(mean_of_items(known, &measure, &[4, 5]), None);
        answers.set("pcl5w_5", 2);
        measure.answers = answers;
        assert_eq!(mean_of_items(known, &measure, &[4, 5]), Some(2.5));
        assert_eq!(mean_of_items(known, &measure, &[1]), None);
    }
}
