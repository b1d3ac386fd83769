//! How a medicine's name is taken apart: words without accents and signs, what stands beside a name in an order, how a
//! name sounds, and how far two names are apart.

use std::collections::HashSet;
use std::sync::LazyLock;

use stillwater_care::name::folded;

/// A list of words, read once.
type Words = LazyLock<HashSet<&'static str>>;

/// One word of a name, and in which part of it: parts are joined by a slash, a plus, a comma and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The word, in small letters without accents; letters and digits stand apart.
    pub word: String,
    /// The part.
    pub part: usize,
}

/// The words of a name, as [`Piece`] has them.
pub fn pieces(name: &str) -> Vec<String> {
    let spaced = name.replace(['.', '(', ')', '[', ']'], " ");
    let folded = folded(&spaced);
    folded.split(' ').filter(|word| !word.is_empty()).flat_map(letters_and_digits).collect()
}

fn letters_and_digits(word: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut was_digit = None;
    for letter in word.chars() {
        let digit = letter.is_ascii_digit();
        match runs.last_mut().filter(|_| was_digit == Some(digit)) {
            Some(run) => run.push(letter),
            None => runs.push(letter.to_string()),
        }
        was_digit = Some(digit);
    }
    runs
}

/// The words of a text, each with its part.
pub fn parts(text: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut part = 0;
    for joined in text.split(['/', '+', '&', ';', ',', '|', '{', '}']).flat_map(at_hyphens) {
        for word in pieces(joined) {
            // It may be part of a brand as well, so that it stays among the words.
            let joins = AND.contains(&word.as_str());
            part += usize::from(joins);
            all.push(Piece { word, part });
            part += usize::from(joins);
        }
        part += 1;
    }
    all
}

/// A hyphen between two long words joins two medicines, as labels of pharmacies write them; any other is part of a name.
fn at_hyphens(text: &str) -> Vec<&str> {
    let letters = |part: &str| part.chars().take_while(|letter| letter.is_alphabetic()).count();
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('-') {
        let before: String = text.get(from..at).unwrap_or_default().chars().rev().collect();
        if letters(&before) >= LONG_WORD && letters(text.get(at + 1..).unwrap_or_default()) >= LONG_WORD {
            parts.extend(text.get(from..at));
            from = at + 1;
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// A word of this many letters or more may be a medicine by itself.
const LONG_WORD: usize = 5;

/// Words that join two medicines.
const AND: [&str; 6] = ["and", "y", "et", "und", "e", "plus"];

/// Words that stand beside a medicine and are none: strengths, forms, ways, times, salts, makers' additions.
const BESIDE: &str = "and et und plus mg mcg ug kg ml dl unt unit units unidades einheiten iu ui meq mmol mol hr hrs hour hours hora horas \
    stunden heures min day days dia dias tag tage jour jours week weeks month \
    tab tabs tablet tablets tabletas tablete tabletten tablette tablettes comprimido comprimidos comprime comprimes cp cpr \
    cap caps capsule capsules capsula capsulas kapsel kapseln gelule gelules pill pills pilula pastilla pastillas lozenge \
    lozenges dragee dragees oral orally oraler buccal sublingual sublinguale nasal intranasal rectal vaginal ophthalmic \
    otic topical cutaneous transdermal subcutaneous intravenous intramuscular intrauterine injectable injection inyeccion \
    inyectable injektion injektionslosung infusion perfusion iv im sc po sl pr prn in per solution solucion solucao losung \
    soluble suspension suspensao sirup syrup jarabe sirop xarope saft drop drops gotas gouttes tropfen spray mist patch \
    patches parche parches pflaster patchs adesivo film films strip strips cream creme crema ointment gel lotion foam \
    shampoo powder polvo pulver inhaler inhalation inhalador inhalant metered dry actuat actuation nebulizer aerosol \
    suppository suppositories supositorio zapfchen enema system ring implant drug device pen auto injector autoinjector \
    prefilled syringe vial vials ampul ampule ampoule ampoules ampolla ampollas bottle box pack packs package blister kit \
    extended release prolonged delayed immediate sustained modified controlled liberacion prolongada retard retardtabletten \
    retardkapseln retardada liberation prolongee er xr xl sr cr la ir dr ec hbs odt disintegrating chewable effervescent \
    efervescente brausetabletten coated filmtabletten film enteric abuse deterrent mucosal preservative free sugar generic \
    genericos brand dose doses dosis daily once twice bid tid qid qd qhs nightly weekly every each at as needed with without \
    food water for the of or to by w a an de del la el los las con sin para pour avec du des le les mit zum zur und do da \
    usp ep bp nda hydrochloride hcl hydrobromide chlorhydrate clorhidrato hydrochlorid cloridrato sulfate sulphate sulfato \
    sodium sodico sodique natrium potassium maleate tartrate bitartrate succinate mesylate besylate besilate acetate citrate \
    phosphate fumarate gluconate carbonate propionate valerate bromide chloride nitrate lactate saccharate aspartate \
    monohydrate dihydrate anhydrous base acid acido human porcine bovine recombinant rdna origin acting long short regular \
    adult adults child children pediatric infant junior forte plus max maximum extra strength low high mini micro ultra \
    standardized extract extracto extrait extrakt topico uso use taking takes take taken toma tomar prescribed prescription \
    medication medications medicine medicines medicament medicaments medicamento medicamentos medikament medikamente drug \
    home current currently product products compound compounded tablets tableta mgml gm gram grams gramos mcghr mghr \
    ratiopharm hexal stada zentiva teva mylan sandoz accord aurobindo cinfa normon kern zydus apotex actavis viatris lupin \
    cipla aristo heumann betapharm neuraxpharm desitin puren abz biogaran arrow cristers medley eurofarma generis winthrop \
    bluepharma pharma healthcare laboratories ncpdp none inert ingredient ingredients";

/// Whether a word says nothing about which medicine it is.
pub fn beside(word: &str) -> bool {
    static WORDS: Words = LazyLock::new(|| BESIDE.split_whitespace().collect());
    word.chars().count() < 2 || word.chars().all(|letter| letter.is_ascii_digit()) || WORDS.contains(word)
}

/// A name as it sounds in the languages whose names are known: one spelling for ph and f, y and i, th and t, c and k, and
/// no ending vowel, so that teofilina, Theophyllin and theophylline are one.
pub fn sounds(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut sound = String::with_capacity(word.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied();
        let (said, taken) = match (letter, next) {
            ('p', Some('h')) => ("f", 2),
            ('t', Some('h')) => ("t", 2),
            ('r', Some('h')) => ("r", 2),
            ('c' | 'q' | 'k', Some('h')) => ("k", 2),
            ('q', Some('u')) => ("k", 2),
            ('c', Some('k')) => ("k", 2),
            ('a' | 'o', Some('e')) => ("e", 2),
            ('c', Some('e' | 'i' | 'y')) => ("s", 1),
            ('c' | 'q' | 'k', _) => ("k", 1),
            ('x', _) => ("ks", 1),
            ('z', _) => ("s", 1),
            ('y' | 'j', _) => ("i", 1),
            ('w', _) => ("v", 1),
            ('h', _) => ("", 1),
            _ => ("", 0),
        };
        if taken == 0 {
            if !sound.ends_with(letter) {
                sound.push(letter);
            }
            at += 1;
        } else {
            if !(said.chars().count() == 1 && sound.ends_with(said)) {
                sound.push_str(said);
            }
            at += taken;
        }
    }
    let short = sound.trim_end_matches(['a', 'e', 'i', 'o', 'u']);
    if short.chars().count() > 3 { short.to_owned() } else { sound }
}

/// How many letters have to be put in, left out, changed or exchanged with their neighbour to make one word of the other;
/// `None` where it is more than `most`.
pub fn apart(one: &str, other: &str, most: usize) -> Option<usize> {
    let a: Vec<char> = one.chars().collect();
    let b: Vec<char> = other.chars().collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, beside) in b.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut least =
                (at(&last, j + 1) + 1).min(at(&row, j) + 1).min(at(&last, j) + usize::from(letter != beside));
            let exchanged = i > 0 && j > 0 && a.get(i - 1) == Some(beside) && b.get(j - 1) == Some(letter);
            if exchanged {
                least = least.min(at(&before_last, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= most)
}

/// Words that deny, words for medicines, and words that may stand between them, in five languages.
const DENIES: &str = "no not none nil denies denied without never sin ningun ninguna ninguno ningunos aucun aucune pas sans \
    neant kein keine keinen ohne nenhum nenhuma sem nao nada ne nega niega nie doesnt dont isnt arent nessun nessuna";
const MEDICINES: &str = "medication medications medicine medicines med meds drug drugs medicamento medicamentos medicacion \
    medicament medicaments traitement traitements medikament medikamente medikation dauermedikation arzneimittel medicacao \
    tratamiento tratamento treatment prescriptions prescription pharmacotherapy farmaco farmacos farmaci medikamenten";
const BETWEEN: &str = "known current currently regular regularly taking takes take any at present home active patient on is the of \
    prescribed reported conocida conocidas conocido conocidos actual actuales actualmente habitual habituales toma de d connu \
    connus en cours actuel actuels prend nimmt bekannte bekannten derzeit regelmassige regelmassigen aktuell aktuelle aktuellen \
    conhecido conhecida conhecidos atual atuais em uso se or and y et und e a other otc over counter this time he she they \
    il elle el ella er sie ele ela chronic daily does do did has have been i my ein bekannt bekannter usa usar farmacologico farmacologica reports \
    states stated were was are right now im moment momento moment";

static DENYING: Words = LazyLock::new(|| DENIES.split_whitespace().collect());
static NAMING: Words = LazyLock::new(|| MEDICINES.split_whitespace().collect());
static JOINING: Words = LazyLock::new(|| BETWEEN.split_whitespace().collect());

/// Whether a text has a word that denies, or one that is neither a strength nor a form nor known to `is_it`: whether more is
/// said in it than a name.
pub fn says_more(text: &str, is_it: impl Fn(&str) -> bool) -> bool {
    pieces(text).iter().any(|word| DENYING.contains(word.as_str()) || !(beside(word) || is_it(word)))
}

/// Whether words say that no medicine is taken, and nothing else.
pub fn says_none(text: &str) -> bool {
    let words = pieces(text);
    let among = |list: &Words, word: &str| list.contains(word);
    let denies = words.iter().any(|word| among(&DENYING, word));
    let names = words.iter().any(|word| among(&NAMING, word));
    let nothing_else = words.iter().all(|word| among(&DENYING, word) || among(&NAMING, word) || among(&JOINING, word));
    let alone = matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
        ["none" | "nil" | "ninguno" | "ninguna" | "neant" | "nenhum" | "keine" | "aucun" | "nkm"]
            | ["none", "known" | "reported"]
            | ["no", "meds"]
    );
    nothing_else && denies && names || alone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_languages_sound_alike() {
        for (one, other) in [
            ("theophylline", "teofilina"),
            ("theophylline", "theophyllin"),
            ("methadone", "metadona"),
            ("clarithromycin", "claritromicina"),
            ("oxycodone", "oxicodona"),
            ("phenytoin", "fenitoina"),
            ("hydrocodone", "hidrocodona"),
            ("lorazepam", "loracepam"),
        ] {
            assert_eq!(sounds(one), sounds(other), "{one} {other}");
        }
        assert_ne!(sounds("hydroxyzine"), sounds("hydralazine"));
        assert_ne!(sounds("clonidine"), sounds("clonazepam"));
    }

    #[test]
    fn one_letter_off_is_one_apart_and_far_is_not_measured() {
        assert_eq!(apart("metadon", "metadon", 2), Some(0));
        assert_eq!(apart("metadon", "metdaon", 2), Some(1));
        assert_eq!(apart("metadon", "metaddn", 2), Some(1));
        assert_eq!(apart("metadon", "morfin", 2), None);
    }

    #[test]
    fn a_name_is_taken_apart_at_signs_and_digits() {
        assert_eq!(pieces("St.John's Wort 300mg"), ["st", "johns", "wort", "300", "mg"]);
        assert_eq!(pieces("Theo-Dur 200"), ["theo", "dur", "200"]);
        let parts: Vec<_> = parts("Acetaminophen/Kétamine 10").into_iter().map(|p| (p.word, p.part)).collect();
        assert_eq!(parts, [("acetaminophen".to_owned(), 0), ("ketamine".to_owned(), 1), ("10".to_owned(), 1)]);
    }

    #[test]
    fn no_known_medicines_is_none_and_a_negated_name_is_not() {
        for none in [
            "No known medications",
            "no current medications",
            "None",
            "Patient takes no medications",
            "Keine Dauermedikation",
            "sin medicación habitual",
            "Aucun traitement en cours",
            "Não toma medicamentos",
            "Medications: none",
            "Patient is not currently taking any medications",
            "Does not take any medication",
            "Doesn't take any meds",
            "nimmt keine Medikamente ein",
            "Keine aktuelle Medikation bekannt",
            "Ne prend aucun médicament",
            "No toma ninguna medicación",
            "Nega uso de medicamentos",
            "nil regular meds",
            "None known",
        ] {
            assert!(says_none(none), "{none}");
        }
        for some in ["No medication information", "No known current methadone", "Nonet", "not taking lithium", "home"] {
            assert!(!says_none(some), "{some}");
        }
    }
}
