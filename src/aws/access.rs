//! Reaching AWS: credentials, region, retries and time limits.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider,
    timeout::TimeoutConfig,
};
use aws_sdk_ec2::config::SharedCredentialsProvider;

use super::{
    error::{AwsError, Trouble},
    give_up::GiveUp,
    whole_body::WholeBody,
};

/// Attempts a call gets, the first included. The SDK's default of 3 fails a listing of 60 pages
/// under 15 % throttling; with 12 one call in five may be throttled over hundreds of pages.
const ATTEMPTS: u32 = 12;
/// The first wait between attempts; it doubles each time and is drawn at random below that.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait between attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(6);
/// How long the first byte of an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How long one attempt may take: a page of 1,000 interfaces is several megabytes.
const ATTEMPT_WITHIN: Duration = Duration::from_secs(90);

/// What sessions of an assumed role are called, as CloudTrail shows them.
const SESSION: &str = "eksnet";

/// How AWS is reached, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsAccess {
    /// Profile of the shared configuration.
    pub profile: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// ARN of a role to assume with the profile's credentials.
    pub role: Option<String>,
}

/// Who is told how far collection is.
pub trait Progress {
    /// So many items of a kind have been read so far.
    fn read(&self, what: &'static str, items: usize);
}

/// The clients of one region.
pub(super) struct Clients {
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) eks: aws_sdk_eks::Client,
    pub(super) region: String,
    /// The account of the credentials, as far as it is known before any call.
    pub(super) caller: Option<String>,
}

impl AwsAccess {
    /// How it is told from others: its role or profile, and its region.
    #[must_use]
    pub fn label(&self) -> String {
        let profile = self.profile.as_ref().map(|name| format!("profile {name}"));
        let whose = self.role.as_ref().map(|arn| format!("role {arn}")).or(profile);
        let parts: Vec<String> = whose.into_iter().chain(self.region.clone()).collect();
        if parts.is_empty() { "the configured region".to_owned() } else { parts.join(", ") }
    }

    /// The account as far as it is known before any call: a role's
    /// (`arn:PARTITION:iam::ACCOUNT:role/NAME`).
    pub(super) fn account(&self) -> Option<String> {
        self.role.as_ref()?.split(':').nth(4).map(ToOwned::to_owned)
    }

    /// The clients. Nothing is called yet but what the credentials need.
    pub(super) async fn clients(&self) -> Result<Clients, AwsError> {
        let mut config = self.config().await;
        let Some(region) = config.region().map(ToString::to_string) else {
            return Err(AwsError::new(None, Trouble::NoRegion, "no region is set".to_owned()));
        };
        if let Some(role) = &self.role {
            let session = AssumeRoleProvider::builder(role).session_name(SESSION);
            let provider = session.configure(&config).build().await;
            let provider = SharedCredentialsProvider::new(provider);
            config = config.into_builder().credentials_provider(provider).build();
        }
        let give_up = GiveUp::default();
        let ec2 = aws_sdk_ec2::config::Builder::from(&config)
            .interceptor(WholeBody)
            .retry_classifier(give_up.clone());
        let eks = aws_sdk_eks::config::Builder::from(&config).retry_classifier(give_up);
        Ok(Clients {
            ec2: aws_sdk_ec2::Client::from_conf(ec2.build()),
            eks: aws_sdk_eks::Client::from_conf(eks.build()),
            region,
            caller: self.account(),
        })
    }

    async fn config(&self) -> SdkConfig {
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(FIRST_WAIT)
            .with_max_backoff(LONGEST_WAIT);
        let limits = TimeoutConfig::builder()
            .connect_timeout(CONNECT_WITHIN)
            .read_timeout(ANSWER_WITHIN)
            .operation_attempt_timeout(ATTEMPT_WITHIN)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(retries)
            .timeout_config(limits);
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        loader.load().await
    }
}
