//! What nodes read when they start: `nodeadm.yaml`, `bottlerocket.toml`, `user-data.mime`. One of each where all
//! groups have the same max pods, else one a group.

use std::{collections::BTreeSet, io};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    cluster::{Cluster, Group},
    file::EmittedFile,
    site::Site,
    text::{comment, yaml},
};

const BOUNDARY: &str = "==EKSNET-NODE==";
pub(super) const IGNORED: &str =
    "A managed node group without a custom AMI ignores this and sets max pods by itself.";

/// The files of a cluster.
pub(super) fn files(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Vec<EmittedFile>> {
    let mut files = Vec::new();
    let mut met = BTreeSet::new();
    for group in cluster.groups.iter().filter(|group| group.has_user_data()) {
        let config = node_config(site, group);
        let all = [
            ("nodeadm", "yaml", nodeadm(site, &config)?),
            ("bottlerocket", "toml", bottlerocket(site, group)?),
            ("user-data", "mime", user_data(&config)?),
        ];
        for (stem, extension, text) in all {
            let path = name(cluster, group, stem, extension);
            if met.insert(path.clone()) {
                files.push(EmittedFile { path, text });
            }
        }
    }
    Ok(files)
}

/// The name of a group's file.
pub(super) fn name(
    cluster: &Cluster<'_>,
    group: &Group<'_>,
    stem: &str,
    extension: &str,
) -> String {
    let groups = cluster.groups.iter().filter(|group| group.has_user_data());
    let distinct: BTreeSet<u32> = groups.map(|group| group.planned.max_pods).collect();
    let of = if distinct.len() > 1 { format!("-{}", group.ident.kebab()) } else { String::new() };
    format!("{}{stem}{of}.{extension}", cluster.folder())
}

/// The range of Service addresses, or its placeholder.
pub(super) fn service_cidr(site: &Site<'_>) -> String {
    site.service_cidr().map_or_else(|| "${SERVICE_CIDR}".to_owned(), |cidr| cidr.to_string())
}

/// Whether the range of Service addresses is a placeholder.
pub(super) fn lacks_service_cidr(site: &Site<'_>) -> bool {
    service_cidr(site).starts_with('$')
}

/// A NodeConfig (awslabs/amazon-eks-ami `nodeadm/api/v1alpha1`).
fn node_config(site: &Site<'_>, group: &Group<'_>) -> Value {
    let cluster = json!({
        "name": "${CLUSTER_NAME}",
        "apiServerEndpoint": "${API_SERVER_ENDPOINT}",
        "certificateAuthority": "${CERTIFICATE_AUTHORITY}",
        "cidr": service_cidr(site),
    });
    let kubelet = json!({"config": {"maxPods": group.planned.max_pods}});
    node_config_of(&json!({"cluster": cluster, "kubelet": kubelet}))
}

/// A NodeConfig of a spec.
pub(super) fn node_config_of(spec: &Value) -> Value {
    json!({"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec})
}

fn nodeadm(site: &Site<'_>, config: &Value) -> io::Result<String> {
    let about = site.about("Nodes with Amazon Linux 2023.");
    yaml(&format!("{about}\n{IGNORED}"), std::slice::from_ref(config))
}

/// The user data of a group's nodes.
pub(super) fn user_data_of(site: &Site<'_>, group: &Group<'_>) -> io::Result<String> {
    user_data(&node_config(site, group))
}

/// The same as user data of a launch template.
fn user_data(config: &Value) -> io::Result<String> {
    let config = yaml("", std::slice::from_ref(config))?;
    Ok(format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\n\n--{BOUNDARY}\n\
         Content-Type: application/node.eks.aws\n\n{config}\n--{BOUNDARY}--\n"
    ))
}

#[derive(Serialize)]
struct Bottlerocket {
    settings: BottlerocketSettings,
}

#[derive(Serialize)]
struct BottlerocketSettings {
    kubernetes: BottlerocketKubernetes,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct BottlerocketKubernetes {
    #[serde(flatten)]
    cluster: Option<BottlerocketCluster>,
    max_pods: u32,
}

/// What leads a node to its cluster.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct BottlerocketCluster {
    api_server: &'static str,
    cluster_certificate: &'static str,
    cluster_name: &'static str,
}

fn bottlerocket(site: &Site<'_>, group: &Group<'_>) -> io::Result<String> {
    let cluster = BottlerocketCluster {
        api_server: "${API_SERVER_ENDPOINT}",
        cluster_certificate: "${CERTIFICATE_AUTHORITY}",
        cluster_name: "${CLUSTER_NAME}",
    };
    let kubernetes =
        BottlerocketKubernetes { cluster: Some(cluster), max_pods: group.planned.max_pods };
    bottlerocket_of(&site.about("Nodes with Bottlerocket."), kubernetes)
}

/// Settings that say max pods alone.
pub(super) fn bottlerocket_max_pods(about: &str, max_pods: u32) -> io::Result<String> {
    bottlerocket_of(about, BottlerocketKubernetes { cluster: None, max_pods })
}

fn bottlerocket_of(about: &str, kubernetes: BottlerocketKubernetes) -> io::Result<String> {
    let settings = Bottlerocket { settings: BottlerocketSettings { kubernetes } };
    let written = toml::to_string(&settings).map_err(io::Error::other)?;
    Ok(format!("{}{written}", comment(&format!("{about}\n{IGNORED}"))))
}
