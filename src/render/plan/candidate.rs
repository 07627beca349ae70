//! Candidates, and one's subnets and node groups, as tables.

use super::texts::{change, months, percent};
use crate::{
    audit::whole_percent,
    plan::{Candidate, GroupOs, LimitedBy, Plan, PlannedGroup, PlannedSubnet, Role},
    render::{Cell, Grid, Tone},
};

/// The candidates, the best first.
pub(super) fn candidates(plan: &Plan) -> Grid {
    let mut grid = Grid::new(&[
        "CANDIDATE",
        "#ROUTABLE",
        "#ADDRESSES",
        "#NODES",
        "TIGHTEST",
        "#EC2 CALLS",
        "#MONTHS",
        "CHANGES",
    ])
    .ranked(&[0, 1, 2, 4, 3, 6, 5, 7]);
    for candidate in &plan.candidates {
        let figures = &candidate.figures;
        let is_recommended = plan.recommended.as_ref() == Some(&candidate.id);
        let tone = match (is_recommended, has_room(candidate)) {
            (true, _) => Tone::Good,
            (false, true) => Tone::Plain,
            (false, false) => Tone::Warn,
        };
        let tightest = figures.tightest_subnet.as_ref();
        grid.push(vec![
            Cell::new(&candidate.id).marked(tone),
            Cell::new(figures.routable_addresses),
            Cell::new(figures.addresses),
            Cell::new(figures.nodes_peak),
            Cell::maybe(tightest.map(|name| format!("{} {name}", percent(figures.tightest_use)))),
            Cell::new(figures.ec2_calls_peak_minute),
            Cell::maybe(figures.months.map(months)),
            Cell::new(change(&candidate.change)),
        ]);
        for line in beside(candidate) {
            grid.line_under(Cell::new(format!("    {line}")).toned(Tone::Dim));
        }
    }
    grid
}

/// Whether a candidate is within the limits with something to spare.
pub(in crate::render) fn has_room(candidate: &Candidate) -> bool {
    candidate.tight.is_empty() && candidate.beyond_limits.is_empty()
}

/// What keeps a candidate from the first place.
pub(in crate::render) fn beside(candidate: &Candidate) -> Vec<String> {
    let tight = candidate.tight.iter().map(|tight| format!("nothing to spare: {}", tight.text));
    let beyond = candidate.beyond_limits.iter().map(|limit| format!("beyond a limit: {limit}"));
    let why = candidate.why_not_first.iter().map(|why| format!("not first: {why}"));
    tight.chain(beyond).chain(why).collect()
}

/// The subnets of a candidate.
pub(in crate::render) fn subnets(candidate: &Candidate) -> Grid {
    let mut grid = Grid::new(&[
        "ID",
        "SUBNET",
        "ZONE",
        "CIDR",
        "ROLE",
        "NEW",
        "ROUTABLE",
        "#USABLE",
        "#PEAK USED",
        "PEAK USE",
        "#MIN /28",
        "RESERVED",
    ])
    .ranked(&[2, 0, 4, 0, 3, 5, 7, 8, 6, 1, 9, 10])
    .named("ID", "SUBNET");
    for subnet in &candidate.subnets {
        grid.push(subnet_cells(subnet));
    }
    if candidate.subnets.iter().all(|subnet| tagged(subnet).is_none()) {
        grid = without(grid, &["ID"]);
    }
    grid
}

fn subnet_cells(subnet: &PlannedSubnet) -> Vec<Cell> {
    let yes = |is: bool| Cell::new(if is { "yes" } else { "no" });
    let reserved: Vec<String> =
        subnet.reservations.iter().map(|one| one.cidr.to_string()).collect();
    vec![
        Cell::maybe(tagged(subnet).map(|_| &subnet.name)),
        Cell::new(tagged(subnet).unwrap_or(&subnet.name)),
        Cell::new(&subnet.zone),
        Cell::new(subnet.cidr),
        Cell::new(role(subnet.role)),
        yes(subnet.new),
        yes(subnet.routable),
        Cell::new(subnet.usable),
        Cell::new(subnet.peak_used),
        Cell::new(whole_percent(subnet.peak_used, subnet.usable, &[])),
        Cell::new(subnet.min_assignable_prefixes),
        Cell::new(reserved.join(", ")),
    ]
}

/// The name that a subnet's tag has, where it goes by another: by its id.
fn tagged(subnet: &PlannedSubnet) -> Option<&String> {
    subnet.tags.get("Name").filter(|name| **name != subnet.name)
}

/// A grid without the columns of these titles.
pub(in crate::render) fn without(mut grid: Grid, titles: &[&str]) -> Grid {
    let kept: Vec<bool> =
        grid.columns.iter().map(|column| !titles.contains(&column.title)).collect();
    let keep = |at: usize| kept.get(at).copied().unwrap_or(true);
    grid.columns = kept_of(grid.columns, keep);
    grid.rows = grid.rows.into_iter().map(|row| kept_of(row, keep)).collect();
    grid
}

fn kept_of<T>(all: Vec<T>, keep: impl Fn(usize) -> bool) -> Vec<T> {
    all.into_iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, one)| one).collect()
}

/// A role in words.
fn role(role: Role) -> &'static str {
    match role {
        Role::Node => "nodes",
        Role::Pod => "pods",
        Role::NodeAndPod => "nodes and pods",
        Role::ControlPlane => "control plane",
        Role::Other => "others",
    }
}

/// The node groups of a candidate.
pub(in crate::render) fn groups(candidate: &Candidate) -> Grid {
    let mut grid = Grid::new(&[
        "GROUP",
        "TYPES",
        "#USUAL",
        "#PEAK",
        "#GROWN",
        "#MAX PODS",
        "#PODS/NODE",
        "LIMITED BY",
        "SUBNETS",
    ])
    .ranked(&[0, 2, 4, 1, 3, 0, 1, 6, 7]);
    for group in &candidate.node_groups {
        grid.push(group_cells(group));
    }
    grid
}

fn group_cells(group: &PlannedGroup) -> Vec<Cell> {
    let pods: Vec<&str> = group.pod_subnets.values().map(String::as_str).collect();
    let nodes = group.subnets.join(", ");
    let subnets =
        if pods.is_empty() { nodes } else { format!("{nodes}; pods: {}", pods.join(", ")) };
    let types = group.instance_types.join(", ");
    vec![
        Cell::new(&group.name),
        Cell::new(match group.os {
            GroupOs::Linux => types,
            GroupOs::Windows => format!("{types} (Windows)"),
        }),
        Cell::new(group.nodes_usual),
        Cell::new(group.nodes_peak),
        Cell::new(group.nodes_grown),
        Cell::new(group.max_pods),
        Cell::new(group.pods_per_node),
        Cell::new(limited_by(group.limited_by)),
        Cell::new(subnets),
    ]
}

fn limited_by(limit: LimitedBy) -> &'static str {
    match limit {
        LimitedBy::PodsPerNode => "pods per node",
        LimitedBy::Cpu => "CPU",
        LimitedBy::Memory => "memory",
        LimitedBy::Addresses => "addresses",
        LimitedBy::Cap => "cap",
    }
}
