// The message at the top of the page: what the last action did, with an Undo button.

export const SESSION_ENDED = 'Your session has ended. Sign in again in another tab. Your text is still here.';

// Shows a message, announced by screen readers, with the form of its Undo button if there is one.
export function showMessage(message, undoForm) {
  const place = document.querySelector('[data-flash]');
  if (!place) return;
  place.replaceChildren();
  if (!message) return;
  const line = document.createElement('p');
  line.textContent = message;
  place.append(line);
  if (!undoForm) return;
  const form = document.adoptNode(undoForm);
  form.elements.return_to.value = location.pathname + location.search;
  place.append(form);
}

export const showUnreachable = () => showMessage('Watchdesk cannot be reached. Try again in a moment.');
