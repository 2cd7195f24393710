// The pane beside the queue: what it shows, and the row that it belongs to.

import { restoreDraft, saveDraft } from '../incident/drafts.js';
import { showMessage } from '../shared/message.js';
import { pageHref } from './list-pages.js';
import { refreshRow } from './row-updates.js';
import { listAddress, markRow, noun, queue, rowById, rows } from './rows.js';
import { keepPlace } from './scroll-place.js';
import { countViews } from './view-counts.js';

export const openPane = () => queue?.querySelector('[data-pane]');
// The part of the pane that scrolls.
const bodyOf = (pane) => pane.querySelector('[data-pane-body]');
export const paneAddress = (id) => listAddress('', { pane: id });

// The forms of the incident, beside the list of its alerts, give their place to a pane. They stay up to date, and keep
// what was typed.
const side = queue?.querySelector('[data-side]');
export const hideSide = () => { if (side) side.hidden = true; };
export const showSide = () => { if (side) side.hidden = Boolean(openPane()); };

// Highlights the row of the pane; null is none. Opening the pane removes the mark of the row.
function selectRow(id, scroll = false) {
  rows().forEach((row) => {
    const isSelected = row.dataset.row === id;
    row.classList.toggle('selected', isSelected);
    if (!isSelected) { row.removeAttribute('aria-current'); return; }
    row.setAttribute('aria-current', 'true');
    if (row.hidden) rowById(row.dataset.under).querySelector('[data-group]').click();
    if (!row.classList.contains('gone') && row.querySelector('.mark')) { markRow(row, ''); refreshRow(id); }
    if (scroll) row.scrollIntoView({ block: 'nearest' });
  });
}

function setArrow(link, href) {
  if (href) {
    link.href = href;
    link.removeAttribute('aria-disabled');
    link.removeAttribute('role');
  } else {
    link.removeAttribute('href');
    link.setAttribute('aria-disabled', 'true');
    link.setAttribute('role', 'link');
  }
}

// Makes the arrows lead to the rows before and after `id`, or to the page before or after. `id` may be
// a row whose pane is still being fetched, so that the arrows can be pressed in fast succession.
export function updateArrows(id = openPane()?.dataset.pane) {
  const pane = openPane();
  // Those of its title are next, folded or not.
  const first = rowById(id)?.dataset.under || id;
  const shown = rows().filter((row) => !row.hidden || row.dataset.under === first);
  const index = shown.findIndex((row) => row.dataset.row === id);
  if (!pane || index < 0) return;
  for (const [name, step, rel] of [['previous', -1, 'prev'], ['next', 1, 'next']]) {
    const row = shown[index + step];
    setArrow(pane.querySelector(`[data-pane-${name}]`), row ? paneAddress(row.dataset.row) : pageHref(rel));
  }
}

// Shows the pane of a fetched page beside the list. False if the page has none.
export function putPane(page, id) {
  const pane = page.querySelector('[data-pane]');
  if (!pane) return false;
  const old = openPane();
  if (old) saveDraft(old);
  const isSame = old?.dataset.pane === id;
  const scrollTop = isSame ? bodyOf(old).scrollTop : 0;
  document.adoptNode(pane);
  keepPlace(() => {
    queue.querySelector('[data-bulk-pane]')?.remove();
    hideSide();
    if (old) old.replaceWith(pane); else queue.append(pane);
    queue.classList.add('has-pane');
  }, rowById(id));
  bodyOf(pane).scrollTop = scrollTop;
  restoreDraft(pane);
  updateArrows();
  selectRow(id, !isSame);
  pane.dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
  return true;
}

// Removes the pane. Returns the id of its row, or undefined if there was no pane.
export function removePane() {
  const pane = openPane();
  if (!pane) return undefined;
  saveDraft(pane);
  const id = pane.dataset.pane;
  keepPlace(() => { pane.remove(); queue.classList.remove('has-pane'); showSide(); }, rowById(id));
  selectRow(null);
  return id;
}

// Shows the result of an action on an incident, whose pane may have been closed meanwhile.
export function showResult(page, id) {
  const message = page.querySelector('[data-flash] p')?.textContent || 'Saved.';
  showMessage(openPane()?.dataset.pane === id ? message : `${noun === 'alert' ? 'Alert' : 'Incident'} ${id}: ${message}`, page.querySelector('[data-flash] form'));
  refreshRow(id);
  countViews();
}

// Replaces the pane by its state after an action. `focused` is the id or the text of the control that
// had the focus, and gets it again.
export function replacePane(page, id, focused) {
  if (!putPane(page, id)) { location.reload(); return; }
  const pane = openPane();
  const byId = focused && /^[\w-]+$/.test(focused) ? pane.querySelector(`#${CSS.escape(focused)}`) : null;
  const byText = [...pane.querySelectorAll('button, a')].find((control) => control.offsetParent && control.textContent === focused);
  (byId || byText || pane).focus({ preventScroll: true });
  showResult(page, id);
}

if (queue) {
  document.addEventListener('watchdesk:state', (event) => {
    const pane = event.target.closest('[data-pane]');
    if (pane) refreshRow(pane.dataset.pane);
  });
  document.addEventListener('watchdesk:rows', () => updateArrows());
  updateArrows();
}
