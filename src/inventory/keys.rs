//! Keys of tags and labels that more than one rule goes by.

/// The tag of EKS Auto Mode's instances: the cluster's name.
pub const AUTO_MODE_TAG: &str = "eks:eks-cluster-name";
/// The tag in which EKS names the cluster of a managed node group's instances.
pub const CLUSTER_TAG: &str = "eks:cluster-name";
/// The same as AWS sets it by itself.
pub const CLUSTER_TAG_OF_AWS: &str = "aws:eks:cluster-name";
/// The tag in which EKS names the managed node group of its instances.
pub const NODE_GROUP_TAG: &str = "eks:nodegroup-name";
/// The tag in which Amazon EC2 Auto Scaling names the group of its instances.
pub const AUTO_SCALING_TAG: &str = "aws:autoscaling:groupName";
/// The tag by which the VPC CNI finds subnets for pods (since v1.18).
pub const ROLE_TAG: &str = "kubernetes.io/role/cni";
/// The tag in which the VPC CNI names the instance that it made an ENI for (amazon-vpc-cni-k8s,
/// `pkg/awsutils`).
pub const INSTANCE_TAG: &str = "node.k8s.amazonaws.com/instance_id";
/// The tag by which the VPC resource controller says which trunk a branch ENI belongs to
/// (amazon-vpc-resource-controller-k8s, `pkg/config`).
pub const TRUNK_TAG: &str = "vpcresources.k8s.aws/trunk-eni-id";

/// The tag of an instance, and the label of a node, in which Karpenter names the NodePool.
pub const NODE_POOL_KEY: &str = "karpenter.sh/nodepool";
/// The tag of an instance, and the label of a node, in which Karpenter names the EC2NodeClass
/// (karpenter-provider-aws `pkg/apis/v1/labels.go`).
pub const EC2_CLASS_KEY: &str = "karpenter.k8s.aws/ec2nodeclass";
/// The label in which a node names its zone.
pub const ZONE_LABEL: &str = "topology.kubernetes.io/zone";
/// The label in which nodes of EKS Auto Mode name their NodeClass.
pub const AUTO_CLASS_LABEL: &str = "eks.amazonaws.com/nodeclass";

/// The label of nodes by which EKS says what runs them: `auto` on nodes of EKS Auto Mode.
pub const COMPUTE_LABEL: &str = "eks.amazonaws.com/compute-type";
