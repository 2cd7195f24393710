//! accounts

pub mod passwords;
pub mod preferences;
pub mod sessions;
pub mod setting_changes;
pub mod setup;
pub mod signing_in;
pub mod tokens;
pub mod users;
