//! The person of whom the model is asked: what of them changes the expected curve.

use serde::Serialize;

use crate::error::ModelError;
use crate::units::{Kg, Years};

/// An adult, as far as the model looks at one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Person {
    weight: Kg,
    age: Years,
    hypertensive: bool,
}

impl Person {
    /// The 70 kg adult under 50 for whom the reference prints its values.
    pub const TYPICAL: Self = Self { weight: Kg::new(70.0), age: Years::new(40.0), hypertensive: false };

    /// An adult of this weight and age, without raised blood pressure.
    ///
    /// # Errors
    /// [`ModelError::WeightOutside`] outside 35 to 200 kg, [`ModelError::AgeOutside`] outside 18 to 110 years;
    /// both also when the number is not one.
    pub fn adult(weight: Kg, age: Years) -> Result<Self, ModelError> {
        if !(35.0..=200.0).contains(&weight.value()) {
            return Err(ModelError::WeightOutside { kg: weight.value() });
        }
        if !(18.0..=110.0).contains(&age.value()) {
            return Err(ModelError::AgeOutside { years: age.value() });
        }
        Ok(Self { weight, age, hypertensive: false })
    }

    /// The same person with a diagnosis of hypertension, which makes the expected rise of blood pressure larger.
    #[must_use]
    pub const fn with_hypertension(self) -> Self {
        Self { hypertensive: true, ..self }
    }

    /// Body weight.
    #[must_use]
    pub const fn weight(self) -> Kg {
        self.weight
    }

    /// Age.
    #[must_use]
    pub const fn age(self) -> Years {
        self.age
    }

    /// Whether hypertension has been diagnosed.
    #[must_use]
    pub const fn hypertensive(self) -> bool {
        self.hypertensive
    }

    /// Weight against the 70 kg of the parameters.
    pub(crate) fn size(self) -> f64 {
        self.weight.value() / 70.0
    }

    /// How age changes ketamine clearance: nothing to 60 years, then 1.1 per cent less each year, never below 0.6.
    /// Derived from the slope of hepatic flow in Perez-Ruixo 2021.
    pub(crate) fn clearance_by_age(self) -> f64 {
        let beyond = (self.age.value() - 60.0).max(0.0);
        (1.0 - 0.011 * beyond).max(0.6)
    }

    /// How age and hypertension change the rise of blood pressure. The direction is verified, the size is not.
    pub(crate) fn pressure_factor(self) -> f64 {
        if self.hypertensive || self.age.value() >= 50.0 { 1.2 } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_weights_outside_the_model() {
        for kg in [0.0, -70.0, 34.9, 200.1, f64::NAN, f64::INFINITY] {
            let refused = Person::adult(Kg::new(kg), Years::new(40.0));
            assert!(matches!(refused, Err(ModelError::WeightOutside { .. })), "{kg}");
        }
        for kg in [35.0, 200.0] {
            assert!(Person::adult(Kg::new(kg), Years::new(40.0)).is_ok(), "{kg}");
        }
    }

    #[test]
    fn refuses_ages_outside_the_model() {
        for years in [17.9, 0.0, -1.0, 110.5, f64::NAN] {
            let refused = Person::adult(Kg::new(70.0), Years::new(years));
            assert!(matches!(refused, Err(ModelError::AgeOutside { .. })), "{years}");
        }
        for years in [18.0, 110.0] {
            assert!(Person::adult(Kg::new(70.0), Years::new(years)).is_ok(), "{years}");
        }
    }

    #[test]
    fn slows_clearance_above_sixty_with_a_floor() {
        let at = |years| Person::adult(Kg::new(70.0), Years::new(years)).unwrap().clearance_by_age();
        assert_eq!(at(60.0), 1.0);
        assert!((at(80.0) - 0.78).abs() < 1e-12);
        assert_eq!(at(110.0), 0.6);
    }
}
