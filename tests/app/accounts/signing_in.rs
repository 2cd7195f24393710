//! Setup, signing in and out, sessions.

use crate::support::page::{text, texts, value};
use crate::support::product::{CONSOLE, passwords, people};
use crate::support::{Browser, PASSWORD, empty_world, world};

#[test]
fn the_first_administrator_is_made_with_the_code_from_the_console_only() {
    let world = empty_world();
    let code = world.setup_code.clone().unwrap();
    let browser = Browser::new(&world.base);
    assert_eq!(browser.get("/login").location, "/setup");
    let fields = |code: &str| {
        [("code", code), ("name", "ada"), ("password", PASSWORD), ("password_again", PASSWORD)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    let post = |fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/setup", &fields)
    };
    let refused = post(&fields("guess"));
    assert_eq!(refused.status, 422);
    assert_eq!(text(&refused.html(), "#code-error"), "This is not the one-time code from the console.");
    assert_eq!(value(&refused.html(), "#name"), "ada", "what was typed is kept");
    assert!(!refused.body.contains(PASSWORD), "but never a password");
    assert_eq!(post(&fields(&code)).location, "/incidents");
    assert_eq!(browser.get("/incidents").status, 200, "and is signed in");
    assert_eq!(post(&fields(&code)).status, 404, "only while there is nobody");
    assert_eq!(Browser::new(&world.base).get("/setup").location, "/login");
}

#[test]
fn bad_setup_input_is_reported_at_each_field() {
    let world = empty_world();
    let code = world.setup_code.clone().unwrap();
    let browser = Browser::new(&world.base);
    let answer =
        browser.post("/setup", &[("code", &code), ("name", "a b"), ("password", "short"), ("password_again", "other")]);
    let page = answer.html();
    assert_eq!(texts(&page, ".problem").len(), 3, "{:?}", texts(&page, ".problem"));
}

#[test]
fn a_wrong_password_an_unknown_name_and_a_disabled_account_look_the_same() {
    let world = world();
    world.disable("omar");
    for (name, password) in [("dana", "wrong password"), ("nobody", PASSWORD), ("omar", PASSWORD), ("dana", "")] {
        let answer = Browser::new(&world.base).post("/login", &[("name", name), ("password", password)]);
        assert_eq!(answer.status, 422);
        assert_eq!(text(&answer.html(), ".problem"), "User name or password is wrong.");
        assert_eq!(value(&answer.html(), "#name"), name);
    }
}

#[test]
fn user_names_are_compared_without_case() {
    let world = world();
    let answer = Browser::new(&world.base).post("/login", &[("name", "DANA"), ("password", PASSWORD)]);
    assert_eq!(answer.location, "/incidents");
}

#[test]
fn password_guessing_is_slowed_down() {
    let world = world();
    let guesser = Browser::new(&world.base);
    let statuses: Vec<u16> =
        (0..14).map(|_| guesser.post("/login", &[("name", "dana"), ("password", "guess")]).status).collect();
    assert_eq!(statuses[0], 422);
    assert_eq!(*statuses.last().unwrap(), 429);
    assert_eq!(guesser.post("/login", &[("name", "dana"), ("password", PASSWORD)]).status, 429, "right or not");
}

#[test]
fn signing_in_renews_the_session_and_signing_out_ends_it() {
    let world = world();
    let dana = world.browser("dana");
    let first = dana.cookie();
    dana.post("/login", &[("name", "dana"), ("password", PASSWORD)]);
    let second = dana.cookie();
    assert_ne!(first, second);
    let old = Browser::new(&world.base);
    old.set_cookie("watchdesk", first.trim_start_matches("watchdesk="));
    assert_eq!(old.get("/incidents").status, 303, "the key before is dead");
    dana.post("/logout", &[]);
    let stolen = Browser::new(&world.base);
    stolen.set_cookie("watchdesk", second.trim_start_matches("watchdesk="));
    assert_eq!(stolen.get("/incidents").status, 303);
}

#[test]
fn disabling_or_a_new_password_ends_every_session() {
    let world = world();
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    world.disable("dana");
    assert_eq!(dana.get("/incidents").status, 303);
    let hash = passwords::hash("another long password").unwrap();
    world.db.write_now(|tx| people::set_password(tx, &CONSOLE, "omar", &hash)).unwrap();
    assert_eq!(omar.get("/incidents").status, 303);
    let again = omar.post("/login", &[("name", "omar"), ("password", "another long password")]);
    assert_eq!(again.status, 303);
}

#[test]
fn signing_in_returns_to_the_page_asked_for_and_never_to_another_site() {
    let world = world();
    let browser = Browser::new(&world.base);
    let asked = browser.get("/incidents?tag=VIP&pane=3");
    assert_eq!(asked.location, "/login?next=%2Fincidents%3Ftag%3DVIP%26pane%3D3");
    let sign_in =
        |next: &str| browser.post("/login", &[("name", "dana"), ("password", PASSWORD), ("next", next)]).location;
    assert_eq!(sign_in("/incidents?tag=VIP&pane=3"), "/incidents?tag=VIP&pane=3");
    for evil in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        assert_eq!(sign_in(evil), "/incidents", "{evil}");
    }
}

#[test]
fn there_is_no_demo_link_outside_a_demo() {
    let world = world();
    assert_eq!(Browser::new(&world.base).get("/login/demo/anything").status, 404);
}

#[test]
fn health_and_readiness_need_no_session() {
    let world = empty_world();
    let browser = Browser::new(&world.base);
    assert_eq!((browser.get("/healthz").status, browser.get("/readyz").status), (200, 200));
}

#[test]
fn concurrent_password_guessing_is_slowed_down_too() {
    let world = world();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..40)
            .map(|_| {
                let base = &world.base;
                scope
                    .spawn(move || Browser::new(base).post("/login", &[("name", "dana"), ("password", "guess")]).status)
            })
            .collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let tried = statuses.iter().filter(|status| **status == 422).count();
    assert!(tried <= 14, "{tried} guesses were looked at");
}

#[test]
fn a_form_of_somebody_who_was_signed_in_before_is_not_saved_as_the_next_persons() {
    let world = world();
    let id = world.incident("One");
    let (path, comments) = (format!("/incidents/{id}"), format!("/incidents/{id}/comments"));
    let browser = world.browser("dana");
    let token = |browser: &Browser| value(&browser.page(&path), "form.comment input[name=csrf]");
    let of_dana = token(&browser);
    let post = |csrf: &str| browser.post(&comments, &[("body", "Half a comment"), ("csrf", csrf)]);
    browser.post("/logout", &[]);
    browser.post("/login", &[("name", "omar"), ("password", PASSWORD)]);
    let refused = post(&of_dana);
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("Somebody else has signed in"), "{}", refused.text());
    assert_eq!(browser.comments(id), Vec::<String>::new());
    assert_eq!(post(&token(&browser)).status, 303);
    browser.post("/logout", &[]);
    browser.post("/login", &[("name", "dana"), ("password", PASSWORD)]);
    assert_eq!(post(&of_dana).status, 303, "Dana's own, from her session before");
}

#[test]
fn signing_out_has_the_browser_forget_unless_other_sites_are_on_this_host() {
    let mut world = world();
    let dana = world.browser("dana");
    assert_eq!(dana.post("/logout", &[]).header("clear-site-data"), "\"cache\", \"storage\"");
    world.restart_with(|config| config.public_url = Some(format!("http://{}/watchdesk", config.listen)));
    assert_eq!(world.browser("dana").post("/logout", &[]).header("clear-site-data"), "");
}
