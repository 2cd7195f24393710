//! Signing in and out, and making the first administrator.

pub mod setup;
pub mod sign_in;
