//! Numbers and times as people write them.

/// A number with so many decimals and a real minus.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    if value.is_infinite() {
        return "no limit".to_owned();
    }
    let text = format!("{value:.decimals$}");
    // Just under nothing would be written with a minus.
    let text = if text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.') {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    };
    text.replace('-', "−")
}

/// A share as per cent: "67 %".
#[must_use]
pub fn percent(share: f64) -> String {
    // The sign stays with its number at the end of a line.
    format!("{:.0}\u{a0}%", share * 100.0)
}

/// So many minutes as people say it: "18 min", "17 h", "11 days".
#[must_use]
pub fn minutes(minutes: f64) -> String {
    match minutes {
        m if m < 120.0 => format!("{}\u{a0}min", number(m, 0)),
        m if m < 48.0 * 60.0 => format!("{}\u{a0}h", number(m / 60.0, 0)),
        m => format!("{} days", number(m / 1_440.0, 0)),
    }
}

/// A score as people write it: without a decimal when it is whole.
#[must_use]
pub fn score_text(score: f64) -> String {
    // Just under nothing would be written with a minus.
    let score = if score.abs() < 0.05 { 0.0 } else { score };
    if (score - score.round()).abs() < 0.05 { format!("{score:.0}") } else { format!("{score:.1}") }
}

/// How long ago, in the shortest words that are still exact enough: "8 s", "3 min", "2 h 05 min", "4 days".
#[must_use]
pub fn ago(from_ms: i64, now_ms: i64) -> String {
    let seconds = (now_ms - from_ms).max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        _ if seconds / 86_400 == 1 => "1 day".into(),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// So long as hours, minutes and seconds: `1:04:09`.
#[must_use]
pub fn h_mm_ss(ms: i64) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60)
}

/// So long as minutes and seconds: `04:12`.
#[must_use]
pub fn m_ss(ms: i64) -> String {
    let seconds = ms / 1000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(number(-12.54, 1), "−12.5");
        assert_eq!(number(-0.01, 1), "0.0");
        assert_eq!(number(f64::INFINITY, 1), "no limit");
    }

    #[test]
    fn ages_read_as_people_say_them() {
        for (ms, says) in [
            (8_000, "8 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (7_500_000, "2 h 05 min"),
            (86_400_000, "1 day"),
            (4 * 86_400_000, "4 days"),
            (-5_000, "0 s"),
        ] {
            assert_eq!(ago(0, ms), says);
        }
    }
}
