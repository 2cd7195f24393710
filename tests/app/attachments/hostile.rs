//! Names and contents that somebody made to do harm are text, and files to be stored.

use super::{names, newest, tab};
use crate::support::files::{attach, executable};
use crate::support::page::{select, texts};
use crate::support::world;

#[test]
fn hostile_names_are_cleaned_and_shown_as_text() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let long = format!("{}.pdf", "ä".repeat(300));
    for (sent, shown) in [
        ("../../etc/passwd", "passwd"),
        ("\"><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("Cafe\u{301}.txt", "Caf\u{e9}.txt"),
        ("a%00b.txt", "a%00b.txt"),
        ("=cmd|'/c calc'!A1", "c calc'!A1"),
        (long.as_str(), &format!("{}.pdf", "ä".repeat(196))),
    ] {
        assert_eq!(attach(&dana, id, &[(sent, sent.as_bytes())]).status, 303, "{sent}");
        assert_eq!(names(&dana, id)[0], shown);
        let (answer, _) = dana.download(&format!("/attachments/{}", super::id(&dana, id)));
        let header = answer.header("content-disposition");
        assert!(header.starts_with("attachment; filename=\"") && header.contains("filename*=UTF-8''"), "{header}");
        assert!(header.is_ascii() && !header.contains(['/', '<', '>']), "{header}");
        assert!(answer.header("set-cookie").is_empty() || !answer.header("set-cookie").contains("x=1"));
    }
    for path in ["attachments", "history", "report"] {
        let page = dana.page(&format!("/incidents/{id}/{path}"));
        assert!(select(&page, "img[src=x], [onerror]").is_empty(), "{path}");
    }
    let markdown = dana.get(&format!("/incidents/{id}/report.md")).body;
    assert!(markdown.contains("&lt;img") && !markdown.contains("<img"), "{markdown}");
}

#[test]
fn nothing_of_a_page_or_picture_with_scripts_is_shown() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let vector =
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='https://evil.example/p'/></svg>";
    attach(&dana, id, &[("logo.svg", vector), ("page.html", b"<html><script src=//evil.example/x.js></script>")]);
    let page = tab(&dana, id);
    assert!(select(&page, ".attachment img, .attachment svg, .attachment iframe, .attachment object").is_empty());
    assert!(!page.html().contains("evil.example"));
    let told = texts(&page, ".attachment");
    assert!(told.iter().all(|told| told.contains("A browser would run the scripts in it.")), "{told:?}");
    for number in 1..=2 {
        assert!(
            dana.download(&format!("/attachments/{number}")).0.header("content-disposition").starts_with("attachment;")
        );
        assert_eq!(dana.get(&format!("/attachments/{number}/preview")).status, 404);
    }
}

#[test]
fn a_file_of_two_kinds_is_handed_on_as_the_dangerous_one() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    // A GIF to a viewer of images, a script to an interpreter.
    attach(&dana, id, &[("picture.js", b"GIF89a=1;alert(document.cookie)//")]);
    let told = newest(&dana, id);
    assert!(told.contains("GIF image") && told.contains("It can run as a script."), "{told}");
    assert!(select(&tab(&dana, id), ".attachment img").is_empty(), "it is no image that can be decoded");
    attach(&dana, id, &[("invoice.docx", &[b"PK\x03\x04".as_slice(), &[0; 40], b"word/vbaProject.bin"].concat())]);
    assert!(newest(&dana, id).contains("with macros"));
    attach(&dana, id, &[("photo.jpg", &executable())]);
    assert!(newest(&dana, id).contains("Named .jpg, but is a Windows executable."));
}
