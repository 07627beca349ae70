//! The values of an expression's variables for one instance type, which each evaluator takes from its own
//! table.

use super::{Dialect, Variable};
use crate::{
    density::{karpenter_pods, nodeadm_limits, standard_pods},
    instance::{Catalogue, InstanceLimits},
};

/// Addresses of a /28, CAST AI's default for `ips_per_prefix`.
const IPV4_PER_PREFIX: u32 = 16;
const MIB_PER_GIB: u64 = 1024;

/// The values for one instance type; `None` is what no source states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variables {
    /// The type's name.
    pub instance_type: String,
    /// ENIs of the default network card.
    pub enis: u32,
    /// IPv4 addresses per ENI.
    pub ipv4_per_eni: u32,
    /// Max pods with nothing set.
    pub max_pods: u32,
    /// vCPUs.
    pub vcpus: Option<u32>,
    /// Memory in MiB.
    pub memory_mib: Option<u64>,
}

impl Variables {
    /// The values that a dialect's evaluator has for a type. Karpenter's default leaves the taken ENIs out:
    /// RESERVED_ENIS, and an EFA-only interface on the first network card (`ENILimitedPods`).
    #[must_use]
    pub fn of(
        dialect: Dialect,
        catalogue: &Catalogue,
        limits: &InstanceLimits,
        taken_enis: u32,
    ) -> Self {
        let (enis, ipv4_per_eni) = match dialect {
            // Its own file of instance types, older than EC2's answer for some.
            Dialect::Nodeadm => nodeadm_limits(catalogue, limits),
            // What DescribeInstanceTypes says, RESERVED_ENIS not taken off (`extractENILimits`); of CAST AI
            // this is inferred.
            Dialect::Karpenter | Dialect::Castai => (limits.enis(), limits.ipv4_per_eni),
        };
        let max_pods = match dialect {
            Dialect::Karpenter => karpenter_pods(limits, taken_enis),
            Dialect::Nodeadm | Dialect::Castai => standard_pods(enis, ipv4_per_eni),
        };
        Self {
            instance_type: limits.instance_type.to_string(),
            enis,
            ipv4_per_eni,
            max_pods,
            vcpus: limits.vcpus,
            memory_mib: limits.memory_mib,
        }
    }

    /// The value of a number; `None` for what is unknown, and for the name.
    pub(super) fn number(&self, variable: Variable) -> Option<i64> {
        match variable {
            Variable::Enis => Some(self.enis.into()),
            Variable::Ipv4PerEni => Some(self.ipv4_per_eni.into()),
            Variable::MaxPods => Some(self.max_pods.into()),
            Variable::Vcpus => self.vcpus.map(Into::into),
            Variable::MemoryMib => self.memory_mib.and_then(|mib| mib.try_into().ok()),
            Variable::MemoryGib => {
                self.memory_mib.and_then(|mib| (mib / MIB_PER_GIB).try_into().ok())
            }
            Variable::Ipv4PerPrefix => Some(IPV4_PER_PREFIX.into()),
            Variable::InstanceType => None,
        }
    }
}
