//! The names of ATT&CK's techniques by their numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Number and name in each line.
const TABLE: &str = include_str!("techniques.tsv");

static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
});

/// The name of a technique such as "T1059.001"; `None` for a number that is not ATT&CK's for enterprises.
pub fn name(id: &str) -> Option<&'static str> {
    NAMES.get(id.to_ascii_uppercase().as_str()).copied()
}

/// Every technique, by number and name, in no order.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().map(|(id, name)| (*id, *name))
}

/// The page of ATT&CK about a technique; `None` for what is no number of one.
pub fn address(id: &str) -> Option<String> {
    let id = id.to_ascii_uppercase();
    let (technique, part) = id.split_once('.').map_or((id.as_str(), None), |(technique, part)| (technique, Some(part)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !technique.strip_prefix('T').is_some_and(|number| digits(number, 4)) {
        return None;
    }
    match part {
        None => Some(format!("https://attack.mitre.org/techniques/{technique}/")),
        Some(part) if digits(part, 3) => Some(format!("https://attack.mitre.org/techniques/{technique}/{part}/")),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, TABLE, address, name};

    #[test]
    fn a_technique_has_its_name_and_its_page() {
        assert_eq!(name("T1059.001"), Some("PowerShell"));
        assert_eq!(name("t1566"), Some("Phishing"));
        assert_eq!(name("T9999"), None);
        assert_eq!(address("T1059.001").as_deref(), Some("https://attack.mitre.org/techniques/T1059/001/"));
        assert_eq!(address("T1566").as_deref(), Some("https://attack.mitre.org/techniques/T1566/"));
        for other in ["", "T1", "TA0001", "T1059.1", "T1059/../x", "Phishing", "T1059.001.002"] {
            assert_eq!(address(other), None, "{other}");
        }
    }

    #[test]
    fn each_line_of_the_table_is_a_technique_of_its_own() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines, NAMES.len());
        for (id, name) in NAMES.iter() {
            assert!(address(id).is_some() && !name.is_empty() && name.trim() == *name, "{id} {name}");
            let technique = id.split('.').next().unwrap_or_default();
            assert!(NAMES.contains_key(technique), "{id} belongs to no technique");
        }
    }
}
