//! Long lists brought into order: by a part of the keys that is kept beside the places, since rows lie far
//! apart, and looking at one takes longer than comparing.

/// The places of keys in their order, of equal ones the last first.
#[must_use]
pub fn in_order(keys: &[&str]) -> Vec<usize> {
    // Ids begin alike.
    let first = keys.first().map_or(&[][..], |key| key.as_bytes());
    let shared = keys.iter().fold(first.len(), |shared, key| {
        let alike = first.iter().zip(key.as_bytes()).take(shared);
        alike.take_while(|(a, b)| a == b).count()
    });
    let part = |key: &str| {
        let mut part = [0; 8];
        let rest = key.as_bytes().get(shared..).unwrap_or_default();
        part.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        u64::from_be_bytes(part)
    };
    let mut places: Vec<(u64, usize)> =
        keys.iter().enumerate().map(|(at, key)| (part(key), at)).collect();
    let whole = |at: usize| keys.get(at);
    places.sort_unstable_by(|(a, at), (b, other)| {
        a.cmp(b).then_with(|| whole(*at).cmp(&whole(*other))).then(other.cmp(at))
    });
    places.into_iter().map(|(_, at)| at).collect()
}

/// Moves each row to its place, along the circles that they move in. In place, since a second list takes
/// half of the memory again.
pub(super) fn arrange<T>(list: &mut [T], mut from: Vec<usize>) {
    for start in 0..from.len() {
        let mut at = start;
        while let Some(next) = from.get_mut(at).map(|next| std::mem::replace(next, at))
            && next != at
            && next != start
        {
            list.swap(at, next);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a sort that keeps the order of equals has it, whatever the keys begin with.
        #[test]
        fn all_are_in_their_places(
            keys in prop::collection::vec("(eni-0)?[\\x00a-c\u{e9}]{0,10}", 0..60),
        ) {
            let mut list: Vec<(String, usize)> = keys.into_iter().zip(0..).collect();
            let mut sorted = list.clone();
            sorted.reverse();
            sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
            let order = in_order(&list.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
            arrange(&mut list, order);
            prop_assert_eq!(list, sorted);
        }
    }
}
