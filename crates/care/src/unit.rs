//! The units in which rules count and compare. Their codes are stored.

use crate::code::coded_enum;

coded_enum! {
    /// A unit.
    pub enum Unit of "unit" {
        /// Milligrams.
        Mg = "mg",
        /// Milligrams for each kilogram of body weight.
        MgPerKg = "mg-per-kg",
        /// Milligrams for each kilogram of body weight a minute.
        MgPerKgPerMinute = "mg-per-kg-per-minute",
        /// Milligrams a day of diazepam-equivalent.
        DiazepamMgPerDay = "diazepam-mg-per-day",
        /// Kilograms.
        Kg = "kg",
        /// Centimetres.
        Cm = "cm",
        /// Kilograms for each square metre of body height.
        KgPerM2 = "kg-per-m2",
        /// Years.
        Years = "years",
        /// Days.
        Days = "days",
        /// Hours.
        Hours = "hours",
        /// Minutes.
        Minutes = "minutes",
        /// Millimetres of mercury.
        MmHg = "mm-hg",
        /// Per cent.
        Percent = "percent",
        /// Heartbeats a minute.
        BeatsPerMinute = "beats-per-minute",
        /// Breaths a minute.
        BreathsPerMinute = "breaths-per-minute",
        /// Points of a questionnaire.
        Points = "points",
        /// The MOAA/S scale of alertness, 5 to 0.
        Moaas = "moaas",
        /// A rating from 0 to 10.
        OfTen = "of-ten",
        /// Readings.
        Readings = "readings",
        /// Readings that are recent enough to count.
        RecentReadings = "recent-readings",
        /// High readings.
        HighReadings = "high-readings",
        /// Tablets or lozenges.
        Units = "units",
        /// Times.
        Times = "times",
        /// Alerts that are open.
        OpenAlerts = "open-alerts",
    }
}
