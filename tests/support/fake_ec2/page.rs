//! Paging: how much of a list a call gets, and the token for the rest.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;

use super::Call;
use super::fault::Fault;

/// How an operation is paged.
pub(super) struct Paging {
    /// The parameter for the size of a page.
    pub(super) size: &'static str,
    /// The parameter for the token.
    pub(super) token: &'static str,
    /// The sizes that may be asked for.
    pub(super) sizes: RangeInclusive<usize>,
    /// The size of a page if none is asked for; without one, everything comes at once.
    pub(super) default: Option<usize>,
    /// The code of the fault when a parameter is out of order.
    pub(super) fault: &'static str,
}

/// The part of a list that a call asks for.
pub(super) struct Page {
    /// The position to start from.
    pub(super) start: usize,
    /// The greatest number of items.
    pub(super) size: usize,
    /// What ties the tokens to the question, so that no answer is continued with another's.
    question: u64,
}

impl Page {
    /// The page that `call` asks for, of no more than `bound` items.
    pub(super) fn asked(call: &Call, paging: &Paging, bound: Option<usize>) -> Result<Self, Fault> {
        let asked = call.parameter(paging.size).map(|text| size(text, paging)).transpose()?;
        let question = question(call, paging);
        let start = match call.parameter(paging.token) {
            None | Some("") => 0,
            Some(token) => position(token, question)
                .ok_or_else(|| Fault::bad(paging.fault, "Unable to parse the pagination token"))?,
        };
        let size = asked.or(paging.default).unwrap_or(usize::MAX);
        Ok(Self { start, size: size.min(bound.unwrap_or(usize::MAX)).max(1), question })
    }

    /// The token for a page that starts at `position`.
    pub(super) fn token(&self, position: usize) -> String {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        format!("{:016x}{:016x}", self.question, position ^ disguise(self.question))
    }
}

fn size(text: &str, paging: &Paging) -> Result<usize, Fault> {
    text.parse().ok().filter(|size| paging.sizes.contains(size)).ok_or_else(|| {
        let (least, most) = (paging.sizes.start(), paging.sizes.end());
        Fault::bad(
            paging.fault,
            format!(
                "Value ( {text} ) for parameter {} is invalid. Expecting a value between {least} \
                 and {most}.",
                paging.size
            ),
        )
    })
}

/// The position that a token stands for; none if it was not given out for this question.
fn position(token: &str, question: u64) -> Option<usize> {
    let given = u64::from_str_radix(token.get(..16)?, 16).ok()?;
    let position = u64::from_str_radix(token.get(16..)?, 16).ok()? ^ disguise(question);
    (given == question).then(|| usize::try_from(position).ok()).flatten()
}

/// A number for everything that a call asks, except for the page.
fn question(call: &Call, paging: &Paging) -> u64 {
    let mut hasher = DefaultHasher::new();
    call.action.hash(&mut hasher);
    for parameter in &call.parameters {
        if parameter.0 != paging.size && parameter.0 != paging.token {
            parameter.hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Keeps the position in a token from being readable: clients must not rely on it.
fn disguise(question: u64) -> u64 {
    question.rotate_left(29).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
