//! Live collection. The only module that names the AWS SDK: what comes out is an
//! [`Inventory`](crate::inventory::Inventory) or plain limits.

mod access;
mod activity;
mod again;
mod cause;
mod collect;
mod convert;
mod credentials;
mod ec2;
mod eks;
mod error;
mod give_up;
mod json_answer;
mod large;
mod listing;
mod not_whole;
mod probe;
mod regions;
mod role;
mod run;
mod settings;
mod slots;
mod tally;
mod tokens;
mod types;
mod watch;
mod whole_body;
mod xml_answer;

pub use access::AwsAccess;
pub use activity::{Activity, Watcher};
pub use collect::{CollectError, collect};
pub use error::{AwsError, Trouble};
pub use probe::{Probe, Tried, probe};
pub use regions::{Failed, Part, Reach, Regions, Several, collect_several};
pub use run::{Bounds, Progress};
pub use types::{TypeQuery, describe_types};
