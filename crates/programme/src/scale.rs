//! What is followed over a course: the PCL-5 with its clusters and the five symptoms, and the other scales.

use serde::{Deserialize, Serialize};
use stillwater_care::event::MeasureCompleted;
use stillwater_care::outcome::{FollowedSymptom, symptom};

/// The two forms of the PCL-5. They ask about different spans of time, so a score is compared only with the same form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The past week.
    Week,
    /// The past month.
    Month,
}

impl Form {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Week, Self::Month];

    /// The instrument's id.
    #[must_use]
    pub fn instrument(self) -> &'static str {
        match self {
            Self::Week => "pcl-5-week",
            Self::Month => "pcl-5-month",
        }
    }
}

/// A part of the PCL-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// All twenty items, 0 to 80.
    Total,
    /// Cluster B, intrusion, five items.
    Intrusion,
    /// Cluster C, avoidance, two items.
    Avoidance,
    /// Cluster D, negative mood and thoughts, seven items.
    Negative,
    /// Cluster E, arousal, six items.
    Arousal,
    /// Item 1.
    Memories,
    /// Item 2.
    Nightmares,
    /// Item 3.
    Flashbacks,
    /// Items 4 and 5, their mean.
    Reminders,
    /// Item 17.
    Vigilance,
}

/// How many parts there are.
pub(crate) const PARTS: usize = 10;

impl Part {
    /// Every part.
    pub const ALL: [Self; PARTS] = [
        Self::Total,
        Self::Intrusion,
        Self::Avoidance,
        Self::Negative,
        Self::Arousal,
        Self::Memories,
        Self::Nightmares,
        Self::Flashbacks,
        Self::Reminders,
        Self::Vigilance,
    ];
    /// The four clusters of DSM-5.
    pub const CLUSTERS: [Self; 4] = [Self::Intrusion, Self::Avoidance, Self::Negative, Self::Arousal];
    /// The five symptoms that are followed one by one.
    pub const SYMPTOMS: [Self; 5] =
        [Self::Memories, Self::Nightmares, Self::Flashbacks, Self::Reminders, Self::Vigilance];

    /// The name shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Total => "PCL-5 total",
            Self::Intrusion => "intrusion (cluster B)",
            Self::Avoidance => "avoidance (cluster C)",
            Self::Negative => "negative mood and thoughts (cluster D)",
            Self::Arousal => "arousal (cluster E)",
            Self::Memories => "intrusive memories",
            Self::Nightmares => "nightmares",
            Self::Flashbacks => "flashbacks",
            Self::Reminders => "anxiety and reactions to reminders",
            Self::Vigilance => "hypervigilance",
        }
    }

    /// How many items its score adds up, so that parts can be shown on the one scale of an item, 0 to 4. A symptom that
    /// two items ask for is their mean already.
    #[must_use]
    pub fn items(self) -> f64 {
        match self {
            Self::Total => 20.0,
            Self::Intrusion => 5.0,
            Self::Avoidance => 2.0,
            Self::Negative => 7.0,
            Self::Arousal => 6.0,
            _ => 1.0,
        }
    }

    fn score(self) -> Option<&'static str> {
        match self {
            Self::Total => Some("total"),
            Self::Intrusion => Some("B"),
            Self::Avoidance => Some("C"),
            Self::Negative => Some("D"),
            Self::Arousal => Some("E"),
            _ => None,
        }
    }

    /// The symptom that it is, where it is one of those followed one by one.
    fn symptom(self) -> Option<FollowedSymptom> {
        match self {
            Self::Memories => Some(FollowedSymptom::Memories),
            Self::Nightmares => Some(FollowedSymptom::Nightmares),
            Self::Flashbacks => Some(FollowedSymptom::Flashbacks),
            Self::Reminders => Some(FollowedSymptom::Reminders),
            Self::Vigilance => Some(FollowedSymptom::Vigilance),
            Self::Total | Self::Intrusion | Self::Avoidance | Self::Negative | Self::Arousal => None,
        }
    }

    /// This part of one filled-in form; none when too much was left out.
    pub(crate) fn of(self, measure: &MeasureCompleted) -> Option<f64> {
        match self.score() {
            Some(score) => measure.scores.get(score).copied().flatten(),
            None => symptom(measure, self.symptom()?),
        }
    }
}

/// Another scale that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Other {
    /// The daily check, 0 to 20: five symptoms since yesterday.
    Daily,
    /// CAPS-5, a clinician's rating, 0 to 80.
    Caps,
    /// IES-R, 0 to 88.
    Iesr,
    /// Depression, PHQ-9, 0 to 27.
    Phq,
    /// Anxiety, GAD-7, 0 to 21.
    Gad,
    /// Sleep, ISI, 0 to 28.
    Isi,
    /// Functioning, B-IPF, 0 to 100.
    Ipf,
    /// Functioning, WHODAS 2.0 with 12 items, 0 to 48.
    Whodas,
}

impl Other {
    /// Every one.
    pub const ALL: [Self; 8] =
        [Self::Daily, Self::Caps, Self::Iesr, Self::Phq, Self::Gad, Self::Isi, Self::Ipf, Self::Whodas];
    /// Those about life: relationships, work, the day.
    pub const FUNCTIONING: [Self; 2] = [Self::Ipf, Self::Whodas];
    /// Those about what comes with PTSD.
    pub const BESIDE: [Self; 3] = [Self::Phq, Self::Gad, Self::Isi];

    /// The instrument's id and the score taken.
    #[must_use]
    pub fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Daily => ("daily-check", "total"),
            Self::Caps => ("caps-5", "total"),
            Self::Iesr => ("ies-r", "total"),
            Self::Phq => ("phq-9", "total"),
            Self::Gad => ("gad-7", "total"),
            Self::Isi => ("isi", "total"),
            Self::Ipf => ("b-ipf", "impairment"),
            Self::Whodas => ("whodas-12", "total"),
        }
    }

    /// The name shown, with the range.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Daily => "daily check (0 to 20)",
            Self::Caps => "CAPS-5 (0 to 80)",
            Self::Iesr => "IES-R (0 to 88)",
            Self::Phq => "depression, PHQ-9 (0 to 27)",
            Self::Gad => "anxiety, GAD-7 (0 to 21)",
            Self::Isi => "sleep, ISI (0 to 28)",
            Self::Ipf => "functioning, B-IPF impairment (0 to 100)",
            Self::Whodas => "functioning, WHODAS 2.0 (0 to 48)",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_instruments::Catalogue;

    #[test]
    fn every_scale_names_an_instrument_and_a_score_that_exist() {
        for other in Other::ALL {
            let (instrument, score) = other.source();
            let known = Catalogue::built_in().get(instrument).unwrap();
            assert!(known.score_named(score).is_some(), "{instrument} {score}");
        }
        for (form, part) in Form::ALL.into_iter().flat_map(|form| Part::ALL.map(|part| (form, part))) {
            let known = Catalogue::built_in().get(form.instrument()).unwrap();
            if let Some(score) = part.score() {
                assert!(known.score_named(score).is_some(), "{score}");
            }
        }
    }

    #[test]
    fn the_five_symptoms_are_those_that_the_patient_sees() {
        let followed: Vec<_> = Part::SYMPTOMS.iter().filter_map(|part| part.symptom()).collect();
        assert_eq!(followed, FollowedSymptom::ALL);
        assert!(Part::ALL.iter().all(|part| part.symptom().is_some() != part.score().is_some()));
    }
}
