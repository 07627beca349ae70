//! Where subnets may be: the VPC's blocks, and what must not be touched.

use crate::network::{Cidr, further_private_block, is_public_space, is_rfc_1918};

/// Docker's default bridge: a node in it cannot reach it (EKS user guide, network requirements).
const DOCKER: &str = "172.17.0.0/16";
/// Link-local addresses.
const LINK_LOCAL: &str = "169.254.0.0/16";
/// What EKS takes for Services, and what it takes where the VPC is in 10.0.0.0/8
/// (EKS API reference, KubernetesNetworkConfigRequest).
const SERVICES: &str = "10.100.0.0/16";
const SERVICES_BESIDE_TEN: &str = "172.20.0.0/16";

fn range(text: &str) -> Option<Cidr> {
    text.parse().ok()
}

/// The space of a VPC.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Space {
    /// The VPC's blocks; empty where the plan makes the VPC.
    pub(in crate::plan) blocks: Vec<Cidr>,
    /// The blocks that are stated to be routable.
    routable: Option<Vec<Cidr>>,
    /// What no new subnet may overlap, existing subnets left out.
    pub(in crate::plan) forbidden: Vec<Cidr>,
    /// Whether public addresses may be used.
    pub(in crate::plan) public: bool,
}

impl Space {
    pub(super) fn new(
        blocks: &[Cidr],
        routable: Option<&[Cidr]>,
        forbidden: Vec<Cidr>,
        public: bool,
    ) -> Self {
        let always = [DOCKER, LINK_LOCAL].into_iter().filter_map(range);
        Self {
            blocks: blocks.to_vec(),
            routable: routable.map(<[Cidr]>::to_vec),
            forbidden: forbidden.into_iter().chain(always).collect(),
            public,
        }
    }

    /// Whether the addresses of a block count as routable: inside RFC 1918, or public where those may be
    /// used, unless it is stated.
    pub(in crate::plan) fn is_routable(&self, cidr: Cidr) -> bool {
        match &self.routable {
            Some(stated) => stated.iter().any(|block| block.covers(cidr)),
            // Whoever uses public space routes it as their own.
            None => is_rfc_1918(cidr) || (self.public && is_public_space(cidr)),
        }
    }

    /// What to say of blocks of the VPC that are not used, as an addition to a sentence.
    pub(in crate::plan) fn unused_note(&self) -> String {
        if let Some(block) = self.blocks.iter().find(|block| !self.is_usable(**block)) {
            return format!(" ({block} is public address space, which is not used)");
        }
        let covered = self.blocks.iter().find_map(|block| {
            let range = self.forbidden.iter().find(|range| range.covers(*block))?;
            Some(format!(" ({range}, which is not to be used, covers the VPC's block {block})"))
        });
        covered.unwrap_or_default()
    }

    /// Whether new subnets may be in a block at all.
    pub(in crate::plan) fn is_usable(&self, cidr: Cidr) -> bool {
        self.public || !is_public_space(cidr)
    }
}

/// The Service range that EKS chooses for a VPC with these blocks; of a VPC that the plan makes, for the range
/// that is left by what it must not use.
pub(super) fn service_cidr(blocks: &[Cidr], avoid: &[Cidr]) -> Option<Cidr> {
    let ten = range("10.0.0.0/8")?;
    let made = blocks.is_empty().then(|| further_private_block(&[], avoid, 20)).flatten();
    let is_beside = blocks.iter().chain(&made).any(|block| ten.overlaps(*block));
    range(if is_beside { SERVICES_BESIDE_TEN } else { SERVICES })
}
