// Reads the facts of the Summary tab again when the incident has changed.

import { fetchPart } from '../shared/fetch-page.js';

const DELAY = 700;
let timer = null;

async function refresh() {
  const fresh = await fetchPart(location.href, '[data-refresh]').catch(() => null);
  if (fresh) document.querySelector('[data-refresh]')?.replaceWith(fresh);
}

document.addEventListener('watchdesk:state', ({ target }) => {
  if (!target.querySelector('[data-refresh]')) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, DELAY);
});
