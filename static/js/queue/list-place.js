// Shows the list at the same place when somebody returns to it. Browsers restore where a page was scrolled to, but
// not a part of it, and the list scrolls by itself.

import { addressOf } from '../shared/base-path.js';
import { readStored, store } from '../shared/tab-storage.js';
import { list } from './rows.js';

const STORED = 'list-place';
const wrap = list?.querySelector('.table-wrap');
const here = () => location.pathname + location.search;

// By Back or Forward, or by a link of an incident's or alert's page.
function isReturn() {
  if (['back_forward', 'reload'].includes(performance.getEntriesByType('navigation')[0]?.type)) return true;
  try {
    const { origin, pathname } = new URL(document.referrer);
    return origin === location.origin && /^\/(incidents|alerts)\/\d+/.test(pathname.slice(addressOf('').length));
  } catch { return false; } // There is no referrer.
}

if (wrap) {
  addEventListener('pagehide', () => store(STORED, JSON.stringify({ address: here(), top: wrap.scrollTop })));
  const kept = JSON.parse(readStored(STORED) || 'null');
  if (kept?.address === here() && isReturn()) wrap.scrollTop = kept.top;
}
