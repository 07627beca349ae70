//! EC2's count of available addresses and the ENIs do not agree. The calls of an audit are not one
//! atomic reading, so this is worth a look and no more.

use super::{Check, Facts};
use crate::{
    audit::count::SubnetCount,
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "unexplained",
    about: "AvailableIpAddressCount is not what the ENIs and reservations leave",
    severities: &[Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(finding).collect()
}

fn finding(subnet: &SubnetCount) -> Option<Finding> {
    let unexplained = subnet.unexplained.filter(|difference| *difference != 0)?;
    let (free, reserved) = (subnet.free?, subnet.reserved_free?);
    let available = subnet.available_reported?;
    let blind = if reserved > 0 {
        ". EC2 leaves reservations out of its count: an ENI inside one that is not listed would not \
         show here"
    } else {
        ""
    };
    Some(
        CHECK
            .finding(Severity::Info, &subnet.subnet_id)
            .message(format!(
                "{}: the ENIs leave {free} addresses free, {reserved} of them reserved, and \
                 EC2 reports {available} available: {unexplained} unexplained{blind}",
                subnet.label()
            ))
            .hint(
                "run the audit again: ENIs may have come or gone while it read them; of \
                 saved answers, a page may be missing",
            )
            .with("free", free)
            .with("reserved_free", reserved)
            .with("available_reported", available)
            .with("unexplained", unexplained),
    )
}
