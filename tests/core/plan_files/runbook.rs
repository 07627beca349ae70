//! What the runbook works on: a cluster that is made, one that a person names, and the routes of new subnets.

use std::{collections::BTreeMap, process::Command};

use eksnet::{
    instance::BUILTIN,
    plan::{RequiredGroup, parse_requirement, plan},
    render::{files::files, plan::PlanAnswer},
    simulate::Scaler,
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

/// Three groups that run, one of them under nothing that the files know.
fn running(replaced: bool) -> BTreeMap<String, String> {
    let (_, mut answer) = made::plans().swap_remove(0);
    let candidate = &mut answer.plan.candidates[0];
    for subnet in &mut candidate.subnets {
        subnet.new = false;
    }
    candidate.node_groups[0].replaced = replaced;
    let mut pool = made::group("general-2", "m6i.2xlarge", 58);
    pool.scaler = Scaler::Asg;
    pool.replaced = replaced;
    let mut other = made::group("harbour-prod/ungrouped", "m5.large", 29);
    other.scaler = Scaler::None;
    other.replaced = replaced;
    candidate.node_groups.extend([pool, other]);
    let groups = &mut answer.plan.requirement.groups;
    for (name, now) in [("general-2", 5), ("harbour-prod/ungrouped", 7)] {
        let group = RequiredGroup { name: name.into(), nodes_now: Some(now), ..groups[0].clone() };
        groups.push(group);
    }
    groups[0].nodes_now = Some(4);
    written(&answer)
}

/// The part of a runbook between two headings.
fn part<'a>(runbook: &'a str, from: &str) -> &'a str {
    let rest = runbook.split(from).nth(1).unwrap_or_else(|| panic!("{from} is absent: {runbook}"));
    rest.split("\n## ").next().unwrap()
}

#[test]
fn a_group_that_runs_is_not_made_again_nor_deleted_on_the_way_back() {
    let files = running(true);
    let runbook = &files["RUNBOOK.md"];
    // general-2 runs: the next number is free.
    for path in ["eksctl.yaml", "cloudformation.yaml", "terraform/eks.tf"] {
        assert!(files[path].contains("general-3"), "{path}: {}", files[path]);
    }
    let (steps, last) = runbook.split_once("## Afterwards").unwrap();
    for deleted in
        ["eksctl delete nodegroup --cluster \"$CLUSTER_NAME\" --name general\n", "delete-nodegroup"]
    {
        assert!(!steps.contains(deleted), "{deleted}");
    }
    assert!(
        steps.contains("eksctl delete nodegroup --cluster \"$CLUSTER_NAME\" --name general-3\n")
    );
    assert!(last.contains(
        "aws eks delete-nodegroup --cluster-name \"$CLUSTER_NAME\" --nodegroup-name general\n"
    ));
    let replace = part(runbook, "Replace the nodes\n");
    assert!(replace.contains(
        "for NODE in $(kubectl get nodes -l eks.amazonaws.com/nodegroup=general -o name); do kubectl drain \"$NODE\""
    ));
    assert!(
        replace.contains("--nodegroup-name general --scaling-config minSize=0,desiredSize=0\n")
    );
    assert!(replace.contains("\"$ASG\" --min-size 0 --desired-capacity 0\n"));
    assert!(replace.contains("--scaling-config file://group-general.before\n"));
    assert!(!runbook.contains("kubectl delete node "), "{runbook}");
}

#[test]
fn where_only_sizes_change_the_group_stays() {
    let files = running(false);
    let runbook = &files["RUNBOOK.md"];
    // Six nodes on a usual day, twelve after the growth; four run.
    assert!(runbook.contains(
        "aws eks update-nodegroup-config --cluster-name \"$CLUSTER_NAME\" --nodegroup-name general --scaling-config \
         minSize=4,maxSize=12,desiredSize=6\n"
    ));
    assert!(runbook.contains("\"$ASG\" --min-size 5 --max-size 12 --desired-capacity 6\n"));
    assert!(runbook.contains(
        "Node group general has 4 nodes today: only its sizes change, to 6 to 12 nodes."
    ));
    assert!(!runbook.contains("eksctl create nodegroup") && !runbook.contains("delete-nodegroup"));
    for (path, text) in &files {
        let makes = ["managedNodeGroups", "aws_eks_node_group", "AWS::EKS::Nodegroup"];
        let makes = path != "plan.json" && makes.iter().any(|kind| text.contains(kind));
        assert!(!makes, "{path}");
    }
}

#[test]
fn a_group_that_something_else_starts_is_named() {
    let runbook = &running(true)["RUNBOOK.md"];
    let step = part(runbook, "Create the node group\n");
    assert!(step.contains(
        "Group harbour-prod/ungrouped has 7 nodes today; something else starts its nodes than a managed node group"
    ));
    assert!(step.contains("give it 6 to 12 nodes of m5.large, in the subnets nodes-a, nodes-b, nodes-c, with max pods 29"));
    assert!(
        runbook.contains("Nodes of group harbour-prod/ungrouped are replaced by what starts them.")
    );
}

/// A shell takes every command of every runbook.
#[test]
fn a_shell_reads_the_commands() {
    let running = [true, false].map(|replaced| running(replaced).remove("RUNBOOK.md").unwrap());
    let all = runbooks().into_iter().map(|(_, runbook)| runbook).chain(running);
    for runbook in all {
        for block in runbook.split("```sh\n").skip(1) {
            let commands = block.split("```").next().unwrap().replace("< FILE", "");
            let done = Command::new("sh").args(["-n", "-c", &commands]).output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{said}: {commands}");
        }
    }
}
