//! From what was typed to what is played.

use crate::{
    audit::CniChange,
    cli::{NodeArgs, TargetArg},
    command::{Failure, cni_changes::cni_changes, windows::is_windows},
    density::{Addressing, DensitySettings, Os, assess},
    instance::{Catalogue, InstanceLimits},
    ipam::{PoolMode, PoolSettings, windows::WindowsSettings},
};

/// Whose pool it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pool {
    /// ipamd's, pass by pass.
    Linux,
    /// The VPC resource controller's.
    Windows(WindowsSettings),
    /// None: one /80.
    Ipv6,
}

/// What is played.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) pool: Pool,
    pub(super) settings: PoolSettings,
    pub(super) label: String,
    pub(super) host_network_pods: u32,
    pub(super) pods: u32,
    pub(super) nodes: u32,
    pub(super) subnet_free: Option<u32>,
    pub(super) pod_subnet_free: Option<u32>,
    pub(super) notes: Vec<String>,
}

impl Request {
    /// Pods that the kubelet accepts beside those on the host network.
    pub(super) fn accepted(&self) -> u32 {
        self.pods.min(self.settings.max_pods.saturating_sub(self.host_network_pods))
    }

    pub(super) fn new(
        table: &Catalogue,
        limits: &InstanceLimits,
        arguments: &NodeArgs,
    ) -> Result<Self, Failure> {
        let windows = is_windows(
            arguments.os,
            &[
                (arguments.custom_networking, "--custom-networking"),
                (arguments.ipv6, "--ipv6"),
                (arguments.pod_eni, "--pod-eni"),
            ],
        )?;
        let density = DensitySettings {
            os: if windows { Os::Windows } else { Os::Linux },
            addressing: match (arguments.ipv6, arguments.prefix) {
                (true, _) => Addressing::Ipv6,
                (false, true) => Addressing::Prefix,
                (false, false) => Addressing::SecondaryIp,
            },
            custom_networking: arguments.custom_networking,
            max_eni: arguments.targets.max_eni.filter(|most| *most > 0),
            pod_eni: arguments.pod_eni,
            ..DensitySettings::default()
        };
        let report = assess(table, limits, &density)
            .map_err(|error| Failure::usage(error, "IPv6 needs a Nitro type, such as m5.large"))?;
        let mode = if arguments.prefix && limits.supports_prefixes() {
            PoolMode::Prefix
        } else {
            PoolMode::SecondaryIp
        };
        let targets = &arguments.targets;
        let settings = PoolSettings {
            enis: limits.enis(),
            ipv4_per_eni: limits.ipv4_per_eni,
            mode,
            custom_networking: arguments.custom_networking,
            primary_excluded: false,
            pod_eni: arguments.pod_eni && limits.keeps_trunk_slot(),
            warm_eni_target: target(targets.warm_eni_target, Some(1)),
            warm_ip_target: target(targets.warm_ip_target, None),
            minimum_ip_target: target(targets.minimum_ip_target, None),
            warm_prefix_target: target(targets.warm_prefix_target, Some(1)),
            max_eni: targets.max_eni.map(i64::from),
            max_pods: arguments.max_pods.or(report.max_pods).unwrap_or(u32::MAX),
        };
        let pool = if windows {
            Pool::Windows(WindowsSettings {
                warm_ip_target: target(targets.warm_ip_target, None),
                minimum_ip_target: target(targets.minimum_ip_target, None),
                warm_prefix_target: target(targets.warm_prefix_target, None),
            })
        } else if arguments.ipv6 {
            Pool::Ipv6
        } else {
            Pool::Linux
        };
        Ok(Self {
            label: label(&pool, &settings),
            pool,
            host_network_pods: if windows { 0 } else { density.host_network_pods },
            settings,
            pods: arguments.pods,
            nodes: arguments.nodes,
            subnet_free: arguments.subnet_free,
            pod_subnet_free: arguments.pod_subnet_free,
            notes: report.notes,
        })
    }
}

fn target(given: Option<TargetArg>, default: Option<i64>) -> Option<i64> {
    match given {
        None => default,
        Some(TargetArg::Unset) => None,
        Some(TargetArg::Value(value)) => Some(i64::from(value)),
    }
}

/// The settings in words: the mode, and the targets that count.
fn label(pool: &Pool, settings: &PoolSettings) -> String {
    let mode = match settings.mode {
        PoolMode::SecondaryIp => "secondary-ip",
        PoolMode::Prefix => "prefix",
    };
    let mut parts = vec![match pool {
        Pool::Linux => mode.to_owned(),
        Pool::Windows(_) => format!("windows-{mode}"),
        Pool::Ipv6 => "ipv6-prefix".to_owned(),
    }];
    for (set, name) in
        [(settings.custom_networking, "custom networking"), (settings.pod_eni, "trunk")]
    {
        if set {
            parts.push(name.to_owned());
        }
    }
    if *pool == Pool::Linux {
        let ip = settings.warm_ip_target.is_some() || settings.minimum_ip_target.is_some();
        let warm = match settings.mode {
            PoolMode::SecondaryIp => ("WARM_ENI_TARGET", settings.warm_eni_target),
            PoolMode::Prefix => ("WARM_PREFIX_TARGET", settings.warm_prefix_target),
        };
        let targets = [
            ("WARM_IP_TARGET", settings.warm_ip_target, ip),
            ("MINIMUM_IP_TARGET", settings.minimum_ip_target, ip),
            (warm.0, warm.1, !ip),
            ("MAX_ENI", settings.max_eni, settings.max_eni.is_some()),
        ];
        for (name, value, shown) in targets {
            match value {
                Some(value) if shown => parts.push(format!("{name}={value}")),
                None if shown => parts.push(format!("{name} unset")),
                _ => {}
            }
        }
    }
    parts.join(", ")
}

/// The request under other settings: `NAME=VALUE` or `FLAG`, by commas, on top of what was typed.
pub(super) fn compared(
    table: &Catalogue,
    limits: &InstanceLimits,
    arguments: &NodeArgs,
    settings: &str,
) -> Result<Request, Failure> {
    let changes = cni_changes(settings).map_err(|reason| {
        Failure::usage(
            format!("--compare {settings}: {reason}"),
            "for example warm-ip-target=2,minimum-ip-target=12, or prefix",
        )
    })?;
    let mut arguments = arguments.clone();
    for change in changes {
        apply(&mut arguments, change);
    }
    Request::new(table, limits, &arguments)
}

fn apply(arguments: &mut NodeArgs, change: CniChange) {
    let target = |value: Option<u32>| Some(value.map_or(TargetArg::Unset, TargetArg::Value));
    match change {
        CniChange::WarmEniTarget(value) => arguments.targets.warm_eni_target = target(value),
        CniChange::WarmIpTarget(value) => arguments.targets.warm_ip_target = target(value),
        CniChange::MinimumIpTarget(value) => arguments.targets.minimum_ip_target = target(value),
        CniChange::WarmPrefixTarget(value) => arguments.targets.warm_prefix_target = target(value),
        CniChange::MaxEni(most) => arguments.targets.max_eni = Some(most),
        CniChange::MaxPods(most) => arguments.max_pods = Some(most),
        CniChange::Prefix(is_on) => arguments.prefix = is_on,
        CniChange::CustomNetworking(is_on) => arguments.custom_networking = is_on,
        CniChange::PodEni(is_on) => arguments.pod_eni = is_on,
    }
}
