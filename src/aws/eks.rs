//! What EKS says of a cluster: its own subnets, and those of its node groups and Fargate profiles.

use std::{collections::BTreeSet, future::Future};

use aws_sdk_eks::types::{ClusterIssueCode, NodegroupIssueCode};
use futures_util::{StreamExt as _, stream};

use super::{
    access::Clients,
    error::AwsError,
    listing::{Answer, Listing},
};
use crate::inventory::{Cluster, HealthIssue, NodeSubnets, Operation, Withheld, is_eks_name};

/// Calls about members of a cluster that are under way at once.
const AT_ONCE: usize = 8;

/// The members of a cluster, as far as EKS tells them.
#[derive(Debug)]
pub(super) struct Members {
    groups: Result<Vec<Member>, AwsError>,
    profiles: Result<Vec<Member>, AwsError>,
}

/// Asks for the members of a cluster.
pub(super) async fn members(clients: &Clients, name: &str) -> Members {
    let (groups, profiles) = tokio::join!(
        each(node_group_names(clients, name), |group| node_group(clients, name, group)),
        each(profile_names(clients, name), |profile| fargate_profile(clients, name, profile)),
    );
    Members { groups, profiles }
}

impl Members {
    /// Puts the members into their cluster. What of them was refused is withheld with it.
    pub(super) fn join(self, cluster: &mut Cluster) {
        match self.groups {
            Ok(groups) => {
                cluster.node_groups = Some(kept(groups, "node group", &mut cluster.withheld));
            }
            Err(error) => {
                cluster.withheld.insert(error.withheld());
            }
        }
        match self.profiles {
            Ok(profiles) => {
                cluster.fargate_profiles = kept(profiles, "Fargate profile", &mut cluster.withheld);
            }
            Err(error) => {
                cluster.withheld.insert(error.withheld());
            }
        }
    }
}

/// The cluster by itself, without its members.
pub(super) async fn describe(clients: &Clients, name: &str) -> Result<Cluster, AwsError> {
    let operation = Operation::DescribeCluster;
    let answer = clients.one(
        operation,
        "",
        Box::pin(async {
            let answer = clients.eks.describe_cluster().name(name).send().await;
            answer.map_err(|error| AwsError::of(operation, &error))
        }),
    );
    let answer = answer.await?;
    let described =
        answer.cluster.ok_or_else(|| AwsError::answer(operation, "the response has no cluster"))?;
    about(operation, name, described.name.as_deref())?;
    if let Some(arn) = &described.arn {
        check_arn(clients, name, arn)?;
    }
    let (vpc_id, subnets) = match described.resources_vpc_config {
        Some(config) => (config.vpc_id, config.subnet_ids),
        None => (None, None),
    };
    let subnet_ids = subnet_ids(operation, subnets)?;
    Ok(Cluster {
        name: name.to_owned(),
        arn: described.arn,
        version: described.version,
        vpc_id,
        service_cidr: described
            .kubernetes_network_config
            .and_then(|config| config.service_ipv4_cidr?.parse().ok()),
        subnet_ids,
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
async fn each<F: Future<Output = Result<NodeSubnets, AwsError>>>(
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

async fn node_group_names(clients: &Clients, cluster: &str) -> Result<Vec<String>, AwsError> {
    let operation = Operation::ListNodegroups;
    let call = clients.eks.list_nodegroups().cluster_name(cluster);
    names(clients, operation, async |token| {
        let page = call.clone().set_next_token(token).send().await;
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        Ok((page.nodegroups.unwrap_or_default(), page.next_token))
    })
    .await
}

/// All names of a listing, sorted.
async fn names(
    clients: &Clients,
    operation: Operation,
    page: impl AsyncFn(Option<String>) -> Answer<String>,
) -> Result<Vec<String>, AwsError> {
    let mut listing = Listing::new(clients, operation);
    while listing.page(Box::pin(page(listing.token.clone()))).await? {}
    let mut names = listing.rows;
    names.sort();
    if let Some(name) = names.iter().find(|name| !is_eks_name(name)) {
        return Err(AwsError::answer(operation, format!("`{name}` is not a valid EKS name")));
    }
    if let Some((twice, _)) = names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b) {
        return Err(AwsError::answer(operation, format!("{twice} is listed twice")));
    }
    Ok(names)
}

async fn node_group(
    clients: &Clients,
    cluster: &str,
    name: String,
) -> Result<NodeSubnets, AwsError> {
    let operation = Operation::DescribeNodegroup;
    let answer = clients.one(
        operation,
        &name,
        Box::pin(async {
            let call = clients.eks.describe_nodegroup().cluster_name(cluster).nodegroup_name(&name);
            call.send().await.map_err(|error| AwsError::of(operation, &error))
        }),
    );
    let answer = answer.await?;
    let group = answer.nodegroup.ok_or_else(|| AwsError::answer(operation, "no node group"))?;
    about(operation, cluster, group.cluster_name.as_deref())?;
    about(operation, &name, group.nodegroup_name.as_deref())?;
    let (subnets, health) = (group.subnets, group.health.and_then(|health| health.issues));
    let health = issues(health, |issue| {
        let code = code(issue.code.as_ref().map(NodegroupIssueCode::as_str));
        (code, issue.message, issue.resource_ids)
    });
    Ok(NodeSubnets { name, subnet_ids: subnet_ids(operation, subnets)?, health })
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

async fn profile_names(clients: &Clients, cluster: &str) -> Result<Vec<String>, AwsError> {
    let operation = Operation::ListFargateProfiles;
    let call = clients.eks.list_fargate_profiles().cluster_name(cluster);
    names(clients, operation, async |token| {
        let page = call.clone().set_next_token(token).send().await;
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        Ok((page.fargate_profile_names.unwrap_or_default(), page.next_token))
    })
    .await
}

async fn fargate_profile(
    clients: &Clients,
    cluster: &str,
    name: String,
) -> Result<NodeSubnets, AwsError> {
    let operation = Operation::DescribeFargateProfile;
    let answer = clients.one(
        operation,
        &name,
        Box::pin(async {
            let call = clients.eks.describe_fargate_profile();
            let call = call.cluster_name(cluster).fargate_profile_name(&name);
            call.send().await.map_err(|error| AwsError::of(operation, &error))
        }),
    );
    let answer = answer.await?;
    let profile = answer.fargate_profile;
    let profile = profile.ok_or_else(|| AwsError::answer(operation, "no Fargate profile"))?;
    about(operation, cluster, profile.cluster_name.as_deref())?;
    about(operation, &name, profile.fargate_profile_name.as_deref())?;
    let subnet_ids = subnet_ids(operation, profile.subnets)?;
    Ok(NodeSubnets { name, subnet_ids, health: Vec::new() })
}

/// An answer has to be about what was asked for.
fn about(operation: Operation, asked: &str, answered: Option<&str>) -> Result<(), AwsError> {
    match answered {
        Some(other) if other != asked => {
            let message = format!("the response for {asked} is about {other}");
            Err(AwsError::answer(operation, message))
        }
        Some(_) => Ok(()),
        None => Err(AwsError::answer(
            operation,
            format!(
                "the response for {asked} does not state its \
                name"
            ),
        )),
    }
}

/// A cluster's ARN (`arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME`) has to be of the region that was asked.
fn check_arn(clients: &Clients, name: &str, arn: &str) -> Result<(), AwsError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let is_one = match parts.as_slice() {
        ["arn", _, "eks", region, _, resource] => {
            *region == clients.region && resource.strip_prefix("cluster/") == Some(name)
        }
        _ => false,
    };
    if is_one {
        return Ok(());
    }
    let message = format!("the response for {name} in {} is about {arn}", clients.region);
    Err(AwsError::answer(Operation::DescribeCluster, message))
}

/// The ids of subnets, which have to be there and of the form of one.
fn subnet_ids(
    operation: Operation,
    list: Option<Vec<String>>,
) -> Result<BTreeSet<String>, AwsError> {
    let list =
        list.ok_or_else(|| AwsError::answer(operation, "the response does not state its subnets"))?;
    let is_one = |id: &String| {
        let number = id.strip_prefix("subnet-").unwrap_or_default();
        matches!(number.len(), 8 | 17) && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match list.iter().find(|id| !is_one(id)) {
        Some(id) => Err(AwsError::answer(operation, format!("`{id}` is not a subnet id"))),
        None => Ok(list.into_iter().collect()),
    }
}

fn set(list: Option<Vec<String>>) -> BTreeSet<String> {
    list.unwrap_or_default().into_iter().collect()
}
