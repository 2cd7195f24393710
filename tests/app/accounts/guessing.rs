//! What somebody who guesses passwords and tokens gets: less and less, while nobody else is locked out.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};

use actix_web::rt::net::TcpSocket;

use crate::support::product::{Scope, app};
use crate::support::{Browser, PASSWORD, World, world};

/// A connection from an address of this machine: all of 127.0.0.0/8 are.
fn connect(world: &World, from: Ipv4Addr) -> TcpStream {
    let to: SocketAddr = world.base.trim_start_matches("http://").parse().unwrap();
    app::block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let stream = socket.connect(to).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream
    })
}

/// Sends the sign-in form, and nothing else.
fn send_form(stream: &mut TcpStream, name: &str, password: &str) {
    let form = [("name", name), ("password", password)];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: watchdesk\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
}

/// The status of the answer; none if the server closed the connection without one.
fn status(mut stream: TcpStream) -> Option<u16> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).split(' ').nth(1).map(|status| status.parse().unwrap())
}

fn sign_in_from(world: &World, from: Ipv4Addr, name: &str, password: &str) -> u16 {
    let mut stream = connect(world, from);
    send_form(&mut stream, name, password);
    status(stream).unwrap()
}

fn address(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, number)
}

#[test]
fn thirty_addresses_that_guess_at_one_account_are_slowed_in_sum_and_lock_nobody_out() {
    let world = world();
    let (office, hotel) = (address(100), address(101));
    assert_eq!(sign_in_from(&world, office, "dana", PASSWORD), 303);
    let mut looked_at = 0;
    for _ in 0..5 {
        for guesser in 1..=30 {
            looked_at += usize::from(sign_in_from(&world, address(guesser), "Dana", "guess") == 422);
        }
    }
    assert!(looked_at <= 40, "{looked_at} guesses were looked at");
    assert_eq!(sign_in_from(&world, office, "dana", "mistyped"), 422);
    assert_eq!(sign_in_from(&world, office, "dana", PASSWORD), 303, "where she signed in before");
    assert_eq!(sign_in_from(&world, hotel, "dana", PASSWORD), 303, "at an address that was never seen");
}

#[test]
fn one_address_that_guesses_does_not_lock_out_others_behind_it() {
    let world = world();
    let proxy = address(1);
    for guess in 0..70 {
        assert_eq!(sign_in_from(&world, proxy, &format!("name{guess}"), "guess"), 422);
    }
    for _ in 0..20 {
        sign_in_from(&world, proxy, "dana", "guess");
    }
    assert_eq!(sign_in_from(&world, proxy, "dana", "guess"), 429);
    assert_eq!(sign_in_from(&world, proxy, "omar", PASSWORD), 303);
}

#[test]
fn whoever_must_wait_is_told_how_long() {
    let world = world();
    let guesser = Browser::new(&world.base);
    let guess = || guesser.post("/login", &[("name", "dana"), ("password", "guess")]);
    let refused = (0..20).map(|_| guess()).find(|answer| answer.status == 429).unwrap();
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(refused.text().contains("Too many attempts. Try again in"), "{}", refused.text());
}

#[test]
fn a_name_that_nobody_can_have_is_refused_at_once_and_kept_nowhere() {
    let world = world();
    let stranger = Browser::new(&world.base);
    let sign_in = |name: &str| stranger.post("/login", &[("name", name), ("password", "guess")]);
    for length in [101, 20_000] {
        let answer = sign_in(&"n".repeat(length));
        assert_eq!(answer.status, 422, "{length}");
        assert!(!answer.body.contains("nnnn"), "the name is not sent back");
    }
    assert_eq!(sign_in(&"n".repeat(1_000_000)).status, 422, "larger than any form of this page");
}

#[test]
fn an_attempt_whose_client_has_left_is_not_hashed() {
    let world = world();
    let answered: usize = (0..12)
        .map(|_| {
            let mut stream = connect(&world, Ipv4Addr::LOCALHOST);
            send_form(&mut stream, "dana", "guess");
            stream.shutdown(Shutdown::Write).unwrap();
            stream
        })
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(status)
        .count();
    assert!(answered <= 3, "{answered} answers for clients that have left");
    let dana = Browser::new(&world.base).post("/login", &[("name", "dana"), ("password", PASSWORD)]);
    assert_eq!(dana.status, 303, "what was not looked at does not count");
}

#[test]
fn the_queue_for_hashing_is_bounded() {
    let world = world();
    let streams: Vec<TcpStream> = (0..80)
        .map(|number| {
            let mut stream = connect(&world, address(1));
            send_form(&mut stream, &format!("name{number}"), "guess");
            stream
        })
        .collect();
    let statuses: Vec<u16> = streams.into_iter().filter_map(status).collect();
    assert_eq!(statuses.len(), 80);
    assert!(statuses.contains(&503), "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 422 | 503)), "{statuses:?}");
    assert_eq!(sign_in_from(&world, address(1), "dana", PASSWORD), 303, "and is empty again");
}

#[test]
fn addresses_that_fill_the_queue_lock_nobody_out() {
    let world = world();
    let fill = |number: u8| {
        let mut stream = connect(&world, address(number % 3 + 1));
        send_form(&mut stream, &format!("name{number}"), "guess");
        stream
    };
    let streams: Vec<TcpStream> = (0..90).map(fill).collect();
    assert_eq!(sign_in_from(&world, address(4), "dana", PASSWORD), 303);
    drop(streams);
}

#[test]
fn strangers_leave_no_session() {
    let world = world();
    for path in ["/login", "/setup", "/incidents", "/login/demo/x", "/nothing"] {
        Browser::new(&world.base).get(path);
    }
    let forged = Browser::new(&world.base);
    forged.set_cookie("watchdesk", &"x".repeat(3_000));
    forged.get("/login");
    forged.post("/login", &[("name", "dana"), ("password", "guess")]);
    forged.post("/logout", &[]);
    // No page tells of sessions.
    assert_eq!(world.count("SELECT count(*) AS n FROM sessions"), 0);
}

#[test]
fn wrong_tokens_are_limited_and_valid_ones_work_at_once() {
    let world = world();
    let (good, revoked) = (world.token("good", Scope::Ingest), world.token("revoked", Scope::Ingest));
    world.revoke_token("revoked");
    let send = |token: &str| Browser::new(&world.base).post_json("/api/v1/alerts", "[]", Some(token));
    let statuses: Vec<u16> = (0..40).map(|number| send(&format!("wd_{number}")).status).collect();
    assert_eq!(statuses[0], 401);
    let limited = send(&revoked);
    assert_eq!(limited.status, 429, "{statuses:?}");
    assert!(!limited.header("retry-after").is_empty());
    assert_eq!(limited.json()["error"]["code"], "TooManyRequests");
    let taken = send(&good);
    assert_eq!(taken.status, 200, "{}", taken.body);
    let new = world.token("new", Scope::Ingest);
    let began = std::time::Instant::now();
    while send(&new).status != 200 {
        assert!(began.elapsed().as_secs() < 10, "a new token is taken a second late");
    }
}

#[test]
fn whoever_guesses_at_the_same_address_does_not_keep_out_who_signed_in_with_this_browser_before() {
    let world = world();
    let dana = world.browser("dana");
    dana.post("/logout", &[]);
    let sign_in =
        |browser: &Browser, password| browser.post("/login", &[("name", "Dana"), ("password", password)]).status;
    let guesser = Browser::new(&world.base);
    while sign_in(&guesser, "guess") != 429 {}
    assert_eq!(sign_in(&Browser::new(&world.base), PASSWORD), 429, "a browser that is not known waits");
    assert_eq!(sign_in(&dana, PASSWORD), 303);
    dana.post("/logout", &[]);
    while sign_in(&dana, "forgotten") != 429 {}
    let cookies = dana.cookie();
    let known = cookies.split("; ").find(|cookie| cookie.starts_with("watchdesk_browser_")).unwrap();
    let (name, value) = known.split_once('=').unwrap();
    let forger = Browser::new(&world.base);
    forger.set_cookie(name, &value.replace('.', ".0"));
    assert_eq!(sign_in(&forger, PASSWORD), 429, "the cookie is signed");
}
