//! Taking in a file's text, document by document.

use std::{io::Read, mem};

use super::{
    assemble::{Answers, Recognised},
    document::{DocumentPages, finish, read_object},
    row::Keys,
    value::IfObject,
};
use crate::{
    inventory::feed::{Feed, ReadError},
    yaml,
};

/// Lists in lists that are looked into: `Reservations[].Instances` is one.
const DEEPEST: u32 = 2;

impl Answers {
    /// Takes in a file's text: one JSON document or several in a row (pages appended to one file). It
    /// is read in pieces, so that a file may be larger than memory. The name tells what the text does
    /// not.
    ///
    /// # Errors
    /// When it is not JSON, or an answer holds a value that the audit needs and that cannot be
    /// read; the message holds line and column. When the source fails.
    pub fn read(
        &mut self,
        file_name: &str,
        source: impl Read + Send,
    ) -> Result<Recognised, ReadError> {
        let before = self.reservation_pages.len();
        let mut feed = Feed::new(source);
        let mut recognised = read_document(&mut feed, self)?;
        while feed.peek()?.is_some() {
            let next = read_document(&mut feed, self)?;
            if next == Recognised::Known {
                recognised = next;
            }
        }
        Ok(self.settle(file_name, recognised, before))
    }

    /// Takes in a file's text of YAML, with all its documents.
    ///
    /// # Errors
    /// When it is not YAML, or an answer holds a value that cannot be read.
    pub fn read_yaml(&mut self, file_name: &str, text: &str) -> Result<Recognised, ReadError> {
        let before = self.reservation_pages.len();
        let documents =
            yaml::documents(text).map_err(|error| ReadError::Yaml(error.to_string()))?;
        let mut recognised = Recognised::Absent;
        for (at, document) in documents.iter().enumerate() {
            let text = document.to_string();
            let next = read_document(&mut Feed::new(text.as_bytes()), self).map_err(|error| {
                let what = match &error {
                    // The place is one of the JSON that the document was turned into.
                    ReadError::Malformed { message, .. } => message.clone(),
                    ReadError::Yaml(_) | ReadError::Source(_) => error.to_string(),
                };
                ReadError::Yaml(format!("document {}: {what}", at + 1))
            })?;
            if recognised != Recognised::Known {
                recognised = next;
            }
        }
        Ok(self.settle(file_name, recognised, before))
    }
}

/// Reads a document into the answers so far.
fn read_document<S: Read + Send>(
    feed: &mut Feed<S>,
    answers: &mut Answers,
) -> Result<Recognised, ReadError> {
    match feed.peek()? {
        Some(b'{') => read_object(feed, answers),
        Some(b'[') => read_list(feed, answers),
        Some(b'n') => feed.value::<()>().map(|()| Recognised::Absent),
        Some(_) => feed.pass().map(|()| Recognised::Unknown),
        None => Ok(Recognised::Absent),
    }
}

/// Reads a bare list. One without rows says nothing of its kind.
fn read_list<S: Read + Send>(
    feed: &mut Feed<S>,
    answers: &mut Answers,
) -> Result<Recognised, ReadError> {
    let mut seen = DocumentPages::default();
    let rows = read_rows(feed, answers, &mut seen, 1)?;
    let found = finish(answers, seen).map_err(|message| feed.refused(&message))?;
    let unknown = rows && found == Recognised::Empty;
    Ok(if unknown { Recognised::Unknown } else { found })
}

/// Whether there was any row is told.
fn read_rows<S: Read + Send>(
    feed: &mut Feed<S>,
    answers: &mut Answers,
    seen: &mut DocumentPages,
    depth: u32,
) -> Result<bool, ReadError> {
    feed.took(b'[')?;
    let mut first = true;
    let mut rows = false;
    while feed.element(mem::take(&mut first))? {
        match feed.peek()? {
            Some(b'[') if depth < DEEPEST => {
                rows |= read_rows(feed, answers, seen, depth + 1)?;
                continue;
            }
            Some(b'{') => {
                let IfObject(keys) = feed.look::<IfObject<Keys>>()?;
                if let Some(row) = keys.and_then(|keys| keys.row()) {
                    seen.read_row(row, feed, answers)?;
                } else {
                    feed.pass()?;
                    seen.partial();
                }
            }
            _ => feed.pass()?,
        }
        rows = true;
    }
    Ok(rows)
}
