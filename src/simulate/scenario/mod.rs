//! What is written in a scenario file.

mod interfaces;
mod parse;
mod placement;
mod pool_limits;
mod schema;
mod text;
mod values;

pub use interfaces::ExtraInterfaces;
pub use parse::parse;
pub use placement::{PrefixSize, Scaler, Start, Topology};
pub use pool_limits::{Amount, PoolLimits};
pub use schema::{scenario_schema, strict_schema};
pub use text::{
    Cni, CniPatch, ControlPlane, NodeGroup, Other, Reservation, ReservationType, RolloutLike,
    Scenario, Step, Subnet, Vpc, WeightedType, WindowsCni,
};
pub use values::{Fragments, HeldRange, MaxPods, PodsPerNode, Share, Target, Used};
