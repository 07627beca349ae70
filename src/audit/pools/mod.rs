//! What nodes use of what they hold, and what they would hold under other settings of the CNI.

mod enis;
mod metrics;
mod model;
mod node;
mod pods;
mod short;
mod used;
mod what_if;

pub use node::{GivenAddress, NodeReport, NodeUsage};
pub use short::WhatIfSubnet;
pub(super) use used::{UsedNodes, used};
pub use what_if::{Asked, LeftOut, WhatIf};
pub(super) use what_if::{WhatIfAnswer, what_if};
