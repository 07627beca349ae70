//! Names of the AWS configuration, and AWS's own.

use std::{collections::BTreeSet, env, fs::File, io::Read as _, path::PathBuf};

/// Most bytes of a file that are read.
const MOST: u64 = 1 << 20;

/// The profiles of the shared configuration: names of sections and nothing else.
pub(super) fn profiles() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (variable, usual, is_config) in
        [("AWS_CONFIG_FILE", "config", true), ("AWS_SHARED_CREDENTIALS_FILE", "credentials", false)]
    {
        let named = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let usual = || Some(env::home_dir()?.join(".aws").join(usual));
        let Some(text) = named.or_else(usual).and_then(read) else { continue };
        found.extend(text.lines().filter_map(|line| section(line, is_config)));
    }
    found
}

fn read(path: PathBuf) -> Option<String> {
    let file = File::open(path).ok()?;
    // A pipe may never answer.
    file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The profile whose section a line begins.
fn section(line: &str, is_config: bool) -> Option<String> {
    let name = line.trim_start().strip_prefix('[')?.split(']').next()?.trim();
    let name = match name.strip_prefix("profile") {
        Some(rest) if is_config && rest.starts_with([' ', '\t']) => rest.trim(),
        _ if is_config && name != "default" => return None,
        _ => name,
    };
    let name = name.trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// Regions of AWS, and `all` for those that are enabled.
pub(super) fn regions() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().copied()
}

/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>, and China and GovCloud.
const REGIONS: &[&str] = &[
    "af-south-1",
    "all",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_name_profiles() {
        for (line, is_config, name) in [
            ("[default]", true, Some("default")),
            ("[profile prod]", true, Some("prod")),
            ("  [profile \"my team\"] # us", true, Some("my team")),
            ("[sso-session corp]", true, None),
            ("[services local]", true, None),
            ("[prod]", false, Some("prod")),
            ("[profile]", true, None),
            ("aws_secret_access_key = [x]", false, None),
        ] {
            assert_eq!(section(line, is_config).as_deref(), name, "{line}");
        }
    }
}
