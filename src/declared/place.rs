//! A value with where it is, so that whoever reads it can say what is wrong with it and where.

use super::tree::{Node, Tree};
use crate::{nearest::slip, yaml};

const SPLIT: &str = "split the file, or pass the one object alone";

/// What is wrong in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", self.place())]
pub struct DeclaredError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1; `None` where the file as a whole is meant, or what is in it in another encoding.
    pub line: Option<u64>,
    /// What is wrong, with the value.
    pub message: String,
    /// What to do about it, where that is more than to correct the line.
    pub hint: Option<String>,
}

impl DeclaredError {
    /// The same with what to do about it, where nothing better was said before.
    pub(super) fn hinted(self, hint: impl Into<String>) -> Self {
        Self { hint: self.hint.or_else(|| Some(hint.into())), ..self }
    }

    /// `FILE:LINE`, or the file alone.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }
}

/// A text that is read, and where it begins in its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// Lines of the file before the text's first; `None` for a text that stands there encoded, in a line.
    pub(super) before: Option<u64>,
    /// The line of the file that the text is in, where lines cannot be counted on.
    pub(super) within: Option<u64>,
}

impl<'a> Source<'a> {
    /// Where no lines are.
    pub(super) const NOWHERE: Source<'static> =
        Source { file: "", text: "", before: None, within: None };

    pub(super) fn of(file: &'a str, text: &'a str) -> Self {
        Self { file, text, before: Some(0), within: None }
    }

    /// What is inside a value of it, whose lines cannot be counted on unless they are as written.
    pub(super) fn inside<'b>(&self, text: &'b str, line: u64, is_as_written: bool) -> Source<'b>
    where
        'a: 'b,
    {
        let before = self.before.filter(|_| is_as_written);
        let before = before.map(|before| before.saturating_add(line).saturating_sub(1));
        Source { file: self.file, text, before, within: self.line(line) }
    }

    /// The documents of the text.
    pub(super) fn documents(&self) -> Result<Vec<Node>, DeclaredError> {
        yaml::documents_as(self.text).map_err(|error| {
            let told = self.error(error.line, error.message);
            if error.is_limit { told.hinted(SPLIT) } else { told }
        })
    }

    /// The line of the file that a line of the text is.
    pub(super) fn line(&self, line: u64) -> Option<u64> {
        self.before.map(|before| before.saturating_add(line)).or(self.within)
    }

    pub(super) fn error(&self, line: Option<u64>, message: String) -> DeclaredError {
        let line = line.map_or(self.within, |line| self.line(line));
        DeclaredError { file: self.file.to_owned(), line, message, hint: None }
    }
}

/// A value in a text.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) node: &'a Node,
    /// Its keys from the top, as `spec.kubelet.maxPods`.
    path: String,
}

type Read<T> = Result<T, DeclaredError>;

impl<'a> Place<'a> {
    pub(super) fn top(source: &'a Source<'a>, node: &'a Node) -> Self {
        Self { source, node, path: String::new() }
    }

    pub(super) fn line(&self) -> Option<u64> {
        self.source.line(self.node.line)
    }

    /// An error about the value here.
    pub(super) fn error(&self, message: &str) -> DeclaredError {
        let path = &self.path;
        let message =
            if path.is_empty() { message.to_owned() } else { format!("{path}: {message}") };
        self.source.error(Some(self.node.line), message)
    }

    fn is_not(&self, wanted: &str) -> DeclaredError {
        self.error(&format!("{} is not {wanted}", self.as_written()))
    }

    /// The value as it is named in an error: a number as it stands in the text, which may write it another way.
    pub(super) fn as_written(&self) -> String {
        let token = || {
            let rest = self.source.text.get(self.node.offset?..)?;
            let end = |c: char| c.is_whitespace() || ",]}".contains(c);
            rest.split(end).next().filter(|token| !token.is_empty())
        };
        match (&self.node.value, token()) {
            (Tree::Whole(_) | Tree::Number(_) | Tree::Truth(_), Some(token)) => {
                format!("`{token}`")
            }
            (value, _) => value.to_string(),
        }
    }

    fn below(&self, key: &str, node: &'a Node) -> Self {
        let path =
            if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Self { source: self.source, node, path }
    }

    /// The value of a key; `None` where it is absent or null.
    pub(super) fn key(&self, key: &str) -> Read<Option<Self>> {
        let entries = self.entries()?;
        let found = entries.into_iter().find(|(name, _)| *name == key).map(|(_, place)| place);
        Ok(found.filter(|place| place.node.value != Tree::Null))
    }

    /// The same of keys below one another.
    pub(super) fn keys(&self, keys: &[&str]) -> Read<Option<Self>> {
        let mut at = self.clone();
        for key in keys {
            let Some(next) = at.key(key)? else { return Ok(None) };
            at = next;
        }
        Ok(Some(at))
    }

    /// The keys of a set, in their order.
    pub(super) fn entries(&self) -> Read<Vec<(&'a str, Self)>> {
        match &self.node.value {
            Tree::Map(entries) => Ok(entries
                .iter()
                .map(|(key, node)| (key.as_str(), self.below(key, node)))
                .collect()),
            Tree::Null
            | Tree::Truth(_)
            | Tree::Whole(_)
            | Tree::Number(_)
            | Tree::Text(_)
            | Tree::List(_) => Err(self.is_not("a set of keys")),
        }
    }

    /// The values of a list.
    pub(super) fn items(&self) -> Read<Vec<Self>> {
        let item = |(at, node): (usize, &'a Node)| Self {
            source: self.source,
            node,
            path: format!("{}[{at}]", self.path),
        };
        match &self.node.value {
            Tree::List(nodes) => Ok(nodes.iter().enumerate().map(item).collect()),
            Tree::Null
            | Tree::Truth(_)
            | Tree::Whole(_)
            | Tree::Number(_)
            | Tree::Text(_)
            | Tree::Map(_) => Err(self.is_not("a list")),
        }
    }

    /// The values of a list under a key; none where it is absent.
    pub(super) fn list(&self, key: &str) -> Read<Vec<Self>> {
        self.key(key)?.map_or(Ok(Vec::new()), |place| place.items())
    }

    /// A scalar as text: a number or a truth is one too, as in annotations that forgot their quotes.
    pub(super) fn scalar(&self) -> Read<String> {
        match &self.node.value {
            Tree::Text(value) => Ok(value.clone()),
            Tree::Truth(value) => Ok(value.to_string()),
            Tree::Whole(value) => Ok(value.to_string()),
            Tree::Number(value) => Ok(value.to_string()),
            Tree::Null | Tree::List(_) | Tree::Map(_) => Err(self.is_not("a single value")),
        }
    }

    /// A text, with the key that it is under.
    pub(super) fn text(&self, key: &str) -> Read<Option<String>> {
        self.key(key)?.map(|place| place.scalar()).transpose()
    }

    /// A whole number from 0.
    pub(super) fn whole(&self) -> Read<u32> {
        let number = match &self.node.value {
            Tree::Whole(value) => u32::try_from(*value).ok(),
            Tree::Text(text) if text.parse::<u32>().is_ok() => {
                let message = format!("\"{text}\" is text, not a whole number");
                return Err(self.error(&message).hinted("write the number without quotes"));
            }
            Tree::Null
            | Tree::Truth(_)
            | Tree::Number(_)
            | Tree::Text(_)
            | Tree::List(_)
            | Tree::Map(_) => None,
        };
        number.ok_or_else(|| self.is_not("a whole number from 0"))
    }

    /// The same, with the key that it is under.
    pub(super) fn count(&self, key: &str) -> Read<Option<u32>> {
        self.key(key)?.map(|place| place.whole()).transpose()
    }

    /// A set of texts under a key; none where it is absent.
    pub(super) fn texts<C: FromIterator<(String, String)>>(&self, key: &str) -> Read<C> {
        let entries = self.key(key)?.map_or(Ok(Vec::new()), |place| place.entries())?;
        let pair = |(key, place): (&str, Self)| Ok((key.to_owned(), place.scalar()?));
        entries.into_iter().map(pair).collect()
    }

    /// Refuses a key that is one of ours but for a slip of the hand: what it says would count for nothing.
    pub(super) fn no_slips(&self, known: &[&str]) -> Read<()> {
        for (key, place) in self.entries()? {
            if let Some(meant) = slip(key, known.iter().copied()) {
                let message = format!("unknown key: did you mean `{meant}`?");
                return Err(place.error(&message));
            }
        }
        Ok(())
    }
}
