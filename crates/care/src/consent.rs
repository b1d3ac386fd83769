//! The consent texts, versioned. A text that changes gets a new version; an old signature then no longer opens a gate.
//!
//! The statements follow clinical reference 0.1, 4.6, 6 and 7. They are a proposal: a clinic's own counsel signs its text.

/// One statement that is ticked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Stored id.
    pub id: &'static str,
    /// The words, in plain language.
    pub words: &'static str,
}

/// A consent text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// Id with version: `home-1`.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Includes the notice on compounded products taken at home.
    pub home_notice: bool,
    /// The statements, in order.
    pub statements: &'static [Statement],
}

const fn says(id: &'static str, words: &'static str) -> Statement {
    Statement { id, words }
}

const OFF_LABEL: Statement = says(
    "off-label",
    "Ketamine is not approved for post-traumatic stress disorder. Using it for this is allowed, and is called off-label use.",
);
const EVIDENCE: Statement = says(
    "evidence",
    "It helped in some studies and not in others. The largest study, in 158 veterans and service members, found no difference from placebo on PTSD. A study of 30 people found a large one. It may not help me, and if it helps it may wear off within days or weeks.",
);
const PRESSURE: Statement = says(
    "blood-pressure",
    "Ketamine raises blood pressure and heart rate for a while. That is why both are measured before and after each dose, and why a dose may be held on the day.",
);
const STATE: Statement = says(
    "state",
    "For one to two hours I may feel sleepy, dizzy, sick, far from my body, frightened, or see and hear things differently. Memories may come. Someone stays with me, and I can ask to stop at any time.",
);
const SUICIDE: Statement = says(
    "mood",
    "My mood can dip as the effect fades. I will be asked about thoughts of suicide at each visit. If I am in danger I can call or text 988 (veterans: then press 1), or the emergency number.",
);
const LONG_TERM: Statement = says(
    "long-term",
    "Ketamine used often can harm the bladder and the liver and can become a habit. My team checks for this, and I tell them about pain or blood when I pass water, and about any other use.",
);
const DRIVING: Statement = says(
    "driving",
    "I do not drive, use machines or sign important papers until the next day, after a full night's sleep.",
);
const PREGNANCY: Statement =
    says("pregnancy", "It is not given in pregnancy or while breast-feeding. I tell my team if I could be pregnant.");
const CHOICE: Statement = says(
    "choice",
    "There are other treatments, such as trauma-focused therapy and medicines, and I was told about them. I may say no, or stop at any time, and my other care goes on as before.",
);
const HOME: Statement = says(
    "home",
    "Taking ketamine at home has added risk, because no clinician is in the room. The product is made by a compounding pharmacy and is not checked by the regulator, which warned about this in October 2023 after a person with PTSD was harmed at home. I only take it with my companion in the home and my guide on the line.",
);
const STORAGE: Statement = says(
    "storage",
    "I keep the medicine locked away, take only the dose that was ordered, and never drink alcohol, use cannabis or get into water on the day.",
);

/// Every text ever in force, oldest first.
pub const TEXTS: &[ConsentText] = &[
    ConsentText {
        id: "clinic-1",
        title: "Ketamine for PTSD in the clinic",
        home_notice: false,
        statements: &[OFF_LABEL, EVIDENCE, PRESSURE, STATE, SUICIDE, LONG_TERM, DRIVING, PREGNANCY, CHOICE],
    },
    ConsentText {
        id: "home-1",
        title: "Ketamine for PTSD at home",
        home_notice: true,
        statements: &[
            OFF_LABEL, EVIDENCE, HOME, PRESSURE, STATE, SUICIDE, LONG_TERM, STORAGE, DRIVING, PREGNANCY, CHOICE,
        ],
    },
];

/// The text with an id.
#[must_use]
pub fn text(id: &str) -> Option<&'static ConsentText> {
    TEXTS.iter().find(|text| text.id == id)
}

/// All ids.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    TEXTS.iter().map(|text| text.id).collect()
}
