//! TLS with certificates from files.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::product::TlsFiles;
use crate::support::{World, world};

/// A certificate for "localhost" and its key, as files; returns the certificate.
pub(super) fn write_certificate(files: &TlsFiles) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    CertificateDer::from_pem_slice(made.cert.pem().as_bytes()).unwrap()
}

pub(super) fn files_in(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("desk.crt"), key: folder.join("desk.key") }
}

/// A world that is reached over TLS, and its certificate.
pub(super) fn encrypted_world() -> (World, TlsFiles, CertificateDer<'static>) {
    let mut world = world();
    let files = files_in(world.database.folder.path());
    let certificate = write_certificate(&files);
    world.restart_with(|config| config.network.tls = Some(files.clone()));
    (world, files, certificate)
}

pub(super) fn config(certificate: &CertificateDer<'static>, protocol: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    config
}

pub(super) fn name() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

/// Gets an address from a server with this certificate: the whole answer, header and all.
pub(super) fn get(listen: &str, path: &str, certificate: &CertificateDer<'static>) -> Result<String, std::io::Error> {
    let tcp = TcpStream::connect(listen)?;
    let client = ClientConnection::new(Arc::new(config(certificate, "http/1.1")), name()).unwrap();
    let mut stream = StreamOwned::new(client, tcp);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn pages_come_encrypted_with_strict_transport_security() {
    let (world, _, certificate) = encrypted_world();
    let answer = get(&world.config.listen, "/login", &certificate).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: max-age="), "{answer}");
    let mut plain = TcpStream::connect(&world.config.listen).unwrap();
    plain.write_all(b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut got = Vec::new();
    let _ = plain.read_to_end(&mut got);
    assert!(!String::from_utf8_lossy(&got).contains("HTTP/1.1"));
}

#[test]
fn browsers_that_offer_http_2_get_it() {
    let (world, _, certificate) = encrypted_world();
    let (status, body) = crate::support::product::app::block_on(async {
        let tcp = actix_web::rt::net::TcpStream::connect(&world.config.listen).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config(&certificate, "h2")));
        let stream = connector.connect(name(), tcp).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (mut requests, connection) = h2::client::handshake(stream).await.unwrap();
        actix_web::rt::spawn(async { drop(connection.await) });
        let request = http::Request::get("https://localhost/login").body(()).unwrap();
        let answer = requests.send_request(request, true).unwrap().0.await.unwrap();
        let (head, mut body) = answer.into_parts();
        let mut page = Vec::new();
        while let Some(part) = body.data().await {
            page.extend_from_slice(&part.unwrap());
        }
        (head.status.as_u16(), String::from_utf8(page).unwrap())
    });
    assert_eq!(status, 200);
    assert!(body.contains("</html>"), "{body}");
}

#[test]
fn a_new_certificate_is_used_without_a_restart_and_a_broken_one_never() {
    let (world, files, first) = encrypted_world();
    std::fs::write(&files.certificate, "-----BEGIN CERTIFICATE-----\nbroken\n").unwrap();
    // The server looks every 2 seconds.
    std::thread::sleep(Duration::from_secs(3));
    assert!(get(&world.config.listen, "/healthz", &first).is_ok());
    let second = write_certificate(&files);
    let end = Instant::now() + Duration::from_secs(30);
    while get(&world.config.listen, "/healthz", &second).is_err() {
        assert!(Instant::now() < end, "the first certificate is still in use");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(get(&world.config.listen, "/healthz", &first).is_err());
}

#[test]
fn the_health_check_asks_over_tls() {
    let (world, files, _) = encrypted_world();
    let check = |certificate: &Path| {
        Command::new(env!("CARGO_BIN_EXE_watchdesk"))
            .args(["healthcheck", "--listen", &world.config.listen, "--tls-cert"])
            .arg(certificate)
            .arg("--tls-key")
            .arg(&files.key)
            .output()
            .unwrap()
    };
    assert!(check(&files.certificate).status.success());
    let other = files_in(tempfile::tempdir().unwrap().keep().as_path());
    write_certificate(&other);
    assert!(!check(&other.certificate).status.success(), "another server");
    std::fs::remove_dir_all(other.key.parent().unwrap()).unwrap();
}

#[test]
fn files_that_do_not_fit_are_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let files = files_in(folder.path());
    write_certificate(&files);
    let other = TlsFiles { certificate: folder.path().join("other.crt"), key: folder.path().join("other.key") };
    write_certificate(&other);
    let missing = folder.path().join("missing");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    for arguments in [
        &["--tls-cert", &text(&files.certificate), "--tls-key", &text(&other.key)][..],
        &["--tls-cert", &text(&files.certificate), "--tls-key", &text(&missing)],
        &["--tls-cert", &text(&files.key), "--tls-key", &text(&files.key)],
        &["--tls-cert", &text(&files.certificate)],
        &["--trusted-proxies", "proxy.example"],
        &["--listen", "0.0.0.0:0"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
            .arg("serve")
            .args(arguments)
            .env("WATCHDESK_LISTEN", "127.0.0.1:0")
            .env_remove("DATABASE_URL")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert_eq!(told.lines().filter(|line| line.starts_with("watchdesk: ")).count(), 1, "{arguments:?}: {told}");
    }
}
