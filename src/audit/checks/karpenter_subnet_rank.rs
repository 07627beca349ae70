//! Which subnet of a zone Karpenter takes next: the one with the most available addresses by EC2's count. That
//! can be one that is nearly full, and not one whose space a reservation hides.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Claim, Facts,
    class_use::{ClassUses, Starts},
    hints::look_at_each,
    karpenter_subnets::selections,
};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Status, Thresholds},
    },
    finding::{Finding, Severity, counted, thousands},
    ipam::ADDRESSES_PER_PREFIX,
};

pub(super) const CHECK: Check = Check {
    id: "karpenter-subnet-rank",
    about: "Karpenter takes a subnet that is nearly full, or takes one last whose space a reservation hides",
    claim: |severity| match severity {
        Severity::Critical | Severity::Warning => Claim::of(
            "is nearly full and the next that Karpenter takes",
            "are nearly full and the next that Karpenter takes",
        ),
        Severity::Info => Claim::of(
            "has space that Karpenter does not count",
            "have space that Karpenter does not count",
        ),
    },
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

/// The subnets of a zone that Karpenter chooses from, the first choice first.
struct Rank<'a> {
    zone: &'a str,
    /// Each with its available addresses by EC2's count.
    subnets: Vec<(&'a SubnetCount, u32)>,
    /// Who selects these.
    selected_by: BTreeSet<String>,
    /// What is surest of nodes that start here.
    starts: Starts,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let bars = &facts.settings.bars;
    ranks(facts).iter().flat_map(|rank| findings(rank, facts, bars)).collect()
}

/// The counted subnets of a VPC's zone; `None` where one of them has no count.
type Zones<'a> = BTreeMap<(&'a str, &'a str), Option<Vec<(&'a SubnetCount, u32)>>>;

fn ranks<'a>(facts: &Facts<'a>) -> Vec<Rank<'a>> {
    let uses = ClassUses::of(facts);
    let mut by_ids: BTreeMap<Vec<&str>, Rank<'a>> = BTreeMap::new();
    for selection in selections(facts) {
        let (by, may_miss) = (selection.by.clone(), |vpc: &str| selection.may_miss(facts, vpc));
        let mut zones: Zones<'_> = BTreeMap::new();
        for subnet in selection.subnets.iter().copied().filter(|subnet| subnet.cidr.is_some()) {
            let Some(zone) = subnet.availability_zone.as_deref() else { continue };
            // The same names are in several VPCs, and in each of them there is a Karpenter.
            let of_zone = zones.entry((&subnet.vpc_id, zone)).or_insert_with(|| Some(Vec::new()));
            // Where a count is missing, the rank is not known.
            let counted = of_zone.take().zip(subnet.available_reported);
            *of_zone = counted.map(|(mut rows, available)| {
                rows.push((subnet, available));
                rows
            });
        }
        // Neither is it where subnets are left out that may come before these.
        let known = zones.into_iter().filter_map(|((vpc, zone), rows)| {
            let rows = rows.filter(|_| !may_miss(vpc))?;
            let starts = selection.starts(&uses, (vpc, zone));
            (starts != Starts::Nowhere).then_some((zone, starts, rows))
        });
        // A subnet that is alone has no rank: that it is nearly full is said by its use, and only a class
        // that is known can select another.
        let known = known.filter(|(_, _, subnets)| selection.is_known || subnets.len() > 1);
        for (zone, starts, mut subnets) in known {
            // Of several alike any may come first.
            subnets.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.subnet_id.cmp(&b.0.subnet_id)));
            let ids = subnets.iter().map(|(subnet, _)| subnet.subnet_id.as_str()).collect();
            let rank = by_ids.entry(ids);
            let rank = rank.or_insert(Rank { zone, subnets, selected_by: BTreeSet::new(), starts });
            rank.starts = rank.starts.min(starts);
            rank.selected_by.insert(by.clone());
        }
    }
    by_ids.into_values().collect()
}

fn findings(rank: &Rank<'_>, facts: &Facts<'_>, bars: &Thresholds) -> Vec<Finding> {
    let Some((first, available)) = rank.subnets.first().copied() else { return Vec::new() };
    let is_nearly_full = matches!(bars.status(first), Status::Warning | Status::Critical);
    let hidden: Vec<_> = rank
        .subnets
        .iter()
        .skip(1)
        .filter_map(|(subnet, counted)| hidden(subnet, *counted, available))
        .collect();
    let mut found = Vec::new();
    if is_nearly_full {
        found.push(nearly_full(rank, (first, available), &hidden, facts));
    }
    for (subnet, counted, space) in hidden {
        found.push(hidden_space(rank, (first, available), (subnet, counted, space)));
    }
    found
}

/// A subnet that comes after another, and has more addresses in it than that one by EC2's count: those that
/// can be delegated from its prefix reservation.
fn hidden(subnet: &SubnetCount, counted: u32, first: u32) -> Option<(&SubnetCount, u32, u32)> {
    // Blocks that others hold look free in a subnet of another account.
    if subnet.shared_by.is_some() {
        return None;
    }
    let blocks = subnet.assignable_prefixes_in_reservation.filter(|blocks| *blocks > 0)?;
    let space = counted.saturating_add(blocks.saturating_mul(ADDRESSES_PER_PREFIX));
    (space > first).then_some((subnet, counted, space))
}

fn by(rank: &Rank<'_>) -> String {
    rank.selected_by.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// What is assumed of the NodePools.
fn assumed(rank: &Rank<'_>) -> String {
    rank.starts.assumed("the EC2NodeClass")
}

fn nearly_full(
    rank: &Rank<'_>,
    (first, available): (&SubnetCount, u32),
    hidden: &[(&SubnetCount, u32, u32)],
    facts: &Facts<'_>,
) -> Finding {
    let others = match rank.subnets.len() - 1 {
        0 => "it is the only subnet of the zone that it may take".to_owned(),
        1 => "the other subnet of the zone has no more by EC2's count".to_owned(),
        others => format!("the other {others} subnets of the zone have no more by EC2's count"),
    };
    let ids: BTreeSet<&str> = rank.subnets.iter().map(|(one, _)| one.subnet_id.as_str()).collect();
    let free = |subnet: &&SubnetCount| {
        subnet.availability_zone.as_deref() == Some(rank.zone)
            && subnet.vpc_id == first.vpc_id
            && !ids.contains(subnet.subnet_id.as_str())
            && subnet.available_reported.is_some_and(|more| more > available)
    };
    let outside: Vec<&str> =
        facts.subnets.iter().filter(free).map(|subnet| subnet.subnet_id.as_str()).collect();
    let hint = if !hidden.is_empty() {
        "make the prefix reservation of the other subnet smaller, so that EC2 counts its addresses, or take \
         this subnet out of the EC2NodeClass's subnetSelectorTerms"
            .to_owned()
    } else if outside.is_empty() {
        format!(
            "add a subnet in {} and let the EC2NodeClass's subnetSelectorTerms select it",
            rank.zone
        )
    } else {
        format!(
            "let the EC2NodeClass's subnetSelectorTerms select another subnet of the zone that has more \
             space: {}",
            outside.join(", ")
        )
    };
    CHECK
        .finding(Severity::Warning, &first.subnet_id)
        .message(format!(
            "{}: Karpenter ({}) takes it for the next node in {}, although only {} available: {others}{}",
            first.label(),
            by(rank),
            rank.zone,
            counted(available, "address is", "addresses are"),
            assumed(rank),
        ))
        .hint(hint)
        .command(look_at_each(ids.iter().copied(), "--owners"))
        .with("availability_zone", rank.zone)
        .with("available_reported", available)
        .with("held", first.held.or(first.used))
        .with("usable", first.usable)
        .with("ranked", ids.into_iter().collect::<Vec<_>>())
        .with("selected_by", rank.selected_by.iter().cloned().collect::<Vec<_>>())
        .with("assumed", rank.starts != Starts::There)
}

fn hidden_space(
    rank: &Rank<'_>,
    (first, available): (&SubnetCount, u32),
    (subnet, counted, space): (&SubnetCount, u32, u32),
) -> Finding {
    CHECK
        .finding(Severity::Info, &subnet.subnet_id)
        .message(format!(
            "{}: Karpenter ({}) takes it after {}, which has {} available: by EC2's count it has {counted}, \
             although prefixes from its reservation make {}{}",
            subnet.label(),
            by(rank),
            first.subnet_id,
            thousands(available),
            thousands(space),
            assumed(rank),
        ))
        .hint(
            "leave part of the subnet outside the prefix reservation: Karpenter goes by EC2's count, and a new \
             node needs a single address outside of it",
        )
        .command(super::hints::reservations(&subnet.subnet_id))
        .with("availability_zone", rank.zone)
        .with("available_reported", counted)
        .with("with_reserved_prefixes", space)
        .with("taken_before", first.subnet_id.clone())
        .with("available_before", available)
        .with("selected_by", rank.selected_by.iter().cloned().collect::<Vec<_>>())
        .with("assumed", rank.starts != Starts::There)
}
