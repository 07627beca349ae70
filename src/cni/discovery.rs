//! Which subnets may carry pods: the CNI's reading of subnet tags (amazon-vpc-cni-k8s `pkg/awsutils`,
//! `IsSubnetExcluded` and `ENABLE_SUBNET_DISCOVERY` in its README, and CHANGELOG).

use super::{
    ClusterTags, CniSettings, CniVersion,
    variables::{CLUSTER_NAME, CUSTOM_NETWORKING, SUBNET_DISCOVERY},
};
use crate::inventory::{AwsNode, Tags};

pub use crate::inventory::keys::ROLE_TAG;

/// What a subnet's tags say to the CNI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// For pods of nodes that are in it, and of no others.
    OwnNodes,
    /// For pods of all nodes of its zone.
    Offered,
    /// For no pods, by the value 0.
    Refused,
    /// For no pods of this cluster: it is tagged for others alone.
    Foreign,
    /// One or the other, by what is not available of the CNI.
    Unclear,
}

/// How the CNI's version reads the tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagReading {
    /// Not at all: before v1.18.
    Blind,
    /// Any value opts a subnet in, 0 too: before v1.22.
    Invites,
    /// 0 keeps pods out, and an empty value says nothing: v1.22 and later.
    Excludes,
    /// The version is not available.
    Unknown,
}

/// Whose pods tags of clusters are held against.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ClusterTag {
    Named(String),
    /// Without a name no tag of a cluster is looked at.
    Unnamed,
    /// Its name stands elsewhere.
    Hidden,
}

/// What decides; `None` is what is not available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    enabled: Option<bool>,
    custom_networking: Option<bool>,
    /// Whether a variable stands elsewhere that says if tags are looked at.
    is_hidden: bool,
    version: Option<CniVersion>,
    cluster: ClusterTag,
}

impl Discovery {
    /// By settings that are known.
    #[must_use]
    pub fn new(settings: &CniSettings) -> Self {
        Self {
            enabled: Some(settings.subnet_discovery),
            custom_networking: Some(settings.custom_networking),
            is_hidden: false,
            version: Some(settings.version),
            cluster: cluster(settings.cluster_name.as_deref()),
        }
    }

    /// As far as the daemonset was seen.
    #[must_use]
    pub fn seen(aws_node: Option<&AwsNode>) -> Self {
        let hides = |variable: super::Variable| {
            aws_node.is_some_and(|aws_node| variable.is_hidden(aws_node))
        };
        Self {
            enabled: aws_node.and_then(|aws_node| SUBNET_DISCOVERY.known_on(aws_node)),
            custom_networking: aws_node.and_then(|aws_node| CUSTOM_NETWORKING.known_on(aws_node)),
            is_hidden: hides(CUSTOM_NETWORKING) || hides(SUBNET_DISCOVERY),
            version: aws_node.and_then(|aws_node| aws_node.version.as_ref()?.parse().ok()),
            cluster: if hides(CLUSTER_NAME) {
                ClusterTag::Hidden
            } else {
                cluster(aws_node.and_then(|aws_node| CLUSTER_NAME.text(aws_node)))
            },
        }
    }

    /// The same of this version where none was seen.
    #[must_use]
    pub fn else_of(self, version: CniVersion) -> Self {
        Self { version: self.version.or(Some(version)), ..self }
    }

    /// How the version reads the tag.
    #[must_use]
    pub fn reading(&self) -> TagReading {
        match self.version {
            None => TagReading::Unknown,
            Some(version) if version.excludes_subnets() => TagReading::Excludes,
            Some(version) if version.discovers_subnets() => TagReading::Invites,
            Some(_) => TagReading::Blind,
        }
    }

    /// The tag that opens a subnet to this cluster where it has tags of others; `None` without a name.
    #[must_use]
    pub fn cluster_tag(&self) -> Option<String> {
        match (&self.cluster, self.version.unwrap_or(CniVersion::NEWEST).cluster_tags()) {
            (ClusterTag::Named(name), ClusterTags::Prefix(prefix)) => {
                Some(format!("{prefix}{name}"))
            }
            (ClusterTag::Unnamed | ClusterTag::Hidden, _) | (_, ClusterTags::Ignored) => None,
        }
    }

    /// What a subnet's tags say.
    #[must_use]
    pub fn standing(&self, tags: &Tags) -> Standing {
        let role = tags.get(ROLE_TAG).map(String::as_str);
        match (self.reading(), role) {
            (TagReading::Blind, _) | (_, None) | (TagReading::Excludes, Some("")) => {
                Standing::OwnNodes
            }
            (TagReading::Excludes, Some("0")) => Standing::Refused,
            (TagReading::Unknown, Some("" | "0")) => Standing::Unclear,
            (TagReading::Invites | TagReading::Excludes | TagReading::Unknown, Some(_)) => {
                self.offered_to(tags)
            }
        }
    }

    /// To whom a subnet is offered. One that has tags of clusters and none of this cluster is not for
    /// its pods.
    fn offered_to(&self, tags: &Tags) -> Standing {
        let prefix = match self.version.unwrap_or(CniVersion::NEWEST).cluster_tags() {
            ClusterTags::Ignored => return Standing::Offered,
            ClusterTags::Prefix(prefix) => prefix,
        };
        let mut clusters = tags.keys().filter_map(|key| key.strip_prefix(prefix)).peekable();
        match &self.cluster {
            ClusterTag::Named(name)
                if clusters.peek().is_some() && clusters.all(|cluster| cluster != name) =>
            {
                self.version.map_or(Standing::Unclear, |_| Standing::Foreign)
            }
            ClusterTag::Hidden if clusters.peek().is_some() => Standing::Unclear,
            ClusterTag::Named(_) | ClusterTag::Unnamed | ClusterTag::Hidden => Standing::Offered,
        }
    }

    /// Whether the primary ENI of a node in a subnet carries no pod; `None` where that is not
    /// known. The tags are looked at only where discovery is on, and never under custom networking.
    #[must_use]
    pub fn excludes_primary(&self, own: Standing) -> Option<bool> {
        match (self.enabled, own) {
            (_, Standing::OwnNodes | Standing::Offered) | (Some(false), _) => Some(false),
            (Some(true), Standing::Refused | Standing::Foreign) => Some(true),
            (None, Standing::Refused | Standing::Foreign) | (_, Standing::Unclear) => None,
        }
    }

    /// Whether a further ENI of a node may go to a subnet of its zone; `own` is the node's.
    #[must_use]
    pub fn takes(&self, standing: Standing, own: bool) -> bool {
        let enabled = self.enabled.unwrap_or(true);
        match standing {
            Standing::OwnNodes => own,
            Standing::Offered | Standing::Unclear => own || enabled,
            Standing::Refused => false,
            Standing::Foreign => own && !enabled,
        }
    }

    /// DescribeSubnets calls of a node beside those of [`crate::ipam`], which counts as v1.23 with
    /// discovery does: those it counted, and those it makes for ENIs it asked for.
    #[must_use]
    pub fn describe_subnets(&self, counted: u32, creates: u32, custom: bool) -> u32 {
        let looked_for = if custom { 0 } else { creates };
        let excludes = self.version.unwrap_or(CniVersion::NEWEST).excludes_subnets();
        match (excludes, self.enabled.unwrap_or(true)) {
            (true, true) => counted,
            // The node's own subnet is looked up for the value 0.
            (true, false) | (false, true) => looked_for,
            (false, false) => 0,
        }
    }

    /// Whether tags of subnets decide nothing, as far as the data shows, or it cannot be known since the
    /// daemonset takes from elsewhere what decides it.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.is_hidden
            || self.reading() == TagReading::Blind
            || self.enabled == Some(false)
            || self.custom_networking == Some(true)
    }

    /// Whether custom networking is on; `None` if that is not available.
    #[must_use]
    pub fn custom_networking(&self) -> Option<bool> {
        self.custom_networking
    }
}

fn cluster(name: Option<&str>) -> ClusterTag {
    match name.filter(|name| !name.is_empty()) {
        Some(name) => ClusterTag::Named(name.to_owned()),
        None => ClusterTag::Unnamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aws_node(version: &str, variables: &[(&str, &str)], hidden: &[&str]) -> AwsNode {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsNode {
            version: Some(version.to_owned()),
            environment: pairs.collect(),
            hidden: hidden.iter().map(|name| (*name).to_owned()).collect(),
            hidden_more: false,
        }
    }

    fn tags(tags: &[(&str, &str)]) -> Tags {
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_stands_elsewhere_is_not_known() {
        let seen = |variables: &[(&str, &str)], hidden: &[&str], hidden_more: bool| {
            let aws_node = AwsNode { hidden_more, ..aws_node("v1.23.1", variables, hidden) };
            Discovery::seen(Some(&aws_node))
        };
        assert!(!seen(&[], &[], false).is_blind());
        for name in [CUSTOM_NETWORKING.name, SUBNET_DISCOVERY.name] {
            let its = seen(&[], &[name], false);
            assert!(its.is_blind(), "{name}");
            assert!(its.custom_networking.is_none() || its.enabled.is_none(), "{name}");
        }
        let on = (SUBNET_DISCOVERY.name, "true");
        assert!(seen(&[on], &[], true).is_blind());
        assert!(!seen(&[on, (CUSTOM_NETWORKING.name, "false")], &[], true).is_blind());
    }

    #[test]
    fn versions_read_the_tag_in_their_way() {
        for (version, role, expected) in [
            ("v1.17.1", "1", Standing::OwnNodes),
            ("v1.21.9", "0", Standing::Offered),
            ("v1.21.9", "", Standing::Offered),
            ("v1.22.0", "0", Standing::Refused),
            ("v1.22.0", "", Standing::OwnNodes),
            ("v1.22.0", "yes", Standing::Offered),
            ("latest", "0", Standing::Unclear),
            ("latest", "1", Standing::Offered),
        ] {
            let discovery = Discovery::seen(Some(&aws_node(version, &[], &[])));
            assert_eq!(
                discovery.standing(&tags(&[(ROLE_TAG, role)])),
                expected,
                "{version} {role}"
            );
        }
        assert_eq!(Discovery::seen(None).standing(&tags(&[])), Standing::OwnNodes);
        // A version that was seen stays, and where none was another is taken.
        for (version, expected) in [("v1.21.9", Standing::Offered), ("latest", Standing::Refused)] {
            let seen = Discovery::seen(Some(&aws_node(version, &[], &[])));
            let known = seen.else_of(CniVersion::NEWEST);
            assert_eq!(known.standing(&tags(&[(ROLE_TAG, "0")])), expected, "{version}");
        }
    }

    #[test]
    fn tags_of_clusters_scope_a_subnet() {
        const NEW: &str = "cni.networking.k8s.aws/cluster/";
        const OLD: &str = "kubernetes.io/cluster/";
        for (version, name, keys, expected) in [
            ("v1.23.1", "prod", vec![(NEW, "other")], Standing::Foreign),
            ("v1.23.1", "prod", vec![(NEW, "other"), (NEW, "prod")], Standing::Offered),
            ("v1.23.1", "prod", vec![(OLD, "other")], Standing::Offered),
            ("v1.23.1", "prod", vec![], Standing::Offered),
            ("v1.23.1", "", vec![(NEW, "other")], Standing::Offered),
            ("v1.22.0", "prod", vec![(OLD, "other")], Standing::Foreign),
            ("v1.22.0", "prod", vec![(NEW, "other")], Standing::Offered),
            ("v1.21.0", "prod", vec![(NEW, "other"), (OLD, "other")], Standing::Offered),
            ("latest", "prod", vec![(NEW, "other")], Standing::Unclear),
        ] {
            let keys: Vec<String> =
                keys.iter().map(|(prefix, of)| format!("{prefix}{of}")).collect();
            let mut all: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "")).collect();
            all.push((ROLE_TAG, "1"));
            let discovery =
                Discovery::seen(Some(&aws_node(version, &[(CLUSTER_NAME.name, name)], &[])));
            assert_eq!(discovery.standing(&tags(&all)), expected, "{version} {name} {keys:?}");
        }
        let hidden = Discovery::seen(Some(&aws_node("v1.23.1", &[], &[CLUSTER_NAME.name])));
        let foreign = tags(&[(ROLE_TAG, "1"), ("cni.networking.k8s.aws/cluster/other", "")]);
        assert_eq!(hidden.standing(&foreign), Standing::Unclear);
        assert_eq!(hidden.standing(&tags(&[(ROLE_TAG, "1")])), Standing::Offered);
    }

    #[test]
    fn a_primary_eni_is_kept_from_pods_where_tags_are_looked_at() {
        let own = |enabled: &str, hidden: &[&str]| {
            let aws_node = aws_node("v1.23.1", &[(SUBNET_DISCOVERY.name, enabled)], hidden);
            Discovery::seen(Some(&aws_node))
        };
        for standing in [Standing::Refused, Standing::Foreign] {
            assert_eq!(own("true", &[]).excludes_primary(standing), Some(true));
            assert_eq!(own("false", &[]).excludes_primary(standing), Some(false));
            assert_eq!(own("", &[SUBNET_DISCOVERY.name]).excludes_primary(standing), None);
        }
        assert_eq!(own("true", &[]).excludes_primary(Standing::OwnNodes), Some(false));
    }
}
