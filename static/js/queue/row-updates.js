// Updates rows without a reload. A row keeps its checkbox, its expanded alerts, its mark and the focus.

import { fetchPage } from '../shared/fetch-page.js';
import { checkboxOf, listAddress, markRow, rowById, showTotal } from './rows.js';

const REFRESH_DELAY = 250;
const focusableIn = (row) => [...row.querySelectorAll('a, input, button, summary')];
let restoreFocus = null;

// Other scripts change new rows on this event, so the focus is restored after it.
export function announceRows(detail = {}) {
  document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail }));
  restoreFocus?.();
  restoreFocus = null;
}

// Replaces a row by a fetched one, dimmed if the filter no longer finds it.
export function replaceRow(old, fetched, isGone) {
  const row = document.adoptNode(fetched);
  const focused = focusableIn(old).indexOf(document.activeElement);
  if (checkboxOf(row) && checkboxOf(old)) checkboxOf(row).checked = checkboxOf(old).checked;
  if (row.dataset.under && row.dataset.under === old.dataset.under) {
    row.hidden = old.hidden;
    if (old.dataset.folded === undefined) delete row.dataset.folded;
  }
  row.classList.toggle('selected', old.classList.contains('selected'));
  if (old.ariaCurrent) row.ariaCurrent = old.ariaCurrent; else row.removeAttribute('aria-current');
  const mark = old.classList.contains('gone') ? '' : old.querySelector('.mark')?.title;
  if (mark || isGone) markRow(row, isGone ? 'No longer in this list' : mark);
  row.classList.toggle('gone', isGone);
  old.replaceWith(row);
  if (focused >= 0) restoreFocus = () => focusableIn(row)[focused]?.focus({ preventScroll: true });
}

// Replaces the rows that a fetched page has.
export function updateRows(page) {
  showTotal(page);
  const updated = [];
  for (const isGone of [false, true]) {
    page.querySelectorAll(`[data-${isGone ? 'gone' : 'rows'}] > [data-row]`).forEach((fetched) => {
      const old = rowById(fetched.dataset.row);
      if (!old) return;
      replaceRow(old, fetched, isGone);
      updated.push(fetched.dataset.row);
    });
  }
  announceRows({ updated });
}

let due = new Set();
let timer = null;

// Fetches a row again, in one request with other rows that are refreshed at about the same time.
export function refreshRow(id) {
  due.add(id);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const only = [...due].join();
    due = new Set();
    const page = await fetchPage(listAddress('/rows', { only })).catch(() => null);
    if (page) updateRows(page);
  }, REFRESH_DELAY);
}
