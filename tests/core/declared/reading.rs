//! What a manifest says, and where it says something wrong.

use eksnet::declared::{
    BudgetNodes, Declared, Ipv4PrefixSize, LaunchInterfaceKind, Limits, MaxPods, Operator, read,
};

fn manifest(text: &str) -> Declared {
    read("pool.yaml", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn error(text: &str) -> String {
    read("pool.yaml", text).unwrap_err().to_string()
}

const POOL: &str = "\
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: general, labels: {team: web}}
spec:
  weight: 10
  limits: {cpu: 1000, memory: 1000Gi, nodes: '40'}
  disruption:
    consolidationPolicy: WhenEmptyOrUnderutilized
    budgets:
      - nodes: 20%
      - nodes: '5'
        reasons: [Drifted]
      - nodes: '0'
        schedule: '0 9 * * mon-fri'
        duration: 8h
  template:
    metadata: {labels: {kubernetes.io/arch: arm64, team: web}}
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      expireAfter: 720h
      taints: [{key: a, effect: NoSchedule}]
      requirements:
        - {key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m], minValues: 2}
        - {key: karpenter.k8s.aws/instance-generation, operator: Gt, values: ['5']}
        - {key: failure-domain.beta.kubernetes.io/zone, operator: In, values: [eu-west-1a]}
";

#[test]
fn a_node_pool_says_what_it_may_start() {
    let declared = manifest(POOL);
    let [pool] = declared.node_pools.as_slice() else { panic!("{declared:?}") };
    assert_eq!((pool.name.as_str(), pool.weight), ("general", Some(10)));
    let limits = Limits {
        cpu_thousandths: Some(1_000_000),
        memory_bytes: Some(1000 << 30),
        nodes: Some(40),
    };
    assert_eq!(pool.limits, limits);
    assert_eq!(pool.rollout_budgets(), [BudgetNodes::Percent(20), BudgetNodes::Count(5)]);
    assert_eq!(pool.zones(), Some(vec!["eu-west-1a"]));
    assert!(!pool.admits_zone("eu-west-1b"));
    let class = pool.node_class.as_ref().unwrap();
    assert!(class.name == "default" && !class.is_auto_mode());
    let arch = pool.requirements.iter().find(|one| one.key == "kubernetes.io/arch").unwrap();
    assert_eq!((arch.operator, arch.values.as_slice()), (Operator::In, &["arm64".to_owned()][..]));
}

#[test]
fn without_a_budget_karpenter_disrupts_a_tenth() {
    let text = "{apiVersion: karpenter.sh/v1beta1, kind: NodePool, metadata: {name: a}, \
                spec: {template: {spec: {kubelet: {maxPods: 40}}}}}";
    let pool = &manifest(text).node_pools[0];
    assert_eq!(pool.rollout_budgets(), [BudgetNodes::Percent(10)]);
    assert_eq!(pool.kubelet.as_ref().unwrap().max_pods, Some(MaxPods::Number(40)));
    assert!(pool.limits.is_unlimited() && pool.zones().is_none());
    // A share is rounded up.
    for (nodes, most) in [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10)] {
        assert_eq!(BudgetNodes::Percent(10).of(nodes), most, "{nodes}");
    }
}

#[test]
fn an_ec2_node_class_says_where_and_how_many() {
    let text = "\
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: default}
spec:
  role: nodes
  amiSelectorTerms: [{alias: al2023@latest}]
  ipPrefixCount: 2
  subnetSelectorTerms:
    - tags: {karpenter.sh/discovery: prod, tier: '*'}
    - {id: subnet-0b}
  kubelet:
    maxPods: 'min(110, max_pods)'
    podsPerCore: 10
    kubeReserved: {memory: 500Mi, cpu: 'max(60, vcpus * 30)'}
  networkInterfaces:
    - {networkCardIndex: 0, deviceIndex: 0, interfaceType: interface}
    - {networkCardIndex: 1, deviceIndex: 0, interfaceType: efa-only}
";
    let class = &manifest(text).ec2_node_classes[0];
    let kubelet = class.kubelet.as_ref().unwrap();
    let expression = MaxPods::Expression("min(110, max_pods)".to_owned());
    assert_eq!(kubelet.max_pods, Some(expression));
    assert_eq!((kubelet.reserves.pods_per_core, kubelet.max_pods_line), (Some(10), Some(12)));
    assert_eq!(kubelet.reserves.kube_reserved["cpu"], "max(60, vcpus * 30)");
    assert_eq!(class.ami_family.as_deref(), Some("al2023"));
    assert_eq!(class.ip_prefix_count, Some(2));
    assert_eq!(class.interfaces[1].kind, LaunchInterfaceKind::EfaOnly);
    let tags = |value: &str| {
        [("karpenter.sh/discovery", value), ("tier", "x")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into()
    };
    let selects = |id: &str, tags| class.subnets.iter().any(|term| term.selects(id, None, &tags));
    assert!(selects("subnet-0a", tags("prod")) && selects("subnet-0b", tags("test")));
    assert!(!selects("subnet-0a", tags("test")) && !selects("subnet-0a", [].into()));
}

#[test]
fn an_auto_mode_node_class_says_where_pods_go() {
    let text = "\
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata: {name: pods}
spec:
  subnetSelectorTerms: [{tags: {Name: private}}]
  podSubnetSelectorTerms: [{tags: {Name: pods}}]
  podSecurityGroupSelectorTerms: [{id: sg-0a}]
  advancedNetworking:
    ipv4PrefixSize: '32'
    networkInterfaces: [{interfaceType: interface, secondaryIPv4PrefixCount: 1}]
";
    let class = &manifest(text).auto_node_classes[0];
    assert_eq!((class.pod_subnets.len(), class.pod_security_groups), (1, true));
    assert_eq!(class.ipv4_prefix_size, Ipv4PrefixSize::Single);
    assert_eq!(class.interfaces[0].prefixes, Some(1));
}

#[test]
fn what_kubectl_prints_is_read_and_other_kinds_are_left() {
    let text = r#"{"apiVersion": "v1", "kind": "List", "items": [
        {"kind": "NodePool", "apiVersion": "karpenter.sh/v1", "metadata": {"name": "a"},
         "spec": {"template": {"spec": {}}}, "status": {"nodes": 3}},
        {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "b"},
         "spec": {"template": {"spec": []}}},
        {"kind": "NodePool", "apiVersion": "example.org/v1", "metadata": {"name": "c"}}]}"#;
    let declared = manifest(text);
    assert_eq!(declared.node_pools.len(), 1);
    assert_eq!(declared.others, ["Deployment", "NodePool"]);
    let list = "apiVersion: karpenter.sh/v1\nkind: NodePoolList\nitems:\n\
                - {apiVersion: karpenter.sh/v1, metadata: {name: a}, spec: {template: {}}}\n";
    assert_eq!(manifest(list).node_pools.len(), 1);
    assert!(manifest("---\n---\n# nothing\n").is_empty());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let with = |from: &str, to: &str| {
        assert!(POOL.contains(from), "{from}");
        error(&POOL.replacen(from, to, 1))
    };
    for (from, to, expected) in [
        (
            "weight: 10",
            "weight: high",
            "pool.yaml:5: spec.weight: `high` is not a whole number from 0",
        ),
        (
            "memory: 1000Gi",
            "memory: 1000GB",
            "pool.yaml:6: spec.limits.memory: `1000GB` is not a quantity, such as 1000, 500m or \
             64Gi",
        ),
        (
            "nodes: 20%",
            "nodes: 120%",
            "pool.yaml:10: spec.disruption.budgets[0].nodes: `120%` is not a count or a share up \
             to 100%",
        ),
        (
            "operator: Gt",
            "operator: GT",
            "pool.yaml:24: spec.template.spec.requirements[1].operator: `GT` is not one of In, \
             NotIn, Exists, DoesNotExist, Gt, Lt, Gte, Lte",
        ),
        (
            "values: ['5']",
            "values: [five]",
            "pool.yaml:24: spec.template.spec.requirements[1]: operator Gt takes one value, a \
             whole number from 0, and `values` has five",
        ),
        (
            "requirements:",
            "Requirements:",
            "pool.yaml:23: spec.template.spec.Requirements: unknown key: did you mean \
             `requirements`?",
        ),
        (
            "metadata: {name: general, labels: {team: web}}",
            "metadata: {}",
            "pool.yaml:1: the NodePool has no name",
        ),
    ] {
        assert_eq!(with(from, to), expected);
    }
    let class = |spec: &str| {
        error(&format!(
            "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {{name: a}}\nspec:\n  \
             {spec}\n"
        ))
    };
    assert_eq!(
        class("kubelet: {maxPods: [110]}"),
        "pool.yaml:5: spec.kubelet.maxPods: a list is not a whole number or an expression"
    );
    assert_eq!(
        class("kubelet: {maxpods: 110}"),
        "pool.yaml:5: spec.kubelet.maxpods: unknown key: did you mean `maxPods`?"
    );
    assert_eq!(
        class("subnetSelectorTerms: [{}]"),
        "pool.yaml:5: spec.subnetSelectorTerms[0]: the term selects by nothing: set `id` or `tags`"
    );
    assert_eq!(error("just text"), "pool.yaml:1: `just text` is not an object of Kubernetes");
    assert!(error("a: [1").starts_with("pool.yaml:"), "{}", error("a: [1"));
}
