//! Addresses written so that no program makes a link of them and nobody opens them by mistake:
//! hxxps://evil\[.\]example/a, 203\[.\]0\[.\]113\[.\]7.

use std::net::IpAddr;

const SCHEMES: [(&str, &str); 3] = [("https", "hxxps"), ("http", "hxxp"), ("ftp", "fxp")];

/// A text in which every URL and every public IP address is defanged.
pub fn defanged(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_between).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        result.push_str(&word_defanged(word));
        let between = after.find(|character| !is_between(character)).unwrap_or(after.len());
        let (blanks, next) = after.split_at(between);
        result.push_str(blanks);
        rest = next;
    }
    result
}

/// The name of a URL or domain, which may have no scheme.
pub fn defanged_site(text: &str) -> String {
    if text.contains("://") {
        return defanged(text);
    }
    let (host, path) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    format!("{}{path}", host_defanged(host))
}

/// What stands between the words of a command line or list.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | ',' | ';' | '(' | ')' | '<' | '>' | '=' | '|' | '`')
}

fn word_defanged(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let known = SCHEMES.iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name));
        let scheme = known.map_or_else(|| scheme.to_owned(), |(_, safe)| (*safe).to_owned());
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        return format!("{scheme}://{}{path}", host_defanged(host));
    }
    if is_public_ip(word) {
        return host_defanged(word);
    }
    // An address with a port.
    match word.rsplit_once(':') {
        Some((address, port)) if is_public_ip(address) && !address.contains(':') => {
            format!("{}:{port}", host_defanged(address))
        }
        _ => word.to_owned(),
    }
}

fn host_defanged(host: &str) -> String {
    if host.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6()) {
        return host.replace(':', "[:]");
    }
    host.replace('.', "[.]")
}

/// Whether a text is an IP address outside of the private networks, which are one's own.
fn is_public_ip(text: &str) -> bool {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified())
        }
        Ok(IpAddr::V6(address)) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{defanged, defanged_site};

    #[test]
    fn urls_and_public_addresses_are_defanged() {
        for (text, safe) in [
            ("https://evil.example/a.html?b=c.d", "hxxps://evil[.]example/a.html?b=c.d"),
            ("HTTP://Evil.Example:8080", "hxxp://Evil[.]Example:8080"),
            ("ftp://files.example/x", "fxp://files[.]example/x"),
            ("203.0.113.7", "203[.]0[.]113[.]7"),
            ("203.0.113.7:443", "203[.]0[.]113[.]7:443"),
            ("2001:db8::7", "2001[:]db8[:][:]7"),
            ("curl -o 'a.exe' \"http://evil.example/a.exe\"", "curl -o 'a.exe' \"hxxp://evil[.]example/a.exe\""),
            ("--url=http://evil.example", "--url=hxxp://evil[.]example"),
            ("198.51.100.1, 198.51.100.2", "198[.]51[.]100[.]1, 198[.]51[.]100[.]2"),
        ] {
            assert_eq!(defanged(text), safe);
        }
    }

    #[test]
    fn a_domain_is_defanged_too() {
        assert_eq!(defanged_site("evil.example/a.b"), "evil[.]example/a.b");
        assert_eq!(defanged_site("http://evil.example/a.b"), "hxxp://evil[.]example/a.b");
    }

    #[test]
    fn what_is_no_address_of_others_stays_as_it_is() {
        for text in ["", "cmd.exe /c dir", "10.0.0.7", "127.0.0.1", "fe80::1", "1.2.3", "ana@contoso.example", "a  b\t"]
        {
            assert_eq!(defanged(text), text);
        }
    }
}
