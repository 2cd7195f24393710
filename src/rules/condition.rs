//! Which alerts a rule applies to. Everything is compared without case.

use serde::{Deserialize, Serialize};

use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;
use crate::text::folded;

crate::text_enum! {
    /// How a title is compared.
    #[derive(Default)]
    pub enum TitleTest {
        #[default]
        Any = "any" / "any",
        Exact = "exact" / "is exactly",
        Contains = "contains" / "contains",
        /// With `*` for anything.
        Wildcard = "wildcard" / "matches, with * as wildcard",
    }
}

crate::text_enum! {
    /// The kinds of assets that a condition names.
    pub enum AssetKind {
        Device = "device" / "device",
        User = "user" / "user",
        Mailbox = "mailbox" / "mailbox",
        CloudApplication = "cloudApplication" / "cloud app",
        CloudResource = "cloudResource" / "cloud resource",
    }
}

impl AssetKind {
    pub fn of(kind: EvidenceKind) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.evidence() == kind)
    }

    fn evidence(self) -> EvidenceKind {
        match self {
            Self::Device => EvidenceKind::Device,
            Self::User => EvidenceKind::User,
            Self::Mailbox => EvidenceKind::Mailbox,
            Self::CloudApplication => EvidenceKind::CloudApplication,
            Self::CloudResource => EvidenceKind::CloudResource,
        }
    }
}

/// An asset that the alert names, under any of its spellings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetMatch {
    pub kind: AssetKind,
    pub name: Pattern,
}

/// A fact of the alert, such as the id of its detection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactMatch {
    pub label: String,
    pub value: String,
}

impl FactMatch {
    fn fits(&self, alert: &IncomingAlert) -> bool {
        let (label, value) = (folded(self.label.trim()), folded(self.value.trim()));
        let fits = |(known, text): &(String, String)| folded(known.trim()) == label && folded(text.trim()) == value;
        alert.facts.iter().any(fits)
    }
}

/// A text in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern(pub String);

impl Pattern {
    /// `None` for what fits everything.
    pub fn new(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        (!typed.chars().all(|c| c == '*')).then(|| Self(typed.to_owned()))
    }

    pub fn fits(&self, text: &str) -> bool {
        fits(&folded(&self.0), &folded(text.trim()))
    }
}

/// Whether a text fits a pattern with `*` for anything. The parts between stars are found one after
/// the other, so that no pattern takes long.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts: Vec<&str> = pattern.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return text == last };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// A condition on the title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleMatch {
    pub test: TitleTest,
    pub text: String,
}

impl TitleMatch {
    fn fits(&self, title: &str) -> bool {
        let (title, text) = (folded(title.trim()), folded(self.text.trim()));
        match self.test {
            TitleTest::Any => true,
            TitleTest::Exact => title == text,
            TitleTest::Contains => title.contains(&text),
            TitleTest::Wildcard => fits(&text, &title),
        }
    }
}

/// All parts must hold; an absent part holds for every alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// The service source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<TitleMatch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactMatch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_at_most: Option<Severity>,
    /// One of the alert's devices, users or addresses, under any of their spellings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<Pattern>,
    /// The alert names all of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<AssetMatch>,
}

impl Condition {
    /// Whether it has no part.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn matches(&self, alert: &IncomingAlert) -> bool {
        self.source.as_deref().is_none_or(|source| is_from(alert, source))
            && self.severity_at_most.is_none_or(|most| alert.severity_or_medium() <= most)
            && self.title.as_ref().is_none_or(|title| title.fits(&alert.title))
            && self.fact.as_ref().is_none_or(|fact| fact.fits(alert))
            && self.device.as_ref().is_none_or(|pattern| names(alert, EvidenceKind::Device, pattern))
            && self.user.as_ref().is_none_or(|pattern| names(alert, EvidenceKind::User, pattern))
            && self.ip.as_ref().is_none_or(|pattern| names(alert, EvidenceKind::Ip, pattern))
            && self.assets.iter().all(|asset| names(alert, asset.kind.evidence(), &asset.name))
    }
}

fn is_from(alert: &IncomingAlert, source: &str) -> bool {
    let source = source.trim().to_lowercase();
    [&alert.service_source, &alert.source].iter().any(|known| known.to_lowercase() == source)
}

fn names(alert: &IncomingAlert, kind: EvidenceKind, pattern: &Pattern) -> bool {
    alert.evidence.iter().filter(|item| item.kind == kind).any(|item| {
        let spellings = item.keys.iter().filter_map(|key| key.split_once(':').map(|(_, value)| value));
        pattern.fits(&item.name) || spellings.into_iter().any(|spelling| pattern.fits(spelling))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::incoming::IncomingEvidence;

    fn alert() -> IncomingAlert {
        IncomingAlert {
            source: "wazuh".into(),
            title: "Backup failed on volume 7".into(),
            severity: Some(Severity::Low),
            evidence: vec![IncomingEvidence {
                kind: EvidenceKind::Device,
                name: "BACKUP-01.contoso.test".into(),
                keys: vec!["fqdn:backup-01.contoso.test".into(), "host:backup-01".into()],
                ..IncomingEvidence::default()
            }],
            ..IncomingAlert::default()
        }
    }

    fn title(test: TitleTest, text: &str) -> Condition {
        Condition { title: Some(TitleMatch { test, text: text.into() }), ..Condition::default() }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("*b*", "abc", true),
            ("ab*ba", "aba", false),
            ("a*b*c", "a-b-b-c", true),
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("*.contoso.test", "web-01.contoso.test", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn titles_are_compared_whole_in_part_or_with_stars_in_any_case() {
        assert!(title(TitleTest::Exact, "backup FAILED on volume 7").matches(&alert()));
        assert!(!title(TitleTest::Exact, "backup failed").matches(&alert()));
        assert!(title(TitleTest::Contains, "failed").matches(&alert()));
        assert!(title(TitleTest::Wildcard, "backup*volume *").matches(&alert()));
        assert!(!title(TitleTest::Wildcard, "volume*").matches(&alert()));
    }

    #[test]
    fn all_that_is_asked_must_hold() {
        let mut condition = title(TitleTest::Contains, "backup");
        condition.source = Some("Wazuh".into());
        condition.severity_at_most = Some(Severity::Medium);
        condition.device = Pattern::new("backup-*");
        assert!(condition.matches(&alert()));
        condition.device = Pattern::new("BACKUP-01");
        assert!(condition.matches(&alert()), "the short name is one of its spellings");
        condition.severity_at_most = Some(Severity::Informational);
        assert!(!condition.matches(&alert()));
        condition = Condition { user: Pattern::new("ana"), ..Condition::default() };
        assert!(!condition.matches(&alert()), "it names no user");
    }

    #[test]
    fn all_assets_and_the_fact_that_are_named_must_be_in_the_alert() {
        let asset = |name: &str| AssetMatch { kind: AssetKind::Device, name: Pattern(name.into()) };
        let of = |assets: Vec<AssetMatch>| Condition { assets, ..Condition::default() };
        assert!(of(vec![asset("backup-01")]).matches(&alert()));
        assert!(!of(vec![asset("backup-01"), asset("backup-02")]).matches(&alert()));
        let fact = FactMatch { label: "Rule ID".into(), value: "5710".into() };
        let condition = Condition { fact: Some(fact), ..Condition::default() };
        assert!(!condition.matches(&alert()));
        let facts = vec![("rule id".to_owned(), " 5710".to_owned())];
        assert!(condition.matches(&IncomingAlert { facts, ..alert() }));
    }

    #[test]
    fn a_pattern_of_stars_alone_asks_nothing() {
        assert_eq!(Pattern::new(" * "), None);
        assert_eq!(Pattern::new(""), None);
    }
}
