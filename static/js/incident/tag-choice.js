// A chosen tag in a tag field: a checked checkbox with the tag's name.

export function makeTagChoice(name) {
  const label = document.createElement('label');
  label.className = 'tag tag-choice';
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'tags', value: name, checked: true });
  box.setAttribute('aria-label', `Tag ${name}`);
  const text = document.createElement('span');
  text.textContent = name;
  label.append(box, text);
  return label;
}
