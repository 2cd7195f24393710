//! Reads a form with files. Each is written to a temporary file while it comes, so that its size takes no memory.

use actix_multipart::{Field, Multipart};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, web};
use futures_util::StreamExt as _;
use futures_util::stream::Fuse;

use crate::attachments::{AT_ONCE, Received, Receiving, file_name};
use crate::config::show_size;
use crate::error::{Error, Result};
use crate::text::thousands;

/// Longest value of any other field in bytes.
const FIELD: usize = 1_000;
/// Bytes that are written to the temporary file at once.
const PART: usize = 256 * 1024;

/// A form with files, as far as it could be taken.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub files: Vec<Received>,
    pub csrf: Option<String>,
    /// The idempotency key.
    pub once: String,
    /// What is wrong with it. The rest of the form was read and left: a browser shows no answer before it has sent all.
    pub problem: Option<String>,
}

/// Reads a form with files of at most `limit` bytes each.
pub(super) async fn read(request: &HttpRequest, payload: Payload, limit: u64) -> Result<Sent> {
    let mut form = Multipart::new(request.headers(), payload);
    let mut sent = Sent::default();
    while let Some(field) = form.next().await {
        // A field must not be asked for more after its end.
        let mut field = field.map_err(|_| ended())?.fuse();
        match field.get_ref().name() {
            Some("csrf") => sent.csrf = Some(text(&mut field).await?),
            Some("once") => sent.once = text(&mut field).await?,
            Some("files") if sent.problem.is_none() => match file(&mut field, limit).await? {
                Part::Nothing => {}
                Part::Refused(problem) => sent.problem = Some(problem),
                Part::File(_) if sent.files.len() == AT_ONCE => {
                    sent.problem = Some(format!("Attach at most {} files at once.", thousands(AT_ONCE)));
                }
                Part::File(file) => sent.files.push(*file),
            },
            _ => {}
        }
        rest(&mut field).await?;
    }
    if sent.files.is_empty() && sent.problem.is_none() {
        sent.problem = Some("Choose a file.".to_owned());
    }
    Ok(sent)
}

/// A part of the form that can be a file.
enum Part {
    /// The field of a form in which nothing was chosen.
    Nothing,
    Refused(String),
    File(Box<Received>),
}

async fn file(field: &mut Fuse<Field>, limit: u64) -> Result<Part> {
    let Some(sent) = field.get_ref().content_disposition().and_then(|disposition| disposition.get_filename()) else {
        return Ok(Part::Nothing);
    };
    let (nothing_chosen, name) = (sent.is_empty(), file_name::cleaned(&unescaped(sent)));
    let mut receiving = Receiving::begin()?;
    let mut waiting: Vec<u8> = Vec::new();
    while let Some(chunk) = next(field).await? {
        waiting.extend_from_slice(&chunk);
        if receiving.size() + waiting.len() as u64 > limit {
            return Ok(Part::Refused(format!("{name} has more than {}. Nothing was attached.", show_size(limit))));
        }
        if waiting.len() >= PART {
            let part = std::mem::take(&mut waiting);
            receiving = written(receiving, part).await?;
        }
    }
    receiving = written(receiving, waiting).await?;
    match receiving.size() {
        0 if nothing_chosen => Ok(Part::Nothing),
        _ if name.is_empty() => Ok(Part::Refused("A file has no name. Nothing was attached.".to_owned())),
        0 => Ok(Part::Refused(format!("{name} is empty. Nothing was attached."))),
        _ => Ok(Part::File(Box::new(blocking(move || receiving.finish(name)).await?))),
    }
}

/// What browsers write in the name of a file instead of a quotation mark and a line break.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

async fn written(mut receiving: Receiving, part: Vec<u8>) -> Result<Receiving> {
    blocking(move || receiving.write(&part).map(|()| receiving)).await
}

/// Does work that takes a while on a thread for that.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(work).await.map_err(Error::internal)?
}

async fn text(field: &mut Fuse<Field>) -> Result<String> {
    let mut value = Vec::new();
    while let Some(chunk) = next(field).await? {
        if value.len() + chunk.len() > FIELD {
            return Err(Error::at_field("form", "A field is too long."));
        }
        value.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&value).replace('\0', ""))
}

async fn rest(field: &mut Fuse<Field>) -> Result<()> {
    while next(field).await?.is_some() {}
    Ok(())
}

async fn next(field: &mut Fuse<Field>) -> Result<Option<Bytes>> {
    field.next().await.transpose().map_err(|_| ended())
}

fn ended() -> Error {
    Error::at_field("form", "The files did not arrive whole, so nothing was attached. Try again.")
}
