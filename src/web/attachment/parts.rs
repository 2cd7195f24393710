//! The parts of a form with files as they come, whatever the body is.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use futures_util::stream::{Fuse, Stream, StreamExt as _};

use crate::error::{Error, Result};

/// How often what was read to its end may ask for more. The library waits for ever where a body ends within a boundary.
const PATIENCE: usize = 3;

/// A form that is being read.
pub(super) struct Parts {
    form: Multipart,
    ended: Rc<Cell<bool>>,
}

/// One part of it.
pub(super) struct Part {
    // A field must not be asked for more after its end.
    field: Fuse<Field>,
    ended: Rc<Cell<bool>>,
}

impl Parts {
    pub fn new(request: &HttpRequest, payload: Payload) -> Self {
        let ended = Rc::new(Cell::new(false));
        let body = Body { payload, ended: Rc::clone(&ended) };
        Self { form: Multipart::new(request.headers(), body), ended }
    }

    pub async fn next(&mut self) -> Result<Option<Part>> {
        let field = next(&mut self.form, &self.ended).await?;
        Ok(field.map(|field| Part { field: field.fuse(), ended: Rc::clone(&self.ended) }))
    }
}

impl Part {
    pub fn name(&self) -> &str {
        self.field.get_ref().name().unwrap_or_default()
    }

    /// The name of the file; none where it is another field.
    pub fn file_name(&self) -> Option<&str> {
        self.field.get_ref().content_disposition()?.get_filename()
    }

    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        next(&mut self.field, &self.ended).await
    }
}

async fn next<T, E>(
    stream: &mut (impl Stream<Item = std::result::Result<T, E>> + Unpin),
    ended: &Cell<bool>,
) -> Result<Option<T>> {
    let mut patience = PATIENCE;
    let next = poll_fn(|cx| match stream.poll_next_unpin(cx) {
        Poll::Pending if ended.get() && patience == 0 => Poll::Ready(Err(broken())),
        Poll::Pending if ended.get() => {
            patience -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        Poll::Pending => Poll::Pending,
        Poll::Ready(item) => Poll::Ready(item.transpose().map_err(|_| broken())),
    });
    next.await
}

fn broken() -> Error {
    Error::at_field("form", "The files did not arrive whole, so nothing was attached. Try again.")
}

/// A body that tells when it has ended.
struct Body {
    payload: Payload,
    ended: Rc<Cell<bool>>,
}

impl Stream for Body {
    type Item = std::result::Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.payload.poll_next_unpin(cx);
        if matches!(item, Poll::Ready(None | Some(Err(_)))) {
            self.ended.set(true);
        }
        item
    }
}
