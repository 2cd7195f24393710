//! Suricata.

use crate::accounts::tokens::SentIn;
use crate::web::settings::start::guide::{Guide, Step};

pub const SURICATA: Guide = Guide {
    slug: "suricata",
    name: "Suricata",
    how: "Suricata writes alerts to eve.json. A forwarder on the sensor follows the file and sends them; this page shows \
          Vector, and any other that sends one JSON object a line works as well.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In `suricata.yaml`, make sure that `eve-log` is enabled with the type `alert`. This is the default.",
            code: "outputs:\n  - eve-log:\n      enabled: yes\n      filetype: regular\n      filename: eve.json\n      types:\n        - alert",
        },
        Step {
            text: "Install Vector on the sensor and save this as `/etc/vector/watchdesk.yaml`. Other events than alerts stay on \
                   the sensor.",
            code: r#"sources:
  eve:
    type: file
    include: [/var/log/suricata/eve.json]
transforms:
  alerts:
    type: filter
    inputs: [eve]
    condition: 'contains(string!(.message), "\"event_type\":\"alert\"")'
sinks:
  watchdesk:
    type: http
    inputs: [alerts]
    uri: "{address}"
    method: post
    encoding: { codec: text }
    framing: { method: newline_delimited }
    auth: { strategy: bearer, token: "{token}" }
"#,
        },
        Step {
            text: "Let Vector read the log (its user needs the group of the file), and start it.",
            code: "vector validate /etc/vector/watchdesk.yaml\nvector --config /etc/vector/watchdesk.yaml",
        },
    ],
    formats: &["suricata"],
    sample: r#"{"timestamp":"{now}","flow_id":1234567890,"event_type":"alert","src_ip":"10.0.0.12","src_port":49152,
    "dest_ip":"203.0.113.12","dest_port":443,"proto":"TCP","in_iface":"eth0","alert":{"action":"allowed","gid":1,
    "signature_id":2024897,"rev":3,"signature":"ET MALWARE Observed Command and Control Traffic","category":"Malware Command and Control Activity Detected","severity":1}}"#,
};
