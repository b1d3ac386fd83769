//! Whether somebody who is referred may have a chart already: two charts of one person hide each other's doses, intervals and
//! refusals.
//!
//! A number of the same kind, or any two of name, date of birth and telephone that agree, are a reason to ask before a second chart is begun. Twins share a
//! date of birth and often a telephone, and a father and his son a name: so it is asked, and never decided here.

use jiff::civil::Date;

use crate::event::Identifier;
use crate::name::{folded_phone, folded_words};

/// What somebody is known by.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Full name, as it was written.
    pub name: &'a str,
    /// Date of birth, where it is known.
    pub birth_date: Option<Date>,
    /// Telephone, as it was written; may be empty.
    pub phone: &'a str,
    /// Numbers by which they are known elsewhere.
    pub identifiers: &'a [Identifier],
}

/// In what two people agree, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// A number of the same kind.
    Identifier,
    /// Name and date of birth.
    NameAndBirth,
    /// Name and telephone.
    NameAndPhone,
    /// Date of birth and telephone.
    BirthAndPhone,
}

/// In what two agree; `None` when that is no reason to ask. Names are alike whatever their accents, capitals, hyphens and the
/// order of their words.
#[must_use]
pub fn alike(one: Identity<'_>, other: Identity<'_>) -> Option<Alike> {
    let words = folded_words(one.name);
    let name = !words.is_empty() && words == folded_words(other.name);
    let birth = one.birth_date.is_some() && one.birth_date == other.birth_date;
    let number = folded_phone(one.phone);
    let phone = number.is_some() && number == folded_phone(other.phone);
    if one.identifiers.iter().any(|number| other.identifiers.iter().any(|known| same_number(number, known))) {
        return Some(Alike::Identifier);
    }
    match (name, birth, phone) {
        (true, true, _) => Some(Alike::NameAndBirth),
        (true, false, true) => Some(Alike::NameAndPhone),
        (false, true, true) => Some(Alike::BirthAndPhone),
        _ => None,
    }
}

/// The same number of the same kind, whatever its blanks, hyphens, leading zeros and capitals.
fn same_number(one: &Identifier, other: &Identifier) -> bool {
    let folded =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let number = |text: &str| folded(text).trim_start_matches('0').to_owned();
    let value = number(&one.value);
    !value.is_empty() && value == number(&other.value) && folded(&one.system) == folded(&other.system)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn any_two_of_name_birth_and_phone_are_a_reason_to_ask() {
        let known = Identity {
            name: "Zoë Example",
            birth_date: Some(date(1985, 5, 5)),
            phone: "+1 303 555 0100",
            identifiers: &[],
        };
        for (name, birth, phone, expected) in [
            ("zoe EXAMPLE", Some(date(1985, 5, 5)), "", Some(Alike::NameAndBirth)),
            ("Example, Zoe\u{308}", Some(date(1985, 5, 5)), "", Some(Alike::NameAndBirth)),
            ("Zoë Example", Some(date(1985, 5, 6)), "303-555-0100", Some(Alike::NameAndPhone)),
            ("Zoë Married", Some(date(1985, 5, 5)), "(303) 555 0100", Some(Alike::BirthAndPhone)),
            ("Zoë Example", Some(date(1985, 5, 6)), "", None),
            ("Zoë Married", Some(date(1985, 5, 5)), "", None),
            ("Ana Sample", None, "303 555 0100", None),
            ("", None, "", None),
        ] {
            assert_eq!(
                alike(known, Identity { name, birth_date: birth, phone, identifiers: &[] }),
                expected,
                "{name} {birth:?} {phone}"
            );
        }
    }

    #[test]
    fn a_number_of_the_same_kind_is_a_reason_to_ask_whatever_else_differs() {
        let number = |system: &str, value: &str| [Identifier { system: system.into(), value: value.into() }];
        let mine = number("MRN", "0012-345");
        let one = Identity { name: "Zoë Example", birth_date: None, phone: "", identifiers: &mine };
        for (system, value, expected) in [
            ("mrn", "12345", Some(Alike::Identifier)),
            ("MRN", "12 345", Some(Alike::Identifier)),
            ("MRN", "12346", None),
            ("Insurer", "12345", None),
            ("MRN", "000", None),
        ] {
            let theirs = number(system, value);
            let other = Identity { name: "Ana Sample", birth_date: None, phone: "", identifiers: &theirs };
            assert_eq!(alike(one, other), expected, "{system} {value}");
        }
    }
}
