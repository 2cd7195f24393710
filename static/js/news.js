// The quiet line above the queue: what others did to this list since it was read. Nothing moves
// until "Show" is pressed; then rows change in their place and new ones come where they belong.
(() => {
  const list = window.watchdeskRows;
  const line = document.querySelector('[data-news]');
  if (!list || !line) return;
  const EVERY = 4000;
  const LONGEST = 60000;
  const COUNTED = 100;
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
    told.new.forEach((id) => fresh.add(String(id)));
    for (const id of told.changed.map(String)) {
      if (id === open) continue;
      if (!fresh.has(id)) changed.add(id);
      const row = list.byId(id);
      if (row) list.mark(row, 'Changed by others');
    }
    more ||= told.more;
    if (told.new.length || told.changed.length || told.more) tell();
  };
  const look = async () => {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    const mine = ++round;
    try {
      const visible = list.rows().map((row) => row.dataset.row).join();
      const response = await fetch(list.address('/incidents/updates', { pane: null, after: null, since, visible }), { credentials: 'same-origin' });
      if (mine !== round) return;
      if (list.signedOut(response)) { end(); return; }
      if (!response.ok) throw new Error('no answer');
      const told = await response.json();
      if (mine !== round) return;
      since = told.since;
      wait = EVERY;
      take(told);
    } catch {
      if (mine !== round) return;
      wait = Math.min(wait * 2, LONGEST);
    }
    timer = setTimeout(look, wait);
  };
  const show = async () => {
    clearTimeout(timer);
    round += 1;
    try {
      const ids = new Set(more ? list.rows().map((row) => row.dataset.row) : changed);
      const page = await list.get(list.address('/incidents/rows'));
      const left = list.rows().map((row) => row.dataset.row).filter((id) => ids.has(id) && !page.getElementById(`row-${id}`));
      const rest = left.length ? await list.get(list.address('/incidents/rows', { only: left.join() })) : null;
      const inPlace = [...ids].filter((id) => changed.has(id) && list.byId(id)).length;
      const opened = fresh;
      const told = new Set([...fresh, ...changed]);
      since = page.querySelector('[data-since]').dataset.since;
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
    if (fresh.size + changed.size !== before) tell();
  });
  window.watchdeskNote = note;
  button.addEventListener('click', show);
  document.addEventListener('visibilitychange', look);
  addEventListener('pageshow', (event) => { if (event.persisted) look(); });
  timer = setTimeout(look, wait);
})();
