//! Finding where a rising function crosses zero, by halving: slow and sure, and the same on every machine.

/// The crossing between two points, of which the first is not above zero and the second not below.
///
/// It ends when the two points are neighbouring floating-point numbers, or after 200 halvings.
pub(crate) fn bisect(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The crossing above a point, doubling the distance until it is passed; none where it is never passed.
pub(crate) fn bracket_and_bisect(low: f64, first_step: f64, rising: impl Fn(f64) -> f64) -> Option<f64> {
    let mut step = first_step;
    let mut from = low;
    for _ in 0..200 {
        let to = low + step;
        if rising(to) >= 0.0 {
            return Some(bisect(from, to, rising));
        }
        from = to;
        step *= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_square_root_of_two() {
        let root = bracket_and_bisect(0.0, 0.1, |x| x * x - 2.0).unwrap();
        assert!((root - std::f64::consts::SQRT_2).abs() < 1e-15, "{root}");
    }

    #[test]
    fn says_so_when_nothing_is_crossed() {
        assert_eq!(bracket_and_bisect(0.0, 1.0, |_| -1.0), None);
    }
}
