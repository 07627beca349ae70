//! `eksnet snapshot`.

use super::{
    Exit, Failure, aside,
    inventory::places,
    output::Output,
    redaction::{of_snapshot, redacted},
    selection::{Origin, selection},
};
use crate::{
    cli::{CommonArgs, OutputFileArg, SnapshotArgs},
    finding::counted,
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
        selection: &selection,
    };
    let places = places(&origin, common)?.places;
    let places = redacted(places, of_snapshot(arguments).as_deref());
    let file = arguments.save.clone().or_else(|| arguments.file.output_file.clone());
    let output = Output::new(&OutputFileArg { output_file: file }, common);
    output.write(|out| write_snapshot(&places, out))?;
    let subnets: usize = places.list.iter().map(|(_, selected)| selected.subnets.len()).sum();
    output.say_written(&counted(subnets, "subnet", "subnets"));
    let withheld = places.withheld();
    if withheld.is_empty() {
        return Ok(Exit::Done);
    }
    aside(&[], &withheld, common);
    Ok(Exit::Incomplete)
}
