//! How far a body is read ahead of what is stored: by bytes, so that many small items are read while a batch is
//! stored, and few large ones.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of payloads that are read and not taken over yet, unless one item has more.
const AHEAD: usize = 2 * 1024 * 1024;

#[derive(Debug, Default)]
struct State {
    bytes: usize,
    over: bool,
}

/// Bytes between the thread that reads and the one that stores.
#[derive(Debug, Default)]
pub(super) struct ReadAhead {
    state: Mutex<State>,
    changed: Condvar,
}

impl ReadAhead {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for an item; false when nobody takes items any more.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let is_full = |state: &mut State| !state.over && state.bytes > 0 && state.bytes.saturating_add(bytes) > AHEAD;
        let mut state = self.changed.wait_while(self.state(), is_full).unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_add(bytes);
        !state.over
    }

    /// An item was taken over.
    pub(super) fn release(&self, bytes: usize) {
        let mut state = self.state();
        state.bytes = state.bytes.saturating_sub(bytes);
        self.changed.notify_one();
    }

    /// A reader that waits goes on, and ends.
    fn end(&self) {
        self.state().over = true;
        self.changed.notify_one();
    }
}

/// Ends it when nobody takes items any more.
pub(super) struct EndOnDrop<'a>(pub(super) &'a ReadAhead);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_reader_waits_for_room_and_goes_on_when_there_is_some_or_nobody_takes_more() {
        let ahead = ReadAhead::default();
        assert!(ahead.reserve(2 * AHEAD), "the first always has room");
        let (sender, receiver) = channel();
        std::thread::scope(|scope| {
            scope.spawn(|| sender.send(ahead.reserve(1)).is_ok() && sender.send(ahead.reserve(AHEAD)).is_ok());
            assert_eq!(receiver.recv_timeout(Duration::from_millis(50)), Err(RecvTimeoutError::Timeout));
            ahead.release(2 * AHEAD);
            assert_eq!(receiver.recv(), Ok(true));
            drop(EndOnDrop(&ahead));
            assert_eq!(receiver.recv(), Ok(false));
        });
    }
}
