//! Handing over what somebody owns, such as before their account is disabled: open incidents with their open alerts,
//! house rules, and views that others use.

use diesel::prelude::*;

use crate::accounts::users;
use crate::audit::{self, Activity, Target};
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::incidents::lookup::count_open_of;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::operations::bulk::{self, BulkEdit, Done, Outcomes};
use crate::permissions::{Action, require};
use crate::queue::saved_views;
use crate::rules::hand_over as rules;
use crate::schema::incidents;

/// What somebody owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    pub open_incidents: i64,
    pub rules: i64,
    pub shared_views: i64,
}

impl Owned {
    pub fn is_nothing(self) -> bool {
        self == Self { open_incidents: 0, rules: 0, shared_views: 0 }
    }
}

/// Counts what a person owns.
pub fn owned_by(conn: &mut AnyConnection, person: i64) -> Result<Owned> {
    Ok(Owned {
        open_incidents: count_open_of(conn, person)?,
        rules: rules::count_of(conn, person)?,
        shared_views: saved_views::count_shared_of(conn, person)?,
    })
}

/// Hands over everything that the person `from` owns to the person named `to`. Many incidents are a job, which the
/// caller runs; rules and views are handed over at once.
pub fn hand_over(tx: &mut Tx<'_>, actor: &Actor, from: i64, to: &str) -> Result<Done<Outcomes>> {
    require(actor, Action::Administer)?;
    let from = users::find(tx.conn, from)?;
    let to = heir(tx.conn, &from, to)?;
    let owned = owned_by(tx.conn, from.id)?;
    if owned.is_nothing() {
        return Err(Error::at_field("to", format!("{} owns nothing that could be handed over.", from.display_name)));
    }
    rules::hand_over(tx, actor, &from, &to)?;
    saved_views::hand_over(tx, &from, &to)?;
    let detail = serde_json::json!({
        "to": to.name, "openIncidents": owned.open_incidents, "rules": owned.rules, "sharedViews": owned.shared_views,
    });
    let target = Target { kind: "person", id: Some(from.id), name: &from.name };
    audit::record_with(tx, actor, Activity::WorkHandedOver, target, &detail)?;
    let open: Vec<i64> = incidents::table
        .filter(incidents::assigned_to.eq(from.id))
        .filter(incidents::is_open.eq(true))
        .order(incidents::id)
        .select(incidents::id)
        .load(tx.conn)?;
    let edit = BulkEdit { assigned_to: Some(to.name), ..BulkEdit::default() };
    bulk::edit_incidents(tx, actor, &open, &edit)
}

/// Who takes over.
fn heir(conn: &mut AnyConnection, from: &User, name: &str) -> Result<User> {
    let refused = |message: &str| Err(Error::at_field("to", message));
    match users::by_name(conn, name)? {
        None => refused("Choose somebody from the list."),
        Some(user) if user.id == from.id => refused("Choose somebody else."),
        Some(user) if !user.can_own() => refused("Work cannot be assigned to viewers and disabled people."),
        Some(user) => Ok(user),
    }
}
