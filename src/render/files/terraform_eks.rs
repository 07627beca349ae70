//! `terraform/eks.tf`: the add-on vpc-cni and the node groups, for clusters that exist.

use std::io;

use hcl::{Block, Expression, structure::BlockBuilder};

use super::{
    cluster::{Cluster, Group},
    config,
    config_value::ConfigValue,
    hcl::{HclFile, call, map, name, object, reference, text},
    node_files,
    site::Site,
    terraform_network::{subnet_id, text_variable},
};
use crate::{
    plan::GroupOs,
    simulate::{Scaler, Share},
};

const ABOUT: &str = "The add-on vpc-cni and the node groups. The cluster itself is not made here.";
const CUSTOM_AMI: &str = "A managed node group sets max pods by itself unless it has a custom AMI, so the max \
                          pods of the plan need one: an EKS optimized AMI by its id will do.";

/// The file; `None` if nothing of it applies.
pub(super) fn eks(site: &Site<'_>) -> io::Result<Option<String>> {
    let has_config = |cluster: &Cluster<'_>| config::applies(site, cluster);
    let has_groups = |cluster: &Cluster<'_>| cluster.groups.iter().any(Group::is_created);
    if !site.clusters.iter().any(|cluster| has_config(cluster) || has_groups(cluster)) {
        return Ok(None);
    }
    let mut file = HclFile::new(&site.about(ABOUT));
    for cluster in &site.clusters {
        let called = cluster_variable(cluster);
        file.add("", &text_variable(&called, "The name of the cluster."))?;
    }
    variables(site, &mut file)?;
    for cluster in &site.clusters {
        if has_config(cluster) {
            file.add("", &addon_values(site, cluster))?;
            file.add("", &addon(cluster))?;
        }
        for group in &cluster.groups {
            node_group(&GroupPlace { site, cluster, group }, &mut file)?;
        }
    }
    Ok(Some(file.into_text()))
}

fn cluster_variable(cluster: &Cluster<'_>) -> String {
    format!("cluster_name{}", cluster.suffix("_"))
}

/// A group and where it stands.
struct GroupPlace<'a, 'b> {
    site: &'b Site<'a>,
    cluster: &'b Cluster<'a>,
    group: &'b Group<'a>,
}

impl GroupPlace<'_, '_> {
    fn snake(&self) -> String {
        self.group.ident.snake()
    }

    fn cluster_name(&self) -> Expression {
        reference(&["var", &cluster_variable(self.cluster)])
    }

    fn subnets(&self) -> Expression {
        let subnets = self.group.planned.subnets.iter();
        Expression::Array(subnets.map(|subnet| subnet_id(self.site, subnet)).collect())
    }
}

fn variables(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    let all = || site.clusters.iter().flat_map(|cluster| &cluster.groups);
    let groups = || all().filter(|group| group.is_created());
    if groups().any(|group| group.planned.scaler == Scaler::ManagedNodeGroup) {
        file.add("", &text_variable("node_role_arn", "The ARN of the nodes' IAM role."))?;
    }
    if groups().any(|group| group.planned.scaler == Scaler::Asg) {
        let about = "The name of the instance profile of the Auto Scaling groups' nodes.";
        file.add("", &text_variable("instance_profile_name", about))?;
    }
    for group in groups().filter(|group| group.names_ami()) {
        let about = format!("The id of the AMI of node group {}.", group.planned.name);
        file.add("", &text_variable(&format!("ami_id_{}", group.ident.snake()), &about))?;
    }
    if groups().any(|group| group.names_ami() && group.has_user_data()) {
        for (called, about) in user_data_variables(site) {
            file.add("", &text_variable(called, about))?;
        }
    }
    Ok(())
}

/// Variables of the user data, beside the cluster's name.
fn user_data_variables(site: &Site<'_>) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("api_server_endpoint", "The endpoint of the cluster's API server."),
        ("certificate_authority", "The certificate authority of the cluster, in base64."),
    ];
    if node_files::lacks_service_cidr(site) {
        all.push(("service_cidr", "The range of Service addresses."));
    }
    all
}

/// A part of the configuration as an expression.
fn expression(site: &Site<'_>, value: &ConfigValue) -> Expression {
    match value {
        ConfigValue::Text(value) => text(value),
        ConfigValue::Truth(truth) => Expression::from(*truth),
        ConfigValue::Number(number) => Expression::from(*number),
        ConfigValue::SubnetId(subnet) => subnet_id(site, subnet),
        ConfigValue::Fields(fields) => {
            map(fields.iter().map(|(key, value)| (key.as_str(), expression(site, value))))
        }
    }
}

/// The configuration, under a name.
fn addon_values(site: &Site<'_>, cluster: &Cluster<'_>) -> Block {
    let values = expression(site, &config::config(site, cluster));
    Block::builder(name("locals")).add_attribute((name(&addon_name(cluster)), values)).build()
}

fn addon_name(cluster: &Cluster<'_>) -> String {
    format!("vpc_cni{}", cluster.suffix("_"))
}

fn addon(cluster: &Cluster<'_>) -> Block {
    let values = reference(&["local", &addon_name(cluster)]);
    Block::builder(name("resource"))
        .add_label("aws_eks_addon")
        .add_label(addon_name(cluster))
        .add_attribute((name("cluster_name"), reference(&["var", &cluster_variable(cluster)])))
        .add_attribute((name("addon_name"), text("vpc-cni")))
        .add_attribute((name("configuration_values"), call("jsonencode", [values])))
        .add_attribute((name("resolve_conflicts_on_create"), text("OVERWRITE")))
        .add_attribute((name("resolve_conflicts_on_update"), text("OVERWRITE")))
        .build()
}

fn node_group(place: &GroupPlace<'_, '_>, file: &mut HclFile) -> io::Result<()> {
    if !place.group.is_created() {
        return Ok(());
    }
    if place.group.names_ami() {
        let about = if place.group.needs_custom_ami() { CUSTOM_AMI } else { "" };
        file.add(about, &launch_template(place))?;
    }
    match place.group.planned.scaler {
        Scaler::ManagedNodeGroup => file.add("", &managed(place)),
        Scaler::Asg => file.add("", &auto_scaling(place)),
        Scaler::Karpenter | Scaler::None => Ok(()),
    }
}

fn launch_template(place: &GroupPlace<'_, '_>) -> Block {
    let group = place.group;
    let ami = format!("ami_id_{}", place.snake());
    let mut block = Block::builder(name("resource"))
        .add_labels(["aws_launch_template", &place.snake()])
        .add_attribute((name("name_prefix"), text(&format!("{}-", group.ident.kebab()))))
        .add_attribute((name("image_id"), reference(&["var", &ami])));
    if group.planned.scaler == Scaler::Asg {
        if let Some(first) = group.planned.instance_types.first() {
            block = block.add_attribute((name("instance_type"), text(first)));
        }
        let profile = Block::builder(name("iam_instance_profile"))
            .add_attribute((name("name"), reference(&["var", "instance_profile_name"])));
        block = block.add_block(profile.build());
    }
    if group.has_user_data() {
        block = block.add_attribute((name("user_data"), user_data(place)));
    }
    block.build()
}

/// The file of the user data, whose placeholders Terraform fills.
fn user_data(place: &GroupPlace<'_, '_>) -> Expression {
    let path = node_files::name(place.cluster, place.group, "user-data", "mime");
    // The module's own path is a template, and the rest of it a file name that is made here.
    let path = hcl::expr::TemplateExpr::QuotedString(format!("${{path.module}}/../{path}"));
    let values = user_data_variables(place.site)
        .into_iter()
        .map(|(called, _)| (called.to_ascii_uppercase(), reference(&["var", called])))
        .chain([("CLUSTER_NAME".to_owned(), place.cluster_name())]);
    let values: Vec<(String, Expression)> = values.collect();
    let values = object(values.iter().map(|(called, value)| (called.as_str(), value.clone())));
    call("base64encode", [call("templatefile", [Expression::from(path), values])])
}

fn managed(place: &GroupPlace<'_, '_>) -> Block {
    let (group, planned) = (place.group, place.group.planned);
    let types = planned.instance_types.iter().map(|name| text(name)).collect();
    let mut block = Block::builder(name("resource"))
        .add_labels(["aws_eks_node_group", &place.snake()])
        .add_attribute((name("cluster_name"), place.cluster_name()))
        .add_attribute((name("node_group_name"), text(&group.name())))
        .add_attribute((name("node_role_arn"), reference(&["var", "node_role_arn"])))
        .add_attribute((name("subnet_ids"), place.subnets()))
        .add_attribute((name("instance_types"), Expression::Array(types)));
    if let Some(ami) = ami_type(group).filter(|_| !place.group.names_ami()) {
        block = block.add_attribute((name("ami_type"), text(ami)));
    }
    let scaling = Block::builder(name("scaling_config"))
        .add_attribute((name("desired_size"), planned.nodes_usual))
        .add_attribute((name("max_size"), group.most()))
        .add_attribute((name("min_size"), planned.nodes_usual));
    block = block.add_block(scaling.build());
    if let Some(update) = update(place.site) {
        block = block.add_block(update);
    }
    if place.group.names_ami() {
        block = block.add_block(template_of(place, "launch_template"));
    }
    let desired = Expression::from(
        hcl::expr::Traversal::builder(hcl::Variable::sanitized("scaling_config"))
            .index(Expression::from(0_u64))
            .attr(name("desired_size"))
            .build(),
    );
    let lifecycle =
        Block::builder(name("lifecycle")).add_attribute((name("ignore_changes"), vec![desired]));
    after_addon(place, block.add_block(lifecycle.build())).build()
}

/// Nodes start after the settings that hold for new nodes alone.
fn after_addon(place: &GroupPlace<'_, '_>, block: BlockBuilder) -> BlockBuilder {
    if !config::applies(place.site, place.cluster) {
        return block;
    }
    let addon = reference(&["aws_eks_addon", &addon_name(place.cluster)]);
    block.add_attribute((name("depends_on"), vec![addon]))
}

fn template_of(place: &GroupPlace<'_, '_>, called: &str) -> Block {
    let of = |part: &str| reference(&["aws_launch_template", &place.snake(), part]);
    Block::builder(name(called))
        .add_attribute((name("id"), of("id")))
        .add_attribute((name("version"), of("latest_version")))
        .build()
}

/// The AMI type that fits the group's types; `None` where the architecture is not known.
pub(super) fn ami_type(group: &Group<'_>) -> Option<&'static str> {
    match (group.planned.os, group.arch) {
        (GroupOs::Windows, _) => Some("WINDOWS_CORE_2022_x86_64"),
        (GroupOs::Linux, Some("arm64")) => Some("AL2023_ARM_64_STANDARD"),
        (GroupOs::Linux, Some(_)) => Some("AL2023_x86_64_STANDARD"),
        (GroupOs::Linux, None) => None,
    }
}

/// How many nodes may be missing during an update, where the requirement says so.
fn update(site: &Site<'_>) -> Option<Block> {
    let share = site.plan.requirement.survive.rollout?.max_unavailable?;
    let (key, value) = match share {
        Share::Count(count) => ("max_unavailable", count),
        Share::Percent(percent) => ("max_unavailable_percentage", percent),
    };
    Some(Block::builder(name("update_config")).add_attribute((name(key), value.max(1))).build())
}

fn auto_scaling(place: &GroupPlace<'_, '_>) -> Block {
    let (group, planned) = (place.group, place.group.planned);
    let mut block = Block::builder(name("resource"))
        .add_labels(["aws_autoscaling_group", &place.snake()])
        .add_attribute((name("name"), text(&group.name())))
        .add_attribute((name("vpc_zone_identifier"), place.subnets()))
        .add_attribute((name("desired_capacity"), planned.nodes_usual))
        .add_attribute((name("max_size"), group.most()))
        .add_attribute((name("min_size"), planned.nodes_usual));
    block = if planned.instance_types.len() > 1 {
        block.add_block(mixed(place))
    } else {
        block.add_block(template_of(place, "launch_template"))
    };
    if planned.warm_pool > 0 {
        let warm = Block::builder(name("warm_pool"))
            .add_attribute((name("pool_state"), text("Stopped")))
            .add_attribute((name("min_size"), planned.warm_pool))
            .add_attribute((name("max_group_prepared_capacity"), prepared(group)));
        block = block.add_block(warm.build());
    }
    let key = hcl::expr::TemplateExpr::QuotedString(format!(
        "kubernetes.io/cluster/${{var.{}}}",
        cluster_variable(place.cluster)
    ));
    let tag = Block::builder(name("tag"))
        .add_attribute((name("key"), Expression::from(key)))
        .add_attribute((name("value"), text("owned")))
        .add_attribute((name("propagate_at_launch"), true));
    after_addon(place, block.add_block(tag.build())).build()
}

/// Running and stopped instances together: the warm pool holds no more than was planned.
fn prepared(group: &Group<'_>) -> u32 {
    group.planned.nodes_usual.saturating_add(group.planned.warm_pool)
}

fn mixed(place: &GroupPlace<'_, '_>) -> Block {
    let of = |part: &str| reference(&["aws_launch_template", &place.snake(), part]);
    let specification = Block::builder(name("launch_template_specification"))
        .add_attribute((name("launch_template_id"), of("id")))
        .add_attribute((name("version"), of("latest_version")));
    let types = &place.group.planned.instance_types;
    let overrides = types.iter().map(|kind| {
        Block::builder(name("override")).add_attribute((name("instance_type"), text(kind))).build()
    });
    let template = Block::builder(name("launch_template"))
        .add_block(specification.build())
        .add_blocks(overrides);
    Block::builder(name("mixed_instances_policy")).add_block(template.build()).build()
}
