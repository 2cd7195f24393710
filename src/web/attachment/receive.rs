//! Reads a form with files. Each is written to a temporary file while it comes, so that its size takes no memory.

use actix_web::web::Payload;
use actix_web::{HttpRequest, web};

use crate::attachments::{AT_ONCE, Received, Receiving, file_name};
use crate::config::show_size;
use crate::error::{Error, Result};
use crate::text::thousands;
use crate::web::attachment::parts::{Part, Parts};

/// Longest value of any other field in bytes.
const FIELD: usize = 1_000;
/// Bytes that are written to the temporary file at once.
const WRITTEN: usize = 256 * 1024;

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
    let mut form = Parts::new(request, payload);
    let mut sent = Sent::default();
    while let Some(mut part) = form.next().await? {
        match part.name() {
            "csrf" => sent.csrf = Some(text(&mut part).await?),
            "once" => sent.once = text(&mut part).await?,
            "files" if sent.problem.is_none() => match file(&mut part, limit).await? {
                Chosen::Nothing => {}
                Chosen::Refused(problem) => sent.problem = Some(problem),
                Chosen::File(_) if sent.files.len() == AT_ONCE => {
                    sent.problem = Some(format!("Attach at most {} files at once.", thousands(AT_ONCE)));
                }
                Chosen::File(file) => sent.files.push(*file),
            },
            _ => {}
        }
        while part.next().await?.is_some() {}
    }
    if sent.files.is_empty() && sent.problem.is_none() {
        sent.problem = Some("Choose a file.".to_owned());
    }
    Ok(sent)
}

/// What a part of the form has.
enum Chosen {
    /// No file: the field of a form in which nothing was chosen.
    Nothing,
    Refused(String),
    File(Box<Received>),
}

async fn file(part: &mut Part, limit: u64) -> Result<Chosen> {
    let Some(sent) = part.file_name() else { return Ok(Chosen::Nothing) };
    let (nothing_chosen, name) = (sent.is_empty(), file_name::cleaned(&unescaped(sent)));
    let mut receiving = Receiving::begin()?;
    let mut waiting: Vec<u8> = Vec::new();
    while let Some(chunk) = part.next().await? {
        waiting.extend_from_slice(&chunk);
        if receiving.size() + waiting.len() as u64 > limit {
            let most = show_size(limit);
            return Ok(Chosen::Refused(format!("{name} has more than {most}. Nothing was attached.")));
        }
        if waiting.len() >= WRITTEN {
            receiving = written(receiving, std::mem::take(&mut waiting)).await?;
        }
    }
    receiving = written(receiving, waiting).await?;
    match receiving.size() {
        0 if nothing_chosen => Ok(Chosen::Nothing),
        _ if name.is_empty() => Ok(Chosen::Refused("A file has no name. Nothing was attached.".to_owned())),
        0 => Ok(Chosen::Refused(format!("{name} is empty. Nothing was attached."))),
        _ => Ok(Chosen::File(Box::new(blocking(move || receiving.finish(name)).await?))),
    }
}

/// What browsers write in the name of a file instead of a quotation mark and a line break.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

async fn written(mut receiving: Receiving, bytes: Vec<u8>) -> Result<Receiving> {
    blocking(move || receiving.write(&bytes).map(|()| receiving)).await
}

/// Does work that takes a while on a thread for that.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(work).await.map_err(Error::internal)?
}

async fn text(part: &mut Part) -> Result<String> {
    let mut value = Vec::new();
    while let Some(chunk) = part.next().await? {
        if value.len() + chunk.len() > FIELD {
            return Err(Error::at_field("form", "A field is too long."));
        }
        value.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&value).replace('\0', ""))
}
