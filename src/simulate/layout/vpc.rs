//! The VPC as AWS judges it, and as further subnets find room in it.

use super::resolved::{Layout, PlannedVpc};
use crate::{
    network::{BrokenVpcRule, Cidr, broken_unit_rule, broken_vpc_rules},
    simulate::{Observed, Scenario},
};

impl PlannedVpc {
    /// What is there, and what the scenario adds.
    pub(super) fn new(
        scenario: &Scenario,
        start: Option<&Observed>,
        blocks: Option<Vec<Cidr>>,
        allow_large: bool,
    ) -> Self {
        let there = start.and_then(Observed::cidrs).unwrap_or_default();
        let before = broken_vpc_rules(there, allow_large);
        let written = scenario.vpc.iter().flat_map(|vpc| &vpc.cidrs);
        let all: Vec<Cidr> = there.iter().chain(written).copied().collect();
        let broken = broken_vpc_rules(&all, allow_large);
        Self {
            blocks,
            other_subnets: start.map_or_else(Vec::new, |start| start.other_subnets.clone()),
            broken: broken.into_iter().filter(|rule| !before.contains(rule)).collect(),
        }
    }
}

impl Layout<'_> {
    /// The rules of AWS that the VPC's blocks break, and that so many network address units do.
    #[must_use]
    pub fn broken_vpc_rules(&self, units: u64) -> Vec<BrokenVpcRule> {
        self.vpc.broken.iter().copied().chain(broken_unit_rule(units)).collect()
    }

    /// How many blocks the VPC is to have.
    pub(in crate::simulate) fn vpc_blocks(&self) -> u64 {
        let blocks = self.vpc.blocks.as_ref().map_or(0, Vec::len);
        u64::try_from(blocks).unwrap_or(u64::MAX)
    }
}
