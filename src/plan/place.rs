//! Places of new subnets: in the free space of the VPC's blocks, best fit and with room beside each to grow,
//! else in a block that AWS lets the VPC add.

use super::{
    answer::AddedBlock,
    asked::Asked,
    draft::{Draft, DraftSubnet, PodSpace},
    requirement::Role,
};
use crate::network::{
    Cidr, VPC_BLOCK_LENGTHS, free_subnet, further_private_block, further_vpc_block,
};

/// The smallest block of a VPC that the plan makes.
const SMALLEST_VPC: u8 = 20;

/// A draft in its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) added: Vec<AddedBlock>,
}

impl Placed<'_> {
    /// Whether the addresses of a subnet count as routable: those of a block that is added for nodes do,
    /// whatever is stated of the others.
    pub(super) fn is_routable(&self, asked: &Asked<'_>, cidr: Cidr) -> bool {
        let added = self.added.iter().find(|block| block.cidr.covers(cidr));
        added.map_or_else(|| asked.space.is_routable(cidr), |block| block.routable)
    }
}

/// Where subnets may go and what is taken of it.
struct Room {
    blocks: Vec<Cidr>,
    /// What no subnet may overlap.
    taken: Vec<Cidr>,
    /// The buddies of new subnets, kept free for them to grow into.
    kept: Vec<Cidr>,
}

impl Room {
    /// The place of a subnet; with `beside` its buddy is kept free where there is space.
    fn place(&mut self, len: u8, beside: bool) -> Option<Cidr> {
        let found = if beside { self.with_room_beside(len) } else { None };
        let found = found.or_else(|| self.smallest_gap(len, &self.kept));
        // Nothing else is left: room to grow is worth less than the subnet.
        let found = found.or_else(|| self.largest_kept(len))?;
        self.taken.push(found);
        self.kept.retain(|kept| !kept.overlaps(found));
        Some(found)
    }

    fn with_room_beside(&mut self, len: u8) -> Option<Cidr> {
        let pair_len = len.checked_sub(1)?;
        let pair = self.smallest_gap(pair_len, &self.kept);
        let pair = pair.or_else(|| self.largest_kept(pair_len))?;
        self.kept.retain(|kept| !kept.overlaps(pair));
        let mut halves = pair.parts(len);
        let (low, high) = (halves.next()?, halves.next()?);
        self.kept.push(high);
        Some(low)
    }

    /// The first part of the largest range that is kept free for another subnet: whose range is smaller keeps
    /// it, since nothing twice its size would be left.
    fn largest_kept(&self, len: u8) -> Option<Cidr> {
        let is_free = |kept: &Cidr| {
            self.blocks.iter().any(|block| block.covers(*kept))
                && !self.taken.iter().any(|taken| taken.overlaps(*kept))
        };
        let fitting = self.kept.iter().filter(|kept| kept.prefix_len() <= len && is_free(kept));
        let kept = fitting.min_by_key(|kept| (kept.prefix_len(), **kept))?;
        Cidr::containing(kept.first(), len)
    }

    /// The first part of the smallest gap that holds a subnet.
    fn smallest_gap(&self, len: u8, kept: &[Cidr]) -> Option<Cidr> {
        let taken: Vec<Cidr> = self.taken.iter().chain(kept).copied().collect();
        free_subnet(&self.blocks, &taken, len)
    }
}

/// Puts a draft's new subnets in their places.
///
/// # Errors
/// In words, when there is no space.
pub(super) fn place<'a>(
    asked: &Asked<'_>,
    draft: &Draft<'a>,
    pods: PodSpace,
) -> Result<Placed<'a>, String> {
    let mut placed = Placed { draft: draft.clone(), added: Vec::new() };
    let mut order: Vec<usize> =
        (0..draft.subnets.len()).filter(|at| draft.subnets[*at].new).collect();
    // The largest first: so what is left stays whole.
    order.sort_by_key(|at| (draft.subnets[*at].cidr.prefix_len(), *at));
    // Pods in the blocks of the nodes take their places among them.
    let together = pods == PodSpace::WithNodes;
    let anywhere = draft.levers.unroutable_nodes && !asked.space.blocks.is_empty();
    let (of_nodes, of_pods): (Vec<usize>, Vec<usize>) = order
        .into_iter()
        .partition(|at| together || anywhere || draft.subnets[*at].role != Role::Pod);
    if asked.space.blocks.is_empty() {
        make_vpc(asked, &mut placed, &of_nodes)?;
    }
    let nodes = if anywhere { side_of(pods) } else { Side::Routable };
    put(asked, &mut placed, &of_nodes, nodes)?;
    put(asked, &mut placed, &of_pods, side_of(pods))?;
    Ok(placed)
}

fn side_of(pods: PodSpace) -> Side {
    match pods {
        PodSpace::WithNodes => Side::Routable,
        PodSpace::InVpc => Side::Unroutable,
        PodSpace::Added => Side::Added,
    }
}

/// Which blocks subnets may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Routable blocks of the VPC.
    Routable,
    /// Blocks of the VPC that are not routable.
    Unroutable,
    /// Blocks that are added.
    Added,
}

/// What no new subnet may overlap.
fn taken(asked: &Asked<'_>, draft: &Draft<'_>) -> Vec<Cidr> {
    let there = draft.subnets.iter().filter(|subnet| !subnet.new).map(|subnet| subnet.cidr);
    asked.space.forbidden.iter().copied().chain(there).collect()
}

fn has_room_beside(subnet: &DraftSubnet) -> bool {
    match subnet.role {
        Role::Node | Role::NodeAndPod | Role::Pod => true,
        Role::ControlPlane | Role::Other => false,
    }
}

/// Puts subnets into blocks of one side.
fn put(
    asked: &Asked<'_>,
    placed: &mut Placed<'_>,
    which: &[usize],
    side: Side,
) -> Result<(), String> {
    if which.is_empty() {
        return Ok(());
    }
    if side == Side::Added {
        return add(asked, placed, which, false);
    }
    let is_in = |block: &Cidr| {
        let routable = asked.space.is_routable(*block);
        let is_side = match side {
            Side::Routable => routable,
            Side::Unroutable => !routable,
            Side::Added => false,
        };
        is_side && asked.space.is_usable(*block)
    };
    let blocks: Vec<Cidr> = placed.draft.blocks.iter().copied().filter(is_in).collect();
    let already: Vec<Cidr> = new_places(asked, placed);
    let mut room =
        Room { blocks, taken: taken(asked, &placed.draft), kept: buddies(asked, placed) };
    room.taken.extend(already);
    let mut left: Vec<usize> = Vec::new();
    for at in which {
        let subnet = &placed.draft.subnets[*at];
        match room.place(subnet.cidr.prefix_len(), has_room_beside(subnet)) {
            Some(cidr) => placed.draft.subnets[*at].cidr = cidr,
            None => left.push(*at),
        }
    }
    let may_add = side == Side::Routable && asked.may(super::requirement::Allowed::AddCidrBlock);
    match left.first() {
        Some(first) if !may_add => Err(no_space(asked, &placed.draft.subnets[*first], side)),
        Some(_) => add(asked, placed, &left, true),
        None => Ok(()),
    }
}

/// New subnets that are in their places already.
fn new_places(asked: &Asked<'_>, placed: &Placed<'_>) -> Vec<Cidr> {
    let provisional = super::draft::provisional_block(&asked.space.blocks);
    let is_placed = |cidr: &Cidr| provisional.is_none_or(|block| !block.covers(*cidr));
    let new = placed.draft.subnets.iter().filter(|subnet| subnet.new);
    new.map(|subnet| subnet.cidr).filter(is_placed).collect()
}

/// The other halves of what new subnets are one half of, which are theirs to grow into.
fn buddies(asked: &Asked<'_>, placed: &Placed<'_>) -> Vec<Cidr> {
    let inside = new_places(asked, placed);
    let with_room =
        placed.draft.subnets.iter().filter(|subnet| subnet.new && has_room_beside(subnet));
    let own: Vec<Cidr> =
        with_room.map(|subnet| subnet.cidr).filter(|cidr| inside.contains(cidr)).collect();
    let buddy = |cidr: &Cidr| {
        let pair = Cidr::containing(cidr.first(), cidr.prefix_len().checked_sub(1)?)?;
        pair.parts(cidr.prefix_len()).find(|half| half != cidr)
    };
    own.iter().filter_map(buddy).filter(|half| !inside.iter().any(|p| p.overlaps(*half))).collect()
}

fn no_space(asked: &Asked<'_>, subnet: &DraftSubnet, side: Side) -> String {
    let which = match side {
        Side::Routable => "the routable blocks of the VPC have",
        Side::Unroutable => "the blocks of the VPC that are not routable have",
        Side::Added => "the VPC has",
    };
    let unused = asked.space.unused_note();
    format!("{which} no free /{} for {}{unused}", subnet.cidr.prefix_len(), subnet.name)
}

/// Adds blocks that hold subnets with room beside them, each as small as may be.
fn add(
    asked: &Asked<'_>,
    placed: &mut Placed<'_>,
    which: &[usize],
    private: bool,
) -> Result<(), String> {
    let mut left: Vec<usize> = which.to_vec();
    while !left.is_empty() {
        let (len, count) = block_for(&placed.draft, &left);
        let taken: Vec<Cidr> = taken(asked, &placed.draft);
        let blocks = placed.draft.blocks.clone();
        let find = |len: u8| {
            if private {
                further_private_block(&blocks, &taken, len)
            } else {
                further_vpc_block(&blocks, &taken, len)
            }
        };
        let block = find(len).ok_or_else(|| {
            let range = if private { "RFC 1918" } else { "100.64.0.0/10 or RFC 1918" };
            let unused = asked.space.unused_note();
            format!(
                "no free /{len} of {range} is left that AWS lets this VPC add, beside what the requirement \
                 says to avoid{unused}"
            )
        })?;
        let mut room = Room { blocks: vec![block], taken: taken.clone(), kept: Vec::new() };
        for at in left.drain(..count) {
            let subnet = &placed.draft.subnets[at];
            let cidr = room.place(subnet.cidr.prefix_len(), has_room_beside(subnet));
            placed.draft.subnets[at].cidr = cidr.ok_or_else(|| {
                format!("the added block {block} has no room for {}", placed.draft.subnets[at].name)
            })?;
        }
        placed.draft.blocks.push(block);
        placed.added.push(AddedBlock {
            cidr: block,
            primary: false,
            routable: private || asked.space.is_routable(block),
        });
    }
    Ok(())
}

/// The prefix length of the smallest block for the first of some subnets, with room beside them, and how many
/// of them it holds. They come with the largest first, so that what precedes one is a multiple of it.
fn block_for(draft: &Draft<'_>, which: &[usize]) -> (u8, usize) {
    let largest = *VPC_BLOCK_LENGTHS.start();
    let most = 1_u64 << (32 - u32::from(largest));
    let (mut sum, mut count) = (0_u64, 0);
    for at in which {
        let subnet = &draft.subnets[*at];
        let size = subnet.cidr.size() * if has_room_beside(subnet) { 2 } else { 1 };
        // A subnet of a /16 has no room beside it in any block.
        let size = size.min(most);
        if sum + size > most {
            break;
        }
        sum += size;
        count += 1;
    }
    let holds = |len: &u8| 1_u64 << (32 - u32::from(*len)) >= sum;
    (VPC_BLOCK_LENGTHS.rev().find(holds).unwrap_or(largest), count.max(1))
}

/// The smallest block of 10.0.0.0/8 that holds what goes into a VPC's routable space.
fn make_vpc(asked: &Asked<'_>, placed: &mut Placed<'_>, which: &[usize]) -> Result<(), String> {
    let (len, _) = block_for(&placed.draft, which);
    let len = len.min(SMALLEST_VPC);
    let block = further_private_block(&[], &taken(asked, &placed.draft), len)
        .ok_or_else(|| format!("no free /{len} of RFC 1918 is left for a VPC"))?;
    placed.draft.blocks.push(block);
    placed.added.push(AddedBlock { cidr: block, primary: true, routable: true });
    Ok(())
}
