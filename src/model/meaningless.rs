//! Values that stand for "nothing": what products write where a name, an address or a hash is missing.
//! They are shown as they were sent, and identify nothing (R17). This is the only list of them.

use std::net::{IpAddr, SocketAddr};

/// Words for "no value", lower case, as they are without the quotes and brackets around them.
const WORDS: [&str; 42] = [
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
];

/// Names that every machine has for itself.
const OWN_NAMES: [&str; 6] = [
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost4.localdomain4",
    "localhost6",
    "localhost6.localdomain6",
];

/// MD5, SHA-1 and SHA-256 of a file without content.
const EMPTY_FILE: [&str; 3] = [
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

/// Security identifiers of nobody in particular: Null, Nobody, Everyone, Anonymous, Authenticated Users.
/// Source: Microsoft, "Well-known SIDs".
const NOBODY: [&str; 5] = ["s-1-0", "s-1-0-0", "s-1-1-0", "s-1-5-7", "s-1-5-11"];

/// Whether a value identifies nothing: a placeholder, an address or name that every machine has for itself, or the
/// hash of an empty file.
pub fn is_meaningless(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let bare = bare_of(&value);
    is_placeholder(&value)
        || OWN_NAMES.contains(&bare.trim_end_matches('.'))
        || EMPTY_FILE.contains(&bare)
        || is_own_address(bare)
}

/// Whether a value says nothing at all: a word for "no value", zeros, a variable that was not filled in.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let bare = bare_of(&value);
    bare.chars().all(|c| "-–—?*._/\\#%~".contains(c) || c.is_whitespace())
        || bare.chars().all(|c| matches!(c, '0' | '-' | ':'))
        || WORDS.contains(&bare)
        || NOBODY.contains(&bare)
        || is_not_filled_in(&value)
}

/// The value without quotes and brackets around it.
fn bare_of(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || "\"'`()[]{}<>".contains(c))
}

/// Whether a key ("type:value") of evidence identifies nothing.
pub fn is_meaningless_key(key: &str) -> bool {
    let (key_type, value) = key.split_once(':').unwrap_or(("", key));
    if is_meaningless(value) {
        return true;
    }
    match key_type {
        // The account is what counts: "CONTOSO\-" and "NT AUTHORITY\ANONYMOUS LOGON" are nobody.
        "sam" => value.rsplit('\\').next().is_some_and(is_meaningless),
        "upn" | "addr" => value.split('@').all(is_meaningless),
        "url" => host_of_url(value).is_some_and(is_meaningless),
        // Other entities have their type in front of their id.
        "id" => value.split_once(':').is_some_and(|(_, id)| is_meaningless(id)),
        _ => false,
    }
}

/// Whether a name identifies nothing, also as an account with its domain ("CONTOSO\-"), as a mail address or as a
/// URL.
pub fn is_meaningless_name(name: &str) -> bool {
    ["sam", "addr", "url"].iter().any(|key_type| is_meaningless_key(&format!("{key_type}:{name}")))
}

/// The host of "scheme://user@host:port/path", also without the scheme; `None` for a path alone.
fn host_of_url(url: &str) -> Option<&str> {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest,
        None if url.starts_with('/') => return None,
        None => url,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.starts_with('[') {
        return host.split(']').next();
    }
    host.split(':').next()
}

/// A variable of a template ("${user}", "{{ host }}", "%{host}"), or the number of a Windows message.
fn is_not_filled_in(value: &str) -> bool {
    (value.starts_with("${") || value.starts_with("%{")) && value.ends_with('}')
        || value.starts_with("{{") && value.ends_with("}}")
        || value.strip_prefix("%%").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A loopback or unspecified address, also with a port.
fn is_own_address(text: &str) -> bool {
    let address = text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|found| found.ip()));
    address.map(|found| found.to_canonical()).is_some_and(|found| found.is_loopback() || found.is_unspecified())
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
    fn addresses_and_names_of_the_own_machine_mean_nothing() {
        for value in
            ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "0.0.0.0", "::", "::ffff:127.0.0.1", "127.0.0.1:80", "LocalHost"]
        {
            assert!(is_meaningless(value), "{value}");
        }
        for url in [
            "http://localhost:8080/a",
            "https://127.0.0.1/",
            "http://ana@[::1]:80/a",
            "127.0.0.1:8080/a",
            "localhost/a",
        ] {
            assert!(is_meaningless_key(&format!("url:{url}")) && is_meaningless_name(url), "{url}");
        }
    }

    #[test]
    fn zeros_and_the_hash_of_an_empty_file_mean_nothing() {
        assert!(is_meaningless(&"0".repeat(64)) && is_meaningless(&"0".repeat(32)));
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
            "unknown.example",
        ] {
            assert!(!is_meaningless(value), "{value}");
        }
        for name in ["contoso\\ana", "https://short.example/abc", "/index.php", "web-01"] {
            assert!(!is_meaningless_name(name), "{name}");
        }
        assert!(is_meaningless_name("CONTOSO\\-") && is_meaningless_name("-@-"));
        for key in ["sam:contoso\\ana", "upn:ana@contoso.test", "id:group:7", "url:https://short.example/abc"] {
            assert!(!is_meaningless_key(key), "{key}");
        }
        for key in ["sam:contoso\\-", "sam:nt authority\\anonymous logon", "upn:-@-", "id:group:none", "host:n/a"] {
            assert!(is_meaningless_key(key), "{key}");
        }
    }
}
