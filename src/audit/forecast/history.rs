//! What earlier readings say of subnets.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    audit::AuditReport,
    inventory::{Measure, Withheld},
    trend::Point,
};

/// Readings of subnets over time, and how far a forecast is a finding.
#[derive(Debug, Clone, Default)]
pub struct History {
    readings: BTreeMap<(String, Measure), BTreeMap<Timestamp, f64>>,
    /// What of it could not be read.
    pub withheld: Vec<Withheld>,
    /// Days within which a subnet that runs full is a finding.
    pub horizon_days: u32,
}

impl History {
    /// An empty history.
    #[must_use]
    pub fn new(horizon_days: u32) -> Self {
        Self { horizon_days, ..Self::default() }
    }

    /// Notes a reading. Of two at one moment the scarcer one stands, so that the order in which
    /// they come does not matter.
    pub fn add(&mut self, subnet_id: &str, measure: Measure, point: Point) {
        let readings = self.readings.entry((subnet_id.to_owned(), measure)).or_default();
        let stands = readings.entry(point.at).or_insert(point.value);
        *stands = match measure {
            Measure::UsedAddresses => stands.max(point.value),
            Measure::AssignablePrefixes => stands.min(point.value),
        };
    }

    /// Notes what an audit of one moment counted. A number that it could not see is no reading.
    /// How many readings there were is told.
    pub fn add_report(&mut self, report: &AuditReport, at: Timestamp) -> usize {
        let mut added = 0;
        for subnet in &report.subnets {
            for (measure, number) in [
                (Measure::UsedAddresses, subnet.held),
                (Measure::AssignablePrefixes, subnet.assignable_prefixes),
            ] {
                if let Some(number) = number {
                    let point = Point { at, value: f64::from(number) };
                    self.add(&subnet.subnet_id, measure, point);
                    added += 1;
                }
            }
        }
        added
    }

    /// The readings of a subnet in order.
    pub(super) fn points(&self, subnet_id: &str, measure: Measure) -> Vec<Point> {
        let readings = self.readings.get(&(subnet_id.to_owned(), measure));
        readings.into_iter().flatten().map(|(at, value)| Point { at: *at, value: *value }).collect()
    }

    /// The moment of the latest reading.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.readings.values().filter_map(|of| of.last_key_value()).map(|(at, _)| *at).max()
    }
}
