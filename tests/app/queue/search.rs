//! GET /incidents?q=: searching, and text that must stay text.

use super::names;
use crate::support::{alert, world};

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
    for typed in ["überfall", "ÜBERFALL", "üb", "l äö"] {
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
    assert_eq!(dana.get("/incidents/targets?q=a%00").status, 200);
    assert_eq!(
        dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("resolving_note", "a\0b")]).status,
        303
    );
    assert_eq!(
        crate::support::Browser::new(&world.base).post("/login", &[("name", "a\0"), ("password", "b\0")]).status,
        422
    );
}

#[test]
fn one_or_two_letters_find_the_names_that_begin_with_them() {
    let world = world();
    let id = world.incident("One");
    world.browser("dana").post(&format!("/incidents/{id}"), &[("name", "Zqualified")]);
    world.ingest(&[
        alert("Two").device("zq-01.contoso.test").json(),
        alert("Three").device("web-zq.contoso.test").user("zq@contoso.test").json(),
        alert("Four").device("web-02.contoso.test").with("description", "zq").json(),
    ]);
    let found = |query: &str| {
        let mut found = names(&world, query);
        found.sort();
        found.iter().map(|name| name.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("q=zq"), ["Three", "Two", "Zqualified"]);
    assert_eq!(found("q=z"), ["Three", "Two", "Zqualified"]);
    assert_eq!(found("q=ZQ-"), ["Two"], "three characters are found anywhere");
    assert_eq!(found("device=zq"), ["Two"]);
    assert_eq!(found("device=zq&device=we"), ["Four", "Three", "Two"]);
    assert_eq!(found("entity=zq"), ["Three", "Two"]);
    assert_eq!(found("device=-zq"), ["Three"]);
}

#[test]
fn signs_alone_find_only_a_name_that_is_nothing_else() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{one}"), &[("name", "100% ~ _ sure")]);
    dana.post(&format!("/incidents/{two}"), &[("name", "~")]);
    assert_eq!(names(&world, "q=~"), ["~"]);
    for query in ["q=%25", "q=_", "q=%25%25%25%25", "entity=~", "device=%25%25%25"] {
        assert!(names(&world, query).is_empty(), "{query}");
    }
    assert_eq!(names(&world, "q=100%25+~"), ["100% ~ _ sure"]);
}
