//! Falco events, also as Falcosidekick forwards them.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::kubernetes;
use crate::formats::building::path::{long_name_at, long_text_at, name_at, text_at, texts_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::severity_scales;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "falco",
    label: "Falco events",
    detect: |value| {
        let is_text = |key: &str| value.get(key).is_some_and(Value::is_string);
        let fields = value.get("output_fields").is_some_and(Value::is_object);
        is_text("rule") && (fields || is_text("output") && value.get("priority").is_some())
    },
    parse: parse_record,
    documentation: "https://falco.org/docs/concepts/outputs/ and https://falco.org/docs/reference/rules/supported-fields/",
    fields: Fields {
        title: "rule",
        id: "uuid",
        severity: "priority",
        times: "time, output_fields.evt.time",
        device: "hostname, output_fields.k8s.pod.name, output_fields.container.id",
        user: "output_fields.user.name, ka.user.name, ct.user, gcp.user",
        address: "output_fields.fd.name, ct.srcip, gcp.callerIP, ka.sourceips",
        file: "output_fields.fd.name",
        hash: "",
        process: "output_fields.proc.cmdline, proc.exepath, proc.pid",
        url: "",
        technique: "tags",
        category: "tags",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("falco", "Falco");
    draft.set_title(value, &["rule", "output"]);
    draft.set_id(value, &["uuid"]);
    draft.alert.description = long_text_at(value, &["output"]);
    let priority = text_at(value, &["priority"]);
    draft.set_severity(severity_scales::severity_of_text(&priority, severity_scales::severity_of_syslog), &priority);
    let tags = texts_at(value, "tags");
    draft.set_tactics(&tags);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&tags);
    draft.add_list_fact(value, "Tags", "tags");
    let at_time = time_at(value, &["time", "output_fields.evt.time"]);
    draft.set_times(at_time, at_time, at_time);
    let source = text_at(value, &["source"]);
    draft.add_fact("Event source", &source);
    draft.add_facts(value, FACTS);
    // System calls happen on Falco's host; events of cloud and cluster logs do not.
    let on_host = matches!(source.as_str(), "" | "syscall" | "syscalls");
    add_host_and_containers(&mut draft, value, on_host);
    add_accounts_and_addresses(&mut draft, value);
    if on_host {
        add_process(&mut draft, value);
    }
    draft.into_incoming(value)
}

/// Adds the device, which is the host, else the pod, else the container, and adds pod and container.
fn add_host_and_containers(draft: &mut Draft, value: &Value, on_host: bool) {
    let host = name_at(value, &["hostname", "output_fields.hostname", "output_fields.evt.hostname"]);
    let namespace = text_at(value, &["output_fields.k8s.ns.name", "output_fields.ka.target.namespace"]);
    let pod = text_at(value, &["output_fields.k8s.pod.name"]);
    let pod = if pod.is_empty() || namespace.is_empty() { pod } else { format!("{namespace}/{pod}") };
    let container = text_at(value, &["output_fields.container.id"]);
    let container = if container == "host" { String::new() } else { container };
    if on_host {
        let name = [&host, &pod, &container].into_iter().find(|name| !name.is_empty()).cloned();
        draft.add_evidence(Device { names: name.into_iter().collect(), ..Device::default() }.build(), &[]);
    } else {
        draft.add_fact("Sensor", &host);
    }
    draft.add_evidence(evidence_kinds::other("Pod", &pod, ""), &[]);
    let name = text_at(value, &["output_fields.container.name"]);
    if !container.is_empty() {
        draft.add_evidence(evidence_kinds::other("Container", &name, &container), &[]);
    }
    let target = text_at(value, &["output_fields.ka.target.name"]);
    if !target.is_empty() {
        let id = format!("{}/{namespace}/{target}", text_at(value, &["output_fields.ka.target.resource"]));
        draft.add_evidence(evidence_kinds::named_resource(EvidenceKind::CloudResource, &target, &[id]), &[]);
    }
    let bucket = text_at(
        value,
        &["output_fields.gcp.storage.bucket", "output_fields.s3.bucket", "output_fields.ct.request.bucketname"],
    );
    draft.add_evidence(
        evidence_kinds::named_resource(EvidenceKind::CloudResource, &bucket, std::slice::from_ref(&bucket)),
        &[],
    );
}

fn add_accounts_and_addresses(draft: &mut Draft, value: &Value) {
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
        draft.add_evidence(kubernetes::account(&name_at(value, &[&format!("output_fields.{field}")])), &[]);
    }
    for field in ["gcp.callerIP", "ct.srcip", "okta.client.ip", "al.principal.ip", "ka.sourceips", "fd.cip", "fd.rip"] {
        draft.add_ips_at(value, &format!("output_fields.{field}"), &["source"]);
    }
}

fn add_process(draft: &mut Draft, value: &Value) {
    let image =
        File { path: name_at(value, &["output_fields.proc.exepath", "output_fields.proc.name"]), ..File::default() };
    let command = long_name_at(value, &["output_fields.proc.cmdline"]);
    let mut evidence = evidence_kinds::process(&command, &image, &text_at(value, &["output_fields.proc.pid"]));
    if let Some(evidence) = &mut evidence {
        add_path_facts(&mut evidence.facts, value, PROCESS);
    }
    draft.add_evidence(evidence, &[]);
    let opened = text_at(value, &["output_fields.fd.name"]);
    if let Some((from, to)) = opened.split_once("->") {
        draft.add_ip(from, &["source"]);
        draft.add_ip(to, &["destination"]);
    } else if opened.starts_with('/') {
        draft.add_evidence(File { path: opened, ..File::default() }.build(), &[]);
    }
}

const PROCESS: &[FactField] = &[
    ("Parent", &["output_fields.proc.pname"]),
    ("Parent command line", &["output_fields.proc.pcmdline"]),
    ("User", &["output_fields.user.name"]),
];

const FACTS: &[FactField] = &[
    ("Container image", &["output_fields.container.image.repository"]),
    ("Image tag", &["output_fields.container.image.tag"]),
    ("Namespace", &["output_fields.k8s.ns.name", "output_fields.ka.target.namespace"]),
    ("Request", &["output_fields.ka.verb"]),
    ("Request URI", &["output_fields.ka.uri"]),
    ("Response", &["output_fields.ka.response.code"]),
    ("Project", &["output_fields.gcp.projectId"]),
    ("Event type", &["output_fields.evt.type"]),
];
