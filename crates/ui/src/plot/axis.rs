//! A scale from numbers to places, with round ticks.

/// One side of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured, with its unit.
    pub label: String,
    /// The lowest number shown.
    pub low: f64,
    /// The highest number shown.
    pub high: f64,
    /// The numbers written, with their words.
    pub ticks: Vec<(f64, String)>,
    /// Equal ratios are equally far apart. Numbers must then be above zero.
    pub log: bool,
}

impl Axis {
    /// An axis with round ticks around what is to be shown. Without any finite number it runs from 0 to 1.
    #[must_use]
    pub fn nice(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if !low.is_finite() {
            (low, high) = (0.0, 1.0);
        }
        if high - low < 1e-9 {
            (low, high) = (low - 1.0, high + 1.0);
        }
        let step = round_step((high - low) / 5.0);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let count = (last - first).round() as i64;
        let ticks = (0..=count.clamp(1, 20)).map(|n| (first + n as f64) * step);
        let ticks: Vec<(f64, String)> = ticks.map(|value| (value, number(value, step))).collect();
        Self { label: label.to_owned(), low: first * step, high: last * step, ticks, log: false }
    }

    /// An axis of days since the first dose, on which equal ratios are equally far apart, with these ticks.
    #[must_use]
    pub fn log(label: &str, ticks: Vec<(f64, String)>) -> Self {
        let low = ticks.iter().map(|tick| tick.0).fold(f64::INFINITY, f64::min) * 0.75;
        let high = ticks.iter().map(|tick| tick.0).fold(1.0, f64::max) * 1.25;
        let low = if low.is_finite() && low > 0.0 { low } else { 0.5 };
        Self { label: label.to_owned(), low, high, ticks, log: true }
    }

    /// An axis of shares, 0 to 100 per cent.
    #[must_use]
    pub fn percent(label: &str) -> Self {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().map(|share| (share, format!("{:.0} %", share * 100.0)));
        Self { label: label.to_owned(), low: 0.0, high: 1.0, ticks: ticks.collect(), log: false }
    }

    /// How far along the axis a number lies, from 0 to 1; numbers beyond an end lie at the end.
    #[must_use]
    pub fn along(&self, value: f64) -> f64 {
        if value.is_nan() {
            return 0.0;
        }
        let value = value.clamp(self.low, self.high);
        let share = if self.log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| rough <= step * power * 1.000_001).unwrap_or(10.0);
    step * power
}

/// A number as people write it, with as many decimals as the step needs and a real minus.
fn number(value: f64, step: f64) -> String {
    let decimals = if step >= 1.0 { 0 } else { (-step.log10().floor()).clamp(0.0, 6.0) as usize };
    let value = if value.abs() < step / 1e6 { 0.0 } else { value };
    format!("{value:.decimals$}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_everything() {
        let axis = Axis::nice("points", [-27.3, 4.1]);
        assert_eq!((axis.low, axis.high), (-30.0, 10.0));
        assert_eq!(axis.ticks.iter().map(|tick| tick.1.as_str()).collect::<Vec<_>>(), ["−30", "−20", "−10", "0", "10"]);
        let small = Axis::nice("share", [0.02, 0.11]);
        assert!(small.ticks.iter().any(|tick| tick.1 == "0.04"), "{:?}", small.ticks);
    }

    #[test]
    fn nothing_equal_and_endless_numbers_still_give_an_axis() {
        for values in [vec![], vec![3.0], vec![3.0, 3.0], vec![f64::NAN, f64::INFINITY]] {
            let axis = Axis::nice("x", values);
            assert!(axis.low < axis.high && !axis.ticks.is_empty());
        }
        assert_eq!(Axis::nice("x", [0.0, 10.0]).along(f64::INFINITY), 1.0);
        assert_eq!(Axis::nice("x", [0.0, 10.0]).along(f64::NAN), 0.0);
    }

    #[test]
    fn equal_ratios_are_equally_far_apart() {
        let axis = Axis::log("days", vec![(7.0, "1 week".into()), (14.0, String::new()), (28.0, String::new())]);
        let (first, second) = (axis.along(14.0) - axis.along(7.0), axis.along(28.0) - axis.along(14.0));
        assert!((first - second).abs() < 1e-12);
    }
}
