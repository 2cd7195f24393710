import { showUnreachable } from './shared/message.js';

// The rows of the queue: brings them in and up to date without a reload, and keeps the reader's
// place. What is checked, expanded, marked or focused stays so.
(() => {
  const split = document.querySelector('[data-queue]');
  if (!split) return;
  const list = split.querySelector('.list');
  const body = () => list.querySelector('[data-rows]');
  const rowsIn = (place) => [...place.querySelectorAll('[data-rows] > [data-row]')];
  const rows = () => rowsIn(list);
  const byId = (id) => document.getElementById(`row-${id}`);
  const box = (row) => row.querySelector('input[name=ids]');
  // Others dress new rows; only then there is again what had the focus.
  let refocus = null;
  const changed = (detail = {}) => {
    document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail }));
    refocus?.();
    refocus = null;
  };
  let after = new URL(location.href).searchParams.get('after');
  // Counts the pages that were put here: what was asked for another one is not for this one.
  let pages = 0;
  const total = (found) => {
    const [place, words] = [document.querySelector('[data-total]'), found.querySelector('[data-total]').textContent];
    if (place.textContent !== words) place.textContent = words;
  };

  // An address with this list's query; null takes a parameter off.
  const address = (path, other = {}) => {
    const url = new URL(path, location.href);
    url.search = location.search;
    for (const [name, value] of Object.entries(other)) { if (value === null) url.searchParams.delete(name); else url.searchParams.set(name, value); }
    return url.pathname + url.search;
  };
  const signedOut = (response) => response.redirected && new URL(response.url).pathname === '/login';
  const get = async (href) => {
    const response = await fetch(href, { credentials: 'same-origin' });
    if (!response.ok || signedOut(response)) throw new Error('no answer');
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  };

  // Does something to the page while a row stays where it is seen. A hidden list (beside an open
  // pane on a narrow screen) comes back as it was left.
  let place = null;
  const scroller = () => {
    for (let place = body(); place !== document.body; place = place.parentElement) {
      if (place.scrollHeight > place.clientHeight + 1 && getComputedStyle(place).overflowY === 'auto') return place;
    }
    return document.scrollingElement;
  };
  const top = (row) => row.getBoundingClientRect().top;
  const inSight = (row) => {
    if (!row) return false;
    const within = scroller();
    const from = within === document.scrollingElement ? 0 : top(within) + list.querySelector('thead').offsetHeight;
    return top(row) >= from - 1 && top(row) < innerHeight;
  };
  const keepPlace = (work, wanted) => {
    if (list.offsetParent) {
      const row = inSight(wanted) ? wanted : rows().find(inSight);
      place = row ? [row.id, top(row)] : null;
    }
    work();
    const row = place && document.getElementById(place[0]);
    if (row && list.offsetParent) scroller().scrollTop += top(row) - place[1];
  };

  const mark = (row, words) => {
    row.querySelector('.mark')?.remove();
    if (!words) return;
    const dot = Object.assign(document.createElement('span'), { className: 'mark', title: words });
    dot.append(Object.assign(document.createElement('span'), { className: 'sr', textContent: `${words}. ` }));
    (row.querySelector('.col-name') || row.cells[0]).prepend(dot);
  };
  const replace = (old, fresh, gone) => {
    const row = document.adoptNode(fresh);
    const focusable = (place) => [...place.querySelectorAll('a, input, button, summary')];
    const focused = focusable(old).indexOf(document.activeElement);
    if (box(row) && box(old)) box(row).checked = box(old).checked;
    row.classList.toggle('selected', old.classList.contains('selected'));
    if (old.ariaCurrent) row.ariaCurrent = old.ariaCurrent; else row.removeAttribute('aria-current');
    const words = old.classList.contains('gone') ? '' : old.querySelector('.mark')?.title;
    if (words || gone) mark(row, gone ? 'No longer in this list' : words);
    row.classList.toggle('gone', gone);
    old.replaceWith(row);
    if (focused >= 0) refocus = () => focusable(row)[focused]?.focus({ preventScroll: true });
  };
  // Takes in rows that were asked for by their ids, dimmed where the filter does not find them.
  const bring = (found) => {
    total(found);
    const brought = [];
    for (const gone of [false, true]) {
      found.querySelectorAll(`[data-${gone ? 'gone' : 'rows'}] > [data-row]`).forEach((fresh) => {
        const old = byId(fresh.dataset.row);
        if (!old) return;
        replace(old, fresh, gone);
        brought.push(fresh.dataset.row);
      });
    }
    changed({ brought });
  };
  let due = new Set();
  let timer = null;
  const refresh = (id) => {
    due.add(id);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const ids = [...due].join();
      due = new Set();
      const found = await get(address('/incidents/rows', { only: ids })).catch(() => null);
      if (found) bring(found);
    }, 250);
  };
  const takeNav = (found) => {
    const [old, fresh] = [list, found].map((where) => where.querySelector('nav[aria-label=Pages]'));
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    else if (fresh) list.append(document.adoptNode(fresh));
    else old?.remove();
  };

  // What was checked on a page that is left stays checked, out of sight, until its row comes back.
  const keepChecked = () => {
    const kept = list.querySelector('[data-kept]') || list.appendChild(Object.assign(document.createElement('div'), { hidden: true }));
    kept.dataset.kept = '';
    rows().map(box).filter((one) => one?.checked).forEach((one) => kept.append(one));
    return kept;
  };
  // Puts another page of the same list in the place of this one.
  const put = (found, url) => {
    const kept = keepChecked();
    pages += 1;
    after = new URL(url, location.href).searchParams.get('after');
    body().replaceChildren(...rowsIn(found).map((row) => document.adoptNode(row)));
    for (const old of kept.querySelectorAll('input')) { const row = byId(old.value); if (row && box(row)) { box(row).checked = old.checked; old.remove(); } }
    total(found);
    takeNav(found);
    changed({ page: true });
  };

  // The rows of both lists whose order is the same in both: the longest increasing run of places.
  const unmoved = (fresh) => {
    const places = new Map(rows().map((row, index) => [row.dataset.row, index]));
    const known = fresh.map((row) => row.dataset.row).filter((id) => places.has(id));
    const runs = [];
    let best = [];
    for (const id of known) {
      let longest = [];
      for (const run of runs) if (places.get(run.at(-1)) < places.get(id) && run.length > longest.length) longest = run;
      runs.push([...longest, id]);
      if (longest.length + 1 > best.length) best = runs.at(-1);
    }
    return new Set(best);
  };
  // Brings a newer state of this page in where the reader is: rows in `ids` are replaced in their
  // place, new ones put where they belong. Gives the ids that were added.
  const merge = (found, ids) => {
    const fresh = rowsIn(found);
    const stays = unmoved(fresh);
    const added = [];
    let last = null;
    const work = () => {
      for (const row of fresh) {
        const id = row.dataset.row;
        const old = byId(id);
        if (old) { if (ids.has(id)) replace(old, row, false); if (stays.has(id)) last = byId(id); continue; }
        while (last?.nextElementSibling?.matches('[data-expands]')) last = last.nextElementSibling;
        if (last) last.after(document.adoptNode(row)); else body().prepend(document.adoptNode(row));
        last = byId(id);
        added.push(id);
      }
    };
    // Who sees the first row sees what comes above it; anybody further down keeps their place.
    if (inSight(rows()[0])) work(); else keepPlace(work);
    if (fresh.length) list.querySelector('.empty')?.remove();
    if (fresh.length && rows().at(-1).dataset.row === fresh.at(-1).dataset.row) takeNav(found);
    total(found);
    changed();
    return added;
  };
  const way = (rel) => list.querySelector(`nav[aria-label=Pages] a[rel=${rel}]`)?.href;
  const shows = (url) => new URL(url, location.href).searchParams.get('after') === after;
  const page = (url) => get(`/incidents/rows${new URL(url, location.href).search}`);
  // Goes over the end of the page in place, an open pane beside it; gives whether it did.
  let turning = false;
  const turn = async (rel) => {
    const href = way(rel);
    if (!href || turning) return false;
    turning = true;
    window.watchdeskPane?.forget();
    const url = new URL(href);
    const pane = split.querySelector('[data-pane]')?.dataset.pane;
    if (pane) url.searchParams.set('pane', pane);
    const from = pages;
    try {
      const found = await page(url);
      if (from !== pages) return false;
      history.pushState({}, '', url);
      put(found, url);
      return true;
    } catch (error) {
      if (error instanceof TypeError) showUnreachable(); else location.assign(href);
      return false;
    } finally { turning = false; }
  };
  list.addEventListener('click', async (event) => {
    const link = event.target.closest('nav[aria-label=Pages] a[rel]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!await turn(link.rel)) return;
    rows()[0]?.scrollIntoView({ block: 'center' });
    rows()[0]?.querySelector('.col-name a')?.focus({ preventScroll: true });
  });
  window.watchdeskRows = { rows, rowsIn, byId, address, get, signedOut, keepPlace, mark, bring, refresh, put, merge, way, shows, page, turn, pages: () => pages };
})();
