//! `cloudformation.yaml`: the same as Terraform's two files in one template.

use std::io;

use serde_json::{Value, json};

use super::{
    cloudformation_eks,
    cloudformation_template::{Template, subnet_id, subnet_ref},
    site::Site,
    text::{Ordered, yaml},
};
use crate::plan::PlannedSubnet;

const ABOUT: &str = "The VPC's blocks, subnets, the add-on vpc-cni and managed node groups.";
const NO_RESERVATION: &str = "CloudFormation has no resource type for subnet CIDR reservations: RUNBOOK.md has the \
                              commands that create them.";
const NO_TAGS: &str = "It cannot tag subnets that exist either: RUNBOOK.md has the commands.";

/// The file.
pub(super) fn cloudformation(site: &Site<'_>) -> io::Result<String> {
    let mut template = Template::default();
    vpc(site, &mut template);
    for subnet in site.existing_subnets() {
        let about = format!("The existing subnet {} ({}).", subnet.name, subnet.cidr);
        template.parameter(&subnet_id(site, &subnet.name), "AWS::EC2::Subnet::Id", &about);
        if let Some(id) = Site::known_id(subnet) {
            template.parameters[&subnet_id(site, &subnet.name)]["Default"] = json!(id);
        }
    }
    for (at, subnet) in site.new_subnets().enumerate() {
        new_subnet(site, (at, subnet), &mut template);
    }
    cloudformation_eks::add(site, &mut template)?;
    template.drop_unused();
    let mut whole = vec![
        ("AWSTemplateFormatVersion", json!("2010-09-09")),
        ("Description", json!(format!("eksnet plan, candidate {}", site.candidate.id))),
    ];
    let parts = [
        ("Parameters", template.parameters),
        ("Resources", template.resources),
        ("Outputs", template.outputs),
    ];
    let parts = parts.into_iter().filter(|(_, fields)| !fields.is_empty());
    whole.extend(parts.map(|(key, fields)| (key, Value::Object(fields))));
    yaml(&about(site), &[Ordered(whole)])
}

/// Whether there is something to create.
pub(super) fn applies(site: &Site<'_>) -> bool {
    site.primary().is_some()
        || site.added().next().is_some()
        || site.new_subnets().next().is_some()
        || cloudformation_eks::applies(site)
}

fn about(site: &Site<'_>) -> String {
    let lacks_reservations = site.new_reservations().next().is_some();
    let lacks_tags = site.existing_subnets().any(|subnet| !site.tags_to_add(subnet).is_empty());
    let mut about = site.about(ABOUT);
    for (lacks, text) in [(lacks_reservations, NO_RESERVATION), (lacks_tags, NO_TAGS)] {
        if lacks {
            about.push('\n');
            about.push_str(text);
        }
    }
    about
}

fn vpc_ref(site: &Site<'_>) -> Value {
    json!({"Ref": if site.primary().is_some() { "Vpc" } else { "VpcId" }})
}

fn block_id(number: usize) -> String {
    format!("VpcBlock{number}")
}

fn vpc(site: &Site<'_>, template: &mut Template) {
    match site.primary() {
        Some(block) => {
            let properties = json!({
                "CidrBlock": block.cidr.to_string(),
                "EnableDnsHostnames": true,
                "EnableDnsSupport": true,
            });
            template.resource("Vpc", "AWS::EC2::VPC", properties);
            template.output("VpcId", "The id of the VPC.", &vpc_ref(site));
        }
        None => template.parameter("VpcId", "AWS::EC2::VPC::Id", "The id of the VPC."),
    }
    if site.is_ipv6() && site.primary().is_none() {
        let about = "The IPv6 block of the VPC, a /56: associate one first if it has none.";
        template.parameter("VpcIpv6Cidr", "String", about);
    } else if site.is_ipv6() {
        let properties = json!({"VpcId": vpc_ref(site), "AmazonProvidedIpv6CidrBlock": true});
        template.resource("VpcIpv6Block", "AWS::EC2::VPCCidrBlock", properties);
    }
    for (at, block) in site.added().enumerate() {
        let id = block_id(at + 1);
        let properties = json!({"VpcId": vpc_ref(site), "CidrBlock": block.cidr.to_string()});
        template.resource(&id, "AWS::EC2::VPCCidrBlock", properties);
        if at > 0 {
            template.after(&id, &block_id(at));
        }
    }
}

fn new_subnet(site: &Site<'_>, (at, subnet): (usize, &PlannedSubnet), template: &mut Template) {
    let tags = Site::tags(subnet).into_iter();
    let tags: Vec<Value> = tags.map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    let mut properties = json!({
        "VpcId": vpc_ref(site),
        "AvailabilityZone": subnet.zone,
        "CidrBlock": subnet.cidr.to_string(),
        "Tags": tags,
    });
    let id = subnet_id(site, &subnet.name);
    if site.is_ipv6() {
        let whole = ipv6_block(site);
        let parts = json!({"Fn::Cidr": [whole, at + 1, 64]});
        properties["Ipv6CidrBlock"] = json!({"Fn::Select": [at, parts]});
        properties["AssignIpv6AddressOnCreation"] = json!(true);
    }
    template.resource(&id, "AWS::EC2::Subnet", properties);
    match site.added_block_of(subnet) {
        Some(number) => template.after(&id, &block_id(number)),
        None if site.is_ipv6() && site.primary().is_some() => template.after(&id, "VpcIpv6Block"),
        None => {}
    }
    template.output(
        &id,
        &format!("The id of subnet {}.", subnet.name),
        &subnet_ref(site, &subnet.name),
    );
}

/// The IPv6 block of the VPC: of a new one that of its own resource, of another a parameter, since no association
/// says which block it got.
fn ipv6_block(site: &Site<'_>) -> Value {
    if site.primary().is_some() {
        json!({"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]})
    } else {
        json!({"Ref": "VpcIpv6Cidr"})
    }
}
