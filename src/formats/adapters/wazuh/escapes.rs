//! Undoes the escapes that Wazuh leaves in the data of Windows events: it takes over the agent's JSON text as it
//! is, so that each backslash is doubled and each quote has one in front of it.
//!
//! Whether that is so has to be seen, because other pipelines send the same members unescaped. Windows never
//! doubles the separators of a path or the one in "DOMAIN\\name", so that a member that is a path or a name
//! shows it by itself. A command line or script may hold any backslash ("\\d", a UNC path, a path that somebody
//! typed doubled), so that it is read as the other members of its event are. It is only decided by itself where
//! these show nothing, and stays as it is where it has what an escaped text never has. `system.message` is
//! escaped in no event and says nothing about the others.

use serde_json::{Map, Value};

use crate::formats::building::terms::normalized;

/// Parts of the names of members that hold any text, normalized.
const FREE_TEXT: [&str; 13] = [
    "command",
    "cmdline",
    "args",
    "script",
    "privilege",
    "payload",
    "contextinfo",
    "message",
    "details",
    "data",
    "description",
    "parameters",
    "query",
];

/// What the members of an event show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Escaped,
    Plain,
    Unclear,
}

/// What one text shows.
#[derive(Default)]
struct Signs {
    /// Separators of one backslash, or another odd number.
    single: bool,
    /// Separators of two backslashes, or another even number.
    doubled: bool,
    /// Quotes without a backslash in front.
    bare_quote: bool,
    escaped_quote: bool,
}

/// The members of an event without escapes.
pub(super) fn undone(data: &Value) -> Value {
    let event = sent(data);
    rebuilt(data, "", &|name, text| is_escaped(name, text, event))
}

/// [`undone`] for records that may be about systems other than Windows, where backslashes in commands are not
/// separators: nothing changes unless a path or a name shows that the record is escaped.
pub(super) fn undone_if_shown(data: &Value) -> Value {
    if sent(data) == Sent::Escaped { undone(data) } else { data.clone() }
}

/// A rendered message without escapes, if it has any.
pub(super) fn undone_text(text: &str) -> String {
    if is_escaped("message", text, Sent::Unclear) { unescape(text) } else { text.to_owned() }
}

/// What the paths and names of an event show together.
fn sent(data: &Value) -> Sent {
    let (mut single, mut doubled) = (false, false);
    visit(data, "", &mut |name, text| {
        if !is_free_text(name) {
            let signs = signs_of(text);
            single |= signs.single;
            doubled |= signs.doubled;
        }
    });
    match (single, doubled) {
        (false, true) => Sent::Escaped,
        (true, false) => Sent::Plain,
        _ => Sent::Unclear,
    }
}

fn is_escaped(name: &str, text: &str, event: Sent) -> bool {
    let Signs { single, doubled, bare_quote, escaped_quote } = signs_of(text);
    if !is_free_text(name) {
        return !single && (doubled || event == Sent::Escaped);
    }
    match event {
        Sent::Plain => false,
        Sent::Escaped => doubled || !(single || bare_quote),
        Sent::Unclear => (doubled || escaped_quote) && !single && !bare_quote,
    }
}

fn is_free_text(name: &str) -> bool {
    let name = normalized(name);
    FREE_TEXT.iter().any(|part| name.contains(part))
}

fn signs_of(text: &str) -> Signs {
    let mut signs = Signs::default();
    let (mut run, mut before) = (0_usize, None);
    for c in text.chars().chain(['\0']) {
        if c == '\\' {
            run += 1;
            continue;
        }
        // The backslash of an escaped quote is no separator.
        let separators = if c == '"' { run - run % 2 } else { run };
        match (c, run % 2) {
            ('"', 0) => signs.bare_quote = true,
            ('"', _) => signs.escaped_quote = true,
            _ => {}
        }
        match (separators, before.is_some_and(goes_before_separator)) {
            (0, _) => {}
            (count, true) if count % 2 == 1 => signs.single = true,
            (_, true) => signs.doubled = true,
            // A UNC path begins with two, so that four are two doubled.
            (count, false) => signs.doubled |= count > 3,
        }
        (run, before) = (0, Some(c));
    }
    signs
}

/// Whether a backslash behind the character separates the parts of a path; at the start of a word it need not.
fn goes_before_separator(c: char) -> bool {
    !c.is_whitespace() && !"\"'`=(,;|<>[{&".contains(c)
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next_if(|next| matches!(next, '\\' | '"')) } else { None };
        plain.push(escaped.unwrap_or(c));
    }
    plain
}

/// Calls `visit` with each text and the name of the member that it stands in.
fn visit(value: &Value, name: &str, call: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => call(name, text),
        Value::Array(items) => items.iter().for_each(|item| visit(item, name, call)),
        Value::Object(members) => members.iter().for_each(|(name, member)| visit(member, name, call)),
        _ => {}
    }
}

fn rebuilt(value: &Value, name: &str, is_escaped: &impl Fn(&str, &str) -> bool) -> Value {
    match value {
        Value::String(text) if is_escaped(name, text) => Value::String(unescape(text)),
        Value::Array(items) => items.iter().map(|item| rebuilt(item, name, is_escaped)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, found)| (name.clone(), rebuilt(found, name, is_escaped)));
            members.collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn escapes_are_undone_where_paths_and_names_show_them() {
        for (sent, right) in [
            (r"C:\\Windows\\x.exe", r"C:\Windows\x.exe"),
            (r"\\\\fs01\\share\\x.exe", r"\\fs01\share\x.exe"),
            (r"CORP\\ana", r"CORP\ana"),
            (r"NT AUTHORITY\\SYSTEM", r"NT AUTHORITY\SYSTEM"),
            (r"\\Device\\HarddiskVolume3\\x.exe", r"\Device\HarddiskVolume3\x.exe"),
            (r"C:\Windows\x.exe", r"C:\Windows\x.exe"),
            (r"\\fs01\share", r"\\fs01\share"),
            (r"\\?\C:\x.exe", r"\\?\C:\x.exe"),
            (r"\\fs01", r"\\fs01"),
            (r"\\\\fs01", r"\\fs01"),
            ("C:", "C:"),
        ] {
            assert_eq!(undone(&json!({"image": sent})), json!({"image": right}), "{sent}");
        }
    }

    #[test]
    fn a_command_line_is_read_as_the_paths_of_its_event_are() {
        for (image, sent, right) in [
            (r"C:\\x.exe", r#"\"C:\\a b\\x.exe\" -s"#, r#""C:\a b\x.exe" -s"#),
            (r"C:\\x.exe", r#"\"C:\\a b\\\" -s"#, r#""C:\a b\" -s"#),
            (r"C:\\x.exe", r"findstr /r \\d C:\\x", r"findstr /r \d C:\x"),
            (r"C:\\x.exe", r"findstr /r \d C:\\x", r"findstr /r \d C:\x"),
            (r"C:\\x.exe", r"net use \\\\srv\\c$", r"net use \\srv\c$"),
            (r"C:\\x.exe", r"ping \\\\srv", r"ping \\srv"),
            (r"C:\\x.exe", r#"x.exe \"a\""#, r#"x.exe "a""#),
            (r"C:\\x.exe", r"net use \\srv\c$", r"net use \\srv\c$"),
            (r"C:\x.exe", r"type C:\\typed\\twice", r"type C:\\typed\\twice"),
            (r"C:\x.exe", r#"sh -c "echo \"a\"""#, r#"sh -c "echo \"a\"""#),
            (r"C:\x.exe", r"net use \\srv\c$", r"net use \\srv\c$"),
            ("x.exe", r#"\"C:\\x.exe\" -s"#, r#""C:\x.exe" -s"#),
            ("x.exe", r"findstr /r \d C:\\x", r"findstr /r \d C:\x"),
            ("x.exe", r"net use \\srv\c$", r"net use \\srv\c$"),
            ("x.exe", r#"reg add "HKLM\a" /d "\"C:\b\"""#, r#"reg add "HKLM\a" /d "\"C:\b\"""#),
        ] {
            let data = undone(&json!({"image": image, "commandLine": sent}));
            assert_eq!(data["commandLine"], json!(right), "{image}: {sent}");
        }
    }

    #[test]
    fn a_member_of_another_pipeline_does_not_stop_the_others() {
        let data = undone(&json!({"image": r"C:\\x.exe", "added": r"D:\y", "hashes": ["a"]}));
        assert_eq!(data, json!({"image": r"C:\x.exe", "added": r"D:\y", "hashes": ["a"]}));
    }

    #[test]
    fn records_of_other_systems_keep_their_backslashes() {
        let linux = json!({"executable": "/bin/sed", "command_line": r"sed s/a\\b/c/"});
        assert_eq!(undone_if_shown(&linux), linux);
        let windows = json!({"executable": r"C:\\x.exe", "command_line": r#"\"C:\\x.exe\" -s"#});
        assert_eq!(undone_if_shown(&windows), json!({"executable": r"C:\x.exe", "command_line": r#""C:\x.exe" -s"#}));
    }
}
