//! The topics by their codes and words, what looks like them, and the files they come from.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use stillwater_care::facts::HistoryTopic::*;

use super::*;

const NOW: Standing = Standing { present: true, recent: true };
const LONG_OVER: Standing = Standing { present: false, recent: false };

fn words(text: &str) -> Answers {
    words_standing(text, NOW)
}

fn words_standing(text: &str, standing: Standing) -> Answers {
    let concept = Concept { codings: Vec::new(), text: text.to_owned() };
    of(&concept, &[text.to_owned()], standing)
}

fn coded(system: &str, code: &str) -> Answers {
    let concept = Concept { codings: vec![(system.to_owned(), code.to_owned(), String::new())], text: code.to_owned() };
    of(&concept, &[], NOW)
}

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const SCT: &str = "http://snomed.info/sct";

/// The check digit of SNOMED CT: the dihedral group of the pentagon, after Verhoeff.
fn has_check_digit(code: &str) -> bool {
    let multiply = |a: usize, b: usize| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0;
    for (place, digit) in code.bytes().rev().enumerate() {
        let mut digit = usize::from(digit - b'0');
        for _ in 0..place % 8 {
            digit = once[digit];
        }
        check = multiply(check, digit);
    }
    check == 0
}

#[test]
fn every_snomed_code_has_its_check_digit_and_a_topic_that_exists() {
    assert!(has_check_digit("22298006") && !has_check_digit("22298007") && !has_check_digit("703221007"));
    let ids: BTreeSet<&str> = topics().iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(ids.len(), topics().len());
    for (code, topics) in snomed() {
        assert!(has_check_digit(code), "{code}");
        assert!(topics.iter().all(|topic| ids.contains(topic.as_str())), "{code}: {topics:?}");
    }
    assert_eq!(snomed().is_empty(), cfg!(not(feature = "terminology")));
}

#[test]
fn every_topic_answers_something_and_can_be_found() {
    for topic in topics() {
        let answers = topic.answers.len() + topic.while_present.len() + topic.while_recent.len();
        assert!(answers > 0 || topic.concern.is_some(), "{}", topic.id);
        assert!(!topic.words.is_empty(), "{}", topic.id);
        let languages = [&topic.spanish, &topic.french, &topic.german, &topic.portuguese];
        assert!(languages.iter().all(|words| !words.is_empty()), "{}", topic.id);
        let codes = topic.icd10.iter().chain(&topic.icd10_ask).chain(&topic.icd9).chain(&topic.icd9_ask);
        assert!(codes.clone().all(|code| !code.contains('.') && !code.is_empty()), "{}", topic.id);
    }
    assert!(topics().len() > 30);
}

#[test]
fn codes_of_something_else_of_a_wider_concept_or_of_a_shape_of_tissue_answer_nothing() {
    for (code, name) in [
        ("72861004", "panic disorder without agoraphobia"),
        ("1686006", "anxiety disorder caused by a sedative"),
        ("90470006", "prostatectomy"),
        ("4800001", "no bladder disease"),
        ("230744007", "no raised pressure in the head"),
        ("703221007", "its check digit is wrong"),
        ("169826009", "no pregnancy of now"),
        ("235856003", "liver disease of any kind"),
        ("328383001", "chronic liver disease of any kind"),
        ("409622000", "respiratory failure of any kind"),
        ("24551003", "a shape of tissue"),
        ("85659009", "a shape of tissue"),
    ] {
        assert_eq!(coded(SCT, code), Answers::default(), "{code}: {name}");
    }
    // A substance use disorder of any kind is none of opioids.
    assert!(!coded(SCT, "426590003").topics.contains(&OpioidUseDisorder));
}

#[test]
fn words_find_their_topics() {
    for (text, topic) in [
        ("Stroke", Stroke),
        ("CVA with left weakness", Stroke),
        ("Acute ST segment elevation myocardial infarction", CardiacEvent),
        ("CHF", CardiacEvent),
        ("Congestive cardiac failure", CardiacEvent),
        ("Coronary artery disease", CardiacEvent),
        ("Atrial fibrillation", CardiacEvent),
        ("Mitral stenosis", CardiacEvent),
        ("Unruptured cerebral aneurysm", Aneurysm),
        ("AAA 4.2 cm", Aneurysm),
        ("Bauchaortenaneurysma", Aneurysm),
        ("AVM of brain", ArteriovenousMalformation),
        ("s/p SAH 2011", IntracerebralHaemorrhage),
        ("Paranoid schizophrenia", PsychosisLifetime),
        ("esquizofrenia paranoide", PsychosisLifetime),
        ("Bipolar II disorder", ManiaLifetime),
        ("Normal pregnancy", CouldBePregnant),
        ("embarazo de 12 semanas", CouldBePregnant),
        ("Severe opioid use disorder", OpioidUseDisorder),
        ("OUD, severe", OpioidUseDisorder),
        ("ETOH abuse", SubstanceUseDisorderModerate),
        ("Alcoholism", SubstanceUseDisorderModerate),
        ("Marijuana dependence", SubstanceUseDisorderModerate),
        ("OSA on CPAP", SleepApnoea),
        ("COPD", LungDisease),
        ("Seizure disorder", Seizures),
        ("Open-angle glaucoma", Glaucoma),
        ("Graves disease", Thyrotoxicosis),
        ("Alcoholic cirrhosis of liver", LiverDiseaseSevere),
        ("Interstitial cystitis", BladderDisease),
        ("Dissociative identity disorder", DissociativeDisorder),
        ("Benign intracranial hypertension", RaisedIntracranialPressure),
        ("Meningioma", RaisedIntracranialPressure),
        ("special K use", KetamineMisuse),
        ("Herzinsuffizienz NYHA II", CardiacEvent),
        ("acidente vascular cerebral", Stroke),
    ] {
        assert!(words(text).topics.contains(&topic), "{text}: {:?}", words(text));
    }
}

#[test]
fn lookalikes_are_not_taken() {
    for text in [
        "Acute cholecystitis",
        "Kleptomania",
        "Heat stroke",
        "Major depression without psychotic features",
        "Nicotine dependence",
        "Hypertension",
        "Asthma",
        "Tiara-shaped laceration",
        "Anemia",
        "Non-alcoholic fatty liver",
        "Renal insufficiency",
        "Post-traumatic stress disorder",
        "Major depressive disorder",
        "CVA tenderness",
        "Colecistitis aguda",
    ] {
        assert_eq!(words(text), Answers::default(), "{text}");
    }
}

#[test]
fn what_is_denied_or_somebody_elses_is_not_taken_and_what_is_suspected_is_asked() {
    for text in ["No history of stroke", "Family history of stroke", "Mother with bipolar disorder", "Denies psychosis"]
    {
        assert_eq!(words(text), Answers::default(), "{text}");
    }
    let suspected = words("Rule out stroke");
    assert_eq!((suspected.topics, suspected.asks), (Vec::new(), vec![("stroke", AskWhy::Suspected)]));
    assert!(words("Schizophrenia. Family history of diabetes.").topics.contains(&PsychosisLifetime));
}

#[test]
fn codes_are_enough_without_words_and_are_never_read_without_their_system() {
    assert_eq!(coded(ICD, "I69.1").topics, [IntracerebralHaemorrhage]);
    assert_eq!(coded(ICD, "I69.3").topics, [Stroke]);
    assert_eq!(coded(ICD, "F11.20").topics, [OpioidUseDisorder, SubstanceUseDisorderModerate]);
    assert_eq!(coded("urn:oid:2.16.840.1.113883.6.90", "I71.4").topics, [Aneurysm]);
    assert_eq!(coded("http://hl7.org/fhir/sid/icd-9-cm", "441.4").topics, [Aneurysm]);
    assert_eq!(coded("urn:oid:2.16.840.1.113883.6.103", "V22.2").topics, [CouldBePregnant]);
    assert_eq!(coded("http://example.org/local", "22298006"), Answers::default());
    assert_eq!(coded("", "I63.9"), Answers::default());
    assert_eq!(coded("http://hl7.org/fhir/sid/icd-10-pcs", "I71"), Answers::default());
    if cfg!(feature = "terminology") {
        assert_eq!(coded(SCT, "22298006").topics, [CardiacEvent]);
        assert_eq!(coded("urn:oid:2.16.840.1.113883.6.96", "22298006").topics, [CardiacEvent]);
    }
}

#[test]
fn a_code_that_is_two_things_answers_both() {
    assert_eq!(coded(ICD, "F10.951").topics, [PsychosisLifetime, PsychosisCurrent, SubstanceUseDisorderModerate]);
    assert_eq!(coded(ICD, "I11.0").topics, [CardiacEvent]);
    assert!(coded(ICD, "S06.5X9A").topics.contains(&IntracerebralHaemorrhage));
    assert_eq!(coded(ICD, "F30.2").topics, [PsychosisLifetime, PsychosisCurrent, ManiaLifetime, ManiaCurrent]);
}

#[test]
fn a_wide_code_asks_and_answers_nothing() {
    let wide = coded(ICD, "I67.89");
    assert_eq!((wide.topics, wide.asks), (Vec::new(), vec![("stroke", AskWhy::WideCode)]));
    assert_eq!(coded(ICD, "Z82.3"), Answers::default());
}

#[test]
fn what_is_over_counts_only_where_ever_counts() {
    let over = |text| words_standing(text, LONG_OVER).topics;
    assert_eq!(over("Normal pregnancy"), []);
    assert_eq!(over("Stroke"), [Stroke]);
    assert_eq!(over("Schizophrenia"), [PsychosisLifetime]);
    assert_eq!(words("Schizophrenia").topics, [PsychosisLifetime, PsychosisCurrent]);
    assert_eq!(over("Alcohol abuse"), []);
    let recent = Standing { present: false, recent: true };
    assert_eq!(words_standing("Alcohol abuse", recent).topics, [SubstanceUseDisorderModerate]);
    let remission = words("Opioid use disorder, in remission");
    assert_eq!(remission.topics, [OpioidUseDisorder]);
    assert_eq!(remission.asks, [("opioid-use-disorder", AskWhy::OverSinceWhen)]);
}

#[test]
fn a_chronic_heart_disease_lasts_and_a_heart_attack_is_an_event() {
    assert!(words("Chronic congestive heart failure").lasting && words("Paroxysmal atrial fibrillation").lasting);
    assert!(!words("Myocardial infarction").lasting && !words_standing("Heart failure", LONG_OVER).lasting);
}

#[test]
fn suicidality_is_a_concern_and_a_denial_or_a_loss_is_none() {
    let concerns = |text: &str| words(text).concerns;
    assert_eq!(concerns("Suicide attempt"), [Concern::SuicideAttempt]);
    assert_eq!(concerns("Hx of suicide attempt in 2015"), [Concern::SuicideAttempt]);
    assert_eq!(concerns("At increased risk for suicide (finding)"), [Concern::SuicidalThoughts]);
    assert_eq!(concerns("Tentative de suicide en 2020"), [Concern::SuicideAttempt]);
    assert_eq!(coded(ICD, "T42.4X2A").concerns, [Concern::SuicideAttempt, Concern::Overdose]);
    assert_eq!(coded(ICD, "T42.4X5A").concerns, []);
    for text in
        ["Denies SI/HI", "No suicidal ideation", "Father's suicide", "Family history of suicide", "Accidental overdose"]
    {
        let found = concerns(text);
        assert!(
            !found.contains(&Concern::SuicideAttempt) && !found.contains(&Concern::SuicidalThoughts),
            "{text}: {found:?}"
        );
    }
}
