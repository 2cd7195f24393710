//! What the members beside a value say of it.

use crate::formats::building::terms::normalized;
use crate::formats::mapping::suggest::evidence_names::HASHES;
use crate::formats::mapping::suggest::fitting::UNCLEAR;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::SampleValue;
use crate::formats::mapping::suggest::typed_lists::kind_of_type;

/// Names of the customer of a service.
const TENANTS: [&str; 6] = ["tenant", "tenantname", "org", "orgname", "organization", "organizationname"];

/// Types of those who are no person.
const NO_PERSONS: [&str; 6] = ["application", "app", "bot", "system", "service", "integration"];

/// Fewest digits of the number of an account at a cloud provider.
const ACCOUNT_DIGITS_MIN: usize = 10;

/// Whether a name is that of an account at a cloud provider or of an application, which are no users, or of the
/// service's own host or of a resource of another type, which are no devices of the alert.
pub(super) fn is_of_provider(kind: &str, entry: &SampleValue, entries: &[SampleValue]) -> bool {
    if !matches!(kind, "user" | "device") {
        return false;
    }
    let path = Path::of(&entry.pointer);
    let beside = beside(entry, entries);
    match kind {
        "user" => {
            let of_account = path.owners().last().is_some_and(|owner| owner == "account");
            let account = matches!(path.last(), "account" | "accountname") || of_account;
            let is_number = |text: &str| text.len() >= ACCOUNT_DIGITS_MIN && text.bytes().all(|b| b.is_ascii_digit());
            let cloud = |name: &str, text: &str| {
                name.starts_with("cloud") || (matches!(name, "accountid" | "id") && is_number(text))
            };
            let no_person = |name: &str, text: &str| name == "type" && NO_PERSONS.contains(&normalized(text).as_str());
            beside.iter().any(|(name, text)| no_person(name, text) || (account && cloud(name, text)))
        }
        "device" => {
            let label = entry.example.split('.').next().unwrap_or_default();
            let tenant =
                |(name, text): &(String, &str)| TENANTS.contains(&name.as_str()) && text.eq_ignore_ascii_case(label);
            // The host name beside an application that signs people in is that of the service.
            let signs_in = ["clientid", "connection"].iter().all(|part| beside.iter().any(|(name, _)| name == part));
            signs_in || beside.iter().any(tenant) || is_of_other_type(&path, &beside)
        }
        _ => false,
    }
}

/// Whether the type of what may be a device says in a word that it is none.
fn is_of_other_type(path: &Path, beside: &[(String, &str)]) -> bool {
    let unclear = path.rank(&UNCLEAR).is_some();
    let other =
        |text: &str| text.chars().any(char::is_alphabetic) && kind_of_type(text).is_none_or(|of| of.0 != "device");
    let is_type = |name: &str| matches!(name, "type" | "resourcetype" | "entitytype" | "targettype" | "offensetype");
    unclear && beside.iter().any(|(name, text)| is_type(name) && other(text))
}

/// Whether an address is where the product shows the record: it ends with an id beside it.
pub(super) fn is_link(entry: &SampleValue, entries: &[SampleValue]) -> bool {
    let end = entry.example.rsplit(['/', '=']).next().filter(|end| !end.is_empty());
    let is_id = |name: &str| name.ends_with("id") || matches!(name, "number" | "key");
    end.is_some_and(|end| beside(entry, entries).iter().any(|(name, text)| is_id(name) && *text == end))
}

/// Whether a path or a name stands beside a hash, so that both are of one file.
pub(super) fn is_beside_hash(field: &str, entry: &SampleValue, entries: &[SampleValue]) -> bool {
    let path = Path::of(&entry.pointer);
    let fits = match field {
        "path" => matches!(path.last(), "path" | "fullpath") && entry.example.contains(['/', '\\']),
        "name" => path.last() == "name" && !path.belongs_to_alert() && path.subject().is_none(),
        _ => false,
    };
    fits && beside(entry, entries).iter().any(|(name, _)| HASHES.contains(&name.as_str()))
}

/// The other members of the same object, with their plain names.
fn beside<'a>(entry: &SampleValue, entries: &'a [SampleValue]) -> Vec<(String, &'a str)> {
    let owner = |pointer: &str| pointer.rsplit_once('/').map(|(owner, _)| owner.to_owned());
    let own = owner(&entry.pointer);
    let others = entries.iter().filter(|other| other.pointer != entry.pointer && owner(&other.pointer) == own);
    others.map(|other| (Path::of(&other.pointer).last().to_owned(), other.example.as_str())).collect()
}
