//! An answer that says no.

/// An error as the services give it; EC2 and EKS write the same thing in different forms.
#[derive(Debug)]
pub(super) struct Fault {
    /// The HTTP status.
    pub(super) status: u16,
    /// The code that programs look at.
    pub(super) code: &'static str,
    /// The sentence for people.
    pub(super) message: String,
}

impl Fault {
    /// A fault with a status of its own.
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// A call that is wrong in itself.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }
}
