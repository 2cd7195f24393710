//! The message that the next page shows about the last action, with the operation that its Undo button
//! undoes. It is kept in a cookie for a minute, so that showing a page does not write to the database.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

const NAME: &str = "flash";
const MAX_LENGTH: usize = 500;

/// A message, and the operation that can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub message: String,
    pub operation: Option<i64>,
}

pub fn set(message: &str, operation: Option<i64>) -> Cookie<'static> {
    let short: String = message.chars().take(MAX_LENGTH).collect();
    let mut value = form_urlencoded::Serializer::new(String::new());
    value.append_pair("m", &short);
    if let Some(operation) = operation {
        value.append_pair("o", &operation.to_string());
    }
    let value = value.finish();
    Cookie::build(NAME, value).path("/").http_only(true).same_site(SameSite::Lax).max_age(Duration::minutes(1)).finish()
}

/// The message for the page that is asked for. A script that reads a page while the person goes to another
/// asks with the header `X-Requested-With`: it neither takes the message nor replaces it.
pub fn read(request: &HttpRequest) -> Option<Flash> {
    if is_by_script(request) {
        return None;
    }
    let cookie = request.cookie(NAME)?;
    let (mut message, mut operation) = (String::new(), None);
    for (name, value) in form_urlencoded::parse(cookie.value().as_bytes()) {
        match name.as_ref() {
            "m" => message = value.chars().filter(|c| !c.is_control()).take(MAX_LENGTH).collect(),
            "o" => operation = value.parse().ok(),
            _ => {}
        }
    }
    (!message.is_empty()).then_some(Flash { message, operation })
}

/// Whether a script reads the page, not the person.
pub fn is_by_script(request: &HttpRequest) -> bool {
    request.headers().contains_key("X-Requested-With")
}

pub fn clear() -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path("/").finish();
    cookie.make_removal();
    cookie
}
