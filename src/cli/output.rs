//! What the commands that serve print, on threads of their own: a terminal, pipe or disk that takes no more must
//! neither block nor stop the server. Lines that cannot be written are lost and counted.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::text::counted;

/// Lines that wait to be written: about half a second of them under full load.
const QUEUE: usize = 4096;
/// Longest line in bytes; the rest is cut off. With [`QUEUE`], at most 32 MiB wait.
const LONGEST_LINE: usize = 8 * 1024;
/// How long a command that ends waits for its last lines.
const LAST_LINES: Duration = Duration::from_millis(500);

static STDOUT: OnceLock<Output> = OnceLock::new();
static STDERR: OnceLock<Output> = OnceLock::new();

/// A queue of lines, and the thread that writes them.
#[derive(Clone)]
pub(super) struct Output {
    queue: SyncSender<Message>,
    /// Lines for which there was no room in the queue, not yet reported.
    dropped: Arc<AtomicU64>,
}

enum Message {
    Line(Vec<u8>),
    /// Answered when everything before it has been written.
    Flush(SyncSender<()>),
}

/// Starts the threads of standard output and standard error. Returns standard error, for the log.
pub(super) fn start() -> io::Result<Output> {
    // Files of our own: whoever waits in a write to std's would hold its lock.
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    let stdout = Output::start("stdout", stdout)?;
    let stderr = Output::start("log", stderr)?;
    let _ = STDOUT.set(stdout);
    Ok(STDERR.get_or_init(|| stderr).clone())
}

/// Prints a line on standard output.
pub(super) fn print(line: &str) {
    print_to(&STDOUT, io::stdout(), line);
}

/// Prints a line on standard error.
pub(super) fn print_error(line: &str) {
    print_to(&STDERR, io::stderr(), line);
}

/// Waits, but not for long, until what was printed has been written.
pub(super) fn finish() {
    for output in [&STDOUT, &STDERR].into_iter().filter_map(OnceLock::get) {
        output.flush();
    }
}

fn print_to(started: &OnceLock<Output>, mut direct: impl Write, line: &str) {
    let line = format!("{line}\n");
    match started.get() {
        Some(output) => output.send(line.as_bytes()),
        // Whoever closed the other end does not want to read it.
        None => drop(direct.write_all(line.as_bytes())),
    }
}

impl Output {
    fn start(thread: &str, file: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, lines) = sync_channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        let also_dropped = dropped.clone();
        std::thread::Builder::new().name(thread.to_owned()).spawn(move || write_all(file, &lines, &also_dropped))?;
        Ok(Self { queue, dropped })
    }

    fn send(&self, line: &[u8]) {
        let line = match line.get(..LONGEST_LINE) {
            Some(beginning) => [beginning, b"...\n"].concat(),
            None => line.to_vec(),
        };
        if self.queue.try_send(Message::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn flush(&self) {
        let (done, written) = sync_channel(1);
        // A full queue is one that nobody reads.
        if !matches!(self.queue.try_send(Message::Flush(done)), Err(TrySendError::Full(_))) {
            let _ = written.recv_timeout(LAST_LINES);
        }
    }
}

/// One event of the log is one call of `write`.
impl Write for Output {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.send(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes lines as they come. When writing works again, tells how many were lost.
fn write_all(mut file: impl Write, lines: &Receiver<Message>, dropped: &AtomicU64) {
    let (mut lost, mut torn) = (0, false);
    for message in lines {
        match message {
            Message::Flush(done) => drop(done.send(())),
            Message::Line(line) if write_line(&mut file, &line, &mut torn).is_err() => lost += 1,
            Message::Line(_) => {
                lost += dropped.swap(0, Ordering::Relaxed);
                if lost > 0 && write_line(&mut file, lost_lines(lost).as_bytes(), &mut torn).is_ok() {
                    lost = 0;
                }
            }
        }
    }
}

fn lost_lines(lost: u64) -> String {
    let (now, lines) = (jiff::Timestamp::now(), counted(lost, "line"));
    format!("{now:.6}  WARN {lines} could not be written before this one\n")
}

/// `torn`: the file ends in the middle of a line, which is then ended first.
fn write_line(file: &mut impl Write, line: &[u8], torn: &mut bool) -> io::Result<()> {
    if *torn {
        file.write_all(b"\n")?;
        *torn = false;
    }
    let mut rest = line;
    while !rest.is_empty() {
        match file.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                rest = rest.get(written..).unwrap_or_default();
                *torn = !rest.is_empty();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes, until it is emptied.
    struct Disk {
        free: usize,
        written: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.free == 0 {
                self.free = 1000;
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.free);
            self.free -= taken;
            self.written.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_a_full_disk_does_not_take_are_counted() {
        let (queue, lines) = sync_channel(10);
        for line in ["first\n", "second\n", "third\n"] {
            queue.send(Message::Line(line.into())).unwrap();
        }
        drop(queue);
        let mut disk = Disk { free: 9, written: Vec::new() };
        write_all(&mut disk, &lines, &AtomicU64::new(0));
        let text = String::from_utf8(disk.written).unwrap();
        let written: Vec<&str> = text.lines().collect();
        assert_eq!(written[..3], ["first", "sec", "third"]);
        assert!(written[3].ends_with("WARN 1 line could not be written before this one"), "{text}");
    }

    #[test]
    fn a_line_for_which_there_is_no_room_is_counted_and_never_waited_for() {
        let (queue, lines) = sync_channel(1);
        let output = Output { queue, dropped: Arc::default() };
        for _ in 0..3 {
            output.send(&[b'x'; 2 * LONGEST_LINE]);
        }
        assert_eq!(output.dropped.load(Ordering::Relaxed), 2);
        output.flush();
        let Ok(Message::Line(line)) = lines.recv() else { panic!("the first line waits") };
        assert!(line.len() < LONGEST_LINE + 10);
    }
}
