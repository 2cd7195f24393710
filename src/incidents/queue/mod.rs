//! The incidents queue: a filter that comes from the query string and goes back into it, and the
//! page of rows that it finds. The whole view is in the URL (design section 6).

mod filter;
mod ids;
mod page;

pub use filter::{Filter, Ignored, Range, Sort, SortKey};
pub use ids::ids;
pub use page::{Page, QueueRow, load, neighbours};
