//! Assuming a role: with the guards that every other call has, and with its own name in what goes wrong.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_sts::config::{Builder, Credentials, SharedCredentialsProvider};

use super::{
    credentials::fault,
    error::{AwsError, Trouble},
    give_up::GiveUp,
    run::AwsRun,
    watch::Watch,
    whole_body::{AskAgain, WholeBody},
};

/// What sessions of an assumed role are called, as CloudTrail shows them.
const SESSION: &str = "eksnet";

/// The credentials of a session of a role, got with those that are configured. They outlast any run.
pub(super) async fn assume(
    config: &SdkConfig,
    role: &str,
    run: &Arc<AwsRun>,
) -> Result<SharedCredentialsProvider, AwsError> {
    let watch = Watch(Arc::clone(run));
    let sts = Builder::from(config)
        .interceptor(WholeBody)
        .interceptor(watch.clone())
        .retry_classifier(watch)
        .retry_classifier(AskAgain)
        .retry_classifier(GiveUp::default());
    let client = aws_sdk_sts::Client::from_conf(sts.build());
    let answer = client.assume_role().role_arn(role).role_session_name(SESSION).send().await;
    let answer = answer.map_err(|error| {
        let said = AwsError::said(&error);
        let trouble = match said.trouble {
            // It is for the one who set up the role or the profile to fix.
            Trouble::Refused | Trouble::NotFound => Trouble::Credentials,
            Trouble::NoRegion
            | Trouble::Setting
            | Trouble::Credentials
            | Trouble::Throttled
            | Trouble::Time
            | Trouble::Connection
            | Trouble::Service
            | Trouble::Answer
            | Trouble::Other => said.trouble,
        };
        AwsError { trouble, message: format!("AssumeRole: {}", said.message), ..said }
    })?;
    let lacks = || {
        let message = "AssumeRole: the response has no session credentials".to_owned();
        AwsError::new(None, Trouble::Answer, message)
    };
    let session = answer.credentials.ok_or_else(lacks)?;
    let parts = [&session.access_key_id, &session.secret_access_key, &session.session_token];
    if parts.iter().any(|part| part.is_empty()) {
        return Err(lacks());
    }
    let session = Credentials::new(
        session.access_key_id,
        session.secret_access_key,
        Some(session.session_token),
        None,
        "AssumeRole",
    );
    match fault(&session) {
        Some(why) => Err(AwsError::new(None, Trouble::Answer, format!("AssumeRole: {why}"))),
        None => Ok(SharedCredentialsProvider::new(session)),
    }
}
