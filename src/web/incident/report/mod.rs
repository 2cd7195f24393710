//! /incidents/{id}/report: what is known of an incident, for people who do not work in Watchdesk: as a page, as one HTML
//! file, as Markdown and as JSON.
//!
//! `sections` says what a report can have, `document` makes it of blocks, `page` shows it, `file` and `markdown` and
//! `json` write it.

mod document;
mod file;
mod json;
mod markdown;
pub mod page;
mod sections;
mod words;
