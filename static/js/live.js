// Live entries: one stream for the incident or alert that is open, only while the page is visible.
// What arrives is added to the list; forms are brought up to date only where nobody is editing.
(() => {
  const WAIT = 1500;
  const LONGEST = 30000;
  class Live {
    #root; #source = null; #after; #timer = null; #ended = false; #wait = WAIT;
    constructor(root) {
      this.#root = root;
      this.#after = root.dataset.after;
      this.#open();
    }
    get root() { return this.#root; }
    end() { this.#ended = true; this.pause(); }
    pause() { clearTimeout(this.#timer); if (this.#source) this.#source.close(); this.#source = null; }
    resume() { if (!this.#ended && !this.#source) this.#open(); }
    #open() {
      if (this.#ended || document.hidden) return;
      clearTimeout(this.#timer);
      const source = new EventSource(`${this.#root.dataset.stream}?after=${this.#after}`);
      this.#source = source;
      source.onopen = () => { this.#wait = WAIT; };
      source.addEventListener('entry', (event) => { this.#after = event.lastEventId; this.#entry(event.data); });
      source.addEventListener('state', (event) => this.#state(JSON.parse(event.data)));
      // The browser gives up for good when the server answers with an error, as it does while it starts.
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) return;
        this.pause();
        this.#timer = setTimeout(() => this.#open(), this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST);
      };
    }
    #entry(html) {
      const list = this.#root.querySelector('[data-entries]');
      const made = document.createElement('template');
      made.innerHTML = html;
      const entry = made.content.querySelector('.entry');
      if (!list || !entry || document.getElementById(entry.id)) return;
      // A narrowed history takes in only what it shows, an older page nothing.
      const shows = { all: '', comments: 'comment', changes: 'change', alerts: 'alert' }[list.dataset.show];
      if (shows === undefined || (shows && !entry.dataset.kinds.split(' ').includes(shows))) return;
      entry.classList.add('arrived');
      setTimeout(() => entry.classList.remove('arrived'), 4000);
      list.prepend(entry);
    }
    #state(state) {
      for (const [name, value] of state.text) {
        this.#root.querySelectorAll(`[data-live="${name}"]`).forEach((place) => {
          place.textContent = value;
          const status = state.fields.find(([field]) => field === 'status');
          if (name === 'status' && status && place.classList.contains('status')) place.className = `status status-${status[1]}`;
        });
      }
      const severity = state.text.find(([name]) => name === 'severity');
      if (severity) {
        this.#root.querySelectorAll('[data-live-severity] .severity').forEach((place) => {
          place.className = `severity severity-${severity[1].toLowerCase()}`;
          place.lastChild.textContent = ` ${severity[1]}`;
        });
      }
      this.#root.querySelectorAll('[data-live-tags]').forEach((place) => {
        place.replaceChildren(...state.tags.map((name) => { const tag = document.createElement('span'); tag.className = 'tag'; tag.textContent = name; return tag; }));
      });
      if (state.priority) this.#root.querySelectorAll('[data-live-priority]').forEach((place) => { place.innerHTML = state.priority; });
      this.#reasons(state.reasons);
      if (state.redirectTo) this.#redirected(state.redirectTo);
      this.#form(state);
      this.#root.dispatchEvent(new CustomEvent('watchdesk:state', { bubbles: true, detail: state }));
    }
    // An alert that was moved is where it is for another reason.
    #reasons(reasons) {
      const place = this.#root.querySelector('[data-live-reasons]');
      if (!place || [...place.querySelectorAll('.chip')].map((chip) => chip.textContent).join() === reasons.join()) return;
      const list = Object.assign(document.createElement('ul'), { className: 'chips reasons', role: 'list', ariaLabel: 'Linked by' });
      list.append(...reasons.map((reason) => Object.assign(document.createElement('li'), { className: 'chip', textContent: reason })));
      place.replaceChildren(list);
      this.#root.querySelector('[data-considered]')?.remove();
    }
    // Its alerts are elsewhere now: say where, and take away what would only be refused.
    #redirected(target) {
      if (this.#root.querySelector('[data-redirected]')) return;
      const notice = document.createElement('p');
      notice.className = 'notice';
      notice.dataset.redirected = '';
      notice.setAttribute('role', 'status');
      const link = Object.assign(document.createElement('a'), { href: `/incidents/${target}`, textContent: `incident ${target}` });
      notice.append('This incident was redirected. Its alerts are in ', link, ' now.');
      (this.#root.querySelector('.tabs') || this.#root.querySelector('.pane-actions'))?.before(notice);
      this.#root.querySelectorAll('.manage-box, form[action$="/assign-to-me"]').forEach((part) => { part.hidden = true; });
    }
    #form(state) {
      const form = this.#root.querySelector('[data-manage]');
      // A form that came back with a conflict or an error keeps its revision until it is saved.
      if (!form || form.dataset.frozen !== undefined) return;
      let clash = false;
      for (const [name, value] of state.fields) {
        const control = form.elements[name];
        if (!control || control.dataset.was === undefined || control.dataset.was === value) continue;
        // What was just saved here comes back by the stream before its answer.
        if (control.value === value) { control.dataset.was = value; continue; }
        if (control.value === control.dataset.was && control !== document.activeElement) {
          control.value = value;
          control.dataset.was = value;
          continue;
        }
        clash = true;
        let note = control.parentElement.querySelector('.live-note');
        if (!note) { note = document.createElement('p'); note.className = 'live-note'; note.setAttribute('role', 'status'); control.after(note); }
        const shown = control.tagName === 'SELECT' ? [...control.options].find((option) => option.value === value)?.textContent : value;
        note.textContent = `Changed meanwhile to: ${shown || value || 'nothing'}`;
      }
      clash = this.#tags(form, state.tags) || clash;
      // With a clash the old revision stays, so that saving shows both instead of losing one.
      if (!clash && form.dataset.stale === undefined) form.elements.revision.value = state.revision;
    }
    #tags(form, tags) {
      const chosen = form.querySelector('[data-chosen]');
      if (!chosen) return false;
      const boxes = [...chosen.querySelectorAll('input')];
      const before = boxes.filter((box) => box.dataset.was === 'true').map((box) => box.value);
      if (before.length === tags.length && tags.every((tag) => before.includes(tag))) return false;
      if (boxes.some((box) => box.dataset.was !== String(box.checked))) return true;
      boxes.filter((box) => !tags.includes(box.value)).forEach((box) => box.closest('label').remove());
      tags.filter((tag) => !before.includes(tag)).forEach((tag) => {
        const made = window.watchdeskTag(tag);
        made.querySelector('input').dataset.was = 'true';
        chosen.append(made);
      });
      return false;
    }
  }
  let live = null;
  const start = () => {
    const root = document.querySelector('[data-stream]');
    if (live && live.root === root) return;
    if (live) live.end();
    live = root ? new Live(root) : null;
  };
  document.addEventListener('watchdesk:content', start);
  document.addEventListener('visibilitychange', () => { if (live) { if (document.hidden) live.pause(); else live.resume(); } });
  addEventListener('pagehide', () => { if (live) live.pause(); });
  addEventListener('pageshow', () => { if (live) live.resume(); });
  start();
})();
