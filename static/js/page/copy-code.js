// The buttons beside texts that are pasted elsewhere.

import { copyText } from '../shared/copy-text.js';

const SHOWN = 2000;

async function copy(button) {
  const copied = await copyText(document.getElementById(button.dataset.copyCode).textContent, button);
  if (button.dataset.label === undefined) button.dataset.label = button.textContent;
  button.textContent = copied ? 'Copied' : 'Not copied';
  setTimeout(() => { button.textContent = button.dataset.label; }, SHOWN);
}

for (const button of document.querySelectorAll('[data-copy-code]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}
