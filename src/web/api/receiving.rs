//! Receiving a body at no less than a minimum rate, for the thread that stores it.

use std::time::{Duration, Instant};

use actix_web::web::Payload;
use futures_util::StreamExt as _;
use tokio::sync::mpsc::Sender;

use crate::ingest::intake::stop::Stop;
use crate::web::api::chunks::{Broken, Part};
use crate::web::server::minimum_rate::MinimumRate;

/// How long a sender may pause, or stay below the rate.
const GRACE: Duration = Duration::from_secs(30);
/// Bytes a second that a body has at least, while it is waited for.
const RATE: f64 = 1_024.0;
/// How long, and how many bytes, are still received after a body was refused. Many clients read the
/// response only after they have sent everything.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
const DRAIN_BYTES: usize = 64 * 1024 * 1024;

/// Sends the body to the thread that stores it, until the body ends or breaks off, or nothing more of it is taken.
pub async fn forward(mut payload: Payload, parts: Sender<Part>, stop: &Stop) {
    let mut minimum_rate = MinimumRate::new(GRACE, RATE);
    loop {
        let waiting = Instant::now();
        let next = tokio::select! {
            biased;
            () = stop.ended() => None,
            next = tokio::time::timeout(minimum_rate.left(), payload.next()) => Some(next),
        };
        let part = match next {
            None => return give_up(payload, parts).await,
            Some(Err(_)) => Part::Broken(Broken::TooSlow),
            Some(Ok(None)) => Part::End,
            Some(Ok(Some(Err(_)))) => Part::Broken(Broken::Off),
            Some(Ok(Some(Ok(bytes)))) => {
                // Only waiting counts, not the time in which it is stored.
                minimum_rate.waited(waiting.elapsed());
                minimum_rate.moved(bytes.len());
                Part::Bytes(bytes)
            }
        };
        let is_last = !matches!(part, Part::Bytes(_));
        if parts.send(part).await.is_err() {
            return give_up(payload, parts).await;
        }
        if is_last {
            return;
        }
    }
}

async fn give_up(payload: Payload, parts: Sender<Part>) {
    drop(parts);
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, drain(payload)).await;
}

async fn drain(mut payload: Payload) {
    let mut left = DRAIN_BYTES;
    while let Some(Ok(part)) = payload.next().await {
        match left.checked_sub(part.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For how long a body of parts of this size, one a second, is received.
    fn seconds(bytes: usize) -> u64 {
        let mut minimum_rate = MinimumRate::new(GRACE, RATE);
        (0..3_600)
            .take_while(|_| {
                let goes_on = minimum_rate.left() >= Duration::from_secs(1);
                minimum_rate.waited(Duration::from_secs(1));
                minimum_rate.moved(bytes);
                goes_on
            })
            .count() as u64
    }

    #[test]
    fn a_dripping_body_ends_after_the_grace_and_a_steady_one_goes_on() {
        assert_eq!(seconds(1), 30);
        assert!((55..=65).contains(&seconds(512)), "half the rate: {}", seconds(512));
        assert_eq!(seconds(2_000), 3_600);
    }

    #[test]
    fn what_came_fast_at_first_buys_no_more_than_the_grace() {
        let mut minimum_rate = MinimumRate::new(GRACE, RATE);
        minimum_rate.moved(usize::MAX);
        assert_eq!(minimum_rate.left(), GRACE);
    }
}
