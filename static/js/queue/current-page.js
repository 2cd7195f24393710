// Fetches the shown page of the list as it is now.

import { fetchPage } from '../shared/fetch-page.js';
import { fetchListPage, pageHref, replacePageLinks } from './list-pages.js';
import { listAddress, rowById, rows, rowsIn } from './rows.js';

const MOST_FURTHER_PAGES = 8;

// Also fetches as many pages after it as it takes to reach a row that the list has: what came in
// above must not leave a gap. Gives null when that is too far.
export async function fetchCurrentPage() {
  const page = await fetchPage(listAddress('/incidents/rows'));
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
