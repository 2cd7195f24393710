//! What the next page says about the act before it. It travels in a cookie of a minute, so that
//! reading pages never writes to the database.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

const NAME: &str = "flash";
const LONGEST: usize = 500;

pub fn set(message: &str) -> Cookie<'static> {
    let short: String = message.chars().take(LONGEST).collect();
    let value: String = form_urlencoded::byte_serialize(short.as_bytes()).collect();
    Cookie::build(NAME, value).path("/").http_only(true).same_site(SameSite::Lax).max_age(Duration::minutes(1)).finish()
}

pub fn read(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(NAME)?;
    let decoded = form_urlencoded::parse(cookie.value().as_bytes()).next().map(|(text, _)| text.into_owned())?;
    Some(decoded.chars().filter(|c| !c.is_control()).take(LONGEST).collect()).filter(|text: &String| !text.is_empty())
}

pub fn clear() -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path("/").finish();
    cookie.make_removal();
    cookie
}
