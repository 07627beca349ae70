//! What is behind an error.

use std::error::Error;

/// Most bytes of one answer. A page of 1,000 interfaces that are full of addresses is 15 MiB.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// An answer that no service gives.
#[derive(Debug, thiserror::Error)]
#[error("the response is larger than {} MiB", MOST_BYTES >> 20)]
pub(super) struct TooLarge;

/// The first of a kind among an error and its causes.
pub(super) fn cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}
