//! What EKS says of a cluster: its own subnets, and those of its node groups and Fargate profiles.

use std::{collections::BTreeSet, future::Future};

use aws_sdk_eks::{
    Client,
    types::{ClusterIssueCode, NodegroupIssueCode},
};
use futures_util::{StreamExt as _, stream};

use super::{error::AwsError, tokens::Tokens};
use crate::inventory::{Cluster, HealthIssue, NodeSubnets, Operation, Withheld};

/// Calls about members of a cluster that are under way at once.
const AT_ONCE: usize = 8;

/// A cluster. What of its members was refused is withheld with it; a cluster that cannot be
/// described at all is the error.
pub(super) async fn cluster(client: &Client, name: &str) -> Result<Cluster, AwsError> {
    let (described, groups, profiles) = tokio::join!(
        describe(client, name),
        members(node_group_names(client, name), |group| node_group(client, name, group)),
        members(profile_names(client, name), |profile| fargate_profile(client, name, profile)),
    );
    let mut cluster = described?;
    match groups {
        Ok(groups) => {
            cluster.node_groups = Some(kept(groups, "node group", &mut cluster.withheld));
        }
        Err(error) => {
            cluster.withheld.insert(error.withheld());
        }
    }
    match profiles {
        Ok(profiles) => {
            cluster.fargate_profiles = kept(profiles, "Fargate profile", &mut cluster.withheld);
        }
        Err(error) => {
            cluster.withheld.insert(error.withheld());
        }
    }
    Ok(cluster)
}

/// The cluster by itself.
async fn describe(client: &Client, name: &str) -> Result<Cluster, AwsError> {
    let operation = Operation::DescribeCluster;
    let answer = client.describe_cluster().name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(operation, &error))?;
    let described =
        answer.cluster.ok_or_else(|| AwsError::answer(operation, "the answer has no cluster"))?;
    let (vpc_id, subnets) = match described.resources_vpc_config {
        Some(config) => (config.vpc_id, config.subnet_ids),
        None => (None, None),
    };
    Ok(Cluster {
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
    })
}

/// A member's name with what was said of it, or why nothing was.
type Member = (String, Result<NodeSubnets, AwsError>);

/// Each member that is listed, some at a time and in the order of their names.
async fn members<F: Future<Output = Result<NodeSubnets, AwsError>>>(
    names: impl Future<Output = Result<Vec<String>, AwsError>>,
    describe: impl Fn(String) -> F,
) -> Result<Vec<Member>, AwsError> {
    let calls = names.await?.into_iter().map(|name| {
        let call = describe(name.clone());
        async move { (name, call.await) }
    });
    Ok(stream::iter(calls).buffered(AT_ONCE).collect().await)
}

/// The members that are known; what one of the others would have told is withheld.
fn kept(members: Vec<Member>, what: &str, withheld: &mut BTreeSet<Withheld>) -> Vec<NodeSubnets> {
    let mut kept = Vec::with_capacity(members.len());
    for (name, member) in members {
        match member {
            Ok(member) => kept.push(member),
            Err(error) => {
                let row = error.withheld();
                let reason = format!("{what} {name}: {}", row.reason);
                withheld.insert(Withheld { reason, ..row });
            }
        }
    }
    kept
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

async fn node_group(client: &Client, cluster: &str, name: String) -> Result<NodeSubnets, AwsError> {
    let operation = Operation::DescribeNodegroup;
    let call = client.describe_nodegroup().cluster_name(cluster).nodegroup_name(&name);
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
    Ok(NodeSubnets { name, subnet_ids: set(Some(subnets)), health })
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

async fn fargate_profile(
    client: &Client,
    cluster: &str,
    name: String,
) -> Result<NodeSubnets, AwsError> {
    let operation = Operation::DescribeFargateProfile;
    let call = client.describe_fargate_profile().cluster_name(cluster).fargate_profile_name(&name);
    let answer = call.send().await.map_err(|error| AwsError::of(operation, &error))?;
    let subnets = answer.fargate_profile.and_then(|profile| profile.subnets).ok_or_else(|| {
        AwsError::answer(operation, "the answer does not say which subnets it uses")
    })?;
    Ok(NodeSubnets { name, subnet_ids: set(Some(subnets)), health: Vec::new() })
}

fn set(list: Option<Vec<String>>) -> BTreeSet<String> {
    list.unwrap_or_default().into_iter().collect()
}
