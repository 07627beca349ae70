//! Whether what live commands need is there: credentials, a region, and each permission, tried with one
//! small call.

use std::{error::Error, future::Future};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{
    access::{AwsAccess, Clients},
    error::{AwsError, Trouble},
    run::{AwsRun, Bounds},
    types::block_on,
};
use crate::inventory::{Operation, cleaned};

/// Few rows: a call is made to see whether it is allowed.
const ROWS: i32 = 5;
/// A name that no cluster has: that it is not found shows that it may be looked for.
const NOBODY: &str = "eksnet-doctor-no-such-name";

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It is allowed.
    Allowed,
    /// It failed.
    Failed(AwsError),
    /// It was not tried, and why.
    Not(&'static str),
}

/// What live commands would meet.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The region.
    pub region: Option<String>,
    /// The endpoints that are not AWS's own, each with the service it is for.
    pub endpoints: Vec<String>,
    /// Where the credentials come from, or why there are none.
    pub credentials: Result<String, AwsError>,
    /// The account that they are of, `None` where STS refuses to say; or why STS did not respond.
    pub account: Result<Option<String>, String>,
    /// Each call that live commands make.
    pub calls: Vec<(Operation, Tried)>,
}

/// Tries everything. `cluster` is tried in place of a name that nobody has.
///
/// # Errors
/// When nothing can be tried: no region, no profile of this name, settings that cannot be read.
pub fn probe(
    access: &AwsAccess,
    cluster: Option<&str>,
    bounds: Bounds<'_>,
) -> Result<Probe, AwsError> {
    block_on(tried(access, cluster.unwrap_or(NOBODY), bounds))?
}

async fn tried(access: &AwsAccess, cluster: &str, bounds: Bounds<'_>) -> Result<Probe, AwsError> {
    let run = AwsRun::new(&bounds);
    let session = access.session(None, &run).await?;
    let region = session.region();
    // It may hold a password, as a proxy's does.
    let endpoints = session.endpoints().iter().map(|url| cleaned(url)).collect();
    let credentials = session.credentials(&run).await.map(|found| source(&found));
    let mut probe = Probe { region, endpoints, credentials, account: Ok(None), calls: Vec::new() };
    if probe.credentials.is_err() || probe.region.is_none() {
        const WHY: &str = "there are no credentials, or no region";
        probe.calls = Operation::ALL.iter().map(|call| (*call, Tried::Not(WHY))).collect();
        return Ok(probe);
    }
    let clients = session.clients(None)?;
    let (account, withheld) = clients.caller().await;
    probe.account = withheld.map_or(Ok(account), |withheld| Err(withheld.reason));
    let mut subnet = None;
    let mut stopped = false;
    for operation in Operation::ALL {
        let outcome = if stopped {
            Tried::Not("the calls before it failed for a reason that concerns all")
        } else {
            Box::pin(attempt(&clients, *operation, cluster, &mut subnet)).await
        };
        if let Tried::Failed(error) = &outcome {
            stopped =
                matches!(error.trouble, Trouble::Credentials | Trouble::Connection | Trouble::Time);
            if error.trouble == Trouble::Credentials {
                probe.credentials = Err(error.clone());
            }
        }
        probe.calls.push((*operation, outcome));
    }
    Ok(probe)
}

/// One small call. `subnet` is one of the account's, once it is known.
async fn attempt(
    clients: &Clients,
    operation: Operation,
    cluster: &str,
    subnet: &mut Option<String>,
) -> Tried {
    let (ec2, eks) = (&clients.ec2, &clients.eks);
    match operation {
        Operation::DescribeInstanceTypes => {
            one(clients, operation, ec2.describe_instance_types().max_results(ROWS).send()).await
        }
        Operation::DescribeInstances => {
            one(clients, operation, ec2.describe_instances().max_results(ROWS).send()).await
        }
        Operation::DescribeNetworkInterfaces => {
            one(clients, operation, ec2.describe_network_interfaces().max_results(ROWS).send())
                .await
        }
        Operation::DescribeRegions => one(clients, operation, ec2.describe_regions().send()).await,
        Operation::DescribeSubnets => {
            let call = async {
                let page = ec2.describe_subnets().max_results(ROWS).send().await;
                let first = page.as_ref().ok().and_then(|page| page.subnets().first());
                *subnet = first.and_then(|first| first.subnet_id()).map(ToOwned::to_owned);
                page
            };
            one(clients, operation, call).await
        }
        Operation::DescribeVpcs => {
            one(clients, operation, ec2.describe_vpcs().max_results(ROWS).send()).await
        }
        Operation::GetSubnetCidrReservations => match subnet.as_deref() {
            None => Tried::Not("no subnet of the region is known to try it with"),
            Some(subnet) => {
                let call = ec2.get_subnet_cidr_reservations().subnet_id(subnet).max_results(ROWS);
                one(clients, operation, call.send()).await
            }
        },
        Operation::DescribeCluster => {
            one(clients, operation, eks.describe_cluster().name(cluster).send()).await
        }
        Operation::DescribeFargateProfile => {
            let call = eks.describe_fargate_profile().cluster_name(cluster);
            one(clients, operation, call.fargate_profile_name(NOBODY).send()).await
        }
        Operation::DescribeNodegroup => {
            let call = eks.describe_nodegroup().cluster_name(cluster).nodegroup_name(NOBODY);
            one(clients, operation, call.send()).await
        }
        Operation::ListFargateProfiles => {
            let call = eks.list_fargate_profiles().cluster_name(cluster).max_results(ROWS);
            one(clients, operation, call.send()).await
        }
        Operation::ListNodegroups => {
            let call = eks.list_nodegroups().cluster_name(cluster).max_results(ROWS);
            one(clients, operation, call.send()).await
        }
    }
}

async fn one<T, E>(
    clients: &Clients,
    operation: Operation,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
) -> Tried
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let call = Box::pin(async { call.await.map_err(|error| AwsError::of(operation, &error)) });
    match clients.one(operation, "", call).await {
        Ok(_) => Tried::Allowed,
        // Who may not ask is refused whether it is there or not.
        Err(error) if error.trouble == Trouble::NotFound => Tried::Allowed,
        Err(error) => Tried::Failed(error),
    }
}

/// Where credentials come from. The name is in what they print of themselves, beside nothing that is secret.
fn source(given: &Credentials) -> String {
    let printed = format!("{given:?}");
    let name = printed
        .split_once("provider_name: \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("an unknown source", |(name, _)| name);
    match name {
        "EnvironmentVariable" => "environment variables",
        "ProfileFile" | "SharedCredentials" => "a profile",
        "WebIdentityToken" => "a web identity token",
        "EcsContainer" => "the container",
        "IMDSv2" | "Ec2InstanceMetadata" => "the instance's metadata",
        "SSO" => "an SSO session",
        "AssumeRoleProvider" => "an assumed role",
        other => other,
    }
    .to_owned()
}
