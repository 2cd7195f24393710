// The list of keyboard shortcuts, shown by "?", with the switch that turns them off.

import { writePreference } from '../shared/preference.js';
import { SINGLE_KEYS, areKeysOff } from './single-keys.js';

const KEYS = [
  ['j / k', 'Next or previous'],
  ['Enter / o', 'Open'],
  ['x', 'Select'],
  ['[ / ] / p / n', 'Previous or next'],
  ['u / Escape', 'Back to the list'],
  ['m', 'Manage'],
  ['a', 'Assign to me'],
  ['c', 'Comment'],
  ['r', 'Resolve'],
  ['R', 'Resolve and next'],
  ['v', 'Classify'],
  ['e', 'Alerts'],
  ['t', 'Add a tag'],
  ['/', 'Search'],
  ['f', 'Search list'],
  ['g i', 'Incidents'],
  ['g a', 'Alerts'],
  ['Ctrl Enter', 'Save'],
  ['?', 'Keys'],
];

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// "j / k" becomes two <kbd> elements with " / " between them.
function keyNames(keys) {
  return keys.split(/( \/ | )/).map((part) => (part.trim() && part !== ' / ' ? make('kbd', { textContent: part }) : part));
}

function makeTable() {
  const head = make('tr', {}, make('th', { scope: 'col', textContent: 'Key' }), make('th', { scope: 'col', textContent: 'Action' }));
  const lines = KEYS.map(([keys, effect]) => make('tr', {}, make('th', { scope: 'row' }, ...keyNames(keys)), make('td', { textContent: effect })));
  return make('table', { className: 'plain' }, make('thead', {}, head), make('tbody', {}, ...lines));
}

function makeSwitch() {
  const box = make('input', { type: 'checkbox', checked: !areKeysOff() });
  box.addEventListener('change', () => writePreference(SINGLE_KEYS, box.checked ? 'on' : 'off'));
  return make('label', { className: 'check' }, box, 'Use single-key shortcuts');
}

function showHelp() {
  const close = make('button', { type: 'button', textContent: 'Close' });
  const title = make('h2', { id: 'keys-title', textContent: 'Keyboard shortcuts' });
  const dialog = make('dialog', { className: 'keys' }, title, makeTable(), makeSwitch(), close);
  dialog.setAttribute('aria-labelledby', title.id);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

addEventListener('watchdesk:help', showHelp);
