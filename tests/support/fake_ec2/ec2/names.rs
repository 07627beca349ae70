//! What fields are called in the XML.
//!
//! The command line prints the names of the interface's model; the wire has older ones. Most
//! differ in the first letter only, and these are the rest.

use std::borrow::Cow;

/// Fields that have another name wherever they stand.
const RENAMED: [(&str, &str); 22] = [
    ("AssociatedSubnets", "associatedSubnetSet"),
    ("BlockDeviceMappings", "blockDeviceMapping"),
    ("EbsCards", "ebsCardSet"),
    ("ElasticGpuAssociations", "elasticGpuAssociationSet"),
    ("ElasticInferenceAcceleratorAssociations", "elasticInferenceAcceleratorAssociationSet"),
    ("Groups", "groupSet"),
    ("Instances", "instancesSet"),
    ("InterfaceTypes", "interfaceTypeSet"),
    ("Ipv4Prefixes", "ipv4PrefixSet"),
    ("Ipv6Addresses", "ipv6AddressesSet"),
    ("Ipv6Prefixes", "ipv6PrefixSet"),
    ("Licenses", "licenseSet"),
    ("MetricCategoryIds", "metricCategoryIdSet"),
    ("NetworkInterfaces", "networkInterfaceSet"),
    ("PrivateIpAddresses", "privateIpAddressesSet"),
    ("ProductCodeId", "productCode"),
    ("ProductCodeType", "type"),
    ("SecondaryInterfaces", "secondaryInterfaceSet"),
    ("SecurityGroups", "groupSet"),
    ("TagSet", "tagSet"),
    ("Tags", "tagSet"),
    ("Workloads", "workloadSet"),
];

/// Fields that have another name in an instance, and only directly in it.
const RENAMED_IN_INSTANCE: [(&str, &str); 4] = [
    ("PublicDnsName", "dnsName"),
    ("PublicIpAddress", "ipAddress"),
    ("State", "instanceState"),
    ("StateTransitionReason", "reason"),
];

/// Where a field stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Directly in an instance.
    Instance,
    /// Anywhere else.
    Elsewhere,
}

/// What a field is called on the wire.
pub(super) fn wire_name(field: &str, place: Place) -> Cow<'static, str> {
    let own: &[_] = if place == Place::Instance { &RENAMED_IN_INSTANCE } else { &[] };
    let renamed = own.iter().chain(&RENAMED).find(|(name, _)| *name == field);
    renamed.map_or_else(|| Cow::Owned(decapitalised(field)), |(_, wire)| Cow::Borrowed(*wire))
}

fn decapitalised(field: &str) -> String {
    let mut letters = field.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
