//! The product as its users meet it: one binary, the real server, a real database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and the environment says which database to use"
)]

mod support;

mod accounts;
mod alert;
mod attachments;
mod backup;
mod command_line;
mod correlation;
mod entities;
mod faults;
mod incident;
mod ingest;
mod lessons;
mod operations;
mod pages;
mod proof;
mod queue;
mod search;
mod server;
mod settings;
mod storage;
