//! A history reads of a snapshot only what is in use, and counts it as the audit does.

use serde_json::{Value, json};

use crate::{
    days::snapshot,
    run::{eksnet, example},
};
use eksnet::{
    audit::{Counted, SubnetCount, SubnetUse},
    inventory::{Inventory, Places, Selection, read_snapshot, read_snapshot_use, select},
};

const START: &str = "2026-08-03T00:00:00Z";

/// A subnet, what is in use of it and the prefixes that can be delegated.
type Row = (String, Option<u32>, Option<u32>);

/// What a snapshot says is in use: read for a history, and by the whole count.
fn in_use_both_ways(text: &str) -> [Vec<Row>; 2] {
    let whole = read_snapshot(text.as_bytes()).unwrap();
    let lean = read_snapshot_use(text.as_bytes()).unwrap();
    let all = |inventory: &Inventory| {
        select(inventory, &Selection::default()).unwrap_or_else(|error| panic!("{error:?}"))
    };
    let lean = lean.list.iter().flat_map(|inventory| {
        let subnets = SubnetUse::of(inventory, &all(inventory), false).unwrap();
        let row = |s: SubnetUse<'_>| (s.subnet_id.to_owned(), s.held, s.assignable_prefixes);
        subnets.into_iter().map(row).collect::<Vec<_>>()
    });
    let whole = whole.list.into_iter().flat_map(|inventory| {
        let selected = all(&inventory);
        let places = Places::one_of(inventory, selected);
        let counted = Counted::of(&places, false).unwrap();
        let row = |s: &SubnetCount| (s.subnet_id.clone(), s.held, s.assignable_prefixes);
        counted.subnets().map(row).collect::<Vec<_>>()
    });
    [lean.collect(), whole.collect()]
}

#[test]
fn a_history_counts_as_the_audit_does() {
    let from = example();
    let (_, example, _) = eksnet(&["snapshot", "--from", from.to_str().unwrap()]);
    let [lean, whole] = in_use_both_ways(&example);
    assert!(lean.len() > 5);
    assert_eq!(lean, whole);

    let eni = |id: &str, subnet: &str, last: u32| {
        let prefixes: &[&str] = if last == 20 { &["10.0.0.64/28"] } else { &[] };
        json!({"interface_id": id, "subnet_id": subnet, "vpc_id": "vpc-1", "owner_id": "2",
            "description": "aws-K8S-i-1", "status": "in-use", "primary": format!("10.0.0.{last}"),
            "secondary": [format!("10.0.0.{}", last + 1)], "prefixes": prefixes,
            "attachment": {"instance_id": "i-1", "device_index": 0}, "tags": {"Name": "x"}})
    };
    let subnet = |id: &str, reservations: &Value, available: u32| {
        json!({"subnet_id": id, "vpc_id": "vpc-1", "cidr": "10.0.0.0/24", "available": available,
            "owner_id": "1", "reservations": reservations})
    };
    // An ENI listed twice counts once, as it was read last; /24 has 251 usable addresses, and EC2 sees
    // 251 - 200 of them in use where only 20 are visible to the account that shares the subnet.
    let reserved = json!([{"cidr": "10.0.0.128/28", "type": "explicit"}]);
    let inventory = json!({
        "source": {"kind": "live", "region": "eu-west-1", "account": "2", "caller": "2",
            "captured_at": START},
        "vpcs": [{"vpc_id": "vpc-1", "cidrs": ["10.0.0.0/16"], "owner_id": "1"}],
        "subnets": [subnet("a", &reserved, 200), subnet("b", &Value::Null, 200),
            subnet("c", &json!([]), 251)],
        "interfaces": [eni("eni-2", "a", 10), eni("eni-1", "a", 20), eni("eni-2", "a", 10),
            eni("eni-3", "b", 4)],
        "instances": [{"instance_id": "i-1", "owner_id": "3", "tags": {}}],
        "clusters": [], "kubernetes": null, "withheld": []});
    let one = json!({"schema": "eksnet.snapshot/v1", "inventory": inventory});
    let [lean, whole] = in_use_both_ways(&one.to_string());
    // 251 less the 16 that are reserved, less 200; of 16 blocks EC2 keeps addresses of the first and the
    // last, one is delegated, one reserved, and .20 and .21 lie in one.
    assert_eq!(lean[0], ("a".to_owned(), Some(35), Some(11)));
    assert_eq!(lean[1], ("b".to_owned(), None, None));
    assert_eq!(lean[2], ("c".to_owned(), Some(0), Some(14)));
    assert_eq!(lean, whole);

    let several = json!({"schema": "eksnet.snapshot/v1", "source": inventory["source"],
        "places": [inventory], "withheld": []});
    assert_eq!(in_use_both_ways(&several.to_string()), [lean, whole]);
}

#[test]
fn what_a_history_passes_over_may_not_be_unknown() {
    for (list, row) in [
        ("interfaces", json!({"interface_id": "eni-1", "subnet_id": "a", "colour": "red"})),
        ("instances", json!({"instance_id": "i-1", "colour": "red"})),
    ] {
        let mut made = snapshot(Some(START), &[]);
        made["inventory"][list] = json!([row]);
        let error = read_snapshot_use(made.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `colour`"), "{error}");
    }
}
