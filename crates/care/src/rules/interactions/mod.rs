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
