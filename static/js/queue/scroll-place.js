// Keeps a row where the reader sees it while the page changes around it.

import { list, rows, rowsBody } from './rows.js';

const topOf = (element) => element.getBoundingClientRect().top;

function scroller() {
  for (let element = rowsBody(); element !== document.body; element = element.parentElement) {
    if (element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY === 'auto') return element;
  }
  return document.scrollingElement;
}

export function isInSight(row) {
  if (!row) return false;
  const within = scroller();
  const top = within === document.scrollingElement ? 0 : topOf(within) + list.querySelector('thead').offsetHeight;
  return topOf(row) >= top - 1 && topOf(row) < innerHeight;
}

// The kept row and its place. It outlives a call: a list that an open pane covers on a narrow screen
// comes back as it was left.
let kept = null;

// Does `work` while a row stays where it is: the preferred one if it is in sight, else the first that is.
export function keepPlace(work, preferred) {
  if (list.offsetParent) {
    const row = isInSight(preferred) ? preferred : rows().find(isInSight);
    kept = row ? { id: row.id, top: topOf(row) } : null;
  }
  work();
  const row = kept && document.getElementById(kept.id);
  if (row && list.offsetParent) scroller().scrollTop += topOf(row) - kept.top;
}
