import { goTo } from './shared/go-to.js';
import { showMessage, showUnreachable } from './shared/message.js';

// Moving alerts: the same form in a dialog, and suggestions for the target while typing.
(() => {
  const suggest = (root) => {
    const field = root.querySelector('[data-suggest]');
    if (!field) return;
    const list = field.parentElement.querySelector('datalist');
    let timer = null;
    field.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const response = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`, { credentials: 'same-origin' }).catch(() => null);
        if (!response || !response.ok) return;
        const found = await response.json();
        list.replaceChildren(...found.map(({ id, name }) => { const option = document.createElement('option'); option.value = `${id} ${name}`; return option; }));
      }, 120);
    });
  };
  suggest(document);
  if (!window.HTMLDialogElement) return;
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.matches('[data-move-select]')) return;
    event.preventDefault();
    const chosen = new URLSearchParams(new FormData(form));
    if (![...chosen.keys()].length) { showMessage('Select at least one alert first.'); return; }
    const address = `${form.getAttribute('action')}?${chosen}`;
    const response = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
    if (!response) { showUnreachable(); return; }
    const page = response && response.ok ? new DOMParser().parseFromString(await response.text(), 'text/html') : null;
    const inner = page?.querySelector('[data-move-form]');
    if (!inner) { location.assign(address); return; }
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'move-title');
    dialog.append(document.adoptNode(inner));
    dialog.addEventListener('close', () => dialog.remove());
    dialog.addEventListener('click', (click) => { if (click.target.closest('[data-dialog-close]')) { click.preventDefault(); dialog.close(); } });
    // A refused move comes back into the dialog with everything typed.
    dialog.addEventListener('submit', async (submit) => {
      submit.preventDefault();
      const sent = submit.target;
      if (sent.dataset.busy !== undefined) return;
      sent.dataset.busy = '';
      // What is outside of an open dialog is not heard.
      const say = (words) => {
        const place = dialog.querySelector('[data-said]') || dialog.appendChild(Object.assign(document.createElement('p'), { className: 'problem', role: 'alert' }));
        place.dataset.said = '';
        place.textContent = words;
        delete sent.dataset.busy;
      };
      const answer = await fetch(sent.action, { method: 'POST', body: new URLSearchParams(new FormData(sent, submit.submitter)), credentials: 'same-origin' }).catch(() => null);
      if (!answer) { say('Watchdesk cannot be reached. Nothing was moved; try again.'); return; }
      if (answer.redirected && new URL(answer.url).pathname === '/login') { say('Your session has ended. Sign in again in another tab; what you typed is still here.'); return; }
      const told = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (answer.ok) { goTo(answer.url, told); return; }
      const again = told.querySelector('[data-move-form]');
      if (!again) { say(told.querySelector('[data-message]')?.textContent || 'That did not work.'); return; }
      dialog.replaceChildren(document.adoptNode(again));
      suggest(dialog);
      (dialog.querySelector('[aria-invalid="true"]') || dialog.querySelector('[name=target]')).focus();
    });
    document.body.append(dialog);
    suggest(dialog);
    dialog.showModal();
    dialog.querySelector('[name=target]').focus();
  });
})();
