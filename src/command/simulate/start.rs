//! What a simulation starts from: nothing, or what was observed.

use crate::{
    cli::{CommonArgs, SimulateArgs},
    command::{
        Failure, offline,
        selection::{narrowed, selected, selection},
    },
    finding::{Finding, vpc_findings},
    instance::Catalogue,
    inventory::Selection,
    network::{BrokenVpcRule, broken_unit_rule, broken_vpc_rules},
    simulate::{Figure, Layout, ObserveError, Observed, Played, Scenario, observe},
};

/// The start that `--from` and the selection's flags name.
pub(super) fn start(
    arguments: &SimulateArgs,
    table: &Catalogue,
    common: &CommonArgs,
) -> Result<Option<Observed>, Failure> {
    let (selection, _) = selection(&arguments.selection)?;
    let Some(path) = &arguments.from else {
        return if selection == Selection::default() && !arguments.selection.all_vpcs {
            Ok(None)
        } else {
            Err(Failure::usage(
                "--vpc, --subnet, --cluster and --all-vpcs select from what --from names",
                "add --from with a snapshot or a folder of saved AWS CLI answers",
            ))
        };
    };
    let inventory = offline::read(path, common)?;
    let chosen = selected(&inventory, &selection)?;
    let inventory = narrowed(inventory, &chosen);
    observe(&inventory, table, arguments.allow_large_cidr)
        .map(Some)
        .map_err(|error| failed(&error).with_error(format!("{}: {error}", path.display())))
}

fn failed(error: &ObserveError) -> Failure {
    match error {
        ObserveError::SeveralVpcs(_) => {
            Failure::usage(error, "a simulation is of one VPC: choose it with --vpc")
        }
        ObserveError::NoSubnet => Failure::usage(error, "select subnets with an IPv4 block"),
        ObserveError::Unseen { operation } => {
            Failure::incomplete(error, format!("make a snapshot with the right to {operation}"))
        }
        ObserveError::UnknownType { near, .. } if near.is_empty() => Failure::usage(
            error,
            "--limits FILE adds types, and `eksnet limits update` makes the file",
        ),
        ObserveError::UnknownType { near, .. } => Failure::usage(
            error,
            format!("did you mean {}? --limits FILE adds types", near.join(", ")),
        ),
        ObserveError::Subnet { error: size, .. } => {
            Failure::usage(size, "if the account has such subnets, add --allow-large-cidr")
        }
    }
}

/// Rules of VPC blocks that the scenario breaks. What is there already AWS has accepted, in an order
/// that is not known: only what the scenario adds is held against the rules.
pub(super) fn findings(
    scenario: &Scenario,
    start: Option<&Observed>,
    units: u64,
    allow_large: bool,
) -> Vec<Finding> {
    let there = start.and_then(Observed::cidrs).unwrap_or_default();
    let before = broken_vpc_rules(there, allow_large);
    let written = scenario.vpc.iter().flat_map(|vpc| &vpc.cidrs);
    let all: Vec<_> = there.iter().chain(written).copied().collect();
    let broken: Vec<BrokenVpcRule> = broken_vpc_rules(&all, allow_large)
        .into_iter()
        .filter(|rule| !before.contains(rule))
        .chain(broken_unit_rule(units))
        .collect();
    vpc_findings(start.map_or("vpc", Observed::vpc_id), &broken)
}

/// What the nodes did at once, though nothing happened: their real settings are not those played.
pub(super) fn drift(layout: &Layout<'_>, played: &Played) -> Option<String> {
    let before: u64 = layout.used_before().into_iter().map(u64::from).sum();
    let used = |figure: Figure| match figure {
        Figure::One(used) | Figure::Spread { worst: used, .. } => used,
    };
    let after: u64 = played.steps.first()?.subnets.iter().map(|subnet| used(subnet.used)).sum();
    (before != after).then(|| {
        format!(
            "{before} addresses were in use, and {after} are at the end of step 0: what starts there, \
             and nodes whose warm targets or pods are others than those played"
        )
    })
}
