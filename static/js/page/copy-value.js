// The buttons that copy a name, a fact or a command whole, however it is shown, or the link to a list.

import { copyText } from '../shared/copy-text.js';

const said = Object.assign(document.createElement('p'), { className: 'sr', role: 'status' });
document.body.append(said);

function textOf(button) {
  const { copy, copyCode, copyLink } = button.dataset;
  if (copyLink) return new URL(copyLink, location.href).href;
  if (copy || copyCode) return copy || document.getElementById(copyCode).textContent;
  const value = button.closest('.copies').parentElement.querySelector('.value');
  return value.title || value.textContent;
}

addEventListener('click', async (event) => {
  const button = event.target.closest?.('button.copy, [data-copy-code], [data-copy-link]');
  if (!button) return;
  const copied = await copyText(textOf(button), button);
  said.textContent = '';
  requestAnimationFrame(() => { said.textContent = copied ? 'Copied' : 'The browser does not let this page copy.'; });
  button.classList.toggle('copied', copied);
  setTimeout(() => button.classList.remove('copied'), 1500);
});
document.querySelectorAll('[data-copy-code], [data-copy-link]').forEach((button) => { button.hidden = false; });
