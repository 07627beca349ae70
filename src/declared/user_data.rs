//! User data of instances: a NodeConfig alone, or parts of MIME with NodeConfigs among them, also in base64.

use mail_parser::{
    MessageParser, MessagePart, MimeHeaders, PartType, decoders::base64::base64_decode,
};

use super::{
    node_config::NodeConfig,
    place::{DeclaredError, Place, Source},
};

/// What nodeadm takes for its own (amazon-eks-ami `nodeadm/internal/configprovider`).
const NODEADM: &str = "application/node.eks.aws";

/// Whether a text is parts of MIME.
pub(super) fn is_mime(text: &str) -> bool {
    let headers = text.trim_start().split("\n\n").next().unwrap_or_default().to_ascii_lowercase();
    let named = |header: &str| headers.lines().any(|line| line.starts_with(header));
    named("mime-version:") || (named("content-type:") && headers.contains("multipart/"))
}

/// What a text in base64 says; `None` where it is none.
pub(super) fn decoded(text: &str) -> Option<String> {
    String::from_utf8(bytes_of(text)?).ok().filter(|text| !text.contains('\0'))
}

/// The bytes of a text in base64; `None` where it is none.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n ".contains(&byte);
    let trimmed = text.trim();
    if trimmed.len() < 16 || !trimmed.bytes().all(is_base64) {
        return None;
    }
    base64_decode(trimmed.as_bytes())
}

/// NodeConfigs of `userData` in a manifest. A script or TOML has none, and is not ours to judge.
pub(super) fn of_key(place: &Place<'_>) -> Result<Vec<NodeConfig>, DeclaredError> {
    let text = place.scalar()?;
    // A block of text has the lines of its file; one in quotes need not.
    let first = place.node.offset.and_then(|at| place.source.text.as_bytes().get(at));
    let is_block = !matches!(first, None | Some(b'"' | b'\''));
    let source = place.source.inside(&text, place.node.line, is_block);
    if is_mime(&text) {
        return of_mime(&source).map(|(configs, _)| configs);
    }
    if text.contains("node.eks.aws/") && !text.trim_start().starts_with("#!") {
        return NodeConfig::read_all(&source);
    }
    Ok(Vec::new())
}

/// NodeConfigs of parts of MIME, and of what kinds the other parts are.
pub(super) fn of_mime(
    source: &Source<'_>,
) -> Result<(Vec<NodeConfig>, Vec<String>), DeclaredError> {
    let body = source.text.trim_start();
    let start = source.text.len() - body.len();
    let Some(message) = MessageParser::default().parse(body) else {
        return Err(source.error(None, "the user data is not parts of MIME".to_owned()));
    };
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for part in &message.parts {
        let Some(kind) = kind_of(part).filter(|kind| !kind.starts_with("multipart/")) else {
            continue;
        };
        if !kind.eq_ignore_ascii_case(NODEADM) {
            others.push(kind);
            continue;
        }
        let Some(inner) = text_of(part) else { continue };
        let offset = start.saturating_add(usize::try_from(part.offset_body).unwrap_or(0));
        let before = source.text.get(..offset).unwrap_or_default();
        let line = u64::try_from(before.matches('\n').count()).unwrap_or(0) + 1;
        let is_plain = part.encoding == mail_parser::Encoding::None;
        found.extend(NodeConfig::read_all(&source.inside(&inner, line, is_plain))?);
    }
    Ok((found, others))
}

/// The type of a part, such as `text/x-shellscript`.
fn kind_of(part: &MessagePart<'_>) -> Option<String> {
    let kind = part.content_type()?;
    Some(match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    })
}

fn text_of(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.to_string()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        PartType::Message(_) | PartType::Multipart(_) => None,
    }
}
