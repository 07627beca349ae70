//! `eksnet snapshot`.

use jiff::Timestamp;

use super::{
    Exit, Failure, aside,
    inventory::places,
    output::Output,
    redaction::{of_snapshot, redacted},
    selection::{Origin, selection},
};
use crate::{
    cli::{CommonArgs, MomentArg, OutputFileArg, SnapshotArgs},
    finding::counted,
    inventory::{Places, write_snapshot},
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
    if arguments.captured_at.is_some() && arguments.from.is_empty() {
        return Err(Failure::usage(
            "--captured-at is for saved responses, and AWS is asked now",
            "leave --captured-at out, or name saved responses with --from",
        ));
    }
    let mut places = places(&origin, common)?.places;
    if let Some(MomentArg(at)) = arguments.captured_at {
        date(&mut places, at)?;
    }
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

/// Writes the moment of saved responses down. What says itself when it was captured is not dated again.
fn date(places: &mut Places, at: Timestamp) -> Result<(), Failure> {
    let its = places.list.iter_mut().map(|(inventory, _)| &mut inventory.source);
    for source in its.chain([&mut places.source]) {
        let known = source.captured_at.replace(at.to_string());
        if let Some(known) = known.filter(|known| known.parse().ok() != Some(at)) {
            return Err(Failure::usage(
                format!("--captured-at {at}: what --from names was captured at {known}"),
                "leave --captured-at out: it is for saved responses, which do not say when they were saved",
            ));
        }
    }
    Ok(())
}
