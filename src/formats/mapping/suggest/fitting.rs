//! Whether a value of a sample can be that of a field of evidence.

use std::net::IpAddr;

use crate::formats::building::address::parse_address;
use crate::formats::building::terms::normalized;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::values::is_instance_path;

/// Words for kinds of devices and their systems, which are no names.
const KINDS_OF_DEVICES: [&str; 24] = [
    "computer",
    "mobile",
    "mobiledevice",
    "tablet",
    "desktop",
    "laptop",
    "notebook",
    "server",
    "workstation",
    "phone",
    "smartphone",
    "iphone",
    "ipad",
    "android",
    "windows",
    "linux",
    "macos",
    "mac",
    "ios",
    "pc",
    "iot",
    "virtualmachine",
    "unknown",
    "other",
];

/// Names of members that may hold a device, a user or anything else.
pub(super) const UNCLEAR: [&str; 4] = ["offensesource", "entity", "resourcename", "targetname"];

/// Whether a member that may hold anything has a value that looks like one of the kind: the path of an instance, a
/// full name of a host or one with a number, or a user with a domain.
pub(super) fn is_clear(kind: &str, path: &Path, example: &str) -> bool {
    match kind {
        _ if path.rank(&UNCLEAR).is_none() => true,
        "device" => {
            let numbered = example.contains('-') && example.bytes().any(|byte| byte.is_ascii_digit());
            let full = example.matches('.').count() >= 2;
            is_instance_path(example) || ((numbered || full) && !is_of_user(example))
        }
        "user" => is_of_user(example),
        _ => true,
    }
}

/// Whether a name has the domain of a user.
fn is_of_user(example: &str) -> bool {
    example.contains(['\\', '@'])
}

/// Whether a value only says which kind of device it is: "Computer" in "/client/device".
fn is_kind_of_device(example: &str) -> bool {
    KINDS_OF_DEVICES.contains(&normalized(example).as_str())
}

/// Whether the example can be a value of the field: "source" may be a name or an address.
pub(super) fn fits_example(kind: &str, field: &str, path: &Path, example: &str) -> bool {
    let is_ip = |text: &str| text.split(", ").all(|part| part.parse::<IpAddr>().is_ok());
    let blank = example.contains(char::is_whitespace);
    let of_user = is_of_user(example);
    match (kind, field) {
        ("ip", _) => is_ip(example) && !path.last().contains("version"),
        ("user", "name") if example.ends_with("[bot]") => false,
        // Numbers and ids are no names; addresses are.
        ("user", "name") if matches!(path.last(), "userid" | "id" | "alternateid") && !of_user => false,
        ("user", "name") if path.last().contains("email") && !example.contains('@') => false,
        ("user", "name") if path.last() == "account" && example.bytes().all(|byte| byte.is_ascii_digit()) => false,
        ("device", "name") if is_instance_path(example) => true,
        ("device", "name") => {
            let address = parse_address(example).is_some() || is_ip(example) || example.starts_with('/');
            let named = example.chars().any(char::is_alphabetic) && !is_kind_of_device(example);
            !address && !blank && named && !example.contains("://") && !example.contains("::")
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
