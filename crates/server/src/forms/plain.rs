//! Terms as both phones say them.

use stillwater_care::facts::Route;

/// How the drug is taken, in plain words.
pub fn how(route: Route) -> &'static str {
    match route {
        Route::Intravenous => "through a drip into a vein",
        Route::Intramuscular => "as an injection into a muscle",
        Route::Sublingual => "as a tablet under the tongue",
        Route::Oral => "as a tablet to swallow",
        Route::NasalEsketamine => "as a nasal spray",
    }
}
