//! Making a token with all that belongs to it, in one transaction and with its record.

use crate::accounts::setting_changes::{self, Setting};
use crate::accounts::signing_secret::SigningSecret;
use crate::accounts::token_sources::{self, Binding};
use crate::accounts::tokens::{self, KIND, SentIn};
use crate::db::Tx;
use crate::error::Result;
use crate::model::actor::{Actor, Scope};
use crate::permissions::{Action, require};

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub scope: Scope,
    pub sent_in: SentIn,
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
        let (name, scope, binding) = (name.to_owned(), Scope::Ingest, Binding::Unbound);
        Self { name, scope, sent_in, binding, mapping: None, signing: None }
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
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let secret = tokens::add(tx, actor, &new.name, new.scope, new.sent_in)?;
    token_sources::bind(tx, actor, &new.name, &new.binding)?;
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
