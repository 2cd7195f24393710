// Nothing typed is lost: what stands half-written in a comment or half-changed in the manage form
// is kept for this browser tab, and put back when the same incident or alert is shown again.
(() => {
  const key = (subject) => `watchdesk:${subject}`;
  const subjectOf = (root) => root?.dataset.stream?.replace(/\/stream$/, '');
  const commentIn = (root) => root.querySelector('[data-comment-form] textarea');
  const manageIn = (root) => root.querySelector('[data-manage]');
  const controls = (form) => [...form.elements].filter((control) => control.name && control.type !== 'hidden' && control.type !== 'submit');
  const read = (subject) => { try { return JSON.parse(sessionStorage.getItem(key(subject))) || {}; } catch { return {}; } };
  const write = (subject, draft) => {
    try {
      if (draft.comment || draft.fields || draft.tags) sessionStorage.setItem(key(subject), JSON.stringify(draft));
      else sessionStorage.removeItem(key(subject));
    } catch { /* without storage a draft lives as long as its page */ }
  };
  // What the form was made with, to tell what somebody has touched.
  const remember = (root) => {
    const form = manageIn(root);
    if (!form || form.dataset.frozen !== undefined) return;
    for (const control of controls(form)) control.dataset.was = control.type === 'checkbox' ? String(control.checked) : control.value;
  };
  const save = (root) => {
    const subject = subjectOf(root);
    if (!subject) return;
    const draft = { comment: commentIn(root)?.value || '' };
    const form = manageIn(root);
    if (form && form.dataset.sent === undefined && form.dataset.frozen === undefined) {
      const touched = controls(form).filter((control) => control.type !== 'checkbox' && control.dataset.was !== undefined && control.value !== control.dataset.was);
      if (touched.length) draft.fields = Object.fromEntries(touched.map((control) => [control.name, control.value]));
      const boxes = controls(form).filter((control) => control.type === 'checkbox');
      if (boxes.some((box) => String(box.checked) !== (box.dataset.was ?? 'false'))) draft.tags = boxes.filter((box) => box.checked).map((box) => box.value);
    }
    write(subject, draft);
  };
  const restore = (root) => {
    const subject = subjectOf(root);
    if (!subject) return;
    remember(root);
    const draft = read(subject);
    const comment = commentIn(root);
    if (comment && !comment.value && draft.comment) comment.value = draft.comment;
    const form = manageIn(root);
    if (!form || form.dataset.frozen !== undefined || form.querySelector('.clash, [aria-invalid="true"]')) return;
    for (const control of controls(form)) {
      if (control.type !== 'checkbox' && draft.fields?.[control.name] !== undefined) control.value = draft.fields[control.name];
    }
    const chosen = form.querySelector('[data-chosen]');
    if (draft.tags && chosen) {
      const boxes = [...chosen.querySelectorAll('input')];
      boxes.forEach((box) => { box.checked = draft.tags.includes(box.value); });
      draft.tags.filter((tag) => !boxes.some((box) => box.value === tag)).forEach((tag) => chosen.append(window.watchdeskTag(tag)));
    }
  };
  // What was sent is not a draft any more.
  const drop = (subject, part) => {
    const draft = read(subject);
    if (part === 'comment') delete draft.comment; else { delete draft.fields; delete draft.tags; }
    write(subject, draft);
  };
  window.watchdeskDrafts = { save, restore, drop, subjectOf };
  const root = () => document.querySelector('[data-stream]');
  document.addEventListener('submit', (event) => {
    if (event.target.matches('[data-manage]') && !event.target.closest('[data-pane]')) event.target.dataset.sent = '';
  });
  addEventListener('pagehide', () => { if (root()) save(root()); });
  if (root()) restore(root());
})();
