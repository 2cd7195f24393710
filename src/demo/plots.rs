//! What can happen at Northwind Mutual, and to whom: the tables that the stories are made of.

/// One step of a story: title, category, technique, severity, source, detection source.
pub type Step = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

pub const MDE: &str = "microsoftDefenderForEndpoint";
pub const MDO: &str = "microsoftDefenderForOffice365";
const MDI: &str = "microsoftDefenderForIdentity";
const AAD: &str = "azureAdIdentityProtection";
const MDA: &str = "microsoftDefenderForCloudApps";
pub const SENTINEL: &str = "microsoftSentinel";

/// A plot: steps in order, on one to three devices and users.
pub struct Plot {
    pub steps: &'static [Step],
    pub devices: usize,
    pub users: usize,
    pub mailbox: bool,
}

const HANDS_ON: &[Step] = &[
    ("User clicked through a malicious link", "InitialAccess", "T1566.002", "medium", MDO, MDO),
    ("Suspicious PowerShell command line", "Execution", "T1059.001", "medium", MDE, MDE),
    ("Suspicious scheduled task", "Persistence", "T1053.005", "medium", MDE, MDE),
    ("Credential dumping from LSASS memory", "CredentialAccess", "T1003.001", "high", MDE, MDE),
    ("Suspicious remote service creation", "LateralMovement", "T1021.002", "high", MDI, MDI),
    (
        "Connection to a known command and control address",
        "CommandAndControl",
        "T1071.001",
        "high",
        SENTINEL,
        "scheduledAlerts",
    ),
];
const RANSOM: &[Step] = &[
    ("Suspicious sign-in to a VPN account", "InitialAccess", "T1078", "medium", AAD, AAD),
    ("Security software was tampered with", "DefenseEvasion", "T1562.001", "high", MDE, MDE),
    ("Volume shadow copies were deleted", "Impact", "T1490", "high", MDE, MDE),
    ("Ransomware behaviour in the file system", "Impact", "T1486", "high", MDE, "antivirus"),
];
const MAIL_FRAUD: &[Step] = &[
    ("Password spray against a user", "CredentialAccess", "T1110.003", "medium", AAD, AAD),
    ("Sign-in from an anonymous IP address", "InitialAccess", "T1078.004", "medium", AAD, AAD),
    ("Suspicious inbox forwarding rule", "Collection", "T1114.003", "medium", MDA, "cloudAppSecurity"),
    ("Mass download by a single user", "Exfiltration", "T1567", "high", MDA, "cloudAppSecurity"),
];
const MACRO: &[Step] = &[
    ("Office process started a script host", "Execution", "T1204.002", "medium", MDE, MDE),
    ("A script with suspicious content was observed", "Execution", "T1059.005", "medium", MDE, "antivirus"),
    ("Process injection into a system process", "DefenseEvasion", "T1055", "medium", MDE, MDE),
];
const RECON: &[Step] = &[
    ("Suspicious LDAP query", "Discovery", "T1087.002", "medium", MDI, MDI),
    ("Account enumeration reconnaissance", "Discovery", "T1087", "low", MDI, MDI),
    ("Kerberoasting attempt", "CredentialAccess", "T1558.003", "high", MDI, MDI),
];
const PHISH: &[Step] = &[
    (
        "Email messages containing a malicious URL were removed after delivery",
        "InitialAccess",
        "T1566.002",
        "informational",
        MDO,
        MDO,
    ),
    ("A potentially malicious URL click was detected", "InitialAccess", "T1566.002", "high", MDO, MDO),
];
const MALWARE: &[Step] = &[("'Wacatac' malware was prevented", "Malware", "T1204", "low", MDE, "antivirus")];
const UNWANTED: &[Step] =
    &[("An unwanted browser extension was installed", "UnwantedSoftware", "T1176", "low", MDE, "antivirus")];
const TRAVEL: &[Step] = &[("Atypical travel", "InitialAccess", "T1078.004", "medium", AAD, AAD)];
const ODD: &[Step] = &[("Anomalous token use", "SuspiciousActivity", "T1528", "low", AAD, AAD)];
const SCAN: &[Step] =
    &[("Port scan from inside the network", "Discovery", "T1046", "low", SENTINEL, "scheduledAlerts")];
const TUNNEL: &[Step] = &[
    ("DNS tunnelling to a young domain", "CommandAndControl", "T1071.004", "medium", SENTINEL, "nrtAlerts"),
    ("Unusual volume of outgoing data", "Exfiltration", "T1048", "medium", SENTINEL, "scheduledAlerts"),
];
const LOGONS: &[Step] =
    &[("Multiple failed logon attempts to an app", "CredentialAccess", "T1110", "low", MDA, "cloudAppSecurity")];

/// Every plot, and how often it happens.
pub const PLOTS: &[(Plot, usize)] = &[
    (Plot { steps: HANDS_ON, devices: 2, users: 2, mailbox: true }, 4),
    (Plot { steps: RANSOM, devices: 3, users: 1, mailbox: false }, 2),
    (Plot { steps: MAIL_FRAUD, devices: 0, users: 1, mailbox: true }, 5),
    (Plot { steps: MACRO, devices: 1, users: 1, mailbox: false }, 6),
    (Plot { steps: RECON, devices: 1, users: 1, mailbox: false }, 5),
    (Plot { steps: PHISH, devices: 0, users: 1, mailbox: true }, 7),
    (Plot { steps: MALWARE, devices: 1, users: 0, mailbox: false }, 8),
    (Plot { steps: UNWANTED, devices: 1, users: 1, mailbox: false }, 5),
    (Plot { steps: TRAVEL, devices: 0, users: 1, mailbox: false }, 6),
    (Plot { steps: ODD, devices: 0, users: 1, mailbox: false }, 4),
    (Plot { steps: SCAN, devices: 1, users: 0, mailbox: false }, 4),
    (Plot { steps: TUNNEL, devices: 1, users: 0, mailbox: false }, 4),
    (Plot { steps: LOGONS, devices: 0, users: 1, mailbox: false }, 4),
];

pub const PEOPLE: [&str; 24] = [
    "ana.silva",
    "ben.okoro",
    "carla.rossi",
    "deepak.nair",
    "elena.petrova",
    "farid.aziz",
    "grace.chen",
    "hugo.martin",
    "ines.costa",
    "jonas.berg",
    "kaya.demir",
    "liam.obrien",
    "maya.patel",
    "noor.hassan",
    "oskar.nowak",
    "paula.gomez",
    "quentin.dubois",
    "rosa.weber",
    "samir.khan",
    "tara.singh",
    "ugo.bianchi",
    "vera.ivanova",
    "wen.zhang",
    "yara.haddad",
];
pub const HOSTS: [&str; 16] = [
    "fin-lt-014",
    "fin-lt-022",
    "hr-lt-007",
    "eng-ws-031",
    "eng-ws-044",
    "sales-lt-101",
    "sales-lt-118",
    "ops-ws-003",
    "srv-file-01",
    "srv-sql-02",
    "srv-web-01",
    "srv-dc-01",
    "srv-build-04",
    "legal-lt-009",
    "claims-ws-201",
    "claims-ws-215",
];

#[cfg(test)]
mod tests {
    use super::PLOTS;
    use crate::model::techniques;

    #[test]
    fn every_technique_has_a_name() {
        for (title, _, technique, ..) in PLOTS.iter().flat_map(|(plot, _)| plot.steps) {
            assert!(techniques::name(technique).is_some(), "{title}: {technique}");
        }
    }
}
