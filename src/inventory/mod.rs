//! What was observed of an account's network: VPCs, subnets, interfaces, instances, reservations,
//! clusters, and what is not available. Live collection, a snapshot file and a directory of AWS CLI
//! answers all give the same [`Inventory`].

pub mod answers;
mod aws_node_metrics;
mod beside;
mod blocks;
mod consistency;
mod eni_lookup;
mod feed;
mod join;
pub mod keys;
mod kubernetes;
mod line_column;
mod model;
mod named_enis;
mod names;
mod network_interface;
mod node_metrics;
mod node_pods;
mod operations;
mod order;
mod owner_kind;
mod owners;
mod places;
mod plain;
mod pool_use;
mod redact;
mod secrets;
mod select;
mod shared_subnets;
mod sharing;
mod snapshot;
mod snapshot_read;
mod snapshot_use;
mod space;
mod tags;
mod tokens;
mod word;

pub use answers::Measure;
pub use aws_node_metrics::AwsNodeMetrics;
pub(crate) use beside::beside;
#[cfg(feature = "aws")]
pub(crate) use consistency::many;
pub use eni_lookup::{EniLookup, LookedUpEni};
pub use join::joined;
pub use kubernetes::{AwsNode, EniConfig, Kubernetes, KubernetesNode, KubernetesPod};
pub use model::{
    Cluster, HealthIssue, Instance, Inventory, NodeSubnets, OtherNetwork, Place, Reservation,
    Source, SourceKind, Subnet, Vpc, Withheld, account_of, region_of_zone,
};
pub use named_enis::{NamedEni, NamedEnis};
pub use names::{is_eks_name, is_region};
pub use network_interface::{Attachment, Interface, addresses};
pub use node_metrics::NodeMetrics;
pub use node_pods::NodePods;
pub use operations::Operation;
pub use order::in_order;
pub use owner_kind::OwnerKind;
pub use owners::{Holder, Known, inferred_pooled};
pub use places::Places;
pub use pool_use::{PoolEni, PoolUse};
pub use redact::{redact, redact_texts};
pub use secrets::cleaned;
pub use select::{Because, ClusterName, Selected, Selection, SelectionError, select};
pub use shared_subnets::fused;
pub use sharing::Looker;
pub use snapshot::{SNAPSHOT_SCHEMA, snapshot_schema, write_snapshot};
pub use snapshot_read::read_snapshot;
pub use snapshot_use::read_snapshot_use;
pub use space::EniPart;
pub use tags::{AnyTags, EniTags, Tags};
pub use word::Word;
