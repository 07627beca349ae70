//! Why an expression does not compile.

use std::fmt;

/// Whose word it is that an expression does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The dialect's own compiler refuses it.
    Refused,
    /// It is beyond what eksnet reads; the dialect may accept it.
    Unread,
}

/// Why an expression does not compile, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CompileError {
    /// Whose word it is.
    pub fault: Fault,
    /// The expression.
    pub text: String,
    /// The place in the text; `None` is the text as a whole.
    pub place: Option<Place>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: String,
}

/// A place in an expression, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Place {
    /// The place of a byte of a text.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 1 {
            write!(f, "line {}, ", self.line)?;
        }
        write!(f, "column {}", self.column)
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match self.place {
            Some(place) => write!(f, " (at {place})"),
            None => Ok(()),
        }
    }
}

impl CompileError {
    pub(super) fn refused(place: Place, reason: String, hint: impl Into<String>) -> Self {
        Self { fault: Fault::Refused, ..Self::unread(Some(place), reason, hint) }
    }

    pub(super) fn unread(place: Option<Place>, reason: String, hint: impl Into<String>) -> Self {
        Self { fault: Fault::Unread, text: String::new(), place, reason, hint: hint.into() }
    }

    /// The same error of a text.
    pub(super) fn in_text(self, text: &str) -> Self {
        Self { text: text.to_owned(), ..self }
    }
}
