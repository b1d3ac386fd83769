//! Who may be treated at all: the conditions that stop, the conditions that need a second look, and what must be known
//! before anybody decides.

pub mod e01_age;
pub mod e02_age_caution;
pub mod e03_vascular;
pub mod e04_cardiac_stroke;
pub mod e05_screening_pressure;
pub mod e06_psychosis_mania;
pub mod e07_pregnancy;
pub mod e08_ketamine_misuse;
pub mod e09_substance_use;
pub mod e10_liver;
pub mod e11_brain_eye_thyroid;
pub mod e12_airway_lung;
pub mod e13_seizures;
pub mod e14_bladder;
pub mod e15_baseline;
pub mod e16_consent;
pub mod e17_dissociative;
pub mod e18_in_force;
pub mod e19_serious_event;
