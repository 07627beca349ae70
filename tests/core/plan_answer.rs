//! What is said of a plan: for people, for programs, and as a page.

use std::collections::BTreeMap;

use eksnet::{
    inventory::{Operation, Withheld},
    plan::{
        AddedBlock, Allowed, Candidate, Change, Existing, Figures, GroupOs, Impossible, LimitedBy,
        Needed, Plan, PlannedGroup, PlannedReservation, PlannedSubnet, PlannedTight, Rejected,
        Role, SearchSummary, SmallestChange, WorkKind, WorkStep, parse_requirement,
    },
    render::{
        Screen,
        html::write_plan,
        json::{plan::PlanJson, write_json},
        plan::{PlanAnswer, document, verdict},
        write_markdown, write_table,
    },
    simulate::{Cni, ReservationType, Scaler, Target, TightKind, Verdict, parse},
};
use serde_json::{Value, json};

const REQUIREMENT: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16], used: [10.0.240.0/20]}
zones: [eu-west-1a]
groups: [{name: general, pods: {peak: 6000}, instance_types: [m6i.2xlarge], pods_per_node: 40}]
";

fn subnet(name: &str, cidr: &str, role: Role) -> PlannedSubnet {
    PlannedSubnet {
        name: name.to_owned(),
        zone: "eu-west-1a".to_owned(),
        cidr: cidr.parse().unwrap(),
        role,
        new: true,
        routable: role != Role::Pod,
        tags: BTreeMap::new(),
        reservations: Vec::new(),
        peak_used: 1000,
        usable: 4091,
        min_assignable_prefixes: 12,
    }
}

fn candidate(id: &str) -> Candidate {
    let pods = PlannedSubnet {
        reservations: vec![PlannedReservation {
            cidr: "100.64.0.0/21".parse().unwrap(),
            kind: ReservationType::Prefix,
            new: true,
        }],
        ..subnet("pods-a", "100.64.0.0/20", Role::Pod)
    };
    Candidate {
        id: id.to_owned(),
        summary: "6,000 pods take prefixes of a new /20".to_owned(),
        levers: vec![Allowed::Prefixes, Allowed::CustomNetworking],
        vpc_cidrs: vec!["10.0.0.0/16".parse().unwrap()],
        vpc_cidrs_added: vec![AddedBlock {
            cidr: "100.64.0.0/19".parse().unwrap(),
            primary: false,
            routable: false,
        }],
        subnets: vec![subnet("nodes-a", "10.0.0.0/23", Role::Node), pods],
        cni: Cni {
            prefix_delegation: Some(true),
            warm_ip_target: Some(Target::Value(2)),
            custom_networking: Some(BTreeMap::from([("eu-west-1a".into(), "pods-a".into())])),
            ..Cni::default()
        },
        node_groups: vec![PlannedGroup {
            name: "general".to_owned(),
            of: "general".to_owned(),
            instance_type: "m6i.2xlarge".to_owned(),
            instance_types: vec!["m6i.2xlarge".to_owned()],
            scaler: Scaler::Karpenter,
            os: GroupOs::Linux,
            nodes_usual: 100,
            nodes_peak: 150,
            nodes_grown: 1500,
            max_pods: 110,
            pods_per_node: 40,
            limited_by: LimitedBy::PodsPerNode,
            host_network_pods: 2,
            branch_pods_per_node: 0,
            warm_pool: 0,
            subnets: vec!["nodes-a".to_owned()],
            pod_subnets: BTreeMap::from([("eu-west-1a".into(), "pods-a".into())]),
            replaced: false,
        }],
        control_plane: None,
        others: Vec::new(),
        figures: Figures {
            routable_addresses: 512,
            addresses: 4608,
            held_addresses: 9000,
            nodes_peak: 150,
            cidr_blocks: 2,
            ec2_calls_peak_minute: 1234,
            longest_pod_wait_s: Some(12),
            tightest_subnet: Some("pods-a".to_owned()),
            tightest_use: 71.4,
            assignable_prefixes_min: Some(12),
            pods_more: 1400,
            months: Some(18.25),
        },
        verdict: Verdict::Fits,
        tight: Vec::new(),
        beyond_limits: Vec::new(),
        change: Change { blocks: 1, nodes: 150, subnets: 2, settings: 2, ..Change::default() },
        work: vec![WorkStep {
            kind: WorkKind::CidrBlocks,
            what: "Add 100.64.0.0/19 to the VPC".to_owned(),
            new_nodes: false,
            max_pods_change: false,
            risk: "routes to 100.64.0.0/10 on-premises".to_owned(),
            check: "`eksnet audit --vpc vpc-0abc`".to_owned(),
            back: "remove the block".to_owned(),
        }],
        notes: Vec::new(),
        why_not_first: None,
        scenario: parse("version: 1").unwrap(),
    }
}

fn plan() -> Plan {
    let second = Candidate {
        tight: vec![PlannedTight { kind: TightKind::Margin, text: "pods-a: 95% used".to_owned() }],
        notes: Vec::new(),
        why_not_first: Some("it has nothing to spare".to_owned()),
        ..candidate("warm-targets")
    };
    Plan {
        requirement: parse_requirement(REQUIREMENT).unwrap(),
        existing: Some(Existing {
            verdict: Verdict::Fails,
            tight: false,
            first_failure: Some("nodes-b lacks 1,200 addresses".to_owned()),
        }),
        candidates: vec![candidate("prefixes+custom-networking"), second],
        recommended: Some("prefixes+custom-networking".to_owned()),
        impossible: None,
        rejected: (0..5)
            .map(|at| Rejected {
                id: format!("rejected-{at}"),
                levers: Vec::new(),
                reason: "the /16 is full".to_owned(),
            })
            .collect(),
        assumed: vec!["zones are named by their number".to_owned()],
        needed: Vec::new(),
        search: SearchSummary { candidates: 7, simulations: 2000, complete: true },
    }
}

fn impossible() -> Plan {
    Plan {
        candidates: Vec::new(),
        recommended: None,
        impossible: Some(Impossible {
            reason: "12 m5.large carry at most 324 of 500 pods".to_owned(),
            smallest_change: Some(SmallestChange {
                text: "19 nodes".to_owned(),
                key: "groups[0].max_nodes".to_owned(),
                value: json!(19),
            }),
        }),
        ..plan()
    }
}

fn answer(plan: Plan) -> PlanAnswer {
    PlanAnswer { plan, chosen: None, withheld: Vec::new() }
}

fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn table(answer: &PlanAnswer, is_whole: bool) -> String {
    written(|out| write_table(&document(answer, is_whole), Screen::FILE, out))
}

#[test]
fn the_answer_comes_first_and_the_exit_code_last() {
    insta::assert_snapshot!(table(&answer(plan()), false), @"
    ✔ Recommended: prefixes+custom-networking: 6,000 pods take prefixes of a new /20
      tightest subnet pods-a, 71%; 1,400 more pods fit (18.2 months at the growth given); pods wait up to 12 s for an address; up to 1,234 EC2 calls in one minute
      Today's layout does not fit: nodes-b lacks 1,200 addresses

    Candidates, the best first
    CANDIDATE                     ROUTABLE  ADDRESSES  NODES  TIGHTEST    EC2 CALLS  MONTHS  CHANGES
    ✔ prefixes+custom-networking       512      4,608    150  71% pods-a      1,234    18.2  1 new block, 150 nodes replaced, 2 new subnets, 2 settings
    ▲ warm-targets                     512      4,608    150  71% pods-a      1,234    18.2  1 new block, 150 nodes replaced, 2 new subnets, 2 settings
        nothing to spare: pods-a: 95% used
        not first: it has nothing to spare

    Subnets of prefixes+custom-networking
    SUBNET   ZONE        CIDR           ROLE   NEW  ROUTABLE  USABLE  PEAK USED  PEAK USE  MIN /28  RESERVED
    nodes-a  eu-west-1a  10.0.0.0/23    nodes  yes  yes        4,091      1,000  24%            12  -
    pods-a   eu-west-1a  100.64.0.0/20  pods   yes  no         4,091      1,000  24%            12  100.64.0.0/21
    VPC: 10.0.0.0/16; to add: 100.64.0.0/19 (not routable)

    Node groups of prefixes+custom-networking
    GROUP    TYPES        USUAL  PEAK  GROWN  MAX PODS  PODS/NODE  LIMITED BY     SUBNETS
    general  m6i.2xlarge    100   150  1,500       110         40  pods per node  nodes-a; pods: pods-a
    VPC CNI: custom_networking: {eu-west-1a: pods-a}, prefix_delegation: true, warm_ip_target: 2

    Work for prefixes+custom-networking
    1. Add 100.64.0.0/19 to the VPC
         check: `eksnet audit --vpc vpc-0abc`

    Rejected: 5 layouts
    rejected-0: the /16 is full
    rejected-1: the /16 is full
    rejected-2: the /16 is full
    and 2 more, which --all lists

    Assumed
    zones are named by their number

    Search
    7 combinations of levers in 2,000 simulations, every one to its end
    exit 0: prefixes+custom-networking is recommended
    ");
}

#[test]
fn what_is_impossible_is_said_with_the_smallest_change() {
    let text = table(&answer(impossible()), false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "✖ Nothing is recommended: 12 m5.large carry at most 324 of 500 pods",
            "  Smallest change: 19 nodes (groups[0].max_nodes: 19)"
        ]
    );
    assert_eq!(*lines.last().unwrap(), "exit 1: nothing is recommended");
}

/// What is folded is counted, and `--all` has it.
#[test]
fn all_rejected_layouts_are_listed_where_everything_is() {
    let (folded, whole) = (table(&answer(plan()), false), table(&answer(plan()), true));
    assert!(folded.contains("and 2 more, which --all lists") && !folded.contains("rejected-4"));
    assert!(whole.contains("rejected-4: the /16 is full") && !whole.contains("--all"));
    assert!(whole.contains("risk: routes to") && !folded.contains("risk: "));
}

#[test]
fn what_is_not_available_comes_before_what_was_found() {
    let needed = Needed {
        what: "the VPC's blocks".to_owned(),
        r#where: "DescribeVpcs".to_owned(),
        key: "vpc.cidrs".to_owned(),
    };
    let lacking = answer(Plan { needed: vec![needed], ..plan() });
    assert_eq!(lacking.ending().code_and_reason(), (4, "1 value is not available"));
    assert!(
        table(&lacking, false).contains("the VPC's blocks: not in DescribeVpcs; set vpc.cidrs")
    );
    let withheld = Withheld::new(Operation::DescribeVpcs, "refused".to_owned());
    let lacking = PlanAnswer { withheld: vec![withheld], ..answer(impossible()) };
    assert_eq!(lacking.ending().code_and_reason().0, 4);
}

/// Another candidate is shown in full where it is asked for; the recommendation stays.
#[test]
fn another_candidate_can_be_shown() {
    let other = PlanAnswer { chosen: Some("warm-targets".to_owned()), ..answer(plan()) };
    let text = table(&other, false);
    assert!(text.starts_with("✔ Recommended: prefixes+custom-networking: "));
    assert!(text.contains("Subnets of warm-targets") && text.contains("Work for warm-targets"));
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = schemars::schema_for!(PlanJson<'static>).to_value();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for plan in [plan(), impossible()] {
        let answer = answer(plan);
        let text = written(|out| write_json(&PlanJson::new(&answer), out));
        let json: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(json["schema"], "eksnet.plan/v1");
        assert_eq!(json["requirement"]["zones"], json!(["eu-west-1a"]));
        assert_eq!(json["recommended"].is_null(), !json["impossible"].is_null());
    }
}

#[test]
fn markdown_has_no_code_block_by_accident() {
    let text = written(|out| write_markdown(&document(&answer(plan()), true), out));
    assert!(text.starts_with("- ✔ Recommended: "), "{text}");
    assert!(text.contains("- check: \\`eksnet audit"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("-    ")), "{text}");
}

/// Names from outside are text wherever they go.
#[test]
fn hostile_names_are_text() {
    let name = "<b>\u{1b}[31m`|x\u{202e}";
    let mut hostile = plan();
    hostile.candidates[0].subnets[0].name = name.to_owned();
    hostile.candidates[0].node_groups[0].name = name.to_owned();
    hostile.candidates[0].summary = name.to_owned();
    hostile.rejected[0].reason = name.to_owned();
    hostile.assumed.push(name.to_owned());
    let hostile = answer(hostile);
    let page = written(|out| write_plan(&hostile, name, out));
    assert!(!page.contains("<b>") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    for text in [
        table(&hostile, true),
        written(|out| write_markdown(&document(&hostile, true), out)),
        written(|out| write_json(&PlanJson::new(&hostile), out)),
    ] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn the_page_shows_the_address_plan_to_scale() {
    let page = written(|out| write_plan(&answer(plan()), "requirement.yaml", out));
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for outside in ["<script", "src=", "url(", "@import", "onclick", "http:"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<p class=\"sentence\">Recommended: prefixes+custom-networking: "));
    // 10.0.0.0/23 is 1/128 of the /16, and 100.64.0.0/20 the half of the /19.
    assert!(page.contains("x=\"0\" y=\"0\" width=\"7\" height=\"10\"><title>10.0.0.0/23 nodes-a"));
    assert!(page.contains("width=\"500\" height=\"10\"><title>100.64.0.0/20 pods-a"));
    assert!(page.contains("class=\"taken\" x=\"937\""), "{page}");
    assert!(page.contains("<code>100.64.16.0/20</code>"));
    assert!(page.contains("<code>eksnet audit --vpc vpc-0abc</code>"));
}

#[test]
fn the_verdict_is_one_sentence() {
    assert_eq!(
        verdict(&plan()),
        "Recommended: prefixes+custom-networking: 6,000 pods take prefixes of a new /20"
    );
}
