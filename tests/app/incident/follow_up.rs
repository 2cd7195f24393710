//! The date of coming back to an incident: set in the manage form and in bulk, and found by it.

use crate::support::bulk::edit_many;
use crate::support::page::{attribute, fact, queue_names, text, texts, value};
use crate::support::{Browser, world};

const DATE: &str = "2026-11-28";

fn date_in_form(browser: &Browser, incident: i64) -> String {
    value(&browser.page(&format!("/incidents/{incident}")), "#m-follow-up")
}

#[test]
fn a_date_is_set_told_in_the_history_and_undone() {
    let world = world();
    let id = world.incident("One");
    let (dana, path) = (world.browser("dana"), format!("/incidents/{id}"));
    assert_eq!(dana.post(&path, &[("follow_up_at", DATE)]).status, 303);
    let page = dana.page(&format!("{path}/summary"));
    assert_eq!(date_in_form(&dana, id), DATE);
    assert_eq!(fact(&page, "Follow up"), "Nov 28, 2026");
    let history = dana.page(&format!("{path}/history"));
    assert!(text(&history, ".entry").contains("Follow up: none → Nov 28, 2026"), "{}", text(&history, ".entry"));
    dana.post(&attribute(&history, ".entry form.undo", "action"), &[]);
    assert_eq!(date_in_form(&dana, id), "");
    assert!(dana.history(id)[0].contains("Undo. Follow up: Nov 28, 2026 → none"), "{:?}", dana.history(id));
}

#[test]
fn an_empty_field_takes_the_date_away_and_the_same_date_changes_nothing() {
    let world = world();
    let id = world.incident("One");
    let (dana, path) = (world.browser("dana"), format!("/incidents/{id}"));
    dana.post(&path, &[("follow_up_at", DATE)]);
    let entries = dana.history(id).len();
    dana.post(&path, &[("follow_up_at", DATE)]);
    assert_eq!(dana.history(id).len(), entries);
    dana.post(&path, &[("follow_up_at", "")]);
    assert_eq!(date_in_form(&dana, id), "");
}

#[test]
fn what_is_no_date_is_refused_at_its_field_and_kept() {
    let world = world();
    let id = world.incident("One");
    let (dana, path) = (world.browser("dana"), format!("/incidents/{id}"));
    for typed in ["tomorrow", "2026-02-30", "1969-12-31"] {
        let answer = dana.post(&path, &[("follow_up_at", typed), ("name", "Kept")]);
        assert_eq!(answer.status, 422, "{typed}");
        assert_eq!(text(&answer.html(), "#m-follow-up-error"), "Enter a date, such as 2026-11-28.");
        assert_eq!(value(&answer.html(), "#m-follow-up"), typed);
    }
    assert_ne!(text(&dana.page(&path), "h1"), "Kept", "nothing was changed");
}

#[test]
fn r13_a_date_that_somebody_set_meanwhile_is_shown_beside_the_one_typed() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, path) = (world.browser("dana"), world.browser("omar"), format!("/incidents/{id}"));
    let revision = dana.revision(&path);
    omar.post(&path, &[("follow_up_at", "2026-12-24")]);
    let answer = dana.post(&path, &[("revision", &revision), ("follow_up_at", DATE)]);
    assert_eq!(answer.status, 409);
    let page = answer.html();
    assert!(text(&page, ".clash").contains("Follow up: none → Dec 24, 2026"), "{}", text(&page, ".clash"));
    assert_eq!(value(&page, "#m-follow-up"), DATE);
    assert_eq!(date_in_form(&dana, id), "2026-12-24");
}

#[test]
fn a_date_is_set_and_cleared_in_bulk_and_undone() {
    let world = world();
    let ids = [world.incident("One"), world.incident("Two")].map(|id| id.to_string());
    let dana = world.browser("dana");
    let chosen: Vec<(String, String)> = ids.iter().map(|id| ("ids".to_owned(), id.clone())).collect();
    let dates = || dana.incidents().into_iter().map(|one| one["followUpDate"].clone()).collect::<Vec<_>>();
    let both = [("act", "save"), ("follow_up_at", DATE), ("clear_follow_up", "1")];
    let refused = edit_many(&dana, &chosen, &both);
    assert_eq!(refused.status, 422);
    assert_eq!(text(&refused.html(), "#b-follow-up-error"), "Choose a date or clear it, not both.");
    assert_eq!(edit_many(&dana, &chosen, &[("act", "save"), ("follow_up_at", DATE)]).status, 303);
    assert_eq!(dates(), [DATE, DATE]);
    assert_eq!(edit_many(&dana, &chosen, &[("act", "save"), ("clear_follow_up", "1")]).status, 303);
    assert!(dates().iter().all(serde_json::Value::is_null), "{:?}", dates());
    let history = dana.page("/incidents/1/history");
    dana.post(&attribute(&history, ".entry form.undo", "action"), &[]);
    assert_eq!(dates(), [DATE, DATE]);
}

#[test]
fn a_date_is_a_column_of_the_queue_and_of_the_csv_export_and_hides_nothing() {
    let world = world();
    let (due, later) = (world.incident("Due"), world.incident("Later"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{due}"), &[("follow_up_at", "2026-01-01")]);
    dana.post(&format!("/incidents/{later}"), &[("follow_up_at", "2999-01-01")]);
    let page = dana.page("/incidents?columns=followUp&sort=id");
    assert_eq!(queue_names(&page).len(), 2);
    assert_eq!(texts(&page, "td.col-follow-up"), ["Jan 1, 2026 due", "Jan 1, 2999"]);
    let csv = dana.get("/incidents.csv?columns=name,followUp&sort=id").text();
    assert!(
        csv.contains("Due involving one user,2026-01-01") && csv.contains("Later involving one user,2999-01-01"),
        "{csv}"
    );
    let due_only = dana.page("/incidents?followUp=due");
    assert_eq!(queue_names(&due_only), ["Due involving one user"]);
    assert!(text(&due_only, "main").contains("Follow up: Due"));
}
