//! An open session as pages show it.

use crate::accounts::open_sessions::OpenSession;
use crate::web::shared::time_format::{ShownTime, Zone};

pub struct SessionView {
    pub handle: String,
    /// "Firefox on Linux".
    pub browser: String,
    pub address: String,
    pub method: String,
    pub began: ShownTime,
    pub used: ShownTime,
    /// The session of whoever looks.
    pub is_this: bool,
}

impl SessionView {
    /// `this` is the handle of the session of whoever looks.
    pub fn new(session: OpenSession, this: &str, zone: &Zone) -> Self {
        Self {
            browser: browser_name(&session.browser),
            is_this: session.handle == this,
            // Sessions of earlier versions have neither.
            used: zone.show(session.used_at.max(session.created_at)),
            began: zone.show(session.created_at),
            handle: session.handle,
            address: session.address,
            method: session.method,
        }
    }
}

/// The browser and system that a User-Agent names, the first of each list that it has: browsers also name those that
/// they are compatible with.
fn browser_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) if agent.is_empty() => "Unknown browser".to_owned(),
        (None, _) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn the_browser_is_the_one_that_others_are_not_compatible_with() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
        assert_eq!(browser_name(edge), "Edge on Windows");
        assert_eq!(
            browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser_name("curl/8.5"), "curl");
        assert_eq!(browser_name(""), "Unknown browser");
    }
}
