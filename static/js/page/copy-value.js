// The buttons beside names and facts that copy them whole, however they are shown.

import { copyText } from '../shared/copy-text.js';

const said = Object.assign(document.createElement('p'), { className: 'sr', role: 'status' });
document.body.append(said);

function textOf(button) {
  if (button.dataset.copy) return button.dataset.copy;
  const value = button.closest('.copies').parentElement.querySelector('.value');
  return value.title || value.textContent;
}

addEventListener('click', async (event) => {
  const button = event.target.closest?.('button.copy');
  if (!button) return;
  const copied = await copyText(textOf(button), button);
  said.textContent = '';
  requestAnimationFrame(() => { said.textContent = copied ? 'Copied' : 'The browser does not let this page copy.'; });
  button.classList.toggle('copied', copied);
  setTimeout(() => button.classList.remove('copied'), 1500);
});
