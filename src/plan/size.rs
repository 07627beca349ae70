//! Sizes of new subnets: the smallest with which the layout holds and has something to spare, found by
//! simulating it. A simulation with the largest subnets there are shows what each holds at the worst
//! moment, so that few others are needed.

use std::collections::BTreeMap;

use super::{
    asked::Asked,
    draft::{Draft, has_prefix_reservation, scenario},
    judge::{Judged, Stops, Tally, first_run, judge},
    levers::PodSide,
    requirement::Role,
};
use crate::{
    cni::ROLE_TAG,
    ipam::ADDRESSES_PER_PREFIX,
    network::{Cidr, SUBNET_LENGTHS, usable_addresses},
    simulate::Used,
};

/// The prefix lengths of the largest and the smallest subnet.
const LARGEST: u8 = *SUBNET_LENGTHS.start();
const SMALLEST: u8 = *SUBNET_LENGTHS.end();
/// Seeds that a layout has to hold with.
pub(super) const SEEDS: u64 = 20;

/// A draft with its sizes, as it was last judged.
#[derive(Debug, Clone)]
pub(super) struct Sized<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) judged: Judged,
}

/// Why a draft has no sizes.
#[derive(Debug, Clone)]
pub(super) struct Unsized {
    /// In a sentence.
    pub(super) reason: String,
    /// The existing subnets that were short.
    pub(super) wanting: Vec<usize>,
}

impl From<String> for Unsized {
    fn from(reason: String) -> Self {
        Self { reason, wanting: Vec::new() }
    }
}

/// Finds the sizes of a draft's new subnets.
///
/// # Errors
/// When no sizes help.
pub(super) fn sized<'a>(
    asked: &Asked<'_>,
    mut draft: Draft<'a>,
    tally: &Tally,
) -> Result<Sized<'a>, Unsized> {
    if draft.levers.reservations {
        let takers = prefix_takers(&draft);
        if takers.is_empty() {
            return Err("no subnet that prefixes come from can have a reservation"
                .to_owned()
                .into());
        }
        if takers.iter().all(|at| !draft.subnets[*at].new) {
            reserve_existing(asked, &mut draft, (&takers, tally))?;
        } else {
            reserve_new(&mut draft, &takers);
        }
    }
    let judged = first_run(asked, &draft, tally)?;
    let is_sized = draft.subnets.iter().any(|subnet| subnet.sized);
    if !judged.fits() || !is_sized {
        return settled(draft, judged);
    }
    let blocks = Blocks::of(&draft, &judged);
    for at in 0..draft.subnets.len() {
        if draft.subnets[at].sized {
            let need = Need { peak: judged.peak_used(at), prefixes: blocks.get(&at).copied() };
            set(&mut draft, at, need.size());
        }
    }
    let grown = grow(asked, draft, (1..=1, tally))?;
    shrink(asked, grown, tally)
}

/// A draft whose existing subnets decide: it holds, or it does not.
fn settled(draft: Draft<'_>, judged: Judged) -> Result<Sized<'_>, Unsized> {
    if judged.fits() {
        return Ok(Sized { draft, judged });
    }
    let reason = judged.reason().unwrap_or_default();
    let wanting = positions(&draft, &judged);
    Err(Unsized { reason, wanting })
}

fn positions(draft: &Draft<'_>, judged: &Judged) -> Vec<usize> {
    let names = judged.wanting();
    (0..draft.subnets.len()).filter(|at| names.contains(&draft.subnets[*at].name)).collect()
}

/// Makes what is short larger, until the layout holds with some seeds and no new subnet is tight.
pub(super) fn grow<'a>(
    asked: &Asked<'_>,
    mut draft: Draft<'a>,
    (seeds, tally): (std::ops::RangeInclusive<u64>, &Tally),
) -> Result<Sized<'a>, Unsized> {
    loop {
        let judged =
            judge(asked, &scenario(asked, &draft), (seeds.clone(), Stops::Wanting), tally)?;
        let wanting = positions(&draft, &judged);
        let mut grew = false;
        for at in &wanting {
            if draft.subnets[*at].sized {
                let prefixes = wants_prefixes(&judged, &draft.subnets[*at].name);
                grew |= enlarge(&mut draft, *at, prefixes);
            }
        }
        if grew {
            continue;
        }
        if !judged.fits() {
            let reason = judged.reason().unwrap_or_default();
            return Err(Unsized { reason, wanting });
        }
        let new = wanting.iter().any(|at| draft.subnets[*at].sized);
        if new {
            let reason = "a subnet would have to be larger than a /16".to_owned();
            return Err(Unsized { reason, wanting });
        }
        return Ok(Sized { draft, judged });
    }
}

/// Whether a subnet is short of prefixes and not of single addresses.
fn wants_prefixes(judged: &Judged, name: &str) -> bool {
    use crate::simulate::{Reason, TightKind};
    judged.runs.iter().any(|run| {
        let tight = run.tight.iter().any(|tight| {
            tight.kind == TightKind::LastPrefixes && tight.subnet.as_deref() == Some(name)
        });
        let short = run.subnets.iter().filter(|subnet| subnet.name == name);
        let reasons = short.filter_map(|subnet| subnet.short).map(|short| short.reason);
        tight
            || reasons.into_iter().any(|reason| {
                reason == Reason::InsufficientCidrBlocks || reason == Reason::PrefixReservationFull
            })
    })
}

/// One size larger; of a subnet with a reservation the part that is short, as long as the whole has room.
fn enlarge(draft: &mut Draft<'_>, at: usize, prefixes: bool) -> bool {
    let subnet = &mut draft.subnets[at];
    let len = subnet.cidr.prefix_len();
    if let Some(singles) = subnet.singles.filter(|singles| !prefixes && *singles > len + 1) {
        subnet.singles = Some(singles - 1);
        return true;
    }
    if len <= LARGEST {
        return false;
    }
    set(draft, at, Size { len: len - 1, singles: draft.subnets[at].singles });
    true
}

/// Takes what is one size smaller wherever the layout still holds with every seed and has as much to spare.
pub(super) fn shrink<'a>(
    asked: &Asked<'_>,
    sized: Sized<'a>,
    tally: &Tally,
) -> Result<Sized<'a>, Unsized> {
    let Sized { mut draft, mut judged } = sized;
    for at in 0..draft.subnets.len() {
        while draft.subnets[at].sized && draft.subnets[at].cidr.prefix_len() < SMALLEST {
            let kept = draft.subnets[at].clone();
            let len = kept.cidr.prefix_len() + 1;
            let usable = kept.cidr.parts(len).next().map_or(0, usable_addresses);
            // Where it held more, a smaller one is full, and whoever came next was refused, unless they had
            // another subnet to go to.
            if u64::from(judged.peak_used(at)) > usable && !has_choice(&draft, at) {
                break;
            }
            let singles = kept.singles.filter(|singles| *singles > len);
            set(&mut draft, at, Size { len, singles: singles.or(kept.singles.map(|_| len + 1)) });
            let tried = judge(asked, &scenario(asked, &draft), (1..=SEEDS, Stops::Wanting), tally)?;
            if !tried.fits() || !tried.tight().is_empty() {
                draft.subnets[at] = kept;
                break;
            }
            judged = tried;
        }
    }
    Ok(Sized { draft, judged })
}

/// Whether what goes into a subnet may go into another one: the VPC CNI finds several in the zone.
fn has_choice(draft: &Draft<'_>, at: usize) -> bool {
    let zone = &draft.subnets[at].zone;
    let mut in_zone = draft.subnets.iter().filter(|subnet| subnet.zone == *zone);
    in_zone.any(|subnet| subnet.tags.get(ROLE_TAG).is_some_and(|value| value == "1"))
}

/// The size of a subnet, and the part of it that is left for single addresses.
#[derive(Debug, Clone, Copy)]
struct Size {
    len: u8,
    singles: Option<u8>,
}

fn set(draft: &mut Draft<'_>, at: usize, size: Size) {
    let subnet = &mut draft.subnets[at];
    if let Some(cidr) = Cidr::containing(subnet.cidr.first(), size.len) {
        subnet.cidr = cidr;
    }
    subnet.singles = size.singles.filter(|singles| (size.len + 1..=SMALLEST).contains(singles));
}

/// What a subnet holds at the worst moment.
#[derive(Debug, Clone, Copy)]
struct Need {
    peak: u32,
    /// Prefixes among it, where prefixes have a reservation of their own.
    prefixes: Option<u32>,
}

impl Need {
    /// The smallest size that could do.
    fn size(self) -> Size {
        let usable = |len: u8| {
            let any = Cidr::containing(std::net::Ipv4Addr::UNSPECIFIED, len);
            any.map_or(0, usable_addresses)
        };
        let lens = (LARGEST..=SMALLEST).rev();
        match self.prefixes {
            None => {
                let fits = |len: &u8| usable(*len) >= u64::from(self.peak);
                Size { len: lens.into_iter().find(fits).unwrap_or(LARGEST), singles: None }
            }
            Some(prefixes) => {
                let singles =
                    u64::from(self.peak).saturating_sub(u64::from(prefixes * ADDRESSES_PER_PREFIX));
                // The first four addresses are AWS's.
                let part = |len: &u8| (1_u64 << (32 - u32::from(*len))) >= singles + 5;
                let part = (LARGEST..=SMALLEST).rev().find(part).unwrap_or(LARGEST + 1);
                let taken = 1_u64 << (32 - u32::from(part));
                // The last /28 has AWS's fifth address.
                let all = taken + u64::from((prefixes + 1) * ADDRESSES_PER_PREFIX);
                let fits = |len: &u8| *len < part && (1_u64 << (32 - u32::from(*len))) >= all;
                Size { len: lens.into_iter().find(fits).unwrap_or(LARGEST), singles: Some(part) }
            }
        }
    }
}

/// Prefixes in use at the worst moment, by subnet.
struct Blocks;

impl Blocks {
    fn of(draft: &Draft<'_>, judged: &Judged) -> BTreeMap<usize, u32> {
        let run = judged.runs.first();
        let mut all = BTreeMap::new();
        for (at, subnet) in draft.subnets.iter().enumerate() {
            let Some(singles) = subnet.singles else { continue };
            let whole = subnet.cidr.size() - (1_u64 << (32 - u32::from(singles)));
            let blocks = u32::try_from(whole / u64::from(ADDRESSES_PER_PREFIX)).unwrap_or(0);
            let least = run.and_then(|run| run.subnets.get(at));
            let left = least.map_or(0, |subnet| subnet.min_assignable_prefixes);
            all.insert(at, blocks.saturating_sub(1).saturating_sub(left));
        }
        all
    }
}

/// The subnets that prefixes come from and that can have a reservation. Where addresses are scattered over a
/// subnet, it is not known which part is free of them.
fn prefix_takers(draft: &Draft<'_>) -> Vec<usize> {
    let takes = |role: Role| match role {
        Role::Pod => true,
        Role::Node | Role::NodeAndPod => draft.levers.pod_side == PodSide::Nodes,
        Role::ControlPlane | Role::Other => false,
    };
    let is_known = |used: &Used| match used {
        Used::Count(count) => *count == 0,
        Used::List(_) => true,
        Used::Fragments(fragments) => fragments.count == 0,
    };
    let can = |at: &usize| {
        let subnet = &draft.subnets[*at];
        let named = draft.pods_of.is_empty() || draft.pods_of.values().any(|pods| pods == at);
        takes(subnet.role) && named && !has_prefix_reservation(subnet) && is_known(&subnet.used)
    };
    (0..draft.subnets.len()).filter(can).collect()
}

/// Reservations before any size is known: a quarter of a subnet stays for single addresses.
fn reserve_new(draft: &mut Draft<'_>, takers: &[usize]) {
    for at in takers {
        let subnet = &mut draft.subnets[*at];
        if subnet.new {
            subnet.singles = Some(subnet.cidr.prefix_len() + 2);
        }
    }
}

/// Reservations of existing subnets: the smallest part that single addresses need stays for them.
fn reserve_existing(
    asked: &Asked<'_>,
    draft: &mut Draft<'_>,
    (takers, tally): (&[usize], &Tally),
) -> Result<(), Unsized> {
    let mut best: Option<Draft<'_>> = None;
    let mut reason: Option<Unsized> = None;
    for longer in (1..=SMALLEST - LARGEST).rev() {
        let mut tried = draft.clone();
        for at in takers {
            let subnet = &mut tried.subnets[*at];
            let singles = subnet.cidr.prefix_len() + longer;
            subnet.singles = Some(singles).filter(|singles| *singles <= SMALLEST);
        }
        if takers.iter().all(|at| tried.subnets[*at].singles.is_none()) {
            continue;
        }
        let judged = match first_run(asked, &tried, tally) {
            Ok(judged) => judged,
            Err(why) => {
                reason.get_or_insert(why.into());
                continue;
            }
        };
        if !judged.fits() {
            reason.get_or_insert(Unsized {
                reason: judged.reason().unwrap_or_default(),
                wanting: positions(draft, &judged),
            });
            continue;
        }
        let has_to_spare = judged.tight().is_empty();
        if has_to_spare || best.is_none() {
            best = Some(tried);
        }
        if has_to_spare {
            break;
        }
    }
    match (best, reason) {
        (Some(found), _) => {
            draft.subnets = found.subnets;
            Ok(())
        }
        (None, Some(reason)) => Err(reason),
        (None, None) => Err("no part of the subnets can be reserved".to_owned().into()),
    }
}
