//! From the selection's flags to a selection, and from a selection to an inventory.

use std::{collections::BTreeSet, path::PathBuf};

use super::{Failure, names};
use crate::{
    cli::SelectionArgs,
    inventory::{
        ClusterName, Inventory, Places, Selected, Selection, SelectionError, Withheld, is_eks_name,
        is_region, select,
    },
};

/// A cluster's ARN in parts: `arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME`.
struct ClusterArn<'a> {
    region: &'a str,
    name: &'a str,
}

fn cluster_arn(text: &str) -> Result<ClusterArn<'_>, Failure> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "eks", region, account, resource]
            if is_region(region) && !account.is_empty() =>
        {
            let name = resource.strip_prefix("cluster/").filter(|name| is_eks_name(name));
            name.map(|name| ClusterArn { region, name })
        }
        _ => None,
    }
    .ok_or_else(|| {
        Failure::usage(
            format!("`{text}` is not the ARN of an EKS cluster"),
            "use an ARN like arn:aws:eks:eu-west-1:111122223333:cluster/prod",
        )
    })
}

/// The selection, and the region that a cluster's ARN names. Without files, which say the names of subnets
/// and VPCs, these are ids.
pub(super) fn selection(
    arguments: &SelectionArgs,
    from: &[PathBuf],
) -> Result<(Selection, Option<String>), Failure> {
    let mut region = None;
    let cluster = match arguments.cluster.as_deref() {
        Some(text) if text.starts_with("arn:") => {
            let arn = cluster_arn(text)?;
            region = Some(arn.region.to_owned());
            Some(ClusterName { name: arn.name.to_owned(), arn: Some(text.to_owned()) })
        }
        Some("") => {
            return Err(Failure::usage("--cluster is empty", "pass the cluster's name or ARN"));
        }
        Some(name) if !is_eks_name(name) => {
            return Err(Failure::usage(
                format!("--cluster requires the name or ARN of an EKS cluster, not `{name}`"),
                "a name has up to 100 letters, digits, hyphens and underscores",
            ));
        }
        other => other.map(|name| ClusterName { name: name.to_owned(), arn: None }),
    };
    for (flag, prefix, ids) in
        [("--vpc", "vpc-", &arguments.vpc), ("--subnet", "subnet-", &arguments.subnet)]
    {
        if let Some(id) = ids.iter().find(|id| from.is_empty() && !id.starts_with(prefix)) {
            return Err(Failure::usage(
                format!("{flag} requires an id such as {prefix}0abc in a live run, not `{id}`"),
                "`aws ec2 describe-vpcs` and `aws ec2 describe-subnets` show ids",
            ));
        }
    }
    let selection = Selection {
        vpcs: arguments.vpc.iter().cloned().collect(),
        subnets: arguments.subnet.iter().cloned().collect(),
        cluster,
    };
    Ok((selection, region))
}

/// Where an inventory comes from, as typed.
pub(super) struct Origin<'a> {
    /// Files, if they are named.
    pub(super) from: &'a [PathBuf],
    /// Whether all VPCs of the region were asked for.
    #[cfg(feature = "aws")]
    pub(super) all_vpcs: bool,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    pub(super) aws: &'a crate::cli::AwsArgs,
    /// The region that a cluster's ARN names.
    pub(super) region: Option<&'a str>,
    /// What is selected.
    pub(super) selection: &'a Selection,
}

#[cfg(feature = "aws")]
impl Origin<'_> {
    /// A live run says what it is about.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.selection.is_everything() && !self.all_vpcs {
            return Err(Failure::usage(
                "no subnets selected: pass --vpc, --subnet, --cluster, --all-vpcs or --from",
                "for example: eksnet audit --vpc vpc-0abc, or --from with saved AWS CLI output",
            ));
        }
        Ok(())
    }
}

/// What `--region` takes for all regions.
#[cfg(feature = "aws")]
pub(super) const EVERY_REGION: &str = "all";

/// What a selection takes of each place. What is named need not be in each of several; what is in none
/// is an error, or may be where it could not be looked.
pub(super) fn chosen(places: Places<Inventory>, selection: &Selection) -> Result<Places, Failure> {
    let selection = &names::by_id(&places, selection)?;
    if !places.is_several {
        return places.try_map(|inventory| {
            let selected = selected(&inventory, selection)?;
            Ok(Some((inventory, selected)))
        });
    }
    let looked = places.list.len();
    let mut missing: Vec<(SelectionError, usize)> = Vec::new();
    let mut chosen = places.try_map(|inventory| {
        let mut there = selection.clone();
        let selected = loop {
            match select(&inventory, &there) {
                Ok(selected) => break selected,
                Err(error) => {
                    there.without(&error);
                    let same = |other: &&mut (SelectionError, usize)| {
                        (other.0.kind, &other.0.name) == (error.kind, &error.name)
                    };
                    match missing.iter_mut().find(same) {
                        Some((_, times)) => *times += 1,
                        None => missing.push((error, 1)),
                    }
                    // Nothing of it is there: an empty selection would take everything.
                    if there.is_everything() {
                        return Ok(None);
                    }
                }
            }
        };
        Ok::<_, Failure>(Some((inventory, selected)))
    })?;
    let nowhere = missing.into_iter().filter(|(_, times)| *times == looked);
    let nowhere: Vec<SelectionError> = nowhere.map(|(error, _)| error).collect();
    match nowhere.first() {
        Some(first) if chosen.unseen.is_empty() => Err(not_there(first)),
        _ => {
            chosen.unseen.extend(nowhere.iter().map(SelectionError::nowhere));
            Ok(chosen)
        }
    }
}

/// What a selection takes of an inventory.
pub(super) fn selected(inventory: &Inventory, selection: &Selection) -> Result<Selected, Failure> {
    select(inventory, selection).map_err(|error| {
        if inventory.withheld.iter().any(Withheld::is_of_all_subnets) && error.kind != "cluster" {
            // It may be on the page that is missing.
            return Failure::incomplete(error, "save every page of `aws ec2 describe-subnets`");
        }
        not_there(&error)
    })
}

/// The selected subnets of each place alone, held against what else was observed. Interfaces and instances of their VPCs stay: a node may
/// have ENIs in several subnets.
pub(super) fn narrowed(places: Places) -> Places {
    let one = |(inventory, selected): (Inventory, Selected)| {
        (narrow(inventory.held_together(&selected), &selected), selected)
    };
    let list = places.list.into_iter().map(one).collect();
    Places { list, ..places }
}

fn narrow(mut inventory: Inventory, selected: &Selected) -> Inventory {
    inventory.keep_subnets(|id| selected.subnets.contains_key(id));
    let vpcs: BTreeSet<String> =
        inventory.subnets.iter().map(|subnet| subnet.vpc_id.clone()).collect();
    let of_them = |vpc: Option<&str>| vpc.is_none_or(|vpc| vpcs.contains(vpc));
    if let Some(list) = &mut inventory.vpcs {
        list.retain(|vpc| of_them(Some(vpc.vpc_id.as_str())));
    }
    let chosen = |id: &str| selected.subnets.contains_key(id);
    if let Some(list) = &mut inventory.interfaces {
        // VPCs are few, so that they are looked for first.
        list.retain(|eni| of_them(eni.vpc_id.as_deref()) || chosen(&eni.subnet_id));
    }
    if let Some(list) = &mut inventory.instances {
        list.retain(|instance| of_them(instance.vpc_id.as_deref()));
    }
    inventory.withheld.retain(|row| row.subnet_id.as_deref().is_none_or(chosen));
    inventory.withheld.extend(selected.withheld.iter().cloned());
    inventory.in_order()
}

/// A named thing that is not there, with what is.
pub(super) fn not_there(error: &SelectionError) -> Failure {
    const SHOWN: usize = 5;
    let hint = match error.known.as_slice() {
        [] => "check the id, the region (--region) and the account (--profile)".to_owned(),
        known if known.len() <= SHOWN => format!("available: {}", known.join(", ")),
        known => {
            let first: Vec<&str> = known.iter().take(SHOWN).map(String::as_str).collect();
            format!("{} are available, such as {}", known.len(), first.join(", "))
        }
    };
    let names = error.known.iter().chain([&error.name]).cloned().collect();
    Failure::usage(error, hint).naming(names)
}
