//! One host or account under several spellings is one entity. Each entity has keys ("fqdn:...",
//! "sid:...", see `incoming`); evidence that shows a known key is that entity, and teaches it the
//! keys it did not have.

use std::collections::BTreeSet;
use std::net::IpAddr;

use diesel::prelude::*;

use crate::alerts::incoming::{EvidenceKind, IncomingEvidence};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{entities, entity_keys, evidence, incident_entities};
use crate::secrets::sha256_hex;

/// Keys longer than this are stored as their hash, so that an index entry stays small.
const KEY_LIMIT: usize = 200;

impl EvidenceKind {
    /// The stored value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::User => "user",
            Self::Mailbox => "mailbox",
            Self::Ip => "ip",
            Self::File => "file",
            Self::Process => "process",
            Self::Url => "url",
            Self::MailMessage => "mailMessage",
            Self::RegistryKey => "registryKey",
            Self::CloudApplication => "cloudApplication",
            Self::CloudResource => "cloudResource",
            Self::Other => "other",
        }
    }
}

/// The entity that a piece of evidence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub id: i64,
    pub kind: EvidenceKind,
    pub name: String,
    /// Whether sharing it means anything: not for built-in accounts or private addresses.
    pub links: bool,
}

/// Finds or makes the entity. Incidents in `affected` lost an entity to a merge of two spellings
/// and need their counts anew.
pub fn resolve(tx: &mut Tx<'_>, item: &IncomingEvidence, affected: &mut BTreeSet<i64>) -> Result<Resolved> {
    let kind = item.kind;
    let keys: Vec<String> = item.keys.iter().map(|key| bounded(key)).collect();
    let known: Vec<(String, i64)> = entity_keys::table
        .filter(entity_keys::kind.eq(kind.as_str()))
        .filter(entity_keys::key.eq_any(&keys))
        .select((entity_keys::key, entity_keys::entity_id))
        .load(tx.conn)?;
    let mut strong: BTreeSet<i64> = known.iter().filter(|(key, _)| !is_weak(key)).map(|(_, entity)| *entity).collect();
    if strong.is_empty() {
        for (_, entity) in known.iter().filter(|(key, _)| is_weak(key)) {
            if !contradicts(tx.conn, *entity, &keys)? {
                strong.insert(*entity);
                break;
            }
        }
    }
    let mut found = strong.into_iter();
    let Some(id) = found.next() else {
        return create(tx, item, &keys);
    };
    for other in found {
        absorb(tx, id, other, affected)?;
    }
    learn(tx, kind, id, &keys)?;
    improve_name(tx, id, item)
}

/// The entities on the other side of the person-and-mailbox pair: an address that is both a
/// mailbox and a sign-in name is one person.
pub fn counterparts(conn: &mut AnyConnection, items: &[IncomingEvidence]) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for (kind, from, to_kind, to) in
        [(EvidenceKind::Mailbox, "addr:", "user", "upn:"), (EvidenceKind::User, "upn:", "mailbox", "addr:")]
    {
        let keys: Vec<String> = items
            .iter()
            .filter(|item| item.kind == kind)
            .flat_map(|item| &item.keys)
            .filter_map(|key| key.strip_prefix(from).map(|value| bounded(&format!("{to}{value}"))))
            .collect();
        if keys.is_empty() {
            continue;
        }
        ids.extend(
            entity_keys::table
                .filter(entity_keys::kind.eq(to_kind))
                .filter(entity_keys::key.eq_any(keys))
                .select(entity_keys::entity_id)
                .load::<i64>(conn)?,
        );
    }
    Ok(ids)
}

fn bounded(key: &str) -> String {
    bounded_to(key, KEY_LIMIT)
}

/// A key of at most `limit` bytes: a longer one keeps its type and becomes its hash.
pub fn bounded_to(key: &str, limit: usize) -> String {
    if key.len() <= limit {
        return key.to_owned();
    }
    let kind = key.split(':').next().unwrap_or_default();
    format!("{kind}:#{}", sha256_hex(key.as_bytes()))
}

/// A bare name may belong to several; it identifies only where nothing contradicts it.
fn is_weak(key: &str) -> bool {
    key.starts_with("host:") || key.starts_with("name:")
}

/// Whether the entity is known under another value of a key type that the evidence has too:
/// web-01.a.example is not web-01.b.example.
fn contradicts(conn: &mut AnyConnection, entity: i64, keys: &[String]) -> Result<bool> {
    let own: Vec<String> =
        entity_keys::table.filter(entity_keys::entity_id.eq(entity)).select(entity_keys::key).load(conn)?;
    let kind = |key: &str| key.split(':').next().unwrap_or_default().to_owned();
    Ok(keys.iter().filter(|key| !is_weak(key)).any(|key| {
        let mut same_type = own.iter().filter(|known| kind(known) == kind(key)).peekable();
        same_type.peek().is_some() && !same_type.any(|known| known == key)
    }))
}

fn create(tx: &mut Tx<'_>, item: &IncomingEvidence, keys: &[String]) -> Result<Resolved> {
    let id = tx.take_ids("entity", 1)?;
    let links = links(item);
    diesel::insert_into(entities::table)
        .values((
            entities::id.eq(id),
            entities::kind.eq(item.kind.as_str()),
            entities::name.eq(&item.name),
            entities::name_key.eq(item.name.to_lowercase()),
            entities::links.eq(links),
            entities::facts.eq(serde_json::to_string(&item.facts)?),
        ))
        .execute(tx.conn)?;
    learn(tx, item.kind, id, keys)?;
    Ok(Resolved { id, kind: item.kind, name: item.name.clone(), links })
}

fn learn(tx: &mut Tx<'_>, kind: EvidenceKind, id: i64, keys: &[String]) -> Result<()> {
    for key in keys {
        let row = (entity_keys::kind.eq(kind.as_str()), entity_keys::key.eq(key), entity_keys::entity_id.eq(id));
        each!(tx.conn, inner => diesel::insert_into(entity_keys::table).values(row).on_conflict_do_nothing().execute(inner))?;
    }
    Ok(())
}

/// A full name says more than a short one, whichever came first.
fn improve_name(tx: &mut Tx<'_>, id: i64, item: &IncomingEvidence) -> Result<Resolved> {
    let (mut name, links): (String, bool) =
        entities::table.find(id).select((entities::name, entities::links)).first(tx.conn)?;
    let fuller = match item.kind {
        EvidenceKind::Device => item.name.contains('.') && !name.contains('.'),
        EvidenceKind::User => item.name.contains('@') && !name.contains('@'),
        _ => false,
    };
    if fuller {
        name.clone_from(&item.name);
        diesel::update(entities::table.find(id))
            .set((entities::name.eq(&name), entities::name_key.eq(name.to_lowercase())))
            .execute(tx.conn)?;
    }
    Ok(Resolved { id, kind: item.kind, name, links })
}

/// Two entities turn out to be one: the older takes over the other's keys and evidence.
fn absorb(tx: &mut Tx<'_>, keep: i64, gone: i64, affected: &mut BTreeSet<i64>) -> Result<()> {
    affected.extend(
        incident_entities::table
            .filter(incident_entities::entity_id.eq(gone))
            .select(incident_entities::incident_id)
            .load::<i64>(tx.conn)?,
    );
    diesel::update(entity_keys::table.filter(entity_keys::entity_id.eq(gone)))
        .set(entity_keys::entity_id.eq(keep))
        .execute(tx.conn)?;
    let both: Vec<i64> =
        evidence::table.filter(evidence::entity_id.eq(keep)).select(evidence::alert_id).load(tx.conn)?;
    for alerts in both.chunks(500) {
        diesel::delete(evidence::table.filter(evidence::entity_id.eq(gone)).filter(evidence::alert_id.eq_any(alerts)))
            .execute(tx.conn)?;
    }
    diesel::update(evidence::table.filter(evidence::entity_id.eq(gone)))
        .set(evidence::entity_id.eq(keep))
        .execute(tx.conn)?;
    diesel::delete(incident_entities::table.filter(incident_entities::entity_id.eq(gone))).execute(tx.conn)?;
    diesel::delete(entities::table.find(gone)).execute(tx.conn)?;
    Ok(())
}

fn links(item: &IncomingEvidence) -> bool {
    match item.kind {
        EvidenceKind::Device => !matches!(item.name.to_lowercase().as_str(), "" | "localhost" | "unknown" | "-"),
        EvidenceKind::User => !is_builtin_account(item),
        EvidenceKind::Mailbox => true,
        EvidenceKind::Ip => item.name.parse().is_ok_and(is_public),
        _ => false,
    }
}

/// Accounts that exist on every machine: sharing SYSTEM or root relates nothing.
fn is_builtin_account(item: &IncomingEvidence) -> bool {
    const NAMES: [&str; 12] = [
        "system",
        "local service",
        "network service",
        "anonymous logon",
        "localsystem",
        "localservice",
        "networkservice",
        "root",
        "administrator",
        "admin",
        "guest",
        "nobody",
    ];
    const SIDS: [&str; 6] = ["s-1-5-18", "s-1-5-19", "s-1-5-20", "s-1-5-7", "s-1-5-90-", "s-1-5-96-"];
    item.keys.iter().any(|key| {
        let (kind, value) = key.split_once(':').unwrap_or_default();
        match kind {
            "sid" => SIDS.iter().any(|sid| value == *sid || (sid.ends_with('-') && value.starts_with(sid))),
            "sam" => value.starts_with("nt authority\\") || value.starts_with("window manager\\"),
            _ => false,
        }
    }) || item.keys.iter().all(|key| key.strip_prefix("name:").is_some_and(|name| NAMES.contains(&name)))
}

/// Addresses that are somewhere in particular. The documentation ranges count: examples and
/// exercises use them in the place of public ones.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || first == 0
                || first >= 240
                || (first == 100 && (64..128).contains(&second)))
        }
        IpAddr::V6(v6) => {
            let first = v6.segments().first().copied().unwrap_or_default();
            match v6.to_ipv4_mapped() {
                Some(v4) => is_public(IpAddr::V4(v4)),
                None => {
                    !(v6.is_loopback()
                        || v6.is_unspecified()
                        || v6.is_multicast()
                        || (first & 0xfe00) == 0xfc00
                        || (first & 0xffc0) == 0xfe80)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(keys: &[&str]) -> IncomingEvidence {
        IncomingEvidence {
            kind: EvidenceKind::User,
            keys: keys.iter().map(|&key| key.to_owned()).collect(),
            ..IncomingEvidence::default()
        }
    }

    #[test]
    fn private_and_reserved_addresses_do_not_link() {
        let public = |text: &str| text.parse().is_ok_and(is_public);
        assert!(public("8.8.8.8") && public("203.0.113.9") && public("2001:db8::1"));
        for private in
            ["10.0.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "253.1.244.215", "::1", "fe80::1", "fd00::1"]
        {
            assert!(!public(private), "{private}");
        }
    }

    #[test]
    fn builtin_accounts_do_not_link_and_people_do() {
        assert!(is_builtin_account(&user(&["sid:s-1-5-18", "name:system"])));
        assert!(is_builtin_account(&user(&["sam:nt authority\\system"])));
        assert!(is_builtin_account(&user(&["name:root"])));
        assert!(!is_builtin_account(&user(&["sid:s-1-5-21-1-2-3-1001", "name:administrator"])));
        assert!(!is_builtin_account(&user(&["upn:ana@contoso.com"])));
    }
}
