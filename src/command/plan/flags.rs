//! Flags go over the keys of the requirement.

use super::{
    asked::Asked,
    events, groups,
    typed::{unknown, value},
    zones,
};
use crate::{
    cli::{LimitArgs, NetworkArgs, PlanArgs},
    command::Failure,
    network::Cidr,
    plan::{Allowed, Duration, Growth, Requirement},
};

/// Puts what was typed over what is asked.
pub(super) fn apply(arguments: &PlanArgs, asked: &mut Asked) -> Result<(), Failure> {
    let required = &arguments.required;
    groups::apply(required, &mut asked.requirement)?;
    network(&arguments.network, asked)?;
    let requirement = &mut asked.requirement;
    events::apply(&required.survive, &mut requirement.survive)?;
    if let Some(text) = &required.growth {
        requirement.growth = Some(growth(text)?);
    }
    if !required.allow.is_empty() {
        let levers: Result<Vec<Allowed>, Failure> =
            required.allow.iter().map(|text| lever(text)).collect();
        requirement.allow = Some(levers?);
    }
    requirement.clusters = required.clusters.unwrap_or(requirement.clusters);
    let LimitArgs { pod_wait, ec2_calls } = arguments.bounds;
    let limits = &mut requirement.limits;
    limits.pod_wait_s = pod_wait.or(limits.pod_wait_s);
    limits.ec2_calls_per_minute = ec2_calls.or(limits.ec2_calls_per_minute);
    Ok(())
}

fn network(arguments: &NetworkArgs, asked: &mut Asked) -> Result<(), Failure> {
    zones::apply(&arguments.zones, asked)?;
    let Requirement { vpc, cluster, limits, .. } = &mut asked.requirement;
    if !arguments.vpc_cidr.is_empty() {
        vpc.cidrs = cidrs("--vpc-cidr", &arguments.vpc_cidr)?;
    }
    // What is taken stays taken.
    vpc.used.extend(cidrs("--used", &arguments.used)?);
    vpc.avoid.extend(cidrs("--avoid", &arguments.avoid)?);
    if let Some(text) = &arguments.service_cidr {
        cluster.service_cidr = Some(cidr("--service-cidr", text)?);
    }
    limits.routable_addresses = arguments.routable.or(limits.routable_addresses);
    Ok(())
}

fn cidrs(flag: &str, texts: &[String]) -> Result<Vec<Cidr>, Failure> {
    texts.iter().map(|text| cidr(flag, text)).collect()
}

fn cidr(flag: &str, text: &str) -> Result<Cidr, Failure> {
    value(flag, text, "a CIDR block looks like 10.0.0.0/16")
}

fn growth(text: &str) -> Result<Growth, Failure> {
    const HINT: &str = "growth is a factor and a time, such as 1.5/18mo";
    let (factor, over) = match text.split_once('/') {
        Some((factor, over)) => (factor, value::<Duration>("--growth", over, HINT)?),
        None => (text, Duration::default()),
    };
    let factor = factor.trim().trim_end_matches('x').parse::<f64>();
    let factor = factor.ok().filter(|factor| (1.0..=1000.0).contains(factor));
    let factor = factor.ok_or_else(|| {
        Failure::usage(format!("--growth: `{text}` has no factor from 1 to 1000"), HINT)
    })?;
    Ok(Growth { factor, over })
}

fn lever(text: &str) -> Result<Allowed, Failure> {
    let found = Allowed::ALL.into_iter().find(|lever| lever.name() == text);
    found.ok_or_else(|| {
        unknown("--allow", "lever", (text, Allowed::ALL.map(Allowed::name).as_slice()))
    })
}
