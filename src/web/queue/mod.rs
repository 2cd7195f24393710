//! The incidents queue and the addresses of the list as a whole: filters, columns, saved views,
//! export, acts on several incidents.

pub mod bulk;
pub mod chart;
pub mod columns;
pub mod export;
pub mod filter_chips;
pub mod filter_choices;
pub mod filters;
pub mod merge;
pub mod page;
pub mod row_view;
pub mod rows;
pub mod saved_view_bar;
pub mod saved_view_form;
pub mod saved_views;
pub mod sorting;
pub mod strict_filter;
pub mod suggest;
pub mod updates;
