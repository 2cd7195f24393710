// The queue and its rows on the page. On other pages `queue` is null, and only `queue` and `rowById`
// may be used.

import { addressOf } from '../shared/base-path.js';

export const queue = document.querySelector('[data-queue]');
export const list = queue?.querySelector('.list');

export const rowsIn = (place) => [...place.querySelectorAll('[data-rows] > [data-row]')];
export const rows = () => rowsIn(list);
export const rowsBody = () => list.querySelector('[data-rows]');
export const rowById = (id) => document.getElementById(`row-${id}`);
export const checkboxOf = (row) => row.querySelector('input[name=ids]');

// The address of a path with the query of this list and the given parameters; null removes a parameter.
export function listAddress(path, parameters = {}) {
  const url = new URL(addressOf(path), location.href);
  url.search = location.search;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name); else url.searchParams.set(name, value);
  }
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
