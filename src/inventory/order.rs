//! Long lists brought into order.

/// Sorts by key; of several with one key the last read stays. In place, since a second list takes half
/// of the memory again, and by a part of the keys that is kept beside the places: rows lie far apart,
/// and looking at one takes longer than comparing. A snapshot's lists are in order already.
pub(super) fn sort_last_wins<T>(list: &mut Vec<T>, key: impl Fn(&T) -> &str) {
    if list.is_sorted_by(|a, b| key(a) < key(b)) {
        return;
    }
    let order = in_order(&list.iter().map(&key).collect::<Vec<_>>());
    if order.len() < list.len() {
        let mut stays = vec![false; list.len()];
        for at in order {
            if let Some(stays) = stays.get_mut(at) {
                *stays = true;
            }
        }
        let mut stays = stays.into_iter();
        list.retain(|_| stays.next().unwrap_or(true));
        return sort_last_wins(list, key);
    }
    arrange(list, order);
}

/// The places of keys in their order, of equal ones the last alone.
fn in_order(keys: &[&str]) -> Vec<usize> {
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
    places.dedup_by(|(a, at), (b, other)| a == b && whole(*at) == whole(*other));
    places.into_iter().map(|(_, at)| at).collect()
}

/// Moves each row to its place, along the circles that they move in.
fn arrange<T>(list: &mut [T], mut from: Vec<usize>) {
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
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a map has it, whatever the keys begin with.
        #[test]
        fn the_last_of_each_key_is_in_its_place(
            keys in prop::collection::vec("(eni-0)?[\\x00a-c\u{e9}]{0,10}", 0..60),
        ) {
            let mut list: Vec<(String, usize)> = keys.into_iter().zip(0..).collect();
            let map: BTreeMap<String, usize> = list.iter().cloned().collect();
            sort_last_wins(&mut list, |(key, _)| key);
            prop_assert_eq!(list, map.into_iter().collect::<Vec<_>>());
        }
    }
}
