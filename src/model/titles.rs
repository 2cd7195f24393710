//! The titles of an incident's alerts, as far as its automatic name depends on them: how many there are, whether one
//! says ransomware, and the most telling one. Kept with the incident, so that its alerts need not be read again; the
//! same in whatever order they are added. Pure.

use serde::{Deserialize, Serialize};

use crate::hash::sha256_hex;
use crate::model::severity::Severity;
use crate::text::one_line;

/// So many titles are told apart, the most telling one among them.
const TOLD_APART: usize = 51;
/// Characters of a title's hash that are kept.
const HASH: usize = 8;

/// Words before a full stop that is no end of a sentence; so are single letters ("e.g.").
const ABBREVIATIONS: [&str; 10] = ["approx", "corp", "dept", "dr", "etc", "inc", "incl", "ltd", "mr", "vs"];

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Titles {
    #[serde(skip_serializing_if = "Option::is_none")]
    most_telling: Option<Telling>,
    /// Short hashes of the titles, ascending; of more than [`TOLD_APART`] the lowest, whatever came first.
    hashes: Vec<String>,
    /// One of them says ransomware.
    pub ransomware: bool,
}

/// A title, with what makes it more or less telling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Telling {
    /// As a part of a name, see [`part_of_name`].
    title: String,
    severity: Severity,
    rarity: Rarity,
    first_activity: i64,
}

/// In how many other alerts a detection was seen lately when its alert joined, in the steps of the priority
/// ([`priority`](crate::model::priority)); finer ones would change names without telling more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rarity {
    /// In a hundred or more.
    Common,
    FewerThanHundred,
    FewerThanTen,
    Never,
}

impl Rarity {
    pub fn of(elsewhere: i64) -> Self {
        match elsewhere {
            ..1 => Self::Never,
            1..=9 => Self::FewerThanTen,
            10..=99 => Self::FewerThanHundred,
            _ => Self::Common,
        }
    }
}

/// What of an alert is noted.
#[derive(Debug, Clone, Copy)]
pub struct AlertTitle<'a> {
    pub title: &'a str,
    pub severity: Severity,
    pub rarity: Rarity,
    pub first_activity: i64,
}

impl Titles {
    /// Takes an alert in. The most telling title is the gravest, of these the rarest, of these the earliest.
    pub fn note(&mut self, alert: &AlertTitle<'_>) {
        let title = part_of_name(alert.title);
        self.ransomware |= is_ransomware(&title);
        let mut hash = sha256_hex(title.as_bytes());
        hash.truncate(HASH);
        if let Err(place) = self.hashes.binary_search(&hash) {
            self.hashes.insert(place, hash);
            self.hashes.truncate(TOLD_APART);
        }
        let AlertTitle { severity, rarity, first_activity, .. } = *alert;
        let telling = Telling { title, severity, rarity, first_activity };
        if self.most_telling.as_ref().is_none_or(|known| telling.precedes(known)) {
            self.most_telling = Some(telling);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether there is more than one.
    pub fn are_several(&self) -> bool {
        self.hashes.len() > 1
    }

    /// The most telling one, or the only one; empty without any.
    pub fn most_telling(&self) -> &str {
        self.most_telling.as_ref().map_or("", |telling| &telling.title)
    }

    /// How rare the most telling title was when it joined, if this is it: what came later makes it no less telling.
    pub fn rarity_of(&self, title: &str) -> Option<Rarity> {
        let known = self.most_telling.as_ref()?;
        (known.title == part_of_name(title)).then_some(known.rarity)
    }

    /// " and 3 more", for all but the most telling one; " and 50+ more" for 50 or more. Empty for one title.
    pub fn and_more(&self) -> String {
        match self.hashes.len().saturating_sub(1) {
            0 => String::new(),
            others if others + 1 < TOLD_APART => format!(" and {others} more"),
            others => format!(" and {others}+ more"),
        }
    }
}

impl Telling {
    fn precedes(&self, other: &Self) -> bool {
        (self.severity, self.rarity) > (other.severity, other.rarity)
            || (self.severity, self.rarity) == (other.severity, other.rarity)
                && (self.first_activity, &self.title) < (other.first_activity, &other.title)
    }
}

pub(super) fn is_ransomware(text: &str) -> bool {
    text.to_lowercase().contains("ransom")
}

/// A title as a part of a name: on one line, without zero-width characters and trailing blanks that would make two of
/// one, and without full stops. Where a sentence ends within it, a semicolon stands instead.
fn part_of_name(title: &str) -> String {
    let title = one_line(title);
    let words: Vec<&str> = title.split(' ').collect();
    let mut text = String::with_capacity(title.len());
    for (place, word) in words.iter().enumerate() {
        let next = words.get(place + 1);
        let ends_sentence = match next {
            Some(next) => begins_with_capital(next) && !is_abbreviation(word),
            // "Plan A." is the end of a sentence, "e.g." is not.
            None => !(word.trim_end_matches('.').contains('.') && is_letters_with_stops(word)),
        };
        let bare = word.trim_end_matches('.');
        match (ends_sentence && bare.len() < word.len() && !bare.is_empty(), next) {
            (true, Some(_)) => text.extend([bare, "; "]),
            (true, None) => text.push_str(bare),
            (false, Some(_)) => text.extend([*word, " "]),
            (false, None) => text.push_str(word),
        }
    }
    text
}

fn begins_with_capital(word: &str) -> bool {
    word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase)
}

fn is_abbreviation(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ABBREVIATIONS.contains(&bare.as_str()) || is_letters_with_stops(word)
}

/// Single letters, each with a full stop: "e.g.", "U.S.".
fn is_letters_with_stops(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVERITIES: [Severity; 3] = [Severity::Low, Severity::Medium, Severity::High];

    fn alert(title: &str, severity: Severity, elsewhere: i64, first_activity: i64) -> AlertTitle<'_> {
        AlertTitle { title, severity, rarity: Rarity::of(elsewhere), first_activity }
    }

    fn noted(alerts: &[AlertTitle<'_>]) -> Titles {
        let mut titles = Titles::default();
        for alert in alerts {
            titles.note(alert);
        }
        titles
    }

    #[test]
    fn the_most_telling_title_is_the_gravest_then_the_rarest_then_the_earliest() {
        let low = Severity::Low;
        for (alerts, expected) in [
            (vec![alert("Rare", low, 0, 1), alert("Grave", Severity::High, 500, 2)], "Grave"),
            (vec![alert("Daily", low, 500, 1), alert("Weekly", low, 12, 2), alert("Odd", low, 3, 3)], "Odd"),
            (vec![alert("Later", low, 0, 5), alert("Earlier", low, 0, 2)], "Earlier"),
            (vec![alert("B", low, 0, 5), alert("A", low, 0, 5)], "A"),
            (vec![alert("Seen 3 times", low, 3, 1), alert("Seen once", low, 1, 2)], "Seen 3 times"),
        ] {
            assert_eq!(noted(&alerts).most_telling(), expected);
        }
    }

    #[test]
    fn the_order_in_which_alerts_are_added_does_not_matter() {
        let mut random = fastrand::Rng::with_seed(12);
        for _ in 0..50 {
            let names: Vec<String> = (0..random.usize(1..120)).map(|number| format!("Title {number}")).collect();
            let mut alerts: Vec<AlertTitle<'_>> = names
                .iter()
                .map(|name| alert(name, SEVERITIES[random.usize(..3)], random.i64(..200), random.i64(..5)))
                .collect();
            let before = noted(&alerts);
            random.shuffle(&mut alerts);
            assert_eq!(noted(&alerts), before);
        }
    }

    #[test]
    fn the_others_are_counted_up_to_fifty() {
        let more = |count: usize| {
            let names: Vec<String> = (0..count).map(|number| format!("Title {number}")).collect();
            let twice = names.iter().chain(&names);
            noted(&twice.map(|name| alert(name, Severity::Low, 0, 0)).collect::<Vec<_>>()).and_more()
        };
        assert_eq!([0, 1, 2, 4].map(more), ["", "", " and 1 more", " and 3 more"]);
        assert_eq!([50, 51, 52, 400].map(more), [" and 49 more", " and 50+ more", " and 50+ more", " and 50+ more"]);
    }

    #[test]
    fn a_title_in_a_name_has_no_full_stops_but_keeps_those_of_names_numbers_and_abbreviations() {
        for (title, expected) in [
            ("IDS event.", "IDS event"),
            ("Still waiting...", "Still waiting"),
            ("User login failed. Account locked.", "User login failed; Account locked"),
            ("Logon to web-01.contoso.example. Reported twice", "Logon to web-01.contoso.example; Reported twice"),
            ("Possible use of nc.exe", "Possible use of nc.exe"),
            ("Possible use of nc.exe.", "Possible use of nc.exe"),
            ("T1059.001", "T1059.001"),
            ("OpenSSL 3.0.2 is affected by CVE-2022-0778.", "OpenSSL 3.0.2 is affected by CVE-2022-0778"),
            ("Move to plan A.", "Move to plan A"),
            ("Shells, e.g. PowerShell, started", "Shells, e.g. PowerShell, started"),
            ("Sign-in to U.S. Government cloud", "Sign-in to U.S. Government cloud"),
            ("Contoso Inc. Portal vs. Fabrikam", "Contoso Inc. Portal vs. Fabrikam"),
            ("Domain Observed in SNI (ipinfo. io)", "Domain Observed in SNI (ipinfo. io)"),
            ("Connection to 203.0.113.7", "Connection to 203.0.113.7"),
            ("Reading .ssh and ..\\..\\etc", "Reading .ssh and ..\\..\\etc"),
            (".", "."),
            ("Mail removed after delivery\u{200b} ", "Mail removed after delivery"),
        ] {
            assert_eq!(part_of_name(title), expected);
        }
    }

    #[test]
    fn a_title_with_and_without_its_full_stop_is_one() {
        let low = Severity::Low;
        assert!(!noted(&[alert("IDS event.", low, 0, 0), alert("IDS event ", low, 0, 0)]).are_several());
    }
}
