//! `eksctl.yaml`: the parts of a ClusterConfig that a plan decides.

use std::io;

use serde_json::{Map, Value, json};

use super::{
    cluster::{Cluster, Group},
    config, kubernetes, node_files,
    site::Site,
    text::{Ordered, yaml},
};
use crate::{
    plan::GroupOs,
    simulate::{Scaler, Share},
};

const ABOUT: &str = "Parts of an eksctl ClusterConfig, with the node groups that are created. The subnets are made by Terraform, CloudFormation or by \
                     hand before.";

/// The file.
pub(super) fn eksctl(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<String> {
    let mut config = vec![
        ("apiVersion", json!("eksctl.io/v1alpha5")),
        ("kind", json!("ClusterConfig")),
        ("metadata", json!({"name": "${CLUSTER_NAME}", "region": site.region()})),
    ];
    config.push(("kubernetesNetworkConfig", network(site)));
    config.push(("vpc", vpc(site)));
    if config::applies(site, cluster) {
        let addon = json!({
            "name": "vpc-cni",
            "configurationValues": kubernetes::configuration(site, cluster).to_string(),
            "resolveConflicts": "overwrite",
        });
        config.push(("addons", json!([addon])));
    }
    let kinds = [("managedNodeGroups", Scaler::ManagedNodeGroup), ("nodeGroups", Scaler::Asg)];
    for (key, scaler) in kinds {
        let groups: Vec<Value> =
            cluster.created(scaler).map(|group| node_group(site, group)).collect();
        if !groups.is_empty() {
            config.push((key, json!(groups)));
        }
    }
    yaml(&site.about(ABOUT), &[Ordered(config)])
}

fn network(site: &Site<'_>) -> Value {
    if site.is_ipv6() {
        return json!({"ipFamily": "IPv6"});
    }
    json!({"serviceIPv4CIDR": node_files::service_cidr(site)})
}

fn vpc(site: &Site<'_>) -> Value {
    let subnets: Map<String, Value> = site
        .candidate
        .subnets
        .iter()
        .map(|subnet| {
            let value = json!({
                "az": subnet.zone,
                "cidr": subnet.cidr.to_string(),
                "id": site.subnet_id(&subnet.name),
            });
            (site.ident(&subnet.name).kebab(), value)
        })
        .collect();
    let mut vpc = json!({"id": "${VPC_ID}", "subnets": {"private": subnets}});
    if let Some(control_plane) = &site.candidate.control_plane {
        let ids: Vec<String> =
            control_plane.subnets.iter().map(|subnet| site.subnet_id(subnet)).collect();
        vpc["controlPlaneSubnetIDs"] = json!(ids);
    }
    vpc
}

fn node_group(site: &Site<'_>, group: &Group<'_>) -> Value {
    let planned = group.planned;
    let family = match planned.os {
        GroupOs::Linux => "AmazonLinux2023",
        GroupOs::Windows => "WindowsServer2022CoreContainer",
    };
    let subnets: Vec<String> =
        planned.subnets.iter().map(|subnet| site.subnet_id(subnet)).collect();
    let mut written = json!({
        "name": group.name(),
        "amiFamily": family,
        "desiredCapacity": planned.nodes_usual,
        "minSize": planned.nodes_usual,
        "maxSize": group.most(),
        "privateNetworking": true,
        "subnets": subnets,
    });
    if group.is_linux() {
        written["maxPodsPerNode"] = json!(planned.max_pods);
    }
    if group.needs_custom_ami() {
        written["ami"] = json!(format!("${{{}}}", ami_variable(group)));
    }
    let is_managed = planned.scaler == Scaler::ManagedNodeGroup;
    match planned.instance_types.as_slice() {
        types if is_managed => written["instanceTypes"] = json!(types),
        [one] => written["instanceType"] = json!(one),
        types => written["instancesDistribution"] = json!({"instanceTypes": types}),
    }
    let rollout = site.plan.requirement.survive.rollout;
    if let Some(share) = rollout.and_then(|rollout| rollout.max_unavailable).filter(|_| is_managed)
    {
        written["updateConfig"] = match share {
            Share::Count(count) => json!({"maxUnavailable": count.max(1)}),
            Share::Percent(percent) => json!({"maxUnavailablePercentage": percent.max(1)}),
        };
    }
    written
}

/// The variable of a group's custom AMI.
pub(super) fn ami_variable(group: &Group<'_>) -> String {
    format!("AMI_ID_{}", group.ident.upper())
}
