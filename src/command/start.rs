//! What a simulation or a plan starts from: nothing, or what was observed.

use std::{borrow::Cow, path::PathBuf};

use super::{
    Failure,
    catalogue::with_types,
    offline::{self, Offline},
    selection::{chosen, narrowed, selection},
};
use crate::{
    cli::{CommonArgs, SelectionArgs},
    instance::Catalogue,
    inventory::{Places, Selection, Subnet},
    simulate::{ObserveError, Observed, observe},
};

/// The table of instance types.
type Table = Cow<'static, Catalogue>;

/// The flags that name a start.
pub(super) struct StartArgs<'a> {
    pub(super) from: &'a [PathBuf],
    pub(super) selection: &'a SelectionArgs,
    pub(super) allow_large_cidr: bool,
}

/// A start.
pub(super) struct Start {
    pub(super) observed: Observed,
    /// What it was read from.
    pub(super) places: Places,
}

/// The start that `--from` and the selection's flags name, and the table with the types that were among
/// the answers.
pub(super) fn start(
    arguments: &StartArgs<'_>,
    table: Table,
    common: &CommonArgs,
) -> Result<(Option<Start>, Table), Failure> {
    let (selection, _) = selection(arguments.selection, arguments.from)?;
    if arguments.from.is_empty() {
        return if selection == Selection::default() && !arguments.selection.all_vpcs {
            Ok((None, table))
        } else {
            Err(Failure::usage(
                "--vpc, --subnet, --cluster and --all-vpcs require --from",
                "add --from with a snapshot or a directory of saved AWS CLI output",
            ))
        };
    }
    let Offline { places, types } = offline::read(arguments.from, common)?;
    let table = with_types(table, types)?;
    let places = chosen(places, &selection)?;
    let all: Vec<Subnet> =
        places.list.iter().flat_map(|(inventory, _)| inventory.subnets.iter().cloned()).collect();
    let places = narrowed(places);
    let notes = places.notes.clone();
    let mut list = places.list.iter().filter(|(_, selected)| !selected.subnets.is_empty());
    let inventory = match (list.next(), list.next()) {
        (Some((only, _)), None) => only,
        (None, _) => return Err(failed(&ObserveError::NoSubnet)),
        (Some(_), Some(_)) => {
            return Err(Failure::usage(
                "the snapshot has several regions or accounts",
                "select one VPC with --vpc",
            ));
        }
    };
    match observe(inventory, &table, arguments.allow_large_cidr) {
        Ok(mut observed) => {
            observed.notes.extend(notes);
            Ok((Some(Start { observed: observed.beside(&all), places }), table))
        }
        Err(error) => {
            let named: Vec<String> =
                arguments.from.iter().map(|path| path.display().to_string()).collect();
            Err(failed(&error).with_error(format!("{}: {error}", named.join(", "))))
        }
    }
}

fn failed(error: &ObserveError) -> Failure {
    match error {
        ObserveError::SeveralVpcs(_) => Failure::usage(error, "select one VPC with --vpc"),
        ObserveError::NoSubnet => Failure::usage(error, "select subnets with an IPv4 block"),
        ObserveError::Unseen { operation } => Failure::incomplete(
            error,
            format!("create the snapshot with permission for {operation}"),
        ),
        ObserveError::UnknownType { near, .. } if near.is_empty() => Failure::usage(
            error,
            "add the type with --limits FILE; `eksnet limits update` writes the file",
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
