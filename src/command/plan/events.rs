//! Events to survive, as words.

use super::typed::{unknown, value};
use crate::{
    command::Failure,
    plan::{RequiredRollout, Survive, ZoneLoss},
    simulate::Share,
};

const EVENTS: [&str; 4] = ["zone-loss", "rollout", "upgrade", "burst"];

/// Adds what was typed to what is to be survived.
pub(super) fn apply(words: &[String], survive: &mut Survive) -> Result<(), Failure> {
    for word in words {
        let (event, number) = match word.split_once('=') {
            Some((event, number)) => (event, Some(number)),
            None => (word.as_str(), None),
        };
        match (event, number) {
            ("zone-loss", None) => survive.zone_loss = ZoneLoss(1),
            ("zone-loss", Some(zones)) => {
                let hint = "the number of zones that may be lost at one time: zone-loss=2";
                survive.zone_loss = ZoneLoss(value("--survive zone-loss", zones, hint)?);
            }
            ("rollout", surge) => {
                let max_surge = surge.map(share).transpose()?;
                let rollout = survive.rollout.unwrap_or_default();
                survive.rollout =
                    Some(RequiredRollout { max_surge: max_surge.or(rollout.max_surge), ..rollout });
            }
            ("upgrade", None) => survive.upgrade = true,
            ("burst", Some(pods)) => {
                let hint = "the number of pods that arrive at once: burst=500";
                survive.burst = Some(value("--survive burst", pods, hint)?);
            }
            ("burst", None) => {
                return Err(Failure::usage(
                    "--survive burst: a number of pods is required",
                    "such as burst=500; without it the burst is from the usual to the peak pods",
                ));
            }
            ("upgrade", Some(_)) => {
                return Err(Failure::usage("--survive upgrade: takes no value", "use `upgrade`"));
            }
            (other, _) => return Err(unknown("--survive", "event", (other, &EVENTS))),
        }
    }
    Ok(())
}

/// A count or a percentage.
fn share(text: &str) -> Result<Share, Failure> {
    let refused = || {
        Failure::usage(
            format!("--survive rollout: `{text}` is neither a count nor a percentage"),
            "the surge of the roll-out: rollout=33% or rollout=2",
        )
    };
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(Share::Percent).map_err(|_| refused()),
        None => text.parse().map(Share::Count).map_err(|_| refused()),
    }
}
