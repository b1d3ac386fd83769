//! How much, how soon, and by what weight.

pub mod r01_cap;
pub mod r02_first_at_home;
pub mod r02_step;
pub mod r03_interval;
pub mod r04_route_change;
pub mod r05_body_size;
pub mod r05_weight_change;
pub mod r05_weight_unit;
pub mod r06_iv_rate;
pub mod r07_home_supply;
pub mod r08_esketamine_rems;

use crate::facts::{Facts, Route, Setting};
use crate::quantity::check_weight_kg;

/// The newest weight, if it can be true; its age is R05's.
fn weight_kg(facts: &Facts) -> Option<f64> {
    facts.weight_kg.map(|(_, kg)| kg).filter(|kg| check_weight_kg(*kg).is_ok())
}

/// How the limits of a dose are named for a route in a setting; absent where the reference offers no dose at all.
pub(crate) fn regimen(route: Route, setting: Setting) -> Option<&'static str> {
    match (route, setting) {
        (Route::Intravenous, Setting::Clinic) => Some("iv"),
        (Route::Intramuscular, Setting::Clinic) => Some("im"),
        (Route::Sublingual, Setting::Clinic) => Some("clinic-sl"),
        (Route::Sublingual, Setting::Home) => Some("home-sl"),
        (Route::Oral, Setting::Clinic) => Some("clinic-oral"),
        (Route::Oral, Setting::Home) => Some("home-oral"),
        (Route::NasalEsketamine, Setting::Clinic) => Some("nasal"),
        (Route::Intravenous | Route::Intramuscular | Route::NasalEsketamine, Setting::Home) => None,
    }
}

/// Room for the rounding of a binary fraction: 0.75 mg/kg written as 52.5 mg at 70 kg must equal 0.75.
const ROUNDING: f64 = 1e-9;
