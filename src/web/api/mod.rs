//! /api: JSON for programs. Bearer tokens instead of sessions, and errors in the shape of Microsoft
//! Graph's instead of pages.

pub mod auth;
pub mod chunks;
pub mod error;
pub mod ingest;
