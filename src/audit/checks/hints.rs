//! Commands that several checks tell to run.

use crate::{
    audit::count::SubnetCount,
    density::{Addressing, DensitySettings, LaunchSettings, Os, STANDARD_HOST_NETWORK_PODS},
    finding::{Command, Word, command_line, thousands},
    instance::InstanceLimits,
};

/// What is free in explicit reservations beside the room that a subnet has, in parentheses: room and these
/// make the free addresses.
pub(super) fn reserved_besides(subnet: &SubnetCount) -> String {
    match subnet.explicit_free {
        None | Some(0) => String::new(),
        Some(1) => " (1 more is free in explicit reservations)".to_owned(),
        Some(free) => format!(" ({} more are free in explicit reservations)", thousands(free)),
    }
}

/// The same beside the single addresses that EC2 can assign: what is free in reservations of either kind.
pub(super) fn reserved_besides_singles(subnet: &SubnetCount) -> String {
    match subnet.reserved_free {
        all if all == subnet.explicit_free => reserved_besides(subnet),
        None | Some(0) => String::new(),
        Some(1) => " (1 more is free in reservations)".to_owned(),
        Some(free) => format!(" ({} more are free in reservations)", thousands(free)),
    }
}

/// ENIs of the default card that the CNI leaves alone, `efa-only` ones and others, as flags can state them for some
/// types: `--efa-only` puts one on the card of a type that has EFA there.
pub(super) fn left_alone(
    (efa_only, others): (u32, u32),
    types: &[&InstanceLimits],
) -> LaunchSettings {
    let takes_efa = |limits: &&InstanceLimits| {
        limits.efa_interfaces != Some(0) && limits.efa_on_default_card != Some(false)
    };
    let first = if types.iter().all(takes_efa) { efa_only.min(1) } else { 0 };
    LaunchSettings {
        efa_only: first,
        unmanaged_enis: others.saturating_add(efa_only - first),
        ..LaunchSettings::default()
    }
}

/// The flags of `eksnet maxpods` for a node of these settings, each with a blank before it.
pub(super) fn maxpods_flags(settings: &DensitySettings) -> String {
    let prefix = settings.addressing == Addressing::Prefix;
    let host = Some(settings.host_network_pods).filter(|host| *host != STANDARD_HOST_NETWORK_PODS);
    let is_windows = settings.os == Os::Windows;
    let (launch, some) = (&settings.launch, |count: u32| Some(count).filter(|count| *count > 0));
    [
        prefix.then(|| " --prefix".to_owned()),
        settings.custom_networking.then(|| " --custom-networking".to_owned()),
        settings.pod_eni.then(|| " --pod-eni".to_owned()),
        settings.max_eni.map(|most| format!(" --max-eni {most}")),
        host.filter(|_| !is_windows).map(|host| format!(" --host-network-pods {host}")),
        is_windows.then(|| " --os windows".to_owned()),
        some(launch.efa_only).map(|count| format!(" --efa-only {count}")),
        some(launch.unmanaged_enis).map(|count| format!(" --unmanaged-enis {count}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// To look at one subnet with further sections of the report: `--subnet subnet-1 --owners`.
pub(super) fn look_at(subnet_id: &str, sections: &str) -> Option<Command> {
    let words = [Word::Own("--subnet"), Word::Id(subnet_id), Word::Own(sections)];
    command_line(&words).map(Command::Narrow)
}

/// To look at some subnets, and at no others, with further sections.
pub(super) fn look_at_each<'a>(
    subnet_ids: impl IntoIterator<Item = &'a str>,
    sections: &str,
) -> Option<Command> {
    let each = subnet_ids.into_iter().flat_map(|id| [Word::Own("--subnet"), Word::Id(id)]);
    let words: Vec<Word<'_>> = each.chain([Word::Own(sections)]).collect();
    command_line(&words).map(Command::Narrow)
}

/// To look at a VPC with further sections.
pub(super) fn of_vpc(vpc_id: &str, sections: &str) -> Option<Command> {
    let words = [Word::Own("--vpc"), Word::Id(vpc_id), Word::Own(sections)];
    command_line(&words).map(Command::Narrow)
}

/// To look at a cluster's subnets with further sections.
pub(super) fn of_cluster(name: &str, sections: &str) -> Option<Command> {
    let words = [Word::Own("--cluster"), Word::Name(name), Word::Own(sections)];
    command_line(&words).map(Command::Narrow)
}

/// Another program's command line.
pub(super) fn other(words: &[Word<'_>]) -> Option<Command> {
    command_line(words).map(Command::Other)
}

/// To list a subnet's CIDR reservations.
pub(super) fn reservations(subnet_id: &str) -> Option<Command> {
    other(&[Word::Own("aws ec2 get-subnet-cidr-reservations --subnet-id"), Word::Id(subnet_id)])
}

/// To list the IPv4 blocks of a VPC.
pub(super) fn blocks_of(vpc_id: &str) -> Option<Command> {
    other(&[
        Word::Own(
            "aws ec2 describe-vpcs --query 'Vpcs[].CidrBlockAssociationSet[].CidrBlock' --vpc-ids",
        ),
        Word::Id(vpc_id),
    ])
}
