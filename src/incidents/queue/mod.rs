//! The incidents queue: a filter that comes from the query string and goes back into it, and the
//! page of rows that it finds. The whole view is in the URL (design section 6).

mod conditions;
mod filter;
mod page;
mod plan;
mod sort;
mod sql;

pub use filter::{Filter, Ignored, Range};
pub use page::{Around, COUNTED, Page, QueueRow, Step, around, count, ids, load, rows, statements};
pub use sort::{Cursor, Order, Sort, SortKey};
pub use sql::Sql;
