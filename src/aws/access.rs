//! Reaching AWS: credentials, region, retries and time limits.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use aws_config::{
    BehaviorVersion, Region, SdkConfig,
    ecs::EcsCredentialsProvider,
    environment::region::EnvironmentVariableRegionProvider,
    imds::credentials::ImdsCredentialsProvider,
    meta::{credentials::CredentialsProviderChain, region::RegionProviderChain},
    profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider},
    provider_config::ProviderConfig,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider},
};
use aws_types::service_config::ServiceConfigKey;
use tokio::sync::OnceCell;

use super::{
    credentials::Checked,
    error::{AwsError, Trouble, no_credentials, shortened},
    give_up::GiveUp,
    role,
    run::AwsRun,
    settings::{self, AwsSettings},
    tally::{CallLog, Tally},
    watch::Watch,
    whole_body::{AskAgain, WholeBody},
};
use crate::inventory::{Operation, Withheld, is_region};

/// Attempts a call gets, the first included. The SDK's default of 3 fails a listing of 60 pages
/// under 15 % throttling; with 12 one call in five may be throttled over hundreds of pages.
const ATTEMPTS: u32 = 12;
/// The longest first wait between attempts; it doubles each time and is drawn at random below that.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest time for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(6);
/// The longest time for the first byte of an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

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

/// The clients of one region.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) run: Arc<AwsRun>,
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) eks: aws_sdk_eks::Client,
    pub(super) region: String,
    sts: aws_sdk_sts::Client,
    caller: Arc<OnceCell<Caller>>,
}

/// Whose the credentials are: the account, if the answer tells it, or why there is none.
type Caller = Result<Option<String>, Withheld>;

/// The call that tells it.
const IDENTITY: &str = "GetCallerIdentity";

impl Clients {
    /// A call that is no listing. `about` tells it from others of its kind, in the log.
    pub(super) async fn one<T>(
        &self,
        operation: Operation,
        about: &str,
        call: Pin<Box<impl Future<Output = Result<T, AwsError>>>>,
    ) -> Result<T, AwsError> {
        let mut line = CallLog::new(operation.name(), &self.region);
        let answer = self.run.call(Some(operation), &line.tally, call).await;
        line.pages = usize::from(answer.is_ok());
        line.write(about, answer.as_ref().map(|_| ()).map_err(|error| error.message.as_str()));
        answer
    }

    /// The account of the credentials (GetCallerIdentity, which needs no permission), asked for once
    /// for all regions; `None` where it cannot be had. An answer that does not come is withheld.
    pub(super) async fn caller(&self) -> (Option<String>, Option<Withheld>) {
        let ask = || async {
            let mut line = CallLog::new(IDENTITY, &self.region);
            let call = Box::pin(async {
                let answer = self.sts.get_caller_identity().send().await;
                let answer = answer.map_err(|error| AwsError::said(&error))?;
                let lacks = || "the response does not state the account".to_owned();
                let is_one = |id: &String| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
                answer
                    .account
                    .filter(is_one)
                    .ok_or_else(|| AwsError::new(None, Trouble::Answer, lacks()))
            });
            let answer = self.run.call(None, &line.tally, call).await;
            line.pages = usize::from(answer.is_ok());
            line.write("", answer.as_ref().map(|_| ()).map_err(|error| error.message.as_str()));
            match answer {
                Ok(account) => {
                    self.run.activity().account(&account);
                    Ok(Some(account))
                }
                Err(error) => match error.trouble {
                    // Whether it is the time or the attempts that end first is chance.
                    Trouble::Throttled
                    | Trouble::Time
                    | Trouble::Connection
                    | Trouble::Service
                    | Trouble::Answer => {
                        Err(Withheld { operation: IDENTITY.to_owned(), ..error.withheld() })
                    }
                    // Where STS is not to be had, such as behind an endpoint of one's own, the ENIs tell
                    // the account.
                    Trouble::Refused
                    | Trouble::NotFound
                    | Trouble::NoRegion
                    | Trouble::Setting
                    | Trouble::Credentials
                    | Trouble::Other => Ok(None),
                },
            }
        };
        match self.caller.get_or_init(ask).await.clone() {
            Ok(account) => (account, None),
            Err(withheld) => (None, Some(withheld)),
        }
    }
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

    /// Credentials and settings, read once for all regions they are used in. Nothing is called yet but
    /// what the credentials need. A role is assumed in `first_region` where no region is set.
    ///
    /// # Errors
    /// When the profile that was named is in none of the shared files.
    pub(super) async fn session(
        &self,
        first_region: Option<&str>,
        run: &Arc<AwsRun>,
    ) -> Result<Session, AwsError> {
        let tally = Tally::default();
        let ready = Box::pin(self.configured(first_region, run));
        let mut config = run.call(None, &tally, ready).await?;
        if let Some(region) = config.region() {
            check_region(region.as_ref())?;
        }
        if let Some(role) = &self.role {
            let Some(region) = config.region().map(ToString::to_string) else {
                return Err(AwsError::new(None, Trouble::NoRegion, "no region is set".to_owned()));
            };
            let mut line = CallLog::new("AssumeRole", &region);
            let session =
                run.call(None, &line.tally, Box::pin(role::assume(&config, role, run))).await;
            line.pages = usize::from(session.is_ok());
            line.write("", session.as_ref().map(|_| ()).map_err(|error| error.message.as_str()));
            let session = session.map_err(|error| {
                // Any other error of the call names it by itself.
                let is_late = error.trouble == Trouble::Time;
                let message = format!("AssumeRole: {}", error.message);
                if is_late { AwsError { message, ..error } } else { error }
            })?;
            config = config.into_builder().credentials_provider(session).build();
        }
        // A role's ARN names its account.
        let caller = match self.account() {
            Some(account) => OnceCell::new_with(Some(Ok(Some(account)))),
            None => OnceCell::new(),
        };
        Ok(Session { config, caller: Arc::new(caller), run: Arc::clone(run) })
    }

    async fn configured(
        &self,
        first_region: Option<&str>,
        run: &AwsRun,
    ) -> Result<SdkConfig, AwsError> {
        let named = self.profile.clone().or_else(settings::profile_of_environment);
        let settings = run.settings(named.is_some()).await?;
        match &named {
            Some(profile) => settings.check_profile(profile).await?,
            None => settings.check_default().await?,
        }
        let config = self.config(settings, run.share()).await;
        let config = match config.credentials_provider() {
            Some(given) => {
                let checked = SharedCredentialsProvider::new(Checked(given));
                config.into_builder().credentials_provider(checked).build()
            }
            None => config,
        };
        Ok(match first_region {
            Some(region) if config.region().is_none() => {
                config.into_builder().region(Region::new(region.to_owned())).build()
            }
            _ => config,
        })
    }

    /// `within` is how long a call may take: all waits between its attempts fit in there, and so do two
    /// attempts that are never answered.
    async fn config(&self, settings: &AwsSettings, within: Duration) -> SdkConfig {
        let longest = within / ATTEMPTS;
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(FIRST_WAIT.min(longest))
            .with_max_backoff(longest);
        let limits = TimeoutConfig::builder()
            .connect_timeout(CONNECT_WITHIN.min(within / 2))
            .read_timeout(ANSWER_WITHIN.min(within / 2))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(retries)
            .timeout_config(limits)
            .profile_files(settings.files.clone());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &self.profile {
            // The SDK's own chain takes keys of the environment before any profile. The AWS CLI takes
            // the profile that was named, and where that holds none, those of the container or the
            // instance; so does this.
            let region = ProfileFileRegionProvider::builder()
                .profile_files(settings.files.clone())
                .profile_name(profile)
                .build();
            let chain = RegionProviderChain::first_try(self.region.clone().map(Region::new))
                .or_else(EnvironmentVariableRegionProvider::new())
                .or_else(region);
            let found = ProviderConfig::default().with_region(chain.region().await);
            let own = ProfileFileCredentialsProvider::builder()
                .profile_files(settings.files.clone())
                .profile_name(profile)
                .configure(&found)
                .build();
            let container = EcsCredentialsProvider::builder().configure(&found).build();
            let mut credentials = CredentialsProviderChain::first_try("Profile", own)
                .or_else("EcsContainer", container);
            // It reads the configuration once more.
            if settings.is_lasting {
                let instance = ImdsCredentialsProvider::builder().configure(&found).build();
                credentials = credentials.or_else("Ec2InstanceMetadata", instance);
            }
            loader = loader.profile_name(profile).credentials_provider(credentials);
        }
        loader.load().await
    }
}

/// A region's name becomes part of the names of its hosts.
fn check_region(name: &str) -> Result<(), AwsError> {
    const HINT: &str = "a region looks like eu-central-1: check AWS_REGION, AWS_DEFAULT_REGION and \
                        `region` in ~/.aws/config, or pass --region";
    match name {
        "" => Err(AwsError::setting("the configured region is empty".to_owned(), HINT)),
        _ if is_region(name) => Ok(()),
        _ => Err(AwsError::setting(format!("`{name}` is not the name of a region"), HINT)),
    }
}

/// One set of credentials with its settings, for any region.
#[derive(Debug, Clone)]
pub(super) struct Session {
    config: SdkConfig,
    /// Whose they are, once somebody has asked.
    caller: Arc<OnceCell<Caller>>,
    run: Arc<AwsRun>,
}

impl Session {
    /// The region that is configured.
    pub(super) fn region(&self) -> Option<String> {
        self.config.region().map(ToString::to_string)
    }

    /// The endpoints that are not AWS's own: that of all services, and of those that have their own, behind
    /// the service's name.
    pub(super) fn endpoints(&self) -> Vec<String> {
        let own = |service: &str| {
            let key = ServiceConfigKey::builder()
                .service_id(service)
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .build()
                .ok()?;
            let url = self.config.service_config()?.load_config(key)?;
            Some((url, service.to_owned()))
        };
        let all = self.config.endpoint_url();
        // Asked for a service, the configuration gives the one of all as well.
        let own = |service: &str| own(service).filter(|(url, _)| Some(url.as_str()) != all);
        let own = |service: &str| own(service).map(|(url, service)| format!("{url} for {service}"));
        all.map(ToOwned::to_owned)
            .into_iter()
            .chain(["EC2", "EKS", "STS"].into_iter().filter_map(own))
            .collect()
    }

    /// The credentials, as calls get them.
    ///
    /// # Errors
    /// When there are none.
    pub(super) async fn credentials(&self, run: &AwsRun) -> Result<Credentials, AwsError> {
        let given = Box::pin(async {
            let none = || "no AWS credentials are configured".to_owned();
            let provider = self.config.credentials_provider();
            let provider =
                provider.ok_or_else(|| AwsError::new(None, Trouble::Credentials, none()))?;
            provider.provide_credentials().await.map_err(|error| {
                AwsError::new(None, Trouble::Credentials, no_credentials(&shortened(&error)))
            })
        });
        run.call(None, &Tally::default(), given).await
    }

    /// The clients of a region, or of the one that is configured. They share the credentials, which
    /// are got once.
    pub(super) fn clients(&self, region: Option<&str>) -> Result<Clients, AwsError> {
        let configured = self.config.region().map(ToString::to_string);
        let Some(region) = region.map(ToOwned::to_owned).or(configured) else {
            return Err(AwsError::new(None, Trouble::NoRegion, "no region is set".to_owned()));
        };
        let (give_up, watch) = (GiveUp::default(), Watch(Arc::clone(&self.run)));
        let ec2 = aws_sdk_ec2::config::Builder::from(&self.config)
            .region(Region::new(region.clone()))
            .interceptor(WholeBody)
            .interceptor(watch.clone())
            .retry_classifier(AskAgain)
            .retry_classifier(watch.clone())
            .retry_classifier(give_up.clone());
        let eks = aws_sdk_eks::config::Builder::from(&self.config)
            .region(Region::new(region.clone()))
            .interceptor(WholeBody)
            .interceptor(watch.clone())
            .retry_classifier(AskAgain)
            .retry_classifier(watch.clone())
            .retry_classifier(give_up.clone());
        let sts = aws_sdk_sts::config::Builder::from(&self.config)
            .region(Region::new(region.clone()))
            .interceptor(WholeBody)
            .interceptor(watch.clone())
            .retry_classifier(AskAgain)
            .retry_classifier(watch)
            .retry_classifier(give_up);
        Ok(Clients {
            ec2: aws_sdk_ec2::Client::from_conf(ec2.build()),
            eks: aws_sdk_eks::Client::from_conf(eks.build()),
            region,
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            caller: Arc::clone(&self.caller),
            run: Arc::clone(&self.run),
        })
    }
}
