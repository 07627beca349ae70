//! What the parts of an audit's page are made from.

use std::collections::{BTreeSet, HashMap};

use super::super::{head::Grade, text};
use crate::audit::{
    AddressMap, AuditReport, Status, SubnetCount,
    answer::{Answer, View},
    forecast::Forecast,
};

/// What a page is made from.
pub(super) struct PageSource<'a> {
    pub(super) report: &'a AuditReport,
    pub(super) answer: Answer<'a>,
    pub(super) view: &'a View,
    pub(super) map: &'a AddressMap,
    pub(super) forecasts: HashMap<&'a str, &'a Forecast>,
    /// The subnets whose blocks are shown one by one.
    pub(super) mapped: BTreeSet<&'a str>,
}

/// How bad a status is.
pub(super) fn grade(status: Status) -> Grade {
    match status {
        Status::Ok => Grade::Good,
        Status::Warning => Grade::Warning,
        Status::Critical => Grade::Critical,
        Status::Unknown => Grade::Unknown,
    }
}

/// A subnet's name, or its id.
pub(super) fn name(subnet: &SubnetCount) -> String {
    text(subnet.name.as_deref().unwrap_or(&subnet.subnet_id))
}
