// Says when an alert has arrived, on the checklist of the first hour and on the pages of sources.

import { addressOf } from '../shared/base-path.js';
import { isSignedOut } from '../shared/fetch-page.js';

const EVERY = 2500;
const LONGEST = 60000;

const place = document.querySelector('[data-first-alert]');
let since = place?.dataset.since;
let wait = EVERY;
let timer = null;

function showArrived(id) {
  const link = Object.assign(document.createElement('a'), { href: addressOf(`/incidents/${id}`), textContent: `Open incident ${id}` });
  place.replaceChildren('An alert has arrived. ', link);
  place.classList.add('alert-arrived');
  document.querySelectorAll('[data-step=sent], [data-step=arrived]').forEach((step) => {
    step.classList.add('done');
    step.querySelector('[data-state]').textContent = 'Done';
  });
  const count = document.querySelector('[data-steps-done]');
  if (count) count.textContent = `${document.querySelectorAll('.step.done').length} of 5 done`;
}

async function ask() {
  const query = new URLSearchParams({ since, status: 'all', severity: 'all', range: 'all' });
  const response = await fetch(`${addressOf('/incidents/updates')}?${query}`);
  if (isSignedOut(response)) return false;
  if (!response.ok) throw new Error();
  const updates = await response.json();
  since = updates.since;
  const [id] = [...updates.new, ...updates.changed];
  if (id) showArrived(id);
  return !id;
}

async function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  try { if (!await ask()) { since = null; return; } wait = EVERY; } catch { wait = Math.min(wait * 2, LONGEST); }
  timer = setTimeout(poll, wait);
}

if (place) {
  place.textContent = 'Waiting for the alert. This page says when it arrives.';
  document.addEventListener('visibilitychange', () => { if (since !== null) poll(); });
  timer = setTimeout(poll, EVERY);
}
