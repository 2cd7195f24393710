//! The one clock. Everything that needs the time asks here, so that the demo can build a past and
//! tests can hold time still.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

/// Microseconds in a second, a minute, an hour, a day.
pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

thread_local! {
    static HELD: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Now, in microseconds since 1970 UTC: what both databases store and compare alike.
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> i64 {
    HELD.get().unwrap_or_else(|| {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_micros()).ok())
            .unwrap_or(0)
    })
}

/// The processor time that `work` takes on this thread: unlike the time of a clock on the wall, it stays the same
/// while other programs use the machine.
#[cfg(test)]
pub fn cpu_time(work: impl FnOnce()) -> std::time::Duration {
    let read = || {
        let at = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        std::time::Duration::try_from(at).unwrap_or_default()
    };
    let begun = read();
    work();
    read().saturating_sub(begun)
}

/// Runs `work` on this thread as if it were `at`.
pub fn at<T>(at: i64, work: impl FnOnce() -> T) -> T {
    let before = HELD.replace(Some(at));
    let result = work();
    HELD.set(before);
    result
}
