//! GET /incidents and the addresses under it that are about many incidents.

mod bulk_edit;
mod chart;
mod columns;
mod export;
mod filter_form;
mod list;
mod merging;
mod pane;
mod saved_views;
mod updates;
