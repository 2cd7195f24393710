//! An open stream of Server-Sent Events, read as it comes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Browser, World};

/// Long enough for a busy machine; a test that hangs is worse than one that fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Stream {
    reader: BufReader<TcpStream>,
    pub status: u16,
}

/// One event.
#[derive(Debug, Default, Clone)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Stream {
    pub fn open(world: &World, browser: &Browser, path: &str, last_event_id: Option<&str>) -> Self {
        let address = world.base.trim_start_matches("http://").to_owned();
        let mut socket = TcpStream::connect(&address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let last = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let cookie = browser.cookie();
        write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n{last}\r\n").unwrap();
        let mut reader = BufReader::new(socket);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        Self { reader, status }
    }

    /// The next event of a name; `None` when the stream ends. Chunk sizes between are passed over.
    pub fn next(&mut self, name: &str) -> Option<Event> {
        let mut event = Event::default();
        // Heartbeats keep the socket alive; waiting for what never comes must fail all the same.
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let mut line = String::new();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end_matches(['\r', '\n']);
            if let Some(id) = line.strip_prefix("id: ") {
                event = Event { id: id.into(), ..Event::default() };
            } else if let Some(kind) = line.strip_prefix("event: ") {
                event.name = kind.into();
            } else if let Some(data) = line.strip_prefix("data: ") {
                event.data.push_str(data);
                event.data.push('\n');
            } else if line.is_empty() && event.name == name {
                return Some(event);
            } else if line.is_empty() {
                event = Event::default();
            } else if line == "0" {
                return None;
            }
        }
        panic!("no event {name:?} came");
    }

    /// The next entry, as HTML.
    pub fn html(&mut self) -> String {
        self.next("entry").expect("the stream ended").data
    }

    /// The next entry, as text.
    pub fn entry(&mut self) -> String {
        let page = scraper::Html::parse_fragment(&self.html());
        page.root_element().text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
