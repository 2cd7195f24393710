//! Samples of cloud services and identity providers.

use serde_json::json;

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [security_hub(), google_scc(), okta()].into_iter().flatten().collect()
}

fn security_hub() -> Vec<Case> {
    vec![
        case(
            "awsSecurityHub",
            json!({"detail-type": "Security Hub Findings - Imported", "source": "aws.securityhub", "detail": {"findings": [{
                "SchemaVersion": "2018-10-08", "Id": "arn:aws:guardduty:eu-central-1:111122223333:detector/d1/finding/f1",
                "ProductArn": "arn:aws:securityhub:eu-central-1::product/aws/guardduty", "ProductName": "GuardDuty", "AwsAccountId": "111122223333",
                "Types": ["TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS"],
                "FirstObservedAt": "2025-03-01T10:00:00Z", "LastObservedAt": "2025-03-01T11:00:00Z", "CreatedAt": "2025-03-01T10:05:00Z", "UpdatedAt": "2025-03-01T11:05:00Z",
                "Severity": {"Label": "HIGH", "Normalized": 70}, "Title": "An instance asked for a C&C domain",
                "ProductFields": {"aws/guardduty/service/count": "3", "aws/guardduty/service/action/dnsRequestAction/domain": "c2.example"},
                "Resources": [
                    {"Type": "AwsAccount", "Id": "AWS::::Account:111122223333"},
                    {"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc12", "Details": {"AwsEc2Instance": {"IpV4Addresses": ["10.0.3.9"], "VpcId": "vpc-1"}}},
                    {"Type": "AwsIamAccessKey", "Id": "AWS::IAM::AccessKey:AKIAEXAMPLE", "Details": {"AwsIamAccessKey": {"PrincipalName": "deploy", "PrincipalId": "AIDAEXAMPLE"}}},
                    {"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::example-logs"}],
                "Network": {"Direction": "OUT", "SourceIpV4": "10.0.3.9", "DestinationIpV4": "203.0.113.7", "DestinationPort": 53},
                "Detection": {"Sequence": {"Indicators": [{"Key": "ATTACK_TECHNIQUE", "Values": ["T1071.004 - DNS"]}]}},
                "Workflow": {"Status": "NOTIFIED"}, "RecordState": "ACTIVE"}]}}),
            &[
                "awsSecurityHub arn:aws:guardduty:eu-central-1:111122223333:detector/d1/finding/f1",
                "An instance asked for a C&C domain",
                "3 times",
                "high CommandAndControl",
                "T1071.004",
                "devices host:i-0abc12",
                "users aad:aidaexample sam:111122223333\\deploy",
                "addresses 10.0.3.9 203.0.113.7",
                "urls url:c2.example",
                "others cloudResource id:arn:aws:s3:::example-logs",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "awsSecurityHub",
            json!({"SchemaVersion": "2018-10-08", "Id": "arn:aws:securityhub:eu-central-1:111122223333:finding/malware-1", "ProductArn": "arn:aws:securityhub:eu-central-1::product/acme/av",
                "GeneratorId": "acme-av", "AwsAccountId": "111122223333", "CreatedAt": "2025-03-01T10:00:00Z", "UpdatedAt": "2025-03-01T10:00:00Z",
                "Severity": {"Normalized": 45}, "Title": "A miner runs", "Types": ["Unusual Behaviors/Process"],
                "Resources": [{"Type": "AwsIamUser", "Id": "arn:aws:iam::111122223333:user/ana"}],
                "Process": {"Name": "minerd", "Path": "/tmp/minerd", "Pid": 4711},
                "Malware": [{"Name": "Miner", "Path": "/tmp/minerd", "Type": "COIN_MINER", "State": "OBSERVED"}],
                "ThreatIntelIndicators": [{"Type": "HASH_MD5", "Value": "0123456789abcdef0123456789abcdef"}, {"Type": "IPV4_ADDRESS", "Value": "203.0.113.8"}, {"Type": "DOMAIN", "Value": "pool.example"}],
                "Workflow": {"Status": "SUPPRESSED"}}),
            &[
                "awsSecurityHub arn:aws:securityhub:eu-central-1:111122223333:finding/malware-1",
                "A miner runs",
                "medium Malware",
                "users sam:111122223333\\ana",
                "addresses 203.0.113.8",
                "files path:/tmp/minerd md5:0123456789abcdef0123456789abcdef",
                "processes cmd:/tmp/minerd",
                "urls url:pool.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "awsSecurityHub",
            json!({"SchemaVersion": "2018-10-08", "Id": "arn:aws:securityhub:eu-central-1:111122223333:subscription/x/EC2.8/finding/9", "ProductArn": "arn:aws:securityhub:eu-central-1::product/aws/securityhub",
                "ProductName": "Security Hub", "AwsAccountId": "111122223333", "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
                "CreatedAt": "2025-03-01T10:00:00Z", "UpdatedAt": "2025-03-02T10:00:00Z", "Severity": {"Label": "CRITICAL"}, "Title": "EC2.8 Instances should use IMDSv2",
                "Compliance": {"Status": "FAILED"}, "Resources": [{"Type": "AwsEc2SecurityGroup", "Id": "arn:aws:ec2:eu-central-1:111122223333:security-group/sg-1"}],
                "Workflow": {"Status": "NEW"}, "RecordState": "ARCHIVED"}),
            &[
                "awsSecurityHub arn:aws:securityhub:eu-central-1:111122223333:subscription/x/EC2.8/finding/9",
                "EC2.8 Instances should use IMDSv2",
                "high Compliance",
                "others cloudResource id:arn:aws:ec2:eu-central-1:111122223333:security-group/sg-1",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "awsSecurityHub",
            json!({"Id": "arn:aws:inspector2:eu-central-1:111122223333:finding/ab12", "ProductArn": "arn:aws:securityhub:eu-central-1::product/aws/inspector", "ProductName": "Inspector",
                "AwsAccountId": "111122223333", "FirstObservedAt": "2025-03-01T10:00:00Z", "Severity": {"Label": "MEDIUM"}, "Title": "CVE-2021-44228 - log4j-core",
                "Vulnerabilities": [{"Id": "CVE-2021-44228", "VulnerablePackages": [{"Name": "log4j-core", "Version": "2.14.1"}]}],
                "Resources": [{"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc12"}]}),
            &[
                "awsSecurityHub arn:aws:inspector2:eu-central-1:111122223333:finding/ab12",
                "CVE-2021-44228 - log4j-core",
                "medium Vulnerability",
                "devices host:i-0abc12",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn google_scc() -> Vec<Case> {
    vec![
        case(
            "googleSecurityCommandCenter",
            json!({"notificationConfigName": "organizations/111/notificationConfigs/watchdesk", "finding": {
                "name": "organizations/111/sources/222/findings/a1", "canonicalName": "projects/77/sources/222/findings/a1", "parent": "organizations/111/sources/222",
                "resourceName": "//compute.googleapis.com/projects/example/zones/europe-west3-a/instances/4411", "state": "ACTIVE", "category": "Malware: Bad Domain",
                "eventTime": "2025-03-01T10:04:30Z", "createTime": "2025-03-01T10:05:30Z", "severity": "HIGH", "findingClass": "THREAT",
                "mitreAttack": {"primaryTactic": "COMMAND_AND_CONTROL", "primaryTechniques": ["DYNAMIC_RESOLUTION"]},
                "indicator": {"domains": ["c2.example"], "ipAddresses": ["203.0.113.8"]},
                "access": {"principalEmail": "ci@example.iam.example", "callerIp": "203.0.113.7"},
                "connections": [{"sourceIp": "10.1.2.3", "destinationIp": "203.0.113.9", "destinationPort": 443}],
                "processes": [{"name": "minerd", "binary": {"path": "/tmp/minerd", "sha256": "ab".repeat(32)}, "args": ["/tmp/minerd", "-o", "pool"], "pid": "42"}],
                "files": [{"path": "/etc/cron.d/job", "sha256": "cd".repeat(32), "partiallyHashed": true}]},
                "resource": {"name": "//compute.googleapis.com/projects/example/zones/europe-west3-a/instances/4411", "displayName": "web-eu-7", "type": "google.compute.Instance", "projectDisplayName": "example"}}),
            &[
                "googleSecurityCommandCenter projects/77/sources/222/findings/a1 organizations/111/sources/222/findings/a1",
                "Malware: Bad Domain",
                "high CommandAndControl",
                "T1568",
                "devices host:web-eu-7",
                "users upn:ci@example.iam.example",
                "addresses 203.0.113.7 10.1.2.3 203.0.113.9 203.0.113.8",
                "files sha256:abababababababababababababababababababababababababababababababab path:/etc/cron.d/job",
                "processes cmd:/tmp/minerd -o pool",
                "urls url:c2.example",
                "2025-03-01T10:04:30Z",
            ],
        ),
        case(
            "googleSecurityCommandCenter",
            json!({"finding": {"name": "organizations/111/sources/222/findings/b2", "category": "PUBLIC_BUCKET_ACL", "state": "INACTIVE", "severity": "MEDIUM",
                "resourceName": "//storage.googleapis.com/example-logs", "findingClass": "MISCONFIGURATION", "eventTime": "2025-03-02T10:00:00Z", "createTime": "2025-03-01T10:00:00Z",
                "mitreAttack": {"primaryTactic": "EXFILTRATION"}, "compliances": [{"standard": "cis", "version": "1.0"}]},
                "resource": {"name": "//storage.googleapis.com/example-logs", "displayName": "example-logs", "type": "google.cloud.storage.Bucket"}}),
            &[
                "googleSecurityCommandCenter organizations/111/sources/222/findings/b2",
                "PUBLIC_BUCKET_ACL",
                "medium Compliance",
                "others cloudResource id://storage.googleapis.com/example-logs",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "googleSecurityCommandCenter",
            json!({"name": "organizations/111/sources/222/locations/global/findings/c3", "category": "OS_VULNERABILITY", "findingClass": "VULNERABILITY", "severity": "CRITICAL",
                "resourceName": "//compute.googleapis.com/projects/example/zones/europe-west3-a/instances/4411", "eventTime": "2025-03-01T10:00:00Z",
                "vulnerability": {"cve": {"id": "CVE-2024-3094"}}}),
            &[
                "googleSecurityCommandCenter organizations/111/sources/222/locations/global/findings/c3",
                "OS_VULNERABILITY",
                "high Vulnerability",
                "others cloudResource id://compute.googleapis.com/projects/example/zones/europe-west3-a/instances/4411",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn okta() -> Vec<Case> {
    vec![
        case(
            "okta",
            json!({"uuid": "aa-1", "published": "2025-03-01T10:00:00.123Z", "eventType": "security.threat.detected", "version": "0", "severity": "WARN", "displayMessage": "Request from suspicious actor",
                "actor": {"id": "203.0.113.7", "type": "IP address", "alternateId": "unknown", "displayName": "203.0.113.7"},
                "client": {"ipAddress": "203.0.113.7", "userAgent": {"rawUserAgent": "python-requests/2.31"}, "geographicalContext": {"country": "Nowhere"}},
                "outcome": {"result": "DENY", "reason": "Password Spray"}, "target": null,
                "debugContext": {"debugData": {"threatDetections": "{\"Password Spray\":\"HIGH\"}", "threatSuspected": "true"}},
                "request": {"ipChain": [{"ip": "203.0.113.7", "version": "V4"}]}}),
            &[
                "okta aa-1",
                "Request from suspicious actor",
                "medium CredentialAccess",
                "T1110.003",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00.123Z",
            ],
        ),
        case(
            "okta",
            json!({"uuid": "aa-2", "published": "2025-03-01T10:00:00.123Z", "eventType": "user.session.start", "severity": "INFO", "displayMessage": "User login to Okta",
                "actor": {"id": "00u1", "type": "User", "alternateId": "ana@contoso.test", "displayName": "Ana"}, "device": {"id": "guo1", "name": "LT-0142", "os_platform": "WINDOWS", "managed": true},
                "client": {"ipAddress": "198.51.100.4", "device": "Computer"}, "outcome": {"result": "SUCCESS"},
                "debugContext": {"debugData": {"risk": "{reasons=Anomalous Device, level=HIGH}"}},
                "target": [{"id": "00u2", "type": "User", "alternateId": "ben@contoso.test", "displayName": "Ben"}, {"id": "0oa1", "type": "AppInstance", "displayName": "Payroll"}]}),
            &[
                "okta aa-2",
                "User login to Okta",
                "high SuspiciousActivity",
                "devices host:lt-0142",
                "users upn:ana@contoso.test upn:ben@contoso.test",
                "addresses 198.51.100.4",
                "others cloudApplication id:0oa1",
                "2025-03-01T10:00:00.123Z",
            ],
        ),
        case(
            "inspector",
            json!({"awsAccountId": "111122223333", "findingArn": "arn:aws:inspector2:eu-central-1:111122223333:finding/cd34",
                "title": "CVE-2024-0001 - openssl", "description": "A weakness of openssl.", "severity": "CRITICAL", "status": "CLOSED", "type": "PACKAGE_VULNERABILITY",
                "firstObservedAt": "2025-03-01T10:00:00Z", "lastObservedAt": "2025-03-01T10:05:00Z", "updatedAt": "2025-03-01T10:05:00Z",
                "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2024-0001", "cvss": [{"baseScore": 9.8, "version": "3.1"}], "vulnerablePackages": [{"name": "openssl", "version": "3.0.1", "fixedInVersion": "3.0.9"}]},
                "resources": [
                    {"type": "AWS_EC2_INSTANCE", "id": "i-0abc12", "region": "eu-central-1", "details": {"awsEc2Instance": {"ipV4Addresses": ["10.0.3.9"], "vpcId": "vpc-1"}}},
                    {"type": "AWS_LAMBDA_FUNCTION", "id": "arn:aws:lambda:eu-central-1:111122223333:function:bill"}]}),
            &[
                "amazonInspector arn:aws:inspector2:eu-central-1:111122223333:finding/cd34",
                "CVE-2024-0001 - openssl",
                "high Vulnerability",
                "devices host:i-0abc12",
                "others cloudResource id:arn:aws:lambda:eu-central-1:111122223333:function:bill",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
