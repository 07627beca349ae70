//! The API calls that collection can make: all of them read-only, and no others.

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident => $service:literal,)*) => {
        /// An API operation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation { $($(#[$doc])* $variant,)* }

        impl Operation {
            /// Every operation, sorted by service and name.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The operation's name in the API.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// The IAM action that allows it.
            #[must_use]
            pub fn iam_action(self) -> &'static str {
                match self { $(Self::$variant => concat!($service, ":", stringify!($variant)),)* }
            }
        }
    };
}

operations! {
    /// Limits of instance types.
    DescribeInstanceTypes => "ec2",
    /// Instances of a VPC.
    DescribeInstances => "ec2",
    /// Network interfaces of a VPC.
    DescribeNetworkInterfaces => "ec2",
    /// The regions that are enabled for the account.
    DescribeRegions => "ec2",
    /// Subnets.
    DescribeSubnets => "ec2",
    /// VPCs with their CIDRs.
    DescribeVpcs => "ec2",
    /// CIDR reservations of a subnet.
    GetSubnetCidrReservations => "ec2",
    /// An EKS cluster.
    DescribeCluster => "eks",
    /// A Fargate profile.
    DescribeFargateProfile => "eks",
    /// A managed node group.
    DescribeNodegroup => "eks",
    /// The Fargate profiles of a cluster.
    ListFargateProfiles => "eks",
    /// The managed node groups of a cluster.
    ListNodegroups => "eks",
}
