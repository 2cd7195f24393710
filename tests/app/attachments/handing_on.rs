//! Files as they are downloaded: bytes, headers, zips and previews.

use std::io::{Cursor, Read as _};

use super::tab;
use crate::support::files::{attach, executable, image, packed_image};
use crate::support::page::{attribute, select};
use crate::support::{Browser, world};

/// What a zip holds.
fn unzipped(zip: &[u8], password: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    assert_eq!(zip.len(), 1);
    let mut file = zip.by_index_decrypt(0, password).ok()?;
    assert!(file.encrypted());
    let mut content = Vec::new();
    file.read_to_end(&mut content).ok()?;
    Some((file.name().to_owned(), content))
}

#[test]
fn a_file_comes_back_as_it_was_and_is_never_shown_by_the_browser() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let long: Vec<u8> = (0..3_500_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let image = image(20, 20);
    attach(&dana, id, &[("long.bin", &long), ("page.html", page), ("image.png", &image)]);
    for (number, content) in [(1, &long[..]), (2, page), (3, &image)] {
        let (answer, bytes) = dana.download(&format!("/attachments/{number}"));
        assert_eq!((answer.status, bytes == content), (200, true), "{number}");
        assert!(answer.header("content-disposition").starts_with("attachment; "), "{number}");
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(answer.header("content-length"), content.len().to_string());
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(world.browser("vic").download("/attachments/2").0.status, 200, "who reads the incident reads its files");
}

#[test]
fn a_zip_opens_with_the_password_of_malware_and_with_no_other() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    attach(&dana, id, &[("a<b>.exe", &executable())]);
    let (answer, zip) = dana.download("/attachments/1.zip");
    assert!(answer.header("content-disposition").contains("a_b_.exe.zip"), "{:?}", answer.headers);
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert!(zip.starts_with(b"PK") && !zip.windows(4).any(|bytes| bytes == b"MZ\0\0"));
    assert_eq!(unzipped(&zip, b"infected"), Some(("a_b_.exe".to_owned(), executable())));
    assert_eq!(unzipped(&zip, b"infectee"), None);
}

#[test]
fn a_small_image_has_a_preview_that_is_made_anew() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let mut with_more = image(900, 300);
    with_more.extend(b"<script>alert('secret place')</script>");
    attach(&dana, id, &[("photo.png", &with_more)]);
    assert_eq!(attribute(&tab(&dana, id), ".attachment img", "src"), "/attachments/1/preview");
    let (answer, png) = dana.download("/attachments/1/preview");
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"));
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    let preview = image::load_from_memory_with_format(&png, image::ImageFormat::Png).unwrap();
    assert_eq!((preview.width(), preview.height()), (480, 160));
    assert!(!String::from_utf8_lossy(&png).contains("secret"));
    assert_eq!(dana.download("/attachments/1").1, with_more, "the file itself stays as it is");
}

#[test]
fn what_would_take_much_memory_or_is_broken_has_no_preview_and_is_attached_all_the_same() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let (bomb, claims) = (packed_image(11_000, 11_000), packed_image(60_000, 10));
    let broken = &image(50, 50)[..60];
    let vector = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let files: [(&str, &[u8]); 4] =
        [("bomb.png", &bomb), ("claims.png", &claims), ("broken.png", broken), ("vector.png", vector)];
    assert_eq!(attach(&dana, id, &files).status, 303);
    let page = tab(&dana, id);
    assert_eq!((select(&page, ".attachment").len(), select(&page, ".attachment img").len()), (4, 0));
    for number in 1..=4 {
        assert_eq!(dana.get(&format!("/attachments/{number}/preview")).status, 404);
        assert_eq!(dana.download(&format!("/attachments/{number}")).1, files[number - 1].1);
    }
    attach(&dana, id, &[("fine.png", &packed_image(600, 600))]);
    assert_eq!(select(&tab(&dana, id), ".attachment img").len(), 1, "one that is not too large has");
}

#[test]
fn who_is_not_signed_in_gets_nothing() {
    let world = world();
    let id = world.incident("One");
    attach(&world.browser("dana"), id, &[("photo.png", &image(9, 9))]);
    let nobody = Browser::new(&world.base);
    for path in ["/attachments/1", "/attachments/1.zip", "/attachments/1/preview"] {
        let (answer, bytes) = nobody.download(path);
        assert_eq!((answer.status, bytes.len()), (303, 0), "{path}");
        assert!(answer.location.starts_with("/login"), "{path}");
    }
    let dana = world.browser("dana");
    for path in
        ["/attachments/2", "/attachments/2.zip", "/attachments/2/preview", "/attachments/x", "/attachments/1.exe"]
    {
        assert_eq!(dana.get(path).status, 404, "{path}");
    }
}
