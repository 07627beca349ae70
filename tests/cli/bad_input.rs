//! Bad input: each case with its exit code and what is said. Never a panic, never half an answer.

use crate::run::{command, scratch};
use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/vpc-prod");

fn eksnet(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// Checks the exit code, that the message is two lines, and what they say.
fn check(output: &Output, code: i32, says: &str, of: &str) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{of}: {stderr}");
    assert!(stderr.contains(says), "{of}: {stderr}");
    let mut lines = stderr.lines().skip_while(|line| line.starts_with("note: "));
    assert!(lines.next().unwrap_or_default().starts_with("error: "), "{of}: {stderr}");
    assert!(lines.next().unwrap_or_default().starts_with("hint: "), "{of}: {stderr}");
    assert_eq!(lines.next(), None, "{of}: {stderr}");
    assert!(output.stdout.is_empty(), "{of}");
}

#[test]
fn arguments() {
    let rows: &[(&[&str], &str)] = &[
        (&["maxpods", "m5.larg"], "no instance type `m5.larg`"),
        (&["maxpods", "m5.larg"], "hint: did you mean m5.large"),
        (&["maxpods", "m5.large", "nonsense"], "`nonsense`"),
        (&["maxpods", ""], "no instance type ``"),
        (&["maxpods", "x9*"], "`x9*` matches no instance type"),
        (&["maxpods", "m5.["], "`m5.[` is not a valid pattern"),
        (&["maxpods", "m4.large", "--ipv6"], "`m4.large` cannot run IPv6 pods"),
        (&["maxpods"], "<TYPE>"),
        (&["maxpods", "m5.large", "--all"], "cannot be used with"),
        (&["maxpods", "m5.large", "--os", "solaris"], "solaris"),
        (&["maxpods", "m5.large", "--os", "windows", "--ipv6"], "--ipv6 cannot be used with"),
        (&["maxpods", "m5.large", "--os", "windows", "--pod-eni"], "--pod-eni cannot be used with"),
        (&["maxpods", "m5.large", "--os", "windows", "--custom-networking"], "cannot be used with"),
        (&["maxpods", "m5.large", "--ipv6", "--custom-networking"], "cannot be used with"),
        (&["maxpods", "m5.large", "--cap", "many"], "invalid value 'many'"),
        (&["maxpods", "m5.large", "--cap", "-1"], "-1"),
        (&["maxpods", "m5.large", "--max-eni", "x"], "invalid value 'x'"),
        (&["maxpods", "m5.large", "--max-eni", "99999999999"], "99999999999"),
        (&["maxpods", "m5.large", "--host-network-pods", "10001"], "10001"),
        (&["maxpods", "m5.large", "--vcpus", "8..2"], "8..2"),
        (&["maxpods", "m5.large", "--vcpus", ".."], "'..'"),
        (&["maxpods", "m5.large", "--arch", "sparc"], "sparc"),
        (&["maxpods", "m5.large", "--sort", "price"], "price"),
        (&["maxpods", "m5.large", "-o", "xml"], "xml"),
        (&["maxpods", "m5.large", "--prefx"], "--prefx"),
        (&["frobnicate"], "frobnicate"),
        (&["limits", "show", "m5"], "no instance type `m5`"),
        (&["limits", "list", "x9*"], "`x9*`"),
        (&["generate", "schema", "nothing"], "'nothing'"),
        (&["generate", "completions", "tcsh"], "tcsh"),
        (&["audit", "--from", "x", "--warn-at", "101"], "`101` is not a percentage"),
        (&["audit", "--from", "x", "--warn-at", "-5"], "`-5` is not a percentage"),
        (&["audit", "--from", "x", "--critical-at", "ninety"], "`ninety` is not a percentage"),
        (&["audit", "--from", "x", "--warn-at", "95"], "--warn-at 95 is above --critical-at 90"),
        (&["audit", "--from", "x", "--min-free", "-1"], "-1"),
        (&["maxpods", "m5.large", "--max-eni", "-3"], "hint: a number here is 0 or more, not -3"),
        (
            &["audit", "--from", "x", "--fail-on", "warning,never"],
            "`never` cannot be combined with `warning`",
        ),
        (&["audit", "--from", "x", "--fail-on", "never", "--fail-on", "no-room"], "with `no-room`"),
        (&["audit", "--from", "x", "--fail-on", "sometimes"], "sometimes"),
        (&["audit", "--from", EXAMPLE, "--vpc", "nowhere"], "--vpc: none is named `nowhere`"),
        (&["audit", "--from", EXAMPLE, "--subnet", "vpc-1"], "names are harbour-control-plane-"),
        (&["audit", "--from", "x", "--cluster", "arn:aws:s3:::bucket"], "is not the ARN"),
        (&["audit", "--from", "x", "--cluster", ""], "--cluster is empty"),
        (&["audit", "--from", "x", "--all-vpcs", "--vpc", "vpc-1"], "cannot be used with"),
    ];
    for (arguments, says) in rows {
        check(&eksnet(arguments), 2, says, &arguments.join(" "));
    }
}

const SUBNETS: &str =
    r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}]}"#;

#[test]
fn files_of_a_folder() {
    let interface = |field: &str| {
        format!(
            r#"{{"NetworkInterfaces": [{{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", {field}}}]}}"#
        )
    };
    let subnet = |field: &str| {
        format!(r#"{{"Subnets": [{{"SubnetId": "subnet-1", "VpcId": "vpc-1", {field}}}]}}"#)
    };
    let rows: Vec<(&str, String, &str)> = vec![
        ("subnets.json", r#"{"Subnets": ["#.into(), "subnets.json: EOF while parsing a list at line 1"),
        ("subnets.json", "not json".into(), "line 1 column"),
        ("subnets.json", "\u{0}".into(), "line 1 column"),
        ("subnets.json", r#"{"Subnets": 5}"#.into(), "invalid type: integer `5`, expected a list"),
        ("subnets.json", r#"{"Subnets": [{"VpcId": "vpc-1"}]}"#.into(), "missing field `SubnetId`"),
        ("subnets.json", subnet(r#""CidrBlock": "10.0.0.0/99""#), "`10.0.0.0/99` is not an IPv4 CIDR"),
        ("subnets.json", subnet(r#""CidrBlock": "10.0.0.5/24""#), "has host bits set: the network is 10.0.0.0/24"),
        ("subnets.json", subnet(r#""CidrBlock": "10.0.0.0/12""#), "10.0.0.0/12 cannot be a subnet"),
        ("subnets.json", subnet(r#""CidrBlock": "10.0.0.0/29""#), "10.0.0.0/29 cannot be a subnet"),
        ("subnets.json", subnet(r#""CidrBlock": "fd00::/64""#), "`fd00::/64` is not an IPv4 CIDR"),
        ("subnets.json", subnet(r#""AvailableIpAddressCount": 1.5"#), "invalid type: floating point `1.5`"),
        ("subnets.json", subnet(r#""AvailableIpAddressCount": "many""#), "invalid type: string"),
        ("network-interfaces.json", interface(r#""PrivateIpAddress": "10.0.0.999""#), "`10.0.0.999` is not an IPv4 address"),
        ("network-interfaces.json", interface(r#""PrivateIpAddress": 7"#), "network-interfaces.json: invalid type"),
        ("network-interfaces.json", interface(r#""Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.7/28"}]"#), "`10.0.0.7/28` has host bits set"),
        ("network-interfaces.json", interface(r#""Ipv4Prefixes": [{}]"#), "missing field `Ipv4Prefix`"),
        ("network-interfaces.json", r#"{"NetworkInterfaces": [{"SubnetId": "s"}]}"#.into(), "missing field `NetworkInterfaceId`"),
        ("network-interfaces.json", r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "e"}]}"#.into(), "missing field `SubnetId`"),
        ("instances.json", r#"{"Reservations": [{"Instances": [{}]}]}"#.into(), "missing field `InstanceId`"),
        // Fields by their places, as a multiselect list of a --query has them.
        ("subnets.json", r#"{"Subnets": [["subnet-1", "vpc-1", "eu-west-1a", "10.0.0.0/24", 5, false, "1", []]]}"#.into(), "subnets.json: invalid type: sequence, expected an object at line 1 column"),
        ("network-interfaces.json", interface(r#""Attachment": ["i-1", "111122223333", 0, 0]"#), "invalid type: sequence, expected an object"),
        ("network-interfaces.json", interface(r#""PrivateIpAddresses": [[true, "10.0.0.9"]]"#), "invalid type: sequence, expected an object"),
        ("instances.json", r#"{"Reservations": [["1", []]]}"#.into(), "invalid type: sequence, expected an object"),
        ("instances.json", r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "Tags": [["k", "v"]]}]}]}"#.into(), "invalid type: sequence, expected an object"),
        ("vpcs.json", r#"{"Vpcs": [["vpc-1", "10.0.0.0/16", [], "1", []]]}"#.into(), "invalid type: sequence, expected an object"),
        ("subnet-cidr-reservations.json", r#"{"subnet-1": {"SubnetIpv4CidrReservations": [{"Cidr": "10.0.0.0/77", "ReservationType": "prefix"}]}}"#.into(), "`10.0.0.0/77`"),
        // aws-node's metrics.
        ("a.prom", "awscni_assigned_ip_addresses 1\nawscni_assigned_ip_addresses 2\n".into(), "a.prom: awscni_assigned_ip_addresses is there a second time: the file holds the metrics of several nodes"),
        ("a.prom", "\nawscni_assigned_ip_per_cidr{cidr=\"10.0.0.5/28\"} 1\n".into(), "host bits set: the network is 10.0.0.0/28 at line 2 column 1"),
        ("a.prom", "awscni_assigned_ip_per_cidr 1".into(), "has no label cidr"),
        ("a.prom", "awscni_assigned_ip_per_cidr{cidr=\"10.0.0.0/28\"} many".into(), "`many` is not a whole number"),
        ("a.prom", "awscni_total_ip_addresses".into(), "the sample has no value"),
        ("a.prom", "<html>502 Bad Gateway</html>".into(), "a.prom: this is not Prometheus' text format"),
        ("a.json", "# TYPE awscni_total_ip_addresses gauge\nawscni_total_ip_addresses x".into(), "`x` is not a whole number"),
    ];
    for (at, (file, content, says)) in rows.iter().enumerate() {
        let folder = scratch(&format!("folder-{at}"));
        fs::write(folder.join("subnets.json"), SUBNETS).unwrap();
        fs::write(folder.join(file), content).unwrap();
        let output = eksnet(&["audit", "--from", folder.to_str().unwrap()]);
        check(&output, 2, says, &format!("{file}: {content}"));
    }
}

#[test]
fn paths() {
    let empty = scratch("empty");
    let folder = scratch("no-subnets");
    fs::write(folder.join("vpcs.json"), r#"{"Vpcs": []}"#).unwrap();
    let file = folder.join("vpcs.json");
    let (empty, folder, file) =
        (empty.to_str().unwrap(), folder.to_str().unwrap(), file.to_str().unwrap());
    let rows: &[(&[&str], i32, &str)] = &[
        (&["audit", "--from", empty], 2, "contains no .json or .yaml file"),
        (&["audit", "--from", folder], 2, "no output of `aws ec2 describe-subnets`"),
        (&["audit", "--from", file], 2, "no output of `aws ec2 describe-subnets`"),
        (&["audit", "--from", "/nonexistent/here"], 2, "cannot read /nonexistent/here"),
        (&["snapshot", "--from", "/nonexistent/here"], 2, "cannot read /nonexistent/here"),
        (&["maxpods", "m5.large", "--limits", "/nonexistent"], 2, "cannot read /nonexistent"),
        (&["maxpods", "m5.large", "--limits", folder], 2, "is a directory"),
        (&["maxpods", "m5.large", "--limits", file], 2, "vpcs.json: "),
        (&["limits", "verify", "--from", file], 2, "missing field `InstanceTypes`"),
        (&["limits", "update", "--from", "/nonexistent"], 2, "cannot read /nonexistent"),
        (
            &["maxpods", "m5.large", "--output-file", "/nonexistent/out"],
            2,
            "cannot write /nonexistent/out",
        ),
        (&["maxpods", "m5.large", "--output-file", folder], 2, "the path is a directory"),
    ];
    for (arguments, code, says) in rows {
        check(&eksnet(arguments), *code, says, &arguments.join(" "));
    }
}

#[test]
fn catalogues_and_snapshots() {
    let folder = scratch("files");
    let row =
        r#""instance_type": "a.b", "enis_per_card": [3], "ipv4_per_eni": 10, "bare_metal": false"#;
    let catalogue = |row: &str| {
        format!(
            r#"{{"schema": "eksnet.instance-limits/v1", "as_of": "x", "instance_types": [{{{row}}}]}}"#
        )
    };
    let rows: Vec<(String, &str)> = vec![
        (
            r#"{"schema": "eksnet.instance-limits/v7", "as_of": "x", "instance_types": []}"#.into(),
            "v7",
        ),
        (catalogue(&format!(r#"{row}, "colour": 1"#)), "unknown field `colour`"),
        (catalogue(&row.replace("[3]", "[]")), "`a.b` has no network card 0"),
        (catalogue(&row.replace("[3]", "[0]")), "`a.b` has 0 ENIs"),
        (catalogue(&row.replace(": 10", ": 0")), "`a.b` has 0 IPv4 addresses per ENI"),
        (catalogue(&row.replace(": 10", ": 4000000000")), "4000000000"),
        (
            catalogue(&row.replace("false", r#"false, "hypervisor": "kvm""#)),
            "unknown variant `kvm`",
        ),
        (catalogue(&row.replace("[3]", "[3, 4000000000]")), "4000000000"),
        (
            r#"{"schema": "eksnet.instance-limits/v1", "as_of": "x", "instance_types": [],
                "disagreements": [{"instance_type": "a.b", "said": {"nodeadm": {"enis": 4294967295, "ipv4_per_eni": 50}}}]}"#
                .into(),
            "4294967295",
        ),
        ("{".into(), "EOF while parsing"),
        ("[]".into(), "line 1 column"),
    ];
    for (content, says) in &rows {
        let file = folder.join("limits.json");
        fs::write(&file, content).unwrap();
        let output = eksnet(&["maxpods", "a.b", "--limits", file.to_str().unwrap()]);
        check(&output, 2, says, content);
    }
    let snapshots: &[(&str, &str)] = &[
        (r#"{"schema": "eksnet.snapshot/v9", "inventory": {}}"#, "`eksnet.snapshot/v9`"),
        (r#"{"schema": "eksnet.snapshot/v1"}"#, "missing field `inventory`"),
        (r#"{"schema": "eksnet.snapshot/v1", "inventory": {"extra": 1}}"#, "unknown field `extra`"),
        (r#"{"schema": "eksnet.snapshot/v1", "inventory": {"source""#, "EOF while parsing"),
    ];
    for (content, says) in snapshots {
        let file = folder.join("snapshot.json");
        fs::write(&file, content).unwrap();
        check(&eksnet(&["audit", "--from", file.to_str().unwrap()]), 2, says, content);
    }
}

/// A file cut off anywhere is malformed; it is never a smaller world.
#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    let folder = scratch("cut");
    for name in ["subnets.json", "network-interfaces.json", "instances.json"] {
        fs::copy(whole.join(name), folder.join(name)).unwrap();
    }
    let subnets = fs::read(whole.join("subnets.json")).unwrap();
    let end = subnets.iter().rposition(|byte| *byte == b'}').unwrap();
    for at in (1..=end).step_by(541).chain([end - 2, end - 1, end]) {
        fs::write(folder.join("subnets.json"), &subnets[..at]).unwrap();
        let output = eksnet(&["audit", "--from", folder.to_str().unwrap(), "-o", "json"]);
        check(&output, 2, "subnets.json: ", &format!("cut at {at}"));
    }
}

#[test]
fn what_else_lies_in_a_folder_is_passed_over() {
    let folder = scratch("odd");
    fs::write(folder.join("subnets.json"), SUBNETS).unwrap();
    for (name, content) in [
        ("list.json", "[1, 2, {\"Subnets\": []}]"),
        ("text.json", "\"cluster\""),
        ("number.json", "17.5"),
        (
            "other.json",
            r#"{"cluster": "prod", "nodegroup": 5, "subnets": {"subnet-1": {"used": 3}}}"#,
        ),
        ("services.json", r#"{"kind": "List", "items": [{"kind": "Service", "metadata": {}}]}"#),
        ("notes.txt", "{"),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    let output = eksnet(&["audit", "--from", folder.to_str().unwrap(), "-o", "json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    for name in ["list", "text", "number", "other"] {
        let says = format!("{name}.json: not recognized as AWS CLI or kubectl output; ignored");
        assert!(stderr.contains(&says), "{stderr}");
    }
    assert!(stderr.contains("services.json: not needed here"), "{stderr}");
    assert!(stderr.contains("files are: notes.txt\n"), "{stderr}");
    let quiet = eksnet(&["audit", "--from", folder.to_str().unwrap(), "-q"]);
    assert!(quiet.stderr.is_empty());
}

/// Fields missing, null, and values nobody knows yet, where the audit does not need them.
#[test]
fn answers_may_say_less_and_more_than_expected() {
    let folder = scratch("loose");
    let write = |name: &str, content: &str| fs::write(folder.join(name), content).unwrap();
    write(
        "s.json",
        r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24",
        "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": null, "Tags": null, "State": "dreaming", "New": {"a": [1]}}]}"#,
    );
    write(
        "e.json",
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1",
        "InterfaceType": "hyperlink", "Status": "floating", "PrivateIpAddress": "10.0.0.9",
        "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "10.0.0.9", "New": 1}],
        "Ipv4Prefixes": null, "TagSet": [{"Key": "k", "Value": null}],
        "Attachment": null, "Description": null, "RequesterManaged": null}], "NextToken": null}"#,
    );
    write("i.json", r#"{"Reservations": [{"Instances": null}, {}]}"#);
    write("r.json", r#"{"SubnetIpv4CidrReservations": [], "SubnetIpv6CidrReservations": []}"#);
    let output = eksnet(&["audit", "--from", folder.to_str().unwrap(), "-o", "json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.as_str()), (Some(4), ""));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["withheld"],
        serde_json::json!([{
            "operation": "DescribeSubnets",
            "reason": "subnet-1: the response has no AvailableIpAddressCount",
        }])
    );
    assert_eq!(report["subnets"][0]["used"], 1);
    assert_eq!(report["subnets"][0]["owners"][0]["kind"], "other");
    assert!(report["subnets"][0]["unexplained"].is_null());
}

#[test]
fn a_closed_pipe_has_read_enough() {
    let mut child = command(&["limits", "list", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn output_files_are_replaced_whole_or_not_at_all() {
    let folder = scratch("output");
    let file = folder.join("out.json");
    fs::write(&file, "before").unwrap();
    let path = file.to_str().unwrap();
    assert_eq!(eksnet(&["maxpods", "m5.nothing", "--output-file", path]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    let output = eksnet(&["maxpods", "m5.large", "-o", "plain", "--output-file", path]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    assert_eq!(fs::read_to_string(&file).unwrap(), "29\n");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "a temporary file was left");
}

/// A Name tag selects the one subnet that has it; one that two have selects neither, and says which they are.
#[test]
fn a_subnet_is_selected_by_its_name() {
    let selected = |from: &str, subnet: &str| {
        let output = eksnet(&["snapshot", "--from", from, "--subnet", subnet, "-q"]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), output.stderr)
    };
    let by_name = selected(EXAMPLE, "harbour-nodes-eu-central-1b");
    let by_id = selected(EXAMPLE, "subnet-0d0246ccae9901243");
    assert!(by_name.1.contains("subnet-0d0246ccae9901243"), "{by_name:?}");
    assert_eq!(by_name, by_id);

    let folder = scratch("named-twice");
    let subnets = Path::new(EXAMPLE).join("subnets.json");
    let text = fs::read_to_string(subnets).unwrap();
    let twice = text.replace("harbour-nodes-eu-central-1a", "harbour-nodes-eu-central-1b");
    fs::write(folder.join("subnets.json"), twice).unwrap();
    let output = eksnet(&[
        "audit",
        "--from",
        folder.to_str().unwrap(),
        "--subnet",
        "harbour-nodes-eu-central-1b",
    ]);
    check(&output, 2, "2 are named `harbour-nodes-eu-central-1b`", "two");
    check(&output, 2, "subnet-0c324c9859b810e76, subnet-0d0246ccae9901243", "two");
}
