//! Time zone and emergency number from an address, where it says enough. Both are shown to staff and can be changed.
//!
//! A state with two time zones takes the one in which most of its people live. The zones are those of the IANA time zone
//! database; the numbers are the national emergency numbers.

/// The IANA zone of a country and state, where one can be told.
pub fn time_zone(country: &str, state: &str) -> Option<&'static str> {
    match code(country) {
        Some("US") => {
            STATES.iter().find(|(name, short, _)| is(state, name) || is(state, short)).map(|(_, _, zone)| *zone)
        }
        Some("GB") => Some("Europe/London"),
        Some("IE") => Some("Europe/Dublin"),
        Some("DE") => Some("Europe/Berlin"),
        Some("AT") => Some("Europe/Vienna"),
        Some("CH") => Some("Europe/Zurich"),
        Some("FR") => Some("Europe/Paris"),
        Some("NL") => Some("Europe/Amsterdam"),
        Some("NZ") => Some("Pacific/Auckland"),
        Some("IL") => Some("Asia/Jerusalem"),
        Some("UA") => Some("Europe/Kyiv"),
        _ => None,
    }
}

/// The number that sends help.
pub fn emergency_number(country: &str) -> Option<&'static str> {
    match code(country)? {
        "US" | "CA" => Some("911"),
        "GB" => Some("999"),
        "AU" => Some("000"),
        "NZ" => Some("111"),
        "IL" => Some("101"),
        _ => Some("112"),
    }
}

fn is(given: &str, name: &str) -> bool {
    given.trim().eq_ignore_ascii_case(name)
}

fn code(country: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &[&str])] = &[
        ("US", &["US", "USA", "United States", "United States of America"]),
        ("CA", &["CA", "CAN", "Canada"]),
        ("GB", &["GB", "GBR", "UK", "United Kingdom", "England", "Scotland", "Wales", "Northern Ireland"]),
        ("IE", &["IE", "IRL", "Ireland"]),
        ("AU", &["AU", "AUS", "Australia"]),
        ("NZ", &["NZ", "NZL", "New Zealand"]),
        ("DE", &["DE", "DEU", "Germany"]),
        ("AT", &["AT", "AUT", "Austria"]),
        ("CH", &["CH", "CHE", "Switzerland"]),
        ("FR", &["FR", "FRA", "France"]),
        ("NL", &["NL", "NLD", "Netherlands"]),
        ("IL", &["IL", "ISR", "Israel"]),
        ("UA", &["UA", "UKR", "Ukraine"]),
    ];
    NAMES.iter().find(|(_, names)| names.iter().any(|name| is(country, name))).map(|(code, _)| *code)
}

const EAST: &str = "America/New_York";
const CENTRAL: &str = "America/Chicago";
const MOUNTAIN: &str = "America/Denver";
const PACIFIC: &str = "America/Los_Angeles";

const STATES: &[(&str, &str, &str)] = &[
    ("Alabama", "AL", CENTRAL),
    ("Alaska", "AK", "America/Anchorage"),
    ("Arizona", "AZ", "America/Phoenix"),
    ("Arkansas", "AR", CENTRAL),
    ("California", "CA", PACIFIC),
    ("Colorado", "CO", MOUNTAIN),
    ("Connecticut", "CT", EAST),
    ("Delaware", "DE", EAST),
    ("District of Columbia", "DC", EAST),
    ("Florida", "FL", EAST),
    ("Georgia", "GA", EAST),
    ("Hawaii", "HI", "Pacific/Honolulu"),
    ("Idaho", "ID", "America/Boise"),
    ("Illinois", "IL", CENTRAL),
    ("Indiana", "IN", "America/Indiana/Indianapolis"),
    ("Iowa", "IA", CENTRAL),
    ("Kansas", "KS", CENTRAL),
    ("Kentucky", "KY", EAST),
    ("Louisiana", "LA", CENTRAL),
    ("Maine", "ME", EAST),
    ("Maryland", "MD", EAST),
    ("Massachusetts", "MA", EAST),
    ("Michigan", "MI", "America/Detroit"),
    ("Minnesota", "MN", CENTRAL),
    ("Mississippi", "MS", CENTRAL),
    ("Missouri", "MO", CENTRAL),
    ("Montana", "MT", MOUNTAIN),
    ("Nebraska", "NE", CENTRAL),
    ("Nevada", "NV", PACIFIC),
    ("New Hampshire", "NH", EAST),
    ("New Jersey", "NJ", EAST),
    ("New Mexico", "NM", MOUNTAIN),
    ("New York", "NY", EAST),
    ("North Carolina", "NC", EAST),
    ("North Dakota", "ND", CENTRAL),
    ("Ohio", "OH", EAST),
    ("Oklahoma", "OK", CENTRAL),
    ("Oregon", "OR", PACIFIC),
    ("Pennsylvania", "PA", EAST),
    ("Puerto Rico", "PR", "America/Puerto_Rico"),
    ("Rhode Island", "RI", EAST),
    ("South Carolina", "SC", EAST),
    ("South Dakota", "SD", CENTRAL),
    ("Tennessee", "TN", CENTRAL),
    ("Texas", "TX", CENTRAL),
    ("Utah", "UT", MOUNTAIN),
    ("Vermont", "VT", EAST),
    ("Virginia", "VA", EAST),
    ("Washington", "WA", PACIFIC),
    ("West Virginia", "WV", EAST),
    ("Wisconsin", "WI", CENTRAL),
    ("Wyoming", "WY", MOUNTAIN),
];
