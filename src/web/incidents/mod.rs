//! The queue, the management pane, the incident page, and what is done on them.

pub mod acts;
pub mod bulk;
pub mod chart;
pub mod columns;
pub mod export;
pub mod filter_groups;
pub mod filters;
pub mod inline_alerts;
pub mod manage;
pub mod merging;
pub mod moving;
pub mod page;
pub mod page_parts;
pub mod pane;
pub mod priority;
pub mod queue;
pub mod queue_filters;
pub mod sorting;
pub mod suggest;
pub mod updates;
pub mod view;
pub mod view_bar;
pub mod views;
pub mod whole_filter;
