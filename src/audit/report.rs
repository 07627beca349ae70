//! What an audit says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Beside, Comparison, Drain, FailOn, Ignore, Ignored, NodeReport, Standing, WhatIf,
    forecast::Forecast,
};
use crate::{
    finding::{Finding, Severity},
    inventory::{Because, OwnerKind, Place, Source, Withheld},
    ipam::ADDRESSES_PER_PREFIX,
    network::{BlockCounts, BlockState, Cidr},
};

/// How a subnet stands against the bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The number that decides could not be seen.
    Unknown,
    /// Below the bars.
    Ok,
    /// At or over the warning bar.
    Warning,
    /// At or over the critical bar.
    Critical,
}

impl Status {
    /// The status's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What an owner kind holds in a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerCount {
    /// Distinct ENIs that give the kind at least one address.
    pub interfaces: u32,
    /// Addresses.
    pub addresses: u32,
}

/// Addresses of a subnet that EC2 can assign by itself now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// In whatever way: free ones outside explicit reservations. EC2 takes delegated prefixes from
    /// prefix reservations too.
    pub addresses: u32,
    /// One by one: free ones outside reservations of either kind. Every new ENI needs one for itself.
    pub singles: u32,
}

/// One subnet. A number that could not be seen is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct SubnetReport {
    /// Its id.
    pub subnet_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Its VPC.
    pub vpc_id: String,
    /// Its availability zone.
    pub availability_zone: Option<String>,
    /// Its network; `None` for an IPv6-only subnet.
    pub cidr: Option<Cidr>,
    /// All its addresses.
    pub total: Option<u32>,
    /// All but the five AWS keeps.
    pub usable: Option<u32>,
    /// Addresses held by ENIs.
    pub used: Option<u32>,
    /// Usable addresses nobody holds.
    pub free: Option<u32>,
    /// Free addresses inside reservations.
    pub reserved_free: Option<u32>,
    /// Those of them inside explicit reservations, from which EC2 assigns nothing on its own.
    pub explicit_free: Option<u32>,
    /// AvailableIpAddressCount as EC2 reports it.
    pub available_reported: Option<u32>,
    /// Addresses that the ENIs leave free and EC2 does not report available (negative: the other
    /// way round).
    pub unexplained: Option<i64>,
    /// Addresses in use by whoever it is, which the status and the room go by: in a shared subnet, where
    /// ENIs of other accounts are invisible, the most that either the ENIs or EC2's count shows.
    pub held: Option<u32>,
    /// The states of its /28 blocks.
    pub blocks28: Option<BlockCounts>,
    /// The state of each /28 block in address order.
    pub map: Vec<BlockState>,
    /// /28 prefixes that can be delegated now.
    pub assignable_prefixes: Option<u32>,
    /// Those inside prefix reservations.
    pub assignable_prefixes_in_reservation: Option<u32>,
    /// 0 (healthy) to 100 (exhausted).
    pub fragmentation_score: Option<u32>,
    /// Who holds its addresses.
    pub owners: Option<BTreeMap<OwnerKind, OwnerCount>>,
    /// Descriptions of the ENIs under `other`, with their addresses.
    pub other_descriptions: BTreeMap<String, u32>,
    /// ENIs that nodes left behind, with the addresses each holds; what instances would tell is
    /// missing when they could not be seen.
    pub leaked: BTreeMap<String, u32>,
    /// The owning account when it is another one than the ENIs'.
    pub shared_by: Option<String>,
    /// How it stands.
    pub status: Status,
    /// Why a cluster's selection has it.
    pub selected_by: BTreeSet<Because>,
}

impl SubnetReport {
    /// The owners, where whose each address is could be told: not where the instances that hold some
    /// were not seen.
    #[must_use]
    pub fn all_owners(&self) -> Option<&BTreeMap<OwnerKind, OwnerCount>> {
        self.owners.as_ref().filter(|owners| !owners.contains_key(&OwnerKind::Unknown))
    }

    /// Used part of the usable addresses in ten-thousandths, rounded half up.
    #[must_use]
    pub fn utilization_e4(&self) -> Option<u64> {
        let (used, usable) = (u64::from(self.used?), u64::from(self.usable?));
        Some((used * 20_000 + usable) / (usable * 2))
    }

    /// Whether ENIs that cannot be seen hold addresses of it, or may.
    #[must_use]
    pub fn may_hide(&self) -> bool {
        self.shared_by.is_some() && (self.held.is_none() || self.held > self.used)
    }

    /// What EC2 can assign by itself now. `None` when it is not known: the ENIs, the reservations or,
    /// in a shared subnet, EC2's count could not be seen.
    #[must_use]
    pub fn room(&self) -> Option<Room> {
        self.held?;
        self.room_less(self.explicit_free?, self.reserved_free?)
    }

    /// The most that the room can be: what is not known of reservations and of invisible ENIs counts as
    /// none. For verdicts that hold if even this is too little.
    #[must_use]
    pub fn room_at_most(&self) -> Option<Room> {
        self.room_less(self.explicit_free.unwrap_or(0), self.reserved_free.unwrap_or(0))
    }

    /// Addresses in use at which there is no room left; at most so many where the reservations are not
    /// known.
    #[must_use]
    pub fn full_at(&self) -> Option<u32> {
        Some(self.usable?.saturating_sub(self.explicit_free.unwrap_or(0)))
    }

    /// Whether EC2 can assign neither a single address nor a prefix by itself, although some addresses may
    /// be free.
    #[must_use]
    pub fn has_no_room(&self) -> bool {
        self.room_at_most().is_some_and(|room| room.singles == 0)
            && self.prefixes_at_most() == Some(0)
    }

    /// The most /28 prefixes that EC2 can assign: blocks that invisible ENIs may have taken count as
    /// free, but never more of them than there is room for.
    #[must_use]
    pub fn prefixes_at_most(&self) -> Option<u32> {
        let fit = self.room_at_most()?.addresses / ADDRESSES_PER_PREFIX;
        Some(self.assignable_prefixes.map_or(fit, |assignable| assignable.min(fit)))
    }

    fn room_less(&self, explicit_free: u32, reserved_free: u32) -> Option<Room> {
        let left = self.usable?.saturating_sub(self.held.or(self.used)?);
        Some(Room {
            addresses: left.saturating_sub(explicit_free),
            singles: left.saturating_sub(reserved_free),
        })
    }

    /// How the subnet is called in messages: id and name.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} ({name})", self.subnet_id),
            None => self.subnet_id.clone(),
        }
    }
}

/// The whole audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditReport {
    /// Where the numbers come from.
    pub source: Source,
    /// Subnets by VPC, zone and network; IPv6-only ones last.
    pub subnets: Vec<SubnetReport>,
    /// Kubernetes nodes with ENIs in the subnets, sorted by id; `None` when instances or ENIs
    /// could not be seen.
    pub nodes: Option<Vec<NodeReport>>,
    /// Where each subnet goes, in their order; `None` without a history.
    pub forecast: Option<Vec<Forecast>>,
    /// What other settings of the CNI would save, a row each; `None` when it was not asked.
    pub what_if: Option<Vec<WhatIf>>,
    /// Which nodes to drain for whole blocks, a row a subnet; `None` when it was not asked.
    pub drains: Option<Vec<Drain>>,
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// Findings that the policy does not want, worst first.
    pub ignored: Vec<Ignored>,
    /// What could not be seen, sorted.
    pub withheld: Vec<Withheld>,
    /// Rows of the policy that hold and mean no finding, in the policy's order; empty when something
    /// could not be seen, since that may be what hides what they mean.
    pub unused_ignores: Vec<Ignore>,
    /// Clusters and ENIConfigs that findings were looked for at, for a baseline's rows about them.
    pub beside: Beside,
    /// How the findings stand to a baseline, if there is one.
    pub baseline: Option<Comparison>,
    /// Where what is named in it was seen, by id, in a run over several regions or accounts.
    pub places: Option<BTreeMap<String, Place>>,
}

/// The audit in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Subnets looked at.
    pub subnets: u32,
    /// Subnets by status.
    pub ok: u32,
    /// Subnets at or over the warning bar.
    pub warning: u32,
    /// Subnets at or over the critical bar.
    pub critical: u32,
    /// Subnets whose status could not be told.
    pub unknown: u32,
    /// Usable addresses of all subnets; `None` if one is unknown.
    pub usable: Option<u64>,
    /// Used addresses of all subnets; `None` if one is unknown.
    pub used: Option<u64>,
    /// Free addresses of all subnets; `None` if one is unknown.
    pub free: Option<u64>,
    /// Findings by severity: critical, warning, info.
    pub findings: [u32; 3],
    /// Findings that the policy does not want.
    pub ignored: u32,
}

impl AuditReport {
    /// The audit in a few numbers. IPv6-only subnets count as subnets and have no addresses.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for subnet in &self.subnets {
            summary.subnets += 1;
            match subnet.status {
                Status::Unknown => summary.unknown += 1,
                Status::Ok => summary.ok += 1,
                Status::Warning => summary.warning += 1,
                Status::Critical => summary.critical += 1,
            }
        }
        let ipv4 = || self.subnets.iter().filter(|subnet| subnet.cidr.is_some());
        summary.usable = ipv4().map(|subnet| subnet.usable.map(u64::from)).sum();
        summary.used = ipv4().map(|subnet| subnet.used.map(u64::from)).sum();
        summary.free = ipv4().map(|subnet| subnet.free.map(u64::from)).sum();
        summary.ignored = u32::try_from(self.ignored.len()).unwrap_or(u32::MAX);
        for finding in &self.findings {
            let [critical, warning, info] = &mut summary.findings;
            match finding.severity {
                Severity::Critical => *critical += 1,
                Severity::Warning => *warning += 1,
                Severity::Info => *info += 1,
            }
        }
        summary
    }

    /// Whether a finding that a baseline does not know fails the run.
    #[must_use]
    pub fn fails(&self, fail_on: &FailOn) -> bool {
        let mut unknown = self.findings.iter().filter(|finding| !self.is_known(finding));
        unknown.any(|finding| fail_on.is_met_by(finding))
    }

    /// How a finding stands to the baseline; `None` without one.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Option<Standing> {
        self.baseline.as_ref().map(|baseline| baseline.standing(finding))
    }

    /// Whether the baseline has a finding at its severity or a higher one.
    #[must_use]
    pub fn is_known(&self, finding: &Finding) -> bool {
        self.standing(finding) == Some(Standing::Known)
    }

    /// Where something was seen, by its id; `None` if the run looks at one region and account alone.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<Place> {
        self.places.as_ref().map(|places| places.get(id).cloned().unwrap_or_default())
    }

    /// The audited subnets by id, to look up what many findings are about.
    #[must_use]
    pub fn subnets_by_id(&self) -> HashMap<&str, &SubnetReport> {
        self.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect()
    }
}
