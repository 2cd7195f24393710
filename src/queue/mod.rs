//! The lists of incidents and of alerts: a filter that comes from the query string and goes back into it, and the
//! page of rows that it finds. The whole view is in the URL. What differs between the lists is in [`list`].
//!
//! # Adding a filter
//!
//! 1. `filter.rs`: a field of [`Filter`] and its default.
//! 2. `dimension.rs`: a variant of [`Dimension`] with its parameter and label, in the order of chips and of
//!    the filters page. The compiler then names the rest: its place in `ADDRESS_ORDER` (`address.rs`), and what
//!    `is_of`, `kind`, `read`, `values` and `clear` do with it.
//! 3. `conditions/by_dimension.rs`: its place in `LOOK_UP_ORDER`, and its condition on incidents in `add`: a column
//!    with an index (`by_column`), a facet (`by_facet`), or one of its own in `conditions/`. `conditions/alerts.rs`:
//!    its condition on alerts.
//! 4. `web/queue/filter_choices.rs`: `heading`, its heading on the filters page.
//!
//! Chips, the choices of the filters page, saved views and exports follow from the [`dimension::Kind`]. The
//! compiler names none of what is left:
//!
//! 5. A new facet, written under the name of the parameter. A value of the alert itself comes from
//!    `history::derive::facets`. A value of its evidence is written in two places that must agree:
//!    `history::new_alerts`, `Rows::add` (new alerts) and `history::facet_rows::replace` (all alerts, after a
//!    move or an update).
//! 6. Stored incidents get a new facet after the update by a function that `cli/migrate.rs` calls, such as
//!    `history::search_index::bring_owners_up_to_date`. A new column gets its values by its migration.
//! 7. Tests: `tests/app/queue/filters.rs` and `filter_form.rs`, `tests/app/alert/list.rs`, and `QUEUE` and `ALERTS` in
//!    `tests/app/storage/query_plans.rs`, which a test compares with the dimensions.
//! 8. A measurement: `bench/queue/pages.rs`, and values for it in `bench/queue/world.rs`.

pub mod activity;
mod address;
mod aggregate;
pub mod alert_rows;
pub mod choices;
pub mod columns;
pub(crate) mod conditions;
pub mod dimension;
pub mod export;
pub mod filter;
pub mod groups;
mod index_start;
pub mod list;
pub mod listed;
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

pub use crate::queue::aggregate::aggregate;
pub use crate::queue::alert_rows::AlertRow;
pub use crate::queue::columns::{Column, default_columns};
pub use crate::queue::dimension::Dimension;
pub use crate::queue::filter::{Filter, Ignored, LIMITS, OVER_LIMIT, Why};
pub use crate::queue::list::List;
pub use crate::queue::matching::matching;
pub use crate::queue::page::{
    COUNTED, IdPage, Neighbour, Neighbours, Page, QueueRow, count, ids, ids_in_order, load, load_ids, neighbours,
    page_before, page_ids, rows, statements,
};
pub use crate::queue::range::Range;
pub use crate::queue::sort::{Cursor, Order, Sort, SortKey};
pub use crate::queue::sql::Sql;
pub use crate::queue::totals::Totals;
pub use crate::queue::updates::{News, newest_entry, updates};
