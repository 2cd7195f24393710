//! /incidents and /alerts: the lists, with their filters, columns, saved views and exports, and changes of several
//! incidents at once.

mod alert_row_view;
mod also_found;
pub mod bulk;
pub mod bulk_form;
pub mod chart;
pub mod columns;
pub mod export;
pub mod filter_chips;
pub mod filter_choices;
pub mod filters;
pub mod list_view;
pub mod merge;
pub mod page;
pub mod row_view;
pub mod rows;
pub mod saved_view_bar;
pub mod saved_view_form;
pub mod saved_views;
pub mod sorting;
pub mod strict_filter;
pub mod targets;
pub mod updates;
