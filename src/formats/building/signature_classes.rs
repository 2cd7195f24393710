//! What the class types of Suricata's and Snort's `classification.config` say about the stage of an attack.

use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::terms::normalized;

/// A class that says only that something was attempted, or that happens on any day, is a hint.
const CLASSES: [(&[&str], CategoryReading, &str); 21] = [
    (&["detectionofanetworkscan", "networkscan"], Hint("Reconnaissance"), "T1595"),
    (&["attemptedinformationleak", "attemptedrecon"], Hint("Reconnaissance"), ""),
    (
        &["largescaleinformationleak", "informationleak", "successfulreconlimited", "successfulreconlargescale"],
        Clear("Reconnaissance"),
        "",
    ),
    (&["deviceretrievingexternalipaddressdetected", "externalipcheck"], Hint("Discovery"), "T1016"),
    (&["decodeofanrpcquery", "rpcportmapdecode"], Hint("Discovery"), "T1046"),
    (&["executablecodewasdetected", "shellcodedetect"], Hint("Execution"), ""),
    (
        &[
            "anetworktrojanwasdetected",
            "anetworktrojanwasactivitydetected",
            "trojanactivity",
            "targetedmaliciousactivitywasdetected",
            "targetedactivity",
            "knownmaliciousfileorfilebasedexploit",
            "fileformat",
            "asuspiciousfilenamewasdetected",
            "suspiciousfilenamedetect",
        ],
        Clear("Malware"),
        "",
    ),
    (
        &[
            "malwarecommandandcontrolactivitydetected",
            "commandandcontrol",
            "knownmalwarecommandandcontroltraffic",
            "malwarecnc",
            "domainobservedusedforc2detected",
            "domainc2",
        ],
        Clear("CommandAndControl"),
        "T1071",
    ),
    (
        &[
            "attemptedadministratorprivilegegain",
            "attemptedadmin",
            "attempteduserprivilegegain",
            "unsuccessfuluserprivilegegain",
            "attempteduser",
            "unsuccessfuluser",
        ],
        Hint("PrivilegeEscalation"),
        "",
    ),
    (
        &["successfuladministratorprivilegegain", "successfuladmin", "successfuluserprivilegegain", "successfuluser"],
        Clear("PrivilegeEscalation"),
        "",
    ),
    (&["webapplicationattack"], Clear("InitialAccess"), "T1190"),
    (&["webapplicationactivity", "accesstoapotentiallyvulnerablewebapplication"], Hint("InitialAccess"), ""),
    (
        &["exploitkitactivitydetected", "exploitkit", "knownclientsideexploitattempt", "clientsideexploit"],
        Clear("InitialAccess"),
        "T1189",
    ),
    (&["socialengineering", "possiblesocialengineeringattempted"], Clear("InitialAccess"), "T1566"),
    (&["attempteddenialofservice", "attempteddos"], Hint("Impact"), "T1499"),
    (&["denialofservice", "successfuldos"], Clear("Impact"), "T1499"),
    (&["denialofserviceattack", "detectionofadenialofserviceattack"], Clear("Impact"), "T1498"),
    (
        &["crypocurrencyminingactivitydetected", "cryptocurrencyminingactivitydetected", "coinmining"],
        Clear("Impact"),
        "T1496",
    ),
    (
        &[
            "attempttologinbyadefaultusernameandpassword",
            "defaultloginattempt",
            "suspiciouslogin",
            "anattemptedloginusingasuspicioususernamewasdetected",
        ],
        Hint("CredentialAccess"),
        "T1110",
    ),
    (&["successfulcredentialtheftdetected", "credentialtheft"], Clear("CredentialAccess"), ""),
    (&["possiblyunwantedprogramdetected", "pupactivity"], Clear("UnwantedSoftware"), ""),
];

/// Category and technique of a class type, by its long or short name; the technique is empty where the class is
/// too wide for one. Classes that say no more than that something is suspicious have none.
pub(super) fn meaning_of_class(class: &str) -> Option<(CategoryReading, &'static str)> {
    let class = normalized(class);
    let (_, category, technique) = CLASSES.iter().find(|(names, ..)| names.contains(&class.as_str()))?;
    Some((*category, *technique))
}
