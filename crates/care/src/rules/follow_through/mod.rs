//! What must go on being true while a course lasts: the ground on which the medicine is prescribed.

pub mod f01_licence;
pub mod f01_telemedicine;
