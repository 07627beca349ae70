//! `terraform/network.tf`: the VPC or the blocks added to it, subnets with their tags, reservations.

use std::io;

use hcl::{Block, Expression};

use super::{
    hcl::{HclFile, call, map, name, object, reference, text},
    site::Site,
};
use crate::{plan::PlannedSubnet, simulate::ReservationType};

const ABOUT: &str = "The VPC's blocks, subnets, tags and subnet CIDR reservations.";

/// The file.
pub(super) fn network(site: &Site<'_>) -> io::Result<String> {
    let mut file = HclFile::new(&site.about(ABOUT));
    file.add("", &providers())?;
    variables(site, &mut file)?;
    vpc(site, &mut file)?;
    for subnet in site.new_subnets() {
        file.add("", &new_subnet(site, subnet))?;
    }
    existing_tags(site, &mut file)?;
    reservations(site, &mut file)?;
    routes(site, &mut file)?;
    outputs(site, &mut file).map(|()| file.into_text())
}

fn providers() -> Block {
    let aws = object([("source", text("hashicorp/aws")), ("version", text(">= 5.0"))]);
    let required =
        Block::builder(name("required_providers")).add_attribute((name("aws"), aws)).build();
    Block::builder(name("terraform"))
        .add_attribute((name("required_version"), text(">= 1.3")))
        .add_block(required)
        .build()
}

/// A variable of a type.
pub(super) fn variable(called: &str, kind: Expression, about: &str) -> Block {
    Block::builder(name("variable"))
        .add_label(called)
        .add_attribute((name("type"), kind))
        .add_attribute((name("description"), text(about)))
        .build()
}

/// A text variable.
pub(super) fn text_variable(called: &str, about: &str) -> Block {
    variable(called, reference(&["string"]), about)
}

/// The variable of an existing subnet's id.
fn id_variable(site: &Site<'_>, subnet: &str) -> String {
    format!("subnet_id_{}", site.ident(subnet).snake())
}

fn variables(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    if site.primary().is_none() {
        file.add("", &text_variable("vpc_id", "The id of the VPC."))?;
    }
    for subnet in site.existing_subnets() {
        let about = format!("The id of the existing subnet {} ({}).", subnet.name, subnet.cidr);
        let mut block = text_variable(&id_variable(site, &subnet.name), &about);
        if let Some(id) = Site::known_id(subnet) {
            let known = hcl::Attribute::new(name("default"), text(id));
            block.body = block.body.into_iter().chain([known.into()]).collect();
        }
        file.add("", &block)?;
    }
    let routes = Block::builder(name("variable"))
        .add_label("route_table_ids")
        .add_attribute((name("type"), call("map", [reference(&["string"])])))
        .add_attribute((name("default"), object([])))
        .add_attribute((
            name("description"),
            text(
                "The route table of each new subnet, by the name of its resource below. A subnet that is not \
                 listed has the VPC's main route table.",
            ),
        ))
        .build();
    if site.new_subnets().next().is_some() { file.add("", &routes) } else { Ok(()) }
}

/// The VPC's id.
fn vpc_id(site: &Site<'_>) -> Expression {
    match site.primary() {
        Some(_) => reference(&["aws_vpc", "this", "id"]),
        None => reference(&["var", "vpc_id"]),
    }
}

/// The id of a subnet.
pub(super) fn subnet_id(site: &Site<'_>, subnet: &str) -> Expression {
    match site.subnet(subnet) {
        Some(found) if found.new => reference(&["aws_subnet", &site.ident(subnet).snake(), "id"]),
        Some(_) | None => reference(&["var", &id_variable(site, subnet)]),
    }
}

/// The resource of an added block, by its number.
pub(super) fn block_name(number: usize) -> String {
    format!("block_{number}")
}

fn vpc(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    if let Some(block) = site.primary() {
        let mut vpc = Block::builder(name("resource"))
            .add_labels(["aws_vpc", "this"])
            .add_attribute((name("cidr_block"), text(&block.cidr.to_string())))
            .add_attribute((name("enable_dns_support"), true))
            .add_attribute((name("enable_dns_hostnames"), true));
        if site.is_ipv6() {
            vpc = vpc.add_attribute((name("assign_generated_ipv6_cidr_block"), true));
        }
        file.add("", &vpc.build())?;
    } else if site.is_ipv6() {
        let block = Block::builder(name("resource"))
            .add_labels(["aws_vpc_ipv6_cidr_block_association", "this"])
            .add_attribute((name("vpc_id"), vpc_id(site)))
            .add_attribute((name("assign_generated_ipv6_cidr_block"), true));
        file.add("Remove this block if the VPC has an IPv6 block.", &block.build())?;
    }
    for (at, block) in site.added().enumerate() {
        let number = at + 1;
        let mut association = Block::builder(name("resource"))
            .add_labels(["aws_vpc_ipv4_cidr_block_association", &block_name(number)])
            .add_attribute((name("vpc_id"), vpc_id(site)))
            .add_attribute((name("cidr_block"), text(&block.cidr.to_string())));
        if number > 1 {
            association = association.add_attribute((name("depends_on"), vec![block_resource(at)]));
        }
        let about = if at == 0 { "AWS adds one block at a time." } else { "" };
        file.add(about, &association.build())?;
    }
    Ok(())
}

fn block_resource(number: usize) -> Expression {
    reference(&["aws_vpc_ipv4_cidr_block_association", &block_name(number)])
}

fn new_subnet(site: &Site<'_>, subnet: &PlannedSubnet) -> Block {
    let tags = Site::tags(subnet).into_iter().map(|(key, value)| (key, text(value)));
    let mut block = Block::builder(name("resource"))
        .add_label("aws_subnet")
        .add_label(site.ident(&subnet.name).snake())
        .add_attribute((name("vpc_id"), vpc_id(site)))
        .add_attribute((name("availability_zone"), text(&subnet.zone)))
        .add_attribute((name("cidr_block"), text(&subnet.cidr.to_string())));
    if let Some(cidr) = ipv6_block(site, subnet) {
        block = block
            .add_attribute((name("ipv6_cidr_block"), cidr))
            .add_attribute((name("assign_ipv6_address_on_creation"), true));
    }
    block = block.add_attribute((name("tags"), map(tags)));
    if let Some(number) = site.added_block_of(subnet) {
        block = block.add_attribute((name("depends_on"), vec![block_resource(number)]));
    }
    block.build()
}

/// The /64 of a new subnet, by its number among the new ones.
fn ipv6_block(site: &Site<'_>, subnet: &PlannedSubnet) -> Option<Expression> {
    let at = site.new_subnets().position(|other| other.name == subnet.name)?;
    let whole = match site.primary() {
        Some(_) => reference(&["aws_vpc", "this", "ipv6_cidr_block"]),
        None => reference(&["aws_vpc_ipv6_cidr_block_association", "this", "ipv6_cidr_block"]),
    };
    let number = u64::try_from(at).ok()?;
    site.is_ipv6()
        .then(|| call("cidrsubnet", [whole, Expression::from(8_u64), Expression::from(number)]))
}

/// Tags of subnets that exist: one resource each, so that others are left alone.
fn existing_tags(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    for subnet in site.existing_subnets() {
        for (at, (key, value)) in site.tags_to_add(subnet).into_iter().enumerate() {
            let block = Block::builder(name("resource"))
                .add_label("aws_ec2_tag")
                .add_label(format!("{}_{}", site.ident(&subnet.name).snake(), at + 1))
                .add_attribute((name("resource_id"), subnet_id(site, &subnet.name)))
                .add_attribute((name("key"), text(key)))
                .add_attribute((name("value"), text(value)))
                .build();
            file.add("", &block)?;
        }
    }
    Ok(())
}

/// The name that EC2 has for a type of reservation.
pub(super) fn reservation_type(kind: ReservationType) -> &'static str {
    match kind {
        ReservationType::Prefix => "prefix",
        ReservationType::Explicit => "explicit",
    }
}

fn reservations(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    for (subnet, number, reservation) in site.new_reservations() {
        let block = Block::builder(name("resource"))
            .add_label("aws_ec2_subnet_cidr_reservation")
            .add_label(format!("{}_{number}", site.ident(&subnet.name).snake()))
            .add_attribute((name("subnet_id"), subnet_id(site, &subnet.name)))
            .add_attribute((name("cidr_block"), text(&reservation.cidr.to_string())))
            .add_attribute((name("reservation_type"), text(reservation_type(reservation.kind))))
            .build();
        file.add("", &block)?;
    }
    Ok(())
}

fn routes(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    let idents: Vec<String> =
        site.new_subnets().map(|subnet| site.ident(&subnet.name).snake()).collect();
    if idents.is_empty() {
        return Ok(());
    }
    let ids = idents.iter().map(|ident| (ident.as_str(), reference(&["aws_subnet", ident, "id"])));
    let locals =
        Block::builder(name("locals")).add_attribute((name("new_subnet_ids"), object(ids)));
    file.add("", &locals.build())?;
    let each = |part: &str| reference(&["each", part]);
    let subnet = hcl::expr::Traversal::builder(hcl::Variable::sanitized("local"))
        .attr(name("new_subnet_ids"))
        .index(each("key"))
        .build();
    let association = Block::builder(name("resource"))
        .add_labels(["aws_route_table_association", "new"])
        .add_attribute((name("for_each"), reference(&["var", "route_table_ids"])))
        .add_attribute((name("subnet_id"), subnet))
        .add_attribute((name("route_table_id"), each("value")))
        .build();
    file.add("", &association)
}

/// Ids that people need afterwards.
fn outputs(site: &Site<'_>, file: &mut HclFile) -> io::Result<()> {
    let mut output = |called: &str, about: &str, value: Expression| {
        let block = Block::builder(name("output"))
            .add_label(called)
            .add_attribute((name("description"), text(about)))
            .add_attribute((name("value"), value))
            .build();
        file.add("", &block)
    };
    output("vpc_id", "The id of the VPC.", vpc_id(site))?;
    let all = site.candidate.subnets.iter();
    let ids: Vec<(String, Expression)> =
        all.map(|subnet| (site.id_variable(&subnet.name), subnet_id(site, &subnet.name))).collect();
    let ids = object(ids.iter().map(|(variable, id)| (variable.as_str(), id.clone())));
    output("placeholders", "The values of the placeholders of the other files.", ids)?;
    let Some(control_plane) = &site.candidate.control_plane else { return Ok(()) };
    let subnets = control_plane.subnets.iter().map(|subnet| subnet_id(site, subnet)).collect();
    let about = "The subnets of the control plane, for subnet_ids of the cluster's vpc_config.";
    output("control_plane_subnet_ids", about, Expression::Array(subnets))
}
