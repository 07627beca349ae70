//! What earlier readings say of subnets.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    audit::count::SubnetUse,
    inventory::{Measure, Withheld},
    trend::Point,
};

/// A number of a subnet at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The subnet.
    pub subnet_id: String,
    /// What was read.
    pub measure: Measure,
    /// The number and the moment.
    pub point: Point,
}

impl Reading {
    /// What was in use of a subnet at one moment. A number that is not available is no reading.
    pub fn of(subnet: &SubnetUse<'_>, at: Timestamp) -> impl Iterator<Item = Self> + use<> {
        let subnet_id = subnet.subnet_id.to_owned();
        let numbers = [
            (Measure::UsedAddresses, subnet.held),
            (Measure::AssignablePrefixes, subnet.assignable_prefixes),
        ];
        numbers.into_iter().filter_map(move |(measure, number)| {
            let point = Point { at, value: f64::from(number?) };
            Some(Self { subnet_id: subnet_id.clone(), measure, point })
        })
    }
}

/// Readings of subnets over time, and how far a forecast is a finding.
#[derive(Debug, Clone, Default)]
pub struct History {
    readings: BTreeMap<(String, Measure), BTreeMap<Timestamp, f64>>,
    /// What of it could not be read.
    pub withheld: Vec<Withheld>,
    /// What was passed over.
    pub notes: Vec<String>,
    /// Readings whose moment stands in the name of the file or directory alone.
    pub dated_by_name: usize,
    /// Days within which a subnet that runs full is a finding.
    pub horizon_days: u32,
}

impl History {
    /// An empty history.
    #[must_use]
    pub fn new(horizon_days: u32) -> Self {
        Self { horizon_days, ..Self::default() }
    }

    /// That readings are dated by their names, if any are.
    #[must_use]
    pub fn dated(&self) -> Option<String> {
        match self.dated_by_name {
            0 => None,
            1 => Some("1 reading dated by its name".to_owned()),
            many => Some(format!("{many} readings dated by their names")),
        }
    }

    /// Notes a reading. Of two at one moment the scarcer one stands, so that the order in which
    /// they come does not matter.
    pub fn add(&mut self, reading: Reading) {
        let Reading { subnet_id, measure, point } = reading;
        let readings = self.readings.entry((subnet_id, measure)).or_default();
        let stands = readings.entry(point.at).or_insert(point.value);
        *stands = match measure {
            Measure::UsedAddresses => stands.max(point.value),
            Measure::AssignablePrefixes => stands.min(point.value),
        };
    }

    /// The readings of a subnet in order.
    pub(super) fn points(&self, subnet_id: &str, measure: Measure) -> Vec<Point> {
        let readings = self.readings.get(&(subnet_id.to_owned(), measure));
        readings.into_iter().flatten().map(|(at, value)| Point { at: *at, value: *value }).collect()
    }

    /// The addresses in use of all subnets together, at the moments at which each of those that have any reading
    /// has one.
    #[must_use]
    pub fn total_use(&self) -> Vec<Point> {
        let of_use = |((_, measure), readings): (&(String, Measure), _)| {
            (*measure == Measure::UsedAddresses).then_some(readings)
        };
        let all: Vec<&BTreeMap<Timestamp, f64>> = self.readings.iter().filter_map(of_use).collect();
        let Some((first, others)) = all.split_first() else { return Vec::new() };
        let total = |(at, value): (&Timestamp, &f64)| {
            let rest: Option<f64> = others.iter().map(|readings| readings.get(at).copied()).sum();
            Some(Point { at: *at, value: value + rest? })
        };
        first.iter().filter_map(total).collect()
    }

    /// The moment of the latest reading.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.readings.values().filter_map(|of| of.last_key_value()).map(|(at, _)| *at).max()
    }
}
