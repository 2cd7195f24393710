//! GET /incidents/{id}/report, and the same as files: report.html, report.md, report.json.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::json;

use crate::audit;
use crate::incidents::report::{self, Report};
use crate::web::incident::report::document::{Block, Document};
use crate::web::incident::report::sections::{Section, asked};
use crate::web::incident::report::{file, json, markdown};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

#[derive(Template)]
#[template(path = "incident/report.html")]
struct ReportPage {
    layout: Layout,
    document: Document,
    /// Each section, and whether it is shown.
    choices: Vec<(&'static str, &'static str, bool)>,
    ignored: Vec<String>,
    files: Vec<(&'static str, String)>,
}

impl ReportPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

/// The kinds of files: the ending of the address, what a person calls it, its media type.
const FILES: [(&str, &str, &str); 3] = [
    ("html", "HTML file", "text/html; charset=utf-8"),
    ("md", "Markdown", "text/markdown; charset=utf-8"),
    ("json", "JSON", "application/json"),
];

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (sections, ignored) = asked(&request);
    let report = load(&state, id).await?;
    let chosen: Vec<(&str, &str)> = sections.iter().map(|section| ("section", section.as_str())).collect();
    let chosen = if sections.len() == Section::ALL.len() { Vec::new() } else { chosen };
    let address = paths::incident_tab(id, "report");
    let page = ReportPage {
        document: Document::new(&report, &sections, &layout.zone),
        choices: Section::ALL.iter().map(|one| (one.as_str(), one.label(), sections.contains(one))).collect(),
        files: FILES
            .iter()
            .map(|(ending, label, _)| (*label, query::link(&format!("{address}.{ending}"), chosen.iter().copied())))
            .collect(),
        ignored,
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}

pub async fn download(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(i64, String)>,
) -> Result<HttpResponse, Failure> {
    let (id, ending) = path.into_inner();
    let (sections, _) = asked(&request);
    let report = load(&state, id).await?;
    let document = || Document::new(&report, &sections, &layout.zone);
    let body = match ending.as_str() {
        "html" => file::write(&document())?,
        "md" => markdown::write(&document()),
        _ => format!("{:#}\n", json::write(&report, &sections)),
    };
    let (actor, name) = (layout.actor(), format!("the report of incident {id} as {ending}"));
    let sections: Vec<&str> = sections.iter().map(|section| section.as_str()).collect();
    let detail = json!({ "incident": id, "sections": sections });
    state.db.write(move |tx| audit::record_export(tx, &actor, &name, &detail)).await?;
    let media = FILES.iter().find(|(known, ..)| *known == ending).map_or("application/json", |(_, _, media)| media);
    let disposition = format!("attachment; filename=\"watchdesk-incident-{id}.{ending}\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header(("Cache-Control", "no-store"))
        .body(body))
}

async fn load(state: &AppState, id: i64) -> Result<Report, Failure> {
    Ok(state.db.read(move |conn| report::load(conn, id)).await?)
}
