//! Listings that never end.
//!
//! The SDK's paginators take a token that comes again as the end of a listing, without a word; here
//! it is an error, and so is a listing longer than any account's.

use std::collections::HashSet;

use super::error::AwsError;
use crate::inventory::Operation;

/// Most pages of a listing: twenty million interfaces.
const MOST_PAGES: u32 = 20_000;

/// The tokens of one listing.
pub(super) struct Tokens {
    operation: Operation,
    seen: HashSet<String>,
    pages: u32,
}

impl Tokens {
    pub(super) fn new(operation: Operation) -> Self {
        Self { operation, seen: HashSet::new(), pages: 0 }
    }

    /// Notes a page's token; an error when the listing does not get on.
    pub(super) fn check(&mut self, token: Option<&str>) -> Result<(), AwsError> {
        self.pages += 1;
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(()) };
        if !self.seen.insert(token.to_owned()) || self.pages >= MOST_PAGES {
            return Err(AwsError::answer(self.operation, "the listing does not come to an end"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that gives the same tokens in turn must not be asked for ever.
    #[test]
    fn a_token_that_comes_again_ends_the_listing() {
        let mut tokens = Tokens::new(Operation::GetSubnetCidrReservations);
        for (token, goes_on) in [
            (Some("a"), true),
            (Some("b"), true),
            (Some("a"), false),
            (None, true),
            (Some(""), true),
        ] {
            assert_eq!(tokens.check(token).is_ok(), goes_on, "{token:?}");
        }
    }

    #[test]
    fn a_listing_longer_than_any_is_an_error() {
        let mut tokens = Tokens::new(Operation::DescribeNetworkInterfaces);
        let goes_on = |page: &u32| tokens.check(Some(&page.to_string())).is_ok();
        let pages = (1..=MOST_PAGES).take_while(goes_on).count();
        assert_eq!(pages, 19_999);
    }
}
