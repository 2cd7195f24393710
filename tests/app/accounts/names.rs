//! Names and passwords that are refused: those that deceive, and those that are guessed first.

use crate::support::page::texts;
use crate::support::product::{CONSOLE, Scope, cast, passwords, people, tokens};
use crate::support::{Browser, PASSWORD, empty_world, make_token, world};

fn person(name: &str, display_name: &str) -> people::NewUser {
    people::NewUser {
        name: name.into(),
        display_name: display_name.into(),
        role: cast::DANA.role,
        password: PASSWORD.into(),
    }
}

#[test]
fn nobody_gets_a_name_that_looks_like_anothers() {
    let world = world();
    let hash = passwords::hash(PASSWORD).unwrap();
    let add = |name: &str, display_name: &str| {
        world
            .db
            .write_now(|tx| people::add(tx, &CONSOLE, &person(name, display_name), &hash))
            .map_err(|e| e.to_string())
    };
    for (name, display_name) in [
        ("d\u{430}na", "Somebody"),
        ("dana2", "Dana Reyes"),
        ("dana2", "Dan\u{430} Reyes"),
        ("dana2", "DANA REYES"),
        ("dana2", "Dana\u{200b} Reyes"),
        ("dana2", "\u{202e}seyeR anaD"),
        ("da\u{200d}na", "Somebody"),
        ("Dana.Reyes", "Dana"),
    ] {
        let told = add(name, display_name);
        assert!(told.is_err(), "{name:?} {display_name:?}");
    }
    add("danny", "Дана Рейес").unwrap();
    assert!(add("dora", "").is_ok());
}

#[test]
fn a_name_of_before_that_looks_like_anothers_still_signs_in() {
    let world = world();
    world.execute("UPDATE users SET name = 'om\u{430}r', name_key = 'om\u{430}r' WHERE name = 'dana'");
    let answer = Browser::new(&world.base).post("/login", &[("name", "om\u{430}r"), ("password", PASSWORD)]);
    assert_eq!(answer.status, 303);
}

#[test]
fn no_token_gets_a_name_that_looks_like_anothers() {
    let world = world();
    world.token("siem", Scope::Ingest);
    for name in ["s\u{456}em", "SIEM", "si\u{200b}em"] {
        let told = world.db.write_now(|tx| make_token(tx, name, Scope::Ingest, tokens::SentIn::Header).map(|_| ()));
        assert!(told.is_err(), "{name:?}");
    }
}

#[test]
fn passwords_that_are_guessed_first_are_refused() {
    let world = empty_world();
    let (code, browser) = (world.setup_code.clone().unwrap(), Browser::new(&world.base));
    for password in ["password123", "watchdesk1", "adanovak12", "Ada Novak!"] {
        let fields = [
            ("code", code.as_str()),
            ("name", "ada"),
            ("display_name", "Ada Novak"),
            ("password", password),
            ("password_again", password),
        ];
        let answer = browser.post("/setup", &fields);
        assert_eq!(answer.status, 422, "{password}");
        assert_eq!(texts(&answer.html(), ".problem").len(), 1, "{password}: {}", answer.text());
    }
}
