//! POST /incidents/merge: a person merges incidents, chooses what stays, and undoes it (R11).

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Answer, Browser, World, alert, world};

/// Three incidents: one of Dana's, one of Omar's with a tag and a comment, one of nobody's.
fn three(world: &World) {
    let on = |title: &str, device: &str| alert(title).device(&format!("{device}.contoso.test")).json();
    world.ingest(&[on("Phish", "a"), on("Beacon", "b"), on("Theft", "c")]);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    dana.post("/incidents/1", &[("name", "Payroll phishing"), ("assigned_to", "dana")]);
    omar.post(
        "/incidents/2",
        &[
            ("assigned_to", "omar"),
            ("tags", "VIP"),
            ("classification", "truePositive:phishing"),
            ("status", "inProgress"),
        ],
    );
    omar.post("/incidents/2/comments", &[("body", "Seen in the proxy log")]);
}

const ALL: [(&str, &str); 3] = [("ids", "1"), ("ids", "2"), ("ids", "3")];

fn merge(world: &World, more: &[(&str, &str)]) -> Answer {
    let mut fields = ALL.to_vec();
    fields.extend(more);
    world.browser("dana").post("/incidents/merge", &fields)
}

/// Where the newest act on incident 1 is undone.
fn newest_undo(browser: &Browser) -> String {
    attribute(&browser.page("/incidents/1/history"), ".entry form.undo", "action")
}

/// How many entries incident 1 has of merges into it, undone or not.
fn merges(browser: &Browser) -> usize {
    browser.history(1).iter().filter(|entry| entry.contains("merged into this one")).count()
}

#[test]
fn the_form_asks_which_survives_and_what_to_keep_where_they_differ() {
    let world = world();
    three(&world);
    let form = merge(&world, &[("act", "choose")]);
    assert_eq!(form.status, 200);
    let page = form.html();
    assert_eq!(text(&page, "h1"), "Merge 3 incidents");
    assert_eq!(select(&page, "input[name=kept]").len(), 3);
    assert_eq!(texts(&page, "#g-owner option"), ["Dana Reyes", "Omar Haddad", "Unassigned"]);
    assert_eq!(texts(&page, "#g-classification option"), ["Not set", "True positive - Phishing"]);
    assert_eq!(texts(&page, "#g-classification option[selected]"), ["True positive - Phishing"]);
    let same = world.browser("dana").post("/incidents/merge", &[("ids", "1"), ("ids", "1")]);
    assert_eq!(same.status, 422);
    assert!(same.text().contains("Select at least two incidents"), "{}", same.text());
}

#[test]
fn a_merge_brings_everything_along_and_one_undo_gives_it_all_back() {
    let world = world();
    three(&world);
    let dana = world.browser("dana");
    let facts = |id: i64| {
        let page = dana.page(&format!("/incidents/{id}"));
        let mut facts =
            [".head-facts .status", ".head-facts [data-live=owner]", "[data-live=classification]", "h1", ".big"]
                .map(|place| text(&page, place))
                .to_vec();
        facts.extend(texts(&page, ".head-facts .tag"));
        facts
    };
    let before = [1, 2, 3].map(facts);
    let chosen = [
        ("act", "merge"),
        ("kept", "1"),
        ("owner", "omar"),
        ("classification", "truePositive:phishing"),
        ("comment", "One mail"),
    ];
    let mut fields = ALL.to_vec();
    fields.extend(chosen);
    let answer = dana.post("/incidents/merge", &fields);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents/1"), "{}", answer.text());
    let page = dana.page("/incidents/1");
    assert_eq!(text(&page, "[data-flash] p"), "2 incidents were merged into this one.");
    let undo = attribute(&page, "[data-flash] form", "action");
    assert_eq!(
        facts(1),
        ["Active", "Omar Haddad", "True positive - Phishing", "Payroll phishing", "3/3 active alerts", "VIP"]
    );
    assert_eq!([1, 2, 3].map(|alert| dana.alert_owner(alert)), ["Omar Haddad", "Omar Haddad", "Omar Haddad"]);
    let history = dana.history(1).join(" | ");
    assert!(
        history.contains("Incident 2 (Beacon on one endpoint) and incident 3 (Theft on one endpoint) merged"),
        "{history}"
    );
    assert!(history.contains("merged into this one with 2 alerts. Comment: One mail"), "{history}");
    assert!(history.contains("from incident 2") && history.contains("from incident 3"), "{history}");
    assert_eq!((merges(&dana), history.matches("One mail").count()), (1, 1), "{history}");
    assert!(dana.history(2).join(" | ").contains("Merged into incident 1 with 1 alert. Comment: One mail"));
    assert_eq!(dana.get("/incidents/2").location, "/incidents/1");
    assert_eq!(texts(&dana.page("/incidents?status=redirected"), "tbody .tag-system"), ["Redirected", "Redirected"]);

    let answer = dana.post(&undo, &[]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents/2"), "{}", answer.text());
    assert_eq!(
        text(&dana.page("/incidents/2"), "[data-flash] p"),
        "The merge was undone. Incidents 2, 3 are restored."
    );
    assert_eq!([1, 2, 3].map(facts), before);
    assert_eq!([1, 2, 3].map(|alert| dana.alert_owner(alert)), ["Dana Reyes", "Omar Haddad", "Unassigned"]);
    assert!(!dana.history(1).join(" | ").contains("proxy log"));
    assert_eq!(dana.post(&undo, &[]).status, 422);
}

#[test]
fn undoing_a_merge_keeps_what_was_changed_since_and_says_so() {
    let world = world();
    three(&world);
    let answer = merge(&world, &[("act", "merge"), ("kept", "1"), ("owner", "omar"), ("classification", "unknown")]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let dana = world.browser("dana");
    let undo = newest_undo(&dana);
    dana.post("/incidents/1", &[("assigned_to", "ada")]);
    dana.post("/alerts/move", &[("alerts", "3"), ("new_incident", "1")]);
    let answer = dana.post(&undo, &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let said = dana.message_after(&answer);
    assert!(said.contains("Incident 2 is restored"), "{said}");
    assert!(said.contains("Incident 1 no longer has any of the alerts of incident 3"), "{said}");
    assert!(said.contains("Assigned to stays Ada Novak: Dana Reyes changed it since."), "{said}");
}

#[test]
fn missing_choices_and_changed_incidents_are_refused_with_what_was_typed_kept() {
    let world = world();
    three(&world);
    let answer = merge(&world, &[("act", "merge"), ("comment", "Typed")]);
    assert_eq!(answer.status, 422);
    let said = answer.text();
    assert!(
        said.contains("Choose which incident to keep.") && said.contains("The incidents have different owners"),
        "{said}"
    );
    assert_eq!(text(&answer.html(), "#g-comment"), "Typed");
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "3"), ("target", "2")]);
    let gone = merge(&world, &[("act", "merge"), ("kept", "1"), ("owner", "dana"), ("classification", "unknown")]);
    assert_eq!(gone.status, 422);
    assert!(gone.text().contains("Incident 3 was redirected to incident 2"), "{}", gone.text());
    assert_eq!(merges(&dana), 0);
}

#[test]
fn open_alerts_are_not_merged_into_a_resolved_incident() {
    let world = world();
    three(&world);
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("status", "resolved")]);
    let choice = [("act", "merge"), ("kept", "1"), ("owner", "dana"), ("classification", "unknown")];
    let answer = merge(&world, &choice);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Incident 1 is resolved"), "{}", answer.text());
}

#[test]
fn an_incident_page_offers_to_merge_with_one_found_by_name() {
    let world = world();
    three(&world);
    let dana = world.browser("dana");
    assert!(!select(&dana.page("/incidents/3"), "a[href='/incidents/3/merge']").is_empty());
    let page = dana.page("/incidents/3/merge");
    assert_eq!(text(&page, "h1"), "Merge incident 3 with another");
    let wrong = dana.post("/incidents/merge", &[("ids", "3"), ("target", "Nothing"), ("act", "choose")]);
    assert_eq!(wrong.status, 422);
    assert_eq!(attribute(&wrong.html(), "#g-target", "value"), "Nothing");
    let form = dana.post("/incidents/merge", &[("ids", "3"), ("target", "payroll phishing"), ("act", "choose")]);
    assert_eq!(text(&form.html(), "h1"), "Merge 2 incidents");
}

#[test]
fn r2_r3_the_chosen_owner_and_classification_apply_to_the_merged_alerts_until_the_undo() {
    let world = world();
    three(&world);
    let choice = [("act", "merge"), ("kept", "1"), ("owner", ""), ("classification", "truePositive:phishing")];
    let answer = merge(&world, &choice);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let dana = world.browser("dana");
    let of = |alert: i64| {
        let page = dana.page(&format!("/alerts/{alert}"));
        [".head-facts [data-live=owner]", "[data-live=classification]"].map(|place| text(&page, place))
    };
    for alert in 1..=3 {
        assert_eq!(of(alert), ["Unassigned", "True positive - Phishing"], "alert {alert}");
    }
    assert_eq!(dana.post(&newest_undo(&dana), &[]).status, 303);
    assert_eq!(of(1), ["Dana Reyes", "Not set"]);
    assert_eq!(of(2), ["Omar Haddad", "True positive - Phishing"]);
    assert_eq!(of(3), ["Unassigned", "Not set"]);
}

#[test]
fn a_merge_sent_twice_is_done_once() {
    let world = world();
    three(&world);
    let once = attribute(&merge(&world, &[("act", "choose")]).html(), "input[name=once]", "value");
    let choice =
        [("act", "merge"), ("kept", "1"), ("owner", "omar"), ("classification", "unknown"), ("once", once.as_str())];
    for _ in 0..2 {
        let answer = merge(&world, &choice);
        assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents/1"), "{}", answer.text());
    }
    let dana = world.browser("dana");
    let known = |operation: i64| dana.get(&format!("/operations/{operation}")).status;
    assert_eq!((known(3), known(4)), (200, 404), "two edits and one merge");
    assert_eq!(merges(&dana), 1);
    assert_eq!(dana.post(&newest_undo(&dana), &[]).status, 303);
    assert_eq!(merge(&world, &choice).status, 303, "what was undone is done again");
    assert_eq!(merges(&dana), 2);
}

#[test]
fn an_incident_without_alerts_survives_the_undo_of_its_merge() {
    let world = world();
    world.ingest(&[alert("Phish").device("a.contoso.test").json()]);
    let empty = serde_json::json!({"id": "924", "displayName": "Told without alerts", "severity": "high", "status": "active",
        "createdDateTime": "2026-11-01T10:00:00Z", "lastUpdateDateTime": "2026-11-01T10:00:00Z", "alerts": []});
    world.ingest(&[empty]);
    let dana = world.browser("dana");
    let incidents = dana.incidents();
    let found = incidents.iter().find(|incident| incident["displayName"] == "Told without alerts");
    let kept = found.unwrap()["id"].to_string();
    let choice = [("ids", "1"), ("ids", kept.as_str()), ("act", "merge"), ("kept", kept.as_str())];
    let answer = dana.post("/incidents/merge", &choice);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    assert_eq!(dana.post(&undo, &[]).status, 303);
    assert_eq!(text(&dana.page(&format!("/incidents/{kept}")), "h1"), "Told without alerts");
    assert_eq!(dana.export("status=active&severity=all&range=all").len(), 2);
}

#[test]
fn a_merge_undone_in_part_can_be_undone_in_whole_later() {
    let world = world();
    three(&world);
    let choice = [("act", "merge"), ("kept", "1"), ("owner", "omar"), ("classification", "unknown")];
    assert_eq!(merge(&world, &choice).status, 303);
    let dana = world.browser("dana");
    let undo = newest_undo(&dana);
    let moved = dana.post("/alerts/move", &[("alerts", "3"), ("new_incident", "1")]);
    let undo_move = attribute(&dana.page(&moved.location), "[data-flash] form", "action");
    assert_eq!(dana.post(&undo, &[]).status, 303);
    assert_eq!(dana.post(&undo_move, &[]).status, 303);
    let answer = dana.post(&undo, &[]);
    let said = dana.message_after(&answer);
    assert!(said.contains("Incident 3 is restored"), "{said}");
    assert_eq!(dana.post(&undo, &[]).status, 422);
}

#[test]
fn undoing_a_merge_says_which_alerts_stay_elsewhere_and_restores_the_links_of_the_others() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(&format!("{device}.contoso.test")).json();
    world.ingest(&[on("Phish", "a"), on("Beacon", "b"), on("Theft", "b")]);
    let dana = world.browser("dana");
    let linked = |alert: i64| text(&dana.page(&format!("/alerts/{alert}")), "[data-live-reasons]");
    let sentence = |alert: i64| dana.page(&format!("/alerts/{alert}")).root_element().text().collect::<String>();
    let before = linked(2);
    assert!(sentence(2).contains("Opened this incident"), "{}", sentence(2));
    let choice = [("ids", "1"), ("ids", "2"), ("act", "merge"), ("kept", "1")];
    let answer = dana.post("/incidents/merge", &choice);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    dana.post("/alerts/move", &[("alerts", "3"), ("new_incident", "1")]);
    let answer = dana.post(&undo, &[]);
    let said = dana.message_after(&answer);
    assert!(said.contains("1 alert of incident 2 was moved again and stays where it is."), "{said}");
    assert_eq!(linked(2), before);
    assert!(sentence(2).contains("Opened this incident"), "{}", sentence(2));
}
