//! GET /attachments/{id}, the same as {id}.zip, and /attachments/{id}/preview.

use std::fs::File;
use std::io::Read as _;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::{Bytes, Data, Path};
use futures_util::stream::{self, Stream, StreamExt as _};

use crate::attachments::file_name::storable;
use crate::attachments::read::{self, Found};
use crate::attachments::{Attachment, zipped};
use crate::db::Db;
use crate::error::{Error, Result as DomainResult};
use crate::web::attachment::receive::blocking;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::see_other;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

/// Should a browser show the file instead of storing it, nothing in it is run.
const POLICY: &str = "default-src 'none'; sandbox";
/// Bytes of a zip that are read at once.
const PART: usize = 256 * 1024;

/// GET /attachments/{id}
pub async fn file(state: Data<AppState>, id: Path<i64>) -> Result<HttpResponse, Failure> {
    match find(&state, id.into_inner()).await? {
        Ok(found) => {
            let size = u64::try_from(found.size).unwrap_or(0);
            let (disposition, pieces) = (named(&found.name), pieces(state.db.clone(), found.sha256));
            Ok(as_file(disposition, size, pieces))
        }
        Err(removed) => Ok(removed),
    }
}

/// GET /attachments/{id}.zip
pub async fn zip(state: Data<AppState>, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let found = match find(&state, id.into_inner()).await? {
        Ok(found) => found,
        Err(removed) => return Ok(removed),
    };
    let disposition = named(&format!("{}.zip", found.name));
    let db = state.db.clone();
    let write = move || {
        let Attachment { name, size, sha256, .. } = found;
        let file = zipped::write(&name, size, |number| db.read_now(|conn| read::piece(conn, &sha256, number)))?;
        let size = file.metadata().map_err(Error::internal)?.len();
        Ok((file, size))
    };
    let (file, size) = blocking(write).await?;
    Ok(as_file(disposition, size, parts(file)))
}

/// GET /attachments/{id}/preview
pub async fn preview(state: Data<AppState>, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let png = state.db.read(move |conn| read::preview(conn, id)).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Security-Policy", POLICY))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        .content_type("image/png")
        .body(png))
}

/// An attachment, or where one leads that was removed.
async fn find(state: &AppState, id: i64) -> Result<Result<Attachment, HttpResponse>, Failure> {
    Ok(match state.db.read(move |conn| read::find(conn, id)).await? {
        Found::Attached(found) => Ok(found),
        Found::Removed(incident) => {
            Err(see_other(&paths::incident_tab(incident, "attachments"), Some("This file was removed.")))
        }
    })
}

fn as_file(
    disposition: ContentDisposition,
    size: u64,
    body: impl Stream<Item = DomainResult<Bytes>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(disposition)
        .insert_header(("Content-Security-Policy", POLICY))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        // Its length is told, which compressing would change.
        .insert_header(ContentEncoding::Identity)
        .content_type("application/octet-stream")
        .body(SizedStream::new(size, body.boxed_local()))
}

/// The header that makes a browser store a file, with its name for old programs and for all others (RFC 6266).
fn named(name: &str) -> ContentDisposition {
    let name = storable(name);
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let ascii = name.chars().map(|c| if is_plain(c) && !matches!(c, '%' | ';') { c } else { '_' }).collect();
    let extended = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: name.into() };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(ascii), DispositionParam::FilenameExt(extended)],
    }
}

/// A stored content, piece by piece. If it is removed meanwhile, the body ends before its length, so that an incomplete file
/// does not look complete.
fn pieces(db: Db, sha256: String) -> impl Stream<Item = DomainResult<Bytes>> {
    stream::unfold(0, move |number| {
        let (db, sha256) = (db.clone(), sha256.clone());
        async move {
            let read = db.read_without_snapshot(move |conn| read::piece(conn, &sha256, number)).await;
            Some((read.transpose()?.map(Bytes::from), number + 1))
        }
    })
}

/// A temporary file, part by part.
fn parts(file: File) -> impl Stream<Item = DomainResult<Bytes>> {
    stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = blocking(move || {
            let mut part = Vec::with_capacity(PART);
            (&mut file).take(PART as u64).read_to_end(&mut part).map_err(Error::internal)?;
            Ok((part, file))
        });
        match read.await {
            Ok((part, _)) if part.is_empty() => None,
            Ok((part, file)) => Some((Ok(Bytes::from(part)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_header_has_one_line_and_the_name_in_both_ways() {
        assert_eq!(
            named("Café \"a\".txt").to_string(),
            "attachment; filename=\"Caf_ _a_.txt\"; filename*=UTF-8''Caf%C3%A9%20_a_.txt"
        );
        assert!(!named("a\\b;c%41").to_string().contains("%41"), "no program decodes it twice");
    }
}
