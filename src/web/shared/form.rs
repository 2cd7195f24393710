//! The body of a POST from a form: names and values in order, names possibly repeated. Values are kept as
//! typed, so that a refused form can be shown again unchanged.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use actix_session::SessionExt as _;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;

use crate::error::{Error, FieldErrors};
use crate::model::conflict::Conflict;
use crate::operations::edit_incident::Edit;
use crate::web::shared::error::Failure;
use crate::web::shared::limits::{self, Pairs};
use crate::web::shared::session;

/// The value of the button of a pane that resolves its incident or alert and goes on to the next one of the list.
pub const RESOLVE_AND_NEXT: &str = "resolve-and-next";

/// Largest form in bytes. A comment of 30,000 characters takes up to 360 KB encoded.
pub const LIMIT: usize = 2 * 1024 * 1024;

/// Longest idempotency key in characters; those that Watchdesk makes have 32.
const IDEMPOTENCY_KEY_LENGTH: usize = 64;

/// The pairs of a form, as far as they are within the [limits](limits).
#[derive(Debug, Clone, Default)]
pub struct Submitted {
    pairs: Pairs,
    /// Where each name comes first.
    first: HashMap<String, usize>,
    over_limits: FieldErrors,
}

impl Submitted {
    pub fn parse(body: &[u8]) -> Self {
        // PostgreSQL cannot store NUL in text.
        let pairs = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.replace('\0', "")));
        let (pairs, over_limits) = limits::within_limits(pairs);
        let mut form = Self { pairs, first: HashMap::new(), over_limits };
        form.index();
        form
    }

    /// Refuses a form that is over a limit, with a message at each field.
    pub fn within_limits(&self) -> Result<(), Error> {
        self.over_limits.clone().into_result()
    }

    fn index(&mut self) {
        self.first.clear();
        for (index, (name, _)) in self.pairs.iter().enumerate() {
            self.first.entry(name.clone()).or_insert(index);
        }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.first.get(name).and_then(|index| self.pairs.get(*index)).map(|(_, value)| value.as_str())
    }

    /// The first value of a name; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// All pairs, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Sets the only value of a name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
        self.index();
    }

    /// Adds an incident to the selected ones.
    pub fn add_id(&mut self, id: i64) {
        if !self.ids("ids").contains(&id) {
            self.pairs.push(("ids".to_owned(), id.to_string()));
            self.index();
        }
    }

    /// The values of a name that are numbers.
    pub fn ids(&self, name: &str) -> Vec<i64> {
        self.all(name).into_iter().filter_map(|value| value.parse().ok()).collect()
    }

    /// The revision that the form was rendered from. None if the form has no such field.
    ///
    /// A value that is not a number becomes the largest number, which every operation refuses.
    pub fn revision(&self) -> Option<i64> {
        self.get("revision").map(|text| text.trim().parse().unwrap_or(i64::MAX))
    }

    /// The idempotency key: a form that is sent twice has an effect once. Empty if the form has none.
    pub fn idempotency_key(&self) -> String {
        self.text("once").chars().take(IDEMPOTENCY_KEY_LENGTH).collect()
    }

    /// Where to go afterwards: a path on this server, never another site.
    pub fn return_to(&self, otherwise: &str) -> String {
        local_path(self.text("return_to")).unwrap_or(otherwise).to_owned()
    }

    /// The manage form's fields. Absent means unchanged, empty means cleared.
    pub fn edit(&self) -> Edit {
        let tags = self.all("tags");
        Edit {
            name: if self.get("automatic_name").is_some() { Some(String::new()) } else { self.owned("name") },
            severity: self.owned("severity"),
            status: self.owned("status"),
            resolving_note: self.owned("resolving_note"),
            classification: self.owned("classification"),
            determination: self.owned("determination"),
            assigned_to: self.owned("assigned_to"),
            follow_up_at: self.owned("follow_up_at"),
            tags: (!tags.is_empty()).then(|| tags.into_iter().map(str::to_owned).collect()),
        }
    }
}

/// A form that was refused, to be shown again.
#[derive(Debug, Clone, Default)]
pub struct Refused {
    pub form: Submitted,
    pub errors: FieldErrors,
    pub conflict: Option<Conflict>,
    /// The comment form was refused, not the manage form.
    pub comment: bool,
}

impl Refused {
    /// The status of the response and what to show, if the form can show the error; else the error.
    pub fn new(form: Submitted, error: Error, comment: bool) -> Result<(StatusCode, Self), Failure> {
        match error {
            Error::Invalid(errors) => {
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Self { form, errors, conflict: None, comment }))
            }
            Error::Conflict(conflict) => {
                Ok((StatusCode::CONFLICT, Self { form, conflict: Some(*conflict), comment, ..Self::default() }))
            }
            other => Err(other.into()),
        }
    }
}

/// The error at "Classification": a determination is chosen with the same control.
pub fn classification_error(errors: &FieldErrors) -> &str {
    errors.at("classification").or_else(|| errors.at("determination")).unwrap_or_default()
}

/// The text if it is a path on this server. Browsers treat a backslash like a slash.
pub fn local_path(text: &str) -> Option<&str> {
    let second = text.chars().nth(1);
    let plain = !text.chars().any(|c| c.is_control() || c == '\\');
    (text.starts_with('/') && second != Some('/') && plain).then_some(text)
}

/// A form whose handler shows it again with its errors. Every other handler takes [`Submitted`], which is
/// refused by a page when it is over a limit.
#[derive(Debug)]
pub struct Typed {
    /// As far as it is within the limits.
    pub form: Submitted,
    /// The error of a form that is over a limit. Ask before the database.
    pub checked: Result<(), Error>,
}

impl FromRequest for Typed {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = read(request, payload);
        Box::pin(async move {
            let form = form.await?;
            match form.within_limits() {
                Err(Error::Invalid(errors)) if errors.at(limits::AT_FORM).is_some() => {
                    Err(Error::Invalid(errors).into())
                }
                checked => Ok(Self { form, checked }),
            }
        })
    }
}

impl FromRequest for Submitted {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = read(request, payload);
        Box::pin(async move {
            let form = form.await?;
            form.within_limits()?;
            Ok(form)
        })
    }
}

/// Whether the body is an HTML form, as far as its headers say.
pub fn is_form(request: &HttpRequest) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_none_or(|content_type| content_type.starts_with("application/x-www-form-urlencoded"))
}

/// Whether the body is an HTML form with files, as far as its headers say.
pub fn has_files(headers: &header::HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| content_type.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// The answer to anything else.
pub fn not_a_form() -> Failure {
    Error::Forbidden("This address accepts only HTML forms.").into()
}

/// Reads the body of a request as a form.
fn read(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Submitted, Failure>> + use<> {
    let (is_form, session, payload) = (is_form(request), request.get_session(), payload.take());
    async move {
        if !is_form {
            return Err(not_a_form());
        }
        let form = Submitted::parse(&collect(payload, LIMIT).await?);
        session::refuse_forms_of_others(&session, form.get("csrf"))?;
        Ok(form)
    }
}

/// Reads a body of at most `limit` bytes.
pub async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::at_field("body", "The request ended early."))?;
        if body.len() + chunk.len() > limit {
            return Err(Error::at_field("body", "The request is too large.").into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_followed() {
        assert_eq!(local_path("/incidents?pane=1"), Some("/incidents?pane=1"));
        for foreign in ["", "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil", "javascript:1"] {
            assert_eq!(local_path(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn absent_is_unchanged_and_empty_is_cleared() {
        let edit = Submitted::parse(b"status=resolved&tags=&tags=VIP%2C+Q4&assigned_to=").edit();
        assert_eq!(edit.status.as_deref(), Some("resolved"));
        assert_eq!(edit.assigned_to.as_deref(), Some(""));
        assert_eq!(edit.name, None);
        assert_eq!(edit.tags, Some(vec![String::new(), "VIP, Q4".to_owned()]));
    }
}
