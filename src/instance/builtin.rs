//! The built-in table, made from data/instance-limits.json when the program is built.

use std::borrow::Cow;

use super::{Catalogue, Disagreement, Hypervisor, InstanceLimits};

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The limits that come with the program.
pub static BUILTIN: Catalogue = Catalogue {
    as_of: Cow::Borrowed(AS_OF),
    sources: Cow::Borrowed(&SOURCES),
    disagreements: Cow::Borrowed(&DISAGREEMENTS),
    unpublished: UNPUBLISHED,
    types: Cow::Borrowed(&TYPES),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_type_and_its_limits() {
        let limits = BUILTIN.get("m5.large").unwrap();
        assert_eq!((limits.enis(), limits.ipv4_per_eni, limits.vcpus), (3, 10, Some(2)));
        assert!(BUILTIN.get("m5.larg").is_none());
        assert_eq!(BUILTIN.offered().count(), 1447);
    }

    #[test]
    fn only_the_default_card_counts() {
        let limits = BUILTIN.get("p5.48xlarge").unwrap();
        assert_eq!(limits.enis(), 2);
        assert_eq!(limits.enis_per_card.len(), 32);
    }

    #[test]
    fn efa_and_flexible_enis_are_as_ec2_describes_them() {
        let efa = |name| {
            let limits = BUILTIN.get(name).unwrap();
            (limits.efa_interfaces, limits.efa_on_default_card)
        };
        assert_eq!(efa("p5.48xlarge"), (Some(32), Some(true)));
        assert_eq!(efa("p6-b300.48xlarge"), (Some(16), Some(false)));
        assert_eq!(efa("m5.large"), (Some(0), None));
        // No DescribeInstanceTypes answer among the sources has it.
        assert_eq!(efa("dl1.24xlarge"), (None, None));
        assert_eq!(BUILTIN.get("c6in.32xlarge").unwrap().flexible_enis(), Some(8));
        let more = BUILTIN.offered().filter(|row| row.flexible_enis().is_some());
        let names: Vec<&str> = more.map(|row| row.instance_type.as_ref()).collect();
        let families = ["c6in", "m6in", "r6in"];
        let sizes = ["12xlarge", "16xlarge", "24xlarge", "32xlarge", "8xlarge"];
        let expected: Vec<String> = families
            .iter()
            .flat_map(|family| sizes.iter().map(move |size| format!("{family}.{size}")))
            .collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn every_row_is_possible() {
        for row in BUILTIN.types() {
            assert_eq!(row.clone().checked().as_ref(), Ok(row));
        }
    }

    #[test]
    fn unknown_stays_unknown() {
        let limits = BUILTIN.get("cr1.8xlarge").unwrap();
        assert_eq!((limits.hypervisor, limits.trunking, limits.vcpus), (None, None, None));
        assert!(!limits.supports_prefixes());
    }
}
