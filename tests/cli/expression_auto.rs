//! `eksnet maxpods` with NodeClasses and NodePools of EKS Auto Mode: they set no max pods, and say what the flags do.

use std::fs;

use serde_json::Value;

use crate::run::{command, eksnet, fed, scratch};

fn class(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )
}

fn pool(name: &str, class: &str, requirement: &str) -> String {
    format!(
        "---\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: {name}}}\nspec:\n  template:\n    \
         spec:\n      nodeClassRef: {{group: eks.amazonaws.com, kind: NodeClass, name: {class}}}\n      \
         requirements: [{{{requirement}}}]\n"
    )
}

fn of(types: &str) -> String {
    format!("key: node.kubernetes.io/instance-type, operator: In, values: [{types}]")
}

const PODS_APART: &str =
    "{podSubnetSelectorTerms: [{id: subnet-0a}], podSecurityGroupSelectorTerms: [{id: sg-0a}]}";
const SINGLE: &str = "{advancedNetworking: {ipv4PrefixSize: \"32\"}}";

#[test]
fn a_node_class_says_what_the_flags_say() {
    for (spec, flags) in [
        ("{}", &["--auto-mode"][..]),
        (SINGLE, &["--auto-mode", "--ipv4-prefix-size", "32"]),
        (PODS_APART, &["--auto-mode", "--pod-subnets"]),
    ] {
        for output in ["table", "json", "csv", "plain", "hcl"] {
            let asked = ["maxpods", "m5.large", "m5.4xlarge", "c4.large", "-o", output];
            let given = class("one", spec);
            let by_file =
                fed(command(&[&asked, &["--nodeclass", "-"][..]].concat()), given.as_bytes());
            assert_eq!(by_file, eksnet(&[&asked, flags].concat()), "{spec} {output}");
            assert_eq!(by_file.0, Some(0), "{spec} {output}: {}", by_file.2);
        }
    }
}

#[test]
fn a_node_pool_has_the_types_that_auto_mode_launches() {
    let folder = scratch("auto-pools");
    let path = folder.join("pools.yaml");
    let text = [
        pool("a", "default", &of("m5.large, t3.nano")),
        pool("b", "default", &of("c5.large, m5.large")),
    ];
    fs::write(&path, text.concat()).unwrap();
    let named = path.display().to_string();
    let (code, out, err) = eksnet(&["maxpods", "--nodepool", &named, "-o", "plain"]);
    assert_eq!((code, &out[..]), (Some(0), "c5.large\t29\nm5.large\t29\n"), "{err}");
    for part in [
        "NodePool a: its NodeClass default is taken to be the one that EKS makes, with prefixes and no pod subnets",
        "NodePool a: 1 type is left out: EKS Auto Mode launches none of them",
    ] {
        assert!(err.contains(part), "{part}\n{err}");
    }
    // Its NodeClass, where one file has it, decides.
    let class_path = folder.join("class.yaml");
    fs::write(&class_path, class("default", PODS_APART)).unwrap();
    let both = ["--nodeclass", &class_path.display().to_string(), "--nodepool", &named];
    let (code, out, err) = eksnet(&[&["maxpods", "-o", "json"][..], &both].concat());
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("is taken to be"), "{err}");
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["settings"]["pod_subnets"], true);
    let pods: Vec<u64> = value["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["max_pods"].as_u64().unwrap())
        .collect();
    assert_eq!(pods, [20, 20], "two ENIs of three carry pods: 2 x 9 + 2");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_has_no_one_answer_is_refused() {
    let interfaces = "{advancedNetworking: {networkInterfaces: [{networkCardIndex: 0, deviceIndex: 0, interfaceType: interface}]}}";
    let karpenter = "---\napiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: own}\nspec: {}\n";
    for (text, arguments, part) in [
        (
            [class("usual", "{}"), class("single", SINGLE)].concat(),
            &["m5.large", "--nodeclass", "-"][..],
            "the nodes of NodeClass `usual` take addresses another way than those of single",
        ),
        (
            class("listed", interfaces),
            &["m5.large", "--nodeclass", "-"],
            "NodeClass `listed` lists networkInterfaces",
        ),
        (
            pool("p", "mine", &of("m5.large")),
            &["--nodepool", "-"],
            "NodePool `p` uses NodeClass `mine`, which none of the files has",
        ),
        (
            class("usual", "{}"),
            &["m5.large", "--nodeclass", "-", "--prefix"],
            "--prefix cannot be used with a NodeClass of EKS Auto Mode",
        ),
        (
            class("usual", "{}"),
            &["m5.large", "--nodeclass", "-", "-o", "karpenter"],
            "EKS Auto Mode sets max pods by itself",
        ),
    ] {
        let run = command(&[&["maxpods"], arguments].concat());
        let (code, out, err) = fed(run, text.as_bytes());
        assert_eq!((code, &out[..]), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(part), "{part}\n{err}");
    }
    // Beside classes of Karpenter there is something to judge.
    let text = [class("usual", "{}").as_str(), karpenter].concat();
    let (code, out, err) =
        fed(command(&["maxpods", "m5.large", "--nodeclass", "-"]), text.as_bytes());
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("own") && err.contains("NodeClass usual is of EKS Auto Mode"),
        "{out}{err}"
    );
}
