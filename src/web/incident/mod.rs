//! The management pane, the incident page, and what is done on them.

pub mod acts;
pub mod inline_alerts;
pub mod manage_form;
pub mod merge;
pub mod page;
pub mod page_parts;
pub mod pane;
pub mod presenters;
pub mod priority;
