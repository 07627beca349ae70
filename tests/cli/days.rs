//! Made snapshots of some days: subnets with as many addresses in use as are asked for.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

/// A subnet of a made snapshot.
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: &'static str,
    /// Its network.
    pub(crate) cidr: &'static str,
    /// Addresses in use.
    pub(crate) used: u32,
}

/// A snapshot, captured at a moment or at none that is known.
pub(crate) fn snapshot(captured_at: Option<&str>, subnets: &[Made]) -> Value {
    let rows = subnets.iter().map(|made| {
        let size = 1_u32 << (32 - made.cidr.split('/').nth(1).unwrap().parse::<u32>().unwrap());
        json!({"subnet_id": made.id, "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
            "cidr": made.cidr, "available": size - 5 - made.used, "owner_id": null,
            "reservations": []})
    });
    let interfaces = subnets.iter().filter(|made| made.used > 0).map(|made| {
        let network: Ipv4Addr = made.cidr.split('/').next().unwrap().parse().unwrap();
        // The first four are AWS's.
        let mut addresses =
            (0..made.used).map(|n| Ipv4Addr::from(u32::from(network) + 4 + n).to_string());
        json!({"interface_id": format!("eni-{}", made.id), "subnet_id": made.id, "vpc_id": "vpc-1",
            "owner_id": "111122223333", "requester_id": null, "interface_type": "lambda",
            "status": "in-use", "attachment": null, "primary": addresses.next(),
            "secondary": addresses.collect::<Vec<_>>()})
    });
    json!({"schema": "eksnet.snapshot/v1", "inventory": {
        "source": {"kind": "live", "region": "eu-west-1", "account": "111122223333",
            "captured_at": captured_at},
        "vpcs": null, "subnets": rows.collect::<Vec<_>>(),
        "interfaces": interfaces.collect::<Vec<_>>(), "instances": [], "clusters": [],
        "withheld": []}})
}
