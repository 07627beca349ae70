//! The CNI's version, as far as it changes what is played (amazon-vpc-cni-k8s, CHANGELOG).

use std::str::FromStr;

/// A version of the VPC CNI whose rules are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CniVersion {
    minor: u32,
    patch: u32,
}

/// By which tags subnets say whose pods they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClusterTags {
    /// They are not looked at.
    Ignored,
    /// Those that begin so.
    Prefix(&'static str),
}

impl CniVersion {
    /// Up to here all versions grow, give back and free alike; before v1.18.3 a node with a
    /// half-filled ENI in a full subnet was stuck (#2954), which is not played.
    const OLDEST: Self = Self { minor: 18, patch: 3 };
    const NEWEST_MINOR: u32 = 23;
    /// The version played unless one is stated.
    pub(super) const NEWEST: Self = Self { minor: Self::NEWEST_MINOR, patch: u32::MAX };

    fn since(self, minor: u32, patch: u32) -> bool {
        self >= Self { minor, patch }
    }

    /// Whether a subnet's tag 0 keeps pods out, and each new ENI's subnet is looked up for it. Before
    /// v1.22 any value of the tag, 0 too, opted a subnet in.
    pub(super) fn excludes_subnets(self) -> bool {
        self.since(22, 0)
    }

    /// How subnets are tagged for single clusters; the prefix was renamed in v1.22.1.
    pub(super) fn cluster_tags(self) -> ClusterTags {
        if self.since(22, 1) {
            ClusterTags::Prefix("cni.networking.k8s.aws/cluster/")
        } else if self.since(22, 0) {
            ClusterTags::Prefix("kubernetes.io/cluster/")
        } else {
            ClusterTags::Ignored
        }
    }

    /// Whether ENABLE_POD_ENI keeps a slot for a trunk on types that cannot trunk too (fixed by
    /// #3250).
    pub(super) fn keeps_trunk_slot_always(self) -> bool {
        !self.since(20, 4)
    }
}

impl FromStr for CniVersion {
    type Err = String;

    /// `1.23`, `1.22.1`, `v1.20.4-eksbuild.1`; without a patch the last one of the minor version.
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{text}` is not known: known are 1.18.3 to 1.23");
        let bare = text.strip_prefix('v').unwrap_or(text);
        let bare = bare.split_once('-').map_or(bare, |(bare, _)| bare);
        let parts: Vec<&str> = bare.split('.').collect();
        let number = |part: &str| part.parse::<u32>().map_err(|_| unknown());
        let version = match parts.as_slice() {
            ["1", minor] => Self { minor: number(minor)?, patch: u32::MAX },
            ["1", minor, patch] => Self { minor: number(minor)?, patch: number(patch)? },
            _ => return Err(unknown()),
        };
        if version < Self::OLDEST || version.minor > Self::NEWEST_MINOR {
            return Err(unknown());
        }
        Ok(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_bounded() {
        let version = |text: &str| text.parse::<CniVersion>();
        assert_eq!(version("1.23"), Ok(CniVersion::NEWEST));
        assert_eq!(version("v1.20.4-eksbuild.2"), Ok(CniVersion { minor: 20, patch: 4 }));
        assert!(version("1.20.3").is_ok_and(CniVersion::keeps_trunk_slot_always));
        assert!(version("1.21").is_ok_and(|version| !version.excludes_subnets()));
        assert!(version("1.22.0").is_ok_and(CniVersion::excludes_subnets));
        for unknown in ["1.18.2", "1.24", "2.1", "1", "", "latest", "1.23.x", "1.19.1.1"] {
            assert!(version(unknown).is_err(), "{unknown}");
        }
    }
}
