//! Placeholders of the files, `${NAME}`: what each stands for and the command that prints its value.

use super::{cluster::Group, eksctl::ami_variable, file::EmittedFile, site::Site};
use crate::plan::PlannedSubnet;

/// A value that no plan can know.
pub(super) struct Placeholder {
    /// The name between the braces.
    pub(super) name: String,
    /// What it is.
    pub(super) about: String,
    /// The shell command that prints it.
    pub(super) command: String,
    /// Whether there is a value only when the subnets are made.
    pub(super) is_made: bool,
}

fn describe_cluster(query: &str) -> String {
    format!("aws eks describe-cluster --name \"$CLUSTER_NAME\" --query {query} --output text")
}

fn placeholder(name: &str, about: &str, command: String) -> Placeholder {
    Placeholder { name: name.into(), about: about.into(), command, is_made: false }
}

/// Those that stand in one of the files, or that the runbook's own commands need, in the order in which each
/// needs those before it.
pub(super) fn placeholders(site: &Site<'_>, files: &[EmittedFile]) -> Vec<Placeholder> {
    let variables = terraform_variables(files);
    let is_used = |placeholder: &Placeholder| {
        let mark = format!("${{{}}}", placeholder.name);
        matches!(placeholder.name.as_str(), "CLUSTER_NAME" | "VPC_ID")
            || variables.contains(&placeholder.name.to_ascii_lowercase())
            || files.iter().any(|file| file.text.contains(&mark))
    };
    let mut used: Vec<Placeholder> = of_cluster(site).into_iter().filter(is_used).collect();
    used.extend(clusters(site).into_iter().filter(is_used));
    used.extend(amis(site).filter(is_used));
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

/// The names of several clusters, for Terraform, which makes the parts of all of them.
fn clusters(site: &Site<'_>) -> Vec<Placeholder> {
    let numbers = site.clusters.iter().filter_map(|cluster| cluster.number);
    numbers
        .map(|number| {
            let command =
                format!("aws eks list-clusters --query 'clusters[{}]' --output text", number - 1);
            placeholder(&format!("CLUSTER_NAME_{number}"), "one of the clusters: choose", command)
        })
        .collect()
}

fn of_cluster(site: &Site<'_>) -> Vec<Placeholder> {
    let vpc_id = if site.primary().is_some() {
        "terraform -chdir=terraform output -raw vpc_id".to_owned()
    } else {
        describe_cluster("cluster.resourcesVpcConfig.vpcId")
    };
    let service_cidr = if site.is_ipv6() { "serviceIpv6Cidr" } else { "serviceIpv4Cidr" };
    let service_cidr = format!("cluster.kubernetesNetworkConfig.{service_cidr}");
    let group = "cluster.resourcesVpcConfig.clusterSecurityGroupId";
    let vpc = placeholder("VPC_ID", "the VPC", vpc_id);
    vec![
        placeholder("AWS_REGION", "the region", "aws configure get region".into()),
        placeholder(
            "CLUSTER_NAME",
            "the cluster: choose one",
            "aws eks list-clusters --query 'clusters[0]' --output text".into(),
        ),
        Placeholder { is_made: site.primary().is_some(), ..vpc },
        placeholder("API_SERVER_ENDPOINT", "the API server", describe_cluster("cluster.endpoint")),
        placeholder(
            "CERTIFICATE_AUTHORITY",
            "the cluster's certificate authority",
            describe_cluster("cluster.certificateAuthority.data"),
        ),
        placeholder(
            "SERVICE_CIDR",
            "the range of Service addresses",
            describe_cluster(&service_cidr),
        ),
        placeholder(
            "NODE_SECURITY_GROUP_ID",
            "the nodes' security group; the cluster's own is one that works",
            describe_cluster(group),
        ),
        placeholder(
            "NODE_ROLE_ARN",
            "the IAM role of the nodes",
            "aws eks describe-nodegroup --cluster-name \"$CLUSTER_NAME\" --nodegroup-name \"$(aws eks \
             list-nodegroups --cluster-name \"$CLUSTER_NAME\" --query 'nodegroups[0]' --output text)\" \
             --query nodegroup.nodeRole --output text"
                .into(),
        ),
        placeholder(
            "INSTANCE_PROFILE_NAME",
            "the instance profile of the nodes: choose one",
            "aws iam list-instance-profiles --query 'InstanceProfiles[0].InstanceProfileName' --output text"
                .into(),
        ),
        placeholder(
            "KARPENTER_NODE_ROLE",
            "the IAM role of Karpenter's nodes",
            "kubectl get ec2nodeclasses -o jsonpath='{.items[0].spec.role}'".into(),
        ),
    ]
}

fn amis(site: &Site<'_>) -> impl Iterator<Item = Placeholder> {
    let groups = site.clusters.iter().flat_map(|cluster| &cluster.groups);
    groups.filter(|group| group.names_ami()).map(ami)
}

/// The EKS optimized AMI of the cluster's version, by its id.
fn ami(group: &Group<'_>) -> Placeholder {
    let arch = if group.arch == Some("arm64") { "arm64" } else { "x86_64" };
    let version = describe_cluster("cluster.version");
    Placeholder {
        name: ami_variable(group),
        about: format!("the AMI of node group {}", group.name()),
        command: format!(
            "aws ssm get-parameter --query Parameter.Value --output text --name \
             \"/aws/service/eks/optimized-ami/$({version})/amazon-linux-2023/{arch}/standard/recommended/image_id\""
        ),
        is_made: false,
    }
}

fn of_subnet(site: &Site<'_>, subnet: &PlannedSubnet) -> Placeholder {
    let filters = format!("\"Name=vpc-id,Values=$VPC_ID\" Name=cidr-block,Values={}", subnet.cidr);
    Placeholder {
        name: site.id_variable(&subnet.name),
        about: format!("subnet {} in {}", site.ident(&subnet.name).kebab(), subnet.cidr),
        command: format!(
            "aws ec2 describe-subnets --filters {filters} --query 'Subnets[0].SubnetId' --output text"
        ),
        is_made: subnet.new,
    }
}
