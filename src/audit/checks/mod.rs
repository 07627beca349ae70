//! The checks: one file each, and a row in the registry. A check is a pure function from what was counted to
//! findings.

mod auto_mode_pod_subnet;
mod check;
mod class_use;
mod control_plane_headroom;
mod custom_networking_mismatch;
mod discovery_tag_zero;
mod eks_health;
mod exhaustion;
mod expired_ignore;
mod fragmentation;
mod hints;
mod karpenter_subnet_rank;
mod karpenter_subnets;
mod leaked_interfaces;
mod load_balancer_headroom;
mod max_pods_mismatch;
mod max_pods_over_nodepool;
mod min_free;
mod min_prefixes;
mod mixed_mode;
mod network_address_units;
mod no_discovery_tag;
mod no_room;
mod node_address_given;
mod nodepool_types;
mod pods_waiting;
mod prefix_low;
mod prefix_starved;
mod prefix_subnets;
mod registry;
mod reservation_exhausted;
mod reservation_hides_space;
mod shared_subnet;
mod unexplained;
mod unknown_instance_type;
mod unseen;
mod utilization;
mod vpc_cidr;
mod vpc_cidr_quota;
mod warm_waste;
mod zone_imbalance;

pub(super) use check::Facts;
pub use check::{Check, Claim};
pub use registry::REGISTRY;
