//! The face of Watchdesk: URLs, pages, forms, streams, JSON. It never names the database; every
//! act and every question is a call into the domain.

pub mod account;
pub mod alert;
pub mod api;
pub mod asset;
pub mod health;
pub mod incident;
pub mod operations;
pub mod queue;
pub mod routes;
pub mod settings;
pub mod shared;
