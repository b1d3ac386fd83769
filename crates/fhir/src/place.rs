//! Time zone and emergency number from an address, where it says enough. Both are shown to staff and can be changed.
//!
//! A state with two time zones takes the one in which most of its people live. The zones are those of the IANA time zone
//! database; the numbers are the national emergency numbers.

use crate::folded::fold;

/// As much of an address as says in which country and state it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    country: Option<&'static str>,
    state: String,
    postcode: String,
}

impl Address {
    /// Reads the fields of an address; where they are empty, what its text ends with.
    pub fn read(country: &str, state: &str, postcode: &str, text: &str) -> Self {
        let parts: Vec<&str> = text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let country = code(country).or_else(|| parts.last().and_then(|last| code(last)));
        let words = || parts.iter().flat_map(|part| part.split_whitespace());
        let found = |one: &str| country.is_some_and(|country| zone_of_state(country, one).is_some());
        let state = if state.trim().is_empty() {
            let whole = parts.iter().copied().find(|part| found(part));
            whole.or_else(|| words().filter(|word| word.len() > 1).find(|word| found(word))).unwrap_or_default()
        } else {
            state
        };
        Self { country, state: state.trim().to_owned(), postcode: postcode.trim().to_owned() }
    }

    /// The IANA zone, where one can be told.
    pub fn time_zone(&self) -> Option<&'static str> {
        let country = self.country?;
        if let Some((_, zone)) = ONE_ZONE.iter().find(|(code, _)| *code == country) {
            return Some(zone);
        }
        zone_of_state(country, &self.state).or_else(|| match (country, self.postcode.chars().next()?) {
            ("AU", '1' | '2') => Some("Australia/Sydney"),
            ("AU", '3') => Some("Australia/Melbourne"),
            ("AU", '4') => Some("Australia/Brisbane"),
            ("AU", '5') => Some("Australia/Adelaide"),
            ("AU", '6') => Some("Australia/Perth"),
            ("AU", '7') => Some("Australia/Hobart"),
            ("AU", '0') => Some("Australia/Darwin"),
            _ => None,
        })
    }

    /// The number that sends help.
    pub fn emergency_number(&self) -> Option<&'static str> {
        match self.country? {
            "US" | "CA" | "MX" | "AR" | "PH" => Some("911"),
            "GB" | "HK" => Some("999"),
            "AU" => Some("000"),
            "NZ" => Some("111"),
            "IL" => Some("101"),
            "JP" | "KR" => Some("119"),
            "SG" => Some("995"),
            "BR" => Some("192"),
            "CO" => Some("123"),
            _ => Some("112"),
        }
    }
}

fn zone_of_state(country: &str, state: &str) -> Option<&'static str> {
    let list: &[(&str, &str, &str)] = match country {
        "US" => STATES,
        "AU" => AUSTRALIA,
        "CA" => CANADA,
        "BR" => BRAZIL,
        "MX" => MEXICO,
        _ => return None,
    };
    let state = fold(state.trim());
    list.iter().find(|(name, short, _)| fold(name) == state || fold(short) == state).map(|(_, _, zone)| *zone)
}

/// Countries with one time zone, or one in which nearly everybody lives.
const ONE_ZONE: &[(&str, &str)] = &[
    ("GB", "Europe/London"),
    ("IE", "Europe/Dublin"),
    ("DE", "Europe/Berlin"),
    ("AT", "Europe/Vienna"),
    ("CH", "Europe/Zurich"),
    ("FR", "Europe/Paris"),
    ("NL", "Europe/Amsterdam"),
    ("BE", "Europe/Brussels"),
    ("LU", "Europe/Luxembourg"),
    ("ES", "Europe/Madrid"),
    ("PT", "Europe/Lisbon"),
    ("IT", "Europe/Rome"),
    ("DK", "Europe/Copenhagen"),
    ("SE", "Europe/Stockholm"),
    ("NO", "Europe/Oslo"),
    ("FI", "Europe/Helsinki"),
    ("PL", "Europe/Warsaw"),
    ("CZ", "Europe/Prague"),
    ("SK", "Europe/Bratislava"),
    ("HU", "Europe/Budapest"),
    ("GR", "Europe/Athens"),
    ("RO", "Europe/Bucharest"),
    ("UA", "Europe/Kyiv"),
    ("TR", "Europe/Istanbul"),
    ("NZ", "Pacific/Auckland"),
    ("IL", "Asia/Jerusalem"),
    ("IN", "Asia/Kolkata"),
    ("JP", "Asia/Tokyo"),
    ("KR", "Asia/Seoul"),
    ("SG", "Asia/Singapore"),
    ("HK", "Asia/Hong_Kong"),
    ("PH", "Asia/Manila"),
    ("ZA", "Africa/Johannesburg"),
    ("AR", "America/Argentina/Buenos_Aires"),
    ("CO", "America/Bogota"),
];

fn code(country: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &[&str])] = &[
        ("US", &["US", "USA", "United States", "United States of America", "U.S.A.", "U.S.", "Estados Unidos"]),
        ("CA", &["CA", "CAN", "Canada"]),
        (
            "GB",
            &["GB", "GBR", "UK", "United Kingdom", "England", "Scotland", "Wales", "Northern Ireland", "Great Britain"],
        ),
        ("IE", &["IE", "IRL", "Ireland"]),
        ("AU", &["AU", "AUS", "Australia"]),
        ("NZ", &["NZ", "NZL", "New Zealand", "Aotearoa"]),
        ("DE", &["DE", "DEU", "Germany", "Deutschland"]),
        ("AT", &["AT", "AUT", "Austria", "Österreich"]),
        ("CH", &["CH", "CHE", "Switzerland", "Schweiz", "Suisse", "Svizzera"]),
        ("FR", &["FR", "FRA", "France"]),
        ("NL", &["NL", "NLD", "Netherlands", "The Netherlands", "Nederland"]),
        ("BE", &["BE", "BEL", "Belgium", "België", "Belgique"]),
        ("LU", &["LU", "LUX", "Luxembourg"]),
        ("ES", &["ES", "ESP", "Spain", "España"]),
        ("PT", &["PT", "PRT", "Portugal"]),
        ("IT", &["IT", "ITA", "Italy", "Italia"]),
        ("DK", &["DK", "DNK", "Denmark", "Danmark"]),
        ("SE", &["SE", "SWE", "Sweden", "Sverige"]),
        ("NO", &["NO", "NOR", "Norway", "Norge"]),
        ("FI", &["FI", "FIN", "Finland", "Suomi"]),
        ("PL", &["PL", "POL", "Poland", "Polska"]),
        ("CZ", &["CZ", "CZE", "Czechia", "Czech Republic"]),
        ("SK", &["SK", "SVK", "Slovakia"]),
        ("HU", &["HU", "HUN", "Hungary"]),
        ("GR", &["GR", "GRC", "Greece"]),
        ("RO", &["RO", "ROU", "Romania"]),
        ("UA", &["UA", "UKR", "Ukraine"]),
        ("TR", &["TR", "TUR", "Turkey", "Türkiye"]),
        ("IL", &["IL", "ISR", "Israel"]),
        ("IN", &["IN", "IND", "India"]),
        ("JP", &["JP", "JPN", "Japan"]),
        ("KR", &["KR", "KOR", "South Korea", "Korea"]),
        ("SG", &["SG", "SGP", "Singapore"]),
        ("HK", &["HK", "HKG", "Hong Kong"]),
        ("PH", &["PH", "PHL", "Philippines"]),
        ("ZA", &["ZA", "ZAF", "South Africa"]),
        ("BR", &["BR", "BRA", "Brazil", "Brasil"]),
        ("MX", &["MX", "MEX", "Mexico", "México"]),
        ("AR", &["AR", "ARG", "Argentina"]),
        ("CO", &["CO", "COL", "Colombia"]),
    ];
    let country = fold(country.trim());
    NAMES.iter().find(|(_, names)| names.iter().any(|name| fold(name) == country)).map(|(code, _)| *code)
}

const AUSTRALIA: &[(&str, &str, &str)] = &[
    ("New South Wales", "NSW", "Australia/Sydney"),
    ("Australian Capital Territory", "ACT", "Australia/Sydney"),
    ("Victoria", "VIC", "Australia/Melbourne"),
    ("Queensland", "QLD", "Australia/Brisbane"),
    ("South Australia", "SA", "Australia/Adelaide"),
    ("Western Australia", "WA", "Australia/Perth"),
    ("Tasmania", "TAS", "Australia/Hobart"),
    ("Northern Territory", "NT", "Australia/Darwin"),
];

const CANADA: &[(&str, &str, &str)] = &[
    ("Ontario", "ON", "America/Toronto"),
    ("Quebec", "QC", "America/Toronto"),
    ("British Columbia", "BC", "America/Vancouver"),
    ("Alberta", "AB", "America/Edmonton"),
    ("Saskatchewan", "SK", "America/Regina"),
    ("Manitoba", "MB", "America/Winnipeg"),
    ("Nova Scotia", "NS", "America/Halifax"),
    ("New Brunswick", "NB", "America/Moncton"),
    ("Prince Edward Island", "PE", "America/Halifax"),
    ("Newfoundland and Labrador", "NL", "America/St_Johns"),
    ("Yukon", "YT", "America/Whitehorse"),
    ("Northwest Territories", "NT", "America/Yellowknife"),
];

const BRAZIL: &[(&str, &str, &str)] = &[
    ("São Paulo", "SP", "America/Sao_Paulo"),
    ("Rio de Janeiro", "RJ", "America/Sao_Paulo"),
    ("Minas Gerais", "MG", "America/Sao_Paulo"),
    ("Paraná", "PR", "America/Sao_Paulo"),
    ("Rio Grande do Sul", "RS", "America/Sao_Paulo"),
    ("Santa Catarina", "SC", "America/Sao_Paulo"),
    ("Distrito Federal", "DF", "America/Sao_Paulo"),
    ("Bahia", "BA", "America/Bahia"),
    ("Pernambuco", "PE", "America/Recife"),
    ("Ceará", "CE", "America/Fortaleza"),
    ("Amazonas", "AM", "America/Manaus"),
];

const MEXICO: &[(&str, &str, &str)] = &[
    ("Ciudad de México", "CDMX", "America/Mexico_City"),
    ("México", "MEX", "America/Mexico_City"),
    ("Jalisco", "JAL", "America/Mexico_City"),
    ("Nuevo León", "NL", "America/Monterrey"),
    ("Baja California", "BC", "America/Tijuana"),
    ("Sonora", "SON", "America/Hermosillo"),
    ("Quintana Roo", "ROO", "America/Cancun"),
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_finds_its_zone_or_says_nothing() {
        for (country, state, postcode, text, zone) in [
            ("US", "CO", "", "", Some("America/Denver")),
            ("AU", "NSW", "", "", Some("Australia/Sydney")),
            ("Australia", "Western Australia", "", "", Some("Australia/Perth")),
            ("AU", "", "4000", "", Some("Australia/Brisbane")),
            ("", "", "", "1 Sample St, Hobart TAS 7000, Australia", Some("Australia/Hobart")),
            ("CA", "Québec", "", "", Some("America/Toronto")),
            ("España", "", "", "", Some("Europe/Madrid")),
            ("AU", "", "", "", None),
            ("US", "", "", "", None),
            ("Atlantis", "", "", "", None),
        ] {
            assert_eq!(Address::read(country, state, postcode, text).time_zone(), zone, "{country} {state} {text}");
        }
        let all = STATES.iter().chain(AUSTRALIA).chain(CANADA).chain(BRAZIL).chain(MEXICO).map(|(_, _, zone)| *zone);
        for zone in all.chain(ONE_ZONE.iter().map(|(_, zone)| *zone)) {
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
        }
    }

    #[test]
    fn the_number_that_sends_help_is_that_of_the_country() {
        let number = |country: &str| Address::read(country, "", "", "").emergency_number();
        assert_eq!((number("AU"), number("Brasil"), number("Atlantis")), (Some("000"), Some("192"), None));
    }
}
