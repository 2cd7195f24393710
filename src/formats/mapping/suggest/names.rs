//! The names that vendors give to fields, for suggesting a mapping.

/// For each field the names that vendors give it, best first; compared without case and
/// punctuation, as the end of the path ("rule.name" is `rulename`).
pub(super) const ALERT: &[(&str, &[&str])] = &[
    (
        "title",
        &[
            "alertname",
            "rulename",
            "ruleinfoname",
            "title",
            "alerttitle",
            "detectionname",
            "signaturename",
            "threatname",
            "ruledescription",
            "signature",
            "eventname",
            "summary",
            "headline",
            "rule",
            "name",
            "message",
            "msg",
        ],
    ),
    (
        "severity",
        &[
            "severity",
            "severityname",
            "alertseverity",
            "level",
            "rulelevel",
            "priority",
            "criticality",
            "risklevel",
            "urgency",
            "riskscore",
            "score",
        ],
    ),
    ("id", &["alertid", "detectionid", "eventid", "uuid", "guid", "findingid", "uid", "id"]),
    ("serviceSource", &["productname", "product", "vendorproduct", "sensortype"]),
    (
        "firstActivity",
        &[
            "firstseen",
            "firstactivity",
            "firstactivitydatetime",
            "starttime",
            "timestamp",
            "eventtime",
            "detectedat",
            "detectiontime",
            "occurredat",
            "createdat",
            "createdtime",
            "createddatetime",
            "created",
            "datetime",
            "time",
            "date",
            "ts",
            "when",
        ],
    ),
    ("lastActivity", &["lastseen", "lastactivity", "lastactivitydatetime", "endtime"]),
    (
        "category",
        &[
            "tactic",
            "tactics",
            "tacticname",
            "mitretactic",
            "killchainphase",
            "category",
            "alertcategory",
            "classification",
        ],
    ),
    (
        "techniques",
        &["techniqueid", "techniqueids", "mitretechnique", "mitretechniques", "techniques", "technique", "mitreid"],
    ),
    ("description", &["description", "details", "detail", "longdescription", "reason"]),
    ("status", &["alertstatus", "status", "state"]),
    ("recommendedActions", &["recommendedactions", "recommendation", "remediation", "mitigation"]),
];

/// Fields of which one is enough.
pub(super) const TIMES: [&str; 3] = ["firstActivity", "lastActivity", "created"];

/// The names for evidence: kind, field, names.
pub(super) const EVIDENCE: &[(&str, &[(&str, &[&str])])] = &[
    (
        "device",
        &[(
            "name",
            &[
                "fqdn",
                "dnsname",
                "hostname",
                "devicename",
                "computername",
                "machinename",
                "endpointname",
                "agentname",
                "assetname",
                "hostfqdn",
                "host",
                "device",
                "computer",
                "machine",
                "endpoint",
                "workstation",
            ],
        )],
    ),
    (
        "user",
        &[
            (
                "name",
                &[
                    "userprincipalname",
                    "upn",
                    "username",
                    "accountname",
                    "loginname",
                    "targetuser",
                    "srcuser",
                    "dstuser",
                    "useremail",
                    "user",
                    "account",
                    "login",
                    "actor",
                ],
            ),
            ("domain", &["userdomain", "accountdomain"]),
        ],
    ),
    (
        "ip",
        &[(
            "address",
            &[
                "sourceip",
                "srcip",
                "sourceaddress",
                "srcaddr",
                "clientip",
                "remoteip",
                "attackerip",
                "destinationip",
                "destip",
                "dstip",
                "ipaddress",
                "ip",
            ],
        )],
    ),
    (
        "file",
        &[
            ("name", &["filename"]),
            ("path", &["filepath", "targetpath"]),
            ("hash", &["sha256", "filesha256", "filehash", "sha1", "md5"]),
        ],
    ),
    (
        "process",
        &[
            ("commandLine", &["commandline", "processcommandline", "cmdline", "cmd"]),
            ("imagePath", &["processpath", "imagepath", "processexecutable", "image"]),
        ],
    ),
    ("url", &[("url", &["url", "uri", "requesturl"])]),
];

/// Names that only count in members of the alert itself.
pub(super) const AMBIGUOUS: [&str; 7] = ["name", "id", "uid", "message", "msg", "score", "status"];
/// Members that hold the alert itself.
pub(super) const ALERT_MEMBERS: [&str; 12] = [
    "alert",
    "alertinfo",
    "event",
    "finding",
    "findinginfo",
    "detection",
    "notice",
    "incident",
    "rule",
    "data",
    "header",
    "offense",
];
/// Members whose hosts and paths are not of the device, but of what was visited or opened.
pub(super) const OTHER_OWNERS: [&str; 6] = ["http", "url", "dns", "tls", "file", "server"];
