// Fetches the chart of the queue when it is opened. Whether it is open is remembered in this browser.

import { addressOf } from '../shared/base-path.js';
import { fetchPage } from '../shared/fetch-page.js';
import { readPreference, writePreference } from '../shared/preference.js';

const box = document.querySelector('[data-chart]');
let requested = false;

async function load() {
  if (requested) return;
  requested = true;
  try {
    const page = await fetchPage(addressOf('/incidents/chart?part=1'));
    box.querySelector('[data-chart-place]').replaceChildren(...page.body.childNodes);
  } catch { requested = false; } // The link to the chart's page stays.
}

if (box) {
  box.addEventListener('toggle', () => {
    writePreference('chart', box.open ? 'open' : 'closed');
    if (box.open) load();
  });
  box.open = readPreference('chart') === 'open';
}
