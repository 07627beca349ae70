//! The step of the control plane: a new cluster, or other subnets of one that exists.

use super::{cni_version, node_files::service_cidr, site::Site, step_commands::Commands};

const SHOW: &str = "aws eks describe-cluster --name \"$CLUSTER_NAME\" --query cluster.resourcesVpcConfig.subnetIds";

/// The commands.
pub(super) fn commands(site: &Site<'_>) -> Commands {
    let Some(planned) = &site.candidate.control_plane else { return Commands::default() };
    let ids: Vec<String> = planned.subnets.iter().map(|subnet| site.subnet_id(subnet)).collect();
    let ids = ids.join(",");
    if site.creates_cluster { create(site, &ids) } else { move_to(&ids) }
}

fn create(site: &Site<'_>, ids: &str) -> Commands {
    let network = if site.is_ipv6() {
        "ipFamily=ipv6".to_owned()
    } else {
        format!("serviceIpv4Cidr={}", service_cidr(site))
    };
    let mut check = vec![
        "aws eks describe-cluster --name \"$CLUSTER_NAME\" --query 'cluster.[status,kubernetesNetworkConfig]'"
            .to_owned(),
        SHOW.to_owned(),
    ];
    check.extend(site.uses_role_tags().then(|| cni_version::COMMAND.to_owned()));
    Commands {
        run: vec![
            format!(
                "aws eks create-cluster --name \"$CLUSTER_NAME\" --role-arn \"$CLUSTER_ROLE_ARN\" \
                 --resources-vpc-config \"subnetIds={ids}\" --kubernetes-network-config \"{network}\""
            ),
            "aws eks wait cluster-active --name \"$CLUSTER_NAME\"".to_owned(),
            "aws eks update-kubeconfig --name \"$CLUSTER_NAME\"".to_owned(),
        ],
        check,
        back: vec!["aws eks delete-cluster --name \"$CLUSTER_NAME\"".to_owned()],
        note: "Each new cluster is created once. Then run the lines of the placeholders that have a value when what \
               they name is created.",
        ..Commands::default()
    }
}

fn move_to(ids: &str) -> Commands {
    let set =
        "aws eks update-cluster-config --name \"$CLUSTER_NAME\" --resources-vpc-config subnetIds=";
    Commands {
        run: vec![
            format!("{SHOW} --output text | tr '\\t' ',' > control-plane-subnets.before"),
            format!("{set}\"{ids}\""),
        ],
        check: vec![SHOW.to_owned(), "eksnet audit --cluster \"$CLUSTER_NAME\"".to_owned()],
        back: vec![format!("{set}\"$(cat control-plane-subnets.before)\"")],
        note: "The subnets of a cluster must be in the zones that it has.",
        ..Commands::default()
    }
}
