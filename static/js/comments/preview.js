// Shows how a comment will look without leaving the page. Without this script "Preview" is a page of its own.

import { isSignedOut, parsePage } from '../shared/fetch-page.js';
import { SESSION_ENDED } from '../shared/message.js';

const UNREACHABLE = 'Watchdesk cannot be reached. Your comment is still here. Try again.';

async function preview(form, button) {
  const place = form.querySelector('[data-preview]');
  const body = new URLSearchParams(new FormData(form, button));
  place.hidden = false;
  place.classList.add('markdown');
  try {
    const response = await fetch(button.formAction, { method: 'POST', body });
    if (isSignedOut(response)) { place.textContent = SESSION_ENDED; return; }
    const page = await parsePage(response);
    const shown = page.querySelector('[data-preview]');
    if (shown) place.replaceChildren(...shown.childNodes); else place.textContent = page.querySelector('.problem')?.textContent || UNREACHABLE;
  } catch { place.textContent = UNREACHABLE; }
}

document.addEventListener('submit', (event) => {
  const { submitter, target } = event;
  if (!submitter?.hasAttribute('formaction') || !target.querySelector('[data-preview]')) return;
  event.preventDefault();
  preview(target, submitter);
});
// What was posted or removed needs no preview any more.
document.addEventListener('input', ({ target }) => {
  const place = target.form?.querySelector('[data-preview]');
  if (place && target.name === 'body' && !target.value) place.hidden = true;
});
