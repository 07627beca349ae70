//! The work of a candidate: what to do, in an order in which each step can be taken back.

use super::{
    answer::{Candidate, PlannedSubnet, WorkKind, WorkStep},
    asked::Asked,
    requirement::{Allowed, GroupOs, Role},
    variables::{changes, settings as settings_of},
};
use crate::finding::{counted, listed};

/// The steps, in order.
pub(super) fn work(asked: &Asked<'_>, candidate: &Candidate) -> Vec<WorkStep> {
    let mut steps = Vec::new();
    network(candidate, &mut steps);
    control_plane(asked, candidate, &mut steps);
    settings(asked, candidate, &mut steps);
    nodes(asked, candidate, &mut steps);
    steps
}

fn step(kind: WorkKind, what: impl Into<String>, texts: [&str; 3]) -> WorkStep {
    let [risk, check, back] = texts.map(str::to_owned);
    WorkStep {
        kind,
        what: what.into(),
        new_nodes: false,
        max_pods_change: false,
        risk,
        check,
        back,
    }
}

fn network(candidate: &Candidate, steps: &mut Vec<WorkStep>) {
    let made: Vec<String> = candidate
        .vpc_cidrs_added
        .iter()
        .filter(|b| b.primary)
        .map(|b| b.cidr.to_string())
        .collect();
    if !made.is_empty() {
        let what = format!("create the VPC with the block {}", listed(made));
        let texts = [
            "none: nothing uses it yet",
            "`aws ec2 describe-vpcs` shows the VPC with its block",
            "delete the VPC",
        ];
        steps.push(step(WorkKind::Vpc, what, texts));
    }
    let added: Vec<String> = candidate
        .vpc_cidrs_added
        .iter()
        .filter(|b| !b.primary)
        .map(|b| b.cidr.to_string())
        .collect();
    if !added.is_empty() {
        let count = counted(added.len(), "the CIDR block", "CIDR blocks");
        let what = format!(
            "add {} to the VPC",
            if added.len() == 1 {
                format!("the CIDR block {}", listed(&added))
            } else {
                format!("{count}: {}", listed(&added))
            }
        );
        let texts = [
            "AWS refuses a block that overlaps a route, a peered VPC or a Direct Connect gateway; EKS can \
             take an hour to recognize it",
            "`aws ec2 describe-vpcs` shows the block as associated; `eksnet audit --vpc VPC_ID` has no \
             finding about the VPC's blocks",
            "disassociate the block: possible as long as no subnet is in it",
        ];
        steps.push(step(WorkKind::CidrBlocks, what, texts));
    }
    let new: Vec<&PlannedSubnet> = candidate.subnets.iter().filter(|subnet| subnet.new).collect();
    if !new.is_empty() {
        let names = new.iter().map(|subnet| format!("{} {}", subnet.name, subnet.cidr));
        let what = format!(
            "create {}, with routes and tags: {}",
            counted(new.len(), "subnet", "subnets"),
            listed(names)
        );
        let texts = [
            "a subnet without a route to the NAT gateway or to the endpoints leaves nodes NotReady",
            "`eksnet audit --vpc VPC_ID` lists each new subnet with all its addresses free",
            "delete the subnets: possible as long as no interface is in them",
        ];
        let mut subnets = step(WorkKind::Subnets, what, texts);
        if candidate.levers.contains(&Allowed::SubnetDiscovery) {
            subnets.risk.push_str(
                "; nodes that run put new ENIs into a pod subnet as soon as it has its tag: have its route \
                 table and reservations ready, or set ENABLE_SUBNET_DISCOVERY=false until they are",
            );
        }
        steps.push(subnets);
    }
    let reserved: usize = candidate
        .subnets
        .iter()
        .map(|subnet| subnet.reservations.iter().filter(|r| r.new).count())
        .sum();
    if reserved > 0 {
        let what = format!(
            "create {} for prefixes",
            counted(reserved, "subnet CIDR reservation", "subnet CIDR reservations")
        );
        let texts = [
            "single addresses get no place inside a reservation: an interface that needs one there is refused",
            "`eksnet audit --vpc VPC_ID --want-prefixes 1` counts the assignable /28 blocks of each subnet",
            "delete the reservations: what is assigned stays assigned",
        ];
        steps.push(step(WorkKind::Reservations, what, texts));
    }
    let tagged: Vec<&str> = candidate
        .subnets
        .iter()
        .filter(|subnet| !subnet.new && subnet.tags.contains_key(crate::cni::ROLE_TAG))
        .map(|subnet| subnet.name.as_str())
        .collect();
    if candidate.levers.contains(&Allowed::SubnetDiscovery) && !tagged.is_empty() {
        let what =
            format!("tag the existing subnets with {}: {}", crate::cni::ROLE_TAG, listed(tagged));
        let texts = [
            "with the value 0 the primary ENI of nodes there gives no more pod addresses: they carry fewer \
             pods than their max pods allows until the node is replaced",
            "`eksnet audit --vpc VPC_ID` shows new ENIs in the tagged subnets",
            "remove the tag: aws-node reads it when an ENI is set up",
        ];
        let mut tags = step(WorkKind::SubnetTags, what, texts);
        tags.new_nodes = true;
        steps.push(tags);
    }
}

fn control_plane(asked: &Asked<'_>, candidate: &Candidate, steps: &mut Vec<WorkStep>) {
    let planned = candidate.control_plane.as_ref();
    let created = planned.filter(|_| candidate.creates_cluster(&asked.requirement));
    if let Some(planned) = created {
        let what = format!("create the cluster with the subnets {}", listed(&planned.subnets));
        let texts = [
            "its zones, its IP family and its range of Service addresses cannot be changed later",
            "`aws eks describe-cluster` says ACTIVE and names the subnets",
            "delete the cluster: possible as long as it has no node group",
        ];
        steps.push(step(WorkKind::ControlPlane, what, texts));
        return;
    }
    let new: Vec<&str> = candidate
        .subnets
        .iter()
        .filter(|subnet| subnet.new && subnet.role == Role::ControlPlane)
        .map(|subnet| subnet.name.as_str())
        .collect();
    if new.is_empty() {
        return;
    }
    let what = format!("give the cluster the subnets {}", listed(new));
    let texts = [
        "the subnets have to be in the zones that the cluster was created with",
        "`aws eks describe-cluster` names them; `eksnet audit --cluster NAME` has no finding \
         control-plane-headroom",
        "give the cluster its former subnets",
    ];
    steps.push(step(WorkKind::ControlPlane, what, texts));
}

fn settings(asked: &Asked<'_>, candidate: &Candidate, steps: &mut Vec<WorkStep>) {
    let uses = |lever: Allowed| candidate.levers.contains(&lever);
    let pods: Vec<String> = candidate
        .cni
        .custom_networking
        .iter()
        .flatten()
        .map(|(zone, subnet)| format!("{zone}: {subnet}"))
        .collect();
    let today = asked.requirement.cni.custom_networking.clone().unwrap_or_default();
    let changed = candidate.cni.custom_networking.clone().unwrap_or_default() != today;
    if !pods.is_empty() && changed {
        let what = format!("create an ENIConfig for each zone ({})", listed(pods));
        let texts = [
            "a zone without an ENIConfig leaves its new nodes NotReady",
            "`kubectl get eniconfigs` lists one for each zone",
            "delete the ENIConfigs, after AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=false",
        ];
        steps.push(step(WorkKind::EniConfigs, what, texts));
    }
    let set = changed_settings(asked, candidate);
    if !set.is_empty() {
        let what = format!("set {} on aws-node", listed(set));
        let replaces = uses(Allowed::Prefixes) || uses(Allowed::CustomNetworking);
        let texts = [
            "aws-node restarts on every node; warm targets take effect on running nodes at once, prefix \
             delegation and custom networking on new nodes alone",
            "`eksnet audit --cluster NAME` shows what nodes hold; `kubectl rollout status \
             daemonset/aws-node -n kube-system` ends",
            "set the former values: the same command with them, or VARIABLE- to unset one",
        ];
        let mut cni = step(WorkKind::CniSettings, what, texts);
        cni.new_nodes = replaces;
        steps.push(cni);
    }
    let windows = candidate.node_groups.iter().any(|group| group.os == GroupOs::Windows);
    if windows && candidate.cni.windows != asked.requirement.cni.windows {
        let texts = [
            "the VPC resource controller reads it at once: warm addresses come and go on running nodes",
            "`kubectl get configmap amazon-vpc-cni -n kube-system -o yaml` shows the values",
            "set the former values",
        ];
        let what = "set the Windows keys of the ConfigMap amazon-vpc-cni";
        steps.push(step(WorkKind::WindowsSettings, what, texts));
    }
}

/// Variables of aws-node that are not as today, as `kubectl set env` takes them.
fn changed_settings(asked: &Asked<'_>, candidate: &Candidate) -> Vec<String> {
    let custom = candidate.cni.custom_networking.as_ref().is_some_and(|zones| !zones.is_empty());
    let before = settings_of(&asked.requirement.cni, asked.custom_today());
    changes(&before, &settings_of(&candidate.cni, custom))
}

fn nodes(asked: &Asked<'_>, candidate: &Candidate, steps: &mut Vec<WorkStep>) {
    let named: Vec<String> = candidate
        .node_groups
        .iter()
        .map(|group| {
            format!(
                "{}: {} to {} {}, max pods {}",
                group.name,
                group.nodes_usual,
                counted(group.nodes_grown, "node", "nodes"),
                group.instance_types.join("/"),
                group.max_pods
            )
        })
        .collect();
    let is_there = asked.groups.iter().any(|group| group.written.nodes_now.is_some());
    let replaced = candidate.change.nodes;
    let verb = if is_there { "change" } else { "create" };
    let what = format!("{verb} the node groups: {}", listed(named));
    let mut shown: Vec<String> = Vec::new();
    for group in &candidate.node_groups {
        let command = candidate.max_pods_command(group);
        let text = format!("`{command}` says {}", group.max_pods);
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    let check = format!("{}; `kubectl get nodes` shows it as a node's capacity", listed(shown));
    let texts = [
        "a max pods above what the node's ENIs carry leaves pods in ContainerCreating",
        &check,
        "give the node groups their former subnets, types and max pods",
    ];
    let mut groups = step(WorkKind::NodeGroups, what, texts);
    groups.max_pods_change = candidate.change.max_pods > 0;
    groups.new_nodes = replaced > 0;
    steps.push(groups);
    if replaced > 0 {
        let what = format!("replace {}, group by group", counted(replaced, "node", "nodes"));
        let texts = [
            "old and new nodes hold addresses at the same time: keep to the surge of the requirement",
            "`eksnet audit --vpc VPC_ID` after each group: no finding about the new subnets",
            "stop the replacement: old nodes keep their addresses and their settings",
        ];
        let mut replace = step(WorkKind::ReplaceNodes, what, texts);
        replace.new_nodes = true;
        replace.max_pods_change = candidate.change.max_pods > 0;
        steps.push(replace);
    }
}
