//! Rows of the report.

use crate::render::json::doctor::{DoctorRow, DoctorStatus};

/// Something that was looked at.
pub(super) fn row(subject: impl Into<String>, status: DoctorStatus) -> DoctorRow {
    DoctorRow { subject: subject.into(), status, value: None, reason: None, fix: None }
}

/// What is as it has to be.
pub(super) fn ok(subject: impl Into<String>, value: impl Into<String>) -> DoctorRow {
    DoctorRow { value: Some(value.into()), ..row(subject, DoctorStatus::Ok) }
}

/// What was not tried.
pub(super) fn not_tried(subject: impl Into<String>, why: &str) -> DoctorRow {
    DoctorRow { reason: Some(why.to_owned()), ..row(subject, DoctorStatus::NotTried) }
}

impl DoctorRow {
    /// With what to do about it.
    pub(super) fn with_fix(self, fix: &str) -> Self {
        Self { fix: Some(fix.to_owned()), ..self }
    }
}
