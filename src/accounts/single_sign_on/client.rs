//! Talking to a provider: its metadata and keys, kept for a while, and the HTTP client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http1::{Request, Response};
use openidconnect::{IssuerUrl, ProviderMetadataWithLogout};
use tokio_rustls::rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

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
    known: Mutex<HashMap<String, Known>>,
}

struct Known {
    metadata: Arc<ProviderMetadataWithLogout>,
    /// Microseconds UTC.
    read_at: i64,
    /// When it was last read for an unknown key.
    again_at: i64,
}

impl Metadata {
    /// `authorities` are certificates that are trusted beside those that the machine trusts, as PEM.
    pub fn new(authorities: Option<&[u8]>) -> std::result::Result<Self, String> {
        let roots = rustls_native_certs::load_native_certs().certs;
        let mut roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
        if let Some(pem) = authorities {
            let own = ureq::tls::parse_pem(pem).filter_map(std::result::Result::ok);
            let own: Vec<_> = own
                .filter_map(|item| match item {
                    PemItem::Certificate(certificate) => Some(certificate),
                    _ => None,
                })
                .collect();
            if own.is_empty() {
                return Err("the file of certificate authorities has no certificate".to_owned());
            }
            roots.extend(own);
        }
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(roots)));
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
        if let Some(known) = self.lock().get(issuer).filter(|known| known.read_at > clock::now() - KEPT) {
            return Ok(Arc::clone(&known.metadata));
        }
        let metadata = self.read(issuer)?;
        self.keep(issuer, &metadata, 0);
        Ok(metadata)
    }

    /// The same, read again where that was not done a moment ago: after a signature by an unknown key.
    pub(super) fn again(&self, issuer: &str) -> Result<Arc<ProviderMetadataWithLogout>> {
        if let Some(known) = self.lock().get(issuer).filter(|known| known.again_at > clock::now() - AGAIN) {
            return Ok(Arc::clone(&known.metadata));
        }
        let metadata = self.read(issuer)?;
        self.keep(issuer, &metadata, clock::now());
        Ok(metadata)
    }

    fn keep(&self, issuer: &str, metadata: &Arc<ProviderMetadataWithLogout>, again_at: i64) {
        let known = Known { metadata: Arc::clone(metadata), read_at: clock::now(), again_at };
        self.lock().insert(issuer.to_owned(), known);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, issuer: &str) -> Result<Arc<ProviderMetadataWithLogout>> {
        let url = IssuerUrl::new(issuer.to_owned()).map_err(Error::internal)?;
        let metadata = ProviderMetadataWithLogout::discover(&url, &|request| self.send(request));
        Ok(Arc::new(metadata.map_err(|error| {
            tracing::warn!("the identity provider {issuer} cannot be used: {error:?}");
            Error::at_field("provider", "The identity provider does not answer as it should. Try again later.")
        })?))
    }

    /// Sends a request of the library.
    pub(super) fn send(&self, request: Request<Vec<u8>>) -> std::result::Result<Response<Vec<u8>>, ureq::Error> {
        let response = self.agent.run(request)?;
        let (parts, body) = response.into_parts();
        let body = body.into_with_config().limit(ANSWER).read_to_vec()?;
        Ok(Response::from_parts(parts, body))
    }
}
