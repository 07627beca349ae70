//! What is asked: what was observed, the file over it, the flags over both.

use super::{
    asked::{Asked, Running},
    flags,
    history::GrownStart,
    refused::placed,
};
use crate::{
    cli::PlanArgs,
    command::{Failure, text},
    instance::Catalogue,
    plan::{ObservedRequirement, Requirement, observed_requirement, parse_requirement},
    simulate::{Standing, check_from, parse},
    yaml::YamlError,
};

const SCHEMA_HINT: &str = "see `eksnet generate schema requirement` for the format";

/// What the command line asks.
pub(super) fn asked(
    arguments: &PlanArgs,
    start: Option<GrownStart>,
    table: &Catalogue,
) -> Result<Asked, Failure> {
    let left_out = start.as_ref().map(|start| start.observed.left_out.clone()).unwrap_or_default();
    let mut asked = match start {
        Some(start) => observed(arguments, start, table)?,
        None => Asked {
            requirement: Requirement { version: 1, clusters: 1, ..Requirement::default() },
            assumed: Vec::new(),
            withheld: Vec::new(),
            running: None,
        },
    };
    let groups = asked.requirement.groups.clone();
    if let Some(path) = &arguments.requirement {
        let text = text::read(path, &text::REQUIREMENT)?;
        let read = if arguments.from.is_empty() {
            parse_requirement(&text)
        } else {
            asked.requirement.overlaid(&text)
        };
        asked.requirement = read.map_err(|error| unread(arguments, &error))?;
    }
    let known_vpc = !asked.requirement.vpc.cidrs.is_empty();
    flags::apply(arguments, &mut asked)?;
    if asked.requirement.groups != groups {
        asked.running = None;
    }
    if !arguments.from.is_empty() && asked.requirement.groups.is_empty() {
        let why =
            if left_out.is_empty() { "there is none".to_owned() } else { left_out.join("; ") };
        return Err(Failure::usage(
            format!("no node that runs today can be planned: {why}"),
            "set groups in the requirement, or pass --pods and --type",
        ));
    }
    let needs_vpc = !arguments.from.is_empty() && !arguments.warm_targets;
    if needs_vpc && !known_vpc && asked.requirement.vpc.cidrs.is_empty() {
        return Err(Failure::incomplete(
            "the VPC's CIDR blocks are not available: a plan needs them to find free space",
            "add the output of `aws ec2 describe-vpcs`, or pass --vpc-cidr",
        ));
    }
    Ok(asked)
}

/// What stands, as a requirement.
fn observed(arguments: &PlanArgs, start: GrownStart, table: &Catalogue) -> Result<Asked, Failure> {
    let GrownStart { observed: start, growth, assumed: grown, withheld } = start;
    // A scenario without a step: the start as it stands.
    let still = parse("version: 1").map_err(|error| Failure::usage(error, SCHEMA_HINT))?;
    let layout = check_from(&still, &start, table, arguments.allow_large_cidr)
        .map_err(|error| Failure::usage(error, "check the data that --from names"))?;
    let standing = Standing::new(&start, &layout);
    let ObservedRequirement { mut requirement, mut assumed } = observed_requirement(&standing);
    requirement.growth = growth;
    assumed.extend(grown);
    assumed.extend(start.notes.iter().cloned());
    let running = arguments.warm_targets.then(|| Running {
        nodes: layout.standing_nodes().collect(),
        cni_told: layout.is_cni_told(),
        notes: start.notes,
    });
    let withheld = [start.withheld, withheld].concat();
    Ok(Asked { requirement, assumed, withheld, running })
}

fn unread(arguments: &PlanArgs, error: &YamlError) -> Failure {
    Failure::usage(placed(arguments, error), SCHEMA_HINT)
}
