//! Accounts that every machine has, such as SYSTEM and root. They belong to their device: the SYSTEM of one
//! device has nothing to do with that of another (R17).

use crate::model::meaningless::is_meaningless;

/// Domains whose accounts are all built in, also as other languages of Windows call NT AUTHORITY, without
/// blanks and punctuation.
const DOMAINS: [&str; 18] = [
    "ntauthority",
    "autoridadent",
    "autoritent",
    "autoritént",
    "autoritànt",
    "autoritatnt",
    "ntautorität",
    "ntautoritat",
    "ntautoriteit",
    "ntinstans",
    "ntmyndighet",
    "zarządzanient",
    "ntservice",
    "ntvirtualmachine",
    "windowmanager",
    "fontdriverhost",
    "builtin",
    "iisapppool",
];

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

/// Security identifiers of built-in accounts that have a usual name. Source: Microsoft, "Well-known SIDs".
const SIDS: [(&str, &str); 3] =
    [("s-1-5-18", "system"), ("s-1-5-19", "local service"), ("s-1-5-20", "network service")];

/// How other security identifiers of built-in accounts begin: groups and services of Windows, virtual accounts,
/// sessions, app containers. Source: Microsoft, "Well-known SIDs".
const SIDS_BEGIN: [&str; 11] = [
    "s-1-5-5-",
    "s-1-5-32-",
    "s-1-5-64-",
    "s-1-5-80-",
    "s-1-5-82-",
    "s-1-5-83-",
    "s-1-5-90-",
    "s-1-5-94-",
    "s-1-5-96-",
    "s-1-15-",
    "s-1-16-",
];

/// The name of the built-in account that has these keys ("type:value", lower case); `None` for an account
/// that somebody made. A domain such as NT AUTHORITY says more than a security identifier, which sources also
/// take from another account of the event; an identifier says more than a name.
pub fn name_of(keys: &[String]) -> Option<String> {
    let values = |key_type: &'static str| keys.iter().filter_map(move |key| key.strip_prefix(key_type));
    let names = || keys.iter().filter_map(|key| split_name(key));
    if let Some((_, name)) = names().find(|(domain, _)| is_builtin_domain(domain)) {
        return Some(usual(name));
    }
    if let Some(sid) = values("sid:").next() {
        let known = SIDS.iter().find(|(known, _)| *known == sid).map(|(_, name)| (*name).to_owned());
        return known.or_else(|| is_builtin_sid(sid).then(|| sid.to_owned()));
    }
    if values("aad:").next().is_some() {
        return None;
    }
    let of_windows = values("sam:").filter_map(|account| account.split_once('\\')).find(|(_, name)| is_service(name));
    let of_unix = || {
        let mut principals = values("upn:").filter_map(|principal| principal.split_once('@'));
        principals
            .find(|(name, realm)| is_unix(name) && (!realm.contains('.') || is_meaningless(realm)))
            .map(|(name, _)| name)
    };
    let bare = || {
        let names = || values("upn:").filter(|name| !name.contains('@')).chain(values("name:"));
        names().find(|name| is_builtin_name(name))
    };
    of_windows.map(|(_, name)| name).or_else(of_unix).or_else(bare).map(usual)
}

/// Domain and name of a key, where it has both: "DOMAIN\name" or "name@domain".
fn split_name(key: &str) -> Option<(&str, &str)> {
    let (key_type, value) = key.split_once(':')?;
    if !matches!(key_type, "sam" | "upn" | "name") {
        return None;
    }
    value.split_once('\\').or_else(|| value.rsplit_once('@').map(|(name, domain)| (domain, name)))
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

/// Whether all accounts of the domain are built in.
pub fn is_builtin_domain(domain: &str) -> bool {
    let plain: String = domain.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    DOMAINS.contains(&plain.as_str())
}

/// Whether a name without a domain is that of a built-in account.
pub fn is_builtin_name(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    is_service(&name) || BARE.contains(&name.as_str())
}

/// Whether a text is a security identifier of Windows: "S-1-5-18".
pub fn is_sid(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let numbers = lower.strip_prefix("s-1-");
    numbers.is_some_and(|rest| {
        rest.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether nobody made the account: Windows has it by itself. All that end after "S-1-5-" and one number are.
fn is_builtin_sid(sid: &str) -> bool {
    let is_short = |rest: &str| rest.len() < 4 && rest.bytes().all(|byte| byte.is_ascii_digit());
    sid.strip_prefix("s-1-5-").is_some_and(is_short) || SIDS_BEGIN.iter().any(|start| sid.starts_with(start))
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

/// One spelling for each account, also for what other languages of Windows call SYSTEM.
fn usual(name: &str) -> String {
    match name {
        "local system" | "localsystem" | "sistema" | "système" | "systeem" => "system",
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
        assert_eq!(name(&["upn:local service@nt authority"]).as_deref(), Some("local service"));
        assert_eq!(name(&["sid:s-1-5-21-1-2-3-1001", "sam:nt authority\\system"]).as_deref(), Some("system"));
        assert_eq!(name(&["upn:root"]).as_deref(), Some("root"));
        assert_eq!(name(&["sid:s-1-5-17", "name:iusr"]).as_deref(), Some("s-1-5-17"));
    }

    #[test]
    fn every_account_of_nt_authority_is_built_in_in_every_language() {
        for (key, expected) in [
            ("sam:nt authority\\system", "system"),
            ("sam:nt authority\\iusr", "iusr"),
            ("sam:nt authority\\sistema", "system"),
            ("sam:autorite nt\\système", "system"),
            ("sam:autoridade nt\\sistema", "system"),
            ("sam:nt-autorität\\netzwerkdienst", "netzwerkdienst"),
        ] {
            assert_eq!(name(&[key]).as_deref(), Some(expected), "{key}");
        }
    }

    #[test]
    fn security_identifiers_are_told_from_names() {
        for sid in ["S-1-5-18", "s-1-0-0", "S-1-5-21-1-2-3-500"] {
            assert!(is_sid(sid), "{sid}");
        }
        for text in ["S-1-", "S-1-x", "S-1-5-", "s-1", "ana"] {
            assert!(!is_sid(text), "{text}");
        }
    }

    #[test]
    fn accounts_that_somebody_made_are_not_built_in() {
        for keys in [
            &["sid:s-1-5-21-1-2-3-500", "name:administrator"][..],
            &["sam:contoso\\administrator"],
            &["upn:root@contoso.test"],
            &["aad:1", "name:admin"],
            &["sid:s-1-12-1-1-2-3-4", "name:ana"],
            &["sid:s-1-2-3-4", "name:system"],
            &["upn:system@contoso.test"],
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
