//! GET /static/{path}: files that are embedded in the binary; debug builds read them from disk. Addresses
//! contain a hash of the content, so that browsers can cache a file for a year and still load a changed
//! one at once.

mod bundle;

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;

use crate::hash::sha256_hex;

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// The module that imports those of every page, the one with those of pages that few visit, and the one with those
/// that a page loads once it is used; those of pages on which people sign in.
const SCRIPTS: [(&str, &str); 4] =
    [("app.js", "js/main.js"), ("more.js", "js/more.js"), ("later.js", "js/later.js"), ("sign-in.js", "js/sign-in.js")];
/// Files that are made of others.
const MADE: [&str; 5] = ["app.css", "app.js", "more.js", "later.js", "sign-in.js"];

static HASHES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let made = MADE.map(str::to_owned);
    let names = Files::iter().map(std::borrow::Cow::into_owned).chain(made);
    names.filter_map(|path| content(&path).map(|data| (path, short_hash(&data)))).collect()
});

fn content(path: &str) -> Option<Vec<u8>> {
    match path {
        "app.css" => Some(styles().into_bytes()),
        "app.js" | "more.js" | "later.js" | "sign-in.js" => script(path),
        path => Files::get(path).map(|file| file.data.into_owned()),
    }
}

/// A file that is text.
pub fn text(path: &str) -> Option<String> {
    content(path).and_then(|data| String::from_utf8(data).ok())
}

fn script(name: &str) -> Option<Vec<u8>> {
    static BUNDLED: LazyLock<HashMap<&str, Vec<u8>>> =
        LazyLock::new(|| SCRIPTS.into_iter().map(|(name, entry)| (name, bundled(entry))).collect());
    // In debug builds the files may change while the server runs.
    if cfg!(debug_assertions) {
        let (_, entry) = SCRIPTS.into_iter().find(|(known, _)| *known == name)?;
        return Some(bundled(entry));
    }
    BUNDLED.get(name).cloned()
}

/// An error in a module is shown in the browser's console. A test checks that there is none.
fn bundled(entry: &str) -> Vec<u8> {
    let source = |path: &str| Files::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok());
    bundle::bundle(entry, &source).unwrap_or_else(|error| format!("throw new Error({error:?});\n")).into_bytes()
}

/// All style sheets as one: the tokens, which also define the order of the layers, the base styles, then
/// the components by name. Without indentation and comments.
fn styles() -> String {
    let position = |name: &str| match name {
        "css/tokens.css" => 0,
        "css/base.css" => 1,
        _ => 2,
    };
    let mut names: Vec<_> = Files::iter().filter(|name| name.ends_with(".css")).collect();
    names.sort_by_key(|name| (position(name), name.clone()));
    let mut styles = String::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        let text = String::from_utf8_lossy(&file.data);
        let is_comment = |line: &str| line.starts_with("/*") && line.ends_with("*/");
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)) {
            styles.push_str(line);
            styles.push('\n');
        }
    }
    styles
}

/// Compressed once at the best level. Compressing for each request would have to be fast, with results
/// half as large again. Not in debug builds, where files may change.
static COMPRESSED: LazyLock<HashMap<&'static str, Bytes>> = LazyLock::new(|| {
    let names = if cfg!(debug_assertions) { [].as_slice() } else { &MADE };
    names.iter().filter_map(|name| Some((*name, compress(&content(name)?)?))).collect()
});

fn compress(data: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn accepts_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("gzip") && !parts.any(|weight| weight.trim_end_matches(['0', '.']) == "q=")
    })
}

fn short_hash(data: &[u8]) -> String {
    sha256_hex(data).chars().take(12).collect()
}

/// The URL of a file: `/static/app.css?v=0123456789ab`.
pub fn url(path: &str) -> String {
    match HASHES.get(path) {
        Some(hash) => format!("/static/{path}?v={hash}"),
        None => format!("/static/{path}"),
    }
}

pub async fn serve(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let Some(data) = content(&path) else {
        return HttpResponse::NotFound().finish();
    };
    let etag = format!("\"{}\"", short_hash(&data));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known == Some(etag.as_str()) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let cache =
        if request.query_string().starts_with("v=") { "public, max-age=31536000, immutable" } else { "no-cache" };
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, etag.clone()))
        .insert_header((header::CONTENT_TYPE, content_type(&path)));
    if known == Some(etag.as_str()) {
        return response.finish();
    }
    match COMPRESSED.get(path.as_str()).filter(|_| accepts_gzip(&request)) {
        Some(compressed) => response
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .insert_header((header::VARY, "accept-encoding"))
            .body(compressed.clone()),
        None => response.body(data),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_is_uncompressed_as_it_was() {
        use std::io::Read as _;
        let script = content("app.js").unwrap();
        let compressed = compress(&script).unwrap();
        assert!(compressed.len() * 3 < script.len());
        let mut uncompressed = Vec::new();
        flate2::read::GzDecoder::new(compressed.as_ref()).read_to_end(&mut uncompressed).unwrap();
        assert_eq!(uncompressed, script);
    }

    /// A first visit loads the page, the styles and the script: about 44 KB in all.
    #[test]
    fn the_compressed_script_stays_small() {
        let compressed = compress(&content("app.js").unwrap()).unwrap();
        assert!(compressed.len() <= 24_000, "{} bytes", compressed.len());
    }

    #[test]
    fn the_styles_begin_with_the_order_of_the_layers() {
        let styles = styles();
        assert!(styles.starts_with("@layer reset, base, components, utilities;\n"), "{styles}");
        assert!(styles.contains("\n.queue thead th {\n") && !styles.contains("/*"));
    }

    #[test]
    fn only_who_accepts_gzip_gets_it() {
        let takes = |accepted: &str| {
            let request = actix_web::test::TestRequest::default();
            accepts_gzip(&request.insert_header((header::ACCEPT_ENCODING, accepted)).to_http_request())
        };
        assert!(["gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8"].into_iter().all(takes));
        assert!(!["identity", "br", "gzip;q=0", "gzip; q=0.000", ""].into_iter().any(takes));
    }
}
