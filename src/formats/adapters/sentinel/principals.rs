//! Sentinel's hosts and accounts as evidence.

use serde_json::Value;

use crate::formats::adapters::sentinel::facts as rows;
use crate::formats::building::evidence::add_key;
use crate::formats::building::facts::{add_fact, add_member_facts};
use crate::formats::building::json::{objects_of, text_of};
use crate::formats::building::principals::{Account, Device};
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_meaningless;

/// A host with every spelling of its name.
pub(super) fn host(value: &Value) -> Option<IncomingEvidence> {
    let keys = ["HostName", "FQDN", "NetBiosName"];
    let mut evidence = Device {
        mde: text_of(value, &["MdatpDeviceId"]),
        aad: text_of(value, &["AadDeviceId"]),
        names: keys.iter().map(|key| text_of(value, &[key])).collect(),
        domain: text_of(value, &["DnsDomain"]),
    }
    .build()?;
    add_member_facts(&mut evidence.facts, value, rows::HOST);
    for user in objects_of(value, "LoggedOnUsers") {
        let user = account(user).build().map(|user| user.name);
        add_fact(&mut evidence.facts, "Logged-on user", &user.unwrap_or_default());
    }
    Some(evidence)
}

/// "Name" is an account name, a whole one with its domain, or a person's name. A person's name has a blank; so
/// have built-in accounts, but their domain ("NT AUTHORITY") has a blank too.
fn account(value: &Value) -> Account {
    let domain = text_of(value, &["NTDomain", "DomainName"]);
    let name = text_of(value, &["Name"]);
    let is_person = name.contains(' ') && !domain.contains(' ') && !name.contains(['\\', '@']);
    let name = if is_person { String::new() } else { name };
    let suffix = text_of(value, &["UPNSuffix"]);
    let upn = match (is_meaningless(&name) || suffix.is_empty(), name.contains(['@', '\\'])) {
        (false, false) => format!("{name}@{suffix}"),
        _ => String::new(),
    };
    let account_name = text_of(value, &["AccountName"]);
    let given_upn = text_of(value, &["UserPrincipalName"]);
    Account {
        upn: if given_upn.is_empty() { upn } else { given_upn },
        name: if account_name.is_empty() { name } else { account_name },
        domain,
        aad: text_of(value, &["AadUserId"]),
        sid: text_of(value, &["Sid"]),
        display: text_of(value, &["DisplayName", "Name"]),
    }
}

/// An account with both of its domains, the DNS name and the Windows name.
pub(super) fn user(value: &Value) -> Option<IncomingEvidence> {
    let account = account(value);
    let (name, other) = (account.name.clone(), text_of(value, &["DomainName"]));
    let mut evidence = account.build()?;
    if !name.is_empty() && !name.contains(['\\', '@']) && !other.is_empty() {
        add_key(&mut evidence, "sam", &format!("{other}\\{name}"));
    }
    Some(evidence)
}
