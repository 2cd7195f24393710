//! Saved views: filters of a list kept under a name. Everybody has their own and sees the shared ones
//! of others.

pub mod built_in;
mod hand_over;
pub mod query;
mod store;
mod view;

pub use crate::queue::saved_views::built_in::BuiltInView;
pub use crate::queue::saved_views::hand_over::{count_shared_of, hand_over};
pub use crate::queue::saved_views::query::query_of;
pub use crate::queue::saved_views::store::{
    NAME_LIMIT, beginning, change, create, delete, find, seen_by, set_filter, shift,
};
pub use crate::queue::saved_views::view::{Direction, Draft, View};
