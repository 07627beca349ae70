//! A prefix reservation without a block left to assign.

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::{Check, Claim, Facts, hints::other};
use crate::{
    audit::count::SubnetCount,
    finding::{Command, Finding, Severity, Word},
    inventory::Reservation,
    network::{BLOCK_LENGTH, BlockCounts, BlockState, Cidr, ReservationKind},
};

pub(super) const CHECK: Check = Check {
    id: "reservation-exhausted",
    about: "a prefix reservation has no /28 block left to assign",
    claim: |_| {
        Claim::of(
            "has a prefix reservation without a free block",
            "have prefix reservations without a free block",
        )
    },
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let subnets: BTreeMap<&str, &[Reservation]> = facts
        .inventory
        .subnets
        .iter()
        .filter_map(|s| Some((s.subnet_id.as_str(), s.reservations.as_deref()?)))
        .collect();
    let mut findings = Vec::new();
    for subnet in facts.subnets.iter().filter(|subnet| !subnet.map.is_empty()) {
        let its = subnets.get(subnet.subnet_id.as_str()).copied().unwrap_or_default();
        let for_prefixes = its.iter().filter(|row| row.kind == ReservationKind::Prefix);
        findings.extend(for_prefixes.filter_map(|row| finding(subnet, row.cidr, its)));
    }
    findings
}

fn finding(subnet: &SubnetCount, reserved: Cidr, all: &[Reservation]) -> Option<Finding> {
    let blocks = blocks(subnet, reserved)?;
    let assignable = subnet.assignable_prefixes?;
    if blocks.free > 0 {
        return None;
    }
    let rest = match assignable {
        0 => "nor has the rest of the subnet".to_owned(),
        more => format!(
            "the rest of the subnet has {more}, and whether EC2 falls back to it is not certain"
        ),
    };
    let what = if blocks.reserved == blocks.total {
        "can never have a /28 block to assign: AWS reserves addresses in all of its blocks"
            .to_owned()
    } else {
        let kept = match blocks.reserved {
            0 => String::new(),
            kept => format!(", {kept} hold addresses reserved by AWS"),
        };
        format!(
            "has no /28 block left: {} of {} are delegated and {} fragmented by single addresses{kept}",
            blocks.prefix,
            blocks.total,
            blocks.fragmented + blocks.full
        )
    };
    let block = further(subnet, all);
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{}: the prefix reservation {reserved} {what}; {rest}",
                subnet.label()
            ))
            .hint(match block {
                Some(_) => "reserve a further block that is still whole",
                None => "no whole block is left outside reservations: add a subnet",
            })
            .command(block.and_then(|block| reserve(subnet, block)))
            .detail(reserved.to_string())
            .with("reservation", reserved.to_string())
            .with("blocks28_total", blocks.total)
            .with("blocks28_reserved", blocks.reserved)
            .with("blocks28_prefix", blocks.prefix)
            .with("blocks28_fragmented", blocks.fragmented)
            .with("blocks28_full", blocks.full)
            .with("assignable_prefixes", assignable),
    )
}

/// A further block to reserve: the first whole one outside all reservations, if there is one.
fn further(subnet: &SubnetCount, all: &[Reservation]) -> Option<Cidr> {
    let first = subnet.cidr?.first().to_bits();
    let blocks = (0_u32..).zip(&subnet.map).filter(|(_, state)| **state == BlockState::Free);
    let mut blocks = blocks.filter_map(|(at, _)| {
        let from = Ipv4Addr::from_bits(first.checked_add(at.checked_mul(16)?)?);
        format!("{from}/{BLOCK_LENGTH}").parse::<Cidr>().ok()
    });
    blocks.find(|block| !all.iter().any(|row| row.cidr.overlaps(*block)))
}

fn reserve(subnet: &SubnetCount, block: Cidr) -> Option<Command> {
    let block = block.to_string();
    let (reserve, kind) =
        ("aws ec2 create-subnet-cidr-reservation --subnet-id", "--reservation-type prefix --cidr");
    other(&[Word::Own(reserve), Word::Id(&subnet.subnet_id), Word::Own(kind), Word::Name(&block)])
}

/// The blocks that lie whole in a reservation; `None` if none does.
fn blocks(subnet: &SubnetCount, reserved: Cidr) -> Option<BlockCounts> {
    let network = subnet.cidr?;
    if !network.covers(reserved) || reserved.prefix_len() > BLOCK_LENGTH {
        return None;
    }
    let from = reserved.first().to_bits().checked_sub(network.first().to_bits())? / 16;
    let count = reserved.size() / 16;
    let (from, count) = (usize::try_from(from).ok()?, usize::try_from(count).ok()?);
    let mut counts = BlockCounts::default();
    for state in subnet.map.get(from..from.checked_add(count)?)? {
        counts.add(*state);
    }
    Some(counts)
}
