//! A request with alerts whose body is sent in parts.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A request whose body has begun and goes on whenever the test likes.
pub struct ChunkedBody(TcpStream);

impl ChunkedBody {
    /// Sends the header to the server at `base`. Reading the answer fails after `patience` without a byte.
    pub fn open(base: &str, token: &str, patience: Duration) -> Self {
        let address = base.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(patience)).unwrap();
        write!(
            socket,
            "POST /api/v1/alerts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        Self(socket)
    }

    pub fn part(&mut self, text: &str) {
        write!(self.0, "{:x}\r\n{text}\r\n", text.len()).unwrap();
        self.0.flush().unwrap();
    }

    /// Ends the body; returns the whole answer.
    pub fn end(mut self) -> String {
        self.0.write_all(b"0\r\n\r\n").unwrap();
        let mut answer = String::new();
        BufReader::new(self.0).read_to_string(&mut answer).unwrap();
        answer
    }

    /// The answer to a body that the server does not read to its end. The connection may be reset after it.
    pub fn early_answer(self) -> String {
        let mut answer = String::new();
        let _ = BufReader::new(self.0).read_to_string(&mut answer);
        answer
    }
}
