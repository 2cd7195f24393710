//! Signing out from the provider's side: it tells by a signed token whose sessions are over (OpenID Connect Back-Channel
//! Logout 1.0).

use diesel::prelude::*;
use openidconnect::core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm};
use openidconnect::{IdToken, Nonce};

use crate::accounts::people::target;
use crate::accounts::single_sign_on::client::Metadata;
use crate::accounts::single_sign_on::flow::{MoreClaims, client_of};
use crate::accounts::single_sign_on::matching;
use crate::accounts::single_sign_on::providers::Provider;
use crate::accounts::users;
use crate::audit::{self, Activity};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::schema::sessions;

/// What such a token says it is.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Oldest token that is taken, in seconds.
const OLDEST: i64 = 300;

type LogoutToken = IdToken<MoreClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Whose sessions are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    subject: String,
    /// One session of the person; all of them where there is none.
    session: Option<String>,
}

/// Reads and verifies a logout token.
pub fn read(metadata: &Metadata, provider: &Provider, token: &str) -> Result<SignedOut> {
    let refused = |why: &dyn std::fmt::Display| {
        tracing::info!("a logout token of {} was rejected: {why}", provider.issuer);
        Error::at_field("logout_token", "The logout token is not valid.")
    };
    let token: LogoutToken = token.parse().map_err(|error| refused(&error))?;
    // A token with a nonce is an ID token, which must end nothing (section 2.6).
    let no_nonce = |nonce: Option<&Nonce>| if nonce.is_some() { Err("it has a nonce".to_owned()) } else { Ok(()) };
    let known = metadata.of(&provider.issuer)?;
    let client = client_of(provider, &known);
    // Such tokens may say what they are by their type, which no ID token has.
    let claims = match token.claims(&client.id_token_verifier().allow_all_jose_types(), no_nonce) {
        Ok(claims) => claims.clone(),
        Err(openidconnect::ClaimsVerificationError::SignatureVerification(_)) => {
            let known = metadata.again(&provider.issuer)?;
            let client = client_of(provider, &known);
            let verifier = client.id_token_verifier().allow_all_jose_types();
            token.claims(&verifier, no_nonce).map_err(|error| refused(&error))?.clone()
        }
        Err(error) => return Err(refused(&error)),
    };
    let all = &claims.additional_claims().all;
    if all.get("events").and_then(|events| events.get(EVENT)).is_none() {
        return Err(refused(&"it is about another event"));
    }
    let age = crate::clock::now() / crate::clock::SECOND - claims.issue_time().timestamp();
    if !(-OLDEST..=OLDEST).contains(&age) {
        return Err(refused(&"it is too old"));
    }
    let session = all.get("sid").and_then(serde_json::Value::as_str).map(str::to_owned);
    Ok(SignedOut { subject: claims.subject().to_string(), session })
}

/// Ends the sessions. Nothing for somebody who has no account here.
pub fn end(tx: &mut Tx<'_>, provider: &Provider, over: &SignedOut) -> Result<()> {
    let Some(user) = matching::known(tx.conn, &provider.issuer, &over.subject)? else { return Ok(()) };
    let user = users::find(tx.conn, user)?;
    let of_person = sessions::table.filter(sessions::user_id.eq(user.id)).filter(sessions::provider_id.eq(provider.id));
    let ended = match &over.session {
        Some(session) => diesel::delete(of_person.filter(sessions::provider_session.eq(session))).execute(tx.conn)?,
        None => diesel::delete(of_person).execute(tx.conn)?,
    };
    if ended == 0 {
        return Ok(());
    }
    let detail = serde_json::json!({ "sessions": ended, "by": provider.name });
    audit::record_with(tx, &Actor::System("Identity provider"), Activity::SessionEnded, target(&user), &detail)
}
