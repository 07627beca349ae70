//! A guard against answers that are not whole: cut off, damaged, empty, or not AWS's at all.
//!
//! For a tool that counts addresses each of them would be a wrong number. What may come right is asked
//! for again, a few times.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{AfterDeserializationInterceptorContextRef, InterceptorContext},
        },
        orchestrator::Metadata,
        retries::{
            RequestAttempts,
            classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use super::{json_answer, not_whole::NotWhole, xml_answer};

/// Attempts after which an answer that is never whole is taken as what the other side has to say.
const ATTEMPTS: u32 = 4;
/// The status of an answer that asks for fewer calls.
const TOO_MANY: u16 = 429;
/// Most letters shown of a page's title.
const LONGEST_TITLE: usize = 80;

/// Refuses answers that are not whole, and has them asked for again.
#[derive(Debug)]
pub(super) struct WholeBody;

impl Intercept for WholeBody {
    fn name(&self) -> &'static str {
        "WholeBody"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let Some(body) = response.body().bytes().filter(|_| response.status().is_success()) else {
            return Ok(());
        };
        let operation = settings.load::<Metadata>().map_or("", Metadata::name);
        check(operation, body).map_err(|error| {
            let attempts = settings.load::<RequestAttempts>().map_or(0, RequestAttempts::attempts);
            error.unless(attempts >= ATTEMPTS).into()
        })
    }
}

/// Checks the answer to a call.
fn check(operation: &str, body: &[u8]) -> Result<(), NotWhole> {
    let text = std::str::from_utf8(body)
        .map_err(|_| NotWhole::again("it contains bytes that are not UTF-8".to_owned()))?;
    if let Some(title) = title(text) {
        return Err(NotWhole::of_another(&format!("the page `{title}`")));
    }
    let list: &[&str] = match operation {
        "ListNodegroups" => &["nodegroups"],
        "ListFargateProfiles" => &["fargateProfileNames"],
        "DescribeCluster" => &["cluster", "resourcesVpcConfig", "subnetIds"],
        "DescribeNodegroup" => &["nodegroup", "subnets"],
        "DescribeFargateProfile" => &["fargateProfile", "subnets"],
        _ => return xml_answer::check(text, &format!("{operation}Response"), needed(operation)),
    };
    json_answer::check(text, list)
}

/// The element that an answer in XML is about; it is there when it is empty.
fn needed(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "DescribeVpcs" => "vpcSet",
        "DescribeSubnets" => "subnetSet",
        "DescribeNetworkInterfaces" => "networkInterfaceSet",
        "DescribeInstances" => "reservationSet",
        "DescribeInstanceTypes" => "instanceTypeSet",
        "DescribeRegions" => "regionInfo",
        "GetSubnetCidrReservations" => "subnetIpv4CidrReservationSet",
        "GetCallerIdentity" => "GetCallerIdentityResult",
        "AssumeRole" => "AssumeRoleResult",
        _ => return None,
    })
}

/// The title of a web page, or a word in its place; `None` for what is none.
pub(super) fn title(text: &str) -> Option<String> {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    if !start.starts_with("<!doctype html") && !start.starts_with("<html") {
        return None;
    }
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once('<'))
        .map_or("without a title", |(title, _)| title);
    let plain = title.chars().filter(|letter| !letter.is_control()).take(LONGEST_TITLE);
    Some(plain.collect::<String>().trim().to_owned())
}

/// Has answers that are not whole asked for again, and calls that were too many whatever their body.
#[derive(Debug)]
pub(super) struct AskAgain;

impl ClassifyRetry for AskAgain {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let status = context.response().map(|response| response.status().as_u16());
        match NotWhole::behind(error) {
            Some(answer) if answer.may_come_right() => RetryAction::transient_error(),
            Some(_) => RetryAction::RetryForbidden,
            None if error.is_operation_error() && status == Some(TOO_MANY) => {
                RetryAction::throttling_error()
            }
            None => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "AskAgain"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_has_its_own_form() {
        for (operation, body, says) in [
            ("DescribeVpcs", "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>", ""),
            ("DescribeVpcs", "<DescribeVpcsResponse/>", "`vpcSet` is missing"),
            ("DescribeVpcs", "<Response><Errors/></Response>", "it contains `Response`"),
            ("DescribeVpcs", "{}", "its XML contains text"),
            ("ListNodegroups", "{\"nodegroups\":[]}", ""),
            ("ListNodegroups", "{}", "the list `nodegroups` is missing"),
            ("DescribeCluster", "<html><head><title>Log in", "the page `without a title`"),
            ("DescribeCluster", " <!DOCTYPE html><title>Log in</title>", "the page `Log in`"),
        ] {
            let said = check(operation, body.as_bytes()).err().map(|error| error.to_string());
            let said = said.unwrap_or_default();
            assert!(said.contains(says) && said.is_empty() == says.is_empty(), "{body}: {said}");
        }
        assert!(check("DescribeVpcs", b"<DescribeVpcsResponse>\xff").is_err());
    }
}
