//! Placeholders of the files, `${NAME}`: what each stands for and where its value comes from.

use super::{cluster::Group, eksctl::ami_variable, file::EmittedFile, site::Site};
use crate::{finding::quoted, plan::PlannedSubnet};

/// Where a value comes from.
pub(super) enum Source {
    /// A shell command that prints it: there is one only.
    Command(String),
    /// The plan knows it.
    Known(String),
    /// A person chooses it, from what a command lists where one does.
    Chosen(Option<String>),
}

/// A value that files leave open.
pub(super) struct Placeholder {
    /// The name between the braces.
    pub(super) name: String,
    /// What it is.
    pub(super) about: String,
    pub(super) source: Source,
    /// Whether there is a value only when what it names is made.
    pub(super) is_made: bool,
}

fn describe_cluster(query: &str) -> String {
    format!("aws eks describe-cluster --name \"$CLUSTER_NAME\" --query {query} --output text")
}

fn placeholder(name: &str, about: &str, source: Source) -> Placeholder {
    Placeholder { name: name.into(), about: about.into(), source, is_made: false }
}

/// A value that a person chooses.
fn chosen(name: &str, about: &str, list: Option<&str>) -> Placeholder {
    placeholder(name, about, Source::Chosen(list.map(ToOwned::to_owned)))
}

/// Those that stand in one of the files, or that the runbook's own commands need, in the order in which each
/// needs those before it.
pub(super) fn placeholders(site: &Site<'_>, files: &[EmittedFile]) -> Vec<Placeholder> {
    let variables = terraform_variables(files);
    let is_used = |placeholder: &Placeholder| {
        let mark = format!("${{{}}}", placeholder.name);
        matches!(
            placeholder.name.as_str(),
            "AWS_REGION" | "CLUSTER_NAME" | "CLUSTER_ROLE_ARN" | "VPC_ID"
        ) || variables.contains(&placeholder.name.to_ascii_lowercase())
            || files.iter().any(|file| file.text.contains(&mark))
    };
    let mut used: Vec<Placeholder> = names(site).into_iter().filter(is_used).collect();
    used.extend(clusters(site).into_iter().filter(is_used));
    used.extend(of_cluster(site).into_iter().filter(is_used));
    used.extend(amis(site).filter(is_used));
    used.extend(site.new_zones().into_iter().map(|zone| route_table(site, zone)));
    // The commands of the steps name every subnet that has no id yet.
    let subnets = site.candidate.subnets.iter();
    used.extend(
        subnets.filter(|subnet| Site::known_id(subnet).is_none()).map(|s| of_subnet(site, s)),
    );
    used
}

/// The variables of the Terraform files, each of which has the name of a placeholder in small letters.
pub(super) fn terraform_variables(files: &[EmittedFile]) -> Vec<String> {
    let terraform = files.iter().filter(|file| file.path.starts_with("terraform/"));
    let lines = terraform.flat_map(|file| file.text.lines());
    lines
        .filter_map(|line| line.strip_prefix("variable \"")?.strip_suffix("\" {"))
        .map(ToOwned::to_owned)
        .collect()
}

const CLUSTERS: &str = "aws eks list-clusters --query clusters --output text";
const NODE_ROLE_POLICIES: &str = "AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly and, unless the VPC \
                                  CNI has a role of its own, AmazonEKS_CNI_Policy";

/// The names of several clusters, for Terraform, which makes the parts of all of them.
fn clusters(site: &Site<'_>) -> Vec<Placeholder> {
    let list = (!site.creates_cluster).then_some(CLUSTERS);
    let numbers = site.clusters.iter().filter_map(|cluster| cluster.number);
    numbers
        .map(|number| {
            chosen(
                &format!("CLUSTER_NAME_{number}"),
                &format!("the name of cluster {number}"),
                list,
            )
        })
        .collect()
}

/// Names that decide which account, cluster and roles the commands work on: none is guessed.
fn names(site: &Site<'_>) -> Vec<Placeholder> {
    let region = site.known_region().map(|region| Source::Known(region.to_owned()));
    let listed = |list: &'static str| (!site.creates_cluster).then_some(list);
    let name = if site.creates_cluster { "the name of the new cluster" } else { "the cluster" };
    let mut all = vec![
        placeholder(
            "AWS_REGION",
            "the region, which Terraform reads as well",
            region.unwrap_or_else(|| Source::Chosen(Some("aws configure get region".into()))),
        ),
        chosen("CLUSTER_NAME", name, listed(CLUSTERS)),
    ];
    if site.creates_cluster {
        let about =
            "the ARN of the IAM role of the new cluster, with the policy AmazonEKSClusterPolicy";
        all.push(chosen("CLUSTER_ROLE_ARN", about, None));
    }
    all.push(chosen(
        "NODE_ROLE_ARN",
        &format!("the ARN of the nodes' IAM role, with the policies {NODE_ROLE_POLICIES}"),
        listed(
            "for GROUP in $(aws eks list-nodegroups --cluster-name \"$CLUSTER_NAME\" --query nodegroups --output \
             text); do aws eks describe-nodegroup --cluster-name \"$CLUSTER_NAME\" --nodegroup-name \"$GROUP\" \
             --query 'nodegroup.[nodegroupName,nodeRole]' --output text; done",
        ),
    ));
    all.push(chosen(
        "INSTANCE_PROFILE_NAME",
        "the instance profile of the nodes of Auto Scaling groups",
        listed(
            "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName' --output text",
        ),
    ));
    all.push(chosen(
        "KARPENTER_NODE_ROLE",
        "the name of the IAM role of Karpenter's nodes",
        listed("kubectl get ec2nodeclasses -o custom-columns=NAME:.metadata.name,ROLE:.spec.role"),
    ));
    all
}

fn of_cluster(site: &Site<'_>) -> Vec<Placeholder> {
    let is_made = site.creates_cluster;
    let service_cidr = if site.is_ipv6() { "serviceIpv6Cidr" } else { "serviceIpv4Cidr" };
    let described = |name: &str, about: &str, query: &str| Placeholder {
        is_made,
        ..placeholder(name, about, Source::Command(describe_cluster(query)))
    };
    vec![
        vpc(site),
        described("API_SERVER_ENDPOINT", "the API server", "cluster.endpoint"),
        described(
            "CERTIFICATE_AUTHORITY",
            "the cluster's certificate authority",
            "cluster.certificateAuthority.data",
        ),
        described(
            "SERVICE_CIDR",
            "the range of Service addresses",
            &format!("cluster.kubernetesNetworkConfig.{service_cidr}"),
        ),
        described(
            "NODE_SECURITY_GROUP_ID",
            "the nodes' security group; the cluster's own is one that works",
            "cluster.resourcesVpcConfig.clusterSecurityGroupId",
        ),
    ]
}

fn vpc(site: &Site<'_>) -> Placeholder {
    if site.primary().is_some() {
        let command = "terraform -chdir=terraform output -raw vpc_id".to_owned();
        let made = placeholder("VPC_ID", "the VPC", Source::Command(command));
        Placeholder { is_made: true, ..made }
    } else if site.creates_cluster {
        let list = "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,CidrBlock]' --output text";
        chosen("VPC_ID", "the VPC", Some(list))
    } else {
        let command = describe_cluster("cluster.resourcesVpcConfig.vpcId");
        placeholder("VPC_ID", "the VPC", Source::Command(command))
    }
}

/// The route table of a zone's new subnets.
fn route_table(site: &Site<'_>, zone: &str) -> Placeholder {
    let list = "aws ec2 describe-route-tables --filters \"Name=vpc-id,Values=$VPC_ID\" --query \
                'RouteTables[].{table:RouteTableId,subnets:Associations[].SubnetId,to:Routes[].DestinationCidrBlock}'";
    let about = format!("the route table of the new subnets in {}", quoted(zone));
    let table = chosen(&site.route_table_variable(zone), &about, Some(list));
    Placeholder { is_made: site.primary().is_some(), ..table }
}

fn amis<'a>(site: &'a Site<'_>) -> impl Iterator<Item = Placeholder> + 'a {
    let groups = site.clusters.iter().flat_map(|cluster| &cluster.groups);
    let groups = groups.filter(|group| group.names_ami());
    groups.map(|group| Placeholder { is_made: site.creates_cluster, ..ami(group) })
}

/// The EKS optimized AMI of the cluster's version, by its id.
fn ami(group: &Group<'_>) -> Placeholder {
    let arch = if group.arch == Some("arm64") { "arm64" } else { "x86_64" };
    let version = describe_cluster("cluster.version");
    let command = format!(
        "aws ssm get-parameter --query Parameter.Value --output text --name \
         \"/aws/service/eks/optimized-ami/$({version})/amazon-linux-2023/{arch}/standard/recommended/image_id\""
    );
    let about = format!("the AMI of node group {}", group.name());
    placeholder(&ami_variable(group), &about, Source::Command(command))
}

fn of_subnet(site: &Site<'_>, subnet: &PlannedSubnet) -> Placeholder {
    let filters = format!("\"Name=vpc-id,Values=$VPC_ID\" Name=cidr-block,Values={}", subnet.cidr);
    let command = format!(
        "aws ec2 describe-subnets --filters {filters} --query 'Subnets[0].SubnetId' --output text"
    );
    let about = format!("subnet {} in {}", site.ident(&subnet.name).kebab(), subnet.cidr);
    let found = placeholder(&site.id_variable(&subnet.name), &about, Source::Command(command));
    Placeholder { is_made: subnet.new, ..found }
}
