//! STS: form parameters in, XML out, with errors of another form than EC2's.

use super::Call;
use super::fault::Fault;
use super::reply::Reply;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers a call of `caller`, who is of an account.
pub(super) fn answer(call: &Call, caller: &str, account: Option<&str>) -> String {
    let action = &call.action;
    let result = if action == "AssumeRole" {
        // The access key of a role's session is `KEY` and the role's account.
        let account = call.parameter("RoleArn").and_then(|arn| arn.split(':').nth(4));
        let account = account.unwrap_or_default();
        format!(
            "<Credentials><AccessKeyId>KEY{account}</AccessKeyId>\
             <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        )
    } else {
        let account = account.unwrap_or("123456789012");
        format!("<Arn>{caller}</Arn><UserId>test</UserId><Account>{account}</Account>")
    };
    format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>0a1b2c3d</RequestId></ResponseMetadata></{action}Response>"
    )
}

/// The form in which an answer goes out.
pub(super) fn reply(answer: Result<String, Fault>) -> Reply {
    let (status, body) =
        answer.map_or_else(|fault| (fault.status, error(&fault)), |body| (200, body));
    Reply { status, content_type: "text/xml", error_type: None, body: body.into_bytes() }
}

fn error(fault: &Fault) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>0a1b2c3d</RequestId></ErrorResponse>",
        fault.code, fault.message
    )
}
