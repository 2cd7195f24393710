//! Names in a field that holds a list or an object as text: `["PC-1","PC-2"]`, `{"hostName":"PC-1"}`,
//! "192.0.2.1, 192.0.2.2". Such a text is never a name itself.

use serde_json::{Map, Value};

use crate::formats::building::address::parse_address;
use crate::formats::building::clean_text::{ID_MAX, LONG_MAX, clean_line};
use crate::formats::building::json::scalar_text;
use crate::formats::building::terms::normalized;
use crate::model::entity::EvidenceKind;

/// Most names that one text gives.
const NAMES_MAX: usize = 1_000;
/// Lists inside of lists are read to this depth.
const DEPTH_MAX: usize = 3;

/// Members of an object that may hold a device's name, best first, normalized.
const DEVICE: [&str; 9] = [
    "fqdn",
    "dnshostname",
    "devicednsname",
    "hostname",
    "devicename",
    "computername",
    "machinename",
    "name",
    "displayname",
];
const ACCOUNT: [&str; 9] =
    ["userprincipalname", "upn", "samaccountname", "accountname", "username", "login", "name", "email", "displayname"];
const ADDRESS: [&str; 5] = ["ipaddress", "address", "ip", "ipv4", "ipv6"];
const MAILBOX: [&str; 6] = ["primaryaddress", "emailaddress", "address", "email", "mail", "userprincipalname"];
const FILE: [&str; 4] = ["filepath", "path", "filename", "name"];
const URL: [&str; 3] = ["url", "uri", "address"];
const OTHER: [&str; 4] = ["displayname", "resourcename", "name", "id"];

/// The names in a text that is a list or an object; `None` when the text is a name itself. An object
/// without a name, and an empty list, give none.
pub(crate) fn names_in(kind: EvidenceKind, text: &str) -> Option<Vec<String>> {
    let parts = parts_in(kind, text)?;
    let names = parts.iter().map(|part| match object_in(part) {
        Some(members) => name_of(kind, &members).unwrap_or_default(),
        None => part.clone(),
    });
    Some(names.filter(|name| !name.is_empty()).collect())
}

/// The entries of a text that is a list, and the object that it is: names, and objects as JSON. `None` when the
/// text is a name itself.
pub(crate) fn parts_in(kind: EvidenceKind, text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let mut found = Vec::new();
    match kind {
        // Subjects and keys may well be in brackets.
        EvidenceKind::MailMessage | EvidenceKind::RegistryKey => return None,
        EvidenceKind::Process => found = texts_of_list(text).filter(|commands| commands.len() > 1)?,
        _ => match text.chars().next() {
            Some('[' | '{') => match serde_json::from_str::<Value>(text) {
                Ok(value) => collect(&value, 0, &mut found),
                Err(_) if is_strict(kind) || parse_address(text).is_some() => return None,
                Err(_) if text.starts_with('[') => found.extend(loose_list(text)),
                Err(_) => {}
            },
            _ => found.extend(separated(kind, text)?),
        },
    }
    let clean = |part: &String| clean_line(part, if part.starts_with('{') { LONG_MAX } else { ID_MAX });
    Some(found.iter().map(clean).filter(|part| !part.is_empty()).take(NAMES_MAX).collect())
}

/// The members of a text that is an object.
pub(crate) fn object_in(text: &str) -> Option<Map<String, Value>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The text of the first of several members, whose names are normalized; empty when none has one.
pub(crate) fn member_text(members: &Map<String, Value>, wanted: &[&str]) -> String {
    let text_of = |name: &&str| {
        let (_, value) = members.iter().find(|(key, _)| normalized(key) == **name)?;
        scalar_text(value).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    wanted.iter().find_map(text_of).unwrap_or_default()
}

/// The one name of a text; empty for a list of several, and for an object without a name.
pub(crate) fn single(kind: EvidenceKind, text: &str) -> String {
    match names_in(kind, text) {
        None => text.to_owned(),
        Some(names) => match names.as_slice() {
            [name] => name.clone(),
            _ => String::new(),
        },
    }
}

/// The names in a text: those of a list or an object, else the text itself.
pub(crate) fn all_names(kind: EvidenceKind, text: &str) -> Vec<String> {
    names_in(kind, text).unwrap_or_else(|| vec![text.to_owned()])
}

/// Whether a text is a list of whole commands. A list of a program and its arguments is one command.
pub(crate) fn is_list_of_commands(text: &str) -> bool {
    texts_of_list(text).is_some_and(|all| all.len() > 1 && all.iter().all(|one| one.contains(char::is_whitespace)))
}

/// The command line of a list in JSON such as `["cmd.exe","/c","dir"]`; any other text stays as it is.
pub(crate) fn command_line(text: &str) -> String {
    let Some(arguments) = texts_of_list(text) else { return text.to_owned() };
    let quoted = |argument: &String| {
        if argument.contains(char::is_whitespace) && !argument.starts_with('"') {
            format!("\"{argument}\"")
        } else {
            argument.clone()
        }
    };
    arguments.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn texts_of_list(text: &str) -> Option<Vec<String>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Whether names of a kind may begin with a bracket, such as the file "[Content_Types].xml": only what is
/// JSON is a list then.
fn is_strict(kind: EvidenceKind) -> bool {
    !matches!(kind, EvidenceKind::Device | EvidenceKind::User | EvidenceKind::Mailbox | EvidenceKind::Ip)
}

fn collect(value: &Value, depth: usize, found: &mut Vec<String>) {
    if depth > DEPTH_MAX || found.len() >= NAMES_MAX {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|one| collect(one, depth + 1, found)),
        Value::Object(_) => found.push(value.to_string()),
        other => found.extend(scalar_text(other).map(std::borrow::Cow::into_owned)),
    }
}

fn name_of(kind: EvidenceKind, members: &Map<String, Value>) -> Option<String> {
    Some(clean_line(&member_text(members, members_of(kind)), ID_MAX)).filter(|name| !name.is_empty())
}

fn members_of(kind: EvidenceKind) -> &'static [&'static str] {
    match kind {
        EvidenceKind::Device => &DEVICE,
        EvidenceKind::User => &ACCOUNT,
        EvidenceKind::Ip => &ADDRESS,
        EvidenceKind::Mailbox => &MAILBOX,
        EvidenceKind::File => &FILE,
        EvidenceKind::Url => &URL,
        _ => &OTHER,
    }
}

fn in_brackets(text: &str) -> &str {
    text.trim_matches(['[', ']'])
}

/// The entries of a list that is no JSON: `[PC-1, PC-2]`, `['PC-1', 'PC-2']`, or a list that was cut off.
fn loose_list(text: &str) -> Vec<String> {
    let entries = in_brackets(text).split(',').take(NAMES_MAX);
    entries.map(|entry| entry.trim().trim_matches(['"', '\'']).to_owned()).collect()
}

/// The parts of "a, b" where every part is a whole name; `None` for a single name. Addresses may also stand one
/// after the other with blanks. A person's name may have a comma ("Doe,Jane"), so accounts are parted only when each
/// part is an address or has a domain.
fn separated(kind: EvidenceKind, text: &str) -> Option<Vec<String>> {
    let blank = |c: char| matches!(kind, EvidenceKind::Ip | EvidenceKind::Url) && c.is_whitespace();
    let parts: Vec<&str> = text.split(|c: char| matches!(c, ',' | ';') || blank(c)).map(str::trim).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return None;
    }
    let all = |is_name: fn(&str) -> bool| parts.iter().all(|part| is_name(part));
    let parted = match kind {
        EvidenceKind::Device => all(|part| !part.contains(|c: char| c.is_whitespace() || c == '=')),
        EvidenceKind::Ip => all(|part| parse_address(part).is_some()),
        EvidenceKind::Mailbox => all(|part| part.contains('@')),
        EvidenceKind::User => all(|part| part.contains('\\') || (part.contains('@') && !part.contains(' '))),
        EvidenceKind::Url => all(|part| part.contains("://")),
        _ => false,
    };
    parted.then(|| parts.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices(text: &str) -> Option<Vec<String>> {
        names_in(EvidenceKind::Device, text)
    }

    #[test]
    fn a_list_in_a_text_is_several_names() {
        let both = Some(vec!["PC-1".to_owned(), "PC-2".to_owned()]);
        for text in [
            "[\"PC-1\",\"PC-2\"]",
            "['PC-1', 'PC-2']",
            "[PC-1, PC-2]",
            "PC-1, PC-2",
            "PC-1;PC-2",
            "[{\"hostName\":\"PC-1\"},{\"DeviceName\":\"PC-2\"}]",
        ] {
            assert_eq!(devices(text), both, "{text}");
        }
        assert_eq!(devices("[]"), Some(Vec::new()));
        let addresses = names_in(EvidenceKind::Ip, "198.51.100.1, 198.51.100.2");
        assert_eq!(addresses, Some(vec!["198.51.100.1".to_owned(), "198.51.100.2".to_owned()]));
        let people = names_in(EvidenceKind::User, "ana@contoso.test; CONTOSO\\ben");
        assert_eq!(people, Some(vec!["ana@contoso.test".to_owned(), "CONTOSO\\ben".to_owned()]));
    }

    #[test]
    fn an_object_in_a_text_is_the_name_inside_of_it_or_none() {
        assert_eq!(devices("{\"os\":\"Windows\",\"name\":\"PC-1\"}"), Some(vec!["PC-1".to_owned()]));
        assert_eq!(devices("{\"deviceId\":\"\",\"operatingSystem\":\"Windows 11\"}"), Some(Vec::new()));
        assert_eq!(devices("{\"deviceId\":\"x\", cut o"), Some(Vec::new()));
    }

    #[test]
    fn addresses_are_parted_and_names_of_persons_and_commands_are_not() {
        let both = |one: &str, other: &str| Some(vec![one.to_owned(), other.to_owned()]);
        assert_eq!(names_in(EvidenceKind::User, "Doe,Jane"), None);
        assert_eq!(names_in(EvidenceKind::Ip, "192.0.2.1 192.0.2.2"), both("192.0.2.1", "192.0.2.2"));
        assert_eq!(
            names_in(EvidenceKind::Url, "https://a.example/x, https://b.example/"),
            both("https://a.example/x", "https://b.example/")
        );
        assert!(is_list_of_commands("[\"a.exe -x\",\"b.exe -y\"]"));
        assert!(!is_list_of_commands("[\"cmd.exe\",\"/c\",\"dir c:\"]"));
        assert_eq!(command_line("[\"cmd.exe\",\"/c\",\"dir c:\"]"), "cmd.exe /c \"dir c:\"");
        assert_eq!(command_line("[ -f /tmp/x ]"), "[ -f /tmp/x ]");
    }

    #[test]
    fn a_name_stays_whole() {
        assert_eq!(devices("PC-1"), None);
        assert_eq!(devices("[2001:db8::1]"), None);
        assert_eq!(devices("[2001:db8::1]:443"), None);
        assert_eq!(names_in(EvidenceKind::User, "Doe, Jane"), None);
        assert_eq!(names_in(EvidenceKind::User, "CN=Jane,OU=Staff,DC=contoso"), None);
        assert_eq!(names_in(EvidenceKind::File, "[Content_Types].xml"), None);
        assert_eq!(names_in(EvidenceKind::Url, "https://shop.example/?a=1,2"), None);
    }
}
