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

/// A count with its noun: `1 node`, `2 nodes`.
#[must_use]
pub fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    match count.try_into() {
        Ok(1) => format!("1 {one}"),
        Ok(count) => format!("{count} {many}"),
        Err(_) => format!("{} {many}", u64::MAX),
    }
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
    fn one_is_no_plural() {
        assert_eq!(counted(1_u32, "node", "nodes"), "1 node");
        assert_eq!(counted(0_usize, "node", "nodes"), "0 nodes");
        assert_eq!(counted(2_u64, "node", "nodes"), "2 nodes");
    }
}
