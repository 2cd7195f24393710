//! Groups of people, who are given access together.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::accounts::look_alike::{has_invisible, look_alike};
use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{FieldErrors, Result};
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::schema::{group_members, user_groups, users};

/// Longest name, in characters.
const NAME: usize = 100;
/// Longest description, in characters.
const DESCRIPTION: usize = 500;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = user_groups)]
pub struct Group {
    pub id: i64,
    pub name: String,
    pub description: String,
}

/// A group as it is typed, with the ids of its members.
#[derive(Debug, Clone, Default)]
pub struct GroupForm {
    pub name: String,
    pub description: String,
    pub members: Vec<i64>,
}

/// All groups, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<Group>> {
    Ok(user_groups::table.order(user_groups::name_key).select(Group::as_select()).load(conn)?)
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Group> {
    Ok(user_groups::table.find(id).select(Group::as_select()).first(conn)?)
}

/// The members of every group, by name.
pub fn members(conn: &mut AnyConnection) -> Result<BTreeMap<i64, Vec<User>>> {
    let rows: Vec<(i64, User)> = group_members::table
        .inner_join(users::table.on(users::id.eq(group_members::user_id)))
        .order(users::name_key)
        .select((group_members::group_id, User::as_select()))
        .load(conn)?;
    let mut members: BTreeMap<i64, Vec<User>> = BTreeMap::new();
    for (group, user) in rows {
        members.entry(group).or_default().push(user);
    }
    Ok(members)
}

/// The groups of a person, by name.
pub fn of_person(conn: &mut AnyConnection, user: i64) -> Result<Vec<Group>> {
    Ok(user_groups::table
        .inner_join(group_members::table.on(group_members::group_id.eq(user_groups::id)))
        .filter(group_members::user_id.eq(user))
        .order(user_groups::name_key)
        .select(Group::as_select())
        .load(conn)?)
}

/// Adds a group.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, form: &GroupForm) -> Result<Group> {
    require(actor, Action::Administer)?;
    check(tx.conn, form, None)?;
    let id = tx.take_ids("group", 1)?;
    diesel::insert_into(user_groups::table)
        .values((
            user_groups::id.eq(id),
            user_groups::name.eq(form.name.trim()),
            user_groups::name_key.eq(form.name.trim().to_lowercase()),
            user_groups::description.eq(form.description.trim()),
            user_groups::created_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    set_members(tx, id, &form.members)?;
    record(tx, actor, Activity::GroupAdded, id, form)?;
    find(tx.conn, id)
}

/// Changes a group's name, description and members.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: i64, form: &GroupForm) -> Result<()> {
    require(actor, Action::Administer)?;
    find(tx.conn, id)?;
    check(tx.conn, form, Some(id))?;
    diesel::update(user_groups::table.find(id))
        .set((
            user_groups::name.eq(form.name.trim()),
            user_groups::name_key.eq(form.name.trim().to_lowercase()),
            user_groups::description.eq(form.description.trim()),
        ))
        .execute(tx.conn)?;
    set_members(tx, id, &form.members)?;
    record(tx, actor, Activity::GroupChanged, id, form)
}

/// Deletes a group. Its members lose what it gave them.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Group> {
    require(actor, Action::Administer)?;
    let group = find(tx.conn, id)?;
    set_members(tx, id, &[])?;
    diesel::delete(user_groups::table.find(id)).execute(tx.conn)?;
    audit::record(tx, actor, Activity::GroupDeleted, Target { kind: "group", id: Some(id), name: &group.name })?;
    Ok(group)
}

fn check(conn: &mut AnyConnection, form: &GroupForm, of: Option<i64>) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = form.name.trim();
    let taken = list(conn)?.into_iter().find(|group| Some(group.id) != of && look_alike(name, &group.name));
    if name.is_empty() || name.chars().count() > NAME {
        errors.add("name", "A group name must have 1 to 100 characters.");
    } else if has_invisible(name) {
        errors.add("name", "This name contains invisible characters. Type it again.");
    } else if let Some(taken) = taken {
        errors.add("name", format!("This name is, or looks like, that of the group {:?}.", taken.name));
    }
    if form.description.chars().count() > DESCRIPTION {
        errors.add("description", "A description can have at most 500 characters.");
    }
    let known: i64 = users::table.filter(users::id.eq_any(&form.members)).count().get_result(conn)?;
    if usize::try_from(known) != Ok(form.members.len()) {
        errors.add("members", "Choose members from the list.");
    }
    errors.into_result()
}

fn set_members(tx: &mut Tx<'_>, group: i64, people: &[i64]) -> Result<()> {
    diesel::delete(group_members::table.filter(group_members::group_id.eq(group))).execute(tx.conn)?;
    for &user in people {
        diesel::insert_into(group_members::table)
            .values((group_members::group_id.eq(group), group_members::user_id.eq(user)))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, actor: &Actor, activity: Activity, id: i64, form: &GroupForm) -> Result<()> {
    let names: Vec<String> = users::table
        .filter(users::id.eq_any(&form.members))
        .order(users::name_key)
        .select(users::name)
        .load(tx.conn)?;
    let detail = serde_json::json!({ "members": names });
    audit::record_with(tx, actor, activity, Target { kind: "group", id: Some(id), name: form.name.trim() }, &detail)
}
