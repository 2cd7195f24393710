// Updates the manage form from a state of the stream. A control that was edited here keeps its value,
// and a note shows the new one.

import { ownPart } from './own-parts.js';
import { makeTagChoice } from './tag-choice.js';

function noteChange(control, value) {
  let note = control.parentElement.querySelector('.live-note');
  if (!note) {
    note = document.createElement('p');
    note.className = 'live-note';
    note.setAttribute('role', 'status');
    control.after(note);
  }
  const text = control.tagName === 'SELECT' ? [...control.options].find((option) => option.value === value)?.textContent : value;
  note.textContent = `Changed to: ${text || value || 'nothing'}`;
}

// Gives the control the value. False if it was edited here and keeps another value.
function updateControl(control, value) {
  const original = control?.dataset.original;
  if (original === undefined || original === value) return true;
  // After a save the stream may deliver the value before the response arrives.
  const isSavedHere = control.value === value;
  const isUntouched = control.value === original && control !== document.activeElement;
  if (!isSavedHere && !isUntouched) { noteChange(control, value); return false; }
  if (!isSavedHere) control.value = value;
  control.dataset.original = value;
  return true;
}

// Sets the tags. False if they were edited here and keep their state.
function updateTags(form, tags) {
  const chosen = form.querySelector('[data-chosen]');
  if (!chosen) return true;
  const boxes = [...chosen.querySelectorAll('input')];
  const original = boxes.filter((box) => box.dataset.original === 'true').map((box) => box.value);
  if (original.length === tags.length && tags.every((tag) => original.includes(tag))) return true;
  if (boxes.some((box) => box.dataset.original !== String(box.checked))) return false;
  boxes.filter((box) => !tags.includes(box.value)).forEach((box) => box.closest('label').remove());
  tags.filter((tag) => !original.includes(tag)).forEach((tag) => {
    const choice = makeTagChoice(tag);
    choice.querySelector('input').dataset.original = 'true';
    chosen.append(choice);
  });
  return true;
}

export function updateForm(root, state) {
  const form = ownPart(root, '[data-manage]');
  // A refused form keeps its values and its revision until it is saved.
  if (!form || form.dataset.frozen !== undefined) return;
  const updated = state.fields.map(([name, value]) => updateControl(form.elements[name], value));
  updated.push(updateTags(form, state.tags));
  // With a conflict the old revision stays, so that saving shows both values instead of losing one.
  if (updated.every(Boolean) && form.dataset.stale === undefined) form.elements.revision.value = state.revision;
}
