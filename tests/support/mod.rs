//! What integration tests share.

pub(crate) mod fake_ec2;
pub(crate) mod venv;
