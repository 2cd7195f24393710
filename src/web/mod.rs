//! The HTTP server: addresses, pages, forms, event streams and the JSON API. Must not query the
//! database itself; it calls the domain for every read and every change. [`routes`] lists which handler
//! answers which address; a handler's folder is named after its address.

pub mod account;
pub mod alert;
pub mod api;
pub mod asset;
pub mod attachment;
pub mod comments;
pub mod entity;
pub mod health;
pub mod incident;
pub mod lessons;
pub mod metrics;
pub mod operations;
pub mod queue;
pub mod routes;
pub mod search;
pub mod server;
pub mod settings;
pub mod shared;
