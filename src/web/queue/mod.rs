//! The incidents queue and what is done from it: filters, columns, saved views, edits of many, export.

pub mod bulk;
pub mod chart;
pub mod columns;
pub mod export;
pub mod filter_chips;
pub mod filter_choices;
pub mod filters;
pub mod links;
pub mod page;
pub mod rows;
pub mod saved_view_bar;
pub mod saved_views;
pub mod sorting;
pub mod strict_filter;
pub mod suggest;
pub mod updates;
