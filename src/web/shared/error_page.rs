//! Error pages of signed-in people have the navigation of every other page. It is made from what the request
//! brought along already, so that it reads nothing, whatever failed.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::middleware::Next;
use actix_web::{Error as WebError, FromRequest as _, HttpResponse, ResponseError as _};
use askama::Template;

use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;

#[derive(Template)]
#[template(path = "error/signed_in.html")]
struct ErrorPage {
    layout: Layout,
    title: String,
    message: String,
    reference: Option<String>,
}

impl ErrorPage {
    /// No link of the navigation is current.
    fn active(&self) -> &'static str {
        ""
    }
}

/// Puts the navigation around the error pages of the handlers inside. Without it, as when there is no room to make
/// it, the page stays as it is.
pub async fn with_navigation(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, WebError> {
    let response = next.call(request).await?;
    match framed(&response) {
        Some(page) => Ok(response.into_response(page).map_into_right_body()),
        None => Ok(response.map_into_left_body()),
    }
}

fn framed<Body>(response: &ServiceResponse<Body>) -> Option<HttpResponse> {
    let failure = response.response().error()?.as_error::<Failure>()?;
    let layout = Layout::from_request(response.request(), &mut Payload::None).into_inner().ok()?;
    let (title, message) = failure.wording();
    let (status, reference): (StatusCode, _) = (failure.status_code(), failure.reference().map(str::to_owned));
    let page = ErrorPage { layout, title: title.to_owned(), message, reference };
    let mut framed = page.layout.page(status, &page).ok()?;
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        framed.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    Some(framed)
}
