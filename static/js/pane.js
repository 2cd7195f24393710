// The pane beside the queue: a click on a row fetches it, the list keeps its place, the URL says
// what is open, Back closes it again.
(() => {
  const split = document.querySelector('[data-queue]');
  if (!split) return;
  const rows = () => [...document.querySelectorAll('[data-row]')];
  const open = () => split.querySelector('[data-pane]');
  const idOf = (url) => new URL(url, location.href).searchParams.get('pane');

  const mark = (id) => rows().forEach((row) => {
    const mine = row.dataset.row === id;
    row.classList.toggle('selected', mine);
    if (mine) row.setAttribute('aria-current', 'true'); else row.removeAttribute('aria-current');
  });
  const arrows = (pane) => {
    const list = rows();
    const at = list.findIndex((row) => row.dataset.row === pane.dataset.pane);
    for (const [name, step] of [['previous', -1], ['next', 1]]) {
      const link = pane.querySelector(`[data-pane-${name}]`);
      const row = at < 0 ? undefined : list[at + step];
      if (row) { link.href = row.dataset.paneHref; link.removeAttribute('aria-disabled'); link.removeAttribute('role'); }
      else { link.removeAttribute('href'); link.setAttribute('aria-disabled', 'true'); link.setAttribute('role', 'link'); }
    }
  };
  const keepDraft = () => { if (open()) window.watchdeskDrafts.save(open()); };
  const put = (page, id, saved = false) => {
    const fresh = page.querySelector('[data-pane]');
    if (!fresh) return false;
    keepDraft();
    const old = open();
    if (saved) window.watchdeskDrafts.drop(window.watchdeskDrafts.subjectOf(old), 'fields');
    const scroll = old && old.dataset.pane === id ? old.scrollTop : 0;
    const pane = document.adoptNode(fresh);
    if (old) old.replaceWith(pane); else split.append(pane);
    split.classList.add('has-pane');
    pane.scrollTop = scroll;
    window.watchdeskDrafts.restore(pane);
    pane.querySelectorAll('[name=return_to]').forEach((input) => { input.value = location.pathname + location.search; });
    arrows(pane);
    mark(id);
    pane.dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
    return true;
  };
  const show = async (href, { push = true, focus = true } = {}) => {
    const id = idOf(href);
    const response = await fetch(`/incidents/${id}/pane`, { credentials: 'same-origin' }).catch(() => null);
    if (!response || !response.ok || response.redirected) { location.assign(href); return; }
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (push) history.pushState({}, '', href);
    if (!put(page, id)) { location.assign(href); return; }
    // The hand stays where it was: on the same arrow, or on the pane itself.
    const target = typeof focus === 'string' ? open().querySelector(`${focus}[href]`) : null;
    if (focus) (target || open()).focus({ preventScroll: true });
  };
  const close = (push = true) => {
    const pane = open();
    if (!pane) return;
    keepDraft();
    const id = pane.dataset.pane;
    pane.remove();
    split.classList.remove('has-pane');
    mark(null);
    if (push) { const url = new URL(location.href); url.searchParams.delete('pane'); history.pushState({}, '', url); }
    document.dispatchEvent(new Event('watchdesk:content'));
    document.querySelector(`#row-${CSS.escape(id)} [data-pane-link]`)?.focus({ preventScroll: true });
  };
  // A row that the filter no longer finds still tells the truth about its incident: what the open
  // pane shows of it, whether that came by the stream or with the answer to a save.
  const STATUS = { Active: 'active', 'In progress': 'inProgress', Resolved: 'resolved', Redirected: 'redirected' };
  const tell = (row) => {
    const pane = open();
    if (!pane || pane.dataset.pane !== row.dataset.row) return;
    const shown = (name) => pane.querySelector(`[data-live="${name}"]`)?.textContent;
    const write = (cell, value) => { const place = row.querySelector(cell); if (place && value !== undefined) place.textContent = value; };
    write('.col-name a', shown('name'));
    write('.col-active', shown('activeAlerts'));
    write('.col-owner', shown('owner'));
    write('.col-classification', shown('classification'));
    write('.col-status .status', shown('status'));
    const status = row.querySelector('.col-status .status');
    if (status && STATUS[shown('status')]) status.className = `status status-${STATUS[shown('status')]}`;
    const severity = pane.querySelector('[data-live-severity] .severity');
    if (severity) row.querySelector('.severity')?.replaceWith(severity.cloneNode(true));
  };
  // Brings one row up to date without moving the list: its new text, or a mark that it left.
  let refreshing = null;
  const refreshRow = (id) => {
    clearTimeout(refreshing);
    refreshing = setTimeout(async () => {
      const response = await fetch(location.pathname + location.search, { credentials: 'same-origin' }).catch(() => null);
      if (!response || !response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const old = document.getElementById(`row-${id}`);
      const fresh = page.getElementById(`row-${id}`);
      if (!old) return;
      const total = page.querySelector('[data-total]');
      if (total) document.querySelector('[data-total]').textContent = total.textContent;
      if (!fresh) { old.classList.add('gone'); tell(old); return; }
      const checked = old.querySelector('input[type=checkbox]')?.checked;
      const focused = old.contains(document.activeElement) ? document.activeElement.closest('td')?.className : null;
      const row = document.adoptNode(fresh);
      if (row.querySelector('input[type=checkbox]')) row.querySelector('input[type=checkbox]').checked = checked;
      old.replaceWith(row);
      document.dispatchEvent(new Event('watchdesk:rows'));
      if (focused) row.querySelector(`td.${focused.split(' ')[0]} a, td.${focused.split(' ')[0]} input`)?.focus({ preventScroll: true });
    }, 250);
  };

  window.watchdeskPane = {
    replace: (page, id, saved, focused) => {
      if (!put(page, id, saved)) { location.reload(); return; }
      const pane = open();
      const byId = focused && /^[\w-]+$/.test(focused) ? pane.querySelector(`#${CSS.escape(focused)}`) : null;
      const byText = [...pane.querySelectorAll('button, a')].find((one) => !one.matches('.sr') && one.textContent === focused);
      (byId || byText || pane).focus({ preventScroll: true });
      window.watchdeskSay(page.querySelector('[data-flash] p')?.textContent || 'Saved.', page.querySelector('[data-flash] form'));
      refreshRow(id);
    },
    show, close,
  };
  split.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = event.target.closest('[data-pane-previous], [data-pane-next]');
    if (step) { if (step.href) { event.preventDefault(); show(step.href, { focus: step.matches('[data-pane-next]') ? '[data-pane-next]' : '[data-pane-previous]' }); } return; }
    const row = event.target.closest('[data-row]');
    if (!row || event.target.closest('input, label, button')) return;
    const link = event.target.closest('a');
    if (link && !link.matches('[data-pane-link]')) return;
    if (getSelection()?.toString()) return;
    event.preventDefault();
    show(row.dataset.paneHref);
  });
  split.addEventListener('submit', (event) => {
    if (event.target.matches('[data-pane-close]')) { event.preventDefault(); close(); }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open() && !event.defaultPrevented && !event.target.matches('input, textarea, select') && !document.querySelector('dialog[open]')) close();
  });
  addEventListener('popstate', () => { const id = idOf(location.href); if (id) show(location.href, { push: false }); else close(false); });
  document.addEventListener('watchdesk:state', (event) => { const pane = event.target.closest('[data-pane]'); if (pane) refreshRow(pane.dataset.pane); });
})();
