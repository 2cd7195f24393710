//! Making a token with all that belongs to it, in one transaction and with its record.

use crate::accounts::setting_changes::{self, Setting};
use crate::accounts::signing_secret::SigningSecret;
use crate::accounts::token_sources::{self, Binding};
use crate::accounts::tokens::{self, Created, KIND, SentIn};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::model::actor::{Actor, Scope};
use crate::permissions::{Action, require};

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub scope: Scope,
    pub sent_in: SentIn,
    /// What it is for.
    pub purpose: String,
    /// Until when it works, in microseconds UTC.
    pub expires_at: Option<i64>,
    /// The person who makes it for themselves. It can do no more than they.
    pub owner_id: Option<i64>,
    /// What it may report.
    pub binding: Binding,
    /// The mapping that reads what it sends: its id and name.
    pub mapping: Option<(i64, String)>,
    /// Only bodies that are signed by it are taken.
    pub signing: Option<SigningSecret>,
}

impl NewToken {
    /// A token that sends alerts, without anything else.
    pub fn that_sends(name: &str, sent_in: SentIn) -> Self {
        Self { sent_in, ..Self::new(name, Scope::Ingest) }
    }

    /// A token without anything else.
    pub fn new(name: &str, scope: Scope) -> Self {
        Self {
            name: name.to_owned(),
            scope,
            sent_in: SentIn::Header,
            purpose: String::new(),
            expires_at: None,
            owner_id: None,
            binding: Binding::Unbound,
            mapping: None,
            signing: None,
        }
    }

    /// Lets administrators make any token, and people tokens of their own that can do no more than they.
    fn require(&self, actor: &Actor) -> Result<()> {
        match (self.owner_id, self.scope) {
            (None, _) => require(actor, Action::Administer),
            (Some(owner), _) if actor.id() != Some(owner) || actor.person().is_none() => {
                Err(Error::Forbidden("People create tokens of their own themselves."))
            }
            (Some(_), Scope::Read) => require(actor, Action::View),
            (Some(_), Scope::Write) => require(actor, Action::Work),
            (Some(_), Scope::Ingest) => Err(Error::at_field("scope", "A token of one's own reads or writes.")),
        }
    }

    fn created(&self) -> Created<'_> {
        Created {
            name: &self.name,
            scope: self.scope,
            sent_in: self.sent_in,
            purpose: &self.purpose,
            expires_at: self.expires_at,
            owner_id: self.owner_id,
        }
    }

    /// What the record of changes says of it.
    fn described(&self) -> String {
        let mut parts = vec![self.scope.as_str().to_owned()];
        if self.sent_in == SentIn::Address {
            parts.push("in the address".to_owned());
        }
        parts.extend(self.binding.label().map(|label| format!("sends {label}")));
        parts.extend(self.mapping.as_ref().map(|(_, name)| format!("mapping {name}")));
        parts.extend(self.signing.as_ref().map(|_| "signed".to_owned()));
        parts.join(", ")
    }
}

/// Makes a token and returns its secret, which is not stored. Who made it is in the record of changes.
pub fn make(tx: &mut Tx<'_>, actor: &Actor, new: &NewToken) -> Result<String> {
    new.require(actor)?;
    let change = setting_changes::next(tx)?;
    let secret = tokens::add(tx, &new.created())?;
    if new.binding != Binding::Unbound {
        token_sources::bind(tx, actor, &new.name, &new.binding)?;
    }
    if let Some((mapping, _)) = &new.mapping {
        tokens::set_mapping(tx, actor, &new.name, *mapping)?;
    }
    if let Some(signing) = &new.signing {
        tokens::set_signing_secret(tx, actor, &new.name, signing)?;
    }
    let setting = Setting { kind: KIND, id: tokens::id_of(tx.conn, &new.name)?, name: new.name.trim() };
    setting_changes::note(tx, actor, change, setting, (None, Some(new.described())))?;
    Ok(secret)
}
