// The actions of the keyboard shortcuts, except moving the focus.

import { addressOf } from '../shared/base-path.js';
import { isSignedOut, parsePage } from '../shared/fetch-page.js';
import { showMessage } from '../shared/message.js';
import { showNotice } from '../queue/update-line.js';
import { openPane } from '../queue/pane.js';
import { closeBulkPane } from '../queue/bulk-pane.js';
import { closePane } from '../queue/pane-navigation.js';
import { readStored } from '../shared/tab-storage.js';
import { refreshRow } from '../queue/row-updates.js';
import { noun, queue } from '../queue/rows.js';
import { focusField, showTarget } from './field-focus.js';
import { focusedRow } from './row-focus.js';

function manageSelected() {
  const bulk = document.getElementById('bulk');
  if (bulk && !bulk.hidden) bulk.querySelector('button[value=manage]').click();
  else showNotice(`Select ${noun}s first. The x key selects the row.`);
}

async function assignShown() {
  const place = await showTarget();
  const button = place?.querySelector('form[action$="/assign-to-me"] button');
  if (button) button.click();
  else if (place?.querySelector('[data-manage]')) showNotice('Already assigned to you.');
}

async function assignRow(id) {
  const csrf = document.querySelector('#bulk [name=csrf]')?.value;
  if (!csrf) return;
  const body = new URLSearchParams({ csrf, return_to: `${queue.dataset.queue}/rows?only=${id}` });
  const response = await fetch(addressOf(`/${noun}s/${id}/assign-to-me`), { method: 'POST', body }).catch(() => null);
  if (!response?.ok || isSignedOut(response)) { showNotice('Assigning failed. Nothing was changed.'); return; }
  const undo = (await parsePage(response)).querySelector('[data-flash] form');
  showMessage(noun === 'alert' ? `Alert ${id} was assigned to you.` : `Incident ${id} was assigned to you. Its alerts were assigned too.`, undo);
  refreshRow(id);
}

// Assigns the focused row without opening its pane.
async function assignToMe() {
  const id = focusedRow()?.dataset.row;
  if (!id || id === openPane()?.dataset.pane) await assignShown(); else await assignRow(id);
}

const comment = () => focusField('[data-comment-form] textarea');

const addTag = () => focusField('[data-manage] [name=tags]:not([type=hidden], [type=checkbox])');

const classify = () => focusField('[data-manage] [name=classification]');

const showAlerts = () => focusField('[data-section=alerts] li a, table[aria-label=Alerts] tbody a');

async function resolveAndNext() {
  const place = await showTarget();
  place?.querySelector('button[value=resolve-and-next]')?.click();
}

// The form of an alert has no note.
const resolve = () => focusField('[name=resolving_note], [data-manage]:not(:has([name=resolving_note])) [name=status]', (field) => {
  const { status } = field.form.elements;
  status.value = 'resolved';
  status.dispatchEvent(new Event('change', { bubbles: true }));
});

function backToList() {
  if (openPane()) { closePane(); return; }
  const up = document.querySelector('.crumbs a');
  if (queue && (closeBulkPane() || !up)) return;
  // An incident is not left for a list of alerts, which may be its own.
  const last = !queue && readStored('last');
  if (last && !(/\/alerts/.test(last) && /\/incidents\//.test(location.pathname))) location.assign(last); else up?.click();
}

const search = () => document.querySelector('.top-search input').focus();

function searchList() {
  const field = document.querySelector('main input[type=search]');
  if (!field) return;
  if (openPane() && !field.offsetParent) closePane();
  if (getComputedStyle(field).visibility === 'hidden') { showNotice('Clear the selection to search.'); return; }
  field.focus();
  field.select();
}

export const ACTIONS = { addTag, assignToMe, backToList, classify, comment, searchList, manageSelected, resolve, resolveAndNext, search, showAlerts };
