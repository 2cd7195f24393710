//! Signed bodies. They are received to their end and verified before anything of them is stored, and a
//! delivery of Standard Webhooks is stored once.

use std::io::{self, ErrorKind, Read, Seek as _, Write};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use tempfile::SpooledTempFile;

use crate::accounts::deliveries;
use crate::accounts::signatures::{self, Check, Signature};
use crate::accounts::signing_secret::SigningSecret;
use crate::error::{Error, Result};
use crate::ingest::intake::report::{Report, Unfinished};
use crate::web::api::error::ApiError;
use crate::web::shared::state::AppState;

/// Bytes of a body that are kept in memory; a larger one is kept in a temporary file without a name.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// What the answer says of a body that did not reach storing.
const NOTHING_STORED: &str = "Nothing was stored.";

/// What a request says about its signature, and what is needed to check it.
pub struct SignedBody {
    token: i64,
    secret: SigningSecret,
    signature: std::result::Result<Signature, &'static str>,
}

/// What became of a body.
pub enum Outcome {
    Stored(Report),
    /// The same delivery was stored before.
    StoredBefore,
}

impl SignedBody {
    pub fn of(request: &HttpRequest, token: i64, secret: SigningSecret) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        Self { token, secret, signature: Signature::read(header) }
    }

    /// Receives the body, verifies it and has it stored. Blocks.
    pub fn take(
        self,
        body: impl Read,
        state: &AppState,
        store: impl FnOnce(SpooledTempFile) -> Result<Report>,
    ) -> std::result::Result<Outcome, ApiError> {
        let signature = self.signature.map_err(refused)?;
        let delivery = signature.delivery().map(str::to_owned);
        let body = verified(body, signature.check(&self.secret)?, state.max_body)?;
        let Some(id) = delivery else { return Ok(Outcome::Stored(store(body)?)) };
        let _turn = Turn::take(state, self.token, &id)?;
        if state.db.read_now(|conn| deliveries::is_stored(conn, self.token, &id))? {
            return Ok(Outcome::StoredBefore);
        }
        let report = store(body)?;
        // Not earlier: a delivery that failed can be sent again.
        if report.is_complete() {
            state.db.write_in_turn(|tx| deliveries::note_stored(tx, self.token, &id))?;
        }
        Ok(Outcome::Stored(report))
    }
}

fn refused(why: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "InvalidSignature", why)
}

/// The bytes of a body whose signature is right.
fn verified(mut body: impl Read, check: Check, limit: u64) -> std::result::Result<SpooledTempFile, ApiError> {
    let mut received = Received { kept: SpooledTempFile::new(IN_MEMORY), check };
    match io::copy(&mut body.by_ref().take(limit.saturating_add(1)), &mut received) {
        Ok(count) if count > limit => return Err(ApiError::too_large(limit, NOTHING_STORED)),
        Ok(_) => (),
        Err(error) if error.kind() == ErrorKind::ConnectionAborted => return Err(ApiError::broken_off(NOTHING_STORED)),
        Err(error) if error.kind() == ErrorKind::TimedOut => {
            return Err(ApiError::unfinished(Unfinished::TooSlow, limit, NOTHING_STORED));
        }
        Err(error) => return Err(Error::internal(format!("cannot keep a signed body: {error}")).into()),
    }
    if !received.check.is_match() {
        return Err(refused(signatures::NO_MATCH));
    }
    received.kept.rewind().map_err(Error::internal)?;
    Ok(received.kept)
}

/// Keeps what is received and computes its signature.
struct Received {
    kept: SpooledTempFile,
    check: Check,
}

impl Write for Received {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.kept.write_all(part)?;
        self.check.update(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.kept.flush()
    }
}

/// Keeps a delivery from being stored twice at the same time.
struct Turn<'a> {
    state: &'a AppState,
    delivery: (i64, String),
}

impl<'a> Turn<'a> {
    fn take(state: &'a AppState, token: i64, id: &str) -> std::result::Result<Self, ApiError> {
        let delivery = (token, id.to_owned());
        let mut deliveries = state.deliveries.lock().map_err(Error::internal)?;
        if !deliveries.insert(delivery.clone()) {
            let message = "This delivery is being stored. Send it again in a moment.";
            return Err(ApiError::new(StatusCode::CONFLICT, "Conflict", message));
        }
        Ok(Self { state, delivery })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Ok(mut deliveries) = self.state.deliveries.lock() {
            deliveries.remove(&self.delivery);
        }
    }
}
