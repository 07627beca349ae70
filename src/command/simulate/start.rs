//! What a simulation starts from: nothing, or what was observed.

use crate::{
    cli::{CommonArgs, SimulateArgs},
    command::{
        Failure, offline,
        selection::{narrowed, selected, selection},
    },
    instance::Catalogue,
    inventory::Selection,
    simulate::{Figure, Layout, ObserveError, Observed, Played, observe},
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
    let all = inventory.subnets.clone();
    let inventory = narrowed(inventory, &chosen);
    observe(&inventory, table, arguments.allow_large_cidr)
        .map(|start| Some(start.beside(&all)))
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

/// What the nodes did at once, though nothing happened: their real settings are not those played.
pub(super) fn drift(layout: &Layout<'_>, played: &Played) -> Option<String> {
    let before: u64 = layout.used_before().into_iter().map(u64::from).sum();
    let used = |figure: Figure| match figure {
        Figure::One(used) | Figure::Spread { worst: used, .. } => used,
    };
    let after: u64 = played.steps.first()?.subnets.iter().map(|subnet| used(subnet.used)).sum();
    (before != after).then(|| {
        format!(
            "the snapshot holds {before} addresses, the model starts with {after}: step 0 added what the \
             scenario starts, pods were estimated where kubectl's output is missing, and nodes took or \
             returned warm addresses"
        )
    })
}
