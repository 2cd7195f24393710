// The scripts of pages that few visit: settings, the first hour, long operations.

import './page/job.js';
import './settings/mapping.js';
import './settings/rule-trial.js';
import './settings/first-alert.js';
