// Copies a text. The clipboard API needs HTTPS; without it, a selected text can be copied.

export async function copyText(text, button) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* no clipboard API: see below */ }
  const field = Object.assign(document.createElement('textarea'), { value: text, className: 'sr' });
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  button.focus({ preventScroll: true });
  return copied;
}
