//! Microsoft Defender XDR and Microsoft Sentinel.

use crate::accounts::tokens::SentIn;
use crate::web::settings::start::guide::{Guide, Step};

pub const DEFENDER: Guide = Guide {
    slug: "defender",
    name: "Microsoft Defender XDR",
    how: "Defender XDR has no webhook. A small script reads new and changed alerts from Microsoft Graph every few \
          minutes and sends them on as they are. If Defender XDR is connected to Microsoft Sentinel, the page of Sentinel \
          is the shorter way.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In the Microsoft Entra admin center, open `App registrations`, `New registration`. Under `API \
                   permissions` add the application permission `SecurityAlert.Read.All` of Microsoft Graph and grant admin \
                   consent. Under `Certificates & secrets` add a client secret.",
            code: "",
        },
        Step {
            text: "Save this script as `/usr/local/bin/defender-to-watchdesk`, fill in the first three lines, and make it \
                   readable and executable for its user alone. It needs curl and jq.",
            code: r#"#!/bin/sh -eu
TENANT=your-tenant-id
CLIENT=your-application-id
SECRET=your-client-secret

SINCE=$(date -u -d '15 minutes ago' +%Y-%m-%dT%H:%M:%SZ)
GRAPH=$(curl -sSf "https://login.microsoftonline.com/$TENANT/oauth2/v2.0/token" \
  -d grant_type=client_credentials -d "client_id=$CLIENT" --data-urlencode "client_secret=$SECRET" \
  -d scope=https://graph.microsoft.com/.default | jq -r .access_token)
NEXT="https://graph.microsoft.com/v1.0/security/alerts_v2?\$filter=lastUpdateDateTime%20ge%20$SINCE"
while [ -n "$NEXT" ]; do
  PAGE=$(curl -sSf "$NEXT" -H "Authorization: Bearer $GRAPH")
  printf '%s' "$PAGE" | curl -sSf "{address}" \
    -H "Authorization: Bearer {token}" -H "Content-Type: application/json" --data-binary @-
  NEXT=$(printf '%s' "$PAGE" | jq -r '."@odata.nextLink" // empty')
done
"#,
        },
        Step {
            text: "Run it every five minutes, for example with cron. The times overlap on purpose: an alert that comes again \
                   is updated, never doubled.",
            code: "*/5 * * * * /usr/local/bin/defender-to-watchdesk >/dev/null",
        },
    ],
    formats: &["graph", "graphIncident", "defenderXdr"],
    sample: r##"{"id":"watchdesk-test-defender","title":"Suspicious PowerShell command line","severity":"medium","status":"new",
    "category":"Execution","serviceSource":"microsoftDefenderForEndpoint","detectionSource":"microsoftDefenderForEndpoint",
    "createdDateTime":"{now}","firstActivityDateTime":"{now}","lastActivityDateTime":"{now}","mitreTechniques":["T1059.001"],
    "evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","deviceDnsName":"defender-test.contoso.example"}]}"##,
};

pub const SENTINEL: Guide = Guide {
    slug: "sentinel",
    name: "Microsoft Sentinel",
    how: "An automation rule runs a playbook for each incident. The playbook, a Logic App, sends the incident with its alerts \
          and entities.",
    sent_in: SentIn::Header,
    steps: &[
        Step {
            text: "In Sentinel, open `Automation`, `Create`, `Playbook with incident trigger`, and make the Logic App.",
            code: "",
        },
        Step {
            text: "In its designer add the action `HTTP` after the trigger, with the method `POST` and this URI.",
            code: "{address}",
        },
        Step {
            text: "Add the header `Content-Type` with `application/json`, and `Authorization` with:",
            code: "Bearer {token}",
        },
        Step {
            text: "As `Body`, insert this expression: the incident as the trigger brings it.",
            code: "triggerBody()?['object']",
        },
        Step {
            text: "Turn on `Secure inputs` in the settings of the action, so that run histories do not show the token.",
            code: "",
        },
        Step {
            text: "Open `Automation`, `Create`, `Automation rule`. Choose `When incident is created` as trigger and `Run \
                   playbook` as action. Make a second rule with `When incident is updated`, so that changes come, too.",
            code: "",
        },
    ],
    formats: &["sentinelIncident", "sentinel"],
    sample: r#"{"name":"watchdesk-test-sentinel","type":"Microsoft.SecurityInsights/Incidents","properties":{
    "title":"Sign-ins from a new country","severity":"Medium","status":"New","incidentNumber":1,
    "createdTimeUtc":"{now}","lastModifiedTimeUtc":"{now}","alerts":[{"name":"watchdesk-test-sentinel-1","properties":{
    "systemAlertId":"watchdesk-test-sentinel-1","productName":"Azure Sentinel","vendorName":"Microsoft","alertDisplayName":"Sign-ins from a new country","severity":"Medium",
    "startTimeUtc":"{now}","endTimeUtc":"{now}","timeGenerated":"{now}","tactics":["InitialAccess"]}}],
    "relatedEntities":[{"kind":"Account","properties":{"accountName":"sentinel.test","upnSuffix":"contoso.example"}}]}}"#,
};
