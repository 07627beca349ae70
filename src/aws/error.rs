//! What went wrong at AWS, in terms the rest can act on.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use super::{not_whole::NotWhole, whole_body::title};
use crate::inventory::{Operation, Withheld, cleaned};

/// The kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The permission is missing.
    Refused,
    /// The resource asked for is not there.
    NotFound,
    /// No region is set.
    NoRegion,
    /// No credentials, or credentials that are expired or wrong.
    Credentials,
    /// Still throttled after the last attempt.
    Throttled,
    /// The time that the call or the run may take was over.
    Time,
    /// The endpoint could not be reached or did not answer in time.
    Connection,
    /// The answer could not be read.
    Answer,
    /// Any other error that AWS answered.
    Other,
}

/// An error of a call, or of getting ready for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// The call; `None` before the first one.
    pub operation: Option<Operation>,
    /// The kind of trouble.
    pub trouble: Trouble,
    /// What was said, with the service's code.
    pub message: String,
}

impl AwsError {
    pub(super) fn new(operation: Option<Operation>, trouble: Trouble, mut message: String) -> Self {
        message = cleaned(&message);
        Self { operation, trouble, message }
    }

    /// An answer that lacks what is needed or holds what cannot be.
    pub(super) fn answer(operation: Operation, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Trouble::Answer, message.into())
    }

    /// The error of an SDK call.
    pub(super) fn of<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (trouble, message) = Self::said(error);
        Self::new(Some(operation), trouble, message)
    }

    /// What an SDK call's error comes to, whichever call it was.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
    pub(super) fn said<E>(error: &SdkError<E, HttpResponse>) -> (Trouble, String)
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ServiceError(service) => match service.err().code() {
                Some(code) => {
                    let said = service.err().message().unwrap_or("no message");
                    (trouble_of(code), format!("{code}: {said}"))
                }
                None => not_of_aws(service.raw(), service.err()),
            },
            _ if NotWhole::behind(error).is_some() => {
                let message = NotWhole::behind(error).map(ToString::to_string);
                (Trouble::Answer, message.unwrap_or_default())
            }
            SdkError::ResponseError(_) => {
                (Trouble::Connection, format!("the answer broke off: {}", shortened(error)))
            }
            SdkError::TimeoutError(_) => (Trouble::Connection, "no answer in time".to_owned()),
            SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => {
                let text = DisplayErrorContext(error).to_string();
                let trouble = if text.contains("redential") || text.contains("token") {
                    Trouble::Credentials
                } else {
                    Trouble::Connection
                };
                let chain = shortened(error);
                match trouble {
                    Trouble::Credentials => {
                        (trouble, format!("no usable AWS credentials: {chain}"))
                    }
                    _ => (trouble, chain),
                }
            }
            _ => (Trouble::Answer, shortened(error)),
        }
    }

    /// The error as something that could not be seen.
    pub(super) fn withheld(&self) -> Withheld {
        Withheld {
            operation: self.operation.map_or("AWS", Operation::name).to_owned(),
            reason: self.message.clone(),
            subnet_id: None,
            place: None,
        }
    }
}

/// An error without a code of AWS's: a proxy's or a load balancer's, or one that cannot be read.
fn not_of_aws(response: &HttpResponse, error: &(dyn Error + 'static)) -> (Trouble, String) {
    let status = response.status();
    if status.is_success() {
        return (Trouble::Answer, format!("the answer cannot be read: {}", shortened(error)));
    }
    let text = response.body().bytes().and_then(|body| std::str::from_utf8(body).ok());
    let said = text.and_then(title).unwrap_or_else(|| meaning(status.as_u16()).to_owned());
    let trouble = match status.as_u16() {
        429 => Trouble::Throttled,
        500.. => Trouble::Connection,
        _ => Trouble::Answer,
    };
    (trouble, format!("HTTP {}: not an answer of AWS: {said}", status.as_u16()))
}

/// What a status means that stands between here and AWS.
fn meaning(status: u16) -> &'static str {
    match status {
        301 | 302 | 303 | 307 | 308 => "it leads elsewhere",
        401 => "a proxy wants a login",
        403 => "forbidden",
        404 => "not found",
        407 => "the proxy wants a login",
        429 => "too many requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "no code and no words",
    }
}

/// Most letters of a chain of causes; the SDK's may hold whole requests.
const LONGEST: usize = 300;

/// The chain of causes, innermost last, on one line.
fn shortened(error: &dyn Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let text = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        next = cause.source();
    }
    let chain = parts.join(": ");
    match chain.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", chain.get(..end).unwrap_or_default()),
        None => chain,
    }
}

/// The trouble behind a service's error code.
fn trouble_of(code: &str) -> Trouble {
    match code {
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" | "Forbidden" => {
            Trouble::Refused
        }
        "AuthFailure"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired"
        | "UnrecognizedClientException"
        | "OptInRequired" => Trouble::Credentials,
        "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestThrottled" => Trouble::Throttled,
        "ResourceNotFoundException" | "InvalidInstanceType" => Trouble::NotFound,
        _ if code.ends_with(".NotFound") || code.ends_with(".Malformed") => Trouble::NotFound,
        _ => Trouble::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_other_errors() {
        for (code, trouble) in [
            ("UnauthorizedOperation", Trouble::Refused),
            ("AuthFailure", Trouble::Credentials),
            ("InvalidVpcID.NotFound", Trouble::NotFound),
            ("RequestLimitExceeded", Trouble::Throttled),
            ("InternalFailure", Trouble::Other),
        ] {
            assert_eq!(trouble_of(code), trouble, "{code}");
        }
    }
}
