// The button that copies the link to this list.

import { copyText } from '../shared/copy-text.js';
import { showMessage } from '../shared/message.js';

const button = document.querySelector('[data-copy-link]');

if (button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const link = new URL(button.dataset.copyLink, location.href).href;
    showMessage(await copyText(link, button) ? 'Link to this list copied.' : `The browser blocked copying. The link is ${link}`);
  });
}
