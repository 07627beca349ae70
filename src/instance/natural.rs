//! The order in which people list instance types: families by name with their numbers as numbers, sizes
//! from small to large, metal last.

use std::cmp::Ordering;

/// Compares two types: m5 before m5a before m6i before m10x; medium, large, xlarge, 2xlarge, 12xlarge, metal.
#[must_use]
pub fn natural(one: &str, other: &str) -> Ordering {
    key(one).cmp(&key(other)).then_with(|| one.cmp(other))
}

/// The letters a family begins with, its generation, what else its name says, and the place of the size.
type Key<'a> = (&'a str, u64, &'a str, (u8, u64));

fn key(name: &str) -> Key<'_> {
    let (family, size) = name.split_once('.').unwrap_or((name, ""));
    let is_digit = |letter: char| letter.is_ascii_digit();
    let start = family.find(is_digit).unwrap_or(family.len());
    let (letters, rest) = family.split_at_checked(start).unwrap_or((family, ""));
    let end = rest.find(|letter| !is_digit(letter)).unwrap_or(rest.len());
    let (generation, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    (letters, generation.parse().unwrap_or_default(), rest, place(size))
}

/// The place of a size among those of a family.
fn place(size: &str) -> (u8, u64) {
    const SMALL: [&str; 6] = ["nano", "micro", "small", "medium", "large", "xlarge"];
    let times = |text: &str| {
        let number = text.strip_suffix("xlarge").or_else(|| text.strip_suffix("xl"));
        number.and_then(|number| number.parse().ok())
    };
    if let Some(at) = SMALL.iter().position(|known| *known == size) {
        return (0, u64::try_from(at).unwrap_or_default());
    }
    match (times(size), size.strip_prefix("metal")) {
        (Some(number), _) => (1, number),
        (None, Some(rest)) => (2, rest.strip_prefix('-').and_then(times).unwrap_or_default()),
        (None, None) => (3, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_go_by_size_and_families_by_number() {
        let order = [
            "m5.large",
            "m5.xlarge",
            "m5.2xlarge",
            "m5.12xlarge",
            "m5.metal",
            "m5a.large",
            "m6i.large",
            "m6i.metal",
            "m7i.metal-24xl",
            "m7i.metal-48xl",
            "m10x.medium",
            "t3.nano",
            "t3.micro",
            "t3.small",
            "t3.medium",
            "t3.large",
            "u-3tb1.56xlarge",
            "u-6tb1.56xlarge",
            "u-12tb1.112xlarge",
        ];
        let mut sorted = order;
        sorted.reverse();
        sorted.sort_by(|a, b| natural(a, b));
        assert_eq!(sorted, order);
    }
}
