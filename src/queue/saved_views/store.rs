//! Reading and changing saved views in the database.

use diesel::prelude::*;

use crate::accounts::look_alike::look_alike;
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::model::user::User;
use crate::permissions::{Action, allows};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views::built_in::BuiltInView;
use crate::queue::saved_views::query::{filter_of, query_of};
use crate::queue::saved_views::view::{Direction, Draft, View, stored_name};
use crate::schema::views;
use crate::text::{folded, one_line};

/// Longest name, in characters.
pub const NAME_LIMIT: usize = 60;
/// Longest query, in bytes: what browsers take in an address.
const QUERY_LIMIT: usize = 6_000;
/// Views of one person, and shared ones that are listed.
const MOST_VIEWS: i64 = 50;

/// The views of a list that a person sees: their own in their order, then the shared ones of others by name.
pub fn seen_by(conn: &mut AnyConnection, person: i64, list: List) -> Result<Vec<View>> {
    if list.incident().is_some() {
        return Ok(Vec::new());
    }
    let mut found: Vec<View> = own(conn, person)?;
    found.retain(|view| view.list() == list);
    found.extend(
        views::table
            .filter(views::shared.eq(true))
            .filter(views::list.eq(stored_name(list)))
            .filter(views::owner_id.ne(person))
            .order((views::name_key, views::id))
            .limit(MOST_VIEWS)
            .select(View::as_select())
            .load::<View>(conn)?,
    );
    Ok(found)
}

fn own(conn: &mut AnyConnection, person: i64) -> Result<Vec<View>> {
    Ok(views::table
        .filter(views::owner_id.eq(person))
        .order((views::position, views::id))
        .select(View::as_select())
        .load(conn)?)
}

/// A view that this person sees.
pub fn find(conn: &mut AnyConnection, person: i64, id: i64) -> Result<View> {
    let view: View = views::table.find(id).select(View::as_select()).first(conn)?;
    if view.owner_id == person || view.shared { Ok(view) } else { Err(Error::NotFound) }
}

/// The filter that a list starts with for somebody who chose the view `key`: the name of a built-in
/// view or the number of a saved one. None where that is the plain default, or the view is gone.
pub fn beginning(conn: &mut AnyConnection, person: i64, list: List, key: &str) -> Result<Option<Filter>> {
    let ready = BuiltInView::parse(key).and_then(|view| view.filter(list));
    let filter = match (ready, key.parse()) {
        (Some(ready), _) => ready,
        (None, Ok(id)) => match find(conn, person, id) {
            Ok(view) if view.list() == list => view.filter(),
            Ok(_) | Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        },
        (None, Err(_)) => return Ok(None),
    };
    Ok((!query_of(&filter).is_empty()).then_some(filter))
}

/// Saves a filter of a list under a name; returns the view's id.
pub fn create(tx: &mut Tx<'_>, person: &User, draft: &Draft, list: List, query: &str) -> Result<i64> {
    let id = tx.take_ids("view", 1)?;
    let name = check(tx.conn, person, person.id, None, draft, query)?;
    let views_so_far = own(tx.conn, person.id)?;
    if i64::try_from(views_so_far.len()).unwrap_or(i64::MAX) >= MOST_VIEWS {
        return Err(Error::at_field("name", "You already have 50 views of incidents and alerts. Delete one first."));
    }
    diesel::insert_into(views::table)
        .values((
            views::id.eq(id),
            views::owner_id.eq(person.id),
            views::name.eq(&name),
            views::name_key.eq(folded(&name)),
            views::list.eq(stored_name(list)),
            views::query.eq(query_of(&filter_of(list, query))),
            views::shared.eq(draft.shared),
            views::position.eq(views_so_far.last().map_or(0, |view| view.position) + 1),
            views::created_at.eq(clock::now()),
            views::updated_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// Renames a view, shares it or stops sharing it.
pub fn change(tx: &mut Tx<'_>, person: &User, id: i64, draft: &Draft) -> Result<()> {
    let view = changeable(tx, person, id)?;
    let name = check(tx.conn, person, view.owner_id, Some(id), draft, &view.query)?;
    diesel::update(views::table.find(id))
        .set((
            views::name.eq(&name),
            views::name_key.eq(folded(&name)),
            views::shared.eq(draft.shared),
            views::updated_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives a view another filter; returns its name.
pub fn set_filter(tx: &mut Tx<'_>, person: &User, id: i64, query: &str) -> Result<String> {
    let view = changeable(tx, person, id)?;
    if query.len() > QUERY_LIMIT {
        return Err(too_long());
    }
    diesel::update(views::table.find(id))
        .set((views::query.eq(query_of(&filter_of(view.list(), query))), views::updated_at.eq(clock::now())))
        .execute(tx.conn)?;
    Ok(view.name)
}

/// Moves a view up or down by one among its owner's; does nothing at the ends. Returns its name.
pub fn shift(tx: &mut Tx<'_>, person: &User, id: i64, direction: Direction) -> Result<String> {
    let view = changeable(tx, person, id)?;
    let mut listed = own(tx.conn, view.owner_id)?;
    listed.retain(|other| other.list == view.list);
    let place = listed.iter().position(|known| known.id == id).unwrap_or(0);
    let neighbour = match direction {
        Direction::Up => place.checked_sub(1),
        Direction::Down => Some(place + 1),
    };
    if let Some(neighbour) = neighbour.and_then(|place| listed.get(place)) {
        for (id, position) in [(neighbour.id, view.position), (view.id, neighbour.position)] {
            diesel::update(views::table.find(id)).set(views::position.eq(position)).execute(tx.conn)?;
        }
    }
    Ok(view.name)
}

/// Deletes a view; people who started with it start with the plain list again. Returns its name.
pub fn delete(tx: &mut Tx<'_>, person: &User, id: i64) -> Result<String> {
    let view = changeable(tx, person, id)?;
    diesel::delete(views::table.find(id)).execute(tx.conn)?;
    Ok(view.name)
}

fn changeable(tx: &mut Tx<'_>, person: &User, id: i64) -> Result<View> {
    // Changes wait for each other: the counter's row is the lock.
    tx.take_ids("view", 0)?;
    let view = find(tx.conn, person.id, id)?;
    if view.is_changed_by(person) { Ok(view) } else { Err(view.refusal(person)) }
}

fn too_long() -> Error {
    Error::at_field("query", "This filter is too long to save. Remove some of its values.")
}

/// The name as it is stored, if the draft is valid.
fn check(
    conn: &mut AnyConnection,
    person: &User,
    owner: i64,
    id: Option<i64>,
    draft: &Draft,
    query: &str,
) -> Result<String> {
    let mut errors = FieldErrors::default();
    let name = one_line(&draft.name);
    if name.is_empty() {
        errors.add("name", "Enter a name.");
    } else if name.chars().count() > NAME_LIMIT {
        errors.add("name", format!("A view name can have at most {NAME_LIMIT} characters."));
    } else if let Some(other) =
        own(conn, owner)?.iter().find(|view| look_alike(&view.name, &name) && Some(view.id) != id)
    {
        errors.add("name", format!("A view of {} with this name already exists.", other.list));
    }
    if draft.shared && !allows(person.role, Action::Work) {
        errors.add("shared", "Only analysts, leads and administrators can share views.");
    }
    if query.len() > QUERY_LIMIT {
        return Err(too_long());
    }
    errors.into_result()?;
    Ok(name)
}
