//! `eksnet snapshot`.

use super::{
    Exit, Failure, aside,
    inventory::inventory,
    output::Output,
    selection::{Origin, narrowed, redacted, selected, selection},
};
use crate::{
    cli::{CommonArgs, OutputFileArg, SnapshotArgs},
    inventory::write_snapshot,
};

pub(super) fn run(arguments: &SnapshotArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let (selection, region) = selection(&arguments.selection)?;
    let origin = Origin {
        from: &arguments.from,
        #[cfg(feature = "aws")]
        all_vpcs: arguments.selection.all_vpcs,
        #[cfg(feature = "aws")]
        aws: &arguments.aws,
        region: region.as_deref(),
        #[cfg(feature = "aws")]
        selection: &selection,
    };
    let inventory = inventory(&origin, common)?.inventory;
    let selected = selected(&inventory, &selection)?;
    let inventory = narrowed(inventory, &selected);
    let (inventory, _) = redacted(&arguments.redact, (inventory, selected), &selection);
    let file = arguments.save.clone().or_else(|| arguments.file.output_file.clone());
    let output = Output::new(&OutputFileArg { output_file: file }, common.color);
    output.write(|out| write_snapshot(&inventory, out))?;
    if inventory.withheld.is_empty() {
        return Ok(Exit::Done);
    }
    aside(&[], &inventory.withheld, common);
    Ok(Exit::Incomplete)
}
