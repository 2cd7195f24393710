// The button that copies the link to this list.

import { copyText } from '../shared/copy.js';
import { showMessage } from '../shared/message.js';

const button = document.querySelector('[data-copy-link]');

if (button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const link = new URL(button.dataset.copyLink, location.href).href;
    showMessage(await copyText(link, button) ? 'Link copied: it shows this list.' : `The browser does not let this page copy. The link is ${link}`);
  });
}
