//! Files of kubectl as people save them: a list or one object, by any name, complete or not.

use eksnet::inventory::{
    Inventory,
    answers::{Answers, Recognised},
};
use serde_json::{Value, json};

const SUBNETS: &str = r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1",
    "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"}]}"#;

fn read(files: &[&Value]) -> Inventory {
    let mut answers = Answers::default();
    answers.read("subnets.json", SUBNETS.as_bytes()).unwrap();
    for file in files {
        assert_eq!(
            answers.read("saved.json", file.to_string().as_bytes()).unwrap(),
            Recognised::Known
        );
    }
    answers.into_inventory().unwrap()
}

fn node() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": "ip-10-0-0-5.eu-west-1.compute.internal",
            "labels": {"topology.kubernetes.io/zone": "eu-west-1a", "odd": 5},
            "annotations": {"k8s.amazonaws.com/eniConfig": "eu-west-1a", "other": "x"},
        },
        "spec": {"providerID": "aws:///eu-west-1a/i-1", "unschedulable": true},
        "status": {"allocatable": {"pods": "29", "cpu": "2"}, "capacity": {"pods": "29"}},
    })
}

fn pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "ownerReferences": [
                {"kind": "Thing"},
                {"kind": "ReplicaSet", "controller": true, "name": "web"},
            ],
        },
        "spec": {"nodeName": "ip-10-0-0-5.eu-west-1.compute.internal", "containers": []},
        "status": {"phase": "Running", "podIP": "10.0.0.9", "hostIP": "10.0.0.5"},
    })
}

fn list(kind: &str, items: &[Value]) -> Value {
    json!({"apiVersion": "v1", "items": items, "kind": kind, "metadata": {"resourceVersion": ""}})
}

fn aws_node() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "aws-node", "namespace": "kube-system"},
        "spec": {"template": {"spec": {"containers": [
            {"name": "aws-eks-nodeagent", "image": "registry/agent:v1.2.1", "env": []},
            {"name": "aws-node", "image": "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.23.1-eksbuild.1",
             "env": [
                {"name": "WARM_IP_TARGET", "value": "2"},
                {"name": "EMPTY"},
                {"name": "MY_NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
             ]},
        ]}}},
        "status": {"numberReady": 3},
    })
}

#[test]
fn lists_and_single_objects_are_told_by_their_kind() {
    let config = json!({
        "apiVersion": "crd.k8s.amazonaws.com/v1alpha1", "kind": "ENIConfig",
        "metadata": {"name": "eu-west-1a"},
        "spec": {"subnet": "subnet-1", "securityGroups": ["sg-1"]},
    });
    let combined = list("List", &[node(), pod("web-1"), config, json!({"kind": "Service"})]);
    let inventory = read(&[&combined, &aws_node()]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&inventory.kubernetes).unwrap(), @r#"
    {
      "nodes": [
        {
          "name": "ip-10-0-0-5.eu-west-1.compute.internal",
          "instance_id": "i-1",
          "allocatable_pods": 29,
          "labels": {
            "topology.kubernetes.io/zone": "eu-west-1a"
          },
          "annotations": {
            "k8s.amazonaws.com/eniConfig": "eu-west-1a"
          },
          "unschedulable": true
        }
      ],
      "pods": [
        {
          "namespace": "shop",
          "name": "web-1",
          "node_name": "ip-10-0-0-5.eu-west-1.compute.internal",
          "host_ip": "10.0.0.5",
          "ip": "10.0.0.9",
          "host_network": false,
          "branch_eni": false,
          "owner_kind": "ReplicaSet"
        }
      ],
      "eni_configs": [
        {
          "name": "eu-west-1a",
          "subnet_id": "subnet-1",
          "availability_zone": "eu-west-1a",
          "vpc_id": "vpc-1"
        }
      ],
      "aws_node": {
        "version": "v1.23.1-eksbuild.1",
        "environment": {
          "EMPTY": "",
          "WARM_IP_TARGET": "2"
        },
        "hidden": [
          "MY_NODE_NAME"
        ],
        "hidden_more": false
      }
    }
    "#);
    // A list of one, as `kubectl get daemonset -o json` gives.
    assert_eq!(read(&[&combined, &list("List", &[aws_node()])]).kubernetes, inventory.kubernetes);
}

/// The API's own lists name the kind of their items once, and `jq` may put it behind them.
#[test]
fn items_may_leave_their_kind_to_the_list() {
    let mut bare = pod("web-1");
    bare.as_object_mut().unwrap().remove("kind");
    let typed = read(&[&list("List", &[pod("web-1")])]);
    assert_eq!(read(&[&list("PodList", &[bare])]).kubernetes, typed.kubernetes);
    assert!(typed.kubernetes.unwrap().nodes.is_none());
}

#[test]
fn finished_pods_hold_no_address() {
    let mut done = pod("job-1");
    done["status"]["phase"] = json!("Succeeded");
    let mut failed = pod("job-2");
    failed["status"]["phase"] = json!("Failed");
    let inventory = read(&[&list("List", &[done, failed])]);
    assert_eq!(inventory.kubernetes.unwrap().pods, Some(Vec::new()));
}

#[test]
fn an_empty_list_is_told_by_its_files_name() {
    for (name, known) in
        [("pods.json", true), ("pods-default.json", true), ("services.json", false)]
    {
        let mut answers = Answers::default();
        answers.read("subnets.json", SUBNETS.as_bytes()).unwrap();
        let empty = list("List", &[]).to_string();
        let expected = if known { Recognised::Known } else { Recognised::Unknown };
        assert_eq!(answers.read(name, empty.as_bytes()).unwrap(), expected);
        let kubernetes = answers.into_inventory().unwrap().kubernetes;
        assert_eq!(kubernetes.is_some_and(|k| k.pods == Some(Vec::new())), known);
    }
}

#[test]
fn a_list_left_at_a_token_is_not_all_there() {
    let mut page = list("List", &[pod("web-1")]);
    page["metadata"]["continue"] = json!("abc");
    let inventory = read(&[&page, &list("List", &[node()])]);
    assert!(inventory.kubernetes.as_ref().unwrap().pods.is_none());
    let pods = inventory.withheld.iter().filter(|row| row.operation == "kubectl get pods");
    assert_eq!(pods.count(), 1);
    let inventory = read(&[&page, &list("List", &[pod("web-2")])]);
    assert_eq!(inventory.kubernetes.unwrap().pods.unwrap().len(), 2);
}

#[test]
fn what_is_malformed_is_refused_with_its_place() {
    let mut no_address = pod("web-1");
    no_address["status"]["podIP"] = json!("10.0.0");
    let mut no_number = node();
    no_number["status"]["allocatable"]["pods"] = json!("many");
    let mut no_name = node();
    no_name["metadata"] = json!({});
    for (item, says) in [
        (no_address, "pod shop/web-1: `10.0.0` is not an IP address at line 1"),
        (no_number, "`many` is not a number of pods"),
        (no_name, "a node has no name"),
    ] {
        for file in [list("List", std::slice::from_ref(&item)), item] {
            let text = file.to_string();
            let error = Answers::default().read("saved.json", text.as_bytes()).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(says) && error.contains("at line 1 column"), "{error}");
        }
    }
}

/// Keys of Kubernetes in files of another kind, and a cluster that is called like one.
#[test]
fn what_only_looks_like_it_is_passed_over() {
    for (text, expected) in [
        (r#"{"items": 5, "kind": ["x"]}"#, Recognised::Unknown),
        (r#"{"metadata": 5, "spec": [], "status": null}"#, Recognised::Unknown),
        (
            r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": 5}}"#,
            Recognised::NotNeeded,
        ),
        (
            r#"{"kind": "List", "items": [5, {"kind": "Job",
                "spec": {"template": {"spec": {"containers": {"name": 5}}}, "subnet": []}}]}"#,
            Recognised::NotNeeded,
        ),
        (r#"{"items": {"cluster": {"name": "items"}}}"#, Recognised::Known),
        (r#"{"status": {"cluster": {"name": "status"}}}"#, Recognised::Known),
    ] {
        let mut answers = Answers::default();
        assert_eq!(answers.read("saved.json", text.as_bytes()).unwrap(), expected, "{text}");
    }
}

#[test]
fn node_pools_and_node_classes_are_read_from_a_list_or_alone() {
    let pool = json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": "general", "labels": {"a": "b"}},
        "spec": {
            "limits": {"cpu": 1000},
            "disruption": {"budgets": [{"nodes": "10%"}]},
            "template": {
                "metadata": {"labels": {"team": "web"}},
                "spec": {
                    "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"},
                    "requirements": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}],
                },
            },
        },
        "status": {"nodes": 3},
    });
    let class = json!({
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "default"},
        "spec": {
            "kubelet": {"maxPods": 110},
            "subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": "prod"}}],
            "userData": "#!/bin/bash\necho secret",
        },
    });
    let auto = json!({
        "apiVersion": "eks.amazonaws.com/v1",
        "kind": "NodeClass",
        "metadata": {"name": "pods"},
        "spec": {"podSubnetSelectorTerms": [{"id": "subnet-1"}]},
    });
    let other = json!({"apiVersion": "example.org/v1", "kind": "NodeClass", "metadata": {"name": "x"}, "spec": {}});
    let all = [pool.clone(), class.clone(), auto.clone(), other];
    let together = read(&[&list("List", &all)]);
    let told = together.kubernetes.as_ref().unwrap();
    let pools = told.node_pools.as_ref().unwrap();
    assert_eq!((pools.len(), pools[0].requirements.len()), (1, 2));
    assert_eq!(pools[0].limits.cpu_thousandths, Some(1_000_000));
    let classes = told.ec2_node_classes.as_ref().unwrap();
    assert_eq!(
        classes[0].kubelet.as_ref().unwrap().max_pods,
        Some(eksnet::declared::MaxPods::Number(110))
    );
    assert_eq!(told.node_classes.as_ref().unwrap().len(), 1);
    let alone = read(&[&class, &pool, &auto]);
    assert_eq!(alone.kubernetes, together.kubernetes);
    assert!(!serde_json::to_string(&together.kubernetes).unwrap().contains("secret"));
    // A snapshot holds them, and one of before them is read.
    let back: eksnet::inventory::Kubernetes =
        serde_json::from_value(serde_json::to_value(told).unwrap()).unwrap();
    assert_eq!(back, *told);
    let before = json!({"nodes": null, "pods": null, "eni_configs": null, "aws_node": null});
    let before: eksnet::inventory::Kubernetes = serde_json::from_value(before).unwrap();
    assert_eq!(before.node_pools, None);
    let wrong = json!({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "w"},
        "spec": {"template": {}, "limits": {"cpu": "many"}}});
    let mut answers = Answers::default();
    let error = answers.read("saved.json", wrong.to_string().as_bytes()).unwrap_err().to_string();
    assert!(
        error.contains(
            "NodePool w: spec.limits.cpu: `many` is not a quantity, such as 1000, 500m or 64Gi"
        ),
        "{error}"
    );
}

/// One name with different content in two files: what it says is not known, whichever file comes last.
#[test]
fn an_object_that_two_files_tell_differently_is_not_known() {
    let class = |kind: &str, group: &str, id: &str| {
        json!({"apiVersion": group, "kind": kind, "metadata": {"name": "default"},
            "spec": {"subnetSelectorTerms": [{"id": id}]}})
    };
    let ec2 = |id: &str| class("EC2NodeClass", "karpenter.k8s.aws/v1", id);
    let auto = |id: &str| class("NodeClass", "eks.amazonaws.com/v1", id);
    let pool = |zone: &str| {
        json!({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "general"},
            "spec": {"template": {"spec": {"requirements": [
                {"key": "topology.kubernetes.io/zone", "operator": "In", "values": [zone]}]}}}})
    };
    let config = |id: &str| {
        json!({"apiVersion": "crd.k8s.amazonaws.com/v1alpha1", "kind": "ENIConfig",
            "metadata": {"name": "eu-west-1a"}, "spec": {"subnet": id}})
    };
    let mut more_pods = node();
    more_pods["status"]["allocatable"]["pods"] = json!("110");
    more_pods["spec"]["unschedulable"] = json!(false);
    let mut elsewhere = pod("web-1");
    elsewhere["status"]["podIP"] = json!("10.0.0.10");
    let mut prefixes = aws_node();
    prefixes["spec"]["template"]["spec"]["containers"][1]["env"][0]["value"] = json!("3");
    let twice = "listed twice with different content";
    let cases = [
        (ec2("subnet-1"), ec2("subnet-2"), format!("kubectl get ec2nodeclasses: EC2NodeClasses are {twice}: default")),
        (
            auto("subnet-1"),
            auto("subnet-2"),
            format!("kubectl get nodeclasses.eks.amazonaws.com: NodeClasses are {twice}: default"),
        ),
        (pool("a"), pool("b"), format!("kubectl get nodepools: NodePools are {twice}: general")),
        (
            config("subnet-1"),
            config("subnet-2"),
            format!("kubectl get eniconfigs: ENIConfigs are {twice}: eu-west-1a"),
        ),
        (
            node(),
            more_pods,
            format!("kubectl get nodes: nodes are {twice}: ip-10-0-0-5.eu-west-1.compute.internal"),
        ),
        (pod("web-1"), elsewhere, format!("kubectl get pods: pods are {twice}: shop/web-1")),
        (
            aws_node(),
            prefixes,
            "kubectl -n kube-system get daemonset aws-node: the daemonset aws-node was read twice with different \
             content"
                .to_owned(),
        ),
    ];
    for (one, other, expected) in cases {
        let rows = |inventory: &Inventory| {
            let kubectl =
                inventory.withheld.iter().filter(|row| row.operation.starts_with("kubectl"));
            kubectl.map(|row| format!("{}: {}", row.operation, row.reason)).collect::<Vec<_>>()
        };
        let ways = [read(&[&one, &other]), read(&[&other, &one]), read(&[&one, &other, &one])];
        for inventory in &ways {
            assert_eq!(rows(inventory), [expected.as_str()]);
            assert_eq!(inventory.kubernetes, ways[0].kubernetes, "{expected}");
            let told = inventory.kubernetes.clone().unwrap_or_default();
            assert_eq!(told.ec2_node_classes.unwrap_or_default(), []);
            assert_eq!(told.node_classes.unwrap_or_default(), []);
            assert_eq!((told.node_pools, told.eni_configs, told.pods), (None, None, None));
            assert_eq!(told.aws_node, None);
            // What both say of a node stays.
            for node in told.nodes.iter().flatten() {
                assert_eq!((node.allocatable_pods, node.unschedulable), (None, true));
                assert_eq!(node.labels["topology.kubernetes.io/zone"], "eu-west-1a");
            }
        }
        // The same content twice is one object.
        assert_eq!(rows(&read(&[&one, &one])), Vec::<String>::new(), "{expected}");
    }
}

/// Without the NodeClass it is not known where a NodePool's nodes start, and how many pods they take.
#[test]
fn node_classes_that_node_pools_name_are_asked_for() {
    let pool = |name: &str, group: &str, kind: &str| {
        json!({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": name},
            "spec": {"template": {"spec": {"nodeClassRef": {"group": group, "kind": kind, "name": "a"}}}}})
    };
    let class = |kind: &str, group: &str, name: &str| json!({"apiVersion": group, "kind": kind, "metadata": {"name": name}, "spec": {}});
    let ec2 = pool("ec2", "karpenter.k8s.aws", "EC2NodeClass");
    let auto = pool("auto", "eks.amazonaws.com", "NodeClass");
    let rows = |files: &[&Value]| {
        let inventory = read(files);
        let kubectl =
            inventory.withheld.into_iter().filter(|row| row.operation.starts_with("kubectl"));
        kubectl.map(|row| format!("{}: {}", row.operation, row.reason)).collect::<Vec<_>>()
    };
    assert_eq!(
        rows(&[&ec2, &auto]),
        [
            "kubectl get ec2nodeclasses: NodePools name EC2NodeClasses that are not read: a",
            "kubectl get nodeclasses.eks.amazonaws.com: NodePools name NodeClasses that are not read: a",
        ]
    );
    let other = class("EC2NodeClass", "karpenter.k8s.aws/v1", "b");
    assert_eq!(
        rows(&[&ec2, &other]),
        ["kubectl get ec2nodeclasses: NodePools name EC2NodeClasses that are not listed: a"]
    );
    let own = class("EC2NodeClass", "karpenter.k8s.aws/v1", "a");
    assert_eq!(rows(&[&ec2, &other, &own]), Vec::<String>::new());
    assert_eq!(
        rows(&[&auto, &class("NodeClass", "eks.amazonaws.com/v1", "a")]),
        Vec::<String>::new()
    );
}
