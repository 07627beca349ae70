//! What the runbook works on: a cluster that is made, one that a person names, and the routes of new subnets.

use std::collections::BTreeMap;

use eksnet::{
    instance::BUILTIN,
    plan::{parse_requirement, plan},
    render::{files::files, plan::PlanAnswer},
};

use super::{made, written};

fn runbooks() -> Vec<(&'static str, String)> {
    let all = made::plans().into_iter();
    all.map(|(name, answer)| (name, written(&answer).remove("RUNBOOK.md").unwrap())).collect()
}

/// The files of what a requirement's plan recommends.
fn searched(requirement: &str) -> BTreeMap<String, String> {
    let requirement = parse_requirement(requirement).unwrap();
    let plan = plan(&requirement, &BUILTIN).unwrap();
    let candidate = plan.recommended().unwrap().clone();
    let answer = PlanAnswer { plan, chosen: None, withheld: Vec::new() };
    let all = files(&answer, &candidate).unwrap();
    all.into_iter().map(|file| (file.path, file.text)).collect()
}

const NEW: &str = "
version: 1
zones: [eu-west-1a, eu-west-1b]
groups: [{name: general, pods: {peak: 60}, instance_types: [m6i.2xlarge], pods_per_node: 20}]
";
const THERE: &str = "
version: 1
vpc:
  cidrs: [10.0.0.0/16]
  subnets:
    - {name: nodes-a, zone: eu-west-1a, cidr: 10.0.32.0/22}
    - {name: nodes-b, zone: eu-west-1b, cidr: 10.0.36.0/22}
zones: [eu-west-1a, eu-west-1b]
groups: [{name: general, pods: {peak: 60}, instance_types: [m6i.2xlarge], nodes_now: 3}]
";

#[test]
fn no_command_takes_the_first_of_several() {
    for (name, runbook) in runbooks() {
        for first in ["clusters[0]", "nodegroups[0]", "InstanceProfiles[0]", "items[0]"] {
            assert!(!runbook.contains(first), "{name}: {first}");
        }
        assert!(runbook.contains("\nexport CLUSTER_NAME=''\n"), "{name}");
        assert!(runbook.contains("\nexport AWS_REGION=eu-west-1\n"), "{name}");
    }
}

#[test]
fn a_new_cluster_is_created_and_no_other_is_touched() {
    let files = searched(NEW);
    let runbook = &files["RUNBOOK.md"];
    for chosen in ["CLUSTER_NAME", "CLUSTER_ROLE_ARN", "NODE_ROLE_ARN"] {
        assert!(runbook.contains(&format!("\nexport {chosen}=''\n")), "{chosen}");
    }
    assert!(runbook.contains(
        "aws eks create-cluster --name \"$CLUSTER_NAME\" --role-arn \"$CLUSTER_ROLE_ARN\" --resources-vpc-config \
         \"subnetIds=${SUBNET_ID_"
    ));
    // EKS chooses it where the VPC has a block of 10.0.0.0/8.
    assert!(runbook.contains("--kubernetes-network-config \"serviceIpv4Cidr=172.20.0.0/16\""));
    for touched in ["list-clusters", "list-nodegroups", "update-cluster-config", "aws-node.before"]
    {
        assert!(!runbook.contains(touched), "{touched}");
    }
    assert!(files["nodeadm.yaml"].contains("cidr: 172.20.0.0/16"), "{}", files["nodeadm.yaml"]);
    assert!(files["eksctl.yaml"].contains("serviceIPv4CIDR: 172.20.0.0/16"));
}

#[test]
fn a_cluster_that_runs_keeps_its_range_of_services() {
    let files = searched(THERE);
    let runbook = &files["RUNBOOK.md"];
    assert!(!runbook.contains("create-cluster"), "{runbook}");
    assert!(runbook.contains(
        "export SERVICE_CIDR=\"$(aws eks describe-cluster --name \"$CLUSTER_NAME\" --query \
                              cluster.kubernetesNetworkConfig.serviceIpv4Cidr --output text)\""
    ));
    assert!(files["nodeadm.yaml"].contains("cidr: ${SERVICE_CIDR}"), "{}", files["nodeadm.yaml"]);
    assert!(files["eksctl.yaml"].contains("serviceIPv4CIDR: ${SERVICE_CIDR}"));
    let stated =
        searched(&THERE.replace("zones:", "cluster: {service_cidr: 172.16.0.0/16}\nzones:"));
    assert!(stated["nodeadm.yaml"].contains("cidr: 172.16.0.0/16"));
    assert!(stated["eksctl.yaml"].contains("serviceIPv4CIDR: 172.16.0.0/16"));
}

#[test]
fn every_new_subnet_gets_a_route_table() {
    for (name, runbook) in runbooks() {
        let created = runbook.matches("aws ec2 create-subnet --").count();
        assert!(created > 0, "{name}");
        assert_eq!(runbook.matches("aws ec2 associate-route-table --").count(), created, "{name}");
        assert_eq!(
            runbook.matches("  -target=aws_route_table_association.new").count(),
            1,
            "{name}"
        );
        assert!(runbook.contains("export TF_VAR_route_table_ids=\"{\\\""), "{name}");
        for zone in ["A", "B", "C"] {
            let line = format!("\nexport ROUTE_TABLE_ID_EU_WEST_1{zone}=''\n");
            assert!(runbook.contains(&line), "{name} {zone}");
        }
        // The last apply has no target.
        let last = runbook.rsplit("terraform -chdir=terraform apply").next().unwrap();
        assert!(last.starts_with("\nterraform -chdir=terraform plan -detailed-exitcode"), "{name}");
    }
}

#[test]
fn the_version_of_the_cni_is_looked_at_before_tags_count() {
    for (name, runbook) in runbooks() {
        let says = runbook.contains("The VPC CNI is v1.23 or newer");
        assert_eq!(says, name == "discovery", "{name}");
    }
}
