//! Guessing at one account from many addresses, at many from one, and what is remembered of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::{LONGEST, MOST, Throttle};
use crate::clock;
use crate::clock::{HOUR, MINUTE, SECOND};

/// Any moment.
const START: i64 = 1_800_000_000 * SECOND;

fn address(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from(0x0A00_0000 + number))
}

fn waits(throttle: &Throttle, name: &str, from: IpAddr, at: i64) -> bool {
    clock::at(at, || !throttle.wait(name, from).is_zero())
}

/// Guesses from several addresses whenever it is allowed, looking once a second; how many were looked at.
fn guess(throttle: &Throttle, name: &str, from: &[IpAddr], begin: i64, end: i64) -> usize {
    let mut looked_at = 0;
    for second in 0..(end - begin) / SECOND {
        clock::at(begin + second * SECOND, || {
            for from in from.iter().filter(|from| throttle.wait(name, **from).is_zero()) {
                throttle.note_failure(name, *from);
                looked_at += 1;
            }
        });
    }
    looked_at
}

#[test]
fn one_address_that_guesses_is_slowed_down() {
    let throttle = Throttle::default();
    let looked_at = guess(&throttle, "dana", &[address(1)], START, START + HOUR);
    assert!(looked_at <= 60, "{looked_at}");
}

#[test]
fn thirty_addresses_that_guess_at_one_account_are_slowed_in_sum() {
    let throttle = Throttle::default();
    let addresses: Vec<IpAddr> = (0..30).map(address).collect();
    let first_minute = guess(&throttle, "dana", &addresses, START, START + MINUTE);
    assert!(first_minute <= 40, "{first_minute} in the first minute");
    let hour = guess(&throttle, "dana", &addresses, START + MINUTE, START + HOUR);
    assert!(hour <= 30 * 8, "{hour} in the hour");
}

#[test]
fn whoever_knows_the_password_gets_in_while_others_guess() {
    let throttle = Throttle::default();
    let (office, hotel) = (address(100), address(101));
    clock::at(START, || throttle.note_success("dana", office));
    let addresses: Vec<IpAddr> = (0..30).map(address).collect();
    guess(&throttle, "dana", &addresses, START, START + HOUR);
    let now = START + HOUR;
    clock::at(now, || throttle.note_failure("dana", office));
    assert!(!waits(&throttle, "dana", office, now), "mistyped once where she signed in before");
    assert!(!waits(&throttle, "dana", hotel, now), "from an address that was never seen");
    clock::at(now, || throttle.note_failure("dana", hotel));
    assert!(waits(&throttle, "dana", hotel, now + SECOND), "mistyped there");
    guess(&throttle, "dana", &addresses, now, now + LONGEST);
    assert!(!waits(&throttle, "dana", hotel, now + LONGEST), "at most ten minutes");
}

#[test]
fn one_address_that_guesses_does_not_lock_out_others_behind_it() {
    let throttle = Throttle::default();
    let proxy = address(1);
    for guess in 0..10_000 {
        clock::at(START, || throttle.note_failure(&format!("name{}", guess % 500), proxy));
    }
    assert!(waits(&throttle, "name1", proxy, START + SECOND));
    assert!(!waits(&throttle, "omar", proxy, START + SECOND));
    clock::at(START, || throttle.note_failure("omar", proxy));
    assert!(waits(&throttle, "omar", proxy, START + SECOND), "mistyped once");
    assert!(!waits(&throttle, "omar", proxy, START + MINUTE), "at most a minute");
}

#[test]
fn addresses_of_one_customer_count_as_one() {
    let throttle = Throttle::default();
    let from = |text: &str| text.parse::<IpAddr>().unwrap();
    for host in 1..=7 {
        clock::at(START, || throttle.note_failure("dana", from(&format!("2001:db8:1:2::{host}"))));
    }
    assert!(waits(&throttle, "dana", from("2001:db8:1:2:ffff::1"), START + SECOND));
    assert!(!waits(&throttle, "dana", from("2001:db8:1:3::1"), START + SECOND));
    for _ in 0..7 {
        clock::at(START, || throttle.note_failure("omar", from("::ffff:10.0.0.1")));
    }
    assert!(waits(&throttle, "omar", from("10.0.0.1"), START + SECOND), "the same address, written as IPv6");
}

#[test]
fn a_customer_with_many_ipv6_networks_is_slowed_down_and_locks_nobody_out() {
    let throttle = Throttle::default();
    let of_site = |number: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, number, 0, 0, 0, 1));
    let (office, elsewhere) = (of_site(60_000), "2001:db8:2::1".parse::<IpAddr>().unwrap());
    clock::at(START, || throttle.note_success("dana", office));
    let (mut looked_at, mut at) = (0, START);
    for number in 0..3_600 {
        at = START + i64::from(number) * SECOND;
        looked_at += guess(&throttle, "dana", &[of_site(number)], at, at + SECOND);
    }
    // Ten are free, twelve lengthen the wait to a minute, and then there is one a minute.
    assert!(looked_at <= 10 + 12 + 60, "{looked_at} in the hour");
    assert!(!waits(&throttle, "dana", office, at), "where she signed in before");
    assert!(!waits(&throttle, "dana", elsewhere, at), "from a network that was never seen");
    assert!(!waits(&throttle, "omar", of_site(3), at), "another account");
    assert!(
        !waits(&throttle, "dana", of_site(50_000), at + MINUTE),
        "from the same site, a minute after the last guess"
    );
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let throttle = Throttle::default();
    for _ in 0..1_000 {
        clock::at(START + 24 * HOUR, || throttle.note_failure("dana", address(1)));
    }
    assert!(waits(&throttle, "dana", address(1), START), "counts as if it were of now");
    assert!(!waits(&throttle, "dana", address(1), START + LONGEST));
}

#[test]
fn what_strangers_make_it_remember_is_bounded() {
    let throttle = Throttle::default();
    let long = "x".repeat(2_000_000);
    throttle.note_failure(&long, address(0));
    for number in 0..u32::try_from(2 * MOST).unwrap() {
        clock::at(START + i64::from(number), || throttle.note_failure(&format!("name{number}"), address(number)));
    }
    let tables = throttle.lock();
    for table in [&tables.pairs, &tables.accounts, &tables.addresses, &tables.site_pairs] {
        assert!(table.failures.len() <= MOST);
    }
    drop(tables);
    clock::at(START + HOUR + 24 * HOUR, || throttle.tidy());
    assert!(throttle.lock().pairs.failures.is_empty(), "and forgotten in the end");
}

#[test]
fn wrong_tokens_are_slowed_down_by_address() {
    let throttle = Throttle::default();
    let wait = |at| clock::at(at, || throttle.wait_for_tokens(address(1)));
    for _ in 0..20 {
        assert_eq!(wait(START), Duration::ZERO);
        clock::at(START, || throttle.note_wrong_token(address(1)));
    }
    for _ in 0..1_000 {
        clock::at(START, || throttle.note_wrong_token(address(1)));
    }
    assert_eq!(wait(START), Duration::from_secs(60));
    assert_eq!(wait(START + MINUTE), Duration::ZERO);
    assert_eq!(clock::at(START, || throttle.wait_for_tokens(address(2))), Duration::ZERO);
}
