//! /api: the JSON API, with bearer tokens instead of sessions, and errors in the format of Microsoft
//! Graph. Must not answer with a page.

pub mod auth;
pub mod chunks;
pub mod error;
pub mod ingest;
mod receiving;
pub mod signed_body;
