//! What max pods are reckoned for, in words.

use crate::{
    density::{Addressing, Cap, DensitySettings, Os},
    finding::counted,
};

/// The settings in a few words.
pub(super) fn settings_words(settings: &DensitySettings) -> String {
    let DensitySettings {
        os,
        addressing,
        auto_mode,
        custom_networking,
        max_eni,
        pod_eni,
        reserved_enis: _,
        host_network_pods,
        cap,
        launch,
    } = settings;
    let addresses = match addressing {
        Addressing::SecondaryIp => "secondary IP addresses",
        Addressing::Prefix => "prefix delegation",
        Addressing::Ipv6 => "IPv6",
    };
    let usual = DensitySettings::default().host_network_pods;
    let is_linux = *os == Os::Linux;
    [
        (!is_linux).then(|| "Windows".to_owned()),
        auto_mode.then(|| "EKS Auto Mode".to_owned()),
        Some(addresses.to_owned()),
        custom_networking.then(|| "custom networking".to_owned()),
        max_eni.filter(|most| *most > 0).map(|most| format!("MAX_ENI {most}")),
        pod_eni.then(|| "security groups for pods".to_owned()),
        (is_linux && *host_network_pods != usual)
            .then(|| counted(*host_network_pods, "host-network pod", "host-network pods")),
        (launch.efa > 0).then(|| counted(launch.efa, "EFA interface", "EFA interfaces")),
        (launch.efa_only > 0)
            .then(|| counted(launch.efa_only, "efa-only interface", "efa-only interfaces")),
        (launch.unmanaged_enis > 0)
            .then(|| counted(launch.unmanaged_enis, "unmanaged ENI", "unmanaged ENIs")),
        match cap {
            Cap::Auto => None,
            Cap::None => Some("no cap".to_owned()),
            Cap::Pods(most) => Some(format!("cap {most}")),
        },
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_said_in_words() {
        let plain = DensitySettings::default();
        assert_eq!(settings_words(&plain), "secondary IP addresses");
        let all = DensitySettings {
            addressing: Addressing::Prefix,
            custom_networking: true,
            max_eni: Some(2),
            pod_eni: true,
            host_network_pods: 5,
            cap: Cap::Pods(60),
            ..plain
        };
        assert_eq!(
            settings_words(&all),
            "prefix delegation, custom networking, MAX_ENI 2, security groups for pods, 5 host-network pods, \
             cap 60"
        );
    }
}
