//! Settings as they are typed in one argument: `NAME=VALUE` or `FLAG`, by commas.

use super::CniSettings;

/// One setting that is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CniChange {
    /// WARM_ENI_TARGET; `None` is unset.
    WarmEniTarget(Option<u32>),
    /// WARM_IP_TARGET; `None` is unset.
    WarmIpTarget(Option<u32>),
    /// MINIMUM_IP_TARGET; `None` is unset.
    MinimumIpTarget(Option<u32>),
    /// WARM_PREFIX_TARGET; `None` is unset.
    WarmPrefixTarget(Option<u32>),
    /// MAX_ENI; 0 counts as unset.
    MaxEni(u32),
    /// The kubelet's max pods.
    MaxPods(u32),
    /// ENABLE_PREFIX_DELEGATION.
    Prefix(bool),
    /// AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG.
    CustomNetworking(bool),
    /// ENABLE_POD_ENI.
    PodEni(bool),
}

impl CniChange {
    /// The kubelet's max pods where one of these changes it; the last one holds.
    #[must_use]
    pub fn max_pods(changes: &[Self]) -> Option<u32> {
        changes.iter().rev().find_map(|change| match change {
            Self::MaxPods(pods) => Some(*pods),
            Self::WarmEniTarget(_)
            | Self::WarmIpTarget(_)
            | Self::MinimumIpTarget(_)
            | Self::WarmPrefixTarget(_)
            | Self::MaxEni(_)
            | Self::Prefix(_)
            | Self::CustomNetworking(_)
            | Self::PodEni(_) => None,
        })
    }
}

impl CniSettings {
    /// The same with changes, the later ones over the earlier. The kubelet's max pods are none of the
    /// CNI's settings ([`CniChange::max_pods`]).
    #[must_use]
    pub fn changed(mut self, changes: &[CniChange]) -> Self {
        let target = |value: Option<u32>| value.map(i64::from);
        for change in changes {
            match *change {
                CniChange::WarmEniTarget(value) => self.warm_eni_target = target(value),
                CniChange::WarmIpTarget(value) => self.warm_ip_target = target(value),
                CniChange::MinimumIpTarget(value) => self.minimum_ip_target = target(value),
                CniChange::WarmPrefixTarget(value) => self.warm_prefix_target = target(value),
                CniChange::MaxEni(value) => self.max_eni = Some(i64::from(value)),
                CniChange::MaxPods(_) => {}
                CniChange::Prefix(is_on) => self.prefix_delegation = is_on,
                CniChange::CustomNetworking(is_on) => self.custom_networking = is_on,
                CniChange::PodEni(is_on) => self.pod_eni = is_on,
            }
        }
        self
    }
}

/// The settings of a text in their order.
///
/// # Errors
/// With the setting that cannot be one, and why.
pub fn parse_changes(settings: &str) -> Result<Vec<CniChange>, String> {
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
    let wanted = || value.ok_or_else(|| "requires a value: NAME=VALUE".to_owned());
    let number = || -> Result<u32, String> {
        wanted()?.parse().map_err(|_| "requires a whole number".to_owned())
    };
    let flag = || match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err("must be true or false".to_owned()),
    };
    let target = || -> Result<Option<u32>, String> {
        match wanted()? {
            "unset" => Ok(None),
            number => {
                number.parse().map(Some).map_err(|_| "must be a whole number or `unset`".to_owned())
            }
        }
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
        _ => return Err("is not a known VPC CNI setting".to_owned()),
    })
}
