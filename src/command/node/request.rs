//! From what was typed to what is simulated.

use crate::{
    cli::{NodeArgs, TargetArg},
    cni::{AutoModeNetwork, CniChange, CniSettings, parse_changes},
    command::{
        Failure,
        auto_mode::{auto_mode, of_flags},
        launch::{launched, linux_only, refused},
        windows::is_windows,
    },
    density::{Addressing, DensityReport, DensitySettings, LaunchSettings, Os, assess},
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
    /// That of EKS Auto Mode.
    AutoMode,
    /// None: one /80.
    Ipv6,
}

/// What is simulated.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) pool: Pool,
    pub(super) settings: PoolSettings,
    pub(super) launch: LaunchSettings,
    pub(super) label: String,
    pub(super) host_network_pods: u32,
    pub(super) pods: u32,
    pub(super) nodes: u32,
    pub(super) subnet_free: Option<u32>,
    pub(super) pod_subnet_free: Option<u32>,
    pub(super) free_blocks: Option<u32>,
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
        Self::changed(table, limits, arguments, &[])
    }

    /// With settings that are changed, on top of what was typed.
    fn changed(
        table: &Catalogue,
        limits: &InstanceLimits,
        arguments: &NodeArgs,
        changes: &[CniChange],
    ) -> Result<Self, Failure> {
        let cni = typed(arguments, CniSettings::shipped()).changed(changes);
        let launch = launched(&arguments.launch);
        let own = [
            (cni.custom_networking, "--custom-networking"),
            (arguments.ipv6, "--ipv6"),
            (cni.pod_eni, "--pod-eni"),
        ];
        let linux: Vec<(bool, &str)> = own.into_iter().chain(linux_only(&launch)).collect();
        let windows = is_windows(arguments.os, &linux)?;
        let auto = auto_mode_of(arguments, &cni)?;
        pods_are_apart(arguments, &cni)?;
        launch.check(limits).map_err(|error| refused(&error))?;
        let density = auto.map_or_else(|| cni.density(), AutoModeNetwork::density);
        let density = DensitySettings {
            os: if windows { Os::Windows } else { Os::Linux },
            addressing: if arguments.ipv6 { Addressing::Ipv6 } else { density.addressing },
            launch,
            ..density
        };
        let report = assess(table, limits, &density).map_err(|error| {
            Failure::usage(error, "IPv6 requires a Nitro type, such as m5.large")
        })?;
        if auto.is_some() {
            within_auto_mode(arguments, &report)?;
        }
        let max_pods = CniChange::max_pods(changes).or(arguments.max_pods).or(report.max_pods);
        let max_pods = max_pods.unwrap_or(u32::MAX);
        let settings = match auto {
            Some(auto) => auto.pool(limits, max_pods),
            None => launch.applied(limits, cni.pool(limits, max_pods, false)),
        };
        let pool = if auto.is_some() {
            Pool::AutoMode
        } else if windows {
            // A target that was not typed is not set: the controller has defaults of its own.
            let none = CniSettings { warm_prefix_target: None, ..CniSettings::shipped() };
            let own = typed(arguments, none).changed(changes);
            Pool::Windows(WindowsSettings {
                warm_ip_target: own.warm_ip_target,
                minimum_ip_target: own.minimum_ip_target,
                warm_prefix_target: own.warm_prefix_target,
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
            launch,
            pods: arguments.pods,
            nodes: arguments.nodes,
            subnet_free: arguments.subnet_free,
            pod_subnet_free: arguments.pod_subnet_free,
            free_blocks: arguments.free_blocks,
            notes: notes(&report, auto),
        })
    }
}

/// Auto Mode's settings where its nodes are asked for.
fn auto_mode_of(
    arguments: &NodeArgs,
    cni: &CniSettings,
) -> Result<Option<AutoModeNetwork>, Failure> {
    let none = CniSettings::shipped();
    let targets = &arguments.targets;
    let others = [
        (cni.prefix_delegation, "--prefix"),
        (cni.custom_networking, "--custom-networking"),
        (arguments.ipv6, "--ipv6"),
        (cni.pod_eni, "--pod-eni"),
        (cni.max_eni != none.max_eni, "--max-eni"),
        (targets.warm_eni_target.is_some(), "--warm-eni-target"),
        (targets.warm_ip_target.is_some(), "--warm-ip-target"),
        (targets.minimum_ip_target.is_some(), "--minimum-ip-target"),
        (targets.warm_prefix_target.is_some(), "--warm-prefix-target"),
        (!arguments.compare.is_empty(), "--compare"),
    ];
    let launch = linux_only(&launched(&arguments.launch));
    let others: Vec<(bool, &str)> = others.into_iter().chain(launch).collect();
    auto_mode(of_flags(&arguments.auto), arguments.os, &others)
}

/// Auto Mode sets max pods itself; fewer are a what-if, more never are on a node.
fn within_auto_mode(arguments: &NodeArgs, report: &DensityReport) -> Result<(), Failure> {
    match (arguments.max_pods, report.max_pods) {
        (Some(asked), Some(own)) if asked > own => Err(Failure::usage(
            format!("--max-pods {asked} is above what EKS Auto Mode sets on this type, {own}"),
            "remove --max-pods, or pass a lower number",
        )),
        _ => Ok(()),
    }
}

/// Whether the pods have a subnet of their own where its free addresses are given.
fn pods_are_apart(arguments: &NodeArgs, cni: &CniSettings) -> Result<(), Failure> {
    if arguments.pod_subnet_free.is_some() && !cni.custom_networking && !arguments.auto.pod_subnets
    {
        return Err(Failure::usage(
            "--pod-subnet-free is for pods with a subnet of their own",
            "pass --custom-networking, or --auto-mode with --pod-subnets",
        ));
    }
    Ok(())
}

fn notes(report: &DensityReport, auto: Option<AutoModeNetwork>) -> Vec<String> {
    let mut notes = report.notes.clone();
    if let Some(network) = auto {
        let stated = if network.prefixes {
            "AWS states that a node reserves 16 addresses, and falls back to single addresses where the \
             subnet has no /28"
        } else {
            "AWS states one address for each pod in this mode"
        };
        notes.push(stated.to_owned());
        notes.push(
            "inferred: one address is kept free beside those of the pods; how long pods wait, and which EC2 \
             calls are made, is not known"
                .to_owned(),
        );
    }
    notes
}

/// The CNI's settings as typed, on top of these.
fn typed(arguments: &NodeArgs, base: CniSettings) -> CniSettings {
    let targets = &arguments.targets;
    CniSettings {
        prefix_delegation: arguments.prefix,
        custom_networking: arguments.custom_networking,
        pod_eni: arguments.pod_eni,
        warm_eni_target: target(targets.warm_eni_target, base.warm_eni_target),
        warm_ip_target: target(targets.warm_ip_target, base.warm_ip_target),
        minimum_ip_target: target(targets.minimum_ip_target, base.minimum_ip_target),
        warm_prefix_target: target(targets.warm_prefix_target, base.warm_prefix_target),
        max_eni: targets.max_eni.map(i64::from),
        ..base
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
        Pool::AutoMode => format!("auto-mode-{mode}"),
        Pool::Ipv6 => "ipv6-prefix".to_owned(),
    }];
    let apart = if *pool == Pool::AutoMode { "pod subnets" } else { "custom networking" };
    let has_trunk = settings.pod_eni && !settings.slots().trunk_has_no_slot();
    for (set, name) in [(settings.custom_networking, apart), (has_trunk, "trunk")] {
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
    let changes = parse_changes(settings).map_err(|reason| {
        Failure::usage(
            format!("--compare {settings}: {reason}"),
            "for example: warm-ip-target=2,minimum-ip-target=12, or prefix",
        )
    })?;
    Request::changed(table, limits, arguments, &changes)
}
