// Expands a row of the queue to the alerts of its incident. Without this script the control is a link
// to the Alerts tab.

import { addressOf } from '../shared/base-path.js';
import { explainFailure, fetchPart } from '../shared/fetch-page.js';

const table = document.querySelector('table.queue');
const alertsOf = (row) => (row.nextElementSibling?.matches('.alerts-line') ? row.nextElementSibling : null);

function replaceLinks() {
  table.querySelectorAll('[data-row]').forEach((row) => {
    const link = row.querySelector('a.expand');
    if (!link) return;
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'expand' });
    button.setAttribute('aria-label', link.getAttribute('aria-label'));
    button.setAttribute('aria-expanded', String(Boolean(alertsOf(row))));
    link.replaceWith(button);
  });
}

function lineUnder(row, alerts) {
  const line = document.createElement('tr');
  line.className = 'alerts-line';
  line.dataset.expands = row.dataset.row;
  const cell = document.createElement('td');
  // Columns that are hidden take part in a span, and would make the others narrower.
  cell.colSpan = [...row.cells].filter((other) => other.offsetWidth).length;
  cell.append(alerts);
  line.append(cell);
  row.after(line);
}

async function toggle(button) {
  const row = button.closest('[data-row]');
  const id = row.dataset.row;
  const open = alertsOf(row);
  if (open) { open.remove(); button.setAttribute('aria-expanded', 'false'); return; }
  button.setAttribute('aria-expanded', 'true');
  let alerts = null;
  try {
    alerts = await fetchPart(addressOf(`/incidents/${id}/inline-alerts`), '[data-inline-alerts]');
  } catch (error) {
    button.setAttribute('aria-expanded', 'false');
    explainFailure(error, addressOf(`/incidents/${id}/alerts`));
    return;
  }
  // The row may have been replaced meanwhile, together with its button.
  const current = document.getElementById(row.id);
  if (!current || alertsOf(current) || button.getAttribute('aria-expanded') !== 'true') return;
  current.querySelector('button.expand')?.setAttribute('aria-expanded', 'true');
  lineUnder(current, alerts);
}

if (table) {
  table.addEventListener('click', (event) => {
    const button = event.target.closest('button.expand');
    if (button) toggle(button);
  });
  document.addEventListener('watchdesk:rows', replaceLinks);
  replaceLinks();
}
