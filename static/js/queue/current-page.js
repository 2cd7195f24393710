// Fetches the page of the list that is shown, as it is now.

import { fetchPage } from '../shared/fetch-page.js';
import { fetchListPage, pageHref, replacePageLinks } from './list-pages.js';
import { listAddress, rowById, rows, rowsIn } from './rows.js';

const MOST_FURTHER_PAGES = 8;

// Rows that were added above push rows to the next page. To leave no gap, fetches further pages
// until one ends with a row that the list has. Null if that takes too many pages.
export async function fetchCurrentPage() {
  const page = await fetchPage(listAddress('/rows'));
  for (let further = 0; further < MOST_FURTHER_PAGES; further += 1) {
    const last = rowsIn(page).at(-1)?.dataset.row;
    const next = pageHref('next', page);
    if (!next || !last || rowById(last) || !rows().length) return page;
    const more = await fetchListPage(next);
    page.querySelector('[data-rows]').append(...rowsIn(more));
    replacePageLinks(more, page);
  }
  return null;
}
