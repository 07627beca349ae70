//! `eksnet maxpods --nodeclass`: which of the settings in a manifest and its user data the node gets.

use serde_json::Value;

use crate::run::{command, fed};

/// An EC2NodeClass, its user data a NodeConfig with this kubelet.
fn class(spec: &str, kubelet: &str) -> String {
    let name = "{name: a}";
    let mut text = format!(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name}\nspec:\n{spec}"
    );
    if !kubelet.is_empty() {
        text += "  userData: |\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n";
        text += &format!("    spec: {{kubelet: {{{kubelet}}}}}\n");
    }
    text
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
