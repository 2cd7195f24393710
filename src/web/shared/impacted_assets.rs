//! The impacted assets of an incident or alert, for lists and panes.

use std::net::IpAddr;

use crate::model::alert::Assets;
use crate::model::incident::Incident;
use crate::web::shared::paths;

/// Most assets of a kind that the pane lists.
const LISTED: usize = 3;

/// One line of "Impacted assets".
#[derive(Debug, Clone)]
pub struct AssetView {
    pub kind: &'static str,
    /// The whole name, and what of it tells it from others at the same place.
    pub name: String,
    pub short: String,
    /// Its page.
    pub href: String,
    /// How many more of its kind there are, where one stands for all.
    pub more: i64,
}

fn by_kind(incident: &Incident) -> [(&'static str, &Vec<String>, i64); 3] {
    [
        ("device", &incident.scope.devices, incident.device_count),
        ("user", &incident.scope.users, incident.user_count),
        ("mailbox", &incident.scope.mailboxes, incident.mailbox_count),
    ]
}

fn view(kind: &'static str, name: &str, more: i64) -> AssetView {
    AssetView {
        kind,
        name: name.to_owned(),
        short: short_name(kind, name),
        href: paths::entity_named(kind, name),
        more,
    }
}

/// The first asset of each kind that there is.
pub fn assets_of(incident: &Incident) -> Vec<AssetView> {
    let of_kind = |(kind, names, count): (&'static str, &Vec<String>, i64)| {
        names.first().map(|first| view(kind, first, (count - 1).max(0)))
    };
    by_kind(incident).into_iter().filter_map(of_kind).collect()
}

/// The first few assets of each kind.
pub fn all_assets(incident: &Incident) -> Vec<AssetView> {
    by_kind(incident)
        .into_iter()
        .flat_map(|(kind, names, _)| names.iter().take(LISTED).map(move |name| view(kind, name, 0)))
        .collect()
}

/// The assets of an alert.
pub fn assets_of_alert(assets: &Assets) -> Vec<AssetView> {
    [("device", &assets.devices), ("user", &assets.users), ("mailbox", &assets.mailboxes)]
        .into_iter()
        .flat_map(|(kind, names)| names.iter().map(move |name| view(kind, name, 0)))
        .collect()
}

/// How many assets there are beside those of [`all_assets`].
pub fn assets_left(incident: &Incident) -> i64 {
    let total: i64 = by_kind(incident).iter().map(|(_, _, count)| *count).sum();
    (total - i64::try_from(all_assets(incident).len()).unwrap_or(i64::MAX)).max(0)
}

/// A host without its domain, an account without its organisation; addresses and other names as they are.
pub fn short_name(kind: &str, name: &str) -> String {
    if kind != "device" {
        return account_name(name);
    }
    let is_host = !name.contains(char::is_whitespace) && !name.contains(['/', '\\', ':', '@']);
    match name.split_once('.').filter(|_| is_host) {
        // "mail.example" is a domain of two labels; the first alone would say too little.
        Some((host, domain))
            if !host.is_empty()
                && domain.contains(char::is_alphabetic)
                && (domain.contains('.') || host.contains('-'))
                && name.parse::<IpAddr>().is_err() =>
        {
            host.to_owned()
        }
        _ => name.to_owned(),
    }
}

fn account_name(name: &str) -> String {
    match name.split_once('@') {
        Some((account, _)) if !account.is_empty() => account.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_to_what_tells_them_apart() {
        for (kind, name, short) in [
            ("device", "claims-ws-215.northwind-mutual.example", "claims-ws-215"),
            ("device", "192.0.2.7", "192.0.2.7"),
            ("device", "2001:db8::7", "2001:db8::7"),
            ("device", "mail.example", "mail.example"),
            ("device", "ws-4.local", "ws-4"),
            ("device", "arn:aws:ec2:eu-west-1:1:instance/i-0.a.b", "arn:aws:ec2:eu-west-1:1:instance/i-0.a.b"),
            ("user", "ben.okoro@northwind-mutual.example", "ben.okoro"),
            ("user", "NORTHWIND\\ben.okoro", "NORTHWIND\\ben.okoro"),
            ("user", "ben.a.okoro", "ben.a.okoro"),
            ("user", "@handle", "@handle"),
        ] {
            assert_eq!(short_name(kind, name), short, "{name}");
        }
    }
}
