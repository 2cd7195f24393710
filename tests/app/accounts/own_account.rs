//! /account: what people change of their own account.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Answer, Browser, PASSWORD, World, world};

const NEW_PASSWORD: &str = "purple kettle on the ridge";

fn change_password(browser: &Browser, present: &str, new: &str, again: &str) -> Answer {
    let fields = [("current_password", present), ("new_password", new), ("new_password_again", again)];
    browser.post("/account/password", &fields)
}

fn sign_in(world: &World, name: &str, password: &str) -> u16 {
    Browser::new(&world.base).post("/login", &[("name", name), ("password", password)]).status
}

#[test]
fn a_new_password_needs_the_present_one_and_ends_other_sessions() {
    let world = world();
    let (dana, elsewhere) = (world.browser("dana"), world.browser("dana"));
    for (present, new, again, problem) in [
        ("wrong", NEW_PASSWORD, NEW_PASSWORD, "This is not your present password."),
        (PASSWORD, "short", "short", "Use at least 10 characters."),
        (PASSWORD, NEW_PASSWORD, "another", "The passwords do not match."),
        (PASSWORD, PASSWORD, PASSWORD, "This is your present password. Choose another one."),
    ] {
        let answer = change_password(&dana, present, new, again);
        assert_eq!(answer.status, 422);
        assert_eq!(texts(&answer.html(), ".problem:not([hidden])"), [problem]);
        assert!(!answer.body.contains(NEW_PASSWORD), "no password is sent back");
    }
    let changed = change_password(&dana, PASSWORD, NEW_PASSWORD, NEW_PASSWORD);
    assert_eq!(changed.location, "/account");
    assert_eq!(dana.get("/incidents").status, 200, "this session goes on");
    assert_eq!(elsewhere.get("/incidents").status, 303, "others have ended");
    assert_eq!((sign_in(&world, "dana", PASSWORD), sign_in(&world, "dana", NEW_PASSWORD)), (422, 303));
}

#[test]
fn guessing_the_present_password_is_slowed_down() {
    let world = world();
    let dana = world.browser("dana");
    let slowed = (0..30).any(|_| {
        let answer = change_password(&dana, "a wrong guess", NEW_PASSWORD, NEW_PASSWORD);
        text(&answer.html(), ".problem:not([hidden])").starts_with("Too many attempts.")
    });
    assert!(slowed);
}

#[test]
fn a_profile_is_changed_and_nobody_takes_the_name_of_another() {
    let world = world();
    let dana = world.browser("dana");
    let save = |name: &str, zone: &str| dana.post("/account", &[("display_name", name), ("time_zone", zone)]);
    for (name, zone, problem) in [
        ("", "", "Enter a display name."),
        ("Ada Novak", "", "This name looks like that of Ada Novak (ada). Choose another one."),
        ("Dana", "Mars/Olympus", "Choose a time zone of the list, such as Europe/Berlin."),
    ] {
        let answer = save(name, zone);
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(texts(&answer.html(), ".problem:not([hidden])"), [problem]);
        assert_eq!(attribute(&answer.html(), "#time_zone", "value"), zone, "what was typed is kept");
    }
    assert_eq!(save("Dana R.", "Asia/Tokyo").status, 303);
    let page = dana.page("/incidents");
    assert!(text(&page, ".who-menu summary").contains("Dana R."));
    assert_eq!(attribute(&page, "html", "data-keys"), "off", "the box was not checked");
}

#[test]
fn times_are_shown_in_the_chosen_zone_whatever_that_of_the_browser() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.set_cookie("tz", "America/New_York");
    let created = |browser: &Browser| text(&browser.page(&format!("/incidents/{id}/summary")), ".facts time");
    let before = created(&dana);
    assert_eq!(dana.post("/account", &[("display_name", "Dana"), ("time_zone", "Asia/Tokyo")]).status, 303);
    assert_ne!(created(&dana), before);
}

#[test]
fn one_sees_and_ends_ones_own_sessions_only() {
    let world = world();
    let (dana, elsewhere, omar) = (world.browser("dana"), world.browser("dana"), world.browser("omar"));
    let rows = |browser: &Browser| texts(&browser.page("/account"), "table[aria-label=Sessions] tbody th");
    assert_eq!(rows(&dana).len(), 2);
    assert_eq!(rows(&dana).iter().filter(|row| row.contains("this session")).count(), 1);
    let others = attribute(&omar.page("/account"), "table[aria-label=Sessions] [name=session]", "value");
    assert_eq!(dana.post("/account/sessions", &[("session", &others)]).status, 422);
    assert_eq!(omar.get("/incidents").status, 200);
    assert_eq!(dana.post("/account/sessions", &[]).status, 303);
    assert_eq!((dana.get("/incidents").status, elsewhere.get("/incidents").status), (200, 303));
}

#[test]
fn a_token_of_ones_own_is_made_shown_once_and_revoked() {
    let world = world();
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let fields =
        [("token_name", "dana-script"), ("scope", "write"), ("purpose", "Nightly report"), ("expires", "2100-01-01")];
    let made = dana.post("/account/tokens", &fields);
    assert_eq!(made.status, 200, "{}", made.text());
    let token = text(&made.html(), "#new-token");
    assert!(token.starts_with("wd_") && !dana.get("/account").body.contains(&token));
    assert_eq!(texts(&dana.page("/account"), "table[aria-label=Tokens] tbody th"), ["dana-script"]);
    assert!(select(&omar.page("/account"), "table[aria-label=Tokens]").is_empty());
    assert_eq!(omar.post("/account/tokens/revoke", &[("name", "dana-script")]).status, 403);
    assert_eq!(dana.post("/account/tokens/revoke", &[("name", "dana-script")]).status, 303);
    assert_eq!(text(&dana.page("/account"), "table[aria-label=Tokens] tbody td:nth-of-type(5)"), "Revoked");
}

#[test]
fn a_viewer_makes_no_token_that_writes_and_nobody_one_that_sends_alerts() {
    let world = world();
    let make = |name: &str, scope: &str| {
        world.browser(name).post("/account/tokens", &[("token_name", "mine"), ("scope", scope)]).status
    };
    assert_eq!(make("vic", "write"), 403);
    assert_eq!(make("dana", "ingest"), 422);
    assert_eq!(make("dana", "everything"), 422);
    assert_eq!(make("vic", "read"), 200);
}

#[test]
fn the_theme_is_chosen_without_a_script() {
    let world = world();
    let dana = world.browser("dana");
    assert_eq!(dana.post("/account/theme", &[("theme", "dark")]).status, 303);
    assert_eq!(attribute(&dana.page("/account"), "html", "data-theme"), "dark");
    assert_eq!(dana.post("/account/theme", &[("theme", "pink")]).status, 422);
}
