//! Names as AWS takes them. They become part of addresses, so that one that cannot be is not asked about.

/// The most letters of a region's name: it is part of a host's.
const REGION: usize = 63;
/// The most letters of the name of a cluster, a node group or a Fargate profile.
const EKS: usize = 100;

/// Whether a region may be called so.
#[must_use]
pub fn is_region(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=REGION).contains(&name.len())
        && name.bytes().all(fits)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Whether a cluster, a node group or a Fargate profile may be called so.
#[must_use]
pub fn is_eks_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=EKS).contains(&name.len())
        && name.bytes().all(fits)
        && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_regions() {
        assert!(["eu-central-1", "us-gov-west-1", "cn-north-1"].into_iter().all(is_region));
        for name in
            ["", "a/b", "EU-central-1", "eu central", "eu-central-1 ", "-a", "a-", "ü", "a.b"]
        {
            assert!(!is_region(name), "{name}");
        }
        assert!(!is_region(&"a".repeat(64)));
    }

    #[test]
    fn names_in_eks() {
        assert!(["prod", "1a", "a_b-C", &"a".repeat(100)].into_iter().all(is_eks_name));
        for name in ["", "../x", "a/b", "a b", "-a", "_a", "a.b", "ü", &"a".repeat(101)] {
            assert!(!is_eks_name(name), "{name}");
        }
    }
}
