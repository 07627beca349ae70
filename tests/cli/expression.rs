//! `eksnet maxpods` with `--expression`, `--nodeclass` and `--nodepool`.

use std::fs;

use serde_json::Value;

use crate::run::{command, eksnet, fed, scratch};

const PREFIX_FORM: &str = "min(250, ((default_enis - 1) * (ips_per_eni - 1)) * 16 + 2)";

fn judged(
    types: &[&str],
    expression: &str,
    dialect: &str,
    more: &[&str],
) -> (Option<i32>, String, String) {
    let named =
        [&["maxpods"], types, &["--expression", expression, "--dialect", dialect], more].concat();
    eksnet(&named)
}

fn rows(text: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(text).unwrap();
    value["rows"].as_array().unwrap().clone()
}

/// Two ENIs of 50 addresses on card 0, one of which the first EFA-only interface takes: 49 + 2.
#[test]
fn an_efa_only_interface_is_left_out_of_karpenters_max_pods() {
    let only = ["--efa-only", "32"];
    for (more, dialect, value, code) in [
        (&[][..], "karpenter", 100, 0),
        (&only[..], "karpenter", 51, 0),
        (&["--efa", "32"], "karpenter", 100, 0),
        // nodeadm knows nothing of it, and 49 of its pods have no address.
        (&only, "nodeadm", 100, 1),
    ] {
        let more = [more, &["-o", "json"]].concat();
        let (exit, stdout, stderr) = judged(&["p5.48xlarge"], "max_pods", dialect, &more);
        assert_eq!(exit, Some(code), "{dialect} {more:?}: {stderr}");
        assert_eq!(rows(&stdout)[0]["expression"]["value"], value, "{dialect} {more:?}");
    }
    // The class and the command line speak of one and the same interface.
    let folder = scratch("efa-only");
    let class = folder.join("class.yaml");
    let interface = "{networkCardIndex: 0, deviceIndex: 1, interfaceType: efa-only}";
    let text = format!(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name}\n\
         spec:\n  kubelet: {kubelet}\n  networkInterfaces: [{interface}]\n",
        name = "{name: fast}",
        kubelet = "{maxPods: max_pods}",
    );
    fs::write(&class, &text).unwrap();
    for more in [&[][..], &only] {
        let class =
            ["maxpods", "p5.48xlarge", "-o", "json", "--nodeclass", class.to_str().unwrap()];
        let (_, stdout, stderr) = eksnet(&[&class[..], more].concat());
        assert!(!stdout.is_empty(), "{stderr}");
        assert_eq!(rows(&stdout)[0]["expression"]["value"], 51, "{more:?}");
        assert_eq!(rows(&stdout)[0]["eni_max_pods"], 51, "{more:?}");
    }
    // A number of the class is held against what its own interface leaves: 100 − 51.
    fs::write(&class, text.replace("maxPods: max_pods", "maxPods: 100")).unwrap();
    let (exit, stdout, _) =
        eksnet(&["maxpods", "p5.48xlarge", "-o", "json", "--nodeclass", class.to_str().unwrap()]);
    assert_eq!((exit, &rows(&stdout)[0]["stranded_pods"]), (Some(1), &Value::from(49)));
}

#[test]
fn the_first_line_is_the_answer() {
    let wrong = ["m4.large", "c5.large", "m5.large"];
    for (types, expression, dialect, more, code, line) in [
        (
            &wrong[..],
            PREFIX_FORM,
            "karpenter",
            &["--prefix"][..],
            1,
            "0 of 3 types are right; worst m4.large: 146 pods, addresses for 20, above the cap of 110",
        ),
        (
            &["m5.large", "m5.xlarge"],
            "min(110, max_pods)",
            "karpenter",
            &["--prefix"],
            0,
            "2 of 2 types are right",
        ),
        (&["m5.large"], "max_pods + 2", "nodeadm", &[], 1, "m5.large: 31 pods, addresses for 29"),
        (
            &["m5.large"],
            "max_pods + 2",
            "nodeadm",
            &["--host-network-pods", "4"],
            0,
            "m5.large: max pods 31 is right (addresses for 31)",
        ),
        (
            &["m5.large"],
            "max_pods",
            "nodeadm",
            &["--custom-networking"],
            1,
            "m5.large: 29 pods, addresses for 20",
        ),
        (
            &["c5.large"],
            PREFIX_FORM,
            "karpenter",
            &["--prefix", "--cap", "none"],
            1,
            "c5.large: 250 pods, reserves 73 % of the memory",
        ),
        (
            &["m5.large"],
            "math.least(NUM_MAX_NET_INTERFACES * (NUM_IP_PER_INTERFACE - 1) + 2, 110)",
            "castai",
            &[],
            0,
            "m5.large: max pods 29 is right (addresses for 29)",
        ),
    ] {
        let (ended, stdout, stderr) = judged(types, expression, dialect, more);
        assert_eq!(
            (ended, stdout.lines().next()),
            (Some(code), Some(line)),
            "{expression}\n{stderr}"
        );
    }
}

/// nodeadm goes on with its table, and the answer is about that number.
#[test]
fn what_nodeadm_drops_is_a_verdict() {
    let (code, stdout, _) =
        judged(&["m5.large", "m5.4xlarge"], "min(110, max_pods)", "nodeadm", &[]);
    assert_eq!(code, Some(1), "m5.4xlarge has 234 by the table, above the cap");
    let lines: Vec<&str> = stdout.lines().take(3).collect();
    assert_eq!(
        lines,
        [
            "the expression is dropped; 1 of 2 types are right; worst m5.4xlarge: 234 pods, above the cap of \
             110",
            "nodeadm drops the expression and uses its table: nodeadm has no function `min` (at column 1)",
            "hint: write `a < b ? a : b`",
        ]
    );
    let (code, stdout, _) = judged(&["m5.large"], "min(110, max_pods)", "nodeadm", &["-o", "json"]);
    assert_eq!(code, Some(0));
    let expression = &rows(&stdout)[0]["expression"];
    assert_eq!(expression["value"], 29);
    assert_eq!(expression["status"], "rejected");
    assert_eq!(expression["reason"], "nodeadm has no function `min` (at column 1)");
    assert_eq!(expression["held_by"], "default");
}

#[test]
fn what_does_not_compile_is_an_error_with_its_place() {
    for (expression, dialect, error, hint) in [
        (
            "min(110, defualt_enis)",
            "karpenter",
            "error: --expression `min(110, defualt_enis)` does not compile: Karpenter has no variable \
             `defualt_enis` (at column 10)",
            "hint: did you mean `default_enis`? Karpenter starts no node with it (KubeletExpressionInvalid)",
        ),
        (
            "max(vcpus - 4, 0) * 2.5",
            "karpenter",
            "error: --expression `max(vcpus - 4, 0) * 2.5` does not compile: `*` does not take int and double (at \
             column 19)",
            "hint: CEL does not mix int and double: convert one with double() or int(); Karpenter starts no node \
             with it (KubeletExpressionInvalid)",
        ),
        (
            "min(NUM_CPU, 4)",
            "castai",
            "error: --expression `min(NUM_CPU, 4)` does not compile: CAST AI has no function `min` (at column 1)",
            "hint: write `math.least(a, b)`",
        ),
        (
            "[1].map(x, x)[0]",
            "nodeadm",
            "error: --expression `[1].map(x, x)[0]`: eksnet does not evaluate `map` in expressions (at column 5)",
            "hint: write it without",
        ),
    ] {
        let (code, stdout, stderr) = judged(&["m5.large"], expression, dialect, &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{expression}");
        assert_eq!(stderr.lines().collect::<Vec<_>>(), [error, hint]);
    }
    let (code, _, stderr) = eksnet(&["maxpods", "m5.large", "--expression", "5"]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("hint: say who evaluates it: --dialect karpenter, nodeadm or castai"),
        "{stderr}"
    );
    let (code, _, stderr) = eksnet(&["maxpods", "m5.large", "--dialect", "nodeadm"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("hint: say what it evaluates: --expression EXPR"), "{stderr}");
}

#[test]
fn every_format_has_the_verdict() {
    for (format, parts) in [
        ("table", &["STRANDED", "strands 126 pods, above the cap of 110"][..]),
        ("wide", &["SET BY", "expression", "strands 126 pods"]),
        ("markdown", &["| STRANDED |", "strands 126 pods"]),
        ("json", &["\"stranded_pods\": 126", "\"kube_reserved_share\": 0.2272", "\"value\": 146"]),
        ("yaml", &["stranded_pods: 126", "value: 146", "- strands-pods"]),
        (
            "csv",
            &[
                "stranded_pods,kube_reserved_share",
                ",146,ok,,expression,1861,strands-pods;over-cap,126,0.2272",
            ],
        ),
        ("plain", &["146\n"]),
    ] {
        let (code, stdout, _) =
            judged(&["m4.large"], PREFIX_FORM, "karpenter", &["--prefix", "-o", format]);
        assert_eq!(code, Some(1), "{format}");
        for part in parts {
            assert!(stdout.contains(part), "{format}: {part}\n{stdout}");
        }
    }
    let (_, stdout, _) = eksnet(&["maxpods", "m4.large", "-o", "json"]);
    assert!(!stdout.contains("stranded_pods"), "nothing was judged");
}

#[test]
fn what_is_printed_is_what_the_schema_says() {
    let (_, schema, _) = eksnet(&["generate", "schema", "maxpods"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for expression in [PREFIX_FORM, "vcpus - 4", "vcpus"] {
        let (_, stdout, _) =
            judged(&["m4.large", "c5a.metal"], expression, "karpenter", &["-o", "json"]);
        let value: Value = serde_json::from_str(&stdout).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{expression}");
    }
}

/// Karpenter evaluates for every type that it knows.
#[test]
fn one_type_that_fails_stops_a_class() {
    let (code, stdout, _) = judged(&["c5.4xlarge", "m5.8xlarge"], "vcpus - 4", "karpenter", &[]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = stdout.lines().take(2).collect();
    assert_eq!(
        lines,
        [
            "0 of 2 types are right; worst m5.8xlarge: 28 pods, no node starts",
            "the NodeClass is not Ready: the expression fails on another type, a1.large: the result -2 is not \
             between 0 and 2147483647",
        ]
    );
    let (code, _, _) = judged(&["c5.4xlarge", "m5.8xlarge"], "vcpus - 4", "nodeadm", &[]);
    assert_eq!(code, Some(0));
    // Of all types only a macOS host has 28 vCPUs, and Karpenter knows none.
    let (code, stdout, _) = judged(&["m5.large"], "vcpus == 28 ? -1 : 20", "karpenter", &[]);
    assert_eq!(code, Some(0), "{stdout}");
}

#[test]
fn a_type_without_vcpus_is_unknown() {
    let (code, stdout, _) = judged(&["c5a.metal"], "vcpus * 10", "nodeadm", &["-o", "json"]);
    assert_eq!(code, Some(4));
    let row = &rows(&stdout)[0];
    assert_eq!(row["expression"]["value"], Value::Null);
    assert_eq!(row["expression"]["status"], "unknown");
    assert_eq!(row["expression"]["reason"], "no source states the number of vCPUs of c5a.metal");
    assert_eq!((&row["stranded_pods"], &row["kube_reserved_share"]), (&Value::Null, &Value::Null));
    let (_, stdout, _) = judged(&["c5a.metal"], "vcpus * 10", "nodeadm", &["-o", "plain"]);
    assert_eq!(stdout, "none\n");
    // 4 goes before 1, and a glob names no type.
    let both = ["c5a.metal", "m4.large"];
    let (many, few) = ("vcpus > 0 ? 100 : 0", "vcpus > 0 ? 20 : 0");
    for (types, expression, code) in [
        (&both[..], many, 4),
        (&["m4.large"], many, 1),
        (&["c5a.*"], few, 0),
        (&["c5a.m*"], few, 4),
    ] {
        let (ended, stdout, _) = judged(types, expression, "nodeadm", &[]);
        assert_eq!(ended, Some(code), "{types:?}: {stdout}");
    }
}

/// What is not said to be judged is not left out in silence.
#[test]
fn what_is_left_out_is_said() {
    let folder = scratch("left-out");
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let pool = |name: &str, more: &str| {
        format!(
            "---\napiVersion: karpenter.sh/v1beta1\nkind: NodePool\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      {more}\n"
        )
    };
    let class = "nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: win}";
    let of = |values: &str| {
        format!(
            "requirements: [{{key: node.kubernetes.io/instance-type, operator: In, values: [{values}]}}]"
        )
    };
    let windows = format!(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {{name: win}}\nspec:\n  amiSelectorTerms: [{{alias: windows2022@latest}}]\n  kubelet: {{maxPods: 50}}\n{}",
        pool("p", &format!("{class}\n      {}", of("m5.large")))
    );
    let windows = put("windows.yaml", &windows);
    let old = format!("kubelet: {{maxPods: 500}}\n      {}", of("m5.large"));
    let mixed = put(
        "mixed.yaml",
        &[pool("old", &old), pool("bare", &of("c5.large")), pool("slip", &of("m5.larg"))].concat(),
    );
    let config = put("config.yaml", NODE_CONFIG);
    let with_config = put("both.yaml", &format!("{}---\n{NODE_CONFIG}", pool("old", &old)));
    for (arguments, code, parts) in [
        (
            vec!["--nodepool", &windows],
            2,
            &["NodePool p is of Windows: left out", "no NodePool is left to judge"][..],
        ),
        (
            vec!["m5.large", "--nodeclass", &windows],
            2,
            &["EC2NodeClass win is of Windows: left out", "has EC2NodeClasses of Windows alone"],
        ),
        (
            vec!["--nodepool", &mixed],
            4,
            &[
                "NodePool bare is not judged: it names no EC2NodeClass",
                "NodePool slip: `node.kubernetes.io/instance-type` has values of no instance type in the \
                 table: m5.larg",
                "NodePool slip admits no instance type of the table",
            ],
        ),
        (
            vec!["--nodeclass", &config, "--nodepool", &mixed],
            2,
            &["has no EC2NodeClass, which --nodepool needs"],
        ),
        (vec!["--nodepool", &with_config], 1, &["NodeConfigs are left out: Karpenter sets"]),
        (
            vec!["m5.large", "--nodeclass", &config, "--dialect", "karpenter"],
            2,
            &["cannot be used with"],
        ),
    ] {
        let (ended, stdout, stderr) = eksnet(&[vec!["maxpods"], arguments.clone()].concat());
        assert_eq!(ended, Some(code), "{arguments:?} {stderr}");
        for part in parts {
            let is_said = stderr.contains(part) || stdout.contains(part);
            assert!(is_said, "{arguments:?} {stdout}{stderr}");
        }
    }
}

#[test]
fn few_pods_are_not_called_right() {
    let (code, stdout, _) = judged(&["m5.large"], "vcpus", "karpenter", &[]);
    assert_eq!(
        (code, stdout.lines().next()),
        (Some(0), Some("m5.large: max pods 2 strands no pod (addresses for 29)"))
    );
    let (code, stdout, _) = judged(&["m5.large"], "0", "karpenter", &[]);
    let first = "m5.large: 0 pods, no node starts";
    assert_eq!((code, stdout.lines().next()), (Some(1), Some(first)));
    assert!(stdout.contains("note: m5.large: max pods 0: no pod fits on a node"), "{stdout}");
    assert!(!stdout.contains("not Ready"), "{stdout}");
}

const CLASSES: &str = r#"
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: general}
spec:
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: prefix}
      requirements:
        - {key: karpenter.k8s.aws/instance-family, operator: In, values: [m5, c5, m4]}
        - {key: karpenter.k8s.aws/instance-size, operator: In, values: [large]}
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: prefix}
spec:
  kubelet:
    maxPods: "min(250, ((default_enis - 1) * (ips_per_eni - 1)) * 16 + 2)"
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: static}
spec:
  amiSelectorTerms: [{alias: al2023@latest}]
  kubelet:
    maxPods: 110
    podsPerCore: 20
    kubeReserved: {cpu: "max(60, vcpus * 30)", memory: "11 * max_pods + 255"}
    systemReserved: {memory: 100Mi}
"#;

#[test]
fn a_nodepool_names_the_types_and_its_class_the_number() {
    let folder = scratch("classes");
    let file = folder.join("karpenter.yaml");
    fs::write(&file, CLASSES).unwrap();
    let file = file.to_str().unwrap();
    let (code, stdout, stderr) =
        eksnet(&["maxpods", "--prefix", "--nodeclass", file, "--nodepool", file, "-o", "json"]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    let found: Vec<_> = rows(&stdout)
        .iter()
        .map(|row| {
            let expression = &row["expression"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                text(&row["instance_type"]),
                expression["value"].as_u64(),
                text(&expression["node_pool"]),
                text(&expression["node_class"]),
            )
        })
        .collect();
    let row = |name: &str, value| {
        (name.to_owned(), Some(value), "general".to_owned(), "prefix".to_owned())
    };
    assert_eq!(found, [row("c5.large", 250), row("m4.large", 146), row("m5.large", 250)]);
    // The file on stdin has both; an expression of the command line goes over the pool's types alone.
    let both = fed(command(&["maxpods", "--nodepool", "-", "-o", "plain"]), CLASSES.as_bytes());
    assert_eq!(both.1, "c5.large\t250\nm4.large\t146\nm5.large\t250\n");
    let arguments = [
        "maxpods",
        "--nodepool",
        file,
        "--expression",
        "20",
        "--dialect",
        "karpenter",
        "-o",
        "plain",
    ];
    assert_eq!(eksnet(&arguments).1, "c5.large\t20\nm4.large\t20\nm5.large\t20\n");
}

#[test]
fn each_class_of_a_file_is_judged() {
    let arguments = ["maxpods", "m5.large", "--prefix", "--nodeclass", "-", "-o", "json"];
    let (code, stdout, _) = fed(command(&arguments), CLASSES.as_bytes());
    assert_eq!(code, Some(1));
    let rows = rows(&stdout);
    assert_eq!(rows.len(), 2);
    let fixed = &rows[1]["expression"];
    assert_eq!(fixed["node_class"], "static");
    assert_eq!((&fixed["value"], &fixed["held_by"]), (&40.into(), &"pods-per-core".into()));
    assert_eq!((&fixed["status"], &fixed["text"]), (&"ok".into(), &Value::Null));
    // 11 × 40 + 255 = 695, rounded up to 16 MiB.
    assert_eq!(fixed["kube_reserved_memory_mib"], 704);
    assert_eq!(fixed["system_reserved_memory_mib"], 100);
    assert_eq!(
        fixed["reserved"][0],
        serde_json::json!({"field": "kubeReserved.cpu", "value": "60m"})
    );
}

const NODE_CONFIG: &str = "apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    maxPodsExpression: max_pods + 2
";

#[test]
fn node_configs_are_read_bare_in_mime_and_in_user_data() {
    let part =
        |text: &str| format!("--//\nContent-Type: application/node.eks.aws\n\n---\n{text}\n");
    let number = NODE_CONFIG
        .replace("maxPodsExpression: max_pods + 2", "config: {maxPods: 20, podsPerCore: 15}");
    let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n";
    let mime = format!("{head}{}--//--\n", part(NODE_CONFIG));
    // Parts are merged; a number goes before the expression, and the reservation follows the expression.
    let merged = format!("{head}{}{}--//--\n", part(NODE_CONFIG), part(&number));
    for (text, value, held_by, reserved) in [
        (NODE_CONFIG, 31, "expression", 596),
        (&mime, 31, "expression", 596),
        (&merged, 20, "max-pods", 596),
        (&number, 20, "max-pods", 574),
    ] {
        let (_, stdout, stderr) = fed(
            command(&["maxpods", "m5.large", "--nodeclass", "-", "-o", "json"]),
            text.as_bytes(),
        );
        let expression = &rows(&stdout)[0]["expression"];
        let found =
            (&expression["value"], &expression["held_by"], &expression["kube_reserved_memory_mib"]);
        assert_eq!(found, (&value.into(), &held_by.into(), &reserved.into()), "{text}\n{stderr}");
    }
    // Karpenter sets max pods itself, whatever the user data says.
    let indented = NODE_CONFIG.replace('\n', "\n    ");
    let class = format!(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {{name: a}}\nspec:\n  userData: |\n    {indented}"
    );
    let (code, stdout, _) =
        fed(command(&["maxpods", "m5.large", "--nodeclass", "-", "-o", "json"]), class.as_bytes());
    let expression = &rows(&stdout)[0]["expression"];
    assert_eq!(
        (code, &expression["value"], &expression["held_by"]),
        (Some(0), &29.into(), &"default".into())
    );
    assert_eq!(expression["kube_reserved_memory_mib"], 596);
}

#[test]
fn what_a_file_lacks_is_said() {
    let folder = scratch("files");
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let deployment =
        put("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n");
    let other =
        put("other.yaml", &CLASSES.replace("name: prefix}\n      requ", "name: gone}\n      requ"));
    let broken = put("broken.yaml", &CLASSES.replace("min(250,", "min(250, foo +"));
    let windows = put("windows.yaml", &CLASSES.replace("al2023@latest", "windows2022@latest"));
    for (arguments, code, part) in [
        (
            vec!["m5.large", "--nodeclass", &deployment],
            2,
            "has no NodeClass and no NodeConfig, only Deployment",
        ),
        (vec!["--nodepool", &deployment], 2, "has no NodePool, only Deployment"),
        (vec!["--nodepool", &other], 2, "NodePool `general` uses EC2NodeClass `gone`, which"),
        (
            vec!["m5.large", "--nodeclass", &broken],
            2,
            "Karpenter has no variable `foo` (at column 10)",
        ),
        (
            vec!["m5.large", "--nodeclass", &windows],
            1,
            "EC2NodeClass static is of Windows: left out",
        ),
        (vec!["m5.large", "--nodeclass", "/nowhere.yaml"], 2, "cannot read /nowhere.yaml"),
        (vec!["m5.large", "--nodepool", &other], 2, "cannot be used with"),
        (
            vec!["m5.large", "--os", "windows", "--expression", "5", "--dialect", "karpenter"],
            2,
            "expressions are judged for Linux nodes only",
        ),
    ] {
        let (ended, _, stderr) = eksnet(&[vec!["maxpods"], arguments.clone()].concat());
        assert_eq!(ended, Some(code), "{arguments:?} {stderr}");
        assert!(stderr.contains(part), "{arguments:?} {stderr}");
    }
    let arguments = ["maxpods", "m5.large", "--nodeclass", &other, "--output-file", &other];
    assert_eq!(eksnet(&arguments).0, Some(2), "the output would replace the input");
}

/// Names and expressions are text from outside.
#[test]
fn hostile_names_and_texts_stay_text() {
    let class = "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: \"a\\e[31m|b\\n\"}\nspec:\n  kubelet: {maxPods: 20}\n";
    for format in ["table", "wide", "markdown", "csv"] {
        let (_, stdout, _) = fed(
            command(&["maxpods", "m5.large", "--nodeclass", "-", "-o", format]),
            class.as_bytes(),
        );
        assert!(!stdout.contains('\u{1b}'), "{format}");
    }
    let long = format!("'{}'", "x".repeat(100_000));
    for expression in ["\u{1b}[31m1", "\u{202e}1", "1\n+\n\u{1b}", &long, "(((((((((((((((((((((("]
    {
        for dialect in ["karpenter", "nodeadm", "castai"] {
            let (code, stdout, stderr) = judged(&["m5.large"], expression, dialect, &[]);
            assert!(matches!(code, Some(0 | 2)), "{expression:.20}");
            assert!(
                !stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'),
                "{expression:.20} {stderr}"
            );
            assert!(stdout.len() + stderr.len() < 3000, "{expression:.20}");
        }
    }
    let mut nul = command(&["maxpods", "m5.large", "--nodeclass", "-"]);
    nul.args(["-o", "plain"]);
    let (code, _, _) = fed(nul, b"apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: a}\nspec: {kubelet: {maxPods: \"\\0\"}}\n");
    assert_eq!(code, Some(2));
}
