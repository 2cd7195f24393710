//! /incidents/{id}: one incident, as a page and as the pane beside the queue, and its forms. Must not
//! import `web::queue`.

pub mod actions;
mod alerts_tab;
mod answering;
pub mod attachments;
pub mod entity_list;
pub mod entity_view;
pub mod inline_alerts;
mod manage_conflict;
pub mod manage_form;
pub mod merge;
pub mod move_alerts;
pub mod page;
pub mod page_data;
pub mod page_parts;
mod page_view;
pub mod pane;
pub mod pane_layout;
pub mod priority;
pub mod report;
mod similar;
pub mod story;
pub mod stream;
mod summary;
