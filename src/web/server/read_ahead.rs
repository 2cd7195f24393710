//! How far a connection of HTTP/1 is read ahead of the requests that are under way. actix-http reads up to 128 KiB and
//! makes requests of all of it before it answers the first: 128 KiB of short requests take 17 MB of memory.

use std::task::{Context, Poll, Waker};

/// Bytes that are read before actix-http is asked to look at them. Most requests of browsers are shorter.
const READ: usize = 1024;
/// The same while a body is waited for, whose bytes may be followed by requests.
const READ_BODY: usize = 4 * 1024;
/// Bytes that are read while a request is under way whose body is not waited for: more than [`READ`], so that the end
/// of the connection is seen.
const READ_AHEAD: usize = 2 * READ;

/// What the client is doing, as far as reading depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// The header of a request.
    Header,
    /// The body of the request that is under way.
    Body,
    /// Nothing, until the request that is under way has been answered.
    Nothing,
}

/// The bytes that were read, and who waits for more.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadAhead {
    /// Bytes that were read since actix-http was last asked to look at them.
    bytes: usize,
    waiting: Option<Waker>,
}

impl ReadAhead {
    /// How many bytes may be read now, at least one.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, expected: Expected) -> Poll<usize> {
        let limit = match expected {
            Expected::Header => READ,
            Expected::Body => READ_BODY,
            Expected::Nothing => READ_AHEAD,
        };
        if self.bytes < limit {
            return Poll::Ready(limit - self.bytes);
        }
        if expected == Expected::Nothing {
            self.waiting = Some(cx.waker().clone());
        } else {
            self.bytes = 0;
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    pub(super) fn read(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Something else may be expected now.
    pub(super) fn wake(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_read(read_ahead: &mut ReadAhead, expected: Expected) -> Option<usize> {
        match read_ahead.poll(&mut Context::from_waker(Waker::noop()), expected) {
            Poll::Ready(bytes) => Some(bytes),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_long_header_is_read_in_parts_that_are_looked_at_in_between() {
        let mut read_ahead = ReadAhead::default();
        assert_eq!(may_read(&mut read_ahead, Expected::Header), Some(READ));
        read_ahead.read(READ - 1);
        assert_eq!(may_read(&mut read_ahead, Expected::Header), Some(1));
        read_ahead.read(1);
        assert_eq!(may_read(&mut read_ahead, Expected::Header), None, "actix-http looks at what there is");
        assert_eq!(may_read(&mut read_ahead, Expected::Header), Some(READ));
    }

    #[test]
    fn what_follows_a_request_is_left_unread_until_it_has_been_answered() {
        let mut read_ahead = ReadAhead::default();
        read_ahead.read(READ);
        assert_eq!(may_read(&mut read_ahead, Expected::Nothing), Some(READ), "the end of the connection is seen");
        read_ahead.read(READ);
        assert_eq!(may_read(&mut read_ahead, Expected::Nothing), None);
        assert_eq!(may_read(&mut read_ahead, Expected::Nothing), None);
        assert!(read_ahead.waiting.is_some());
        assert_eq!(may_read(&mut read_ahead, Expected::Header), None);
        assert_eq!(may_read(&mut read_ahead, Expected::Header), Some(READ));
    }
}
