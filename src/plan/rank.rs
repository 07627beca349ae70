//! The order of layouts.

use super::answer::Candidate;

/// What layouts are compared by, the first difference deciding: something to spare, within the limits, fewest
/// routable addresses, least change, fewest addresses, EC2 calls and nodes, and the name last.
type Rank<'a> = (bool, bool, u64, super::answer::Change, u64, u64, u64, &'a str);

pub(super) fn rank(candidate: &Candidate) -> Rank<'_> {
    let figures = &candidate.figures;
    (
        !candidate.tight.is_empty(),
        !candidate.beyond_limits.is_empty(),
        figures.routable_addresses,
        candidate.change,
        figures.addresses,
        figures.ec2_calls_peak_minute,
        figures.nodes_peak,
        &candidate.id,
    )
}

/// Whether a layout is at least as good in every respect.
pub(super) fn dominates(better: &Candidate, other: &Candidate) -> bool {
    let (a, b) = (rank(better), rank(other));
    let wait = |candidate: &Candidate| candidate.figures.longest_pod_wait_s.unwrap_or(u64::MAX);
    a.0 <= b.0
        && a.1 <= b.1
        && a.2 <= b.2
        && a.3 <= b.3
        && a.4 <= b.4
        && a.5 <= b.5
        && a.6 <= b.6
        && wait(better) <= wait(other)
}

/// Why one layout comes after another.
pub(super) fn why_after(first: &Candidate, other: &Candidate) -> String {
    use crate::finding::{counted, thousands};
    let (a, b) = (&first.figures, &other.figures);
    let id = &first.id;
    if let (true, Some(tight)) = (first.tight.is_empty(), other.tight.first()) {
        return format!("it has nothing to spare: {}", tight.text);
    }
    if let (true, Some(beyond)) = (first.beyond_limits.is_empty(), other.beyond_limits.first()) {
        return format!("it is beyond a limit: {beyond}");
    }
    let more = |what: &str, mine: u64, theirs: u64| {
        format!("it takes {} {what}, and {id} takes {}", thousands(theirs), thousands(mine))
    };
    if a.routable_addresses != b.routable_addresses {
        return more("routable addresses", a.routable_addresses, b.routable_addresses);
    }
    let (c, d) = (&first.change, &other.change);
    let changes = [
        (("group with other instance types", "groups with other instance types"), c.types, d.types),
        (("new CIDR block", "new CIDR blocks"), c.blocks, d.blocks),
        (("node to replace", "nodes to replace"), c.nodes, d.nodes),
        (("group with another max pods", "groups with another max pods"), c.max_pods, d.max_pods),
        (("new subnet", "new subnets"), c.subnets, d.subnets),
        (("changed CNI setting", "changed CNI settings"), c.settings, d.settings),
    ];
    if let Some(((one, many), mine, theirs)) = changes.into_iter().find(|(_, a, b)| a != b) {
        return format!("it has {}, and {id} has {}", counted(theirs, one, many), thousands(mine));
    }
    if a.addresses != b.addresses {
        return more("addresses", a.addresses, b.addresses);
    }
    if a.ec2_calls_peak_minute != b.ec2_calls_peak_minute {
        return more("EC2 calls in a minute", a.ec2_calls_peak_minute, b.ec2_calls_peak_minute);
    }
    if a.nodes_peak != b.nodes_peak {
        return more("nodes", a.nodes_peak, b.nodes_peak);
    }
    format!("it is as good as {id}: ids in order of the alphabet decide")
}
