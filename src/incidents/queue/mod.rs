//! The incidents queue: a filter that comes from the query string and goes back into it, and the
//! page of rows that it finds. The whole view is in the URL (design section 6).

pub mod choices;
mod columns;
mod conditions;
mod filter;
mod only;
mod page;
mod plan;
mod range;
mod sort;
mod sql;
mod totals;
mod updates;

pub use columns::{Column, default_columns};
pub use filter::{Filter, Ignored, LIMITS};
pub use only::matching;
pub use page::{
    Around, COUNTED, Page, QueueRow, Step, around, count, ids, ids_in_order, load, named, page_before, page_ids, rows,
    statements,
};
pub use range::Range;
pub use sort::{Cursor, Order, Sort, SortKey};
pub use sql::Sql;
pub use totals::Totals;
pub use updates::{News, newest_entry, updates};
