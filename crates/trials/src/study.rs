//! A study: what was done, to whom, what was found on its primary outcome, and what it cannot say.

use serde::Deserialize;

use crate::fact::Fact;

/// What kind of study it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// A randomised trial of ketamine for PTSD.
    Randomised,
    /// Ketamine for PTSD in a clinic, without a control.
    Uncontrolled,
    /// Ketamine at home.
    AtHome,
    /// A trial of something else, kept for how well it was masked.
    Masked,
    /// What others pooled from trials.
    Pooled,
    /// What patients could have instead.
    Conventional,
    /// Blood pressure and other acute effects.
    Safety,
}

impl Group {
    /// Every group, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Randomised,
        Self::Masked,
        Self::Uncontrolled,
        Self::AtHome,
        Self::Pooled,
        Self::Conventional,
        Self::Safety,
    ];

    /// As a heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Randomised => "Randomised trials in PTSD",
            Self::Uncontrolled => "Without a control, in the clinic",
            Self::AtHome => "At home",
            Self::Masked => "The best-masked trial, of depression",
            Self::Pooled => "What others pooled",
            Self::Conventional => "What patients could have instead",
            Self::Safety => "Blood pressure during the dose",
        }
    }
}

/// What a study says on its primary outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The treatment did better on the primary outcome.
    For,
    /// It did no better, or the source advises against it.
    Against,
    /// No control, no result, or a primary outcome that does not answer.
    Neither,
}

impl Verdict {
    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Neither => "neither",
        }
    }
}

/// What the treatment was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// Something that acts by itself, or that feels like the treatment.
    Active,
    /// Placebo, a waiting list or usual care.
    Passive,
    /// Several kinds.
    Mixed,
    /// Of a kind that the source does not tell.
    Other,
    /// Nothing.
    None,
}

impl ControlKind {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active control",
            Self::Passive => "passive control",
            Self::Mixed => "several kinds of control",
            Self::Other => "control of another kind",
            Self::None => "no control",
        }
    }
}

/// A study.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The language of its words, as a tag of BCP 47; its file says it once.
    #[serde(skip)]
    pub language: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its name in the table of numbers, where it has rows there.
    pub rows: Option<String>,
    /// The year, where a source shows it.
    pub year: Option<u16>,
    /// Its kind.
    pub group: Group,
    /// What it says on its primary outcome.
    pub verdict: Verdict,
    /// Its number in a register of trials.
    pub registry: Option<String>,
    /// How it was done.
    pub design: Fact,
    /// Who took part.
    pub people: Fact,
    /// What was given.
    pub dose: Fact,
    /// What it was compared with.
    pub control: Fact,
    /// The kind of that.
    pub control_kind: ControlKind,
    /// What was measured.
    pub instrument: Fact,
    /// The primary outcome, or why there is none.
    pub headline: Fact,
    /// Further numbers.
    #[serde(default)]
    pub numbers: Vec<Fact>,
    /// How soon it works, where a source says so.
    pub speed: Option<Fact>,
    /// Side effects.
    #[serde(default)]
    pub safety: Vec<Fact>,
    /// What it cannot say; our judgement.
    pub limits: Vec<String>,
    /// Who paid or wrote; none where it was not reached.
    pub funding: Option<Fact>,
    /// What we take from it; our judgement.
    pub reading: String,
    /// What could not be read.
    pub not_reached: Vec<String>,
}

impl Study {
    /// What it is for or against: "against ketamine in depression".
    #[must_use]
    pub fn stands(&self) -> String {
        let of = match self.group {
            Group::Randomised | Group::Uncontrolled | Group::Pooled => "ketamine in PTSD",
            Group::AtHome => "ketamine at home",
            Group::Masked => "ketamine in depression",
            Group::Conventional if self.slug == "va-dod-2023" => "ketamine in PTSD",
            Group::Conventional => "the treatment named",
            Group::Safety => "a question of benefit",
        };
        match self.verdict {
            Verdict::Neither => format!("neither for nor against {of}"),
            one => format!("{} {of}", one.word()),
        }
    }

    /// Every fact about it.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        [&self.design, &self.people, &self.dose, &self.control, &self.instrument, &self.headline]
            .into_iter()
            .chain(&self.numbers)
            .chain(&self.speed)
            .chain(&self.safety)
            .chain(&self.funding)
    }

    /// The numbers of the sources that its facts name, each once, in order.
    #[must_use]
    pub fn sources(&self) -> Vec<u16> {
        let mut sources: Vec<u16> = self.facts().flat_map(Fact::sources).copied().collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}
