//! Falco events, also as Falcosidekick passes them on.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::Row;
use crate::formats::building::path::{has, prose, say, say_max, when, words};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::folded;
use crate::formats::building::{attack, kubernetes};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::Incoming;
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "falco",
    label: "Falco events",
    detect: |value| {
        let text = |key: &str| value.get(key).is_some_and(Value::is_string);
        text("rule") && text("priority") && has(value, &["output", "output_fields"])
    },
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("falco", "Falco");
    draft.title(value, &["rule", "output"]);
    draft.identify(value, &["uuid"]);
    draft.alert.description = prose(value, &["output"]);
    grade(&mut draft, &say(value, &["priority"]));
    let tags = words(value, "tags");
    draft.tactics(&tags);
    draft.category_else("SuspiciousActivity");
    draft.techniques(&tags);
    draft.list(value, "Tags", "tags");
    let at_time = when(value, &["time", "output_fields.evt.time"]);
    draft.seen(at_time, at_time, at_time);
    let source = say(value, &["source"]);
    draft.fact("Event source", &source);
    draft.rows(value, FACTS);
    // Only system calls happen where Falco runs; cloud and cluster logs are merely read there.
    let on_host = matches!(source.as_str(), "" | "syscall" | "syscalls");
    add_places(&mut draft, value, on_host);
    add_people(&mut draft, value);
    if on_host {
        add_process(&mut draft, value);
    }
    draft.finish(value)
}

fn grade(draft: &mut Draft, priority: &str) {
    let known = match folded(priority).as_str() {
        "emergency" | "alert" | "critical" => Severity::High,
        "error" | "warning" => Severity::Medium,
        "notice" => Severity::Low,
        "informational" | "info" | "debug" => Severity::Informational,
        _ => attack::severity(priority).0,
    };
    draft.alert.severity = known;
    draft.fact("Severity in the source", if priority.is_empty() { "not given" } else { priority });
}

/// The host, else the pod, else the container: the first that is known is the device.
fn add_places(draft: &mut Draft, value: &Value, on_host: bool) {
    let host = say(value, &["hostname", "output_fields.hostname", "output_fields.evt.hostname"]);
    let namespace = say(value, &["output_fields.k8s.ns.name", "output_fields.ka.target.namespace"]);
    let pod = say(value, &["output_fields.k8s.pod.name"]);
    let pod = if pod.is_empty() || namespace.is_empty() { pod } else { format!("{namespace}/{pod}") };
    let container = say(value, &["output_fields.container.id"]);
    let container = if container == "host" { String::new() } else { container };
    if on_host {
        let name = [&host, &pod, &container].into_iter().find(|name| !name.is_empty()).cloned();
        draft.add(Device { names: name.into_iter().collect(), ..Device::default() }.build(), &[]);
    } else {
        draft.fact("Sensor", &host);
    }
    draft.add(evidence_kinds::other("Pod", &pod, ""), &[]);
    let name = say(value, &["output_fields.container.name"]);
    if !container.is_empty() {
        draft.add(evidence_kinds::other("Container", &name, &container), &[]);
    }
    let target = say(value, &["output_fields.ka.target.name"]);
    if !target.is_empty() {
        let id = format!("{}/{namespace}/{target}", say(value, &["output_fields.ka.target.resource"]));
        draft.add(evidence_kinds::named(EvidenceKind::CloudResource, &target, &[id]), &[]);
    }
    let bucket = say(
        value,
        &["output_fields.gcp.storage.bucket", "output_fields.s3.bucket", "output_fields.ct.request.bucketname"],
    );
    draft.add(evidence_kinds::named(EvidenceKind::CloudResource, &bucket, std::slice::from_ref(&bucket)), &[]);
}

fn add_people(draft: &mut Draft, value: &Value) {
    let fields = [
        "user.name",
        "ka.user.name",
        "gcp.user",
        "ct.user",
        "okta.actor.alternateid",
        "okta.actor.name",
        "github.user",
        "al.principal.email",
    ];
    for field in fields {
        draft.add(kubernetes::user(&say(value, &[&format!("output_fields.{field}")])), &[]);
    }
    for field in ["gcp.callerIP", "ct.srcip", "okta.client.ip", "al.principal.ip", "ka.sourceips", "fd.cip", "fd.rip"] {
        draft.add_ips(value, &format!("output_fields.{field}"), &["source"]);
    }
}

fn add_process(draft: &mut Draft, value: &Value) {
    let image =
        File { path: say(value, &["output_fields.proc.exepath", "output_fields.proc.name"]), ..File::default() };
    let command = say_max(value, &["output_fields.proc.cmdline"], LONG_MAX);
    let mut made = evidence_kinds::process(&command, &image, &say(value, &["output_fields.proc.pid"]));
    if let Some(made) = &mut made {
        crate::formats::building::facts::add_facts_at(&mut made.facts, value, PROCESS);
    }
    draft.add(made, &[]);
    let opened = say(value, &["output_fields.fd.name"]);
    if let Some((from, to)) = opened.split_once("->") {
        draft.add_ip(from, &["source"]);
        draft.add_ip(to, &["destination"]);
    } else if opened.starts_with('/') {
        draft.add(File { path: opened, ..File::default() }.build(), &[]);
    }
}

const PROCESS: &[Row] = &[
    ("Parent", &["output_fields.proc.pname"]),
    ("Parent command line", &["output_fields.proc.pcmdline"]),
    ("User", &["output_fields.user.name"]),
];

const FACTS: &[Row] = &[
    ("Container image", &["output_fields.container.image.repository"]),
    ("Image tag", &["output_fields.container.image.tag"]),
    ("Namespace", &["output_fields.k8s.ns.name", "output_fields.ka.target.namespace"]),
    ("Request", &["output_fields.ka.verb"]),
    ("Request URI", &["output_fields.ka.uri"]),
    ("Response", &["output_fields.ka.response.code"]),
    ("Project", &["output_fields.gcp.projectId"]),
    ("Event type", &["output_fields.evt.type"]),
];
