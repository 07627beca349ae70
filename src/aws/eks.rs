//! What EKS says of a cluster: its own subnets, and those of its node groups and Fargate profiles.

use std::collections::BTreeSet;

use aws_sdk_eks::{
    Client,
    types::{ClusterIssueCode, NodegroupIssueCode},
};

use super::{error::AwsError, tokens::Tokens};
use crate::inventory::{Cluster, HealthIssue, NodeSubnets, Operation, Withheld};

/// A cluster. What of its members was refused is withheld with it; a cluster that cannot be
/// described at all is the error.
pub(super) async fn cluster(client: &Client, name: &str) -> Result<Cluster, AwsError> {
    let operation = Operation::DescribeCluster;
    let answer = client.describe_cluster().name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(operation, &error))?;
    let described =
        answer.cluster.ok_or_else(|| AwsError::answer(operation, "the answer has no cluster"))?;
    let (vpc_id, subnets) = match described.resources_vpc_config {
        Some(config) => (config.vpc_id, config.subnet_ids),
        None => (None, None),
    };
    let mut cluster = Cluster {
        name: name.to_owned(),
        arn: described.arn,
        version: described.version,
        vpc_id,
        service_cidr: described
            .kubernetes_network_config
            .and_then(|config| config.service_ipv4_cidr?.parse().ok()),
        subnet_ids: set(subnets),
        node_groups: None,
        fargate_profiles: Vec::new(),
        health: issues(described.health.and_then(|health| health.issues), |issue| {
            (
                code(issue.code.as_ref().map(ClusterIssueCode::as_str)),
                issue.message,
                issue.resource_ids,
            )
        }),
        withheld: BTreeSet::new(),
    };
    match node_group_names(client, name).await {
        Ok(names) => {
            let mut groups = Vec::with_capacity(names.len());
            for group in names {
                match node_group(client, name, &group).await {
                    Ok(group) => groups.push(group),
                    Err(error) => miss(&mut cluster, &error, &format!("node group {group}")),
                }
            }
            cluster.node_groups = Some(groups);
        }
        Err(error) => {
            cluster.withheld.insert(error.withheld());
        }
    }
    match profile_names(client, name).await {
        Ok(names) => {
            for profile in names {
                match profile_subnets(client, name, &profile).await {
                    Ok(subnet_ids) => {
                        let health = Vec::new();
                        let profile = NodeSubnets { name: profile, subnet_ids, health };
                        cluster.fargate_profiles.push(profile);
                    }
                    Err(error) => miss(&mut cluster, &error, &format!("Fargate profile {profile}")),
                }
            }
        }
        Err(error) => {
            cluster.withheld.insert(error.withheld());
        }
    }
    Ok(cluster)
}

/// Withholds what one member would have told; the others still tell.
fn miss(cluster: &mut Cluster, error: &AwsError, what: &str) {
    let row = error.withheld();
    let reason = format!("{what}: {}", row.reason);
    cluster.withheld.insert(Withheld { reason, ..row });
}

async fn node_group_names(client: &Client, cluster: &str) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let call = client.list_nodegroups().cluster_name(cluster).into_paginator();
    let mut pages = call.stop_on_duplicate_token(false).send();
    let mut tokens = Tokens::new(Operation::ListNodegroups);
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| AwsError::of(Operation::ListNodegroups, &error))?;
        tokens.check(page.next_token.as_deref())?;
        names.extend(page.nodegroups.unwrap_or_default());
    }
    names.sort();
    Ok(names)
}

async fn node_group(client: &Client, cluster: &str, name: &str) -> Result<NodeSubnets, AwsError> {
    let operation = Operation::DescribeNodegroup;
    let call = client.describe_nodegroup().cluster_name(cluster).nodegroup_name(name);
    let answer = call.send().await.map_err(|error| AwsError::of(operation, &error))?;
    let (subnets, health) = match answer.nodegroup {
        Some(group) => (group.subnets, group.health.and_then(|health| health.issues)),
        None => (None, None),
    };
    let subnets = subnets.ok_or_else(|| {
        AwsError::answer(operation, "the answer does not say which subnets it uses")
    })?;
    let health = issues(health, |issue| {
        let code = code(issue.code.as_ref().map(NodegroupIssueCode::as_str));
        (code, issue.message, issue.resource_ids)
    });
    Ok(NodeSubnets { name: name.to_owned(), subnet_ids: set(Some(subnets)), health })
}

/// The parts of an issue: its code, what EKS says, and the resources.
type Parts = (String, Option<String>, Option<Vec<String>>);

fn issues<T>(list: Option<Vec<T>>, parts: impl Fn(T) -> Parts) -> Vec<HealthIssue> {
    let issue = |(code, message, resources): Parts| HealthIssue {
        code,
        message: message.unwrap_or_default(),
        resource_ids: set(resources),
    };
    list.unwrap_or_default().into_iter().map(parts).map(issue).collect()
}

fn code(code: Option<&str>) -> String {
    code.unwrap_or("Unknown").to_owned()
}

async fn profile_names(client: &Client, cluster: &str) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let call = client.list_fargate_profiles().cluster_name(cluster).into_paginator();
    let mut pages = call.stop_on_duplicate_token(false).send();
    let mut tokens = Tokens::new(Operation::ListFargateProfiles);
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| AwsError::of(Operation::ListFargateProfiles, &error))?;
        tokens.check(page.next_token.as_deref())?;
        names.extend(page.fargate_profile_names.unwrap_or_default());
    }
    names.sort();
    Ok(names)
}

async fn profile_subnets(
    client: &Client,
    cluster: &str,
    name: &str,
) -> Result<BTreeSet<String>, AwsError> {
    let operation = Operation::DescribeFargateProfile;
    let call = client.describe_fargate_profile().cluster_name(cluster).fargate_profile_name(name);
    let answer = call.send().await.map_err(|error| AwsError::of(operation, &error))?;
    let subnets = answer.fargate_profile.and_then(|profile| profile.subnets);
    subnets
        .map(|subnets| set(Some(subnets)))
        .ok_or_else(|| AwsError::answer(operation, "the answer does not say which subnets it uses"))
}

fn set(list: Option<Vec<String>>) -> BTreeSet<String> {
    list.unwrap_or_default().into_iter().collect()
}
