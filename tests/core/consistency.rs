//! What was observed, held against itself: every contradiction and hole is withheld with its ids, what
//! hangs on it is not known, and what is consistent stays quiet.

use eksnet::{
    audit::{Counted, SubnetCount},
    inventory::{ClusterName, Places, Selection, Withheld, read_snapshot, select},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Two subnets of one VPC, and in the first one an instance's ENI with a prefix, a NAT gateway's and an
/// ENI of an AWS service's instance.
fn world() -> Value {
    let subnet = |id: &str, cidr: &str, available: u32| {
        json!({"subnet_id": id, "vpc_id": "vpc-1", "availability_zone": "eu-west-1a", "cidr": cidr,
            "ipv6_native": false, "available": available, "owner_id": "111122223333",
            "reservations": []})
    };
    let eni = |id: &str, kind: &str, primary: &str, attachment: Value| {
        json!({"interface_id": id, "subnet_id": "subnet-a", "vpc_id": "vpc-1",
            "owner_id": "111122223333", "interface_type": kind, "status": "in-use",
            "attachment": attachment, "primary": primary, "secondary": [], "prefixes": []})
    };
    let mut node = eni(
        "eni-node",
        "interface",
        "10.0.0.10",
        json!({"instance_id": "i-1", "instance_owner_id": "111122223333", "device_index": 0}),
    );
    node["secondary"] = json!(["10.0.0.11", "10.0.0.12"]);
    node["prefixes"] = json!(["10.0.0.32/28"]);
    let nat =
        eni("eni-nat", "nat_gateway", "10.0.0.20", json!({"instance_owner_id": "amazon-aws"}));
    let mut service = eni(
        "eni-service",
        "interface",
        "10.0.0.21",
        json!({"instance_id": "i-service", "instance_owner_id": "999999999999", "device_index": 1}),
    );
    service["description"] = json!("Amazon EKS demo");
    json!({
        "source": {"kind": "live", "region": "eu-west-1", "account": "111122223333",
            "captured_at": "2026-11-25T10:00:00Z", "caller": "111122223333"},
        "vpcs": [{"vpc_id": "vpc-1", "cidrs": ["10.0.0.0/16"], "owner_id": "111122223333"}],
        "subnets": [subnet("subnet-a", "10.0.0.0/24", 251 - 21), subnet("subnet-b", "10.0.1.0/24", 251)],
        "interfaces": [node, nat, service],
        "instances": [{"instance_id": "i-1", "owner_id": "111122223333", "instance_type": "m5.large",
            "state": "running", "vpc_id": "vpc-1", "subnet_id": "subnet-a",
            "interfaces": {"subnet-a": ["eni-node"]}, "tags": {"eks:cluster-name": "demo"}}],
        "clusters": [], "withheld": []})
}

/// What a world counts, and what of it is withheld.
struct Seen {
    subnets: Vec<SubnetCount>,
    has_nodes: bool,
    withheld: Vec<Withheld>,
}

impl Seen {
    fn of(world: &Value, selection: &Selection) -> Self {
        let text = json!({"schema": "eksnet.snapshot/v1", "inventory": world}).to_string();
        let mut places = read_snapshot(text.as_bytes()).unwrap();
        let inventory = places.list.remove(0);
        let selected = select(&inventory, selection).unwrap();
        let inventory = inventory.held_together(&selected);
        let places = Places::one_of(inventory, selected);
        let counted = Counted::of(&places, false).unwrap();
        Self {
            subnets: counted.subnets().cloned().collect(),
            has_nodes: counted.nodes().is_some(),
            withheld: counted.withheld(),
        }
    }

    fn everything(world: &Value) -> Self {
        Self::of(world, &Selection::default())
    }

    fn reasons(&self) -> Vec<String> {
        self.withheld.iter().map(|row| format!("{}: {}", row.operation, row.reason)).collect()
    }

    fn used(&self, id: &str) -> Option<u32> {
        self.subnets.iter().find(|subnet| subnet.subnet_id == id).unwrap().used
    }
}

#[test]
fn a_consistent_world_is_quiet() {
    let seen = Seen::everything(&world());
    assert_eq!(seen.reasons(), [""; 0]);
    assert_eq!(
        (seen.used("subnet-a"), seen.used("subnet-b"), seen.has_nodes),
        (Some(21), Some(0), true)
    );
}

/// Which of two lists of blocks a VPC has is not known, be it the one read first or last: no block of either
/// breaks a rule.
#[test]
fn a_vpc_read_twice_with_other_blocks() {
    for (at, blocks) in [
        (0, json!(["10.0.0.0/16", "10.0.9.0/24"])),
        (1, json!(["10.0.0.0/16", "10.0.9.0/24"])),
        (1, json!(["10.99.0.0/16"])),
    ] {
        let mut world = world();
        let mut again = world["vpcs"][0].clone();
        again["cidrs"] = blocks;
        world["vpcs"].as_array_mut().unwrap().insert(at, again);
        let text = json!({"schema": "eksnet.snapshot/v1", "inventory": world}).to_string();
        let inventory = read_snapshot(text.as_bytes()).unwrap().list.remove(0);
        assert_eq!(inventory.vpcs.as_ref().unwrap()[0].cidrs, []);
        assert_eq!(
            Seen::everything(&world).reasons(),
            ["DescribeVpcs: VPCs are listed twice with different content: vpc-1"]
        );
    }
}

/// Changes the world, and says what is withheld then.
fn withheld(change: impl FnOnce(&mut Value)) -> (Seen, Vec<String>) {
    let mut world = world();
    change(&mut world);
    let seen = Seen::everything(&world);
    let reasons = seen.reasons();
    (seen, reasons)
}

#[test]
fn enis_of_subnets_that_are_not_listed() {
    let reason = "DescribeSubnets: ENIs are in subnets that are not listed: subnet-a (ENIs eni-nat, \
                  eni-node, eni-service)";
    let (_, reasons) = withheld(|world| drop(world["subnets"].as_array_mut().unwrap().remove(0)));
    assert_eq!(reasons, [reason]);
    // No subnet at all.
    let (_, reasons) = withheld(|world| world["subnets"] = json!([]));
    assert!(reasons.contains(&reason.to_owned()), "{reasons:?}");
    // A subnet that was listed and not selected is no hole.
    let (seen, reasons) = withheld(|world| {
        world["subnets"].as_array_mut().unwrap().remove(0);
        world["other_subnets"] = json!(["subnet-a"]);
    });
    assert_eq!((seen.subnets.len(), reasons.len()), (1, 0));
    // One subnet was asked about: the others are nothing to it.
    let mut world = world();
    world["subnets"].as_array_mut().unwrap().remove(0);
    let mut selection = Selection::default();
    selection.subnets.insert("subnet-b".to_owned());
    assert_eq!(Seen::of(&world, &selection).reasons(), [""; 0]);
    selection = Selection::default();
    selection.vpcs.insert("vpc-1".to_owned());
    assert_eq!(Seen::of(&world, &selection).reasons(), [reason]);
}

#[test]
fn enis_of_instances_that_are_not_listed() {
    let reason = "DescribeInstances: ENIs are attached to instances that are not listed: i-1 (ENIs eni-node)";
    let (seen, reasons) = withheld(|world| world["instances"] = json!([]));
    assert_eq!(reasons, [reason]);
    // The addresses are counted; whose they are is not known.
    assert_eq!((seen.used("subnet-a"), seen.has_nodes), (Some(21), false));
    assert!(seen.subnets[0].all_owners().is_none());
    // What an account runs that did not look, and what a service runs, was not to be seen.
    for (key, value) in [("instance_owner_id", "222233334444"), ("instance_owner_id", "amazon-elb")]
    {
        let (_, reasons) = withheld(|world| {
            world["instances"] = json!([]);
            world["interfaces"][0]["attachment"][key] = json!(value);
        });
        assert_eq!(reasons, [""; 0], "{value}");
    }
    let (_, reasons) = withheld(|world| {
        world["instances"] = json!([]);
        world["interfaces"][0]["requester_managed"] = json!(true);
    });
    assert_eq!(reasons, [""; 0]);
    // Where nothing says who looked it is who owns the subnet, or whom alone the ENIs are of: a participant
    // of a shared subnet sees their own, and only its owner those of several.
    for (owner, another, expected) in [
        (json!("111122223333"), "111122223333", 1),
        (json!("222233334444"), "111122223333", 1),
        (json!("222233334444"), "222233334444", 0),
        (json!("222233334444"), "333344445555", 0),
        (Value::Null, "111122223333", 1),
    ] {
        let (_, reasons) = withheld(|world| {
            world["instances"] = json!([]);
            world["source"]["caller"] = Value::Null;
            world["subnets"][0]["owner_id"] = owner.clone();
            world["interfaces"][1]["owner_id"] = json!(another);
        });
        assert_eq!(reasons.len(), expected, "{owner}: {reasons:?}");
    }
}

/// A page or a row that was lost: what the instance names is not among the ENIs.
#[test]
fn enis_that_instances_name_and_that_are_not_listed() {
    let lose = |world: &mut Value| drop(world["interfaces"].as_array_mut().unwrap().remove(0));
    let (seen, reasons) = withheld(lose);
    let reason = |enis: &str| {
        format!(
            "DescribeNetworkInterfaces: subnet-a: instances reference ENIs that are not listed: \
             {enis} (instances i-1); a page or row is missing, or instances and ENIs were read at \
             different times: read both again"
        )
    };
    assert_eq!(reasons, [reason("eni-node")]);
    assert_eq!(
        (seen.used("subnet-a"), seen.used("subnet-b"), seen.has_nodes),
        (None, Some(0), false)
    );
    // One of several.
    let (seen, reasons) = withheld(|world| {
        world["instances"][0]["interfaces"]["subnet-a"] = json!(["eni-node", "eni-lost"]);
    });
    assert_eq!((reasons, seen.used("subnet-a")), (vec![reason("eni-lost")], None));
    // An instance that ends has lost its ENIs rightly; an older snapshot does not say which it names; and
    // its other ENIs may lie where nobody looked, or in another VPC.
    let rows: [fn(&mut Value); 5] = [
        |instance| instance["state"] = json!("terminated"),
        |instance| instance["state"] = json!("shutting-down"),
        |instance| instance["interfaces"] = Value::Null,
        |instance| drop(instance.as_object_mut().unwrap().remove("interfaces")),
        |instance| instance["interfaces"] = json!({"subnet-of-another-vpc": ["eni-lost"]}),
    ];
    for change in rows {
        let (seen, reasons) = withheld(|world| {
            world["interfaces"][0]["attachment"] =
                json!({"instance_owner_id": "amazon-aws", "device_index": 1});
            world["instances"][0]["subnet_id"] = json!("subnet-of-another-vpc");
            world["instances"][0]["interfaces"] = json!({"subnet-a": ["eni-lost"]});
            change(&mut world["instances"][0]);
        });
        assert_eq!((reasons, seen.used("subnet-a")), (vec![], Some(21)));
    }
}

/// One that was attached after the instances were read is no contradiction; one that another instance names
/// is.
#[test]
fn enis_that_another_instance_names() {
    let unnamed = |world: &mut Value| {
        world["instances"][0]["interfaces"] = json!({"subnet-b": ["eni-b"]});
        let mut eni = world["interfaces"][0].clone();
        for (key, value) in
            [("interface_id", "eni-b"), ("subnet_id", "subnet-b"), ("primary", "10.0.1.4")]
        {
            eni[key] = json!(value);
        }
        eni["secondary"] = json!([]);
        eni["prefixes"] = json!([]);
        world["interfaces"].as_array_mut().unwrap().push(eni);
        world["subnets"][1]["available"] = json!(250);
    };
    let (seen, reasons) = withheld(unnamed);
    assert_eq!((reasons, seen.used("subnet-a"), seen.has_nodes), (vec![], Some(21), true));
    let (seen, reasons) = withheld(|world| {
        unnamed(world);
        let mut other = world["instances"][0].clone();
        other["instance_id"] = json!("i-2");
        other["interfaces"] = json!({"subnet-a": ["eni-node"]});
        world["instances"].as_array_mut().unwrap().push(other);
    });
    assert_eq!(
        reasons,
        ["DescribeInstances: ENIs are attached to one instance but listed by another: eni-node \
          (attached to i-1, listed by i-2)"]
    );
    // It moved from one to the other: its addresses are the same, and whose they are is not known.
    assert_eq!(
        (seen.used("subnet-a"), seen.used("subnet-b"), seen.has_nodes),
        (Some(21), Some(1), false)
    );
    assert!(seen.subnets[0].all_owners().is_none());
}

/// An ENI stays in its subnet: where two are told, neither can be counted.
#[test]
fn enis_that_are_named_in_another_subnet() {
    let (seen, reasons) = withheld(|world| {
        world["instances"][0]["interfaces"] = json!({"subnet-b": ["eni-node"]});
    });
    assert_eq!(
        reasons,
        ["DescribeNetworkInterfaces: 2 subnets: ENIs are in another subnet than their instances \
             state: eni-node (instances i-1)"]
    );
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b"), seen.has_nodes), (None, None, false));
}

/// Pages that overlap, and an ENI that came in between.
#[test]
fn an_instance_read_twice_with_other_enis() {
    for at in [0, 1] {
        let (seen, reasons) = withheld(|world| {
            let mut again = world["instances"][0].clone();
            again["interfaces"] = Value::Null;
            world["instances"].as_array_mut().unwrap().insert(at, again);
        });
        assert_eq!((reasons, seen.has_nodes), (vec![], true));
        // What either names is missed.
        let (seen, reasons) = withheld(|world| {
            let mut again = world["instances"][0].clone();
            again["interfaces"]["subnet-a"] = json!(["eni-lost", "eni-node"]);
            world["instances"].as_array_mut().unwrap().insert(at, again);
        });
        assert_eq!((reasons.len(), seen.used("subnet-a")), (1, None), "{reasons:?}");
        assert!(reasons[0].contains("not listed: eni-lost (instances i-1)"), "{reasons:?}");
    }
}

/// An instance of one VPC may have further ENIs in another; its primary ENI is in its own.
#[test]
fn an_eni_in_another_vpc_than_its_instance() {
    let (_, reasons) = withheld(|world| world["instances"][0]["vpc_id"] = json!("vpc-2"));
    assert_eq!(
        reasons,
        [
            "DescribeInstances: instances state another VPC than the subnet of their primary ENI: i-1"
        ]
    );
    let (_, reasons) = withheld(|world| {
        world["instances"][0]["vpc_id"] = json!("vpc-2");
        world["interfaces"][0]["attachment"]["device_index"] = json!(1);
    });
    assert_eq!(reasons, [""; 0]);
}

#[test]
fn instances_without_any_eni() {
    let (seen, reasons) = withheld(|world| world["interfaces"][0]["attachment"] = Value::Null);
    let reason = "DescribeInstances: ENIs in use do not state their instance: eni-node (instances \
                  without an ENI: i-1)";
    assert_eq!((reasons, seen.has_nodes), (vec![reason.to_owned()], false));
    assert!(seen.subnets[0].all_owners().is_none());
    // Whether the instance is there is not known, and its ENI is not; it does not say which it has.
    let (seen, reasons) = withheld(|world| {
        world["instances"][0]["state"] = Value::Null;
        world["instances"][0]["interfaces"] = Value::Null;
        world["interfaces"].as_array_mut().unwrap().remove(0);
        world["subnets"][0]["available"] = json!(249);
    });
    let reason = "DescribeInstances: no ENI is attached to any of the instances: i-1";
    assert_eq!((reasons, seen.has_nodes), (vec![reason.to_owned()], false));
    // One of several may have started just now.
    let (_, reasons) = withheld(|world| {
        let mut late = world["instances"][0].clone();
        late["instance_id"] = json!("i-2");
        world["instances"].as_array_mut().unwrap().push(late);
    });
    assert_eq!(reasons, [""; 0]);
    let (_, reasons) = withheld(|world| {
        world["interfaces"].as_array_mut().unwrap().remove(0);
        world["instances"][0]["state"] = json!("terminated");
        world["subnets"][0]["available"] = json!(249);
    });
    assert_eq!(reasons, [""; 0]);
}

/// A row was lost, and no instance says which ENIs it has: whoever is there has a primary one.
#[test]
fn instances_without_their_primary_eni() {
    // In the other subnet an instance with all it needs, and in this one i-2.
    let another = |world: &mut Value| {
        let mut eni = world["interfaces"][0].clone();
        eni["interface_id"] = json!("eni-b");
        eni["subnet_id"] = json!("subnet-b");
        eni["primary"] = json!("10.0.1.4");
        eni["secondary"] = json!([]);
        eni["prefixes"] = json!([]);
        eni["attachment"]["instance_id"] = json!("i-2");
        world["interfaces"].as_array_mut().unwrap().push(eni);
        world["subnets"][1]["available"] = json!(250);
        let mut instance = world["instances"][0].clone();
        instance["instance_id"] = json!("i-2");
        instance["subnet_id"] = json!("subnet-b");
        world["instances"].as_array_mut().unwrap().push(instance);
        for instance in world["instances"].as_array_mut().unwrap() {
            instance["interfaces"] = Value::Null;
        }
    };
    let (seen, reasons) = withheld(another);
    assert_eq!((reasons, seen.has_nodes), (vec![], true));
    let reason = "DescribeNetworkInterfaces: subnet-a: the primary ENIs of instances are not \
                  listed: i-1; a page or row is missing, or instances and ENIs were read at \
                  different times: read both again";
    for state in ["pending", "running", "stopping", "stopped"] {
        let (seen, reasons) = withheld(|world| {
            another(world);
            world["interfaces"].as_array_mut().unwrap().remove(0);
            world["instances"][0]["state"] = json!(state);
        });
        assert_eq!(reasons, [reason], "{state}");
        assert_eq!(
            (seen.used("subnet-a"), seen.used("subnet-b"), seen.has_nodes),
            (None, Some(1), false)
        );
    }
    // The primary one of two.
    let (seen, reasons) = withheld(|world| {
        another(world);
        world["interfaces"][0]["attachment"]["device_index"] = json!(1);
    });
    assert_eq!((reasons, seen.used("subnet-a")), (vec![reason.to_owned()], None));
    // One that is alone.
    let (seen, reasons) = withheld(|world| {
        world["instances"][0]["interfaces"] = Value::Null;
        world["interfaces"].as_array_mut().unwrap().remove(0);
    });
    assert_eq!((reasons, seen.used("subnet-a")), (vec![reason.to_owned()], None));
    // One that ends, or of which that is not known; one in a subnet nobody asked about; one of an account
    // of which no ENI is seen; and one whose ENI is there and does not say its place.
    let quiet: [fn(&mut Value); 5] = [
        |world| world["instances"][0]["state"] = json!("shutting-down"),
        |world| world["instances"][0]["state"] = Value::Null,
        |world| world["instances"][0]["subnet_id"] = json!("subnet-elsewhere"),
        |world| world["instances"][0]["owner_id"] = json!("444455556666"),
        |world| {
            world["interfaces"][0]["attachment"] =
                json!({"instance_id": "i-1", "instance_owner_id": "111122223333"});
            world["interfaces"][0]["subnet_id"] = json!("subnet-a");
        },
    ];
    for (at, change) in quiet.into_iter().enumerate() {
        let (_, reasons) = withheld(|world| {
            another(world);
            if at < 4 {
                world["interfaces"].as_array_mut().unwrap().remove(0);
                world["subnets"][0]["available"] = json!(249);
            }
            change(world);
        });
        assert_eq!(reasons, [""; 0], "{at}");
    }
    // An ENI in use that does not say its instance may be it.
    let (seen, reasons) = withheld(|world| {
        another(world);
        world["interfaces"][0]["attachment"] = Value::Null;
    });
    assert_eq!((reasons.len(), seen.used("subnet-a"), seen.has_nodes), (1, Some(21), false));
    assert!(reasons[0].contains("do not state their instance"), "{reasons:?}");
}

/// A query that drops attachments, of some rows or of parts of them.
#[test]
fn enis_in_use_that_name_no_instance() {
    let another = |world: &mut Value| {
        let mut eni = world["interfaces"][0].clone();
        eni["interface_id"] = json!("eni-more");
        eni["primary"] = json!("10.0.0.14");
        eni["secondary"] = json!([]);
        eni["prefixes"] = json!([]);
        eni["attachment"]["device_index"] = json!(1);
        world["interfaces"].as_array_mut().unwrap().push(eni);
        world["subnets"][0]["available"] = json!(251 - 22);
    };
    let (_, reasons) = withheld(another);
    assert_eq!(reasons, [""; 0]);
    let reason = "DescribeInstances: ENIs in use do not state their instance: eni-more";
    for (key, value) in [
        ("description", json!("aws-K8S-i-1")),
        ("tags", json!({"node.k8s.amazonaws.com/instance_id": "i-1"})),
        ("interface_type", json!("trunk")),
    ] {
        for attachment in [
            Value::Null,
            json!({"instance_id": null, "instance_owner_id": "111122223333", "device_index": 1}),
            json!({"instance_id": "", "instance_owner_id": "", "device_index": 1}),
        ] {
            let (seen, reasons) = withheld(|world| {
                another(world);
                world["interfaces"][3][key] = value.clone();
                world["interfaces"][3]["attachment"] = attachment;
            });
            assert_eq!((reasons, seen.has_nodes), (vec![reason.to_owned()], false), "{key}");
            assert_eq!(seen.used("subnet-a"), Some(22));
        }
    }
    // An instance names it.
    let named = |world: &mut Value| {
        another(world);
        world["interfaces"][3]["attachment"] = Value::Null;
        world["instances"][0]["interfaces"]["subnet-a"] = json!(["eni-more", "eni-node"]);
    };
    let (seen, reasons) = withheld(named);
    assert_eq!((reasons, seen.used("subnet-a")), (vec![reason.to_owned()], Some(22)));
    assert!(!seen.has_nodes && seen.subnets[0].all_owners().is_none());
    // It was detached after that.
    let (seen, reasons) = withheld(|world| {
        named(world);
        world["interfaces"][3]["status"] = json!("available");
    });
    assert_eq!((reasons, seen.has_nodes), (vec![], true));
    // Another account's in the subnet that this one shares.
    let (seen, reasons) = withheld(|world| {
        another(world);
        world["interfaces"][3]["attachment"] = Value::Null;
        world["interfaces"][3]["description"] = json!("aws-K8S-i-3");
        world["interfaces"][3]["owner_id"] = json!("444455556666");
    });
    assert_eq!((reasons, seen.has_nodes), (vec![], true));
    // What a service holds, a branch ENI, and what may be anyone's.
    for (key, value) in [
        ("attachment", json!({"instance_id": null, "instance_owner_id": "amazon-aws"})),
        ("interface_type", json!("branch")),
        ("requester_managed", json!(true)),
        ("description", json!("anything")),
    ] {
        let (_, reasons) = withheld(|world| {
            another(world);
            world["interfaces"][3]["attachment"] = Value::Null;
            world["interfaces"][3][key] = value.clone();
        });
        assert_eq!(reasons, [""; 0], "{key}");
    }
}

/// EC2 writes `Ipv4Prefixes` of those ENIs alone that have any: where no row has the key, its count tells.
#[test]
fn prefixes_that_a_query_left_out() {
    let lost = |world: &mut Value| {
        world["source"]["kind"] = json!("aws-cli");
        world["source"].as_object_mut().unwrap().remove("caller");
        world["interfaces"][0]["prefixes"] = json!([]);
        world["interfaces"][0]["description"] = json!("aws-K8S-i-1");
        world["interfaces"][0]["secondary"] = json!([]);
        world["subnets"][0]["available"] = json!(251 - 19);
    };
    let reason = "DescribeNetworkInterfaces: subnet-a: EC2 counts 16 more addresses in use than \
                  the ENIs list, but no ENI has Ipv4Prefixes: /28 prefixes are missing, as after a \
                  --query";
    let (seen, reasons) = withheld(lost);
    assert_eq!(reasons, [reason]);
    assert_eq!((seen.used("subnet-a"), seen.subnets[0].assignable_prefixes), (None, None));
    assert!(!seen.has_nodes);
    assert_eq!(seen.used("subnet-b"), Some(0));
    // A reservation is no prefix.
    let (_, reasons) = withheld(|world| {
        lost(world);
        world["subnets"][0]["reservations"] = json!([{"cidr": "10.0.0.64/28", "type": "explicit"}]);
    });
    assert_eq!(reasons, [""; 0]);
    // As well where aws-node takes prefixes.
    let (_, reasons) = withheld(|world| {
        lost(world);
        world["interfaces"][0]["description"] = json!("");
        world["kubernetes"] = json!({"nodes": null, "pods": null, "eni_configs": null,
            "aws_node": {"version": null, "environment": {"ENABLE_PREFIX_DELEGATION": "true"}}});
    });
    assert_eq!(reasons, [reason]);
    // Addresses that are no whole prefixes are unexplained, and so are any where no ENI must have prefixes: one
    // that the CNI did not make, or that has addresses for pods; some ENI has prefixes; another account's.
    let others: [fn(&mut Value); 5] = [
        |world| world["subnets"][0]["available"] = json!(251 - 20),
        |world| world["interfaces"][0]["description"] = json!(""),
        |world| {
            world["interfaces"][0]["secondary"] = json!(["10.0.0.11"]);
            world["subnets"][0]["available"] = json!(251 - 20);
        },
        |world| {
            world["interfaces"][1]["prefixes"] = json!(["10.0.0.64/28"]);
            world["subnets"][0]["available"] = json!(251 - 19 - 16);
        },
        |world| world["subnets"][0]["owner_id"] = json!("444455556666"),
    ];
    for change in others {
        let (seen, reasons) = withheld(|world| {
            lost(world);
            change(world);
        });
        assert!(!reasons.iter().any(|reason| reason.contains("Ipv4Prefixes")), "{reasons:?}");
        assert!(seen.subnets[0].unexplained.is_some_and(|more| more > 0));
    }
}

/// An empty id is none, and an empty text of what may be missing is missing.
#[test]
fn empty_ids() {
    let row = |operation: &str, reason: &str| format!("{operation}: {reason}");
    let (seen, reasons) = withheld(|world| world["subnets"][1]["subnet_id"] = json!(""));
    assert_eq!(reasons, [row("DescribeSubnets", "1 subnet has an empty SubnetId")]);
    assert_eq!(seen.subnets.len(), 1);
    let (_, reasons) = withheld(|world| world["subnets"][1]["vpc_id"] = json!(""));
    assert_eq!(reasons, [row("DescribeSubnets", "subnets have an empty VpcId: subnet-b")]);
    let (seen, reasons) = withheld(|world| {
        world["instances"][0]["instance_id"] = json!("");
    });
    assert_eq!(reasons, [row("DescribeInstances", "1 instance has an empty InstanceId")]);
    assert!(!seen.has_nodes);
    let (_, reasons) = withheld(|world| world["vpcs"][0]["vpc_id"] = json!(""));
    assert!(reasons.contains(&row("DescribeVpcs", "1 VPC has an empty VpcId")), "{reasons:?}");
    // Its addresses may be any subnet's.
    let (seen, reasons) = withheld(|world| world["interfaces"][1]["subnet_id"] = json!(""));
    assert_eq!(reasons, [row("DescribeNetworkInterfaces", "ENIs have an empty SubnetId: eni-nat")]);
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b")), (None, None));
    let (seen, reasons) = withheld(|world| {
        for at in [1, 2] {
            world["interfaces"][at]["interface_id"] = json!("");
        }
    });
    assert_eq!(
        reasons,
        [row("DescribeNetworkInterfaces", "subnet-a: 2 ENIs have an empty NetworkInterfaceId")]
    );
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b")), (None, Some(0)));
    // What may be missing.
    for key in ["vpc_id", "owner_id", "requester_id"] {
        let (seen, reasons) = withheld(|world| world["interfaces"][1][key] = json!(""));
        assert_eq!((reasons, seen.used("subnet-a")), (vec![], Some(21)), "{key}");
    }
    let (_, reasons) = withheld(|world| world["subnets"][1]["availability_zone"] = json!(""));
    assert_eq!(reasons, [row("DescribeSubnets", "subnets have no AvailabilityZone: subnet-b")]);
    // A cluster's.
    let mut world = world();
    world["clusters"] = json!([{"name": "demo", "arn": null, "version": null, "vpc_id": "",
        "subnet_ids": ["", "subnet-a"], "node_groups": [{"name": "main", "subnet_ids": [""]}],
        "fargate_profiles": [], "withheld": []}]);
    let cluster = Some(ClusterName { name: "demo".to_owned(), arn: None });
    let seen = Seen::of(&world, &Selection { cluster, ..Selection::default() });
    assert_eq!(
        seen.reasons(),
        [
            row("DescribeCluster", "cluster demo has an empty subnet id"),
            row("DescribeNodegroup", "node group main has an empty subnet id"),
        ]
    );
}

#[test]
fn no_eni_where_ec2_counts_some() {
    let withheld = |change: fn(&mut Value)| {
        withheld(|world| {
            world["interfaces"] = json!([]);
            world["instances"] = json!([]);
            change(world);
        })
    };
    let (seen, reasons) = withheld(|_| {});
    assert_eq!(
        reasons,
        ["DescribeNetworkInterfaces: no ENI is listed, but EC2 counts addresses in use in \
             subnet-a"]
    );
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b")), (None, None));
    // A reservation may be all of it.
    let (seen, reasons) = withheld(|world| {
        world["subnets"][0]["reservations"] = json!([{"cidr": "10.0.0.64/27", "type": "explicit"}]);
    });
    assert_eq!((reasons.len(), seen.used("subnet-a")), (0, Some(0)));
    let (_, reasons) = withheld(|world| {
        world["subnets"][0]["available"] = json!(251);
    });
    assert_eq!(reasons, [""; 0]);
}

/// What EC2 counts is held against the ENIs of each subnet alone, and the account is known by its instances
/// where nothing tells whose credentials looked.
#[test]
fn no_eni_of_one_subnet_where_ec2_counts_some() {
    let reason = "DescribeNetworkInterfaces: subnet-b: no ENI of the subnet is listed, but EC2 \
                  counts addresses in use";
    let (seen, reasons) = withheld(|world| world["subnets"][1]["available"] = json!(248));
    assert_eq!(reasons, [reason]);
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b")), (Some(21), None));
    assert!(!seen.has_nodes);
    // Another account's subnet hides them.
    let (_, reasons) = withheld(|world| {
        world["subnets"][1]["available"] = json!(248);
        world["subnets"][1]["owner_id"] = json!("444455556666");
    });
    assert!(!reasons.contains(&reason.to_owned()), "{reasons:?}");
    let (seen, reasons) = withheld(|world| {
        world["source"].as_object_mut().unwrap().remove("caller");
        world["source"]["kind"] = json!("aws-cli");
        world["interfaces"] = json!([]);
    });
    let reason =
        "DescribeNetworkInterfaces: no ENI is listed, but EC2 counts addresses in use in subnet-a";
    assert!(reasons.contains(&reason.to_owned()), "{reasons:?}");
    assert!(!reasons.iter().any(|reason| reason.contains("shares")), "{reasons:?}");
    assert_eq!((seen.used("subnet-a"), seen.used("subnet-b")), (None, None));
}

#[test]
fn an_address_twice_in_one_eni() {
    let (seen, reasons) =
        withheld(|world| world["interfaces"][0]["secondary"] = json!(["10.0.0.11", "10.0.0.11"]));
    let reason = "DescribeNetworkInterfaces: subnet-a: ENIs hold the same addresses: 10.0.0.11 (ENIs eni-node)";
    assert_eq!(reasons, [reason]);
    assert_eq!((seen.used("subnet-a"), seen.has_nodes), (None, false));
    // Whoever reads an answer keeps both.
    let [own, other] = [[10, 0, 0, 10], [10, 0, 0, 11]].map(std::net::Ipv4Addr::from);
    for (listed, rest) in [
        (vec![(true, own), (false, other), (false, other)], vec![other, other]),
        (vec![(true, own), (true, own)], vec![own]),
        (vec![(true, own), (false, own)], vec![own]),
        (vec![(false, own), (false, other)], vec![other]),
    ] {
        let found = eksnet::inventory::addresses(Some(own), listed.into_iter());
        assert_eq!(found, (Some(own), rest));
    }
}

#[test]
fn addresses_of_two_enis() {
    for (change, what, enis) in [
        (json!({"primary": "10.0.0.12"}), "10.0.0.12", "eni-nat, eni-node"),
        (json!({"secondary": ["10.0.0.40"]}), "10.0.0.32/28", "eni-nat, eni-node"),
        (json!({"prefixes": ["10.0.0.32/28"]}), "10.0.0.32/28", "eni-nat, eni-node"),
        (json!({"prefixes": ["10.0.0.16/28"]}), "10.0.0.16/28, 10.0.0.21", "eni-nat, eni-service"),
    ] {
        let (seen, reasons) = withheld(|world| {
            let eni = world["interfaces"][1].as_object_mut().unwrap();
            eni.extend(change.as_object().unwrap().clone());
        });
        let reason = format!(
            "DescribeNetworkInterfaces: subnet-a: ENIs hold the same addresses: {what} (ENIs {enis})"
        );
        assert_eq!((reasons, seen.used("subnet-a")), (vec![reason], None));
        assert_eq!((seen.used("subnet-b"), seen.has_nodes), (Some(0), false));
    }
}

#[test]
fn enis_without_a_primary_address() {
    let bare = |world: &mut Value| world["interfaces"][1]["primary"] = Value::Null;
    let (seen, reasons) = withheld(bare);
    assert_eq!(
        reasons,
        ["DescribeNetworkInterfaces: subnet-a: ENIs have no primary private IPv4 address: eni-nat"]
    );
    assert_eq!(seen.used("subnet-a"), None);
    // An EFA-only ENI has none.
    let (seen, reasons) = withheld(|world| {
        bare(world);
        world["interfaces"][1]["interface_type"] = json!("efa-only");
        world["subnets"][0]["available"] = json!(231);
    });
    assert_eq!((reasons.len(), seen.used("subnet-a")), (0, Some(20)));
    // In an IPv6-only subnet none has one.
    let (_, reasons) = withheld(|world| {
        for eni in world["interfaces"].as_array_mut().unwrap() {
            eni["primary"] = Value::Null;
            eni["secondary"] = json!([]);
            eni["prefixes"] = json!([]);
        }
        let subnet = world["subnets"][0].as_object_mut().unwrap();
        subnet.extend(
            json!({"cidr": null, "ipv6_native": true, "available": 0}).as_object().unwrap().clone(),
        );
    });
    assert_eq!(reasons, [""; 0]);
}

#[test]
fn one_id_with_two_contents() {
    for (list, at, key, value, reason) in [
        (
            "interfaces",
            0,
            "secondary",
            json!([]),
            "DescribeNetworkInterfaces: subnet-a: ENIs are listed twice with different content: eni-node",
        ),
        (
            "instances",
            0,
            "instance_type",
            json!("m5.xlarge"),
            "DescribeInstances: instances are listed twice with different content: i-1",
        ),
        (
            "vpcs",
            0,
            "cidrs",
            json!(["10.0.0.0/15"]),
            "DescribeVpcs: VPCs are listed twice with different content: vpc-1",
        ),
        (
            "subnets",
            0,
            "available",
            json!(7),
            "DescribeSubnets: subnet-a: listed twice, with different AvailableIpAddressCount",
        ),
        (
            "subnets",
            0,
            "reservations",
            json!([{"cidr": "10.0.0.64/28", "type": "prefix"}]),
            "GetSubnetCidrReservations: subnet-a: listed twice, with different SubnetIpv4CidrReservations",
        ),
    ] {
        // Alike it is one.
        let again = |world: &mut Value| {
            let row = world[list][at].clone();
            world[list].as_array_mut().unwrap().push(row);
        };
        let (seen, reasons) = withheld(again);
        assert_eq!((reasons, seen.used("subnet-a")), (vec![], Some(21)), "{list}");
        let (seen, reasons) = withheld(|world| {
            again(world);
            world[list][at][key] = value.clone();
        });
        assert_eq!(reasons, [reason]);
        let subnet = &seen.subnets[0];
        match list {
            "interfaces" => assert_eq!((subnet.used, seen.has_nodes), (None, false)),
            "instances" => assert!(!seen.has_nodes),
            "subnets" if key == "available" => {
                assert_eq!(
                    (subnet.used, subnet.unexplained, subnet.available_reported),
                    (Some(21), None, None)
                );
            }
            "subnets" => assert_eq!((subnet.used, subnet.assignable_prefixes), (Some(21), None)),
            _ => {}
        }
    }
}

/// What one reading of a subnet lacks another one has.
#[test]
fn a_subnet_in_two_pages_keeps_its_reservations() {
    let reserved = json!([{"cidr": "10.0.0.64/28", "type": "explicit"}]);
    for lacking in [0, 1] {
        let (seen, reasons) = withheld(|world| {
            world["subnets"][0]["reservations"] = reserved.clone();
            world["subnets"][0]["available"] = json!(251 - 21 - 16);
            let mut again = world["subnets"][0].clone();
            again["reservations"] = Value::Null;
            world["subnets"].as_array_mut().unwrap().insert(lacking, again);
        });
        assert_eq!((reasons.len(), seen.subnets.len()), (0, 2));
        assert_eq!(
            (seen.subnets[0].reserved_free, seen.subnets[0].unexplained),
            (Some(16), Some(0))
        );
    }
}

#[test]
fn subnets_that_cannot_be() {
    type Change = fn(&mut Value);
    let rows: [(Change, &str); 8] = [
        (
            |w| {
                w["subnets"][1]["cidr"] = json!("10.0.0.128/25");
                w["subnets"][1]["available"] = json!(123);
            },
            "DescribeSubnets: subnets of one VPC overlap: subnet-a (10.0.0.0/24) and subnet-b (10.0.0.128/25)",
        ),
        (
            |w| w["subnets"][1]["cidr"] = json!("10.9.1.0/24"),
            "DescribeVpcs: subnets are outside the CIDR blocks of vpc-1: subnet-b",
        ),
        (|w| w["vpcs"] = json!([]), "DescribeVpcs: vpc-1 is not listed, but its subnets are"),
        (
            |w| w["subnets"][1]["available"] = json!(252),
            "DescribeSubnets: subnet-b: AvailableIpAddressCount is 252, but 10.0.1.0/24 has only \
             251 usable addresses",
        ),
        (
            |w| {
                w["subnets"][1]["cidr"] = Value::Null;
                w["subnets"][1]["available"] = json!(0);
            },
            "DescribeSubnets: subnet-b: the subnet is not IPv6-only, but the response has no \
             CidrBlock",
        ),
        (
            |w| {
                w["subnets"][1]["cidr"] = Value::Null;
                w["subnets"][1]["ipv6_native"] = Value::Null;
            },
            "DescribeSubnets: subnet-b: IPv4 addresses are available, but the response has no \
             CidrBlock",
        ),
        (
            |w| w["interfaces"][1]["vpc_id"] = json!("vpc-2"),
            "DescribeNetworkInterfaces: ENIs state another VPC than their subnet: eni-nat",
        ),
        (
            |w| w["interfaces"][1]["status"] = Value::Null,
            "DescribeNetworkInterfaces: ENIs have no Status or no InterfaceType: eni-nat",
        ),
    ];
    for (change, reason) in rows {
        assert_eq!(withheld(change).1, [reason]);
    }
    // Reservations that overlap.
    let (seen, reasons) = withheld(|world| {
        world["subnets"][0]["reservations"] = json!([{"cidr": "10.0.0.64/27", "type": "explicit"},
            {"cidr": "10.0.0.80/28", "type": "prefix"}]);
    });
    assert_eq!(
        reasons,
        [
            "GetSubnetCidrReservations: subnet-a: the reservations 10.0.0.64/27 and 10.0.0.80/28 overlap"
        ]
    );
    assert_eq!((seen.used("subnet-a"), seen.subnets[0].assignable_prefixes), (Some(21), None));
}

#[test]
fn a_null_says_why() {
    for (list, operation) in
        [("interfaces", "DescribeNetworkInterfaces"), ("instances", "DescribeInstances")]
    {
        let (_, reasons) = withheld(|world| world[list] = Value::Null);
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].starts_with(operation), "{reasons:?}");
        // Once is enough.
        let (_, reasons) = withheld(|world| {
            world[list] = Value::Null;
            world["withheld"] = json!([{"operation": operation, "reason": "refused"}]);
        });
        assert_eq!(reasons, [format!("{operation}: refused")]);
    }
    for key in ["reservations", "available"] {
        let (_, reasons) = withheld(|world| world["subnets"][1][key] = Value::Null);
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].contains("subnet-b"), "{reasons:?}");
    }
}

/// Worlds as EC2 would show them: subnets side by side, ENIs that hold each address once.
fn worlds() -> impl Strategy<Value = Value> {
    let eni = (0_usize..4, 0_usize..3, 0_u32..8, 0_u32..3);
    (1_usize..5, prop::collection::vec(eni, 0..30)).prop_map(|(count, enis)| {
        let mut used = vec![0; count];
        let (mut singles, mut blocks) = (vec![4_u32; count], vec![62_u32; count]);
        let (mut interfaces, mut instances) = (Vec::new(), Vec::new());
        for (at, (subnet, kind, secondary, prefixes)) in enis.into_iter().enumerate() {
            let subnet = subnet % count;
            let mut next = || {
                singles[subnet] += 1;
                used[subnet] += 1;
                let host = singles[subnet] - 1;
                format!("10.0.{}.{}", subnet * 4 + usize::try_from(host / 256).unwrap(), host % 256)
            };
            let primary = next();
            let secondary: Vec<String> = (0..secondary).map(|_| next()).collect();
            let prefixes: Vec<String> = (0..prefixes)
                .map(|_| {
                    used[subnet] += 16;
                    blocks[subnet] -= 1;
                    let host = blocks[subnet] * 16;
                    format!(
                        "10.0.{}.{}/28",
                        subnet * 4 + usize::try_from(host / 256).unwrap(),
                        host % 256
                    )
                })
                .collect();
            let (kind, attachment) = match kind {
                0 => {
                    instances.push(json!({"instance_id": format!("i-{at}"), "owner_id": "1",
                        "instance_type": "m5.large",
                        "interfaces": {format!("subnet-{subnet}"): [format!("eni-{at}")]}}));
                    (
                        "interface",
                        json!({"instance_id": format!("i-{at}"), "instance_owner_id": "1"}),
                    )
                }
                1 => ("lambda", json!({"instance_owner_id": "amazon-aws"})),
                _ => ("interface", Value::Null),
            };
            interfaces.push(json!({"interface_id": format!("eni-{at}"), "vpc_id": "vpc-1",
                "subnet_id": format!("subnet-{subnet}"), "owner_id": "1", "interface_type": kind,
                "status": if attachment.is_null() { "available" } else { "in-use" },
                "attachment": attachment, "primary": primary, "secondary": secondary,
                "prefixes": prefixes}));
        }
        let subnets: Vec<Value> = (0..count)
            .map(|at| {
                json!({"subnet_id": format!("subnet-{at}"), "vpc_id": "vpc-1",
                "availability_zone": "eu-west-1a", "cidr": format!("10.0.{}.0/22", at * 4), "owner_id": "1",
                "available": 1019_u32 - used[at], "reservations": []})
            })
            .collect();
        json!({"source": {"kind": "live", "region": null, "account": "1", "captured_at": null},
            "vpcs": [{"vpc_id": "vpc-1", "cidrs": ["10.0.0.0/16"], "owner_id": "1"}],
            "subnets": subnets, "interfaces": interfaces, "instances": instances, "clusters": [],
            "withheld": []})
    })
}

/// Numbers of a subnet, by name.
fn numbers(subnet: &SubnetCount) -> [(&'static str, Option<i64>); 9] {
    let number = |value: Option<u32>| value.map(i64::from);
    [
        ("used", number(subnet.used)),
        ("free", number(subnet.free)),
        ("held", number(subnet.held)),
        ("room", number(subnet.room().map(|room| room.addresses))),
        ("reserved_free", number(subnet.reserved_free)),
        ("available_reported", number(subnet.available_reported)),
        ("unexplained", subnet.unexplained),
        ("assignable_prefixes", number(subnet.assignable_prefixes)),
        ("usable", number(subnet.usable)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn consistent_worlds_are_quiet(world in worlds()) {
        let seen = Seen::everything(&world);
        prop_assert_eq!(seen.reasons(), [""; 0]);
        for subnet in &seen.subnets {
            prop_assert_eq!(subnet.unexplained, Some(0));
        }
    }

    /// A key that is null, or a row that is gone: each number is that of the whole world, or is null and
    /// said. (A row that nothing else names cannot be missed, but EC2's count shows it: `unexplained`.)
    #[test]
    fn holes_are_said(world in worlds(), list in 0_usize..3, at in any::<prop::sample::Index>(),
        key in any::<prop::sample::Index>(), is_row in any::<bool>()) {
        let whole = Seen::everything(&world);
        let mut holed = world;
        let list = ["subnets", "interfaces", "instances"][list];
        let rows = holed[list].as_array_mut().unwrap();
        prop_assume!(!rows.is_empty());
        let at = at.index(rows.len());
        if is_row {
            rows.remove(at);
        } else {
            let row = rows[at].as_object_mut().unwrap();
            let keys: Vec<String> = row.keys().cloned().collect();
            row.insert(key.get(&keys).clone(), Value::Null);
        }
        let text = json!({"schema": "eksnet.snapshot/v1", "inventory": holed}).to_string();
        if read_snapshot(text.as_bytes()).is_err() {
            // Exit code 2, with the place.
            return Ok(());
        }
        let seen = Seen::everything(&holed);
        let unexplained = seen.subnets.iter().any(|subnet| subnet.unexplained.is_some_and(|n| n != 0));
        for subnet in &seen.subnets {
            let before = whole.subnets.iter().find(|other| other.subnet_id == subnet.subnet_id).unwrap();
            for ((name, now), (_, before)) in numbers(subnet).into_iter().zip(numbers(before)) {
                let is_said = !seen.withheld.is_empty() || unexplained;
                prop_assert!(now == before || is_said, "{} {name}: {now:?} {before:?}", subnet.subnet_id);
                prop_assert!(now.is_some() || before.is_none() || !seen.withheld.is_empty(), "{name}");
            }
        }
        if seen.subnets.len() < whole.subnets.len() {
            let gone = whole.subnets.iter().find(|s| !seen.subnets.iter().any(|o| o.subnet_id == s.subnet_id));
            prop_assert!(gone.is_some_and(|subnet| subnet.used == Some(0)) || !seen.withheld.is_empty());
        }
        if seen.has_nodes != whole.has_nodes {
            prop_assert!(!seen.withheld.is_empty());
        }
    }
}

/// ENIs with IPv4 addresses in a subnet that has none, as its row has it. In one of IPv6 alone nothing is
/// missing, ENIs without IPv4 included.
#[test]
fn a_subnet_without_its_block_is_withheld() {
    let bare = |world: &mut Value, address: Value| {
        world["subnets"][1]["cidr"] = Value::Null;
        world["subnets"][1]["available"] = json!(0);
        world["subnets"][1]["ipv6_native"] = json!(true);
        let mut eni = world["interfaces"][1].clone();
        eni["interface_id"] = json!("eni-b");
        eni["subnet_id"] = json!("subnet-b");
        (eni["primary"], eni["secondary"], eni["prefixes"]) = (address, json!([]), json!([]));
        world["interfaces"].as_array_mut().unwrap().push(eni);
    };
    let (seen, reasons) = withheld(|world| bare(world, json!("10.0.1.9")));
    let network = |seen: &Seen| {
        let subnet = seen.subnets.iter().find(|subnet| subnet.subnet_id == "subnet-b").unwrap();
        (subnet.network(), subnet.is_ipv6_only())
    };
    assert_eq!(network(&seen), ("CIDR unknown".to_owned(), false));
    assert_eq!(
        reasons,
        ["DescribeSubnets: subnet-b: its ENIs have IPv4 addresses, but the response has no \
             CidrBlock"]
    );
    let (seen, reasons) = withheld(|world| bare(world, Value::Null));
    assert_eq!(reasons, [""; 0]);
    assert_eq!(network(&seen), ("IPv6 only".to_owned(), true));
}
