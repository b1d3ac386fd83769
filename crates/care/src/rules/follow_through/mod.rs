//! What must go on being true while a course lasts: the ground on which the medicine is prescribed, benefit, review, tests,
//! and no sign of misuse.

pub mod f01_labs;
pub mod f01_licence;
pub mod f01_misuse;
pub mod f01_response;
pub mod f01_review;
pub mod f01_telemedicine;

use crate::codes::{clears, limit};
use crate::facts::{CourseFact, Facts};
use crate::finding::Finding;
use crate::rules::Rule;
use crate::rules::answers::missing;
use crate::subject::Subject;

/// The course, or the finding that nothing is known of it.
fn course<'f>(rule: &Rule, facts: &'f Facts) -> Result<&'f CourseFact, Finding> {
    let nothing = || missing(rule, Subject::Course, limit::a_course(), clears::refer_again());
    facts.course.as_ref().ok_or_else(nothing)
}
