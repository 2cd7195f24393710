// Keeps the shown incidents and alerts up to date by event streams, while the page is visible.

import { addEntry, replaceEntry } from './live-entry.js';
import { updateForm } from './live-form.js';
import { showState } from './live-state.js';

const FIRST_RETRY = 1500;
const LAST_RETRY = 30000;

class Stream {
  #root; #source = null; #after; #timer = null; #ended = false; #retry = FIRST_RETRY;

  constructor(root) {
    this.#root = root;
    this.#after = root.dataset.after;
    this.#open();
  }

  get root() { return this.#root; }

  end() {
    this.#ended = true;
    this.pause();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#root.querySelector('.viewers').textContent = '';
  }

  resume() { if (!this.#ended && !this.#source) this.#open(); }

  #open() {
    if (this.#ended || document.hidden) return;
    clearTimeout(this.#timer);
    const source = new EventSource(`${this.#root.dataset.stream}?after=${this.#after}`);
    this.#source = source;
    source.onopen = () => { this.#retry = FIRST_RETRY; };
    source.addEventListener('entry', (event) => {
      this.#after = event.lastEventId;
      addEntry(this.#root, event.data);
    });
    source.addEventListener('edited', (event) => replaceEntry(this.#root, event.data));
    source.addEventListener('viewers', (event) => { this.#root.querySelector('.viewers').textContent = event.data; });
    source.addEventListener('state', (event) => this.#show(JSON.parse(event.data)));
    // An EventSource does not reconnect after an HTTP error.
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.pause();
      this.#timer = setTimeout(() => this.#open(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    };
  }

  #show(state) {
    showState(this.#root, state);
    updateForm(this.#root, state);
    this.#root.dispatchEvent(new CustomEvent('watchdesk:state', { bubbles: true, detail: state }));
  }
}

// Of each incident or alert that is shown: the page of an incident may have the pane of an alert in it.
let streams = [];

function start() {
  const roots = [...document.querySelectorAll('[data-stream]')];
  streams.filter((stream) => !roots.includes(stream.root)).forEach((stream) => stream.end());
  const kept = streams.filter((stream) => roots.includes(stream.root));
  const isNew = (root) => !kept.some((stream) => stream.root === root);
  streams = [...kept, ...roots.filter(isNew).map((root) => new Stream(root))];
}

const all = (act) => streams.forEach((stream) => act(stream));

document.addEventListener('watchdesk:content', start);
document.addEventListener('visibilitychange', () => all((stream) => (document.hidden ? stream.pause() : stream.resume())));
addEventListener('pagehide', () => all((stream) => stream.pause()));
addEventListener('pageshow', () => all((stream) => stream.resume()));
start();
