//! The published trials of ketamine for PTSD as data: design, people, numbers with their source and standing, and what
//! each cannot say.
