//! Accounts that every machine has, such as SYSTEM and root. They belong to their device: the SYSTEM of one
//! device has nothing to do with that of another (R17).

use crate::model::meaningless::is_meaningless;

/// Domains whose accounts are all built in.
const DOMAINS: [&str; 6] =
    ["nt authority", "nt service", "window manager", "font driver host", "builtin", "iis apppool"];

/// Built-in accounts by name, with or without a domain.
const SERVICES: [&str; 15] = [
    "system",
    "local system",
    "localsystem",
    "local service",
    "localservice",
    "network service",
    "networkservice",
    "trustedinstaller",
    "root",
    "daemon",
    "nobody",
    "www-data",
    "apache",
    "nginx",
    "syslog",
];

/// Accounts that a machine has, and a domain too: built in only where no domain is given.
const BARE: [&str; 5] = ["administrator", "admin", "guest", "defaultaccount", "sshd"];

/// Security identifiers of built-in accounts with the accounts' names; one that ends in "-" is the
/// beginning of many. Source: Microsoft, "Well-known SIDs".
const SIDS: [(&str, &str); 8] = [
    ("s-1-5-18", "system"),
    ("s-1-5-19", "local service"),
    ("s-1-5-20", "network service"),
    ("s-1-5-80-", ""),
    ("s-1-5-82-", ""),
    ("s-1-5-90-", ""),
    ("s-1-5-96-", ""),
    ("s-1-5-32-", ""),
];

/// The name of the built-in account that has these keys ("type:value", lower case); `None` for an account
/// that somebody made. A security identifier says more than a name.
pub fn name_of(keys: &[String]) -> Option<String> {
    let values = |key_type: &'static str| keys.iter().filter_map(move |key| key.strip_prefix(key_type));
    if let Some(sid) = values("sid:").next() {
        return SIDS
            .iter()
            .find(|(known, _)| sid_is(sid, known))
            .map(|(_, name)| if name.is_empty() { sid.to_owned() } else { (*name).to_owned() });
    }
    if values("aad:").next().is_some() {
        return None;
    }
    let full = values("sam:").find_map(|account| {
        let (domain, name) = account.split_once('\\')?;
        (DOMAINS.contains(&domain) || is_service(name)).then(|| usual(name))
    });
    let principal = || {
        let (name, realm) = values("upn:").next()?.split_once('@')?;
        (is_unix(name) && (!realm.contains('.') || is_meaningless(realm))).then(|| usual(name))
    };
    let bare = || values("name:").find(|name| is_service(name) || BARE.contains(name)).map(usual);
    full.or_else(principal).or_else(bare)
}

/// The name of the computer whose own account this is: "WEB-01$" is the account of WEB-01.
pub fn computer_of(keys: &[String]) -> Option<String> {
    keys.iter().find_map(|key| {
        let (key_type, value) = key.split_once(':')?;
        let name = match key_type {
            "sam" => value.rsplit('\\').next()?,
            "upn" => value.split('@').next()?,
            "name" => value,
            _ => return None,
        };
        name.strip_suffix('$').filter(|name| !name.is_empty() && !name.contains('$')).map(str::to_owned)
    })
}

fn sid_is(sid: &str, known: &str) -> bool {
    if known.ends_with('-') { sid.starts_with(known) } else { sid == known }
}

/// Whether it is a service account, or the account of a session ("DWM-1", "UMFD-0").
fn is_service(name: &str) -> bool {
    let of_session = ["dwm-", "umfd-"].iter().any(|start| {
        name.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    of_session || SERVICES.contains(&name)
}

fn is_unix(name: &str) -> bool {
    matches!(name, "root" | "daemon" | "nobody" | "www-data")
}

/// One spelling for each account.
fn usual(name: &str) -> String {
    match name {
        "local system" | "localsystem" => "system",
        "localservice" => "local service",
        "networkservice" => "network service",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(keys: &[&str]) -> Option<String> {
        name_of(&keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn built_in_accounts_are_known_by_identifier_domain_and_name() {
        assert_eq!(name(&["sid:s-1-5-18", "name:sistema"]).as_deref(), Some("system"));
        assert_eq!(name(&["sam:nt authority\\system"]).as_deref(), Some("system"));
        assert_eq!(name(&["sam:nt service\\mssql$payroll"]).as_deref(), Some("mssql$payroll"));
        assert_eq!(name(&["sam:window manager\\dwm-3"]).as_deref(), Some("dwm-3"));
        assert_eq!(name(&["name:localsystem"]).as_deref(), Some("system"));
        assert_eq!(name(&["name:root"]).as_deref(), Some("root"));
        assert_eq!(name(&["upn:root@127.0.0.1"]).as_deref(), Some("root"));
        assert_eq!(name(&["name:administrator"]).as_deref(), Some("administrator"));
    }

    #[test]
    fn accounts_that_somebody_made_are_not_built_in() {
        for keys in [
            &["sid:s-1-5-21-1-2-3-500", "name:administrator"][..],
            &["sam:contoso\\administrator"],
            &["upn:root@contoso.test"],
            &["aad:1", "name:admin"],
            &["name:ana"],
        ] {
            assert_eq!(name(keys), None, "{keys:?}");
        }
    }

    #[test]
    fn the_account_of_a_computer_names_the_computer() {
        let of = |key: &str| computer_of(&[key.to_owned()]);
        for key in ["sam:contoso\\web-01$", "upn:web-01$@contoso.test", "name:web-01$"] {
            assert_eq!(of(key).as_deref(), Some("web-01"), "{key}");
        }
        assert_eq!(of("sam:contoso\\ana"), None);
        assert_eq!(of("name:$"), None);
    }
}
