//! `eksnet doctor` as JSON.

use schemars::JsonSchema;
use serde::Serialize;

/// Whether what eksnet needs is there.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "eksnet doctor")]
pub struct DoctorJson {
    /// The schema of this object: `eksnet.doctor/v1`.
    pub schema: &'static str,
    /// What was looked at, in order.
    pub rows: Vec<DoctorRow>,
}

impl DoctorJson {
    /// The object's schema.
    pub const SCHEMA: &str = "eksnet.doctor/v1";
}

/// Whether something is as it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DoctorStatus {
    /// It is.
    Ok,
    /// It is not.
    Failed,
    /// It was not tried; the reason says why.
    NotTried,
}

impl DoctorStatus {
    /// As it is shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotTried => "not tried",
        }
    }
}

/// Something that was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DoctorRow {
    /// What it is, such as `credentials` or `ec2:DescribeVpcs`.
    pub subject: String,
    /// Whether it is as it has to be.
    pub status: DoctorStatus,
    /// What was found; null if nothing was.
    pub value: Option<String>,
    /// Why it failed or was not tried.
    pub reason: Option<String>,
    /// What to do about it.
    pub fix: Option<String>,
}
