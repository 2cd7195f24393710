//! People, their passwords, sessions and preferences, and the tokens of senders with the signatures of
//! what they send. Knows nothing of incidents.

pub mod deliveries;
pub mod groups;
pub mod look_alike;
pub mod network;
pub mod new_token;
pub mod one_time_links;
pub mod open_sessions;
pub mod ordering;
pub mod overview;
pub mod own_account;
pub mod pane_layout;
pub mod password_sign_in;
pub mod passwords;
pub mod people;
pub mod preferences;
pub mod second_factor;
pub mod sessions;
pub mod setting_changes;
pub mod setup;
mod sign_in_settings;
pub mod signatures;
pub mod signing_in;
pub mod signing_secret;
pub mod single_sign_on;
pub mod throttle;
pub mod token_sources;
pub mod token_use;
pub mod tokens;
pub mod user_names;
pub mod users;
