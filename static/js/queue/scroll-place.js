// Keeps a visible row at its position on the screen while the page changes around it.

import { list, rowsBody, shownRows } from './rows.js';

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

// The row and its position. It is remembered between calls: on a narrow screen the pane hides the list,
// which then reappears as it was.
let kept = null;

// Calls `work` and keeps a row in position: the preferred one if it is visible, else the first visible one.
export function keepPlace(work, preferred) {
  if (list.offsetParent) {
    const row = isInSight(preferred) ? preferred : shownRows().find(isInSight);
    kept = row ? { id: row.id, top: topOf(row) } : null;
  }
  work();
  const row = kept && document.getElementById(kept.id);
  if (row && list.offsetParent) scroller().scrollTop += topOf(row) - kept.top;
}
