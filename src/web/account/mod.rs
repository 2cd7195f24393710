//! account

pub mod setup;
pub mod sign_in;
