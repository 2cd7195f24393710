//! HEAD: the head of what GET answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::support::world;

#[test]
fn head_is_answered_as_get_without_the_body() {
    let world = world();
    for (path, status) in [("/login", "200"), ("/healthz", "200"), ("/incidents", "303")] {
        let mut client = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
        write!(client, "HEAD {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{path}: {answer}");
    }
}
