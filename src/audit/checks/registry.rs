//! The list of checks.

use super::{
    check::Check, control_plane_headroom, custom_networking_mismatch, discovery_tag_zero,
    eks_health, exhaustion, expired_ignore, fragmentation, leaked_interfaces,
    load_balancer_headroom, max_pods_mismatch, min_free, min_prefixes, mixed_mode,
    network_address_units, no_discovery_tag, no_room, node_address_given, pods_waiting, prefix_low,
    prefix_starved, reservation_exhausted, reservation_hides_space, shared_subnet, unexplained,
    unknown_instance_type, utilization, vpc_cidr, vpc_cidr_quota, warm_waste, zone_imbalance,
};

/// Every check, sorted by id.
pub const REGISTRY: &[Check] = &[
    control_plane_headroom::CHECK,
    custom_networking_mismatch::CHECK,
    discovery_tag_zero::CHECK,
    eks_health::CHECK,
    exhaustion::CHECK,
    expired_ignore::CHECK,
    fragmentation::CHECK,
    leaked_interfaces::CHECK,
    load_balancer_headroom::CHECK,
    max_pods_mismatch::CHECK,
    min_free::CHECK,
    min_prefixes::CHECK,
    mixed_mode::CHECK,
    network_address_units::CHECK,
    no_discovery_tag::CHECK,
    no_room::CHECK,
    node_address_given::CHECK,
    pods_waiting::CHECK,
    prefix_low::CHECK,
    prefix_starved::CHECK,
    reservation_exhausted::CHECK,
    reservation_hides_space::CHECK,
    shared_subnet::CHECK,
    unexplained::CHECK,
    unknown_instance_type::CHECK,
    utilization::CHECK,
    vpc_cidr::CHECK,
    vpc_cidr_quota::CHECK,
    warm_waste::CHECK,
    zone_imbalance::CHECK,
];
