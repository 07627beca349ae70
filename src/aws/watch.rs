//! What is watched of every attempt: how far it is, how large its answer gets, and whether AWS throttles.

use std::{sync::Arc, time::Instant};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
                BeforeTransmitInterceptorContextRef as BeforeAttempt,
                FinalizerInterceptorContextRef, InterceptorContext,
            },
        },
        orchestrator::{HttpResponse, Metadata},
        retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{
    body::SdkBody,
    config_bag::{ConfigBag, Storable, StoreReplace},
};
use aws_types::region::Region;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::{
    cause::{MOST_BYTES, TooLarge, cause},
    run::AwsRun,
    tally::{Stage, Tally},
};

/// Parts of the codes that say so of throttling, in lower case.
const THROTTLED: [&str; 4] = ["requestlimitexceeded", "throttl", "toomanyrequests", "slowdown"];

/// An answer that is too large is not asked for again: it would be as large.
impl ClassifyRetry for Watch {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            Some(Err(error)) if cause::<TooLarge>(error).is_some() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Watch"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// Tells the run of every attempt.
#[derive(Debug, Clone)]
pub(super) struct Watch(pub(super) Arc<AwsRun>);

/// An attempt that is under way.
#[derive(Debug)]
struct Attempt {
    number: usize,
    began: Instant,
}

impl Storable for Attempt {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeAttempt<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (number, is_retry) = Tally::begins();
        let call = bag.load::<Metadata>().map_or("call", Metadata::name);
        let region = bag.load::<Region>().map(AsRef::as_ref);
        self.0.activity().begins(call, region, is_retry);
        let attempt = Attempt { number, began: Instant::now() };
        bag.interceptor_state().store_put(attempt);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Tally::at(Stage::Asked);
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Tally::at(Stage::Answered);
        let body = context.response_mut().body_mut();
        let whole = std::mem::replace(body, SdkBody::taken());
        let bounded = Limited::new(whole, MOST_BYTES).map_err(|error| {
            if error.is::<LengthLimitError>() { Box::new(TooLarge) } else { error }
        });
        *body = SdkBody::from_body_1_x(bounded);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = context.output_or_error().is_some_and(|outcome| outcome.is_err());
        let response = context.response();
        let bytes = response.and_then(|it| it.body().bytes()).map_or(0, <[u8]>::len);
        let said = response.map(said);
        match response {
            Some(response) if failed && is_throttled(response) => self.0.slots().throttled(),
            Some(_) => self.0.slots().answered(),
            None => {}
        }
        if let Some(Attempt { number, began }) = bag.load::<Attempt>() {
            let name = bag.load::<Metadata>();
            let name = name.map_or("call", |metadata| metadata.name());
            let ms = began.elapsed().as_millis();
            let said = said.as_deref().unwrap_or("no response");
            tracing::debug!("{name} attempt {number}: {said}, bytes={bytes} ms={ms}");
        }
        if !failed {
            self.0.activity().responded();
        }
        Tally::ends(bytes, said.filter(|_| failed));
        Ok(())
    }
}

/// An answer in short: its status, and the code of an error.
fn said(response: &HttpResponse) -> String {
    let status = response.status();
    match code(response) {
        Some(code) if !status.is_success() => format!("HTTP {} {code}", status.as_u16()),
        _ => format!("HTTP {}", status.as_u16()),
    }
}

/// The code of an error: EKS's in a header, that of the others in the answer.
fn code(response: &HttpResponse) -> Option<&str> {
    let of_word = |text: &&str| {
        let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'.';
        !text.is_empty() && text.len() <= 64 && text.bytes().all(is_letter)
    };
    let header = response.headers().get("x-amzn-errortype");
    let header = header.and_then(|text| text.split(':').next());
    let body = || {
        let text = std::str::from_utf8(response.body().bytes()?).ok()?;
        let (_, rest) = text.split_once("<Code>")?;
        rest.split('<').next()
    };
    header.or_else(body).filter(of_word)
}

fn is_throttled(response: &HttpResponse) -> bool {
    let code = code(response).unwrap_or_default().to_ascii_lowercase();
    response.status().as_u16() == 429 || THROTTLED.iter().any(|part| code.contains(part))
}
