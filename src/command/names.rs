//! Subnets and VPCs that are selected by their Name tag, where the data that says their ids is at hand.

use std::collections::{BTreeMap, BTreeSet};

use super::Failure;
use crate::{
    finding::counted,
    inventory::{Inventory, Places, Selection},
};

/// Candidates that an error names.
const SHOWN: usize = 8;

/// A selection whose names are ids.
pub(super) fn by_id(
    places: &Places<Inventory>,
    selection: &Selection,
) -> Result<Selection, Failure> {
    let subnets = places.list.iter().flat_map(|place| &place.subnets);
    let subnets = subnets.filter_map(|subnet| Some((subnet.name()?, &*subnet.subnet_id)));
    let vpcs = places.list.iter().flat_map(|place| place.vpcs.iter().flatten());
    let vpcs = vpcs.filter_map(|vpc| Some((vpc.tags.get("Name")?.as_str(), &*vpc.vpc_id)));
    Ok(Selection {
        subnets: ids(&selection.subnets, "subnet", subnets)?,
        vpcs: ids(&selection.vpcs, "vpc", vpcs)?,
        cluster: selection.cluster.clone(),
    })
}

/// What is selected, each name as the id of the one thing that is named so.
fn ids<'a>(
    selected: &BTreeSet<String>,
    flag: &str,
    there: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<BTreeSet<String>, Failure> {
    let prefix = format!("{flag}-");
    if selected.iter().all(|text| text.starts_with(&prefix)) {
        return Ok(selected.clone());
    }
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, id) in there {
        named.entry(name).or_default().insert(id);
    }
    let id = |text: &String| {
        if text.starts_with(&prefix) {
            return Ok(text.clone());
        }
        let Some(ids) = named.get(text.as_str()) else {
            let hint = match shown(named.keys().copied()) {
                known if known.is_empty() => format!("pass an id such as {prefix}0abc"),
                known => format!("names are {known}"),
            };
            return Err(Failure::usage(format!("--{flag}: none is named `{text}`"), hint));
        };
        match (ids.first(), ids.len()) {
            (Some(only), 1) => Ok((*only).to_owned()),
            (_, several) => Err(Failure::usage(
                format!("--{flag}: {} `{text}`", counted(several, "is named", "are named")),
                format!("pass an id: {}", shown(ids.iter().copied())),
            )),
        }
    };
    selected.iter().map(id).collect()
}

/// The first of some candidates, and how many more there are.
fn shown<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = all.len().saturating_sub(SHOWN);
    let first = all.take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}
