//! When an endpoint that cannot be reached is given up.
//!
//! Throttling requires many attempts with long waits; a wrong region, a wrong endpoint or a missing network
//! does not get better by them, and a person waits for the answer. So attempts that get no answer at all
//! are made a few times in a row and no more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use aws_smithy_runtime_api::client::{
    interceptors::context::InterceptorContext,
    retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
};

use super::not_whole::NotWhole;

/// Attempts in a row without an answer after which no more are made, while nothing was ever answered.
const AT_FIRST: u32 = 4;
/// The same once something was answered: several calls are under way at once, and a connection that
/// goes takes an attempt of each with it.
const LATER: u32 = 24;

/// Forbids retries once too many attempts in a row got no answer.
#[derive(Debug, Clone, Default)]
pub(super) struct GiveUp {
    failures: Arc<AtomicU32>,
    answered: Arc<AtomicBool>,
}

impl ClassifyRetry for GiveUp {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            // An error that the service answered is an answer, and so is one that is not whole.
            Some(Err(error))
                if !error.is_operation_error() && NotWhole::behind(error).is_none() =>
            {
                let most = if self.answered.load(Ordering::Relaxed) { LATER } else { AT_FIRST };
                if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= most {
                    return RetryAction::RetryForbidden;
                }
            }
            _ => {
                self.failures.store(0, Ordering::Relaxed);
                self.answered.store(true, Ordering::Relaxed);
            }
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "GiveUp"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
