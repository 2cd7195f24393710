//! Logs one line for each request: id, client, person, method, route pattern, status, milliseconds. Must not log
//! bodies or query strings, which contain what people search for.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};

use crate::metrics::{RequestLabels, RouteLabels, metrics};
use crate::model::user::User;
use crate::secrets::random_hex;
use crate::web::server::client_address::client_address;

/// The id of a request, in its log line and in the response header `x-request-id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = random_hex(8).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().as_str().to_owned();
    let mut response = next.call(request).await?;
    let pattern = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let person = response.request().extensions().get::<User>().map(|user| user.id);
    let client = tracing::field::display(client_address(response.request()));
    let status = response.status().as_u16();
    let milliseconds = format!("{:.2}", started.elapsed().as_secs_f64() * 1000.0);
    measure(response.request().method(), &pattern, status, started);
    tracing::info!(request = %id, client, user = person, status, ms = %milliseconds, "{method:.16} {pattern} {status}");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

/// Counts a request and its time. What is no route of the table counts as one, so that nobody can make up labels.
fn measure(method: &Method, route: &str, status: u16, started: Instant) {
    let method = match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PATCH => method.as_str(),
        _ => "other",
    };
    let labels = RequestLabels { method: method.to_owned(), route: route.to_owned(), status };
    metrics().requests.get_or_create(&labels).inc();
    let labels = RouteLabels { route: route.to_owned() };
    metrics().request_seconds.get_or_create(&labels).observe(started.elapsed().as_secs_f64());
}
