//! Flags about pods and nodes, which are of the one group.

use crate::{
    cli::RequirementArgs,
    command::Failure,
    density::STANDARD_HOST_NETWORK_PODS,
    plan::{PodCount, RequiredGroup, Requirement},
};

/// The group that flags alone make.
const ONLY_GROUP: &str = "general";

/// Puts what was typed over the one group, and multiplies the pods of all.
pub(super) fn apply(
    arguments: &RequirementArgs,
    requirement: &mut Requirement,
) -> Result<(), Failure> {
    if let Some(factor) = arguments.pods_times {
        multiply(factor, &mut requirement.groups)?;
    }
    let Some(flag) = typed(arguments) else { return Ok(()) };
    if requirement.groups.is_empty() {
        requirement.groups.push(RequiredGroup {
            name: ONLY_GROUP.to_owned(),
            host_network_pods: STANDARD_HOST_NETWORK_PODS,
            ..RequiredGroup::default()
        });
    }
    let group = match requirement.groups.as_mut_slice() {
        [group] => group,
        groups => return Err(several(flag, groups)),
    };
    if let Some(range) = arguments.pods {
        group.pods = pods(range.least, range.most)?;
    }
    if !arguments.types.is_empty() {
        group.instance_types.clone_from(&arguments.types);
        group.choose = None;
    }
    if let Some(pods) = arguments.pods_per_node {
        group.pods_per_node = Some(pods);
        group.pod = None;
    }
    group.max_nodes = arguments.max_nodes.or(group.max_nodes);
    Ok(())
}

/// The first flag that was typed of those about a group.
fn typed(arguments: &RequirementArgs) -> Option<&'static str> {
    let flags = [
        ("--pods", arguments.pods.is_some()),
        ("--type", !arguments.types.is_empty()),
        ("--pods-per-node", arguments.pods_per_node.is_some()),
        ("--max-nodes", arguments.max_nodes.is_some()),
    ];
    flags.into_iter().find(|(_, is_typed)| *is_typed).map(|(flag, _)| flag)
}

fn several(flag: &str, groups: &[RequiredGroup]) -> Failure {
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    let error =
        format!("{flag} is of one group, but there are {}: {}", groups.len(), names.join(", "));
    let hint = if flag == "--pods" {
        "set groups[].pods in a requirement file, by the group's name; --pods-times multiplies the pods of \
         every group"
    } else {
        "set it in a requirement file, by the group's name"
    };
    Failure::usage(error, hint)
}

fn pods(usual: Option<u32>, peak: Option<u32>) -> Result<PodCount, Failure> {
    let Some(peak) = peak.filter(|peak| *peak > 0) else {
        return Err(Failure::usage(
            "--pods: the number at the peak is required, 1 or more",
            "use --pods 6000, or --pods 4000..6000 for the usual and the peak number",
        ));
    };
    Ok(PodCount { usual: usual.filter(|usual| *usual != peak), peak })
}

/// Multiplies the pods of all groups, rounded up.
fn multiply(factor: f64, groups: &mut [RequiredGroup]) -> Result<(), Failure> {
    const MOST: f64 = 10_000.0;
    if !(factor > 0.0 && factor <= MOST) {
        return Err(Failure::usage(
            format!("--pods-times: `{factor}` is not above 0 and up to {MOST}"),
            "use --pods-times 2 for twice the pods",
        ));
    }
    let times = |pods: u32| {
        let more = (f64::from(pods) * factor).ceil();
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float that is above 0 becomes the nearest number there is"
        )]
        let pods = more as u32;
        pods.max(1)
    };
    for group in groups {
        // The pods that run are those of a usual day.
        let today = group.nodes_now.map(|_| group.pods.peak);
        group.pods.peak = times(group.pods.peak);
        let today = today.map(|pods| pods.min(group.pods.peak));
        group.pods.usual = group.pods.usual.map(times).or(today);
    }
    Ok(())
}
