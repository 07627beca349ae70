//! Threads for what is done side by side.

use super::Failure;

/// A pool of as many threads as there are processors, or as RAYON_NUM_THREADS says. The pool that rayon makes
/// by itself panics where no thread can be started.
pub(super) fn pool(what: &str) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new().build().map_err(|error| {
        Failure::environment(
            format!("cannot start threads for {what}: {error}"),
            "set RAYON_NUM_THREADS=1 to use one thread",
        )
    })
}
