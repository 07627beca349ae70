//! What EKS says of a cluster: its own subnets, and those of its node groups and Fargate profiles.

use std::collections::BTreeSet;

use aws_sdk_eks::Client;

use super::error::AwsError;
use crate::inventory::{Cluster, NodeSubnets, Operation, Withheld};

/// A cluster. What was refused about its members is withheld; a cluster that cannot be described
/// at all is the error.
pub(super) async fn cluster(
    client: &Client,
    name: &str,
) -> Result<(Cluster, Vec<Withheld>), AwsError> {
    let operation = Operation::DescribeCluster;
    let answer = client.describe_cluster().name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(operation, &error))?;
    let cluster =
        answer.cluster.ok_or_else(|| AwsError::answer(operation, "the answer has no cluster"))?;
    let config = cluster.resources_vpc_config;
    let (vpc_id, subnet_ids) = match config {
        Some(config) => (config.vpc_id, config.subnet_ids.unwrap_or_default()),
        None => (None, Vec::new()),
    };
    let mut withheld = Vec::new();
    let node_groups = match node_groups(client, name).await {
        Ok(groups) => Some(groups),
        Err(error) => {
            withheld.push(error.withheld());
            None
        }
    };
    let fargate_profiles = fargate_profiles(client, name).await.unwrap_or_else(|error| {
        withheld.push(error.withheld());
        Vec::new()
    });
    let cluster = Cluster {
        name: name.to_owned(),
        version: cluster.version,
        vpc_id,
        subnet_ids: subnet_ids.into_iter().collect(),
        node_groups,
        fargate_profiles,
        undescribed: BTreeSet::new(),
    };
    Ok((cluster, withheld))
}

async fn node_groups(client: &Client, cluster: &str) -> Result<Vec<NodeSubnets>, AwsError> {
    let mut names = Vec::new();
    let mut pages = client.list_nodegroups().cluster_name(cluster).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| AwsError::of(Operation::ListNodegroups, &error))?;
        names.extend(page.nodegroups.unwrap_or_default());
    }
    names.sort();
    let mut groups = Vec::with_capacity(names.len());
    for name in names {
        let call = client.describe_nodegroup().cluster_name(cluster).nodegroup_name(&name);
        let answer = call.send().await;
        let answer = answer.map_err(|error| AwsError::of(Operation::DescribeNodegroup, &error))?;
        let subnets = answer.nodegroup.and_then(|group| group.subnets);
        groups.push(NodeSubnets { name, subnet_ids: set(subnets) });
    }
    Ok(groups)
}

async fn fargate_profiles(client: &Client, cluster: &str) -> Result<Vec<NodeSubnets>, AwsError> {
    let mut names = Vec::new();
    let mut pages = client.list_fargate_profiles().cluster_name(cluster).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| AwsError::of(Operation::ListFargateProfiles, &error))?;
        names.extend(page.fargate_profile_names.unwrap_or_default());
    }
    names.sort();
    let mut profiles = Vec::with_capacity(names.len());
    for name in names {
        let call = client.describe_fargate_profile().cluster_name(cluster);
        let answer = call.fargate_profile_name(&name).send().await;
        let answer =
            answer.map_err(|error| AwsError::of(Operation::DescribeFargateProfile, &error))?;
        let subnets = answer.fargate_profile.and_then(|profile| profile.subnets);
        profiles.push(NodeSubnets { name, subnet_ids: set(subnets) });
    }
    Ok(profiles)
}

fn set(list: Option<Vec<String>>) -> BTreeSet<String> {
    list.unwrap_or_default().into_iter().collect()
}
