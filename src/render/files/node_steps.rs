//! The steps of node groups: those that are created, those whose sizes change, and old ones whose nodes go. No
//! group that was there before is deleted on the way back.

use super::{
    cluster::{Cluster, Fate, Group},
    site::Site,
    step_commands::{Commands, UNVERSIONED, filled},
};
use crate::{
    finding::{counted, quoted},
    plan::WorkKind,
    simulate::Scaler,
};

/// The name of the cluster that a group runs in.
fn cluster_of(group: &Group<'_>) -> String {
    group.there().0.map_or_else(|| "\"$CLUSTER_NAME\"".to_owned(), quoted)
}

/// The variable `ASG`: the name of an Auto Scaling group that goes by its own name or by that of eksctl.
fn auto_scaling_group(group: &Group<'_>) -> String {
    let name = group.there().1.replace(['\'', '"', '\\', '`', '$'], "?");
    format!(
        "ASG=$(aws autoscaling describe-auto-scaling-groups --output text --query \
         \"AutoScalingGroups[?AutoScalingGroupName=='{name}' || Tags[?Key=='alpha.eksctl.io/nodegroup-name' && \
         Value=='{name}']].AutoScalingGroupName\") && echo \"$ASG\"  # must be one name"
    )
}

/// Commands on a group that runs.
struct There {
    /// What the others need.
    first: Option<String>,
    /// Saves its sizes.
    save: String,
    /// Sets them, by `minSize`, `maxSize` and `desiredSize`.
    sizes: [&'static str; 3],
    set: String,
    /// Sets those that were saved.
    restore: String,
    delete: String,
}

fn there(group: &Group<'_>) -> There {
    let file = format!("group-{}.before", group.ident.kebab());
    if group.planned.scaler == Scaler::Asg {
        let set = "aws autoscaling update-auto-scaling-group --auto-scaling-group-name \"$ASG\""
            .to_owned();
        return There {
            first: Some(auto_scaling_group(group)),
            save: format!(
                "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names \"$ASG\" --query \
                 'AutoScalingGroups[].[MinSize,MaxSize,DesiredCapacity]' --output text > {file}"
            ),
            sizes: [" --min-size ", " --max-size ", " --desired-capacity "],
            restore: format!(
                "read MIN MAX DESIRED < {file} && {set} --min-size \"$MIN\" --max-size \"$MAX\" --desired-capacity \
                 \"$DESIRED\""
            ),
            delete: "aws autoscaling delete-auto-scaling-group --auto-scaling-group-name \"$ASG\""
                .into(),
            set,
        };
    }
    let of = format!(
        "--cluster-name {} --nodegroup-name {}",
        cluster_of(group),
        quoted(group.there().1)
    );
    let set = format!("aws eks update-nodegroup-config {of} --scaling-config ");
    There {
        first: None,
        save: format!(
            "aws eks describe-nodegroup {of} --query nodegroup.scalingConfig --output json > {file}"
        ),
        sizes: ["minSize=", ",maxSize=", ",desiredSize="],
        restore: format!("{set}file://{file}"),
        delete: format!("aws eks delete-nodegroup {of}"),
        set,
    }
}

/// What a person must know of a group.
fn note(group: &Group<'_>) -> Option<String> {
    let planned = group.planned;
    let name = crate::render::escape::markdown(&planned.name);
    let today = group.now.map_or_else(String::new, |now| {
        format!(" has {} today", counted(u64::from(now), "node", "nodes"))
    });
    let size = format!("{} to {}", planned.nodes_usual, counted(group.most(), "node", "nodes"));
    match (planned.scaler, &group.fate) {
        (Scaler::None, _) => Some(format!(
            "Group {name}{today}{} something else starts its nodes than a managed node group, an Auto Scaling group or \
             Karpenter, and these files do not. There, give it {size} of {}, in the subnets {}, with max pods {}, which \
             its user data sets.",
            if today.is_empty() { ":" } else { ";" },
            planned.instance_types.join(", "),
            crate::render::escape::markdown(&planned.subnets.join(", ")),
            planned.max_pods,
        )),
        (Scaler::Karpenter, _) => group.now.map(|_| {
            format!("Group {name}{today}: its NodePool and EC2NodeClass change in place.")
        }),
        (Scaler::ManagedNodeGroup | Scaler::Asg, Fate::Created) => None,
        (Scaler::ManagedNodeGroup | Scaler::Asg, Fate::Kept) => Some(format!(
            "Node group {name}{today}: only its sizes change, to {size}. Nodes that run are not stopped."
        )),
        (Scaler::ManagedNodeGroup | Scaler::Asg, Fate::Renewed(new)) => Some(format!(
            "Node group {name}{today}: its subnets, types and max pods cannot be changed in place. {new} is created \
             beside it with {size}, and it stays until there is no way back."
        )),
    }
}

/// Creates groups and changes sizes.
pub(super) fn change(site: &Site<'_>) -> Commands {
    let mut commands = Commands::default();
    for cluster in &site.clusters {
        create(cluster, &mut commands);
        for group in cluster.groups.iter().filter(|group| is_kept(group)) {
            resize(group, &mut commands);
        }
        if cluster.of(Scaler::Karpenter).next().is_some() {
            pools(cluster, &mut commands);
        }
        commands.notes.extend(cluster.groups.iter().filter_map(note));
        commands.check.extend(
            cluster.groups.iter().map(|group| site.candidate.max_pods_command(group.planned)),
        );
    }
    commands.check.sort();
    commands.check.dedup();
    commands.check.push(
        "kubectl get nodes -o custom-columns=NAME:.metadata.name,MAXPODS:.status.allocatable.pods"
            .into(),
    );
    // New subnets alone replace nothing in a plan, and yet a group cannot take them.
    if !site.candidate.work.iter().any(|step| step.kind == WorkKind::ReplaceNodes) {
        let replaced = replace(site);
        if !replaced.run.is_empty() {
            commands.run.extend(replaced.run);
            commands.back.splice(0..0, replaced.back);
            commands.last = replaced.last;
        }
    }
    commands
}

fn is_kept(group: &Group<'_>) -> bool {
    let is_own = matches!(group.planned.scaler, Scaler::ManagedNodeGroup | Scaler::Asg);
    is_own && group.fate == Fate::Kept
}

fn create(cluster: &Cluster<'_>, commands: &mut Commands) {
    let kinds =
        [(Scaler::ManagedNodeGroup, "aws_eks_node_group"), (Scaler::Asg, "aws_autoscaling_group")];
    let mut names = Vec::new();
    for (scaler, kind) in kinds {
        for group in cluster.created(scaler) {
            commands.terraform.push(format!("{kind}.{}", group.ident.snake()));
            names.push(group.name());
        }
    }
    if names.is_empty() {
        return;
    }
    commands.run.push(format!(
        "# must list none of {}: a group that is there already is not this plan's",
        names.join(", ")
    ));
    commands.run.push("eksctl get nodegroup --cluster \"$CLUSTER_NAME\"".into());
    let config = filled(cluster, "eksctl.yaml");
    commands.run.push(format!("{config} | eksctl create nodegroup --config-file -"));
    let delete = |name: &String| {
        format!("eksctl delete nodegroup --cluster \"$CLUSTER_NAME\" --name {}", quoted(name))
    };
    commands.back.extend(names.iter().map(delete));
}

fn resize(group: &Group<'_>, commands: &mut Commands) {
    let there = there(group);
    let now = group.now.unwrap_or(group.planned.nodes_usual);
    let usual = group.planned.nodes_usual;
    // A group that runs more than on a usual day is not made smaller under its pods.
    let sizes = [usual.min(now), group.most().max(now), usual.max(now)];
    let sizes: Vec<String> =
        there.sizes.iter().zip(sizes).map(|(name, size)| format!("{name}{size}")).collect();
    commands.run.extend(there.first.clone());
    commands.run.extend([there.save, format!("{}{}", there.set, sizes.concat())]);
    commands.back.extend(there.first.into_iter().chain([there.restore]));
}

fn pools(cluster: &Cluster<'_>, commands: &mut Commands) {
    let pools = filled(cluster, "karpenter.yaml");
    commands.run.push(format!(
        "kubectl get nodepools,ec2nodeclasses -o yaml | {UNVERSIONED} > karpenter.before.yaml"
    ));
    commands.run.push(format!("{pools} | kubectl apply -f -"));
    let (old, new): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        cluster.of(Scaler::Karpenter).partition(|group| group.now.is_some());
    if !old.is_empty() {
        commands.back.push("kubectl replace -f karpenter.before.yaml".into());
    }
    commands.back.extend(new.iter().map(|group| {
        let name = group.ident.kebab();
        format!("kubectl delete nodepool/{name} ec2nodeclass/{name}  # if karpenter.before.yaml has none of the name")
    }));
}

/// Drains a list of nodes and runs what comes next only if none failed.
fn drained(list: &str, node: &str, then: &str) -> String {
    format!(
        "DRAINED=yes; for NODE in $({list}); do {node}kubectl drain \"$NODE\" --ignore-daemonsets \
         --delete-emptydir-data || {{ DRAINED=no; break; }}; done; [ \"$DRAINED\" = yes ] && {then}"
    )
}

/// Empties the groups that others take over from, and sets them to no nodes.
pub(super) fn replace(site: &Site<'_>) -> Commands {
    let mut commands = Commands {
        check: vec![
            "eksnet audit --vpc \"$VPC_ID\" --nodes".into(),
            "kubectl get pods -A --field-selector=status.phase=Pending".into(),
        ],
        note: "Begin with one node, and look at it: cordon it, drain it, and see that its pods have addresses. A drain \
               that fails stops the loop, and the group keeps its nodes.",
        ..Commands::default()
    };
    for group in site.clusters.iter().flat_map(|cluster| &cluster.groups) {
        match (group.planned.scaler, &group.fate) {
            (Scaler::ManagedNodeGroup | Scaler::Asg, Fate::Renewed(_)) => {
                empty(group, &mut commands);
            }
            (Scaler::Karpenter, Fate::Renewed(_)) => {
                let pool = quoted(&format!("karpenter.sh/nodepool={}", group.ident.kebab()));
                commands.run.push(format!(
                    "kubectl get nodeclaims -l {pool} -w  # those that drifted are replaced, within the budget"
                ));
                commands.run.push(format!(
                    "for CLAIM in $(kubectl get nodeclaims -l {pool} -o name); do kubectl delete \"$CLAIM\"; done  # if \
                     none drifts: Karpenter drains each first"
                ));
            }
            (Scaler::None, Fate::Renewed(_)) => commands.notes.push(format!(
                "Nodes of group {} are replaced by what starts them.",
                crate::render::escape::markdown(&group.planned.name)
            )),
            (
                Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::Karpenter | Scaler::None,
                Fate::Created | Fate::Kept,
            ) => {}
        }
    }
    commands
}

fn empty(group: &Group<'_>, commands: &mut Commands) {
    let there = there(group);
    let [least, _, desired] = there.sizes;
    let stopped = format!("{}{}0{desired}0", there.set, least);
    commands.run.extend(there.first.clone());
    commands.run.push(there.save);
    let uncordon = if group.planned.scaler == Scaler::Asg {
        let list = "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names \"$ASG\" --query \
                    'AutoScalingGroups[].Instances[].InstanceId' --output text";
        let node = "NODE=$(kubectl get nodes -o custom-columns=NAME:.metadata.name,ID:.spec.providerID --no-headers | \
                    grep -F \"$NODE\" | cut -d ' ' -f 1) && ";
        commands.run.push(drained(list, node, &stopped));
        format!("for NODE in $({list}); do {node}kubectl uncordon \"$NODE\"; done")
    } else {
        let label = quoted(&format!("eks.amazonaws.com/nodegroup={}", group.there().1));
        commands.run.push(format!("kubectl cordon -l {label}"));
        let list = format!("kubectl get nodes -l {label} -o name");
        commands.run.push(drained(&list, "", &stopped));
        format!("kubectl uncordon -l {label}")
    };
    commands.back.extend(there.first.clone().into_iter().chain([there.restore, uncordon]));
    commands.last.extend(there.first.into_iter().chain([there.delete]));
}
