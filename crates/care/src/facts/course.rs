//! How a course went so far, and what was seen of misuse.

use jiff::Timestamp;

use super::Answered;

/// The course in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseFact {
    /// When each session with a dose began, oldest first.
    pub doses: Vec<Timestamp>,
    /// PCL-5 before the first dose.
    pub pcl5_before: Option<f64>,
    /// The newest PCL-5 after the first dose, of the same kind, and when.
    pub pcl5_since: Option<(Timestamp, f64)>,
    /// When a prescriber last reviewed the course and did not stop it.
    pub reviewed_at: Option<Timestamp>,
}

impl CourseFact {
    /// The sessions since the last review, or all of them.
    #[must_use]
    pub fn doses_since_review(&self) -> usize {
        self.doses.iter().filter(|dose| self.reviewed_at.is_none_or(|reviewed| **dose > reviewed)).count()
    }
}

/// One look for signs of misuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MisuseFact {
    /// When.
    pub at: Timestamp,
    /// Another source of a controlled medicine.
    pub other_source: Answered,
    /// Craving, or use other than prescribed.
    pub craving: Answered,
    /// Doses lost, stolen or passed on.
    pub lost_or_shared: Answered,
    /// How often more was asked for early since the look before.
    pub early_requests: u32,
}
