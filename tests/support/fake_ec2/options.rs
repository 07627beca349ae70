//! The ways in which the stand-in misbehaves.

use std::time::Duration;

use super::behavior::Planned;

/// How the stand-in departs from a quick and faultless service; the default does not depart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// No page holds more items than this, whatever the caller asks for.
    pub(crate) page_size: Option<usize>,
    /// Every call is throttled with a probability of one in so many; 0 never throttles.
    pub(crate) throttle: u32,
    /// Actions that the caller has no permission for, such as `DescribeInstances`.
    pub(crate) refuse: Vec<String>,
    /// Every call after this many breaks off half-way through its body.
    pub(crate) fail_after: Option<usize>,
    /// EC2 answers are cut short, though delivered whole as far as HTTP can tell.
    pub(crate) broken_xml: bool,
    /// Faults of single calls; of several for the same answer the first is played.
    pub(crate) faults: Vec<Planned>,
    /// How long each answer takes.
    pub(crate) latency: Duration,
    /// Where the throttling starts, so that a run can be repeated.
    pub(crate) seed: u64,
}
