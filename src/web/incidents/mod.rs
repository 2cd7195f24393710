//! The queue, the management pane, the incident page, and what is done on them.

pub mod acts;
pub mod bulk;
pub mod manage;
pub mod merging;
pub mod moving;
pub mod page;
pub mod page_parts;
pub mod pane;
pub mod queue;
pub mod queue_filters;
pub mod suggest;
pub mod view;
