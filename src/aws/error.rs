//! What went wrong at AWS, in terms the rest can act on.

use std::{error::Error, fmt};

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use crate::inventory::{Operation, Withheld};

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
    pub(super) fn new(operation: Option<Operation>, trouble: Trouble, message: String) -> Self {
        Self { operation, trouble, message }
    }

    /// An answer that lacks what is needed or holds what cannot be.
    pub(super) fn answer(operation: Operation, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Trouble::Answer, message.into())
    }

    /// The error of an SDK call.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
    pub(super) fn of<E, R>(operation: Operation, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: fmt::Debug,
    {
        let (trouble, message) = match error {
            SdkError::ServiceError(service) => match service.err().code() {
                Some(code) => {
                    let said = service.err().message().unwrap_or("no message");
                    (trouble_of(code), format!("{code}: {said}"))
                }
                // Not AWS's own words: a proxy's page, or an answer that cannot be read.
                None => (Trouble::Answer, shortened(service.err())),
            },
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
        };
        Self::new(Some(operation), trouble, message)
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
