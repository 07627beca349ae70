//! A file that is to be written.

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedFile {
    /// Its path in the directory, with `/` between names.
    pub path: String,
    /// What it holds.
    pub text: String,
}
