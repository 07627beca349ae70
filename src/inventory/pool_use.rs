//! What pods have of a node's pool, by aws-node's own count and kubectl's pods together.
//!
//! Both are moments. aws-node also counts pods that start and pods that are not gone yet, so that it usually
//! counts more; where it counts fewer than kubectl lists, its metrics are the older ones. The greater use is
//! the one that frees nothing a pod has.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::AwsNodeMetrics;
use crate::network::Cidr;

/// An ENI of a node, as its pool has it.
#[derive(Debug, Clone, Copy)]
pub struct PoolEni<'a> {
    /// Whether what it holds beside its own address is the pool's.
    pub is_pool: bool,
    /// Whether it is on the default network card. Each other one has a pool of its own.
    pub on_card: bool,
    /// Its own address, which is no pod's.
    pub own: Option<Ipv4Addr>,
    /// Its further addresses.
    pub secondary: &'a [Ipv4Addr],
    /// Its prefixes.
    pub prefixes: &'a [Cidr],
}

impl PoolEni<'_> {
    fn held_for_pods(&self) -> u32 {
        let singles = u32::try_from(self.secondary.len()).unwrap_or(u32::MAX);
        let of = |prefix: &Cidr| u32::try_from(prefix.size()).unwrap_or(u32::MAX);
        self.prefixes.iter().map(of).fold(singles, u32::saturating_add)
    }

    /// Whether an address is one that it holds beside its own.
    #[must_use]
    pub fn holds(&self, address: Ipv4Addr) -> bool {
        self.secondary.contains(&address)
            || self.prefixes.iter().any(|prefix| prefix.contains(address))
    }
}

/// What pods have of a node's pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolUse {
    /// Addresses assigned by aws-node's count.
    pub assigned: u32,
    /// Addresses of the pool that kubectl's pods have.
    pub listed: u32,
    /// Those of the greater of both on each ENI.
    pub on_enis: Vec<u32>,
    /// Prefixes in which no pod has an address by either, sorted.
    pub freeable: Vec<Cidr>,
}

impl PoolUse {
    /// What pods have of a node's pool: its ENIs, aws-node's count, and the addresses of the pods that
    /// kubectl lists there.
    ///
    /// # Errors
    /// Why the count is not that of these ENIs.
    pub fn new(
        told: &AwsNodeMetrics,
        enis: &[PoolEni<'_>],
        listed: &BTreeSet<Ipv4Addr>,
    ) -> Result<Self, String> {
        let pool = || enis.iter().filter(|eni| eni.is_pool);
        // Each network card has a pool of its own, and the gauges of all of them are the last one's.
        if pool().all(|eni| eni.on_card) {
            told.is_whole()?;
            let owns = || enis.iter().filter_map(|eni| eni.own);
            let held = pool().map(PoolEni::held_for_pods).fold(0, u32::saturating_add);
            let own = if owns().any(|own| told.names(own)) { owns().count() } else { 0 };
            told.is_pool_of(held, u32::try_from(own).unwrap_or(u32::MAX))?;
        }
        let on = |eni: &PoolEni<'_>| {
            if eni.is_pool { told.on(eni.secondary, eni.prefixes) } else { 0 }
        };
        let assigned_on: Vec<u32> = enis.iter().map(on).collect();
        let assigned = assigned_on.iter().copied().fold(0, u32::saturating_add);
        let own: u32 = enis.iter().filter_map(|eni| eni.own).map(|own| told.on(&[own], &[])).sum();
        let elsewhere = told.sum().saturating_sub(assigned).saturating_sub(own);
        if elsewhere > 0 {
            return Err(format!(
                "aws-node counts {elsewhere} addresses in use that the node's ENIs do not hold for pods: \
                 they were read at different times; save both again"
            ));
        }
        let count = |eni: &PoolEni<'_>| {
            let its = listed.iter().filter(|address| eni.is_pool && eni.holds(**address));
            u32::try_from(its.count()).unwrap_or(u32::MAX)
        };
        let listed_on: Vec<u32> = enis.iter().map(count).collect();
        let listed_sum = listed_on.iter().copied().fold(0, u32::saturating_add);
        let is_idle = |prefix: &&Cidr| {
            told.on(&[], &[**prefix]) == 0 && !listed.iter().any(|pod| prefix.contains(*pod))
        };
        let prefixes = pool().flat_map(|eni| eni.prefixes);
        let mut freeable: Vec<Cidr> = prefixes.filter(is_idle).copied().collect();
        freeable.sort_unstable();
        Ok(Self {
            assigned,
            listed: listed_sum,
            on_enis: if listed_sum > assigned { listed_on } else { assigned_on },
            freeable,
        })
    }

    /// Addresses that pods have: the greater of both counts.
    #[must_use]
    pub fn pods(&self) -> u32 {
        self.assigned.max(self.listed)
    }
}
