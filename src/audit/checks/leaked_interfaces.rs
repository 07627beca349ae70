//! ENIs that nodes or pods left behind: attached to nothing, and still holding addresses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Map;

use super::{Check, Claim, Facts};
use crate::{
    audit::count::SubnetCount,
    finding::{Command, Finding, Severity, Word, command_line, counted},
    inventory::keys::INSTANCE_TAG,
};

pub(super) const CHECK: Check = Check {
    id: "leaked-interfaces",
    about: "ENIs of nodes and of pods are attached to nothing and still hold addresses",
    claim: |_| Claim::of("holds leaked ENIs", "hold leaked ENIs"),
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

/// The tag in which the VPC CNI writes when it made an ENI, RFC 3339 (amazon-vpc-cni-k8s,
/// `pkg/awsutils`).
const CREATED_TAG: &str = "node.k8s.amazonaws.com/createdAt";
/// How long the making and attaching of an ENI may take, with room for retries.
const ON_THE_WAY: SignedDuration = SignedDuration::from_mins(10);

/// What tags tell of leaked ENIs.
#[derive(Default)]
struct Told<'a> {
    /// When each was made.
    created: BTreeMap<&'a str, &'a str>,
    /// Those that may be on their way to a node: just made, or for an instance that runs.
    on_the_way: BTreeSet<&'a str>,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.subnets.iter().all(|subnet| subnet.leaked.is_empty()) {
        return Vec::new();
    }
    let captured: Option<Timestamp> =
        facts.inventory.source.captured_at.as_deref().and_then(|at| at.parse().ok());
    let instances = facts.inventory.instances.iter().flatten();
    let running: BTreeSet<&str> = instances
        .filter(|instance| instance.state.as_deref() == Some("running"))
        .map(|instance| instance.instance_id.as_str())
        .collect();
    let mut told = Told::default();
    let interfaces = facts.inventory.interfaces.iter().flatten();
    for eni in interfaces.filter(|eni| facts.known.is_leaked(eni)) {
        let id = eni.interface_id.as_str();
        let created = eni.tags.get(CREATED_TAG);
        told.created.extend(created.map(|at| (id, at)));
        let created = created.and_then(|at| at.parse::<Timestamp>().ok());
        let age = captured.zip(created).map(|(captured, created)| captured.duration_since(created));
        let runs = eni.tags.get(INSTANCE_TAG).is_some_and(|id| running.contains(id));
        if runs || age.is_some_and(|age| age < ON_THE_WAY) {
            told.on_the_way.insert(id);
        }
    }
    facts.subnets.iter().filter_map(|subnet| finding(subnet, &told)).collect()
}

fn finding(subnet: &SubnetCount, told: &Told<'_>) -> Option<Finding> {
    if subnet.leaked.is_empty() {
        return None;
    }
    let its = || subnet.leaked.keys();
    let created: BTreeMap<&str, &str> = its()
        .filter_map(|id| told.created.get_key_value(id.as_str()))
        .map(|(id, at)| (*id, *at))
        .collect();
    let on_the_way: Vec<&str> =
        its().map(String::as_str).filter(|id| told.on_the_way.contains(id)).collect();
    let addresses: u32 = subnet.leaked.values().sum();
    let count = match subnet.leaked.len() {
        1 => "1 ENI that a node or pod left behind".to_owned(),
        many => format!("{many} ENIs that nodes or pods left behind"),
    };
    let left: Vec<&str> =
        its().map(String::as_str).filter(|id| !told.on_the_way.contains(id)).collect();
    let (hint, command) = hint(&left, &on_the_way);
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} holds {count}, with {}{}{}",
                subnet.label(),
                counted(addresses, "address", "addresses"),
                since(&created),
                arriving(subnet.leaked.len(), on_the_way.len())
            ))
            .hint(hint)
            .command(command)
            .with("addresses", addresses)
            .with("on_the_way", on_the_way)
            .with(
                "addresses_by_interface",
                subnet
                    .leaked
                    .iter()
                    .map(|(id, held)| (id.clone(), (*held).into()))
                    .collect::<Map<_, _>>(),
            )
            .with(
                "created_at",
                created
                    .into_iter()
                    .map(|(id, at)| (id.to_owned(), at.into()))
                    .collect::<Map<_, _>>(),
            )
            .with("interfaces", subnet.leaked.keys().cloned().collect::<Vec<_>>()),
    )
}

/// Since when the oldest is there, as far as tags tell.
fn since(created: &BTreeMap<&str, &str>) -> String {
    let times = created.values().filter_map(|at| at.parse::<Timestamp>().ok());
    times.min().map_or_else(String::new, |oldest| format!(", the oldest since {oldest}"))
}

/// How many may be none at all that were left behind.
fn arriving(all: usize, on_the_way: usize) -> String {
    let text = match (all, on_the_way) {
        (_, 0) => return String::new(),
        (1, 1) => return "; it may be on its way to a node".to_owned(),
        (_, 1) => "1 of them may be on its way to a node".to_owned(),
        (_, some) => format!("{some} of them may be on their way to a node"),
    };
    format!("; {text}")
}

/// Ids that a command names; the evidence has them all.
const LISTED: usize = 10;

/// What to do, and the command for it: nothing is deleted that a node may be about to get.
fn hint(left: &[&str], on_the_way: &[&str]) -> (String, Option<Command>) {
    const DELETE: &str = "; do aws ec2 delete-network-interface --network-interface-id $id; done";
    const LOOK: &str = "aws ec2 describe-network-interfaces --network-interface-ids";
    if left.is_empty() {
        let hint = "look again in some minutes whether they are still attached to nothing";
        return (hint.to_owned(), words(LOOK, on_the_way).map(Command::Other));
    }
    let more = match left.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" ({more} more are in -o json)"),
    };
    let command = words("for id in", left).map(|line| Command::Other(format!("{line}{DELETE}")));
    (format!("delete them if they are still there in some minutes{more}"), command)
}

fn words(start: &str, ids: &[&str]) -> Option<String> {
    let ids = ids.iter().take(LISTED).map(|id| Word::Id(id));
    command_line(&[Word::Own(start)].into_iter().chain(ids).collect::<Vec<_>>())
}
