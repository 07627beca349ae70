//! What an answer looks like with all its parts: remedies, findings, what was withheld.

use std::collections::BTreeMap;

use eksnet::{
    finding::{Finding, Severity},
    instance::BUILTIN,
    inventory::{Operation, Withheld},
    render::{
        Screen,
        html::write_simulate,
        json::{simulate::SimulateJson, write_json},
        simulate::{SimulateAnswer, document, failure_texts},
        write_table,
    },
    simulate::{FurtherSubnet, Purpose, Reason, Remedy, Shortage, Simulated, check, parse, run},
};

fn further(purpose: Purpose) -> FurtherSubnet {
    FurtherSubnet {
        name: "nodes-a-2".into(),
        zone: "eu-west-1a".into(),
        cidr: "100.64.0.0/24".parse().unwrap(),
        purpose,
        node_groups: match purpose {
            Purpose::Nodes => vec!["general".into(), "batch".into()],
            Purpose::NodesAndPods | Purpose::NodesInPlace => vec!["general".into()],
            Purpose::Pods
            | Purpose::EniConfig
            | Purpose::PodSubnet
            | Purpose::ZonePodSubnet
            | Purpose::ControlPlane => Vec::new(),
        },
        beside: "nodes-a".into(),
    }
}

fn answer() -> SimulateAnswer {
    let scenario = parse(include_str!("../../examples/scenarios/surge.yaml")).unwrap();
    let layout = check(&scenario, &BUILTIN, false).unwrap();
    let mut simulated = Simulated::once(&layout, &run(&layout, 1));
    simulated.remedies = vec![
        Remedy::Pace { step: 1, max_surge: 1, max_unavailable: 0, is_budget: false },
        Remedy::PrefixDelegation,
        Remedy::PrefixReservations {
            reservations: vec![("nodes-a".into(), "10.0.0.128/25".parse().unwrap())],
        },
        Remedy::FurtherSubnets {
            vpc_blocks: vec!["100.64.0.0/16".parse().unwrap()],
            subnets: vec![further(Purpose::Nodes)],
        },
        Remedy::WarmTargets { settings: vec![("warm_ip_target", 2), ("minimum_ip_target", 12)] },
    ];
    SimulateAnswer {
        simulated,
        findings: vec![Finding {
            id: "some-check",
            detail: None,
            severity: Severity::Warning,
            resource: "nodes-a".into(),
            message: "nodes-a is <narrow>".into(),
            hint: "widen it".into(),
            command: None,
            evidence: BTreeMap::from([("usable", 251.into())]),
        }],
        notes: vec!["pods are not available".into()],
        withheld: vec![Withheld::new(Operation::DescribeInstances, "AccessDenied".into())],
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_person_sees_what_helps_first() {
    let table = written(|out| write_table(&document(&answer()), Screen::FILE, out));
    insta::assert_snapshot!(table, @r#"
    DOES NOT FIT
    step 1 rollout: 0 of 3 new nodes of group general run the pods of the old nodes: the subnet has too few free addresses (nodes-a)
    smallest change that fits: set max_surge: 1 and max_unavailable: 0 in step 1
    or: set ENABLE_PREFIX_DELEGATION=true on aws-node, and set max pods to its value in prefix mode
    or: add a prefix reservation of 10.0.0.128/25 to nodes-a
    or: add the block 100.64.0.0/16 to the VPC; create subnet nodes-a-2 (100.64.0.0/24 in eu-west-1a) and add it to node groups general, batch
    or: set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=12 on aws-node

    Steps
    STEP  NAME     SECONDS  SETTLED  NODES   PODS  EC2 CALLS
       0  start         10  yes        8/8  96/96        136
       1  rollout      135  yes        8/8  96/96  21 to 175

    Subnets
    SUBNET     ZONE        CIDR         USABLE  PEAK USED  PEAK USE         AT STEP    MIN FREE  MIN /28
    ✖ nodes-a  eu-west-1a  10.0.0.0/24     251        251  ██████████ 100%  1 rollout         0        0
    EC2 calls are a range where a full subnet may be answered with InsufficientFreeAddressesInSubnet, after which nodes pause, or with InvalidParameterValue, after which they ask again at once
    at most 136 EC2 calls in one minute
    note: pods are not available

    Findings
    warning some-check: nodes-a is <narrow>
      hint: widen it

    Not available
    DescribeInstances: AccessDenied
    "#);
}

#[test]
fn remedies_are_data_and_words() {
    let answer = answer();
    let text = written(|out| write_json(&SimulateJson::new(&answer), out));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        json["first_failure"]["remedy"],
        "set max_surge: 1 and max_unavailable: 0 in step 1"
    );
    let (_, rest) = text.split_once("  \"remedies\"").unwrap();
    let (remedies, _) = rest.split_once("  \"steps\"").unwrap();
    insta::assert_snapshot!(remedies.trim(), @r#"
    : [
        {
          "kind": "pace",
          "text": "set max_surge: 1 and max_unavailable: 0 in step 1",
          "step": 1,
          "max_surge": 1,
          "max_unavailable": 0
        },
        {
          "kind": "prefix-delegation",
          "text": "set ENABLE_PREFIX_DELEGATION=true on aws-node, and set max pods to its value in prefix mode"
        },
        {
          "kind": "prefix-reservations",
          "text": "add a prefix reservation of 10.0.0.128/25 to nodes-a",
          "reservations": [
            {
              "subnet": "nodes-a",
              "cidr": "10.0.0.128/25"
            }
          ]
        },
        {
          "kind": "further-subnets",
          "text": "add the block 100.64.0.0/16 to the VPC; create subnet nodes-a-2 (100.64.0.0/24 in eu-west-1a) and add it to node groups general, batch",
          "vpc_blocks": [
            "100.64.0.0/16"
          ],
          "subnets": [
            {
              "name": "nodes-a-2",
              "zone": "eu-west-1a",
              "cidr": "100.64.0.0/24",
              "tags": {},
              "node_groups": [
                "general",
                "batch"
              ],
              "node_subnet_in_place_of": null,
              "eni_config_in_place_of": null,
              "pod_subnet_in_place_of": null,
              "cluster_subnet_in_place_of": null
            }
          ]
        },
        {
          "kind": "warm-targets",
          "text": "set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=12 on aws-node",
          "settings": {
            "minimum_ip_target": 12,
            "warm_ip_target": 2
          }
        }
      ],
      "remedies_complete": null,
    "#);
    let (_, rest) = text.split_once("  \"findings\"").unwrap();
    insta::assert_snapshot!(rest.trim(), @r#"
    : [
        {
          "id": "some-check",
          "severity": "warning",
          "resource": "nodes-a",
          "message": "nodes-a is <narrow>",
          "hint": "widen it",
          "evidence": {
            "usable": 251
          }
        }
      ],
      "notes": [
        "pods are not available"
      ],
      "withheld": [
        {
          "operation": "DescribeInstances",
          "reason": "AccessDenied"
        }
      ]
    }
    "#);
    let schema = schemars::schema_for!(SimulateJson<'static>).to_value();
    assert!(jsonschema::is_valid(&schema, &json));
}

#[test]
fn a_page_shows_findings_as_they_are() {
    let page = written(|out| write_simulate(&answer(), "layout.yaml", out));
    let rest = page.split("<h2>Findings</h2>").nth(1).unwrap();
    insta::assert_snapshot!(rest.split("</main>").next().unwrap().trim(), @r#"
    <p class="warn">warning some-check: nodes-a is &#60;narrow&#62;<br><span class="dim">hint: widen it</span></p>
    <h2>Not available</h2>
    <p class="warn">DescribeInstances: AccessDenied</p>
    "#);
}

/// What to do with a further subnet is said for each purpose.
#[test]
fn purposes_in_words() {
    let purposes = [
        Purpose::Nodes,
        Purpose::Pods,
        Purpose::NodesAndPods,
        Purpose::NodesInPlace,
        Purpose::EniConfig,
        Purpose::ControlPlane,
    ];
    let text = |purpose| {
        Remedy::FurtherSubnets { vpc_blocks: Vec::new(), subnets: vec![further(purpose)] }.text()
    };
    let texts = purposes
        .map(text)
        .join("\n")
        .replace("create subnet nodes-a-2 (100.64.0.0/24 in eu-west-1a) ", "");
    insta::assert_snapshot!(texts, @r#"
    and add it to node groups general, batch
    with the tag kubernetes.io/role/cni=1
    with the tag kubernetes.io/role/cni=1, and add it to node group general
    and use it for node group general instead of nodes-a
    and name it in the ENIConfig of eu-west-1a instead of nodes-a
    and make it a cluster subnet instead of nodes-a
    "#);
}

/// Each kind of shortage and reason has words of its own.
#[test]
fn failures_in_words() {
    let rows = [
        (Shortage::Nodes, Some("g"), Some("a"), Reason::InsufficientFreeAddresses),
        (Shortage::Pods, Some("g"), Some("a"), Reason::InsufficientCidrBlocks),
        (Shortage::Pods, Some("g"), Some("a"), Reason::PrefixReservationFull),
        (Shortage::Pods, Some("g"), None, Reason::MaxPods),
        (Shortage::HostNetworkPods, Some("g"), None, Reason::MaxPods),
        (Shortage::Replacements, Some("g"), None, Reason::NoSubnet),
        (Shortage::Interfaces, None, Some("a"), Reason::InsufficientFreeAddresses),
        (Shortage::Addresses, None, Some("a"), Reason::InsufficientFreeAddresses),
    ];
    let mut simulated = answer().simulated;
    let texts: Vec<String> = rows
        .into_iter()
        .map(|(what, group, subnet, reason)| {
            let failure = simulated.failures.first_mut().unwrap();
            (failure.what, failure.reason) = (what, reason);
            (failure.group, failure.subnet) = (group.map(str::to_owned), subnet.map(str::to_owned));
            failure_texts(&simulated).remove(0)
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n"), @r"
    step 1 rollout: 0 of 3 nodes of group g are Ready: the subnet has too few free addresses (a)
    step 1 rollout: 0 of 3 pods of group g have an address: the subnet has no free aligned /28 for a prefix (a)
    step 1 rollout: 0 of 3 pods of group g have an address: the subnet's prefix reservation has no free /28 (a)
    step 1 rollout: 0 of 3 pods of group g have an address: the nodes already run max pods
    step 1 rollout: 0 of 3 host-network pods of group g are scheduled: the nodes already run max pods
    step 1 rollout: 0 of 3 new nodes of group g run the pods of the old nodes: the group has no subnet outside the lost zones
    step 1 rollout: 0 of 3 control plane interfaces are placed: the subnet has too few free addresses (a)
    step 1 rollout: 0 of 3 addresses of other holders are placed: the subnet has too few free addresses (a)
    ");
}

/// A search that was cut short is not taken for one that found all there is.
#[test]
fn a_search_cut_short_is_said() {
    let mut answer = answer();
    let text =
        |answer: &SimulateAnswer| written(|out| write_table(&document(answer), Screen::FILE, out));
    assert!(!text(&answer).contains("cut short"));
    answer.simulated.remedies_complete = Some(true);
    assert!(!text(&answer).contains("cut short"));
    answer.simulated.remedies_complete = Some(false);
    assert!(text(&answer).contains("the search for changes was cut short"));
    let json = written(|out| write_json(&SimulateJson::new(&answer), out));
    assert!(json.contains("\"remedies_complete\": false"));
}

/// For twelve pods an m5.large takes twenty addresses of its pod subnet: two ENIs of ten, of which one is each
/// ENI's own. A /26 has 59, so that it serves two nodes and not the third that comes when another zone is
/// lost: that one has nine addresses for pods. The failure names the subnet of the first such node; both
/// subnets are marked wherever they are shown.
#[test]
fn each_subnet_that_was_short_is_marked() {
    let subnets = ["a", "b", "c"].map(|zone| {
        let at = zone.as_bytes()[0] - b'a';
        format!(
            "- {{name: nodes-{zone}, zone: {zone}, cidr: 10.0.{at}.0/24}}\n\
             - {{name: pods-{zone}, zone: {zone}, cidr: 10.0.1{at}.0/26}}\n"
        )
    });
    let text = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n{}\
         cni: {{custom_networking: {{a: pods-a, b: pods-b, c: pods-c}}}}\n\
         node_groups:\n\
         - {{name: g, instance_type: m5.large, subnets: [nodes-a, nodes-b, nodes-c], nodes: 6, \
         pods_per_node: 12}}\nsteps:\n- lose_zone: a\n",
        subnets.concat()
    );
    let scenario = parse(&text).unwrap();
    let layout = check(&scenario, &BUILTIN, false).unwrap();
    let simulated = Simulated::once(&layout, &run(&layout, 1));
    let named: Vec<&str> =
        simulated.failures.iter().filter_map(|failure| failure.subnet.as_deref()).collect();
    assert_eq!(named, ["pods-b"]);
    let short: Vec<(&str, u32, Reason)> = simulated
        .subnets
        .iter()
        .filter_map(|subnet| subnet.short.map(|short| (&*subnet.name, short.step, short.reason)))
        .collect();
    let why = Reason::InsufficientFreeAddresses;
    assert_eq!(short, [("pods-b", 1, why), ("pods-c", 1, why)]);

    let answer = SimulateAnswer { simulated, ..answer() };
    let table = written(|out| write_table(&document(&answer), Screen::FILE, out));
    for (name, is_short) in [("pods-a", false), ("pods-b", true), ("pods-c", true)] {
        assert_eq!(table.contains(&format!("✖ {name} ")), is_short, "{name}: {table}");
    }
    let json = written(|out| write_json(&SimulateJson::new(&answer), out));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for subnet in json["subnets"].as_array().unwrap() {
        let name = subnet["name"].as_str().unwrap();
        let reason = &subnet["short"]["reason"];
        let is_short = ["pods-b", "pods-c"].contains(&name);
        assert_eq!(reason == "insufficient-free-addresses", is_short, "{name}: {subnet}");
    }
    let page = written(|out| write_simulate(&answer, "layout.yaml", out));
    assert_eq!(page.matches("Lacked addresses").count(), 2);
}
