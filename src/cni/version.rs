//! The CNI's version, as far as it changes what a node holds (amazon-vpc-cni-k8s, CHANGELOG).

use std::{fmt, str::FromStr};

/// A version of the VPC CNI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CniVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

/// By which tags subnets say whose pods they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterTags {
    /// They are not looked at.
    Ignored,
    /// Those that begin so.
    Prefix(&'static str),
}

impl CniVersion {
    /// The version taken unless one is stated.
    pub const NEWEST: Self = Self { major: 1, minor: 23, patch: u32::MAX };
    /// Up to here all versions grow, give back and free alike; before v1.18.3 a node with a
    /// half-filled ENI in a full subnet was stuck (#2954), which is not simulated.
    const OLDEST_SIMULATED: Self = Self { major: 1, minor: 18, patch: 3 };

    fn since(self, minor: u32, patch: u32) -> bool {
        self >= Self { major: 1, minor, patch }
    }

    /// Whether tags of subnets are looked at at all.
    #[must_use]
    pub fn discovers_subnets(self) -> bool {
        self.since(18, 0)
    }

    /// Whether a subnet's tag 0 keeps pods out, and each new ENI's subnet is looked up for it. Before
    /// v1.22 any value of the tag, 0 too, opted a subnet in.
    #[must_use]
    pub fn excludes_subnets(self) -> bool {
        self.since(22, 0)
    }

    /// How subnets are tagged for single clusters; the prefix was renamed in v1.22.1.
    #[must_use]
    pub fn cluster_tags(self) -> ClusterTags {
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
    #[must_use]
    pub fn keeps_trunk_slot_always(self) -> bool {
        !self.since(20, 4)
    }

    /// Whether ENABLE_IMDS_ONLY_MODE is known (#3287).
    #[must_use]
    pub fn reads_imds_only(self) -> bool {
        self.since(19, 6)
    }

    /// Whether ENABLE_MULTI_NIC is known (#3347).
    #[must_use]
    pub fn knows_multi_nic(self) -> bool {
        self.since(20, 0)
    }

    /// A version whose rules can be simulated.
    ///
    /// # Errors
    /// With why it is not one.
    pub fn simulated(text: &str) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|version: &Self| (Self::OLDEST_SIMULATED..=Self::NEWEST).contains(version))
            .ok_or_else(|| {
                format!(
                    "`{text}` cannot be simulated: supported versions are 1.18.3 to \
                                    1.23"
                )
            })
    }
}

impl fmt::Display for CniVersion {
    /// As it is read again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch == u32::MAX { Ok(()) } else { write!(f, ".{}", self.patch) }
    }
}

impl FromStr for CniVersion {
    type Err = String;

    /// `1.23`, `1.22.1`, `v1.20.4-eksbuild.1`; without a patch the last one of the minor version.
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{text}` is not a version of the VPC CNI");
        let bare = text.strip_prefix('v').unwrap_or(text);
        let bare = bare.split_once('-').map_or(bare, |(bare, _)| bare);
        let parts: Vec<&str> = bare.split('.').collect();
        let number = |part: &str| part.parse::<u32>().map_err(|_| unknown());
        let (major, minor, patch) = match parts.as_slice() {
            [major, minor] => (number(major)?, number(minor)?, u32::MAX),
            [major, minor, patch] => (number(major)?, number(minor)?, number(patch)?),
            _ => return Err(unknown()),
        };
        Ok(Self { major, minor, patch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_bounded() {
        let version = |text: &str| CniVersion::simulated(text);
        assert_eq!(version("1.23"), Ok(CniVersion::NEWEST));
        assert_eq!(version("v1.20.4-eksbuild.2"), Ok(CniVersion { major: 1, minor: 20, patch: 4 }));
        for text in ["1.23", "1.22.1"] {
            assert_eq!(version(text).unwrap().to_string(), text);
        }
        assert!(version("1.20.3").is_ok_and(CniVersion::keeps_trunk_slot_always));
        assert!(version("1.21").is_ok_and(|version| !version.excludes_subnets()));
        assert!(version("1.22.0").is_ok_and(CniVersion::excludes_subnets));
        for unknown in ["1.18.2", "1.24", "2.1", "1", "", "latest", "1.23.x", "1.19.1.1"] {
            assert!(version(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn other_versions_are_read_where_they_were_seen() {
        for (text, discovers, excludes) in [
            ("v1.17.1", false, false),
            ("v1.18.0-eksbuild.1", true, false),
            ("1.21.9", true, false),
            ("v1.22.0", true, true),
            ("v1.24.0-rc1", true, true),
            ("v2.0", true, true),
        ] {
            let version: CniVersion = text.parse().unwrap();
            assert_eq!(
                (version.discovers_subnets(), version.excludes_subnets()),
                (discovers, excludes),
                "{text}"
            );
        }
        assert!("latest".parse::<CniVersion>().is_err() && "".parse::<CniVersion>().is_err());
    }
}
