//! One sign-in at a provider: what the browser is sent away with, and what it comes back with.

use std::collections::HashMap;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IdTokenVerifier,
    LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
    UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::accounts::single_sign_on::client::Metadata;
use crate::accounts::single_sign_on::providers::Provider;
use crate::clock;
use crate::error::{Error, Result};
use crate::secrets;

/// How long a person may take at the provider, in microseconds.
const LASTS: i64 = 10 * clock::MINUTE;
/// Longest ID token that is kept for signing out, in bytes.
const ID_TOKEN: usize = 8 * 1024;

/// All claims, of which the names of some depend on the provider.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct MoreClaims {
    #[serde(flatten)]
    pub(super) all: HashMap<String, Value>,
}

impl AdditionalClaims for MoreClaims {}

type TokenFields = IdTokenFields<
    MoreClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

pub(super) type ProviderClient = Client<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<TokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the browser keeps while the person is at the provider, encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    provider: i64,
    state: String,
    nonce: String,
    verifier: String,
    /// The page that the person wanted to see.
    pub next: String,
    since: i64,
}

/// What the browser comes back with.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    pub code: String,
    pub state: String,
    /// The issuer that the provider names (RFC 9207).
    pub issuer: Option<String>,
    /// Why the provider let nobody in.
    pub error: Option<String>,
}

/// Who has signed in at the provider.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub issuer: String,
    pub subject: String,
    /// What they could be called here.
    pub user_name: String,
    pub display_name: String,
    pub groups: Vec<String>,
    /// The session at the provider.
    pub session: Option<String>,
    /// Handed back for signing out there.
    pub id_token: Option<String>,
}

pub(super) fn client_of(provider: &Provider, metadata: &ProviderMetadataWithLogout) -> ProviderClient {
    let secret = (!provider.client_secret.is_empty()).then(|| ClientSecret::new(provider.client_secret.clone()));
    Client::from_provider_metadata(metadata.clone(), ClientId::new(provider.client_id.clone()), secret)
}

/// The address to which the browser is sent, and what it keeps meanwhile.
pub fn begin(metadata: &Metadata, provider: &Provider, redirect: &str, next: &str) -> Result<(String, Begun)> {
    let known = metadata.of(&provider.issuer)?;
    let client = client_of(provider, &known).set_redirect_uri(redirect_url(redirect)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = provider.scopes.split_whitespace().filter(|scope| *scope != "openid");
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let begun = Begun {
        provider: provider.id,
        state: state.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        next: next.to_owned(),
        since: clock::now(),
    };
    Ok((url.into(), begun))
}

fn redirect_url(text: &str) -> Result<RedirectUrl> {
    RedirectUrl::new(text.to_owned()).map_err(Error::internal)
}

/// The refusal of what came back; why is for the log.
fn refused(why: impl std::fmt::Display) -> Error {
    tracing::info!("a sign-in at an identity provider was rejected: {why}");
    Error::at_field("provider", "The sign-in was not accepted. Try again.")
}

/// Checks what the browser came back with, and asks the provider who it is.
pub fn finish(
    metadata: &Metadata,
    provider: &Provider,
    redirect: &str,
    begun: &Begun,
    returned: &Returned,
) -> Result<Arrived> {
    let known = metadata.of(&provider.issuer)?;
    check_return(provider, begun, returned)?;
    let client = client_of(provider, &known).set_redirect_uri(redirect_url(redirect)?);
    let tokens = client
        .exchange_code(AuthorizationCode::new(returned.code.clone()))
        .map_err(refused)?
        .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()))
        .request(&|request| metadata.send(request))
        .map_err(|error| refused(format!("{error:?}")))?;
    let id_token = tokens.id_token().ok_or_else(|| refused("the provider sent no ID token"))?;
    let nonce = Nonce::new(begun.nonce.clone());
    let first = id_token.claims(&client.id_token_verifier(), &nonce).cloned();
    let (client, claims) = match first {
        Ok(claims) => (client, claims),
        // A key that is not known may be new.
        Err(openidconnect::ClaimsVerificationError::SignatureVerification(_)) => {
            let known = metadata.again(&provider.issuer)?;
            let client = client_of(provider, &known).set_redirect_uri(redirect_url(redirect)?);
            let claims = id_token.claims(&client.id_token_verifier(), &nonce).map_err(refused)?.clone();
            (client, claims)
        }
        Err(error) => return Err(refused(error)),
    };
    check_access_token(&client.id_token_verifier(), id_token, claims.access_token_hash(), tokens.access_token())?;
    let mut all = values_of(&claims)?;
    // Many providers tell groups and names only there.
    if let Ok(request) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())) {
        let more: UserInfoClaims<MoreClaims, CoreGenderClaim> =
            request.request(&|request| metadata.send(request)).map_err(|error| refused(format!("{error:?}")))?;
        all.extend(values_of(&more)?);
    }
    let token = id_token.to_string();
    Ok(arrived(provider, claims.subject().as_str(), &all, (token.len() <= ID_TOKEN).then_some(token)))
}

/// All claims by their names, the standard ones as well.
fn values_of(claims: &impl Serialize) -> Result<HashMap<String, Value>> {
    Ok(serde_json::from_value(serde_json::to_value(claims)?)?)
}

/// Whether the browser comes back from the sign-in that it began, at the provider at which it did.
fn check_return(provider: &Provider, begun: &Begun, returned: &Returned) -> Result<()> {
    if begun.provider != provider.id {
        return Err(refused("the sign-in was begun at another provider"));
    }
    if begun.since < clock::now() - LASTS {
        return Err(Error::at_field("provider", "The sign-in took too long. Try again."));
    }
    if !secrets::equal(&begun.state, &returned.state) {
        return Err(refused("the state is not the one that was sent"));
    }
    if returned.issuer.as_ref().is_some_and(|issuer| *issuer != provider.issuer) {
        return Err(refused("the answer names another issuer"));
    }
    match &returned.error {
        Some(error) => Err(refused(format!("the provider answered {error:?}"))),
        None if returned.code.is_empty() => Err(refused("there is no code")),
        None => Ok(()),
    }
}

type ProviderIdToken =
    openidconnect::IdToken<MoreClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Whether the access token is the one that the ID token is about.
fn check_access_token(
    verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
    id_token: &ProviderIdToken,
    expected: Option<&AccessTokenHash>,
    token: &openidconnect::AccessToken,
) -> Result<()> {
    let Some(expected) = expected else { return Ok(()) };
    let algorithm = id_token.signing_alg().map_err(refused)?;
    let key = id_token.signing_key(verifier).map_err(refused)?;
    let actual = AccessTokenHash::from_token(token, algorithm, key).map_err(refused)?;
    if actual == *expected { Ok(()) } else { Err(refused("the access token is of another sign-in")) }
}

fn arrived(provider: &Provider, subject: &str, all: &HashMap<String, Value>, id_token: Option<String>) -> Arrived {
    let text = |name: &str| all.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let email = text("email").and_then(|email| email.split('@').next());
    let preferred = text("preferred_username").or(text("upn")).and_then(|name| name.split('@').next());
    Arrived {
        issuer: provider.issuer.clone(),
        subject: subject.to_owned(),
        user_name: preferred.or(email).unwrap_or(subject).to_owned(),
        display_name: text("name").or(preferred).or(email).unwrap_or(subject).to_owned(),
        groups: all.get(&provider.groups_claim).map(texts).unwrap_or_default(),
        session: text("sid").map(str::to_owned),
        id_token,
    }
}

/// The texts of a claim that is a list, or one text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Where the browser signs out at the provider, if the provider has that.
pub fn sign_out_address(
    metadata: &Metadata,
    provider: &Provider,
    id_token: Option<&str>,
    back: &str,
) -> Result<Option<String>> {
    let known = metadata.of(&provider.issuer)?;
    let Some(endpoint) = known.additional_metadata().end_session_endpoint.clone() else { return Ok(None) };
    let back = PostLogoutRedirectUrl::new(back.to_owned()).map_err(Error::internal)?;
    let mut request = LogoutRequest::from(endpoint)
        .set_client_id(ClientId::new(provider.client_id.clone()))
        .set_post_logout_redirect_uri(back);
    if let Some(token) = id_token.and_then(|token| token.parse::<ProviderIdToken>().ok()) {
        request = request.set_id_token_hint(&token);
    }
    Ok(Some(request.http_get_url().into()))
}
