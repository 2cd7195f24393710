// The values of the manage form's controls, and which of them somebody has changed.

const controlsOf = (form) => [...form.elements].filter((control) => control.name && control.type !== 'hidden' && control.type !== 'submit');

const isCheckbox = (control) => control.type === 'checkbox';
const valueOf = (control) => (isCheckbox(control) ? String(control.checked) : control.value);
const nameOf = (control) => (isCheckbox(control) ? `${control.name}=${control.value}` : control.name);

// The values of a form by control name. A checkbox is named "name=value" and has "true" or "false".
export const valuesOf = (form) => new Map(controlsOf(form).map((control) => [nameOf(control), valueOf(control)]));

// Notes the values that the form was rendered with. A refused form is frozen: all its values count as
// changed, and updates by others must not change them.
export function noteOriginalValues(form) {
  if (form.querySelector('.clash, [aria-invalid="true"]')) form.dataset.frozen = '';
  if (form.dataset.frozen !== undefined) return;
  for (const control of controlsOf(form)) control.dataset.original = valueOf(control);
}

// Marks saved values as original, except where the control has changed since.
export function noteSavedValues(form, values) {
  for (const control of controlsOf(form)) {
    if (values.get(nameOf(control)) === valueOf(control)) control.dataset.original = valueOf(control);
  }
}

// The changed values by name, without checkboxes.
export function changedFields(form) {
  const changed = controlsOf(form).filter((control) => !isCheckbox(control) && control.value !== control.dataset.original);
  return Object.fromEntries(changed.map((control) => [control.name, control.value]));
}

// The checked tags, or undefined when none was checked or unchecked.
export function changedTags(form) {
  const boxes = controlsOf(form).filter(isCheckbox);
  if (boxes.every((box) => String(box.checked) === (box.dataset.original ?? 'false'))) return undefined;
  return boxes.filter((box) => box.checked).map((box) => box.value);
}

export function fillFields(form, fields) {
  for (const control of controlsOf(form)) {
    if (!isCheckbox(control) && fields?.[control.name] !== undefined) control.value = fields[control.name];
  }
}
