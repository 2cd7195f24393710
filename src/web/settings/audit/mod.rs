//! /settings/audit: the audit log, and what proves that nobody touched it. Only for administrators.

pub mod export;
mod filter;
pub mod page;
