//! Where checkpoints are sent, so that whoever may write to the database cannot change the past unseen: a file, a syslog
//! server, a webhook. What could not be sent is sent with the next one.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::config::checkpoints::{Destinations, Syslog, Transport};
use crate::db::Db;
use crate::proof::checkpoint::{Checkpoint, shown_time};
use crate::proof::store;

/// Checkpoints read at once.
const PAGE: i64 = 1_000;
/// Longest line of a file, with room to spare.
const LINE: u64 = 4_096;
const TIMEOUT: Duration = Duration::from_secs(10);
/// Facility 13 (log audit), severity 5 (notice): RFC 5424, 6.2.1.
const PRIORITY: u8 = 13 * 8 + 5;

/// Sends what has not been sent yet. Returns what went wrong, a sentence each.
pub fn send(db: &Db, destinations: &Destinations) -> Vec<String> {
    let mut failed = Vec::new();
    if let Some(path) = &destinations.file {
        failed.extend(append(db, path).err().map(|error| format!("{}: {error}", path.display())));
    }
    if let Some(syslog) = &destinations.syslog {
        let sent = send_rest(db, "checkpoint_syslog", |checkpoints| to_syslog(syslog, checkpoints));
        failed.extend(sent.err().map(|error| format!("syslog {}: {error}", syslog.address)));
    }
    if let Some(url) = &destinations.webhook {
        let sent = send_rest(db, "checkpoint_webhook", |checkpoints| to_webhook(url, checkpoints));
        // The URL may hold a secret.
        failed.extend(sent.err().map(|error| format!("webhook: {error}")));
    }
    failed
}

/// Appends to a file what it does not have.
fn append(db: &Db, path: &Path) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(text)?;
    let (last, is_torn) = last_line(&mut file).map_err(text)?;
    let mut last = match last {
        Some(line) => {
            let known = Checkpoint::parse(&line).ok_or("its last line is not a checkpoint")?;
            let stored = db.read_now(|conn| store::find(conn, known.id)).map_err(|error| error.to_string())?;
            if stored.as_ref() != Some(&known) {
                return Err(format!("the database does not have its checkpoint {}; run `watchdesk verify`", known.id));
            }
            known.id
        }
        None => 0,
    };
    let mut lines = if is_torn { "\n".to_owned() } else { String::new() };
    loop {
        let page = db.read_now(|conn| store::after(conn, last, PAGE)).map_err(|error| error.to_string())?;
        let Some(newest) = page.last() else { break };
        last = newest.id;
        for checkpoint in &page {
            lines.push_str(&checkpoint.line());
            lines.push('\n');
        }
    }
    file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()).map_err(text)
}

/// The last whole line of a file, and whether another one was begun after it.
fn last_line(file: &mut File) -> std::io::Result<(Option<String>, bool)> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LINE)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let end = String::from_utf8_lossy(&end);
    let whole = end.rfind('\n').map(|at| end.split_at(at).0);
    let is_torn = !end.is_empty() && !end.ends_with('\n');
    let last = whole.and_then(|text| text.rsplit('\n').find(|line| !line.is_empty()));
    Ok((last.map(str::to_owned), is_torn))
}

/// Sends what a counter has not noted yet.
fn send_rest(db: &Db, counter: &str, send: impl Fn(&[Checkpoint]) -> Result<(), String>) -> Result<(), String> {
    loop {
        let page = db
            .read_now(|conn| {
                let sent = store::sent(conn, counter)?;
                store::after(conn, sent, PAGE)
            })
            .map_err(|error| error.to_string())?;
        let Some(last) = page.last().map(|last| last.id) else { return Ok(()) };
        send(&page)?;
        db.write_in_turn(|tx| store::note_sent(tx, counter, last)).map_err(|error| error.to_string())?;
    }
}

fn to_syslog(syslog: &Syslog, checkpoints: &[Checkpoint]) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut addresses = syslog.address.to_socket_addrs().map_err(text)?;
    let address = addresses.next().ok_or("its name has no address")?;
    match syslog.transport {
        Transport::Udp => {
            let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
            let socket = UdpSocket::bind(any).map_err(text)?;
            for checkpoint in checkpoints {
                socket.send_to(message(checkpoint).as_bytes(), address).map_err(text)?;
            }
        }
        Transport::Tcp => {
            let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).map_err(text)?;
            stream.set_write_timeout(Some(TIMEOUT)).map_err(text)?;
            for checkpoint in checkpoints {
                let message = message(checkpoint);
                stream.write_all(format!("{} {message}", message.len()).as_bytes()).map_err(text)?;
            }
        }
    }
    Ok(())
}

/// A message of RFC 5424: its header without structured data, and the line.
fn message(checkpoint: &Checkpoint) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().replace(|c: char| !c.is_ascii_graphic(), "-");
    let host = if host.is_empty() { "-" } else { &host };
    format!("<{PRIORITY}>1 {} {host} watchdesk - checkpoint - {}", shown_time(checkpoint.at), checkpoint.line())
}

/// Posts each as JSON. Any answer but success counts as not sent.
fn to_webhook(url: &str, checkpoints: &[Checkpoint]) -> Result<(), String> {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::from(roots))
        .build();
    let agent: Agent =
        Agent::config_builder().tls_config(tls).timeout_global(Some(TIMEOUT)).max_redirects(0).build().into();
    for checkpoint in checkpoints {
        let sent = agent.post(url).content_type("application/json").send(checkpoint.line());
        let status = sent.map_err(|error| error.to_string())?.status();
        if !status.is_success() {
            return Err(format!("it answered {status}"));
        }
    }
    Ok(())
}
