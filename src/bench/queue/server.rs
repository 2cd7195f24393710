//! The server that is measured: this program as a separate process, so that its memory can be
//! measured, and a client that keeps its connection.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// A running server; dropping this value ends it.
pub struct Server {
    child: Child,
    base: String,
}

impl Server {
    /// Starts one on a free port.
    pub fn start(database_url: &str, secret_file: &std::path::Path) -> Result<Self> {
        let program = std::env::current_exe().map_err(Error::internal)?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url])
            .arg("--secret-file")
            .arg(secret_file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::internal)?;
        let mut lines = BufReader::new(child.stdout.take().ok_or(Error::NotFound)?).lines();
        let base = lines
            .by_ref()
            .map_while(std::result::Result::ok)
            .find_map(|line| line.strip_prefix("Watchdesk is at ").map(str::to_owned))
            .ok_or_else(|| Error::internal("the server did not start"))?;
        Ok(Self { child, base })
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub fn address(&self) -> Result<std::net::SocketAddr> {
        self.host().parse().map_err(Error::internal)
    }

    /// Its highest and its present resident memory, in KiB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
        };
        (of("VmHWM:"), of("VmRSS:"))
    }

    /// A client that signed in.
    pub fn client(&self, name: &str, password: &str) -> Result<Client> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let mut client = Client { agent, base: self.base.clone(), cookie: String::new() };
        let answer = client.post("/login", &[("name", name), ("password", password)])?;
        // The session's, and that by which the browser is known.
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let pairs: Vec<&str> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        client.cookie = pairs.join("; ");
        if client.cookie.is_empty() { Err(Error::internal("the bench could not sign in")) } else { Ok(client) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answer to a request.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub status: u16,
    pub bytes: usize,
    pub took: Duration,
}

/// One connection of one person.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    cookie: String,
}

impl Client {
    /// Asks for a page, compressed as browsers do or plain.
    pub fn get(&self, path: &str, compressed: bool) -> Result<Answer> {
        let encoding = if compressed { "gzip" } else { "identity" };
        let begun = Instant::now();
        let mut answer = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("accept-encoding", encoding)
            .call()
            .map_err(Error::internal)?;
        let mut body = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut body).map_err(Error::internal)?;
        Ok(Answer { status: answer.status().as_u16(), bytes: body.len(), took: begun.elapsed() })
    }

    /// The cookie of its session, as a header has it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Posts a form from a page of ours.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<ureq::http::Response<ureq::Body>> {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.agent
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .send(body)
            .map_err(Error::internal)
    }

    /// Sends alerts with a token.
    pub fn ingest(&self, token: &str, body: &str) -> Result<u16> {
        let answer = self
            .agent
            .post(format!("{}/api/v1/alerts?results=errors", self.base))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/x-ndjson")
            .send(body)
            .map_err(Error::internal)?;
        Ok(answer.status().as_u16())
    }
}
