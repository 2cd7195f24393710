//! Files that people attach, and the form that sends them.

use std::io::{Cursor, Write as _};

use super::{Answer, Browser};

const BOUNDARY: &str = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

/// The body of a form with files as browsers send it, and its content type.
pub fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    for (name, content) in files {
        // As the standard of HTML has it.
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n");
        write!(body, "{head}Content-Type: text/html\r\n\r\n").unwrap();
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").unwrap();
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// Attaches files to an incident as its page would.
pub fn attach(browser: &Browser, incident: i64, files: &[(&str, &[u8])]) -> Answer {
    let (content_type, body) = form(&[], files);
    let from_page = [("sec-fetch-site", "same-origin")];
    browser.post_body(&format!("/incidents/{incident}/attachments"), &content_type, &body, &from_page)
}

/// A PNG of one colour.
pub fn image(width: u32, height: u32) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

/// A PNG of one bit a pixel whose data is as long as it says, but packs to little.
pub fn packed_image(width: u32, height: u32) -> Vec<u8> {
    let mut data = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let row = vec![0; 1 + width.div_ceil(8) as usize];
    for _ in 0..height {
        data.write_all(&row).unwrap();
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]);
    for (name, content) in [(b"IHDR", header), (b"IDAT", data.finish().unwrap()), (b"IEND", Vec::new())] {
        let named = [&name[..], &content].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        png.extend(named);
        png.extend(sum.sum().to_be_bytes());
    }
    png
}

/// The beginning of a Windows executable, and some more.
pub fn executable() -> Vec<u8> {
    let mut bytes = vec![0; 2_000];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c] = 0x80;
    bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
    bytes
}
