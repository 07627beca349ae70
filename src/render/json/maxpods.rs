//! `eksnet.maxpods/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    density::{Addressing, Cap, DensitySettings, Os},
    expression::Holder,
    render::{
        judged_pods::four_decimals,
        maxpods::{JudgedPods, MaxPodsRow, lowest},
    },
};

/// The output of `eksnet maxpods`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MaxPodsJson<'a> {
    /// `eksnet.maxpods/v1`.
    schema: &'static str,
    /// What was asked.
    settings: SettingsJson,
    /// One row a type.
    rows: Vec<RowJson<'a>>,
    /// The lowest max pods of the rows, which a node group of these types takes; `null` without
    /// rows or when nothing bounds one.
    lowest: Option<LowestJson<'a>>,
    /// What the answer leaves out or could not look at, such as NodePools that are not judged.
    notes: Vec<String>,
}

/// The settings of the question.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Serialize, JsonSchema)]
struct SettingsJson {
    /// `linux` or `windows`.
    os: &'static str,
    /// Whether prefix delegation was asked for.
    prefix: bool,
    /// Whether custom networking was.
    custom_networking: bool,
    /// Whether nodes of EKS Auto Mode were asked about.
    auto_mode: bool,
    /// In Auto Mode: whether pods have subnets of their own (`podSubnetSelectorTerms`).
    pod_subnets: bool,
    /// In Auto Mode: `ipv4PrefixSize` of the NodeClass, `auto` or `32`; `null` without Auto Mode.
    ipv4_prefix_size: Option<&'static str>,
    /// Whether IPv6 was.
    ipv6: bool,
    /// MAX_ENI; `null` if unset.
    max_eni: Option<u32>,
    /// Whether security groups for pods were.
    pod_eni: bool,
    /// Karpenter's RESERVED_ENIS.
    reserved_enis: u32,
    /// EFA interfaces; the first is the primary ENI.
    efa: u32,
    /// EFA-only interfaces, which have no address.
    efa_only: u32,
    /// ENIs that the VPC CNI does not manage.
    unmanaged_enis: u32,
    /// Pods on the host network.
    host_network_pods: u32,
    /// `auto`, `none` or the number.
    cap: CapJson,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum CapJson {
    Name(&'static str),
    Pods(u32),
}

/// One instance type.
#[derive(Debug, Serialize, JsonSchema)]
struct RowJson<'a> {
    /// The type.
    instance_type: &'a str,
    /// vCPUs; `null` if no source says.
    vcpus: Option<u32>,
    /// Memory in MiB.
    memory_mib: Option<u64>,
    /// Processor architectures.
    architectures: Option<Vec<&'a str>>,
    /// `nitro` or `xen`; `null` for bare metal or if no source says.
    hypervisor: Option<String>,
    /// Whether it is bare metal.
    bare_metal: bool,
    /// ENIs on the default network card.
    enis: u32,
    /// IPv4 addresses per ENI.
    ipv4_per_eni: u32,
    /// The mode in effect: secondary-ip, prefix, ipv6-prefix, windows-secondary-ip,
    /// windows-prefix, auto-mode-prefix or auto-mode-secondary-ip.
    mode: &'static str,
    /// ENIs that carry pod addresses.
    pod_enis: u32,
    /// Addresses for pods; `null` under IPv6.
    pod_addresses: Option<u32>,
    /// Pods the addresses allow; `null` under IPv6.
    eni_max_pods: Option<u32>,
    /// The cap; `null` for none.
    cap: Option<u32>,
    /// Max pods; `null` when nothing bounds it.
    max_pods: Option<u32>,
    /// `addresses` or `cap`.
    limited_by: Option<&'static str>,
    /// Branch ENIs; `null` if no source says.
    branch_enis: Option<u32>,
    /// Memory that EKS AMIs reserve at this max pods, in MiB.
    kube_reserved_memory_mib: Option<u32>,
    /// Whether EC2 no longer offers the type.
    retired: bool,
    /// What a person should know.
    notes: &'a [String],
    /// With `--expression` or `--nodeclass`: what was set, judged.
    #[serde(flatten)]
    judged: Option<JudgedJson<'a>>,
    /// With `--explain`: what each kind of node really gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    node_values: Option<NodeValuesJson>,
    /// With `--explain`: the sum step by step.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepJson<'a>>>,
}

/// Max pods that were set, and what they mean.
#[derive(Debug, Serialize, JsonSchema)]
struct JudgedJson<'a> {
    /// What was set.
    expression: ExpressionJson<'a>,
    /// Pods beyond what the ENIs carry; `null` without a value.
    stranded_pods: Option<u32>,
    /// The part of the node's memory that is reserved for the kubelet; `null` if no source says how much
    /// memory the type has.
    kube_reserved_share: Option<f64>,
}

/// What sets max pods, and what it comes to.
#[derive(Debug, Serialize, JsonSchema)]
struct ExpressionJson<'a> {
    /// `karpenter`, `nodeadm` or `castai`.
    dialect: &'static str,
    /// The expression; `null` where a number is set, or nothing.
    text: Option<&'a str>,
    /// Max pods that the node gets; `null` where no node starts, or where the value is unknown.
    value: Option<u32>,
    /// `ok`; `rejected` if the evaluator does not use the expression; `unknown` if it reads what no source
    /// states of the type.
    status: &'static str,
    /// Why the expression is rejected, or what is unknown.
    reason: Option<&'a str>,
    /// What decides the value: `expression`, `max-pods` (a number that is set), `default` (nodeadm's table,
    /// Karpenter's formula) or `pods-per-core`; `null` without a value.
    held_by: Option<&'static str>,
    /// Memory reserved for the kubelet at this value, in MiB.
    kube_reserved_memory_mib: Option<u32>,
    /// Memory that nodeadm on AL2023 reserves by its own table, in MiB, where Karpenter reckons with the number
    /// above when it chooses types (inferred); `null` where there is no such difference.
    nodeadm_reserved_memory_mib: Option<u32>,
    /// Memory reserved for the system, in MiB; `null` where nothing is set.
    system_reserved_memory_mib: Option<u32>,
    /// Every reservation that is set.
    reserved: Vec<ReservedJson<'a>>,
    /// `no-node`, `strands-pods`, `reserves-half`, `over-cap`.
    problems: Vec<&'static str>,
    /// The NodePool whose type it is.
    node_pool: Option<&'a str>,
    /// The EC2NodeClass that sets it.
    node_class: Option<&'a str>,
}

/// A reservation of a NodeClass.
#[derive(Debug, Serialize, JsonSchema)]
struct ReservedJson<'a> {
    /// The field, such as `kubeReserved.memory`.
    field: &'a str,
    /// The amount with its unit; `null` where its expression has no usable value.
    value: Option<&'a str>,
}

/// Max pods by who starts the node; `null` where there is no such node.
#[derive(Debug, Serialize, JsonSchema)]
struct NodeValuesJson {
    managed_node_group: Option<u32>,
    al2023_nodeadm: Option<u32>,
    bottlerocket: Option<u32>,
    karpenter: Option<u32>,
    auto_mode: Option<u32>,
    windows: Option<u32>,
}

/// One step of the sum.
#[derive(Debug, Serialize, JsonSchema)]
struct StepJson<'a> {
    /// What the number is.
    what: &'a str,
    /// How it comes about.
    sum: &'a str,
    /// The number; `null` is no limit.
    value: Option<u32>,
}

/// The lowest of the rows.
#[derive(Debug, Serialize, JsonSchema)]
struct LowestJson<'a> {
    /// The types that have it.
    instance_types: Vec<&'a str>,
    /// Their max pods.
    max_pods: u32,
}

impl<'a> MaxPodsJson<'a> {
    /// The document of some rows.
    #[must_use]
    pub fn new(
        settings: &DensitySettings,
        asked_prefix: bool,
        rows: &'a [MaxPodsRow<'a>],
        explain: bool,
    ) -> Self {
        Self {
            schema: "eksnet.maxpods/v1",
            settings: settings_json(settings, asked_prefix),
            rows: rows.iter().map(|row| row_json(row, explain)).collect(),
            lowest: lowest(rows)
                .map(|(max_pods, instance_types)| LowestJson { instance_types, max_pods }),
            notes: Vec::new(),
        }
    }

    /// The same with what was noted.
    #[must_use]
    pub fn noting(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }
}

fn settings_json(settings: &DensitySettings, prefix: bool) -> SettingsJson {
    SettingsJson {
        os: match settings.os {
            Os::Linux => "linux",
            Os::Windows => "windows",
        },
        prefix,
        custom_networking: settings.custom_networking && !settings.auto_mode,
        auto_mode: settings.auto_mode,
        pod_subnets: settings.custom_networking && settings.auto_mode,
        ipv4_prefix_size: settings.auto_mode.then_some(match settings.addressing {
            Addressing::Prefix => "auto",
            Addressing::SecondaryIp | Addressing::Ipv6 => "32",
        }),
        ipv6: settings.addressing == Addressing::Ipv6,
        max_eni: settings.max_eni,
        pod_eni: settings.pod_eni,
        reserved_enis: settings.reserved_enis,
        efa: settings.launch.efa,
        efa_only: settings.launch.efa_only,
        unmanaged_enis: settings.launch.unmanaged_enis,
        host_network_pods: settings.host_network_pods,
        cap: match settings.cap {
            Cap::Auto => CapJson::Name("auto"),
            Cap::None => CapJson::Name("none"),
            Cap::Pods(pods) => CapJson::Pods(pods),
        },
    }
}

fn row_json<'a>(row: &'a MaxPodsRow<'a>, explain: bool) -> RowJson<'a> {
    let (limits, report) = (row.limits, &row.report);
    let values = &report.node_values;
    RowJson {
        instance_type: &limits.instance_type,
        vcpus: limits.vcpus,
        memory_mib: limits.memory_mib,
        architectures: limits
            .architectures
            .as_ref()
            .map(|list| list.iter().map(AsRef::as_ref).collect()),
        hypervisor: limits.hypervisor.map(|hypervisor| hypervisor.to_string()),
        bare_metal: limits.bare_metal,
        enis: limits.enis(),
        ipv4_per_eni: limits.ipv4_per_eni,
        mode: report.mode.name(),
        pod_enis: report.pod_enis,
        pod_addresses: report.pod_addresses,
        eni_max_pods: report.eni_max_pods,
        cap: report.cap,
        max_pods: report.max_pods,
        limited_by: report.limited_by.map(crate::density::Bound::name),
        branch_enis: report.branch_enis,
        kube_reserved_memory_mib: report.kube_reserved_memory_mib,
        retired: limits.retired,
        notes: &report.notes,
        judged: row.judged.as_ref().map(judged_json),
        node_values: explain.then_some(NodeValuesJson {
            managed_node_group: values.managed_node_group,
            al2023_nodeadm: values.al2023_nodeadm,
            bottlerocket: values.bottlerocket,
            karpenter: values.karpenter,
            auto_mode: values.auto_mode,
            windows: values.windows,
        }),
        steps: explain.then(|| {
            report
                .steps
                .iter()
                .map(|step| StepJson { what: &step.what, sum: &step.sum, value: step.value })
                .collect()
        }),
    }
}

fn judged_json(judged: &JudgedPods) -> JudgedJson<'_> {
    let verdict = &judged.verdict;
    let reserved = verdict.reserved.iter();
    JudgedJson {
        expression: ExpressionJson {
            dialect: judged.dialect.name(),
            text: judged.text.as_deref(),
            value: verdict.value,
            status: verdict.status.name(),
            reason: verdict.reason.as_deref(),
            held_by: verdict.held_by.map(Holder::name),
            kube_reserved_memory_mib: verdict.kube_reserved_memory_mib,
            nodeadm_reserved_memory_mib: verdict.nodeadm_reserved_memory_mib,
            system_reserved_memory_mib: verdict.system_reserved_memory_mib,
            reserved: reserved
                .map(|(field, value)| ReservedJson { field, value: value.as_deref() })
                .collect(),
            problems: verdict.problems.iter().map(|problem| problem.name()).collect(),
            node_pool: judged.node_pool.as_deref(),
            node_class: judged.node_class.as_deref(),
        },
        stranded_pods: verdict.stranded_pods,
        kube_reserved_share: verdict.kube_reserved_share.map(four_decimals),
    }
}
