//! What `maxpods` and `node` refuse, or say of nodes that cannot be so.

use serde_json::Value;

use crate::run::{command, eksnet, fed};

/// AWS: at most 110 pods on a node of EKS Auto Mode.
#[test]
fn nothing_raises_the_number_of_auto_mode() {
    for (arguments, part) in [
        (
            &["maxpods", "m5.4xlarge", "--auto-mode", "--cap", "none"][..],
            "--cap none cannot be used with --auto-mode",
        ),
        (
            &["maxpods", "m5.4xlarge", "--auto-mode", "--cap", "250"],
            "--cap above 110 cannot be used with --auto-mode",
        ),
        (
            &["node", "m5.4xlarge", "--auto-mode", "--max-pods", "200"],
            "--max-pods 200 is above what EKS Auto Mode sets on this type, 110",
        ),
        // 3 x 9 + 2
        (&["node", "m5.large", "--auto-mode", "--max-pods", "30"], "sets on this type, 29"),
    ] {
        let (code, out, err) = eksnet(arguments);
        assert_eq!((code, &out[..]), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(part) && err.contains("pass a lower number"), "{err}");
    }
    let lower = ["maxpods", "m5.4xlarge", "--auto-mode", "--cap", "60", "-o", "plain"];
    assert_eq!(eksnet(&lower).1, "60\n");
    assert_eq!(eksnet(&["node", "m5.large", "--auto-mode", "--max-pods", "20"]).0, Some(0));
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets: [{name: a, zone: a, cidr: 10.0.0.0/20}]\n\
                node_groups: [{name: g, auto_mode: true, instance_type: m5.4xlarge, subnets: [a], nodes: 1, max_pods: 250}]\n";
    let (code, _, err) = fed(command(&["simulate", "-"]), text.as_bytes());
    assert_eq!(code, Some(2));
    let part = "node_groups.g.max_pods: 250 is above what EKS Auto Mode sets on m5.4xlarge, 110";
    assert!(err.contains(part), "{err}");
    let (code, _, err) = fed(command(&["simulate", "-"]), text.replace("250", "110").as_bytes());
    assert_eq!(code, Some(0), "{err}");
}

/// m5.large has 3 ENIs, p5.48xlarge 2 on its default card.
#[test]
fn a_node_without_a_slot_for_its_trunk_has_no_branch_enis() {
    let note = "the network card has no slot for a trunk ENI: pods with their own security groups cannot run on this node";
    for (arguments, branches, is_noted) in [
        (&["m5.large", "--pod-eni", "--unmanaged-enis", "2"][..], 0, true),
        (&["m5.large", "--pod-eni", "--unmanaged-enis", "1"], 9, false),
        (&["p5.48xlarge", "--pod-eni", "--efa-only", "1"], 0, true),
        (&["m5.large", "--unmanaged-enis", "2"], 9, false),
    ] {
        let (code, out, err) = eksnet(&[&["maxpods", "-o", "json"], arguments].concat());
        assert_eq!(code, Some(0), "{err}");
        let row = &serde_json::from_str::<Value>(&out).unwrap()["rows"][0];
        assert_eq!(row["branch_enis"], branches, "{arguments:?}");
        assert_eq!(row["notes"].as_array().unwrap().contains(&note.into()), is_noted, "{row}");
    }
    let (_, out, _) = eksnet(&["node", "m5.large", "--unmanaged-enis", "2", "--pod-eni"]);
    assert!(out.contains(note) && !out.contains("secondary-ip, trunk"), "{out}");
    let (_, out, _) = eksnet(&["node", "m5.large", "--unmanaged-enis", "1", "--pod-eni"]);
    assert!(out.contains("secondary-ip, trunk"), "{out}");
}

/// One EFA interface a network card, also where no source says how many a type takes.
#[test]
fn a_card_has_one_efa_interface() {
    let (code, _, err) = eksnet(&["maxpods", "c5a.metal", "--efa", "40"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("`c5a.metal` takes at most 1 EFA interface, not 40"), "{err}");
}

#[test]
fn karpenter_gets_no_types_that_it_never_starts() {
    let types = ["maxpods", "m5.large", "m2.4xlarge", "mac1.metal", "-o", "karpenter"];
    let (code, out, err) = eksnet(&types);
    assert_eq!(code, Some(0), "{err}");
    let left_out = "Left out, because Karpenter never starts them: m2.4xlarge";
    assert!(out.contains(left_out) && err.contains(left_out), "{out}{err}");
    assert!(!out.contains("- m2.4xlarge") && !out.contains("- mac1.metal"), "{out}");
    assert!(out.contains("- m5.large"), "{out}");
    for arguments in [&["m2.4xlarge", "mac1.metal"][..], &["m6g.large", "--os", "windows"]] {
        let all = [&["maxpods", "-o", "karpenter"], arguments].concat();
        let (code, out, err) = eksnet(&all);
        assert_eq!((code, &out[..]), (Some(2), ""));
        assert!(err.contains("-o karpenter: Karpenter starts none of these types"), "{err}");
    }
}

#[test]
fn a_flag_that_another_requires_is_the_hint() {
    for (arguments, flag) in [
        (&["maxpods", "m5.large", "--ipv4-prefix-size", "32"][..], "--auto-mode"),
        (&["maxpods", "m5.large", "--pod-subnets"], "--auto-mode"),
        (&["node", "m5.large", "--free-blocks", "2"], "--auto-mode"),
        (&["node", "m5.large", "--unmanaged-addresses", "5"], "--unmanaged-enis"),
        (&["audit", "--from", "x", "--horizon", "30d"], "--history"),
        (&["plan", "--force"], "--emit"),
    ] {
        let (code, _, err) = eksnet(arguments);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(&format!("hint: add {flag}")), "{arguments:?} {err}");
    }
    let (_, _, err) = eksnet(&["maxpods", "m5.large", "--auto-mode", "-o", "nodeadm"]);
    assert!(err.starts_with("error: "), "{err}");
    let size = |more: &[&str]| {
        let (_, out, _) = eksnet(&[&["maxpods", "m5.large", "-o", "json"], more].concat());
        serde_json::from_str::<Value>(&out).unwrap()["settings"]["ipv4_prefix_size"].clone()
    };
    assert_eq!(size(&[]), Value::Null);
    assert_eq!(size(&["--auto-mode"]), "auto");
    assert_eq!(size(&["--auto-mode", "--ipv4-prefix-size", "32"]), "32");
}

#[test]
fn launch_errors_of_a_scenario_name_their_key() {
    for (keys, part, hint) in [
        (
            "extra_interfaces: {efa: 1}",
            "node_groups.g.extra_interfaces: `m5.large` has no EFA",
            "limits list",
        ),
        (
            "extra_interfaces: {unmanaged: 1, unmanaged_addresses: 50}",
            "node_groups.g.extra_interfaces.unmanaged_addresses: an ENI of `m5.large` holds 9",
            "use a larger type",
        ),
        (
            "ipv4_prefix_count: 30",
            "node_groups.g.ipv4_prefix_count: an ENI of `m5.large`",
            "larger type",
        ),
        ("ipv4_address_count: 30", "node_groups.g.ipv4_address_count: an ENI of", "larger type"),
        (
            "extra_interfaces: {unmanaged: 0, unmanaged_addresses: 5}",
            "node_groups.g.extra_interfaces.unmanaged_addresses: no ENI has them: set unmanaged beside it",
            "fix this value",
        ),
    ] {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: a, zone: a, cidr: 10.0.0.0/20}}]\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 1, {keys}}}]\n"
        );
        let (code, _, err) = fed(command(&["simulate", "-"]), text.as_bytes());
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(part) && err.contains(hint), "{err}");
    }
}
