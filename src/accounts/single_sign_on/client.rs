//! Talking to a provider: its metadata and keys, kept for a while, and the HTTP client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http1::{Request, Response};
use openidconnect::{IssuerUrl, ProviderMetadataWithLogout};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use crate::clock;
use crate::error::{Error, Result};

/// How long metadata and keys are kept, in microseconds. A signature by an unknown key has them read again.
const KEPT: i64 = clock::HOUR;
/// They are read again for an unknown key at most this often, in microseconds.
const AGAIN: i64 = clock::MINUTE;
/// Longest answer of a provider, in bytes.
const ANSWER: u64 = 4 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);

/// What providers say of themselves.
pub struct Metadata {
    agent: Agent,
    known: Mutex<HashMap<String, (Arc<ProviderMetadataWithLogout>, i64)>>,
}

impl Metadata {
    /// `authorities` are certificates that are trusted beside those that browsers trust, as PEM.
    pub fn new(authorities: Option<&[u8]>) -> std::result::Result<Self, String> {
        let mut tls = TlsConfig::builder();
        if let Some(pem) = authorities {
            let certificates: Vec<_> = ureq::tls::parse_pem(pem)
                .filter_map(std::result::Result::ok)
                .filter_map(|item| match item {
                    ureq::tls::PemItem::Certificate(certificate) => Some(certificate),
                    _ => None,
                })
                .collect();
            if certificates.is_empty() {
                return Err("the file of certificate authorities has no certificate".to_owned());
            }
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        // A redirect could lead requests with secrets anywhere.
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build();
        Ok(Self { agent: Agent::new_with_config(config), known: Mutex::default() })
    }

    /// What the provider with this issuer says of itself.
    pub(super) fn of(&self, issuer: &str) -> Result<Arc<ProviderMetadataWithLogout>> {
        self.read(issuer, KEPT)
    }

    /// The same, read again where that was not done a moment ago: after a signature by an unknown key.
    pub(super) fn again(&self, issuer: &str) -> Result<Arc<ProviderMetadataWithLogout>> {
        self.read(issuer, AGAIN)
    }

    fn read(&self, issuer: &str, kept: i64) -> Result<Arc<ProviderMetadataWithLogout>> {
        let known = |known: &HashMap<String, (Arc<ProviderMetadataWithLogout>, i64)>| {
            known.get(issuer).filter(|(_, at)| *at > clock::now() - kept).map(|(metadata, _)| Arc::clone(metadata))
        };
        if let Some(metadata) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(metadata);
        }
        let url = IssuerUrl::new(issuer.to_owned()).map_err(Error::internal)?;
        let metadata = ProviderMetadataWithLogout::discover(&url, &|request| self.send(request));
        let metadata = Arc::new(metadata.map_err(|error| {
            tracing::warn!("the identity provider {issuer} cannot be used: {error:?}");
            Error::at_field("provider", "The identity provider does not answer as it should. Try again later.")
        })?);
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(issuer.to_owned(), (Arc::clone(&metadata), clock::now()));
        Ok(metadata)
    }

    /// Sends a request of the library.
    pub(super) fn send(&self, request: Request<Vec<u8>>) -> std::result::Result<Response<Vec<u8>>, ureq::Error> {
        let response = self.agent.run(request)?;
        let (parts, body) = response.into_parts();
        let body = body.into_with_config().limit(ANSWER).read_to_vec()?;
        Ok(Response::from_parts(parts, body))
    }
}
