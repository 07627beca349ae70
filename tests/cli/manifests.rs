//! `eksnet maxpods --nodeclass`: which of the settings in a manifest and its user data the node gets.

use std::fs;

use serde_json::Value;

use crate::run::{command, eksnet, fed, scratch};

/// An EC2NodeClass, its user data a NodeConfig with this kubelet.
fn class(spec: &str, kubelet: &str) -> String {
    let name = "{name: a}";
    let head = format!(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name}\nspec:\n{spec}"
    );
    if kubelet.is_empty() {
        return head;
    }
    format!(
        "{head}  userData: |\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n    spec: \
         {{kubelet: {{{kubelet}}}}}\n"
    )
}

fn node_config(kubelet: &str) -> String {
    format!(
        "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {{kubelet: {{{kubelet}}}}}\n"
    )
}

/// The exit code, the row of m5.large, and stderr.
fn of_m5_large(text: &str) -> (Option<i32>, Value, String) {
    let named = ["maxpods", "m5.large", "--nodeclass", "-", "-o", "json"];
    let (code, stdout, stderr) = fed(command(&named), text.as_bytes());
    let value: Value = serde_json::from_str(&stdout)
        .unwrap_or_else(|error| panic!("{error}\n{text}\n{stdout}\n{stderr}"));
    (code, value["rows"][0].clone(), stderr)
}

/// The value, the memory for Kubernetes and who holds the value.
fn told(row: &Value) -> (Option<u64>, Option<u64>, &str) {
    let expression = &row["expression"];
    (
        expression["value"].as_u64(),
        expression["kube_reserved_memory_mib"].as_u64(),
        expression["held_by"].as_str().unwrap_or_default(),
    )
}

const AL2023: &str = "  amiSelectorTerms: [{alias: al2023@latest}]\n";
const ALL: &str = "config: {maxPods: 50, podsPerCore: 4, kubeReserved: {memory: 5Gi}}, flags: \
                   [--max-pods=200]";

/// m5.large has 2 vCPUs and 8 GiB; Karpenter's number is 29, and 11 x 29 + 255 are 574 MiB.
#[test]
fn what_karpenter_does_not_write_the_user_data_sets() {
    let own = |kubelet: &str| format!("{AL2023}  kubelet: {kubelet}\n");
    for (spec, kubelet, value, reserved, held_by) in [
        (AL2023.to_owned(), "", 29, 574, "default"),
        // 4 pods a vCPU are 8, and 5 GiB are more than half of the memory.
        (AL2023.to_owned(), ALL, 8, 5120, "pods-per-core"),
        (AL2023.to_owned(), "config: {maxPods: 50}", 29, 574, "default"),
        (AL2023.to_owned(), "flags: [--max-pods=200]", 200, 574, "max-pods"),
        (own("{maxPods: 20}"), "flags: [--max-pods=200]", 200, 475, "max-pods"),
        // What Karpenter writes comes after.
        (own("{podsPerCore: 10}"), "config: {podsPerCore: 4}", 20, 475, "pods-per-core"),
        (own("{podsPerCore: 10}"), "flags: [--pods-per-core=4]", 8, 475, "pods-per-core"),
        (
            own("{kubeReserved: {memory: 1Gi}}"),
            "config: {kubeReserved: {memory: 5Gi}}",
            29,
            1024,
            "default",
        ),
        (
            own("{kubeReserved: {cpu: 100m}}"),
            "config: {kubeReserved: {memory: 5Gi}}",
            29,
            5120,
            "default",
        ),
        // A flag replaces all of kubeReserved.
        (
            own("{kubeReserved: {memory: 1Gi}}"),
            "flags: [--kube-reserved=memory=2Gi]",
            29,
            2048,
            "default",
        ),
        (
            own("{kubeReserved: {memory: 1Gi}}"),
            "flags: [--kube-reserved=cpu=100m]",
            29,
            0,
            "default",
        ),
        // No nodeadm there.
        ("  amiFamily: Bottlerocket\n".to_owned(), ALL, 29, 574, "default"),
        ("  amiFamily: AL2\n".to_owned(), ALL, 29, 574, "default"),
    ] {
        let text = class(&spec, kubelet);
        let (code, row, stderr) = of_m5_large(&text);
        assert_eq!(told(&row), (Some(value), Some(reserved), held_by), "{text}{stderr}");
        let is_wrong = value > 29 || reserved > 4096;
        assert_eq!(code, Some(i32::from(is_wrong)), "{text}{row}");
    }
    // The class is not Ready: no flag starts a node.
    let text = class(&own("{maxPods: 1/0}"), "flags: [--max-pods=20]");
    let (code, row, _) = of_m5_large(&text);
    assert_eq!((code, &row["expression"]["value"]), (Some(1), &Value::Null), "{row}");
}

#[test]
fn a_custom_family_is_judged_by_its_user_data_or_not_at_all() {
    let custom = "  amiFamily: Custom\n  amiSelectorTerms: [{id: ami-0123456789abcdef0}]\n  kubelet: \
                  {maxPods: 20}\n";
    let (code, row, stderr) = of_m5_large(&class(custom, "config: {maxPods: 110}"));
    assert_eq!((code, told(&row)), (Some(1), (Some(110), Some(574), "max-pods")), "{row}");
    assert_eq!(row["expression"]["dialect"], "nodeadm");
    assert!(stderr.contains("EC2NodeClass a has amiFamily Custom"), "{stderr}");
    let script =
        format!("{custom}  userData: |\n    #!/bin/bash\n    bootstrap.sh --max-pods=200\n");
    for text in [class(custom, ""), class(&script, "")] {
        let (code, row, stderr) = of_m5_large(&text);
        assert_eq!((code, &row["expression"]["status"]), (Some(4), &"unknown".into()), "{stderr}");
        assert_eq!(row["expression"]["value"], Value::Null);
        let reason = row["expression"]["reason"].as_str().unwrap();
        assert!(
            reason.starts_with("amiFamily Custom: Karpenter passes the user data alone"),
            "{reason}"
        );
    }
    let windows = "  amiFamily: Custom\n  amiSelectorTerms: [{alias: windows2022@latest}]\n";
    let (code, _, stderr) =
        fed(command(&["maxpods", "m5.large", "--nodeclass", "-"]), class(windows, "").as_bytes());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("EC2NodeClass a is of Windows: left out"), "{stderr}");
}

/// nodeadm joins all flags with spaces, and the words are split again.
#[test]
fn flags_of_the_kubelet_are_read_in_every_spelling() {
    for (flags, value, reserved) in [
        ("['--max-pods 200']", 200, 574),
        ("[--max-pods, '200']", 200, 574),
        ("['--node-labels=a=b --max-pods=40']", 40, 574),
        ("['--node-labels=\"a=b,c=d\"', --max_pods=40, --max-pods=41]", 41, 574),
        ("[--pods-per-core=2]", 4, 574),
        ("[--kube-reserved=memory=5Gi]", 29, 5120),
        ("['--kube-reserved=cpu=1,memory=5Gi', --kube-reserved=memory=1Gi]", 29, 1024),
        ("[-v=2, '--v 5', --max-pods=30]", 30, 574),
    ] {
        let (_, row, stderr) = of_m5_large(&node_config(&format!("flags: {flags}")));
        assert_eq!(
            (
                row["expression"]["value"].as_u64(),
                row["expression"]["kube_reserved_memory_mib"].as_u64()
            ),
            (Some(value), Some(reserved)),
            "{flags} {stderr}"
        );
    }
    let (_, row, _) = of_m5_large(&node_config("flags: [--system-reserved=memory=5Gi]"));
    assert_eq!(row["expression"]["system_reserved_memory_mib"], 5120, "{row}");
    for (flags, message) in [
        ("[--max-pods]", "spec.kubelet.flags[0]: `--max-pods` has no value"),
        ("[--max-pods=x]", "spec.kubelet.flags[0]: `--max-pods`: `x` is not a whole number from 0"),
        (
            "[-v=2, --kube-reserved=5Gi]",
            "spec.kubelet.flags[1]: `--kube-reserved`: `5Gi` is not RESOURCE=AMOUNT, such as memory=1Gi",
        ),
    ] {
        let text = node_config(&format!("flags: {flags}"));
        let (code, _, stderr) =
            fed(command(&["maxpods", "m5.large", "--nodeclass", "-"]), text.as_bytes());
        assert_eq!(code, Some(2), "{flags}");
        assert!(stderr.contains(&format!("stdin:3: {message}")), "{stderr}");
    }
}

fn refused(text: &str, flag: &str) -> String {
    let types: &[&str] = if flag == "--nodepool" { &[] } else { &["m5.large"] };
    let words = [&["maxpods"], types, &[flag, "-"]].concat();
    let (code, stdout, stderr) = fed(command(&words), text.as_bytes());
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{text}\n{stderr}");
    stderr
}

fn pool(version: &str, spec: &str) -> String {
    let name = "{name: p}";
    format!("apiVersion: karpenter.sh/{version}\nkind: NodePool\nmetadata: {name}\nspec: {spec}\n")
}

/// Both lines of the error begin so.
fn assert_told(stderr: &str, error: &str, hint: &str) {
    let mut lines = stderr.lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    assert!(first.starts_with(&format!("error: {error}")), "{stderr}\n{error}");
    assert!(second.starts_with(&format!("hint: {hint}")), "{stderr}\n{hint}");
}

#[test]
fn a_key_in_the_wrong_place_is_an_error() {
    let requirements = "requirements: [{key: a, operator: Exists}]";
    let nodeclass = "--nodeclass";
    for (text, flag, error, hint) in [
        (
            class("  maxPods: 110\n", ""),
            nodeclass,
            "stdin:5: spec.maxPods: ",
            "move `maxPods` to spec.kubelet",
        ),
        (
            class("  kubeletConfiguration: {maxPods: 110}\n", ""),
            nodeclass,
            "stdin:5: spec.kubeletConfiguration: ",
            "move `kubeletConfiguration` to spec.kubelet",
        ),
        (
            class("  kubelet: {config: {maxPods: 110}}\n", ""),
            nodeclass,
            "stdin:5: spec.kubelet.config: ",
            "move `config` to kubelet itself, key by key",
        ),
        (
            node_config("maxPods: 110"),
            nodeclass,
            "stdin:3: spec.kubelet.maxPods: ",
            "move `maxPods` to spec.kubelet.config",
        ),
        (
            node_config("").replace("kubelet: {}", "maxPods: 110"),
            nodeclass,
            "stdin:3: spec.maxPods: ",
            "move `maxPods` to spec.kubelet.config",
        ),
        (
            node_config("config: {maxPodsExpression: max_pods}"),
            nodeclass,
            "stdin:3: spec.kubelet.config.maxPodsExpression: ",
            "move `maxPodsExpression` to spec.kubelet",
        ),
        (
            pool("v1", &format!("{{{requirements}, template: {{}}}}")),
            "--nodepool",
            "stdin:4: spec.requirements: ",
            "move `requirements` to spec.template.spec",
        ),
        (
            pool("v1", &format!("{{template: {{{requirements}, spec: {{}}}}}}")),
            "--nodepool",
            "stdin:4: spec.template.requirements: ",
            "move `requirements` to spec.template.spec",
        ),
        (
            pool("v1", "{template: {spec: {kubelet: {maxPods: 8}}}}"),
            "--nodepool",
            "stdin:4: spec.template.spec.kubelet: a NodePool of v1 has no `kubelet`",
            "move `kubelet` to spec of the EC2NodeClass",
        ),
    ] {
        let stderr = refused(&text, flag);
        assert_told(&stderr, error, hint);
    }
    // The version that has it.
    let one = "{key: node.kubernetes.io/instance-type, operator: In, values: [m5.large]}";
    let old = pool(
        "v1beta1",
        &format!("{{template: {{spec: {{kubelet: {{maxPods: 8}}, requirements: [{one}]}}}}}}"),
    );
    let (_, stdout, stderr) =
        fed(command(&["maxpods", "--nodepool", "-", "-o", "json"]), old.as_bytes());
    let value: Value =
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}{stderr}"));
    assert_eq!(value["rows"][0]["expression"]["value"], 8);
}

#[test]
fn two_objects_of_one_name_are_an_error_unless_they_say_the_same() {
    let of = |pods: u32| class(&format!("  kubelet: {{maxPods: {pods}}}\n"), "");
    let two = |first: u32, second: u32| format!("{}---\n{}", of(first), of(second));
    let stderr = refused(&two(20, 21), "--nodeclass");
    assert_told(
        &stderr,
        "stdin:7: EC2NodeClass `a` is in stdin:1 too, with other settings",
        "a name stands for one object in a cluster",
    );
    let (_, stdout, _) = fed(
        command(&["maxpods", "m5.large", "--nodeclass", "-", "-o", "plain"]),
        two(20, 20).as_bytes(),
    );
    assert_eq!(stdout, "m5.large\t20\n");
    let folder = scratch("one-name");
    let [first, second] = ["classes.yaml", "pools.yaml"].map(|name| folder.join(name));
    let one = "{template: {spec: {nodeClassRef: {name: a}}}}";
    fs::write(&first, of(20)).unwrap();
    let both = |pods: u32| format!("{}---\n{}", pool("v1", one), of(pods));
    for (pods, is_refused) in [(21, true), (20, false)] {
        fs::write(&second, both(pods)).unwrap();
        let named =
            ["--nodeclass", first.to_str().unwrap(), "--nodepool", second.to_str().unwrap()];
        let (code, _, stderr) = eksnet(&[&["maxpods", "-o", "plain"], &named[..]].concat());
        assert_eq!(code == Some(2), is_refused, "{stderr}");
        assert_eq!(
            stderr.contains("pools.yaml:6: EC2NodeClass `a` is in "),
            is_refused,
            "{stderr}"
        );
    }
}

#[test]
fn what_is_not_read_is_said_in_plain_words() {
    let deep = format!("{}1{}", "{\"a\":".repeat(70), "}".repeat(70));
    let anchor = |name: u8| {
        let before = char::from(name - 1);
        let name = char::from(name);
        format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", "))
    };
    let anchors: Vec<String> = (b'b'..=b'h').map(anchor).collect();
    let bomb = format!("a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n{}", anchors.concat());
    let gzip = "H4sIAAAAAAAAA0vOSSwuVsgtLcnMz0vVUVBwyy9KzStRKEosLskvSi3iAgDJ";
    let judge = "eksnet reads EC2NodeClasses, NodePools and NodeConfigs: judge the number";
    let split = "split the file, or pass the one object alone";
    let text = |value: &str| node_config(&format!("config: {{maxPods: {value}}}"));
    for (text, error, hint) in [
        (
            "#!/bin/bash\nbootstrap.sh --max-pods=110\n".to_owned(),
            "stdin: is a shell script",
            judge,
        ),
        (
            "\n# mine\n[settings.kubernetes]\nmax-pods = 110\n".to_owned(),
            "stdin: is TOML for Bottlerocket",
            judge,
        ),
        ("#cloud-config\nruncmd: [ls]\n".to_owned(), "stdin: is cloud-config", judge),
        (
            "a: 1\n".to_owned(),
            "stdin has no NodeClass and no NodeConfig, only an object without `kind`",
            "",
        ),
        (deep, "stdin:1: values are nested more than 64 deep", split),
        ("a: 1\n---\n".repeat(1100), "stdin:2048: there are more than 1,024 documents", split),
        (bomb, "stdin:", split),
        (
            gzip.to_owned(),
            "stdin: is base64 of a compressed text (gzip)",
            "unpack it with `base64 -d FILE | gunzip`",
        ),
        (
            text("\"110\""),
            "stdin:3: spec.kubelet.config.maxPods: \"110\" is text, not a whole number",
            "write the number without quotes",
        ),
        (
            text("1e2"),
            "stdin:3: spec.kubelet.config.maxPods: `1e2` is not a whole number from 0",
            "correct the line; on a node, `nodeadm config check`",
        ),
        (
            class("  kubelet: {maxPods: 110.0}\n", ""),
            "stdin:5: spec.kubelet.maxPods: `110.0` is not a whole number or an expression",
            "correct the line, and check the manifest with `kubectl apply",
        ),
        (
            class("  kubelet: {maxPods: 010}\n", ""),
            "stdin:5: spec.kubelet.maxPods: `010` is not a whole number or an expression",
            "correct the line, and check the manifest with `kubectl apply",
        ),
    ] {
        let stderr = refused(&text, "--nodeclass");
        assert_told(&stderr, error, hint);
        assert!(!stderr.contains("budget") && stderr.len() < 600, "{stderr}");
    }
    let script = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n--//\n\
                  Content-Type: text/x-shellscript\n\n#!/bin/bash\nls\n\n--//--\n";
    let stderr = refused(script, "--nodeclass");
    assert_told(&stderr, "stdin has no NodeClass and no NodeConfig, only text/x-shellscript", "");
}

/// 3 ENIs of 9 slots, of which prefixes take 9: 18 addresses and 2 pods on the host network. With prefix delegation
/// the pods get them.
#[test]
fn prefixes_of_the_class_take_slots() {
    let text =
        |pods: u32| class(&format!("  ipPrefixCount: 9\n  kubelet: {{maxPods: {pods}}}\n"), "");
    for (pods, mode, most, stranded) in [
        (29, &[][..], 20, 9),
        (20, &[], 20, 0),
        (29, &["--prefix"], 434, 0),
        (29, &["--custom-networking"], 20, 9),
    ] {
        let words = [&["maxpods", "m5.large", "--nodeclass", "-", "-o", "json"], mode].concat();
        let (_, stdout, stderr) = fed(command(&words), text(pods).as_bytes());
        let value: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
        let row = &value["rows"][0];
        let found = (row["eni_max_pods"].as_u64(), row["stranded_pods"].as_u64());
        assert_eq!(found, (Some(most), Some(stranded)), "{pods} {mode:?}");
    }
    let stderr = refused(&class("  ipPrefixCount: 10\n", ""), "--nodeclass");
    assert!(stderr.contains("an ENI of `m5.large` holds 9 addresses or prefixes"), "{stderr}");
}

/// nodeadm's table has 11 pods for a t3.small: 11 x 11 + 255 are 376 MiB, and 11 x 110 + 255 are 1,465.
#[test]
fn what_nodeadm_reserves_is_said_where_karpenter_reckons_with_more() {
    let own = |more: &str| format!("{AL2023}  kubelet: {{maxPods: 110{more}}}\n");
    let bottlerocket = own("").replace("al2023", "bottlerocket");
    for (spec, data, mib) in [
        (own(""), "", Some(376)),
        (own("").replace(AL2023, ""), "", Some(376)),
        (own(", kubeReserved: {memory: 500Mi}"), "", None),
        (own(""), "config: {kubeReserved: {memory: 500Mi}}", None),
        (own(""), "maxPodsExpression: '40'", None),
        (bottlerocket, "", None),
        (AL2023.to_owned(), "", None),
    ] {
        let text = class(&spec, data);
        let words = ["maxpods", "t3.small", "t3.micro", "--nodeclass", "-"];
        let (_, stdout, _) = fed(command(&words), text.as_bytes());
        let note = "nodeadm on AL2023 reserves by its own table (299 MiB on t3.micro)";
        assert_eq!(stdout.matches(note).count(), usize::from(mib.is_some()), "{text}{stdout}");
        let (_, stdout, _) = fed(command(&[&words[..], &["-o", "json"]].concat()), text.as_bytes());
        let value: Value = serde_json::from_str(&stdout).unwrap();
        let expression = &value["rows"][0]["expression"];
        assert_eq!(expression["nodeadm_reserved_memory_mib"].as_u64(), mib, "{text}");
        // The verdict is that of Karpenter's number.
        if mib.is_some() {
            assert_eq!(expression["kube_reserved_memory_mib"], 1465);
        }
    }
}
