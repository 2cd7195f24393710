//! The face of Watchdesk: URLs, pages, forms, streams, JSON. It never names the database; every
//! act and every question is a call into the domain.

pub mod alerts;
pub mod api;
pub mod assets;
pub mod attention;
pub mod csrf;
pub mod error;
pub mod flash;
pub mod forms;
pub mod guard;
pub mod headers;
pub mod health;
pub mod incidents;
pub mod layout;
pub mod linking;
pub mod login;
pub mod markup;
pub mod moment;
pub mod operations;
pub mod paths;
pub mod query;
pub mod request_log;
pub mod routes;
pub mod session;
pub mod settings;
pub mod setup;
pub mod state;
pub mod stream;
