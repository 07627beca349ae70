//! `eksnet maxpods --nodepool` where a NodePool has no answer, or no node.

use serde_json::Value;

use crate::run::{command, fed};

fn pool(name: &str, requirements: &str) -> String {
    format!(
        "---\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: {name}}}\nspec:\n  template:\n    \
         spec:\n      nodeClassRef: {{group: karpenter.k8s.aws, kind: EC2NodeClass, name: own}}\n      \
         requirements: [{{key: node.kubernetes.io/instance-type, operator: In, {requirements}}}]\n"
    )
}

const CLASS: &str = "---\napiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: own}\nspec: \
                     {kubelet: {maxPods: 20}}\n";

fn run(text: &str, more: &[&str]) -> (Option<i32>, String, String) {
    fed(command(&[&["maxpods", "--nodepool", "-"], more].concat()), text.as_bytes())
}

fn json(text: &str) -> (Option<i32>, Value) {
    let (code, out, err) = run(text, &["-q", "-o", "json"]);
    assert_eq!(err, "", "quiet");
    (code, serde_json::from_str(&out).unwrap())
}

/// Karpenter gives m5.16xlarge 15 x 49 + 2 = 737 pods where its class sets nothing; 250 is AWS's cap.
#[test]
fn a_class_that_no_file_has_is_said() {
    let text = pool("big", "values: [m5.16xlarge]");
    let part = "NodePool big is not judged: its EC2NodeClass own is in none of the files; the numbers are what \
                the addresses and the cap allow, not what Karpenter sets";
    for format in ["table", "plain", "csv", "hcl"] {
        let (code, out, err) = run(&text, &["-o", format]);
        assert_eq!(code, Some(0), "{err}");
        assert!(out.contains("250") && err.contains(part), "{format}\n{out}{err}");
    }
    let (code, value) = json(&text);
    assert_eq!((code, &value["rows"][0]["max_pods"]), (Some(0), &250.into()));
    assert_eq!(value["notes"], serde_json::json!([part]));
}

#[test]
fn a_pool_that_starts_no_node_is_a_problem() {
    let pool = pool("few", "values: [m5.large], minValues: 3");
    let why = "NodePool few: `node.kubernetes.io/instance-type` asks for 3 values and the types have 1: \
               Karpenter starts no node";
    let whole = [&pool, CLASS].concat();
    let (code, value) = json(&whole);
    let row = &value["rows"][0];
    assert_eq!((code, &row["expression"]["problems"]), (Some(1), &serde_json::json!(["no-node"])));
    assert_eq!((&row["expression"]["value"], &row["stranded_pods"]), (&Value::Null, &Value::Null));
    assert_eq!((&row["expression"]["reason"], &value["notes"][0]), (&why.into(), &why.into()));
    let (code, out, err) = run(&whole, &[]);
    assert_eq!((code, &err[..]), (Some(1), ""));
    assert!(out.starts_with(&format!("{why}\nm5.large: no node starts\n")), "{out}");
    assert!(!out.contains("not Ready"), "{out}");
    // Without its class there is no verdict, and still no node.
    let (code, out, _) = run(&pool, &[]);
    assert!(code == Some(1) && out.starts_with(why), "{out}");
    assert_eq!(run(&pool, &["-o", "plain"]).0, Some(1));
}

#[test]
fn a_pool_without_types_is_no_pass() {
    let slip = pool("slip", "values: [\"${family}\"]");
    let none = "NodePool slip admits no instance type of the table";
    for text in [
        slip.clone(),
        [&slip, CLASS].concat(),
        [&slip, &pool("ok", "values: [m5.large]"), CLASS].concat(),
    ] {
        let (code, out, err) = run(&text, &[]);
        assert_eq!(code, Some(4), "{err}");
        assert!(out.starts_with(none), "{out}");
        assert!(err.contains("has values of no instance type in the table: ${family}"), "{err}");
        assert!(!err.contains("not judged"), "{err}");
        let (code, value) = json(&text);
        assert_eq!(code, Some(4));
        assert!(value["notes"].as_array().unwrap().contains(&none.into()), "{value}");
    }
    let (code, out, err) = run(&slip, &["-o", "karpenter"]);
    assert_eq!((code, &out[..]), (Some(2), ""));
    assert!(err.contains(none), "{err}");
}

/// What a class sets is not what eksnet's file would set.
#[test]
fn no_file_takes_the_place_of_what_is_judged() {
    let text = [&pool("own", "values: [m5.large]"), CLASS].concat();
    for format in ["hcl", "nodeadm", "karpenter", "eksctl", "bottlerocket"] {
        let (code, out, err) = run(&text, &["-o", format]);
        assert_eq!((code, &out[..]), (Some(2), ""), "{format}");
        assert!(err.contains("has eksnet's numbers, not those of an expression"), "{err}");
    }
}

#[test]
fn plain_rows_of_several_pools_say_whose_they_are() {
    let two = [&pool("a", "values: [m5.large]"), &pool("b", "values: [m5.large]"), CLASS].concat();
    assert_eq!(run(&two, &["-o", "plain"]).1, "m5.large\t20\ta\nm5.large\t20\tb\n");
    let classes = [CLASS, &CLASS.replace("own", "low").replace("20", "10")].concat();
    let arguments = ["maxpods", "m5.large", "--nodeclass", "-", "-o", "plain"];
    let (_, out, _) = fed(command(&arguments), classes.as_bytes());
    assert_eq!(out, "m5.large\t20\town\nm5.large\t10\tlow\n");
}
