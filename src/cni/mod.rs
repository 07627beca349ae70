//! How the VPC CNI is set, and what follows: the environment variables that are read, what each version
//! does, which subnets may carry pods, and a node's pool settings. Every command asks here.

mod change;
mod discovery;
mod eni_config;
mod settings;
mod variables;
mod version;

pub use change::{CniChange, parse_changes};
pub use discovery::{Discovery, ROLE_TAG, Standing, TagReading};
pub use eni_config::eni_config_of;
pub use settings::{CniSettings, warm_prefixes};
pub use variables::{Decides, Kind, VARIABLES, Variable, hidden};
pub use version::{ClusterTags, CniVersion};
