//! The reverse of evaluation: an expression that gives known numbers. Candidates are tried, shortest first,
//! and one counts only when the dialect's evaluator gives exactly the number of every type.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiled, Dialect, Outcome, Purpose, Variable, Variables};
use crate::density::{
    Addressing, DensitySettings, TWICE_RESERVED_BASE_MIB, TWICE_RESERVED_POD_MIB,
};

/// The number that an expression is to give for a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The values of the dialect's variables.
    pub variables: Variables,
    /// The number.
    pub max_pods: u32,
    /// The cap that it is under; `None` without one.
    pub cap: Option<u32>,
}

/// Addresses of a prefix.
const PER_PREFIX: u32 = 16;
/// vCPUs up to which the lower cap holds.
const LOW_CAP_VCPUS: u32 = 30;
/// Pairs of ENIs and addresses that an expression may list one by one.
const MOST_LISTED: usize = 12;

/// A dialect's words.
struct Words {
    dialect: Dialect,
    enis: &'static str,
    ipv4: &'static str,
    max_pods: Option<&'static str>,
    vcpus: Option<&'static str>,
    memory: Option<&'static str>,
}

impl Words {
    fn of(dialect: Dialect) -> Option<Self> {
        let name = |wanted: Variable| {
            let all = dialect.variables().iter();
            all.clone().find(|(_, variable)| *variable == wanted).map(|(name, _)| *name)
        };
        Some(Self {
            dialect,
            enis: name(Variable::Enis)?,
            ipv4: name(Variable::Ipv4PerEni)?,
            max_pods: name(Variable::MaxPods),
            vcpus: name(Variable::Vcpus),
            memory: name(Variable::MemoryMib),
        })
    }

    fn smaller(&self, one: &str, other: &str) -> String {
        match self.dialect {
            Dialect::Karpenter => format!("min({one}, {other})"),
            Dialect::Nodeadm => format!("({one} < {other} ? {one} : {other})"),
            Dialect::Castai => format!("math.least({one}, {other})"),
        }
    }
}

/// An expression of a dialect that gives each type its number under these settings; `None` if none of those
/// that were tried does.
#[must_use]
pub fn written(
    dialect: Dialect,
    settings: &DensitySettings,
    wanted: &[Wanted],
) -> Option<Compiled> {
    // Many types have the same values.
    let key = |w: &Wanted| {
        let its = &w.variables;
        (its.enis, its.ipv4_per_eni, its.max_pods, its.vcpus, its.memory_mib, w.max_pods, w.cap)
    };
    let distinct: BTreeMap<_, Wanted> = wanted.iter().map(|w| (key(w), w.clone())).collect();
    let wanted: Vec<Wanted> = distinct.into_values().collect();
    let wanted = wanted.as_slice();
    let variables: Vec<Variables> = wanted.iter().map(|wanted| wanted.variables.clone()).collect();
    let gives_all = |compiled: &Compiled| {
        let outcomes = compiled.evaluate(Purpose::MaxPods, &variables);
        outcomes.is_ok_and(|outcomes| {
            let pairs = outcomes.iter().zip(wanted);
            pairs.into_iter().all(|(is, wanted)| *is == Outcome::Number(wanted.max_pods))
        })
    };
    let texts = candidates(&Words::of(dialect)?, settings, wanted);
    let texts = texts.into_iter().map(|text| unwrapped(&text).to_owned());
    texts.filter_map(|text| Compiled::new(&text, dialect).ok()).find(gives_all)
}

/// A text without the parentheses around all of it.
fn unwrapped(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        return text;
    };
    let mut open = 0_i32;
    let is_one = inner.bytes().all(|byte| {
        open += i32::from(byte == b'(') - i32::from(byte == b')');
        open >= 0
    });
    if is_one { inner } else { text }
}

/// What is tried, in order.
fn candidates(words: &Words, settings: &DensitySettings, wanted: &[Wanted]) -> Vec<String> {
    let sums = sums(words, settings);
    let caps = caps(words, wanted);
    let capped = |sum: &String, cap: &String| words.smaller(sum, cap);
    let mut all: Vec<String> = sums.clone();
    // Every dialect's default, where a version may not know the vCPUs.
    let with_vcpus = |cap: &&String| words.vcpus.is_some_and(|vcpus| cap.contains(vcpus));
    let last = |cap: &&String| words.dialect == Dialect::Nodeadm && with_vcpus(cap);
    for cap in caps.iter().filter(|cap| !last(cap)) {
        all.push(cap.clone());
        all.extend(sums.iter().map(|sum| capped(sum, cap)));
    }
    let listed = listed(words, wanted);
    all.extend(listed.clone());
    for cap in caps.iter().filter(last) {
        all.push(cap.clone());
        all.extend(sums.iter().map(|sum| capped(sum, cap)));
    }
    // Less than half of the memory for the kubelet, for types whose number is bounded by that.
    if let Some(memory) = words.memory {
        let most = format!("({memory} - {TWICE_RESERVED_BASE_MIB}) / {TWICE_RESERVED_POD_MIB}");
        let bare = all.iter().filter(|text| Some(*text) != listed.as_ref());
        let bounded: Vec<String> = bare.map(|text| words.smaller(text, &most)).collect();
        all.extend(bounded);
    }
    all
}

/// The addresses of the ENIs and the pods beside them, as the settings have it.
fn sums(words: &Words, settings: &DensitySettings) -> Vec<String> {
    let enis = match settings.max_eni.filter(|most| *most > 0) {
        Some(most) => words.smaller(words.enis, &most.to_string()),
        None => words.enis.to_owned(),
    };
    let launch = &settings.launch;
    let beside = launch.unmanaged_enis.saturating_add(settings.custom_networking.into());
    // A trunk, or an EFA interface, takes an ENI of those types alone that can have one.
    let may_take = [settings.pod_eni, launch.efa_only > 0].into_iter().filter(|is| *is).count();
    let fewer = (beside..).take(may_take + 1);
    let times = match settings.addressing {
        Addressing::Prefix => format!(" * {PER_PREFIX}"),
        Addressing::SecondaryIp | Addressing::Ipv6 => String::new(),
    };
    let host = settings.host_network_pods;
    let mut all: Vec<String> = words.max_pods.into_iter().map(ToOwned::to_owned).collect();
    for fewer in fewer {
        let carriers = if fewer == 0 { enis.clone() } else { format!("({enis} - {fewer})") };
        let sum = format!("{carriers} * ({} - 1){times}", words.ipv4);
        all.push(if host == 0 { sum } else { format!("{sum} + {host}") });
    }
    all
}

/// The caps of the types: one number, or two that the size tells apart.
fn caps(words: &Words, wanted: &[Wanted]) -> Vec<String> {
    let distinct: BTreeSet<Option<u32>> = wanted.iter().map(|wanted| wanted.cap).collect();
    match distinct.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(one)] => vec![one.to_string()],
        [Some(low), Some(high)] => {
            let of = |cap: u32| wanted.iter().filter(move |wanted| wanted.cap == Some(cap));
            let size = |wanted: &Wanted| wanted.variables.max_pods;
            let above = of(*low).map(size).max().filter(|most| of(*high).all(|w| size(w) > *most));
            let by_size = words.max_pods.zip(above);
            let by_size =
                by_size.map(|(name, above)| format!("({name} > {above} ? {high} : {low})"));
            let by_vcpus = words.vcpus;
            let by_vcpus =
                by_vcpus.map(|name| format!("({name} > {LOW_CAP_VCPUS} ? {high} : {low})"));
            let both = match words.dialect {
                Dialect::Nodeadm => [by_size, by_vcpus],
                Dialect::Karpenter | Dialect::Castai => [by_vcpus, by_size],
            };
            both.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// A number for each pair of ENIs and addresses, the lowest number for all others; `None` where two types of
/// one pair have different numbers, or there are many pairs.
fn listed(words: &Words, wanted: &[Wanted]) -> Option<String> {
    let mut numbers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for Wanted { variables, max_pods, .. } in wanted {
        let pair = (variables.enis, variables.ipv4_per_eni);
        if *numbers.entry(pair).or_insert(*max_pods) != *max_pods {
            return None;
        }
    }
    let least = numbers.values().copied().min()?;
    numbers.retain(|_, number| *number != least);
    if numbers.len() > MOST_LISTED {
        return None;
    }
    let branch = |((enis, ipv4), number): (&(u32, u32), &u32)| {
        format!("{} == {enis} && {} == {ipv4} ? {number} : ", words.enis, words.ipv4)
    };
    Some(format!("{}{least}", numbers.iter().map(branch).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_around_all_of_a_text_go() {
        for (text, bare) in [
            ("(a < b ? a : b)", "a < b ? a : b"),
            ("(a - 1) * (b - 1)", "(a - 1) * (b - 1)"),
            ("a", "a"),
            ("(a", "(a"),
        ] {
            assert_eq!(unwrapped(text), bare);
        }
    }
}
