//! How findings count and list.

/// Ids named in one message; the evidence has them all.
const LISTED: usize = 5;

/// The first few of a sorted list, and how many more there are.
#[must_use]
pub fn listed(all: impl IntoIterator<Item: AsRef<str>>) -> String {
    let mut all = all.into_iter();
    let first: Vec<_> = all.by_ref().take(LISTED).collect();
    let named = first.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match all.count() {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// A count with its noun: `1 node`, `2 nodes`, `2,802 nodes`.
#[must_use]
pub fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    match count.try_into() {
        Ok(1) => format!("1 {one}"),
        Ok(count) => format!("{} {many}", thousands(count)),
        Err(_) => format!("{} {many}", thousands(u64::MAX)),
    }
}

/// A whole number with its thousands apart, for people: `12,345`.
#[must_use]
pub fn thousands(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_and_further_are_counted() {
        assert_eq!(listed(["a", "b"]), "a, b");
        assert_eq!(listed(["a", "b", "c", "d", "e"]), "a, b, c, d, e");
        assert_eq!(listed(["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
        assert_eq!(listed(Vec::<String>::new()), "");
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in
            [(0_u64, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")]
        {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(counted(1_u32, "node", "nodes"), "1 node");
        assert_eq!(counted(0_usize, "node", "nodes"), "0 nodes");
        assert_eq!(counted(2_u64, "node", "nodes"), "2 nodes");
        assert_eq!(counted(2802_u32, "node", "nodes"), "2,802 nodes");
    }
}
