//! How the address of an entity names its kind: as it is stored, but a URL that is only a host is a domain.

/// The kind in the address of an entity.
pub fn in_address(kind: &str, name: &str) -> &'static str {
    match kind {
        "device" => "device",
        "user" => "user",
        "mailbox" => "mailbox",
        "ip" => "ip",
        "file" => "file",
        "process" => "process",
        "url" if is_host(name) => "domain",
        "url" => "url",
        "mailMessage" => "mailMessage",
        "registryKey" => "registryKey",
        "cloudApplication" => "cloudApplication",
        "cloudResource" => "cloudResource",
        _ => "other",
    }
}

/// The stored kind of the kind in an address.
pub fn stored(in_address: &str) -> &str {
    if in_address == "domain" { "url" } else { in_address }
}

fn is_host(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', ':', '?', '#', ' ', '@'])
}

/// The kind in words: "IP address".
pub fn label(in_address: &str) -> String {
    if in_address == "domain" { "Domain".to_owned() } else { crate::text::humanise(in_address) }
}

#[cfg(test)]
mod tests {
    use super::in_address;

    #[test]
    fn a_url_without_scheme_and_path_is_a_domain() {
        for (name, kind) in [
            ("evil.example", "domain"),
            ("https://evil.example", "url"),
            ("evil.example/a", "url"),
            ("evil.example:8080", "url"),
            ("", "url"),
        ] {
            assert_eq!(in_address("url", name), kind, "{name}");
        }
        assert_eq!(in_address("device", "evil.example"), "device");
        assert_eq!(in_address("unheard-of", "x"), "other");
    }
}
