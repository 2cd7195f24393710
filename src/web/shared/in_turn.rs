//! Lets requests that read much wait for their person's turn. The routes wrap the addresses that need it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error as WebError, HttpMessage as _};

use crate::error::Error;
use crate::model::user::User;
use crate::web::shared::error::Failure;
use crate::web::shared::state::AppState;

/// Waits for the person's turn, then goes on.
pub async fn wait<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, WebError> {
    let person = request.extensions().get::<User>().map(|user| user.id);
    let shares = request.app_data::<Data<AppState>>().map(|state| state.reader_shares.clone());
    let (Some(person), Some(shares)) = (person, shares) else { return next.call(request).await };
    let turn = shares.turn(person).await.map_err(Failure::from)?;
    // In a task of its own: a read that was begun goes on when its client leaves, and keeps its turn until it ends.
    let answer = actix_web::rt::spawn(async move {
        let answer = next.call(request).await;
        drop(turn);
        answer
    });
    answer.await.map_err(|error| Failure::from(Error::internal(error)))?
}
