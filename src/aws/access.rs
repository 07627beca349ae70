//! Reaching AWS: credentials, region, retries and time limits.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};

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

/// How AWS is reached, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsAccess {
    /// Profile of the shared configuration.
    pub profile: Option<String>,
    /// Region.
    pub region: Option<String>,
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
}

impl AwsAccess {
    /// The clients. Nothing is called yet but what the credentials need.
    pub(super) async fn clients(&self) -> Result<Clients, AwsError> {
        let config = self.config().await;
        let Some(region) = config.region().map(ToString::to_string) else {
            return Err(AwsError::new(None, Trouble::NoRegion, "no region is set".to_owned()));
        };
        let give_up = GiveUp::default();
        let ec2 = aws_sdk_ec2::config::Builder::from(&config)
            .interceptor(WholeBody)
            .retry_classifier(give_up.clone());
        let eks = aws_sdk_eks::config::Builder::from(&config).retry_classifier(give_up);
        Ok(Clients {
            ec2: aws_sdk_ec2::Client::from_conf(ec2.build()),
            eks: aws_sdk_eks::Client::from_conf(eks.build()),
            region,
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
