// Goes to a page that a script has already fetched. The server shows a message only once, so it is
// kept here and shown, with its Undo button, after the navigation.

import { showMessage } from './message.js';
import { readStored, store } from './tab-storage.js';

const STORED = 'message';

export function goTo(href, page) {
  const flash = page.querySelector('[data-flash]');
  const message = flash?.querySelector('p')?.textContent;
  const undo = flash?.querySelector('form')?.getAttribute('action');
  if (message) store(STORED, JSON.stringify({ message, undo }));
  location.assign(href);
}

function undoForm(action) {
  const csrf = document.querySelector('form [name=csrf]');
  if (!action || !csrf) return null;
  const form = Object.assign(document.createElement('form'), { method: 'post', className: 'undo' });
  form.setAttribute('action', action);
  form.dataset.undo = '';
  const returnTo = Object.assign(document.createElement('input'), { type: 'hidden', name: 'return_to' });
  form.append(csrf.cloneNode(), returnTo, Object.assign(document.createElement('button'), { textContent: 'Undo' }));
  return form;
}

const stored = readStored(STORED);
if (stored) {
  store(STORED, '');
  const { message, undo } = JSON.parse(stored);
  showMessage(message, undoForm(undo));
}
