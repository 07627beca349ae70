//! From what was written to what it means: names are resolved, numbers are bounded.

use super::{
    actions, eni_configs, families, groups, live,
    names::{CheckError, Names, PlaceNames, value},
    resolved::{Interfaces, Layout, MARGIN, PlannedVpc},
    subnets,
};
use crate::{
    instance::Catalogue,
    network::Full,
    simulate::{Observed, Scenario, settings::InForce},
};

/// What a scenario means. Subnets larger than /16 are refused unless `allow_large` is set.
///
/// # Errors
/// When a name is unknown or given twice, or a number, block or list cannot be.
pub fn check<'a>(
    scenario: &Scenario,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    layout(scenario, None, catalogue, allow_large)
}

/// What a scenario means that starts from what was observed.
///
/// # Errors
/// As [`check`].
pub fn check_from<'a>(
    scenario: &Scenario,
    start: &Observed,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    layout(scenario, Some(start), catalogue, allow_large)
}

fn layout<'a>(
    scenario: &Scenario,
    start: Option<&Observed>,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    let (zones, subnets) = subnets::subnets(scenario, start, allow_large)?;
    let names = subnets.iter().map(|subnet| subnet.name.to_string()).collect();
    let mut names = Names::new("subnet", "subnets", names)?;
    let observed = start.iter().flat_map(|start| &start.subnets).enumerate();
    names.aliases = observed.filter_map(|(at, s)| Some((s.name.clone()?, at))).collect();
    let zones = Names { what: "zone", list: zones, aliases: Vec::new() };
    let mut cni = start.map_or_else(InForce::default, |start| start.cni(&subnets));
    let zone_of: Vec<usize> = subnets.iter().map(|subnet| subnet.zone).collect();
    let places = PlaceNames { zones: &zones, subnets: &names, zone_of: &zone_of };
    cni.apply(&scenario.cni, "cni", &places)?;
    let mut groups = groups::groups(scenario, start, catalogue, &places)?;
    families::may_be_ipv6(&cni, start, catalogue, &groups)?;
    let vain = families::vain_notes(scenario, &cni, &groups);
    eni_configs::turn_on(&mut cni, scenario, &groups, &places);
    let live = start.map_or_else(Vec::new, |start| {
        live::show(start, &cni.cni, &subnets, &mut groups);
        live::nodes(
            &live::LiveSources { start, cni: &cni, subnets: &subnets, catalogue },
            &mut groups,
        )
    });
    let group_names = groups.iter().map(|group| group.name.to_string()).collect();
    let group_names = Names::new("group", "node_groups", group_names)?;
    let control_plane = control_plane(scenario, start, &names)?;
    let mut others = Vec::new();
    for (at, other) in scenario.others.iter().enumerate() {
        let place = format!("others[{at}].subnet");
        others.push((names.find(&place, &other.subnet)?, other.addresses));
    }
    let pools: Vec<_> = groups.iter().map(|group| (group.scaler, group.budget)).collect();
    let known = actions::KnownNames { places, groups: &group_names, pools: &pools };
    let steps = actions::actions(&scenario.steps, &known, &groups, &cni)?;
    eni_configs::are_read(&groups, &cni, &steps)?;
    Ok(Layout {
        catalogue,
        zones: zones.list,
        subnets,
        cni,
        groups,
        control_plane,
        control_plane_held: start.map_or_else(Vec::new, |start| start.control_plane.clone()),
        live,
        vain,
        cni_told: start.is_some_and(|start| start.cni.is_some()),
        others,
        start: scenario.start,
        max_wait: None,
        full: if scenario.prefix_reservation_fallback { Full::GoOn } else { Full::Stop },
        steps,
        vpc: PlannedVpc::new(scenario, start, subnets::blocks(scenario, start)?, allow_large),
        margin: MARGIN,
    })
}

/// What was written of the control plane, else what was observed of it.
fn control_plane(
    scenario: &Scenario,
    start: Option<&Observed>,
    subnets: &Names,
) -> Result<Option<Interfaces>, CheckError> {
    if let Some(written) = &scenario.control_plane {
        let subnets = subnets.find_all("control_plane.subnets", &written.subnets)?;
        if !(1..=16).contains(&written.interfaces) {
            let reason = format!("{} is not from 1 to 16", written.interfaces);
            return Err(value("control_plane.interfaces", reason));
        }
        return Ok(Some(Interfaces { subnets, count: written.interfaces }));
    }
    Ok(start.filter(|start| !start.control_plane.is_empty()).map(|start| Interfaces {
        subnets: start.control_plane_subnets.iter().copied().collect(),
        count: u32::try_from(start.control_plane.len()).unwrap_or(u32::MAX),
    }))
}
