//! Ids in a sentence.

/// The most ids that are named.
const SHOWN: usize = 5;

/// Ids, sorted, each once; of many the first ones and how many more there are.
pub(crate) fn many<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut ids: Vec<&str> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => ids.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_shortened() {
        assert_eq!(many(["b", "a", "b"]), "a, b");
        assert_eq!(many(["1", "2", "3", "4", "5"]), "1, 2, 3, 4, 5");
        assert_eq!(many(["7", "6", "5", "4", "3", "2", "1"]), "1, 2, 3, 4, 5 and 2 more");
    }
}
