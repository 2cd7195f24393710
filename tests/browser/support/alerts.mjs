// A small laboratory of alerts in the words of Microsoft Graph, the same record as src/demo/alert.rs makes.
const MINUTE = 60_000;
const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();

export const device = (name) => ({
  '@odata.type': '#microsoft.graph.security.deviceEvidence', hostName: name, deviceDnsName: `${name}.lab.example`, osPlatform: 'Windows11',
});
export const user = (name) => ({
  '@odata.type': '#microsoft.graph.security.userEvidence',
  userAccount: { accountName: name, domainName: 'LAB', userPrincipalName: `${name}@lab.example` },
});

let serial = 0;
/** An alert that happened so many minutes ago. */
export function alert({ title, minutesAgo, ...rest }) {
  serial += 1;
  const at = ago(minutesAgo);
  return {
    '@odata.type': '#microsoft.graph.security.alert',
    id: `lab-${serial}`,
    providerAlertId: `lab-${serial}`,
    title,
    description: `${title}, seen in the lab.`,
    category: 'Execution',
    severity: 'medium',
    status: 'new',
    serviceSource: 'microsoftDefenderForEndpoint',
    detectionSource: 'microsoftDefenderForEndpoint',
    createdDateTime: at,
    firstActivityDateTime: at,
    lastActivityDateTime: at,
    evidence: [],
    ...rest,
  };
}

// One incident of two alerts on one device, and two incidents of one alert each.
export const SCRIPT = 'Unsigned script started from a lab share';
export const SERVICE = 'New service installed on a lab machine';
export const MAILRULE = 'Forwarding rule created for a lab account';
export const SCAN = 'Slow port scan inside the lab';
export const PAIR = 'Multi-stage incident involving Execution & Persistence on one endpoint';

export const lab = () => [
  alert({ title: SCRIPT, minutesAgo: 50, evidence: [device('lab-ws-17')] }),
  alert({ title: SERVICE, minutesAgo: 45, category: 'Persistence', severity: 'high', evidence: [device('lab-ws-17')] }),
  alert({ title: MAILRULE, minutesAgo: 30, category: 'Collection', evidence: [user('ida.holm')] }),
  alert({ title: SCAN, minutesAgo: 20, category: 'Discovery', severity: 'low', evidence: [device('lab-probe-3')] }),
];
