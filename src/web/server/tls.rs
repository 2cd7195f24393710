//! TLS with a certificate and key from files, which are read again when they change: whatever renews them needs no
//! restart.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Bytes that a certificate or key file may have.
const LARGEST: u64 = 1024 * 1024;

/// The certificate and key in use.
pub struct Tls {
    files: TlsFiles,
    current: RwLock<Arc<ServerConfig>>,
}

/// What tells that a file was changed or replaced: inode, size and time of change in nanoseconds.
type Version = Option<(u64, u64, i64, i64)>;

impl Tls {
    /// Reads both files. The text of a failure is one line.
    pub fn load(files: &TlsFiles) -> Result<Arc<Self>, String> {
        let config = read(files)?;
        Ok(Arc::new(Self { files: files.clone(), current: RwLock::new(Arc::new(config)) }))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn versions(&self) -> [Version; 2] {
        [version(&self.files.certificate), version(&self.files.key)]
    }

    /// Reads the files again whenever one of them has changed, for as long as the server runs.
    pub async fn watch(self: Arc<Self>) {
        let mut known = self.versions();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let versions = self.versions();
            if versions == known {
                continue;
            }
            known = versions;
            self.reload();
        }
    }

    /// Reads the files again. If they are broken, the certificate in use stays.
    pub fn reload(&self) {
        match read(&self.files) {
            Ok(config) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                tracing::info!("the certificate was read again and is in use");
            }
            Err(error) => tracing::error!("the certificate before stays in use: {error}"),
        }
    }
}

fn version(file: &Path) -> Version {
    let data = fs::metadata(file).ok()?;
    Some((data.ino(), data.len(), data.mtime(), data.mtime_nsec()))
}

/// Refuses what reading would wait for, or fill the memory with.
fn check_file(file: &Path) -> Result<(), String> {
    let shown = file.display();
    let data = fs::metadata(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    if !data.is_file() || data.len() > LARGEST {
        return Err(format!("{shown} is not a file of at most 1 MiB"));
    }
    Ok(())
}

fn read(files: &TlsFiles) -> Result<ServerConfig, String> {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    for file in [&files.certificate, &files.key] {
        check_file(file)?;
    }
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("cannot read the certificate {certificate}: {error}"))?;
    if chain.is_empty() {
        return Err(format!("{certificate} has no certificate in PEM"));
    }
    let private =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|error| format!("cannot read the key {key}: {error}"))?;
    if fs::metadata(&files.key).is_ok_and(|data| data.permissions().mode() & 0o007 != 0) {
        tracing::warn!("everybody on this machine may read the key {key}; run `chmod o= {key}`");
    }
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| format!("cannot use {certificate} with {key}: {error}"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
