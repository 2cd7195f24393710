//! What a search of the list would find of other kinds, with links to the search of everything.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::filter::Filter;
use crate::search::{self, Kind, Typed};
use crate::text::{plural, thousands};
use crate::web::shared::query;

/// What is found of one kind: "5 files", and its results.
pub(crate) struct AlsoFound {
    pub label: String,
    pub href: String,
}

/// What else is found of what is searched in a list; nothing where nothing is searched.
pub(crate) fn load(conn: &mut AnyConnection, filter: &Filter) -> Result<Vec<AlsoFound>> {
    if filter.q.is_empty() || filter.list.incident().is_some() {
        return Ok(Vec::new());
    }
    let listed = if filter.list.is_of_alerts() { Kind::Alerts } else { Kind::Incidents };
    let mut found = search::search(conn, &Typed::read(&filter.q), None)?;
    found.retain(|one| one.kind != listed);
    let also = found.into_iter().map(|one| {
        let (total, more) = (one.total(), if one.more { "+" } else { "" });
        AlsoFound {
            label: format!("{}{more} {}", thousands(total), plural(total, noun(one.kind))),
            href: query::link("/search", [("q", filter.q.as_str()), ("kind", one.kind.as_str())]),
        }
    });
    Ok(also.collect())
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Incidents => "incident",
        Kind::Alerts => "alert title",
        Kind::Devices => "device",
        Kind::Users => "user",
        Kind::Mailboxes => "mailbox",
        Kind::Addresses => "address",
        Kind::Files => "file",
        Kind::Processes => "process",
        Kind::Urls => "URL",
        Kind::Emails => "email",
        Kind::RegistryKeys => "registry key",
        Kind::CloudApplications => "cloud application",
        Kind::CloudResources => "cloud resource",
        Kind::Other => "other entity",
        Kind::Techniques => "technique",
        Kind::Comments => "comment",
        Kind::Attachments => "attachment",
    }
}
