//! The kinds of holders of addresses, and what of an ENI shows each.

macro_rules! owner_kinds {
    ($($(#[$doc:meta])* $variant:ident $column:literal $name:literal
        $types:tt $starts:tt $requesters:tt,)*) => {
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

            /// The kind's column of addresses in CSV: its name with underscores.
            #[must_use]
            pub fn column(self) -> &'static str {
                match self { $(Self::$variant => concat!("owner_", $column),)* }
            }

            /// The InterfaceTypes that tell it (API reference, `NetworkInterface`; the documentation
            /// spells the NAT gateway's in two ways).
            pub(super) fn types(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$types,)* }
            }

            /// How the descriptions of its ENIs begin, in lower case.
            pub(super) fn starts(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$starts,)* }
            }

            /// The service accounts that ask for its ENIs, for descriptions nobody has seen yet.
            pub(super) fn requesters(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$requesters,)* }
            }
        }
    };
}

// Name with underscores, name, InterfaceTypes, starts of descriptions, requesters.
owner_kinds! {
    /// Primary address of an ENI of a Kubernetes node.
    Node "node" "node" [] [] [],
    /// Secondary address on such an ENI.
    Pod "pod" "pod" [] [] [],
    /// Address in a prefix delegated to such an ENI.
    PodPrefix "pod_prefix" "pod-prefix" [] [] [],
    /// Trunk ENI of security groups for pods.
    Trunk "trunk" "trunk" ["trunk"] ["aws-k8s-trunk-eni"] [],
    /// Branch ENI: a pod with its own security groups.
    BranchPod "branch_pod" "branch-pod" ["branch"] ["aws-k8s-branch-eni"] [],
    /// Any address of a stopped instance of an Auto Scaling group, as warm pools have them.
    WarmPool "warm_pool" "warm-pool" [] [] [],
    /// Cross-account ENI of an EKS control plane.
    ControlPlane "control_plane" "control-plane" [] ["amazon eks "] [],
    /// An ENI that a node left behind.
    LeakedEni "leaked_eni" "leaked-eni" [] [] [],
    /// Any other ENI that is attached to nothing.
    Unattached "unattached" "unattached" [] [] [],
    /// An EC2 instance that is no Kubernetes node.
    Instance "instance" "instance" [] [] [],
    /// A load balancer of any kind.
    LoadBalancer "load_balancer" "load-balancer"
        ["network_load_balancer", "gateway_load_balancer", "load_balancer"]
        ["elb "]
        ["amazon-elb"],
    /// A NAT gateway.
    NatGateway "nat_gateway" "nat-gateway"
        ["natGateway", "nat_gateway"]
        ["interface for nat gateway"]
        [],
    /// An interface or gateway load balancer endpoint.
    VpcEndpoint "vpc_endpoint" "vpc-endpoint"
        ["vpc_endpoint", "gateway_load_balancer_endpoint"]
        ["vpc endpoint interface"]
        ["amazon-vpce"],
    /// Lambda.
    Lambda "lambda" "lambda" ["lambda"] ["aws lambda vpc eni"] [],
    /// A transit gateway attachment.
    TransitGateway "transit_gateway" "transit-gateway"
        ["transit_gateway"]
        ["network interface for transit gateway"]
        [],
    /// An EFS mount target.
    Efs "efs" "efs" ["efs"] ["efs mount target"] [],
    /// An Elastic Fabric Adapter of an instance that is no node.
    Efa "efa" "efa" ["efa", "efa-only"] [] [],
    /// RDS.
    Rds "rds" "rds" [] ["rdsnetworkinterface"] ["amazon-rds"],
    /// RDS Proxy.
    RdsProxy "rds_proxy" "rds-proxy" [] ["network interface for dbproxy"] [],
    /// ElastiCache.
    Elasticache "elasticache" "elasticache" [] ["elasticache"] ["amazon-elasticache"],
    /// Redshift.
    Redshift "redshift" "redshift" [] ["redshift"] ["amazon-redshift"],
    /// DynamoDB Accelerator.
    Dax "dax" "dax" [] ["dax "] [],
    /// CodeBuild.
    Codebuild "codebuild" "codebuild" [] ["codebuild", "aws codebuild"] [],
    /// A Fargate pod.
    Fargate "fargate" "fargate" ["fargate"] ["fargate"] [],
    /// An ECS task.
    EcsTask "ecs_task" "ecs-task" [] ["arn:aws:ecs:", "arn:aws-cn:ecs:", "arn:aws-us-gov:ecs:"] [],
    /// Database Migration Service.
    Dms "dms" "dms" [] ["dmsnetworkinterface"] ["amazon-dms"],
    /// OpenSearch.
    Opensearch "opensearch" "opensearch" [] ["es "] [],
    /// Directory Service.
    DirectoryService "directory_service" "directory-service"
        []
        ["aws created network interface for directory"]
        [],
    /// `API` Gateway VPC link.
    ApiGateway "api_gateway" "api-gateway" ["api_gateway_managed"] ["eni managed by apigateway"] [],
    /// Global Accelerator.
    GlobalAccelerator "global_accelerator" "global-accelerator"
        ["global_accelerator_managed"]
        []
        [],
    /// QuickSight.
    Quicksight "quicksight" "quicksight" ["quicksight"] [] [],
    /// AWS IoT rules.
    IotRules "iot_rules" "iot-rules" ["iot_rules_managed"] [] [],
    /// CodeStar connections.
    CodestarConnections "codestar_connections" "codestar-connections"
        ["aws_codestar_connections_managed"]
        ["aws codestar connections"]
        [],
    /// EC2 Instance Connect endpoint.
    InstanceConnectEndpoint "instance_connect_endpoint" "instance-connect-endpoint"
        ["ec2_instance_connect_endpoint"]
        []
        [],
    /// Managed Streaming for Kafka.
    Msk "msk" "msk" [] ["do not delete - amazon msk network interface"] [],
    /// SageMaker.
    Sagemaker "sagemaker" "sagemaker"
        []
        ["[do not delete] eni managed by sagemaker",
         "[do not delete] network interface created to access resources in your vpc for sagemaker"]
        [],
    /// Glue.
    Glue "glue" "glue" [] ["attached to glue using role"] [],
    /// WorkSpaces.
    Workspaces "workspaces" "workspaces" [] ["created by amazon workspaces"] [],
    /// A Route 53 Resolver endpoint.
    Route53Resolver "route53_resolver" "route53-resolver" [] ["route 53 resolver: rslvr-"] [],
    /// A Client VPN endpoint.
    ClientVpn "client_vpn" "client-vpn" [] ["clientvpn endpoint"] [],
    /// CloudHSM.
    Cloudhsm "cloudhsm" "cloudhsm" [] ["cloudhsm managed interface", "cloudhsm eni"] [],
    /// EMR.
    Emr "emr" "emr" [] ["aws elasticmapreduce"] [],
    /// Amazon MQ.
    AmazonMq "amazon_mq" "amazon-mq" [] ["amazon mq network interface"] [],
    /// Data Firehose.
    Firehose "firehose" "firehose" [] ["amazon kinesis firehose"] [],
    /// DataSync.
    Datasync "datasync" "datasync" [] ["datasync"] [],
    /// App Runner.
    AppRunner "app_runner" "app-runner" [] ["awsapprunner eni"] [],
    /// Elastic VMware Service.
    Evs "evs" "evs" ["evs"] [] [],
    /// Attached to an instance, and whether that is a Kubernetes node is not known.
    Unknown "unknown" "unknown" [] [] [],
    /// Anything else; the description is shown.
    Other "other" "other" [] [] [],
}
