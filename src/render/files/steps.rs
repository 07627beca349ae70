//! What each step of the work runs, how to see that it worked, and what takes it back.

use serde_json::{Value, json};

use super::{
    cluster::Cluster,
    config, control_plane, kubernetes, node_steps,
    site::Site,
    step_commands::{Commands, UNVERSIONED, filled, path},
    terraform_network::{block_name, reservation_type},
};
use crate::plan::variables::changes;
use crate::{
    finding::quoted,
    plan::{PlannedSubnet, WorkKind},
};

const AUDIT: &str = "eksnet audit --vpc \"$VPC_ID\"";

/// The commands of a kind of step.
pub(super) fn commands(site: &Site<'_>, kind: WorkKind) -> Commands {
    match kind {
        WorkKind::Vpc => vpc(site),
        WorkKind::CidrBlocks => blocks(site),
        WorkKind::Subnets => subnets(site),
        WorkKind::Reservations => reservations(site),
        WorkKind::SubnetTags => tags(site),
        WorkKind::ControlPlane => control_plane::commands(site),
        WorkKind::EniConfigs => eni_configs(site),
        WorkKind::CniSettings => cni_settings(site),
        WorkKind::WindowsSettings => windows(site),
        WorkKind::NodeGroups => node_steps::change(site),
        WorkKind::ReplaceNodes => node_steps::replace(site),
        WorkKind::Other => Commands::default(),
    }
}

fn vpc(site: &Site<'_>) -> Commands {
    let Some(block) = site.primary() else { return Commands::default() };
    let ipv6 = if site.is_ipv6() { " --amazon-provided-ipv6-cidr-block" } else { "" };
    Commands {
        terraform: vec!["aws_vpc.this".into()],
        run: vec![
            format!(
                "export VPC_ID=$(aws ec2 create-vpc --cidr-block {}{ipv6} --query Vpc.VpcId --output text)",
                block.cidr
            ),
            "aws ec2 modify-vpc-attribute --vpc-id \"$VPC_ID\" --enable-dns-support".into(),
            "aws ec2 modify-vpc-attribute --vpc-id \"$VPC_ID\" --enable-dns-hostnames".into(),
        ],
        check: vec![
            "aws ec2 describe-vpcs --vpc-ids \"$VPC_ID\" --query 'Vpcs[0].CidrBlock'".into(),
        ],
        back: vec!["aws ec2 delete-vpc --vpc-id \"$VPC_ID\"".into()],
        note: "Gateways and route tables of the VPC are not part of the plan.",
        ..Commands::default()
    }
}

fn blocks(site: &Site<'_>) -> Commands {
    let all: Vec<String> = site.added().map(|block| block.cidr.to_string()).collect();
    let name = |at: usize| format!("aws_vpc_ipv4_cidr_block_association.{}", block_name(at + 1));
    let add = |cidr: &String| {
        format!("aws ec2 associate-vpc-cidr-block --vpc-id \"$VPC_ID\" --cidr-block {cidr}")
    };
    let associations = |cidr: &String| {
        format!(
            "aws ec2 disassociate-vpc-cidr-block --association-id \"$(aws ec2 describe-vpcs --vpc-ids \
             \"$VPC_ID\" --output text --query \"Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='{cidr}'].\
             AssociationId\")\""
        )
    };
    Commands {
        terraform: (0..all.len()).map(name).collect(),
        run: all.iter().map(add).collect(),
        check: vec![
            "aws ec2 describe-vpcs --vpc-ids \"$VPC_ID\" --query 'Vpcs[0].CidrBlockAssociationSet'"
                .into(),
            format!("{AUDIT} --map"),
        ],
        back: all.iter().rev().map(associations).collect(),
        note: "The control plane can take up to an hour to recognize a new block. A block can be removed only \
               while no subnet is in it.",
        ..Commands::default()
    }
}

fn id(site: &Site<'_>, subnet: &str) -> String {
    let id = site.subnet_id(subnet);
    id.strip_prefix("${")
        .and_then(|id| id.strip_suffix('}'))
        .map_or(id.clone(), |name| format!("\"${name}\""))
}

fn tag_list<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    tags.map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

fn create_subnet(site: &Site<'_>, subnet: &PlannedSubnet) -> String {
    let tags = tag_list(Site::tags(subnet).into_iter());
    let specification = json!([{"ResourceType": "subnet", "Tags": tags}]).to_string();
    format!(
        "export {}=$(aws ec2 create-subnet --vpc-id \"$VPC_ID\" --availability-zone {} --cidr-block {} \
         --tag-specifications {} --query Subnet.SubnetId --output text)",
        site.id_variable(&subnet.name),
        quoted(&subnet.zone),
        subnet.cidr,
        quoted(&specification)
    )
}

fn subnets(site: &Site<'_>) -> Commands {
    let new: Vec<&PlannedSubnet> = site.new_subnets().collect();
    let name = |subnet: &&PlannedSubnet| format!("aws_subnet.{}", site.ident(&subnet.name).snake());
    let delete = |subnet: &&PlannedSubnet| {
        format!("aws ec2 delete-subnet --subnet-id {}", id(site, &subnet.name))
    };
    let associate = |subnet: &&PlannedSubnet| {
        format!(
            "aws ec2 associate-route-table --subnet-id {} --route-table-id \"${}\"",
            id(site, &subnet.name),
            site.route_table_variable(&subnet.zone)
        )
    };
    let associations = (!new.is_empty()).then(|| "aws_route_table_association.new".to_owned());
    Commands {
        terraform: new.iter().map(name).chain(associations).collect(),
        run: (new.iter().map(|subnet| create_subnet(site, subnet)))
            .chain(new.iter().map(associate))
            .collect(),
        check: vec![format!("{AUDIT} --all"), routes(site, &new)],
        back: new.iter().rev().map(delete).collect(),
        note: "Each new subnet gets the route table that you set for its zone: without a route to a NAT gateway, a \
               transit gateway or endpoints its pods have no way out. The last command lists every new subnet with \
               its routes.",
        ..Commands::default()
    }
}

/// The command that shows the routes of new subnets.
fn routes(site: &Site<'_>, new: &[&PlannedSubnet]) -> String {
    let ids: Vec<String> = new.iter().map(|subnet| site.subnet_id(&subnet.name)).collect();
    format!(
        "aws ec2 describe-route-tables --filters \"Name=association.subnet-id,Values={}\" --query \
         'RouteTables[].{{table:RouteTableId,subnets:Associations[].SubnetId,routes:Routes[].[DestinationCidrBlock,\
         NatGatewayId,TransitGatewayId,GatewayId]}}'",
        ids.join(",")
    )
}

fn reservations(site: &Site<'_>) -> Commands {
    let all: Vec<_> = site.new_reservations().collect();
    let create = |(subnet, _, reservation): &(
        &PlannedSubnet,
        usize,
        crate::plan::PlannedReservation,
    )| {
        format!(
            "aws ec2 create-subnet-cidr-reservation --subnet-id {} --cidr {} --reservation-type {}",
            id(site, &subnet.name),
            reservation.cidr,
            reservation_type(reservation.kind)
        )
    };
    let delete =
        |(subnet, _, reservation): &(&PlannedSubnet, usize, crate::plan::PlannedReservation)| {
            format!(
                "aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id \"$(aws ec2 \
             get-subnet-cidr-reservations --subnet-id {} --output text --query \
             \"SubnetIpv4CidrReservations[?Cidr=='{}'].SubnetCidrReservationId\")\"",
                id(site, &subnet.name),
                reservation.cidr
            )
        };
    Commands {
        terraform: all
            .iter()
            .map(|(subnet, number, _)| {
                let ident = site.ident(&subnet.name).snake();
                format!("aws_ec2_subnet_cidr_reservation.{ident}_{number}")
            })
            .collect(),
        run: all.iter().map(create).collect(),
        check: vec![format!("{AUDIT} --map")],
        back: all.iter().rev().map(delete).collect(),
        note: "CloudFormation cannot create these: run the commands after its stack. A reservation moves no \
               address that is in use.",
        ..Commands::default()
    }
}

fn tags(site: &Site<'_>) -> Commands {
    let mut commands = Commands {
        check: vec![AUDIT.to_owned()],
        note: "CloudFormation cannot tag subnets that exist.",
        ..Commands::default()
    };
    for subnet in site.existing_subnets() {
        let tags = site.tags_to_add(subnet);
        if tags.is_empty() {
            continue;
        }
        let ident = site.ident(&subnet.name).snake();
        commands
            .terraform
            .extend((1..=tags.len()).map(|number| format!("aws_ec2_tag.{ident}_{number}")));
        let list = quoted(&tag_list(tags.into_iter()).to_string());
        let id = id(site, &subnet.name);
        commands.run.push(format!("aws ec2 create-tags --resources {id} --tags {list}"));
        commands.back.push(format!("aws ec2 delete-tags --resources {id} --tags {list}"));
    }
    commands
}

fn eni_configs(site: &Site<'_>) -> Commands {
    let with = || site.clusters.iter().filter(|cluster| !cluster.eni_configs().is_empty());
    let apply = |cluster| format!("{} | kubectl apply -f -", filled(cluster, "eniconfigs.yaml"));
    let delete = |cluster| format!("{} | kubectl delete -f -", filled(cluster, "eniconfigs.yaml"));
    Commands {
        run: with().map(apply).collect(),
        check: vec![
            "kubectl get eniconfigs -o custom-columns=NAME:.metadata.name,SUBNET:.spec.subnet"
                .into(),
        ],
        back: with().map(delete).collect(),
        note: "Where the add-on vpc-cni has eniConfig in its configuration it makes the ENIConfigs itself: skip \
               this step then. Nothing reads them before custom networking is on.",
        ..Commands::default()
    }
}

/// What the add-on's configuration is set with: a new cluster has no add-on yet.
fn save_or_create(site: &Site<'_>) -> &'static str {
    if site.creates_cluster {
        "aws eks create-addon --cluster-name \"$CLUSTER_NAME\" --addon-name vpc-cni --resolve-conflicts OVERWRITE && \
         aws eks wait addon-active --cluster-name \"$CLUSTER_NAME\" --addon-name vpc-cni"
    } else {
        SAVE
    }
}

const SAVE: &str = "aws eks describe-addon --cluster-name \"$CLUSTER_NAME\" --addon-name vpc-cni --query \
                    addon.configurationValues --output text > vpc-cni-addon.before.json";

fn cni_settings(site: &Site<'_>) -> Commands {
    let with: Vec<&Cluster<'_>> =
        site.clusters.iter().filter(|cluster| config::applies(site, cluster)).collect();
    let update = |values: &str| {
        format!(
            "aws eks update-addon --cluster-name \"$CLUSTER_NAME\" --addon-name vpc-cni --resolve-conflicts \
             OVERWRITE --configuration-values \"$({values})\""
        )
    };
    let mut run = vec!["# as an EKS add-on".to_owned(), save_or_create(site).to_owned()];
    run.extend(with.iter().map(|cluster| update(&filled(cluster, "vpc-cni-addon.json"))));
    run.push("# or with Helm".to_owned());
    run.extend(with.iter().map(|cluster| {
        let values = filled(cluster, "vpc-cni-values.yaml");
        format!(
            "{values} | helm upgrade aws-vpc-cni eks/aws-vpc-cni -n kube-system --reuse-values -f -"
        )
    }));
    let before = if site.creates_cluster { "echo '{}'" } else { "cat vpc-cni-addon.before.json" };
    let mut back = vec![update(before)];
    if let Some(undo) = kubernetes::set_env(&changes(&site.settings, &site.today)) {
        run.push("# or on a daemonset of your own".to_owned());
        run.extend(
            site.clusters.iter().map(|cluster| format!("sh {}", path(cluster, "set-env.sh"))),
        );
        back.push(undo);
    }
    let addon = |cluster: &&Cluster<'_>| format!("aws_eks_addon.vpc_cni{}", cluster.suffix("_"));
    let import = |cluster: &&Cluster<'_>| {
        let name = format!("CLUSTER_NAME{}", cluster.suffix("_"));
        let addon = addon(cluster);
        format!(
            "terraform -chdir=terraform import {addon} \"${name}:vpc-cni\"  # if the cluster has the add-on"
        )
    };
    Commands {
        terraform: with.iter().map(addon).collect(),
        import: with.iter().filter(|_| !site.creates_cluster).map(import).collect(),
        run,
        check: vec![
            "kubectl -n kube-system rollout status daemonset/aws-node".into(),
            "mkdir -p kube && kubectl -n kube-system get daemonset aws-node -o json > kube/aws-node.json".into(),
            "kubectl get nodes -o json > kube/nodes.json && kubectl get eniconfigs -o json > \
             kube/eniconfigs.json"
                .into(),
            "eksnet snapshot --vpc \"$VPC_ID\" --output-file vpc.json && eksnet audit --from vpc.json --from kube"
                .into(),
        ],
        back,
        note: if site.creates_cluster {
            "Choose one of the ways."
        } else {
            "Choose one of the ways. The add-on's configuration replaces the one before as a whole: carry over what \
             vpc-cni-addon.before.json has besides."
        },
        ..Commands::default()
    }
}

fn windows(site: &Site<'_>) -> Commands {
    let with = site.clusters.iter().find(|cluster| cluster.has_windows());
    let patch = with.and_then(|cluster| kubernetes::patch_windows(site, cluster));
    let get = "kubectl -n kube-system get configmap amazon-vpc-cni -o yaml";
    let mut run = vec![format!("{get} | {UNVERSIONED} > amazon-vpc-cni.before.yaml")];
    run.extend(patch);
    Commands {
        run,
        check: vec![
            get.to_owned(),
            "kubectl get nodes -l kubernetes.io/os=windows -o custom-columns=\
             'NAME:.metadata.name,ADDRESSES:.status.allocatable.vpc\\.amazonaws\\.com/PrivateIPv4Address'"
                .into(),
        ],
        back: vec!["kubectl replace -f amazon-vpc-cni.before.yaml".into()],
        note: "The VPC resource controller reads the ConfigMap. At least one Linux node must run in the cluster.",
        ..Commands::default()
    }
}
