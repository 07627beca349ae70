//! Decimal factors as they are written, and the shares that zones have of a group's nodes.

use std::collections::BTreeMap;

use super::{
    names::{CheckError, PlaceNames, value},
    resolved::Factor,
};

/// A factor of a scenario.
pub(super) fn factor(place: &str, factor: f64, most: f64) -> Result<Factor, CheckError> {
    Factor::exact(factor, most).map_err(|reason| value(place, reason))
}

/// Each zone of a group's subnets with its share, where any is written; zones that are not named share
/// what the others leave.
pub(super) fn zone_shares(
    place: &str,
    written: &BTreeMap<String, f64>,
    subnets: &[usize],
    places: &PlaceNames<'_>,
) -> Result<Vec<(usize, Factor)>, CheckError> {
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let place = format!("{place}.zone_share");
    let mut zones: Vec<(usize, Option<Factor>)> = Vec::new();
    for zone in subnets.iter().filter_map(|subnet| places.zone_of.get(*subnet)) {
        if !zones.iter().any(|(known, _)| known == zone) {
            zones.push((*zone, None));
        }
    }
    for (name, share) in written {
        let zone = places.zones.find(&place, name)?;
        let own = zones.iter_mut().find(|(known, _)| *known == zone);
        let (_, own) =
            own.ok_or_else(|| value(&place, format!("the group has no subnet in zone {name}")))?;
        *own = Some(factor(&format!("{place}.{name}"), *share, 1.0)?);
    }
    let named: u64 = zones.iter().filter_map(|(_, share)| *share).map(|s| s.billionths).sum();
    let rest = Factor::ONE.billionths.checked_sub(named);
    let unnamed = zones.iter().filter(|(_, share)| share.is_none()).count();
    let each = match (rest, u64::try_from(unnamed).unwrap_or(u64::MAX)) {
        (Some(0), 0) => 0,
        (Some(rest), zones @ 1..) => rest / zones,
        (Some(_), 0) => return Err(value(&place, "the shares of all zones add up to less than 1")),
        (None, _) => return Err(value(&place, "the shares add up to more than 1")),
    };
    let shares = zones.into_iter();
    Ok(shares.map(|(zone, own)| (zone, own.unwrap_or(Factor { billionths: each }))).collect())
}
