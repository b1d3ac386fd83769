//! What else the person takes: drugs that raise, lower or add to the effect.

pub mod d01_opioid;
pub mod d02_alcohol_cannabis;
pub mod d03_benzodiazepine;
pub mod d04_stimulant;
pub mod d05_cyp;
pub mod d06_theophylline;
pub mod d07_maoi;
pub mod d08_effect_blunters;
pub mod d09_medicine_list;
pub mod d10_thyroid_hormone;

use super::Rule;

/// The rules that judge the list of medicines, in the order of the rule book.
pub static ON_MEDICINES: &[&Rule] = &[
    &d01_opioid::RULE,
    &d03_benzodiazepine::RULE,
    &d04_stimulant::LISTED,
    &d05_cyp::RULE,
    &d06_theophylline::RULE,
    &d07_maoi::RULE,
    &d08_effect_blunters::RULE,
    &d09_medicine_list::RULE,
    &d09_medicine_list::CLASSED,
    &d10_thyroid_hormone::RULE,
];
