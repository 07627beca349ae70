//! Answers of the AWS CLI that are not needed here, told apart from what is none; and which call a
//! file's name speaks of, where the file itself says nothing.

use crate::inventory::Operation;

/// Keys that only an answer of the AWS CLI has at its top, of calls that people save along with those
/// that are needed.
const NOT_NEEDED: [&str; 34] = [
    "AccountId",
    "Addresses",
    "AutoScalingGroups",
    "AvailabilityZones",
    "CarrierGateways",
    "DBInstances",
    "DhcpOptions",
    "EgressOnlyInternetGateways",
    "Images",
    "InstanceStatuses",
    "InstanceTypeOfferings",
    "InternetGateways",
    "IpamPools",
    "LaunchTemplateVersions",
    "LaunchTemplates",
    "LoadBalancers",
    "ManagedPrefixLists",
    "NatGateways",
    "NetworkAcls",
    "PrefixLists",
    "Regions",
    "RouteTables",
    "SecurityGroupRules",
    "SecurityGroups",
    "TransitGatewayAttachments",
    "TransitGateways",
    "UserId",
    "VpcEndpoints",
    "VpcPeeringConnections",
    "Volumes",
    "addon",
    "addons",
    "clusters",
    "podIdentityAssociations",
];

pub(super) fn is_answer(key: &str) -> bool {
    NOT_NEEDED.contains(&key)
}

/// What a file's name speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Aws(Operation),
    Nodes,
    Pods,
    EniConfigs,
    /// NodeClasses of EKS Auto Mode.
    NodeClasses,
    DaemonSet,
    /// aws-node's metrics.
    Metrics,
    NodePools,
    /// Karpenter's.
    Ec2NodeClasses,
    Other,
}

/// The ending of files with aws-node's metrics.
const METRICS: &str = ".prom";

/// Whether a file's name says that it holds metrics.
pub(super) fn is_named_metrics(file_name: &str) -> bool {
    file_name.len() > METRICS.len() && file_name.to_ascii_lowercase().ends_with(METRICS)
}

/// The call whose answer a file of this name holds, the more telling words first.
pub(super) fn call_of(file_name: &str) -> Call {
    const WORDS: [(&str, Call); 19] = [
        ("reservation", Call::Aws(Operation::GetSubnetCidrReservations)),
        ("instance-type", Call::Aws(Operation::DescribeInstanceTypes)),
        ("interface", Call::Aws(Operation::DescribeNetworkInterfaces)),
        ("eniconfig", Call::EniConfigs),
        ("eni-config", Call::EniConfigs),
        ("ec2nodeclass", Call::Ec2NodeClasses),
        ("nodeclass", Call::NodeClasses),
        ("nodepool", Call::NodePools),
        ("enis", Call::Aws(Operation::DescribeNetworkInterfaces)),
        ("nodegroup", Call::Aws(Operation::DescribeNodegroup)),
        ("fargate", Call::Aws(Operation::DescribeFargateProfile)),
        ("cluster", Call::Aws(Operation::DescribeCluster)),
        ("instance", Call::Aws(Operation::DescribeInstances)),
        ("subnet", Call::Aws(Operation::DescribeSubnets)),
        ("vpc", Call::Aws(Operation::DescribeVpcs)),
        ("aws-node", Call::DaemonSet),
        ("daemonset", Call::DaemonSet),
        ("node", Call::Nodes),
        ("pod", Call::Pods),
    ];
    if is_named_metrics(file_name) {
        return Call::Metrics;
    }
    let name = file_name.to_ascii_lowercase().replace('_', "-");
    WORDS.iter().find(|(word, _)| name.contains(word)).map_or(Call::Other, |(_, call)| *call)
}

/// Whether a file is named as an answer is.
#[must_use]
pub fn is_named_answer(file_name: &str) -> bool {
    call_of(file_name) != Call::Other
}

/// The id of a subnet that a file's name holds.
pub(super) fn subnet_in(file_name: &str) -> Option<&str> {
    const PREFIX: &str = "subnet-";
    file_name.match_indices(PREFIX).find_map(|(at, _)| {
        let rest = file_name.get(at + PREFIX.len()..)?;
        let end = rest.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(rest.len());
        // `subnet-cidr-reservations` begins with a hexadecimal letter, too.
        let whole = rest.get(end..).is_none_or(|more| !more.starts_with(char::is_alphanumeric));
        let digits = rest.get(..end)?.bytes().any(|letter| letter.is_ascii_digit());
        (whole && digits).then(|| file_name.get(at..at + PREFIX.len() + end))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_calls_and_subnets() {
        for (name, call, subnet) in [
            (
                "reservations-subnet-0aaa0000000000001.json",
                Call::Aws(Operation::GetSubnetCidrReservations),
                Some("subnet-0aaa0000000000001"),
            ),
            (
                "subnet-cidr-reservations.json",
                Call::Aws(Operation::GetSubnetCidrReservations),
                None,
            ),
            ("subnets.json", Call::Aws(Operation::DescribeSubnets), None),
            (
                "describe_network_interfaces.json",
                Call::Aws(Operation::DescribeNetworkInterfaces),
                None,
            ),
            ("instances.json", Call::Aws(Operation::DescribeInstances), None),
            ("instance-types.json", Call::Aws(Operation::DescribeInstanceTypes), None),
            ("pods-default.yaml", Call::Pods, None),
            ("nodes.json", Call::Nodes, None),
            ("aws-node.json", Call::DaemonSet, None),
            ("node-1.PROM", Call::Metrics, None),
            ("nodepools.json", Call::NodePools, None),
            ("ec2nodeclasses.yaml", Call::Ec2NodeClasses, None),
            ("notes.json", Call::Other, None),
        ] {
            assert_eq!((call_of(name), subnet_in(name)), (call, subnet), "{name}");
        }
    }
}
