// The queue and its rows as they are on the page. On other pages there is none, and nothing but
// `queue` and `rowById` may be used.

export const queue = document.querySelector('[data-queue]');
export const list = queue?.querySelector('.list');

export const rowsIn = (place) => [...place.querySelectorAll('[data-rows] > [data-row]')];
export const rows = () => rowsIn(list);
export const rowsBody = () => list.querySelector('[data-rows]');
export const rowById = (id) => document.getElementById(`row-${id}`);
export const checkboxOf = (row) => row.querySelector('input[name=ids]');

// An address with this list's query and the given parameters; null takes a parameter off.
export function listAddress(path, parameters = {}) {
  const url = new URL(path, location.href);
  url.search = location.search;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name); else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

// Shows the total of a page that was fetched.
export function showTotal(page) {
  const place = document.querySelector('[data-total]');
  const words = page.querySelector('[data-total]').textContent;
  if (place.textContent !== words) place.textContent = words;
}

// Puts a mark before the row's name that says what happened to it; no words take it away.
export function markRow(row, words) {
  row.querySelector('.mark')?.remove();
  if (!words) return;
  const mark = Object.assign(document.createElement('span'), { className: 'mark', title: words });
  mark.append(Object.assign(document.createElement('span'), { className: 'sr', textContent: `${words}. ` }));
  (row.querySelector('.col-name') || row.cells[0]).prepend(mark);
}
