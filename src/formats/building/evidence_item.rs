//! One piece of evidence: its keys and roles.

use crate::formats::building::clean_text::{ID_MAX, LONG_MAX, clean_line};
use crate::formats::building::terms::camel_case;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_meaningless_key;
use crate::text::folded;

/// Most spellings or roles that one entity keeps.
const KEYS_MAX: usize = 64;

/// Evidence without keys; verdict and remediation are Graph's words for "not known".
pub(crate) fn new_evidence(kind: EvidenceKind, name: &str) -> IncomingEvidence {
    IncomingEvidence {
        kind,
        name: clean_line(name, name_limit(name)),
        verdict: "unknown".to_owned(),
        remediation: "none".to_owned(),
        ..IncomingEvidence::default()
    }
}

/// A list is read before it is cut. One in JSON is cut nowhere, because the rest could not be read.
fn name_limit(name: &str) -> usize {
    if name.trim_start().starts_with(['[', '{']) {
        usize::MAX
    } else if name.contains([',', ';']) {
        LONG_MAX
    } else {
        ID_MAX
    }
}

/// Adds a key, lower case (of a URL, only what does not depend on case), unless the value means nothing.
pub(crate) fn add_key(evidence: &mut IncomingEvidence, key_type: &str, value: &str) {
    let value = clean_line(value, usize::MAX);
    let value = if key_type == "url" { url_key(&value) } else { folded(&value) };
    let key = format!("{key_type}:{}", shorten_key(&value));
    if !is_meaningless_key(&key) {
        push_new(&mut evidence.keys, key);
    }
}

/// A URL as it is compared: scheme and host in lower case, path and query as they are. The port that the
/// scheme has anyway, the fragment, which no server sees, and a path of "/" are left out.
fn url_key(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let scheme = scheme.to_lowercase();
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let host = folded(host);
    let usual_port = match scheme.as_str() {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        "ftp" => ":21",
        _ => "\n",
    };
    let host = host.strip_suffix(usual_port).unwrap_or(&host).trim_end_matches('.');
    let path = if path == "/" { "" } else { path };
    let scheme = if scheme.is_empty() { scheme } else { format!("{scheme}://") };
    user.map_or_else(|| format!("{scheme}{host}{path}"), |user| format!("{scheme}{user}@{host}{path}"))
}

/// Adds a role in Graph's spelling.
pub(crate) fn add_role(evidence: &mut IncomingEvidence, role: &str) {
    push_new(&mut evidence.roles, camel_case(&clean_line(role, ID_MAX)));
}

/// Adds a text that is not there yet.
pub(super) fn push_new(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && list.len() < KEYS_MAX && !list.contains(&text) {
        list.push(text);
    }
}

/// Shortens a long value and appends a hash of all of it, because different encoded commands may start
/// alike.
fn shorten_key(value: &str) -> String {
    let Some((cut, _)) = value.char_indices().nth(ID_MAX) else {
        return value.to_owned();
    };
    let start = value.get(..cut).unwrap_or_default();
    let hash = value
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{start}~{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_differ_by_the_case_of_their_path_and_not_by_that_of_their_host() {
        assert_eq!(url_key("HTTPS://Short.Example:443/AbC?x=Y#me"), "https://short.example/AbC?x=Y");
        assert_eq!(url_key("http://a.example/"), url_key("HTTP://A.example."));
        assert_ne!(url_key("https://a.example:8443/"), url_key("https://a.example/"));
        assert_eq!(url_key("Evil.Example/Path"), "evil.example/Path");
        assert_eq!(url_key("ftp://Ana@Files.example:21/x"), "ftp://Ana@files.example/x");
    }

    #[test]
    fn what_means_nothing_is_no_key() {
        let mut evidence = new_evidence(EvidenceKind::User, "-");
        add_key(&mut evidence, "name", "-");
        add_key(&mut evidence, "sid", "S-1-0-0");
        add_key(&mut evidence, "aad", "00000000-0000-0000-0000-000000000000");
        assert_eq!(evidence.keys, [""; 0]);
        add_key(&mut evidence, "sid", "S-1-5-21-1-2-3-1001");
        assert_eq!(evidence.keys, ["sid:s-1-5-21-1-2-3-1001"]);
    }
}
