//! Listings that never end.
//!
//! The SDK's paginators take a token that comes again as the end of a listing, without a word; here
//! it is an error, and so are pages that bring nothing new and a listing longer than any account's.

use std::collections::HashSet;

use super::error::AwsError;
use crate::inventory::Operation;

/// Most pages of a listing: twenty million interfaces.
const MOST_PAGES: u32 = 20_000;
/// Most pages in a row without a row that is new. EC2 may answer a filter with pages that are empty.
const MOST_IDLE: u32 = 20;
/// The longest token, in bytes. EKS takes it as part of an address, where each byte may become three, and
/// an address of 64 KiB ends the program in the SDK (seen with aws-sdk-eks 1.160).
const LONGEST: usize = 8 << 10;

/// The tokens of one listing.
pub(super) struct Tokens {
    operation: Operation,
    seen: HashSet<String>,
    pages: u32,
    idle: u32,
}

impl Tokens {
    pub(super) fn new(operation: Operation) -> Self {
        Self { operation, seen: HashSet::new(), pages: 0, idle: 0 }
    }

    /// Notes a page's token and whether the page brought anything new; an error when the listing does
    /// not get on.
    pub(super) fn check(&mut self, token: Option<&str>, is_new: bool) -> Result<(), AwsError> {
        self.pages += 1;
        self.idle = if is_new { 0 } else { self.idle + 1 };
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(()) };
        if token.len() > LONGEST {
            let message =
                format!("the token for the next page is longer than {} KiB", LONGEST >> 10);
            return Err(AwsError::answer(self.operation, message));
        }
        let why = if !self.seen.insert(token.to_owned()) {
            "a page token was repeated".to_owned()
        } else if self.idle >= MOST_IDLE {
            format!("{MOST_IDLE} pages in a row had no new rows")
        } else if self.pages >= MOST_PAGES {
            format!("there are more than {MOST_PAGES} pages")
        } else {
            return Ok(());
        };
        let message = format!("the list does not end: {why}");
        Err(AwsError::answer(self.operation, message))
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
            assert_eq!(tokens.check(token, true).is_ok(), goes_on, "{token:?}");
        }
    }

    #[test]
    fn a_token_longer_than_any_is_not_used() {
        let mut tokens = Tokens::new(Operation::ListNodegroups);
        assert!(tokens.check(Some(&"a".repeat(8192)), true).is_ok());
        let error = tokens.check(Some(&"b".repeat(8193)), true).unwrap_err();
        assert_eq!(error.message, "the token for the next page is longer than 8 KiB");
    }

    #[test]
    fn a_listing_longer_than_any_is_an_error() {
        let mut tokens = Tokens::new(Operation::DescribeNetworkInterfaces);
        let goes_on = |page: &u32| tokens.check(Some(&page.to_string()), true).is_ok();
        let pages = (1..=MOST_PAGES).take_while(goes_on).count();
        assert_eq!(pages, 19_999);
    }

    #[test]
    fn pages_that_bring_nothing_new_end_the_listing() {
        let mut tokens = Tokens::new(Operation::DescribeNetworkInterfaces);
        let mut goes_on = |page: u32, is_new| tokens.check(Some(&page.to_string()), is_new).is_ok();
        assert!((0..19).all(|page| goes_on(page, false)));
        assert!(goes_on(19, true));
        assert_eq!((20..100).take_while(|page| goes_on(*page, false)).count(), 19);
    }
}
