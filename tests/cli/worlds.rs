//! The audit against worlds whose truth was counted while they were made, and laws of any audit.

use crate::run::{command, eksnet, made_world, root, scratch};
use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

fn audit(folder: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["audit", "--from", folder.to_str().unwrap(), "-o", "json"];
    arguments.extend(more);
    let (code, stdout, stderr) = eksnet(&arguments);
    (code, serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}")))
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn compare(folder: &Path) {
    let truth = read(&folder.join("expected/truth.json"));
    let (_, report) = audit(folder, &[]);
    let subnets = report["subnets"].as_array().unwrap();
    assert_eq!(subnets.len(), truth["subnets"].as_object().unwrap().len());
    for subnet in subnets {
        let id = subnet["subnet_id"].as_str().unwrap();
        let expected = &truth["subnets"][id];
        for field in [
            "name",
            "cidr",
            "availability_zone",
            "total",
            "usable",
            "used",
            "free",
            "available_reported",
            "reserved_free",
            "blocks28",
            "assignable_prefixes",
            "assignable_prefixes_in_reservation",
        ] {
            assert_eq!(subnet[field], expected[field], "{}: {id}: {field}", folder.display());
        }
        assert_eq!(subnet["unexplained"], 0, "{id}");
        let mut owners = json!({});
        for owner in subnet["owners"].as_array().unwrap() {
            let count = json!({"interfaces": owner["interfaces"], "addresses": owner["addresses"]});
            owners[owner["kind"].as_str().unwrap()] = count;
        }
        assert_eq!(owners, expected["owners"], "{}: {id}", folder.display());
    }
}

#[test]
fn the_bundled_example_is_what_its_script_makes() {
    let made = made_world(1, 40);
    for entry in fs::read_dir(&made).unwrap() {
        let name = entry.unwrap().file_name();
        let bundled = root().join("examples/vpc-prod").join(&name);
        if bundled.is_file() {
            assert!(fs::read(made.join(&name)).unwrap() == fs::read(&bundled).unwrap(), "{name:?}");
        }
    }
    compare(&root().join("examples/vpc-prod"));
}

#[test]
fn any_made_world_is_counted_right() {
    for (seed, nodes) in [(2, 12), (3, 40), (4, 40), (5, 120), (6, 400), (11, 25), (12, 25)] {
        compare(&made_world(seed, nodes));
    }
}

/// Saved a page a file, under names that say nothing, in another order: the same report.
#[test]
fn pages_in_files_of_any_name_are_one_answer() {
    let whole = root().join("examples/vpc-prod");
    let folder = scratch("pages");
    for name in ["subnets", "vpcs", "instances", "subnet-cidr-reservations", "clusters"] {
        fs::copy(whole.join(format!("{name}.json")), folder.join(format!("z-{name}-saved.json")))
            .unwrap();
    }
    fs::create_dir(folder.join("kubernetes")).unwrap();
    for entry in fs::read_dir(whole.join("kubernetes")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join("kubernetes").join(entry.file_name())).unwrap();
    }
    let mut interfaces = read(&whole.join("network-interfaces.json"))["NetworkInterfaces"]
        .as_array()
        .unwrap()
        .clone();
    interfaces.reverse();
    let pages: Vec<_> = interfaces.chunks(50).collect();
    for (at, page) in pages.iter().enumerate() {
        let mut answer = json!({ "NetworkInterfaces": page });
        if at + 1 < pages.len() {
            answer["NextToken"] = json!(format!("token-{at}"));
        }
        fs::write(folder.join(format!("page{at}.json")), answer.to_string()).unwrap();
    }
    let (code, report) = audit(&folder, &["--all"]);
    assert_eq!((code, report), audit(&whole, &["--all"]));

    // Appended to one file, as a shell loop with >> does.
    let appended: String = (0..pages.len())
        .map(|at| fs::read_to_string(folder.join(format!("page{at}.json"))).unwrap() + "\n")
        .collect();
    for at in 0..pages.len() {
        fs::remove_file(folder.join(format!("page{at}.json"))).unwrap();
    }
    fs::write(folder.join("appended.json"), appended).unwrap();
    assert_eq!(audit(&folder, &["--all"]), audit(&whole, &["--all"]));

    // Without the last page the numbers that need the interfaces are unknown, not low.
    let first = json!({"NetworkInterfaces": pages[0], "NextToken": "more"});
    fs::write(folder.join("appended.json"), first.to_string()).unwrap();
    let (code, report) = audit(&folder, &[]);
    assert_eq!(code, Some(4));
    assert_eq!(report["withheld"][0]["operation"], "DescribeNetworkInterfaces");
    assert!(report["subnets"][0]["used"].is_null() && report["subnets"][0]["usable"].is_number());
}

#[test]
fn what_is_not_there_is_withheld_and_null() {
    let rows: [(&str, &str, &[&str]); 3] = [
        ("network-interfaces", "DescribeNetworkInterfaces", &["used", "free", "utilization"]),
        // What an ENI tells by itself is told.
        ("instances", "DescribeInstances", &[]),
        (
            "subnet-cidr-reservations",
            "GetSubnetCidrReservations",
            &["reserved_free", "unexplained"],
        ),
    ];
    for (missing, operation, unseen) in rows {
        let folder = scratch(&format!("without-{missing}"));
        for entry in fs::read_dir(root().join("examples/vpc-prod")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.file_stem().unwrap() != missing {
                fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
            }
        }
        let (code, report) = audit(&folder, &[]);
        assert_eq!(code, Some(4), "{missing}");
        assert_eq!(report["withheld"][0]["operation"], operation);
        for subnet in report["subnets"].as_array().unwrap() {
            for field in unseen {
                assert!(subnet[field].is_null(), "{missing}: {field}");
            }
            if missing == "instances" {
                let owners = subnet["owners"].as_array().unwrap();
                let held: u64 = owners.iter().map(|o| o["addresses"].as_u64().unwrap()).sum();
                assert_eq!(json!(held), subnet["used"]);
                assert!(owners.iter().all(|owner| owner["kind"] != "instance"), "{subnet}");
            }
        }
    }
}

/// Listings of names say which node groups there are; one that nothing describes is missing.
#[test]
fn a_listed_node_group_that_is_not_described_is_missed() {
    let whole = root().join("examples/vpc-prod");
    let clusters = read(&whole.join("clusters.json"));
    let (name, gathered) = clusters.as_object().unwrap().iter().next().unwrap();
    let groups = gathered["nodegroups"].as_object().unwrap();
    let folder = scratch("listed");
    for file in ["subnets", "instances", "network-interfaces", "subnet-cidr-reservations"] {
        fs::copy(whole.join(format!("{file}.json")), folder.join(format!("{file}.json"))).unwrap();
    }
    let write = |file: &str, value: Value| fs::write(folder.join(file), value.to_string()).unwrap();
    write("cluster.json", json!({"cluster": gathered["cluster"]}));
    let run = || {
        let (code, report) = audit(&folder, &["--cluster", name, "--fail-on", "never"]);
        (code, report["withheld"].clone())
    };
    let (code, withheld) = run();
    assert_eq!((code, &withheld[0]["operation"]), (Some(4), &json!("ListNodegroups")));
    // The tags of its instances name groups.
    write("groups.json", json!({"nodegroups": []}));
    let (code, withheld) = run();
    let reason = withheld[0]["reason"].as_str().unwrap();
    assert_eq!(code, Some(4));
    assert!(
        reason.starts_with("instances belong to node groups that are not listed: "),
        "{reason}"
    );
    // No number of subnets that are selected otherwise hangs on them.
    let (code, report) = audit(&folder, &["--fail-on", "never"]);
    assert_eq!((code, &report["withheld"]), (Some(0), &json!([])));
    write("groups.json", json!({"nodegroups": groups.keys().collect::<Vec<_>>()}));
    assert_eq!(run().0, Some(4));
    for (at, group) in groups.values().enumerate() {
        write(&format!("group-{at}.json"), json!({ "nodegroup": group }));
    }
    assert_eq!(run(), (Some(0), json!([])));
}

/// A world of one subnet, from interfaces and a change to the subnet.
fn tiny(name: &str, interfaces: &Value, change: impl FnOnce(&mut Value)) -> PathBuf {
    let folder = scratch(name);
    let mut subnet = json!({
        "SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24",
        "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": 251, "OwnerId": "111122223333",
    });
    change(&mut subnet);
    let write = |file: &str, value: Value| {
        fs::write(folder.join(file), value.to_string()).unwrap();
    };
    write("subnets.json", json!({ "Subnets": [subnet] }));
    write("network-interfaces.json", json!({ "NetworkInterfaces": interfaces }));
    write("instances.json", json!({ "Reservations": [] }));
    write("subnet-cidr-reservations.json", json!({}));
    folder
}

fn interface(id: u32, address: &str) -> Value {
    json!({
        "NetworkInterfaceId": format!("eni-{id}"), "SubnetId": "subnet-1", "VpcId": "vpc-1",
        "OwnerId": "111122223333", "Status": "in-use", "InterfaceType": "interface",
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address}],
    })
}

#[test]
fn a_shared_subnet_goes_by_what_ec2_counts() {
    let interfaces = json!([interface(1, "10.0.0.10")]);
    let folder = tiny("shared", &interfaces, |subnet| {
        subnet["OwnerId"] = json!("999999999999");
        subnet["AvailableIpAddressCount"] = json!(11);
    });
    let (code, report) = audit(&folder, &["--min-free", "12"]);
    let subnet = &report["subnets"][0];
    assert_eq!(
        (code, &subnet["used"], &subnet["status"]),
        (Some(4), &json!(1), &json!("critical"))
    );
    assert_eq!(subnet["unexplained"], 239);
    let ids: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["min-free", "utilization", "shared-subnet", "unexplained"]);
}

/// The account that owns a shared VPC and runs nothing in it sees the ENIs of all who do.
#[test]
fn the_owner_of_a_shared_vpc_sees_everything() {
    let folder = tiny("shared-owner", &json!([interface(1, "10.0.0.10")]), |subnet| {
        subnet["OwnerId"] = json!("999999999999");
        subnet["AvailableIpAddressCount"] = json!(250);
    });
    let (code, report) = audit(&folder, &[]);
    let subnet = &report["subnets"][0];
    assert_eq!((code, &subnet["held"], &subnet["room"]), (Some(0), &json!(1), &json!(250)));
    assert_eq!((&report["findings"], &report["withheld"]), (&json!([]), &json!([])));
}

/// A snapshot that says whose credentials looked. What others hold is invisible, and none now: the
/// finding says so, and the run is complete.
#[test]
fn a_participant_is_incomplete_only_while_something_is_hidden() {
    let folder = tiny("shared-participant", &json!([interface(1, "10.0.0.10")]), |subnet| {
        subnet["OwnerId"] = json!("999999999999");
        subnet["AvailableIpAddressCount"] = json!(250);
    });
    let file = folder.join("world.json");
    let saved = ["--save", file.to_str().unwrap()];
    assert_eq!(audit(&folder, &saved).0, Some(0));
    let mut snapshot = read(&file);
    snapshot["inventory"]["source"]["caller"] = json!("111122223333");
    for (available, code, severity) in [(250, 0, "info"), (200, 4, "warning")] {
        snapshot["inventory"]["subnets"][0]["available"] = json!(available);
        write(&folder, "world.json", &snapshot);
        let (exit, report) = audit(&file, &[]);
        let finding = &report["findings"][0];
        assert_eq!((exit, &finding["id"]), (Some(code), &json!("shared-subnet")), "{report}");
        assert_eq!(finding["severity"], severity);
        assert_eq!(report["subnets"][0]["held"], 251 - available);
    }
}

#[test]
fn an_ipv6_only_subnet_has_no_ipv4_numbers() {
    let folder = tiny("ipv6", &json!([]), |subnet| {
        let fields = subnet.as_object_mut().unwrap();
        fields.remove("CidrBlock");
        fields["AvailableIpAddressCount"] = json!(0);
    });
    let (code, report) = audit(&folder, &["--min-free", "5"]);
    assert_eq!(code, Some(0), "{report}");
    let subnet = &report["subnets"][0];
    for field in ["cidr", "total", "usable", "used", "free", "available_reported", "blocks28"] {
        assert!(subnet[field].is_null(), "{field}");
    }
    assert_eq!(subnet["status"], "unknown");
}

#[test]
fn an_address_that_cannot_be_the_subnets_is_said() {
    let mut odd = interface(2, "10.9.9.9");
    odd["Ipv4Prefixes"] = json!([{"Ipv4Prefix": "10.0.0.0/28"}]);
    let folder = tiny("outside", &json!([interface(1, "10.0.0.10"), odd]), |_| {});
    let (code, report) = audit(&folder, &[]);
    assert_eq!((code, &report["subnets"][0]["used"]), (Some(4), &json!(1)));
    assert_eq!(report["withheld"].as_array().unwrap().len(), 2, "{report}");
}

#[test]
fn an_address_of_two_enis_is_withheld() {
    let interfaces =
        json!([interface(1, "10.0.0.10"), interface(2, "10.0.0.10"), interface(1, "10.0.0.11")]);
    let (_, report) = audit(&tiny("twice", &interfaces, |_| {}), &[]);
    // eni-1 stands there twice, and not alike; what it shares with eni-2 is told by neither reading.
    assert_eq!(report["subnets"][0]["used"], json!(null));
    assert_eq!(
        report["withheld"],
        json!([{"operation": "DescribeNetworkInterfaces",
            "reason": "subnet-1: ENIs are listed twice with different content: eni-1"}])
    );
    // In overlapping pages it is the same.
    let again =
        json!([interface(1, "10.0.0.10"), interface(2, "10.0.0.11"), interface(1, "10.0.0.10")]);
    let (code, report) = audit(&tiny("overlapping", &again, |_| {}), &[]);
    assert_eq!((code, &report["subnets"][0]["used"]), (Some(0), &json!(2)));
    let shared = json!([interface(1, "10.0.0.10"), interface(2, "10.0.0.10")]);
    let (code, report) = audit(&tiny("one-address", &shared, |_| {}), &[]);
    assert_eq!((code, &report["subnets"][0]["used"]), (Some(4), &json!(null)));
    let reason = report["withheld"][0]["reason"].as_str().unwrap();
    assert_eq!(reason, "subnet-1: ENIs hold the same addresses: 10.0.0.10 (ENIs eni-1, eni-2)");
}

#[test]
fn bars_compare_the_unrounded_ratio() {
    // 226 of 251 is 90.04 %, 225 of 251 is 89.64 %: rounded to a whole percent both are 90.
    for (used, status) in [(226, "critical"), (225, "warning")] {
        let interfaces: Vec<Value> =
            (0..used).map(|n| interface(n, &format!("10.0.0.{}", n + 4))).collect();
        let (_, report) = audit(&tiny("bars", &json!(interfaces), |_| {}), &[]);
        assert_eq!(report["subnets"][0]["status"], status, "{used}");
    }
}

#[test]
fn text_from_outside_is_harmless_where_it_goes() {
    let name = "=cmd|'/c calc'!A1\u{1b}[31m|\u{202e}";
    let folder = tiny("hostile", &json!([interface(1, "10.0.0.10")]), |subnet| {
        subnet["Tags"] = json!([{"Key": "Name", "Value": name}]);
    });
    let from = folder.to_str().unwrap();
    for format in ["table", "wide", "markdown"] {
        let (_, stdout, _) = eksnet(&["audit", "--from", from, "-o", format]);
        assert!(!stdout.contains('\u{1b}') && !stdout.contains('\u{202e}'), "{format}: {stdout}");
    }
    let (_, csv, _) = eksnet(&["audit", "--from", from, "-o", "csv"]);
    assert!(csv.contains(",'=cmd") || csv.contains(",\"'=cmd"), "{csv}");
    let (_, report) = audit(&folder, &[]);
    assert_eq!(report["subnets"][0]["name"], name);
}

fn write(folder: &Path, file: &str, value: &Value) {
    fs::write(folder.join(file), value.to_string()).unwrap();
}

#[test]
fn a_reservations_answer_that_was_left_at_a_token_is_unknown() {
    let folder = tiny("reservation-token", &json!([interface(1, "10.0.0.10")]), |_| {});
    fs::remove_file(folder.join("subnet-cidr-reservations.json")).unwrap();
    let row =
        json!({"SubnetId": "subnet-1", "Cidr": "10.0.0.64/26", "ReservationType": "explicit"});
    write(&folder, "r.json", &json!({"SubnetIpv4CidrReservations": [row], "NextToken": "more"}));
    let (code, report) = audit(&folder, &[]);
    assert_eq!(code, Some(4));
    assert!(report["subnets"][0]["assignable_prefixes"].is_null());
    write(
        &folder,
        "r2.json",
        &json!({"SubnetIpv4CidrReservations": [
        {"SubnetId": "subnet-1", "Cidr": "10.0.0.128/26", "ReservationType": "prefix"}]}),
    );
    let (code, report) = audit(&folder, &["--fail-on", "never"]);
    assert_eq!((code, &report["subnets"][0]["assignable_prefixes"]), (Some(0), &json!(10)));
}

#[test]
fn answers_still_in_their_wrapper_are_read() {
    let folder = tiny("wrapped", &json!([interface(1, "10.0.0.10")]), |_| {});
    let run = |clusters: Value| {
        write(&folder, "clusters.json", &clusters);
        audit(&folder, &["--cluster", "p", "--fail-on", "never"])
    };
    let whole = json!({"name": "p", "resourcesVpcConfig": {"vpcId": "vpc-1", "subnetIds": []}});
    let group = json!({"nodegroupName": "g", "subnets": ["subnet-1"]});
    let (code, report) = run(
        json!({"p": {"cluster": {"cluster": whole}, "nodegroups": {"g": {"nodegroup": group}}}}),
    );
    assert_eq!((code, &report["subnets"][0]["selected_by"]), (Some(0), &json!(["node-group:g"])));
    let (code, report) = run(json!({"p": {"cluster": whole, "nodegroups": [group]}}));
    assert_eq!((code, report["subnets"].as_array().unwrap().len()), (Some(0), 1));
    // A member whose subnets are not told, and a cluster without a subnet, are no empty success.
    let (code, report) = run(json!({"p": {"cluster": whole, "nodegroups": ["g"]}}));
    let reason = "the output does not state the subnets of node group g";
    assert_eq!((code, &report["withheld"][0]["reason"]), (Some(4), &json!(reason)));
    let (code, report) = run(json!({"p": {"cluster": whole, "nodegroups": {"g": {}}}}));
    assert_eq!(code, Some(4), "{report}");
    let (code, report) = run(json!({"p": {"cluster": whole, "nodegroups": {}}}));
    assert_eq!(code, Some(4), "{report}");
    assert_eq!(report["withheld"][0]["reason"], "no subnet of cluster p was found");
}

#[test]
fn a_cluster_named_by_its_arn_is_that_one() {
    let folder = tiny("arn", &json!([interface(1, "10.0.0.10")]), |_| {});
    let arn = |region: &str| format!("arn:aws:eks:{region}:111122223333:cluster/p");
    let cluster = |region: &str| {
        json!({"cluster": {"name": "p", "arn": arn(region),
            "resourcesVpcConfig": {"vpcId": "vpc-1", "subnetIds": ["subnet-1"]}}})
    };
    write(&folder, "groups.json", &json!({"nodegroups": []}));
    write(&folder, "c1.json", &cluster("eu-west-1"));
    let from = folder.to_str().unwrap();
    let run = |asked: &str| eksnet(&["audit", "--from", from, "--cluster", asked, "-o", "csv"]).0;
    assert_eq!((run("p"), run(&arn("eu-west-1"))), (Some(0), Some(0)));
    assert_eq!(run("arn:aws:eks:eu-west-1:999999999999:cluster/p"), Some(2));
    assert_eq!(run(&arn("us-east-1")), Some(2));
    write(&folder, "c2.json", &cluster("us-east-1"));
    assert_eq!(run("p"), Some(2), "two clusters of one name");
}

#[test]
fn a_shared_subnet_is_unknown_without_what_ec2_counts() {
    let folder = tiny("shared-unknown", &json!([interface(1, "10.0.0.10")]), |subnet| {
        subnet["OwnerId"] = json!("999999999999");
        subnet["AvailableIpAddressCount"] = json!(null);
    });
    let (code, report) = audit(&folder, &[]);
    assert_eq!((code, &report["subnets"][0]["status"]), (Some(4), &json!("unknown")));
    // No ENI of one's own tells who looks; EC2's count does.
    let folder = tiny("shared-alone", &json!([]), |subnet| {
        subnet["AvailableIpAddressCount"] = json!(5);
    });
    let (code, report) = audit(&folder, &[]);
    assert_eq!((code, &report["subnets"][0]["status"]), (Some(4), &json!("critical")));
}

#[test]
fn what_is_unknown_of_other_subnets_is_nothing_to_the_selected_ones() {
    let folder = tiny("elsewhere", &json!([interface(1, "10.0.0.10")]), |_| {});
    let mut subnets = read(&folder.join("subnets.json"));
    let mut other = subnets["Subnets"][0].clone();
    other["SubnetId"] = json!("subnet-2");
    other["CidrBlock"] = json!("10.0.1.0/24");
    subnets["Subnets"].as_array_mut().unwrap().push(other);
    write(&folder, "subnets.json", &subnets);
    write(
        &folder,
        "subnet-cidr-reservations.json",
        &json!({"subnet-2": {
        "SubnetIpv4CidrReservations": [{"Cidr": "10.0.1.0/28", "ReservationType": "dream"}]}}),
    );
    assert_eq!(audit(&folder, &["--fail-on", "never"]).0, Some(4));
    assert_eq!(audit(&folder, &["--subnet", "subnet-1"]).0, Some(0));
    assert_eq!(audit(&folder, &["--subnet", "subnet-2"]).0, Some(4));
}

#[test]
fn an_eni_with_two_primary_addresses_is_withheld() {
    let mut odd = interface(1, "10.0.0.11");
    odd["PrivateIpAddresses"] = json!([
        {"Primary": true, "PrivateIpAddress": "10.0.0.10"},
        {"Primary": true, "PrivateIpAddress": "10.0.0.12"},
        {"Primary": false, "PrivateIpAddress": "10.0.0.12"},
    ]);
    let mut trunk = interface(2, "10.0.0.20");
    trunk["InterfaceType"] = json!("trunk");
    trunk["Status"] = json!("available");
    trunk["TagSet"] = json!([{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-gone"}]);
    let (_, report) = audit(&tiny("odd-addresses", &json!([odd, trunk]), |_| {}), &[]);
    assert_eq!(report["subnets"][0]["used"], json!(null));
    let reason = report["withheld"][0]["reason"].as_str().unwrap();
    assert_eq!(reason, "subnet-1: ENIs have no primary private IPv4 address: eni-1");
    // Its status comes first: a trunk that is attached to nothing is left behind.
    let leaked =
        report["findings"].as_array().unwrap().iter().any(|f| f["id"] == "leaked-interfaces");
    assert!(leaked, "{report}");
}

#[test]
fn a_snapshot_is_known_by_its_content_and_through_a_pipe() {
    let whole = root().join("examples/vpc-prod");
    let folder = scratch("snapshots");
    let file = folder.join("snapshot.json");
    let path = file.to_str().unwrap();
    assert_eq!(eksnet(&["snapshot", "--from", whole.to_str().unwrap(), "--save", path]).0, Some(0));
    let expected = eksnet(&["audit", "--from", path, "-o", "json"]);
    // serde_json sorts the keys of a value, as `jq -S` does.
    fs::write(folder.join("sorted.json"), read(&file).to_string()).unwrap();
    let sorted = folder.join("sorted.json");
    assert_eq!(eksnet(&["audit", "--from", sorted.to_str().unwrap(), "-o", "json"]), expected);
    let mut piped = command(&["audit", "--from", "/dev/stdin", "-o", "json"]);
    let piped = piped.stdin(fs::File::open(&file).unwrap()).output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), expected.1);
}
