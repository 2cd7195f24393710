//! The JSON face: bearer tokens, no sessions, errors in Graph's shape, never a page.

pub mod auth;
pub mod chunks;
pub mod error;
pub mod ingest;
