//! A VPC's IPv4 blocks that break a rule for certain, are public space, or overlap a cluster's services.

use super::{Check, Claim, Facts, hints::blocks_of, vpc_cidr_quota::of_blocks};
use crate::{
    finding::{Finding, Severity},
    inventory::{Cluster, Vpc},
    network::{Cidr, is_public_space},
};

pub(super) const CHECK: Check = Check {
    id: "vpc-cidr",
    about: "IPv4 blocks of a VPC overlap each other or a cluster's services, or are public space",
    claim: |_| {
        Claim::of("has an IPv4 block that conflicts", "have IPv4 blocks that conflict")
            .about("VPC", "VPCs")
    },
    severities: &[Severity::Critical, Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let vpcs = || facts.inventory.vpcs.iter().flatten().filter(|vpc| facts.is_in(&vpc.vpc_id));
    let services = vpcs().flat_map(|vpc| {
        let clusters = facts.inventory.clusters.iter();
        clusters
            .filter(|cluster| cluster.vpc_id.as_deref() == Some(&vpc.vpc_id))
            .filter_map(|cluster| services(vpc, cluster))
    });
    let public = vpcs().flat_map(|vpc| {
        let blocks = vpc.cidrs.iter().copied().filter(|cidr| is_public_space(*cidr));
        blocks.map(|cidr| public(&vpc.vpc_id, cidr))
    });
    of_blocks(facts, CHECK.id).into_iter().chain(services).chain(public).collect()
}

fn public(vpc_id: &str, cidr: Cidr) -> Finding {
    CHECK
        .finding(Severity::Info, vpc_id)
        .detail(cidr.to_string())
        .message(format!(
            "{vpc_id}: {cidr} is public address space: from this VPC its owners on the internet cannot \
             be reached"
        ))
        .hint(
            "private space is 10.0.0.0/8, 172.16.0.0/12 (up to 172.31.255.255), 192.168.0.0/16, \
             100.64.0.0/10 and 198.18.0.0/15",
        )
        .command(blocks_of(vpc_id))
        .with("cidr", cidr.to_string())
}

/// A block was added to the VPC after the cluster was made: EKS takes no services' network that overlaps.
fn services(vpc: &Vpc, cluster: &Cluster) -> Option<Finding> {
    let service_cidr = cluster.service_cidr?;
    let block = vpc.cidrs.iter().find(|cidr| cidr.overlaps(service_cidr))?;
    Some(
        CHECK
            .finding(Severity::Warning, &vpc.vpc_id)
            .detail(format!("{block} and the services of {}", cluster.name))
            .message(format!(
                "{}: {block} overlaps {service_cidr}, the services of cluster {}: its nodes and pods \
                 cannot reach what has those addresses in the VPC",
                vpc.vpc_id, cluster.name
            ))
            .hint(
                "the services' network of a cluster cannot be changed: put subnets in another block of \
                 the VPC",
            )
            .command(blocks_of(&vpc.vpc_id))
            .with("cidr", block.to_string())
            .with("service_cidr", service_cidr.to_string())
            .with("cluster", cluster.name.as_str()),
    )
}
