// The scripts that a first visit does not need: of lists of alerts, the pages of incidents, settings, the first hour,
// long operations.

import './queue/groups.js';
import './page/current-tab.js';
import './page/next-in-list.js';
import './incident/refresh-card.js';
import './incident/story.js';
import './page/job.js';
import './account/add-passkey.js';
import './settings/mapping.js';
import './settings/rule-trial.js';
import './settings/first-alert.js';
