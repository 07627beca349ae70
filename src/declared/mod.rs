//! What users declare in manifests of Kubernetes and in user data: Karpenter's NodePools and EC2NodeClasses,
//! EKS Auto Mode's NodeClasses, nodeadm's NodeConfigs. Keys that mean nothing here are left alone; a key
//! that does is read whole or refused, with its file, line and value.

mod auto_node_class;
mod budget;
mod document;
mod ec2_node_class;
mod facts;
mod kubelet;
mod kubelet_flags;
mod limits;
mod matching;
mod misplaced;
mod node_config;
mod node_pool;
mod origins;
mod place;
mod quantity;
mod requirement;
mod selector;
mod tree;
mod unread;
mod user_data;

pub use auto_node_class::{AutoNodeClass, Ipv4PrefixSize};
pub use budget::{Budget, BudgetNodes};
pub use document::{Declared, read, read_value};
pub use ec2_node_class::Ec2NodeClass;
pub use facts::{is_launched, is_launched_by};
pub use kubelet::{Kubelet, MaxPods, Reserves};
pub use kubelet_flags::KubeletFlags;
pub use limits::Limits;
pub use matching::{MatchedTypes, NoSuchValue, NotChecked, TooFew};
pub use node_config::NodeConfig;
pub use node_pool::{NodeClassRef, NodePool, PoolOs};
pub use place::DeclaredError;
pub use quantity::{Quantity, QuantityError};
pub use requirement::{Operator, Requirement};
pub use selector::{LaunchInterface, LaunchInterfaceKind, SubnetTerm};
