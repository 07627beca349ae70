//! Types that can share one max pods, where a setting holds for many types.

/// Of how many pods one may be lost to the number that a class shares.
const ONE_OF: u32 = 10;

/// Types that share a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxPodsClass<T> {
    /// The lowest of them, which all of them can have.
    pub max_pods: u32,
    /// The types, in the order in which they were given.
    pub types: Vec<T>,
}

/// The fewest classes in which no type loses more than a tenth of its pods to the lowest of its class, the
/// lowest class first.
pub fn classes<T>(types: impl IntoIterator<Item = (u32, T)>) -> Vec<MaxPodsClass<T>> {
    let mut types: Vec<(usize, (u32, T))> = types.into_iter().enumerate().collect();
    types.sort_by_key(|(_, (max_pods, _))| *max_pods);
    let mut classes: Vec<(u32, Vec<(usize, T)>)> = Vec::new();
    for (at, (max_pods, kind)) in types {
        match classes.last_mut() {
            // From the lowest on as many as fit: another cut has no fewer classes.
            Some((least, its)) if (max_pods - *least).saturating_mul(ONE_OF) <= max_pods => {
                its.push((at, kind));
            }
            Some(_) | None => classes.push((max_pods, vec![(at, kind)])),
        }
    }
    let class = |(max_pods, mut types): (u32, Vec<(usize, T)>)| {
        types.sort_by_key(|(at, _)| *at);
        MaxPodsClass { max_pods, types: types.into_iter().map(|(_, kind)| kind).collect() }
    };
    classes.into_iter().map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_loses_more_than_a_tenth() {
        for (numbers, expected) in [
            (&[][..], &[][..]),
            (&[29], &[(29, 1)]),
            (&[100, 90], &[(90, 2)]),
            (&[100, 89], &[(89, 1), (100, 1)]),
            (&[29, 58, 29, 234, 110], &[(29, 2), (58, 1), (110, 1), (234, 1)]),
            // 90 takes in 100; 101 begins a class of its own, which takes in 112.
            (&[112, 101, 100, 90], &[(90, 2), (101, 2)]),
            (&[0, 0], &[(0, 2)]),
        ] {
            let found = classes(numbers.iter().map(|number| (*number, *number)));
            let found: Vec<(u32, usize)> =
                found.into_iter().map(|class| (class.max_pods, class.types.len())).collect();
            assert_eq!(found, expected, "{numbers:?}");
        }
        let named = classes([(100, "b"), (90, "c"), (95, "a")]);
        assert_eq!(named, [MaxPodsClass { max_pods: 90, types: vec!["b", "c", "a"] }]);
    }
}
