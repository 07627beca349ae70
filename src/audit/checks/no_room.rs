//! EC2 can assign nothing more of a subnet by itself, or next to nothing.

use super::{
    Check, Claim, Facts,
    hints::{look_at, reservations},
};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, counted, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "no-room",
    about: "EC2 can assign no address of a subnet by itself, or only a few",
    claim: |severity| match severity {
        Severity::Critical => {
            Claim::of("can assign no more addresses", "can assign no more addresses")
        }
        Severity::Warning | Severity::Info => {
            Claim::of("is almost out of addresses", "are almost out of addresses")
        }
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[Tunable {
        name: "addresses",
        about: "single addresses that EC2 can assign below which it is a warning",
        field: Field::Count(|bars| &mut bars.single_addresses),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let least = facts.settings.bars.single_addresses;
    facts.subnets.iter().filter_map(|subnet| finding(subnet, least)).collect()
}

/// Every new ENI needs a single address of its own, so few of those are a warning also while prefixes
/// are left for the ENIs that are there.
fn finding(subnet: &SubnetCount, least: u32) -> Option<Finding> {
    let (room, prefixes) = (subnet.room_at_most()?, subnet.prefixes_at_most()?);
    let label = subnet.label();
    let (severity, message) = if subnet.has_no_room() {
        (Severity::Critical, format!("{label}: EC2 can assign no address{}", reserved(subnet)))
    } else if room.singles >= least {
        return None;
    } else if prefixes > 0 {
        let message = format!(
            "{label} has room for {} and for {}: a new ENI needs a single address first",
            counted(room.singles, "single address", "single addresses"),
            counted(prefixes, "/28 prefix", "/28 prefixes")
        );
        (Severity::Warning, message)
    } else {
        let singles = counted(room.singles, "address", "addresses");
        (Severity::Warning, format!("{label} has room for {singles}{}", reserved(subnet)))
    };
    let id = &subnet.subnet_id;
    let (hint, command) = if subnet.reserved_free.is_some_and(|reserved| reserved > 0) {
        let hint = "leave part of the subnet outside reservations; list them, and remove one with \
                    aws ec2 delete-subnet-cidr-reservation";
        (hint, reservations(id))
    } else {
        ("see who holds the addresses", look_at(id, "--owners"))
    };
    Some(
        CHECK
            .finding(severity, id)
            .message(message)
            .hint(hint)
            .command(command)
            .with("room", room.addresses)
            .with("room_single", room.singles)
            .with("assignable_prefixes", prefixes)
            .with("reserved_free", subnet.reserved_free)
            .with("free", subnet.free),
    )
}

/// What is free and yet no room.
fn reserved(subnet: &SubnetCount) -> String {
    match subnet.reserved_free {
        None | Some(0) => String::new(),
        Some(1) => ": 1 more is free inside reservations".to_owned(),
        Some(free) => format!(": {} more are free inside reservations", thousands(free)),
    }
}
