//! Free space of a VPC: where a further subnet can go, and which further block can be added.

use super::{Cidr, broken_vpc_rules, is_rfc_1918};

/// The ranges a further block is looked for in, the first that any VPC can add.
const RANGES: [Cidr; 4] = [
    Cidr::literal([100, 64, 0, 0], 10),
    Cidr::literal([10, 0, 0, 0], 8),
    Cidr::literal([172, 16, 0, 0], 12),
    Cidr::literal([192, 168, 0, 0], 16),
];

/// Blocks of a gap that are tried.
const MOST_TRIED: usize = 256;

/// Where a subnet of a length fits into a VPC's blocks beside what is taken of them: in the smallest
/// aligned gap that holds it, of several such gaps in the first. So large gaps stay whole.
#[must_use]
pub fn free_subnet(blocks: &[Cidr], taken: &[Cidr], prefix_len: u8) -> Option<Cidr> {
    let mut gaps = Vec::new();
    for block in blocks {
        let inside: Vec<Cidr> = taken.iter().copied().filter(|t| t.overlaps(*block)).collect();
        find_gaps(*block, &inside, &mut gaps);
    }
    let fitting = gaps.into_iter().filter(|gap| gap.prefix_len() <= prefix_len);
    let gap = fitting.min_by_key(|gap| (std::cmp::Reverse(gap.prefix_len()), *gap))?;
    Cidr::containing(gap.first(), prefix_len)
}

/// What is free of a block beside what is taken of it: the largest aligned networks, in address order.
#[must_use]
pub fn free_networks(block: Cidr, taken: &[Cidr]) -> Vec<Cidr> {
    let mut gaps = Vec::new();
    find_gaps(block, taken, &mut gaps);
    gaps
}

/// The largest aligned networks of a block of which nothing is taken.
fn find_gaps(block: Cidr, taken: &[Cidr], gaps: &mut Vec<Cidr>) {
    let inside: Vec<Cidr> = taken.iter().copied().filter(|t| t.overlaps(block)).collect();
    if inside.is_empty() {
        gaps.push(block);
    } else if !inside.iter().any(|taken| taken.covers(block)) {
        for half in block.parts(block.prefix_len() + 1) {
            find_gaps(half, &inside, gaps);
        }
    }
}

/// A further block of a length that AWS lets a VPC with these blocks add and of which nothing is taken: of
/// 100.64.0.0/10, which any VPC can add, else of the private ranges. The default quota of blocks, which can be
/// raised, is the caller's to look at.
#[must_use]
pub fn further_vpc_block(blocks: &[Cidr], taken: &[Cidr], prefix_len: u8) -> Option<Cidr> {
    further_block_in(&RANGES, blocks, taken, prefix_len)
}

/// The same of the private ranges (RFC 1918) alone, whose addresses most companies route.
#[must_use]
pub fn further_private_block(blocks: &[Cidr], taken: &[Cidr], prefix_len: u8) -> Option<Cidr> {
    let private = RANGES.into_iter().filter(|range| is_rfc_1918(*range));
    further_block_in(&private.collect::<Vec<_>>(), blocks, taken, prefix_len)
}

fn further_block_in(
    ranges: &[Cidr],
    blocks: &[Cidr],
    taken: &[Cidr],
    prefix_len: u8,
) -> Option<Cidr> {
    let refused = |blocks: &[Cidr]| {
        broken_vpc_rules(blocks, true).iter().filter(|rule| rule.is_refused()).count()
    };
    let before = refused(blocks);
    let is_allowed = |candidate: &Cidr| {
        let all: Vec<Cidr> = blocks.iter().copied().chain([*candidate]).collect();
        refused(&all) == before
    };
    let taken: Vec<Cidr> = blocks.iter().chain(taken).copied().collect();
    ranges.iter().find_map(|range| {
        let gaps = free_networks(*range, &taken).into_iter();
        let fitting = gaps.filter(|gap| gap.prefix_len() <= prefix_len);
        // What AWS refuses are ranges of /15 and larger: a few blocks of each gap show whether it takes it.
        let each = fitting.flat_map(|gap| {
            let whole = (gap.prefix_len() == prefix_len).then_some(gap);
            whole.into_iter().chain(gap.parts(prefix_len)).take(MOST_TRIED)
        });
        each.into_iter().find(is_allowed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn cidrs(text: &str) -> Vec<Cidr> {
        text.split_whitespace().map(cidr).collect()
    }

    /// A /24 and a /26 of 10.0.0.0/22 leave 10.0.1.64/26, 10.0.1.128/25 and 10.0.2.0/23.
    #[test]
    fn a_subnet_goes_into_the_smallest_gap() {
        let rows = [
            ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/26", 26, Some("10.0.1.64/26")),
            ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/26", 28, Some("10.0.1.64/28")),
            ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/26", 25, Some("10.0.1.128/25")),
            ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/26", 23, Some("10.0.2.0/23")),
            ("10.0.0.0/22", "10.0.0.0/24 10.0.1.0/26", 22, None),
            ("10.0.0.0/24", "10.0.0.0/23", 28, None),
            ("10.0.0.0/24 100.64.0.0/16", "10.0.0.0/25", 24, Some("100.64.0.0/24")),
            ("10.0.0.0/24 100.64.0.0/16", "10.0.0.0/25", 25, Some("10.0.0.128/25")),
            ("10.0.0.0/16", "", 18, Some("10.0.0.0/18")),
            ("", "", 28, None),
        ];
        for (blocks, taken, len, expected) in rows {
            let found = free_subnet(&cidrs(blocks), &cidrs(taken), len);
            assert_eq!(found, expected.map(cidr), "/{len} in {blocks} beside {taken}");
        }
    }

    /// VPC user guide, "IPv4 CIDR block association restrictions": 100.64.0.0/10 to any VPC. Five blocks
    /// are a quota that can be raised.
    #[test]
    fn a_further_block_is_one_that_aws_takes() {
        let rows = [
            ("10.0.0.0/16", 16, Some("100.64.0.0/16")),
            ("192.168.0.0/16 100.64.0.0/16", 16, Some("100.65.0.0/16")),
            ("172.31.0.0/16 100.64.0.0/17", 16, Some("100.65.0.0/16")),
            (
                "10.0.0.0/16 10.1.0.0/16 10.2.0.0/16 10.3.0.0/16 10.4.0.0/16",
                16,
                Some("100.64.0.0/16"),
            ),
        ];
        for (blocks, len, expected) in rows {
            let found = further_vpc_block(&cidrs(blocks), &[], len);
            assert_eq!(found, expected.map(cidr), "/{len} beside {blocks}");
        }
    }

    /// Where 100.64.0.0/10 is used up, a private block follows the VPC's own range.
    #[test]
    fn a_private_block_where_the_shared_range_is_full() {
        let found = further_vpc_block(&cidrs("10.0.0.0/16 100.64.0.0/10"), &[], 16);
        assert_eq!(found, Some(cidr("10.1.0.0/16")));
        let found = further_vpc_block(&cidrs("172.16.0.0/16 100.64.0.0/10"), &[], 16);
        assert_eq!(found, Some(cidr("172.17.0.0/16")));
    }

    /// What is taken elsewhere is left alone, and a block that AWS refuses is none.
    #[test]
    fn a_further_block_leaves_what_is_taken() {
        let found = further_vpc_block(&cidrs("10.0.0.0/16"), &cidrs("100.64.0.0/12"), 20);
        assert_eq!(found, Some(cidr("100.80.0.0/20")));
        let company = cidrs("100.64.0.0/10 10.0.0.0/9");
        let found = further_vpc_block(&cidrs("10.0.0.0/16"), &company, 16);
        assert_eq!(found, Some(cidr("10.128.0.0/16")));
        let found =
            further_vpc_block(&cidrs("10.0.0.0/16"), &cidrs("100.64.0.0/10 10.0.0.0/8"), 16);
        assert_eq!(found, None);
        let found = further_private_block(&cidrs("172.16.0.0/16"), &[], 20);
        assert_eq!(found, Some(cidr("172.17.0.0/20")));
    }
}
