//! Suicide risk: nobody is decided upon or dosed over a screen that is missing, old or high.

pub mod c01_screening;
