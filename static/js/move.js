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
    if (![...chosen.keys()].length) { window.watchdeskSay('Select at least one alert first.'); return; }
    const address = `${form.getAttribute('action')}?${chosen}`;
    const response = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
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
      const answer = await fetch(submit.target.action, { method: 'POST', body: new URLSearchParams(new FormData(submit.target, submit.submitter)), credentials: 'same-origin' }).catch(() => null);
      if (!answer) { window.watchdeskSay('Watchdesk cannot be reached. Nothing was moved.'); return; }
      const told = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (answer.ok) {
        const message = told.querySelector('[data-flash] p')?.textContent;
        if (message) sessionStorage.setItem('watchdesk:said', message);
        location.assign(answer.url);
        return;
      }
      const again = told.querySelector('[data-move-form]');
      if (!again) { dialog.close(); window.watchdeskSay(told.querySelector('[data-message]')?.textContent || 'That did not work.'); return; }
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
