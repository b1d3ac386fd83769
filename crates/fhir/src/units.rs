//! Units as people write them: "Kg", "pounds", "mmhg", "beats/min".

use crate::value::Quantity;

/// A unit without capitals, spaces, points and brackets.
fn plain(unit: &str) -> String {
    unit.chars().filter(|c| !matches!(c, ' ' | '.' | '_' | '[' | ']' | '{' | '}')).collect::<String>().to_lowercase()
}

/// What is said of a unit that is not known.
pub fn unknown(quantity: &Quantity, expected: &str) -> String {
    if quantity.unit.is_empty() {
        format!("{} has no unit; expected {expected}", quantity.value)
    } else {
        format!("the unit {:?} is not known here; expected {expected}", quantity.unit)
    }
}

/// Millimetres of mercury.
pub fn mmhg(quantity: &Quantity) -> Result<f64, String> {
    match plain(&quantity.unit).as_str() {
        "mmhg" | "mmhgs" | "torr" | "millimetersofmercury" | "millimetresofmercury" | "millimeterofmercury" => {
            Ok(quantity.value)
        }
        "kpa" => Ok(quantity.value * 7.500_617),
        _ => Err(unknown(quantity, "mm[Hg]")),
    }
}

/// Kilograms.
pub fn kilograms(quantity: &Quantity) -> Result<f64, String> {
    match plain(&quantity.unit).as_str() {
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramm" => Ok(quantity.value),
        "g" | "gm" | "gram" | "grams" => Ok(quantity.value / 1000.0),
        "lbav" | "lb" | "lbs" | "pound" | "pounds" => Ok(quantity.value * 0.453_592_37),
        "ozav" | "oz" | "ounce" | "ounces" => Ok(quantity.value * 0.028_349_523_125),
        _ => Err(unknown(quantity, "kg, g or [lb_av]")),
    }
}

/// A rate in one minute, of beats or breaths.
pub fn per_minute(quantity: &Quantity) -> Result<f64, String> {
    let unit = plain(&quantity.unit).replace("minute", "min");
    let what = unit.trim_end_matches("/min").trim_end_matches("permin").trim_end_matches("pm");
    let rate = matches!(what, "" | "beats" | "beat" | "breaths" | "breath" | "b" | "r" | "resp" | "count" | "counts");
    if rate && !unit.is_empty() { Ok(quantity.value) } else { Err(unknown(quantity, "/min")) }
}

/// Per cent.
pub fn percent(quantity: &Quantity) -> Result<f64, String> {
    match plain(&quantity.unit).as_str() {
        "%" | "percent" | "%sat" | "%o2" => Ok(quantity.value),
        _ => Err(unknown(quantity, "%")),
    }
}

/// Units of an enzyme in one litre.
pub fn enzyme_units(quantity: &Quantity) -> Result<f64, String> {
    match plain(&quantity.unit).as_str() {
        "u/l" | "iu/l" | "units/l" | "unit/l" | "mu/ml" => Ok(quantity.value),
        "ukat/l" | "µkat/l" | "μkat/l" => Ok(quantity.value * 60.0),
        _ => Err(unknown(quantity, "U/L")),
    }
}

/// Micromoles of bilirubin in one litre.
pub fn bilirubin(quantity: &Quantity) -> Result<f64, String> {
    match plain(&quantity.unit).as_str() {
        "umol/l" | "µmol/l" | "μmol/l" | "micromol/l" => Ok(quantity.value),
        "mg/dl" => Ok(quantity.value * 17.104),
        _ => Err(unknown(quantity, "umol/L or mg/dL")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: f64, unit: &str) -> Quantity {
        Quantity { value, unit: unit.to_owned(), comparator: String::new() }
    }

    #[test]
    fn a_unit_is_known_however_it_is_written() {
        for unit in ["mm[Hg]", "mmHg", "mmhg", "mm Hg", "MMHG"] {
            assert_eq!(mmhg(&of(172.0, unit)), Ok(172.0), "{unit}");
        }
        assert_eq!(mmhg(&of(16.0, "kPa")).map(f64::round), Ok(120.0));
        for unit in ["kg", "Kg", "KG", "kilograms"] {
            assert_eq!(kilograms(&of(82.0, unit)), Ok(82.0), "{unit}");
        }
        for unit in ["[lb_av]", "lb", "lbs", "Pounds", "lb."] {
            assert_eq!(kilograms(&of(100.0, unit)).map(f64::round), Ok(45.0), "{unit}");
        }
        for unit in ["/min", "{beats}/min", "beats/minute", "bpm", "beats per min", "breaths/min"] {
            assert_eq!(per_minute(&of(70.0, unit)), Ok(70.0), "{unit}");
        }
        for unit in ["U/L", "[iU]/L", "IU/L", "u/l"] {
            assert_eq!(enzyme_units(&of(40.0, unit)), Ok(40.0), "{unit}");
        }
        assert!(mmhg(&of(120.0, "")).is_err_and(|why| why.contains("has no unit")));
        assert!(per_minute(&of(70.0, "/h")).is_err() && kilograms(&of(12.0, "stone")).is_err());
    }
}
