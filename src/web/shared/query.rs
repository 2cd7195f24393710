//! Decoding and encoding of query strings.

use actix_web::HttpRequest;

/// The decoded pairs of a request's query string, in order.
pub fn pairs(request: &HttpRequest) -> Vec<(String, String)> {
    form_urlencoded::parse(request.query_string().as_bytes())
        .map(|(name, value)| (name.into_owned(), value.replace('\0', "")))
        .collect()
}

/// The first value of a name.
pub fn value(request: &HttpRequest, name: &str) -> Option<String> {
    pairs(request).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// A path with a query string; without pairs, only the path.
pub fn link<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
