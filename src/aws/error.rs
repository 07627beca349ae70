//! What went wrong at AWS, in terms the rest can act on.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use super::{
    cause::{TooLarge, cause},
    not_whole::NotWhole,
    whole_body::title,
};
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
    /// A setting that cannot be used.
    Setting,
    /// No credentials, or credentials that are expired or wrong.
    Credentials,
    /// Still throttled after the last attempt.
    Throttled,
    /// The time that the call or the run may take was over.
    Time,
    /// The endpoint could not be reached or did not answer in time.
    Connection,
    /// The service answered that it failed itself, to the last attempt.
    Service,
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
    /// What to do about it, where more is known than the kind of trouble.
    pub hint: Option<&'static str>,
}

/// What helps against a request that is refused for its time or its signature.
const CLOCK: &str = "check this machine's clock (`date -u`): AWS rejects requests that are more \
                     than 5 minutes off; if the clock is right, check the secret key and whether \
                     the session has expired";
/// What an endpoint is.
const ENDPOINT: &str = "AWS_ENDPOINT_URL, and endpoint_url in the AWS configuration, require a URL \
                        with a scheme and a host, such as https://vpce.example.com";

impl AwsError {
    pub(super) fn new(operation: Option<Operation>, trouble: Trouble, mut message: String) -> Self {
        message = cleaned(&message);
        Self { operation, trouble, message, hint: None }
    }

    /// A setting that cannot be used, and what to do about it.
    pub(super) fn setting(message: String, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..Self::new(None, Trouble::Setting, message) }
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
        Self { operation: Some(operation), ..Self::said(error) }
    }

    /// What an SDK call's error comes to, whichever call it was.
    pub(super) fn said<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let not_taken = NotWhole::behind(error).map(ToString::to_string);
        let not_taken = not_taken.or_else(|| cause::<TooLarge>(error).map(ToString::to_string));
        let mut hint = None;
        let (trouble, message) = match (error, not_taken) {
            (SdkError::ServiceError(service), _) => match service.err().code() {
                Some(code) => {
                    let said = service.err().message().unwrap_or("no message");
                    hint = is_about_time(code).then_some(CLOCK);
                    (trouble_of(code), format!("{code}: {said}"))
                }
                None => not_of_aws(service.raw(), service.err()),
            },
            (_, Some(why)) => (Trouble::Answer, why),
            (SdkError::ResponseError(_), None) => {
                (Trouble::Connection, format!("the response was cut off: {}", shortened(error)))
            }
            (SdkError::TimeoutError(_), None) => {
                (Trouble::Connection, "no response in time".to_owned())
            }
            (SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_), None) => {
                let text = DisplayErrorContext(error).to_string();
                let chain = shortened(error);
                if let Some(url) = bad_endpoint(&text) {
                    hint = Some(ENDPOINT);
                    (Trouble::Setting, format!("`{url}` is not a valid endpoint URL"))
                } else if text.contains("redential") || text.contains("token") {
                    (Trouble::Credentials, no_credentials(&chain))
                } else {
                    (Trouble::Connection, chain)
                }
            }
            _ => (Trouble::Answer, shortened(error)),
        };
        Self { hint, ..Self::new(None, trouble, message) }
    }

    /// The error as a row of what is not available.
    pub(super) fn withheld(&self) -> Withheld {
        Withheld {
            operation: self.operation.map_or("AWS", Operation::name).to_owned(),
            reason: self.message.clone(),
            subnet_id: None,
            place: None,
        }
    }
}

/// The endpoint that the SDK could not put together with a request, in its words.
fn bad_endpoint(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("failed to apply endpoint `")?;
    Some(rest.split_once('`')?.0)
}

/// An error without a code of AWS's: a proxy's or a load balancer's, or one that cannot be read.
fn not_of_aws(response: &HttpResponse, error: &(dyn Error + 'static)) -> (Trouble, String) {
    let status = response.status();
    if status.is_success() {
        return (Trouble::Answer, format!("the response cannot be read: {}", shortened(error)));
    }
    let text = response.body().bytes().and_then(|body| std::str::from_utf8(body).ok());
    let elsewhere =
        response.headers().get("location").filter(|_| (300..400).contains(&status.as_u16()));
    let said = match elsewhere {
        // What is behind the path may be secret.
        Some(url) => format!("redirect to {}", url.split(['?', '#']).next().unwrap_or_default()),
        None => text.and_then(title).unwrap_or_else(|| meaning(status.as_u16()).to_owned()),
    };
    let trouble = match status.as_u16() {
        429 => Trouble::Throttled,
        500.. => Trouble::Connection,
        _ => Trouble::Answer,
    };
    (trouble, format!("HTTP {}: not a response of AWS: {said}", status.as_u16()))
}

/// What a status means that stands between here and AWS.
fn meaning(status: u16) -> &'static str {
    match status {
        301 | 302 | 303 | 307 | 308 => "a redirect",
        401 => "a proxy requires a login",
        403 => "forbidden",
        404 => "not found",
        407 => "the proxy requires a login",
        429 => "too many requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "no error code and no message",
    }
}

/// Most letters of a chain of causes; the SDK's may hold whole requests.
const LONGEST: usize = 300;

/// That there are no credentials, without what each provider of the SDK's chain says of itself.
pub(super) fn no_credentials(chain: &str) -> String {
    let said = chain.split_once(". Attempted:").map_or(chain, |(said, _)| said);
    let said = said.trim_start_matches("the credential provider was not enabled: ");
    format!("no usable AWS credentials: {}", said.trim_end_matches('.'))
}

/// The chain of causes, innermost last, on one line.
pub(super) fn shortened(error: &dyn Error) -> String {
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

/// Whether an error code may come from a clock that is off.
fn is_about_time(code: &str) -> bool {
    matches!(
        code,
        "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "RequestExpired"
            | "RequestInTheFuture"
            | "RequestTimeTooSkewed"
    )
}

/// The trouble behind a service's error code.
fn trouble_of(code: &str) -> Trouble {
    match code {
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" | "Forbidden" => {
            Trouble::Refused
        }
        "AuthFailure"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "IncompleteSignature"
        | "InvalidClientTokenId"
        | "MissingAuthenticationToken"
        | "UnrecognizedClientException"
        | "OptInRequired" => Trouble::Credentials,
        "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestThrottled" => Trouble::Throttled,
        // AWS's own trouble (EC2 API reference, "Server error codes"; common errors of every service).
        "InternalError"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalServiceError"
        | "ServerInternal"
        | "ServerException"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "Unavailable" => Trouble::Service,
        "ResourceNotFoundException" | "InvalidInstanceType" => Trouble::NotFound,
        _ if is_about_time(code) => Trouble::Credentials,
        _ if code.ends_with(".NotFound") || code.ends_with(".Malformed") => Trouble::NotFound,
        _ => Trouble::Other,
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;

    #[test]
    fn a_chain_of_providers_is_not_listed() {
        let chain = "the credential provider was not enabled: no credentials found in chain. \
                     Attempted: Environment: environment variable not set Profile: not enabled.";
        assert_eq!(
            no_credentials(chain),
            "no usable AWS credentials: no credentials found in chain"
        );
        assert_eq!(no_credentials("it expired."), "no usable AWS credentials: it expired");
    }

    #[test]
    fn a_redirect_names_where_to() {
        for (status, location, says) in [
            (
                302,
                "https://login.example/start?token=secret#x",
                "redirect to https://login.example/start",
            ),
            (301, "/elsewhere", "redirect to /elsewhere"),
            (403, "https://login.example/", "forbidden"),
        ] {
            let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
            response.headers_mut().insert("location", location);
            let said = not_of_aws(&response, &std::fmt::Error).1;
            assert_eq!(said, format!("HTTP {status}: not a response of AWS: {says}"));
        }
    }

    #[test]
    fn a_refusal_is_told_from_other_errors() {
        for (code, trouble) in [
            ("UnauthorizedOperation", Trouble::Refused),
            ("AuthFailure", Trouble::Credentials),
            ("InvalidSignatureException", Trouble::Credentials),
            ("RequestTimeTooSkewed", Trouble::Credentials),
            ("InvalidVpcID.NotFound", Trouble::NotFound),
            ("RequestLimitExceeded", Trouble::Throttled),
            ("InternalFailure", Trouble::Service),
            ("InvalidAction", Trouble::Other),
        ] {
            assert_eq!(trouble_of(code), trouble, "{code}");
        }
    }
}
