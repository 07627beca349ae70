//! From where an inventory is asked for to the inventory: files, or a live collection.

use super::{
    Failure,
    offline::{self, Offline},
    selection::Origin,
};
#[cfg(feature = "aws")]
use super::{live, selection::EVERY_REGION};
use crate::cli::CommonArgs;

/// The regions that saved files may be of; none: any.
fn asked<'a>(origin: &Origin<'a>) -> Vec<&'a str> {
    #[cfg(feature = "aws")]
    if origin.region.is_none() && !origin.aws.region.iter().any(|name| name == EVERY_REGION) {
        return origin.aws.region.iter().map(String::as_str).collect();
    }
    origin.region.into_iter().collect()
}

/// The inventory to select from: files, or a live collection.
pub(super) fn inventory(origin: &Origin<'_>, common: &CommonArgs) -> Result<Offline, Failure> {
    match origin.from {
        #[cfg(feature = "aws")]
        [] => Ok(Offline { inventory: live::inventory(origin, common)?, types: Vec::new() }),
        // `--from` is required then; clap has said so before.
        #[cfg(not(feature = "aws"))]
        [] => Err(Failure::usage(
            "no --from is given, and this program was built without AWS access",
            "save answers of the AWS CLI and name their folder with --from",
        )),
        paths => {
            let offline = offline::read(paths, common)?;
            let asked = asked(origin);
            match &offline.inventory.source.region {
                Some(there) if !asked.is_empty() && !asked.contains(&there.as_str()) => {
                    Err(Failure::usage(
                        format!(
                            "{} is asked about, and what is saved is of {there}",
                            asked.join(", ")
                        ),
                        "leave the region away, or name the answers of that region",
                    ))
                }
                _ => Ok(offline),
            }
        }
    }
}
