//! Browsers with which people have signed in before. Each keeps a signed cookie for an account, so that failed
//! sign-ins of others at the same address, such as behind one router, do not make its person wait (OWASP, "Slow Down
//! Online Guessing Attacks with Device Cookies"). The cookie signs nobody in.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, CookieJar, Key, SameSite};

use crate::accounts::user_names;
use crate::error::{Error, Result};
use crate::hash::sha256_hex;
use crate::secrets::random_hex;

/// How long a browser is known after a sign-in, in days.
const DAYS: i64 = 180;

/// Between the account and the browser in a cookie's value.
const SEPARATOR: char = '.';

/// What an account is called in a cookie, which others who use the browser may read.
fn account(name: &str) -> String {
    sha256_hex(user_names::key(name).as_bytes()).chars().take(16).collect()
}

fn cookie_name(account: &str) -> String {
    format!("watchdesk_browser_{account}")
}

/// The random name of the browser, if this account was signed in to with it before.
pub fn find(request: &HttpRequest, key: &Key, name: &str) -> Option<String> {
    let account = account(name);
    let cookie = request.cookie(&cookie_name(&account))?;
    let verified = CookieJar::new().signed(key).verify(cookie)?;
    // The signature is of the value alone, so that the value of another cookie would do.
    let (of, browser) = verified.value().split_once(SEPARATOR)?;
    (of == account).then(|| browser.to_owned())
}

/// The cookie of a browser that was signed in with; `browser` if it was known already.
pub fn cookie(key: &Key, name: &str, browser: Option<String>) -> Result<Cookie<'static>> {
    let account = account(name);
    let browser = browser.map_or_else(|| random_hex(16), Ok)?;
    let cookie = Cookie::build(cookie_name(&account), format!("{account}{SEPARATOR}{browser}"))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(DAYS))
        .finish();
    let mut jar = CookieJar::new();
    let name = cookie.name().to_owned();
    jar.signed_mut(key).add(cookie);
    jar.get(&name).cloned().ok_or_else(|| Error::internal("the cookie was not signed"))
}
