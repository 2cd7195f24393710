//! Serving below a path, when the public URL has one: https://example.com/watchdesk. Handlers and templates
//! name addresses from the root. `below_a_path` removes the path from requests and adds it to what is answered;
//! `static/js/shared/base-path.js` adds it in scripts. Without a path nothing is changed.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::body::{self, EitherBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::error::{Error as DomainError, Result as DomainResult};
use crate::web::shared::error::Failure;

/// The attributes of our templates that can have an address of this server.
const ADDRESSES: [&str; 10] = [
    "href",
    "src",
    "action",
    "formaction",
    "data-later",
    "data-stream",
    "data-find-targets",
    "data-copy-link",
    "data-queue",
    "data-views",
];

/// The path of the public URL, such as "/watchdesk"; empty when everything is served at the root.
#[derive(Debug, Clone, Default)]
pub struct BasePath(String);

impl BasePath {
    /// From a path as [`crate::config::Config::base_path`] returns it.
    pub fn new(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// The path as it stands in the public URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// What follows the path in an address, which begins with a slash; `None` if the address is not below
    /// it, as behind a proxy that removes the path.
    pub(super) fn remove(&self, address: &str) -> Option<String> {
        let rest = address.strip_prefix(&self.0).filter(|_| !self.is_root())?;
        match rest.chars().next() {
            Some('/') => Some(rest.to_owned()),
            None | Some('?' | '#') => Some(format!("/{rest}")),
            Some(_) => None,
        }
    }

    /// An address of this server below the path. Addresses of other servers, relative ones, and those
    /// that a script has sent with the path are unchanged.
    fn add<'a>(&self, address: &'a str) -> Cow<'a, str> {
        let is_local = address.starts_with('/') && !address.starts_with("//");
        if !is_local || self.is_root() || self.remove(address).is_some() {
            return Cow::Borrowed(address);
        }
        Cow::Owned(format!("{}{address}", self.0))
    }

    /// A page, or a part of one, with the path in its addresses. `<html>` tells it to scripts.
    pub fn add_in_html(&self, html: String) -> DomainResult<String> {
        if self.is_root() {
            return Ok(html);
        }
        let every_element = element!("*", |element| {
            if element.tag_name() == "html" {
                element.set_attribute("data-base-path", &self.0)?;
            }
            for name in ADDRESSES {
                let Some(address) = element.get_attribute(name) else { continue };
                if let Cow::Owned(address) = self.add(&address) {
                    element.set_attribute(name, &address)?;
                }
            }
            Ok(())
        });
        let settings = RewriteStrSettings::new().append_element_content_handler(every_element).with_strict(false);
        rewrite_str(&html, settings).map_err(DomainError::internal)
    }

    fn add_in_headers(&self, headers: &mut HeaderMap) {
        let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(|to| self.add(to));
        if let Some(location) = location.and_then(|to| HeaderValue::from_str(&to).ok()) {
            headers.insert(header::LOCATION, location);
        }
        let cookies: Vec<HeaderValue> = headers.remove(header::SET_COOKIE).collect();
        for cookie in cookies {
            headers.append(header::SET_COOKIE, self.add_in_cookie(&cookie).unwrap_or(cookie));
        }
    }

    /// A cookie that is sent to this server only.
    fn add_in_cookie(&self, cookie: &HeaderValue) -> Option<HeaderValue> {
        let mut cookie = Cookie::parse(cookie.to_str().ok()?.to_owned()).ok()?;
        if cookie.path() == Some("/") {
            cookie.set_path(self.0.clone());
        }
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    pub async fn add_in_response<B: MessageBody>(&self, mut response: HttpResponse<B>) -> HttpResponse<EitherBody<B>> {
        self.add_in_headers(response.headers_mut());
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
            return response.map_into_left_body();
        }
        let (response, body) = response.into_parts();
        let html = match body::to_bytes(body).await {
            Ok(bytes) => self.add_in_html(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => Err(DomainError::internal(error.into())),
        };
        match html {
            Ok(html) => response.set_body(html).map_into_boxed_body().map_into_right_body(),
            Err(error) => HttpResponse::from_error(Failure::from(error)).map_into_right_body(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_server_get_the_path() {
        let base = BasePath::new("/watchdesk");
        let added = [
            ("/", "/watchdesk/"),
            ("/incidents/1?a=b#c", "/watchdesk/incidents/1?a=b#c"),
            ("/watchdesks", "/watchdesk/watchdesks"),
        ];
        for (address, below) in added {
            assert_eq!(base.add(address), below);
            assert_eq!(base.remove(below).as_deref(), Some(address));
            assert_eq!(base.add(below), below, "only once");
        }
        for other in ["", "#main", "?after=1", "//evil.example", "https://a.example/b", "javascript:1"] {
            assert_eq!(base.add(other), other);
        }
        assert_eq!((base.remove("/incidents"), base.remove("/watchdesk").as_deref()), (None, Some("/")));
        assert_eq!(BasePath::default().add("/incidents"), "/incidents");
    }

    #[test]
    fn text_and_other_attributes_of_a_page_stay_as_they_are() {
        let page = r#"<!doctype html><html lang="en"><a href="/a?b=1&amp;c=&#34;" title="/a">href="/a"</a>
            <code data-place="/a/b">/a</code><textarea><a href="/a"></textarea><tr><td><a HREF='/b'>é</a></html>"#;
        let below = BasePath::new("/w").add_in_html(page.to_owned()).unwrap();
        let expected = page
            .replace(r#"lang="en""#, r#"lang="en" data-base-path="/w""#)
            .replace(r#"<a href="/a?"#, r#"<a href="/w/a?"#)
            .replace("HREF='/b'", "HREF=\"/w/b\"");
        assert_eq!(below.to_lowercase(), expected.to_lowercase());
    }

    #[test]
    fn only_cookies_of_the_root_are_moved() {
        let base = BasePath::new("/w");
        let moved = |text: &'static str| base.add_in_cookie(&HeaderValue::from_static(text)).unwrap();
        assert_eq!(moved("flash=m%3Da+b; HttpOnly; Path=/"), "flash=m%3Da+b; HttpOnly; Path=/w");
        assert_eq!(moved("a=b; Path=/c"), "a=b; Path=/c");
    }
}
