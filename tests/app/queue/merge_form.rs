//! POST /incidents/merge: what the form says of the incidents, and where it leads afterwards.

use crate::support::page::{attribute, text, texts};
use crate::support::{alert, world};

#[test]
fn the_form_says_what_each_incident_has_in_common_with_the_others() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(device).user(&format!("{title}@contoso.example")).json();
    world.ingest(&[on("phish", "a.contoso.test"), on("theft", "b.contoso.test"), on("beacon", "a.contoso.test")]);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "3"), ("new_incident", "1")]);
    let in_common = |ids: &[&str]| {
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("ids", *id)).collect();
        fields.push(("act", "choose"));
        texts(&dana.post("/incidents/merge", &fields).html(), ".check .target-shared")
    };
    assert_eq!(in_common(&["1", "2"]), ["No asset in common", "No asset in common"]);
    assert_eq!(in_common(&["1", "3"]), ["1 asset in common", "1 asset in common"]);
    assert_eq!(in_common(&["1", "2", "3"]), ["1 asset in common", "No asset in common", "1 asset in common"]);
    let page = dana.post("/incidents/merge", &[("ids", "1"), ("ids", "2"), ("act", "choose")]).html();
    assert!(texts(&page, ".check .mini-facts").iter().all(|facts| !facts.contains(" to ")), "one time, shown once");
}

#[test]
fn a_merge_begun_in_the_queue_stays_there_and_one_begun_on_a_page_goes_to_the_kept_incident() {
    let world = world();
    let on = |n: i64| alert(&format!("Lone {n}")).device(&format!("d-{n}.contoso.test")).json();
    world.ingest(&(1..=6).map(on).collect::<Vec<_>>());
    let dana = world.browser("dana");
    let merge = |kept: &str, gone: &str, back: &str| {
        let fields = [("ids", kept), ("ids", gone), ("act", "merge"), ("kept", kept), ("return_to", back)];
        let answer = dana.post("/incidents/merge", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let page = dana.page(&answer.location);
        (answer.location, text(&page, "[data-flash] p"), attribute(&page, "[data-flash] a", "href"))
    };
    let queue = "/incidents?sort=id&pane=2".to_owned();
    let (at, said, link) = merge("1", "2", &queue);
    assert_eq!(at, "/incidents?sort=id&pane=1", "the pane of an incident that is gone shows the kept one");
    assert_eq!((said.as_str(), link.as_str()), ("1 incident was merged into incident 1.", "/incidents/1"));
    let answer = dana.post(
        "/incidents/merge",
        &[("ids", "3"), ("ids", "4"), ("act", "merge"), ("kept", "3"), ("return_to", "/incidents/4")],
    );
    assert_eq!(answer.location, "/incidents/3");
    assert_eq!(text(&dana.page("/incidents/3"), "[data-flash] p"), "1 incident was merged into this one.");
    let evil = [("ids", "5"), ("ids", "6"), ("act", "merge"), ("kept", "5"), ("return_to", "//evil.example/")];
    assert_eq!(dana.post("/incidents/merge", &evil).location, "/incidents/5");
}

#[test]
fn without_another_incident_the_form_of_a_page_says_what_to_do() {
    let world = world();
    world.incident("One");
    let answer = world.browser("dana").post("/incidents/merge", &[("ids", "1"), ("target", ""), ("act", "choose")]);
    assert_eq!(answer.status, 422);
    assert_eq!(text(&answer.html(), "#g-target-error"), "Choose an incident, or enter its name or ID.");
}
