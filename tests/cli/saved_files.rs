//! Files as people's machines leave them: in Windows' encodings, empty, as YAML, in several places.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::folder::{Folder, eksnet};

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("saved-files").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// An audit of paths as JSON, with the exit code and what stands on stderr.
fn audit(from: &[&Path], more: &[&str]) -> (i32, Value, String) {
    let mut arguments = vec!["audit", "-o", "json", "--fail-on", "never"];
    for path in from {
        arguments.extend(["--from", path.to_str().unwrap()]);
    }
    arguments.extend(more);
    let (code, stdout, stderr) = eksnet(&arguments, &[]);
    (
        code,
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}")),
        stderr,
    )
}

fn subnets(name: &str) -> String {
    json!({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24",
        "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": 251,
        "Tags": [{"Key": "Name", "Value": name}]}]})
    .to_string()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn text_of_windows_is_read() {
    let text = subnets("B\u{fc}ro");
    let marked = format!("\u{feff}{text}");
    let cp1252: Vec<u8> =
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for (name, bytes) in [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8-bom", marked.clone().into_bytes()),
        ("utf-16le-bom", utf16(&marked, false)),
        ("utf-16be-bom", utf16(&marked, true)),
        ("utf-16le", utf16(&text, false)),
        ("utf-16be", utf16(&text, true)),
        ("cp1252", cp1252),
    ] {
        let folder = scratch(name);
        fs::write(folder.join("subnets.json"), bytes).unwrap();
        let (code, report, _) = audit(&[&folder], &[]);
        assert_eq!((code, &report["subnets"][0]["name"]), (4, &json!("B\u{fc}ro")), "{name}");
    }
}

/// The same for a snapshot, a policy, a baseline and a scenario.
#[test]
fn every_file_is_decoded() {
    let example = Folder::example("decoded");
    let in_utf16 = |name: &str, text: &str| {
        assert!(!text.is_empty(), "{name}");
        let path = example.path(name);
        fs::write(&path, utf16(&format!("\u{feff}{text}"), false)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (_, snapshot, _) = eksnet(&["snapshot", "--from", example.from()], &[]);
    let path = example.path("baseline.json");
    let baseline = path.to_str().unwrap();
    let (_, whole, _) = example.audit(&["-o", "json", "--write-baseline", baseline]);
    let baseline = in_utf16("baseline-16.json", &fs::read_to_string(&path).unwrap());
    let snapshot = in_utf16("snapshot.json", &snapshot);
    let policy = in_utf16("policy.yaml", "version: 1\n");
    let (_, read, stderr) = eksnet(
        &["audit", "--from", &snapshot, "--policy", &policy, "--baseline", &baseline, "-o", "json"],
        &[],
    );
    let report = |text: &str| serde_json::from_str::<Value>(text).unwrap()["subnets"].clone();
    assert_eq!(report(&read), report(&whole), "{stderr}");
}

#[test]
fn what_cannot_be_decoded_names_the_encoding() {
    let folder = scratch("undecodable");
    let path = folder.join("subnets.json");
    fs::write(&path, b"\xff\xfe{\0\x00\xd8{\0").unwrap();
    let (code, _, stderr) = eksnet(&["audit", "--from", path.to_str().unwrap()], &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("UTF-16LE") && stderr.contains("subnets.json"), "{stderr}");
}

#[test]
fn an_empty_answer_is_absent() {
    let example = Folder::example("empty-answer");
    fs::write(Path::new(example.from()).join("instances.json"), "").unwrap();
    let (code, report, _) = audit(&[Path::new(example.from())], &[]);
    assert_eq!(code, 4);
    let row = &report["withheld"][0];
    assert_eq!(row["operation"], "DescribeInstances");
    assert!(row["reason"].as_str().unwrap().starts_with("instances.json is empty"), "{row}");
    fs::write(Path::new(example.from()).join("subnets.json"), "\n").unwrap();
    let (code, _, stderr) = example.audit(&[]);
    assert_eq!(code, 4, "{stderr}");
}

/// A folder of kubectl's files inside, the same named beside it, and as YAML.
#[test]
fn files_of_several_places_are_put_together() {
    let kubernetes = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod/kubernetes");
    let example = Folder::example("several-places");
    let answers = Path::new(example.from());
    let (code, beside, _) = audit(&[answers, &kubernetes], &["--all"]);
    assert_eq!(code, 0);
    assert!(beside["nodes"].as_array().is_some_and(|nodes| !nodes.is_empty()));
    // Twice the same is once.
    assert_eq!(audit(&[answers, &kubernetes, answers], &["--all"]).1, beside);
    fs::create_dir(answers.join("kubernetes")).unwrap();
    for entry in fs::read_dir(&kubernetes).unwrap() {
        let entry = entry.unwrap();
        // JSON is YAML, too.
        let name = entry.path().with_extension("yaml");
        fs::copy(entry.path(), answers.join("kubernetes").join(name.file_name().unwrap())).unwrap();
    }
    let (code, inside, stderr) = audit(&[answers], &["--all"]);
    assert_eq!((code, inside), (0, beside), "{stderr}");
    let snapshot = example.path("snapshot.json");
    let (_, text, _) = eksnet(&["snapshot", "--from", answers.to_str().unwrap()], &[]);
    fs::write(&snapshot, text).unwrap();
    let alone = audit(&[&snapshot], &["--all"]).1;
    assert_eq!(audit(&[&snapshot, &kubernetes], &["--all"]).1, alone);
}

#[test]
fn what_is_of_no_use_is_said_as_what_it_is() {
    let example = Folder::example("of-no-use");
    let answers = Path::new(example.from());
    fs::write(answers.join("groups.json"), r#"{"SecurityGroups": []}"#).unwrap();
    fs::write(answers.join("values.yaml"), "replicas: 2\n").unwrap();
    let (code, _, stderr) = audit(&[answers], &[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("groups.json: not needed here; ignored"), "{stderr}");
    let unknown = "values.yaml: not recognized as AWS CLI or kubectl output; ignored";
    assert!(stderr.contains(unknown), "{stderr}");
}

/// A type that the built-in table lacks has limits when the answers hold them, or a file of its own.
#[test]
fn instance_types_among_the_answers_are_used() {
    let example = Folder::example("instance-types");
    let answers = Path::new(example.from());
    let instances = fs::read_to_string(answers.join("instances.json")).unwrap();
    let known: Value = serde_json::from_str(&instances).unwrap();
    let kind = known["Reservations"][0]["Instances"][0]["InstanceType"].as_str().unwrap();
    let renamed = instances.replace(&format!("\"{kind}\""), "\"z9.mega\"");
    fs::write(answers.join("instances.json"), renamed).unwrap();
    let unknown = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["id"] == "unknown-instance-type")
    };
    assert!(unknown(&audit(&[answers], &[]).1));
    let types = json!({"InstanceTypes": [{"InstanceType": "z9.mega", "Hypervisor": "nitro",
        "VCpuInfo": {"DefaultVCpus": 4}, "NetworkInfo": {"MaximumNetworkInterfaces": 8,
        "Ipv4AddressesPerInterface": 30, "NetworkCards": [{"NetworkCardIndex": 0,
        "MaximumNetworkInterfaces": 8}]}}]});
    let file = example.path("types.json");
    fs::write(&file, types.to_string()).unwrap();
    let named = ["--limits", file.to_str().unwrap()];
    let (code, report, stderr) = audit(&[answers], &named);
    assert!(!unknown(&report), "{code}: {stderr}");
    fs::copy(&file, answers.join("instance-types.json")).unwrap();
    assert!(!unknown(&audit(&[answers], &[]).1));
}

/// A path that was named and is not there is bad usage; so is one that is malformed.
#[test]
fn a_named_path_that_is_not_there_is_bad_usage() {
    let example = Folder::example("named-paths");
    let from = example.from();
    let path = example.path("scenario.yaml");
    fs::write(&path, "version: 1\n").unwrap();
    let scenario = path.to_str().unwrap();
    for arguments in [
        &["audit", "--from", "not-there.json"][..],
        &["audit", "--from", from, "--from", "not-there.json"],
        &["snapshot", "--from", "not-there.json"],
        &["simulate", "not-there.json"],
        &["simulate", scenario, "--from", "not-there.json"],
        &["simulate", scenario, "--limits", "not-there.json"],
        &["plan", "not-there.json"],
        &["plan", "--from", "not-there.json"],
        &["plan", "not-there.json", "--from", from],
        &["plan", scenario, "--limits", "not-there.json"],
        &["audit", "--from", from, "--policy", "not-there.json"],
        &["audit", "--from", from, "--baseline", "not-there.json"],
        &["audit", "--from", from, "--history", "not-there.json"],
        &["audit", "--from", from, "--limits", "not-there.json"],
        &["maxpods", "m5.large", "--limits", "not-there.json"],
        &["node", "m5.large", "--limits", "not-there.json"],
        &["node", "--trace", "not-there.json"],
        &["limits", "verify", "--from", "not-there.json"],
        &["diff", "not-there.json", from],
    ] {
        let (code, stdout, stderr) = eksnet(arguments, &[]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot read not-there.json"), "{arguments:?}: {stderr}");
    }
}

/// All pods run in kube-system, as in a new cluster: complete where another namespace's list is there
/// and empty, and of one namespace alone as far as can be told where it is not.
#[test]
fn pods_of_kube_system_alone_are_all_where_the_others_have_none() {
    let folder = scratch("new-cluster");
    let write =
        |name: &str, value: &Value| fs::write(folder.join(name), value.to_string()).unwrap();
    let eni = json!({"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
        "Status": "in-use", "PrivateIpAddress": "10.0.0.9", "PrivateIpAddresses": [
            {"Primary": true, "PrivateIpAddress": "10.0.0.9"},
            {"Primary": false, "PrivateIpAddress": "10.0.0.10"}],
        "Attachment": {"InstanceId": "i-1", "DeviceIndex": 0, "NetworkCardIndex": 0}});
    let pod = |name: &str, ip: &str, host: bool| {
        json!({"kind": "Pod", "metadata": {"name": name, "namespace": "kube-system"},
            "spec": {"nodeName": "n", "hostNetwork": host},
            "status": {"phase": "Running", "podIP": ip, "hostIP": "10.0.0.9"}})
    };
    let list = |items: &[Value]| json!({"kind": "List", "apiVersion": "v1", "items": items});
    fs::write(folder.join("subnets.json"), subnets("a").replace("251", "249")).unwrap();
    write("network-interfaces.json", &json!({"NetworkInterfaces": [eni]}));
    write(
        "instances.json",
        &json!({"Reservations": [{"Instances": [{"InstanceId": "i-1",
        "InstanceType": "m5.large", "State": {"Name": "running"}, "VpcId": "vpc-1",
        "Tags": [{"Key": "eks:cluster-name", "Value": "demo"}]}]}]}),
    );
    write("reservations.json", &json!({"SubnetIpv4CidrReservations": []}));
    write(
        "nodes.json",
        &list(&[json!({"kind": "Node", "metadata": {"name": "n"},
        "spec": {"providerID": "aws:///eu-west-1a/i-1"},
        "status": {"allocatable": {"pods": "29"}}})]),
    );
    write(
        "pods.json",
        &list(&[pod("aws-node-1", "10.0.0.9", true), pod("coredns-1", "10.0.0.10", false)]),
    );
    let (code, report, _) = audit(&[&folder], &[]);
    assert_eq!(code, 4, "{report}");
    assert!(report["withheld"].to_string().contains("only pods of kube-system"), "{report}");
    write("pods-default.json", &list(&[]));
    let (code, report, _) = audit(&[&folder], &[]);
    assert_eq!((code, &report["withheld"]), (0, &json!([])), "{report}");
}

/// Two moments of one VPC are no larger VPC.
#[test]
fn snapshots_of_different_moments_are_not_put_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = |day: &str| {
        let path = folder.path().join(format!("{day}.json"));
        let snapshot = serde_json::json!({"schema": "eksnet.snapshot/v1", "inventory": {
            "source": {"kind": "live", "region": "eu-west-1", "account": null,
                       "captured_at": format!("2026-11-{day}T00:00:00Z")},
            "vpcs": null, "subnets": [{"subnet_id": "subnet-1", "vpc_id": "vpc-1",
                "cidr": "10.0.0.0/24", "tags": {}}],
            "interfaces": [], "instances": [], "clusters": [], "withheld": []}});
        fs::write(&path, snapshot.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (first, last) = (file("01"), file("29"));
    let output =
        crate::program::command(&["audit", "--from", &first, "--from", &last]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("captured at different times"), "{stderr}");
    assert!(stderr.contains("eksnet diff"), "{stderr}");
}

/// A token that is empty is none: the answer is whole.
#[test]
fn an_empty_token_is_none() {
    let folder = Folder::example("saved_files-empty-token");
    let file = Path::new(folder.from()).join("network-interfaces.json");
    let mut answer: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let before = audit(&[Path::new(folder.from())], &[]);
    answer["NextToken"] = json!("");
    fs::write(&file, answer.to_string()).unwrap();
    assert_eq!(audit(&[Path::new(folder.from())], &[]), before);
}

/// Rows that were taken in cannot be called ignored afterwards.
#[test]
fn answers_that_call_themselves_a_snapshot_are_refused() {
    let folder = Folder::example("saved_files-both");
    let file = Path::new(folder.from()).join("network-interfaces.json");
    let text = fs::read_to_string(&file).unwrap();
    let end = text.rfind('}').unwrap();
    fs::write(&file, format!("{}, \"schema\": \"eksnet.snapshot/v1\"}}", &text[..end])).unwrap();
    let (code, stdout, stderr) = folder.audit(&["-o", "json"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(stderr.contains("network-interfaces.json"), "{stderr}");
    assert!(stderr.contains("is marked as a snapshot"), "{stderr}");
}

/// A subnet that may have any number of addresses makes the sums unknown.
#[test]
fn no_sum_leaves_out_a_subnet_of_unknown_size() {
    let folder = Folder::example("saved_files-unknown-size");
    let file = Path::new(folder.from()).join("subnets.json");
    let mut answer: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let rows = answer["Subnets"].as_array_mut().unwrap();
    let mut other = rows[0].clone();
    other["CidrBlock"] = json!("10.99.0.0/24");
    rows.push(other);
    fs::write(&file, answer.to_string()).unwrap();
    let (code, report, stderr) = audit(&[Path::new(folder.from())], &[]);
    assert_eq!(code, 4, "{stderr}");
    for field in ["usable", "used", "free"] {
        assert_eq!(report["summary"][field], Value::Null, "{field}");
    }
}

/// What `aws … > file 2>&1` leaves of a call that was refused.
#[test]
fn an_error_in_an_answers_place_is_withheld() {
    let error = |call: &str| {
        format!(
            "\nAn error occurred (UnauthorizedOperation) when calling the {call} operation: You are \
             not authorized to perform this operation.\n"
        )
    };
    let folder = scratch("refused");
    fs::write(folder.join("subnets.json"), subnets("a")).unwrap();
    fs::write(folder.join("network-interfaces.json"), error("DescribeNetworkInterfaces")).unwrap();
    let (code, report, _) = audit(&[&folder], &[]);
    assert_eq!((code, &report["subnets"][0]["used"]), (4, &Value::Null));
    let rows = report["withheld"].as_array().unwrap();
    let row = rows.iter().find(|row| row["operation"] == "DescribeNetworkInterfaces").unwrap();
    assert!(
        row["reason"].as_str().unwrap().starts_with(
            "network-interfaces.json contains an error: An error occurred (UnauthorizedOperation)"
        ),
        "{row}"
    );
    fs::write(folder.join("subnets.json"), error("DescribeSubnets")).unwrap();
    let (code, stdout, stderr) = eksnet(&["audit", "--from", folder.to_str().unwrap()], &[]);
    assert_eq!((code, stdout.as_str()), (4, ""), "{stderr}");
    assert!(stderr.contains("subnets.json contains an error: An error occurred"), "{stderr}");
    // Anything else is a mistake.
    fs::write(folder.join("subnets.json"), "an error that nobody knows").unwrap();
    assert_eq!(eksnet(&["audit", "--from", folder.to_str().unwrap()], &[]).0, 2);
}

/// Some subnets of a VPC beside all its ENIs: what is said names the way on, and that is complete.
#[test]
fn some_subnets_of_a_vpc_can_be_named() {
    let example = Folder::example("some-subnets");
    let of = |value: &Value| value["SubnetId"].as_str().unwrap().to_owned();
    let path = Path::new(example.from()).join("subnets.json");
    let mut saved: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let first = saved["Subnets"].as_array().unwrap().iter().map(of).min().unwrap();
    saved["Subnets"].as_array_mut().unwrap().retain(|row| of(row) == first);
    fs::write(&path, saved.to_string()).unwrap();
    let from = Path::new(example.from());
    let (code, report, _) = audit(&[from], &[]);
    let reason = report["withheld"][0]["reason"].as_str().unwrap();
    assert_eq!(code, 4);
    let way_on = format!("--subnet {first}");
    assert!(reason.ends_with(&format!("; to audit only the listed subnets: {way_on}")), "{reason}");
    let named: Vec<&str> = way_on.split(' ').collect();
    let (code, report, _) = audit(&[from], &named);
    assert_eq!((code, &report["withheld"]), (0, &json!([])));
}

/// What Auto Scaling says of instances is read, kept in a snapshot and told beside one.
#[test]
fn auto_scaling_says_what_is_in_a_warm_pool() {
    let folder = scratch("scaled");
    let write = |file: &str, value: Value| fs::write(folder.join(file), value.to_string()).unwrap();
    fs::write(folder.join("subnets.json"), subnets("a")).unwrap();
    write("subnet-cidr-reservations.json", json!({"subnet-1": {"SubnetIpv4CidrReservations": []}}));
    let ids = ["i-01", "i-02"];
    let eni = |at: usize| {
        let address = format!("10.0.0.{}", at + 10);
        json!({"NetworkInterfaceId": format!("eni-0{at}"), "SubnetId": "subnet-1", "VpcId": "vpc-1",
            "InterfaceType": "interface", "Status": "in-use", "Description": "",
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": true}],
            "Attachment": {"InstanceId": ids[at], "DeviceIndex": 0, "NetworkCardIndex": 0}})
    };
    write("enis.json", json!({"NetworkInterfaces": [eni(0), eni(1)]}));
    let instance = |id: &str| {
        json!({"InstanceId": id, "InstanceType": "m5.large", "State": {"Name": "stopped"},
            "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "g"}]})
    };
    write("instances.json", json!({"Reservations": [{"Instances": ids.map(instance)}]}));
    let inferred = "2 stopped instances are taken to be in a warm pool by state and tag alone";
    let seen = |from: &[&Path]| {
        let (code, report, stderr) = audit(from, &[]);
        assert_eq!((code, stderr.as_str()), (0, ""));
        let owners = report["subnets"][0]["owners"].as_array().unwrap().iter();
        let owners: Vec<String> =
            owners.map(|owner| format!("{} {}", owner["kind"], owner["addresses"])).collect();
        (owners.join(", "), report["notes"].to_string().contains(inferred))
    };
    assert_eq!(seen(&[&folder]), ("\"warm-pool\" 2".to_owned(), true));
    let snapshot = folder.join("../scaled.snapshot");
    let save = || {
        let paths = [folder.to_str().unwrap(), snapshot.to_str().unwrap()];
        let saved = eksnet(&["snapshot", "--from", paths[0], "--output-file", paths[1]], &[]);
        assert_eq!(saved.0, 0, "{}", saved.2);
    };
    save();
    let of = |id: &str, state: &str| json!({"InstanceId": id, "LifecycleState": state});
    let told = json!({"AutoScalingInstances": [of("i-01", "Warmed:Stopped"), of("i-02", "Standby"),
        {"AutoScalingGroupName": "g"}]});
    write("scaled.json", told);
    let expected = ("\"warm-pool\" 1, \"instance\" 1".to_owned(), false);
    assert_eq!(seen(&[&folder]), expected);
    assert_eq!(seen(&[&snapshot, &folder.join("scaled.json")]), expected);
    save();
    assert_eq!(seen(&[&snapshot]), expected);
}
