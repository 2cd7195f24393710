//! Clients of HTTP/2 that never open their window, send many requests at once, or leave.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use actix_web::web::Bytes;
use h2::client::{Builder, SendRequest};
use http::Request;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::tls::{config, encrypted_world, files_in, get, name, write_certificate};
use crate::support::PASSWORD;
use crate::support::process::Process;
use crate::support::product::app::block_on;

type Certificate = CertificateDer<'static>;

/// A connection of HTTP/2: what sends requests over it, and what receives, which answers pings.
struct Client {
    requests: SendRequest<Bytes>,
    receiving: JoinHandle<()>,
}

/// Connects as a client with a window of so many bytes for each answer. None if the server refuses.
async fn connect(listen: &str, certificate: &Certificate, window: u32) -> Option<Client> {
    let tcp = TcpStream::connect(listen).await.ok()?;
    let connector = TlsConnector::from(Arc::new(config(certificate, "h2")));
    let stream = connector.connect(name(), tcp).await.ok()?;
    let mut builder = Builder::new();
    builder.initial_window_size(window).initial_max_send_streams(1_000);
    let (requests, connection) = builder.handshake(stream).await.ok()?;
    let receiving = actix_web::rt::spawn(async { drop(connection.await) });
    Some(Client { requests, receiving })
}

impl Client {
    /// Gets the page for signing in, up to the beginning of its body.
    async fn get_login(&mut self) -> Option<http::Response<h2::RecvStream>> {
        let request = Request::get("https://localhost/login").body(()).unwrap();
        self.requests.send_request(request, true).ok()?.0.await.ok()
    }

    /// Sends the sign-in form.
    fn send_form(&mut self, user: &str, password: &str) -> h2::client::ResponseFuture {
        let request = Request::post("https://localhost/login")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .unwrap();
        let (answer, mut body) = self.requests.send_request(request, false).unwrap();
        let form = [("name", user), ("password", password)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        body.send_data(form.into(), true).unwrap();
        answer
    }
}

#[test]
fn clients_that_are_never_window_their_answers_lock_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let files = files_in(folder.path());
    let certificate = write_certificate(&files);
    let process = Process::start("ulimit -n 256;", |command| {
        command.arg("--tls-cert").arg(&files.certificate).arg("--tls-key").arg(&files.key);
    });
    let listen = format!("127.0.0.1:{}", process.port);
    let status = block_on(async {
        let mut attack = Vec::new();
        for _ in 0..240 {
            let Some(mut client) = connect(&listen, &certificate, 0).await else { continue };
            let answer = client.get_login().await;
            attack.push((client, answer));
        }
        assert!(attack.len() > 100);
        // Silence is told from work after a second.
        actix_web::rt::time::sleep(Duration::from_millis(1_100)).await;
        let (listen, certificate) = (listen.clone(), certificate.clone());
        let other = actix_web::rt::task::spawn_blocking(move || get(&listen, "/login", &certificate));
        other.await.unwrap()
    });
    assert!(status.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 ")), "{status:?}");
}

#[test]
fn a_connection_has_a_limit_of_requests_at_once() {
    let (world, _, certificate) = encrypted_world();
    block_on(async {
        let mut client = connect(&world.config.listen, &certificate, 0).await.unwrap();
        let mut answers = Vec::new();
        for _ in 0..100 {
            answers.push(client.get_login().await.unwrap());
        }
        assert!(answers.iter().all(|answer| answer.status() == 200));
        assert_eq!(client.get_login().await.unwrap().status(), 503);
        let mut other = connect(&world.config.listen, &certificate, 65_535).await.unwrap();
        assert_eq!(other.get_login().await.unwrap().status(), 200);
    });
}

#[test]
fn attempts_of_a_client_that_has_left_are_not_hashed() {
    let (world, _, certificate) = encrypted_world();
    block_on(async {
        let mut client = connect(&world.config.listen, &certificate, 65_535).await.unwrap();
        let mut answers: Vec<_> = (0..20).map(|_| client.send_form("dana", "guess")).collect();
        // All of them have arrived when the first is answered.
        assert_eq!(answers.remove(0).await.unwrap().status(), 422);
        client.receiving.abort();
        drop((client, answers));
        let mut dana = connect(&world.config.listen, &certificate, 65_535).await.unwrap();
        let answer = dana.send_form("dana", PASSWORD).await.unwrap();
        assert_eq!(answer.status(), 303, "what was not looked at does not count");
    });
}
