//! The ranges that AWS treats apart, and which of them a VPC cannot add: the table "IPv4 CIDR block
//! association restrictions" in the VPC user guide, "VPC CIDR blocks".

use crate::network::Cidr;

/// The three ranges of RFC 1918.
const TEN: Cidr = Cidr::literal([10, 0, 0, 0], 8);
const ONE_SEVENTY_TWO: Cidr = Cidr::literal([172, 16, 0, 0], 12);
const ONE_NINETY_TWO: Cidr = Cidr::literal([192, 168, 0, 0], 16);
pub(super) const RFC_1918: [Cidr; 3] = [TEN, ONE_SEVENTY_TWO, ONE_NINETY_TWO];
/// The range of default VPCs: it can be a primary block and cannot be added to its neighbours.
const DEFAULT_VPC: Cidr = Cidr::literal([172, 31, 0, 0], 16);
/// The upper half of the benchmarking range (RFC 2544).
const BENCHMARK: Cidr = Cidr::literal([198, 19, 0, 0], 16);
/// With a block in this range …
pub(super) const TEN_FIFTEEN: Cidr = Cidr::literal([10, 0, 0, 0], 15);
/// … no block of this one can be added.
pub(super) const TEN_SIXTEEN: Cidr = Cidr::literal([10, 0, 0, 0], 16);

/// What no VPC can have, not even as its primary block (VPC user guide, "VPC CIDR blocks", under
/// considerations).
pub(super) const IMPOSSIBLE: [Cidr; 4] = [
    Cidr::literal([0, 0, 0, 0], 8),
    Cidr::literal([127, 0, 0, 0], 8),
    Cidr::literal([169, 254, 0, 0], 16),
    Cidr::literal([224, 0, 0, 0], 4),
];

/// Space that is routed privately by agreement: RFC 1918, RFC 6598 (shared by carriers) and RFC 2544.
pub(super) const PRIVATE: [Cidr; 5] = [
    TEN,
    ONE_SEVENTY_TWO,
    ONE_NINETY_TWO,
    Cidr::literal([100, 64, 0, 0], 10),
    Cidr::literal([198, 18, 0, 0], 15),
];

/// The rows of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RangeRow {
    Ten,
    OneSeventyTwo,
    OneNinetyTwo,
    Benchmark,
    /// 100.64.0.0/10, and what is publicly routable.
    Other,
}

impl RangeRow {
    fn of(primary: Cidr) -> Self {
        let named = [
            (TEN, Self::Ten),
            (ONE_SEVENTY_TWO, Self::OneSeventyTwo),
            (ONE_NINETY_TWO, Self::OneNinetyTwo),
            (BENCHMARK, Self::Benchmark),
        ];
        named
            .into_iter()
            .find(|(range, _)| range.overlaps(primary))
            .map_or(Self::Other, |(_, row)| row)
    }
}

/// The ranges of which no block can be added to a VPC with this primary block. What the table names
/// neither restricted nor permitted (198.19.0.0/16 for a VPC in it) is not among them.
pub(super) fn restricted(primary: Cidr) -> &'static [Cidr] {
    match RangeRow::of(primary) {
        RangeRow::Ten => &[ONE_SEVENTY_TWO, ONE_NINETY_TWO, BENCHMARK],
        RangeRow::OneSeventyTwo => &[TEN, ONE_NINETY_TWO, DEFAULT_VPC, BENCHMARK],
        RangeRow::OneNinetyTwo => &[TEN, ONE_SEVENTY_TWO, BENCHMARK],
        RangeRow::Benchmark => &[TEN, ONE_SEVENTY_TWO, ONE_NINETY_TWO],
        RangeRow::Other => &[TEN, ONE_SEVENTY_TWO, ONE_NINETY_TWO, BENCHMARK],
    }
}

/// Whether a restricted range could have come with this primary block the other way round: its block
/// first and the primary one added to it. So it is with RFC 1918 and the ranges that any VPC can add.
pub(super) fn fits_reversed(range: Cidr, primary: Cidr) -> bool {
    let private = [TEN, ONE_SEVENTY_TWO, ONE_NINETY_TWO].contains(&range);
    private && RangeRow::of(primary) == RangeRow::Other
}
