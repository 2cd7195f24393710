// j and k move the focus from row to row, and on to the next or previous page.

import { pageHref } from '../queue/list-pages.js';
import { showNotice } from '../queue/update-line.js';
import { openPane, paneAddress } from '../queue/pane.js';
import { showPane } from '../queue/pane-navigation.js';
import { noun, queue, rowById, shownRows } from '../queue/rows.js';
import { turnPage } from '../queue/turn-page.js';

// The id of the row that was reached by keys, as long as the focus is in it.
let keyed = null;

export const focusedRow = () => document.activeElement?.closest('[data-row]');

// The focused row, else the one last reached by keys, else the one of the pane.
export const currentRow = () => focusedRow() || rowById(keyed) || rowById(openPane()?.dataset.pane);

export const isKeyed = (row) => row.dataset.row === keyed;

function focusRow(row) {
  const link = row?.querySelector('.col-name a');
  if (!link) return;
  keyed = row.dataset.row;
  link.focus();
  row.scrollIntoView({ block: 'nearest' });
}

export const pressArrow = (name) => (openPane() || document).querySelector(`[data-pane-${name}][href], [data-page-${name}]`)?.click();

// Moves by one row: 1 is the next, -1 the previous.
export async function moveFocus(step) {
  if (!queue) return;
  const shown = shownRows();
  // On a narrow screen the open pane covers the list.
  if (openPane() && !shown[0]?.offsetParent) { pressArrow(step < 0 ? 'previous' : 'next'); return; }
  const index = shown.indexOf(currentRow());
  const target = shown[index < 0 ? 0 : index + step];
  if (target) { focusRow(target); return; }
  const rel = step < 0 ? 'prev' : 'next';
  if (!pageHref(rel)) { showNotice(`This is the ${step < 0 ? 'first' : 'last'} ${noun}.`); return; }
  if (await turnPage(rel)) focusRow(shownRows().at(step < 0 ? -1 : 0));
}

export function openCurrentRow() {
  const row = currentRow();
  if (row) showPane(paneAddress(row.dataset.row));
}

document.addEventListener('focusin', (event) => { if (event.target.closest('[data-row]')?.dataset.row !== keyed) keyed = null; });
