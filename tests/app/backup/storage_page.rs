//! GET /settings/storage: only for administrators.

use super::directions;
use crate::support::page::{fact, select, texts};
use crate::support::world;

#[test]
fn the_page_says_how_much_is_stored_in_which_database() {
    for (world, _) in directions() {
        let is_sqlite = world.database.text().starts_with("sqlite");
        let page = world.browser("ada").page("/settings/storage");
        assert_eq!(fact(&page, "Kind"), if is_sqlite { "SQLite" } else { "PostgreSQL" });
        assert!(fact(&page, "Size").ends_with('B'), "{}", fact(&page, "Size"));
        assert_eq!((fact(&page, "Incidents"), fact(&page, "Alerts")), ("2".to_owned(), "3".to_owned()));
        assert!(fact(&page, "Attached files").ends_with("bytes"));
        assert_eq!(fact(&page, "Last backup"), "none yet");
        assert_eq!(fact(&page, "Schedule"), "none");
        assert!(select(&page, "form[action='/settings/storage/back-up']").is_empty(), "there is no folder");
        assert_eq!(texts(&page, "nav[aria-label=Settings] a[aria-current=page]"), ["Storage"]);
    }
}

#[test]
fn only_administrators_see_it_and_begin_a_backup() {
    let world = world();
    for name in ["dana", "vic"] {
        let browser = world.browser(name);
        assert_eq!(browser.get("/settings/storage").status, 403);
        assert_eq!(browser.post("/settings/storage/back-up", &[]).status, 403);
        let tabs = texts(&browser.page("/settings/sources"), "nav[aria-label=Settings] a");
        assert!(!tabs.contains(&"Storage".to_owned()), "{tabs:?}");
    }
    let answer = world.browser("ada").post("/settings/storage/back-up", &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("no folder for backups"), "{}", answer.text());
}
