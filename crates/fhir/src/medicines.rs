//! Which classes a medicine belongs to, and why: by its names, in several languages and spellings, and by its codes, each
//! read with its system.
//!
//! The classes are those that a rule cares about (clinical reference, section 2). What no table knows is *not classed*,
//! never silently *other*: a person looks it up and chooses.

use stillwater_care::event::Medicine;
use stillwater_care::facts::MedicineClass;

use crate::drug_words::{Piece, apart, beside, parts, says_none, sounds};
use crate::ingredients::{AtcUse, NameKind, Named, Tables, tables};

/// What a medicine is, by the tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classed {
    /// The classes, each once, in the order of the rules. `Other` and `NotClassed` say that no rule asks about it, and
    /// that nobody knows yet.
    pub classes: Vec<MedicineClass>,
    /// The ingredients that were recognised, by their English names.
    pub ingredients: Vec<String>,
    /// Why, one sentence for each name or code.
    pub why: Vec<String>,
    /// Codes and words do not say the same, or nobody knows: what a person has to look at.
    pub look: Vec<String>,
}

/// What was found of one medicine while its names and codes are read.
#[derive(Default)]
struct Found {
    /// Ingredients with whether they are meant for skin, eye, ear or nose alone.
    ingredients: Vec<(usize, bool)>,
    why: Vec<String>,
    look: Vec<String>,
    /// Codes of a known system that are in no table.
    unknown_codes: Vec<String>,
    not_classed: bool,
}

/// A code system and a code in it.
pub type SystemCode<'c> = (&'c str, &'c str);

/// The classes of a medicine by its names and its codes.
#[must_use]
pub fn classify(names: &[&str], codes: &[SystemCode<'_>]) -> Classed {
    let tables = tables();
    let mut found = Found::default();
    let mut by_name: Vec<usize> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        if seen.contains(name) {
            continue;
        }
        seen.push(name);
        by_name.extend(read_name(tables, name, &mut found));
    }
    let mut coded = false;
    for (system, code) in codes.iter().filter(|(_, code)| !code.is_empty()) {
        let by_code = read_code(tables, system, code, &mut found);
        coded |= !by_code.is_empty();
        let told = |all: &[usize]| {
            let names: Vec<&str> =
                all.iter().filter_map(|at| tables.ingredient(*at)).map(|i| i.name.as_str()).collect();
            names.join(" and ")
        };
        if !by_code.is_empty() && !by_name.is_empty() && !by_code.iter().any(|at| by_name.contains(at)) {
            found.look.push(format!(
                "{} is {}, and the words say {}: both count until somebody has looked",
                spoken(system, code),
                told(&by_code),
                told(&by_name)
            ));
        }
    }
    for code in std::mem::take(&mut found.unknown_codes) {
        if by_name.is_empty() {
            found.look.push(format!("{code}: unknown, in no table; look it up"));
        } else {
            found.why.push(format!("{code} is in no table: the words alone were judged"));
        }
    }
    if found.ingredients.is_empty() && !coded {
        found.not_classed = true;
        let name = seen.first().map_or_else(|| "it has no name".to_owned(), |name| format!("{name:?}"));
        found.look.push(format!("{name}: in no table; look it up and choose its class"));
    }
    found.finish(tables)
}

/// What is written behind the name of a medicine whose standing the other record leaves open.
pub(crate) const ACCORDING: &str = "according to the other record";

/// As [`classify`], for a medicine of a chart: its name, and its codes as they were written down when it was taken over.
#[must_use]
pub fn classify_recorded(name: &str, code: &str) -> Classed {
    // What was written behind the name when it was taken over is no part of it.
    let name = match name.rsplit_once(" (") {
        Some((before, behind)) if behind.contains(ACCORDING) => before,
        _ => name,
    };
    let codes: Vec<SystemCode<'_>> = code.split(';').filter_map(|one| one.trim().rsplit_once(' ')).collect();
    classify(&[name], &codes)
}

/// How many medicines of a record belong to each class that somebody has to look at, in the order of the rules.
#[must_use]
pub fn by_class(medicines: &[Medicine]) -> Vec<(MedicineClass, usize)> {
    let count = |class: MedicineClass| medicines.iter().filter(|one| one.classes.contains(&class)).count();
    let all = MedicineClass::ALL.into_iter().filter(|class| *class != MedicineClass::Other);
    all.map(|class| (class, count(class))).filter(|(_, number)| *number > 0).collect()
}

/// Whether words say that no medicine is taken.
#[must_use]
pub fn is_none(text: &str) -> bool {
    says_none(text)
}

/// The names of what a code stands for, where it is known; for a code that came without words.
#[must_use]
pub fn name_of_code(system: &str, code: &str) -> Option<String> {
    let tables = tables();
    let ingredients = match System::of(system)? {
        System::RxNorm => tables.rxnorm(code)?.to_vec(),
        System::Atc => tables.atc(&code.to_ascii_uppercase())?.iter().map(|(at, _)| *at).collect(),
    };
    let names: Vec<&str> =
        ingredients.iter().filter_map(|at| tables.ingredient(*at)).map(|i| i.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(" / "))
}

/// Whether a word names a medicine of the tables.
pub(crate) fn names_medicine(word: &str) -> bool {
    !read_name(tables(), word, &mut Found::default()).is_empty()
}

/// Whether words name ketamine or one of its halves, by whatever name.
#[must_use]
pub fn names_ketamine(text: &str) -> bool {
    let tables = tables();
    let mut found = Found::default();
    read_name(tables, text, &mut found);
    found.ingredients.iter().any(|(at, _)| is_ketamine(tables, *at))
}

/// Whether a code, read with its system, is ketamine or one of its halves.
#[must_use]
pub fn code_is_ketamine(system: &str, code: &str) -> bool {
    let tables = tables();
    read_code(tables, system, code, &mut Found::default()).iter().any(|at| is_ketamine(tables, *at))
}

fn is_ketamine(tables: &Tables, at: usize) -> bool {
    tables.ingredient(at).is_some_and(|ingredient| ingredient.groups.split(", ").any(|group| group == "ketamine"))
}

impl Found {
    fn add(&mut self, at: usize, local: bool) {
        match self.ingredients.iter_mut().find(|(known, _)| *known == at) {
            // Once said to be taken, it is taken.
            Some((_, known)) => *known &= local,
            None => self.ingredients.push((at, local)),
        }
    }

    /// Takes over what some words may be meant for.
    fn guessed(&mut self, tables: &Tables, said: &str, guess: Guess, local: bool, all: &mut Vec<usize>) {
        let Guess { ingredients, name, sure } = guess;
        for at in &ingredients {
            self.add(*at, local && tables.ingredient(*at).is_some_and(|one| one.has_local_form));
            if !all.contains(at) {
                all.push(*at);
            }
        }
        self.why.push(format!("{said:?} is read as {name:?}, {}", described(tables, ingredients.into_iter())));
        if !sure {
            self.not_classed = true;
            self.look.push(format!("{said:?} looks like {name:?}: say whether it is"));
        }
    }

    fn finish(mut self, tables: &Tables) -> Classed {
        let mut classes: Vec<MedicineClass> = Vec::new();
        for (at, local) in &self.ingredients {
            let Some(ingredient) = tables.ingredient(*at) else { continue };
            if !local {
                classes.extend(&ingredient.classes);
            } else if !ingredient.classes.is_empty() {
                self.why
                    .push(format!("{}: for skin, eye, ear or nose alone, no rule asks about that", ingredient.name));
            }
        }
        if self.not_classed {
            classes.push(MedicineClass::NotClassed);
        } else if classes.is_empty() {
            classes.push(MedicineClass::Other);
        }
        classes.sort_unstable();
        classes.dedup();
        let named = self.ingredients.iter().filter_map(|(at, _)| tables.ingredient(*at)).map(|one| one.name.clone());
        Classed { classes, ingredients: named.collect(), why: self.why, look: self.look }
    }
}

/// The code systems that the tables know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    RxNorm,
    Atc,
}

impl System {
    fn of(given: &str) -> Option<Self> {
        let given = given.to_ascii_lowercase();
        let oid = given.trim_start_matches("urn:oid:");
        if given.contains("rxnorm") || oid == "2.16.840.1.113883.6.88" {
            Some(Self::RxNorm)
        } else if given.contains("whocc.no")
            || given == "atc"
            || given.ends_with("/atc")
            || oid == "2.16.840.1.113883.6.73"
        {
            Some(Self::Atc)
        } else {
            None
        }
    }
}

/// A code with its system, as it is said.
pub(crate) fn spoken(system: &str, code: &str) -> String {
    match System::of(system) {
        Some(System::RxNorm) => format!("RxNorm {code}"),
        Some(System::Atc) => format!("ATC {code}"),
        None if system.is_empty() => format!("the code {code}, of no system"),
        None => format!("{system} {code}"),
    }
}

/// The ingredients of one code.
fn read_code(tables: &Tables, system: &str, code: &str, found: &mut Found) -> Vec<usize> {
    let said = spoken(system, code);
    let Some(known) = System::of(system) else {
        if system.is_empty() {
            found.look.push(format!("{said}: a code is not read without its system"));
        }
        return Vec::new();
    };
    let mut all: Vec<(usize, bool)> = Vec::new();
    match known {
        System::RxNorm => all.extend(tables.rxnorm(code).into_iter().flatten().map(|at| (*at, false))),
        System::Atc => {
            let code = code.to_ascii_uppercase();
            match tables.atc(&code) {
                Some(these) => all.extend(these.iter().map(|(at, how)| (*at, *how == AtcUse::Local))),
                // A group instead of a substance: anything in it may be meant.
                None if (3..7).contains(&code.len()) => {
                    all.extend(tables.atc_group(&code).into_iter().map(|at| (at, false)));
                    if !all.is_empty() {
                        found.not_classed = true;
                        found.look.push(format!("{said} is a group: say which medicine it is"));
                    }
                }
                None => {}
            }
        }
    }
    if all.is_empty() {
        found.unknown_codes.push(said.clone());
    }
    for (at, local) in &all {
        found.add(*at, *local);
    }
    let told = described(tables, all.iter().map(|(at, _)| *at));
    if !told.is_empty() && all.len() <= MOST_NAMED {
        found.why.push(format!("{said} is {told}"));
    }
    all.into_iter().map(|(at, _)| at).collect()
}

/// A group of more substances than this is told by its code alone.
const MOST_NAMED: usize = 6;

/// Ingredients, each with what is known of it.
fn described(tables: &Tables, all: impl Iterator<Item = usize>) -> String {
    let told = all.filter_map(|at| tables.ingredient(at)).map(|ingredient| match ingredient.groups.as_str() {
        "" => ingredient.name.clone(),
        groups if ingredient.classes.is_empty() => format!("{} ({groups}: no rule asks about it yet)", ingredient.name),
        _ => ingredient.name.clone(),
    });
    told.collect::<Vec<_>>().join(" and ")
}

/// Words that say that something is meant for skin, eye, ear or nose alone.
const LOCAL: [&str; 17] = [
    "topical",
    "cutaneous",
    "cream",
    "creme",
    "crema",
    "ointment",
    "shampoo",
    "foam",
    "lotion",
    "ophthalmic",
    "otic",
    "eye",
    "ear",
    "champu",
    "pomada",
    "salbe",
    "augentropfen",
];

/// The ingredients that one text names.
fn read_name(tables: &Tables, text: &str, found: &mut Found) -> Vec<usize> {
    let pieces = parts(text);
    let local = pieces.iter().any(|piece| LOCAL.contains(&piece.word.as_str()));
    let mut covered = vec![false; pieces.len()];
    let mut named: Vec<Named> = Vec::new();
    for start in 0..pieces.len() {
        let mut joined = String::new();
        for (end, piece) in pieces.iter().enumerate().skip(start).take(tables.longest) {
            joined.push_str(&piece.word);
            let whole = tables.named(&joined);
            let begun = if end == start { tables.begun_by(&joined) } else { Vec::new() };
            let hits: Vec<Named> = if whole.is_empty() { begun } else { whole.to_vec() };
            if !hits.is_empty() {
                covered.iter_mut().take(end + 1).skip(start).for_each(|one| *one = true);
                named.extend(hits);
            }
            // No longer name begins like this.
            if !tables.begins(&joined) {
                break;
            }
        }
    }
    let any = !named.is_empty();
    let mut all: Vec<usize> = Vec::new();
    for hit in named {
        let local = hit.kind == NameKind::LocalBrand
            || local && tables.ingredient(hit.ingredient).is_some_and(|i| i.has_local_form);
        found.add(hit.ingredient, local);
        if !all.contains(&hit.ingredient) {
            all.push(hit.ingredient);
        }
    }
    let told = described(tables, all.iter().copied());
    if !told.is_empty() {
        found.why.push(format!("{text:?} names {told}"));
    }
    // What no name covers: a slip, a name cut short, or a part of a combination that nobody knows.
    let last = pieces.last().map_or(0, |piece| piece.part);
    for part in 0..=last {
        let of_part: Vec<(usize, &Piece)> = pieces.iter().enumerate().filter(|(_, piece)| piece.part == part).collect();
        let is_covered = |at: usize| covered.get(at).copied().unwrap_or_default();
        let known = of_part.iter().any(|(at, _)| is_covered(*at));
        let open = of_part.iter().filter(|(at, piece)| !is_covered(*at) && !beside(&piece.word));
        let words: Vec<&str> = open.map(|(_, piece)| piece.word.as_str()).collect();
        if known {
            // A maker's name stands beside many medicines, so that only what may be of a class is told.
            for word in &words {
                let guessed = guess(tables, &[word]);
                if let Some(guessed) = guessed.filter(|one| one.ingredients.iter().any(|at| classed(tables, *at))) {
                    found.guessed(tables, word, guessed, local, &mut all);
                }
            }
        } else if let Some(guessed) = guess(tables, &words) {
            found.guessed(tables, &words.join(" "), guessed, local, &mut all);
        } else if any && !words.is_empty() {
            found.not_classed = true;
            found.look.push(format!("{:?} of {text:?}: in no table; look it up", words.join(" ")));
        }
    }
    if text.ends_with('…') {
        found.not_classed = true;
        found.look.push("the words are longer than what is kept of them; look at the other record".to_owned());
    }
    all
}

/// A name that some words may be meant for.
struct Guess {
    ingredients: Vec<usize>,
    name: String,
    /// Another spelling of the same sounds, not a slip.
    sure: bool,
}

/// What is misspelt, if anything: first what sounds alike, then what was cut short, then what is one letter off, or two in a
/// long name.
fn guess(tables: &Tables, words: &[&str]) -> Option<Guess> {
    let windows = || {
        (1..=4).flat_map(|length| words.windows(length)).map(|window| window.concat()).filter(|joined| {
            joined.chars().count() > WHOLE
                && joined.chars().count() < LONGEST
                && !joined.chars().any(|c| c.is_ascii_digit())
        })
    };
    let ingredients = |name: &str| {
        let mut all: Vec<usize> = tables.named(name).iter().map(|named| named.ingredient).collect();
        all.dedup();
        all
    };
    for joined in windows() {
        let alike = tables.sounding_like(&sounds(&joined));
        if let Some(name) = alike.first() {
            let all: Vec<usize> = alike.iter().flat_map(|name| ingredients(name)).collect();
            return Some(Guess { ingredients: all, name: name.clone(), sure: true });
        }
    }
    for word in words.iter().filter(|word| word.chars().count() > WHOLE) {
        let all: Vec<usize> = tables.cut_short(word).flat_map(|name| ingredients(name)).collect();
        // Where it may be several, they have to be alike for the rules.
        let classes = |at: &usize| tables.ingredient(*at).map(|one| one.classes.clone());
        if let Some(first) = all.first()
            && classed(tables, *first)
            && all.iter().all(|at| classes(at) == classes(first))
        {
            let name = tables.cut_short(word).next().cloned().unwrap_or_default();
            return Some(Guess { ingredients: all, name, sure: false });
        }
    }
    for joined in windows() {
        let sound = sounds(&joined);
        let length = sound.chars().count();
        let most = if length > LONG { 2 } else { 1 };
        if length <= WHOLE {
            continue;
        }
        let closest = tables
            .near(&sound, most)
            .filter_map(|near| Some((apart(&sound, &near.sound, most)?, &near.name)))
            .filter(|(_, name)| ingredients(name).iter().any(|at| classed(tables, *at)))
            .min();
        if let Some((_, name)) = closest {
            return Some(Guess { ingredients: ingredients(name), name: name.clone(), sure: false });
        }
    }
    None
}

/// Of a class that a rule asks about, or ketamine itself.
fn classed(tables: &Tables, at: usize) -> bool {
    is_ketamine(tables, at) || tables.ingredient(at).is_some_and(|ingredient| !ingredient.classes.is_empty())
}

/// A sound of this many letters or fewer is not guessed at.
const WHOLE: usize = 5;
/// A sound of more letters than this may be two letters off.
const LONG: usize = 8;
/// No name is longer.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests;
