//! Where new subnets and blocks are.

use eksnet::{
    network::{Cidr, broken_vpc_rules, free_networks, is_public_space},
    plan::{Allowed, Candidate, Plan, PlannedSubnet, Role},
};

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// Every block and subnet of every candidate is where AWS and the requirement let it be.
pub(crate) fn are_legal(plan: &Plan) {
    for candidate in &plan.candidates {
        blocks(plan, candidate);
        subnets(plan, candidate);
    }
}

fn all_blocks(candidate: &Candidate) -> Vec<Cidr> {
    candidate
        .vpc_cidrs
        .iter()
        .copied()
        .chain(candidate.vpc_cidrs_added.iter().map(|b| b.cidr))
        .collect()
}

fn blocks(plan: &Plan, candidate: &Candidate) {
    let id = &candidate.id;
    let all = all_blocks(candidate);
    assert_eq!(candidate.vpc_cidrs, plan.requirement.vpc.cidrs, "{id}");
    let before = broken_vpc_rules(&candidate.vpc_cidrs, false);
    let after = broken_vpc_rules(&all, false);
    assert!(after.iter().all(|rule| before.contains(rule)), "{id}: {after:?}");
    let primary: Vec<bool> = candidate.vpc_cidrs_added.iter().map(|block| block.primary).collect();
    let makes_vpc = candidate.vpc_cidrs.is_empty();
    assert_eq!(primary.iter().filter(|primary| **primary).count(), usize::from(makes_vpc), "{id}");
    assert!(!makes_vpc || primary.first() == Some(&true), "{id}");
    for block in &candidate.vpc_cidrs_added {
        for (what, taken) in forbidden(plan).into_iter().filter(|(what, _)| *what != "used") {
            assert!(
                !block.cidr.overlaps(taken),
                "{id}: added {} overlaps {what} {taken}",
                block.cidr
            );
        }
    }
    if !candidate.beyond_limits.is_empty() || candidate.vpc_cidrs_added.is_empty() {
        return;
    }
    let most = plan.requirement.limits.cidr_blocks.and_then(|most| usize::try_from(most).ok());
    assert!(most.is_none_or(|most| all.len() <= most), "{id}: {all:?}");
}

/// What no new subnet may overlap, and what it is.
fn forbidden(plan: &Plan) -> Vec<(&'static str, Cidr)> {
    let vpc = &plan.requirement.vpc;
    let mut all = vec![("docker", cidr("172.17.0.0/16")), ("link-local", cidr("169.254.0.0/16"))];
    all.extend(vpc.used.iter().map(|used| ("used", *used)));
    all.extend(vpc.avoid.iter().map(|avoid| ("avoid", *avoid)));
    all.extend(plan.requirement.cluster.service_cidr.map(|services| ("services", services)));
    all
}

fn subnets(plan: &Plan, candidate: &Candidate) {
    let id = &candidate.id;
    let blocks = all_blocks(candidate);
    let there = &plan.requirement.vpc.subnets;
    for subnet in candidate.subnets.iter().filter(|subnet| !subnet.new) {
        let known =
            there.iter().any(|known| known.name == subnet.name && known.cidr == subnet.cidr);
        assert!(known, "{id}: {} is not new, and was not there", subnet.name);
    }
    let allow = plan.requirement.allow.clone().unwrap_or_default();
    for (at, subnet) in candidate.subnets.iter().enumerate().filter(|(_, subnet)| subnet.new) {
        let PlannedSubnet { name, cidr, .. } = subnet;
        assert!((16..=28).contains(&cidr.prefix_len()), "{id}: {name} {cidr}");
        let first = u64::from(u32::from(cidr.first()));
        assert_eq!(first % cidr.size(), 0, "{id}: {name} {cidr}");
        let block = blocks.iter().find(|block| block.covers(*cidr));
        let block =
            block.unwrap_or_else(|| panic!("{id}: {name} {cidr} is in no block of {blocks:?}"));
        for (what, taken) in forbidden(plan) {
            assert!(!cidr.overlaps(taken), "{id}: {name} {cidr} overlaps {what} {taken}");
        }
        for known in there {
            assert!(!cidr.overlaps(known.cidr), "{id}: {name} {cidr} overlaps {}", known.name);
        }
        for other in candidate.subnets.iter().skip(at + 1) {
            assert!(!cidr.overlaps(other.cidr), "{id}: {name} {cidr} overlaps {}", other.name);
            assert!(*name != other.name, "{id}: two subnets are called {name}");
        }
        assert!(allow.contains(&Allowed::PublicSpace) || !is_public_space(*cidr), "{id}: {cidr}");
        if subnet.role != Role::Pod && !allow.contains(&Allowed::UnroutableNodes) {
            assert!(is_routable(plan, *cidr), "{id}: {name} {cidr} is not routable");
        }
        for reservation in &subnet.reservations {
            assert!(cidr.covers(reservation.cidr), "{id}: {name} {cidr} {reservation:?}");
        }
        room_beside(plan, candidate, subnet, *block);
    }
}

fn is_routable(plan: &Plan, subnet: Cidr) -> bool {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidr);
    match &plan.requirement.vpc.routable {
        Some(stated) => stated.iter().any(|block| block.covers(subnet)),
        None => private.iter().any(|block| block.covers(subnet)),
    }
}

/// The other half of the network of twice its size is free, or there is no free network of that size.
fn room_beside(plan: &Plan, candidate: &Candidate, subnet: &PlannedSubnet, block: Cidr) {
    if subnet.role == Role::ControlPlane || subnet.role == Role::Other {
        return;
    }
    let len = subnet.cidr.prefix_len() - 1;
    let pair = Cidr::containing(subnet.cidr.first(), len).unwrap();
    let mut taken: Vec<Cidr> = forbidden(plan).into_iter().map(|(_, taken)| taken).collect();
    taken.extend(plan.requirement.vpc.subnets.iter().map(|known| known.cidr));
    let others = candidate.subnets.iter().filter(|other| other.name != subnet.name);
    taken.extend(others.map(|other| other.cidr));
    if block.covers(pair) && !taken.iter().any(|taken| taken.overlaps(pair)) {
        return;
    }
    taken.push(subnet.cidr);
    let free = free_networks(block, &taken);
    let hole = free.iter().find(|hole| hole.prefix_len() <= len);
    let name = &subnet.name;
    assert!(
        hole.is_none(),
        "{}: {name} {} has no room beside it, {hole:?} is free",
        candidate.id,
        subnet.cidr
    );
}
