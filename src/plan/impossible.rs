//! Nothing can be recommended: why, and the smallest change of the requirement with which something can. A
//! change is tried, not guessed: the plan is made again with it.

use serde_json::{Value, json};

use super::{
    answer::{Impossible, SmallestChange},
    asked::{Asked, understand},
    requirement::{Allowed, Requirement, ZoneLoss},
    search::{Found, is_possible},
};
use crate::{
    finding::{counted, listed, thousands},
    network::{Cidr, further_private_block},
};

/// A change that is tried.
struct Tried {
    requirement: Requirement,
    key: String,
    value: Value,
    text: String,
}

/// Why nothing is recommended, and what would change that. Counts the simulations of what was tried.
pub(super) fn impossible(asked: &Asked<'_>, found: &Found, simulations: &mut u64) -> Impossible {
    let reason = reason(found);
    let mut works: Vec<Tried> = Vec::new();
    for tried in changes(asked, found) {
        let Ok(again) = understand(&tried.requirement, asked.catalogue) else { continue };
        if is_possible(&again, simulations) {
            works.push(tried);
            // A second way is worth telling beside the first, a third is not.
            if works.len() == 2 {
                break;
            }
        }
    }
    if works.is_empty() {
        works.extend(fewer_pods(asked, simulations));
    }
    let mut works = works.into_iter();
    let smallest_change = works.next().map(|first| {
        let or = works.next().map_or(String::new(), |other| format!(", or {}", other.text));
        SmallestChange { text: format!("{}{or}", first.text), key: first.key, value: first.value }
    });
    let reason = if smallest_change.is_none() {
        format!("{reason}; no single change that was tried makes it possible")
    } else {
        reason
    };
    Impossible { reason, smallest_change }
}

fn reason(found: &Found) -> String {
    if let Some(first) = found.candidates.first() {
        if let Some(beyond) = first.beyond_limits.first() {
            return format!("every layout that holds is beyond a limit; of {}: {beyond}", first.id);
        }
        if let Some(tight) = first.tight.first() {
            return format!(
                "every layout that holds has nothing to spare; {}: {}",
                first.id, tight.text
            );
        }
    }
    let plain = super::levers::id(&[]);
    let own = found.rejected.iter().find(|rejected| rejected.id == plain);
    let first = own.or_else(|| found.rejected.first());
    first.map_or_else(|| "no layout was found".to_owned(), |rejected| rejected.reason.clone())
}

/// Changes worth trying, the smallest first.
fn changes(asked: &Asked<'_>, found: &Found) -> Vec<Tried> {
    let mut all = limits(asked, found);
    all.extend(private_blocks(asked));
    all.extend(more_nodes(asked));
    all.extend(levers(asked));
    all.extend(less_avoided(asked));
    all.extend(fewer_zones(asked));
    all
}

fn with(
    asked: &Asked<'_>,
    (key, value): (String, Value),
    text: String,
    change: impl FnOnce(&mut Requirement),
) -> Tried {
    let mut requirement = asked.requirement.clone();
    change(&mut requirement);
    Tried { requirement, key, value, text }
}

/// Limits that layouts break which hold otherwise: raised to what the one takes that takes least.
fn limits(asked: &Asked<'_>, found: &Found) -> Vec<Tried> {
    let holding = found.candidates.iter().filter(|candidate| candidate.tight.is_empty());
    let Some(best) = holding.min_by_key(|candidate| candidate.beyond_limits.len()) else {
        return Vec::new();
    };
    let figures = &best.figures;
    let mut all = Vec::new();
    let limits = &asked.requirement.limits;
    let mut raise = |key: &str, most: Option<u64>, is: u64, set: fn(&mut Requirement, u64)| {
        if most.is_some_and(|most| is > most) {
            let text = format!("raise limits.{key} to {}", thousands(is));
            let place = (format!("limits.{key}"), json!(is));
            all.push(with(asked, place, text, |requirement| set(requirement, is)));
        }
    };
    raise(
        "routable_addresses",
        limits.routable_addresses,
        figures.routable_addresses,
        |r, value| {
            r.limits.routable_addresses = Some(value);
        },
    );
    raise("addresses", limits.addresses, figures.addresses, |r, value| {
        r.limits.addresses = Some(value);
    });
    raise("cidr_blocks", limits.cidr_blocks.map(u64::from), figures.cidr_blocks, |r, value| {
        r.limits.cidr_blocks = u32::try_from(value).ok();
    });
    let calls = figures.ec2_calls_peak_minute;
    raise("ec2_calls_per_minute", limits.ec2_calls_per_minute, calls, |r, value| {
        r.limits.ec2_calls_per_minute = Some(value);
    });
    if let Some(wait) = figures.longest_pod_wait_s {
        raise("pod_wait_s", limits.pod_wait_s, wait, |r, value| r.limits.pod_wait_s = Some(value));
    }
    all
}

/// A private block in place of a public one, as long as no subnet is in it.
fn private_blocks(asked: &Asked<'_>) -> Vec<Tried> {
    let blocks = &asked.space.blocks;
    if !asked.existing().is_empty() || blocks.iter().all(|block| asked.space.is_usable(*block)) {
        return Vec::new();
    }
    let mut private: Vec<Cidr> = Vec::new();
    for block in blocks {
        let other = if asked.space.is_usable(*block) {
            Some(*block)
        } else {
            further_private_block(&private, &asked.space.forbidden, block.prefix_len())
        };
        let Some(other) = other else { return Vec::new() };
        private.push(other);
    }
    let named = |blocks: &[Cidr]| listed(blocks.iter().map(ToString::to_string));
    let text = format!("use {} instead of {}", named(&private), named(blocks));
    vec![with(asked, ("vpc.cidrs".to_owned(), json!(private)), text, |requirement| {
        requirement.vpc.cidrs = private;
    })]
}

/// Groups whose nodes cannot carry their pods: as many nodes as they need.
fn more_nodes(asked: &Asked<'_>) -> Vec<Tried> {
    let mut all = Vec::new();
    for group in &asked.groups {
        let Some(most) = group.written.max_nodes else { continue };
        let mut unbound = group.clone();
        unbound.written.max_nodes = None;
        let today = super::levers::Levers::none(asked);
        let mode = today.mode(asked, group.written.os, asked.beside_primary_today());
        let types = if group.types.is_empty() { &group.choice } else { &group.types };
        let pods = super::asked::node_pods(
            asked.catalogue,
            (&unbound, types),
            &asked.requirement.cni,
            mode,
        );
        let Ok(pods) = pods else { continue };
        let nodes = asked.growth.of(group.peak()).div_ceil(u64::from(pods.pods));
        let Some(nodes) = u32::try_from(nodes).ok().filter(|nodes| *nodes > most) else { continue };
        let key = format!("groups[{}].max_nodes", group.at);
        let text = format!("{} for group {}", counted(nodes, "node", "nodes"), group.written.name);
        let at = group.at;
        all.push(with(asked, (key, json!(nodes)), text, |requirement| {
            if let Some(group) = requirement.groups.get_mut(at) {
                group.max_nodes = Some(nodes);
            }
        }));
    }
    all
}

/// Levers that are not allowed.
fn levers(asked: &Asked<'_>) -> Vec<Tried> {
    let open = Allowed::ALL.into_iter().filter(|lever| !asked.may(*lever));
    open.map(|lever| {
        let mut allow: Vec<Allowed> = asked.allow.iter().copied().collect();
        allow.push(lever);
        allow.sort_unstable();
        let names: Vec<&str> = allow.iter().map(|lever| lever.name()).collect();
        let text = format!("allow {}", lever.name());
        with(asked, ("allow".to_owned(), json!(names)), text, |requirement| {
            requirement.allow = Some(allow);
        })
    })
    .collect()
}

/// Each of the ranges to avoid left to the VPC, as far as there are few.
fn less_avoided(asked: &Asked<'_>) -> Vec<Tried> {
    const MOST_TRIED: usize = 8;
    let avoid = &asked.requirement.vpc.avoid;
    let each = avoid.iter().take(MOST_TRIED);
    each.map(|freed| {
        let rest: Vec<Cidr> = avoid.iter().copied().filter(|range| range != freed).collect();
        let text = format!("leave {freed} to this VPC");
        with(asked, ("vpc.avoid".to_owned(), json!(rest)), text, |requirement| {
            requirement.vpc.avoid = rest;
        })
    })
    .collect()
}

/// The loss of fewer zones.
fn fewer_zones(asked: &Asked<'_>) -> Vec<Tried> {
    let lost = asked.requirement.survive.zone_loss.0;
    let fewer = (0..lost).rev();
    fewer
        .map(|zones| {
            let text = format!("plan for the loss of {}", counted(zones, "zone", "zones"));
            let key = "survive.zone_loss".to_owned();
            with(asked, (key, json!(zones)), text, |requirement| {
                requirement.survive.zone_loss = ZoneLoss(zones);
            })
        })
        .collect()
}

/// The most pods, in hundredths of what is asked of every group, with which there is a layout.
fn fewer_pods(asked: &Asked<'_>, simulations: &mut u64) -> Option<Tried> {
    let (mut enough, mut too_many) = (0_u32, 100_u32);
    let mut found = None;
    while too_many - enough > 1 {
        let middle = enough.midpoint(too_many);
        let tried = hundredths(asked, middle);
        let possible = understand(&tried.requirement, asked.catalogue)
            .is_ok_and(|again| is_possible(&again, simulations));
        if possible {
            (enough, found) = (middle, Some(tried));
        } else {
            too_many = middle;
        }
    }
    found
}

fn hundredths(asked: &Asked<'_>, part: u32) -> Tried {
    let of = |pods: u32| {
        let pods = u64::from(pods) * u64::from(part) / 100;
        u32::try_from(pods).unwrap_or(u32::MAX).max(1)
    };
    let peaks: Vec<u32> = asked.groups.iter().map(|group| of(group.peak())).collect();
    let told = peaks.iter().map(|peak| thousands(*peak));
    let text = format!("plan for {} pods at the peak", listed(told));
    let (key, value) = match peaks.as_slice() {
        [one] => ("groups[0].pods.peak".to_owned(), json!(one)),
        several => ("groups[].pods.peak".to_owned(), json!(several)),
    };
    with(asked, (key, value), text, |requirement| {
        for (group, peak) in requirement.groups.iter_mut().zip(peaks) {
            group.pods.peak = peak;
            group.pods.usual = group.pods.usual.map(|usual| usual.min(peak));
        }
    })
}
