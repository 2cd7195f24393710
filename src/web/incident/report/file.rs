//! A report as one HTML file that needs nothing else: its style is inside of it.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::web::incident::report::document::{Block, Document};
use crate::web::shared::static_files;

/// The style sheets that the file has.
const STYLES: [&str; 2] = ["css/tokens.css", "css/report.css"];

#[derive(Template)]
#[template(path = "incident/report_file.html")]
struct ReportFile<'a> {
    document: &'a Document,
    /// The style sheet as an address that holds it.
    style: String,
}

pub(super) fn write(document: &Document) -> askama::Result<String> {
    let styles: String = STYLES.iter().filter_map(|path| static_files::text(path)).collect();
    let style = format!("data:text/css;base64,{}", STANDARD.encode(styles));
    ReportFile { document, style }.render()
}
