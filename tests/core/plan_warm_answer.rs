//! Which warm targets to set for the nodes that run: the answer, for people and for programs.

use eksnet::{
    ipam::{PoolRules, PoolSettings},
    plan::{WarmBounds, WarmPlan, WarmSources, WarmVerdict, warm_plan},
    render::{
        Screen,
        json::{plan_warm::WarmPlanJson, write_json},
        plan_warm::{WarmAnswer, document, verdict},
        write_markdown, write_table,
    },
    simulate::StandingNode,
};
use serde_json::Value;

fn m5_xlarge() -> PoolSettings {
    PoolSettings {
        enis: 4,
        ipv4_per_eni: 15,
        warm_eni_target: Some(1),
        warm_prefix_target: Some(1),
        max_pods: 58,
        ..PoolSettings::default()
    }
}

fn node(group: &str, pods: Option<u32>, held: u32) -> StandingNode {
    StandingNode { group: group.to_owned(), settings: m5_xlarge(), pods, held }
}

fn plan(nodes: &[StandingNode]) -> WarmPlan {
    warm_plan(&WarmSources::running(nodes.iter().cloned()), &WarmBounds::default())
}

fn answer(nodes: &[StandingNode]) -> WarmAnswer {
    let sources = WarmSources::running(nodes.iter().cloned());
    WarmAnswer {
        plan: warm_plan(&sources, &WarmBounds::default()),
        withheld: sources.withheld().into_iter().collect(),
    }
}

fn shown(answer: &WarmAnswer) -> (String, String) {
    let (mut table, mut markdown) = (Vec::new(), Vec::new());
    write_table(&document(answer), Screen::FILE, &mut table).unwrap();
    write_markdown(&document(answer), &mut markdown).unwrap();
    (String::from_utf8(table).unwrap(), String::from_utf8(markdown).unwrap())
}

/// 250 m5.xlarge with ten pods each, which hold what fresh ones hold.
#[test]
fn the_first_line_answers() {
    let found = answer(&vec![node("general", Some(10), 30); 250]);
    let (table, markdown) = shown(&found);
    insta::assert_snapshot!(table, @r#"
    ✔ Set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=12: nodes hold 3,250 addresses instead of 7,500
      longest wait of a pod 0 s instead of 0 s; 1,250 EC2 calls instead of 2,750 when every node starts
      → kubectl set env daemonset/aws-node -n kube-system WARM_IP_TARGET=2 MINIMUM_IP_TARGET=12
      as configuration values of the EKS add-on: {"env":{"WARM_IP_TARGET":"2","MINIMUM_IP_TARGET":"12"}}
      back: kubectl set env daemonset/aws-node -n kube-system WARM_IP_TARGET- MINIMUM_IP_TARGET-

    Warm targets to choose from
    TARGETS                                         ADDRESSES  WITH MOST PODS  LONGEST WAIT  CALLS AT START  CALLS A MINUTE
    WARM_IP_TARGET=2 MINIMUM_IP_TARGET=12 (best)        3,250           3,250           0 s           1,250               0
    WARM_ENI_TARGET=1 WARM_PREFIX_TARGET=1 (today)      7,500           7,500           0 s           2,750               0

    Node groups
    GROUP    NODES   PODS  MOST ON A NODE  ADDRESSES TODAY  WITH THE BEST
    general    250  2,500              10            7,500          3,250

    Assumed
    a node has at most as many pods as the fullest node of its group (at most 10 pods), and they arrive at once: on a new node, or beside its pods of today
    subnets have free addresses, and nodes are fresh: a node that ran more pods before may hold more addresses
    with WARM_IP_TARGET each pod that starts or ends beyond MINIMUM_IP_TARGET can cost an EC2 call on its node
    exit 0: other targets are recommended
    "#);
    assert!(
        markdown.starts_with(
            "- ✔ Set WARM\\_IP\\_TARGET=2 and MINIMUM\\_IP\\_TARGET=12: nodes hold 3,250 addresses"
        ),
        "{markdown}"
    );
    assert_eq!(found.code_and_reason().0, 0);
}

#[test]
fn the_document_for_programs_has_all_of_it() {
    let found = answer(&vec![node("general", Some(10), 30); 250]);
    let mut text = Vec::new();
    write_json(&WarmPlanJson::new(&found), &mut text).unwrap();
    let json: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["schema"], "eksnet.plan-warm-targets/v1");
    assert_eq!(json["verdict"], "change");
    assert_eq!(json["best"]["targets"]["warm_ip_target"], 2);
    assert_eq!(json["best"]["targets"]["warm_eni_target"], 1);
    assert_eq!(json["in_force"]["targets"]["warm_ip_target"], "unset");
    assert_eq!(json["saves"]["addresses_usual"], 4_250);
    assert_eq!(
        json["commands"][0],
        "kubectl set env daemonset/aws-node -n kube-system WARM_IP_TARGET=2 MINIMUM_IP_TARGET=12"
    );
    assert_eq!(
        json["back"][0],
        "kubectl set env daemonset/aws-node -n kube-system WARM_IP_TARGET- MINIMUM_IP_TARGET-"
    );
    let addon = json["addon_configuration"].as_str().unwrap();
    let addon: Value = serde_json::from_str(addon).unwrap();
    assert_eq!(addon["env"]["MINIMUM_IP_TARGET"], "12");
}

/// Pods as they run: a node of ten and one of 30 are of one group, in which a node has at most 30.
#[test]
fn each_node_has_its_own_pods() {
    let nodes = [node("a", Some(10), 30), node("a", Some(30), 60), node("b", Some(4), 30)];
    let found = plan(&nodes);
    assert_eq!((found.nodes, found.pods, found.held_now), (3, 44, Some(120)));
    // Two ENIs for ten and for four pods, and four for 30.
    assert_eq!(found.in_force.unwrap().figures.addresses_usual, 30 + 60 + 30);
    let groups: Vec<_> = found.groups.iter().map(|g| (&*g.name, g.pods, g.most_pods)).collect();
    assert_eq!(groups, [("a", 40, 30), ("b", 4, 4)]);
    let all: u64 = found.groups.iter().filter_map(|g| Some(g.best?.figures.addresses_usual)).sum();
    assert_eq!(found.best.map(|best| best.figures.addresses_usual), Some(all));
    // Group b for itself would keep six.
    let own = found.groups[1].own_best.unwrap();
    assert_eq!(own.figures.addresses_usual, 1 + 6);
    assert!(found.groups[1].own_saves > Some(0));
    assert_eq!(plan(&nodes), found);
    // The order of the nodes does not count.
    assert_eq!(plan(&[nodes[2].clone(), nodes[1].clone(), nodes[0].clone()]), found);
}

/// Without pods nothing is told; of some nodes the rest is.
#[test]
fn pods_that_are_not_available_are_said() {
    let untold = answer(&[node("a", None, 30), node("a", None, 30)]);
    assert_eq!(untold.plan.verdict, WarmVerdict::CannotTell);
    assert_eq!((untold.plan.best, untold.code_and_reason().0), (None, 4));
    let (table, _) = shown(&untold);
    assert!(table.contains("kubectl get pods: the pods of 2 nodes are not available"), "{table}");
    let some = answer(&[node("a", None, 30), node("a", Some(10), 30)]);
    assert_eq!((some.plan.verdict, some.plan.nodes), (WarmVerdict::Change, 1));
    assert_eq!(some.code_and_reason().0, 4);
}

#[test]
fn nodes_without_warm_targets_are_left_out() {
    let with = |settings: PoolSettings| StandingNode { settings, ..node("x", Some(1), 1) };
    let frozen = with(PoolSettings { frozen: true, ..m5_xlarge() });
    let ipv6 = with(PoolSettings { rules: PoolRules::Ipv6, ..m5_xlarge() });
    let bare = with(PoolSettings { enis: 1, custom_networking: true, ..m5_xlarge() });
    let found = plan(&[node("a", Some(10), 30), frozen, ipv6, bare]);
    assert_eq!((found.nodes, found.left_out.len()), (1, 3));
    assert!(found.left_out.iter().all(|row| row.nodes == 1));
}

/// Good targets stay, harmful ones go, and what is too much to ask for is said.
#[test]
fn targets_stay_or_go() {
    let with = |warm_ip, minimum| StandingNode {
        settings: PoolSettings {
            warm_ip_target: warm_ip,
            minimum_ip_target: minimum,
            ..m5_xlarge()
        },
        ..node("a", Some(10), 13)
    };
    let kept = plan(&[with(Some(2), Some(12))]);
    assert_eq!((kept.verdict, kept.commands.len()), (WarmVerdict::Keep, 0));
    assert_eq!(
        verdict(&kept),
        "Keep the warm targets: no others hold fewer than 13 addresses without longer waits or more EC2 \
         calls"
    );
    let harmful = plan(&[with(None, Some(8))]);
    assert_eq!(harmful.verdict, WarmVerdict::Change);
    assert!(harmful.harm.is_some_and(|harm| harm.contains("further pods wait forever")));
    // 20 pods never find an address at once on a new node, whose first ENI has 14.
    let sources = WarmSources::running([node("a", Some(20), 45)].into_iter());
    let bounds = WarmBounds { pod_wait_s: Some(0), ec2_calls_per_minute: None };
    let none = warm_plan(&sources, &bounds);
    assert_eq!(none.verdict, WarmVerdict::OutOfBounds);
    assert_eq!(verdict(&none), "No warm targets are within the limits: waits of at most 0 s");
}
