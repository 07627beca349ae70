//! Whose address is it: by ENI, and for ENIs of Kubernetes nodes by address.

use std::collections::HashSet;

use super::{Instance, Interface, Inventory, Tags};

macro_rules! owner_kinds {
    ($($(#[$doc:meta])* $variant:ident => $name:literal $column:literal,)*) => {
        /// Who holds an address. The order is that of output.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OwnerKind { $($(#[$doc])* $variant,)* }

        impl OwnerKind {
            /// Every kind, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The kind's name in output.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The kind's column of addresses in CSV.
            #[must_use]
            pub fn column(self) -> &'static str {
                match self { $(Self::$variant => concat!("owner_", $column),)* }
            }
        }
    };
}

owner_kinds! {
    /// Primary address of an ENI of a Kubernetes node.
    Node => "node" "node",
    /// Secondary address on such an ENI.
    Pod => "pod" "pod",
    /// Address in a prefix delegated to such an ENI.
    PodPrefix => "pod-prefix" "pod_prefix",
    /// Trunk ENI of security groups for pods.
    Trunk => "trunk" "trunk",
    /// Branch ENI: a pod with its own security groups.
    BranchPod => "branch-pod" "branch_pod",
    /// Cross-account ENI of an EKS control plane.
    ControlPlane => "control-plane" "control_plane",
    /// An ENI that a node left behind.
    LeakedEni => "leaked-eni" "leaked_eni",
    /// Any other ENI that is attached to nothing.
    Unattached => "unattached" "unattached",
    /// An EC2 instance that is no Kubernetes node.
    Instance => "instance" "instance",
    /// A load balancer of any kind.
    LoadBalancer => "load-balancer" "load_balancer",
    /// A NAT gateway.
    NatGateway => "nat-gateway" "nat_gateway",
    /// An interface or gateway load balancer endpoint.
    VpcEndpoint => "vpc-endpoint" "vpc_endpoint",
    /// Lambda.
    Lambda => "lambda" "lambda",
    /// A transit gateway attachment.
    TransitGateway => "transit-gateway" "transit_gateway",
    /// An EFS mount target.
    Efs => "efs" "efs",
    /// An Elastic Fabric Adapter of an instance that is no node.
    Efa => "efa" "efa",
    /// RDS.
    Rds => "rds" "rds",
    /// ElastiCache.
    Elasticache => "elasticache" "elasticache",
    /// Redshift.
    Redshift => "redshift" "redshift",
    /// DynamoDB Accelerator.
    Dax => "dax" "dax",
    /// CodeBuild.
    Codebuild => "codebuild" "codebuild",
    /// A Fargate pod.
    Fargate => "fargate" "fargate",
    /// An ECS task.
    EcsTask => "ecs-task" "ecs_task",
    /// Database Migration Service.
    Dms => "dms" "dms",
    /// OpenSearch.
    Opensearch => "opensearch" "opensearch",
    /// Directory Service.
    DirectoryService => "directory-service" "directory_service",
    /// `API` Gateway VPC link.
    ApiGateway => "api-gateway" "api_gateway",
    /// Global Accelerator.
    GlobalAccelerator => "global-accelerator" "global_accelerator",
    /// QuickSight.
    Quicksight => "quicksight" "quicksight",
    /// AWS IoT rules.
    IotRules => "iot-rules" "iot_rules",
    /// CodeStar connections.
    CodestarConnections => "codestar-connections" "codestar_connections",
    /// EC2 Instance Connect endpoint.
    InstanceConnectEndpoint => "instance-connect-endpoint" "instance_connect_endpoint",
    /// Anything else; the description is shown.
    Other => "other" "other",
}

/// Whom an ENI belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A Kubernetes node: the kind depends on the address.
    Node,
    /// One kind for all its addresses.
    Kind(OwnerKind),
}

/// What is known of instances, for telling holders.
pub struct Known<'a> {
    nodes: HashSet<&'a str>,
    /// Instances that exist; `None` when they could not be seen.
    instances: Option<HashSet<&'a str>>,
}

/// The description the VPC CNI gives the ENIs it makes, before the instance's id.
const CNI_DESCRIPTION: &str = "aws-K8S-";
/// The descriptions the VPC resource controller gives trunk and branch ENIs.
const TRUNK_DESCRIPTION: &str = "aws-k8s-trunk-eni";
const BRANCH_DESCRIPTION: &str = "aws-k8s-branch-eni";
/// The description EKS gives a control plane's ENIs, before the cluster's name.
const EKS_DESCRIPTION: &str = "Amazon EKS ";
/// The tag the VPC CNI sets on the ENIs it makes.
const CNI_INSTANCE_TAG: &str = "node.k8s.amazonaws.com/instance_id";

impl<'a> Known<'a> {
    /// What an inventory tells of instances.
    #[must_use]
    pub fn new(inventory: &'a Inventory) -> Self {
        let interfaces = inventory.interfaces.as_deref().unwrap_or_default();
        let mut nodes: HashSet<&str> = interfaces
            .iter()
            .filter(|interface| interface.description.starts_with(CNI_DESCRIPTION))
            .filter_map(Interface::instance_id)
            .collect();
        let seen = inventory.instances.as_deref();
        let tagged = seen.unwrap_or_default().iter().filter(|i| has_node_tag(&i.tags));
        nodes.extend(tagged.map(|instance| instance.instance_id.as_str()));
        let there = |instance: &&Instance| instance.state.as_deref() != Some("terminated");
        let instances =
            seen.map(|list| list.iter().filter(there).map(|i| i.instance_id.as_str()).collect());
        Self { nodes, instances }
    }

    /// Whether an instance is a Kubernetes node.
    #[must_use]
    pub fn is_node(&self, instance_id: &str) -> bool {
        self.nodes.contains(instance_id)
    }

    /// Whether a node left the ENI behind, as far as can be seen.
    #[must_use]
    pub fn is_leaked(&self, interface: &Interface) -> bool {
        let gone =
            |id: &String| self.instances.as_ref().is_some_and(|there| !there.contains(id.as_str()));
        interface.status.as_deref() == Some("available")
            && (interface.description.starts_with(CNI_DESCRIPTION)
                || interface.tags.get(CNI_INSTANCE_TAG).is_some_and(gone))
    }

    /// Whom an ENI belongs to.
    #[must_use]
    pub fn holder(&self, interface: &Interface) -> Holder {
        let kind = interface.interface_type.as_deref().unwrap_or("interface");
        let description = interface.description.as_str();
        match kind {
            "trunk" => return Holder::Kind(OwnerKind::Trunk),
            "branch" => return Holder::Kind(OwnerKind::BranchPod),
            _ => {}
        }
        match description {
            TRUNK_DESCRIPTION => return Holder::Kind(OwnerKind::Trunk),
            BRANCH_DESCRIPTION => return Holder::Kind(OwnerKind::BranchPod),
            _ => {}
        }
        if interface.instance_id().is_some_and(|id| self.is_node(id)) {
            return Holder::Node;
        }
        Holder::Kind(if description.starts_with(EKS_DESCRIPTION) {
            OwnerKind::ControlPlane
        } else if self.is_leaked(interface) {
            OwnerKind::LeakedEni
        } else if interface.status.as_deref() == Some("available") {
            OwnerKind::Unattached
        } else if let Some(kind) = by_type(kind) {
            kind
        } else if interface.instance_id().is_some() {
            OwnerKind::Instance
        } else {
            by_description(description)
                .or_else(|| by_requester(interface.requester_id.as_deref()?))
                .unwrap_or(OwnerKind::Other)
        })
    }
}

/// Whether an instance's tags make it a Kubernetes node: EKS's own, the cloud provider's,
/// Karpenter's and Auto Mode's.
fn has_node_tag(tags: &Tags) -> bool {
    const KEYS: [&str; 4] = [
        "eks:cluster-name",
        "aws:eks:cluster-name",
        "karpenter.sh/nodepool",
        "eks:eks-cluster-name",
    ];
    KEYS.iter().any(|key| tags.contains_key(*key))
        || tags.keys().any(|key| key.starts_with("kubernetes.io/cluster/"))
}

/// EC2's InterfaceType (API reference, `NetworkInterface`); the documentation spells the NAT
/// gateway's in two ways.
fn by_type(name: &str) -> Option<OwnerKind> {
    Some(match name {
        "network_load_balancer" | "gateway_load_balancer" | "load_balancer" => {
            OwnerKind::LoadBalancer
        }
        "natGateway" | "nat_gateway" => OwnerKind::NatGateway,
        "vpc_endpoint" | "gateway_load_balancer_endpoint" => OwnerKind::VpcEndpoint,
        "lambda" => OwnerKind::Lambda,
        "transit_gateway" => OwnerKind::TransitGateway,
        "efs" => OwnerKind::Efs,
        "efa" | "efa-only" => OwnerKind::Efa,
        "api_gateway_managed" => OwnerKind::ApiGateway,
        "global_accelerator_managed" => OwnerKind::GlobalAccelerator,
        "quicksight" => OwnerKind::Quicksight,
        "iot_rules_managed" => OwnerKind::IotRules,
        "aws_codestar_connections_managed" => OwnerKind::CodestarConnections,
        "ec2_instance_connect_endpoint" => OwnerKind::InstanceConnectEndpoint,
        _ => return None,
    })
}

/// How the descriptions of service ENIs begin, in lower case.
const DESCRIPTIONS: &[(&str, OwnerKind)] = &[
    ("elb ", OwnerKind::LoadBalancer),
    ("interface for nat gateway", OwnerKind::NatGateway),
    ("vpc endpoint interface", OwnerKind::VpcEndpoint),
    ("aws lambda vpc eni", OwnerKind::Lambda),
    ("network interface for transit gateway", OwnerKind::TransitGateway),
    ("efs mount target", OwnerKind::Efs),
    ("rdsnetworkinterface", OwnerKind::Rds),
    ("elasticache", OwnerKind::Elasticache),
    ("redshift", OwnerKind::Redshift),
    ("dax ", OwnerKind::Dax),
    ("codebuild", OwnerKind::Codebuild),
    ("aws codebuild", OwnerKind::Codebuild),
    ("fargate", OwnerKind::Fargate),
    ("arn:aws:ecs:", OwnerKind::EcsTask),
    ("arn:aws-cn:ecs:", OwnerKind::EcsTask),
    ("arn:aws-us-gov:ecs:", OwnerKind::EcsTask),
    ("dmsnetworkinterface", OwnerKind::Dms),
    ("es ", OwnerKind::Opensearch),
    ("aws created network interface for directory", OwnerKind::DirectoryService),
];

/// The start of a description that tells whose the ENI is; empty if it tells nothing.
pub(super) fn telling_start(description: &str) -> &str {
    const WHOLE: [&str; 2] = [TRUNK_DESCRIPTION, BRANCH_DESCRIPTION];
    if WHOLE.contains(&description) {
        return description;
    }
    let exact = [CNI_DESCRIPTION, EKS_DESCRIPTION].into_iter();
    let start = exact.filter(|start| description.starts_with(start)).map(str::len).next();
    let length = start.or_else(|| {
        let started = DESCRIPTIONS.iter().map(|(start, _)| *start);
        started.filter(|start| starts(description, start)).map(str::len).next()
    });
    description.get(..length.unwrap_or(0)).unwrap_or_default()
}

fn starts(description: &str, start: &str) -> bool {
    description.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn by_description(description: &str) -> Option<OwnerKind> {
    DESCRIPTIONS.iter().find(|(start, _)| starts(description, start)).map(|(_, kind)| *kind)
}

/// The service accounts that ask for ENIs, for descriptions nobody has seen yet.
fn by_requester(requester: &str) -> Option<OwnerKind> {
    Some(match requester {
        "amazon-elb" => OwnerKind::LoadBalancer,
        "amazon-rds" => OwnerKind::Rds,
        "amazon-elasticache" => OwnerKind::Elasticache,
        "amazon-redshift" => OwnerKind::Redshift,
        "amazon-vpce" => OwnerKind::VpcEndpoint,
        "amazon-dms" => OwnerKind::Dms,
        _ => return None,
    })
}
