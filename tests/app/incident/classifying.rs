//! Classification and determination, and the alerts that follow (R3).

use crate::support::page::{attribute, fact, texts};
use crate::support::{alert, world};

#[test]
fn r3_classifying_also_classifies_alerts_without_a_classification_of_their_own() {
    let world = world();
    let id = world.ingest(&[
        alert("One").device("web-01.contoso.example").json(),
        alert("Two").device("web-01.contoso.example").json(),
    ])[0];
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("classification", "falsePositive:notMalicious")]);
    dana.post(&format!("/incidents/{id}"), &[("classification", "truePositive:phishing")]);
    assert_eq!(fact(&dana.page(&format!("/incidents/{id}/summary")), "Classification"), "True positive - Phishing");
    assert_eq!(fact(&dana.page("/alerts/1"), "Classification"), "False positive - Not malicious");
    assert_eq!(fact(&dana.page("/alerts/2"), "Classification"), "True positive - Phishing");
    assert!(dana.history(id)[0].contains("Classification: Not set → True positive - Phishing"));
}

#[test]
fn a_determination_that_does_not_go_with_its_classification_is_refused_at_the_field() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    let answer = dana.post(&path, &[("classification", "falsePositive"), ("determination", "phishing")]);
    assert_eq!(answer.status, 422);
    let problem = texts(&answer.html(), "#m-classification-error");
    assert_eq!(problem, ["The determination \"Phishing\" does not match \"False positive\"."]);
    assert_eq!(fact(&dana.page(&format!("{path}/summary")), "Classification"), "Not set");
}

#[test]
fn classification_and_determination_may_be_posted_as_one_field_or_two() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("classification", "truePositive"), ("determination", "malware")]);
    assert_eq!(attribute(&dana.page(&path), "#m-classification option[selected]", "value"), "truePositive:malware");
    dana.post(&path, &[("classification", "unknown")]);
    assert_eq!(attribute(&dana.page(&path), "#m-classification option[selected]", "value"), "unknown");
}

#[test]
fn the_choices_are_grouped_as_in_defender() {
    let world = world();
    let id = world.incident("One");
    let page = world.browser("dana").page(&format!("/incidents/{id}/pane"));
    let groups: Vec<String> = crate::support::page::select(&page, "#m-classification optgroup")
        .iter()
        .map(|group| group.value().attr("label").unwrap().to_owned())
        .collect();
    assert_eq!(groups, ["True positive", "Informational, expected activity", "False positive"]);
    assert!(texts(&page, "#m-classification option").contains(&"True positive - Multistage attack".to_owned()));
}
