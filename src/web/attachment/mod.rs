//! Attached files: POST /incidents/{id}/attachments and /attachments/{id}/remove, and the files as they are handed on.
//! Whatever a file is, a browser stores it and never shows it; the one exception are PNGs that Watchdesk made.

pub mod download;
pub mod form;
mod parts;
mod receive;
