//! Elastic Security, Amazon GuardDuty, Splunk, and any other webhook.

use crate::accounts::tokens::SentIn;
use crate::web::settings::start::guide::{Guide, Step};

pub const ELASTIC: Guide = Guide {
    slug: "elastic",
    name: "Elastic Security",
    how: "A webhook connector of Kibana sends the alerts of each detection rule. Webhook connectors need a paid \
          subscription (Gold or higher) or Elastic Cloud.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In Kibana, open `Stack Management`, `Connectors`, `Create connector`, `Webhook`. Choose the method `POST`, \
                   this URL, and no authentication.",
            code: "{address}",
        },
        Step {
            text: "Add the HTTP header `Content-Type` with `application/json`, and the header `Authorization` with:",
            code: "Bearer {token}",
        },
        Step {
            text: "If Kibana restricts where connectors may send (`xpack.actions.allowedHosts` in `kibana.yml`), add the host \
                   of this server.",
            code: "",
        },
        Step {
            text: "In each detection rule, open `Actions`, choose the connector, `Summary of alerts` and `Per rule run`, and \
                   use this body. It needs Kibana 8.8 or later. Several rules at once: `Bulk actions`, `Add rule actions`.",
            code: "{\"alerts\": {{{context.alerts.asJSON}}}}",
        },
    ],
    formats: &["elastic", "kibanaConnector"],
    sample: r#"{"@timestamp":"{now}","kibana.alert.uuid":"watchdesk-test-elastic","kibana.alert.rule.name":"Unusual parent process",
    "kibana.alert.severity":"medium","kibana.alert.original_time":"{now}","kibana.alert.workflow_status":"open","event.kind":"signal",
    "host":{"name":"elastic-test"},"user":{"name":"elastic.test"},"process":{"name":"cmd.exe","command_line":"cmd.exe /c whoami"}}"#,
};

pub const GUARD_DUTY: Guide = Guide {
    slug: "guardduty",
    name: "AWS GuardDuty",
    how: "Amazon EventBridge receives every finding and sends it to an API destination. It sends to https addresses only.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In EventBridge, open `API destinations`, `Create API destination`. Choose the method `POST` and this endpoint.",
            code: "{address}",
        },
        Step {
            text: "Let it create a connection with the authorization type `API key`, the key name `X-Api-Key`, and this value.",
            code: "{token}",
        },
        Step {
            text: "Open `Rules`, `Create rule` on the default event bus, with this event pattern, and the API destination as \
                   target. Send the matched event as it is, without an input transformer.",
            code: "{\n  \"source\": [\"aws.guardduty\"],\n  \"detail-type\": [\"GuardDuty Finding\"]\n}",
        },
        Step {
            text: "EventBridge rules work in one Region. Repeat this in each Region in which GuardDuty is on. To try it, open \
                   GuardDuty, `Settings`, `Generate sample findings`.",
            code: "",
        },
    ],
    formats: &["guardDuty"],
    sample: r#"{"version":"0","id":"watchdesk-test","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"123456789012",
    "time":"{now}","region":"eu-central-1","detail":{"schemaVersion":"2.0","accountId":"123456789012","region":"eu-central-1",
    "id":"watchdesk-test-guardduty","type":"UnauthorizedAccess:EC2/SSHBruteForce","title":"SSH brute force attacks against i-0123456789abcdef0.",
    "severity":5,"createdAt":"{now}","updatedAt":"{now}","resource":{"resourceType":"Instance","instanceDetails":{"instanceId":"i-0123456789abcdef0"}},
    "service":{"serviceName":"guardduty","eventFirstSeen":"{now}","eventLastSeen":"{now}","archived":false,"count":1,
    "action":{"actionType":"NETWORK_CONNECTION","networkConnectionAction":{"remoteIpDetails":{"ipAddressV4":"203.0.113.13"}}}}}}"#,
};

pub const SPLUNK: Guide = Guide {
    slug: "splunk",
    name: "Splunk",
    how: "The webhook action of alerts sends a result row of the search. It sets no header, so the token stands in the address.",
    sent_in: SentIn::Address,
    steps: &[
        Step {
            text: "Splunk 9 and later sends to allowed addresses only. In `$SPLUNK_HOME/etc/system/local/alert_actions.conf`, add \
                   this, and restart Splunk. In Splunk Cloud, the allow list is under `Server settings`.",
            code: "[webhook]\nallowlist.watchdesk = ^{host}/.*$",
        },
        Step {
            text: "Open the alert, `Edit`, `Edit alert`. Choose `Trigger: For each result`, since the webhook sends one row only. \
                   Under `Trigger Actions` add `Webhook` with this URL.",
            code: "{address}",
        },
        Step {
            text: "Let the search return the fields that Watchdesk reads, for example:",
            code: "... | table _time, severity, dest, user, src_ip, process, file_hash, url",
        },
        Step {
            text: "In Enterprise Security, the same action can be added to correlation searches; their notables are read, too.",
            code: "",
        },
    ],
    formats: &["splunk"],
    sample: r#"{"sid":"scheduler__admin__search__watchdesk_test","search_name":"Many failed logins","app":"search","owner":"admin",
    "results_link":"https://splunk.example/app/search/@go?sid=watchdesk_test","result":{"_time":"{now}","severity":"medium",
    "dest":"splunk-test","user":"splunk.test","src_ip":"203.0.113.14","count":"42"}}"#,
};

pub const WEBHOOK: Guide = Guide {
    slug: "webhook",
    name: "Any webhook",
    how: "Whatever sends JSON by HTTP can send alerts: one object, a list, or one object a line. Formats of some fifty products \
          are detected, and a mapping reads any other.",
    sent_in: SentIn::Header,
    steps: &[
        Step { text: "Send alerts with `POST` to this address.", code: "{address}" },
        Step {
            text: "Send the token in one of these headers. HTTP Basic works as well, with any user name and the token as password.",
            code: "Authorization: Bearer {token}\nX-Api-Key: {token}",
        },
        Step {
            text: "A sender that can set no header needs a token that is sent in the address: under `Tokens`, `New token`, choose \
                   `In the address`.",
            code: "",
        },
        Step {
            text: "If you write the sender yourself, write alerts of Microsoft Graph as in the test below. If the product is not \
                   known, send a record, look at it under `Rejected alerts`, and make a mapping under `Mappings`.",
            code: "",
        },
    ],
    formats: &["graph"],
    sample: r##"{"id":"watchdesk-test-webhook","title":"Suspicious sign-in","severity":"medium","category":"InitialAccess",
    "serviceSource":"myProduct","createdDateTime":"{now}","evidence":[
    {"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"webhook.test@contoso.example"}},
    {"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"203.0.113.15"}]}"##,
};
