//! Links to what others know of an entity, such as VirusTotal or the team's own wiki: addresses with a place for the
//! entity's name. Administrators write them. Nothing is sent by Watchdesk: a person follows the link or not.

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::lookups;
use crate::text::{folded, one_line};

/// Where the name of the entity goes in an address.
pub const PLACE: &str = "{value}";
/// Characters of a name and of an address; links of all.
const NAME: usize = 60;
const TEMPLATE: usize = 500;
const MOST: i64 = 50;
/// Changes that are shown.
const CHANGES: i64 = 20;
/// The kind of these changes among those of settings.
const KIND: &str = "lookup";

/// The kinds of entities that can be looked up, as addresses name them.
pub const KINDS: [&str; 12] = [
    "device",
    "user",
    "mailbox",
    "ip",
    "file",
    "process",
    "url",
    "domain",
    "registryKey",
    "mailMessage",
    "cloudApplication",
    "cloudResource",
];

/// A link to what others know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideLink {
    pub id: i64,
    pub name: String,
    /// Of which kinds of entities.
    pub kinds: Vec<String>,
    /// An address with [`PLACE`] in it.
    pub template: String,
}

impl OutsideLink {
    /// The address for a value, whose every character but letters and digits is encoded.
    pub fn address(&self, value: &str) -> String {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        // In a path, a plus sign is no blank.
        self.template.replace(PLACE, &encoded.replace('+', "%20"))
    }
}

/// All links by name.
pub fn all(conn: &mut AnyConnection) -> Result<Vec<OutsideLink>> {
    let rows: Vec<(i64, String, String, String)> = lookups::table
        .order(lookups::name_key)
        .select((lookups::id, lookups::name, lookups::kinds, lookups::template))
        .load(conn)?;
    let kinds = |text: &str| text.split(' ').map(str::to_owned).collect();
    Ok(rows
        .into_iter()
        .map(|(id, name, stored, template)| OutsideLink { id, name, kinds: kinds(&stored), template })
        .collect())
}

/// Who added and deleted links, the latest first.
pub fn changes(conn: &mut AnyConnection) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, None, CHANGES)
}

/// Adds a link.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, name: &str, kinds: &[String], template: &str) -> Result<()> {
    require(actor, Action::Administer)?;
    let (name, template) = (one_line(name), template.trim());
    let mut errors = FieldErrors::default();
    check_name(&name, &mut errors);
    if let Err(why) = check_template(template) {
        errors.add("template", why);
    }
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| kinds.iter().any(|asked| asked == kind)).collect();
    if kinds.is_empty() {
        errors.add("kinds", "Choose at least one kind.".to_owned());
    }
    let change = setting_changes::next(tx)?;
    let same: i64 = lookups::table.filter(lookups::name_key.eq(folded(&name))).count().get_result(tx.conn)?;
    if same > 0 {
        errors.add("name", "There is a link with this name.".to_owned());
    }
    let stored: i64 = lookups::table.count().get_result(tx.conn)?;
    if stored >= MOST {
        errors.add("name", "There can be at most 50 links. Delete one first.".to_owned());
    }
    errors.into_result()?;
    let id = tx.take_ids("lookup", 1)?;
    diesel::insert_into(lookups::table)
        .values((
            lookups::id.eq(id),
            lookups::name.eq(&name),
            lookups::name_key.eq(folded(&name)),
            lookups::kinds.eq(kinds.join(" ")),
            lookups::template.eq(template),
        ))
        .execute(tx.conn)?;
    setting_changes::note(tx, actor, change, Setting { kind: KIND, id, name: &name }, (None, Some(template.to_owned())))
}

/// Deletes a link; returns its name.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<String> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let (name, template): (String, String) = lookups::table
        .find(id)
        .select((lookups::name, lookups::template))
        .first(tx.conn)
        .optional()?
        .ok_or_else(|| Error::at_field("id", "This look-up was deleted already."))?;
    diesel::delete(lookups::table.find(id)).execute(tx.conn)?;
    setting_changes::note(tx, actor, change, Setting { kind: KIND, id, name: &name }, (Some(template), None))?;
    Ok(name)
}

fn check_name(name: &str, errors: &mut FieldErrors) {
    if name.is_empty() {
        errors.add("name", "Enter a name.".to_owned());
    } else if name.chars().count() > NAME {
        errors.add("name", "A name can have at most 60 characters.".to_owned());
    }
}

/// Whether a browser may be led there: an address of the web whose host does not come from an alert.
fn check_template(template: &str) -> std::result::Result<(), String> {
    if template.chars().count() > TEMPLATE {
        return Err("An address can have at most 500 characters.".to_owned());
    }
    let rest = template.strip_prefix("https://").or_else(|| template.strip_prefix("http://"));
    let Some(rest) = rest else { return Err("Enter an address that begins with https:// or http://.".to_owned()) };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(PLACE) || host.contains('@') || template.contains(char::is_whitespace) {
        return Err("Enter an address with a host, without spaces, user names, and {value} in the host.".to_owned());
    }
    if !template.contains(PLACE) {
        return Err("Enter {value} where the name of the entity goes.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{OutsideLink, check_template};

    #[test]
    fn a_value_cannot_leave_its_place_in_the_address() {
        let lookup = OutsideLink {
            id: 1,
            name: "Wiki".to_owned(),
            kinds: Vec::new(),
            template: "https://wiki.example/search?q={value}&x=1".to_owned(),
        };
        assert_eq!(lookup.address("a b&c=d#e/../f"), "https://wiki.example/search?q=a%20b%26c%3Dd%23e%2F..%2Ff&x=1");
        assert_eq!(lookup.address("\"><script>"), "https://wiki.example/search?q=%22%3E%3Cscript%3E&x=1");
    }

    #[test]
    fn only_addresses_of_the_web_with_a_fixed_host_are_taken() {
        for good in ["https://vt.example/{value}", "http://10.0.0.1/a?b={value}"] {
            assert_eq!(check_template(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "javascript:alert({value})",
            "https://{value}/",
            "https://{value}.example/",
            "https://vt.example/",
            "https://user@vt.example/{value}",
            "https:///{value}",
            "//vt.example/{value}",
            "data:text/html,{value}",
            "https://vt.example/a b{value}",
        ] {
            assert!(check_template(bad).is_err(), "{bad}");
        }
    }
}
