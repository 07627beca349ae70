//! How the VPC CNI is set, and what follows: the environment variables that are read, what each version
//! does, which subnets may carry pods, and a node's pool settings. Every command asks here.

mod auto_mode;
mod change;
mod discovery;
mod eni_config;
mod enis;
mod keeper;
mod settings;
mod variables;
mod version;

pub use auto_mode::AutoModeNetwork;
pub use change::{CniChange, parse_changes};
pub use discovery::{Discovery, ROLE_TAG, Standing, TagReading};
pub use eni_config::{EniConfigMisfit, eni_config_of, eni_config_subnet, eni_configs_are_zones};
pub use keeper::PoolKeeper;
pub use settings::{CniSettings, Freeze, warm_prefixes};
pub use variables::{Decides, VARIABLES, Variable, VariableKind, elsewhere, hidden};
pub use version::{ClusterTags, CniVersion};
