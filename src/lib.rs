//! eksnet: how many pods fit on an EKS node, what a node takes from its subnets, which subnets run
//! dry, who holds the addresses, and which layout to choose.
//!
//! The map of the crate, lowest rank first; a module uses lower ranks only (ARCHITECTURE.md).
//!
//! 1. [`json`]: JSON whose objects are objects; [`nearest`]: the name that was meant
//! 2. [`instance`]: instance types and their limits; [`network`]: networks, address spaces, /28 blocks;
//!    [`trend`]: a number over time; [`yaml`]: our own YAML files
//! 3. [`declared`]: what users declare in manifests and user data; [`finding`]: what an operator should know
//!    or do, and how it is worded
//! 4. [`density`]: max pods
//! 5. [`expression`]: max pods as an expression of Karpenter, nodeadm or CAST AI, and what it comes to
//! 6. [`inventory`]: what was observed; [`ipam`]: one node's pool, pass by pass
//! 7. [`cni`]: how the VPC CNI is set, and a node's pool settings
//! 8. [`audit`]: accounting, owners, findings; [`simulate`]: many nodes over shared subnets
//! 9. [`plan`]: from what must run to layouts that hold
//! 10. `aws`: live collection; [`cli`]: the command line as typed; [`render`]: reports as text
//! 11. [`command`]: the commands

pub mod json;
pub mod nearest;

pub mod instance;
pub mod network;
pub mod trend;
pub mod yaml;

pub mod declared;
pub mod finding;

pub mod density;

pub mod expression;

pub mod inventory;
pub mod ipam;

pub mod cni;

pub mod audit;
pub mod simulate;

pub mod plan;

#[cfg(feature = "aws")]
pub mod aws;
pub mod cli;
pub mod render;

pub mod command;
