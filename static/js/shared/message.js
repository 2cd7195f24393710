// The message at the top of the page: what the last action did, with an Undo button.

import { addressOf } from './base-path.js';

export const SESSION_ENDED = 'Your session has ended. Sign in again in another tab. Your text is still here.';

// The text with links to the incidents that it names, as the server writes them.
function withLinks(text) {
  return text.split(/(\b[Ii]ncident \d+)/).map((part, index) => (index % 2
    ? Object.assign(document.createElement('a'), { href: addressOf(`/incidents/${part.split(' ')[1]}`), textContent: part }) : part));
}

const place = document.querySelector('[data-flash]');

function addClose() {
  const button = Object.assign(document.createElement('button'), { className: 'flash-close', textContent: '\u2715', ariaLabel: 'Dismiss' });
  button.onclick = () => place.replaceChildren();
  place.append(button);
}

// Shows a message, announced by screen readers, with the form of its Undo button if there is one.
export function showMessage(message, undoForm) {
  if (!place) return;
  place.replaceChildren();
  if (!message) return;
  const line = document.createElement('p');
  line.append(...withLinks(message));
  place.append(line);
  if (undoForm) {
    const form = document.adoptNode(undoForm);
    form.elements.return_to.value = location.pathname + location.search;
    place.append(form);
  }
  addClose();
}

// Of two bundles that have this module, one adds it.
if (place?.querySelector('p') && !place.querySelector('.flash-close')) addClose();

export const showUnreachable = () => showMessage('Watchdesk cannot be reached. Try again in a moment.');
