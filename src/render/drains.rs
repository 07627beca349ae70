//! Which nodes to drain, with the command that does it: kubectl knows nodes by their names in Kubernetes and
//! not by their instances.

use std::collections::BTreeMap;

use super::{Block, Cell, Document, Grid, Tone};
use crate::{
    audit::{AuditReport, Drain, DrainNode},
    finding::{Word, command_line, counted, listed, thousands},
};

/// How many nodes that give back blocks by themselves are shown of a subnet; JSON has them all.
const SINGLES: usize = 5;

/// The drain plans of subnets. Of several, those that have as many free blocks as wanted, and those in which
/// no node holds a block, are told in a line.
pub(super) fn section(report: &AuditReport, drains: &[Drain], document: &mut Document) {
    let names = Names::of(report);
    let is_one = drains.len() == 1;
    let has_enough =
        |drain: &&Drain| !is_one && drain.assignable_now.is_some_and(|now| now >= drain.wanted);
    let is_idle = |drain: &&Drain| !is_one && drain.recoverable == Some(0);
    let (well, rest): (Vec<&Drain>, Vec<&Drain>) = drains.iter().partition(has_enough);
    let (idle, planned): (Vec<&Drain>, Vec<&Drain>) = rest.into_iter().partition(is_idle);
    if !planned.is_empty() {
        document.grid(grid(&planned));
    }
    for drain in planned {
        plan(drain, &names, document);
    }
    let wanted = drains.first().map_or(0, |drain| drain.wanted);
    let blocks = counted(wanted, "free /28 block", "free /28 blocks");
    let enough = format!("with {blocks} or more without a drain");
    for (subnets, which) in [(well, enough), (idle, "without a block to give back".to_owned())] {
        if !subnets.is_empty() {
            let names = subnets.iter().map(|drain| subnet_name(report, drain));
            let text = format!(
                "{} {which}: {} (--subnet shows the plan of one)",
                counted(subnets.len(), "subnet", "subnets"),
                listed(names)
            );
            document.line(Cell::new(text).toned(Tone::Dim));
        }
    }
}

/// A subnet's name, or else its id.
fn subnet_name(report: &AuditReport, drain: &Drain) -> String {
    let subnet = report.subnets.iter().find(|subnet| subnet.subnet_id == drain.subnet_id);
    let name = subnet.and_then(|subnet| subnet.name.as_deref());
    name.unwrap_or(&drain.subnet_id).to_owned()
}

fn grid(drains: &[&Drain]) -> Grid {
    let mut grid = Grid::new(&[
        "SUBNET",
        "#MORE WANTED",
        "#ASSIGNABLE NOW",
        "#RECOVERABLE",
        "#NODES",
        "PROVEN",
    ]);
    for drain in drains {
        let nodes = drain.sets.first().map(|set| set.nodes.len());
        let proven = drain.exact.zip(drain.lower_bound).map(|(exact, least)| {
            if exact { "smallest".to_owned() } else { format!("at least {least}") }
        });
        grid.push(vec![
            Cell::new(&drain.subnet_id),
            Cell::new(drain.wanted),
            Cell::maybe(drain.assignable_now),
            Cell::maybe(drain.recoverable),
            Cell::maybe(nodes),
            Cell::maybe(proven),
        ]);
    }
    grid
}

fn plan(drain: &Drain, names: &Names<'_>, document: &mut Document) {
    let subnet = &drain.subnet_id;
    match drain.recoverable {
        Some(blocks) if drain.sets.is_empty() && blocks > 0 => {
            document.line(Cell::new(format!(
                "{subnet}: all nodes together give back {} and not {}",
                thousands(blocks),
                thousands(drain.wanted)
            )));
        }
        Some(_) | None => {}
    }
    for (at, set) in drain.sets.iter().enumerate() {
        let nodes: Vec<String> = set.nodes.iter().map(|id| names.said(id)).collect();
        let gives = if nodes.len() == 1 { "gives" } else { "give" };
        let text = format!("{subnet}: {} {gives} back {}", nodes.join(", "), thousands(set.blocks));
        document.line(Cell::new(text));
        if at == 0 {
            names.commands(&set.nodes, document);
        }
    }
    if !drain.single.is_empty() {
        document.line(Cell::new(singles(subnet, &drain.single, names)).toned(Tone::Dim));
    }
}

fn singles(subnet: &str, all: &[DrainNode], names: &Names<'_>) -> String {
    let said = |one: &DrainNode| format!("{} gives back {}", names.said(&one.node), one.blocks);
    let shown: Vec<String> = all.iter().take(SINGLES).map(said).collect();
    let more = match all.len().saturating_sub(SINGLES) {
        0 => String::new(),
        more => format!(" (and {} more, see -o json)", thousands(more)),
    };
    format!("{subnet}: drained alone, {}{more}", shown.join(", "))
}

/// The names in Kubernetes of instances.
struct Names<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    fn of(report: &'a AuditReport) -> Self {
        let nodes = report.nodes.iter().flatten();
        Self(
            nodes
                .filter_map(|n| Some((n.instance_id.as_str(), n.usage.node_name.as_deref()?)))
                .collect(),
        )
    }

    /// A node by its name, with its instance; by the instance alone where the name is not known.
    fn said(&self, instance: &str) -> String {
        self.0.get(instance).map_or_else(
            || instance.to_owned(),
            |name| {
                if *name == instance { instance.to_owned() } else { format!("{name} ({instance})") }
            },
        )
    }

    /// What drains nodes, or, where a name is not known, what tells it.
    fn commands(&self, instances: &[String], document: &mut Document) {
        let unnamed: Vec<&str> =
            instances.iter().map(String::as_str).filter(|id| !self.0.contains_key(id)).collect();
        let command = if unnamed.is_empty() {
            let mut words = vec![Word::Own("kubectl drain")];
            let names = instances.iter().filter_map(|id| self.0.get(id.as_str()));
            words.extend(names.map(|name| Word::Name(name)));
            words.push(Word::Own("--ignore-daemonsets --delete-emptydir-data"));
            command_line(&words)
        } else {
            document.line(Cell::new(format!(
                "kubectl drain takes names of nodes, and nodes.json of kubectl is missing or does not \
                 name {}; their provider ids have the instances:",
                listed(&unnamed)
            )));
            let mut words = vec![Word::Own(
                "kubectl get nodes --no-headers -o \
                 custom-columns=NAME:.metadata.name,ID:.spec.providerID | grep -F",
            )];
            for id in unnamed {
                words.extend([Word::Own("-e"), Word::Name(id)]);
            }
            command_line(&words)
        };
        document.blocks.extend(command.map(Block::Command));
    }
}
