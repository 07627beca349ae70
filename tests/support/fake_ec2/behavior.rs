//! Faults as a test names them: which answers of which call go wrong, and how.

use super::Call;
use super::chance::Chance;

/// A fault of some answers of one call.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// The operation, such as `DescribeSubnets`; `*` is every one.
    pub(crate) action: &'static str,
    /// Which of its answers.
    pub(crate) when: When,
    /// What is done to them.
    pub(crate) behavior: Behavior,
}

/// Which answers of a call, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    First(usize),
    From(usize),
}

impl Planned {
    /// Whether it is the turn of the `nth` answer of an action, which is the `nth_of_all`.
    pub(super) fn is_for(&self, action: &str, nth: usize, nth_of_all: usize) -> bool {
        let (is_meant, nth) =
            if self.action == "*" { (true, nth_of_all) } else { (self.action == action, nth) };
        is_meant
            && match self.when {
                When::Always => true,
                When::First(count) => nth <= count,
                When::From(first) => nth >= first,
            }
    }
}

/// What is done to an answer.
#[derive(Clone, Debug)]
pub(crate) enum Behavior {
    /// Too many calls, in the service's own words.
    Throttled,
    /// The permission is missing, in the service's own words.
    Refused,
    /// The credentials have expired.
    Expired,
    /// An error of the service's own.
    Error(u16, &'static str),
    /// An answer with a status that is not the service's.
    Page(u16, &'static str),
    /// The connection is closed without an answer.
    Closed,
    /// The connection is reset without an answer.
    Reset,
    /// No answer, and the connection stays open.
    Silent,
    /// The answer comes in drops that have no end.
    Drip,
    /// A part of the body is sent, so many hundredths.
    Cut(usize, Framing),
    /// Bytes are missing from the body: from and how many, in thousandths of it.
    Lost(usize, usize),
    /// The body is altered.
    Edit(fn(&str) -> String),
    /// The body holds bytes that are no text.
    Garbled,
    /// The body is damaged at random.
    Damaged(u64),
    /// The listing goes on for ever.
    Endless(Tokens),
    /// The first page comes again in place of this one, with this one's token.
    FirstPageAgain,
}

/// What HTTP says of the length of a body that is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// The length of what is sent.
    Right,
    /// The length of the whole; then the connection is closed.
    OfTheWhole,
    /// Chunks without a last one.
    Chunked,
    /// Nothing: the body ends where the connection does.
    Unsaid,
}

/// The tokens of a listing without an end; each page has the rows of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tokens {
    Same,
    TwoInTurn,
    Fresh,
    /// Fresh ones, and no rows.
    FreshWithoutRows,
    /// Fresh ones, and each page has rows of its own.
    FreshWithNewRows,
}

impl Tokens {
    fn nth(self, nth: usize) -> String {
        match self {
            Self::Same => "again".to_owned(),
            Self::TwoInTurn => format!("turn-{}", nth % 2),
            Self::Fresh | Self::FreshWithoutRows | Self::FreshWithNewRows => format!("page-{nth}"),
        }
    }

    /// The body of the `nth` page, from that of the first.
    pub(super) fn page(self, first: &str, nth: usize) -> String {
        let rows = match self {
            Self::Same | Self::TwoInTurn | Self::Fresh => first.to_owned(),
            Self::FreshWithoutRows => without_rows(first),
            Self::FreshWithNewRows => with_new_rows(first, nth),
        };
        with_token(&rows, Some(&self.nth(nth)))
    }
}

/// The call without its token: the question for the first page.
pub(super) fn for_the_first_page(call: &Call) -> Call {
    let is_token = |name: &str| name.eq_ignore_ascii_case("nextToken");
    let kept = call.parameters.iter().filter(|(name, _)| !is_token(name)).cloned();
    Call::new(call.action.clone(), kept.collect())
}

/// The token that a body carries.
pub(super) fn token(body: &str) -> Option<String> {
    if body.starts_with('{') {
        let json: serde_json::Value = serde_json::from_str(body).ok()?;
        return json["nextToken"].as_str().map(str::to_owned);
    }
    let (_, rest) = body.split_once("<nextToken>")?;
    Some(rest.split_once('<')?.0.to_owned())
}

/// A body with another token, or none.
pub(super) fn with_token(body: &str, token: Option<&str>) -> String {
    if let Ok(mut json) = serde_json::from_str::<serde_json::Value>(body) {
        json["nextToken"] = token.into();
        return json.to_string();
    }
    let mut xml = body.to_owned();
    if let (Some(start), Some(end)) = (xml.find("<nextToken>"), xml.find("</nextToken>")) {
        xml.replace_range(start..end + "</nextToken>".len(), "");
    }
    if let (Some(token), Some(end)) = (token, xml.rfind("</")) {
        xml.insert_str(end, &format!("<nextToken>{token}</nextToken>"));
    }
    xml
}

/// A listing's body without its rows.
fn without_rows(body: &str) -> String {
    if let Ok(mut json) = serde_json::from_str::<serde_json::Value>(body) {
        for list in json.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
            if let Some(list) = list.as_array_mut() {
                list.clear();
            }
        }
        return json.to_string();
    }
    match (body.find("<item>"), body.rfind("</item>")) {
        (Some(start), Some(end)) => {
            format!("{}{}", &body[..start], &body[end + "</item>".len()..])
        }
        _ => body.to_owned(),
    }
}

/// A listing's body with the rows of another page: other ids and names.
fn with_new_rows(body: &str, nth: usize) -> String {
    let mut body = body.to_owned();
    for id in ["eni-0", ">i-0", "subnet-0", "vpc-0", "\"group-", "\"profile-", "instanceType>"] {
        body = body.replace(id, &format!("{id}{nth:05}"));
    }
    body
}

/// A body with the bytes from a place on missing, both in thousandths.
pub(super) fn lost(body: &str, from: usize, count: usize) -> Vec<u8> {
    let bytes = body.as_bytes();
    let at = |thousandths: usize| (bytes.len() * thousandths / 1000).min(bytes.len());
    [&bytes[..at(from)], &bytes[at(from + count)..]].concat()
}

/// A body with damage to its structure: bytes lost, a part twice, or a sign of the markup altered.
pub(super) fn damaged(body: &str, seed: u64) -> Vec<u8> {
    let chance = Chance::new(seed);
    let mut bytes = body.as_bytes().to_vec();
    let (from, count) = (chance.below(bytes.len()), 1 + chance.below(bytes.len() / 2));
    let end = (from + count).min(bytes.len());
    match chance.below(3) {
        0 => drop(bytes.drain(from..end)),
        1 => {
            let part = bytes[from..end].to_vec();
            bytes.splice(end..end, part);
        }
        _ => {
            let is_markup = |byte: &u8| b"<>/{}[]\",:".contains(byte);
            let places: Vec<usize> = (0..bytes.len()).filter(|at| is_markup(&bytes[*at])).collect();
            let place = places[chance.below(places.len())];
            bytes[place] ^= 1 << chance.below(7);
        }
    }
    bytes
}
