//! A guard against answers that were cut off.
//!
//! The SDK reads XML as far as it goes: a body that ends in the middle of a list is taken as a
//! shorter list, without an error (seen with aws-sdk-ec2 1.274). For a tool that counts addresses
//! that would be a wrong number, so an answer has to end with the closing tag of its root.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::AfterDeserializationInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Refuses EC2 answers that do not end with the closing tag of their root.
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
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        match response.body().bytes() {
            Some(body) if response.status().is_success() && !is_whole(body) => {
                Err("the answer was cut off: its XML does not end".into())
            }
            _ => Ok(()),
        }
    }
}

/// Whether XML ends with the closing tag of its root element.
fn is_whole(xml: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(xml) else { return false };
    let mut root = text.trim();
    while let Some(rest) = root.strip_prefix("<?").or_else(|| root.strip_prefix("<!")) {
        match rest.split_once('>') {
            Some((_, rest)) => root = rest.trim_start(),
            None => return false,
        }
    }
    let Some(open) = root.strip_prefix('<') else { return false };
    let name_end = open.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'));
    let Some(name) = name_end.and_then(|end| open.get(..end)).filter(|name| !name.is_empty())
    else {
        return false;
    };
    let closed = root.strip_suffix('>').map(str::trim_end).and_then(|text| text.strip_suffix(name));
    closed.is_some_and(|text| text.ends_with("</"))
        || (root.ends_with("/>") && root.matches('<').count() == 1)
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn an_answer_ends_with_its_root() {
        for whole in [
            "<A><b/></A>",
            "<?xml version=\"1.0\"?>\n<A x=\"y\">\n</A>\n",
            "<A/>",
            "<?xml version=\"1.0\"?><!-- c --><A>x</A >",
        ] {
            assert!(is_whole(whole.as_bytes()), "{whole}");
        }
        for cut in ["", "<A", "<A>", "<A><b></b>", "<A><b/>", "text", "<?xml", "<A></B>", "<A></A"]
        {
            assert!(!is_whole(cut.as_bytes()), "{cut}");
        }
    }
}
