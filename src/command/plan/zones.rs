//! Zones: names, or how many.

use super::asked::Asked;
use crate::{command::Failure, finding::counted};

/// The most zones that a number can ask for: no region has more.
const MOST: usize = 26;

/// Takes over what was typed.
pub(super) fn apply(typed: &[String], asked: &mut Asked) -> Result<(), Failure> {
    let number = match typed {
        [] => return Ok(()),
        [one] => one.trim().parse::<usize>().ok(),
        _ => None,
    };
    let Some(number) = number else {
        asked.requirement.zones = typed.iter().map(|zone| zone.trim().to_owned()).collect();
        return Ok(());
    };
    if !(1..=MOST).contains(&number) {
        return Err(Failure::usage(
            format!("--zones {number}: a number of zones is from 1 to {MOST}"),
            "use --zones 3, or names: --zones eu-west-1a,eu-west-1b,eu-west-1c",
        ));
    }
    let known = known(asked);
    let made: Vec<String> = (b'a'..=b'z')
        .map(|letter| format!("zone-{}", char::from(letter)))
        .filter(|name| !known.contains(name))
        .take(number.saturating_sub(known.len()))
        .collect();
    if !made.is_empty() {
        let what = counted(made.len(), "zone has a made-up name", "zones have made-up names");
        asked
            .assumed
            .push(format!("{what}: {} (--zones takes the names of yours)", made.join(", ")));
    }
    asked.requirement.zones = known.into_iter().take(number).chain(made).collect();
    Ok(())
}

/// The zones that are named: those of the nodes first, then those of other subnets.
fn known(asked: &Asked) -> Vec<String> {
    let mut known = asked.requirement.zones.clone();
    let mut others: Vec<&String> =
        asked.requirement.vpc.subnets.iter().map(|subnet| &subnet.zone).collect();
    others.sort();
    for zone in others {
        if !known.contains(zone) {
            known.push(zone.clone());
        }
    }
    known
}
