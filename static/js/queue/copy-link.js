// The button that copies the link to this list.

import { showMessage } from '../shared/message.js';

const button = document.querySelector('[data-copy-link]');

// The clipboard API needs HTTPS. Without it, a selected text can be copied.
async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* no clipboard API: see below */ }
  const field = Object.assign(document.createElement('textarea'), { value: text, className: 'sr' });
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  button.focus({ preventScroll: true });
  return copied;
}

if (button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const link = new URL(button.dataset.copyLink, location.href).href;
    showMessage(await copy(link) ? 'Link to this list copied.' : `The browser blocked copying. The link is ${link}`);
  });
}
