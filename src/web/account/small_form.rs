//! The forms of people who have not signed in. Strangers can send them, so they are small.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, collect, is_form, not_a_form};

/// Largest form in bytes: a password of 1,000 characters takes up to 12 KB encoded.
const LIMIT: usize = 32 * 1024;

/// The pairs of a posted form of at most [`LIMIT`] bytes.
pub struct SmallForm(pub Submitted);

impl FromRequest for SmallForm {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_form, payload) = (is_form(request), payload.take());
        Box::pin(async move {
            if !is_form {
                return Err(not_a_form());
            }
            Ok(Self(Submitted::parse(&collect(payload, LIMIT).await?)))
        })
    }
}
