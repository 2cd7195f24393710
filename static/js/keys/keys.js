// Keyboard shortcuts of single keys. They are ignored while somebody types, and can be switched off.

import { addressOf } from '../shared/base-path.js';
import { ACTIONS } from './actions.js';
import { keepForField } from './field-focus.js';
import { loadLater } from '../page/load-later.js';
import { areKeysOff } from './single-keys.js';
import { currentRow, isKeyed, moveFocus, openCurrentRow, pressArrow } from './row-focus.js';

const showHelp = () => loadLater().then(() => dispatchEvent(new Event('watchdesk:help')));

const KEYS = {
  j: () => moveFocus(1),
  k: () => moveFocus(-1),
  o: openCurrentRow,
  x: () => currentRow()?.querySelector('.col-check input')?.click(),
  '[': () => pressArrow('previous'),
  ']': () => pressArrow('next'),
  u: ACTIONS.backToList,
  a: ACTIONS.assignToMe,
  m: ACTIONS.manageSelected,
  c: ACTIONS.comment,
  r: ACTIONS.resolve,
  t: ACTIONS.addTag,
  v: ACTIONS.classify,
  e: ACTIONS.showAlerts,
  n: () => pressArrow('next'),
  p: () => pressArrow('previous'),
  R: ACTIONS.resolveAndNext,
  '/': ACTIONS.search,
  f: ACTIONS.searchList,
  '?': showHelp,
  g: () => { goPressed = Date.now(); },
};
const REPEATABLE = 'jk[]np';
const GO_TO = { i: addressOf('/incidents'), a: addressOf('/alerts') };
const GO_WITHIN = 1500;
let goPressed = 0;

const isTypingIn = (place) => place.isContentEditable || place.matches?.('input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select');

function isWithModifier(event) {
  // On many keyboards brackets need Option or AltGr.
  const isBracket = '[]'.includes(event.key) && (event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey));
  return event.metaKey || ((event.ctrlKey || event.altKey) && !isBracket);
}

// Input methods send key events while they compose a character.
const isComposing = (event) => event.isComposing || event.keyCode === 229;

// Enter opens the pane of a row that was reached by j or k. After Tab, it follows the focused link.
function pressEnter(event) {
  const row = event.target.matches('.col-name a:not(.group-count)') && event.target.closest('[data-row]');
  if (row && isKeyed(row)) { event.preventDefault(); openCurrentRow(); }
}

function runShortcut(event) {
  // Caps Lock also gives capital letters, but must not change what a key does.
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  if (goPressed && Date.now() - goPressed < GO_WITHIN && GO_TO[key]) { event.preventDefault(); location.assign(GO_TO[key]); return; }
  goPressed = 0;
  const action = Object.hasOwn(KEYS, key) && KEYS[key];
  if (!action || (event.repeat && !REPEATABLE.includes(key))) return;
  event.preventDefault();
  action();
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || isWithModifier(event) || isComposing(event)) return;
  if (document.querySelector('dialog[open]') || event.target.closest?.('[role=dialog]')) return;
  if (keepForField(event)) return;
  const pane = event.target.closest?.('[data-pane]');
  // Leaves a field of the pane, so that the shortcuts work.
  if (event.key === 'Escape' && pane && isTypingIn(event.target)) { event.preventDefault(); pane.focus({ preventScroll: true }); return; }
  if (areKeysOff() || isTypingIn(event.target)) return;
  if (event.key === 'Enter') pressEnter(event); else runShortcut(event);
});

const button = document.querySelector('[data-keys-help]');
if (button) { button.hidden = false; button.addEventListener('click', showHelp); }
