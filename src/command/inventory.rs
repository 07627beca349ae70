//! From where an inventory is asked for to the places: files, or a live collection.

use std::collections::BTreeSet;

use super::{
    Failure,
    offline::{self, Offline},
    selection::{Origin, chosen, narrowed},
};
#[cfg(feature = "aws")]
use super::{live, selection::EVERY_REGION};
use crate::{
    cli::CommonArgs,
    inventory::{Inventory, Places},
};

/// The regions that saved files may be of; none: any.
fn asked<'a>(origin: &Origin<'a>) -> Vec<&'a str> {
    #[cfg(feature = "aws")]
    if origin.region.is_none() && !origin.aws.region.iter().any(|name| name == EVERY_REGION) {
        return origin.aws.region.iter().map(String::as_str).collect();
    }
    origin.region.into_iter().collect()
}

/// What is looked at: files or a live collection, the selected subnets of each place alone.
pub(super) fn places(origin: &Origin<'_>, common: &CommonArgs) -> Result<Offline, Failure> {
    match origin.from {
        #[cfg(feature = "aws")]
        [] => {
            let places = narrowed(live::places(origin, common)?);
            Ok(Offline { places, types: Vec::new() })
        }
        // `--from` is required then; clap has said so before.
        #[cfg(not(feature = "aws"))]
        [] => Err(Failure::usage(
            "--from is required: this program was built without AWS access",
            "save AWS CLI output in a directory and pass it with --from",
        )),
        paths => {
            let Offline { places, types } = offline::read(paths, common)?;
            let places = narrowed(chosen(of_region(places, origin)?, origin.selection)?);
            Ok(Offline { places, types })
        }
    }
}

/// The places of the regions that are asked about.
fn of_region(
    mut places: Places<Inventory>,
    origin: &Origin<'_>,
) -> Result<Places<Inventory>, Failure> {
    let asked = asked(origin);
    if asked.is_empty() {
        return Ok(places);
    }
    let there: BTreeSet<String> =
        places.list.iter().filter_map(|place| place.source.region.clone()).collect();
    places.list.retain(|place| {
        place.source.region.as_deref().is_none_or(|region| asked.contains(&region))
    });
    if places.list.is_empty() && !there.is_empty() {
        let there: Vec<String> = there.into_iter().collect();
        return Err(Failure::usage(
            format!(
                "region {} was requested, but the files are of {}",
                asked.join(", "),
                there.join(", ")
            ),
            "remove --region, or pass files of that region",
        ));
    }
    Ok(places)
}
