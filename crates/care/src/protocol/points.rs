//! The points of a protocol at which measures fall due: each names its anchor, its hours, and how often it comes again.

use std::collections::BTreeSet;

use serde::Deserialize;
use stillwater_instruments::Catalogue;
use toml::Spanned;

use super::Refuse;
use crate::data_file::DataFileError;
use crate::event::Point;

/// What the hours of a point count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The plan was opened.
    CourseStart,
    /// The first dose of the course.
    FirstDose,
    /// Each dose.
    EachDose,
    /// The last dose so far: what would fall due after a further dose counts from that one.
    LastDose,
    /// The course ended.
    CourseEnd,
}

/// A group of measures at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasurePoint {
    /// When.
    pub point: Point,
    /// Which instruments, by id.
    pub instruments: Vec<String>,
    /// What the hours count from; absent at screening, baseline and before a dose, which have times of their own.
    pub anchor: Option<Anchor>,
    /// Due this many hours after the anchor.
    pub due_hours: i64,
    /// Counts as on time this many hours after it is due.
    pub window_hours: i64,
    /// Due again after this many hours; 0 where it does not come again.
    pub every_hours: i64,
    /// How many times in all, at least 1.
    pub times: u32,
}

impl MeasurePoint {
    /// The hours after the anchor at which it falls due, each with its number from 1.
    pub fn due(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        (1..=self.times).map(|n| (n, self.due_hours.saturating_add(self.every_hours.saturating_mul(i64::from(n) - 1))))
    }
}

/// A group of measures, as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMeasure {
    point: Spanned<Point>,
    instruments: Vec<Spanned<String>>,
    #[serde(default)]
    anchor: Option<Spanned<Anchor>>,
    #[serde(default)]
    due_hours: Option<Spanned<i64>>,
    #[serde(default)]
    window_hours: Option<Spanned<i64>>,
    #[serde(default)]
    every_hours: Option<Spanned<i64>>,
    #[serde(default)]
    times: Option<Spanned<u32>>,
    #[serde(default)]
    repeat: Option<Spanned<String>>,
}

/// How long a point counts as on time where the file does not say.
const DEFAULT_WINDOW_HOURS: i64 = 24;

/// More often than this is a slip of the keyboard.
const MOST_TIMES: u32 = 60;

/// Points with a time of their own: nothing has to be said of when they are due.
fn timed_by_itself(point: Point) -> bool {
    matches!(point, Point::Screening | Point::Baseline | Point::PreDose)
}

/// Reads the measures of a file. `first` is a file of `protocol/1`, which says with `repeat` what later files say with
/// an anchor; it is brought up here, in memory alone.
pub(super) fn read(raw: Vec<RawMeasure>, first: bool, refuse: &Refuse<'_>) -> Result<Vec<MeasurePoint>, DataFileError> {
    let catalogue = Catalogue::built_in();
    let mut measures = Vec::with_capacity(raw.len());
    let mut asked = BTreeSet::new();
    for measure in raw {
        for instrument in &measure.instruments {
            if catalogue.get(instrument.get_ref()).is_none() {
                let problem = format!("instrument {:?} is not known", instrument.get_ref());
                return Err(refuse(instrument.span().start, problem, "the id of an instrument in the catalogue"));
            }
            let point = *measure.point.get_ref();
            if !asked.insert((point.code(), instrument.get_ref().clone())) {
                let problem = format!("{} is asked twice at {}", instrument.get_ref(), point.code());
                return Err(refuse(instrument.span().start, problem, "each instrument once at each point"));
            }
        }
        for hours in [&measure.due_hours, &measure.window_hours, &measure.every_hours].into_iter().flatten() {
            if *hours.get_ref() <= 0 {
                return Err(refuse(hours.span().start, "hours are not positive".into(), "hours after the dose"));
            }
        }
        let anchor = if first { anchor_of_old(&measure, refuse)? } else { anchor_of(&measure, refuse)? };
        measures.push(MeasurePoint {
            point: *measure.point.get_ref(),
            instruments: measure.instruments.into_iter().map(Spanned::into_inner).collect(),
            anchor,
            due_hours: measure.due_hours.map_or(0, Spanned::into_inner),
            window_hours: measure.window_hours.map_or(DEFAULT_WINDOW_HOURS, Spanned::into_inner),
            every_hours: measure.every_hours.map_or(0, Spanned::into_inner),
            times: measure.times.map_or(1, Spanned::into_inner),
        });
    }
    Ok(measures)
}

/// The anchor of a file of today.
fn anchor_of(measure: &RawMeasure, refuse: &Refuse<'_>) -> Result<Option<Anchor>, DataFileError> {
    let at = measure.point.span().start;
    if let Some(repeat) = &measure.repeat {
        let problem = "repeat belongs to protocol/1".to_owned();
        return Err(refuse(repeat.span().start, problem, "anchor, and every_hours with times where it comes again"));
    }
    match (&measure.every_hours, &measure.times) {
        (None, None) => {}
        (Some(every), Some(times)) if (2..=MOST_TIMES).contains(times.get_ref()) => {
            let window = measure.window_hours.as_ref().map_or(DEFAULT_WINDOW_HOURS, |hours| *hours.get_ref());
            if *every.get_ref() < window.saturating_mul(2) {
                let problem = format!("every_hours = {} comes again before it closes", every.get_ref());
                return Err(refuse(
                    every.span().start,
                    problem,
                    "at least twice window_hours, so that no answer counts twice",
                ));
            }
        }
        (Some(_), Some(times)) => {
            let problem = format!("times = {}", times.get_ref());
            return Err(refuse(times.span().start, problem, "2 to 60 times"));
        }
        _ => return Err(refuse(at, "a repeat is half said".into(), "both every_hours and times")),
    }
    match &measure.anchor {
        Some(anchor) if timed_by_itself(*measure.point.get_ref()) => {
            let problem = "a point with a time of its own has an anchor".to_owned();
            Err(refuse(anchor.span().start, problem, "no anchor at screening, baseline and pre-dose"))
        }
        Some(anchor) => {
            if measure.due_hours.is_none() && *anchor.get_ref() != Anchor::CourseEnd {
                return Err(refuse(at, "a point has no hours".into(), "due_hours after its anchor"));
            }
            Ok(Some(*anchor.get_ref()))
        }
        None if timed_by_itself(*measure.point.get_ref()) => match &measure.due_hours {
            None => Ok(None),
            Some(hours) => {
                let problem = "a point with a time of its own has hours".to_owned();
                Err(refuse(hours.span().start, problem, "no hours at screening, baseline and pre-dose"))
            }
        },
        None => {
            let expected = "anchor = \"course-start\", \"first-dose\", \"each-dose\", \"last-dose\" or \"course-end\"";
            Err(refuse(at, "a point has no anchor, so that it would never fall due".into(), expected))
        }
    }
}

/// The anchor of a file of `protocol/1`: everything hung on the first dose, or on each where it said so.
fn anchor_of_old(measure: &RawMeasure, refuse: &Refuse<'_>) -> Result<Option<Anchor>, DataFileError> {
    for (key, at) in [
        ("anchor", measure.anchor.as_ref().map(|anchor| anchor.span().start)),
        ("every_hours", measure.every_hours.as_ref().map(|hours| hours.span().start)),
        ("times", measure.times.as_ref().map(|times| times.span().start)),
    ] {
        if let Some(at) = at {
            return Err(refuse(at, format!("{key} does not belong to protocol/1"), "schema = \"protocol/2\""));
        }
    }
    let each = match &measure.repeat {
        None => false,
        Some(word) if word.get_ref() == "each-session" => true,
        Some(word) => {
            let problem = format!("repeat = {:?} is not known", word.get_ref());
            return Err(refuse(word.span().start, problem, "repeat = \"each-session\", or no repeat"));
        }
    };
    if timed_by_itself(*measure.point.get_ref()) {
        return Ok(None);
    }
    if measure.due_hours.is_none() {
        return Err(refuse(measure.point.span().start, "a point has no hours".into(), "due_hours after the dose"));
    }
    Ok(Some(if each { Anchor::EachDose } else { Anchor::FirstDose }))
}
