//! Whether a value of a sample can be that of a field of evidence.

use std::net::IpAddr;

use crate::formats::building::network::parse_address;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::values::is_instance_path;

/// Whether the example can be a value of the field: "source" may be a name or an address.
pub(super) fn fits_example(kind: &str, field: &str, path: &Path, example: &str) -> bool {
    let is_ip = |text: &str| text.split(", ").all(|part| part.parse::<IpAddr>().is_ok());
    let blank = example.contains(char::is_whitespace);
    // Names that devices and users have.
    let of_user = example.contains(['\\', '@']);
    let unclear = matches!(path.last(), "offensesource" | "entity" | "resourcename" | "targetname");
    match (kind, field) {
        ("ip", _) => is_ip(example) && !path.last().contains("version"),
        ("device", "name") if unclear && of_user => false,
        ("user", "name") if unclear && !of_user => false,
        // Numbers and ids are no names; addresses are.
        ("user", "name") if matches!(path.last(), "userid" | "id" | "alternateid") && !of_user => false,
        ("user", "name") if path.last().contains("email") && !example.contains('@') => false,
        ("user", "name") if path.last() == "account" && example.bytes().all(|byte| byte.is_ascii_digit()) => false,
        ("device", "name") if is_instance_path(example) => true,
        ("device", "name") => {
            let address = parse_address(example).is_some() || is_ip(example) || example.starts_with('/');
            !address && !blank && !example.contains("://") && !example.contains("::")
        }
        ("device" | "user", "domain") => !example.contains("://"),
        ("user", "name") => !is_ip(example) && !example.contains("://") && !example.contains("::"),
        ("user", "sid") => example.starts_with("S-1-"),
        ("url", _) => example.contains("://") || (path.last().contains("domain") && example.contains('.')),
        ("mailbox", _) => example.contains('@'),
        ("file", "hash") => example.len() >= 32 && example.bytes().all(|byte| byte.is_ascii_hexdigit()),
        _ => true,
    }
}
