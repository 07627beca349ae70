//! The part of the CloudFormation template that belongs to clusters: the add-on and managed node groups.

use std::io;

use serde_json::{Value, json};

use super::{
    cloudformation_template::{Template, subnet_id, subnet_ref},
    cluster::{Cluster, Group},
    config, node_files,
    site::Site,
    terraform_eks::ami_type,
};
use crate::simulate::{Scaler, Share};

/// Whether there is something of it.
pub(super) fn applies(site: &Site<'_>) -> bool {
    site.clusters.iter().any(|cluster| {
        config::applies(site, cluster) || cluster.created(Scaler::ManagedNodeGroup).next().is_some()
    })
}

/// Adds the add-on and the managed node groups of each cluster.
pub(super) fn add(site: &Site<'_>, template: &mut Template) -> io::Result<()> {
    if !applies(site) {
        return Ok(());
    }
    let groups =
        || site.clusters.iter().flat_map(|cluster| cluster.created(Scaler::ManagedNodeGroup));
    if groups().next().is_some() {
        template.parameter("NodeRoleArn", "String", "The ARN of the nodes' IAM role.");
    }
    if groups().any(Group::needs_custom_ami) {
        template.parameter(
            "ApiServerEndpoint",
            "String",
            "The endpoint of the cluster's API server.",
        );
        let about = "The certificate authority of the cluster, in base64.";
        template.parameter("CertificateAuthority", "String", about);
        if node_files::lacks_service_cidr(site) {
            template.parameter("ServiceCidr", "String", "The range of Service addresses.");
        }
    }
    for cluster in &site.clusters {
        template.parameter(&cluster_id(cluster), "String", "The name of the cluster.");
        let addon = format!("VpcCni{}", cluster.suffix(""));
        let has_addon = config::applies(site, cluster);
        if has_addon {
            template.resource(&addon, "AWS::EKS::Addon", self::addon(site, cluster));
        }
        for group in cluster.created(Scaler::ManagedNodeGroup) {
            let id = format!("NodeGroup{}", group.ident.camel());
            if group.needs_custom_ami() {
                launch_template(site, (cluster, group), template)?;
            }
            template.resource(&id, "AWS::EKS::Nodegroup", node_group(site, (cluster, group)));
            if has_addon {
                template.after(&id, &addon);
            }
        }
    }
    Ok(())
}

fn cluster_id(cluster: &Cluster<'_>) -> String {
    format!("ClusterName{}", cluster.suffix(""))
}

/// Text for `Fn::Sub` in which nothing of it is replaced.
fn literal(text: &str) -> String {
    text.replace("${", "${!")
}

/// A mark around ids in the configuration: no name has this letter, and JSON writes it as it is.
const MARK: char = '\u{e000}';

fn addon(site: &Site<'_>, cluster: &Cluster<'_>) -> Value {
    let id = |name: &str| format!("{MARK}{}{MARK}", subnet_id(site, name));
    let text = config::config(site, cluster).json(&id).to_string();
    // Every other piece between the marks is the id of a resource or a parameter.
    let pieces: Vec<&str> = text.split(MARK).collect();
    let values = if pieces.len() == 1 {
        json!(text)
    } else {
        let filled = pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| if at % 2 == 1 { format!("${{{piece}}}") } else { literal(piece) });
        json!({"Fn::Sub": filled.collect::<String>()})
    };
    json!({
        "AddonName": "vpc-cni",
        "ClusterName": {"Ref": cluster_id(cluster)},
        "ConfigurationValues": values,
        "ResolveConflicts": "OVERWRITE",
    })
}

fn template_id(group: &Group<'_>) -> String {
    format!("LaunchTemplate{}", group.ident.camel())
}

fn launch_template(
    site: &Site<'_>,
    (cluster, group): (&Cluster<'_>, &Group<'_>),
    template: &mut Template,
) -> io::Result<()> {
    let ami = format!("AmiId{}", group.ident.camel());
    let about = format!(
        "The AMI of node group {}: without a custom one EKS sets max pods by itself.",
        group.planned.name
    );
    template.parameter(&ami, "AWS::EC2::Image::Id", &about);
    let filled = [
        ("CLUSTER_NAME", cluster_id(cluster)),
        ("API_SERVER_ENDPOINT", "ApiServerEndpoint".to_owned()),
        ("CERTIFICATE_AUTHORITY", "CertificateAuthority".to_owned()),
        ("SERVICE_CIDR", "ServiceCidr".to_owned()),
    ];
    let text = node_files::user_data_of(site, group)?;
    let text = filled.iter().fold(text, |text, (placeholder, parameter)| {
        text.replace(&format!("${{{placeholder}}}"), &format!("${{{parameter}}}"))
    });
    let data = json!({
        "ImageId": {"Ref": ami},
        "UserData": {"Fn::Base64": {"Fn::Sub": text}},
    });
    let properties = json!({"LaunchTemplateData": data});
    template.resource(&template_id(group), "AWS::EC2::LaunchTemplate", properties);
    Ok(())
}

fn node_group(site: &Site<'_>, (cluster, group): (&Cluster<'_>, &Group<'_>)) -> Value {
    let planned = group.planned;
    let subnets: Vec<Value> = planned.subnets.iter().map(|name| subnet_ref(site, name)).collect();
    let mut properties = json!({
        "ClusterName": {"Ref": cluster_id(cluster)},
        "NodegroupName": group.name(),
        "NodeRole": {"Ref": "NodeRoleArn"},
        "Subnets": subnets,
        "InstanceTypes": planned.instance_types,
        "ScalingConfig": {
            "DesiredSize": planned.nodes_usual,
            "MaxSize": group.most(),
            "MinSize": planned.nodes_usual,
        },
    });
    if group.needs_custom_ami() {
        let id = template_id(group);
        let version = json!({"Fn::GetAtt": [id, "LatestVersionNumber"]});
        properties["LaunchTemplate"] = json!({"Id": {"Ref": id}, "Version": version});
    } else if let Some(ami) = ami_type(group) {
        properties["AmiType"] = json!(ami);
    }
    let rollout = site.plan.requirement.survive.rollout;
    if let Some(share) = rollout.and_then(|rollout| rollout.max_unavailable) {
        properties["UpdateConfig"] = match share {
            Share::Count(count) => json!({"MaxUnavailable": count.max(1)}),
            Share::Percent(percent) => json!({"MaxUnavailablePercentage": percent.max(1)}),
        };
    }
    properties
}
