//! Max pods: how many pods fit on a node of an instance type, with every step of the sum and the
//! bound that held.

mod auto_mode;
mod classes;
mod launch;
mod nodes;
mod notes;
mod report;
mod settings;
mod sum;

pub use auto_mode::{CAP as AUTO_MODE_CAP, not_launched};
pub use classes::{MaxPodsClass, classes};
pub use launch::{CannotLaunch, LaunchSettings};
pub use nodes::{NodeValues, karpenter_pods, nodeadm_limits, standard_pods};
pub use notes::memory_note;
pub use report::{Bound, DensityReport, Mode, Step};
pub use settings::{Addressing, Cap, DensitySettings, Os, STANDARD_HOST_NETWORK_PODS};
pub use sum::{CannotRun, assess, kube_reserved_memory_mib, pods_below_half, reserves_half};
pub(crate) use sum::{TWICE_RESERVED_BASE_MIB, TWICE_RESERVED_POD_MIB};
