//! The kinds of things that EC2 describes, and what sets each of them apart.

use super::super::page::Paging;

/// Pages of the usual sizes.
pub(super) const PAGING: Paging = Paging {
    size: "MaxResults",
    token: "NextToken",
    sizes: 5..=1000,
    default: None,
    fault: "InvalidParameterValue",
};

/// A kind of thing, with the operation that describes it.
pub(super) struct Kind {
    /// The operation.
    pub(super) action: &'static str,
    /// The element that holds the items of an answer.
    pub(super) set: &'static str,
    /// The parameter that lists identifiers, and the field where they stand.
    pub(super) ids: Ids,
    /// The filters, each with the field that it looks at.
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// The field with the tags, for things that have them.
    pub(super) tags: Option<&'static str>,
    /// The pages.
    pub(super) paging: Paging,
}

/// How things are asked for one by one.
pub(super) struct Ids {
    /// The parameter, without its number.
    pub(super) parameter: &'static str,
    /// The field.
    pub(super) field: &'static str,
    /// The fault for an identifier that nothing has, and what its message calls the thing.
    pub(super) missing: (&'static str, &'static str),
    /// Whether the size of a page may be given as well.
    pub(super) paged: bool,
    /// How many may be given.
    pub(super) most: usize,
}

/// Regions, which are not paged.
pub(super) const REGIONS: Kind = Kind {
    action: "DescribeRegions",
    set: "regionInfo",
    ids: Ids {
        parameter: "RegionName",
        field: "/RegionName",
        missing: ("InvalidParameterValue", "region"),
        paged: false,
        most: 100,
    },
    filters: &[("region-name", "/RegionName")],
    tags: None,
    paging: PAGING,
};

/// Virtual private clouds.
pub(super) const VPCS: Kind = Kind {
    action: "DescribeVpcs",
    set: "vpcSet",
    ids: Ids {
        parameter: "VpcId",
        field: "/VpcId",
        missing: ("InvalidVpcID.NotFound", "vpc ID"),
        paged: true,
        most: 1000,
    },
    filters: &[("vpc-id", "/VpcId")],
    tags: Some("/Tags"),
    paging: PAGING,
};

/// Subnets.
pub(super) const SUBNETS: Kind = Kind {
    action: "DescribeSubnets",
    set: "subnetSet",
    ids: Ids {
        parameter: "SubnetId",
        field: "/SubnetId",
        missing: ("InvalidSubnetID.NotFound", "subnet ID"),
        paged: true,
        most: 1000,
    },
    filters: &[("vpc-id", "/VpcId"), ("subnet-id", "/SubnetId")],
    tags: Some("/Tags"),
    paging: PAGING,
};

/// Network interfaces.
pub(super) const NETWORK_INTERFACES: Kind = Kind {
    action: "DescribeNetworkInterfaces",
    set: "networkInterfaceSet",
    ids: Ids {
        parameter: "NetworkInterfaceId",
        field: "/NetworkInterfaceId",
        missing: ("InvalidNetworkInterfaceID.NotFound", "networkInterface ID"),
        paged: false,
        most: 1000,
    },
    filters: &[
        ("vpc-id", "/VpcId"),
        ("subnet-id", "/SubnetId"),
        ("network-interface-id", "/NetworkInterfaceId"),
    ],
    tags: Some("/TagSet"),
    paging: PAGING,
};

/// Instances, which come by the reservations that launched them.
pub(super) const INSTANCES: Kind = Kind {
    action: "DescribeInstances",
    set: "reservationSet",
    ids: Ids {
        parameter: "InstanceId",
        field: "/InstanceId",
        missing: ("InvalidInstanceID.NotFound", "instance ID"),
        paged: false,
        most: 1000,
    },
    filters: &[
        ("instance-id", "/InstanceId"),
        ("vpc-id", "/VpcId"),
        ("subnet-id", "/SubnetId"),
        ("instance-state-name", "/State/Name"),
    ],
    tags: Some("/Tags"),
    paging: PAGING,
};

/// Instance types.
pub(super) const INSTANCE_TYPES: Kind = Kind {
    action: "DescribeInstanceTypes",
    set: "instanceTypeSet",
    ids: Ids {
        parameter: "InstanceType",
        field: "/InstanceType",
        missing: ("InvalidInstanceType", "instance type"),
        paged: true,
        most: 100,
    },
    filters: &[("instance-type", "/InstanceType")],
    tags: None,
    paging: Paging { sizes: 5..=100, default: Some(100), ..PAGING },
};
