//! Two passes over many interfaces, side by side.

use std::{
    panic::resume_unwind,
    thread::{Builder, ScopedJoinHandle, scope},
};

/// Interfaces that are passed over sooner than a thread is started.
const FEW: usize = 10_000;

/// What both give, the first by a thread of its own if one can be started and there is much to pass over.
pub(super) fn beside<A: Send, B>(
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

#[cfg(test)]
mod tests {
    use super::*;

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
