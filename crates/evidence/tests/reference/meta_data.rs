//! The trials that the references were computed on, as published.
//!
//! BCG: counts in Colditz and colleagues 1994 (JAMA). Length of stay: means in Normand 1999 (Stat Med). Psychotherapy for PTSD:
//! effects from the PTSD-Repository of the National Center for PTSD (United States Department of Veterans Affairs) through
//! Metapsy, version 23.0.3, doi 10.5281/zenodo.10027042, under the Open Data Commons Attribution License 1.0.

/// Year, cases and others among the vaccinated, cases and others among the controls, latitude.
pub const BCG: [(i32, usize, usize, usize, usize, u8); 13] = [
    (1948, 4, 119, 11, 128, 44),
    (1949, 6, 300, 29, 274, 55),
    (1960, 3, 228, 11, 209, 42),
    (1977, 62, 13536, 248, 12619, 52),
    (1973, 33, 5036, 47, 5761, 13),
    (1953, 180, 1361, 372, 1079, 44),
    (1973, 8, 2537, 10, 619, 19),
    (1980, 505, 87886, 499, 87892, 13),
    (1968, 29, 7470, 45, 7232, 27),
    (1961, 17, 1699, 65, 1600, 42),
    (1974, 186, 50448, 141, 27197, 18),
    (1969, 5, 2493, 3, 2338, 33),
    (1976, 27, 16886, 29, 17825, 33),
];

/// Number, mean and standard deviation of the length of stay: special care, then routine care.
pub const NORMAND: [[(usize, f64, f64); 2]; 9] = [
    [(155, 55.0, 47.0), (156, 75.0, 64.0)],
    [(31, 27.0, 7.0), (32, 29.0, 4.0)],
    [(75, 64.0, 17.0), (71, 119.0, 29.0)],
    [(18, 66.0, 20.0), (18, 137.0, 48.0)],
    [(8, 14.0, 8.0), (13, 18.0, 11.0)],
    [(57, 19.0, 7.0), (52, 18.0, 4.0)],
    [(34, 52.0, 45.0), (33, 41.0, 34.0)],
    [(110, 21.0, 16.0), (183, 31.0, 27.0)],
    [(60, 30.0, 27.0), (52, 23.0, 20.0)],
];

/// Prolonged exposure against control: g and its standard error.
pub const PROLONGED_EXPOSURE: [(f64, f64); 14] = [
    (1.39559669571836, 0.458468809367634),
    (0.420340571791387, 0.45256546628454),
    (1.91468723879155, 0.40058904896382),
    (0.655640115634871, 0.230644641695634),
    (0.693482636899272, 0.193859672177273),
    (1.58431760917405, 0.322249925302353),
    (1.22145844606957, 0.753412344982857),
    (0.827414836647579, 0.238632658958889),
    (0.861781603763559, 0.202140393838797),
    (2.77842819872245, 0.699163980736027),
    (0.777082596402177, 0.207871781600852),
    (1.61881614139053, 0.686297325358143),
    (1.77132368054098, 0.534334643284058),
    (0.738088648855578, 0.481376009840077),
];

/// Cognitive processing therapy against control: g and its standard error.
pub const COGNITIVE_PROCESSING: [(f64, f64); 6] = [
    (2.32408852217478, 0.351114664508198),
    (3.92451947729911, 0.36562831903505),
    (0.623658101426028, 0.259058736147534),
    (1.61173581018548, 0.597212033145759),
    (1.13264899568101, 0.208264332672306),
    (0.738475502715386, 0.298464449888698),
];
