//! Maps the words of providers to the words that Graph uses today.

/// Lower case without blanks and punctuation, for comparing spellings.
pub(crate) fn normalized(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `NoThreatsFound` as Graph writes it: `noThreatsFound`.
pub(crate) fn camel_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `initialAccess` and `Initial access` as `InitialAccess`; empty for words that mean "not known".
pub(crate) fn category_name(text: &str) -> String {
    if is_unknown(text) {
        return String::new();
    }
    text.split(|c: char| !c.is_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars)
        })
        .collect()
}

/// The category of a finding about a weakness, for the words of many tools: it is no step of an attack.
pub(crate) fn weakness_category(text: &str) -> Option<&'static str> {
    match normalized(text).as_str() {
        "vulnerability"
        | "vulnerabilities"
        | "vulnerabilityfinding"
        | "vulnerabilitymanagement"
        | "vulnerabilityscan"
        | "cve" => Some("Vulnerability"),
        "compliance" | "misconfiguration" | "misconfigurations" | "configurationassessment" | "benchmark" => {
            Some("Compliance")
        }
        _ => None,
    }
}

/// Whether a text is empty or a word that means "not known".
pub(crate) fn is_unknown(text: &str) -> bool {
    matches!(
        normalized(text).as_str(),
        "" | "unknown" | "none" | "null" | "notavailable" | "unspecified" | "unknownfuturevalue"
    )
}

/// "new", "inProgress" or "resolved"; any other word is new, so that somebody looks at it.
pub(crate) fn alert_status(text: &str) -> &'static str {
    match normalized(text).as_str() {
        "inprogress" => "inProgress",
        "resolved" | "dismissed" | "closed" => "resolved",
        _ => "new",
    }
}

/// "active", "inProgress", "resolved" or "redirected".
pub(crate) fn incident_status(text: &str) -> &'static str {
    match normalized(text).as_str() {
        "inprogress" | "awaitingaction" => "inProgress",
        "resolved" | "closed" => "resolved",
        "redirected" => "redirected",
        _ => "active",
    }
}

/// Classification and determination as Graph has them today.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub classification: &'static str,
    pub determination: &'static str,
    /// A classification that Watchdesk does not know; it becomes a fact.
    pub unknown_classification: Option<String>,
    /// A determination that is unknown or does not belong to the classification; it becomes a fact.
    pub unknown_determination: Option<String>,
}

/// Reads both together, because a determination belongs to a classification.
pub(crate) fn parse_assessment(classification: &str, determination: &str) -> Assessment {
    let known_class = known_classification(classification);
    let class = known_class.unwrap_or("unknown");
    let known = known_determination(determination).filter(|found| goes_with(class, found));
    Assessment {
        classification: class,
        determination: known.unwrap_or("unknown"),
        unknown_classification: unrecognized(known_class, classification),
        unknown_determination: unrecognized(known, determination),
    }
}

fn unrecognized(known: Option<&str>, given: &str) -> Option<String> {
    (known.is_none() && !is_unknown(given)).then(|| given.to_owned())
}

fn known_classification(text: &str) -> Option<&'static str> {
    match normalized(text).as_str() {
        "truepositive" => Some("truePositive"),
        "falsepositive" => Some("falsePositive"),
        "informationalexpectedactivity" | "benignpositive" => Some("informationalExpectedActivity"),
        _ => None,
    }
}

fn known_determination(text: &str) -> Option<&'static str> {
    Some(match normalized(text).as_str() {
        "apt" | "multistagedattack" => "multiStagedAttack",
        "malicioususeractivity" => "maliciousUserActivity",
        "compromiseduser" | "compromisedaccount" => "compromisedAccount",
        "malware" => "malware",
        "phishing" => "phishing",
        "unwantedsoftware" => "unwantedSoftware",
        "securitypersonnel" | "securitytesting" => "securityTesting",
        "lineofbusinessapplication" => "lineOfBusinessApplication",
        "confirmeduseractivity" | "confirmedactivity" => "confirmedActivity",
        "clean" | "notmalicious" => "notMalicious",
        "insufficientdata" | "noenoughdatatovalidate" | "notenoughdatatovalidate" => "notEnoughDataToValidate",
        "other" => "other",
        _ => return None,
    })
}

fn goes_with(classification: &str, determination: &str) -> bool {
    match classification {
        "truePositive" => matches!(
            determination,
            "multiStagedAttack"
                | "maliciousUserActivity"
                | "compromisedAccount"
                | "malware"
                | "phishing"
                | "unwantedSoftware"
                | "other"
        ),
        "informationalExpectedActivity" => {
            matches!(determination, "securityTesting" | "lineOfBusinessApplication" | "confirmedActivity" | "other")
        }
        "falsePositive" => matches!(determination, "notMalicious" | "notEnoughDataToValidate" | "other"),
        _ => false,
    }
}

/// Graph's service source, or an adapter's source, for the names that providers and products go by.
pub(crate) fn service_source(text: &str) -> Option<&'static str> {
    let name = normalized(text);
    if text.starts_with("ASI ") {
        return Some("microsoftSentinel");
    }
    Some(match name.as_str() {
        "mdatp"
        | "microsoftdefenderatp"
        | "microsoftdefenderadvancedthreatprotection"
        | "microsoftdefenderforendpoint"
        | "windowsdefenderatp" => "microsoftDefenderForEndpoint",
        "oatp" | "office365advancedthreatprotection" | "officeatp" | "microsoftdefenderforoffice365" => {
            "microsoftDefenderForOffice365"
        }
        "ipc"
        | "azureactivedirectoryidentityprotection"
        | "aadidentityprotection"
        | "azureadidentityprotection"
        | "microsoftentraidprotection" => "azureAdIdentityProtection",
        "aatp" | "azureadvancedthreatprotection" | "azureatp" | "microsoftdefenderforidentity" => {
            "microsoftDefenderForIdentity"
        }
        "mcas" | "microsoftcloudappsecurity" | "cloudappsecurity" | "microsoftdefenderforcloudapps" => {
            "microsoftDefenderForCloudApps"
        }
        "microsoftthreatprotection" | "mtp" | "microsoft365defender" | "microsoftdefenderxdr" => "microsoft365Defender",
        "azuresecuritycenter" | "microsoftdefenderforcloud" => "microsoftDefenderForCloud",
        "azuresentinel" | "microsoftsentinel" => "microsoftSentinel",
        "microsoftappgovernance" => "microsoftAppGovernance",
        "datalossprevention" | "microsoftdatalossprevention" => "dataLossPrevention",
        "microsoftinsiderriskmanagement" => "microsoftInsiderRiskManagement",
        "microsoftthreatintelligence" => "microsoftThreatIntelligence",
        "guardduty" | "amazonguardduty" | "awsguardduty" => "guardDuty",
        "inspector" | "inspector2" | "amazoninspector" | "awsinspector" => "amazonInspector",
        "cortexxdr" | "paloaltocortexxdr" | "paloaltonetworkscortexxdr" => "cortexXdr",
        "aminer" => "aminer",
        "microsoftguide" => "guide",
        "securityhub" | "awssecurityhub" | "awssecurityhubcspm" => "awsSecurityHub",
        "securitycommandcenter" | "googlesecuritycommandcenter" => "googleSecurityCommandCenter",
        "falcon" | "crowdstrikefalcon" => "crowdStrikeFalcon",
        "carbonblackedr" => "carbonBlackEdr",
        "sophosxdr" => "sophosXdr",
        "esetprotect" => "esetProtect",
        "ibmqradar" | "ibmqradarsiem" => "qradar",
        "splunkenterprisesecurity" | "splunkenterprise" => "splunk",
        _ => return None,
    })
}

/// Graph's detection source for the names of older formats.
pub(crate) fn detection_source(text: &str) -> Option<&'static str> {
    Some(match normalized(text).as_str() {
        "windowsdefenderav" | "antivirus" => "antivirus",
        "edr" => "microsoftDefenderForEndpoint",
        "windowsdefendersmartscreen" | "smartscreen" => "smartScreen",
        "customti" => "customTi",
        "customdetection" => "customDetection",
        "automatedinvestigation" => "automatedInvestigation",
        "microsoftthreatexperts" | "threatexperts" => "microsoftThreatExperts",
        "mcas" | "cloudappsecurity" | "microsoftcloudappsecurity" => "cloudAppSecurity",
        "dlp" | "datalossprevention" => "microsoftDataLossPrevention",
        "manual" => "manual",
        "scheduledalerts" => "scheduledAlerts",
        "nrtalerts" => "nrtAlerts",
        _ => return service_source(text),
    })
}

/// Separates ATT&CK technique ids, in upper case and without repeats, from other texts.
pub(crate) fn split_techniques(given: &[String], max: usize) -> (Vec<String>, Vec<String>) {
    let (mut ids, mut others) = (Vec::new(), Vec::new());
    for text in given {
        let word = text.split([' ', ':']).next().unwrap_or_default();
        let id = word.to_ascii_uppercase();
        let target = if is_technique(&id) { &mut ids } else { &mut others };
        let text = if is_technique(&id) { id } else { text.clone() };
        if !target.contains(&text) && target.len() < max {
            target.push(text);
        }
    }
    (ids, others)
}

pub(super) fn is_technique(text: &str) -> bool {
    let Some(number) = text.strip_prefix('T') else {
        return false;
    };
    let (main, sub) = number.split_once('.').unwrap_or((number, "000"));
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    digits(main, 4) && digits(sub, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_pascal_case() {
        for text in ["Initial access", "initialAccess", "InitialAccess", "initial-access "] {
            assert_eq!(category_name(text).to_lowercase(), "initialaccess");
        }
        assert_eq!(category_name("Command and control"), "CommandAndControl");
        assert_eq!(category_name("None"), "");
        assert_eq!(category_name("Unknown"), "");
    }

    #[test]
    fn a_determination_needs_its_classification() {
        let old = parse_assessment("TruePositive", "Apt");
        assert_eq!(old.determination, "multiStagedAttack");
        let expected = parse_assessment("BenignPositive", "SecurityPersonnel");
        assert_eq!(expected.classification, "informationalExpectedActivity");
        assert_eq!(expected.determination, "securityTesting");
        let odd = parse_assessment("FalsePositive", "Malware");
        assert_eq!(odd.determination, "unknown");
        assert_eq!(odd.unknown_determination.as_deref(), Some("Malware"));
        let nothing = parse_assessment("", "NotAvailable");
        assert_eq!(nothing.classification, "unknown");
        assert_eq!(nothing.unknown_determination, None);
    }

    #[test]
    fn only_technique_ids_are_techniques() {
        let given = ["t1566.002", "T1059: Scripting", "TA0001", "T1566.002"].map(str::to_owned);
        let (ids, others) = split_techniques(&given, 100);
        assert_eq!(ids, ["T1566.002", "T1059"]);
        assert_eq!(others, ["TA0001"]);
    }
}
