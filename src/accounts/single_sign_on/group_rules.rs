//! How groups of a provider become a role and groups here: one rule a line, "their group = ours".

use std::collections::BTreeSet;

use crate::model::user::Role;

/// Most characters of all rules.
pub const LIMIT: usize = 10_000;

/// The rules of a text, in order. The error is a sentence that names the line.
pub fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
    if text.chars().count() > LIMIT {
        return Err("The rules can have at most 10,000 characters.".to_owned());
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            // The last sign, since names of groups may contain one, as distinguished names do.
            let rule = line.rsplit_once('=').map(|(theirs, ours)| (theirs.trim(), ours.trim()));
            match rule.filter(|(theirs, ours)| !theirs.is_empty() && !ours.is_empty()) {
                Some((theirs, ours)) => Ok((theirs.to_owned(), ours.to_owned())),
                None => Err(format!("The line {line:?} is not \"group = what it becomes\".")),
            }
        })
        .collect()
}

/// The role rules of a text.
pub fn parse_roles(text: &str) -> Result<Vec<(String, Role)>, String> {
    let rules = parse(text)?.into_iter();
    rules
        .map(|(theirs, ours)| match Role::parse(&ours) {
            Some(role) => Ok((theirs, role)),
            None => Err(format!("{ours:?} is no role. A role is viewer, analyst, lead or administrator.")),
        })
        .collect()
}

/// The highest role that the groups have by the rules.
pub fn role_of(groups: &[String], rules: &[(String, Role)]) -> Option<Role> {
    rules.iter().filter(|(theirs, _)| groups.contains(theirs)).map(|(_, role)| *role).max()
}

/// What the groups become by the rules.
pub fn groups_of(groups: &[String], rules: &[(String, String)]) -> BTreeSet<String> {
    rules.iter().filter(|(theirs, _)| groups.contains(theirs)).map(|(_, ours)| ours.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_highest_role_of_several_groups_counts() {
        let rules = parse_roles("soc = analyst\n\n CN=soc-leads,DC=example = lead \n").unwrap_or_default();
        assert_eq!(role_of(&groups(&["soc", "CN=soc-leads,DC=example"]), &rules), Some(Role::Lead));
        assert_eq!(role_of(&groups(&["soc", "sales"]), &rules), Some(Role::Analyst));
        assert_eq!(role_of(&groups(&["SOC"]), &rules), None, "names are compared as they are");
    }

    #[test]
    fn a_line_that_is_no_rule_is_named() {
        assert_eq!(parse("soc").unwrap_err(), "The line \"soc\" is not \"group = what it becomes\".");
        assert!(parse_roles("soc = root").unwrap_err().contains("\"root\" is no role"));
    }
}
