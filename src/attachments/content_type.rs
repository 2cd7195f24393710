//! What a file is by its content, whatever its name says.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use crate::attachments::file_name::extension;
use crate::attachments::known_types::{
    self, DISK_IMAGE, EMAIL, HTML, Known, OLE, PLAIN, Risk, SHORTCUT, SVG, UNKNOWN, XML, ZIP,
};
use crate::text::capitalised;

/// Bytes at the beginning of a file that are looked at for its type.
const HEAD: usize = 256 * 1024;
/// Bytes of a text that are looked at for what kind of text it is.
const TEXT_HEAD: usize = 4 * 1024;
/// Bytes of a file that are searched at once.
const PART: usize = 1024 * 1024;

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    /// As IANA or common use name it; "application/octet-stream" where nothing is known.
    pub media_type: String,
    /// Whether it is an Office file with macros.
    pub has_macros: bool,
}

impl ContentType {
    /// Reads what a file is.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let mut reader = file;
        reader.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        reader.take(HEAD as u64).read_to_end(&mut head)?;
        let media_type = media_type(&head);
        let may_have_macros = media_type == OLE
            || media_type == ZIP
            || media_type.contains("officedocument")
            || media_type.starts_with("application/vnd.ms-")
            || media_type == "application/msword";
        let has_macros = may_have_macros && contains_macros(file)?;
        Ok(Self { media_type: media_type.to_owned(), has_macros })
    }

    /// "Windows executable", "Word document with macros".
    pub fn label(&self) -> String {
        let noun = match self.known() {
            Some(known) => capitalised(known.noun),
            None if self.media_type == UNKNOWN => "Unknown type".to_owned(),
            None => self.media_type.clone(),
        };
        if self.has_macros { format!("{noun} with macros") } else { noun }
    }

    /// What may happen to whoever opens it, by its content or by the extension of its name.
    pub fn risk(&self, name: &str) -> Option<Risk> {
        if self.has_macros {
            return Some(Risk::Macros);
        }
        let by_content = self.known().and_then(|known| known.risk);
        by_content.or_else(|| known_types::risk_of_extension(&extension(name)))
    }

    /// "Named .pdf, but is a Windows executable.", if the extension is that of another type.
    pub fn mismatch(&self, name: &str) -> Option<String> {
        let extension = extension(name);
        let claimed = known_types::claimed_by(&extension)?;
        let told = |article: &str, noun: &str| format!("{article} {noun}").trim().to_owned();
        if self.media_type == UNKNOWN {
            return Some(format!("Named .{extension}, but is not {}.", told(claimed.article, claimed.noun)));
        }
        let known = self.known()?;
        let fits = known.has(&extension) || known.is_text && claimed.is_text;
        (!fits).then(|| format!("Named .{extension}, but is {}.", told(known.article, known.noun)))
    }

    fn known(&self) -> Option<&'static Known> {
        known_types::of(&self.media_type)
    }
}

fn media_type(head: &[u8]) -> &'static str {
    static TYPES: LazyLock<infer::Infer> = LazyLock::new(|| {
        let mut types = infer::Infer::new();
        types.add(SHORTCUT, "lnk", |bytes| bytes.starts_with(&[0x4c, 0, 0, 0, 1, 0x14, 2, 0]));
        types.add(DISK_IMAGE, "iso", |bytes| bytes.get(0x8001..0x8006) == Some(b"CD001"));
        types
    });
    // Whatever the library does with bytes that somebody made to harm it: the file is stored all the same.
    let found = catch_unwind(AssertUnwindSafe(|| TYPES.get(head))).ok().flatten();
    match found.map(|found| found.mime_type()) {
        Some(HTML) => HTML,
        Some(XML) if is_svg(head) => SVG,
        Some(known) => known,
        None => kind_of_text(head),
    }
}

/// What of texts can be told apart.
fn kind_of_text(head: &[u8]) -> &'static str {
    let is_utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    if is_utf16 {
        return PLAIN;
    }
    if head.iter().any(is_control) {
        return UNKNOWN;
    }
    if is_svg(head) {
        SVG
    } else if is_email(head) {
        EMAIL
    } else if is_html(head) {
        HTML
    } else {
        PLAIN
    }
}

fn beginning(head: &[u8]) -> String {
    let head = head.get(..TEXT_HEAD).unwrap_or(head);
    String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_lowercase()
}

fn is_svg(head: &[u8]) -> bool {
    let text = beginning(head);
    text.starts_with('<') && text.contains("<svg")
}

fn is_html(head: &[u8]) -> bool {
    let text = beginning(head);
    text.starts_with('<') && ["<html", "<script", "<body", "<!doctype html"].iter().any(|tag| text.contains(tag))
}

/// Whether a text begins with the header of an email: fields that every one has (RFC 5322).
fn is_email(head: &[u8]) -> bool {
    let text = beginning(head);
    let header = text.split("\n\n").next().unwrap_or_default().split("\r\n\r\n").next().unwrap_or_default();
    let has = |field: &str| header.lines().any(|line| line.starts_with(field));
    let begins_with_field = header.lines().next().is_some_and(|line| {
        line.split_once(':')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    });
    begins_with_field
        && has("from:")
        && (has("date:") || has("received:") || has("mime-version:") || has("message-id:"))
}

/// Whether an Office file has a project of VBA or macro sheets, by the names of its parts, which are never compressed.
fn contains_macros(file: &File) -> io::Result<bool> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let names = [b"vbaProject.bin".to_vec(), b"xl/macrosheets/".to_vec(), utf16("_VBA_PROJECT")];
    let longest = names.iter().map(Vec::len).max().unwrap_or(0);
    let mut reader = file;
    reader.seek(SeekFrom::Start(0))?;
    let mut part: Vec<u8> = Vec::with_capacity(PART + longest);
    loop {
        let kept = part.len().min(longest);
        part.drain(..part.len() - kept);
        if reader.take(PART as u64).read_to_end(&mut part)? == 0 {
            return Ok(false);
        }
        if names.iter().any(|name| part.windows(name.len()).any(|found| found == name.as_slice())) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn of(bytes: &[u8]) -> ContentType {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        ContentType::of(&file).unwrap()
    }

    fn windows_executable() -> Vec<u8> {
        let mut bytes = vec![0; 1024];
        bytes[..2].copy_from_slice(b"MZ");
        bytes[0x3c] = 0x80;
        bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
        bytes
    }

    #[test]
    fn a_file_is_what_is_in_it() {
        for (bytes, label) in [
            (&b"%PDF-1.7\n"[..], "PDF document"),
            (b"\x89PNG\r\n\x1a\n0000", "PNG image"),
            (b"GIF89a=1;alert(1)//", "GIF image"),
            (b"hello", "Plain text"),
            (b"caf\xe9", "Plain text"),
            (b"\xff\xfeh\0i\0", "Plain text"),
            (b"\0\x01\x02", "Unknown type"),
            (b"<!DOCTYPE html><p>", "HTML page"),
            (b"\xef\xbb\xbf <!-- a --><SCRIPT src=x>", "HTML page"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG image"),
            (b"<?xml version='1.0'?><svg/>", "SVG image"),
            (b"<?xml version='1.0'?><a/>", "XML file"),
            (b"Received: from a\r\nFrom: b@c.example\r\nSubject: d\r\n\r\n<html>", "Email"),
            (b"#!/bin/sh\n", "Script"),
            (b"\x4c\0\0\0\x01\x14\x02\0\0", "Windows shortcut"),
            (b"PK\x03\x04abcdefghijklmnopqrstuvwxyz", "ZIP archive"),
            (b"PK\x03\x04abcdefghijklmnopqrstuvwxyz word/vbaProject.bin", "ZIP archive with macros"),
        ] {
            assert_eq!(of(bytes).label(), label, "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(of(&windows_executable()).label(), "Windows executable");
        let mut disk = vec![0; 0x9000];
        disk[0x8001..0x8006].copy_from_slice(b"CD001");
        assert_eq!(of(&disk).label(), "Disk image");
    }

    #[test]
    fn macros_are_found_wherever_they_stand() {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.resize(PART - 5, b'x');
        bytes.extend(b"vbaProject.bin");
        bytes.resize(2 * PART, b'x');
        assert!(of(&bytes).has_macros);
    }

    #[test]
    fn an_extension_of_another_type_is_told() {
        let executable = of(&windows_executable());
        let told = |name: &str| executable.mismatch(name).unwrap_or_default();
        assert_eq!(told("invoice.pdf"), "Named .pdf, but is a Windows executable.");
        assert_eq!(told("invoice.pdf.TXT"), "Named .txt, but is a Windows executable.");
        assert_eq!([told("a.exe"), told("a.scr"), told("a"), told("a.bak")], ["", "", "", ""]);
        let unknown = of(b"\0\x01\x02");
        assert_eq!(unknown.mismatch("a.pdf").as_deref(), Some("Named .pdf, but is not a PDF document."));
        let text = of(b"hello");
        assert_eq!(text.mismatch("a.pdf").as_deref(), Some("Named .pdf, but is plain text."));
        assert_eq!([text.mismatch("a.html"), text.mismatch("a.ps1"), text.mismatch("a.log")], [None, None, None]);
        assert_eq!(of(b"PK\x03\x04abcdefghijklmnopqrstuvwxyz").mismatch("a.docx"), None);
    }

    #[test]
    fn what_may_run_is_told_by_content_and_by_extension() {
        assert_eq!(of(&windows_executable()).risk("a.pdf"), Some(Risk::Program));
        assert_eq!(of(b"GIF89a=1;alert(1)//").risk("a.js"), Some(Risk::Script));
        assert_eq!(of(b"GIF89a=1;alert(1)//").risk("a.gif"), None);
        assert_eq!(of(b"hello").risk("a.txt"), None);
        assert_eq!(of(b"hello").risk("a.HTA"), Some(Risk::WebPage));
        assert_eq!(of(b"PK\x03\x04abcdefghijklmnopqrstuvwxyz word/vbaProject.bin").risk("a.docx"), Some(Risk::Macros));
    }
}
