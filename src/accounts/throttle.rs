//! Slows down guessing. Failed sign-ins are counted by account, by address, and by the pair of both; wrong
//! tokens by address. An address is a network of 64 bits in IPv6; pairs are counted by the network of 48 bits,
//! too.
//!
//! After a failure, the same pair of account and address waits before its next attempt is looked at:
//!
//! | counted by | free | each one more adds | longest wait | one is forgotten after |
//! |---|---|---|---|---|
//! | pair | 5 | 5 s | 1 min | 1 min |
//! | account | 10 | 10 s | 10 min | 2 min |
//! | address | 50 | 1 s | 1 min | 5 s |
//! | pair of account and IPv6 network of 48 bits | 10 | 5 s | 1 min | 1 min |
//!
//! - Nobody is locked out. A pair without a failure does not wait for those who guess at the account from
//!   elsewhere, nor for those who guess at other accounts from the same address. A pair with one waits at
//!   most 10 minutes after its last failure. An attempt that is refused for being too early counts for nothing.
//! - From an address where the account was signed in to before, only the count of the pair makes wait.
//! - A browser with which the account was signed in to before is counted by itself, as a pair with the account. So
//!   whoever guesses from the same address, such as behind the same router, does not make its person wait.
//! - A network of 48 bits, which anybody can get, has 65,536 of 64 bits. So that not each of them has a first guess,
//!   a pair without a failure waits for those who guess at the same account within the same 48 bits.
//! - Thirty addresses that guess at one account have ten guesses and then one each; after that the account's
//!   count makes each of them wait up to 10 minutes.
//!
//! What strangers make the server remember is bounded: keys are hashes of fixed size, and a full table drops
//! the quarter that failed longest ago. Only attempts whose password was hashed are counted, some 25 a second.
//! So an attacker who fills a table of 32,768 entries spends 20 minutes of attempts on making the server forget
//! failures that it would mostly have forgotten by then. Addresses of successful sign-ins are kept in a table
//! of their own, which no stranger can fill.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::accounts::network::{Origin, network, site};
use crate::accounts::user_names;
use crate::clock;

/// Most entries of each table.
const MOST: usize = 32_768;

/// How failures of one kind are counted, and how long they make wait. Times are in microseconds.
struct Limit {
    /// Failures without a wait.
    free: i64,
    /// What each further one adds to the wait.
    step: i64,
    longest: i64,
    /// After this time, one failure fewer counts.
    forget: i64,
}

const PAIR: Limit = Limit { free: 5, step: 5 * clock::SECOND, longest: clock::MINUTE, forget: clock::MINUTE };
const ACCOUNT: Limit =
    Limit { free: 10, step: 10 * clock::SECOND, longest: 10 * clock::MINUTE, forget: 2 * clock::MINUTE };
const ADDRESS: Limit = Limit { free: 50, step: clock::SECOND, longest: clock::MINUTE, forget: 5 * clock::SECOND };
const SITE_PAIR: Limit = Limit { free: 10, ..PAIR };
/// Wrong tokens from one address.
const TOKENS: Limit = Limit { free: 20, step: clock::SECOND, longest: clock::MINUTE, forget: 5 * clock::SECOND };
/// The longest wait of all: so long the time of a failure is kept.
const LONGEST: i64 = ACCOUNT.longest;

impl Limit {
    /// How many failures are counted at most: as many as give the longest wait.
    const fn most(&self) -> i64 {
        self.free + self.longest / self.step
    }

    /// The wait after a failure, with so many of them counted.
    fn wait(&self, failures: i64) -> i64 {
        ((failures - self.free) * self.step).clamp(0, self.longest)
    }
}

/// 128 bits of a SHA-256: of fixed size however long the name is.
type Key = [u8; 16];

/// Failures of one key.
#[derive(Debug, Clone, Copy)]
struct Failures {
    /// When the last of them is forgotten; tells how many count now.
    forgotten_at: i64,
    last_at: i64,
}

/// Failures by key.
struct Table {
    limit: Limit,
    failures: HashMap<Key, Failures>,
}

impl Table {
    fn new(limit: Limit) -> Self {
        Self { limit, failures: HashMap::new() }
    }

    /// The failures of a key. After the clock was set back they count as if they were of now.
    fn get(&mut self, key: &Key, now: i64) -> Option<Failures> {
        let found = self.failures.get_mut(key)?;
        found.last_at = found.last_at.min(now);
        found.forgotten_at = found.forgotten_at.min(now + self.limit.most() * self.limit.forget);
        Some(*found)
    }

    /// The wait after a failure, as many as count now.
    fn wait(&mut self, key: &Key, now: i64) -> i64 {
        let Some(found) = self.get(key, now) else { return 0 };
        let left = (found.forgotten_at - now).max(0);
        self.limit.wait((left + self.limit.forget - 1) / self.limit.forget)
    }

    /// What is left of the wait after the last failure.
    fn left_of_wait(&mut self, key: &Key, now: i64) -> i64 {
        let wait = self.wait(key, now);
        self.get(key, now).map_or(0, |found| (found.last_at + wait - now).max(0))
    }

    fn add(&mut self, key: Key, now: i64) {
        let before = self.get(&key, now).map_or(now, |found| found.forgotten_at.max(now));
        let most = now + self.limit.most() * self.limit.forget;
        make_room(&mut self.failures, |found| found.last_at);
        self.failures.insert(key, Failures { forgotten_at: (before + self.limit.forget).min(most), last_at: now });
    }

    fn tidy(&mut self, now: i64) {
        self.failures.retain(|_, found| found.forgotten_at > now || found.last_at + LONGEST > now);
    }
}

/// Drops the oldest quarter of a full table, so that there is rarely anything to drop.
fn make_room<T>(entries: &mut HashMap<Key, T>, at: impl Fn(&T) -> i64) {
    if entries.len() < MOST {
        return;
    }
    let mut times: Vec<i64> = entries.values().map(&at).collect();
    let (_, last_dropped, _) = times.select_nth_unstable(MOST / 4);
    let last_dropped = *last_dropped;
    entries.retain(|_, entry| at(entry) > last_dropped);
}

/// Everything that is remembered.
struct Tables {
    pairs: Table,
    accounts: Table,
    addresses: Table,
    /// By account and IPv6 network of 48 bits.
    site_pairs: Table,
    wrong_tokens: Table,
    /// When accounts were signed in to, by pair.
    signed_in: HashMap<Key, i64>,
}

/// The counts of failures. Cheap to clone.
#[derive(Clone)]
pub struct Throttle(Arc<Mutex<Tables>>);

impl Default for Throttle {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Tables {
            pairs: Table::new(PAIR),
            accounts: Table::new(ACCOUNT),
            addresses: Table::new(ADDRESS),
            site_pairs: Table::new(SITE_PAIR),
            wrong_tokens: Table::new(TOKENS),
            signed_in: HashMap::new(),
        })))
    }
}

/// The keys of an attempt.
struct Keys {
    pair: Key,
    /// None for a known browser, as are those below.
    account: Option<Key>,
    address: Option<Key>,
    /// None in IPv4, too.
    site_pair: Option<Key>,
}

impl Keys {
    fn new(name: &str, origin: &Origin) -> Self {
        let name = user_names::key(name);
        if let Some(browser) = &origin.known_browser {
            return Self { pair: key(&["browser", browser, &name]), account: None, address: None, site_pair: None };
        }
        let (network, site) = (network(origin.address), site(origin.address));
        let site_pair = site.is_ipv6().then(|| key(&[&site.to_string(), &name]));
        let address = network.to_string();
        Self { pair: key(&[&address, &name]), account: Some(key(&[&name])), address: Some(key(&[&address])), site_pair }
    }

    /// Whether the account was signed in to from there before.
    fn are_known(&self, tables: &Tables) -> bool {
        self.account.is_none() || tables.signed_in.contains_key(&self.pair)
    }
}

impl Throttle {
    /// How long to wait before an attempt is looked at; zero for one that may be made now.
    pub fn wait(&self, name: &str, origin: impl Into<Origin>) -> Duration {
        let (keys, now) = (Keys::new(name, &origin.into()), clock::now());
        let mut tables = self.lock();
        let mut wait = tables.pairs.wait(&keys.pair, now);
        let mut of_site = 0;
        if !keys.are_known(&tables) {
            let of_account = keys.account.map_or(0, |key| tables.accounts.wait(&key, now));
            let of_address = keys.address.map_or(0, |key| tables.addresses.wait(&key, now));
            wait = wait.max(of_account).max(of_address);
            of_site = keys.site_pair.map_or(0, |key| tables.site_pairs.left_of_wait(&key, now));
        }
        let of_pair = tables.pairs.get(&keys.pair, now).map_or(0, |last| last.last_at + wait - now);
        duration(of_pair.max(of_site))
    }

    /// Whether this account was signed in to from there before.
    pub fn knows(&self, name: &str, origin: impl Into<Origin>) -> bool {
        Keys::new(name, &origin.into()).are_known(&self.lock())
    }

    /// Counts a failed attempt. Successful ones do not count: everybody in an office may sign in at nine.
    pub fn note_failure(&self, name: &str, origin: impl Into<Origin>) {
        let (keys, now) = (Keys::new(name, &origin.into()), clock::now());
        let mut tables = self.lock();
        tables.pairs.add(keys.pair, now);
        let Tables { accounts, addresses, site_pairs, .. } = &mut *tables;
        for (table, key) in [(accounts, keys.account), (addresses, keys.address), (site_pairs, keys.site_pair)] {
            if let Some(key) = key {
                table.add(key, now);
            }
        }
    }

    /// Notes a successful sign-in; the failures of this pair no longer count.
    pub fn note_success(&self, name: &str, origin: impl Into<Origin>) {
        let origin = origin.into();
        let mut tables = self.lock();
        tables.pairs.failures.remove(&Keys::new(name, &origin).pair);
        // Its address is known from now on, too.
        let keys = Keys::new(name, &Origin::from(origin.address));
        make_room(&mut tables.signed_in, |at| *at);
        tables.signed_in.insert(keys.pair, clock::now());
    }

    /// How long to wait before another token from an address is looked up; zero for now. Tokens that are known to
    /// be valid need not wait.
    pub fn wait_for_tokens(&self, address: IpAddr) -> Duration {
        duration(self.lock().wrong_tokens.left_of_wait(&by_address(address), clock::now()))
    }

    /// Counts a wrong token.
    pub fn note_wrong_token(&self, address: IpAddr) {
        self.lock().wrong_tokens.add(by_address(address), clock::now());
    }

    /// Removes what no longer makes anybody wait.
    pub fn tidy(&self) {
        let now = clock::now();
        let mut tables = self.lock();
        let Tables { pairs, accounts, addresses, site_pairs, wrong_tokens, signed_in: _ } = &mut *tables;
        for table in [pairs, accounts, addresses, site_pairs, wrong_tokens] {
            table.tidy(now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn by_address(address: IpAddr) -> Key {
    key(&[&network(address).to_string()])
}

/// A key of several texts. Names have no line breaks, so that two lists of texts never give the same one.
fn key(parts: &[&str]) -> Key {
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    let mut key = Key::default();
    for (to, from) in key.iter_mut().zip(digest) {
        *to = from;
    }
    key
}

fn duration(microseconds: i64) -> Duration {
    Duration::from_micros(u64::try_from(microseconds).unwrap_or(0))
}

#[cfg(test)]
mod tests;
