//! What EC2's DescribeInstanceTypes says of types.
//!
//! The call says nothing of trunk and branch ENIs; those are carried over from the catalogue.

use std::{borrow::Cow, collections::BTreeSet};

use serde::{Deserialize, Deserializer};

use super::{Catalogue, Hypervisor, InstanceLimits, LimitsError};

/// The short name in a catalogue's header of an answer that was merged in.
const SOURCE: &str = "ec2-update";
/// The interface type of an EFA with an address, which cards that take EFA interfaces list.
pub const EFA: &str = "efa";
/// The source that such an answer takes the place of.
const BEFORE: &str = "ec2";

/// One type as DescribeInstanceTypes states it; `None` is a field the answer left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedType {
    /// The type's name.
    pub instance_type: String,
    /// The card the primary ENI uses.
    pub default_network_card: Option<usize>,
    /// Most ENIs by card index.
    pub enis_per_card: Option<Vec<u32>>,
    /// Most ENIs of the whole instance, which is more than its default card's where it has several.
    pub enis: Option<u32>,
    /// IPv4 addresses per ENI.
    pub ipv4_per_eni: u32,
    /// IPv6 addresses per ENI.
    pub ipv6_per_eni: Option<u32>,
    /// Virtualisation; `None` also for a kind this version does not know.
    pub hypervisor: Option<Hypervisor>,
    /// Whether it is bare metal.
    pub bare_metal: Option<bool>,
    /// Default vCPUs.
    pub vcpus: Option<u32>,
    /// Memory in MiB.
    pub memory_mib: Option<u64>,
    /// Processor architectures.
    pub architectures: Option<Vec<String>>,
    /// Whether it is of the current generation.
    pub current_generation: Option<bool>,
    /// EFA interfaces at most; 0 where the answer says that it has none.
    pub efa_interfaces: Option<u32>,
    /// Whether the default card takes an EFA interface.
    pub efa_on_default_card: Option<bool>,
    /// ENIs beyond those with flexible ENA queues, by card index.
    pub additional_flexible_enis: Option<Vec<u32>>,
}

/// What an answer says of one network card; `None` is a field that it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedCard {
    /// Its index.
    pub index: usize,
    /// `AdditionalFlexibleNetworkInterfaces`.
    pub additional_flexible_enis: Option<u32>,
    /// Whether an EFA interface is among its `InterfaceTypes`.
    pub takes_efa: Option<bool>,
}

impl DescribedType {
    /// The full row: what the answer says, and for what it does not say the known row's values.
    ///
    /// # Errors
    /// When the counts cannot be those of an instance.
    pub fn limits(self, known: Option<&InstanceLimits>) -> Result<InstanceLimits, LimitsError> {
        let mut sources: BTreeSet<Cow<'static, str>> =
            known.map(|row| row.sources.iter().cloned().collect()).unwrap_or_default();
        sources.remove(BEFORE);
        sources.insert(Cow::Borrowed(SOURCE));
        let architectures = self.architectures.map(|list| {
            let mut list: Vec<_> = list.into_iter().map(Cow::Owned).collect();
            list.sort();
            Cow::Owned(list)
        });
        // Where nothing says, the name does.
        let bare_metal = self
            .bare_metal
            .or(known.map(|row| row.bare_metal))
            .unwrap_or_else(|| self.instance_type.contains(".metal"));
        InstanceLimits {
            instance_type: self.instance_type.into(),
            default_network_card: self
                .default_network_card
                .or(known.map(|row| row.default_network_card))
                .unwrap_or(0),
            enis_per_card: match (self.enis_per_card, known) {
                (Some(cards), _) => cards.into(),
                (None, Some(known)) => known.enis_per_card.clone(),
                // As ipamd does for a type that its table lacks.
                (None, None) => self.enis.into_iter().collect(),
            },
            ipv4_per_eni: self.ipv4_per_eni,
            ipv6_per_eni: self.ipv6_per_eni.or(known.and_then(|row| row.ipv6_per_eni)),
            hypervisor: self.hypervisor.or(known.and_then(|row| row.hypervisor)),
            bare_metal,
            vcpus: self.vcpus.or(known.and_then(|row| row.vcpus)),
            memory_mib: self.memory_mib.or(known.and_then(|row| row.memory_mib)),
            architectures: architectures.or(known.and_then(|row| row.architectures.clone())),
            current_generation: self
                .current_generation
                .or(known.and_then(|row| row.current_generation)),
            trunking: known.and_then(|row| row.trunking),
            branch_enis: known.and_then(|row| row.branch_enis),
            efa_interfaces: self.efa_interfaces.or(known.and_then(|row| row.efa_interfaces)),
            efa_on_default_card: self
                .efa_on_default_card
                .or(known.and_then(|row| row.efa_on_default_card)),
            additional_flexible_enis: self
                .additional_flexible_enis
                .map(Cow::Owned)
                .or(known.and_then(|row| row.additional_flexible_enis.clone())),
            sources: sources.into_iter().collect::<Vec<_>>().into(),
            // EC2 describes what it offers.
            retired: false,
        }
        .checked()
    }
}

/// A catalogue brought up to date with an answer: types in the answer take its numbers and name it as
/// their source, types absent from it (another region) stay as they are. A disagreement that the
/// answer settles stays listed, since the other source still says so.
///
/// `source` tells in words which answer it is; `as_of` is the day it was given, if that is known.
///
/// # Errors
/// When a row of the answer cannot be.
pub fn merge(
    catalogue: &Catalogue,
    answer: Vec<DescribedType>,
    source: &str,
    as_of: Option<&str>,
) -> Result<Catalogue, LimitsError> {
    if answer.is_empty() {
        return Ok(catalogue.clone());
    }
    let rows = answer
        .into_iter()
        .map(|described| {
            let known = catalogue.get(&described.instance_type);
            described.limits(known)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut merged = catalogue.with_rows(rows);
    if let Some(as_of) = as_of {
        merged.as_of = as_of.to_owned().into();
    }
    let mut sources: Vec<_> =
        merged.sources.iter().filter(|(name, _)| name != SOURCE).cloned().collect();
    sources.push((SOURCE.into(), format!("DescribeInstanceTypes: {source}").into()));
    sources.sort();
    merged.sources = sources.into();
    Ok(merged)
}

/// A DescribeInstanceTypes answer as `aws ec2 describe-instance-types --output json` prints it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeAnswer {
    /// The types, in the order of the answer.
    pub instance_types: Vec<DescribedType>,
    /// Set when further pages were left unread.
    pub next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TypeJson {
    instance_type: String,
    network_info: NetworkJson,
    hypervisor: Option<String>,
    bare_metal: Option<bool>,
    #[serde(rename = "VCpuInfo")]
    vcpu_info: Option<VcpuJson>,
    memory_info: Option<MemoryJson>,
    processor_info: Option<ProcessorJson>,
    current_generation: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkJson {
    maximum_network_interfaces: Option<u32>,
    default_network_card_index: Option<usize>,
    network_cards: Option<Vec<CardJson>>,
    ipv4_addresses_per_interface: u32,
    ipv6_addresses_per_interface: Option<u32>,
    efa_supported: Option<bool>,
    efa_info: Option<EfaJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CardJson {
    network_card_index: usize,
    maximum_network_interfaces: u32,
    additional_flexible_network_interfaces: Option<u32>,
    interface_types: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EfaJson {
    maximum_efa_interfaces: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VcpuJson {
    #[serde(rename = "DefaultVCpus")]
    default_vcpus: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MemoryJson {
    #[serde(rename = "SizeInMiB")]
    size_in_mib: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProcessorJson {
    supported_architectures: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for DescribedType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = TypeJson::deserialize(deserializer)?;
        let network = row.network_info;
        let cards = network.network_cards.unwrap_or_default();
        let described: Vec<DescribedCard> = cards
            .iter()
            .map(|card| DescribedCard {
                index: card.network_card_index,
                additional_flexible_enis: card.additional_flexible_network_interfaces,
                takes_efa: card
                    .interface_types
                    .as_ref()
                    .map(|types| types.iter().any(|name| name == EFA)),
            })
            .collect();
        let cards: Vec<(usize, u32)> = cards
            .iter()
            .map(|card| (card.network_card_index, card.maximum_network_interfaces))
            .collect();
        let most_efa = network.efa_info.and_then(|info| info.maximum_efa_interfaces);
        let efa_interfaces = Self::efa(network.efa_supported, most_efa);
        let enis_per_card = Self::cards(&cards, network.maximum_network_interfaces);
        let enis_per_card = enis_per_card
            .map_err(|why| serde::de::Error::custom(format!("`{}` {why}", row.instance_type)))?;
        Ok(Self {
            bare_metal: row.bare_metal,
            instance_type: row.instance_type,
            default_network_card: network.default_network_card_index,
            enis_per_card,
            enis: network.maximum_network_interfaces,
            ipv4_per_eni: network.ipv4_addresses_per_interface,
            ipv6_per_eni: network.ipv6_addresses_per_interface,
            hypervisor: row.hypervisor.as_deref().and_then(Self::hypervisor_named),
            vcpus: row.vcpu_info.and_then(|info| info.default_vcpus),
            memory_mib: row.memory_info.and_then(|info| info.size_in_mib),
            architectures: row.processor_info.and_then(|info| info.supported_architectures),
            current_generation: row.current_generation,
            efa_interfaces,
            efa_on_default_card: Self::efa_card(
                efa_interfaces,
                &described,
                network.default_network_card_index,
            ),
            additional_flexible_enis: Self::flexible(&described),
        })
    }
}

/// Most network cards that an index of an answer may speak of; the largest type has 32.
const MOST_CARDS: usize = 256;

impl DescribedType {
    /// ENIs by card index from an answer's cards and the most ENIs of the whole instance; `None` when it
    /// names no card.
    ///
    /// # Errors
    /// When the answer says neither, or contradicts itself.
    pub fn cards(cards: &[(usize, u32)], whole: Option<u32>) -> Result<Option<Vec<u32>>, String> {
        let Some(last) = cards.iter().map(|(index, _)| *index).max() else {
            let neither = || "has neither NetworkCards nor MaximumNetworkInterfaces".to_owned();
            return whole.map(|_| None).ok_or_else(neither);
        };
        if last >= MOST_CARDS {
            return Err(format!("has no network card {last}"));
        }
        let mut enis: Vec<Option<u32>> = vec![None; last + 1];
        for (index, most) in cards {
            if let Some(card) = enis.get_mut(*index)
                && card.replace(*most).is_some()
            {
                return Err(format!("lists network card {index} twice"));
            }
        }
        let enis: Vec<u32> = enis.into_iter().map(Option::unwrap_or_default).collect();
        let sum: u64 = enis.iter().map(|most| u64::from(*most)).sum();
        let largest = enis.iter().max().copied().unwrap_or_default();
        match whole {
            Some(whole) if whole < largest || u64::from(whole) > sum => Err(format!(
                "has {whole} ENIs in MaximumNetworkInterfaces, but its network cards have {sum}"
            )),
            Some(_) | None => Ok(Some(enis)),
        }
    }

    /// The most EFA interfaces: none where the type has no EFA, which an answer states apart.
    #[must_use]
    pub fn efa(supported: Option<bool>, most: Option<u32>) -> Option<u32> {
        if supported == Some(false) { Some(0) } else { most }
    }

    /// Whether the default card of a type with EFA takes an EFA interface.
    #[must_use]
    pub fn efa_card(
        efa_interfaces: Option<u32>,
        cards: &[DescribedCard],
        default: Option<usize>,
    ) -> Option<bool> {
        efa_interfaces.filter(|most| *most > 0)?;
        let index = default.unwrap_or(0);
        cards.iter().find(|card| card.index == index)?.takes_efa
    }

    /// Additional ENIs by card index; `None` unless the answer states them for every card.
    #[must_use]
    pub fn flexible(cards: &[DescribedCard]) -> Option<Vec<u32>> {
        let mut cards: Vec<&DescribedCard> = cards.iter().collect();
        cards.sort_by_key(|card| card.index);
        let enis: Option<Vec<u32>> =
            cards.into_iter().map(|card| card.additional_flexible_enis).collect();
        enis.filter(|enis| !enis.is_empty())
    }

    /// The hypervisor by the API's name of it.
    #[must_use]
    pub fn hypervisor_named(name: &str) -> Option<Hypervisor> {
        match name {
            "nitro" => Some(Hypervisor::Nitro),
            "xen" => Some(Hypervisor::Xen),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::{BUILTIN, differences};

    const ANSWER: &str = r#"{"InstanceTypes": [
        {"InstanceType": "m5.large", "Hypervisor": "nitro", "BareMetal": false,
         "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 8192},
         "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
         "NetworkInfo": {"MaximumNetworkInterfaces": 4, "DefaultNetworkCardIndex": 0,
            "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 4}],
            "Ipv4AddressesPerInterface": 10, "Ipv6AddressesPerInterface": 10}},
        {"InstanceType": "z9.efa",
         "NetworkInfo": {"MaximumNetworkInterfaces": 4, "DefaultNetworkCardIndex": 1,
            "EfaSupported": true, "EfaInfo": {"MaximumEfaInterfaces": 2},
            "NetworkCards": [
                {"NetworkCardIndex": 1, "MaximumNetworkInterfaces": 2,
                 "InterfaceTypes": ["interface"], "AdditionalFlexibleNetworkInterfaces": 3},
                {"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 2,
                 "InterfaceTypes": ["interface", "efa", "efa-only"],
                 "AdditionalFlexibleNetworkInterfaces": 0}],
            "Ipv4AddressesPerInterface": 10}},
        {"InstanceType": "m5.xlarge",
         "NetworkInfo": {"MaximumNetworkInterfaces": 4, "EfaSupported": false,
            "Ipv4AddressesPerInterface": 15}},
        {"InstanceType": "z9.large", "Hypervisor": "quantum", "VCpuInfo": null,
         "NetworkInfo": {"MaximumNetworkInterfaces": 5, "Ipv4AddressesPerInterface": 20}}
    ]}"#;

    #[test]
    fn an_answer_updates_and_carries_over() {
        let answer: DescribeAnswer = serde_json::from_str(ANSWER).unwrap();
        let merged = merge(&BUILTIN, answer.instance_types, "a test", Some("2027-01-01")).unwrap();
        let known = merged.get("m5.large").unwrap();
        assert_eq!((known.enis(), known.branch_enis), (4, Some(9)));
        let new = merged.get("z9.large").unwrap();
        assert_eq!((new.enis(), new.ipv4_per_eni), (5, 20));
        assert_eq!((new.hypervisor, new.trunking, new.vcpus), (None, None, None));
        assert_eq!((new.efa_interfaces, new.additional_flexible_enis.as_ref()), (None, None));
        let efa = merged.get("z9.efa").unwrap();
        assert_eq!((efa.efa_interfaces, efa.efa_on_default_card), (Some(2), Some(false)));
        assert_eq!(efa.additional_flexible_enis.as_deref(), Some(&[0, 3][..]));
        assert_eq!(merged.types().len(), BUILTIN.types().len() + 2);
        assert_eq!(merged.as_of(), "2027-01-01");
    }

    #[test]
    fn differences_are_named_by_field() {
        let answer: DescribeAnswer = serde_json::from_str(ANSWER).unwrap();
        let found = differences(&BUILTIN, &answer.instance_types);
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].field, found[0].answer.as_str()), ("enis_per_card", "4"));
        assert_eq!((found[2].field, found[2].catalogue.as_deref()), ("instance_type", None));
    }

    #[test]
    fn cards_that_contradict_are_refused() {
        let refused =
            |cards: &[(usize, u32)], whole| DescribedType::cards(cards, whole).unwrap_err();
        assert_eq!(DescribedType::cards(&[(1, 7), (0, 8)], Some(15)), Ok(Some(vec![8, 7])));
        assert_eq!(DescribedType::cards(&[], Some(3)), Ok(None));
        assert_eq!(refused(&[(0, 4), (0, 5)], None), "lists network card 0 twice");
        assert_eq!(refused(&[(256, 4)], None), "has no network card 256");
        assert!(refused(&[(0, 4)], Some(3)).contains("has 3 ENIs"));
        assert!(refused(&[(0, 4)], Some(40)).contains("its network cards have 4"));
    }

    #[test]
    fn a_type_without_eni_counts_is_refused() {
        let text = r#"{"InstanceType": "x", "NetworkInfo": {"Ipv4AddressesPerInterface": 4}}"#;
        assert!(serde_json::from_str::<DescribedType>(text).is_err());
    }
}
