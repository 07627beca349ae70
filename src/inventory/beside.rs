//! Two passes over many interfaces, side by side.

use std::{
    panic::resume_unwind,
    thread::{Builder, ScopedJoinHandle, scope},
};

/// Interfaces that are passed over sooner than a thread is started.
const FEW: usize = 10_000;

/// What both give, the first by a thread of its own if one can be started and there is much to pass over.
pub(crate) fn beside<A: Send, B>(
    interfaces: usize,
    first: impl Fn() -> A + Sync,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if interfaces < FEW {
        return (first(), second());
    }
    scope(|scope| {
        let begun = Builder::new().spawn_scoped(scope, &first);
        let second = second();
        let first = match begun.map(ScopedJoinHandle::join) {
            Ok(Ok(first)) => first,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => first(),
        };
        (first, second)
    })
}

/// What a function gives for each of a list, for two halves of a long one side by side.
pub(crate) fn each<'a, T: Sync, R: Send>(list: &'a [T], one: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let (first, second) = list.split_at(list.len() / 2);
    let of = |part: &'a [T]| part.iter().map(&one).collect::<Vec<R>>();
    let (mut all, more) = beside(list.len(), || of(first), || of(second));
    all.extend(more);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keeps_the_order() {
        for length in [0, 3, FEW + 1] {
            let list: Vec<usize> = (0..length).collect();
            assert_eq!(each(&list, |n| n + 1), (1..=length).collect::<Vec<_>>());
        }
    }

    #[test]
    fn few_or_many_give_the_same() {
        for interfaces in [0, FEW] {
            let mut sum = 0;
            let both =
                beside(interfaces, || (1..=4).product::<u32>(), || (1..=4).for_each(|n| sum += n));
            assert_eq!((both.0, sum), (24, 10));
        }
    }
}
