//! What browsers and programs reach: addresses, pages, forms, streams, JSON. It names no table and no
//! query; every act and every question is a call into the domain.

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
