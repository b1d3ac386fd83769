//! Which imported conditions may answer a question of the medical history.
//!
//! Codes first (SNOMED CT, ICD-10), then plain words where no code is known. The words are chosen to catch too much
//! rather than too little: a candidate is looked at by staff, while one that is missed is looked at by nobody.

use stillwater_care::facts::HistoryTopic::{self, *};

use crate::value::{Concept, ICD10, SNOMED};

/// SNOMED CT concepts by topic.
const CODES: &[(HistoryTopic, &[&str])] = &[
    (Aneurysm, &["233985008", "74883004", "128609009", "308546005", "67362008", "85659009"]),
    (ArteriovenousMalformation, &["24551003", "234142008", "703221007"]),
    (IntracerebralHaemorrhage, &["274100004", "1386000", "21454007", "35486000"]),
    (
        CardiacEvent,
        &[
            "22298006",
            "57054005",
            "399211009",
            "401303003",
            "401314000",
            "1755008",
            "4557003",
            "394659003",
            "410429000",
            "429007001",
            "84114007",
            "42343007",
            "88805009",
            "25106000",
            "64715009",
        ],
    ),
    (Stroke, &["230690007", "422504002", "432504007", "266257000", "275526006", "371041009"]),
    (PsychosisLifetime, &["58214004", "68890003", "69322001", "48500005", "191525009", "64905009", "278853003"]),
    (ManiaLifetime, &["13746004", "371596008", "83225003", "231494001", "68569003", "9340000", "35846004"]),
    (
        CouldBePregnant,
        &["72892002", "77386006", "79586000", "47200007", "398254007", "34801009", "237238006", "169826009"],
    ),
    (OpioidUseDisorder, &["5602001", "75544000", "231477003", "426590003", "191819002"]),
    (
        SubstanceUseDisorderModerate,
        &[
            "7200002",
            "66590003",
            "15167005",
            "284591009",
            "6525002",
            "26416006",
            "78267003",
            "31956009",
            "37344009",
            "85005007",
            "191816009",
        ],
    ),
    (RaisedIntracranialPressure, &["271719001", "68267002", "230744007", "230745008", "126952004"]),
    (Glaucoma, &["23986001", "4210003", "77075001", "33647009"]),
    (Thyrotoxicosis, &["34486009", "90739004", "353295004", "29028009"]),
    (SleepApnoea, &["73430006", "78275009", "27405005"]),
    (LungDisease, &["13645005", "185086009", "87433001", "51615001", "409622000", "70995007", "190905008"]),
    (Seizures, &["84757009", "128613002", "703151001", "91175000", "313307000", "230456007"]),
    (LiverDiseaseSevere, &["19943007", "59927004", "328383001", "34742003", "235856003", "420054005", "13920009"]),
    (BladderDisease, &["38822007", "197834003", "90470006", "4800001"]),
    (DissociativeDisorder, &["44376007", "31611000", "1686006", "72861004"]),
];

/// ICD-10 by the beginning of the code, without its point. The longest beginning that fits decides.
const ICD: &[(&str, HistoryTopic)] = &[
    ("I671", Aneurysm),
    ("I71", Aneurysm),
    ("I72", Aneurysm),
    ("Q273", ArteriovenousMalformation),
    ("Q280", ArteriovenousMalformation),
    ("Q282", ArteriovenousMalformation),
    ("I60", IntracerebralHaemorrhage),
    ("I61", IntracerebralHaemorrhage),
    ("I62", IntracerebralHaemorrhage),
    ("I690", IntracerebralHaemorrhage),
    ("I691", IntracerebralHaemorrhage),
    ("I692", IntracerebralHaemorrhage),
    ("I63", Stroke),
    ("I64", Stroke),
    ("I69", Stroke),
    ("G45", Stroke),
    ("Z8673", Stroke),
    ("I200", CardiacEvent),
    ("I21", CardiacEvent),
    ("I22", CardiacEvent),
    ("I24", CardiacEvent),
    ("I252", CardiacEvent),
    ("I46", CardiacEvent),
    ("I50", CardiacEvent),
    ("F20", PsychosisLifetime),
    ("F22", PsychosisLifetime),
    ("F23", PsychosisLifetime),
    ("F24", PsychosisLifetime),
    ("F25", PsychosisLifetime),
    ("F28", PsychosisLifetime),
    ("F29", PsychosisLifetime),
    ("F323", PsychosisLifetime),
    ("F333", PsychosisLifetime),
    ("F531", PsychosisLifetime),
    ("F30", ManiaLifetime),
    ("F31", ManiaLifetime),
    ("O", CouldBePregnant),
    ("Z33", CouldBePregnant),
    ("Z34", CouldBePregnant),
    ("Z3A", CouldBePregnant),
    ("Z391", BreastFeeding),
    ("F11", OpioidUseDisorder),
    ("F10", SubstanceUseDisorderModerate),
    ("F12", SubstanceUseDisorderModerate),
    ("F13", SubstanceUseDisorderModerate),
    ("F14", SubstanceUseDisorderModerate),
    ("F15", SubstanceUseDisorderModerate),
    ("F16", SubstanceUseDisorderModerate),
    ("F18", SubstanceUseDisorderModerate),
    ("F19", SubstanceUseDisorderModerate),
    ("G91", RaisedIntracranialPressure),
    ("G932", RaisedIntracranialPressure),
    ("G935", RaisedIntracranialPressure),
    ("C71", RaisedIntracranialPressure),
    ("C793", RaisedIntracranialPressure),
    ("D33", RaisedIntracranialPressure),
    ("H40", Glaucoma),
    ("H42", Glaucoma),
    ("E05", Thyrotoxicosis),
    ("G473", SleepApnoea),
    ("J41", LungDisease),
    ("J42", LungDisease),
    ("J43", LungDisease),
    ("J44", LungDisease),
    ("J47", LungDisease),
    ("J84", LungDisease),
    ("J961", LungDisease),
    ("I270", LungDisease),
    ("E84", LungDisease),
    ("G40", Seizures),
    ("G41", Seizures),
    ("R56", Seizures),
    ("I85", LiverDiseaseSevere),
    ("K703", LiverDiseaseSevere),
    ("K704", LiverDiseaseSevere),
    ("K72", LiverDiseaseSevere),
    ("K74", LiverDiseaseSevere),
    ("K766", LiverDiseaseSevere),
    ("K767", LiverDiseaseSevere),
    ("N30", BladderDisease),
    ("F44", DissociativeDisorder),
];

/// Words that stand for a topic: every one of `all` (each a choice of beginnings of words, divided by `|`) is there, and
/// none of `but`.
struct Words {
    topic: HistoryTopic,
    all: &'static [&'static str],
    but: &'static str,
}

const WORDS: &[Words] = &[
    Words { topic: Aneurysm, all: &["aneurysm|aortic dissection"], but: "aneurysmal bone" },
    Words { topic: ArteriovenousMalformation, all: &["arteriovenous malformation|avm"], but: "" },
    Words {
        topic: IntracerebralHaemorrhage,
        all: &[
            "intracerebral|intracranial|subarachnoid|subdural|cerebral|brain|haemorrhagic stroke|hemorrhagic stroke",
            "haemorrhag|hemorrhag|bleed|haematoma|hematoma",
        ],
        but: "",
    },
    Words {
        topic: CardiacEvent,
        all: &[
            "myocardial infarct|heart attack|unstable angina|acute coronary|cardiac arrest|heart failure|stemi|nstemi",
        ],
        but: "",
    },
    Words {
        topic: Stroke,
        all: &[
            "stroke|cerebrovascular accident|cerebral infarct|transient ischemic attack|transient ischaemic attack|tia|brain infarct",
        ],
        but: "heat stroke|heatstroke|stroke volume",
    },
    Words {
        topic: PsychosisLifetime,
        all: &["psychosis|psychotic|schizophren|schizoaffective|delusional disorder"],
        but: "without psychotic|no psychotic|non-psychotic|nonpsychotic",
    },
    Words { topic: ManiaLifetime, all: &["bipolar|mania|manic|hypomani|cyclothymi"], but: "" },
    Words {
        topic: CouldBePregnant,
        all: &["pregnan|gestation|antepartum|pre-eclampsia|preeclampsia"],
        but: "not pregnant|pregnancy test negative|postpartum",
    },
    Words { topic: BreastFeeding, all: &["breastfeed|breast-feed|breast feed|lactating"], but: "" },
    Words {
        topic: KetamineMisuse,
        all: &["ketamine|phencyclidine|pcp", "abuse|misuse|depend|use disorder|addict"],
        but: "",
    },
    Words {
        topic: OpioidUseDisorder,
        all: &["opioid|opiate|heroin|fentanyl|morphine|oxycodone|methadone", "abuse|misuse|depend|use disorder|addict"],
        but: "",
    },
    Words {
        topic: SubstanceUseDisorderModerate,
        all: &[
            "alcohol|drug|substance|cannabis|cocaine|amphetamine|methamphetamine|sedative|benzodiazepine|opioid|opiate|heroin|ketamine|phencyclidine|hallucinogen|inhalant",
            "abuse|misuse|depend|use disorder|addict",
        ],
        but: "nicotine|tobacco",
    },
    Words { topic: SubstanceUseDisorderModerate, all: &["alcoholism|alcoholic"], but: "non-alcoholic|nonalcoholic" },
    Words {
        topic: RaisedIntracranialPressure,
        all: &[
            "raised intracranial|increased intracranial|intracranial hypertension|brain tumor|brain tumour|neoplasm of brain|glioma|glioblastoma|hydrocephal|pseudotumor cerebri",
        ],
        but: "",
    },
    Words { topic: Glaucoma, all: &["glaucoma|ocular hypertension|raised intraocular"], but: "" },
    Words { topic: Thyrotoxicosis, all: &["thyrotoxic|hyperthyroid|graves|toxic goit|thyroid storm"], but: "" },
    Words { topic: SleepApnoea, all: &["apnea|apnoea"], but: "newborn|neonat|prematurity" },
    Words {
        topic: LungDisease,
        all: &[
            "copd|chronic obstructive|emphysema|pulmonary fibrosis|interstitial lung|cystic fibrosis|bronchiectasis|chronic respiratory failure|pulmonary hypertension",
        ],
        but: "",
    },
    Words { topic: Seizures, all: &["epilep|seizure|convulsion"], but: "" },
    Words {
        topic: LiverDiseaseSevere,
        all: &[
            "cirrhosis|liver failure|hepatic failure|hepatic encephalopathy|end stage liver|end-stage liver|portal hypertension|oesophageal varices|esophageal varices",
        ],
        but: "primary biliary cholangitis without",
    },
    Words { topic: BladderDisease, all: &["cystitis|bladder pain|painful bladder"], but: "" },
    Words { topic: DissociativeDisorder, all: &["dissociative|multiple personality|depersonali"], but: "" },
];

/// The topics that hold only while a condition is there.
fn only_while_present(topic: HistoryTopic) -> bool {
    matches!(
        topic,
        PsychosisCurrent
            | ManiaCurrent
            | CouldBePregnant
            | BreastFeeding
            | SubstanceUseDisorderModerate
            | RaisedIntracranialPressure
            | Thyrotoxicosis
            | BladderDisease
    )
}

/// The topics that a condition may answer. `present` is false once it is over; a substance use disorder that ended
/// within six months counts as `recent`.
pub fn of(concept: &Concept, present: bool, recent: bool) -> Vec<HistoryTopic> {
    let words = concept.words();
    if ["family history", "fh:", "at risk of", "screening for", "fear of"].iter().any(|other| words.contains(other)) {
        return Vec::new();
    }
    let mut topics = Vec::new();
    let mut add = |topic: HistoryTopic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    };
    for code in concept.codes(SNOMED) {
        CODES.iter().filter(|(_, codes)| codes.contains(&code)).for_each(|(topic, _)| add(*topic));
    }
    for code in concept.codes(ICD10) {
        let code = code.replace('.', "").to_ascii_uppercase();
        ICD.iter()
            .filter(|(start, _)| code.starts_with(start))
            .max_by_key(|(start, _)| start.len())
            .into_iter()
            .for_each(|(_, topic)| add(*topic));
    }
    WORDS
        .iter()
        .filter(|w| w.all.iter().all(|choice| has_any(&words, choice)))
        .filter(|w| w.but.is_empty() || !w.but.split('|').any(|not| words.contains(not)))
        .for_each(|w| add(w.topic));
    // One condition can answer more than one question.
    if topics.contains(&OpioidUseDisorder) {
        add_to(&mut topics, SubstanceUseDisorderModerate);
    }
    if topics.contains(&PsychosisLifetime) {
        add_to(&mut topics, PsychosisCurrent);
    }
    if topics.contains(&ManiaLifetime) && has_any(&words, "mania|manic|hypomani") && !words.contains("history of") {
        add_to(&mut topics, ManiaCurrent);
    }
    if words.contains("history of") {
        topics.retain(|topic| !only_while_present(*topic));
    }
    topics.retain(|topic| present || !only_while_present(*topic) || (recent && *topic == SubstanceUseDisorderModerate));
    topics
}

fn add_to(topics: &mut Vec<HistoryTopic>, topic: HistoryTopic) {
    if !topics.contains(&topic) {
        topics.push(topic);
    }
}

/// One of the `choice`s begins a word of `words`, so that "cholecystitis" is no cystitis and "kleptomania" no mania.
pub fn has_any(words: &str, choice: &str) -> bool {
    choice.split('|').any(|start| {
        words.match_indices(start).any(|(at, found)| {
            let before = words.get(..at).and_then(|text| text.chars().next_back());
            let after = words.get(at + found.len()..).and_then(|text| text.chars().next());
            // An abbreviation has to be a word by itself.
            let whole = found.len() > 4 || !after.is_some_and(char::is_alphanumeric);
            !before.is_some_and(char::is_alphanumeric) && whole
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Concept {
        Concept { codings: Vec::new(), text: text.to_owned() }
    }

    fn coded(system: &str, code: &str) -> Concept {
        Concept { codings: vec![(system.to_owned(), code.to_owned(), String::new())], text: "unsaid".to_owned() }
    }

    #[test]
    fn words_find_their_topics() {
        for (text, topic) in [
            ("Stroke", Stroke),
            ("Acute ST segment elevation myocardial infarction", CardiacEvent),
            ("Unruptured cerebral aneurysm", Aneurysm),
            ("AVM of brain", ArteriovenousMalformation),
            ("Subarachnoid hemorrhage", IntracerebralHaemorrhage),
            ("Paranoid schizophrenia", PsychosisLifetime),
            ("Bipolar II disorder", ManiaLifetime),
            ("Normal pregnancy", CouldBePregnant),
            ("Severe opioid use disorder", OpioidUseDisorder),
            ("Alcoholism", SubstanceUseDisorderModerate),
            ("Obstructive sleep apnea", SleepApnoea),
            ("COPD", LungDisease),
            ("Seizure disorder", Seizures),
            ("Open-angle glaucoma", Glaucoma),
            ("Graves disease", Thyrotoxicosis),
            ("Alcoholic cirrhosis of liver", LiverDiseaseSevere),
            ("Interstitial cystitis", BladderDisease),
            ("Dissociative identity disorder", DissociativeDisorder),
            ("Benign intracranial hypertension", RaisedIntracranialPressure),
            ("Ketamine dependence", KetamineMisuse),
        ] {
            assert!(of(&words(text), true, true).contains(&topic), "{text}");
        }
    }

    #[test]
    fn lookalikes_are_not_taken() {
        for text in [
            "Acute cholecystitis",
            "Kleptomania",
            "Heat stroke",
            "Family history of stroke",
            "Major depression without psychotic features",
            "Nicotine dependence",
            "Hypertension",
            "Asthma",
            "Tiara-shaped laceration",
            "Anemia",
            "Non-alcoholic fatty liver",
        ] {
            assert_eq!(of(&words(text), true, true), Vec::new(), "{text}");
        }
    }

    #[test]
    fn codes_are_enough_without_words() {
        assert_eq!(of(&coded("http://snomed.info/sct", "22298006"), true, true), [CardiacEvent]);
        assert_eq!(of(&coded("http://hl7.org/fhir/sid/icd-10-cm", "I69.1"), true, true), [IntracerebralHaemorrhage]);
        assert_eq!(of(&coded("http://hl7.org/fhir/sid/icd-10-cm", "I69.3"), true, true), [Stroke]);
        assert_eq!(
            of(&coded("http://hl7.org/fhir/sid/icd-10-cm", "F11.20"), true, true),
            [OpioidUseDisorder, SubstanceUseDisorderModerate]
        );
        assert_eq!(of(&coded("http://example.org/local", "22298006"), true, true), Vec::new());
    }

    #[test]
    fn what_is_over_counts_only_where_ever_counts() {
        assert_eq!(of(&words("Normal pregnancy"), false, false), Vec::new());
        assert_eq!(of(&words("Stroke"), false, false), [Stroke]);
        assert_eq!(of(&words("Schizophrenia"), false, false), [PsychosisLifetime]);
        assert_eq!(of(&words("Schizophrenia"), true, false), [PsychosisLifetime, PsychosisCurrent]);
        assert_eq!(of(&words("Alcohol abuse"), false, true), [SubstanceUseDisorderModerate]);
        assert_eq!(of(&words("Alcohol abuse"), false, false), Vec::new());
    }
}
