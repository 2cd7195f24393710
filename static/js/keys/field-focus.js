// Keys that lead into a field of the incident at hand, whose pane is opened first where needed.

import { openPane, paneAddress } from '../queue/pane.js';
import { showIncident } from '../queue/pane-navigation.js';
import { focusedRow } from './row-focus.js';

// What acts apply to: the row that has the focus, else the pane, else the page. Gives the pane or the
// page; null when the pane could not be shown.
export async function showTarget() {
  const row = focusedRow();
  if (row && row.dataset.row !== openPane()?.dataset.pane && !await showIncident(paneAddress(row.dataset.row), { focus: false })) return null;
  return openPane() || document.querySelector('[data-stream]');
}

// What is typed while the field is not there yet; null when no field is waited for.
let typedAhead = null;

// Keeps a key for the field that is waited for; gives whether there is one.
export function keepForField(event) {
  if (typedAhead === null) return false;
  if (event.key.length === 1) { event.preventDefault(); typedAhead += event.key; }
  return true;
}

// Focuses a field of the target, after `prepare` has changed it.
export async function focusField(selector, prepare) {
  typedAhead = '';
  const place = await showTarget();
  const typed = typedAhead;
  typedAhead = null;
  const field = place?.querySelector(selector);
  if (!field) return;
  field.closest('details')?.setAttribute('open', '');
  prepare?.(field);
  field.focus();
  field.scrollIntoView({ block: 'nearest' });
  if (!typed) return;
  field.setRangeText(typed, field.value.length, field.value.length, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
