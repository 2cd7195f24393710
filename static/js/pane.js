import { restoreDraft, saveDraft } from './incident/drafts.js';
import { showMessage, showUnreachable } from './shared/message.js';

// The pane beside the queue: a click on a row fetches it, the list keeps its place, the URL says
// what is open, Back and Forward walk along what was.
(() => {
  const list = window.watchdeskRows;
  if (!list) return;
  const split = document.querySelector('[data-queue]');
  const open = () => split.querySelector('[data-pane]');
  let turn = 0;

  const mark = (id, into = false) => list.rows().forEach((row) => {
    const mine = row.dataset.row === id;
    row.classList.toggle('selected', mine);
    if (!mine) { row.removeAttribute('aria-current'); return; }
    row.setAttribute('aria-current', 'true');
    if (!row.classList.contains('gone') && row.querySelector('.mark')) { list.mark(row, ''); list.refresh(id); }
    if (into) row.scrollIntoView({ block: 'nearest' });
  });
  // The arrows walk along the rows as they are seen, and over the ends of the page; from the incident
  // that is on its way already, so that nobody has to wait for it.
  const arrows = (pane, id = pane.dataset.pane) => {
    const all = list.rows();
    const at = all.findIndex((row) => row.dataset.row === id);
    if (at < 0) return;
    for (const [name, step, rel] of [['previous', -1, 'prev'], ['next', 1, 'next']]) {
      const link = pane.querySelector(`[data-pane-${name}]`);
      const row = all[at + step];
      const href = row ? list.address('/incidents', { pane: row.dataset.row }) : list.way(rel);
      if (href) { link.href = href; link.removeAttribute('aria-disabled'); link.removeAttribute('role'); }
      else { link.removeAttribute('href'); link.setAttribute('aria-disabled', 'true'); link.setAttribute('role', 'link'); }
    }
  };
  const keepDraft = () => { if (open()) saveDraft(open()); };
  const put = (page, id) => {
    const fresh = page.querySelector('[data-pane]');
    if (!fresh) return false;
    keepDraft();
    const old = open();
    const scroll = old && old.dataset.pane === id ? old.scrollTop : 0;
    const pane = document.adoptNode(fresh);
    list.keepPlace(() => {
      if (old) old.replaceWith(pane); else split.append(pane);
      split.classList.add('has-pane');
    }, list.byId(id));
    pane.scrollTop = scroll;
    restoreDraft(pane);
    arrows(pane);
    mark(id, old?.dataset.pane !== id);
    pane.dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
    return true;
  };
  // `href` names a pane, or only a page of the list: then its first row, or its last with `back`.
  const show = async (href, { push = true, focus = true, back = false } = {}) => {
    const mine = ++turn;
    const url = new URL(href, location.href);
    try {
      if (open() && list.byId(url.searchParams.get('pane'))) arrows(open(), url.searchParams.get('pane'));
      const other = list.shows(url) ? null : await list.page(url);
      if (!url.searchParams.has('pane')) url.searchParams.set('pane', list.rowsIn(other || document).at(back ? -1 : 0).dataset.row);
      const id = url.searchParams.get('pane');
      const page = await list.get(`/incidents/${id}/pane${url.search}`);
      // Whoever walks on faster than the answers come sees only where they stopped.
      if (mine !== turn) return false;
      if (push && url.href !== location.href) history.pushState({}, '', url);
      if (other) list.put(other, url);
      if (!put(page, id)) throw new Error('no pane');
      // The hand stays where it was: on the same arrow, or on the pane itself.
      const target = typeof focus === 'string' ? open().querySelector(`${focus}[href]`) : null;
      if (focus) (target || open()).focus({ preventScroll: true });
      return true;
    } catch (error) {
      if (mine !== turn) return false;
      if (open()) arrows(open());
      // A lost connection is no reason to leave the list; anything else is told by the page itself.
      if (error instanceof TypeError) showUnreachable(); else location.assign(href);
      return false;
    }
  };
  const close = (push = true) => {
    turn += 1;
    const pane = open();
    if (!pane) return;
    keepDraft();
    const id = pane.dataset.pane;
    list.keepPlace(() => { pane.remove(); split.classList.remove('has-pane'); }, list.byId(id));
    mark(null);
    if (push) history.pushState({}, '', list.address('/incidents', { pane: null }));
    document.dispatchEvent(new Event('watchdesk:content'));
    const row = list.byId(id);
    const links = row ? [row.querySelector('[data-pane-link]'), row.querySelector('.col-name a')] : [];
    (links.find((link) => link?.offsetParent) || document.getElementById('main')).focus({ preventScroll: Boolean(row) });
  };

  window.watchdeskPane = {
    replace: (page, id, focused) => {
      if (!put(page, id)) { location.reload(); return; }
      const pane = open();
      const byId = focused && /^[\w-]+$/.test(focused) ? pane.querySelector(`#${CSS.escape(focused)}`) : null;
      const byText = [...pane.querySelectorAll('button, a')].find((one) => !one.matches('.sr') && one.textContent === focused);
      (byId || byText || pane).focus({ preventScroll: true });
      window.watchdeskPane.done(page, id);
    },
    /** Tells what became of an act on an incident, wherever its pane is now. */
    done: (page, id) => {
      const told = page.querySelector('[data-flash] p')?.textContent || 'Saved.';
      showMessage(open()?.dataset.pane === id ? told : `Incident ${id}: ${told}`, page.querySelector('[data-flash] form'));
      list.refresh(id);
    },
    /** Whatever is on its way belongs to a list that is left. */
    forget: () => { turn += 1; },
    show, close, open,
  };
  split.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = event.target.closest('[data-pane-previous], [data-pane-next]');
    if (step) {
      const back = step.matches('[data-pane-previous]');
      if (step.href) { event.preventDefault(); show(step.href, { back, focus: back ? '[data-pane-previous]' : '[data-pane-next]' }); }
      return;
    }
    const row = event.target.closest('[data-row]');
    if (!row || event.target.closest('input, label, button, summary')) return;
    const link = event.target.closest('a');
    if (link && !link.matches('[data-pane-link]')) return;
    if (getSelection()?.toString()) return;
    event.preventDefault();
    show(list.address('/incidents', { pane: row.dataset.row }));
  });
  split.addEventListener('submit', (event) => {
    if (event.target.matches('[data-pane-close]')) { event.preventDefault(); close(); }
  });
  document.addEventListener('keydown', (event) => {
    // What lies over the pane is closed first.
    if (event.key === 'Escape' && open() && !event.defaultPrevented && !event.target.matches('input:not([type=checkbox], [type=radio]), textarea, select') && !document.querySelector('dialog[open], details[data-menu][open], .panel')) { event.preventDefault(); close(); }
  });
  addEventListener('popstate', async () => {
    const id = new URL(location.href).searchParams.get('pane');
    if (id && id === open()?.dataset.pane && list.shows(location.href)) return;
    if (id) { show(location.href, { push: false }); return; }
    close(false);
    if (list.shows(location.href)) return;
    const mine = ++turn;
    const found = await list.page(location.href).catch(() => null);
    if (mine !== turn) return;
    if (found) list.put(found, location.href); else location.reload();
  });
  document.addEventListener('watchdesk:state', (event) => { const pane = event.target.closest('[data-pane]'); if (pane) list.refresh(pane.dataset.pane); });
  document.addEventListener('watchdesk:rows', () => { if (open()) arrows(open()); });
  if (open()) arrows(open());
})();
