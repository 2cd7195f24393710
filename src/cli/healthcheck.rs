//! `watchdesk healthcheck`: for containers and supervisors.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
};

use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::cli::serve::local_url;
use crate::config::TlsFiles;

const TIMEOUT: Duration = Duration::from_secs(10);

pub fn run(options: &Options) -> Outcome {
    let config = options.config()?;
    let port = config.listen.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(8080);
    let base = local_url(&config, port);
    let ready = match &config.network.tls {
        Some(files) => ready_over_tls(&base, files),
        None => ureq::get(format!("{base}/readyz")).call().map(drop).map_err(|error| error.to_string()),
    };
    match ready {
        Ok(()) => {
            println!("ready");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(Failed::run(format!("{base}/readyz: {error}"))),
    }
}

/// Asks a server with exactly the certificate of these files, which is hardly in the name of this machine's loopback.
fn ready_over_tls(base: &str, files: &TlsFiles) -> Result<(), String> {
    let address = base.trim_start_matches("https://");
    let answer = ask(address, files).map_err(|error| error.to_string())?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status == "200" { Ok(()) } else { Err(format!("http status: {status}")) }
}

fn ask(address: &str, files: &TlsFiles) -> Result<String, Box<dyn std::error::Error>> {
    let provider = Arc::new(ring::default_provider());
    let expected = CertificateDer::from_pem_file(&files.certificate)?;
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OnlyThis { expected, provider }))
        .with_no_client_auth();
    let tcp = TcpStream::connect(address)?;
    tcp.set_read_timeout(Some(TIMEOUT))?;
    let client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?;
    let mut stream = StreamOwned::new(client, tcp);
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = vec![0; 64];
    let length = stream.read(&mut answer)?;
    answer.truncate(length);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Accepts one certificate, whatever names it has.
#[derive(Debug)]
struct OnlyThis {
    expected: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OnlyThis {
    fn verify_server_cert(
        &self,
        sent: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if *sent == self.expected {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
