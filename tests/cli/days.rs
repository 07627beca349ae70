//! Made snapshots of some days: subnets with as many addresses in use as are asked for.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Command,
};

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

/// An empty folder for a test.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("days").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A snapshot, captured at a moment or at none that is known.
pub(crate) fn snapshot(captured_at: Option<&str>, subnets: &[Made]) -> Value {
    let rows = subnets.iter().map(|made| {
        json!({"subnet_id": made.id, "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
            "cidr": made.cidr, "available": null, "owner_id": null, "reservations": []})
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
        "vpcs": [], "subnets": rows.collect::<Vec<_>>(),
        "interfaces": interfaces.collect::<Vec<_>>(), "instances": [], "clusters": [],
        "withheld": []}})
}

/// Runs the program: its exit code, and what it said on both ways.
pub(crate) fn eksnet(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_eksnet")).args(arguments).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}
