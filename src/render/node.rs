//! `eksnet node` for people and spreadsheets.

use super::{Cell, Document, Grid, Tone};
use crate::{
    density::LaunchSettings,
    finding::{counted, thousands},
    ipam::{Burst, Lint, MixedSlots, NodeState},
};

/// One set of settings with what becomes of the node.
#[derive(Debug, Clone)]
pub struct NodeRow {
    /// The settings, in words.
    pub settings: String,
    /// The kubelet's max pods.
    pub max_pods: u32,
    /// Equal nodes.
    pub nodes: u32,
    /// Pods that come at once on each settled node.
    pub pods: u32,
    /// Pods of them that the kubelet does not accept: more than max pods, host-network pods counted.
    pub refused: u32,
    /// One node's states.
    pub states: Vec<NodeState>,
    /// Why the node never becomes Ready.
    pub init_error: Option<String>,
    /// The whole group.
    pub group: Burst,
    /// Settings that strand pods or never settle.
    pub lints: Vec<Lint>,
    /// Whether the pool is ipamd's, played pass by pass.
    pub stepped: bool,
    /// Whether addresses bind at all.
    pub bound: bool,
}

impl NodeRow {
    /// Pods that no kubelet of the group accepts.
    fn refused_in_all(&self) -> u64 {
        u64::from(self.refused) * u64::from(self.nodes)
    }

    /// Addresses that the subnets lack for each node of the group to hold what one node alone holds.
    #[must_use]
    pub fn group_short_of(&self) -> u64 {
        let Some(one) = self.states.last() else { return 0 };
        let each = u64::from(one.node_subnet_used) + u64::from(one.pod_subnet_used);
        let used = u64::from(self.group.node_subnet_used) + u64::from(self.group.pod_subnet_used);
        (each * u64::from(self.nodes)).saturating_sub(used)
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct NodeAnswer {
    /// The instance type.
    pub instance_type: String,
    /// Nodes of the group.
    pub nodes: u32,
    /// The settings asked about.
    pub row: NodeRow,
    /// The same under other settings.
    pub compare: Vec<NodeRow>,
    /// The same for other pod counts.
    pub sweep: Vec<NodeRow>,
    /// What the instance is launched with, and the addresses that takes beside the primary ENI's own.
    pub launch: Option<(LaunchSettings, u32)>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What the nodes take, in a line.
#[must_use]
pub fn found(answer: &NodeAnswer) -> String {
    let (row, group) = (&answer.row, &answer.row.group);
    let pods = counted(row.pods, "pod", "pods");
    let who = match answer.nodes {
        1 => format!("1 {} node with {pods} takes", answer.instance_type),
        nodes => {
            format!("{} {} nodes with {pods} each take", thousands(nodes), answer.instance_type)
        }
    };
    let addresses = |count: u32| counted(count, "address", "addresses");
    let node = addresses(group.node_subnet_used);
    let taken = match group.pod_subnet_used {
        0 => format!("{node} from the node subnet"),
        pods => format!("{node} from the node subnet and {} from the pod subnet", addresses(pods)),
    };
    let held = row.states.last().filter(|_| row.bound).map(|last| {
        let unused = last.addresses.saturating_sub(last.pods);
        let (before, each) = match answer.nodes {
            1 => ("", ""),
            _ if row.group_short_of() > 0 => ("one node alone has ", ""),
            _ => ("", " on each"),
        };
        let enis = counted(last.enis, "ENI", "ENIs");
        let mixed = last.mixed.map_or(String::new(), slots_text);
        format!("; {before}{enis}{mixed}, {unused} pod addresses unused{each}")
    });
    format!("{who} {taken}{}", held.unwrap_or_default())
}

/// Slots by kind, in words.
fn slots_text(mixed: MixedSlots) -> String {
    let prefixes = counted(mixed.prefixes, "/28 prefix", "/28 prefixes");
    let singles = counted(mixed.single_addresses, "single address", "single addresses");
    match (mixed.prefixes, mixed.single_addresses) {
        (_, 0) => format!(" with {prefixes}"),
        (0, _) => format!(" with {singles}"),
        _ => format!(" with {prefixes} and {singles}"),
    }
}

/// Whether the pod counts of a sweep get their addresses, in a line.
fn swept(answer: &NodeAnswer) -> Cell {
    let first = answer.sweep.iter().find(|row| row.group.missing() > 0);
    match (first, answer.sweep.first(), answer.sweep.last()) {
        (Some(row), ..) => {
            let text = format!(
                "{}: from {} on, pods have no address",
                answer.instance_type,
                counted(row.pods, "pod", "pods")
            );
            Cell::new(text).marked(Tone::Bad)
        }
        (None, Some(first), Some(last)) => {
            let text = format!(
                "{}: every pod has an address with {} to {} pods per node",
                answer.instance_type, first.pods, last.pods
            );
            Cell::new(text).marked(Tone::Good)
        }
        (None, ..) => Cell::new(&answer.instance_type),
    }
}

/// The document.
#[must_use]
pub fn document(answer: &NodeAnswer) -> Document {
    let mut document = Document::default();
    let row = &answer.row;
    if answer.sweep.is_empty() {
        document.line(Cell::new(found(answer)).toned(Tone::Strong));
        troubles(row, "", &mut document);
        document.line(Cell::new(format!("{}; max pods {}", row.settings, row.max_pods)));
        waiting(row, &mut document);
        document.grid(states_grid(row));
        if !answer.compare.is_empty() {
            document.heading("Compared with other settings");
            document.grid(rows_grid(std::iter::once(row).chain(&answer.compare)));
        }
        if answer.nodes > 1 {
            document.heading(format!("All {} nodes", thousands(answer.nodes)));
            document.grid(group_grid(row));
        }
    } else {
        document.line(swept(answer));
        document.grid(rows_grid(answer.sweep.iter()));
    }
    for other in &answer.compare {
        troubles(other, &format!(" ({})", other.settings), &mut document);
    }
    for note in &answer.notes {
        document.line(Cell::new(format!("note: {note}")).toned(Tone::Dim));
    }
    document
}

/// How long pods wait for their addresses.
fn waiting(row: &NodeRow, document: &mut Document) {
    if let Some(wait) = row.group.wait_s.filter(|_| row.stepped && row.pods > 0) {
        document.line(Cell::new(match wait {
            0 => "every pod has its address at once".to_owned(),
            wait => format!("the last pod waits {wait} s for its address"),
        }));
    }
}

/// What goes wrong under these settings; `of` says under which.
fn troubles(row: &NodeRow, of: &str, document: &mut Document) {
    if let Some(error) = &row.init_error {
        let text = format!("the node is never Ready{of}: {error}");
        document.line(Cell::new(text).marked(Tone::Bad));
    }
    if row.refused > 0 {
        let placed = row.pods.saturating_sub(row.refused);
        let beside = match row.max_pods.saturating_sub(placed) {
            0 => String::new(),
            host => {
                let host = counted(host, "host-network pod", "host-network pods");
                format!(" ({host}, so {placed} with an address)")
            }
        };
        let text = format!(
            "max pods {}{beside} leaves no place for {} of {} pods on a node{of}",
            row.max_pods, row.refused, row.pods
        );
        document.line(Cell::new(text).marked(Tone::Bad));
    }
    let missing = row.group.missing() - row.refused_in_all();
    if missing > 0 {
        let text = format!(
            "{} of {} pods have no address{of}",
            thousands(missing),
            thousands(row.group.pods_wanted)
        );
        document.line(Cell::new(text).marked(Tone::Bad));
    }
    let short = row.group_short_of();
    if short > 0 {
        let text = format!(
            "the subnets lack {} for each node to hold what one node alone holds{of}: warm addresses are missing",
            counted(short, "address", "addresses")
        );
        document.line(Cell::new(text).marked(Tone::Warn));
    }
    if row.states.last().is_some_and(|state| state.oscillation.is_some()) {
        let text = format!("the node never settles{of}: it adds and releases addresses for ever");
        document.line(Cell::new(text).marked(Tone::Warn));
    }
    for lint in &row.lints {
        let text = format!("{}{of}: {}", lint.id, lint.message);
        document.line(Cell::new(text).marked(Tone::Warn));
    }
}

fn list(counts: &[u32]) -> String {
    counts.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

fn states_grid(row: &NodeRow) -> Grid {
    let mut grid = Grid::new(&[
        "STATE",
        "#ENIS",
        "PER ENI",
        "#ADDRESSES",
        "#PODS",
        "#UNUSED",
        "#NODE SUBNET",
        "#POD SUBNET",
        "#SECONDS",
        "#EC2 CALLS",
    ])
    .ranked(&[0, 2, 6, 4, 3, 3, 1, 1, 5, 5]);
    for state in &row.states {
        let name = match state.at.as_str() {
            "node_init" => "starts".to_owned(),
            "init" => "settled".to_owned(),
            _ => format!("with {} pods", row.pods - row.refused),
        };
        let stepped = |value: u64| Cell::maybe(row.stepped.then_some(value));
        grid.push(vec![
            Cell::new(name),
            Cell::new(state.enis),
            Cell::new(list(&state.per_eni)),
            Cell::maybe(row.bound.then_some(state.addresses)),
            Cell::new(state.pods),
            Cell::maybe(row.bound.then_some(state.addresses.saturating_sub(state.pods))),
            Cell::new(state.node_subnet_used),
            Cell::new(state.pod_subnet_used),
            stepped(state.settled_after_s),
            stepped(u64::from(state.ec2_total)),
        ]);
    }
    grid
}

/// A row a set of settings or a pod count. CSV takes the same.
fn rows_grid<'a>(rows: impl Iterator<Item = &'a NodeRow>) -> Grid {
    let mut grid = Grid::new(&[
        "SETTINGS",
        "#PODS",
        "#ENIS",
        "PER ENI",
        "#ADDRESSES",
        "#UNUSED",
        "#NODE SUBNET",
        "#POD SUBNET",
        "#WAIT S",
        "#EC2 CALLS",
        "#NO ADDRESS",
    ])
    .ranked(&[0, 0, 3, 7, 5, 4, 1, 1, 4, 6, 2]);
    for row in rows {
        grid.push(row_cells(row));
    }
    grid
}

fn row_cells(row: &NodeRow) -> Vec<Cell> {
    let last = row.states.last();
    let missing = row.group.missing();
    let tone = if missing > 0 { Tone::Bad } else { Tone::Plain };
    vec![
        Cell::new(&row.settings),
        Cell::new(row.pods),
        Cell::maybe(last.map(|state| state.enis)),
        Cell::new(last.map(|state| list(&state.per_eni)).unwrap_or_default()),
        Cell::maybe(last.filter(|_| row.bound).map(|state| state.addresses)),
        Cell::maybe(
            last.filter(|_| row.bound).map(|state| state.addresses.saturating_sub(state.pods)),
        ),
        Cell::new(row.group.node_subnet_used),
        Cell::new(row.group.pod_subnet_used),
        Cell::maybe(row.group.wait_s.filter(|_| row.stepped)),
        Cell::maybe(row.stepped.then_some(row.group.ec2_total)),
        Cell::new(missing).toned(tone),
    ]
}

fn group_grid(row: &NodeRow) -> Grid {
    let group = &row.group;
    let mut grid = Grid::new(&[
        "STATE",
        "#READY",
        "#PODS PLACED",
        "#NODE SUBNET",
        "#POD SUBNET",
        "#EC2 CALLS",
    ])
    .ranked(&[0, 2, 1, 1, 1, 3]);
    grid.push(vec![
        Cell::new("settled"),
        Cell::new(group.nodes_ready),
        Cell::new(0),
        Cell::new(group.node_subnet_before),
        Cell::new(group.pod_subnet_before),
        Cell::new(""),
    ]);
    grid.push(vec![
        Cell::new(format!("with {} pods each", row.pods)),
        Cell::new(group.nodes_ready),
        Cell::new(format!("{} of {}", group.pods_placed, group.pods_wanted)),
        Cell::new(group.node_subnet_used),
        Cell::new(group.pod_subnet_used),
        Cell::maybe(row.stepped.then_some(group.ec2_total)),
    ]);
    grid
}

/// The rows as a grid for CSV.
#[must_use]
pub fn csv_grid(answer: &NodeAnswer) -> Grid {
    let mut grid = Grid::new(&[
        "settings",
        "max_pods",
        "pods",
        "enis",
        "per_eni",
        "addresses",
        "unused",
        "node_subnet_used",
        "pod_subnet_used",
        "pods_wait_s",
        "ec2_total",
        "pods_without_address",
    ]);
    let rows: Vec<&NodeRow> = if answer.sweep.is_empty() {
        std::iter::once(&answer.row).chain(&answer.compare).collect()
    } else {
        answer.sweep.iter().collect()
    };
    for row in rows {
        let mut cells = row_cells(row);
        cells.insert(1, Cell::new(row.max_pods));
        if let Some(per_eni) = cells.get_mut(4) {
            per_eni.text = per_eni.text.replace(',', " ");
        }
        grid.push(cells);
    }
    grid
}
