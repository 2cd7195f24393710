//! GET /incidents?q=: searching, and text that must stay text.

use super::names;
use crate::support::world;

#[test]
fn sql_in_search_and_sort_is_only_text() {
    let world = world();
    world.incident("One");
    for query in ["q='%20OR%201=1--", "q=%25", "q=_", "q=%5C", "sort=id;drop%20table%20incidents", "after=x'y"] {
        let answer = world.browser("dana").get(&format!("/incidents?{query}"));
        assert_eq!(answer.status, 200, "{query}");
    }
    assert_eq!(names(&world, "q=%25").len(), 0, "a wildcard is a character");
    assert_eq!(names(&world, "").len(), 1);
}

#[test]
fn search_ignores_case_in_every_alphabet() {
    let world = world();
    let id = world.incident("One");
    world.browser("dana").post(&format!("/incidents/{id}"), &[("name", "Überfall ÄÖ")]);
    for typed in ["überfall", "ÜBERFALL", "äö"] {
        let query: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        assert_eq!(names(&world, &format!("q={query}")), ["Überfall ÄÖ"], "{typed}");
    }
}

#[test]
fn a_nul_character_anywhere_is_no_error() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    for name in ["q", "tag", "device", "user", "entity", "category", "product", "assignedTo"] {
        assert_eq!(dana.get(&format!("/incidents?{name}=a%00b")).status, 200, "{name}");
    }
    assert_eq!(dana.get("/alerts?q=%00").status, 200);
    assert_eq!(dana.get("/incidents/suggest?q=a%00").status, 200);
    assert_eq!(
        dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("resolving_note", "a\0b")]).status,
        303
    );
    assert_eq!(
        crate::support::Browser::new(&world.base).post("/login", &[("name", "a\0"), ("password", "b\0")]).status,
        422
    );
}
