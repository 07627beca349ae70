//! Listings, page by page: each comes to an end, whatever is answered.

use std::{
    collections::HashSet,
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
};

use super::{access::Clients, error::AwsError, tally::CallLog, tokens::Tokens};
use crate::{
    instance::DescribedType,
    inventory::{Instance, Interface, NamedEnis, Operation, Reservation, Subnet, Tags, Vpc},
};

/// What a row takes in memory beside its addresses, about.
const ROW: usize = 500;

/// What an id takes beside its letters.
const ID: usize = 32;

/// A row of a listing.
pub(super) trait ListedRow {
    /// What tells it from the others.
    fn id(&self) -> impl Hash + '_;

    /// What it takes in memory, about, in bytes.
    fn bytes(&self) -> usize {
        ROW
    }
}

/// What tags take.
fn of_tags<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> usize {
    tags.into_iter().map(|(key, value)| key.len() + value.len()).sum()
}

fn of_map(tags: &Tags) -> usize {
    of_tags(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

impl ListedRow for Vpc {
    fn id(&self) -> impl Hash + '_ {
        &self.vpc_id
    }

    fn bytes(&self) -> usize {
        ROW + of_map(&self.tags)
    }
}

impl ListedRow for Subnet {
    fn id(&self) -> impl Hash + '_ {
        &self.subnet_id
    }

    fn bytes(&self) -> usize {
        ROW + of_map(&self.tags)
    }
}

impl ListedRow for Interface {
    fn id(&self) -> impl Hash + '_ {
        &self.interface_id
    }

    fn bytes(&self) -> usize {
        let addresses = self.secondary.len() + 2 * self.prefixes.len() + 4 * self.ipv6.len();
        let text = self.description.len() + of_tags(self.tags.iter());
        ROW + 4 * addresses + 32 * self.ipv6_prefixes.len() + text
    }
}

/// An interface, with the second in which it was attached, if it is.
pub(super) struct Attached {
    pub(super) eni: Interface,
    pub(super) since: Option<i64>,
}

impl ListedRow for Attached {
    fn id(&self) -> impl Hash + '_ {
        self.eni.id()
    }

    fn bytes(&self) -> usize {
        self.eni.bytes()
    }
}

impl ListedRow for Instance {
    fn id(&self) -> impl Hash + '_ {
        &self.instance_id
    }

    fn bytes(&self) -> usize {
        let enis = self.interfaces.iter().flat_map(NamedEnis::iter);
        ROW + of_tags(self.tags.iter()) + enis.map(|(_, eni)| eni.len() + ID).sum::<usize>()
    }
}

impl ListedRow for Reservation {
    fn id(&self) -> impl Hash + '_ {
        self.cidr
    }
}

impl ListedRow for DescribedType {
    fn id(&self) -> impl Hash + '_ {
        &self.instance_type
    }
}

/// A name.
impl ListedRow for String {
    fn id(&self) -> impl Hash + '_ {
        self
    }

    fn bytes(&self) -> usize {
        self.len()
    }
}

/// Rows with the token of the next page.
pub(super) type Page<T> = (Vec<T>, Option<String>);
/// A page as it is answered.
pub(super) type Answer<T> = Result<Page<T>, AwsError>;

/// A listing that is under way.
pub(super) struct Listing<'a, T> {
    clients: &'a Clients,
    operation: Operation,
    /// What tells it from others of its kind, in the log.
    about: String,
    line: CallLog<'a>,
    tokens: Tokens,
    seen: HashSet<u64>,
    /// What was read so far.
    pub(super) rows: Vec<T>,
    /// The token of the next page; `None` before the first.
    pub(super) token: Option<String>,
}

impl<'a, T: ListedRow> Listing<'a, T> {
    pub(super) fn new(clients: &'a Clients, operation: Operation) -> Self {
        let line = CallLog::new(operation.name(), &clients.region);
        let (tokens, seen) = (Tokens::new(operation), HashSet::new());
        let about = String::new();
        Self { clients, operation, about, line, tokens, seen, rows: Vec::new(), token: None }
    }

    /// The same, told from others of its kind.
    pub(super) fn about(self, what: &str) -> Self {
        Self { about: what.to_owned(), ..self }
    }

    /// Takes one page; whether there are more.
    pub(super) async fn page(
        &mut self,
        page: Pin<Box<impl Future<Output = Answer<T>>>>,
    ) -> Result<bool, AwsError> {
        let call = self.clients.run.call(Some(self.operation), &self.line.tally, page);
        let more = match call.await {
            Ok(page) => self.take(page),
            Err(error) => Err(error),
        };
        match &more {
            Ok(true) => {}
            Ok(false) => self.line.write(&self.about, Ok(())),
            Err(error) => self.line.write(&self.about, Err(&error.message)),
        }
        more
    }

    fn take(&mut self, (rows, token): Page<T>) -> Result<bool, AwsError> {
        self.line.pages += 1;
        self.line.rows += rows.len();
        let mut bytes = 0;
        let mut is_new = false;
        for row in &rows {
            let mut hasher = DefaultHasher::new();
            row.id().hash(&mut hasher);
            is_new |= self.seen.insert(hasher.finish());
            bytes += row.bytes();
        }
        // A row or two come again where something was added meanwhile. A whole page that does stands in
        // the place of another one.
        if !rows.is_empty() && !is_new && self.line.pages > 1 {
            let message = "a page of the list repeats rows of an earlier page";
            return Err(AwsError::answer(self.operation, message));
        }
        self.clients.run.keep(self.operation, bytes)?;
        self.rows.extend(rows);
        self.token = token.filter(|token| !token.is_empty());
        self.tokens.check(self.token.as_deref(), is_new)?;
        Ok(self.token.is_some())
    }
}
