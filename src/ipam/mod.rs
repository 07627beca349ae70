//! One node's ENIs and pod addresses as the VPC CNI keeps them, pass by pass: the rules of ipamd
//! (amazon-vpc-cni-k8s v1.23.1, `pkg/ipamd`), replays of pod events, closed forms for what a node
//! settles at, and settings that never settle.

mod addresses;
pub mod auto_mode;
mod burst;
mod calls;
mod carriers;
mod closed_form;
mod eni;
pub mod ipv6;
mod launched;
mod lints;
mod node;
mod pool;
mod replay;
mod settings;
mod state;
pub mod windows;

pub use addresses::{Addresses, CountedSubnets, EniId, LaunchedEni, Slots, SubnetSide};
pub use burst::{Burst, BurstInput, burst};
pub use calls::{ApiCalls, Calls, Ec2Calls, busiest_minute};
pub use carriers::EniSlots;
pub use closed_form::{Steady, steady_state};
pub use launched::Launched;
pub use lints::{Lint, lints};
pub use node::{Node, SeenEni, SeenKind, StartError};
pub use pool::{ADDRESSES_PER_PREFIX, PoolCounts, PoolMode, PoolTargets};
pub use replay::{DeleteOrder, LONGEST_SECONDS, NodeInput, Op, PodEvent, Replay, replay};
pub use settings::{PoolRules, PoolSettings};
pub use state::{MixedSlots, NodeState, Oscillation};
