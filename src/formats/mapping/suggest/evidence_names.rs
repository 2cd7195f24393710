//! The names that vendors give to the fields of evidence.

/// A kind of evidence with the names of its fields, the main field first.
pub(super) type Names = (&'static str, &'static [(&'static str, &'static [&'static str])]);

pub(super) const EVIDENCE: &[Names] = &[
    ("device", DEVICE),
    ("user", USER),
    ("ip", &[("address", ADDRESS)]),
    ("file", FILE),
    ("process", PROCESS),
    (
        "url",
        &[(
            "url",
            &["url", "uri", "requesturl", "dirtyurl", "urlfull", "destinationdomain", "remotedomain", "domains"],
        )],
    ),
    (
        "mailbox",
        &[(
            "address",
            &[
                "recipient",
                "recipients",
                "recipientaddress",
                "recipientemailaddress",
                "toaddress",
                "toaddresses",
                "to",
                "smtpto",
                "rcptto",
                "mailbox",
                "mailboxaddress",
            ],
        )],
    ),
    ("other", &[("name", &["podname", "kubernetespod", "pod"])]),
];

const DEVICE: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "fqdn",
            "computerfqdn",
            "computerdnsname",
            "devicednsname",
            "dnsname",
            "hostname",
            "sourceendpointhostname",
            "devicename",
            "computername",
            "machinename",
            "endpointname",
            "agentcomputername",
            "agentdetectioninfoname",
            "managedagentname",
            "agentname",
            "hostnames",
            "srchost",
            "sourcehost",
            "affectedhost",
            "clienthost",
            "victimhost",
            "targethost",
            "desthost",
            "dsthost",
            "destinationhost",
            "cmdbci",
            "configurationitem",
            "hosts",
            "devices",
            "assetname",
            "hostfqdn",
            "hostdns",
            "hostidentifier",
            "nodename",
            "vmname",
            "dvchost",
            "metahostname",
            "host",
            "computer",
            "device",
            "machine",
            "endpoint",
            "deviceentity",
            "workstation",
            "compromisedentity",
            "instance",
            "instanceid",
            "location",
            "dest",
            "identifier",
            "entity",
            "resourcename",
            "configurationitems",
            "targetname",
            "shost",
            "dhost",
            "offensesource",
        ],
    ),
    ("domain", &["machinedomain", "dnsdomain", "domain"]),
];

const USER: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "userprincipalname",
            "upn",
            "username",
            "processusername",
            "processuser",
            "accountname",
            "loginname",
            "sourceaccountupn",
            "sourceaccountname",
            "targetusername",
            "targetuser",
            "srcuser",
            "sourceuser",
            "dstuser",
            "useremail",
            "principalemail",
            "principalname",
            "lastuser",
            "usernames",
            "deviceusername",
            "user",
            "account",
            "login",
            "sourceprocessinfouser",
            "suser",
            "duser",
            "usrname",
            "offensesource",
            "actor",
            "actoralternateid",
            "actorname",
            "affecteduser",
            "impacteduser",
            "users",
            "useremailaddress",
            "accountemail",
            "emailaddress",
            "email",
            "userid",
        ],
    ),
    ("upn", &["userprincipal"]),
    ("domain", &["userdomain", "accountdomain", "logondomain", "targetdomainname", "ntdomain", "domainname"]),
    ("sid", &["usersid", "userid", "objectsid"]),
];

const ADDRESS: &[&str] = &[
    "sourceip",
    "sourceipv4",
    "srcip",
    "src",
    "origh",
    "sourceaddress",
    "srcaddr",
    "clientip",
    "callerip",
    "remoteip",
    "attackerip",
    "destinationip",
    "destinationipv4",
    "destip",
    "dstip",
    "dst",
    "resph",
    "destinationaddress",
    "targetaddress",
    "remoteaddress",
    "victimip",
    "actionremoteip",
    "netconnremoteip",
    "localip",
    "externalip",
    "ipaddress",
    "ipaddressv4",
    "ipaddresses",
    "sourceips",
    "ip",
    "offensesource",
];

const FILE: &[(&str, &[&str])] =
    &[("name", &["filename", "fname"]), ("path", &["filepath", "targetpath", "observedfilename"]), ("hash", &HASHES)];

/// Names of the hashes of a file, the safest first.
pub(super) const HASHES: [&str; 8] =
    ["sha256", "filesha256", "filehash", "filehashsha256", "hash", "sha1", "md5", "md5string"];

const PROCESS: &[(&str, &[&str])] = &[
    ("commandLine", &["commandline", "processcommandline", "processcmdline", "cmdline", "cmd", "process"]),
    ("imagePath", &["processpath", "procpath", "procexepath", "imagepath", "processexecutable", "executable", "image"]),
    ("imageName", &["processname", "procname"]),
    ("processId", &["processpid", "localprocessid", "pid"]),
];

/// Names that a device has only where no better one is given.
pub(super) const WEAK: [&str; 11] = [
    "location",
    "dest",
    "identifier",
    "instance",
    "instanceid",
    "compromisedentity",
    "offensesource",
    "entity",
    "resourcename",
    "configurationitems",
    "targetname",
];

/// Ends of the main names of devices and users, whatever is before them: "src_machine_name".
pub(super) const ENDINGS: &[(&str, &[&str])] = &[
    ("device", &["hostname", "computername", "machinename", "devicename", "endpointname"]),
    ("user", &["username", "useremail", "userprincipalname", "loginname"]),
];

/// Ends of members that only hold more of the alert, although they begin as the end of a connection does.
pub(super) const NO_ENDS: [&str; 6] = ["properties", "attributes", "data", "metadata", "type", "details"];

/// Beginnings and whole names of addresses by the end of a connection at which they stand.
pub(super) const SOURCES: [&str; 7] = ["source", "src", "origh", "client", "caller", "attacker", "idorig"];
pub(super) const DESTINATIONS: [&str; 6] = ["dest", "dst", "resph", "target", "victim", "idresp"];

/// Members whose hosts and paths are not of the device, but of what was visited or opened, or of a collector.
pub(super) const OTHER_OWNERS: [&str; 12] = [
    "http",
    "url",
    "dns",
    "tls",
    "file",
    "server",
    "manager",
    "observer",
    "metadata",
    "collector",
    "headers",
    "request",
];
