// Moves the focus into a field of the current incident, and opens its pane first if needed.

import { openPane, paneAddress } from '../queue/pane.js';
import { showPane } from '../queue/pane-navigation.js';
import { focusedRow } from './row-focus.js';

// Actions apply to the focused row, else the open pane, else the page. Returns the pane (opened for a
// row) or the page's element; null if the pane could not be opened.
export async function showTarget() {
  const row = focusedRow();
  if (row && row.dataset.row !== openPane()?.dataset.pane && !await showPane(paneAddress(row.dataset.row), { focus: false })) return null;
  return openPane() || document.querySelector('[data-stream]');
}

// What is typed while the field is still being loaded; null when none is.
let typedAhead = null;

// Keeps a typed character for the field that is being loaded. Whether there is such a field.
export function keepForField(event) {
  if (typedAhead === null) return false;
  if (event.key.length === 1) { event.preventDefault(); typedAhead += event.key; }
  return true;
}

// Focuses a field of the target, after calling `prepare` with it.
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
  if (!typed || !field.setRangeText) return;
  field.setRangeText(typed, field.value.length, field.value.length, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
