//! EC2's count of available addresses and the ENIs do not agree. The calls of an audit are not one
//! atomic reading, so this is worth a look and no more.

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::count::SubnetCount,
    finding::{Finding, Severity, thousands},
    inventory::SourceKind,
};

pub(super) const CHECK: Check = Check {
    id: "unexplained",
    about: "AvailableIpAddressCount is not what the ENIs and reservations leave",
    claim: |_| {
        Claim::of("has addresses that no ENI explains", "have addresses that no ENI explains")
    },
    severities: &[Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let interfaces = facts.inventory.interfaces.iter().flatten();
    let may_lack = facts.inventory.source.kind == SourceKind::AwsCli
        && interfaces.clone().all(|eni| eni.prefixes.is_empty());
    facts.subnets.iter().filter_map(|subnet| finding(subnet, may_lack)).collect()
}

/// `may_lack`: a query may have left the prefixes out of the saved answers.
fn finding(subnet: &SubnetCount, may_lack: bool) -> Option<Finding> {
    let unexplained = subnet.unexplained.filter(|difference| *difference != 0)?;
    let (free, reserved) = (subnet.free?, subnet.reserved_free?);
    let available = subnet.available_reported?;
    let blind = if reserved > 0 {
        ". EC2 leaves reservations out of its count: an ENI inside one that is not listed would not \
         show here"
    } else {
        ""
    };
    let prefixes = if may_lack && unexplained > 0 && unexplained % 16 == 0 {
        ", or a --query may have left out Ipv4Prefixes, of 16 addresses each"
    } else {
        ""
    };
    Some(
        CHECK
            .finding(Severity::Info, &subnet.subnet_id)
            .message(format!(
                "{}: the ENIs leave {} addresses free, {} of them reserved, and \
                 EC2 reports {} available: {unexplained} unexplained{blind}",
                subnet.label(),
                thousands(free),
                thousands(reserved),
                thousands(available)
            ))
            .hint(format!(
                "ENIs may have come or gone while the audit read them, or a page of saved output is \
                 missing{prefixes}; audit it again",
            ))
            .command(look_at(&subnet.subnet_id, "--owners"))
            .with("free", free)
            .with("reserved_free", reserved)
            .with("available_reported", available)
            .with("unexplained", unexplained),
    )
}
