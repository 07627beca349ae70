//! The files that access to AWS is configured with: read once for a run, within a bound, and away from
//! what waits for AWS.
//!
//! The SDK reads them where it runs (seen with aws-types 1.7), again and again and to their end: a pipe
//! that nobody writes to would hold up the run beyond its time, and one that somebody writes to has nothing
//! more to say the second time.

use std::{
    env,
    fs::{self, File},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use aws_config::profile::{self, Profile, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use super::{
    error::{AwsError, Trouble, shortened},
    tally::Tally,
};

/// Most bytes of a file, beyond any that holds settings.
const MOST: u64 = 16 << 20;
/// What a profile names a token file with.
const TOKEN_KEY: &str = "web_identity_token_file";
/// The same in the environment, and other files that the SDK reads whole and again.
const READ_AGAIN: [&str; 3] =
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "SSL_CERT_FILE"];

#[expect(deprecated, reason = "the type is of a crate that is not used otherwise")]
type Files = profile::profile_file::ProfileFiles;
#[expect(deprecated, reason = "the type is of a crate that is not used otherwise")]
type Kind = profile::profile_file::ProfileFileKind;

/// What the files say.
#[derive(Debug)]
pub(super) struct AwsSettings {
    /// Their contents, as the SDK takes them.
    pub(super) files: Files,
    /// Whether the SDK may read them once more by itself.
    pub(super) is_lasting: bool,
    profiles: ProfileSet,
}

/// A file that the environment names, or that stands in its usual place.
struct SharedFile {
    variable: &'static str,
    path: PathBuf,
}

impl SharedFile {
    /// The file of the shared configuration.
    fn shared(variable: &'static str, usual: &str) -> Option<Self> {
        let path = match set(variable) {
            Some(path) => home(path),
            None => env::home_dir()?.join(".aws").join(usual),
        };
        Some(Self { variable, path })
    }

    fn unusable(&self, why: &str) -> AwsError {
        const HINT: &str = "the variable must name a readable AWS configuration file: fix it, or \
                            unset it to use the file in ~/.aws";
        let (variable, path) = (self.variable, self.path.display());
        AwsError::setting(format!("{variable}: cannot read {path}: {why}"), HINT)
    }
}

/// Reads them. `is_named` says that a profile is asked for by name.
///
/// # Errors
/// When one is there and cannot be read or understood. Where keys are in the environment and no profile is
/// asked for, files in their usual place are not needed.
pub(super) async fn read(is_named: bool) -> Result<AwsSettings, AwsError> {
    let needed = is_named || set("AWS_ACCESS_KEY_ID").is_none();
    let (config, is_plain) =
        shared(SharedFile::shared("AWS_CONFIG_FILE", "config"), needed).await?;
    let (keys, are_plain) =
        shared(SharedFile::shared("AWS_SHARED_CREDENTIALS_FILE", "credentials"), needed).await?;
    let files = Files::builder()
        .with_contents(Kind::Config, config)
        .with_contents(Kind::Credentials, keys)
        .build();
    let profiles = profile::load(&Fs::real(), &Env::real(), &files, None).await;
    let profiles = profiles.map_err(|error| {
        let why = shortened(&error);
        let message = format!("cannot read the shared AWS configuration: {why}");
        AwsError::new(None, Trouble::Credentials, message)
    })?;
    for variable in READ_AGAIN {
        if let Some(path) = set(variable) {
            check_plain(variable, path).await?;
        }
    }
    Ok(AwsSettings { files, is_lasting: is_plain && are_plain, profiles })
}

impl AwsSettings {
    /// A profile, which has to be there: one that is not would be passed over for whatever else holds
    /// credentials, which may be another account's.
    pub(super) async fn check_profile(&self, name: &str) -> Result<(), AwsError> {
        let Some(found) = self.profiles.get_profile(name) else {
            let message = format!("no profile `{name}` in the shared AWS configuration");
            return Err(AwsError::new(None, Trouble::Credentials, message));
        };
        self.check_tokens(found).await
    }

    /// The profile that holds where none is named, if there is one.
    pub(super) async fn check_default(&self) -> Result<(), AwsError> {
        match self.profiles.get_profile("default") {
            Some(found) => self.check_tokens(found).await,
            None => Ok(()),
        }
    }

    /// The token files of a profile and of those that it builds on.
    async fn check_tokens(&self, first: &Profile) -> Result<(), AwsError> {
        let (mut next, mut seen) = (Some(first), Vec::new());
        while let Some(profile) = next.filter(|profile| !seen.contains(&profile.name())) {
            if let Some(path) = profile.get(TOKEN_KEY) {
                check_plain(TOKEN_KEY, path.into()).await?;
            }
            seen.push(profile.name());
            next = profile.get("source_profile").and_then(|name| self.profiles.get_profile(name));
        }
        Ok(())
    }
}

/// The profile that the environment names.
pub(super) fn profile_of_environment() -> Option<String> {
    env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty())
}

/// A path that the environment names.
fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// `~/` is the home directory, as in the AWS CLI.
fn home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path,
    }
}

/// The text of a shared file, none if it is not there, and whether it can be read again.
async fn shared(named: Option<SharedFile>, needed: bool) -> Result<(String, bool), AwsError> {
    let Some(named) = named else { return Ok((String::new(), true)) };
    let path = named.path.clone();
    let read = aside(format!("{} of {}", path.display(), named.variable), move || bounded(&path));
    match read.await? {
        Ok((bytes, is_plain)) => match String::from_utf8(bytes) {
            Ok(text) => Ok((text.trim_start_matches('\u{feff}').to_owned(), is_plain)),
            Err(_) => Err(named.unusable("the file is not UTF-8")),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((String::new(), true)),
        Err(error) if !needed && set(named.variable).is_none() => {
            tracing::info!("{} is skipped: {error}", named.path.display());
            Ok((String::new(), true))
        }
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            Err(named.unusable(&format!("the file is larger than {} MiB", MOST >> 20)))
        }
        Err(error) => Err(named.unusable(&error.to_string())),
    }
}

/// Reads no more of a file than settings can be.
fn bounded(path: &Path) -> std::io::Result<(Vec<u8>, bool)> {
    let file = File::open(path)?;
    let is_plain = file.metadata()?.is_file();
    let mut bytes = Vec::new();
    let length = file.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(length).is_ok_and(|length| length > MOST) {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok((bytes, is_plain))
}

/// A file that the SDK reads by itself has to be one of which it finds the end. Whether it is there is for
/// the SDK to say.
async fn check_plain(what: &str, path: PathBuf) -> Result<(), AwsError> {
    const HINT: &str = "use a file or a link to a file: pipes and devices cannot be read twice";
    let shown = path.display().to_string();
    let there = aside(format!("{shown} of {what}"), move || fs::metadata(path)).await?;
    let why = match there {
        Ok(there) if !there.is_file() => "not a regular file".to_owned(),
        Ok(there) if there.len() > MOST => format!("the file is larger than {} MiB", MOST >> 20),
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => error.to_string(),
    };
    Err(AwsError::setting(format!("{what}: cannot read {shown}: {why}"), HINT))
}

/// Does on a thread of its own what may not come back, and is left behind then.
async fn aside<T: Send + 'static>(
    what: String,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AwsError> {
    Tally::reads(Some(what));
    let read = tokio::task::spawn_blocking(read).await;
    Tally::reads(None);
    read.map_err(|error| AwsError::new(None, Trouble::Other, error.to_string()))
}
