//! Files for kubectl and Helm: `eniconfigs.yaml`, `vpc-cni-addon.json`, `vpc-cni-values.yaml`, `set-env.sh`.

use std::io;

use serde_json::{Value, json};

use super::{
    cluster::Cluster,
    config,
    site::Site,
    text::{comment, json as written_json, yaml},
    windows,
};
use crate::finding::quoted;
use crate::plan::variables::changes;

/// `eniconfigs.yaml`; `None` without custom networking.
pub(super) fn eni_configs(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Option<String>> {
    let documents: Vec<Value> = cluster
        .eni_configs()
        .into_iter()
        .map(|(name, subnet)| {
            json!({
                "apiVersion": "crd.k8s.amazonaws.com/v1alpha1",
                "kind": "ENIConfig",
                "metadata": {"name": name},
                "spec": {"subnet": site.subnet_id(subnet)},
            })
        })
        .collect();
    if documents.is_empty() {
        return Ok(None);
    }
    let about = site.about(
        "One ENIConfig for each zone. Pods have the security groups of their node's primary ENI: add \
         securityGroups for others.",
    );
    yaml(&about, &documents).map(Some)
}

/// The configuration of the add-on, with placeholders for ids.
pub(super) fn configuration(site: &Site<'_>, cluster: &Cluster<'_>) -> Value {
    config::config(site, cluster).json(&|subnet: &str| site.subnet_id(subnet))
}

/// `vpc-cni-addon.json`; `None` if all is as the manifest has it, today too.
pub(super) fn addon(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Option<String>> {
    config::applies(site, cluster).then(|| written_json(&configuration(site, cluster))).transpose()
}

/// `vpc-cni-values.yaml`: the chart takes what the add-on takes, and what EKS sets by itself in an IPv6 cluster.
pub(super) fn values(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Option<String>> {
    let mut values = configuration(site, cluster);
    if site.is_ipv6() {
        let on = |object: &mut Value| {
            object["ENABLE_IPv4"] = json!("false");
            object["ENABLE_IPv6"] = json!("true");
        };
        on(&mut values["env"]);
        values["env"]["ENABLE_PREFIX_DELEGATION"] = json!("true");
        values["init"]["env"]["ENABLE_IPv6"] = json!("true");
        values["nodeAgent"]["enableIpv6"] = json!("true");
    }
    if values.as_object().is_some_and(serde_json::Map::is_empty) && !config::applies(site, cluster)
    {
        return Ok(None);
    }
    let about = site.about("Values of the chart eks/aws-vpc-cni, for clusters without the add-on.");
    yaml(&about, &[values]).map(Some)
}

/// The command that changes variables of aws-node; `None` if none changes.
pub(super) fn set_env(changes: &[String]) -> Option<String> {
    let words: Vec<String> = changes.iter().map(|change| quoted(change)).collect();
    (!words.is_empty())
        .then(|| format!("kubectl -n kube-system set env daemonset/aws-node {}", words.join(" ")))
}

/// The command that sets the ConfigMap for Windows nodes; `None` without them.
pub(super) fn patch_windows(site: &Site<'_>, cluster: &Cluster<'_>) -> Option<String> {
    let (from, to) = (&site.plan.requirement.cni, &site.candidate.cni);
    let patch = json!({"data": windows::patch(from, to)}).to_string();
    cluster.has_windows().then(|| {
        format!(
            "kubectl -n kube-system patch configmap amazon-vpc-cni --type merge --patch {}",
            quoted(&patch)
        )
    })
}

/// `set-env.sh`: what changes from today; `None` if nothing does.
pub(super) fn set_env_script(site: &Site<'_>, cluster: &Cluster<'_>) -> Option<String> {
    let commands = [set_env(&changes(&site.today, &site.settings)), patch_windows(site, cluster)];
    let commands: Vec<String> = commands.into_iter().flatten().collect();
    let about = site.about(
        "Changes the settings of a VPC CNI that is not managed as an EKS add-on; an add-on would set them back.",
    );
    let check = "kubectl -n kube-system rollout status daemonset/aws-node --timeout 10m";
    (!commands.is_empty()).then(|| {
        format!("#!/bin/sh\n{}set -eu\n{}\n{check}\n", comment(&about), commands.join("\n"))
    })
}
