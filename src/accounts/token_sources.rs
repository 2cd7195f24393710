//! The sources that tokens are bound to, which say what a token may report.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::{Actor, Scope};
use crate::permissions::{Action, require};
use crate::schema::{api_tokens, token_sources};

/// The word that stands for every source.
const ANY: &str = "any";
/// Longest name of a source, in characters, as alerts have it.
const NAME: usize = 100;
/// Most sources of a token.
const MOST: usize = 100;

/// What a token may report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// It may create alerts of any source, and update those that it or an import reported.
    Unbound,
    /// It may create and update alerts of these sources, and of no other.
    Sources(BTreeSet<String>),
    /// It may create and update alerts of any source.
    Any,
}

impl Binding {
    /// What was asked for: names of sources, or "any" alone.
    pub fn parse(names: &[String]) -> Result<Self> {
        let wrong = |why: String| Err(Error::at_field("source", why));
        let names: BTreeSet<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        if names.contains(ANY) {
            return if names.len() == 1 {
                Ok(Self::Any)
            } else {
                wrong("Bind a token to any source or to named sources, not to both.".to_owned())
            };
        }
        if names.len() > MOST {
            return wrong(format!("A token can be bound to at most {MOST} sources."));
        }
        match names.iter().find(|name| name.is_empty() || name.chars().count() > NAME) {
            Some(_) => wrong(format!("A source name must have 1 to {NAME} characters.")),
            None if names.is_empty() => Ok(Self::Unbound),
            None => Ok(Self::Sources(names)),
        }
    }

    /// For lists: "any source", the names, or nothing.
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Unbound => None,
            Self::Any => Some("any source".to_owned()),
            Self::Sources(names) => Some(listed(names)),
        }
    }
}

/// Names in a sentence: "wazuh" or "elastic, wazuh".
pub fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Binds a token that was just made.
pub fn bind(tx: &mut Tx<'_>, actor: &Actor, name: &str, binding: &Binding) -> Result<()> {
    require(actor, Action::Administer)?;
    if *binding == Binding::Unbound {
        return Ok(());
    }
    let sends_alerts = api_tokens::scope.eq(Scope::Ingest.as_str());
    let id: Option<i64> = diesel::update(api_tokens::table.filter(api_tokens::name.eq(name.trim())))
        .filter(sends_alerts)
        .set(api_tokens::any_source.eq(*binding == Binding::Any))
        .returning(api_tokens::id)
        .get_result(tx.conn)
        .optional()?;
    let Some(id) = id else {
        return Err(Error::at_field("scope", "Only a token with the ingest scope can be bound to a source."));
    };
    if let Binding::Sources(names) = binding {
        for source in names {
            diesel::insert_into(token_sources::table)
                .values((token_sources::token_id.eq(id), token_sources::source.eq(source)))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// What a token may report now; `None` once it is revoked, or where it may not send alerts at all.
pub fn of_sender(conn: &mut AnyConnection, token: i64) -> Result<Option<Binding>> {
    let any: Option<bool> = api_tokens::table
        .find(token)
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::scope.eq(Scope::Ingest.as_str()))
        .select(api_tokens::any_source)
        .first(conn)
        .optional()?;
    let Some(any) = any else { return Ok(None) };
    if any {
        return Ok(Some(Binding::Any));
    }
    let names: Vec<String> =
        token_sources::table.filter(token_sources::token_id.eq(token)).select(token_sources::source).load(conn)?;
    Ok(Some(if names.is_empty() { Binding::Unbound } else { Binding::Sources(names.into_iter().collect()) }))
}

/// The bindings of all tokens that have one, by token.
pub fn all(conn: &mut AnyConnection) -> Result<BTreeMap<i64, Binding>> {
    let mut found = BTreeMap::new();
    let rows: Vec<(i64, String)> = token_sources::table.select(token_sources::all_columns).load(conn)?;
    for (token, source) in rows {
        let binding = found.entry(token).or_insert_with(|| Binding::Sources(BTreeSet::new()));
        if let Binding::Sources(names) = binding {
            names.insert(source);
        }
    }
    let any: Vec<i64> = api_tokens::table.filter(api_tokens::any_source.eq(true)).select(api_tokens::id).load(conn)?;
    found.extend(any.into_iter().map(|token| (token, Binding::Any)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(names: &[&str]) -> Option<Binding> {
        Binding::parse(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn a_token_is_bound_to_named_sources_or_to_any_and_not_to_both() {
        assert_eq!(parse(&[]), Some(Binding::Unbound));
        assert_eq!(parse(&["any"]), Some(Binding::Any));
        let two = BTreeSet::from(["elastic".to_owned(), "wazuh".to_owned()]);
        assert_eq!(parse(&["wazuh", " elastic"]), Some(Binding::Sources(two)));
        for wrong in [&["any", "wazuh"][..], &[""], &["x".repeat(101).as_str()]] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
