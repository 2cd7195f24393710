// What passkeys need of the browser. Buttons for them are hidden where it cannot.

// They belong to a name, so that an address such as 192.0.2.7 has none.
const hasName = () => /[a-z]/i.test(location.hostname) && !location.hostname.startsWith('[');

export const canUsePasskeys = () => hasName() && typeof PublicKeyCredential !== 'undefined' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** The options that the server makes for one ceremony. */
export async function readOptions(address, form) {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  if (!response.ok) throw new Error(response.status === 429 ? 'Too many attempts. Try again later.' : 'The server did not answer. Try again.');
  return response.json();
}

/** Runs a ceremony for a form: fills in the answer of the authenticator and sends the form. */
export function onSubmit(form, ask) {
  const problem = form.querySelector('[data-passkey-problem]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.answer.value = JSON.stringify(await ask(form));
    } catch (error) {
      problem.textContent = error.name === 'NotAllowedError' ? 'The browser was not allowed to use a passkey, or it took too long.' : error.message;
      problem.hidden = false;
      return;
    }
    form.submit();
  });
  form.hidden = false;
}
