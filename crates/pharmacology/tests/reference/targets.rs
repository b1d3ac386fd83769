//! The targets of the reference: what the default model gives, to the printed precision, and which of the published values
//! it misses, so that a change that hides a miss is noticed.

use stillwater_pharmacology::targets::ALL;

/// Targets that the default model misses by more than a fifth, as the reference says.
const MISSES: [&str; 9] = ["IV-09", "IN-07", "PO-01", "NK-04", "BP-02", "BP-03", "BP-04", "BP-06", "CA-01"];

#[test]
fn gives_every_target_of_the_reference_to_the_printed_precision() {
    let mut wrong = Vec::new();
    for target in ALL {
        let value = target.model().unwrap();
        // A peak is flat, and the grid on which the reference read its time is not told: a minute either way.
        let half =
            if target.quantity.is_a_time() { 1.0 } else { 0.5 * 0.1_f64.powi(i32::try_from(target.decimals).unwrap()) };
        // A little more than half a digit: the reference prints with its own rounding.
        if (value - target.printed).abs() > half * 1.02 {
            wrong.push(format!("{} {}: {value:.4}, printed {}", target.id, target.what, target.printed));
        }
        let misses = target.missed_by(value);
        if misses != MISSES.contains(&target.id) {
            let not = if misses { "" } else { "not " };
            wrong.push(format!("{} is {not}a miss: {value:.2} against {}", target.id, target.observed));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_target_has_an_id_of_its_own_a_source_and_a_value() {
    for (n, target) in ALL.iter().enumerate() {
        assert!(ALL.iter().take(n).all(|other| other.id != target.id), "{}", target.id);
        assert!(!target.source.is_empty() && target.observed > 0.0, "{}", target.id);
    }
    assert_eq!(ALL.len(), 39);
}
