//! Listings that never end.
//!
//! The SDK's paginators take a token that comes again as the end of a listing, without a word; here
//! it is an error, and so is a listing longer than any account's.

use super::error::AwsError;
use crate::inventory::Operation;

/// Most pages of a listing: twenty million interfaces.
const MOST_PAGES: u32 = 20_000;

/// The tokens of one listing.
pub(super) struct Tokens {
    operation: Operation,
    last: Option<String>,
    pages: u32,
}

impl Tokens {
    pub(super) fn new(operation: Operation) -> Self {
        Self { operation, last: None, pages: 0 }
    }

    /// Notes a page's token; an error when the listing does not get on.
    pub(super) fn check(&mut self, token: Option<&str>) -> Result<(), AwsError> {
        self.pages += 1;
        let token = token.filter(|token| !token.is_empty());
        if token.is_some() && (token == self.last.as_deref() || self.pages >= MOST_PAGES) {
            return Err(AwsError::answer(self.operation, "the listing does not come to an end"));
        }
        self.last = token.map(ToOwned::to_owned);
        Ok(())
    }
}
