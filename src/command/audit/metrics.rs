//! The moment of metrics.

use jiff::Timestamp;

use crate::audit::AuditReport;

/// When the numbers were captured, in milliseconds since 1970; the present moment for saved answers
/// of the AWS CLI, which do not say.
pub(super) fn timestamp(report: &AuditReport) -> i64 {
    let captured = report.source.captured_at.as_deref().and_then(|text| text.parse().ok());
    captured.unwrap_or_else(Timestamp::now).as_millisecond()
}
