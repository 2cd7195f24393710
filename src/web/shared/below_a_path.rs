//! Middleware of a server below a path: removes the path from requests and adds it to answers. Without a path
//! nothing is changed.

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{Uri, uri};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::web::shared::state::AppState;

/// The state of a server that is below a path.
fn below_a_path(request: &ServiceRequest) -> Option<Data<AppState>> {
    request.app_data::<Data<AppState>>().filter(|state| !state.base_path.is_root()).cloned()
}

/// Removes the path from the address of a request, before its route is looked up.
pub async fn remove_from_request(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let address = request.uri().path_and_query().map(uri::PathAndQuery::as_str);
    let shorter = below_a_path(&request).zip(address).and_then(|(state, address)| state.base_path.remove(address));
    let mut parts = request.uri().clone().into_parts();
    if let Some(address) = shorter.and_then(|address| address.parse().ok()) {
        parts.path_and_query = Some(address);
        if let Ok(uri) = Uri::from_parts(parts) {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
        }
    }
    next.call(request).await
}

/// Adds the path to the redirects, cookies and pages that are answered, error pages included.
pub async fn add_to_response(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let Some(state) = below_a_path(&request) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    match next.call(request).await {
        Ok(answer) => {
            let (request, response) = answer.into_parts();
            Ok(ServiceResponse::new(request, state.base_path.add_in_response(response).await))
        }
        Err(error) => {
            let response = state.base_path.add_in_response(error.error_response()).await;
            Err(InternalError::from_response(error, response.map_into_boxed_body()).into())
        }
    }
}
