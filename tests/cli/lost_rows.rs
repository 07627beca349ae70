//! Saved answers of which a page or a row of ENIs was lost: the instances' own rows name what is missing.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    folder::eksnet,
    made::{Eni, MadeVpc},
};

/// Two subnets; each of three nodes has an ENI in either.
fn world(folder: &Path) {
    let mut vpc = MadeVpc::default();
    vpc.subnet("subnet-a", "10.0.0.0/24", "eu-west-1a");
    vpc.subnet("subnet-b", "10.0.1.0/24", "eu-west-1a");
    for node in 0..3 {
        let id = format!("i-{node}");
        vpc.instance(&id);
        for (device, subnet) in ["subnet-a", "subnet-b"].into_iter().enumerate() {
            let addresses = (0..4).map(|host| format!("10.0.{device}.{}", 10 + 4 * node + host));
            let addresses = addresses.collect();
            vpc.eni(&Eni { subnet, of: Some((&id, device)), addresses, ..Eni::default() });
        }
    }
    vpc.write(folder, &["nodes", "pods", "eniconfigs", "aws-node"]);
}

fn edit(folder: &Path, change: impl FnOnce(&mut Value)) {
    let file = folder.join("network-interfaces.json");
    let mut answer: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    change(&mut answer);
    fs::write(file, answer.to_string()).unwrap();
}

/// The exit code, the used addresses of both subnets, whether there are nodes, and what is withheld.
type Said = (i32, [Value; 2], bool, Vec<String>);

fn audit(from: &Path, more: &[&str]) -> Said {
    let from = from.to_str().unwrap();
    let arguments = ["audit", "--all", "-o", "json", "--fail-on", "never", "--from", from];
    let (code, stdout, stderr) = eksnet(&[&arguments, more].concat(), &[]);
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
    let used = [0, 1].map(|at| report["subnets"][at]["used"].clone());
    let rows = report["withheld"].as_array().unwrap();
    let reason = |row: &Value| {
        assert_eq!(row["operation"], "DescribeNetworkInterfaces", "{row}");
        row["reason"].as_str().unwrap().to_owned()
    };
    (code, used, !report["nodes"].is_null(), rows.iter().map(reason).collect())
}

#[test]
fn what_an_instance_names_is_missed() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = folder.path();
    world(folder);
    // Three ENIs of four addresses in each.
    let whole = (0, [json!(12), json!(12)], true, vec![]);
    assert_eq!(audit(folder, &[]), whole);
    let lost = |subnet: &str, enis: &str, instances: &str| {
        format!(
            "{subnet}: instances reference ENIs that are not listed: {enis} (instances \
             {instances}); a page or row is missing, or instances and ENIs were read at different \
             times: read both again"
        )
    };
    // One row.
    edit(folder, |answer| drop(answer["NetworkInterfaces"].as_array_mut().unwrap().remove(3)));
    let row = (4, [json!(12), Value::Null], false, vec![lost("subnet-b", "eni-0003", "i-1")]);
    assert_eq!(audit(folder, &[]), row);
    // The subnet that it is not in alone.
    assert_eq!(audit(folder, &["--subnet", "subnet-a"]).0, 0);
    // A snapshot says the same, and shared it does with other names.
    let snapshot = folder.join("snapshot.out");
    for (more, eni) in [(&[][..], "eni-0003"), (&["--redact"], "eni-")] {
        let path = snapshot.to_str().unwrap();
        let save = ["snapshot", "--from", folder.to_str().unwrap(), "--output-file", path];
        let (code, _, stderr) = eksnet(&[&save, more].concat(), &[]);
        assert_eq!(code, 4, "{stderr}");
        let (code, used, has_nodes, rows) = audit(&snapshot, &[]);
        assert_eq!((code, used, has_nodes, rows.len()), (4, row.1.clone(), false, 1), "{rows:?}");
        assert!(rows[0].contains(eni), "{rows:?}");
        assert_eq!(fs::read_to_string(path).unwrap().contains("eni-0003"), more.is_empty());
        fs::remove_file(path).unwrap();
    }
    // The pages behind the first, whose token was lost too.
    edit(folder, |answer| answer["NetworkInterfaces"].as_array_mut().unwrap().truncate(2));
    let rows = vec![
        lost("subnet-a", "eni-0002, eni-0004", "i-1, i-2"),
        lost("subnet-b", "eni-0003, eni-0005", "i-1, i-2"),
    ];
    assert_eq!(audit(folder, &[]), (4, [Value::Null, Value::Null], false, rows));
}

/// What a query makes of an instance's own ENIs is no answer, and no error: nothing is held against it.
#[test]
fn instances_that_name_no_ids() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = folder.path();
    world(folder);
    edit(folder, |answer| drop(answer["NetworkInterfaces"].as_array_mut().unwrap().remove(3)));
    let file = folder.join("instances.json");
    let answer: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    for odd in [
        json!(null),
        json!(2),
        json!("eni-0003"),
        json!({"Count": 2}),
        json!([]),
        json!(["eni-0003", 3, null]),
        json!([{"NetworkInterfaceId": "eni-0003"}, {"SubnetId": "subnet-b"}]),
        // Another account's, which permitted that it is attached here.
        json!([{"NetworkInterfaceId": "eni-0003", "SubnetId": "subnet-b", "OwnerId": "999999999999"}]),
    ] {
        let mut answer = answer.clone();
        for instance in answer["Reservations"][0]["Instances"].as_array_mut().unwrap() {
            instance["NetworkInterfaces"] = odd.clone();
        }
        fs::write(&file, answer.to_string()).unwrap();
        assert_eq!(audit(folder, &[]), (0, [json!(12), json!(8)], true, vec![]), "{odd}");
    }
}
