//! The names that vendors give to the times of an alert.

/// Names for the first activity: times of the activity itself before times of the record.
pub(super) const FIRST_ACTIVITY: &[&str] = &[
    "occurred",
    "occured",
    "occurredat",
    "firstseen",
    "firstactivity",
    "firstactivitydatetime",
    "firstobservedat",
    "firsteventtimestamp",
    "firsteventtime",
    "eventstart",
    "firstbehavior",
    "timeofoccurrence",
    "occurredon",
    "starttime",
    "starttimeutc",
    "starttimestamp",
    "startsat",
    "contexttimestamp",
    "startat",
    "timerangestart",
    "periodsstart",
    "matcheddatetime",
    "originaltime",
    "activitydatetime",
    "eventtime",
    "eventtimestamp",
    "activitytime",
    "sensorgeneratedat",
    "detectiontime",
    "detectiontimestamp",
    "detected",
    "detectedat",
    "clienttimestamp",
    "triggered",
    "triggeredat",
    "messagetime",
    "receivedtime",
    "identifiedat",
    "statechangetime",
    "scannedat",
    "when",
    "timestamp",
    "time",
    "systemtime",
    "datetime",
    "unixtime",
    "date",
    "ts",
    "timegenerated",
    "rt",
    "devtime",
    "start",
    "fireddatetime",
    "openedat",
    "opened",
    "raised",
    "raisedat",
    "published",
    "createdat",
    "createdtime",
    "createddatetime",
    "createtime",
    "creationtime",
    "alertcreationtime",
    "created",
    "eventcreationtime",
    "createdtimestamp",
    "createdts",
    "datecreate",
    "datecreated",
    "sentat",
    "receivedat",
    "received",
];

/// Names for the last activity.
pub(super) const LAST_ACTIVITY: &[&str] = &[
    "lastseen",
    "lastactivity",
    "lastactivitydatetime",
    "lastobservedat",
    "lasteventtimestamp",
    "lasteventtime",
    "lastbehavior",
    "endtime",
    "endtimeutc",
    "endsat",
    "occurredend",
    "timerangeend",
    "windowend",
    "windowto",
    "periodend",
    "endedat",
    "endat",
    "end",
];

/// Ends of names of the last activity, whatever is before them: "eventLastSeen".
pub(super) const LAST_ENDINGS: [&str; 7] =
    ["lastseen", "lastobserved", "lastfound", "lastdetected", "lastoccurred", "lastoccurrence", "lasttimestamp"];

/// Beginnings of names of times of a device, a user or a file, which the alert only mentions.
pub(super) const OF_SUBJECTS: [&str; 11] =
    ["device", "host", "agent", "user", "file", "process", "parent", "computer", "endpoint", "account", "asset"];

/// Beginnings of names of times that are not those of any activity.
pub(super) const NEVER: [&str; 10] =
    ["expir", "due", "regist", "install", "launch", "boot", "birth", "valid", "renew", "build"];

/// Beginnings of names of times at which something ended, changed or arrived.
pub(super) const LATER: [&str; 11] =
    ["last", "end", "update", "modif", "change", "close", "resolve", "publish", "receiv", "ingest", "insert"];

/// Ends of a name that only say how a time is written: "EventTimeUTC".
pub(super) const TIME_ENDINGS: [&str; 4] = ["utc", "gmt", "epoch", "ms"];
