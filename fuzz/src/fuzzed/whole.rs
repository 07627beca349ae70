//! Whether live answers are whole: the checks of the module `aws`, without the SDK behind them.

use self::not_whole::NotWhole;

#[path = "../../../src/aws/json_answer.rs"]
mod json_answer;
#[path = "../../../src/aws/xml_answer.rs"]
mod xml_answer;

/// What the checks refuse with.
mod not_whole {
    use std::fmt;

    /// Why an answer is not taken.
    #[derive(Debug)]
    pub(super) struct NotWhole(String);

    impl NotWhole {
        pub(super) fn again(message: String) -> Self {
            Self(message)
        }

        pub(super) fn of_another(what: &str) -> Self {
            Self(format!("not a response of AWS: it contains {what}"))
        }
    }

    impl fmt::Display for NotWhole {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0)
        }
    }
}

/// The longest text that is cut at every place.
const LONGEST: usize = 1_000;

/// An answer of EC2.
pub(super) fn xml(data: &[u8]) {
    let check = |text: &str| xml_answer::check(text, "DescribeSubnetsResponse", Some("subnetSet"));
    is_whole_alone(data, &check);
}

/// An answer of EKS.
pub(super) fn json(data: &[u8]) {
    let path = ["nodegroup", "subnets"];
    let check = |text: &str| json_answer::check(text, &path);
    let Some(text) = is_whole_alone(data, &check) else { return };
    let value: serde_json::Value = serde_json::from_str(text).expect("what is taken is JSON");
    let list = value["nodegroup"]["subnets"].as_array().expect("what is taken has its list");
    assert!(list.iter().all(serde_json::Value::is_string), "{text}");
}

/// What is taken is not taken when it is cut off anywhere, or stands there twice.
fn is_whole_alone<'a>(
    data: &'a [u8],
    check: &dyn Fn(&str) -> Result<(), NotWhole>,
) -> Option<&'a str> {
    let text = str::from_utf8(data).ok()?;
    check(text).ok()?;
    assert!(check(&format!("{text}{text}")).is_err(), "twice: {text}");
    let cuts = text.char_indices().map(|(at, _)| at).filter(|_| text.len() <= LONGEST);
    for (part, rest) in cuts.filter_map(|cut| text.split_at_checked(cut)) {
        // Behind its end there may be white space, and comments.
        let rest = rest.trim_start();
        let is_end = rest.is_empty() || rest.starts_with("<!--") || rest.starts_with("<?");
        assert!(is_end || check(part).is_err(), "cut to {part:?}: {text}");
    }
    Some(text)
}
