//! Flags of the kubelet that a NodeConfig passes on.
//!
//! nodeadm joins the flags of all NodeConfigs with spaces into one variable, which systemd splits into words again
//! (amazon-eks-ami `nodeadm/internal/kubelet/environment.go`, systemd.service "Command lines"): one item may hold
//! several flags, and a flag may have its value in the next item. The kubelet takes the last of several.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::{DeclaredError, Place};

/// Amounts by resource.
type Amounts = BTreeMap<String, String>;

/// What the flags say of pods. The kubelet takes them before its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KubeletFlags {
    /// `--max-pods`.
    #[serde(rename = "max_pods_flag", skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<u32>,
    /// `--pods-per-core`.
    #[serde(rename = "pods_per_core_flag", skip_serializing_if = "Option::is_none")]
    pub pods_per_core: Option<u32>,
    /// `--kube-reserved`, which replaces all of `kubeReserved`.
    #[serde(rename = "kube_reserved_flag", skip_serializing_if = "Option::is_none")]
    pub kube_reserved: Option<Amounts>,
    /// `--system-reserved`, which replaces all of `systemReserved`.
    #[serde(rename = "system_reserved_flag", skip_serializing_if = "Option::is_none")]
    pub system_reserved: Option<Amounts>,
}

impl KubeletFlags {
    /// Reads `flags` of a NodeConfig's kubelet.
    pub(super) fn read(kubelet: &Place<'_>) -> Result<Self, DeclaredError> {
        let items = kubelet.list("flags")?;
        let mut words: Vec<(String, &Place<'_>)> = Vec::new();
        for item in &items {
            words.extend(split(&item.scalar()?).into_iter().map(|word| (word, item)));
        }
        let mut read = Self::default();
        let mut words = words.into_iter();
        while let Some((word, place)) = words.next() {
            let Some(flag) = word.strip_prefix("--") else { continue };
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            // The kubelet reads an underscore in a flag's name as a hyphen.
            let Some(known) = Known::named(&name.replace('_', "-")) else { continue };
            let Some(value) = value.or_else(|| words.next().map(|(word, _)| word)) else {
                return Err(place.error(&format!("`--{name}` has no value")));
            };
            read.take(known, &value).map_err(|why| place.error(&format!("`--{name}`: {why}")))?;
        }
        Ok(read)
    }

    fn take(&mut self, flag: Known, value: &str) -> Result<(), String> {
        let number = || {
            let message = |_| format!("`{value}` is not a whole number from 0");
            value.trim().parse::<u32>().map_err(message)
        };
        match flag {
            Known::MaxPods => self.max_pods = Some(number()?),
            Known::PodsPerCore => self.pods_per_core = Some(number()?),
            Known::KubeReserved => add(&mut self.kube_reserved, value)?,
            Known::SystemReserved => add(&mut self.system_reserved, value)?,
        }
        Ok(())
    }

    /// The same with the flags of a later NodeConfig behind them.
    pub fn extend(&mut self, later: Self) {
        let Self { max_pods, pods_per_core, kube_reserved, system_reserved } = later;
        self.max_pods = max_pods.or(self.max_pods);
        self.pods_per_core = pods_per_core.or(self.pods_per_core);
        for (all, more) in
            [(&mut self.kube_reserved, kube_reserved), (&mut self.system_reserved, system_reserved)]
        {
            if let Some(more) = more {
                all.get_or_insert_default().extend(more);
            }
        }
    }
}

/// The flags that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    MaxPods,
    PodsPerCore,
    KubeReserved,
    SystemReserved,
}

impl Known {
    fn named(name: &str) -> Option<Self> {
        match name {
            "max-pods" => Some(Self::MaxPods),
            "pods-per-core" => Some(Self::PodsPerCore),
            "kube-reserved" => Some(Self::KubeReserved),
            "system-reserved" => Some(Self::SystemReserved),
            _ => None,
        }
    }
}

/// Adds `memory=1Gi,cpu=100m`: the first flag replaces what the file has, each further one adds (Kubernetes
/// `component-base/cli/flag`, `MapStringString`).
fn add(amounts: &mut Option<Amounts>, value: &str) -> Result<(), String> {
    let amounts = amounts.get_or_insert_default();
    for pair in value.split(',').filter(|pair| !pair.is_empty()) {
        let Some((resource, amount)) = pair.split_once('=') else {
            return Err(format!("`{pair}` is not RESOURCE=AMOUNT, such as memory=1Gi"));
        };
        amounts.insert(resource.trim().to_owned(), amount.trim().to_owned());
    }
    Ok(())
}

/// The words of a text; quotes hold one together and go.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for next in text.chars() {
        if quote == Some(next) {
            quote = None;
        } else if quote.is_none() && matches!(next, '"' | '\'') {
            quote = Some(next);
            word.get_or_insert_default();
        } else if quote.is_none() && next.is_ascii_whitespace() {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(next);
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_systemd_splits_them() {
        for (text, words) in [
            ("--max-pods 200", &["--max-pods", "200"][..]),
            (" a\t b\n", &["a", "b"]),
            ("--node-labels=\"a=b c\",d=e --x='y z'", &["--node-labels=a=b c,d=e", "--x=y z"]),
            ("''", &[""]),
            ("", &[]),
        ] {
            assert_eq!(split(text), words, "{text}");
        }
    }
}
