//! Why an answer is not taken.

use std::{error::Error, fmt};

use super::cause::cause;

/// An answer that says it succeeded, and cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotWhole {
    message: String,
    may_come_right: bool,
}

impl NotWhole {
    /// Damage on the way, as far as one can tell.
    pub(super) fn again(mut message: String) -> Self {
        message.insert_str(0, "the response is incomplete: ");
        Self { message, may_come_right: true }
    }

    /// Somebody else's answer.
    pub(super) fn of_another(what: &str) -> Self {
        Self {
            message: format!("not a response of AWS: it contains {what}"),
            may_come_right: false,
        }
    }

    /// The same, with which another attempt is of no use if `spent`.
    pub(super) fn unless(self, spent: bool) -> Self {
        Self { may_come_right: self.may_come_right && !spent, ..self }
    }

    /// Whether another attempt may bring it whole.
    pub(super) fn may_come_right(&self) -> bool {
        self.may_come_right
    }

    /// The one behind an error, if there is one.
    pub(super) fn behind<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        cause(error)
    }
}

impl fmt::Display for NotWhole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for NotWhole {}
