//! An instrument as its file says it: items, scoring, bands, cut-offs, safety items, change, sources, licence.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::condition::Condition;
use crate::number::Number;

macro_rules! words {
    ($(#[$doc:meta])+ $name:ident { $($(#[$vdoc:meta])+ $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])+ #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The word of the file format.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// Who fills it in.
    Mode {
        /// The person themselves.
        SelfReport = "self",
        /// A clinician who interviews.
        Clinician = "clinician",
        /// Staff who observe.
        Staff = "staff",
    }
}
words! {
    /// Whether its text may be carried and shown.
    Embed {
        /// Anyone may.
        Yes = "yes",
        /// Non-commercial use only: kept out of any build that is sold.
        NonCommercial = "yes-nc",
        /// No: only numbers, topics in our own words, scoring and thresholds are here.
        No = "no",
    }
}
words! {
    /// How far the text was checked.
    TextStatus {
        /// Read to the letter in stored copies.
        Verified = "verified",
        /// Not to be shown before somebody has compared it with its source.
        FromMemory = "from-memory",
        /// Ours.
        OwnWords = "own-words",
        /// No text.
        None = "none",
    }
}
words! {
    /// How a score is worked out.
    Method {
        /// Sum.
        Sum = "sum",
        /// Mean of the answered.
        Mean = "mean",
        /// Largest.
        Max = "max",
        /// One item.
        Single = "single",
        /// How many items reach the threshold.
        Count = "count",
        /// How many items hold one of the codes.
        CountAny = "count_any",
        /// Highest of each group, added up.
        SumOfMax = "sum_of_max",
        /// Largest weight among the items answered 1 or more.
        Highest = "highest",
        /// 100 × sum / highest possible of the answered.
        PercentOfMax = "percent_of_max",
        /// Another score times a factor.
        Scaled = "scaled",
    }
}
words! {
    /// What missing items do to a score.
    MissingPolicy {
        /// More than so many missing: no score.
        Refuse = "refuse",
        /// Up to so many missing: sum × items / answered.
        Prorate = "prorate",
        /// Use what is there.
        Ignore = "ignore",
    }
}
words! {
    /// Which way is worse.
    Direction {
        /// Higher is worse.
        HigherWorse = "higher-worse",
        /// Higher is better.
        HigherBetter = "higher-better",
        /// Neither.
        None = "none",
    }
}
words! {
    /// How fast a safety item wants somebody.
    SafetyLevel {
        /// At once.
        Emergency = "emergency",
        /// Very soon.
        Urgent = "urgent",
        /// Before the day ends.
        SameDay = "same-day",
        /// At the next look.
        Review = "review",
    }
}
words! {
    /// What a change threshold means.
    ChangeKind {
        /// More than chance would give.
        Reliable = "reliable",
        /// The least that matters to people.
        MinimalImportant = "minimal-important",
        /// Response.
        Response = "response",
        /// Clinically significant.
        ClinicallySignificant = "clinically-significant",
        /// Remission.
        Remission = "remission",
        /// Worse.
        Deterioration = "deterioration",
    }
}
words! {
    /// What a change threshold is measured by.
    ChangeBasis {
        /// Points.
        Points = "points",
        /// Per cent of the earlier score.
        Percent = "percent",
        /// Where the score is now.
        Level = "level",
        /// Both points and level.
        PointsAndLevel = "points-and-level",
    }
}
words! {
    /// Which way the score is to move.
    ChangeDirection {
        /// Down.
        Decrease = "decrease",
        /// Up.
        Increase = "increase",
        /// Either; the level decides.
        None = "none",
    }
}
words! {
    /// A comparison in a cut-off or level.
    Op {
        /// At least.
        Ge = ">=",
        /// More than.
        Gt = ">",
        /// At most.
        Le = "<=",
        /// Less than.
        Lt = "<",
    }
}

impl Op {
    /// Whether `value` satisfies it against `limit`.
    #[must_use]
    pub fn holds(self, value: Number, limit: Number) -> bool {
        match self {
            Self::Ge => value >= limit,
            Self::Gt => value > limit,
            Self::Le => value <= limit,
            Self::Lt => value < limit,
        }
    }
}

words! {
    /// Whether a score's missing rule is published or ours.
    MissingSource {
        /// Published.
        Published = "published",
        /// This project's policy.
        ProjectPolicy = "project-policy",
    }
}
words! {
    /// What a rule of an instrument says.
    RuleKind {
        /// A provisional diagnosis.
        Diagnosis = "diagnosis",
        /// A screen.
        Screen = "screen",
        /// A triage.
        Triage = "triage",
        /// A subtype.
        Subtype = "subtype",
    }
}
words! {
    /// Where an instrument comes from.
    Origin {
        /// Published by others.
        Published = "published",
        /// Ours, and unvalidated.
        Ours = "ours",
    }
}

/// Under which licence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Status word.
    pub status: String,
    /// Who holds it.
    pub holder: String,
    /// Terms in words.
    pub terms: String,
    /// Commercial use: yes, no, ask or unknown.
    pub commercial: String,
    /// To be shown with the form.
    pub attribution: String,
    /// What the reading rests on.
    pub evidence: Vec<String>,
}

/// LOINC codes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loinc {
    /// Panel code.
    pub panel: String,
    /// Code of the total.
    pub total: String,
    /// How many sources agree.
    pub confidence: String,
    /// Note.
    pub note: String,
}

/// What stands above the items.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instructions {
    /// How far the text was checked.
    pub text_status: TextStatus,
    /// The text.
    pub text: String,
    /// Wording for a screen, where the paper says "circle".
    #[serde(default)]
    pub screen_text: String,
    /// Shown right above the items.
    pub stem: String,
}

/// One answer of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its value.
    pub value: Number,
    /// Its words.
    pub label: String,
    /// It stands for not wanting to answer: what "I would rather not say" gives on a phone.
    #[serde(default)]
    pub declined: bool,
    /// LOINC answer code.
    #[serde(default)]
    pub loinc: String,
}

/// The answers that an item takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OptionSet {
    /// One of these.
    Choice {
        /// Id.
        id: String,
        /// The answers.
        options: Vec<Choice>,
    },
    /// A number.
    Number {
        /// Id.
        id: String,
        /// Least.
        min: Number,
        /// Greatest.
        max: Number,
        /// Step from the least.
        step: Number,
        /// Words at the least.
        #[serde(default)]
        min_label: String,
        /// Words at the greatest.
        #[serde(default)]
        max_label: String,
    },
}

impl OptionSet {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Choice { id, .. } | Self::Number { id, .. } => id,
        }
    }

    /// Least and greatest value.
    #[must_use]
    pub fn range(&self) -> Option<(Number, Number)> {
        match self {
            Self::Choice { options, .. } => {
                let values = options.iter().map(|option| option.value);
                Some((values.clone().min()?, values.max()?))
            }
            Self::Number { min, max, .. } => Some((*min, *max)),
        }
    }
}

/// An item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id.
    pub id: String,
    /// Printed number.
    pub n: u32,
    /// The publisher's words; empty where they are not ours to carry.
    #[serde(default)]
    pub text: String,
    /// The topic, in our own words.
    pub topic: String,
    /// Section.
    #[serde(default)]
    pub section: String,
    /// Id of its option set.
    pub options: String,
    /// Subscale.
    #[serde(default)]
    pub subscale: String,
    /// Scored the other way round.
    #[serde(default)]
    pub reverse: bool,
    /// Adds to a score.
    pub scored: bool,
    /// May be answered "not applicable".
    #[serde(default)]
    pub na_allowed: bool,
    /// The answer is a list.
    #[serde(default)]
    pub multi: bool,
    /// Asked only if.
    #[serde(default)]
    pub ask_if: Option<Condition>,
    /// LOINC code.
    #[serde(default)]
    pub loinc: String,
}

/// A group of items of which the highest answer counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Items.
    pub items: Vec<String>,
    /// How many must be answered.
    pub min_answered: usize,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Id.
    pub id: String,
    /// Words.
    pub label: String,
    /// Method.
    pub method: Method,
    /// Items.
    #[serde(default)]
    pub items: Vec<String>,
    /// Weights, for `highest`.
    #[serde(default)]
    pub weights: Vec<Number>,
    /// Groups, for `sum_of_max`.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Another score, for `scaled`.
    #[serde(default)]
    pub from: String,
    /// Factor, for `scaled`.
    #[serde(default)]
    pub factor: Option<Number>,
    /// Threshold, for `count`.
    #[serde(default)]
    pub threshold: Option<Number>,
    /// Codes, for `count_any`.
    #[serde(default)]
    pub codes: Vec<Number>,
    /// Decimals of the result.
    #[serde(default)]
    pub decimals: Option<u32>,
    /// Least possible.
    pub min: Number,
    /// Greatest possible.
    pub max: Number,
    /// Which way is worse.
    pub direction: Direction,
    /// What missing items do.
    pub missing: MissingPolicy,
    /// How many may be missing.
    pub max_missing: usize,
    /// How many must be answered.
    #[serde(default)]
    pub min_answered: Option<usize>,
    /// Whether that rule is published.
    pub missing_source: MissingSource,
}

/// A severity band.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Of which score.
    pub score: String,
    /// Code.
    pub code: String,
    /// Words.
    pub label: String,
    /// From.
    pub min: Number,
    /// To.
    pub max: Number,
    /// Source id.
    pub source: String,
}

/// A cut-off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cutoff {
    /// Id.
    pub id: String,
    /// Of which score.
    pub score: String,
    /// Comparison.
    pub op: Op,
    /// Value.
    pub value: Number,
    /// For whom, for example sex.
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    /// The one used by default.
    pub default: bool,
    /// Meaning in words.
    pub meaning: String,
    /// Source id.
    pub source: String,
}

/// A rule of the instrument.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentRule {
    /// Id.
    pub id: String,
    /// What it says.
    pub kind: RuleKind,
    /// Words.
    pub label: String,
    /// When it holds.
    pub when: Condition,
    /// Source id.
    pub source: String,
}

/// A safety item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safety {
    /// Id.
    pub id: String,
    /// How fast.
    pub level: SafetyLevel,
    /// When it holds.
    pub when: Condition,
    /// What is to be done.
    pub action: String,
}

/// A change threshold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Id.
    pub id: String,
    /// What it means.
    pub kind: ChangeKind,
    /// Of which score.
    pub score: String,
    /// What it is measured by.
    pub basis: ChangeBasis,
    /// Which way.
    pub direction: ChangeDirection,
    /// At least so many points.
    #[serde(default)]
    pub points: Option<Number>,
    /// At least so many per cent of the earlier score.
    #[serde(default)]
    pub percent: Option<Number>,
    /// Comparison of the level.
    #[serde(default)]
    pub level_op: Option<Op>,
    /// The level.
    #[serde(default)]
    pub level: Option<Number>,
    /// The one used by default.
    pub default: bool,
    /// In whom it was found.
    pub population: String,
    /// Meaning in words.
    pub meaning: String,
    /// Source id.
    pub source: String,
}

/// When the instrument is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchedulePoint {
    /// Point of a course.
    pub point: String,
    /// Required, recommended or optional.
    pub need: String,
    /// Note.
    pub note: String,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Id.
    pub id: String,
    /// Primary, stored or memory.
    pub kind: String,
    /// Citation.
    pub citation: String,
    /// What it supports.
    pub supports: String,
}

/// An instrument.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Always `instrument/1`.
    pub schema: String,
    /// Id.
    pub id: String,
    /// Full title.
    pub title: String,
    /// Short name.
    pub short: String,
    /// Version.
    pub version: String,
    /// Language.
    pub language: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Who fills it in.
    pub mode: Mode,
    /// Time asked about, in words.
    pub recall: String,
    /// Time asked about, as a code.
    pub recall_code: String,
    /// Minutes that it takes.
    pub minutes: u32,
    /// Whether its text may be shown.
    pub embed: Embed,
    /// How far the text was checked.
    pub text_status: TextStatus,
    /// In how many stored copies.
    pub text_sources: u32,
    /// The licence reading is ours and should be confirmed.
    pub legal_review: bool,
    /// In two lines.
    pub summary: String,
    /// Where sources differ and what was chosen.
    pub disagreements: Vec<String>,
    /// Licence.
    pub licence: Licence,
    /// LOINC codes.
    pub loinc: Loinc,
    /// What stands above the items.
    pub instructions: Instructions,
    /// Answer sets.
    #[serde(default)]
    pub option_sets: Vec<OptionSet>,
    /// Items.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Scores.
    #[serde(default)]
    pub scores: Vec<Score>,
    /// Severity bands.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// Cut-offs.
    #[serde(default)]
    pub cutoffs: Vec<Cutoff>,
    /// Rules.
    #[serde(default)]
    pub rules: Vec<InstrumentRule>,
    /// Safety items.
    #[serde(default)]
    pub safety: Vec<Safety>,
    /// Change thresholds.
    #[serde(default)]
    pub change: Vec<Change>,
    /// When it is used.
    #[serde(default)]
    pub schedule: Vec<SchedulePoint>,
    /// Sources.
    #[serde(default)]
    pub sources: Vec<Source>,
}

impl Instrument {
    /// Whether its items may be shown: the licence lets us, and somebody has compared the words with their source.
    #[must_use]
    pub fn may_show_text(&self) -> bool {
        self.embed != Embed::No && matches!(self.text_status, TextStatus::Verified | TextStatus::OwnWords)
    }

    /// An item.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// A score.
    #[must_use]
    pub fn score_named(&self, id: &str) -> Option<&Score> {
        self.scores.iter().find(|score| score.id == id)
    }

    /// The answers that an item takes.
    #[must_use]
    pub fn options_of(&self, item: &Item) -> Option<&OptionSet> {
        self.option_sets.iter().find(|set| set.id() == item.options)
    }

    /// The cut-off used by default for a score.
    #[must_use]
    pub fn default_cutoff(&self, score: &str) -> Option<&Cutoff> {
        self.cutoffs.iter().find(|cutoff| cutoff.score == score && cutoff.default)
    }

    /// The reliable-change threshold used by default for a score.
    #[must_use]
    pub fn default_reliable_change(&self, score: &str) -> Option<&Change> {
        self.change.iter().find(|change| change.score == score && change.kind == ChangeKind::Reliable && change.default)
    }

    /// The first score that stands for the whole: `total`, or the first one.
    #[must_use]
    pub fn main_score(&self) -> Option<&Score> {
        self.score_named("total").or_else(|| self.scores.first())
    }
}
