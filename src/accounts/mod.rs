//! People, their passwords, sessions and preferences, and the tokens of senders. Knows nothing of
//! incidents.

pub mod passwords;
pub mod preferences;
pub mod sessions;
pub mod setting_changes;
pub mod setup;
pub mod signing_in;
pub mod tokens;
pub mod users;
