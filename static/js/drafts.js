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
  const valueOf = (control) => (control.type === 'checkbox' ? String(control.checked) : control.value);
  // What the form was made with, to tell what somebody has touched. One that came back refused was
  // made by somebody: all of it counts as touched, and what happens elsewhere must not change it.
  const remember = (form) => {
    if (form.querySelector('.clash, [aria-invalid="true"]')) form.dataset.frozen = '';
    if (form.dataset.frozen !== undefined) return;
    for (const control of controls(form)) control.dataset.was = valueOf(control);
  };
  const nameOf = (control) => (control.type === 'checkbox' ? `${control.name}=${control.value}` : control.name);
  // What is sent, by the names of the controls.
  const sent = (form) => new Map(controls(form).map((control) => [nameOf(control), valueOf(control)]));
  const save = (root, sending = false) => {
    const subject = subjectOf(root);
    if (!subject) return;
    const draft = { comment: commentIn(root)?.value || '' };
    const form = manageIn(root);
    if (form && form.dataset.sent !== undefined) {
      // On its way: kept as it was sent until the next page tells what became of it.
      const { fields, tags, revision, sent: waits } = read(subject);
      Object.assign(draft, { fields, tags, revision, sent: waits });
    } else if (form) {
      const touched = controls(form).filter((control) => control.type !== 'checkbox' && control.value !== control.dataset.was);
      if (touched.length) draft.fields = Object.fromEntries(touched.map((control) => [control.name, control.value]));
      const boxes = controls(form).filter((control) => control.type === 'checkbox');
      if (boxes.some((box) => String(box.checked) !== (box.dataset.was ?? 'false'))) draft.tags = boxes.filter((box) => box.checked).map((box) => box.value);
      draft.revision = form.elements.revision?.value;
      if (sending) draft.sent = true;
    }
    write(subject, draft);
  };
  const restore = (root) => {
    const subject = subjectOf(root);
    if (!subject) return;
    const form = manageIn(root);
    if (form) remember(form);
    const draft = read(subject);
    const comment = commentIn(root);
    if (comment && !comment.value && draft.comment) comment.value = draft.comment;
    if (!form) return;
    // A page that answers what was sent says so, or has all of it in its form.
    if (draft.sent && (form.dataset.frozen !== undefined || document.querySelector('[data-flash] p'))) { drop(subject, 'fields'); return; }
    if (form.dataset.frozen !== undefined || !(draft.fields || draft.tags)) return;
    // Typed over an older state: saving must ask what changed since, whatever else arrives.
    if (draft.revision && Number(draft.revision) < Number(form.elements.revision?.value)) {
      form.elements.revision.value = draft.revision;
      form.dataset.stale = '';
    }
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
  const drop = (subject, part, only) => {
    const draft = read(subject);
    if (part !== 'comment') for (const name of ['fields', 'tags', 'revision', 'sent']) delete draft[name];
    else if (only === undefined || draft.comment === only) delete draft.comment;
    write(subject, draft);
  };
  // The same once it is saved, as `revision`: only what was typed since is a draft.
  const settle = (subject, values, form, revision) => {
    if (form) {
      for (const control of controls(form)) if (values.get(nameOf(control)) === valueOf(control)) control.dataset.was = valueOf(control);
      delete form.dataset.frozen;
      form.elements.revision.value = revision;
      return;
    }
    const draft = read(subject);
    for (const name of Object.keys(draft.fields || {})) if (values.get(name) === draft.fields[name]) delete draft.fields[name];
    if (!Object.keys(draft.fields || {}).length) delete draft.fields;
    if (draft.tags?.every((tag) => values.get(`tags=${tag}`) === 'true')) delete draft.tags;
    draft.revision = revision;
    write(subject, draft);
  };
  window.watchdeskDrafts = { save, restore, drop, subjectOf, sent, settle };
  const root = () => document.querySelector('[data-stream]');
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-manage]') || form.closest('[data-pane]') || !root()) return;
    save(root(), true);
    form.dataset.sent = '';
  });
  addEventListener('pagehide', () => { if (root()) save(root()); });
  // Back to a page that the browser kept: what was sent may be sent again.
  addEventListener('pageshow', (event) => { if (event.persisted && root()) { const form = manageIn(root()); if (form) delete form.dataset.sent; } });
  if (root()) restore(root());
})();
