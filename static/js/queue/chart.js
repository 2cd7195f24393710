// Fetches the chart of the queue when it is opened.

import { addressOf } from '../shared/base-path.js';
import { fetchPage } from '../shared/fetch-page.js';

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
  box.addEventListener('toggle', () => { if (box.open) load(); });
}
