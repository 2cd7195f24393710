//! The incidents queue: a filter that comes from the query string and goes back into it, and the
//! page of rows that it finds. The whole view is in the URL (design section 6).

pub mod activity;
mod address;
pub mod choices;
pub mod columns;
mod conditions;
pub mod dimension;
pub mod export;
pub mod filter;
mod matching;
pub mod page;
mod plan;
pub mod range;
pub mod saved_views;
pub mod sort;
pub mod sql;
pub mod target;
pub mod totals;
mod updates;
mod values;

pub use crate::queue::columns::{Column, default_columns};
pub use crate::queue::filter::{Filter, Ignored, LIMITS};
pub use crate::queue::matching::matching;
pub use crate::queue::page::{
    COUNTED, Neighbour, Neighbours, Page, QueueRow, count, ids, ids_by_name, ids_in_order, load, neighbours,
    page_before, page_ids, rows, statements,
};
pub use crate::queue::range::Range;
pub use crate::queue::sort::{Cursor, Order, Sort, SortKey};
pub use crate::queue::sql::Sql;
pub use crate::queue::totals::Totals;
pub use crate::queue::updates::{News, newest_entry, updates};
