//! /incidents/{id}: one incident, as a page and as a pane, and what is done to it. Imports nothing of
//! `web::queue`.

pub mod acts;
pub mod inline_alerts;
pub mod manage_form;
pub mod merge;
pub mod move_alerts;
pub mod page;
pub mod page_parts;
pub mod pane;
pub mod priority;
pub mod stream;
