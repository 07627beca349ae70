//! Parts of a subnet that are reserved for prefixes, so that single addresses do not fragment them.

use crate::network::Cidr;

/// What remains of a subnet beside its first part of a prefix length: the largest networks, in address
/// order.
pub(in crate::plan) fn reserved(subnet: Cidr, singles: u8) -> Vec<Cidr> {
    let mut parts = Vec::new();
    let mut first = subnet;
    while first.prefix_len() < singles {
        let mut halves = first.parts(first.prefix_len() + 1);
        match (halves.next(), halves.next()) {
            (Some(low), Some(high)) => {
                parts.push(high);
                first = low;
            }
            (_, None) | (None, _) => break,
        }
    }
    parts.sort_unstable();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_beside_the_first_part_is_reserved() {
        let texts = |subnet: &str, singles| -> Vec<String> {
            reserved(subnet.parse().unwrap(), singles).iter().map(ToString::to_string).collect()
        };
        assert_eq!(texts("100.64.0.0/20", 23), ["100.64.2.0/23", "100.64.4.0/22", "100.64.8.0/21"]);
        assert!(texts("100.64.0.0/20", 20).is_empty());
    }
}
