// Shows the list at the same place when somebody returns to it. Browsers restore where a page was scrolled to, but
// not a part of it, and the list scrolls by itself.

import { readStored, store } from '../shared/tab-storage.js';
import { list } from './rows.js';

const STORED = 'list-place';
const wrap = list?.querySelector('.table-wrap');
const here = () => location.pathname + location.search;

// By Back, Forward or Reload, or by a link of an incident's or alert's page.
const isReturn = () => performance.getEntriesByType('navigation')[0]?.type !== 'navigate' || /\/(incidents|alerts)\/\d/.test(document.referrer);

if (wrap) {
  addEventListener('pagehide', () => store(STORED, `${wrap.scrollTop} ${here()}`));
  const [top, address] = (readStored(STORED) || '').split(' ');
  if (address === here() && isReturn()) wrap.scrollTop = top;
}
