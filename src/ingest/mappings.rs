//! Mappings in the database: found by name, saved with a record of who changed what, deleted only
//! where nothing uses them.

use std::sync::Arc;

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::problems::Problems;
use crate::model::actor::Actor;
use crate::model::conflict::Conflict;
use crate::permissions::{Action, require};
use crate::schema::{api_tokens, mappings};
use crate::text::folded;

/// How the record of changes names mappings.
const KIND: &str = "mapping";
/// Largest file form and largest sample, in bytes.
const BODY_MAX: usize = 100_000;
const SAMPLE_MAX: usize = 200_000;

/// A mapping as it is stored. Times are microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mappings)]
pub struct Stored {
    pub id: i64,
    pub revision: i64,
    pub name: String,
    /// The file form.
    pub body: String,
    /// The sample that it was tried on.
    pub sample: String,
    pub updated_at: i64,
    /// Names of the actors at that time.
    pub updated_by: String,
}

impl Stored {
    pub fn document(&self) -> Result<Document> {
        Document::from_json(&self.body).map_err(Error::Internal)
    }
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub mapping: Stored,
    /// Tokens that send by it, by name.
    pub tokens: Vec<String>,
}

/// A mapping to save.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub document: Document,
    pub sample: String,
}

/// The format of a request: the one that it names, else the mapping of its token, else auto. `token` is the
/// token's id.
pub fn resolve(conn: &mut AnyConnection, name: Option<&str>, token: Option<i64>) -> Result<Format> {
    if let Some(name) = name {
        if let Some(format) = Format::parse(name) {
            return Ok(format);
        }
        let Some(stored) = by_name(conn, name)? else {
            let mut known: Vec<String> = Format::names().into_iter().map(str::to_owned).collect();
            known.extend(mappings::table.order(mappings::name_key).select(mappings::name).load::<String>(conn)?);
            return Err(Error::at_field("format", format!("Unknown format. Known formats: {}.", known.join(", "))));
        };
        return ready(&stored);
    }
    let Some(token) = token else { return Ok(Format::Auto) };
    let mapping: Option<Option<i64>> =
        api_tokens::table.find(token).select(api_tokens::mapping_id).first(conn).optional()?;
    match mapping.flatten() {
        Some(id) => ready(&find(conn, id)?),
        None => Ok(Format::Auto),
    }
}

fn ready(stored: &Stored) -> Result<Format> {
    // It was valid when it was saved, but a newer version of Watchdesk may be stricter.
    let mapping = Mapping::compile(&stored.document()?).map_err(|problems| {
        Error::at_field("format", format!("The mapping {} is not valid: {problems}", stored.name))
    })?;
    Ok(Format::Mapped(Arc::new(mapping)))
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Stored> {
    Ok(mappings::table.find(id).select(Stored::as_select()).first(conn)?)
}

/// By name, in any case.
pub fn by_name(conn: &mut AnyConnection, name: &str) -> Result<Option<Stored>> {
    Ok(mappings::table
        .filter(mappings::name_key.eq(folded(name.trim())))
        .select(Stored::as_select())
        .first(conn)
        .optional()?)
}

pub fn list(conn: &mut AnyConnection) -> Result<Vec<Listed>> {
    let stored: Vec<Stored> = mappings::table.order(mappings::name_key).select(Stored::as_select()).load(conn)?;
    stored.into_iter().map(|mapping| Ok(Listed { tokens: tokens(conn, mapping.id)?, mapping })).collect()
}

/// The names of the valid tokens that send by a mapping.
pub fn tokens(conn: &mut AnyConnection, mapping: i64) -> Result<Vec<String>> {
    Ok(api_tokens::table
        .filter(api_tokens::mapping_id.eq(mapping))
        .filter(api_tokens::revoked_at.is_null())
        .order(api_tokens::name)
        .select(api_tokens::name)
        .load(conn)?)
}

/// The latest changes first; of one mapping, or of all.
pub fn changes(conn: &mut AnyConnection, mapping: Option<i64>, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, mapping, limit)
}

/// What is wrong with a draft, except that its name may be taken.
pub fn check(draft: &Draft) -> std::result::Result<(), Problems> {
    let mut problems = Mapping::compile(&draft.document).err().unwrap_or_default();
    if draft.document.to_json().len() > BODY_MAX {
        problems.add("title", "This mapping is too large: at most 100,000 characters.");
    }
    if draft.sample.len() > SAMPLE_MAX {
        problems.add("sample", "The sample is too large: at most 200,000 characters. A few records are enough.");
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Makes a mapping (`id` is none) or changes one, and returns its id. A `revision` that is not the
/// stored one is a conflict: somebody else saved since.
pub fn save(tx: &mut Tx<'_>, actor: &Actor, id: Option<i64>, revision: Option<i64>, draft: &Draft) -> Result<i64> {
    require(actor, Action::Administer)?;
    check(draft).map_err(|problems| Error::at_field("mapping", problems.to_string()))?;
    let mut document = draft.document.clone();
    document.name = document.name.trim().to_owned();
    // Taking the number also makes two saves of one name take turns.
    let change = setting_changes::next(tx)?;
    if by_name(tx.conn, &document.name)?.is_some_and(|other| Some(other.id) != id) {
        return Err(Error::at_field("name", "A mapping with this name already exists."));
    }
    let body = document.to_json();
    let old = id.map(|id| find(tx.conn, id)).transpose()?;
    if let Some(old) = &old
        && revision.is_some_and(|revision| revision != old.revision)
    {
        return Err(Error::Conflict(Box::<Conflict>::default()));
    }
    let id = match &old {
        Some(old) if old.body == body && old.sample == draft.sample => return Ok(old.id),
        Some(old) => old.id,
        None => tx.take_ids("mapping", 1)?,
    };
    let now = clock::now();
    let values = (
        mappings::name.eq(&document.name),
        mappings::name_key.eq(folded(&document.name)),
        mappings::body.eq(&body),
        mappings::sample.eq(&draft.sample),
        mappings::updated_at.eq(now),
        mappings::updated_by.eq(actor.label()),
    );
    if let Some(old) = &old {
        diesel::update(mappings::table.find(id))
            .set((mappings::revision.eq(old.revision + 1), values))
            .execute(tx.conn)?;
    } else {
        let first = (mappings::id.eq(id), mappings::revision.eq(1), mappings::created_at.eq(now), values);
        diesel::insert_into(mappings::table).values(first).execute(tx.conn)?;
    }
    let before = old.map(|old| old.body);
    if before.as_deref() != Some(body.as_str()) {
        insert_change(tx, actor, change, id, &document.name, (before, Some(body)))?;
    }
    Ok(id)
}

/// Deletes a mapping that no token uses.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<String> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let stored = find(tx.conn, id)?;
    let users = tokens(tx.conn, id)?;
    if !users.is_empty() {
        let why = format!("Tokens use this mapping: {}. Revoke them first.", users.join(", "));
        return Err(Error::at_field("delete", why));
    }
    diesel::delete(mappings::table.find(id)).execute(tx.conn)?;
    insert_change(tx, actor, change, id, &stored.name, (Some(stored.body), None))?;
    Ok(stored.name)
}

type Bodies = (Option<String>, Option<String>);

fn insert_change(tx: &mut Tx<'_>, actor: &Actor, id: i64, mapping: i64, name: &str, (old, new): Bodies) -> Result<()> {
    setting_changes::note(tx, actor, id, Setting { kind: KIND, id: mapping, name }, (old, new))
}
