// The tag field: suggests tags in use, or a new one. Enter or a comma adds the tag.

import { makeTagChoice } from './tag-choice.js';

const MOST_SUGGESTIONS = 8;
const isSame = (one, other) => one.toLowerCase() === other.toLowerCase();
let fields = 0;

function makeList() {
  const list = document.createElement('ul');
  list.id = `tag-options-${++fields}`;
  list.className = 'options';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Tags');
  list.hidden = true;
  return list;
}

function makeOption(id, value, label) {
  const option = document.createElement('li');
  option.id = id;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  option.dataset.value = value;
  option.textContent = label;
  return option;
}

class TagField {
  #box; #input; #chosen; #list; #known; #active = -1;

  constructor(box) {
    this.#box = box;
    this.#input = box.querySelector('input[name="tags"]:not([type=hidden], [type=checkbox])');
    this.#chosen = box.querySelector('[data-chosen]');
    this.#known = (box.dataset.known || '').split('\n').filter(Boolean);
    this.#list = makeList();
    this.#input.removeAttribute('list');
    this.#input.setAttribute('role', 'combobox');
    this.#input.setAttribute('aria-autocomplete', 'list');
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.setAttribute('aria-controls', this.#list.id);
    this.#input.placeholder = 'Add a tag';
    this.#input.after(this.#list);
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#pressed(event));
    // Leaves time for a click on an option.
    this.#input.addEventListener('blur', () => setTimeout(() => this.#close(), 150));
    this.#list.addEventListener('pointerdown', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) { event.preventDefault(); this.#add(option.dataset.value); }
    });
  }

  #boxOf(name) { return [...this.#chosen.querySelectorAll('input')].find((box) => isSame(box.value, name)); }

  #isChosen(name) { return [...this.#chosen.querySelectorAll('input')].some((box) => box.checked && isSame(box.value, name)); }

  #typed() {
    if (this.#input.value.includes(',')) {
      const parts = this.#input.value.split(',');
      const rest = parts.pop();
      parts.map((part) => part.trim()).filter(Boolean).forEach((part) => this.#add(part));
      this.#input.value = rest.trimStart();
    }
    this.#open();
  }

  #suggestions() {
    const typed = this.#input.value.trim();
    if (!typed) return [];
    const found = this.#known.filter((name) => name.toLowerCase().includes(typed.toLowerCase()) && !this.#isChosen(name));
    const options = found.slice(0, MOST_SUGGESTIONS).map((name) => [name, name]);
    const isNew = !this.#known.some((name) => isSame(name, typed)) && !this.#isChosen(typed);
    return isNew ? [...options, [typed, `${typed} (Create new)`]] : options;
  }

  #open() {
    const options = this.#suggestions();
    this.#list.replaceChildren(...options.map(([value, label], index) => makeOption(`${this.#list.id}-${index}`, value, label)));
    this.#active = -1;
    this.#list.hidden = options.length === 0;
    this.#input.setAttribute('aria-expanded', String(options.length > 0));
    this.#input.removeAttribute('aria-activedescendant');
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #move(step) {
    const options = [...this.#list.children];
    if (!options.length) return;
    this.#active = (this.#active + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute('aria-selected', String(index === this.#active)));
    this.#input.setAttribute('aria-activedescendant', options[this.#active].id);
  }

  #pressed(event) {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      if (this.#list.hidden) this.#open();
      this.#move(1);
    } else if (event.key === 'ArrowUp') {
      event.preventDefault();
      this.#move(-1);
    } else if (event.key === 'Escape' && !this.#list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === 'Enter') {
      const option = this.#list.children[this.#active];
      const name = option ? option.dataset.value : this.#input.value.trim();
      // With Ctrl the form is saved, with the tag.
      if (name && !event.ctrlKey && !event.metaKey) event.preventDefault();
      if (name) this.#add(name);
    }
  }

  #add(name) {
    const box = this.#boxOf(name);
    if (box) box.checked = true; else this.#chosen.append(makeTagChoice(name));
    this.#input.value = '';
    this.#close();
    this.#box.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

function start(root) {
  root.querySelectorAll('[data-tags]:not([data-started])').forEach((box) => {
    box.dataset.started = '';
    new TagField(box);
  });
}

document.addEventListener('watchdesk:content', (event) => start(event.target));
start(document);
