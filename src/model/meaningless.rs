//! Values that stand for "nothing": what products write where a name, an address or a hash is missing.
//! They are shown as they were sent, and identify nothing (R17). This is the only list of them.

use std::net::{IpAddr, SocketAddr};

use crate::model::entity::EvidenceKind;

/// Words for "no value", lower case, as they are without the quotes and brackets around them. A blank stands
/// for "_" and "-" too.
const WORDS: [&str; 43] = [
    "n/a",
    "n.a.",
    "na",
    "#n/a",
    "nil",
    "null",
    "none",
    "nan",
    "void",
    "undefined",
    "undef",
    "unknown",
    "unknown user",
    "unknown host",
    "unknown device",
    "unknownfuturevalue",
    "unresolved",
    "unspecified",
    "unavailable",
    "unassigned",
    "anonymous",
    "anonymous logon",
    "anonymous user",
    "not available",
    "notavailable",
    "not applicable",
    "notapplicable",
    "not set",
    "not specified",
    "not provided",
    "not found",
    "no value",
    "no data",
    "no user",
    "empty",
    "blank",
    "missing",
    "false",
    "true",
    "object object",
    "-1",
    "x.x.x.x",
    // CloudTrail, in place of the name that was typed in a failed sign-in.
    "hidden due to security reasons",
];

/// What Windows calls the group of computers that are in no domain, where nobody gave it another name.
const WORKGROUPS: [&str; 3] = ["workgroup", "mshome", "arbeitsgruppe"];

/// Windows writes it in place of the address of a sign-in on the computer itself.
const OWN_CONSOLE: &str = "local";

/// Groups and placeholders of Windows that stand in place of an account's name, also as other languages of
/// Windows call them. Source: Microsoft, "Well-known SIDs".
const NO_ACCOUNT: [&str; 10] = [
    "everyone",
    "jeder",
    "tout le monde",
    "todos",
    "iedereen",
    "null sid",
    "authenticated users",
    "creator owner",
    "creator group",
    "anonymous anmeldung",
];

/// Mail clients write it in place of addresses that are not shown.
const NO_ADDRESS: &str = "undisclosed recipients";

/// Names that every machine has for itself, alone or with one of the domains of [`OWN_DOMAINS`].
const OWN_NAMES: [&str; 5] = ["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback"];

/// Domains without an owner.
const OWN_DOMAINS: [&str; 6] = ["localdomain", "localdomain4", "localdomain6", "local", "lan", "localhost"];

/// MD5, SHA-1 and SHA-256 of a file without content.
const EMPTY_FILE: [&str; 3] = [
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

/// Lengths of MD5, SHA-1 and SHA-256 in hexadecimal digits.
const HASH_LENGTHS: [usize; 3] = [32, 40, 64];

/// Security identifiers of nobody who could sign in: Everyone, Anonymous, Authenticated Users. The name beside
/// them is that of a group. Source: Microsoft, "Well-known SIDs".
const NOBODY_SIDS: [&str; 3] = ["s-1-1-0", "s-1-5-7", "s-1-5-11"];

/// Null and Nobody: "no identifier", also beside the name of a person. Source: Microsoft, "Well-known SIDs".
const NULL_SIDS: [&str; 2] = ["s-1-0", "s-1-0-0"];

/// Whether a value identifies nothing, whatever it is the name of: a placeholder, an address or name that every
/// machine has for itself, or the hash of an empty file.
pub fn is_meaningless(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let bare = bare(&value);
    is_placeholder(&value)
        || is_own_name(bare)
        || EMPTY_FILE.contains(&bare)
        || (HASH_LENGTHS.contains(&bare.len()) && bare.bytes().all(|byte| byte == b'f'))
        || is_own_address(bare)
}

/// Whether a value says nothing at all: a word for "no value", zeros, a variable that was not filled in.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let bare = bare(&value);
    bare.chars().all(|c| "-–—?*._/\\#%~".contains(c) || c.is_whitespace())
        || bare.chars().all(|c| matches!(c, '0' | '-' | ':'))
        || is_word(bare, &WORDS)
        || NOBODY_SIDS.contains(&bare)
        || NULL_SIDS.contains(&bare)
        || is_not_filled_in(&value)
}

/// Whether a name of a kind of evidence identifies nothing: "WORKGROUP" is no device, "CONTOSO\N/A" no account.
pub fn is_meaningless_name(kind: EvidenceKind, name: &str) -> bool {
    if is_meaningless(name) {
        return true;
    }
    let lower = name.trim().to_lowercase();
    match kind {
        EvidenceKind::Device => is_no_device(bare(&lower)),
        EvidenceKind::User => match lower.rsplit_once('\\') {
            Some((_, account)) => is_no_account(account),
            None => is_no_account(&lower) || lower.split('@').all(is_meaningless),
        },
        EvidenceKind::Mailbox => {
            let recipients = lower.trim_end_matches([':', ';', ' ']);
            is_word(bare(recipients), &[NO_ADDRESS]) || lower.split('@').all(is_meaningless)
        }
        EvidenceKind::Url => is_nowhere(&lower),
        _ => false,
    }
}

/// Whether a security identifier is that of everyone, or of whoever did not sign in.
pub fn is_sid_of_nobody(sid: &str) -> bool {
    NOBODY_SIDS.contains(&sid.trim().to_lowercase().as_str())
}

/// Whether it is the usual name of a workgroup, which is no domain: its accounts are those of one computer.
pub fn is_workgroup(domain: &str) -> bool {
    WORKGROUPS.contains(&domain.trim().to_lowercase().as_str())
}

/// Whether a key ("type:value") of evidence identifies nothing.
pub fn is_meaningless_key(key: &str) -> bool {
    let (key_type, value) = key.split_once(':').unwrap_or(("", key));
    let is_name_of = |kind: EvidenceKind| is_meaningless_name(kind, value);
    match key_type {
        "host" | "fqdn" => is_name_of(EvidenceKind::Device),
        "sam" | "name" | "upn" => is_name_of(EvidenceKind::User),
        "addr" => is_name_of(EvidenceKind::Mailbox),
        "url" => is_name_of(EvidenceKind::Url),
        // Other entities have their type in front of their id.
        "id" => is_meaningless(value) || value.split_once(':').is_some_and(|(_, id)| is_meaningless(id)),
        _ => is_meaningless(value),
    }
}

/// Without the quotes and brackets around it.
fn bare(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || "\"'`()[]{}<>".contains(c))
}

/// Whether it is one of the words; "UNKNOWN_HOST" and "unknown.unknown" are too.
fn is_word(value: &str, words: &[&str]) -> bool {
    let with_blanks = value.replace(['_', '-'], " ");
    words.contains(&value)
        || words.contains(&with_blanks.as_str())
        || (value.contains('.') && value.split('.').all(|label| words.contains(&label)))
}

fn is_no_account(name: &str) -> bool {
    is_meaningless(name) || is_word(bare(name), &NO_ACCOUNT)
}

fn is_no_device(name: &str) -> bool {
    let address = name.split('%').next().unwrap_or(name);
    name == OWN_CONSOLE || is_workgroup(name) || address.parse().is_ok_and(is_link_local)
}

/// Whether a machine means itself by the name, also with a port.
fn is_own_name(name: &str) -> bool {
    let name = without_port(name).trim_end_matches('.');
    let (first, domain) = name.split_once('.').unwrap_or((name, "localdomain"));
    OWN_NAMES.contains(&first) && OWN_DOMAINS.contains(&domain) || name.ends_with(".localhost")
}

fn without_port(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => name,
    }
}

/// Whether a URL leads nowhere, or to the machine or network on which it is opened.
fn is_nowhere(url: &str) -> bool {
    let host = host_of_url(url).filter(|host| !host.is_empty() || url.contains("://"));
    url.starts_with("about:") || host.is_some_and(|host| is_meaningless(host) || is_no_device(host))
}

/// The host of "scheme://user@host:port/path", where the scheme may be missing.
fn host_of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    if let Some(address) = host.strip_prefix('[') {
        return address.split(']').next();
    }
    Some(without_port(host))
}

/// A variable of a template ("${user}", "{{ host }}", "%{host}"), or the number of a Windows message.
fn is_not_filled_in(value: &str) -> bool {
    (value.starts_with("${") || value.starts_with("%{")) && value.ends_with('}')
        || value.starts_with("{{") && value.ends_with("}}")
        || value.strip_prefix("%%").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A loopback, unspecified or broadcast address, also with a port.
fn is_own_address(text: &str) -> bool {
    let address = text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|found| found.ip()));
    address.map(|found| found.to_canonical()).is_some_and(|found| {
        found.is_loopback() || found.is_unspecified() || matches!(found, IpAddr::V4(v4) if v4.is_broadcast())
    })
}

/// An address that every network segment has for itself: 169.254.0.0/16 and fe80::/10.
fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_mean_nothing_however_they_are_written() {
        for value in [
            "",
            " ",
            "-",
            "--",
            "?",
            "*",
            "0",
            "N/A",
            "na",
            "NULL",
            "(null)",
            "None",
            "nil",
            "undefined",
            "Unknown",
            "<unknown>",
            "\"unknown\"",
            "anonymous",
            "ANONYMOUS LOGON",
            "Not Available",
            "not applicable",
            "(empty)",
            "[]",
            "{}",
            "''",
            "[object Object]",
            "${user.name}",
            "{{host}}",
            "%%1842",
        ] {
            assert!(is_meaningless(value) && is_placeholder(value), "{value}");
        }
        assert!(!["127.0.0.1", "::1", "localhost", EMPTY_FILE[0], "ana"].into_iter().any(is_placeholder));
    }

    #[test]
    fn words_are_known_with_other_separators_and_as_every_label_of_a_name() {
        for value in
            ["UNKNOWN_HOST", "unknown-host", "unknown.unknown", "NOT_AVAILABLE", "HIDDEN_DUE_TO_SECURITY_REASONS"]
        {
            assert!(is_meaningless(value), "{value}");
        }
    }

    #[test]
    fn addresses_and_names_of_the_own_machine_mean_nothing() {
        for value in [
            "127.0.0.1",
            "127.8.0.1",
            "::1",
            "[::1]",
            "0.0.0.0",
            "::",
            "::ffff:127.0.0.1",
            "127.0.0.1:80",
            "255.255.255.255",
            "LocalHost",
            "localhost:8080",
            "localhost.localdomain",
            "localhost6.localdomain6",
            "localhost.local",
            "ip6-localhost",
            "ip6-loopback",
            "app.localhost",
        ] {
            assert!(is_meaningless(value), "{value}");
        }
    }

    #[test]
    fn zeros_and_the_hash_of_an_empty_file_mean_nothing() {
        assert!(is_meaningless(&"0".repeat(64)) && is_meaningless(&"0".repeat(32)) && is_meaningless(&"F".repeat(64)));
        assert!(is_meaningless("00000000-0000-0000-0000-000000000000"));
        assert!(EMPTY_FILE.iter().all(|hash| is_meaningless(&hash.to_uppercase())));
        assert!(is_meaningless("S-1-0-0"));
    }

    #[test]
    fn names_addresses_and_hashes_mean_something() {
        for value in [
            "web-01",
            "ana",
            "null-02",
            "nadia",
            "10.0.0.1",
            "192.0.2.7",
            "2001:db8::1",
            "fe80::1",
            "S-1-5-18",
            "S-1-5-21-1-2-3-500",
            "C:\\work\\x.exe",
            "none@contoso.test",
            "0a0a",
            "ff",
            "unknown.example",
            "localhost.contoso.test",
        ] {
            assert!(!is_meaningless(value), "{value}");
        }
    }

    #[test]
    fn keys_that_identify_something_are_told_from_those_that_do_not() {
        for key in [
            "sam:contoso\\ana",
            "sam:contoso\\local",
            "upn:ana@contoso.test",
            "upn:unknown@contoso.test",
            "upn:everyone@contoso.test",
            "addr:none@contoso.test",
            "id:group:7",
            "host:workgroup-01",
            "host:web-01",
            "ip:fe80::1",
            "url:https://short.example/abc",
            "url:https://localhost.evil.example/",
            "url:/wp-login.php",
            "url:evil.example",
            "url:/index.php",
        ] {
            assert!(!is_meaningless_key(key), "{key}");
        }
        for key in [
            "sam:contoso\\-",
            "sam:n/a\\n/a",
            "sam:unknown\\unknown",
            "sam:nt authority\\anonymous logon",
            "sam:contoso\\everyone",
            "name:null sid",
            "upn:-@-",
            "addr:undisclosed-recipients:;",
            "addr:undisclosed recipients",
            "id:group:none",
            "host:n/a",
            "host:workgroup",
            "host:local",
            "host:169.254.7.1",
            "host:fe80::1%eth0",
            "url:http://localhost:8080/a",
            "url:https://127.0.0.1/",
            "url:http://0.0.0.0/",
            "url:http://[::1]:8080/x",
            "url:http://ana@127.0.0.1/x",
            "url:http://169.254.169.254/latest",
            "url:localhost:8080/a",
            "url:localhost/a",
            "url:http://ana@[::1]:80/a",
            "url:about:blank",
            "url:file:///C:/x.html",
            "url:http:///x",
        ] {
            assert!(is_meaningless_key(key), "{key}");
        }
    }

    #[test]
    fn a_name_is_judged_by_what_it_is_the_name_of() {
        assert!(is_meaningless_name(EvidenceKind::Device, "WORKGROUP"));
        assert!(!is_meaningless_name(EvidenceKind::User, "workgroup"));
        assert!(is_meaningless_name(EvidenceKind::User, "CORP\\-"));
        assert!(!is_meaningless_name(EvidenceKind::Device, "everyone"));
    }
}
