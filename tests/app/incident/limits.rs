//! Forms that hold more than anybody types are refused before the database is asked to write.

use crate::support::page::{select, text};
use crate::support::product::Tx;
use crate::support::{Answer, Browser, World, world};

/// The names with values that somebody posts who wants the server to be busy.
fn many(name: &'static str) -> Vec<(&'static str, String)> {
    (0..40_000).map(|n| (name, n.to_string())).collect()
}

fn post(browser: &Browser, path: &str, fields: &[(&str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &fields)
}

/// Does something while another transaction holds every incident.
fn while_somebody_writes<T>(world: &World, mut act: impl FnMut() -> T) -> T {
    let hold = |tx: &mut Tx<'_>| {
        use diesel::RunQueryDsl as _;
        diesel::sql_query("UPDATE incidents SET revision = revision").execute(tx.conn)?;
        Ok(act())
    };
    world.db.write_now(hold).unwrap()
}

#[test]
fn a_form_of_40_000_tags_is_refused_at_the_field_while_a_colleague_writes() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let mut fields = many("tags");
    fields.push(("resolving_note", "Kept text".to_owned()));
    fields.push(("status", "resolved".to_owned()));
    let answer = while_somebody_writes(&world, || post(&dana, &format!("/incidents/{id}"), &fields));
    assert_eq!(answer.status, 422, "{}", answer.text());
    let page = answer.html();
    assert!(text(&page, ".manage").contains("You can enter at most 100 tags at once."), "{}", text(&page, ".manage"));
    assert!(answer.body.contains("Kept text"), "what was typed elsewhere is kept");
    assert!(answer.body.len() < 200_000);
    let one_text = (0..40_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let answer = while_somebody_writes(&world, || dana.post(&format!("/incidents/{id}"), &[("tags", &one_text)]));
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Enter at most 4,000 characters."));
    assert!(select(&dana.page(&format!("/incidents/{id}")), ".head-facts .tag").is_empty());
}

#[test]
fn every_form_that_takes_numbers_refuses_40_000_of_them() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    for (path, name, said) in [
        ("/alerts/move", "alerts", "You can select at most 1,000 alerts at once."),
        ("/alerts/move", "from", "You can select at most 1,000 alerts at once."),
        ("/incidents/bulk", "ids", "You can select at most 1,000 one by one. Use a filter for more."),
        ("/incidents/merge", "ids", "You can select at most 1,000 one by one. Use a filter for more."),
        ("/incidents/columns", "columns", "A field can have at most 50 values."),
        ("/incidents/views", "anything", "A field can have at most 50 values."),
    ] {
        for act in ["", "preview", "choose"] {
            let mut fields = many(name);
            fields.push(("act", act.to_owned()));
            let answer = while_somebody_writes(&world, || post(&dana, path, &fields));
            assert_eq!(answer.status, 422, "{path} {name} {act}");
            assert!(answer.text().contains(said), "{path} {name} {act}: {}", answer.text());
        }
    }
    let query = (1..5_000).map(|n| format!("&alerts={n}")).collect::<Vec<_>>().concat();
    assert_eq!(dana.get(&format!("/incidents/{id}/move?x=1{query}")).status, 422);
}

#[test]
fn a_form_with_more_values_than_any_has_is_refused() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let fields: Vec<(String, String)> = (0..40_000).map(|n| (format!("n{n}"), String::new())).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = dana.post(&format!("/incidents/{id}"), &fields);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("A form can have at most 12,000 values."), "{}", answer.text());
}
