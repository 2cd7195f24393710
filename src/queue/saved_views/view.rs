//! A saved view, who may change it, and what its form says.

use diesel::prelude::*;

use crate::error::Error;
use crate::model::user::User;
use crate::permissions::{Action, allows};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views::query::filter_of;
use crate::schema::views;

/// A view that somebody made.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = views)]
pub struct View {
    pub id: i64,
    pub owner_id: i64,
    pub name: String,
    /// "incidents" or "alerts".
    pub list: String,
    /// The list's query string, as [`query_of`](crate::queue::saved_views::query_of) writes it.
    pub query: String,
    pub shared: bool,
    pub position: i64,
}

impl View {
    /// The list whose filter it is.
    pub fn list(&self) -> List {
        if self.list == stored_name(List::Alerts) { List::Alerts } else { List::Incidents }
    }

    pub fn filter(&self) -> Filter {
        filter_of(self.list(), &self.query)
    }

    /// Whether this person may rename, change, share or delete it. A shared view is changed only by
    /// people who may share, even if it is their own.
    pub fn is_changed_by(&self, person: &User) -> bool {
        if self.shared {
            let needed = if self.owner_id == person.id { Action::Work } else { Action::Administer };
            allows(person.role, needed)
        } else {
            self.owner_id == person.id
        }
    }

    /// Why this person may not change it.
    pub fn refusal(&self, person: &User) -> Error {
        Error::Forbidden(if self.owner_id == person.id {
            "Only analysts, leads and administrators can change shared views, including their own."
        } else {
            "Only its owner or an administrator can change a shared view."
        })
    }
}

/// How the list of a view is stored.
pub(super) fn stored_name(list: List) -> &'static str {
    if list.is_of_alerts() { "alerts" } else { "incidents" }
}

/// What a view's form says.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub name: String,
    pub shared: bool,
}

/// Where a view goes among its owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}
