//! /settings/people: inviting, roles, disabling, new passwords, sessions, handing over.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Answer, Browser, PASSWORD, World, world};

const NEW_PASSWORD: &str = "purple kettle on the ridge";

/// The path of a person's page.
fn page_of(ada: &Browser, name: &str) -> String {
    let page = ada.page("/settings/people");
    let links = select(&page, "table[aria-label=People] tbody tr");
    let row = links.into_iter().find(|row| row.text().any(|text| text == name)).expect("the person is listed");
    let link = scraper::Selector::parse("a").unwrap();
    row.select(&link).next().unwrap().value().attr("href").unwrap().to_owned()
}

/// The path of the link that a page shows.
fn link(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let address = text(&answer.html(), "#new-link");
    address[address.find("/join/").expect("a link")..].to_owned()
}

fn invite(ada: &Browser, name: &str, role: &str) -> String {
    link(&ada.post("/settings/people/invite", &[("name", name), ("display_name", ""), ("role", role)]))
}

fn choose(browser: &Browser, path: &str, password: &str) -> Answer {
    browser.post(path, &[("password", password), ("password_again", password)])
}

fn sign_in(world: &World, name: &str, password: &str) -> u16 {
    Browser::new(&world.base).post("/login", &[("name", name), ("password", password)]).status
}

fn problems(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 422, "{}", answer.text());
    texts(&answer.html(), ".problem")
}

#[test]
fn an_invited_person_chooses_a_password_and_is_signed_in_by_a_link_that_works_once() {
    let world = world();
    let ada = world.browser("ada");
    let path = invite(&ada, "nadia", "lead");
    assert_eq!(texts(&ada.page("/settings/people"), "table[aria-label=Invitations] tbody th"), ["nadia"]);
    let nadia = Browser::new(&world.base);
    assert!(text(&nadia.page(&path), "main").contains("Ada Novak invites you. Your user name is nadia."));
    assert_eq!(choose(&nadia, &path, "short").status, 422, "a weak password uses nothing up");
    let joined = choose(&nadia, &path, NEW_PASSWORD);
    assert_eq!((joined.status, joined.location.as_str()), (303, "/incidents"));
    assert_eq!(text(&nadia.page("/account"), ".facts dd:nth-of-type(1) a"), "Lead");
    assert_eq!(Browser::new(&world.base).get(&path).status, 404, "used");
    assert_eq!(choose(&Browser::new(&world.base), &path, PASSWORD).status, 404);
    assert_eq!(sign_in(&world, "nadia", NEW_PASSWORD), 303);
}

#[test]
fn a_withdrawn_or_replaced_invitation_adds_nobody() {
    let world = world();
    let ada = world.browser("ada");
    let first = invite(&ada, "nadia", "viewer");
    let second = invite(&ada, "nadia", "analyst");
    assert_eq!(choose(&Browser::new(&world.base), &first, NEW_PASSWORD).status, 404, "replaced");
    let page = ada.page("/settings/people");
    let id = attribute(&page, "form[action='/settings/people/withdraw'] [name=id]", "value");
    assert_eq!(ada.post("/settings/people/withdraw", &[("id", &id)]).status, 303);
    assert_eq!(choose(&Browser::new(&world.base), &second, NEW_PASSWORD).status, 404, "withdrawn");
    assert_eq!(sign_in(&world, "nadia", NEW_PASSWORD), 422);
}

#[test]
fn an_invitation_over_its_time_does_not_work() {
    let world = world();
    let path = invite(&world.browser("ada"), "nadia", "viewer");
    world.execute("UPDATE one_time_links SET expires_at = 1");
    assert_eq!(choose(&Browser::new(&world.base), &path, NEW_PASSWORD).status, 404);
}

#[test]
fn a_refused_invitation_keeps_what_was_typed() {
    let world = world();
    let ada = world.browser("ada");
    for (name, role, problem) in [
        ("dana", "viewer", "This user name is taken."),
        ("", "viewer", "Enter a user name."),
        ("a b", "viewer", "A user name cannot contain spaces, commas or colons."),
        ("nadia", "root", "Choose a role."),
    ] {
        let fields = [("name", name), ("display_name", "Somebody"), ("role", role)];
        let answer = ada.post("/settings/people/invite", &fields);
        assert_eq!(problems(&answer)[0], problem);
        assert_eq!(attribute(&answer.html(), "#display_name", "value"), "Somebody");
    }
}

#[test]
fn a_reset_ends_the_password_and_the_sessions_and_gives_a_link_for_a_new_one() {
    let world = world();
    let (ada, dana) = (world.browser("ada"), world.browser("dana"));
    let page = page_of(&ada, "dana");
    let path = link(&ada.post(&format!("{page}/reset"), &[]));
    assert_eq!(dana.get("/incidents").status, 303, "the session has ended");
    assert_eq!(sign_in(&world, "dana", PASSWORD), 422, "the old password is gone");
    let again = Browser::new(&world.base);
    assert_eq!(choose(&again, &path, NEW_PASSWORD).status, 303);
    assert_eq!(again.get("/incidents").status, 200);
    assert_eq!(sign_in(&world, "dana", NEW_PASSWORD), 303);
}

#[test]
fn a_link_for_a_disabled_person_does_not_work() {
    let world = world();
    let ada = world.browser("ada");
    let page = page_of(&ada, "dana");
    let path = link(&ada.post(&format!("{page}/reset"), &[]));
    world.disable("dana");
    assert_eq!(choose(&Browser::new(&world.base), &path, NEW_PASSWORD).status, 404);
}

#[test]
fn the_last_administrator_stays_one() {
    let world = world();
    let ada = world.browser("ada");
    let page = page_of(&ada, "ada");
    let why = "This is the last administrator. Add another one first.";
    assert_eq!(problems(&ada.post(&format!("{page}/role"), &[("role", "viewer")])), [why]);
    assert_eq!(problems(&ada.post(&format!("{page}/disabled"), &[("disabled", "yes")])), [why]);
    let omar = page_of(&ada, "omar");
    assert_eq!(ada.post(&format!("{omar}/role"), &[("role", "administrator")]).status, 303);
    assert_eq!(ada.post(&format!("{page}/role"), &[("role", "viewer")]).status, 303);
    assert_eq!(ada.get("/settings/people").status, 403, "from the next request on");
}

#[test]
fn a_person_is_disabled_and_enabled() {
    let world = world();
    let (ada, dana) = (world.browser("ada"), world.browser("dana"));
    let page = page_of(&ada, "dana");
    assert_eq!(ada.post(&format!("{page}/disabled"), &[("disabled", "yes")]).status, 303);
    assert_eq!(dana.get("/incidents").status, 303);
    assert_eq!(sign_in(&world, "dana", PASSWORD), 422);
    assert!(text(&ada.page(&page), "h1").ends_with("(disabled)"));
    assert_eq!(ada.post(&format!("{page}/disabled"), &[("disabled", "no")]).status, 303);
    assert_eq!(sign_in(&world, "dana", PASSWORD), 303);
}

#[test]
fn administrators_see_and_end_the_sessions_of_a_person() {
    let world = world();
    let (ada, dana) = (world.browser("ada"), world.browser("dana"));
    let page = page_of(&ada, "dana");
    let handle = attribute(&ada.page(&page), "table[aria-label=Sessions] [name=session]", "value");
    assert!(!dana.cookie().contains(&handle), "the list does not hold the key");
    assert_eq!(ada.post(&format!("{page}/sessions"), &[("session", &handle)]).status, 303);
    assert_eq!(dana.get("/incidents").status, 303);
    assert_eq!(ada.get("/incidents").status, 200);
}

#[test]
fn what_somebody_owns_is_handed_over() {
    let world = world();
    let (ada, dana, omar) = (world.browser("ada"), world.browser("dana"), world.browser("omar"));
    let id = world.incident("One");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("assigned_to", "dana")]).status, 303);
    let view =
        |name: &str| [("name", name.to_owned()), ("query", "severity=high".to_owned()), ("shared", "1".to_owned())];
    for browser in [&dana, &omar] {
        let fields = view("Mine");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.post("/incidents/views", &fields).status, 303);
    }
    let page = page_of(&ada, "dana");
    assert_eq!(texts(&ada.page(&page), "#account-owned ~ ul li"), ["1 open incident", "1 shared view"]);
    for (to, problem) in [
        ("", "Choose somebody from the list."),
        ("dana", "Choose somebody else."),
        ("vic", "Work cannot be assigned to viewers and disabled people."),
    ] {
        assert_eq!(problems(&ada.post(&format!("{page}/hand-over"), &[("to", to)])), [problem]);
    }
    assert_eq!(ada.post(&format!("{page}/hand-over"), &[("to", "omar")]).status, 303);
    assert_eq!(text(&ada.page(&page), "#account-owned ~ p"), "Nothing that others could need.");
    assert!(ada.history(id)[0].contains("Omar"), "{:?}", ada.history(id));
    let views = texts(&omar.page("/incidents/views"), "main");
    assert!(views[0].contains("Mine (dana"), "the name that Omar had already says whose it was");
    assert_eq!(problems(&ada.post(&format!("{page}/hand-over"), &[("to", "omar")])).len(), 1);
}

#[test]
fn groups_are_made_changed_and_deleted() {
    let world = world();
    let ada = world.browser("ada");
    let dana = page_of(&ada, "dana");
    let id = dana.rsplit('/').next().unwrap().to_owned();
    let fields = [("name", "Forensics"), ("description", "Looks at disks."), ("members", id.as_str())];
    assert_eq!(ada.post("/settings/groups/new", &fields).status, 303);
    assert_eq!(text(&ada.page(&dana), ".facts a"), "Forensics");
    let list = ada.page("/settings/groups");
    assert_eq!(texts(&list, "table tbody td"), ["Looks at disks.", "Dana Reyes"]);
    let path = attribute(&list, "table tbody a", "href");
    assert!(problems(&ada.post("/settings/groups/new", &fields))[0].contains("Forensics"), "the name is taken");
    assert_eq!(
        problems(&ada.post(&path, &[("name", "Forensics"), ("members", "99")])),
        ["Choose members from the list."]
    );
    assert_eq!(ada.post(&path, &[("name", "Disks"), ("description", "")]).status, 303);
    assert_eq!(texts(&ada.page("/settings/groups"), "table tbody td"), ["", "none"]);
    assert_eq!(ada.post(&format!("{path}/delete"), &[]).status, 303);
    assert_eq!(ada.get(&path).status, 404);
}

#[test]
fn nobody_but_administrators_manages_people() {
    let world = world();
    let page = page_of(&world.browser("ada"), "vic");
    for name in ["dana", "vic"] {
        let browser = world.browser(name);
        for path in ["/settings/people", "/settings/people/invite", "/settings/groups", "/settings/groups/new", &page] {
            assert_eq!(browser.get(path).status, 403, "{name} {path}");
        }
        let posts: [(String, &[(&str, &str)]); 8] = [
            ("/settings/people/invite".into(), &[("name", "x"), ("role", "administrator")]),
            ("/settings/people/withdraw".into(), &[("id", "1")]),
            ("/settings/groups/new".into(), &[("name", "x")]),
            (format!("{page}/role"), &[("role", "administrator")]),
            (format!("{page}/disabled"), &[("disabled", "yes")]),
            (format!("{page}/reset"), &[]),
            (format!("{page}/sessions"), &[]),
            (format!("{page}/hand-over"), &[("to", "dana")]),
        ];
        for (path, fields) in posts {
            assert_eq!(browser.post(&path, fields).status, 403, "{name} {path}");
        }
    }
    assert_eq!(sign_in(&world, "vic", PASSWORD), 303);
}

#[test]
fn what_is_done_to_people_is_in_the_audit_log_and_no_secret_is() {
    let world = world();
    let ada = world.browser("ada");
    let before = world.count("SELECT count(*) AS n FROM audit_log");
    let path = invite(&ada, "nadia", "lead");
    choose(&Browser::new(&world.base), &path, NEW_PASSWORD);
    sign_in(&world, "nadia", "a wrong password");
    sign_in(&world, "a password in the wrong field", "x");
    let page = page_of(&ada, "nadia");
    ada.post(&format!("{page}/role"), &[("role", "viewer")]);
    let entries = world.texts(&format!(
        "SELECT activity || ' ' || actor_name || ' ' || target_name AS text FROM audit_log WHERE id > {before} ORDER BY id"
    ));
    assert_eq!(
        entries,
        [
            "personInvited Ada Novak nadia",
            "invitationAccepted nadia nadia",
            "signedIn nadia nadia",
            "signInFailed Somebody nadia",
            "signInFailed Somebody ",
            "roleChanged Ada Novak nadia",
        ]
    );
    let all = world.texts("SELECT detail || coalesce(address, '') AS text FROM audit_log").join("\n");
    let secret = path.rsplit('/').next().unwrap();
    assert!(!all.contains(secret) && !all.contains(NEW_PASSWORD) && !all.contains("wrong field"));
    assert!(all.contains("127.0.0.1"));
}
