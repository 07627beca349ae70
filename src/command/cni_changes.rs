//! Settings of the VPC CNI as they are typed in one argument: `NAME=VALUE` or `FLAG`, by commas.

use crate::{audit::CniChange, cli::TargetArg};

/// The settings of a text in their order.
///
/// # Errors
/// With the setting that cannot be one, and why.
pub(super) fn cni_changes(settings: &str) -> Result<Vec<CniChange>, String> {
    let changes = settings.split(',').map(str::trim);
    changes
        .map(|setting| change(setting).map_err(|reason| format!("`{setting}` {reason}")))
        .collect()
}

fn change(setting: &str) -> Result<CniChange, String> {
    let (name, value) = match setting.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (setting, None),
    };
    let name = name.to_lowercase().replace('_', "-");
    let wanted = || value.ok_or_else(|| "wants a value, as in NAME=VALUE".to_owned());
    let number = || -> Result<u32, String> {
        wanted()?.parse().map_err(|_| "wants a whole number".to_owned())
    };
    let flag = || match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err("is true or false".to_owned()),
    };
    let target = || -> Result<Option<u32>, String> {
        Ok(match wanted()?.parse()? {
            TargetArg::Unset => None,
            TargetArg::Value(value) => Some(value),
        })
    };
    Ok(match name.as_str() {
        "warm-eni-target" => CniChange::WarmEniTarget(target()?),
        "warm-ip-target" => CniChange::WarmIpTarget(target()?),
        "minimum-ip-target" => CniChange::MinimumIpTarget(target()?),
        "warm-prefix-target" => CniChange::WarmPrefixTarget(target()?),
        "max-eni" => CniChange::MaxEni(number()?),
        "max-pods" => CniChange::MaxPods(number()?),
        "prefix" => CniChange::Prefix(flag()?),
        "custom-networking" => CniChange::CustomNetworking(flag()?),
        "pod-eni" => CniChange::PodEni(flag()?),
        _ => return Err("is no setting of the VPC CNI that is known here".to_owned()),
    })
}
