//! The ingredients that a rule cares about, with their names, brands and codes, and those that are known to be of no class:
//! read once from the tables in `data/medicines`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use stillwater_care::facts::MedicineClass;

use crate::drug_words::{pieces, sounds};

const INGREDIENTS: &str = include_str!("../data/medicines/ingredients.csv");
const NO_CLASS: &str = include_str!("../data/medicines/no_class.csv");

/// The codes are data of others. A build without them knows medicines by their names alone.
#[cfg(feature = "terminology")]
const RXNORM: &str = include_str!("../data/medicines/rxnorm.csv");
#[cfg(feature = "terminology")]
const ATC: &str = include_str!("../data/medicines/atc.csv");
#[cfg(not(feature = "terminology"))]
const RXNORM: &str = "rxcui,ingredients\n";
#[cfg(not(feature = "terminology"))]
const ATC: &str = "atc,ingredient,use\n";

/// A name of this many letters or fewer has to be a word by itself.
pub const WHOLE_WORD: usize = 4;

/// One ingredient.
#[derive(Debug)]
pub struct Ingredient {
    /// Its name.
    pub name: String,
    /// The classes that a rule asks about; none for most.
    pub classes: Vec<MedicineClass>,
    /// What else is known of it that no rule asks about yet.
    pub groups: String,
    /// It is also sold for skin, eye, ear or nose alone, where its class does not count.
    pub has_local_form: bool,
}

/// How a name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// The ingredient's own name, in some language.
    Ingredient,
    /// A brand.
    Brand,
    /// A brand for skin, eye, ear or nose alone.
    LocalBrand,
}

/// An ingredient under one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which, by its place in the table.
    pub ingredient: usize,
    /// What kind of name.
    pub kind: NameKind,
}

/// How an ATC code names an ingredient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtcUse {
    /// By itself.
    Whole,
    /// Among others.
    Part,
    /// For skin, eye, ear or nose alone.
    Local,
}

/// A name that another may be a slip of.
#[derive(Debug)]
pub struct Near {
    /// Which letters the sound has, a bit for each.
    letters: u32,
    /// As it sounds.
    pub sound: String,
    /// As it is written, together and without accents.
    pub name: String,
}

fn letters(sound: &str) -> u32 {
    let places = sound.bytes().filter(u8::is_ascii_lowercase).map(|letter| u32::from(letter - b'a'));
    places.fold(0, |all, place| all | 1 << place)
}

/// The tables, by whatever a medicine can be looked up by.
#[derive(Debug, Default)]
pub struct Tables {
    /// Every ingredient.
    pub ingredients: Vec<Ingredient>,
    names: HashMap<String, Vec<Named>>,
    /// Names as they sound, for spellings of other languages and slips.
    sounds: HashMap<String, Vec<String>>,
    /// Names by first letter of their sound and its length, for what is one or two letters off.
    near: HashMap<(char, usize), Vec<Near>>,
    /// Names of ingredients in the order of the alphabet, for words that were cut short.
    own: Vec<String>,
    /// Every name in the order of the alphabet, by which a word that begins none is passed over at once.
    all: Vec<String>,
    rxnorm: HashMap<String, Vec<usize>>,
    atc: HashMap<String, Vec<(usize, AtcUse)>>,
    /// How many pieces the longest name has.
    pub longest: usize,
}

/// The tables.
pub fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);
    &TABLES
}

impl Tables {
    fn read() -> Self {
        let mut tables = Self::default();
        let mut by_name = HashMap::new();
        for row in rows(INGREDIENTS) {
            let at = tables.ingredients.len();
            let name = cell(&row, 0);
            by_name.insert(name.to_owned(), at);
            tables.ingredients.push(Ingredient {
                name: name.to_owned(),
                classes: items(cell(&row, 1)).filter_map(class).collect(),
                groups: cell(&row, 2).replace(';', ", "),
                has_local_form: !cell(&row, 5).is_empty(),
            });
            for (column, kind) in [(3, NameKind::Ingredient), (4, NameKind::Brand), (5, NameKind::LocalBrand)] {
                items(cell(&row, column)).for_each(|name| tables.add(name, Named { ingredient: at, kind }));
            }
        }
        for row in rows(NO_CLASS) {
            let at = tables.ingredients.len();
            let name = cell(&row, 0);
            tables.ingredients.push(Ingredient {
                name: name.to_owned(),
                classes: Vec::new(),
                groups: String::new(),
                has_local_form: false,
            });
            tables.add(name, Named { ingredient: at, kind: NameKind::Ingredient });
            items(cell(&row, 2)).for_each(|name| tables.add(name, Named { ingredient: at, kind: NameKind::Brand }));
        }
        for row in rows(RXNORM) {
            let ingredients = items(cell(&row, 1)).filter_map(|name| by_name.get(name).copied()).collect();
            tables.rxnorm.insert(cell(&row, 0).to_owned(), ingredients);
        }
        for row in rows(ATC) {
            let how = match cell(&row, 2) {
                "local" => AtcUse::Local,
                "part" => AtcUse::Part,
                _ => AtcUse::Whole,
            };
            let Some(at) = by_name.get(cell(&row, 1)).copied() else { continue };
            if how == AtcUse::Local
                && let Some(ingredient) = tables.ingredients.get_mut(at)
            {
                ingredient.has_local_form = true;
            }
            tables.atc.entry(cell(&row, 0).to_owned()).or_default().push((at, how));
        }
        let own = |all: &Vec<Named>| all.iter().any(|named| named.kind == NameKind::Ingredient);
        tables.own = tables.names.iter().filter(|(_, all)| own(all)).map(|(name, _)| name.clone()).collect();
        tables.own.sort_unstable();
        tables.all = tables.names.keys().cloned().collect();
        tables.all.sort_unstable();
        tables
    }

    fn add(&mut self, name: &str, named: Named) {
        let pieces = pieces(name);
        self.longest = self.longest.max(pieces.len());
        let joined = pieces.concat();
        if joined.chars().count() < 2 {
            return;
        }
        let sound = sounds(&joined);
        let all = self.names.entry(joined.clone()).or_default();
        let new = all.is_empty();
        if !all.contains(&named) {
            all.push(named);
        }
        let length = sound.chars().count();
        if !new || length <= WHOLE_WORD || joined.chars().any(|letter| letter.is_ascii_digit()) {
            return;
        }
        if let Some(first) = sound.chars().next() {
            let near = Near { letters: letters(&sound), sound: sound.clone(), name: joined.clone() };
            self.near.entry((first, length)).or_default().push(near);
        }
        self.sounds.entry(sound).or_default().push(joined);
    }

    /// What a name, written together and without accents, stands for.
    pub fn named(&self, joined: &str) -> &[Named] {
        self.names.get(joined).map(Vec::as_slice).unwrap_or_default()
    }

    /// Ingredients whose own name begins this word: a salt or an ending of another language follows it. The longest
    /// such name counts.
    pub fn begun_by(&self, word: &str) -> Vec<Named> {
        let least = word.char_indices().nth(WHOLE_WORD).map_or(word.len(), |(at, _)| at);
        if !word.get(..least).is_some_and(|start| self.begins(start)) {
            return Vec::new();
        }
        let ends = word.char_indices().map(|(at, _)| at).filter(|at| *at > WHOLE_WORD);
        let found = |at: usize| {
            let begun: Vec<Named> = self
                .named(word.get(..at)?)
                .iter()
                .copied()
                .filter(|named| named.kind == NameKind::Ingredient)
                .collect();
            (!begun.is_empty()).then_some(begun)
        };
        ends.rev().find_map(found).unwrap_or_default()
    }

    /// Names that sound like this word.
    pub fn sounding_like(&self, sound: &str) -> &[String] {
        self.sounds.get(sound).map(Vec::as_slice).unwrap_or_default()
    }

    /// Ingredients whose names this word begins, as where a label cuts a long name short.
    pub fn cut_short(&self, word: &str) -> impl Iterator<Item = &String> {
        let from = self.own.partition_point(|name| name.as_str() < word);
        self.own.iter().skip(from).take_while(move |name| name.starts_with(word))
    }

    /// Whether any name begins like this.
    pub fn begins(&self, joined: &str) -> bool {
        let from = self.all.partition_point(|name| name.as_str() < joined);
        self.all.get(from).is_some_and(|name| name.starts_with(joined))
    }

    /// Names whose sound begins alike and may be at most `off` letters away: neither much longer or shorter, nor made of
    /// other letters.
    pub fn near(&self, sound: &str, off: usize) -> impl Iterator<Item = &Near> {
        let first = sound.chars().next().unwrap_or(' ');
        let length = sound.chars().count();
        let own = letters(sound);
        let lengths = length.saturating_sub(off)..=length.saturating_add(off);
        let alike = move |near: &&Near| (near.letters ^ own).count_ones() as usize <= 2 * off;
        lengths.filter_map(move |length| self.near.get(&(first, length))).flatten().filter(alike)
    }

    /// What a RxNorm code stands for; `None` where it is in no table.
    pub fn rxnorm(&self, code: &str) -> Option<&[usize]> {
        self.rxnorm.get(code).map(Vec::as_slice)
    }

    /// What an ATC code stands for; `None` where it is in no table.
    pub fn atc(&self, code: &str) -> Option<&[(usize, AtcUse)]> {
        self.atc.get(code).map(Vec::as_slice)
    }

    /// The ingredients of a group of the ATC.
    pub fn atc_group(&self, start: &str) -> HashSet<usize> {
        let within = self.atc.iter().filter(|(code, _)| code.starts_with(start));
        within.flat_map(|(_, all)| all).filter(|(_, how)| *how == AtcUse::Whole).map(|(at, _)| *at).collect()
    }

    /// One ingredient.
    pub fn ingredient(&self, at: usize) -> Option<&Ingredient> {
        self.ingredients.get(at)
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_reader(table.as_bytes()).into_records().filter_map(Result::ok)
}

fn cell(row: &csv::StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty())
}

fn class(code: &str) -> Option<MedicineClass> {
    use stillwater_care::code::Code as _;
    MedicineClass::ALL.into_iter().find(|class| class.code() == code)
}
