//! Addresses for links. `routes` lists their handlers.

use std::fmt::Display;

use crate::entities::kind;
use crate::web::shared::query;

pub fn incident(id: impl Display) -> String {
    format!("/incidents/{id}")
}

/// A tab of an incident's page, by its name in the address.
pub fn incident_tab(id: impl Display, tab: &str) -> String {
    format!("/incidents/{id}/{tab}")
}

pub fn alert_payload(id: i64) -> String {
    format!("{}/payload", alert(id))
}

/// The page with an alert's evidence alone.
pub fn alert_evidence(id: i64) -> String {
    format!("{}/evidence", alert(id))
}

pub fn alert(id: impl Display) -> String {
    format!("/alerts/{id}")
}

/// The page with the progress and the result of an operation.
pub fn operation(id: impl Display) -> String {
    format!("/operations/{id}")
}

/// The page of an entity, by its stored kind and best name.
pub fn entity(stored_kind: &str, name: &str, id: i64) -> String {
    format!("/entities/{}/{id}", kind::in_address(stored_kind, name))
}

/// An entry of the history of an entity, which has the address `page`: the history that begins with it.
pub fn entity_entry(page: &str, entry: i64) -> String {
    let after_it = (entry + 1).to_string();
    format!("{}#entry-{entry}", query::link(page, [("before", after_it.as_str())]))
}

/// The page of the entity with a name.
pub fn entity_named(kind: &str, name: &str) -> String {
    query::link(&format!("/entities/{kind}"), [("name", name)])
}

/// An attached file.
pub fn attachment(id: i64) -> String {
    format!("/attachments/{id}")
}

/// The same as an encrypted zip.
pub fn attachment_zip(id: i64) -> String {
    format!("/attachments/{id}.zip")
}
