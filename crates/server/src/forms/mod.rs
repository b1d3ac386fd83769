//! What the rooms share of forms: the same question has the same fields and is read the same way, whoever answers it.

pub mod day;
pub mod plain;
pub mod symptoms;
pub mod time;
pub mod vitals;
