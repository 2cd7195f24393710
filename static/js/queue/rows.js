// The list of incidents or alerts on the page, and its rows. On other pages `queue` is null, and only `queue`, `noun`
// and `rowById` may be used.

import { addressOf } from '../shared/base-path.js';

export const queue = document.querySelector('[data-queue]');
export const list = queue?.querySelector('.list');
// What a row is: "incident" or "alert".
export const noun = queue?.dataset.noun || 'incident';

export const rowsIn = (place) => [...place.querySelectorAll('[data-rows] > [data-row]')];
export const rows = () => rowsIn(list);
// Without those that are folded under another.
export const shownRows = () => rows().filter((row) => !row.hidden);
export const rowsBody = () => list.querySelector('[data-rows]');
export const rowById = (id) => document.getElementById(`row-${id}`);
export const checkboxOf = (row) => row.querySelector('.col-check input');

// The address of the list, or of a page below it, with the query of this list and the given parameters; null removes
// a parameter.
export function listAddress(page, parameters = {}) {
  const url = new URL(queue.dataset.queue + page, location.href);
  url.search = location.search;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name); else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

// The address of a row's pane, with a query of the list. The list of an incident's alerts is named in it.
export function paneAddressOf(id, search) {
  const url = new URL(addressOf(`/${noun}s/${id}/pane`), location.href);
  url.search = search;
  const [, incident] = queue.dataset.queue.match(/(\d+)\/alerts$/) || [];
  if (incident) url.searchParams.set('of', incident);
  return url.pathname + url.search;
}

// Shows the total of a fetched page.
export function showTotal(page) {
  const place = document.querySelector('[data-total]');
  const total = page.querySelector('[data-total]').textContent;
  if (place.textContent !== total) place.textContent = total;
}

// Puts a mark with this label before the name of a row. An empty label removes the mark.
export function markRow(row, label) {
  row.querySelector('.mark')?.remove();
  if (!label) return;
  const mark = Object.assign(document.createElement('span'), { className: 'mark', title: label });
  mark.append(Object.assign(document.createElement('span'), { className: 'sr', textContent: `${label}. ` }));
  (row.querySelector('.col-name') || row.cells[0]).prepend(mark);
}
