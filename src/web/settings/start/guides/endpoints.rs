//! Wazuh, CrowdStrike Falcon and Falco.

use crate::accounts::tokens::SentIn;
use crate::web::settings::start::guide::{Guide, Step};

pub const WAZUH: Guide = Guide {
    slug: "wazuh",
    name: "Wazuh",
    how: "The integrator of the Wazuh manager calls a script for each alert; the script sends the alert as it is.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "On the manager, save this script as `/var/ossec/integrations/custom-watchdesk`.",
            code: r#"#!/bin/sh
# $1 is the file with the alert, $2 the API key, $3 the hook URL.
exec curl -sSf "$3" -H "Authorization: Bearer $2" -H "Content-Type: application/json" --data-binary @"$1"
"#,
        },
        Step {
            text: "Let Wazuh run it:",
            code: "chown root:wazuh /var/ossec/integrations/custom-watchdesk\nchmod 750 /var/ossec/integrations/custom-watchdesk",
        },
        Step {
            text: "In `/var/ossec/etc/ossec.conf`, inside of `<ossec_config>`, add this. Alerts below the level are not sent; 7 \
                   is a good beginning.",
            code: "<integration>\n  <name>custom-watchdesk</name>\n  <hook_url>{address}</hook_url>\n  \
                   <api_key>{token}</api_key>\n  <level>7</level>\n  <alert_format>json</alert_format>\n</integration>",
        },
        Step {
            text: "Restart the manager. In a cluster, do all of this on every node.",
            code: "systemctl restart wazuh-manager",
        },
    ],
    formats: &["wazuh"],
    sample: r#"{"id":"watchdesk-test.1","timestamp":"{now}","rule":{"level":10,"id":"5712","description":"sshd: brute force trying to get access to the system.","groups":["syslog","sshd","authentication_failures"],"mitre":{"id":["T1110"],"tactic":["Credential Access"],"technique":["Brute Force"]}},
    "agent":{"id":"001","name":"wazuh-test"},"manager":{"name":"wazuh-manager"},"decoder":{"name":"sshd"},
    "data":{"srcip":"203.0.113.11","srcuser":"wazuh.test"},"location":"/var/log/auth.log"}"#,
};

pub const CROWDSTRIKE: Guide = Guide {
    slug: "crowdstrike",
    name: "CrowdStrike Falcon",
    how: "A small script reads new and changed alerts from the Alerts API every few minutes and sends them on as they are.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In the Falcon console, open `API clients and keys`, `Create API client`, and give it the scope `Alerts: \
                   Read`. Note the client ID, the secret and the base URL that it shows.",
            code: "",
        },
        Step {
            text: "Save this script as `/usr/local/bin/falcon-to-watchdesk`, fill in the first three lines, and make it \
                   readable and executable for its user alone. It needs curl and jq.",
            code: r#"#!/bin/sh -eu
CLOUD=https://api.crowdstrike.com
CLIENT=your-client-id
SECRET=your-client-secret

SINCE=$(date -u -d '15 minutes ago' +%Y-%m-%dT%H:%M:%SZ)
FALCON=$(curl -sSf "$CLOUD/oauth2/token" -d "client_id=$CLIENT" --data-urlencode "client_secret=$SECRET" | jq -r .access_token)
IDS=$(curl -sSf -G "$CLOUD/alerts/queries/alerts/v2" -H "Authorization: Bearer $FALCON" \
  -d limit=1000 --data-urlencode "filter=updated_timestamp:>'$SINCE'" | jq -c '{composite_ids: .resources}')
[ "$IDS" = '{"composite_ids":[]}' ] && exit 0
curl -sSf "$CLOUD/alerts/entities/alerts/v2" -H "Authorization: Bearer $FALCON" \
  -H "Content-Type: application/json" -d "$IDS" |
  curl -sSf "{address}" -H "Authorization: Bearer {token}" -H "Content-Type: application/json" --data-binary @-
"#,
        },
        Step {
            text: "Run it every five minutes, for example with cron. The times overlap on purpose: an alert that comes again \
                   is updated, never doubled.",
            code: "*/5 * * * * /usr/local/bin/falcon-to-watchdesk >/dev/null",
        },
    ],
    formats: &["crowdStrikeFalcon", "crowdStrikeDetections", "crowdStrikeStream"],
    sample: r#"{"composite_id":"test:ind:watchdesk:1","cid":"test","aggregate_id":"aggind:watchdesk-test","display_name":"MaliciousScriptExecution",
    "description":"A script ran that resembles known malware.","severity_name":"High","severity":70,"status":"new",
    "timestamp":"{now}","created_timestamp":"{now}","updated_timestamp":"{now}","tactic":"Execution","technique":"PowerShell",
    "technique_id":"T1059.001","device":{"device_id":"watchdesk-test","hostname":"FALCON-TEST"},"user_name":"falcon.test"}"#,
};

pub const FALCO: Guide = Guide {
    slug: "falco",
    name: "Falco",
    how: "Falco sends each event by its HTTP output. It sets no header, so the token stands in the address.",
    sent_in: SentIn::Address,
    steps: &[
        Step {
            text: "In `/etc/falco/falco.yaml`, set:",
            code: "json_output: true\njson_include_output_property: true\njson_include_tags_property: true\nhttp_output:\n  \
                   enabled: true\n  url: \"{address}\"",
        },
        Step {
            text: "Restart Falco: with systemd, the unit is named after the driver, such as `falco-modern-bpf`.",
            code: "systemctl restart falco-modern-bpf",
        },
    ],
    formats: &["falco"],
    sample: r#"{"uuid":"watchdesk-test-falco","time":"{now}","hostname":"falco-test","rule":"Terminal shell in container","priority":"Notice",
    "source":"syscall","output":"A shell was spawned in a container with an attached terminal","tags":["container","shell","mitre_execution","T1059"],
    "output_fields":{"container.id":"0123456789ab","proc.cmdline":"bash","user.name":"root"}}"#,
};
