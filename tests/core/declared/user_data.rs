//! NodeConfigs bare, in user data, and in the user data of a NodeClass.

use eksnet::declared::{NodeConfig, read};

const NODE_CONFIG: &str = "\
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  cluster: {name: prod}
  kubelet:
    config:
      maxPods: 42
      kubeReserved: {memory: 500Mi}
    maxPodsExpression: '((default_enis - 1) * (ips_per_eni - 1)) + 2'
    flags: ['--node-labels=a=b', '--max-pods=50']
";

fn mime(part: &str) -> String {
    format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n--//\n\
         Content-Type: application/node.eks.aws\n\n---\n{part}\n--//\n\
         Content-Type: text/x-shellscript; charset=\"us-ascii\"\n\n#!/bin/bash\necho hello\n\n--//--\n"
    )
}

fn configs(text: &str) -> Vec<NodeConfig> {
    read("user-data", text).unwrap_or_else(|error| panic!("{error}\n{text}")).node_configs
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut all = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3)
            .fold(0_usize, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let is_there = digit <= chunk.len();
            let at = bits >> (18 - 6 * digit) & 63;
            all.push(if is_there { char::from(DIGITS[at]) } else { '=' });
        }
    }
    all
}

#[test]
fn a_node_config_is_read_wherever_it_stands() {
    let bare = configs(NODE_CONFIG);
    let [config] = bare.as_slice() else { panic!("{bare:?}") };
    assert_eq!((config.max_pods, config.flags.max_pods), (Some(42), Some(50)));
    let expression = "((default_enis - 1) * (ips_per_eni - 1)) + 2";
    assert_eq!(config.max_pods_expression.as_deref(), Some(expression));
    assert_eq!(config.reserves.kube_reserved["memory"], "500Mi");
    let in_parts = mime(NODE_CONFIG);
    for text in
        [in_parts.clone(), in_parts.replace('\n', "\r\n"), base64(&in_parts), base64(NODE_CONFIG)]
    {
        assert_eq!(configs(&text), bare, "{text}");
    }
    let part = mime(NODE_CONFIG).replace(
        "Content-Type: application/node.eks.aws\n",
        "Content-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n",
    );
    let part = part.replace(&format!("---\n{NODE_CONFIG}"), &base64(NODE_CONFIG));
    assert_eq!(configs(&part), bare, "{part}");
}

#[test]
fn the_user_data_of_a_node_class_is_looked_into() {
    let class = |data: &str| {
        let indented = data.replace('\n', "\n    ");
        format!(
            "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {{name: a}}\nspec:\n  \
             userData: |\n    {indented}\n"
        )
    };
    for data in [NODE_CONFIG.to_owned(), mime(NODE_CONFIG)] {
        let found = read("class.yaml", &class(&data)).unwrap();
        let configs = &found.ec2_node_classes[0].node_configs;
        assert_eq!(configs[0].max_pods, Some(42), "{data}");
    }
    for data in ["#!/bin/bash\n/etc/eks/bootstrap.sh prod", "[settings.kubernetes]\nmax-pods = 5"] {
        let found = read("class.yaml", &class(data)).unwrap();
        assert!(found.ec2_node_classes[0].node_configs.is_empty(), "{data}");
    }
}

#[test]
fn what_is_wrong_in_a_part_is_told_with_the_line_of_the_file() {
    let wrong = NODE_CONFIG.replace("maxPods: 42", "maxPods: many");
    let told = |text: &str| read("user-data", text).unwrap_err().to_string();
    let message = "spec.kubelet.config.maxPods: `many` is not a whole number from 0";
    assert_eq!(told(&wrong), format!("user-data:7: {message}"));
    assert_eq!(told(&mime(&wrong)), format!("user-data:14: {message}"));
    assert_eq!(told(&base64(&mime(&wrong))), format!("user-data:1: {message}"));
    let flag = NODE_CONFIG.replace("--max-pods=50", "--max-pods=x");
    assert_eq!(
        told(&flag),
        "user-data:10: spec.kubelet.flags[1]: `--max-pods`: `x` is not a whole number from 0"
    );
}
