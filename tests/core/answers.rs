//! Saved answers in the forms that people leave them in: keys in any order, bare lists, YAML, files
//! that are empty, answers that nothing needs.

use eksnet::inventory::{
    Inventory, Operation,
    answers::{Answers, AnswersError, Recognised},
};
use serde_json::{Value, json};

fn subnet(number: u32) -> Value {
    json!({"SubnetId": format!("subnet-{number}"), "VpcId": "vpc-1", "OwnerId": "111122223333",
        "CidrBlock": format!("10.0.{number}.0/24"), "AvailabilityZone": "eu-west-1a",
        "AvailableIpAddressCount": 250, "Tags": []})
}

fn interface() -> Value {
    json!({"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
        "Status": "in-use", "PrivateIpAddress": "10.0.1.9", "PrivateIpAddresses": [
            {"Primary": true, "PrivateIpAddress": "10.0.1.9"},
            {"Primary": false, "PrivateIpAddress": "10.0.1.10"}]})
}

fn instance() -> Value {
    json!({"InstanceId": "i-1", "InstanceType": "m5.large", "State": {"Name": "running"},
        "VpcId": "vpc-1", "SubnetId": "subnet-1", "Tags": [],
        "NetworkInterfaces": [interface()]})
}

fn vpc() -> Value {
    json!({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "CidrBlockAssociationSet": []})
}

fn cluster() -> Value {
    json!({"name": "demo", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/demo",
        "resourcesVpcConfig": {"subnetIds": ["subnet-1"], "vpcId": "vpc-1"},
        "health": {"issues": [{"code": "InsufficientFreeAddresses", "message": "too few",
            "resourceIds": ["subnet-1"]}, {"message": "no code"}]}})
}

fn node_group() -> Value {
    json!({"nodegroupName": "main", "clusterName": "demo", "subnets": ["subnet-1"],
        "health": {"issues": [{"code": "NodeCreationFailure", "resourceIds": ["i-1"]}]}})
}

fn reservation() -> Value {
    json!({"SubnetCidrReservationId": "scr-1", "SubnetId": "subnet-1", "Cidr": "10.0.1.64/28",
        "ReservationType": "prefix"})
}

fn read(files: &[(&str, Value)]) -> Inventory {
    let mut answers = Answers::default();
    for (name, file) in files {
        let found = answers.read(name, file.to_string().as_bytes()).unwrap();
        assert_eq!(found, Recognised::Known, "{name}");
    }
    answers.into_inventory().unwrap()
}

/// `--query 'Subnets[]'` and its like, of each kind, lists of lists and single rows too.
#[test]
fn bare_rows_are_the_answers_they_are_of() {
    let whole = read(&[
        ("a.json", json!({"Subnets": [subnet(1)]})),
        ("b.json", json!({"NetworkInterfaces": [interface()]})),
        ("c.json", json!({"Reservations": [{"ReservationId": "r-1", "Instances": [instance()]}]})),
        ("d.json", json!({"Vpcs": [vpc()]})),
        ("e.json", json!({"cluster": cluster()})),
        ("f.json", json!({"nodegroup": node_group()})),
        ("g.json", json!({"SubnetIpv4CidrReservations": [reservation()]})),
    ]);
    assert!(whole.withheld.is_empty(), "{:?}", whole.withheld);
    let bare = |instances: Value| {
        read(&[
            ("a.json", json!([subnet(1)])),
            ("b.json", json!([null, interface()])),
            ("c.json", instances),
            ("d.json", json!([vpc()])),
            ("e.json", cluster()),
            ("f.json", json!([node_group()])),
            ("g.json", json!([reservation()])),
        ])
    };
    assert_eq!(bare(json!([instance()])), whole);
    assert_eq!(bare(json!([[instance()], []])), whole);
    assert_eq!(bare(json!([{"ReservationId": "r-1", "Instances": [instance()]}])), whole);
    assert_eq!(bare(instance()), whole);
}

/// A part of a row would be read with its missing fields empty.
#[test]
fn rows_cut_by_a_query_are_not_taken_for_whole() {
    for row in [
        json!({"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.0.9"}),
        json!({"SubnetId": "subnet-1", "VpcId": "vpc-1"}),
        json!({"InstanceId": "i-1"}),
        json!(["subnet-1", "vpc-1"]),
    ] {
        let mut answers = Answers::default();
        let text = json!([row]).to_string();
        assert_eq!(answers.read("a.json", text.as_bytes()).unwrap(), Recognised::Unknown, "{text}");
    }
}

/// A count that none can be is withheld with what it says; a reservation without an id is of whom it is
/// filed under.
#[test]
fn odd_numbers_and_ids_are_said() {
    for (count, why) in
        [(-1_i64, "a count cannot be negative"), (5_000_000_000, "more than any subnet has")]
    {
        let mut odd = subnet(1);
        odd["AvailableIpAddressCount"] = json!(count);
        let inventory = read(&[
            ("a.json", json!({"Subnets": [odd]})),
            ("b.json", json!({"NetworkInterfaces": []})),
            ("c.json", json!({"Reservations": []})),
            (
                "d.json",
                json!({"subnet-1": {"SubnetIpv4CidrReservations": [
                {"SubnetId": "", "Cidr": "10.0.1.64/28", "ReservationType": "prefix"}]}}),
            ),
        ]);
        let reasons: Vec<_> = inventory.withheld.iter().map(|row| row.reason.as_str()).collect();
        assert_eq!(reasons, [format!("AvailableIpAddressCount is {count}: {why}")]);
        assert_eq!(inventory.subnets[0].available, None);
        assert_eq!(inventory.subnets[0].reservations.as_ref().map(Vec::len), Some(1));
    }
}

/// What `aws … > file 2>&1` leaves of a call that was refused, and the same as JSON.
#[test]
fn an_error_in_an_answers_place_is_a_call_that_was_refused() {
    const REFUSED: &str = "An error occurred (UnauthorizedOperation) when calling the \
        DescribeNetworkInterfaces operation: You are not authorized to perform this operation.";
    const EXPIRED: &str = "ExpiredToken: The security token included in the request is expired";
    let server =
        "Error from server (Forbidden): pods is forbidden: User \"x\" cannot list resource";
    for (name, text, operation, said) in [
        ("a.json", format!("\n{REFUSED}\n"), "DescribeNetworkInterfaces", REFUSED),
        ("a.json", format!("\naws: [ERROR]: {REFUSED}"), "DescribeNetworkInterfaces", REFUSED),
        (
            "instances.json",
            json!({"Error": {"Code": "ExpiredToken", "Message":
                "The security token included in the request is expired"}})
            .to_string(),
            "DescribeInstances",
            EXPIRED,
        ),
        (
            "vpcs.json",
            json!({"__type": "ExpiredToken", "message":
                "The security token included in the request is expired"})
            .to_string(),
            "DescribeVpcs",
            EXPIRED,
        ),
        (
            "pods.json",
            format!("E1129 07:00:00.1 7 memcache.go:265] x\n{server}\n"),
            "kubectl get pods",
            server,
        ),
        (
            "pods.json",
            json!({"kind": "Status", "status": "Failure", "message": server, "code": 403})
                .to_string(),
            "kubectl get pods",
            server,
        ),
        (
            "nodes.json",
            "Unable to connect to the server: no such host".to_owned(),
            "kubectl get nodes",
            "Unable to connect to the server: no such host",
        ),
    ] {
        let mut answers = Answers::default();
        let subnets = json!({"Subnets": [subnet(1)]}).to_string();
        answers.read("subnets.json", subnets.as_bytes()).unwrap();
        assert_eq!(answers.read_refusal(name, &text), Some(Recognised::Absent), "{text}");
        let inventory = answers.into_inventory().unwrap();
        let row = inventory.withheld.iter().find(|row| row.operation == operation).unwrap();
        assert_eq!(row.reason, format!("{name} contains an error: {said}"));
    }
    // Of the subnets nothing is known without it.
    let mut answers = Answers::default();
    let refused = REFUSED.replace("NetworkInterfaces", "Subnets");
    answers.read_refusal("x.json", &refused);
    let error = answers.into_inventory().unwrap_err();
    assert_eq!(error, AnswersError::SubnetsAbsent(format!("x.json contains an error: {refused}")));
    // A call that is not needed, and what is no error.
    let mut answers = Answers::default();
    let other = REFUSED.replace("NetworkInterfaces", "RouteTables");
    assert_eq!(answers.read_refusal("x.json", &other), Some(Recognised::NotNeeded));
    for text in ["not json", "{\"Subnets\": []}", "", "An error", "{\"message\": \"x\"}", "[1]"] {
        assert_eq!(answers.read_refusal("subnets.json", text), None, "{text}");
    }
}

#[test]
fn health_issues_are_kept() {
    let inventory = read(&[
        ("a.json", json!({"Subnets": [subnet(1)]})),
        ("e.json", json!({"demo": {"cluster": cluster(), "nodegroups": {"main": node_group()}}})),
    ]);
    let cluster = &inventory.clusters[0];
    let codes: Vec<_> = cluster.health.iter().map(|issue| issue.code.as_str()).collect();
    assert_eq!(codes, ["InsufficientFreeAddresses"]);
    assert!(cluster.health[0].resource_ids.contains("subnet-1"));
    let group = &cluster.node_groups.as_ref().unwrap()[0];
    assert_eq!(group.health[0].code, "NodeCreationFailure");
}

#[test]
fn instance_types_among_the_answers_are_kept_apart() {
    let row = json!({"InstanceType": "z9.large", "VCpuInfo": {"DefaultVCpus": 2}, "NetworkInfo": {
        "MaximumNetworkInterfaces": 3, "Ipv4AddressesPerInterface": 10}});
    for file in [json!({"InstanceTypes": [&row]}), json!([&row])] {
        let mut answers = Answers::default();
        assert_eq!(answers.read("t.json", file.to_string().as_bytes()).unwrap(), Recognised::Known);
        assert_eq!(answers.take_instance_types()[0].instance_type, "z9.large");
    }
}

/// What an empty file, or null, was to hold is told by its name.
#[test]
fn an_empty_file_is_an_answer_that_is_not_there() {
    for text in ["", " \n\t", "null", "null\n"] {
        let mut answers = Answers::default();
        answers
            .read("subnets.json", json!({"Subnets": [subnet(1)]}).to_string().as_bytes())
            .unwrap();
        for name in ["network-interfaces.json", "my-instances.json", "pods.json", "notes.json"] {
            assert_eq!(answers.read(name, text.as_bytes()).unwrap(), Recognised::Absent);
        }
        let inventory = answers.into_inventory().unwrap();
        assert_eq!((&inventory.interfaces, &inventory.instances), (&None, &None));
        let told: Vec<_> = inventory.withheld.iter().map(|row| row.operation.as_str()).collect();
        assert_eq!(
            told,
            [
                "DescribeInstances",
                "DescribeNetworkInterfaces",
                "GetSubnetCidrReservations",
                "kubectl get pods",
                "notes.json",
            ]
        );
    }
    let mut answers = Answers::default();
    answers.read("subnets.json", &b""[..]).unwrap();
    assert_eq!(
        answers.into_inventory(),
        Err(AnswersError::SubnetsAbsent(
            "subnets.json is empty: the call failed or was not made".to_owned()
        ))
    );
}

/// One of several pages that is empty makes the answer a part of one.
#[test]
fn an_empty_page_leaves_the_answer_unfinished() {
    let mut answers = Answers::default();
    for (name, text) in [
        ("subnets.json", json!({"Subnets": [subnet(1)]}).to_string()),
        ("network-interfaces-1.json", json!({"NetworkInterfaces": [interface()]}).to_string()),
        ("network-interfaces-2.json", String::new()),
    ] {
        answers.read(name, text.as_bytes()).unwrap();
    }
    assert_eq!(answers.into_inventory().unwrap().interfaces, None);
}

/// A file a subnet, as a loop over subnets saves them: the one that is empty, and the one that is not
/// there, leave their subnets unknown, and no others.
#[test]
fn reservations_of_a_file_a_subnet_are_known_by_file() {
    let mut answers = Answers::default();
    let all = json!({"Subnets": [subnet(1), subnet(2), subnet(3), subnet(4)]}).to_string();
    let none = json!({"SubnetIpv4CidrReservations": [], "SubnetIpv6CidrReservations": []});
    let some = json!({"SubnetIpv4CidrReservations": [reservation()]});
    for (name, text) in [
        ("subnets.json", all),
        ("reservations-subnet-1.json", some.to_string()),
        ("reservations-subnet-2.json", none.to_string()),
        ("reservations-subnet-3.json", String::new()),
    ] {
        answers.read(name, text.as_bytes()).unwrap();
    }
    let inventory = answers.into_inventory().unwrap();
    let known: Vec<_> =
        inventory.subnets.iter().map(|s| s.reservations.as_ref().map(Vec::len)).collect();
    assert_eq!(known, [Some(1), Some(0), None, None]);
    let of = Operation::GetSubnetCidrReservations.name();
    let told = inventory.withheld.iter().filter(|row| row.operation == of);
    let mut told: Vec<_> = told.filter_map(|row| row.subnet_id.as_deref()).collect();
    told.sort_unstable();
    assert_eq!(told, ["subnet-3", "subnet-4"]);
}

/// A single object whose kind stands last, and a list left at a token that says so first.
#[test]
fn keys_come_in_any_order() {
    let pod = r#"{"metadata":{"name":"web","namespace":"d"},"spec":{"nodeName":"n"},
        "status":{"podIP":"10.0.1.10"},"kind":"Pod","apiVersion":"v1"}"#;
    let config = r#"{"spec":{"subnet":"subnet-1"},"metadata":{"name":"eu-west-1a"},
        "kind":"ENIConfig"}"#;
    let aws_node = r#"{"spec":{"template":{"spec":{"containers":[{"env":[{"value":"true",
        "name":"ENABLE_PREFIX_DELEGATION"}],"image":"x/y:v1.20.4","name":"aws-node"}]}}},
        "metadata":{"name":"aws-node"},"kind":"DaemonSet"}"#;
    let nodes = r#"{"items":[{"metadata":{"name":"n"}}],"kind":"NodeList"}"#;
    let cut = r#"{"metadata":{"continue":"more"},"items":[{"metadata":{"name":"other"}}],
        "kind":"PodList"}"#;
    let mut answers = Answers::default();
    answers.read("s.json", json!({"Subnets": [subnet(1)]}).to_string().as_bytes()).unwrap();
    for text in [pod, config, aws_node, nodes] {
        assert_eq!(answers.read("x.json", text.as_bytes()).unwrap(), Recognised::Known, "{text}");
    }
    let kubernetes = answers.into_inventory().unwrap().kubernetes.unwrap();
    assert_eq!(kubernetes.pods.unwrap()[0].namespace, "d");
    assert_eq!(kubernetes.eni_configs.unwrap()[0].vpc_id.as_deref(), Some("vpc-1"));
    assert_eq!(kubernetes.nodes.unwrap()[0].name, "n");
    let node = kubernetes.aws_node.unwrap();
    assert_eq!(node.environment["ENABLE_PREFIX_DELEGATION"], "true");

    let mut answers = Answers::default();
    answers.read("s.json", json!({"Subnets": [subnet(1)]}).to_string().as_bytes()).unwrap();
    answers.read("x.json", cut.as_bytes()).unwrap();
    assert_eq!(answers.into_inventory().unwrap().kubernetes, None);
}

const YAML: &str = "\
# from Git
apiVersion: crd.k8s.amazonaws.com/v1alpha1
kind: ENIConfig
metadata:
  name: eu-west-1a
spec:
  subnet: subnet-1
  securityGroups: [sg-1]
---
---
apiVersion: v1
kind: List
items:
- metadata: {name: web, namespace: shop}
  spec: {nodeName: n}
  status: {podIP: 10.0.1.10, phase: Running}
  apiVersion: v1
  kind: Pod
metadata:
  resourceVersion: \"\"
---
Subnets:
- SubnetId: subnet-1
  VpcId: vpc-1
  CidrBlock: 10.0.1.0/24
  OwnerId: '111122223333'
";

#[test]
fn yaml_counts_as_json_does() {
    let mut answers = Answers::default();
    assert_eq!(answers.read_yaml("all.yaml", YAML).unwrap(), Recognised::Known);
    let inventory = answers.into_inventory().unwrap();
    assert_eq!(inventory.subnets[0].owner_id.as_deref(), Some("111122223333"));
    let kubernetes = inventory.kubernetes.unwrap();
    assert_eq!(kubernetes.pods.unwrap()[0].name, "web");
    assert_eq!(kubernetes.eni_configs.unwrap()[0].subnet_id.as_deref(), Some("subnet-1"));
}

#[test]
fn yaml_that_is_of_no_use_or_wrong_is_said() {
    let read = |text: &str| {
        let found = Answers::default().read_yaml("x.yaml", text);
        found.map_err(|error| error.to_string())
    };
    assert_eq!(read("warm: 1\n"), Ok(Recognised::Unknown));
    assert_eq!(read("# nothing\n"), Ok(Recognised::Absent));
    assert_eq!(read("kind: Service\napiVersion: v1\nspec: {}\n"), Ok(Recognised::NotNeeded));
    assert!(read("a: [1\nb: 2").unwrap_err().starts_with("line 2"));
    let unnamed = read("a: 1\n---\nkind: Node\nspec: {}\n").unwrap_err();
    assert_eq!(unnamed, "document 2: a node has no name");
    // Aliases that multiply are bounded.
    let level = |level: u32| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    };
    let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &(1..12).map(level).collect::<String>();
    assert!(read(&bomb).is_err());
}

#[test]
fn what_is_known_and_not_needed_is_told_apart() {
    for (text, found) in [
        (r#"{"SecurityGroups": [{"GroupId": "sg-1"}]}"#, Recognised::NotNeeded),
        (r#"{"clusters": ["demo"]}"#, Recognised::NotNeeded),
        (
            r#"{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Service"}]}"#,
            Recognised::NotNeeded,
        ),
        (r#"{"version": 1}"#, Recognised::Unknown),
        (r#"[{"name": "x"}]"#, Recognised::Unknown),
        ("5", Recognised::Unknown),
    ] {
        assert_eq!(Answers::default().read("x.json", text.as_bytes()).unwrap(), found, "{text}");
    }
}
