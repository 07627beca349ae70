//! Who evaluates an expression, and the variables and functions it offers.

use std::fmt;

use crate::nearest::nearest;

/// Who evaluates an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Karpenter's `spec.kubelet` under the feature gate NodeClassCEL (karpenter-provider-aws
    /// `pkg/cel/environment.go`).
    Karpenter,
    /// nodeadm's `spec.kubelet.maxPodsExpression` (amazon-eks-ami
    /// `nodeadm/internal/kubelet/eni_max_pods.go`).
    Nodeadm,
    /// CAST AI's `max_pods_per_node_formula` (its Terraform provider names the variables; that it is CEL with
    /// the math extension is inferred from the formulas that its documentation gives).
    Castai,
}

/// What a variable says of an instance type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// ENIs of the default network card.
    Enis,
    /// IPv4 addresses per ENI.
    Ipv4PerEni,
    /// Max pods with nothing set.
    MaxPods,
    /// vCPUs.
    Vcpus,
    /// Memory in MiB.
    MemoryMib,
    /// Memory in GiB, rounded down.
    MemoryGib,
    /// Addresses of a prefix.
    Ipv4PerPrefix,
    /// The type's name.
    InstanceType,
}

const KARPENTER: &[(&str, Variable)] = &[
    ("vcpus", Variable::Vcpus),
    ("memory_mib", Variable::MemoryMib),
    ("default_enis", Variable::Enis),
    ("ips_per_eni", Variable::Ipv4PerEni),
    ("max_pods", Variable::MaxPods),
    ("instance_type", Variable::InstanceType),
];

const NODEADM: &[(&str, Variable)] = &[
    ("default_enis", Variable::Enis),
    ("ips_per_eni", Variable::Ipv4PerEni),
    ("max_pods", Variable::MaxPods),
    ("vcpus", Variable::Vcpus),
    ("physical_memory_mib", Variable::MemoryMib),
];

const CASTAI: &[(&str, Variable)] = &[
    ("NUM_MAX_NET_INTERFACES", Variable::Enis),
    ("NUM_IP_PER_INTERFACE", Variable::Ipv4PerEni),
    ("NUM_IP_PER_PREFIX", Variable::Ipv4PerPrefix),
    ("NUM_CPU", Variable::Vcpus),
    ("NUM_RAM_GB", Variable::MemoryGib),
];

impl Dialect {
    /// An expression of it, as an example.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Karpenter => "min(110, max_pods)",
            Self::Nodeadm => "max_pods < 110 ? max_pods : 110",
            Self::Castai => {
                "math.least(110, NUM_MAX_NET_INTERFACES * (NUM_IP_PER_INTERFACE - 1) + 2)"
            }
        }
    }

    /// All dialects.
    pub const ALL: [Self; 3] = [Self::Karpenter, Self::Nodeadm, Self::Castai];

    /// The dialect's name on the command line and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Karpenter => "karpenter",
            Self::Nodeadm => "nodeadm",
            Self::Castai => "castai",
        }
    }

    /// The names an expression can read, in the order of the documentation.
    #[must_use]
    pub fn variables(self) -> &'static [(&'static str, Variable)] {
        match self {
            Self::Karpenter => KARPENTER,
            Self::Nodeadm => NODEADM,
            Self::Castai => CASTAI,
        }
    }

    /// What a name stands for.
    pub(super) fn variable(self, name: &str) -> Option<Variable> {
        self.variables().iter().find(|(known, _)| *known == name).map(|(_, variable)| *variable)
    }

    /// What to do about a name that the dialect does not have.
    pub(super) fn instead_of(self, name: &str) -> String {
        let everywhere = Self::ALL.iter().find_map(|dialect| dialect.variable(name));
        if let Some(meant) = everywhere {
            let own = self.variables().iter().find(|(_, variable)| {
                *variable == meant || (meant.is_memory() && variable.is_memory())
            });
            return match own {
                Some((own, _)) => format!("{self} calls it `{own}`"),
                None => format!("{self} has no such variable: {}", self.listed()),
            };
        }
        let names = self.variables().iter().map(|(known, _)| *known);
        match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{self} has {}", self.listed()),
        }
    }

    fn listed(self) -> String {
        let names = self.variables().iter().map(|(name, _)| format!("`{name}`"));
        names.collect::<Vec<_>>().join(", ")
    }

    /// How the smaller of two numbers is written.
    pub(super) fn smaller(self) -> &'static str {
        match self {
            Self::Karpenter => "min(a, b)",
            Self::Nodeadm => "a < b ? a : b",
            Self::Castai => "math.least(a, b)",
        }
    }

    /// How the larger of two numbers is written.
    pub(super) fn larger(self) -> &'static str {
        match self {
            Self::Karpenter => "max(a, b)",
            Self::Nodeadm => "a > b ? a : b",
            Self::Castai => "math.greatest(a, b)",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Karpenter => "Karpenter",
            Self::Nodeadm => "nodeadm",
            Self::Castai => "CAST AI",
        })
    }
}

impl Variable {
    fn is_memory(self) -> bool {
        matches!(self, Self::MemoryMib | Self::MemoryGib)
    }

    /// What is unknown of a type when the variable has no value.
    pub(super) fn subject(self) -> &'static str {
        match self {
            Self::Enis => "number of ENIs",
            Self::Ipv4PerEni => "number of IPv4 addresses per ENI",
            Self::MaxPods => "default max pods",
            Self::Vcpus => "number of vCPUs",
            Self::MemoryMib | Self::MemoryGib => "memory",
            Self::Ipv4PerPrefix => "size of a prefix",
            Self::InstanceType => "name",
        }
    }
}
