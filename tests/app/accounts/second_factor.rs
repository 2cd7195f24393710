//! Authenticator apps, recovery codes, who must have them, and what a half sign-in opens. Passkeys need a browser:
//! `tests/browser/second-factor.mjs`.

use totp_rs::{Builder, Secret};

use crate::support::page::{attribute, select, text, texts};
use crate::support::product::{ROUTES, Role};
use crate::support::{Answer, Browser, PASSWORD, World, world};

/// The code of an app `steps` of 30 seconds from now.
fn code(secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp =
        Builder::new().with_secret(secret).with_account_name("x").with_issuer(Some("Watchdesk")).build().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now.checked_add_signed(steps * 30).unwrap()).to_string()
}

/// Sets an app up; returns its secret and the recovery codes.
fn set_up(browser: &Browser) -> (String, Vec<String>) {
    assert_eq!(browser.post("/account/authenticator", &[]).location, "/account/authenticator");
    let page = browser.page("/account/authenticator");
    let secret = text(&page, "#secret");
    assert_eq!(attribute(&page, "main img", "src"), "/account/authenticator/code.svg");
    let done = browser.post("/account/authenticator/verify", &[("code", &code(&secret, 0))]);
    assert_eq!(done.status, 200, "{}", done.text());
    (secret, texts(&done.html(), "ul[aria-label='Recovery codes'] li"))
}

fn password(world: &World, name: &str) -> (Browser, Answer) {
    let browser = Browser::new(&world.base);
    let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]);
    (browser, answer)
}

fn verify(browser: &Browser, code: &str) -> Answer {
    browser.post("/login/second-factor", &[("code", code)])
}

fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 422, "{}", answer.text());
    text(&answer.html(), ".problem")
}

/// Forgets which codes were used, since time does not pass in a test.
fn forget_used_codes(world: &World) {
    world.execute("UPDATE authenticator_apps SET last_step = 0");
}

#[test]
fn an_app_is_set_up_by_a_code_and_asked_for_after_the_password() {
    let world = world();
    let dana = world.browser("dana");
    let picture = {
        dana.post("/account/authenticator", &[]);
        dana.get("/account/authenticator/code.svg")
    };
    assert!(picture.body.starts_with("<?xml") && picture.header("content-type").starts_with("image/svg+xml"));
    let wrong = dana.post("/account/authenticator/verify", &[("code", "000000")]);
    assert_eq!(refused(&wrong), "This code is wrong. Check that the clock of the phone is right.");
    assert_eq!(password(&world, "dana").1.location, "/incidents", "nothing is set up by a wrong code");
    let (secret, codes) = set_up(&dana);
    assert_eq!(codes.len(), 10);
    let (browser, answer) = password(&world, "dana");
    assert_eq!(answer.location, "/login/second-factor");
    assert_eq!(texts(&browser.page("/login/second-factor"), "main button")[0], "Verify");
    assert_eq!(verify(&browser, &code(&secret, 1)).location, "/incidents");
    assert_eq!(browser.get("/incidents").status, 200);
}

#[test]
fn a_code_works_once_and_never_an_earlier_one() {
    let world = world();
    let (secret, _) = set_up(&world.browser("dana"));
    let (first, _) = password(&world, "dana");
    assert_eq!(refused(&verify(&first, &code(&secret, 0))), "This code is wrong, or was used already.", "set up by it");
    assert_eq!(verify(&first, &code(&secret, 1)).status, 303);
    let (second, _) = password(&world, "dana");
    refused(&verify(&second, &code(&secret, 1)));
    refused(&verify(&second, &code(&secret, 0)));
    forget_used_codes(&world);
    refused(&verify(&second, &code(&secret, 5)));
    refused(&verify(&second, ""));
}

#[test]
fn a_half_sign_in_opens_nothing() {
    let world = world();
    world.incident("One");
    set_up(&world.browser("dana"));
    let (browser, _) = password(&world, "dana");
    for route in ROUTES {
        let path = route.address.replace("{id}", "1").replace(
            "{tab:story|summary|alerts|devices|users|mailboxes|evidence|similar|attachments|history}",
            "alerts",
        );
        if path.contains('{') || path.starts_with("/login") || path.starts_with("/join") || path.starts_with("/setup") {
            continue;
        }
        let answer = if route.method.as_str() == "GET" { browser.get(&path) } else { browser.post(&path, &[]) };
        let open = ["/healthz", "/readyz", "/metrics"].contains(&path.as_str());
        assert!(open || answer.status == 401 || answer.location.starts_with("/login"), "{path} {}", answer.status);
        assert!(!answer.body.contains("One"), "{path}");
    }
    assert_eq!(browser.get("/login/second-factor/code.svg").status, 404, "and no secret is shown");
}

#[test]
fn guessing_codes_asks_for_the_password_again_and_is_slowed_down() {
    let world = world();
    let (secret, _) = set_up(&world.browser("dana"));
    let mut slowed = false;
    for _ in 0..20 {
        let (browser, _) = password(&world, "dana");
        let answers: Vec<Answer> = (0..6).map(|_| verify(&browser, "000000")).collect();
        assert!(answers.iter().all(|answer| answer.location != "/incidents"));
        if answers.iter().any(|answer| answer.status == 429) {
            slowed = true;
            break;
        }
        assert_eq!(answers[4].location, "/login", "after five wrong codes");
    }
    assert!(slowed);
    let (browser, _) = password(&world, "dana");
    forget_used_codes(&world);
    assert_eq!(verify(&browser, &code(&secret, 0)).status, 429, "a right code has to wait as well");
}

#[test]
fn a_recovery_code_works_once_in_the_place_of_a_code() {
    let world = world();
    let (_, codes) = set_up(&world.browser("dana"));
    let (browser, _) = password(&world, "dana");
    assert_eq!(verify(&browser, &codes[3].to_uppercase().replace('-', " ")).location, "/incidents");
    assert!(text(&browser.page("/account"), "#second-factor ~ p").contains("9 recovery codes left"));
    let (again, _) = password(&world, "dana");
    refused(&verify(&again, &codes[3]));
    assert_eq!(verify(&again, &codes[4]).status, 303);
}

#[test]
fn new_recovery_codes_and_removing_the_app_need_the_present_password() {
    let world = world();
    let dana = world.browser("dana");
    let (secret, codes) = set_up(&dana);
    for (path, field) in
        [("/account/recovery-codes", "codes_password"), ("/account/authenticator/remove", "remove_password")]
    {
        assert_eq!(refused(&dana.post(path, &[(field, "wrong")])), "This is not your present password.");
    }
    let made = dana.post("/account/recovery-codes", &[("codes_password", PASSWORD)]);
    assert_eq!(select(&made.html(), "ul[aria-label='Recovery codes'] li").len(), 10);
    let (browser, _) = password(&world, "dana");
    refused(&verify(&browser, &codes[0]));
    forget_used_codes(&world);
    assert_eq!(verify(&browser, &code(&secret, 0)).status, 303);
    assert_eq!(dana.post("/account/authenticator/remove", &[("remove_password", PASSWORD)]).status, 303);
    assert_eq!(password(&world, "dana").1.location, "/incidents");
}

#[test]
fn whoever_must_have_a_second_factor_sets_one_up_before_anything_else() {
    let world = world();
    let ada = world.browser("ada");
    assert_eq!(ada.post("/settings/sign-in", &[("second_factor", "everyone")]).status, 422);
    assert_eq!(ada.post("/settings/sign-in", &[("second_factor", "leads")]).status, 303);
    assert_eq!(password(&world, "dana").1.location, "/incidents", "an analyst need not");
    world.set_role("omar", Role::Lead);
    let (omar, answer) = password(&world, "omar");
    assert_eq!(answer.location, "/login/second-factor/set-up");
    assert_eq!(omar.get("/incidents").status, 303);
    let page = omar.page("/login/second-factor/set-up");
    let secret = text(&page, "#secret");
    let post = |code: &str| omar.post("/login/second-factor/set-up", &[("code", code)]);
    refused(&post("123"));
    assert_eq!(omar.get("/incidents").status, 303);
    let done = post(&code(&secret, 0));
    assert_eq!(select(&done.html(), "ul[aria-label='Recovery codes'] li").len(), 10, "{}", done.text());
    assert_eq!(omar.get("/incidents").status, 200);
    assert_eq!(password(&world, "omar").1.location, "/login/second-factor");
}

#[test]
fn a_set_up_that_waits_cannot_replace_an_app_that_was_set_up_meanwhile() {
    let world = world();
    world.browser("ada").post("/settings/sign-in", &[("second_factor", "everybody")]);
    let (thief, _) = password(&world, "dana");
    let theirs = text(&thief.page("/login/second-factor/set-up"), "#secret");
    let (dana, _) = password(&world, "dana");
    let own = text(&dana.page("/login/second-factor/set-up"), "#secret");
    assert_eq!(dana.post("/login/second-factor/set-up", &[("code", &code(&own, 0))]).status, 200);
    assert_eq!(thief.post("/login/second-factor/set-up", &[("code", &code(&theirs, 0))]).status, 403);
    assert_eq!(thief.get("/incidents").status, 303);
}

#[test]
fn an_administrator_resets_a_lost_second_factor() {
    let world = world();
    set_up(&world.browser("dana"));
    let id = world.count("SELECT id AS n FROM users WHERE name = 'dana'");
    let path = format!("/settings/people/{id}/second-factor");
    assert_eq!(world.browser("omar").post(&path, &[]).status, 403);
    let ada = world.browser("ada");
    assert!(ada.get(&format!("/settings/people/{id}")).text().contains("authenticator app"));
    assert_eq!(ada.post(&path, &[]).status, 303);
    assert_eq!(password(&world, "dana").1.location, "/incidents");
}

#[test]
fn disabling_and_a_new_password_end_a_sign_in_that_waits() {
    let world = world();
    let (secret, _) = set_up(&world.browser("dana"));
    forget_used_codes(&world);
    let (browser, _) = password(&world, "dana");
    world.disable("dana");
    assert_eq!(verify(&browser, &code(&secret, 0)).location, "/login");
}

#[test]
fn a_sign_in_that_waits_is_no_open_session() {
    let world = world();
    let dana = world.browser("dana");
    set_up(&dana);
    password(&world, "dana");
    assert_eq!(select(&dana.page("/account"), "table[aria-label=Sessions] tbody tr").len(), 1);
}
