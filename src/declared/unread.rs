//! User data that is not read, and objects without a kind: what they are, in plain words.

use super::{place::DeclaredError, place::Source, user_data};

const JUDGE: &str = "eksnet reads EC2NodeClasses, NodePools and NodeConfigs: judge the number that it sets with \
                     `--expression NUMBER --dialect nodeadm`";
/// How a compressed text begins (RFC 1952).
const GZIP: &[u8] = b"\x1f\x8b";

/// Refuses a text that is user data of another kind.
pub(super) fn refuse(source: &Source<'_>) -> Result<(), DeclaredError> {
    let first = source.text.lines().map(str::trim);
    let mut first = first.filter(|line| !line.is_empty());
    let is_comment = |line: &str| line.starts_with('#') && !line.starts_with("#!");
    let what = match first.next() {
        Some(line) if line.starts_with("#!") => {
            "is a shell script: the number of pods that a script sets is not read"
        }
        Some(line) if line.starts_with("#cloud-config") => {
            "is cloud-config: the number of pods that its commands set is not read"
        }
        Some(line) => {
            let line =
                if is_comment(line) { first.find(|line| !is_comment(line)) } else { Some(line) };
            let is_toml =
                |line: &str| line.starts_with("[settings") || line.starts_with("settings.");
            if !line.is_some_and(is_toml) {
                return Ok(());
            }
            "is TOML for Bottlerocket: the number of pods that it sets is not read"
        }
        None => return Ok(()),
    };
    Err(source.error(None, what.to_owned()).hinted(JUDGE))
}

/// Refuses a text in base64 that is compressed.
pub(super) fn refuse_packed(source: &Source<'_>) -> Result<(), DeclaredError> {
    let is_packed = user_data::bytes_of(source.text).is_some_and(|bytes| bytes.starts_with(GZIP));
    if !is_packed {
        return Ok(());
    }
    let what =
        "is base64 of a compressed text (gzip), as cloudinit_config of Terraform writes by default";
    let hint = "unpack it with `base64 -d FILE | gunzip`, and pass that";
    Err(source.error(None, what.to_owned()).hinted(hint))
}
