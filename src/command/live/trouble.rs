//! AWS's errors in this program's words.

use crate::{
    aws::{AwsError, Trouble},
    cli::AwsArgs,
    command::Failure,
    inventory::Operation,
};

/// An error of AWS with what to do about it.
pub(in crate::command) fn failure(error: &AwsError, aws: &AwsArgs) -> Failure {
    let name = error.operation.map_or("AWS", Operation::name);
    let what = format!("{name}: {}", error.message);
    let action = error.operation.map_or("", Operation::iam_action);
    if let Some(hint) = error.hint {
        let what = if error.operation.is_none() { error.message.clone() } else { what };
        return Failure::environment(what, hint);
    }
    match error.trouble {
        Trouble::Refused => Failure::environment(
            what,
            format!(
                "add {action} to the IAM policy; `eksnet iam-policy` prints all required \
                     permissions"
            ),
        ),
        Trouble::NotFound => Failure::usage(
            what,
            "check the name, the region (--region) and the account (--profile)",
        ),
        Trouble::NoRegion => match aws.profile.first() {
            Some(profile) => Failure::environment(
                format!("no region is set for the profile `{profile}`"),
                "check the profile in ~/.aws/config, or pass --region",
            ),
            None => Failure::environment(error.message.clone(), "pass --region or set AWS_REGION"),
        },
        Trouble::Credentials => Failure::environment(
            what,
            "check --profile and the AWS_* variables; `aws sts get-caller-identity` shows the \
             identity in use, `aws sso login` renews a session",
        ),
        Trouble::Throttled => Failure::environment(
            what,
            "AWS throttles the account: try again \
            later",
        ),
        Trouble::Service => {
            Failure::environment(what, "AWS had an internal error: try again later")
        }
        Trouble::Time => Failure::environment(
            what,
            "raise --timeout, or check the network, the region (--region) and the source of the \
             credentials; -v shows every call",
        ),
        Trouble::Connection => Failure::environment(what, unreachable()),
        Trouble::Setting => {
            Failure::environment(what, "check the AWS_* variables and ~/.aws/config")
        }
        Trouble::Answer | Trouble::Other => {
            Failure::environment(what, "try again; -v shows the details of each call")
        }
    }
}

/// What to check when an endpoint cannot be reached, as the environment has it.
fn unreachable() -> String {
    const PROXIES: [&str; 6] =
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut hint = "check the network, the region (--region) and AWS_ENDPOINT_URL".to_owned();
    if let Some(name) = PROXIES.into_iter().find(is_set) {
        hint.push_str("; requests use the proxy in ");
        hint.push_str(name);
        hint.push_str(", except for the hosts in NO_PROXY");
    }
    if is_set(&"AWS_CA_BUNDLE") {
        hint.push_str("; AWS_CA_BUNDLE is not supported: set SSL_CERT_FILE");
    }
    hint
}
