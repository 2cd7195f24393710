//! Builds devices and accounts, the entities that link most alerts.
//!
//! Adapters fill in the fields; only this file decides keys and names, so that a host of two providers is
//! one entity.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::formats::building::clean_text::first_nonempty;
use crate::formats::building::evidence_item::{add_key, new_evidence};
use crate::formats::building::facts::add_fact;
use crate::formats::building::names_in_text::{member_text, names_in, object_in, parts_in, single};
use crate::formats::building::packed_names::packed;
use crate::model::builtin_account::{is_builtin_domain, is_sid};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::{is_meaningless, is_meaningless_name, is_sid_of_nobody, is_workgroup};

/// The known data of a device.
#[derive(Debug, Default)]
pub(crate) struct Device {
    /// Defender's device id.
    pub mde: String,
    /// Entra's device id.
    pub aad: String,
    /// Short or full names, best first.
    pub names: Vec<String>,
    pub domain: String,
}

impl Device {
    /// `None` when it has neither name nor id.
    pub fn build(mut self) -> Option<IncomingEvidence> {
        let given = std::mem::take(&mut self.names);
        let several = given.iter().find_map(|name| several_in(EvidenceKind::Device, name));
        if let Some(names) = several {
            return Some(new_evidence(EvidenceKind::Device, &packed(&self.in_domain(names))));
        }
        given.iter().filter_map(|name| object_in(name)).for_each(|members| self.look_into(&members));
        let names = given.iter().map(|name| single(EvidenceKind::Device, name.trim_matches('.')));
        self.names.extend(names.map(|name| without_domain(&name).to_owned()));
        self.names.retain(|name| !name.is_empty());
        // Shown when there is nothing better; it gives no key.
        let mut shown = self.names.iter().chain(given.iter().filter(|name| object_in(name).is_none()));
        let placeholder = shown.find(|name| !name.is_empty()).cloned().unwrap_or_default();
        self.names.retain(|name| !is_meaningless_name(EvidenceKind::Device, name));
        let domain = self.domain.trim_matches('.');
        let short = self.names.iter().find(|name| !name.contains('.')).cloned();
        if let Some(short) = short.filter(|_| domain.contains('.')) {
            self.names.push(format!("{short}.{domain}"));
        }
        // The full name is shown, because a search for any part of it finds the device.
        let full = self.names.iter().find(|name| host_of(name) != *name);
        let best = full.or(self.names.first()).map(String::as_str);
        let name = best.or_else(|| first_nonempty(&[&placeholder, &self.mde, &self.aad]))?;
        let mut evidence = new_evidence(EvidenceKind::Device, name);
        add_key(&mut evidence, "mde", &self.mde);
        add_key(&mut evidence, "aad", &self.aad);
        for full in self.names.iter().filter(|name| host_of(name) != *name) {
            add_key(&mut evidence, "fqdn", full);
            add_fact(&mut evidence.facts, "Full name", &full.to_lowercase());
        }
        for name in &self.names {
            add_key(&mut evidence, "host", host_of(name));
        }
        Some(evidence)
    }

    /// Names of a list with the domain that they share.
    fn in_domain(&self, names: Vec<String>) -> Vec<String> {
        let domain = self.domain.trim_matches('.');
        let whole = |name: String| {
            if domain.contains('.') && !name.contains(['.', '{']) { format!("{name}.{domain}") } else { name }
        };
        names.into_iter().map(whole).collect()
    }

    /// Takes what an object in place of the name says, where nothing better is known.
    fn look_into(&mut self, members: &Map<String, Value>) {
        fill(&mut self.mde, members, &["mdatpdeviceid", "mdedeviceid"]);
        fill(&mut self.aad, members, &["aaddeviceid", "azureaddeviceid", "entradeviceid"]);
        fill(&mut self.domain, members, &["dnsdomain", "domain"]);
        let names = ["fqdn", "dnshostname", "devicednsname", "hostname"].map(|name| member_text(members, &[name]));
        self.names.extend(names.into_iter().filter(|name| !name.is_empty()));
    }
}

/// The entries of a list of several.
fn several_in(kind: EvidenceKind, text: &str) -> Option<Vec<String>> {
    parts_in(kind, text).filter(|parts| parts.len() > 1)
}

fn fill(place: &mut String, members: &Map<String, Value>, wanted: &[&str]) {
    if place.is_empty() {
        *place = member_text(members, wanted);
    }
}

/// The host of "CONTOSO\WEB-01".
fn without_domain(name: &str) -> &str {
    name.rsplit('\\').next().filter(|host| !host.is_empty()).unwrap_or(name)
}

/// The first label of a DNS name; an IP address stays whole.
fn host_of(name: &str) -> &str {
    if name.parse::<IpAddr>().is_ok() {
        return name;
    }
    name.split('.').next().unwrap_or(name)
}

/// The known data of an account.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// User principal name: ana@contoso.com.
    pub upn: String,
    /// Account name, also with its domain: CONTOSO\ana.
    pub name: String,
    pub domain: String,
    /// Entra's object id.
    pub aad: String,
    pub sid: String,
    /// Display name.
    pub display: String,
}

impl Account {
    /// `None` when it has neither name nor id.
    pub fn build(mut self) -> Option<IncomingEvidence> {
        let several = [&self.name, &self.upn].into_iter().find_map(|text| several_in(EvidenceKind::User, text));
        if let Some(names) = several {
            return Some(new_evidence(EvidenceKind::User, &packed(&self.in_domain(names))));
        }
        let given = if object_in(&self.name).is_some() { String::new() } else { self.name.clone() };
        self.look_into_objects();
        for text in [&mut self.upn, &mut self.name] {
            *text = single(EvidenceKind::User, text);
        }
        // A person's name may have a comma.
        if self.display.starts_with(['[', '{']) {
            self.display = single(EvidenceKind::User, &self.display);
        }
        self.take_name_from_upn();
        self.take_name_from_display();
        self.split_name();
        self.take_sid();
        if is_meaningless(&self.domain) {
            self.domain.clear();
        }
        let account = match (self.domain.as_str(), self.name.as_str()) {
            ("", _) | (_, "") => String::new(),
            (domain, name) => format!("{domain}\\{name}"),
        };
        let shown: [&str; 7] = [&self.upn, &account, &self.name, &self.display, &self.sid, &self.aad, &given];
        let is_telling = |text: &&&str| {
            !is_meaningless_name(EvidenceKind::User, text) && names_in(EvidenceKind::User, text).is_none()
        };
        let telling = shown.iter().find(is_telling).copied();
        let mut evidence = new_evidence(EvidenceKind::User, telling.or_else(|| first_nonempty(&shown))?);
        self.add_keys(&mut evidence, &account);
        add_fact(&mut evidence.facts, "Display name", &self.display);
        add_fact(&mut evidence.facts, "Account", first_nonempty(&[&account, &self.name]).unwrap_or_default());
        add_fact(&mut evidence.facts, "User principal name", &self.upn);
        add_fact(&mut evidence.facts, "SID", &self.sid);
        add_fact(&mut evidence.facts, "Object ID", &self.aad);
        Some(evidence)
    }

    /// Adds its keys; `account` is its name with the domain. The identifiers of everyone and of the anonymous
    /// take away what the name means, in whatever language it is.
    fn add_keys(&self, evidence: &mut IncomingEvidence, account: &str) {
        if is_sid_of_nobody(&self.sid) {
            return;
        }
        let account = if is_workgroup(&self.domain) { "" } else { account };
        add_key(evidence, "aad", &self.aad);
        add_key(evidence, "sid", &self.sid);
        add_key(evidence, "upn", &self.upn);
        add_key(evidence, "sam", account);
        if is_meaningless(&self.upn) && account.is_empty() {
            add_key(evidence, "name", &self.name);
        }
        if evidence.keys.is_empty() {
            add_key(evidence, "name", &self.display);
        }
    }

    /// Takes for a name what stands in the place of a user principal name and is none: "root", "CONTOSO\ana",
    /// and "ana@", where nothing after the "@" is no domain.
    fn take_name_from_upn(&mut self) {
        let upn = self.upn.strip_suffix('@').unwrap_or(&self.upn);
        if self.name.is_empty() && !upn.contains('@') {
            self.name = upn.to_owned();
            self.upn.clear();
        }
    }

    /// Names of a list with the domain that they share.
    fn in_domain(&self, names: Vec<String>) -> Vec<String> {
        let bare = |name: &str| !name.contains(['\\', '@', '{']);
        if is_meaningless(&self.domain) {
            return names;
        }
        let whole = |name: String| if bare(&name) { format!("{}\\{name}", self.domain) } else { name };
        names.into_iter().map(whole).collect()
    }

    /// Takes what objects in place of names say, where nothing better is known.
    fn look_into_objects(&mut self) {
        let mut objects = Vec::new();
        for text in [&mut self.upn, &mut self.name, &mut self.display] {
            if let Some(members) = object_in(text) {
                text.clear();
                objects.push(members);
            }
        }
        for members in &objects {
            fill(&mut self.upn, members, &["userprincipalname", "upn"]);
            fill(&mut self.name, members, &["samaccountname", "accountname", "username", "login", "name", "email"]);
            fill(&mut self.display, members, &["displayname"]);
            fill(&mut self.domain, members, &["ntdomain", "domainname", "domain"]);
            fill(&mut self.aad, members, &["aaduserid", "azureaduserid", "objectid"]);
            fill(&mut self.sid, members, &["sid", "usersid"]);
        }
    }

    /// Splits account names such as "CONTOSO\ana", and takes "ana@contoso.com" as the user principal name.
    fn split_name(&mut self) {
        let name = self.name.strip_suffix('@').unwrap_or(&self.name).to_owned();
        if let Some((domain, name)) = name.split_once('\\') {
            domain.clone_into(&mut self.domain);
            name.clone_into(&mut self.name);
        } else if name.contains('@') && self.upn.is_empty() {
            self.name.clear();
            self.upn = name;
        } else {
            self.name = name;
        }
    }

    /// Takes a whole account name that stands only in the place of the display name: "NT AUTHORITY\SYSTEM".
    fn take_name_from_display(&mut self) {
        let realm = self.display.rsplit_once('@').map(|(_, realm)| realm);
        let is_whole = self.display.contains('\\') || realm.is_some_and(is_builtin_domain);
        if self.name.is_empty() && self.upn.is_empty() && is_whole {
            self.name.clone_from(&self.display);
        }
    }

    /// Takes a security identifier that stands in the place of a name for what it is.
    fn take_sid(&mut self) {
        for text in [&mut self.name, &mut self.upn, &mut self.display] {
            if is_sid(text) {
                let sid = std::mem::take(text);
                if self.sid.is_empty() {
                    self.sid = sid;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(names: &[&str], domain: &str) -> (String, Vec<String>) {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let domain = domain.to_owned();
        let evidence = Device { names, domain, ..Device::default() }.build();
        evidence.map(|evidence| (evidence.name, evidence.keys)).unwrap_or_default()
    }

    #[test]
    fn a_device_is_known_by_its_full_and_its_short_name() {
        let (name, keys) = device(&["WEB-01.Contoso.test."], "");
        assert_eq!(name, "WEB-01.Contoso.test");
        assert_eq!(keys, ["fqdn:web-01.contoso.test", "host:web-01"]);
        assert_eq!(device(&["web-01"], "contoso.test").1, keys_of_web());
        assert_eq!(device(&["web-01"], "WORKGROUP").1, ["host:web-01"]);
    }

    fn keys_of_web() -> [&'static str; 2] {
        ["fqdn:web-01.contoso.test", "host:web-01"]
    }

    #[test]
    fn an_address_as_a_name_has_no_labels() {
        let (name, keys) = device(&["192.0.2.10"], "");
        assert_eq!(name, "192.0.2.10");
        assert_eq!(keys, ["host:192.0.2.10"]);
    }

    #[test]
    fn a_device_without_a_name_is_shown_by_its_id() {
        let evidence = Device { mde: "AB12".into(), ..Device::default() }.build();
        assert_eq!(
            evidence.map(|evidence| (evidence.name, evidence.keys)),
            Some(("AB12".into(), vec!["mde:ab12".into()]))
        );
        assert_eq!(Device::default().build(), None);
    }

    fn keys(account: Account) -> Vec<String> {
        account.build().map(|evidence| evidence.keys).unwrap_or_default()
    }

    #[test]
    fn a_bare_account_name_is_a_key_only_when_nothing_better_is_known() {
        let bare = |domain: &str| Account { name: "Ana".into(), domain: domain.into(), ..Account::default() };
        assert_eq!(keys(bare("")), ["name:ana"]);
        assert_eq!(keys(bare("CONTOSO")), ["sam:contoso\\ana"]);
    }

    #[test]
    fn whole_account_names_are_taken_apart() {
        let named = |name: &str| Account { name: name.into(), ..Account::default() };
        assert_eq!(keys(named("CONTOSO\\Ana")), ["sam:contoso\\ana"]);
        assert_eq!(keys(named("Ana@Contoso.test")), ["upn:ana@contoso.test"]);
    }

    #[test]
    fn a_security_identifier_in_place_of_a_name_is_one() {
        let named = |name: &str| Account { name: name.into(), ..Account::default() };
        assert_eq!(keys(named("S-1-5-21-1-2-3-1001")), ["sid:s-1-5-21-1-2-3-1001"]);
        assert_eq!(keys(named("NT AUTHORITY\\S-1-5-18")), ["sid:s-1-5-18"]);
        assert_eq!(named("S-1-5-18").build().map(|evidence| evidence.name).as_deref(), Some("S-1-5-18"));
        for nobody in ["S-1-5-7", "S-1-0-0", "S-1-1-0"] {
            assert_eq!(keys(named(nobody)), [""; 0], "{nobody}");
        }
    }

    #[test]
    fn what_stands_for_nobody_has_no_key() {
        for (name, domain, sid) in [
            ("N/A", "CORP", ""),
            ("-", "CORP", ""),
            ("N/A\\N/A", "", ""),
            ("unknown\\unknown", "", ""),
            ("CORP\\-", "", ""),
            ("(empty)", "NT AUTHORITY", ""),
            ("NT AUTHORITY\\ANONYMOUS LOGON", "", ""),
            ("Anonym", "", "S-1-5-7"),
            ("Everyone", "", ""),
            ("NULL SID", "", "S-1-0-0"),
        ] {
            let (name, domain, sid) = (name.to_owned(), domain.to_owned(), sid.to_owned());
            assert_eq!(keys(Account { name, domain, sid, ..Account::default() }), [""; 0]);
        }
        let typed = Account { name: "ana".into(), sid: "S-1-0-0".into(), ..Account::default() };
        assert_eq!(keys(typed), ["name:ana"]);
    }

    #[test]
    fn a_workgroup_is_no_domain() {
        let local = || Account { name: "WORKGROUP\\Ana".into(), ..Account::default() };
        assert_eq!(keys(local()), ["name:ana"]);
        assert_eq!(local().build().map(|evidence| evidence.name).as_deref(), Some("WORKGROUP\\Ana"));
    }

    #[test]
    fn nothing_after_the_at_sign_is_no_domain() {
        let named = |name: &str| Account { name: name.into(), ..Account::default() };
        assert_eq!(keys(named("NT AUTHORITY\\SYSTEM@")), ["sam:nt authority\\system"]);
        assert_eq!(keys(named("ana@")), ["name:ana"]);
        for (upn, key) in [("root", "name:root"), ("CONTOSO\\ana@", "sam:contoso\\ana")] {
            assert_eq!(keys(Account { upn: upn.into(), ..Account::default() }), [key]);
        }
    }
}
