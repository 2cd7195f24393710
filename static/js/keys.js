import { showMessage } from './shared/message.js';

// One hand on the keyboard: single keys for what analysts do all day, shown by "?". They never act
// while somebody types, and can be switched off.
(() => {
  const HELP = [
    ['j / k', 'Next or previous row, also over the end of a page'],
    ['Enter / o', 'Open the pane of the row'],
    ['x', 'Select the row'],
    ['[ / ]', 'Previous or next incident in the pane'],
    ['u / Escape', 'Back to the list'],
    ['m', 'Manage the selected incidents'],
    ['a', 'Assign to me'],
    ['c', 'Write a comment'],
    ['r', 'Resolve, with a note'],
    ['t', 'Add a tag'],
    ['/', 'Search'],
    ['g i', 'Go to the incidents'],
    ['g a', 'Go to the alerts'],
    ['?', 'Show this list'],
  ];
  const list = window.watchdeskRows;
  const pane = window.watchdeskPane;
  const stored = 'watchdesk:single-keys';
  const off = () => { try { return localStorage.getItem(stored) === 'off'; } catch { return false; } };
  const make = (name, properties = {}, ...children) => { const made = Object.assign(document.createElement(name), properties); made.append(...children); return made; };
  const say = (words) => (window.watchdeskNote || showMessage)(words);
  let at = null;
  let going = 0;

  // The row of the focus, or the one that it was on, or that of the pane.
  const rowAt = () => document.activeElement?.closest('[data-row]') || list?.byId(at) || list?.byId(pane?.open()?.dataset.pane);
  const focusRow = (row) => {
    const link = row?.querySelector('.col-name a');
    if (!link) return;
    at = row.dataset.row;
    link.focus();
    row.scrollIntoView({ block: 'nearest' });
  };
  const move = async (step) => {
    if (!list) return;
    // On a narrow screen the open pane covers the list.
    if (pane.open() && !list.rows()[0]?.offsetParent) { arrow(step < 0 ? 'previous' : 'next'); return; }
    const all = list.rows();
    const here = all.indexOf(rowAt());
    const next = all[here < 0 ? 0 : here + step];
    if (next) { focusRow(next); return; }
    const rel = step < 0 ? 'prev' : 'next';
    if (!list.way(rel)) { say(step < 0 ? 'This is the first incident.' : 'This is the last incident.'); return; }
    if (await list.turn(rel)) focusRow(list.rows().at(step < 0 ? -1 : 0));
  };
  const arrow = (name) => pane?.open()?.querySelector(`[data-pane-${name}][href]`)?.click();
  const openRow = async () => {
    const row = rowAt();
    if (row) await pane.show(list.address('/incidents', { pane: row.dataset.row }));
  };
  // Where an act belongs: the row that has the focus, else the pane, else the page.
  const subject = async () => {
    const row = document.activeElement?.closest('[data-row]');
    if (row && row.dataset.row !== pane.open()?.dataset.pane && !await pane.show(list.address('/incidents', { pane: row.dataset.row }), { focus: false })) return null;
    return pane?.open() || document.querySelector('[data-stream]');
  };
  // What is typed before the field is there belongs into it.
  let ahead = null;
  const into = async (selector, before) => {
    ahead = '';
    const place = await subject();
    const typed = ahead;
    ahead = null;
    const field = place?.querySelector(selector);
    if (!field) return;
    field.closest('details')?.setAttribute('open', '');
    before?.(field);
    field.focus();
    field.scrollIntoView({ block: 'nearest' });
    if (!typed) return;
    field.setRangeText(typed, field.value.length, field.value.length, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const manage = () => {
    const bulk = document.getElementById('bulk');
    if (bulk && !bulk.hidden) bulk.querySelector('button[value=manage]').click(); else say('Select incidents first: x selects the row.');
  };
  const assign = async () => {
    const row = document.activeElement?.closest('[data-row]');
    const csrf = document.querySelector('#bulk [name=csrf]')?.value;
    if (!row || row.dataset.row === pane.open()?.dataset.pane) {
      const place = await subject();
      const button = place?.querySelector('form[action$="/assign-to-me"] button');
      if (button) button.click(); else if (place?.querySelector('[data-manage]')) say('This is yours already.');
      return;
    }
    if (!csrf) return;
    const id = row.dataset.row;
    const answer = await fetch(`/incidents/${id}/assign-to-me`, { method: 'POST', body: new URLSearchParams({ csrf, return_to: `/incidents/rows?only=${id}` }), credentials: 'same-origin' }).catch(() => null);
    if (!answer?.ok || list.signedOut(answer)) { say('That did not work. Nothing was assigned.'); return; }
    const flash = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-flash] form');
    showMessage(`Incident ${id} is assigned to you, with its alerts.`, flash);
    list.refresh(id);
  };
  const resolve = () => into('[name=resolving_note]', (note) => {
    const status = note.form.elements.status;
    status.value = 'resolved';
    status.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const back = () => {
    if (pane?.open()) { pane.close(); return; }
    if (list) return;
    let from = null;
    try { from = new URL(document.referrer); } catch { /* opened on its own */ }
    if (from?.origin === location.origin && from.pathname === '/incidents') history.back();
    else document.querySelector('.crumbs a')?.click();
  };
  const search = () => {
    const field = document.querySelector('input[type=search]');
    if (field) { if (pane?.open() && !field.offsetParent) pane.close(); field.focus(); field.select(); } else location.assign('/incidents#search');
  };

  const help = () => {
    const table = make('table', { className: 'plain' },
      make('thead', {}, make('tr', {}, make('th', { scope: 'col', textContent: 'Key' }), make('th', { scope: 'col', textContent: 'What it does' }))),
      make('tbody', {}, ...HELP.map(([keys, does]) => make('tr', {},
        make('th', { scope: 'row' }, ...keys.split(/( \/ | )/).map((part) => (part.trim() && part !== ' / ' ? make('kbd', { textContent: part }) : part))),
        make('td', { textContent: does })))));
    const box = make('input', { type: 'checkbox', checked: !off() });
    box.addEventListener('change', () => { try { localStorage.setItem(stored, box.checked ? 'on' : 'off'); } catch { /* then it lasts as long as the page */ } });
    const close = make('button', { type: 'button', textContent: 'Close' });
    const dialog = make('dialog', { className: 'keys' }, make('h2', { id: 'keys-title', textContent: 'Keyboard shortcuts' }), table, make('label', { className: 'check' }, box, 'Use single-key shortcuts'), close);
    dialog.setAttribute('aria-labelledby', 'keys-title');
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  };
  const button = document.querySelector('[data-keys-help]');
  if (button) { button.hidden = false; button.addEventListener('click', help); }

  const ACTS = {
    j: () => move(1), k: () => move(-1), o: openRow, x: () => rowAt()?.querySelector('input[name=ids]')?.click(),
    '[': () => arrow('previous'), ']': () => arrow('next'), u: back, a: assign,
    m: manage, c: () => into('[data-comment-form] textarea'), r: resolve, t: () => into('[data-manage] [name=tags]:not([type=hidden], [type=checkbox])'),
    '/': search, '?': help, g: () => { going = Date.now(); },
  };
  const GO = { i: '/incidents', a: '/alerts' };
  const typing = (place) => place.isContentEditable || place.matches?.('input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select');
  document.addEventListener('keydown', (event) => {
    // Brackets are typed with Option or AltGr on many keyboards.
    const bracket = '[]'.includes(event.key) && (event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey));
    if (event.defaultPrevented || event.metaKey || ((event.ctrlKey || event.altKey) && !bracket) || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector('dialog[open]') || event.target.closest?.('[role=dialog]')) return;
    if (ahead !== null) { if (event.key.length === 1) { event.preventDefault(); ahead += event.key; } return; }
    const inPane = event.target.closest?.('[data-pane]');
    // Out of a field, to where the single keys work; what was typed stays.
    if (event.key === 'Escape' && inPane && typing(event.target)) { event.preventDefault(); inPane.focus({ preventScroll: true }); return; }
    if (off() || typing(event.target)) return;
    if (event.key === 'Enter') {
      // On the name that j and k led to; on one that Tab led to Enter follows the link.
      const row = event.target.matches('.col-name a') && event.target.closest('[data-row]');
      if (row && row.dataset.row === at) { event.preventDefault(); openRow(); }
      return;
    }
    // Caps Lock is not Shift.
    const key = event.shiftKey ? event.key : event.key.toLowerCase();
    if (going && Date.now() - going < 1500 && GO[key]) { event.preventDefault(); location.assign(GO[key]); return; }
    going = 0;
    const act = Object.hasOwn(ACTS, key) && ACTS[key];
    if (!act || (event.repeat && !'jk[]'.includes(key))) return;
    event.preventDefault();
    act();
  });
  document.addEventListener('focusin', (event) => { if (event.target.closest('[data-row]')?.dataset.row !== at) at = null; });
  if (location.hash === '#search') document.querySelector('input[type=search]')?.focus();
})();
