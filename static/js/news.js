// The quiet line above the queue: what others did to this list since it was read. Nothing moves
// until "Show" is pressed; then rows change in their place and new ones come where they belong.
(() => {
  const list = window.watchdeskRows;
  const line = document.querySelector('[data-news]');
  if (!list || !line) return;
  const EVERY = 4000;
  const LONGEST = 60000;
  const COUNTED = 100;
  const ANSWERS_WITHIN = 15000;
  // Pages that "Show" reads on for.
  const FURTHER = 8;
  const [text, button] = [line.querySelector('[data-news-text]'), line.querySelector('[data-news-show]')];
  let { since } = line.dataset;
  let [fresh, changed, more] = [new Set(), new Set(), false];
  let [timer, noted, wait, round, ended] = [null, null, EVERY, 0, false];
  line.hidden = false;

  const say = (...parts) => { if (parts.join('') !== text.textContent) text.replaceChildren(...parts); };
  const counted = (ids, word, over) => (over || ids.size > COUNTED ? `${COUNTED}+ ${word}` : ids.size ? `${ids.size} ${word}` : '');
  const tell = () => {
    const news = [counted(fresh, 'new'), counted(changed, 'changed', more)].filter(Boolean).join(', ');
    say(news);
    button.hidden = !news;
  };
  // Says something else for a moment.
  const note = (words) => {
    clearTimeout(noted);
    say(words);
    if (document.activeElement === button) text.focus({ preventScroll: true });
    button.hidden = true;
    noted = setTimeout(() => { if (!ended) tell(); }, 8000);
  };
  const end = () => {
    ended = true;
    button.hidden = true;
    const next = encodeURIComponent(location.pathname + location.search);
    say('Your session has ended. ', Object.assign(document.createElement('a'), { href: `/login?next=${next}`, textContent: 'Sign in' }));
  };
  const take = (told) => {
    // The open pane follows its incident by itself, and its row with it.
    const open = document.querySelector('[data-pane]')?.dataset.pane;
    told.new.map(String).forEach((id) => { if (!list.byId(id)) fresh.add(id); });
    // One's own acts, here or in another tab, are no news; their rows follow.
    told.mine.map(String).forEach((id) => { if (id !== open && list.byId(id)) list.refresh(id); });
    for (const id of told.changed.map(String)) {
      if (id === open) continue;
      if (!fresh.has(id)) changed.add(id);
      const row = list.byId(id);
      if (row) list.mark(row, 'Changed by others');
    }
    more ||= told.more;
    if (told.new.length || told.changed.length || told.more) tell();
  };
  // Asks what is new; false when somebody else asked meanwhile, or the session has ended.
  const ask = async () => {
    const mine = ++round;
    const visible = list.rows().map((row) => row.dataset.row).join();
    try {
      const response = await fetch(list.address('/incidents/updates', { pane: null, after: null, since, visible }), { credentials: 'same-origin', signal: AbortSignal.timeout(ANSWERS_WITHIN) });
      if (mine !== round) return false;
      if (list.signedOut(response)) { end(); return false; }
      if (!response.ok) throw new Error('no answer');
      const told = await response.json();
      if (mine !== round) return false;
      since = told.since;
      wait = EVERY;
      take(told);
      return true;
    } catch (error) { if (mine !== round) return false; throw error; }
  };
  const look = async () => {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    try { if (!await ask()) return; } catch { wait = Math.min(wait * 2, LONGEST); }
    timer = setTimeout(look, wait);
  };
  // This page as it is now, and as many after it as it takes to reach a row that the list has: what
  // came in above must not leave a gap. None when that is too far.
  const pageNow = async () => {
    const page = await list.get(list.address('/incidents/rows'));
    for (let further = 0; further < FURTHER; further += 1) {
      const last = list.rowsIn(page).at(-1)?.dataset.row;
      const next = page.querySelector('nav[aria-label=Pages] a[rel=next]');
      if (!next || !last || list.byId(last) || !list.rows().length) return page;
      const more = await list.page(next.getAttribute('href'));
      page.querySelector('[data-rows]').append(...list.rowsIn(more).map((row) => page.adoptNode(row)));
      page.querySelector('nav[aria-label=Pages]').replaceWith(page.adoptNode(more.querySelector('nav[aria-label=Pages]')));
    }
    return null;
  };
  const show = async () => {
    clearTimeout(timer);
    try {
      if (!await ask()) { if (!ended) timer = setTimeout(look, wait); return; }
      const on = list.pages();
      const ids = new Set(more ? list.rows().map((row) => row.dataset.row) : changed);
      const page = await pageNow();
      if (!page) { location.reload(); return; }
      if (on !== list.pages()) { look(); return; }
      const left = list.rows().map((row) => row.dataset.row).filter((id) => ids.has(id) && !page.getElementById(`row-${id}`));
      const rest = left.length ? await list.get(list.address('/incidents/rows', { only: left.join() })) : null;
      const inPlace = [...ids].filter((id) => changed.has(id) && list.byId(id)).length;
      const opened = fresh;
      const told = new Set([...fresh, ...changed]);
      [fresh, changed, more] = [new Set(), new Set(), false];
      const added = list.merge(page, ids);
      if (rest) list.bring(rest);
      added.filter((id) => told.has(id)).forEach((id) => list.mark(list.byId(id), opened.has(id) ? 'New' : 'Changed by others'));
      const elsewhere = [...told].filter((id) => !list.byId(id)).length;
      if (document.activeElement === button) text.focus({ preventScroll: true });
      note([added.length && `${added.length} added`, inPlace && `${inPlace} brought up to date`, elsewhere && `${elsewhere} on other pages`].filter(Boolean).join(', ') || 'Up to date');
    } catch { note('Watchdesk cannot be reached. Nothing was changed.'); }
    timer = setTimeout(look, wait);
  };
  // What another page of the list brings along is no news any more.
  document.addEventListener('watchdesk:rows', (event) => {
    const before = fresh.size + changed.size;
    for (const ids of event.detail?.page ? [fresh, changed] : [fresh]) ids.forEach((id) => { if (list.byId(id)) ids.delete(id); });
    event.detail?.brought?.forEach((id) => changed.delete(id));
    if (fresh.size + changed.size !== before) tell();
  });
  window.watchdeskNote = note;
  button.addEventListener('click', show);
  document.addEventListener('visibilitychange', look);
  addEventListener('pageshow', (event) => { if (event.persisted) look(); });
  addEventListener('online', look);
  timer = setTimeout(look, wait);
})();
