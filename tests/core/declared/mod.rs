//! Manifests and user data as users write them.

mod matching;
mod reading;
mod user_data;
