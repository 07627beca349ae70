//! `eksnet.limits/v1` and `eksnet.limits-verify/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::instance::{Catalogue, Difference, InstanceLimits};

/// The output of `eksnet limits show` and `list`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LimitsJson<'a> {
    /// `eksnet.limits/v1`.
    schema: &'static str,
    /// The day the limits were read.
    as_of: &'a str,
    /// What the short source names stand for.
    sources: BTreeMap<&'a str, &'a str>,
    /// The types, sorted by name.
    rows: Vec<RowJson<'a>>,
}

/// One type. `null` is "no source says".
#[derive(Debug, Serialize, JsonSchema)]
struct RowJson<'a> {
    /// The type.
    instance_type: &'a str,
    /// ENIs on the default network card.
    enis: u32,
    /// The default network card's index.
    default_network_card: usize,
    /// ENIs by card index.
    enis_per_card: &'a [u32],
    /// IPv4 addresses per ENI.
    ipv4_per_eni: u32,
    /// IPv6 addresses per ENI.
    ipv6_per_eni: Option<u32>,
    /// `nitro` or `xen`.
    hypervisor: Option<String>,
    /// Whether it is bare metal.
    bare_metal: bool,
    /// vCPUs.
    vcpus: Option<u32>,
    /// Memory in MiB.
    memory_mib: Option<u64>,
    /// Processor architectures.
    architectures: Option<Vec<&'a str>>,
    /// Whether it is of the current generation.
    current_generation: Option<bool>,
    /// Whether it can carry a trunk ENI.
    trunking: Option<bool>,
    /// Branch ENIs.
    branch_enis: Option<u32>,
    /// EFA interfaces at most, `efa` and `efa-only` together; 0 on a type without EFA.
    efa_interfaces: Option<u32>,
    /// Whether the default network card takes an EFA interface.
    efa_on_default_card: Option<bool>,
    /// `AdditionalFlexibleNetworkInterfaces` by card index, which the CNI and Karpenter ignore.
    additional_flexible_enis: Option<&'a [u32]>,
    /// Whether EC2 no longer offers the type.
    retired: bool,
    /// Short names of the sources.
    sources: Vec<&'a str>,
    /// Sources that say otherwise.
    disagreements: Vec<DisagreementJson<'a>>,
}

/// A source that states other limits.
#[derive(Debug, Serialize, JsonSchema)]
struct DisagreementJson<'a> {
    /// Who.
    source: &'a str,
    /// Its ENIs.
    enis: u32,
    /// Its IPv4 addresses per ENI.
    ipv4_per_eni: u32,
}

impl<'a> LimitsJson<'a> {
    /// The document of some types.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue, rows: &[&'a InstanceLimits]) -> Self {
        Self {
            schema: "eksnet.limits/v1",
            as_of: catalogue.as_of(),
            sources: catalogue
                .sources()
                .iter()
                .map(|(name, text)| (name.as_ref(), text.as_ref()))
                .collect(),
            rows: rows.iter().map(|row| row_json(catalogue, row)).collect(),
        }
    }
}

fn row_json<'a>(catalogue: &'a Catalogue, row: &'a InstanceLimits) -> RowJson<'a> {
    let texts = |list: &'a [std::borrow::Cow<'static, str>]| -> Vec<&'a str> {
        list.iter().map(AsRef::as_ref).collect()
    };
    RowJson {
        instance_type: &row.instance_type,
        enis: row.enis(),
        default_network_card: row.default_network_card,
        enis_per_card: &row.enis_per_card,
        ipv4_per_eni: row.ipv4_per_eni,
        ipv6_per_eni: row.ipv6_per_eni,
        hypervisor: row.hypervisor.map(|hypervisor| hypervisor.to_string()),
        bare_metal: row.bare_metal,
        vcpus: row.vcpus,
        memory_mib: row.memory_mib,
        architectures: row.architectures.as_deref().map(texts),
        current_generation: row.current_generation,
        trunking: row.trunking,
        branch_enis: row.branch_enis,
        efa_interfaces: row.efa_interfaces,
        efa_on_default_card: row.efa_on_default_card,
        additional_flexible_enis: row.additional_flexible_enis.as_deref(),
        retired: row.retired,
        sources: texts(&row.sources),
        disagreements: catalogue
            .disagreements(&row.instance_type)
            .map(|said| DisagreementJson {
                source: &said.source,
                enis: said.enis,
                ipv4_per_eni: said.ipv4_per_eni,
            })
            .collect(),
    }
}

/// The output of `eksnet limits verify`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifyJson<'a> {
    /// `eksnet.limits-verify/v1`.
    schema: &'static str,
    /// Types in the answer.
    types_compared: usize,
    /// Whether the catalogue and the answer agree.
    agrees: bool,
    /// Where they do not, sorted by type and field.
    differences: Vec<DifferenceJson<'a>>,
}

/// One difference.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceJson<'a> {
    /// The type.
    instance_type: &'a str,
    /// The field; `instance_type` when the catalogue lacks the type.
    field: &'static str,
    /// What the catalogue says; `null` is unknown or absent.
    catalogue: Option<&'a str>,
    /// What the answer says.
    answer: &'a str,
}

impl<'a> VerifyJson<'a> {
    /// The document of a comparison.
    #[must_use]
    pub fn new(types_compared: usize, differences: &'a [Difference]) -> Self {
        Self {
            schema: "eksnet.limits-verify/v1",
            types_compared,
            agrees: differences.is_empty(),
            differences: differences
                .iter()
                .map(|row| DifferenceJson {
                    instance_type: &row.instance_type,
                    field: row.field,
                    catalogue: row.catalogue.as_deref(),
                    answer: &row.answer,
                })
                .collect(),
        }
    }
}
