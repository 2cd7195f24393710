// The tag field: typeahead over the tags in use, "(Create new)", Enter or comma makes a tag.
(() => {
  let serial = 0;
  class TagField {
    #box; #input; #chosen; #list; #known; #active = -1;
    constructor(box) {
      this.#box = box;
      this.#input = box.querySelector('input[name="tags"]:not([type=hidden], [type=checkbox])');
      this.#chosen = box.querySelector('[data-chosen]');
      this.#known = (box.dataset.known || '').split('\n').filter(Boolean);
      this.#list = document.createElement('ul');
      this.#list.id = `tag-options-${++serial}`;
      this.#list.className = 'options';
      this.#list.setAttribute('role', 'listbox');
      this.#list.setAttribute('aria-label', 'Tags');
      this.#list.hidden = true;
      this.#input.removeAttribute('list');
      this.#input.setAttribute('role', 'combobox');
      this.#input.setAttribute('aria-autocomplete', 'list');
      this.#input.setAttribute('aria-expanded', 'false');
      this.#input.setAttribute('aria-controls', this.#list.id);
      this.#input.placeholder = 'Add a tag';
      this.#input.after(this.#list);
      this.#input.addEventListener('input', () => this.#typed());
      this.#input.addEventListener('keydown', (event) => this.#key(event));
      this.#input.addEventListener('blur', () => setTimeout(() => this.#close(), 150));
      this.#list.addEventListener('pointerdown', (event) => {
        const option = event.target.closest('[role=option]');
        if (option) { event.preventDefault(); this.#take(option.dataset.value); }
      });
    }
    #has(name) { return [...this.#chosen.querySelectorAll('input')].some((box) => box.checked && box.value.toLowerCase() === name.toLowerCase()); }
    #typed() {
      if (this.#input.value.includes(',')) {
        const parts = this.#input.value.split(',');
        const rest = parts.pop();
        parts.map((part) => part.trim()).filter(Boolean).forEach((part) => this.#take(part));
        this.#input.value = rest.trimStart();
      }
      this.#open();
    }
    #open() {
      const typed = this.#input.value.trim();
      const found = this.#known.filter((name) => name.toLowerCase().includes(typed.toLowerCase()) && !this.#has(name)).slice(0, 8);
      const options = typed ? found.map((name) => [name, name]) : [];
      if (typed && !this.#known.some((name) => name.toLowerCase() === typed.toLowerCase()) && !this.#has(typed)) options.push([typed, `${typed} (Create new)`]);
      this.#list.replaceChildren(...options.map(([value, label], index) => {
        const option = document.createElement('li');
        option.id = `${this.#list.id}-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.dataset.value = value;
        option.textContent = label;
        return option;
      }));
      this.#active = -1;
      this.#list.hidden = options.length === 0;
      this.#input.setAttribute('aria-expanded', String(options.length > 0));
      this.#input.removeAttribute('aria-activedescendant');
    }
    #close() { this.#list.hidden = true; this.#input.setAttribute('aria-expanded', 'false'); this.#input.removeAttribute('aria-activedescendant'); }
    #move(step) {
      const options = [...this.#list.children];
      if (!options.length) return;
      this.#active = (this.#active + step + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute('aria-selected', String(index === this.#active)));
      this.#input.setAttribute('aria-activedescendant', options[this.#active].id);
    }
    #key(event) {
      if (event.key === 'ArrowDown') { event.preventDefault(); if (this.#list.hidden) this.#open(); this.#move(1); }
      else if (event.key === 'ArrowUp') { event.preventDefault(); this.#move(-1); }
      else if (event.key === 'Escape' && !this.#list.hidden) { event.preventDefault(); event.stopPropagation(); this.#close(); }
      else if (event.key === 'Enter') {
        const option = this.#list.children[this.#active];
        const typed = option ? option.dataset.value : this.#input.value.trim();
        if (typed) { event.preventDefault(); this.#take(typed); }
      }
    }
    #take(name) {
      const known = [...this.#chosen.querySelectorAll('input')].find((box) => box.value.toLowerCase() === name.toLowerCase());
      if (known) known.checked = true;
      else this.#chosen.append(window.watchdeskTag(name));
      this.#input.value = '';
      this.#close();
      this.#box.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
  window.watchdeskTag = (name) => {
    const label = document.createElement('label');
    label.className = 'tag tag-choice';
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'tags', value: name, checked: true });
    box.setAttribute('aria-label', `Tag ${name}`);
    const text = document.createElement('span');
    text.textContent = name;
    label.append(box, text);
    return label;
  };
  const start = (root) => root.querySelectorAll('[data-tags]:not([data-started])').forEach((box) => { box.dataset.started = ''; new TagField(box); });
  document.addEventListener('watchdesk:content', (event) => start(event.target));
  start(document);
})();
